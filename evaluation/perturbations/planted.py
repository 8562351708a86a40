"""An error that was put into a text on purpose, and how it gets there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.spans import Span

_ARTICLE = re.compile(r"\b(a|an|A|An) $")
_VOWEL = re.compile(
    r"(?:[aeio]|u(?!ni(?!n|m)|s[aeiou]|k\b|t[ei]|ran|\.?[sk]\b|\.[sknae])|8|11\b|11,|18\b|18,|hour|hon(?:est|or)|heir"
    r"|(?:[FLMNRSX](?=[A-Z.]))|[AEIO])",
)
_CONSONANT = re.compile(r"one\b|once\b|euro|ewe|U\.|US\b|UK\b|UN[A-Z]?\b|one-", re.IGNORECASE)
_FAR = 80


@dataclass(frozen=True)
class Planted:
    """A text with one error.

    Attributes:
        kind: Type of the error.
        text: The hypothesis with the error in it.
        span: Where in ``text`` the error stands; empty, at the place, where something is lost.
        original: What of the faithful hypothesis was replaced or lost; empty where something is only added.
    """

    kind: str
    text: str
    span: Span
    original: Span


@dataclass(frozen=True)
class Edit:
    """New wording for a stretch of the hypothesis.

    Attributes:
        span: The stretch; empty for an insertion.
        text: What stands there afterwards.
    """

    span: Span
    text: str


Change = tuple[Edit, ...]


def article_before(text: str) -> str:
    """Give the indefinite article that goes before ``text``.

    >>> article_before("hour"), article_before("union"), article_before("8%"), article_before("FBI agent")
    ('an', 'a', 'an', 'an')
    """
    if _CONSONANT.match(text):
        return "a"
    lowered = text if text[:2].isupper() or text[1:2] == "." else text[:1].lower() + text[1:]
    return "an" if _VOWEL.match(lowered) else "a"


def plant(kind: str, hypothesis: str, change: Change) -> Planted | None:
    """Carry out a change; articles and capitals are put right, and nothing is given back where nothing changes."""
    edits = [_with_article(hypothesis, _with_capital(hypothesis, edit)) for edit in sorted(change, key=_start)]
    if any(first.span.end > second.span.start for first, second in pairwise(edits)):
        return None
    pieces: list[str] = []
    places: list[Span] = []
    position = length = 0
    for edit in edits:
        kept = hypothesis[position : edit.span.start]
        new = edit.text
        if _at_start(hypothesis, edit.span.start) and new:
            new = capitalised(new)
        pieces += [kept, new]
        length += len(kept)
        places.append(Span(length, length + len(new)))
        length += len(new)
        position = edit.span.end
    text = "".join(pieces) + hypothesis[position:]
    if _squeezed(text) == _squeezed(hypothesis) or not _sound(text, hypothesis):
        return None
    if (
        len(edits) == 1
        and len(edits[0].text) == 1
        and edits[0].span.of(hypothesis)[-1:].lower() == edits[0].text.lower()
    ):
        # Only a capital stands in for what was lost.
        lost = Span(edits[0].span.start, edits[0].span.end - 1)
        return Planted(kind, text, Span(lost.start, lost.start), _trimmed(lost, hypothesis))
    original = _trimmed(_hull([edit.span for edit in edits]), hypothesis)
    return Planted(kind=kind, text=text, span=_trimmed(_hull(places), text), original=original)


def _trimmed(span: Span, text: str) -> Span:
    """Leave the white space at the ends out, unless nothing else is there."""
    words = span.of(text)
    if not words.strip():
        return Span(span.start, span.start) if not words else span
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def capitalised(text: str) -> str:
    """Give the text with a capital at the start, behind an opening mark too."""
    match = re.match(r"[\"“'‘(]*", text)
    first = match.end() if match else 0
    return text[:first] + text[first : first + 1].upper() + text[first + 1 :]


def _start(edit: Edit) -> tuple[int, int]:
    return edit.span.start, edit.span.end


def _hull(spans: Sequence[Span]) -> Span:
    """Cover all the places, or only the first where they lie far apart."""
    last = max(spans, key=lambda span: span.end)
    return Span(spans[0].start, last.end) if last.end - spans[0].start <= _FAR else spans[0]


def _at_start(text: str, position: int) -> bool:
    before = text[:position].rstrip("\"“'‘(- ")
    return (
        not before
        or before.endswith(("\n", "!", "?"))
        or bool(re.search(r"(?:[a-z%)\d]|[a-z]['\"”]|[.,]\")\.$", before))
    )


def _with_capital(text: str, edit: Edit) -> Edit:
    following = text[edit.span.end : edit.span.end + 1]
    if edit.text or not following.islower() or not _at_start(text, edit.span.start):
        return edit
    return Edit(Span(edit.span.start, edit.span.end + 1), following.upper())


def _with_article(text: str, edit: Edit) -> Edit:
    match = _ARTICLE.search(text[max(0, edit.span.start - 4) : edit.span.start])
    old = edit.span.of(text)
    if not match:
        return edit
    new = edit.text or text[edit.span.end :].lstrip()
    right = article_before(new)
    if right == match[1].lower() or (not edit.text and not old.strip()):
        return edit
    if match[1][0].isupper():
        right = right.capitalize()
    start = edit.span.start - len(match[0])
    return Edit(span=Span(start, edit.span.end), text=f"{right} {edit.text}")


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)


_UNSOUND = re.compile(
    r"  | [,.;:]|,,|,\.|\b(the|a|an|of|to|in|at|is|was|for) \1\b|\ba (?:the|a|an|his|her|its)\b|\$[€£$]"
)


def _sound(text: str, before: str) -> bool:
    """Tell whether the change left no more broken places than there were."""
    return (
        len(_UNSOUND.findall(text)) <= len(_UNSOUND.findall(before))
        and text.count('"') % 2 == before.count('"') % 2
        and bool(text.strip())
        and text == text.strip()
    )
