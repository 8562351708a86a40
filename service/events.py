"""Grave events that a copy tells and its source does not: nobody may die or be arrested in the rewrite alone."""

from __future__ import annotations

import re
from functools import cache

from service.explanations import shown
from service.facts import Fact, FactKind, Verdict
from service.lexicon import read_rows
from service.quotations import real_quotations
from service.spans import Span


def match_events(source: str, copy: str) -> list[Fact]:
    """List the grave events of the copy that the source tells in none of the listed words.

    Args:
        source: The source text.
        copy: The rewrite; its real quotations are compared elsewhere.
    """
    quoted = [quotation.outer for quotation in real_quotations(copy)]
    facts: list[Fact] = []
    for event, told, stated in _patterns():
        spans = (Span(match.start(), match.end()) for match in told.finditer(copy))
        span = next((span for span in spans if not any(span.overlaps(quote) for quote in quoted)), None)
        if span is not None and not stated.search(source):
            reason = f'The copy says "{shown(copy, span)}", the source tells of no {event}.'
            facts.append(Fact(FactKind.RELATION, Verdict.UNSUPPORTED, None, span, reason))
    return facts


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str]], ...]:
    return tuple((event, _words(wire), _words(f"{wire}|{casual}")) for event, wire, casual in read_rows("events.tsv"))


def _words(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)
