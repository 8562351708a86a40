"""What happens to every request: it is measured and logged, and its reply says what a browser may do with it."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from http import HTTPMethod
from typing import Any
from urllib.parse import quote

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.metrics import Metrics

SECURITY_HEADERS: Mapping[str, str] = {
    # Replies are read, not rendered; a page says what it needs.
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A reply may hold an article.
    "Cache-Control": "no-store",
}
_LONGEST_PATH = 200

_log = logging.getLogger(__name__)


class Watch:
    """Measures and logs every request, and adds the security headers that its reply has not set itself.

    The line in the log has method, path, status, time and request id: nothing of the article.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        status = 0  # Stays where nobody waited for the reply.

        async def send_safely(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        try:
            await self._app(scope, receive, send_safely)
        finally:
            self._report(scope, status, time.perf_counter() - started)

    def _report(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in HTTPMethod.__members__ else "other"
        route = _route(scope)
        self._metrics.count_request(method=method, route=route, status=status, seconds=seconds)
        # Those that watch the service ask every few seconds.
        level = logging.DEBUG if route.startswith("/health/") or route == "/metrics" else logging.INFO
        path = quote(scope["path"], errors="replace")[:_LONGEST_PATH]
        _log.log(level, "%s %s %d in %.3f s, request %s", method, path, status, seconds, scope["state"]["request_id"])


def _route(scope: Scope) -> str:
    """Name a route by its template or its folder of files, so that there are as many names as routes."""
    route: Any = scope.get("route")
    if route is not None:
        return str(route.path)
    if "app_root_path" in scope:
        return str(scope["root_path"].removeprefix(scope["app_root_path"]))
    return "none"
