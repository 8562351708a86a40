from __future__ import annotations

import inspect
import logging
from collections.abc import Iterator

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from service import errors
from service.errors import (
    ActorsLostError,
    ArticleError,
    ArticleTooLongError,
    BatchError,
    BatchesUnavailableError,
    BatchNotEndedError,
    BatchTooLongError,
    CertificateError,
    ChecksumError,
    ClusterError,
    ConversionError,
    CopydeskError,
    DownloadError,
    EmptyArticleError,
    EmptyBatchError,
    GeneratorClosedError,
    HungUpError,
    IdempotencyError,
    KeptBatchError,
    KeyFileError,
    KeyInUseError,
    KeyRequiredError,
    KeyReusedError,
    KnownGenerationError,
    MalformedIdempotencyKeyError,
    ModelError,
    ModelFailedError,
    ModelLoadingError,
    ModelNotPreparedError,
    ModelUnavailableError,
    NoSuchBatchError,
    NotACertificateError,
    NotEnglishError,
    NotTextError,
    OtherInstallationError,
    RateLimitError,
    RayMissingError,
    RetryLaterError,
    RowError,
    SettingsError,
    TermsError,
    TextsMissingError,
    TooBusyError,
    TooManyBatchesError,
    UnfaithfulConversionError,
    UnknownFormatError,
    UnknownKeyError,
    UnknownPromptError,
    UnknownStyleError,
    UnreadableBatchError,
    UploadTooSlowError,
    UsageError,
)
from service.problems import JsonRoute, kind_of, report_problems


class Note(BaseModel):
    text: str


class Strict(BaseModel, extra="forbid"):
    pass


@pytest.fixture(scope="module")
def app() -> FastAPI:
    app = FastAPI()
    router = APIRouter(route_class=JsonRoute)

    @router.post("/notes")
    def take_note(note: Note) -> Note:
        return note

    @router.get("/bug")
    def bug() -> None:
        raise RuntimeError("the password is tulip")

    @router.get("/unforeseen")
    def unforeseen() -> None:
        raise UsageError("the password is tulip")

    @router.get("/teapot")
    def teapot() -> None:
        raise HTTPException(418, "short and stout", headers={"X-Spout": "here"})

    @router.get("/busy")
    def busy() -> None:
        raise TooBusyError(3, retry_after=7)

    app.include_router(router)
    report_problems(app, max_body_bytes=100)
    return app


@pytest.fixture(scope="module")
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False, headers={"x-request-id": "test-1"}) as client:
        yield client


ABSTRACT = {CopydeskError, ArticleError, CertificateError, RetryLaterError, IdempotencyError, KeptBatchError}
ELSEWHERE = {
    HungUpError,
    *(UsageError, SettingsError, UnknownPromptError, KeyFileError),
    *(NotACertificateError, UnknownFormatError, TextsMissingError),
    *(ClusterError, RayMissingError, ActorsLostError, OtherInstallationError),
}
"""Errors of the command line, of starting up, of a cluster and of a batch, and the one that nobody is left to hear."""


def test_every_error_that_a_request_can_meet_has_its_status() -> None:
    classes = {
        cls
        for _, cls in inspect.getmembers(errors, inspect.isclass)
        if issubclass(cls, CopydeskError)
        and not issubclass(cls, RowError | BatchError)
        and cls not in ABSTRACT | ELSEWHERE
    }
    examples: list[CopydeskError] = [
        EmptyArticleError(),
        ArticleTooLongError(10, 11),
        NotTextError(0, binary=False),
        NotEnglishError(),
        TermsError("a term is empty"),
        UnknownStyleError("x", ["ap"]),
        TooBusyError(1, retry_after=1),
        GeneratorClosedError(),
        ModelLoadingError(),
        ModelFailedError(),
        ModelError(),
        ModelUnavailableError("x", "y"),
        ModelNotPreparedError(),
        DownloadError("x", "y"),
        ChecksumError("x", expected="a", actual="b"),
        KnownGenerationError(expected="a", actual="b"),
        ConversionError("x", "y"),
        UnfaithfulConversionError(divergence=0.1, agreement=0.9),
        KeyRequiredError(),
        UnknownKeyError(),
        RateLimitError("x", retry_after=1),
        MalformedIdempotencyKeyError(1),
        KeyReusedError(),
        KeyInUseError(),
        BatchesUnavailableError(),
        TooManyBatchesError(1),
        NoSuchBatchError(),
        BatchNotEndedError(1, 2),
        EmptyBatchError(),
        BatchTooLongError(1, 2),
        UploadTooSlowError(1),
        UnreadableBatchError("x"),
    ]
    found = {type(error): (kind_of(error).name, kind_of(error).status) for error in examples}
    assert found == {
        EmptyArticleError: ("empty-article", 422),
        ArticleTooLongError: ("article-too-long", 413),
        NotTextError: ("not-text", 400),
        NotEnglishError: ("not-english", 422),
        TermsError: ("unfit-terms", 422),
        UnknownStyleError: ("unknown-style", 422),
        TooBusyError: ("too-busy", 503),
        GeneratorClosedError: ("shutting-down", 503),
        ModelLoadingError: ("model-not-ready", 503),
        ModelFailedError: ("model-failed", 503),
        ModelError: ("model-failed", 503),
        ModelUnavailableError: ("model-failed", 503),
        ModelNotPreparedError: ("model-failed", 503),
        DownloadError: ("model-failed", 503),
        ChecksumError: ("model-failed", 503),
        KnownGenerationError: ("model-failed", 503),
        ConversionError: ("model-failed", 503),
        UnfaithfulConversionError: ("model-failed", 503),
        KeyRequiredError: ("key-required", 401),
        UnknownKeyError: ("unknown-key", 401),
        RateLimitError: ("rate-limited", 429),
        MalformedIdempotencyKeyError: ("malformed-idempotency-key", 400),
        KeyReusedError: ("idempotency-key-reused", 422),
        KeyInUseError: ("idempotency-key-in-use", 409),
        BatchesUnavailableError: ("batches-unavailable", 503),
        TooManyBatchesError: ("too-many-batches", 503),
        NoSuchBatchError: ("no-such-batch", 404),
        BatchNotEndedError: ("batch-not-ended", 409),
        EmptyBatchError: ("empty-batch", 422),
        BatchTooLongError: ("batch-too-long", 413),
        UnreadableBatchError: ("unreadable-batch", 422),
        UploadTooSlowError: ("upload-too-slow", 408),
    }
    assert set(found) == classes


