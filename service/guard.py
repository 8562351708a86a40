"""Lets in only those who show an API key, and each as often as it may."""

from __future__ import annotations

import math
import time
from typing import Any

from limits import RateLimitItem
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from service.errors import CopydeskError, KeyRequiredError, RateLimitError
from service.keys import Caller, Keys
from service.problems import MEDIA_TYPE, Problem, answer_with_problem

# What is below needs a key. The rest shows nobody's texts: page, description, health, figures.
_GUARDED = "/v1/"


class Guard:
    """Asks for a key before anything of a request is read.

    Whose it is stands in the state of the request, as ``caller``.

    Args:
        app: What is guarded.
        keys: The keys it lets in.
    """

    def __init__(self, app: ASGIApp, keys: Keys) -> None:
        self._app = app
        self._keys = keys
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request pass, or answer it with a problem."""
        if scope["type"] == "http" and _path(scope).startswith(_GUARDED):
            try:
                caller = self._keys.caller(_shown_key(scope))
                self._require_room(caller)
            except CopydeskError as error:
                await answer_with_problem(error, scope, receive, send)
                return
            scope["state"]["caller"] = caller.name
        await self._app(scope, receive, send)

    def _require_room(self, caller: Caller) -> None:
        for limit in caller.limits:
            if not self._limiter.test(limit, caller.name):
                free = self._limiter.get_window_stats(limit, caller.name).reset_time - time.time()
                raise RateLimitError(_in_words(limit), retry_after=max(1, math.ceil(free)))
        # Only what passes all limits counts for any.
        for limit in caller.limits:
            self._limiter.hit(limit, caller.name)


def _path(scope: Scope) -> str:
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _shown_key(scope: Scope) -> str:
    scheme, _, key = Headers(scope=scope).get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise KeyRequiredError
    return key.strip()


def _in_words(limit: RateLimitItem) -> str:
    return f"{limit.amount:,} requests in {limit.get_expiry():,} s"


def describe_guard(document: dict[str, Any]) -> None:
    """Say in an OpenAPI document that a key is needed."""
    document["components"]["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer"}}
    problem = {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{Problem.__name__}"}}}
    guarded = (operations for path, operations in document["paths"].items() if path.startswith(_GUARDED))
    for operation in (operation for operations in guarded for operation in operations.values()):
        operation["security"] = [{"key": []}]
        operation["responses"] |= {
            "401": {"description": "There is no key, or it is not known.", "content": problem},
            "429": {"description": "The key's limit is reached; Retry-After says until when.", "content": problem},
        }
