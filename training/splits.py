"""Which sources may teach, and which only judge: splits that never change."""

from __future__ import annotations

import hashlib


def for_judge(source: str) -> bool:
    """Tell whether the verifier may not learn from a source, because the judge does: one in five."""
    return bucket(source) < 20


def bucket(key: str) -> int:
    """Give a number from 0 to 99 that depends on ``key`` alone."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4]) % 100
