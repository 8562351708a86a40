from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest

from service.api import create_app
from service.certified import read_document
from service.checking import Checker
from service.errors import GeneratorClosedError
from service.generation import Candidate
from service.settings import Settings
from service.verifying import verify
from tests.scripted import ScriptedGenerator, wait_until
from tests.served import desk_with, ready, served

EVENTS = {"accept": "text/event-stream"}
PASSAGES = [f"The mayor said on Monday that {number} buses left." for number in range(100, 107)]
ARTICLE = "Buses leave Halden\n\n" + "\n\n".join(PASSAGES) + "\n"
FIRST, SECOND = "The board met on Tuesday.", "Nine cars sank in the harbor."

Event = tuple[str, dict[str, Any]]


class HeldGenerator(ScriptedGenerator):
    """Holds back, or fails, only the runs that have ``SECOND`` in them."""

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        if SECOND in sources:
            return super().generate(sources, count=count, seed=seed)
        return [(Candidate(text=source, score=0.0),) for source in sources]


def told(lines: Iterator[str]) -> Iterator[Event]:
    """Read events as they come."""
    name = ""
    for line in lines:
        field, _, value = line.partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            yield name, json.loads(value)


def stream(client: httpx2.Client, text: str, **fields: object) -> list[Event]:
    with client.stream("POST", "/v1/rewrite", json={"text": text, **fields}, headers=EVENTS) as reply:
        assert (reply.status_code, reply.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
        return list(told(reply.iter_lines()))


@pytest.fixture(scope="module")
def api(checker: Checker) -> Iterator[httpx2.Client]:
    generator = ScriptedGenerator(answers={"Buses leave Halden": "Buses leave Halden on Monday"})
    with served(create_app(lambda: desk_with(checker, generator), Settings(max_article_characters=5_000))) as client:
        wait_until(lambda: ready(client))
        yield client


@pytest.fixture
def held() -> HeldGenerator:
    return HeldGenerator()


@pytest.fixture
def holding(checker: Checker, held: HeldGenerator) -> Iterator[httpx2.Client]:
    with served(create_app(lambda: desk_with(checker, held), Settings(max_waiting=1))) as client:
        wait_until(lambda: ready(client))
        yield client
        held.free.set()


def test_the_events_put_together_are_the_rewrite_in_one_piece(api: httpx2.Client) -> None:
    whole = api.post("/v1/rewrite", json={"text": ARTICLE, "seed": 3}).json()
    *passages, (last, end) = stream(api, ARTICLE, seed=3)
    assert [name for name, _ in passages] == ["passage"] * 8
    assert (last, {**end, "passages": [passage for _, passage in passages]}) == ("end", whole)


def test_what_the_events_tell_can_be_verified(api: httpx2.Client, checker: Checker) -> None:
    *passages, (_, end) = stream(api, ARTICLE)
    document = read_document(json.dumps({**end, "passages": [passage for _, passage in passages]}).encode())
    assert [one.says for one in verify(document, checker) if not one.same] == []


def test_passages_are_numbered(api: httpx2.Client) -> None:
    reply = api.post("/v1/rewrite", json={"text": FIRST + "\n\n" + SECOND}, headers=EVENTS)
    assert [line for line in reply.text.splitlines() if line.startswith(("id", "event"))] == [
        *("event: passage", "id: 0"),
        *("event: passage", "id: 1"),
        "event: end",
    ]


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        pytest.param("*/*", "application/json", id="anything"),
        pytest.param("application/json", "application/json", id="JSON"),
        pytest.param("text/html, text/*;q=0.5", "application/json", id="a browser"),
        pytest.param(
            "Text/Event-Stream;q=0.9, */*;q=0.1", "text/event-stream; charset=utf-8", id="events among others"
        ),
    ],
)
def test_events_are_for_those_who_name_them(api: httpx2.Client, accept: str, media_type: str) -> None:
    reply = api.post("/v1/rewrite", json={"text": FIRST}, headers={"accept": accept})
    assert (reply.status_code, reply.headers["content-type"]) == (200, media_type)


