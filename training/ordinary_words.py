"""Write ``service/lexicons/ordinary_words.txt``: words that are no names, from our own pairs and gate cases.

A word is ordinary if wire copy writes it in lower case, or if at least two sources do, and more of them than there are
times that wire copy capitalises it within a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from training.examples import Pair, read_pairs
from training.judged import read_gate
from training.splits import for_judge

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


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
    capitalised = Counter(
        name.casefold() for pair in pairs for name in re.findall(r"[a-z,] ([A-ZÀ-Þ][\w-]+)", pair.wire)
    )
    words = edited | {word for word, count in filed.items() if count >= 2 and count > capitalised[word]}
    words |= {part for word in words for part in word.split("-")}
    cleaned = sorted(word for word in words if "'" not in word and "’" not in word)
    Path("service/lexicons/ordinary_words.txt").write_text("\n".join(cleaned) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
