"""How long the service waits for a client that does not read."""

from __future__ import annotations

import logging
from typing import Any

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_log = logging.getLogger(__name__)


class Patience:
    """Takes a client that leaves a piece of its reply unread for too long for one that has left.

    Without it such a client would keep its place, and a stream its work, for ever.

    Args:
        app: What replies.
        seconds: How long a piece may wait.
    """

    def __init__(self, app: ASGIApp, *, seconds: float) -> None:
        self._app = app
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        gone = anyio.Event()

        async def receive_while_there() -> Message:
            message: Message = {"type": "http.disconnect"}
            async with anyio.create_task_group() as first:

                async def leave() -> None:
                    await gone.wait()
                    first.cancel_scope.cancel()

                first.start_soon(leave)
                message = await receive()
                first.cancel_scope.cancel()
            return message

        async def send_while_there(message: Message) -> None:
            if gone.is_set():
                return
            with anyio.move_on_after(self._seconds) as waiting:
                await send(message)
            if waiting.cancelled_caught:
                gone.set()
                _log.warning("a client left its reply unread for %g s, request %s", self._seconds, _request_id(scope))

        await self._app(scope, receive_while_there, send_while_there)


def _request_id(scope: Scope) -> Any:
    return scope.get("state", {}).get("request_id", "unknown")
