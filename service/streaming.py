"""The rewrite as server-sent events: each passage as soon as it is verified."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar

import anyio
from fastapi.sse import ServerSentEvent
from pydantic import BaseModel
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import Scope

from service.certificate import certify_rewrite
from service.desk import Desk
from service.idempotency import IdempotentRoute
from service.line import Line
from service.metrics import Metrics
from service.passages import PassageRewrite
from service.problems import Problem, describe_error
from service.rewriting import Assignment, Rewrite
from service.schemas import PassageOut, RewriteEndOut

MEDIA_TYPE = "text/event-stream"

_T = TypeVar("_T")


class EventRoute(IdempotentRoute):
    """A route for those who name server-sent events in ``Accept``; it leaves all others to the routes after it."""

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Match on the header too."""
        match, child_scope = super().matches(scope)
        if match is Match.FULL and not _accepts_events(scope):
            return Match.NONE, {}
        return match, child_scope


def _accepts_events(scope: Scope) -> bool:
    ranges = [part for name, value in scope["headers"] if name == b"accept" for part in value.split(b",")]
    return MEDIA_TYPE.encode() in {part.partition(b";")[0].strip().lower() for part in ranges}


def describe_events() -> dict[str, Any]:
    """Describe the events for the OpenAPI document, in the form that FastAPI gives to those of one kind."""
    kinds: dict[str, type[BaseModel]] = {"passage": PassageOut, "end": RewriteEndOut, "error": Problem}
    return {"itemSchema": {"oneOf": [_describe_event(name, model.__name__) for name, model in kinds.items()]}}


def _describe_event(name: str, model: str) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {
            "event": {"const": name},
            "data": {
                "type": "string",
                "contentMediaType": "application/json",
                "contentSchema": {"$ref": f"#/components/schemas/{model}"},
            },
            **({"id": {"type": "string"}} if name == "passage" else {}),
        },
        "required": ["event", "data"],
    }


async def tell_events(
    request: Request, desk: Desk, line: Line, assignment: Assignment, metrics: Metrics
) -> AsyncIterator[ServerSentEvent]:
    """Tell the passages of a rewrite in order, then what there is to say of the whole.

    An error ends the stream with an event of its own. A caller that leaves hangs up: what waits for the model on its
    behalf is withdrawn, and the stream ends once nothing works for it any more.
    """
    settling = line.rewriter.settle(assignment)
    settled: list[tuple[PassageRewrite, ...]] = []
    number = 0
    try:
        while (group := await _work(lambda: _tell_group(settling), line)) is not None:
            rewrites, passages = group
            settled += rewrites
            metrics.count_passages(passage for parts in rewrites for passage in parts)
            for passage in passages:
                yield ServerSentEvent(event="passage", id=str(number), data=passage)
                number += 1
        end = await _work(lambda: _tell_end(desk, assignment, assignment.file(settled)), line)
    except Exception as error:  # The status has been sent: nobody else can tell the caller.
        yield ServerSentEvent(event="error", data=describe_error(request, error))
    else:
        yield ServerSentEvent(event="end", data=end)


def _tell_group(
    settling: Iterator[list[tuple[PassageRewrite, ...]]],
) -> tuple[list[tuple[PassageRewrite, ...]], list[PassageOut]] | None:
    rewrites = next(settling, None)
    if rewrites is None:
        return None
    return rewrites, [PassageOut.from_passage(passage) for parts in rewrites for passage in parts]


def _tell_end(desk: Desk, assignment: Assignment, rewrite: Rewrite) -> RewriteEndOut:
    certificate = certify_rewrite(assignment.article.text, rewrite, checker=desk.checker.identity)
    return RewriteEndOut.from_rewrite(rewrite, certificate=certificate)


async def _work(do: Callable[[], _T], line: Line) -> _T:
    """Work in a thread; if the caller leaves meanwhile, hang up and wait for the thread all the same."""
    work = asyncio.ensure_future(anyio.to_thread.run_sync(do))
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        line.hang_up()
        with anyio.CancelScope(shield=True):
            await asyncio.gather(work, return_exceptions=True)
        raise
