"""Every error of the HTTP API as one kind of body: problem details (RFC 9457)."""

from __future__ import annotations

import json
import logging
import re
import uuid
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping
from dataclasses import dataclass
from http import HTTPMethod, HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import (
    ArticleTooLongError,
    BatchesUnavailableError,
    BatchNotEndedError,
    BatchTooLongError,
    CopydeskError,
    EmptyArticleError,
    EmptyBatchError,
    GeneratorClosedError,
    KeyInUseError,
    KeyRequiredError,
    KeyReusedError,
    MalformedIdempotencyKeyError,
    ModelError,
    ModelFailedError,
    ModelLoadingError,
    NoSuchBatchError,
    NotEnglishError,
    NotTextError,
    RateLimitError,
    RetryLaterError,
    TermsError,
    TooBusyError,
    TooManyBatchesError,
    UnknownKeyError,
    UnknownStyleError,
    UnreadableBatchError,
    UploadTooSlowError,
    as_sentence,
)

MEDIA_TYPE = "application/problem+json"
REQUEST_ID = "X-Request-ID"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,128}")
JSON = "application/json"
_URN = "urn:copydesk:problem:"
_CHALLENGE = 'Bearer realm="copydesk"'
_MOST_FAULTS = 20
# A field the caller made up is named only where the name can hardly be a piece of an article.
_FIELD_NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")

_log = logging.getLogger(__name__)


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    location: str = Field(description="Where it is wrong.", examples=["body.text"])
    message: str = Field(description="What is wrong there.", examples=["Field required"])


class Problem(BaseModel):
    """Why a request came to nothing (RFC 9457)."""

    type: str = Field(
        description="Name of the kind of problem; it never changes.", examples=[f"{_URN}article-too-long"]
    )
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What was wrong this time, and what would be right.")
    instance: str = Field(description="The path that was asked for.")
    request_id: str = Field(description=f"The request's {REQUEST_ID}.")
    errors: list[Fault] = Field(description="What is wrong with which part of the request; empty for other problems.")


@dataclass(frozen=True)
class Kind:
    """A kind of problem.

    Attributes:
        name: The end of its URN.
        status: HTTP status.
        title: In words.
        retry_after: Seconds after which to ask again; None where that is no use.
        challenge: How a caller can say who it is; None where that is no matter.
    """

    name: str
    status: int
    title: str
    retry_after: int | None = None
    challenge: str | None = None


KINDS: Mapping[type[CopydeskError], Kind] = {
    EmptyArticleError: Kind("empty-article", 422, "The article is empty"),
    NotEnglishError: Kind("not-english", 422, "The article is not in English"),
    UnknownStyleError: Kind("unknown-style", 422, "There is no such style"),
    TermsError: Kind("unfit-terms", 422, "The terms cannot be kept"),
    ArticleTooLongError: Kind("article-too-long", 413, "The article is too long"),
    NotTextError: Kind("not-text", 400, "The body is not text in UTF-8"),
    TooBusyError: Kind("too-busy", 503, "Too much is under way"),
    KeyRequiredError: Kind("key-required", 401, "An API key is required", challenge=_CHALLENGE),
    UnknownKeyError: Kind(
        "unknown-key", 401, "The API key is not known", challenge=f'{_CHALLENGE}, error="invalid_token"'
    ),
    RateLimitError: Kind("rate-limited", 429, "The key's limit is reached"),
    MalformedIdempotencyKeyError: Kind("malformed-idempotency-key", 400, "The idempotency key is none"),
    KeyReusedError: Kind("idempotency-key-reused", 422, "The idempotency key was another request's"),
    KeyInUseError: Kind("idempotency-key-in-use", 409, "The first request is under way", retry_after=1),
    BatchesUnavailableError: Kind("batches-unavailable", 503, "Batches are not to be had now", retry_after=5),
    TooManyBatchesError: Kind("too-many-batches", 503, "Too many batches are kept", retry_after=60),
    NoSuchBatchError: Kind("no-such-batch", 404, "There is no such batch"),
    BatchNotEndedError: Kind("batch-not-ended", 409, "The batch has not ended", retry_after=5),
    EmptyBatchError: Kind("empty-batch", 422, "The batch is empty"),
    UnreadableBatchError: Kind("unreadable-batch", 422, "The batch cannot be read"),
    BatchTooLongError: Kind("batch-too-long", 413, "The batch is too long"),
    UploadTooSlowError: Kind("upload-too-slow", 408, "The batch did not arrive in time"),
    ModelLoadingError: Kind("model-not-ready", 503, "The model is not ready yet", retry_after=2),
    GeneratorClosedError: Kind("shutting-down", 503, "The service is shutting down", retry_after=10),
    ModelFailedError: Kind("model-failed", 503, "The model could not be loaded", retry_after=60),
    ModelError: Kind("model-failed", 503, "The model is not to be had", retry_after=60),
}
"""What each error a caller can meet is over HTTP; a class that is not listed is what its nearest base is."""

