"""Put casual words into neutral copy: ``python -m training.casualising OUTPUT FILE...``.

Back-translation (Sennrich et al. 2016, arXiv:1511.06709) by phrase book: where copy says "sells", the source that is
made of it says "hawks", "flogs" or "peddles". The target is a sentence that somebody wrote; the source is clumsy at
times, which does a target no harm. No phrase of the books is put in for the same words more than a few times in all.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from service.loaded_words import read_forms
from service.phrasebook import read_offers
from service.sentences import split_sentences
from service.speech import word_class
from training.edits import read_edited
from training.examples import Pair, read_pairs
from training.judged import read_gate
from training.labelled import fitted_sources

_SEED = 7
_BOOKS = ("phrases.tsv", "ambiguous_phrases.tsv", "loaded_words.tsv")
# So often at most a phrase stands for the same words, and so many go into a sentence.
_MOST_USES, _PHRASES = 12, (1, 2, 2, 3)
_FEWEST_WORDS, _MOST_WORDS = 4, 45
# A long phrase is the surer sense: it is worth this much of a use for each letter.
_A_LETTER = 1 / 40
# How often a sentence that no phrase fits is shown as it is, and how often each of the other casual habits is put on.
_AS_IT_IS, _CONTRACTED, _OPENED, _TAGGED = 0.05, 0.4, 0.12, 0.08
_TEXTS = ("text", "adv", "int", "ele")
_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_QUOTED = re.compile(r'["“][^"”]*["”]')
_MARK = re.compile(r"[^\w\s'’-]")
_LEAST_LETTERS = 4
_HABITS = (
    (re.compile(r"\b(do|does|did|is|are|was|were|has|have|had|would|could|should) not\b"), r"\1n't"),
    (re.compile(r"\bwill not\b"), "won't"),
    (re.compile(r"\bcannot\b"), "can't"),
    (re.compile(r"\b(it|that|there|he|she) is\b"), r"\1's"),
    (re.compile(r"\b(they|we|you) are\b"), r"\1're"),
    (re.compile(r"\b(it|they|he|she|we) will\b"), r"\1'll"),
    (re.compile(r"\bgoing to\b"), "gonna"),
    (re.compile(r"\babout (?=\d)"), "like "),
    (re.compile(r"\bpeople\b"), "folks"),
    (re.compile(r"\bvery\b"), "super"),
)
_OPENERS = (
    *("So, ", "Okay, so ", "Honestly, ", "Look, ", "Well, ", "Folks, ", "Get this: ", "So get this: ", "Anyway, "),
    *("Believe it or not, ", "No joke, ", "Turns out ", "Long story short, ", "Fun fact: ", "Guess what? ", "Yep, "),
    *("Plot twist: ", "Not gonna lie, ", "Here's the thing: ", "Listen, ", "Right, so ", "Wow, ", "Heads up: "),
)
_TAGS = (
    *(", folks", ", no joke", ", believe it or not", ", go figure", ", lol", ", mind you", ", of all things"),
    *(", if you can believe it", ", honestly", ", no kidding", ", you know", ", would you believe", ", yikes"),
)


@dataclass
class Casualiser:
    """Makes casual sources of neutral sentences.

    Attributes:
        phrases: For words of copy, in lower case, what casual text may say for them.
        chance: The only source of chance.
    """

    phrases: Mapping[str, frozenset[str]]
    chance: random.Random
    _uses: Counter[tuple[str, str]] = field(default_factory=Counter)

    @cached_property
    def _longest(self) -> int:
        return max((len(words.split()) for words in self.phrases), default=0)

    def casual(self, sentence: str) -> str | None:
        """Give a sentence as casual text might tell it; None where no phrase fits."""
        found: list[tuple[int, int, str]] = []
        wanted = self.chance.choice(_PHRASES)
        for start, end, phrase in self._fitting(sentence):
            if len(found) < wanted and not any(first <= end and start <= last for first, last, _ in found):
                found.append((start, end, phrase))
                self._uses[phrase, sentence[start:end].lower()] += 1
        for start, end, phrase in sorted(found, reverse=True):
            begun = phrase[:1].upper() + phrase[1:] if start == 0 else phrase
            sentence = sentence[:start] + begun + sentence[end:]
        return self._with_habits(sentence) if found else None

    def _fitting(self, sentence: str) -> list[tuple[int, int, str]]:
        """Find the places where a phrase fits, those whose phrase was used least before."""
        words = [match.span() for match in _WORD.finditer(sentence)]
        quoted = [match.span() for match in _QUOTED.finditer(sentence)]
        fitting: list[tuple[float, int, int, str]] = []
        for first, (start, _) in enumerate(words):
            for _, end in words[first : first + self._longest]:
                said = sentence[start:end]
                # A capital within a sentence makes a name.
                if (first and said[:1].isupper()) or _MARK.search(said):
                    continue
                if any(begin < end and start < stop for begin, stop in quoted):
                    continue
                for phrase in sorted(self.phrases.get(said.lower(), ())):
                    uses = self._uses[phrase, said.lower()]
                    if uses < _MOST_USES:
                        worth = uses + 2 * self.chance.random() - _A_LETTER * len(said)
                        fitting.append((worth, start, end, phrase))
        return [place for _, *place in sorted(fitting)]  # type: ignore[misc]

    def _with_habits(self, sentence: str) -> str:
        for habit, other in _HABITS:
            if self.chance.random() < _CONTRACTED:
                sentence = _outside_quotations(sentence, habit, other)
        drawn = self.chance.random()
        if drawn < _OPENED:
            first = sentence.split()[0]
            begun = sentence[:1].lower() + sentence[1:] if first.lower() in word_class("function") else sentence
            return self.chance.choice(_OPENERS) + begun
        if drawn < _OPENED + _TAGGED and sentence.endswith("."):
            return f"{sentence[:-1]}{self.chance.choice(_TAGS)}."
        return sentence


def _outside_quotations(sentence: str, habit: re.Pattern[str], other: str) -> str:
    told = (habit.sub(other, part) for part in _QUOTED.split(sentence))
    quoted = (*_QUOTED.findall(sentence), "")
    return "".join(part + quotation for part, quotation in zip(told, quoted, strict=True))


def read_phrases() -> dict[str, frozenset[str]]:
    """Read from all phrase books and offers what casual text may say for words of copy."""
    offered = ((phrase, plain) for phrase, words in read_offers().items() for plain in words if _has_news(phrase))
    listed = (form for book in _BOOKS for form in read_forms(book))
    table: dict[str, set[str]] = {}
    for phrase, plain in (*listed, *offered):
        figures = any(map(str.isdigit, phrase + plain))
        if _has_news(plain) and phrase.lower() != plain.lower() and not figures:
            table.setdefault(plain.lower(), set()).add(phrase)
    return {plain: frozenset(phrases) for plain, phrases in table.items()}


def _has_news(words: str) -> bool:
    return any(
        len(word) >= _LEAST_LETTERS and word.lower() not in word_class("function") for word in _WORD.findall(words)
    )


def read_sentences(path: Path, held_back: Collection[str] = ()) -> Iterator[str]:
    """Read the sentences of neutral text: of pairs and gate cases the copies, of other rows the texts, or lines.

    The last two are news of others (``.jsonl.gz`` with a ``text``, or lines of a ``.txt.gz``).

    Args:
        path: The file.
        held_back: Sentences of sources; what was made of a source with one of them is left out.
    """
    if path.suffix != ".gz":
        if path.name.startswith("gate"):
            made = [
                (one.source, one.copy)
                for group in read_gate(path)
                for one in group
                if not (one.unsupported or one.lost)
            ]
        elif path.name.startswith("edits"):
            made = [(one.source, one.copy) for one in read_edited(path) if not one.is_kept]
        else:
            made = [(pair.casual, pair.wire) for pair in read_pairs(path)]
        copies = [copy for source, copy in made if not any(sentence in source for sentence in held_back)]
    else:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            lines = file.read().splitlines()
        rows = map(json.loads, lines) if path.name.endswith(".jsonl.gz") else ({"text": line} for line in lines)
        copies = [row[name] for row in rows for name in _TEXTS if name in row]
    for copy in copies:
        for span in split_sentences(copy):
            sentence = " ".join(span.of(copy).split())
            if _FEWEST_WORDS <= len(sentence.split()) <= _MOST_WORDS:
                yield sentence


def casualise(sentences: list[str], casualiser: Casualiser) -> Iterator[Pair]:
    """Make pairs of sentences, each once; a few that nothing fits stay as they are (W14)."""
    for sentence in dict.fromkeys(sentences):
        casual = casualiser.casual(sentence)
        if casual is not None:
            yield Pair(casual=casual, wire=sentence)
        elif casualiser.chance.random() < _AS_IT_IS:
            yield Pair(casual=sentence, wire=sentence)


def main() -> None:
    """Read neutral text, write pairs as JSON Lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("output", type=Path)
    parser.add_argument("files", nargs="+", type=Path, help="the first have the first choice of phrases")
    arguments = parser.parse_args()
    chance = random.Random(_SEED)
    sentences: list[str] = []
    held_back = fitted_sources()
    for path in arguments.files:
        found = list(read_sentences(path, held_back))
        chance.shuffle(found)
        sentences += found
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    partial = arguments.output.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        for pair in casualise(sentences, Casualiser(read_phrases(), chance)):
            file.write(json.dumps({"casual": pair.casual, "wire": pair.wire}, ensure_ascii=False) + "\n")
    partial.replace(arguments.output)


if __name__ == "__main__":
    main()
