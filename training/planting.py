"""Plant errors into the references of our pairs: ``python -m training.planting OUTPUT FILE...``.

Each reference gets at most one error of each type (``evaluation.perturbations``); a few of them are kept, drawn by a
seed.
"""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from evaluation.perturbations import Perturber
from service.annotation import Annotator
from service.spans import Span
from training.examples import read_pairs

_SEED = 0


def main() -> None:
    """Read pairs, plant, write JSON Lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, default=6, help="errors to keep of a reference")
    parser.add_argument("output", type=Path)
    parser.add_argument("pairs", nargs="+", type=Path)
    arguments = parser.parse_args()
    pairs = [pair for path in arguments.pairs for pair in read_pairs(path) if pair.wire]
    planted = Perturber(Annotator()).plant_all([pair.wire for pair in pairs], seed=_SEED)
    rng = random.Random(_SEED)
    with arguments.output.open("w", encoding="utf-8") as file:
        for pair, errors in zip(pairs, planted, strict=True):
            row = {
                "source": pair.casual,
                "reference": pair.wire,
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


def _ends(span: Span) -> list[int]:
    return [span.start, span.end]


if __name__ == "__main__":
    main()