@pytest.mark.parametrize(
    ("content", "status", "name"),
    [
        pytest.param(b'{"text": " "}', 422, "empty-article", id="empty"),
        pytest.param(b'{"text": "a", "style": "tabloid"}', 422, "unknown-style", id="unknown style"),
        pytest.param(b'{"text": 5}', 422, "invalid-request", id="no text"),
        pytest.param(json.dumps({"text": "a " * 3_000}).encode(), 413, "article-too-long", id="long"),
        pytest.param(b"{", 400, "malformed-body", id="broken"),
    ],
)
def test_an_error_before_the_start_has_its_status(api: httpx2.Client, content: bytes, status: int, name: str) -> None:
    reply = api.post("/v1/rewrite", content=content, headers={**EVENTS, "content-type": "application/json"})
    assert (reply.status_code, reply.headers["content-type"], reply.json()["type"]) == (
        status,
        "application/problem+json",
        f"urn:copydesk:problem:{name}",
    )


def test_the_first_passage_comes_while_the_model_works_on_the_second(
    holding: httpx2.Client, held: HeldGenerator
) -> None:
    held.free.clear()
    body = {"text": f"{FIRST}\n\n{SECOND}"}
    with holding.stream("POST", "/v1/rewrite", json=body, headers=EVENTS) as reply:
        events = told(reply.iter_lines())
        name, passage = next(events)
        wait_until(held.started.is_set)
        # A stream holds its place until its end.
        refused = holding.post("/v1/rewrite", json=body, headers=EVENTS)
        held.free.set()
        rest = [name for name, _ in events]
    assert (name, passage["source"], refused.status_code, rest) == ("passage", FIRST, 503, ["passage", "end"])


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        pytest.param(
            RuntimeError("/srv/secret/weights.bin is broken"),
            {
                "type": "urn:copydesk:problem:internal-error",
                "title": "Something went wrong here",
                "status": 500,
                "detail": "The service failed; its log has the reason under the request's id.",
            },
            id="bug",
        ),
        pytest.param(
            GeneratorClosedError(),
            {
                "type": "urn:copydesk:problem:shutting-down",
                "title": "The service is shutting down",
                "status": 503,
                "detail": "The model has been closed and takes no more passages: open the desk again.",
            },
            id="shutting down",
        ),
    ],
)
def test_an_error_after_the_start_is_the_last_event(
    holding: httpx2.Client, held: HeldGenerator, failure: Exception, expected: dict[str, Any]
) -> None:
    held.failure = failure
    reply = holding.post(
        "/v1/rewrite", json={"text": f"{FIRST}\n\n{SECOND}"}, headers={**EVENTS, "x-request-id": "test-1"}
    )
    (first, _), last = told(iter(reply.text.splitlines()))
    problem = {**expected, "instance": "/v1/rewrite", "request_id": "test-1", "errors": []}
    assert (reply.status_code, first, last) == (200, "passage", ("error", problem))


def test_a_caller_that_leaves_is_forgotten_at_once_and_harms_nobody(checker: Checker) -> None:
    generator = HeldGenerator()
    other = f"{SECOND} It was Monday."
    with (
        served(create_app(lambda: desk_with(checker, generator), Settings(max_waiting=2))) as client,
        ThreadPoolExecutor() as threads,
    ):
        wait_until(lambda: ready(client))
        generator.free.clear()
        occupying = threads.submit(client.post, "/v1/rewrite", json={"text": SECOND})
        wait_until(generator.started.is_set)
        leave_after_first_line(client, lambda: "Cows graze in Halden." in generator.measured)
        # The place is free again though the model has not moved.
        wait_until(lambda: client.post("/v1/lint", json={"text": ""}).status_code == 200)
        generator.free.set()
        assert occupying.result().json()["copy"] == SECOND
        assert client.post("/v1/rewrite", json={"text": other}).json()["copy"] == other
    assert [sources for sources, _, _ in generator.calls if "Cows graze in Halden." in sources] == []


def leave_after_first_line(client: httpx2.Client, waits: Callable[[], bool]) -> None:
    body = {"text": "Cows graze in Halden."}
    with client.stream("POST", "/v1/rewrite", json=body, headers=EVENTS) as reply:
        assert reply.status_code == 200
        wait_until(waits)
