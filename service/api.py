"""The HTTP API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib import metadata
from typing import Annotated, Any

import anyio.to_thread
from fastapi import APIRouter, Depends, FastAPI
from fastapi.sse import EventSourceResponse, ServerSentEvent
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp

from service import linting
from service.certificate import certify_check, certify_rewrite
from service.desk import Desk
from service.docs import add_docs
from service.house_style import house_style, known_styles
from service.line import Line
from service.metrics import Metrics
from service.office import Gate, Office
from service.page import add_page
from service.problems import MEDIA_TYPE, JsonRoute, Problem, report_problems
from service.rewriting import Assignment
from service.schemas import (
    CheckIn,
    FactReportOut,
    HealthOut,
    LintIn,
    LintOut,
    ModelOut,
    RewriteEndOut,
    RewriteIn,
    RewriteOut,
    StylesOut,
)
from service.settings import Settings
from service.streaming import MEDIA_TYPE as EVENTS
from service.streaming import EventRoute, describe_events, tell_events
from service.watch import Watch

# Threads beside those of the requests under way: replies are validated and encoded in threads too.
_SPARE_THREADS = 8


def create_app(open_desk: Callable[[], Desk], settings: Settings) -> FastAPI:
    """Build the service.

    The desk is opened in the background: until it is open and warm, all that needs it is 503.

    Args:
        open_desk: Loads the model; called once, in a thread of its own, when the service starts.
        settings: The limits.
    """
    office = Office(open_desk)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Every request that is let in has a thread, so that none waits unseen behind those that wait for the model.
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.max_waiting + _SPARE_THREADS
        office.open()
        yield
        await anyio.to_thread.run_sync(office.close)

    app = _App(
        title="copydesk",
        version=metadata.version("copydesk"),
        description="Rewrites casual news text as wire copy and accounts for every fact of it.",
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        # FastAPI's log records of invalid requests hold the article.
        telemetry={"logs": False},
    )
    gate = Gate(settings.max_waiting)
    metrics = Metrics(under_way=lambda: gate.under_way, waiting=lambda: office.waiting, ready=lambda: office.ready)
    app.state.settings = settings
    app.state.office = office
    app.state.gate = gate
    app.state.metrics = metrics
    app.include_router(_event_router)
    app.include_router(_router)
    add_docs(app)
    add_page(app)
    report_problems(app, max_body_bytes=settings.max_body_bytes)
    return app


class _App(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        """Watch from outside of all else, so that no reply goes unseen, not even that to a bug."""
        return Watch(super().build_middleware_stack(), self.state.metrics)

    def openapi(self) -> dict[str, Any]:
        """Describe the API, problems under their media type."""
        document = super().openapi()
        for operations in document["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if status >= "400":
                        (content,) = response["content"].values()
                        response["content"] = {MEDIA_TYPE: content}
        return document


async def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings


async def _desk(request: Request) -> Desk:
    office: Office = request.app.state.office
    return office.desk()


async def _metrics(request: Request) -> Metrics:
    metrics: Metrics = request.app.state.metrics
    return metrics


async def _enter(request: Request) -> AsyncIterator[None]:
    gate: Gate = request.app.state.gate
    async for _ in gate.enter():
        yield


Limits = Annotated[Settings, Depends(_settings)]
OpenDesk = Annotated[Desk, Depends(_desk)]
Counting = Annotated[Metrics, Depends(_metrics)]
_LetIn = Depends(_enter, scope="function")
# A stream goes on after its function has returned.
_LetInToTheEnd = Depends(_enter, scope="request")


def _assign(article: RewriteIn, desk: OpenDesk) -> tuple[Line, Assignment]:
    """Take the article on before the reply begins, so that one that cannot be rewritten still gets its status."""
    line = desk.line()
    return line, line.rewriter.assign(article.text, brief=article.to_brief(), seed=article.seed)


def _problems(**descriptions: str) -> dict[int | str, dict[str, Any]]:
    return {
        status.removeprefix("s"): {"description": description, "model": Problem}
        for status, description in descriptions.items()
    }


_BODY_PROBLEMS = {
    "s400": "The body is not JSON in UTF-8.",
    "s413": "The body or a text in it is too long; the detail names the limit and the size.",
    "s415": "The body is not declared as application/json.",
}
_NOT_READY = "The model is not ready, or too much is under way; Retry-After says when to ask again."

_OTHERS: dict[int | str, dict[str, Any]] = {"default": {"description": "Any other problem.", "model": Problem}}
_router = APIRouter(route_class=JsonRoute, responses=_OTHERS)
_event_router = APIRouter(route_class=EventRoute, responses=_OTHERS)


# First, because it takes only what asks for events. The document has room for one operation at this address: the one
# that is declared last, which describes the events too.
@_event_router.post(
    "/v1/rewrite",
    dependencies=[_LetInToTheEnd],
    response_class=EventSourceResponse,
    responses={200: {"model": RewriteEndOut}},
)
async def rewrite_live(
    request: Request,
    desk: OpenDesk,
    metrics: Counting,
    assigned: Annotated[tuple[Line, Assignment], Depends(_assign)],
) -> AsyncIterator[ServerSentEvent]:
    """Give the passages one by one."""
    line, assignment = assigned
    async for event in tell_events(request, desk, line, assignment, metrics):
        yield event


@_router.post(
    "/v1/rewrite",
    summary="Rewrite an article as wire copy",
    dependencies=[_LetIn],
    responses={
        200: {"description": "The rewrite, whole or as events.", "content": {EVENTS: describe_events()}},
        **_problems(**_BODY_PROBLEMS, s422="The request is not valid, or no English article.", s503=_NOT_READY),
    },
)
def rewrite(article: RewriteIn, desk: OpenDesk, metrics: Counting) -> RewriteOut:
    """Give the copy, and for every passage what became of its facts.

    With `Accept: text/event-stream` each passage comes as an event as soon as it is verified, in order, then an event
    with all the rest. An error after the first event is an event too.
    """
    result = desk.rewriter.rewrite(article.text, brief=article.to_brief(), seed=article.seed)
    metrics.count_passages(result.passages)
    certificate = certify_rewrite(article.text, result, checker=desk.checker.identity)
    return RewriteOut.from_rewrite(result, certificate=certificate)


@_router.post(
    "/v1/check",
    summary="Check a rewrite of any origin",
    dependencies=[_LetIn],
    responses=_problems(**_BODY_PROBLEMS, s422="The request is not valid.", s503=_NOT_READY),
)
def check(pair: CheckIn, desk: OpenDesk, limits: Limits, metrics: Counting) -> FactReportOut:
    """Say what a rewrite did with the facts of its source."""
    limits.require_length(pair.source, name="source")
    limits.require_length(pair.rewrite, name="rewrite")
    report = desk.checker.check(pair.source, pair.rewrite)
    metrics.count_facts(report)
    certificate = certify_check(pair.source, pair.rewrite, report, checker=desk.checker.identity)
    return FactReportOut.from_report(report, source=pair.source, copy=pair.rewrite, certificate=certificate)


@_router.post(
    "/v1/lint",
    summary="Find breaches of wire style",
    dependencies=[_LetIn],
    responses=_problems(
        **_BODY_PROBLEMS,
        s422="The request is not valid.",
        s503="Too much is under way; Retry-After says when to ask again.",
    ),
)
def lint(draft: LintIn, limits: Limits) -> LintOut:
    """Give every breach with its rule, its place and a reason."""
    limits.require_length(draft.text, name="text")
    return LintOut.from_findings(linting.lint(draft.text, style=house_style(draft.style)))


@_router.get("/v1/styles", summary="List the house styles")
async def styles() -> StylesOut:
    """Give the styles that a rewrite may ask for, each with the rules that tell it from others."""
    return StylesOut.from_styles(map(house_style, known_styles()))


@_router.get("/v1/model", summary="Say what rewrites", responses=_problems(s503=_NOT_READY))
async def model(desk: OpenDesk) -> ModelOut:
    """Give model, adapter, engine, versions and hashes."""
    return ModelOut.from_info(desk.model)


@_router.get("/health/live", summary="Is the process alive?")
async def live() -> HealthOut:
    """Answer at all times."""
    return HealthOut(status="live")


@_router.get("/health/ready", summary="Is the model loaded and warm?", responses=_problems(s503=_NOT_READY))
async def ready(_: OpenDesk) -> HealthOut:
    """Answer with 503 until articles can be rewritten."""
    return HealthOut(status="ready")


@_router.get(
    "/metrics",
    summary="Give the figures of the service",
    response_class=PlainTextResponse,
    responses={200: {"description": "Figures in the text format of Prometheus."}},
)
async def tell_metrics(metrics: Counting) -> Response:
    """Count requests, passages by status and facts by verdict, and measure latency and queue."""
    return Response(metrics.expose(), headers={"Content-Type": CONTENT_TYPE_LATEST})
