"""Write ``service/lexicons/ordinary_words.txt``: words that are no names, from our own pairs and gate cases.

A word is ordinary if wire copy writes it in lower case, or if at least two sources do, and more of them than there are
times that wire copy capitalises it within a sentence. The gate is fitted on this list; other words, that any of our
texts writes in lower case and hardly one in ten times with a capital within a sentence, are in
``service/lexicons/headline_words.txt``: the capitals of headlines alone are judged by them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from training.edits import read_edited
from training.examples import Pair, read_pairs
from training.judged import read_gate
from training.splits import for_judge

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CAPITAL = re.compile(r"[a-z,] ([A-ZÀ-Þ][\w-]+)")
# A word that has a capital more often than once in so many times may be a name.
_SELDOM = 10


def main() -> None:
    """Collect the words and write them, sorted, one a line."""
    folder = Path("training/data")
    pairs = [pair for path in sorted(folder.glob("[ap]*.jsonl")) for pair in read_pairs(path)]
    groups = [group for path in sorted(folder.glob("gate_*.jsonl")) for group in read_gate(path)]
    # The judge is fitted on the rest, which should look as strange to the rules as any text will.
    pairs += [Pair(one.source, one.copy) for group in groups for one in group if not for_judge(one.source)]
    edited = {word for pair in pairs for word in _WORD.findall(pair.wire) if word.islower()}
    sources = dict.fromkeys(pair.casual for pair in pairs)
    filed = Counter(word for source in sources for word in set(_WORD.findall(source)) if word.islower())
    capitalised = Counter(name.casefold() for pair in pairs for name in _CAPITAL.findall(pair.wire))
    words = edited | {word for word, count in filed.items() if count >= 2 and count > capitalised[word]}
    words |= {part for word in words for part in word.split("-")}
    cleaned = sorted(word for word in words if "'" not in word and "’" not in word)
    _write("ordinary_words.txt", cleaned)
    texts = [text for pair in pairs for text in (pair.casual, pair.wire)]
    texts += [text for one in read_edited() for text in (one.source, one.copy)]
    _write("headline_words.txt", sorted(_small_words(texts) - set(cleaned)))


def _small_words(texts: Iterable[str]) -> set[str]:
    """Find the words that texts have in lower case, and hardly ever with a capital within a sentence."""
    distinct = list(dict.fromkeys(texts))
    small = Counter(word for text in distinct for word in set(_WORD.findall(text)) if word.islower())
    capital = Counter(name.casefold() for text in distinct for name in set(_CAPITAL.findall(text)))
    return {word for word, count in small.items() if word.isalpha() and _SELDOM * capital[word] < count}


def _write(name: str, words: Iterable[str]) -> None:
    Path("service/lexicons", name).write_text("\n".join(words) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
