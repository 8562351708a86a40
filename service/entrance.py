"""What the endpoints ask of the service, and what the OpenAPI document says of their problems."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request

from service.desk import Desk
from service.metrics import Metrics
from service.office import Gate, Office
from service.problems import Problem
from service.settings import Settings


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
LetIn = Depends(_enter, scope="function")
# A stream goes on after its function has returned.
LetInToTheEnd = Depends(_enter, scope="request")


def problems(**descriptions: str) -> dict[int | str, dict[str, Any]]:
    """Describe the problems of an operation, by status with an ``s`` before it."""
    return {
        status.removeprefix("s"): {"description": description, "model": Problem}
        for status, description in descriptions.items()
    }


BODY_PROBLEMS = {
    "s400": "The body is not JSON in UTF-8.",
    "s413": "The body or a text in it is too long; the detail names the limit and the size.",
    "s415": "The body is not declared as application/json.",
}
NOT_READY = "The model is not ready, or too much is under way; Retry-After says when to ask again."
OTHERS: dict[int | str, dict[str, Any]] = {"default": {"description": "Any other problem.", "model": Problem}}
