"""The header ``Idempotency-Key`` (draft-ietf-httpapi-idempotency-key-header-07): a request sent twice counts once."""

from __future__ import annotations

import hashlib
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Header
from pydantic import WithJsonSchema
from starlette.requests import Request
from starlette.responses import Response

from service.errors import KeyInUseError, KeyReusedError, MalformedIdempotencyKeyError
from service.problems import JSON, JsonRoute

_LONGEST_KEY = 255
_CHARACTERS = rf"[!#-\[\]-~]{{1,{_LONGEST_KEY}}}"
_KEY = re.compile(f'"({_CHARACTERS})"|({_CHARACTERS})')
_MOST_KEYS = 10_000
_MOST_BYTES = 64 * 2**20
_SECONDS = 24 * 60 * 60.0


def read_key(request: Request) -> str | None:
    """Read the key of a request; None where it has none.

    The draft has it in quotation marks; a bare one, as many clients send it, is taken too.

    Raises:
        MalformedIdempotencyKeyError: It is none.
    """
    value = request.headers.get("idempotency-key")
    if value is None:
        return None
    found = _KEY.fullmatch(value.strip())
    if found is None:
        raise MalformedIdempotencyKeyError(_LONGEST_KEY)
    # One caller's key says nothing of another's.
    return f"{caller_of(request)} {found[1] or found[2]}"


def caller_of(request: Request) -> str:
    """Name the caller of a request; empty where nobody has a key to the service."""
    caller: str = getattr(request.state, "caller", "")
    return caller


def _describe(
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            description="Any string that no other request has, such as a UUID. The same request with the same key gets "
            "the same answer and is not worked on twice; another request with it gets 422.",
        ),
        # What is no key is refused by the route, before anything else is made of the request.
        WithJsonSchema(
            {
                "type": "string",
                "pattern": f'^("{_CHARACTERS}"|{_CHARACTERS})$',
                "examples": ['"8e03978e-40d5-43e8-bc93-6894a57f9324"'],
            }
        ),
    ] = None,
) -> None:
    """Describe the header; the route reads it."""


IDEMPOTENT = Depends(_describe)
"""Put among the dependencies of an operation, it describes the header."""


@dataclass
class _Request:
    fingerprint: bytes
    since: float
    under_way: bool = True
    answer: bytes = b""


class Answers:
    """What was asked with an idempotency key and what was answered; used from the event loop alone.

    They are kept in memory, for a day and within bounds: the oldest go first.

    Args:
        most_keys: Most keys.
        most_bytes: Most bytes of answers.
        seconds: How long each is kept.
        clock: Tells the time in seconds.
    """

    def __init__(
        self,
        *,
        most_keys: int = _MOST_KEYS,
        most_bytes: int = _MOST_BYTES,
        seconds: float = _SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most_keys = most_keys
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._clock = clock
        self._requests: OrderedDict[str, _Request] = OrderedDict()
        self._bytes = 0

    def find(self, key: str, fingerprint: bytes) -> bytes:
        """Look up the answer to an earlier request; empty where there is none, or none was kept.

        Raises:
            KeyReusedError: The key was another request's.
            KeyInUseError: The request with it is under way.
        """
        self._forget()
        known = self._requests.get(key)
        if known is None:
            return b""
        if known.fingerprint != fingerprint:
            raise KeyReusedError
        if known.under_way:
            raise KeyInUseError
        return known.answer

    @contextmanager
    def answering(self, key: str, fingerprint: bytes) -> Iterator[Callable[[bytes], None]]:
        """Hold a key while its request is under way; gives what keeps the answer, empty where it need not be kept.

        Without an answer at the end, as after an error, the key is free again.
        """
        request = _Request(fingerprint, self._clock())
        self._drop(key)
        self._requests[key] = request
        try:
            yield lambda answer: self._keep(request, answer)
        finally:
            if request.under_way:
                self._drop(key)

    def _keep(self, request: _Request, answer: bytes) -> None:
        request.under_way = False
        request.answer = answer
        self._bytes += len(answer)

    def _forget(self) -> None:
        oldest = self._clock() - self._seconds
        for key, request in list(self._requests.items()):
            crowded = len(self._requests) > self._most_keys or self._bytes > self._most_bytes
            if not crowded and request.since > oldest:
                break
            if not request.under_way:
                self._drop(key)

    def _drop(self, key: str) -> None:
        if request := self._requests.pop(key, None):
            self._bytes -= len(request.answer)


class IdempotentRoute(JsonRoute):
    """A route that heeds the header: what was answered with success is answered again."""

    async def answer(self, request: Request, handle: Callable[[Request], Coroutine[Any, Any, Response]]) -> Response:
        """Answer a request, once for each key."""
        key = read_key(request)
        if key is None:
            return await handle(request)
        answers: Answers = request.app.state.answers
        kind = f"{type(self).__name__} {self.path}\n"
        fingerprint = hashlib.sha256(kind.encode() + await request.body()).digest()
        if kept := answers.find(key, fingerprint):
            return Response(kept, media_type=JSON)
        with answers.answering(key, fingerprint) as keep:
            response = await handle(request)
            if response.status_code == HTTPStatus.OK:
                # A stream is not kept: told again it is the same, because a rewrite is a function of what was asked.
                keep(bytes(getattr(response, "body", b"")))
        return response
