"""Plant errors into references: ``python -m training.planting OUTPUT FILE...``.

Each reference gets at most one error of each type (``evaluation.perturbations``); some of them are kept, drawn by a
seed. References are those of our pairs, the faithful copies of gate cases, and the simpler sides of OneStopEnglish
(Vajjala and Lucic 2018), which may say less than their sources.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
from collections.abc import Iterator
from pathlib import Path

from evaluation.perturbations import Perturber
from service.annotation import Annotator
from service.spans import Span
from training.examples import Pair, read_pairs
from training.judged import read_gate

_SEED = 0


def main() -> None:
    """Read pairs, plant, write JSON Lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=6, help="errors to keep of a reference")
    parser.add_argument("output", type=Path)
    parser.add_argument("pairs", nargs="+", type=Path)
    arguments = parser.parse_args()
    pairs = [(pair, complete) for path in arguments.pairs for pair, complete in _read(path) if pair.wire]
    planted = Perturber(Annotator()).plant_all([pair.wire for pair, _ in pairs], seed=_SEED)
    rng = random.Random(_SEED)
    with arguments.output.open("w", encoding="utf-8") as file:
        for (pair, complete), errors in zip(pairs, planted, strict=True):
            row = {
                "source": pair.casual,
                "reference": pair.wire,
                "complete": complete,
                "errors": [
                    {
                        "copy": error.text,
                        "error": error.kind,
                        "copy_spans": [_ends(error.span)] if error.span.end > error.span.start else [],
                    }
                    for error in rng.sample(errors, min(arguments.each, len(errors)))
                ],
            }
            file.write(json.dumps(row, ensure_ascii=False) + "\n")


def _read(path: Path) -> Iterator[tuple[Pair, bool]]:
    """Read sources with their references, and whether these say all that the sources say."""
    if path.name.startswith("gate"):
        for group in read_gate(path):
            yield from ((Pair(one.source, one.copy), True) for one in group if not one.error)
    elif path.name.startswith("onestop"):
        for line in gzip.decompress(path.read_bytes()).splitlines():
            row = json.loads(line)
            yield Pair(row["a"], row["b"]), False
    else:
        yield from ((pair, True) for pair in read_pairs(path))


def _ends(span: Span) -> list[int]:
    return [span.start, span.end]


if __name__ == "__main__":
    main()
