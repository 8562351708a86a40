"""Collect what the rewriter writes well, for another model to learn: ``python -m training.accepted``.

Asks the prepared model once for every training source and keeps the targets that the strict gate accepts and the lint
finds nothing in, as pairs. Goes on where it was stopped.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

from service.checking import Checker
from service.desk import load_generator
from service.generation import Generator
from service.settings import load_settings
from training.examples import read_pairs
from training.first_try import first_tries

OUTPUT = Path("training/runs/accepted.jsonl")
_AT_ONCE = 64


def collect(generator: Generator, checker: Checker, sources: Sequence[str], output: Path) -> int:
    """Add the pairs that are not in the file yet, and give how many are in it.

    Args:
        generator: The rewriter.
        checker: The fact gate.
        sources: The passages, in the same order at every call.
        output: JSON Lines; a row tells the number of its source too. Sources up to the last one were asked for.

    Raises:
        ValueError: The file was made of other sources.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    rows = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()] if output.exists() else []
    if any(row["number"] >= len(sources) or sources[row["number"]] != row["casual"] for row in rows):
        raise ValueError(f"{output} was made of other sources: delete it, or collect into another file")
    count = len(rows)
    start = rows[-1]["number"] + 1 if rows else 0
    for first in range(start, len(sources), _AT_ONCE):
        tries = first_tries(generator, checker, sources[first : first + _AT_ONCE])
        good = [
            {"number": first + place, "casual": one.source, "wire": one.copy}
            for place, one in enumerate(tries)
            if one.good and one.copy != one.source
        ]
        with output.open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in good)
        count += len(good)
        print(f"{min(first + _AT_ONCE, len(sources))} of {len(sources)} sources, {count} pairs", flush=True)
    return count


def main() -> None:
    """Read the command line and collect."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", type=Path, nargs="*", help="files of pairs; all of training/data where none is given")
    files = parser.parse_args().files or sorted(Path("training/data").glob("*.jsonl"))
    sources = list(dict.fromkeys(pair.casual for file in files for pair in read_pairs(file)))
    settings = load_settings()
    generator = load_generator(settings)
    if generator is None:
        raise SystemExit("COPYDESK_ENGINE is rules, which write nothing to learn from: use auto")
    collect(generator, Checker.load(threads=settings.threads or 0), sources, OUTPUT)


if __name__ == "__main__":
    main()
