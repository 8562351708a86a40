"""A system behind HTTP: one that takes ``{"text": ...}`` and answers ``{"copy": ...}``, as ``copydesk serve`` does."""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from evaluation.corpus import Sample
from evaluation.errors import RefusedError, WrongAnswerError
from evaluation.fingerprints import digest_of, short
from evaluation.systems.system import Output, Part
from service.errors import UsageError

_PATH, _MODEL = "/v1/rewrite", "/v1/model"
_REFUSALS = (400, 413, 415, 422)
# What is asked before the first text: slower than this, and the system is known by its address.
_PATIENCE = 10.0
_LARGEST = 64 * 1024 * 1024


class Endpoint:
    """A system behind HTTP; how long it may take is its caller's affair.

    Args:
        name: What the command line calls it.
        url: Where the texts are sent.

    Raises:
        UsageError: That is no address of the web.
    """

    def __init__(self, name: str, url: str) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
            raise UsageError(f"{url!r} is no address of the web: give one such as http://localhost:8017/v1/rewrite")
        self.name = name
        self._url = url
        self.fingerprint = f"{url}@{short(digest_of(self._described()))}"

    def rewrite(self, sample: Sample) -> Output:
        """Send a text.

        Raises:
            RefusedError: The system says that it does not take the text.
            WrongAnswerError: It cannot be reached, fails, or does not answer with a copy.
        """
        request = urllib.request.Request(
            self._url,
            data=json.dumps({"text": sample.source}).encode(),
            headers={"content-type": "application/json", "accept": "application/json"},
        )
        try:
            answer = _fetch(request, None)
        except urllib.error.HTTPError as error:
            reason = _reason(error)
            if error.code in _REFUSALS:
                raise RefusedError(reason) from error
            raise WrongAnswerError(f"status {error.code}: {reason}") from error
        except (OSError, http.client.HTTPException) as error:
            raise WrongAnswerError(f"{self._url} cannot be reached ({getattr(error, 'reason', error)})") from error
        except ValueError as error:
            raise WrongAnswerError(f"no JSON in UTF-8 ({error})") from error
        if not isinstance(answer, dict) or not isinstance(answer.get("copy"), str):
            raise WrongAnswerError('an object with the text "copy" was expected')
        return Output(answer["copy"], _parts(answer.get("passages", [])))

    def close(self) -> None:
        """Do nothing: no connection is kept."""

    def _described(self) -> object:
        """Ask a copydesk what it runs; another system is known by its address alone."""
        if not self._url.endswith(_PATH):
            return None
        try:
            return _fetch(urllib.request.Request(self._url.removesuffix(_PATH) + _MODEL), _PATIENCE)
        except (OSError, http.client.HTTPException, ValueError):
            # If it is not there, every row of it will say so.
            return None


def _fetch(request: urllib.request.Request, timeout: float | None) -> object:
    with urllib.request.urlopen(request, timeout=timeout) as reply:
        body = reply.read(_LARGEST + 1)
    if len(body) > _LARGEST:
        raise ValueError(f"the body has more than {_LARGEST:,} bytes")
    return json.loads(body)


def _reason(error: urllib.error.HTTPError) -> str:
    with error:
        body = error.read(10_000)
    try:
        problem: Any = json.loads(body)
    except ValueError:
        problem = None
    detail = problem.get("detail") if isinstance(problem, Mapping) else None
    return detail if isinstance(detail, str) else str(error.reason)


def _parts(passages: object) -> tuple[Part, ...]:
    if not isinstance(passages, list):
        raise WrongAnswerError('"passages" is no list')
    try:
        parts = tuple(Part(one["status"], one["source"], one["copy"]) for one in passages)
    except (KeyError, TypeError) as error:
        raise WrongAnswerError('a passage needs the texts "status", "source" and "copy"') from error
    if not all(isinstance(text, str) for part in parts for text in (part.status, part.source, part.copy)):
        raise WrongAnswerError('a passage needs the texts "status", "source" and "copy"')
    return parts


def endpoint(rest: str) -> Endpoint:
    """Open what stands after ``http:``: a whole address, or the rest of one.

    Raises:
        UsageError: That is no address of the web.
    """
    return Endpoint(f"http:{rest}", f"http:{rest}" if rest.startswith("//") else rest)


def secure(rest: str) -> Endpoint:
    """Open what stands after ``https:``.

    Raises:
        UsageError: That is no address of the web.
    """
    return Endpoint(f"https:{rest}", f"https:{rest}")
