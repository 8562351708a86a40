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

from service import batch_api, linting
from service.batch_worker import BatchWorker
from service.batches import Batches
from service.certificate import certify_check, certify_rewrite
from service.desk import Desk
from service.docs import add_docs
from service.entrance import (
    BODY_PROBLEMS,
    NOT_READY,
    OTHERS,
    Counting,
    LetIn,
    LetInToTheEnd,
    Limits,
    OpenDesk,
    problems,
)
from service.guard import Guard, describe_guard
from service.house_style import house_style, known_styles
from service.idempotency import IDEMPOTENT, Answers, IdempotentRoute
from service.keys import Keys
from service.line import Line
from service.metrics import Metrics
from service.office import Gate, Office
from service.page import add_page
from service.patience import Patience
from service.problems import MEDIA_TYPE, JsonRoute, report_problems
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
SPARE_THREADS = 8


def create_app(open_desk: Callable[[], Desk], settings: Settings, *, keeps_batches: bool = True) -> FastAPI:
    """Build the service.

    The desk is opened in the background: until it is open and warm, all that needs it is 503.

    Args:
        open_desk: Loads the model; called once, in a thread of its own, when the service starts.
        settings: The limits.
        keeps_batches: Whether batches are taken and worked at, which one process of several does.

    Raises:
        KeyFileError: The file of API keys cannot be used.
    """
    office = Office(open_desk)
    keys = Keys.load(settings.api_keys, limit=settings.rate_limit) if settings.api_keys else None

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        # Every request that is let in has a thread, so that none waits unseen behind those that wait for the model.
        anyio.to_thread.current_default_thread_limiter().total_tokens = settings.max_waiting + SPARE_THREADS
        office.open()
        if keeps_batches:
            worker.open()
        yield
        if keeps_batches:
            await anyio.to_thread.run_sync(worker.close)
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
    batches = Batches(settings.batch_folder, most=settings.max_batches, days=settings.batch_days)
    metrics = Metrics(
        under_way=lambda: gate.under_way,
        waiting=lambda: office.waiting,
        ready=lambda: office.ready,
        batches=lambda: len(batches.unfinished()),
        runs=lambda: office.runs,
    )
    worker = BatchWorker(batches, office, settings, metrics)
    app.state.settings = settings
    app.state.office = office
    app.state.gate = gate
    app.state.metrics = metrics
    app.state.keys = keys
    app.state.answers = Answers()
    app.state.batches = batches
    app.state.batch_worker = worker
    app.include_router(_event_router)
    app.include_router(_rewrite_router)
    app.include_router(batch_api.router)
    app.include_router(_router)
    add_docs(app)
    add_page(app)
    if keys:
        app.add_middleware(Guard, keys=keys)
    others = {batch_api.PATH: settings.max_batch_bytes}
    report_problems(app, max_body_bytes=settings.max_body_bytes, others=others)
    return app


class _App(FastAPI):
    def build_middleware_stack(self) -> ASGIApp:
        """Watch from outside of all else, so that no reply goes unseen, not even that to a bug."""
        watched = Watch(super().build_middleware_stack(), self.state.metrics)
        return Patience(watched, seconds=self.state.settings.reader_seconds)

    def openapi(self) -> dict[str, Any]:
        """Describe the API, problems under their media type."""
        document = super().openapi()
        for operations in document["paths"].values():
            for operation in operations.values():
                for status, response in operation["responses"].items():
                    if status >= "400":
                        (content,) = response["content"].values()
                        response["content"] = {MEDIA_TYPE: content}
        if self.state.keys:
            describe_guard(document)
        return document


def _assign(article: RewriteIn, desk: OpenDesk) -> tuple[Line, Assignment]:
    """Take the article on before the reply begins, so that one that cannot be rewritten still gets its status."""
    line = desk.line()
    return line, line.rewriter.assign(article.text, brief=article.to_brief(), seed=article.seed)


_router = APIRouter(route_class=JsonRoute, responses=OTHERS)
_rewrite_router = APIRouter(route_class=IdempotentRoute, responses=OTHERS)
_event_router = APIRouter(route_class=EventRoute, responses=OTHERS)


# First, because it takes only what asks for events. The document has room for one operation at this address: the one
# that is declared last, which describes the events too.
@_event_router.post(
    "/v1/rewrite",
    dependencies=[IDEMPOTENT, LetInToTheEnd],
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


@_rewrite_router.post(
    "/v1/rewrite",
    summary="Rewrite an article as wire copy",
    dependencies=[IDEMPOTENT, LetIn],
    responses={
        200: {"description": "The rewrite, whole or as events.", "content": {EVENTS: describe_events()}},
        **problems(
            **BODY_PROBLEMS,
            s409="The first request with the idempotency key is under way.",
            s422="The request is not valid, or no English article, or its idempotency key was another request's.",
            s503=NOT_READY,
        ),
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
    dependencies=[LetIn],
    responses=problems(**BODY_PROBLEMS, s422="The request is not valid.", s503=NOT_READY),
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
    dependencies=[LetIn],
    responses=problems(
        **BODY_PROBLEMS,
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


@_router.get("/v1/model", summary="Say what rewrites", responses=problems(s503=NOT_READY))
async def model(desk: OpenDesk) -> ModelOut:
    """Give model, adapter, engine, versions and hashes."""
    return ModelOut.from_info(desk.model)


@_router.get("/health/live", summary="Is the process alive?")
async def live() -> HealthOut:
    """Answer at all times."""
    return HealthOut(status="live")


@_router.get("/health/ready", summary="Is the model loaded and warm?", responses=problems(s503=NOT_READY))
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
