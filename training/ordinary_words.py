"""Write ``service/lexicons/ordinary_words.txt``: words that are no names, from our own pairs.

A word is ordinary if wire copy writes it in lower case, or if at least two sources do and no wire copy capitalises it
within a sentence.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from training.examples import read_pairs

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def main() -> None:
    """Collect the words and write them, sorted, one a line."""
    pairs = [pair for name in ("pairs", "articles") for pair in read_pairs(Path(f"training/data/{name}.jsonl"))]
    edited = {word for pair in pairs for word in _WORD.findall(pair.wire) if word.islower()}
    filed = Counter(word for pair in pairs for word in set(_WORD.findall(pair.casual)) if word.islower())
    capitalised = {m.group(1).casefold() for pair in pairs for m in re.finditer(r"[a-z,] ([A-ZÀ-Þ][\w-]+)", pair.wire)}
    words = edited | {word for word, count in filed.items() if count >= 2 and word not in capitalised}
    words |= {part for word in words for part in word.split("-")}
    cleaned = sorted(word for word in words if "'" not in word and "’" not in word)
    Path("service/lexicons/ordinary_words.txt").write_text("\n".join(cleaned) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
