"""Is a figure told by what is left of another: 28 of 31 boxes as all but three?"""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.numerals import Numeral
from service.spans import Span

_NEAR = 100
_CUE_REACH = 40
# Without one of these a figure that happens to be a difference is a wrong one: of five directors three quit, not two.
_LEFT = re.compile(
    r"\b(?:all\s+but|except|other\s+than|not|nor|no|none|neither|never|without|leav\w+|remain\w*|rest|left|fewer|less|instead"
    r"|difference|others?|the\s+year\s+before|last\s+(?:year|month|week|season)|surviv\w*|by)\b|n['’]t\b",
    re.IGNORECASE,
)
_COMPARED = re.compile(r"\s+(?:\w+\s+)?(?:more|fewer|less|higher|lower|better|worse)\b", re.IGNORECASE)


def is_remainder(source: str, copy: str, gone: Numeral, new: Numeral, beside: Iterable[Numeral]) -> bool:
    """Tell whether a copy tells a figure of the source by its difference from a figure beside it.

    Args:
        source: The source text.
        copy: The rewrite.
        gone: The figure of the source that the copy leaves out.
        new: The figure that the copy has instead.
        beside: The figures around it that the copy has too.
    """
    if gone.ordinal or new.ordinal or gone.vague or new.vague or not _alike(gone, new):
        return False
    if not any(
        abs(other.value - gone.value) == new.value
        for other in beside
        if other.value > 1 and _alike(gone, other) and _are_near(source, gone.span, other.span)
    ):
        return False
    around = copy[max(0, new.span.start - _CUE_REACH) : new.span.end + _CUE_REACH]
    return _LEFT.search(around) is not None or _COMPARED.match(source, gone.span.end) is not None


def _alike(one: Numeral, other: Numeral) -> bool:
    return "" in (one.unit, other.unit) or one.unit == other.unit


def _are_near(text: str, one: Span, other: Span) -> bool:
    first, second = sorted((one, other))
    return second.start - first.end <= _NEAR and "\n" not in text[first.end : second.start]