_INVALID = Kind("invalid-request", 422, "The request is not valid")
_INTERNAL = Kind("internal-error", 500, "Something went wrong here")
_INTERNAL_DETAIL = "The service failed; its log has the reason under the request's id."
_KINDS_BY_STATUS = {
    400: Kind("malformed-body", 400, "The body is not JSON"),
    404: Kind("not-found", 404, "There is nothing at this address"),
    405: Kind("method-not-allowed", 405, "The method is not allowed here"),
    413: Kind("body-too-large", 413, "The body is too large"),
    415: Kind("unsupported-media-type", 415, "The body is not of a supported type"),
}


class BodyTooLargeError(HTTPException):
    """A body is over the limit.

    Args:
        limit: The limit, in bytes.
        size: The size that was declared, or as much as was read until the limit was passed.
        declared: Whether the size was declared.
    """

    def __init__(self, limit: int, size: int, *, declared: bool) -> None:
        shown = f"{size:,} bytes" if declared else f"at least {size:,} bytes"
        super().__init__(413, f"the body has {shown}, the limit is {limit:,}: send it in parts")


class MediaTypeError(HTTPException):
    """A body is not declared as what it must be, or is compressed.

    Args:
        reason: How it is declared.
        name: What it must be, in words.
        media_type: The same in the header.
    """

    def __init__(self, reason: str, *, name: str, media_type: str) -> None:
        super().__init__(415, f"{reason}: send {name} with the header Content-Type: {media_type}")


class _Edge:
    """Gives every request an id and holds its body to the limit: that of its path, or else the one of all others."""

    def __init__(self, app: ASGIApp, limit: int, limits: Mapping[str, int]) -> None:
        self._app = app
        self._limit = limit
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id = headers.get(REQUEST_ID, "")
        if not _REQUEST_ID.fullmatch(request_id):
            request_id = uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = request_id
        limit = self._limits.get(scope["path"], self._limit)
        length = headers.get("content-length", "")
        declared = int(length) if length.isdecimal() else 0
        size = 0

        async def receive_within_limit() -> Message:
            nonlocal size
            if declared > limit:
                raise BodyTooLargeError(limit, declared, declared=True)
            message = await receive()
            size += len(message.get("body", b""))
            if size > limit:
                raise BodyTooLargeError(limit, size, declared=False)
            return message

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[REQUEST_ID] = request_id
            await send(message)

        await self._app(scope, receive_within_limit, send_with_id)


class JsonRoute(APIRoute):
    """A route that takes a body of JSON in UTF-8 and no other."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Check the type of the body before anything reads it."""
        handle = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            if request.method == "POST":
                await _require_json(request)
            return await self.answer(request, handle)

        return handle_json

    async def answer(self, request: Request, handle: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
        """Answer a request whose body is JSON, or that has none."""
        return await handle(request)


def require_media_type(request: Request, *known: str, name: str) -> str:
    """Let a body pass that is declared as one of the types ``known``, and not compressed; gives the type.

    Raises:
        MediaTypeError: It is not.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in known:
        reason = f"the body is declared as {media_type[:64]!r}" if media_type else "the body has no type"
        raise MediaTypeError(reason, name=name, media_type=known[0])
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise MediaTypeError("the body is compressed", name=name, media_type=known[0])
    return media_type


async def _require_json(request: Request) -> None:
    require_media_type(request, JSON, name="JSON")
    try:
        (await request.body()).decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotTextError(error.start, binary=False) from error
    except ClientDisconnect as error:  # Nobody is there to read the reply.
        raise HTTPException(400) from error


def report_problems(app: FastAPI, *, max_body_bytes: int, others: Mapping[str, int] | None = None) -> None:
    """Make every error of ``app`` a problem, a body over the limit too, and give every request an id.

    Args:
        app: The application.
        max_body_bytes: Largest body.
        others: Another limit for some paths.
    """
    app.add_middleware(_Edge, limit=max_body_bytes, limits=others or {})
    app.add_exception_handler(CopydeskError, _on_copydesk_error)
    app.add_exception_handler(RequestValidationError, _on_invalid_request)
    app.add_exception_handler(HTTPException, _on_http_exception)
    app.add_exception_handler(Exception, _on_bug)


def kind_of(error: CopydeskError) -> Kind:
    """Look up what an error is over HTTP; an error that no caller can meet is a bug."""
    return next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), _INTERNAL)


async def answer_with_problem(error: CopydeskError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request with a problem before it comes to any route."""
    response = await _on_copydesk_error(Request(scope), error)
    await response(scope, receive, send)


def describe_error(request: Request, error: Exception) -> Problem:
    """Describe what went wrong after the reply had begun, so that it can end with it; a bug goes into the log."""
    kind = kind_of(error) if isinstance(error, CopydeskError) else _INTERNAL
    if kind is _INTERNAL:
        _log.error("request %s failed with %s", request.state.request_id, type(error).__name__, exc_info=error)
        return _describe(request, kind, _INTERNAL_DETAIL)
    return _describe(request, kind, as_sentence(str(error)))


async def _on_copydesk_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, CopydeskError)
    kind = kind_of(error)
    if kind is _INTERNAL:
        raise error  # On to the handler of bugs, and into the log with its traceback.
    retry_after = error.retry_after if isinstance(error, RetryLaterError) else kind.retry_after
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    if kind.challenge is not None:
        headers["WWW-Authenticate"] = kind.challenge
    return _respond(request, kind, error.sentence, headers=headers)


