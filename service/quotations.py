"""Find quotations, and carry them through a rewrite word for word.

A real quotation (W7) is never shown to the model: it is replaced by a numbered mask, ``"[1]"``, and put back
afterwards, so that it is verbatim by construction. Constructed dialogue (W8, "he was like ...") is left visible,
because the rewrite must turn it into indirect speech.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from service.spans import Span

_OPENING = {"“": "”", "„": "”", "«": "»", '"': '"'}
_CLOSING = frozenset("”»“")
_TRAILING_STOP = ",."
_MASK = re.compile(r'"\[(\d+)\]')

_BE = r"(?:\b(?:is|are|am|was|were|be|been|being)|(?<=\w)['’](?:s|re|m))"
_QUOTED = r"[,:]?\s*(?:quote[,:]?\s*)?$"
_CONSTRUCTED_CUE = re.compile(
    rf"{_BE}(?:\s+[\w'’]+){{0,3}}?\s+(?:like|all(?:\s+like)?){_QUOTED}"
    rf"|\b(?:go|goes|went|going){_QUOTED}"
    rf"|\b(?:vibe|mood|attitude|energy)(?:\s+\w+)?\s*{_BE}(?:\s+\w+)?{_QUOTED}"
    r"|\b(?:basically|pretty\s+much|more\s+or\s+less|essentially)\b(?:[^.!?\"“”]{0,70})$",
    re.IGNORECASE,
)
_REAL_CUE = re.compile(r"\b(?:call(?:s|ed|ing)?|dubb?(?:s|ed)|wrote|tweeted|posted)(?:\s+\w+){0,4}[,:]?\s*$", re.IGNORECASE)
# "It was like finding a postcard" compares; nobody speaks.
_COMPARISON_CUE = re.compile(r"\bit(?:['’]s|\s+(?:is|was))\s+(?:like|all)[,:]?\s*$", re.IGNORECASE)
_REAL_CUE_AFTER = re.compile(
    r"\s*(?:[\w.'’-]+\s+){0,4}?(?:said|says|told|tells|wrote|writes|tweeted|posted|added|explained|testified)\b",
)
_SENTENCE_END = re.compile(r"[.!?…][\"”'’)]*\s")


@dataclass(frozen=True)
class Quotation:
    """Words between quotation marks.

    Attributes:
        outer: The marks and what stands between them; the closing mark may be missing at the end of the text.
        inner: The words alone, without marks and without a final comma or stop, which belong to the sentence around.
    """

    outer: Span
    inner: Span


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """Find the outermost pairs of quotation marks of ``text``, in order.

    A mark that is never closed opens a quotation up to the end of the text, because a quotation over several
    paragraphs closes only in the last. A mark straight after a digit is an inch sign.

    >>> [q.inner.of('He said, "No way," twice.') for q in find_quotations('He said, "No way," twice.')]
    ['No way']
    """
    found: list[Quotation] = []
    start: int | None = None
    closing = ""
    for position, mark in enumerate(text):
        if start is None:
            inch = mark == '"' and position > 0 and text[position - 1].isdigit()
            if mark in _OPENING and not inch:
                start, closing = position, _OPENING[mark]
        elif mark == closing or (closing == "”" and mark in _CLOSING):
            found.append(_quotation(text, start, position + 1, closed=True))
            start = None
    if start is not None:
        found.append(_quotation(text, start, len(text), closed=False))
    return tuple(quotation for quotation in found if quotation.inner.start < quotation.inner.end)


def is_constructed(text: str, quotation: Quotation) -> bool:
    """Tell whether a quotation is constructed dialogue (W8): words in a speaker's mouth that nobody said.

    >>> t = 'The mayor was like, "nope," and left.'
    >>> is_constructed(t, find_quotations(t)[0])
    True
    """
    before = text[max(0, quotation.outer.start - 160) : quotation.outer.start]
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    clause = before[ends[-1] :] if ends else before
    if not _CONSTRUCTED_CUE.search(clause) or _REAL_CUE.search(clause) or _COMPARISON_CUE.search(clause):
        return False
    after = text[quotation.outer.end : quotation.outer.end + 80]
    attributed_after = text[quotation.inner.end : quotation.outer.end].startswith(",") and _REAL_CUE_AFTER.match(after)
    return not attributed_after


def real_quotations(text: str) -> tuple[Quotation, ...]:
    """Find the quotations that a rewrite must keep word for word (W7)."""
    return tuple(quotation for quotation in find_quotations(text) if not is_constructed(text, quotation))


def _quotation(text: str, start: int, end: int, *, closed: bool) -> Quotation:
    first, last = start + 1, end - 1 if closed else end
    while first < last and text[first].isspace():
        first += 1
    while last > first and (text[last - 1].isspace() or text[last - 1] in _TRAILING_STOP):
        # An ellipsis belongs to the words quoted.
        if text[last - 3 : last] == "...":
            break
        last -= 1
    return Quotation(outer=Span(start, end), inner=Span(first, last))


@dataclass(frozen=True)
class MaskedText:
    """A text whose real quotations are replaced by numbered masks.

    Attributes:
        text: What the model reads.
        quoted: The words behind mask 1, 2, ...
    """

    text: str
    quoted: tuple[str, ...]

    def restore(self, rewrite: str) -> str:
        """Put the quoted words back.

        Raises:
            MaskError: A mask is missing, stands there twice, or was never given out.
        """
        numbers = [int(number) for number in _MASK.findall(rewrite)]
        if sorted(numbers) != list(range(1, len(self.quoted) + 1)):
            raise MaskError(expected=len(self.quoted), found=numbers)
        return _MASK.sub(lambda match: '"' + self.quoted[int(match[1]) - 1], rewrite)


class MaskError(ValueError):
    """The model lost, doubled or invented a mask of a quotation."""

    def __init__(self, *, expected: int, found: Iterable[int]) -> None:
        self.expected = expected
        self.found = tuple(found)
        super().__init__(f"expected the masks 1 to {expected} once each, found {list(self.found)}")


def mask_quotations(text: str, quotations: Iterable[Quotation]) -> MaskedText:
    """Replace ``quotations``, which must be in order and apart, by ``"[1]"``, ``"[2]"``, ...

    >>> t = 'It was “a mess,” he said.'
    >>> mask_quotations(t, find_quotations(t)).text
    'It was "[1]," he said.'
    """
    pieces: list[str] = []
    quoted: list[str] = []
    position = 0
    for quotation in quotations:
        pieces.append(text[position : quotation.outer.start])
        quoted.append(quotation.inner.of(text))
        stop = text[quotation.inner.end : quotation.outer.end].strip("”»“\" ")
        pieces.append(f'"[{len(quoted)}]{stop}"')
        position = quotation.outer.end
    pieces.append(text[position:])
    return MaskedText(text="".join(pieces), quoted=tuple(quoted))