def test_valid_request_passes(client: TestClient) -> None:
    reply = client.post("/notes", json={"text": "a"})
    assert (reply.status_code, reply.json(), reply.headers["x-request-id"]) == (200, {"text": "a"}, "test-1")


@pytest.mark.parametrize("path", ["/bug", "/unforeseen"])
def test_bug_is_logged_and_not_told(client: TestClient, caplog: pytest.LogCaptureFixture, path: str) -> None:
    with caplog.at_level(logging.ERROR, logger="service.problems"):
        reply = client.get(path)
    assert reply.json() == {
        "type": "urn:copydesk:problem:internal-error",
        "title": "Something went wrong here",
        "status": 500,
        "detail": "The service failed; its log has the reason under the request's id.",
        "instance": path,
        "request_id": "test-1",
        "errors": [],
    }
    assert (reply.headers["connection"], reply.headers["x-request-id"]) == ("close", "test-1")
    assert [record.getMessage().partition(" failed")[0] for record in caplog.records] == ["request test-1"]


def test_wait_is_told_in_header_and_words(client: TestClient) -> None:
    reply = client.get("/busy")
    assert (reply.status_code, reply.headers["retry-after"], reply.json()["detail"]) == (
        503,
        "7",
        "3 requests are under way, the most allowed at once: ask again in 7 s.",
    )


def test_status_without_a_kind_of_its_own_is_named_by_its_number(client: TestClient) -> None:
    reply = client.get("/teapot")
    assert (reply.status_code, reply.headers["x-spout"], reply.headers["content-type"], reply.json()) == (
        418,
        "here",
        "application/problem+json",
        {
            "type": "urn:copydesk:problem:http-418",
            "title": "I'm a Teapot",
            "status": 418,
            "detail": "Short and stout.",
            "instance": "/teapot",
            "request_id": "test-1",
            "errors": [],
        },
    )


def test_many_faults_are_counted_and_the_first_are_listed() -> None:
    wide = FastAPI()
    router = APIRouter(route_class=JsonRoute)

    @router.post("/wide")
    def take(body: Strict) -> None:
        pass

    wide.include_router(router)
    report_problems(wide, max_body_bytes=100_000)
    with TestClient(wide) as client:
        reply = client.post("/wide", json={f"k{number}": 1 for number in range(1_000)})
    assert (reply.status_code, len(reply.json()["errors"]), reply.json()["detail"]) == (
        422,
        20,
        "Body.k0: Extra inputs are not permitted, and 999 more.",
    )


@pytest.mark.parametrize(
    ("size", "status"), [pytest.param(100, 200, id="at the limit"), pytest.param(101, 413, id="over it")]
)
@pytest.mark.parametrize("chunked", [pytest.param(False, id="declared"), pytest.param(True, id="chunked")])
def test_body_may_be_as_large_as_the_limit(client: TestClient, size: int, status: int, chunked: bool) -> None:
    content = b'{"text": "' + b"a" * (size - 12) + b'"}'
    headers = {"content-type": "application/json"}
    sent = iter([content[:50], content[50:]]) if chunked else content
    assert client.post("/notes", content=sent, headers=headers).status_code == status


def test_json_may_name_its_encoding_and_begin_with_a_mark(client: TestClient) -> None:
    content = b'\xef\xbb\xbf{"text": "caf\xc3\xa9"}'
    reply = client.post("/notes", content=content, headers={"content-type": "Application/JSON; charset=utf-8"})
    assert (reply.status_code, reply.json()) == (200, {"text": "café"})


def test_request_without_an_id_gets_one(app: FastAPI) -> None:
    with TestClient(app) as client:
        ids = {client.get("/busy").headers["x-request-id"] for _ in range(3)}
    assert [len(found) for found in ids] == [32, 32, 32]
