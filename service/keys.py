"""API keys: who may call the service. Only their hashes are kept."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from limits import RateLimitItem, parse_many

from service.errors import KeyFileError, UnknownKeyError

_PREFIX = "cd-"
_NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Caller:
    """Whoever may call the service.

    Attributes:
        name: What the file of keys calls it; several keys may have one name, as when one takes the place of another.
        limits: How many requests it may make.
    """

    name: str
    limits: tuple[RateLimitItem, ...]


@dataclass(frozen=True)
class Keys:
    """The keys of a service.

    Attributes:
        callers: For each key its SHA-256 in hexadecimal digits and its caller.
    """

    callers: tuple[tuple[str, Caller], ...]

    @classmethod
    def load(cls, path: Path, *, limit: str) -> Keys:
        """Read a file of keys: a line of name, SHA-256 and, where it has one of its own, limit for each.

        Args:
            path: The file; what follows a ``#`` is a remark.
            limit: The limit of the others.

        Raises:
            KeyFileError: It cannot be used.
        """
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise KeyFileError(path, f"it cannot be read ({getattr(error, 'strerror', None) or error})") from error
        callers = []
        for number, line in enumerate(lines, start=1):
            if words := line.partition("#")[0].split():
                callers.append(_read_key(path, number, words, limit))
        if not callers:
            raise KeyFileError(path, "it has no key, so that nobody could call: `copydesk key NAME` makes one")
        return cls(tuple(callers))

    def caller(self, key: str) -> Caller:
        """Tell whose a key is.

        Raises:
            UnknownKeyError: It is nobody's.
        """
        digest = hash_key(key)
        # All of them are compared, each in constant time, so that the time tells nothing of any.
        found = [caller for known, caller in self.callers if hmac.compare_digest(known, digest)]
        if not found:
            raise UnknownKeyError
        return found[0]


def _read_key(path: Path, number: int, words: list[str], limit: str) -> tuple[str, Caller]:
    name, digest, *own = words if len(words) > 1 else (*words, "")
    if len(own) > 1 or not _NAME.fullmatch(name) or not _SHA256.fullmatch(digest):
        reason = f"line {number} is none of NAME SHA256 [LIMIT]: `copydesk key NAME` writes one"
        raise KeyFileError(path, reason)
    try:
        return digest, Caller(name, tuple(parse_many(own[0] if own else limit)))
    except ValueError as error:
        reason = f"line {number} has the limit {own[0]!r}: write it as 300/minute;5000/hour"
        raise KeyFileError(path, reason) from error


def is_name(name: str) -> bool:
    """Tell whether a caller can have a name."""
    return _NAME.fullmatch(name) is not None


def make_key() -> str:
    """Make a key that nobody can guess."""
    return _PREFIX + secrets.token_urlsafe(32)


def hash_key(key: str) -> str:
    """Hash a key, for the file; as no key can be guessed, a fast hash will do."""
    return hashlib.sha256(key.encode()).hexdigest()