async def _on_invalid_request(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    found: list[Any] = list(error.errors())
    faults = [_fault(item) for item in found[:_MOST_FAULTS]]
    kind = _KINDS_BY_STATUS[400] if any(item["type"] == "json_invalid" for item in found) else _INVALID
    more = len(found) - 1
    detail = f"{faults[0].location}: {faults[0].message}" + (f", and {more:,} more" if more else "")
    return _respond(request, kind, as_sentence(detail), faults=faults)


async def _on_http_exception(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    status = error.status_code
    kind = _KINDS_BY_STATUS.get(status) or Kind(f"http-{status}", status, HTTPStatus(status).phrase)
    headers = dict(error.headers or {})
    if "Allow" in headers:
        headers["Allow"] = ", ".join(_allowed_methods(request))
    details = {
        400: "the body cannot be read as JSON",
        404: "there is nothing at this address; /docs lists what there is",
        405: f"the method {request.method} is not allowed here, only {headers.get('Allow', 'others')}",
    }
    return _respond(request, kind, as_sentence(details.get(status, error.detail)), headers=headers)


def _allowed_methods(request: Request) -> Iterator[str]:
    """Find all methods of an address, which several routes may share; the one that refused has named its own."""
    for method in HTTPMethod:
        scope = {**request.scope, "method": method.value}
        if any(route.matches(scope)[0] is Match.FULL for route in request.app.routes):
            yield method.value


async def _on_bug(request: Request, error: Exception) -> Response:
    """Keep the internals in the log."""
    _log.error("request %s failed with %s", request.state.request_id, type(error).__name__)
    # The server hangs up after a bug; a client that is not told would send its next request into the void.
    return _respond(request, _INTERNAL, _INTERNAL_DETAIL, headers={"Connection": "close"})


def _fault(item: Mapping[str, Any]) -> Fault:
    if item["type"] == "json_invalid":
        return Fault(location="body", message=f"{item['ctx']['error']} (character {item['loc'][-1]})")
    # The input itself, which pydantic reports too, is the caller's text and stays out.
    return Fault(location=".".join(_part(part) for part in item["loc"]) or "body", message=item["msg"])


def _part(part: object) -> str:
    name = str(part)
    return name if _FIELD_NAME.fullmatch(name) else "?"


def _respond(
    request: Request,
    kind: Kind,
    detail: str,
    *,
    faults: Iterable[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    problem = _describe(request, kind, detail, faults=faults)
    # In ASCII, so that no character a caller can send is one that cannot be written.
    content = json.dumps(problem.model_dump(), ensure_ascii=True)
    # The handler of bugs answers from outside the middleware that puts the id on every other reply.
    every = {REQUEST_ID: problem.request_id, **(headers or {})}
    return Response(content, status_code=kind.status, media_type=MEDIA_TYPE, headers=every)


def _describe(request: Request, kind: Kind, detail: str, *, faults: Iterable[Fault] = ()) -> Problem:
    return Problem(
        type=_URN + kind.name,
        title=kind.title,
        status=kind.status,
        detail=detail,
        instance=quote(request.scope["path"], errors="replace"),
        request_id=request.state.request_id,
        errors=list(faults),
    )
