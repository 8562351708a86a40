"""Give the people of judged pairs other names, so that a model cannot learn cases by the names in them."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import replace

from service.spans import Span
from training.judged import Judged

_NAME = re.compile(r"\b[A-ZÀ-Þ][a-zß-ÿ]{2,}\b")
# How often a name is exchanged.
_EXCHANGED = 0.6


def rename(group: Sequence[Judged], names: Sequence[str], rng: random.Random) -> list[Judged]:
    """Exchange names in the texts of a group, each for one that none of them has, the same one in all of them.

    What is the same name stays so and what is another stays another, so what is wrong with a copy stays wrong.

    Args:
        group: Pairs that share texts.
        names: Names that may stand for each other, such as family names: a given name says whom "she" means, a place
            has a people and a capital.
        rng: The only source of chance.
    """
    texts = list({text: None for one in group for text in (one.source, one.copy)})
    told = sorted({name for text in texts for name in _NAME.findall(text)})
    known = set(names)
    exchanged = [name for name in told if name in known and rng.random() < _EXCHANGED]
    free = sorted(known - set(told))
    mapping = dict(zip(exchanged, rng.sample(free, min(len(exchanged), len(free))), strict=False))
    return [
        replace(
            one,
            source=_exchange(one.source, mapping),
            copy=_exchange(one.copy, mapping),
            source_spans=_moved(one.source_spans, one.source, mapping),
            copy_spans=_moved(one.copy_spans, one.copy, mapping),
        )
        for one in group
    ]


def _exchange(text: str, mapping: dict[str, str]) -> str:
    return _NAME.sub(lambda match: mapping.get(match[0], match[0]), text)


def _moved(spans: Sequence[Span] | None, text: str, mapping: dict[str, str]) -> tuple[Span, ...] | None:
    """Give the spans that hold the same words once names were exchanged."""
    if spans is None:
        return None
    return tuple(
        Span(len(_exchange(text[: span.start], mapping)), len(_exchange(text[: span.end], mapping))) for span in spans
    )
