"""Terms that a caller decides on: some stay letter for letter, others are always rendered by a given one."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import count

from service.errors import TermsError
from service.regions import Region
from service.spans import Span
from service.speech import quoted_spans

MOST_TERMS = 200
MOST_CHARACTERS = 200
_UNFIT = re.compile('[\r\n\v\f\x1c-\x1e\x85\u2028\u2029"“”„«»]')
_ARTICLE = re.compile(r"\b(?P<article>an?)\s+$", re.IGNORECASE)
_VOWEL = re.compile(r"[aeiou](?!ni(?:[tvqfcs]|on))|hon|hour", re.IGNORECASE)


@dataclass(frozen=True)
class Terms:
    """The terms of one article.

    Attributes:
        protected: Terms that stay letter for letter wherever the source has them.
        glossary: Terms of the source, and by what each is always rendered.
    """

    protected: tuple[str, ...] = ()
    glossary: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, protected: Iterable[str] = (), glossary: Mapping[str, str] | None = None) -> Terms:
        """Take terms that can be kept.

        Raises:
            TermsError: There are too many, one cannot be a term, or two contradict each other.
        """
        terms = cls(tuple(dict.fromkeys(protected)), tuple((glossary or {}).items()))
        _require_few("protected terms", len(terms.protected))
        _require_few("entries in the glossary", len(terms.glossary))
        for term in terms.protected:
            _require_fit("protected term", term)
        keys: dict[str, str] = {}
        for term, rendering in terms.glossary:
            _require_fit("term of the glossary", term)
            _require_fit(f"rendering of {term!r} in the glossary", rendering)
            if (other := keys.setdefault(term.casefold(), term)) != term:
                raise TermsError(
                    f"the glossary has {other!r} and {term!r}, which are the same but for capitals: keep one"
                )
            if term in terms.protected:
                raise TermsError(f"{term!r} is protected and has a rendering in the glossary: keep one of the two")
        return terms

    def __bool__(self) -> bool:
        return bool(self.protected or self.glossary)

    def with_more(self, others: Terms) -> Terms:
        """Add terms; where both have a rendering, that of the others counts.

        Raises:
            TermsError: Together they are too many, or contradict each other.
        """
        return Terms.of((*self.protected, *others.protected), dict(self.glossary) | dict(others.glossary))

    def find_kept(self, text: str) -> list[Span]:
        """Find what nobody may touch or blame: protected terms, and renderings of the glossary."""
        return [Span(*match.span()) for pattern in self._kept for match in pattern.finditer(text)]

    def stay(self, source: str, copy: str) -> bool:
        """Tell whether a copy has every kept term as often as its source, which the glossary has rendered already."""
        counts = ((len(pattern.findall(source)), len(pattern.findall(copy))) for pattern in self._kept)
        return all(found >= stated for stated, found in counts) and not self._left(copy)

    def typeset(self, copy: str) -> str:
        """Write kept terms with their own apostrophes where a copy has straight ones."""
        for term in (*self.protected, *self._distinct):
            if "’" in term or "‘" in term:
                straight = term.replace("’", "'").replace("‘", "'")
                copy = term.join(re.split(_whole(re.escape(straight)), copy))
        return copy

    def render(self, text: str) -> Rendering:
        """Put the renderings of the glossary in place of its terms, outside real quotations."""
        if not self.glossary:
            return Rendering(text, ())
        pieces: list[str] = []
        places: list[tuple[Span, Span]] = []
        position = length = 0
        for match in self._find_terms(text):
            rendering = self._renderings[match[0].casefold()]
            if match[0][0].isupper() and rendering[0].islower():
                rendering = rendering[0].upper() + rendering[1:]
            start = match.start()
            # "A cop" is "an officer".
            if article := _ARTICLE.search(text, position, start):
                start, right = article.start(), "an" if _VOWEL.match(rendering) else "a"
                right = right.capitalize() if article["article"][0].isupper() else right
                rendering = f"{right}{text[article.end('article') : match.start()]}{rendering}"
            pieces += [text[position:start], rendering]
            length += start - position
            places.append((Span(start, match.end()), Span(length, length + len(rendering))))
            position, length = match.end(), length + len(rendering)
        return Rendering("".join([*pieces, text[position:]]), tuple(places))

    def shield(self, text: str) -> Shielded:
        """Put a made-up word in place of each kept term, which no rule knows."""
        if not self:
            return Shielded(text, {})
        spans: list[Span] = []
        for span in sorted(self.find_kept(text), key=lambda span: (span.start, -span.end)):
            if not spans or span.start >= spans[-1].end:
                spans.append(span)
        words: dict[str, str] = {}
        pieces: list[str] = []
        position = 0
        folded = text.casefold()
        names = (name for name in map(_made_up, count()) if name not in folded)
        for span in spans:
            name, term = next(names), span.of(text)
            words[name] = term
            pieces += [text[position : span.start], name.capitalize() if term[0].isupper() else name]
            position = span.end
        return Shielded("".join([*pieces, text[position:]]), words)

    @cached_property
    def _kept(self) -> tuple[re.Pattern[str], ...]:
        exact = [re.compile(_whole(re.escape(term))) for term in self.protected]
        return (*exact, *(re.compile(_whole(_any_first_letter(rendering))) for rendering in self._distinct))

    @cached_property
    def _distinct(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(rendering for _, rendering in self.glossary))

    @cached_property
    def _renderings(self) -> dict[str, str]:
        return {term.casefold(): rendering for term, rendering in self.glossary}

    @cached_property
    def _terms(self) -> re.Pattern[str]:
        longest_first = sorted((re.escape(term) for term, _ in self.glossary), key=len, reverse=True)
        return re.compile(_whole(f"(?:{'|'.join(longest_first)})"), re.IGNORECASE)

    def _find_terms(self, text: str) -> list[re.Match[str]]:
        closed = Region([*quoted_spans(text), *self.find_kept(text)])
        return [match for match in self._terms.finditer(text) if not closed.touches(Span(*match.span()))]

    def _left(self, copy: str) -> bool:
        return bool(self.glossary and self._find_terms(copy))


@dataclass(frozen=True)
class Rendering:
    """A text with the renderings of a glossary.

    Attributes:
        text: The text.
        places: Where each term stood, and where its rendering stands, in order; an article before it goes with it.
    """

    text: str
    places: tuple[tuple[Span, Span], ...]

    def back(self, span: Span) -> Span:
        """Give the place in the original of a place in the rendered text; part of a rendering stands for all of it."""
        return Span(
            self._back(span.start, end=False), max(self._back(span.start, end=False), self._back(span.end, end=True))
        )

    def _back(self, position: int, *, end: bool) -> int:
        number = (bisect_left if end else bisect_right)(self._starts, position) - 1
        if number < 0:
            return position
        old, new = self.places[number]
        if position < new.end or (end and position == new.end):
            return old.end if end else old.start
        return position + old.end - new.end

    @cached_property
    def _starts(self) -> list[int]:
        return [new.start for _, new in self.places]


@dataclass(frozen=True)
class Shielded:
    """A text in which made-up words stand for terms.

    Attributes:
        text: The text.
        words: The terms behind the words.
    """

    text: str
    words: Mapping[str, str]

    def restore(self, edited: str) -> str:
        """Put the terms back; one whose word was dropped stays away."""
        return (
            _MADE_UP.sub(lambda match: self.words.get(match[0].casefold(), match[0]), edited) if self.words else edited
        )


_MADE_UP = re.compile("zq[a-z]+?xq", re.IGNORECASE)


_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")


def _made_up(number: int) -> str:
    """Make a word that is in no dictionary, and that no other begins with.

    >>> _made_up(0), _made_up(27)
    ('zqaxq', 'zqblxq')
    """
    return f"zq{format(number, 'x').translate(_LETTERS)}xq"


def _whole(pattern: str) -> str:
    return rf"(?<!\w){pattern}(?!\w)"


def _any_first_letter(term: str) -> str:
    first, rest = term[0], re.escape(term[1:])
    return f"[{first}{first.upper()}]{rest}" if first.islower() else re.escape(term)


def _require_few(what: str, actual: int) -> None:
    if actual > MOST_TERMS:
        raise TermsError(f"there are {actual:,} {what}, the limit is {MOST_TERMS}: give those that the article needs")


def _require_fit(what: str, term: str) -> None:
    if not any(map(str.isalnum, term)):
        raise TermsError(f"a {what} is empty or has no letter: give the words as the article has them")
    if len(term) > MOST_CHARACTERS:
        raise TermsError(f"a {what} has {len(term):,} characters, the limit is {MOST_CHARACTERS}: {term[:40]!r}...")
    if term != term.strip():
        raise TermsError(f"the {what} {term!r} has blanks around it: give it without them")
    if _UNFIT.search(term):
        raise TermsError(f"the {what} {term!r} has a quotation mark or the end of a line in it: give it without")
