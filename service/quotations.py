"""Find quotations, and carry them through a rewrite word for word.

A real quotation (W7) is never shown to the model: it is replaced by a numbered mask, ``"[1]"``, and put back
afterwards, so that it is verbatim by construction. Constructed dialogue (W8, "he was like ...") is left visible,
because the rewrite must turn it into indirect speech.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from service.spans import Span

_MARK = re.compile(r'["“”„«»]')
_OPENS = frozenset("“„«")
_CLOSES = frozenset("”»")
_BEFORE_OPENING = frozenset("([{<—–-/*_‘'")
_AFTER_CLOSING = frozenset(".,;:!?…)]}>—–-/*_’'")
_BLANK_LINE = re.compile(r"\n(?:[ \t\r]*\n)+|\r(?:[ \t]*\r)+")
_REOPENED = re.compile(r'[\r\n][ \t>]*["“„«](?=\S)')
# ‘No way,’ as British papers have it; an apostrophe neither opens nor closes.
_SINGLE_OPENS = re.compile(
    r"(?:(?<=[\s(\[—–/])|(?<![\s\S]))"
    r"(?:‘|'(?!(?:em|cause|cuz|cos|coz|till?|tis|twas|n|round|bout|kay|sup|nother|neath|fore|ere|nuff)\b))(?=[^\W\d]|[$£€])",
    re.IGNORECASE,
)
_SINGLE_CLOSES = re.compile(r"(?<=\S)['’](?=$|[\s.,;:!?…)\]—–])")
# The plural's apostrophe and that of "hoppin'" look like closing marks.
_APOSTROPHE_LIKE = re.compile(r"(?:s|in)$", re.IGNORECASE)
_SINGLE_REACH = 600
_INCHES_APART = re.compile(r"\d \"\s")
_LINE_END = re.compile(r"[ \t]*[\r\n]+[ \t]*")
_TRAILING_STOP = ",."
_INITIALISM = re.compile(r"(?:\b\w\.)+$")
_STOPS = re.compile(r"[,.]")
_MASK = re.compile(r'"\[(\d{1,9})\]([,.]?)')
_NUMBER = re.compile(r"\[(\d{1,9})\]")

_BE = r"(?:\b(?:is|are|am|was|were|be|been|being|r|hes|shes|theyre|im|were|wuz)\b|(?<=\w)['’](?:s|re|m)\b)"
_QUOTED = r"[,:]?\s*(?:(?:quote|um|uh|well|oh|yeah)[,:]?\s*)?$"
_CONSTRUCTED_CUE = re.compile(
    rf"{_BE}(?:\s+[\w'’]+){{0,3}}?\s+(?:like|all(?:\s+like)?){_QUOTED}"
    rf"|\b(?:go|goes|went|going){_QUOTED}"
    rf"|\b(?:vibe|mood|attitude|energy)(?:\s+\w+)?\s*{_BE}(?:\s+\w+)?{_QUOTED}"
    r"|\b(?:basically|pretty\s+much|more\s+or\s+less|essentially|in\s+effect)\b(?:[^.!?\"“”]{0,70})$"
    r"|\b(?:something|words?|stuff)\s+(?:like|along\s+the\s+lines\s+of|to\s+the\s+effect\s+of)[,:]?\s*$"
    r"|\bparaphras\w+(?:\s+\w+)?[,:]?\s*$"
    # Nobody in particular says these.
    r"|\b(?:obligatory|filed?\s+(?:this\s+)?under|(?:today['’]s|this|another)\s+(?:episode|edition)\s+of|cue\s+the)\s+$"
    r"|\b(?:everyone|everybody|anyone|all\s+(?:of\s+)?you|those\s+of\s+you|people)\s+(?:saying|going|asking)[,:]?\s*$",
    re.IGNORECASE,
)
_REAL_CUE = re.compile(
    r"\b(?:call(?:s|ed|ing)?|dubb?(?:s|ed)|wrote|tweeted|posted)(?:\s+\w+){0,4}[,:]?\s*$", re.IGNORECASE
)
# "was basically like, the contract says 'no'": what comes after the comma has a speaker of its own.
_SPEAKER_OF_ITS_OWN = re.compile(
    r",\s+(?:(?:and|but|while|as)\s+)?"
    r"(?:(?:the|an?|his|her|its|their|s?he|who|which|it|they)\b[^,]*\b(?:says?|said|told|reads?|wrote|added)"
    r"|(?:telling|adding|writing)\b)(?:\s+[\w'’]+){0,4}[,:]?\s*$",
    re.IGNORECASE,
)
# "It was like finding a postcard" compares; nobody speaks.
_COMPARISON_CUE = re.compile(r"\bit(?:['’]s|\s+(?:is|was))\s+(?:like|all)[,:]?\s*$", re.IGNORECASE)
# "went viral", "goes green": a way to go, not to talk.
_BARE_GO = re.compile(r"\b(?:go|goes|went|going)\s+$", re.IGNORECASE)
_REAL_CUE_AFTER = re.compile(
    r"\s*(?:[\w.'’-]+\s+){0,4}?(?:said|says|told|tells|wrote|writes|tweeted|posted|added|explained|testified)\b",
)
_SENTENCE_END = re.compile(r"[.!?…][\"”'’)]*\s")
# 'was like "no," "never" and "go away"': what holds for the first holds for the others.
_CHAINED = 3
_QUOTED_BEFORE = re.compile(r"[\"“][^\"“”]*[\"”],?\s*(?:(?:and|or|then|but)\s+(?:then\s+)?)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Quotation:
    """Words between quotation marks.

    Attributes:
        outer: The marks and what stands between them; the closing mark may be missing at the end of a paragraph.
        inner: The words alone, without marks and without a final comma or stop, which belong to the sentence around.
    """

    outer: Span
    inner: Span


def find_quotations(text: str) -> tuple[Quotation, ...]:
    """Find the outermost pairs of quotation marks of ``text``, in order.

    A mark that is never closed opens a quotation up to the end of its paragraph, because a quotation over several
    paragraphs opens anew in each and closes only in the last; but a mark with whole quotations after it is a slip and
    opens nothing. An inch sign is no mark.

    >>> [q.inner.of('He said, "No way," twice.') for q in find_quotations('He said, "No way," twice.')]
    ['No way']
    """
    found: list[Quotation] = []
    for start, end in _paragraphs(text):
        doubles = _outermost(_double_quoted(text, start, end))
        for span, closed in _outermost([*doubles, *_single_quoted(text, start, end, doubles)]):
            quotation = _quotation(text, span, closed=closed)
            if quotation.inner.start < quotation.inner.end:
                found.append(quotation)
    return tuple(found)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for blank in (*_BLANK_LINE.finditer(text), None):
        end = blank.start() if blank else len(text)
        for line in _REOPENED.finditer(text, start, end):
            yield start, line.start()
            start = line.start() + 1
        yield start, end
        start = blank.end() if blank else end


def _double_quoted(text: str, start: int, end: int) -> list[tuple[Span, bool]]:
    """Pair the marks of a paragraph as brackets are paired; True where the closing mark stands."""
    marks = [match.start() for match in _MARK.finditer(text, start, end)]
    pairs: list[tuple[Span, bool]] = []
    open_marks: list[int] = []
    for number, position in enumerate(marks):
        opens, closes = _shape(text, position, start, end)
        mark = text[position]
        if mark == '"' and position > start and text[position - 1].isdigit():
            following = marks[number + 1] if number + 1 < len(marks) else None
            closed_later = following is not None and _shape(text, following, start, end) == (False, True)
            if not open_marks or (closed_later and closes):
                continue
        if not open_marks and _INCHES_APART.search(text, max(start, position - 2), position + 2):
            continue
        if opens and closes:
            opens = mark in _OPENS or (mark not in _CLOSES and not open_marks)
        if opens and not (mark in _CLOSES and open_marks):
            open_marks.append(position)
        elif open_marks:
            pairs.append((Span(open_marks.pop(), position + 1), True))
    if open_marks and all(pair.start < open_marks[-1] for pair, _ in pairs):
        pairs.append((Span(open_marks[-1], end), False))
    return pairs


def _shape(text: str, position: int, start: int, end: int) -> tuple[bool, bool]:
    """Tell by its neighbours whether a mark may open and whether it may close."""
    before = text[position - 1] if position > start else " "
    after = text[position + 1] if position + 1 < end else " "
    opens = (before.isspace() or before in _BEFORE_OPENING) and not after.isspace()
    closes = not before.isspace() and (after.isspace() or after in _AFTER_CLOSING)
    return (opens, closes) if opens or closes else (True, True)


def _single_quoted(text: str, start: int, end: int, doubles: list[tuple[Span, bool]]) -> list[tuple[Span, bool]]:
    starts = [span.start for span, _ in doubles]

    def free(position: int) -> bool:
        before = bisect_left(starts, position)
        return before == 0 or position >= doubles[before - 1][0].end

    pairs: list[tuple[Span, bool]] = []
    openings = [match.start() for match in _SINGLE_OPENS.finditer(text, start, end) if free(match.start())]
    for number, position in enumerate(openings):
        if pairs and position < pairs[-1][0].end:
            continue
        limit = min(end, position + _SINGLE_REACH, *openings[number + 1 : number + 2])
        doubtful: int | None = None
        for match in _SINGLE_CLOSES.finditer(text, position + 1, limit):
            if not free(match.start()):
                continue
            if not _APOSTROPHE_LIKE.search(text[position + 1 : match.start()][-2:]):
                doubtful = match.start()
                break
            doubtful = match.start() if doubtful is None else doubtful
        if doubtful is not None:
            pairs.append((Span(position, doubtful + 1), True))
    return pairs


def _outermost(pairs: list[tuple[Span, bool]]) -> list[tuple[Span, bool]]:
    outer: list[tuple[Span, bool]] = []
    for span, closed in sorted(pairs, key=lambda pair: (pair[0].start, -pair[0].end)):
        if not outer or span.start >= outer[-1][0].end:
            outer.append((span, closed))
    return outer


def _quotation(text: str, span: Span, *, closed: bool) -> Quotation:
    first, last = span.start + 1, span.end - 1 if closed else span.end
    while first < last and text[first].isspace():
        first += 1
    while last > first and (text[last - 1].isspace() or text[last - 1] in _TRAILING_STOP):
        # An ellipsis belongs to the words quoted, and so does the stop of "U.S."
        if text[max(first, last - 3) : last] == "..." or (
            text[last - 1] == "." and _INITIALISM.search(text, max(first, last - 12), last) and text[last - 2].isupper()
        ):
            break
        last -= 1
    return Quotation(outer=span, inner=Span(first, last))


def is_constructed(text: str, quotation: Quotation) -> bool:
    """Tell whether a quotation is constructed dialogue (W8): words in a speaker's mouth that nobody said.

    >>> t = 'The mayor was like, "nope," and left.'
    >>> is_constructed(t, find_quotations(t)[0])
    True
    """
    before = text[max(0, quotation.outer.start - 160) : quotation.outer.start]
    for _ in range(_CHAINED):
        before = _QUOTED_BEFORE.sub("", before)
    ends = [match.end() for match in _SENTENCE_END.finditer(before)]
    clause = before[ends[-1] :] if ends else before
    if (
        not _CONSTRUCTED_CUE.search(clause)
        or _REAL_CUE.search(clause)
        or _COMPARISON_CUE.search(clause)
        or _SPEAKER_OF_ITS_OWN.search(clause)
    ):
        return False
    words = quotation.inner.of(text)
    if _BARE_GO.search(clause) and len(words.split()) <= 2 and words[:1].islower() and words[-1:].isalpha():
        # "nope." was said, "viral" was not.
        return text[quotation.inner.end] in _TRAILING_STOP
    after = text[quotation.outer.end : quotation.outer.end + 80]
    attributed_after = text[quotation.inner.end : quotation.outer.end].startswith(",") and _REAL_CUE_AFTER.match(after)
    return not attributed_after


def real_quotations(text: str) -> tuple[Quotation, ...]:
    """Find the quotations that a rewrite must keep word for word (W7)."""
    return tuple(quotation for quotation in find_quotations(text) if not is_constructed(text, quotation))


class MaskError(ValueError):
    """The model lost, doubled or invented a mask of a quotation."""

    def __init__(self, *, expected: Iterable[int], found: Iterable[int]) -> None:
        self.expected = tuple(expected)
        self.found = tuple(found)
        super().__init__(f"expected each of the masks {list(self.expected)} once, found {list(self.found)}")


@dataclass(frozen=True)
class MaskedText:
    """A text whose real quotations are replaced by numbered masks.

    Attributes:
        text: What the model reads.
        quoted: The words behind the masks, in order.
        first: Number of the first mask; above 1 where the text itself holds something like a mask.
    """

    text: str
    quoted: tuple[str, ...]
    first: int = 1

    def restore(self, rewrite: str) -> str:
        """Put the quoted words back.

        A comma or stop goes where the words bring a mark of their own: ``"Why?" he said``, not ``"Why?," he said``.

        Raises:
            MaskError: A mask is missing, stands there twice, or was never given out.
        """
        numbers = range(self.first, self.first + len(self.quoted))
        found = [int(match[1]) for match in _MASK.finditer(rewrite)]
        strangers = Counter(number for number in found if number not in numbers)
        typed = Counter(int(match[1]) for match in _MASK.finditer(self.text))
        if sorted(number for number in found if number in numbers) != list(numbers) or strangers - typed:
            raise MaskError(expected=numbers, found=found)

        def words(match: re.Match[str]) -> str:
            if int(match[1]) not in numbers:
                return match[0]
            quoted = self.quoted[int(match[1]) - self.first]
            redundant = quoted.endswith(("?", "!", "—", "–")) or (match[2] == "." and quoted.endswith((".", "…")))
            return '"' + quoted + ("" if redundant else match[2])

        return _MASK.sub(words, rewrite)


def mask_quotations(text: str, quotations: Iterable[Quotation]) -> MaskedText:
    """Replace ``quotations``, which must be in order and apart, by ``"[1]"``, ``"[2]"``, ...

    Marks inside a quotation become single ones, because the restored one stands in straight double marks; the ends of
    hard-wrapped lines become spaces.

    >>> t = 'It was “a mess,” he said.'
    >>> mask_quotations(t, find_quotations(t)).text
    'It was "[1]," he said.'
    """
    quotations = tuple(quotations)
    bounds = [bound for quotation in quotations for bound in (quotation.outer.start, quotation.outer.end)]
    outside = [text[start:end] for start, end in zip([0, *bounds[1::2]], [*bounds[::2], len(text)], strict=True)]
    stops = [_STOPS.findall(text[quotation.inner.end : quotation.outer.end]) for quotation in quotations]

    def masked(first: int) -> str:
        masks = [f'"[{number}]{"".join(stop)}"' for number, stop in enumerate(stops, start=first)]
        return "".join(piece for pair in zip(outside, [*masks, ""], strict=True) for piece in pair)

    first = 1
    if [int(match[1]) for match in _MASK.finditer(masked(first))] != list(range(1, len(quotations) + 1)):
        first += max(int(number) for number in _NUMBER.findall("".join(outside)))
    quoted = tuple(_LINE_END.sub(" ", _MARK.sub("'", quotation.inner.of(text))) for quotation in quotations)
    return MaskedText(text=masked(first), quoted=quoted, first=first)
