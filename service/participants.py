"""Who and what a text speaks of, word by word, and how its words hang together."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from service.annotation import Annotated, Word
from service.facts import FactKind
from service.names import Name
from service.numerals import Numeral
from service.spans import Span
from service.vocabulary import key_of

FIGURE, NAME, NOUN, ADJECTIVE = "figure", "name", "noun", "adjective"
_STEM = 6
_CONTENT = {"NOUN": NOUN, "PROPN": NOUN, "NUM": NOUN, "ADJ": ADJECTIVE, "VERB": "verb", "ADV": "adverb"}
# Words that say little about what they stand beside.
_LIGHT = frozenset(
    """
    be have do get go make take can will may say tell one people guy thing lot bit time way folk like just so then not
    more also too only even still now there here very really ok okay well other about around
    """.split()  # noqa: SIM905
)
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj"})
_WITHIN_NAMES = frozenset({"compound", "appos", "nmod", "flat"})
_RELATIVE = frozenset({"who", "whom", "which", "that"})
_HE_OR_SHE = frozenset({"he", "him", "his", "she", "her", "hers"})
VERBS = frozenset({"VERB", "AUX"})


@dataclass(frozen=True)
class Participants:
    """The topics of a text and its grammar.

    Attributes:
        annotated: The text.
        topics: For every word what it speaks of, in comparable form: a name that is short in one place and full in
            another has the same topics in both, and a figure its value.
        kinds: What each topic is: a figure, a name (also of what kind), a noun, an adjective or another word.
        mates: For each topic that is part of a name, all parts of the name.
        heads: For every word the number of the word that it depends on; its own at the root.
    """

    annotated: Annotated
    topics: tuple[frozenset[str], ...]
    kinds: dict[str, frozenset[str]]
    mates: dict[str, frozenset[str]]
    heads: tuple[int, ...]

    @property
    def words(self) -> tuple[Word, ...]:
        """The words of the text."""
        return self.annotated.words

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """For every word the numbers of those that depend on it."""
        found: list[list[int]] = [[] for _ in self.heads]
        for number, head in enumerate(self.heads):
            if head != number:
                found[head].append(number)
        return tuple(map(tuple, found))

    def below(self, number: int, *relations: str) -> list[int]:
        """Give the words that depend on one, in one of these relations."""
        return [child for child in self.children[number] if self.words[child].relation in relations]

    def tree(self, number: int) -> list[int]:
        """Give a word and all that hangs on it."""
        found = [number]
        for one in found:
            found += self.children[one]
        return found

    def phrase(self, number: int) -> frozenset[str]:
        """Give the topics of a noun with the names, titles and appositions that go with it."""
        parts = [number]
        for part in parts:
            parts += self.below(part, *_WITHIN_NAMES)
        found = frozenset[str]().union(*(self.topics[part] for part in parts))
        return found or self._antecedent(number)

    def _antecedent(self, number: int) -> frozenset[str]:
        """Resolve a pronoun, but only where the text names a single person."""
        if self.words[number].text.casefold() not in _HE_OR_SHE or len(self._people) != 1:
            return frozenset()
        return next(iter(self._people))

    @cached_property
    def _people(self) -> frozenset[frozenset[str]]:
        return frozenset(self.mates[topic] for topic, kinds in self.kinds.items() if FactKind.PERSON in kinds)

    def joined(self, number: int) -> list[int]:
        """Give a word and those that "and" joins to it."""
        found = [number]
        for one in found:
            found += self.below(one, "conj")
        return found

    def subject(self, verb: int, *, depth: int = 4) -> tuple[int | None, bool]:
        """Find who does what a verb tells, or to whom it is done, and whether the verb is passive.

        A verb joined to another shares its subject, a relative clause has the noun it describes.
        """
        passive = bool(self.below(verb, "nsubjpass", "auxpass"))
        own = next((child for child in self.children[verb] if self.words[child].relation in _SUBJECTS), None)
        word, head = self.words[verb], self.heads[verb]
        if own is not None:
            relative = word.relation == "relcl" and self.words[own].lemma in _RELATIVE
            return (head if relative else own), passive
        if word.relation == "acl":
            return head, passive or not word.text.endswith("ing")
        if depth and head != verb and word.relation in {"conj", "xcomp"} and self.words[head].pos in VERBS:
            shared, same = self.subject(head, depth=depth - 1)
            return shared, passive or (same and word.relation == "conj" and not self.below(verb, "aux", "dobj"))
        return None, passive

    def whole(self, number: int) -> Span:
        """Give the place of a word with the rest of its name."""
        own = frozenset[str]().union(*(self.mates.get(topic, frozenset()) for topic in self.topics[number]))
        first = last = number
        while first and self.topics[first - 1] & own:
            first -= 1
        while last + 1 < len(self.topics) and self.topics[last + 1] & own:
            last += 1
        return Span(self.words[first].span.start, self.words[last].span.end)


def find_participants(annotated: Annotated, names: Sequence[Name], numerals: Sequence[Numeral]) -> Participants:
    """Find what every word of a text speaks of.

    Args:
        annotated: The text.
        names: Its names.
        numerals: Its figures.
    """
    words = annotated.words
    starts = {word.span.start: number for number, word in enumerate(words)}
    topics: list[set[str]] = [set() for _ in words]
    kinds: dict[str, set[str]] = {}
    mates: dict[str, frozenset[str]] = {}
    taken: set[int] = set()
    full: dict[str, set[tuple[str, ...]]] = {}
    for name in names:
        for key in name.keys if len(name.keys) > 1 else ():
            full.setdefault(key, set()).add(name.keys)
    for name in names:
        keys = name.keys
        if len(keys) == 1 and len(full.get(keys[0], ())) == 1:
            keys = next(iter(full[keys[0]]))
        # What two names have in common tells them not apart.
        parts = frozenset(key[:_STEM] for key in keys if len(full.get(key, ())) < 2)
        for part in parts:
            kinds.setdefault(part, set()).update({NAME, name.kind})
            mates[part] = mates.get(part, frozenset()) | parts
        for number in _numbers(words, name.span):
            if words[number].span.end <= name.span.end:
                taken.add(number)
                topics[number] |= parts
    for numeral in numerals:
        for number in _numbers(words, numeral.span) if numeral.certain else ():
            if words[number].pos == "NUM" or any(map(str.isdigit, words[number].text)):
                value = f"#{numeral.value.normalize():f}"
                taken.add(number)
                topics[number].add(value)
                kinds.setdefault(value, set()).add(FIGURE)
    for number, word in enumerate(words):
        kind = _CONTENT.get(word.pos)
        if kind and number not in taken and word.lemma not in _LIGHT and len(word.lemma) > 1:
            key = key_of(word.text)
            topic = (word.lemma if key == word.text.casefold() else key)[:_STEM]
            topics[number].add(topic)
            kinds.setdefault(topic, set()).add(kind)
    return Participants(
        annotated=annotated,
        topics=tuple(map(frozenset, topics)),
        kinds={topic: frozenset(found) for topic, found in kinds.items()},
        mates=mates,
        heads=tuple(starts.get(word.head_span.start, number) for number, word in enumerate(words)),
    )


def _numbers(words: Sequence[Word], span: Span) -> range:
    first = bisect_left(words, span.start + 1, key=lambda word: word.span.end)
    return range(first, bisect_left(words, span.end, lo=first, key=lambda word: word.span.start))
