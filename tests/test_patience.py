from __future__ import annotations

import asyncio
import logging
import socket
import threading
from collections.abc import AsyncIterator

import anyio
import pytest
from fastapi import Depends, FastAPI
from fastapi.sse import EventSourceResponse
from starlette.types import Message, Receive, Scope, Send

from service.patience import Patience
from tests.scripted import wait_until
from tests.served import served

HTTP: Scope = {"type": "http", "state": {"request_id": "r-1"}}


def run(app: object, *, blocked: bool) -> list[str]:
    """Run ``app`` behind patience of a moment, with a client that reads or one that does not."""
    sent: list[str] = []

    async def receive() -> Message:
        await anyio.sleep_forever()
        raise AssertionError

    async def send(message: Message) -> None:
        if blocked:
            await anyio.sleep_forever()
        sent.append(message["type"])

    asyncio.run(Patience(app, seconds=0.05)(HTTP, receive, send))  # type: ignore[arg-type]
    return sent


def test_client_that_reads_gets_all_of_its_reply() -> None:
    async def app(_: Scope, __: Receive, send: Send) -> None:
        for kind in ("http.response.start", "http.response.body"):
            await send({"type": kind})

    assert run(app, blocked=False) == ["http.response.start", "http.response.body"]


def test_client_that_does_not_read_has_left(caplog: pytest.LogCaptureFixture) -> None:
    told: list[str] = []

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start"})
        told.append((await receive())["type"])
        # What is said to one that has left is said to nobody, and costs no more waiting.
        await send({"type": "http.response.body"})

    with caplog.at_level(logging.WARNING):
        assert run(app, blocked=True) == []
    assert told == ["http.disconnect"]
    assert [record.getMessage() for record in caplog.records] == [
        "a client left its reply unread for 0.05 s, request r-1"
    ]


def test_what_is_no_request_passes() -> None:
    async def app(scope: Scope, _: Receive, __: Send) -> None:
        scope["seen"] = True

    scope: Scope = {"type": "lifespan"}
    asyncio.run(Patience(app, seconds=1)(scope, None, None))  # type: ignore[arg-type]
    assert scope["seen"]


def test_stream_that_nobody_reads_gives_up_its_place() -> None:
    app, left = FastAPI(), threading.Event()

    async def place() -> AsyncIterator[None]:
        yield
        left.set()

    @app.get("/", response_class=EventSourceResponse, dependencies=[Depends(place, scope="request")])
    async def endless() -> AsyncIterator[str]:
        while True:
            yield "x" * 100_000

    with (
        served(Patience(app, seconds=0.2)) as client,
        socket.create_connection(("127.0.0.1", client.base_url.port)) as reader,
    ):
        reader.sendall(b"GET / HTTP/1.1\r\nHost: here\r\n\r\n")
        wait_until(left.is_set)
