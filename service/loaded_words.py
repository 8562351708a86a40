"""Loaded and slangy words, and what copy has in their place (W4)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from functools import cache

from service.inflection import VerbForms, inflect, plural
from service.lexicon import read_rows
from service.spans import Span
from service.speech import STARTS, Replacement, word_class


@dataclass(frozen=True)
class _Entry:
    words: tuple[str, ...]
    plain: str
    # The plain form after "has" or "was", where it differs.
    participle: str
    certain: bool
    # The form is spelled like a noun, so that what stands before it must tell: "base", "third" or "".
    doubtful: str
    context: _Context


@dataclass(frozen=True)
class _Context:
    """What must not stand around a phrase for it to be loaded, and what must for a rule to replace it."""

    not_after: frozenset[str]
    not_before: frozenset[str]
    not_near: frozenset[str]
    only_after: frozenset[str]
    only_before: frozenset[str]
    only_near: frozenset[str]

    @classmethod
    def read(cls, columns: Sequence[str]) -> _Context:
        not_after, before, only_after, only_before = (
            frozenset(words.split("|")) - {""} for words in (*columns, "", "", "", "")[:4]
        )
        (not_before, not_near), (then, near) = map(_part, (before, only_before))
        return cls(not_after, not_before, not_near, only_after, then, near)

    def allows(self, before: str, following: Sequence[str]) -> bool:
        """Tell whether the phrase is loaded between these words."""
        return (
            before not in self.not_after
            and not self.not_before.intersection(following[:1])
            and not self.not_near.intersection(following)
        )

    def proves(self, before: str, following: Sequence[str], text: str) -> bool:
        """Tell whether the words around it, and the text that follows, leave no doubt what the phrase means."""
        if not (self.only_after or self.only_before or self.only_near):
            return True
        money = _MONEY in self.only_before and _AMOUNT.match(text) is not None
        near = not (self.only_before.isdisjoint(following[:1]) and self.only_near.isdisjoint(following))
        return before in self.only_after or near or money


def _part(words: frozenset[str]) -> tuple[frozenset[str], frozenset[str]]:
    """Part the words that stand right behind from those that may stand among the next few."""
    near = frozenset(word for word in words if word.startswith(_NEAR))
    return words - near, frozenset(word[1:] for word in near)


_TOKEN = re.compile(r"['’]?[A-Za-z0-9][\w'’/;.-]*")
_BAR = "|"
# In a column of words: one that may stand among the next few; and an amount of money.
_NEAR, _MONEY = "~", "$"
_NEXT = 3
_AMOUNT = re.compile(
    r"\s*(?:(?:about|around|some|nearly|over|another|at least|almost|more than)\s+)?"
    r"(?:[$£€¥]|[A-Z]{0,3}\$|\d[\d.,]*\s*(?:[kmb]n?|mil|thousand|million|billion|grand|bucks|quid|dollars|euros|pounds)\b)",
    re.IGNORECASE,
)
_TAIL = "'’.;-/"
# How far something fell says the figure: "fell sharply 16%" is no English. Years and the like say when.
_FIGURE = re.compile(
    r"\s+(?:by\s+)?(?:(?:about|around|some|nearly|almost|over|at least|more than|less than)\s+)?[$£€¥]?\d[\d.,]*"
    r"(?![\d.,]*\s*-?(?:years?|months?|weeks?|days?|hours?|minutes?|times)\b)"
)
_ADVERB = re.compile(r"(?<=[a-z]) (?:sharply|steeply|rapidly|slightly)(?=\||$)")
# It stands before all that tells what kind of official it is: "military senior official" is no English.
_RANK = "senior "
_AFTER_HAVE = re.compile(
    r"(?:\b(?:has|have|had|having|be|been|being|is|are|was|were|get|gets|got)|['’](?:ve|s))(?:n['’]t)?(?:\s+(?:not|never|already|just|now|also|since|\w+ly))?\s+$",
    re.IGNORECASE,
)


def _spread(kind: str, loaded: str, plain: str) -> Iterator[tuple[str, str, str, str]]:
    if kind in "ve":
        forms = inflect(loaded)
        targets = VerbForms(*[plain] * 5) if plain.startswith("?") else _inflect_each(plain)
        yield forms.past, targets.past, targets.participle, ""
        if forms.participle != forms.past:
            yield forms.participle, targets.participle, targets.participle, ""
        if kind == "v":
            single = " " not in loaded
            yield forms.base, targets.base, targets.base, "base" if single else ""
            yield forms.third, targets.third, targets.third, "third" if single else ""
            yield forms.gerund, targets.gerund, targets.gerund, ""
    elif kind == "n":
        yield loaded, plain, plain, ""
        many = plain if plain.startswith("?") else _BAR.join(map(plural, plain.split(_BAR)))
        yield plural(loaded), many, many, ""
    else:
        yield loaded, plain, plain, ""


def _inflect_each(plain: str) -> VerbForms:
    forms = [inflect(alternative) for alternative in plain.split(_BAR)]
    return VerbForms(*(_BAR.join(same) for same in zip(*map(astuple, forms), strict=True)))


@cache
def _entries(file: str) -> dict[str, tuple[_Entry, ...]]:
    """Give the phrases of a list by their first word, the longest first."""
    table: dict[tuple[str, ...], _Entry] = {}
    for kind, alternatives, plain, *context in read_rows(file):
        around = _Context.read(context)
        for loaded in alternatives.split("|"):
            for form, target, participle, doubtful in _spread(kind, loaded, plain):
                words = tuple(form.split(" "))
                certain = not plain.startswith("?")
                shown = target.lstrip("?")
                table.setdefault(words, _Entry(words, shown, participle.lstrip("?"), certain, doubtful, around))
    by_first: dict[str, list[_Entry]] = {}
    for words, entry in table.items():
        by_first.setdefault(words[0], []).append(entry)
    return {first: tuple(sorted(group, key=lambda e: -len(e.words))) for first, group in by_first.items()}


def read_forms(file: str) -> Iterator[tuple[str, str]]:
    """Give each form of the casual phrases of a list in ``service/lexicons``, with each plain form for it."""
    for kind, alternatives, plain, *_ in read_rows(file):
        for loaded in alternatives.split(_BAR):
            for form, target, participle, _ in _spread(kind, loaded, plain):
                both = dict.fromkeys([*target.lstrip("?").split(_BAR), *participle.lstrip("?").split(_BAR)])
                yield from ((form, one) for one in both if one)


def find_loaded(text: str) -> Iterator[Replacement]:
    """Find the loaded and slangy words of a text (W4), quoted or not, in order.

    >>> [(r.span.of("Cops nabbed him"), r.plain) for r in find_loaded("Cops nabbed him")]
    [('Cops', 'police'), ('nabbed', 'arrested')]
    """
    return _find(text, "loaded_words.tsv")


def find_casual(text: str, file: str) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """Find the casual phrases of a text that a phrase book has, with what may stand in their place, likeliest first.

    What is right depends on the context, so that no rule may put it in by itself.

    Args:
        text: The text.
        file: Name of the book in ``service/lexicons``.
    """
    for found in _find(text, file):
        yield found.span, tuple(found.plain.split(_BAR))


def _find(text: str, file: str) -> Iterator[Replacement]:
    entries = _entries(file)
    tokens = [(match.start(), match[0]) for match in _TOKEN.finditer(text)]
    forms = [token.replace("’", "'") for _, token in tokens]
    position = 0
    while position < len(tokens):
        found = _match(entries, tokens, forms, position, text)
        if found is None:
            position += 1
            continue
        replacement, used = found
        yield replacement
        position += used


def _match(
    entries: dict[str, tuple[_Entry, ...]], tokens: list[tuple[int, str]], forms: list[str], position: int, text: str
) -> tuple[Replacement, int] | None:
    form = forms[position]
    for first in dict.fromkeys((form, form.lower(), form.rstrip(_TAIL), form.rstrip(_TAIL).lower())):
        for entry in entries.get(first, ()):
            count = len(entry.words)
            last = position + count - 1
            if last >= len(tokens):
                continue
            follow = [forms[position + offset].lower() for offset in range(1, count)]
            if follow and follow[-1] != entry.words[-1]:
                follow[-1] = follow[-1].rstrip(_TAIL)
            if tuple(follow) != entry.words[1:]:
                continue
            end = tokens[last][0] + len(entry.words[-1] if count > 1 else first)
            span = Span(tokens[position][0], end)
            if count > 1 and re.search(r"[^\w\s'’-]", text[span.start : span.end - 1]):
                continue
            before = forms[position - 1].lower() if position else ""
            following = [form.lower().rstrip(_TAIL) for form in forms[last + 1 : last + 1 + _NEXT]]
            if not entry.context.allows(before, following) or _is_name(text, span, form):
                continue
            sure = _reads_as_verb(entry.doubtful, forms[position - 1] if position else "")
            if sure is None:
                continue
            plain = entry.plain
            if entry.participle != plain and _AFTER_HAVE.search(text, max(0, span.start - 40), span.start):
                plain = entry.participle
            if _FIGURE.match(text, end):
                plain = _ADVERB.sub("", plain)
            if before and before.isalpha() and before not in word_class("function"):
                plain = plain.replace(_RANK, "")
            # "TIL" and "DEPT" may be names of something.
            shouted = form.isupper() and len(form) > 1
            proven = entry.context.proves(before, following, text[end:])
            return Replacement(span, plain, entry.certain and sure and proven and not shouted), count
    return None


def _reads_as_verb(doubtful: str, before: str) -> bool | None:
    """Tell whether a form that a noun may share is a verb here; None where it is none."""
    if doubtful == "base":
        return True if before.lower() in word_class("before_verb") else None
    if doubtful == "third":
        if before.lower() in ("he", "she", "it", "who", "which", "also"):
            return True
        return (
            None
            if not before or before.lower() in word_class("before_noun") or before[0].isdigit()
            else before[0].isupper()
        )
    return True


def _is_name(text: str, span: Span, form: str) -> bool:
    """A capital letter inside a sentence makes a name of any word ("Massive Attack")."""
    if not form[:1].isupper() or (form.isupper() and len(form) > 3):
        return False
    if not STARTS.search(text, max(0, span.start - 6), span.start):
        return True
    return re.match(r"['’]?s?\s+[A-Z][a-z]", text[span.end : span.end + 40]) is not None
