"""Is a figure told by what is left of another: 28 of 31 boxes as all but three?

A true remainder that is worded otherwise is lost here, so that no changed figure passes for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from service.figures import find_numerals
from service.numerals import Numeral
from service.spans import Span

_NEAR = 100
# No stop of "3.5".
_END = re.compile(r"[.!?;:](?!\w)|\n")
_THE = r"(?:(?:the|its|their|his|her|our|my|your|these|those)\s+)?"
# "28 of the 31", "28 boxes out of 31".
_PART_OF = re.compile(rf"(?:\s+of|(?:\s+[^\W\d_]+)?\s+out\s+of)\s+{_THE}", re.IGNORECASE)
# "Of 31 boxes, only 28", but not "a fleet of 31 ships, 28 planes".
_OF_WHOLE = re.compile(rf"(?:^\W*|[,—–(]\s*|\b(?:and|but)\s+)(?:out\s+)?of\s+{_THE}$", re.IGNORECASE)
_THEN_PART = re.compile(r"(?:\s+[^\W\d_]+){0,3},\s+(?:(?:only|just)\s+)?", re.IGNORECASE)
# "40 in June, up from 31", "from 31 to 40".
_THEN_BASE = re.compile(
    r"(?:\s+[^\W\d_]+){0,4},?\s+(?:(?:up|down)\s+from|compared\s+(?:with|to))\s+(?:the\s+)?", re.IGNORECASE
)
_FROM = re.compile(r"\bfrom\s+$", re.IGNORECASE)
_THEN_LEVEL = re.compile(r"(?:\s+[^\W\d_]+){0,2}\s+to\s+", re.IGNORECASE)

_ALL_BUT = re.compile(r"(?<!not )(?<!nearly )(?<!almost )\ball\s+(?:but|except(?:\s+for)?)\s+$", re.IGNORECASE)
_DENIED = re.compile(
    rf"(?:(?:\s+of\s+{_THE}[\w,]+)?(?:\s+[^\W\d_]+)?"
    r"\s+(?:do|does|did|is|are|was|were|has|have|had|will|would|could)(?:\s+not|n['’]t)"
    r"|\s+of\s+them,?\s+not)\b(?!\s+(?:only|just|all)\b)",
    re.IGNORECASE,
)
_DENIAL = re.compile(r"\b(?:not|no|nor|none|never|neither|nobody|without|cannot|fail\w*)\b|n['’]t\b", re.IGNORECASE)
_SHORT_OF = re.compile(
    r"\s+(?:short\s+of|(?:[^\W\d_]+\s+)?(?:fewer|less)\s+than)\s+(?:the|its|their)\s+", re.IGNORECASE
)
_THAN = re.compile(
    r"\s+(?:[^\W\d_]+\s+)?(?:(?P<more>more|higher)|fewer|less|lower)\s+than\b(?P<base>\s+(?:the|its|their)\s+)?",
    re.IGNORECASE,
)


def is_remainder(source: str, copy: str, gone: Numeral, new: Numeral, beside: Iterable[Numeral]) -> bool:
    """Tell whether a copy tells a figure of the source by its difference from a figure beside it.

    The words beside the new figure must make a difference of it ("all but three", "three did not", "three more than"),
    and the source must set the old figure in one sentence against the whole or the level that the difference is from.

    Args:
        source: The source text.
        copy: The rewrite.
        gone: The figure of the source that the copy leaves out.
        new: The figure that the copy has instead.
        beside: The figures around it that the copy has too.
    """
    if any(figure.ordinal or figure.vague or figure.bound for figure in (gone, new)) or not _alike(gone, new):
        return False
    # In "all but 28 of 31", 3 for 28 is an error.
    if _ALL_BUT.search(source, 0, gone.span.start) or _THAN.match(source, gone.span.end):
        return False
    return any(
        _is_left(source, copy, gone, new, other) or _is_distance(source, copy, gone, new, other)
        for other in beside
        if other.value > 1
        and _alike(gone, other)
        and abs(other.value - gone.value) == new.value
        and _are_near(source, gone.span, other.span)
    )


def _is_left(source: str, copy: str, part: Numeral, new: Numeral, whole: Numeral) -> bool:
    """Tell whether the copy tells a part by the rest of its whole."""
    if part.value >= whole.value or not _is_part(source, part.span, whole.span):
        return False
    filed, written = _sentence(source, part.span), _sentence(copy, new.span)
    if not _stands_beside(copy, written, new, whole):
        return False
    was_denied = _DENIAL.search(filed.of(source)) is not None
    if _ALL_BUT.search(copy, written.start, new.span.start):
        return was_denied == (_DENIAL.search(written.of(copy)) is not None)
    if _DENIED.match(copy, new.span.end):
        return not was_denied
    short = _SHORT_OF.match(copy, new.span.end)
    return short is not None and _stands_at(copy, short.end(), whole)


def _is_part(source: str, part: Span, whole: Span) -> bool:
    if part.end <= whole.start:
        return _PART_OF.fullmatch(source, part.end, whole.start) is not None
    before = source[_sentence(source, whole).start : whole.start]
    return bool(_OF_WHOLE.search(before) and _THEN_PART.fullmatch(source, whole.end, part.start))


def _is_distance(source: str, copy: str, gone: Numeral, new: Numeral, other: Numeral) -> bool:
    """Tell whether the copy tells one of two compared levels by how far it is from the other."""
    than = _THAN.match(copy, new.span.end)
    if than is None:
        return False
    grew = than["more"] is not None
    if _is_level_from(source, gone.span, other.span):
        # "Nine more than the 31 in May."
        return than["base"] is not None and _stands_at(copy, than.end(), other) and grew == (gone.value > other.value)
    if not _is_level_from(source, other.span, gone.span) or grew != (other.value > gone.value):
        return False
    # "40 in June, nine more than in May."
    written = _sentence(copy, new.span)
    earlier = find_numerals(copy[written.start : new.span.start])
    return bool(earlier) and _same(earlier[-1], other)


def _is_level_from(source: str, level: Span, base: Span) -> bool:
    if level.end <= base.start:
        return _THEN_BASE.fullmatch(source, level.end, base.start) is not None
    return bool(_FROM.search(source[: base.start]) and _THEN_LEVEL.fullmatch(source, base.end, level.start))


def _sentence(text: str, span: Span) -> Span:
    start = max((end.end() for end in _END.finditer(text, 0, span.start)), default=0)
    stop = _END.search(text, span.end)
    return Span(start, stop.start() if stop else len(text))


def _stands_beside(copy: str, written: Span, new: Numeral, whole: Numeral) -> bool:
    """Tell whether no other figure of the sentence stands between the two."""
    figures = find_numerals(written.of(copy))
    start = new.span.start - written.start
    return any(
        (one.span.start == start and _same(other, whole)) or (other.span.start == start and _same(one, whole))
        for one, other in pairwise(figures)
    )


def _stands_at(copy: str, start: int, figure: Numeral) -> bool:
    found = find_numerals(copy[start : start + _NEAR])
    return bool(found) and found[0].span.start == 0 and _same(found[0], figure)


def _same(one: Numeral, other: Numeral) -> bool:
    return one.value == other.value and _alike(one, other)


def _alike(one: Numeral, other: Numeral) -> bool:
    return "" in (one.unit, other.unit) or one.unit == other.unit


def _are_near(text: str, one: Span, other: Span) -> bool:
    first, second = sorted((one, other))
    return second.start - first.end <= _NEAR and _END.search(text, first.end, second.start) is None
