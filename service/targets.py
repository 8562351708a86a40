"""What every engine agrees on: how long a target may get, how its samples are drawn, which sources share a batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np

from service.generation import Candidate

# Nucleus sampling (Holtzman et al. 2020, arXiv:1904.09751).
TEMPERATURE = 0.7
TOP_P = 0.95
TOP_K = 50
# The longest target of 3,046 hand-written pairs is its prompt and 8 tokens more.
_TARGET_PER_SOURCE = 1.0
_TARGET_FLOOR = 24
_LONGEST_SOURCE = 400
_BATCH_TOKENS = 1536


def budget(prompt: Sequence[int]) -> int:
    """Say how many tokens a target may have: a matter of its own prompt, not of what shares the batch."""
    return int(_TARGET_PER_SOURCE * len(prompt)) + _TARGET_FLOOR


def longest_source(context: int) -> int:
    """Give the tokens of the longest source passage; 0 or less where a context of this size holds none."""
    return min(_LONGEST_SOURCE, int(context / (1 + _TARGET_PER_SOURCE)) - _TARGET_FLOOR)


def break_up(source: str, special_tokens: Iterable[str]) -> str:
    """Break up what a tokenizer would take for the end of the source (W16)."""
    for token in special_tokens:
        if token in source:
            source = source.replace(token, " ".join(token))
    return source


def buckets(lengths: Sequence[int], count: int, *, most: int | None = None) -> list[list[int]]:
    """Group sources of similar length, so that memory stays bounded.

    Args:
        lengths: Tokens of each prompt.
        count: Targets of each.
        most: Most targets in a group, where one source alone does not have more.
    """
    found: list[list[int]] = []
    for index in sorted(range(len(lengths)), key=lambda index: -lengths[index]):
        targets = (len(found[-1]) + 1) * count if found else 0
        full = most is not None and targets > most
        if not found or full or lengths[found[-1][0]] * targets > _BATCH_TOKENS:
            found.append([])
        found[-1].append(index)
    return found


def chance(seed: int, prompt: Sequence[int], number: int) -> np.random.Generator:
    """Make the source of chance of one sample: it depends on nothing that shares the batch.

    Adding Gumbel noise to log-probabilities and taking the largest draws from them (Gumbel-max; Maddison et al. 2014,
    arXiv:1411.0030).
    """
    digest = hashlib.sha256(repr((seed, list(prompt), number)).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def distinct(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Keep the best of those that say the same, best first."""
    best: dict[str, Candidate] = {}
    for candidate in sorted(candidates, key=lambda candidate: (-candidate.score, candidate.text)):
        best.setdefault(candidate.text, candidate)
    return tuple(best.values())
