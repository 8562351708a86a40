"""Prepare what a run learns from: ``python -m training.prepare --config training/lora.toml``.

Writes the base model, where it is not there yet, and ``data.jsonl`` in the folder of the run: the held-out pairs, for
each pass every pair, varied anew, the pairs that a program made, and the changes that were judged by hand. The
quotations of pairs are masked. No pair near a held-out one gets there, and no hand-written one with a sentence that
``training.trust`` fits on; of what a program made ``training.casualising`` has left those out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from training.augment import augment
from training.base import write_base
from training.changes import Change, read_changes
from training.edits import EDITS
from training.examples import Pair, mask_pair, near_duplicates, read_pairs
from training.labelled import DATA, TARGETS, fitted_sources
from training.names import collect_names

_FILE = "data.jsonl"
_STATE = "state.pt"
# What stands for a pass where a program made the pair.
_MADE = -1


@dataclass(frozen=True)
class Data:
    """What a run learns from and is measured on.

    Attributes:
        base: Folder of the de-quantised base model.
        output: Folder of the run.
        train: Files of pairs to learn from.
        made: Files of pairs whose sources a program made (``training.casualising``).
        judged: Whether the changes that were judged by hand are learned from too.
        dev: Files of pairs for the dev loss and the choice of a checkpoint; nothing near them is learned from.
        passes: Passes over the data.
        seed: The only source of chance.
    """

    base: str
    output: str
    train: list[str]
    made: list[str]
    judged: bool
    dev: list[str]
    passes: int
    seed: int

    @property
    def state(self) -> Path:
        """Where the trainer keeps how far it has got."""
        return Path(self.output) / _STATE


@dataclass(frozen=True)
class Prepared:
    """Pairs as the model sees them.

    Attributes:
        dev: Held-out pairs, as they are but for the masks.
        passes: For each pass every training pair, varied.
        made: The pairs that a program made.
        changes: The changes that were judged.
        dropped: How many pairs were left out, because a held-out one is near them or a sentence of them is held back.
    """

    dev: list[Pair]
    passes: list[list[Pair]]
    made: list[Pair]
    changes: list[Change]
    dropped: int


def prepare(data: Data) -> Path:
    """Write the pairs of a run, unless they are there already, and give their file.

    Raises:
        OSError: A file of pairs cannot be read.
        ValueError: A line of it is no pair, or the run has begun on other data.
    """
    path = Path(data.output) / _FILE
    made_from = _digest(data)
    if path.exists() and _head(path)["made_from"] == made_from:
        return path
    if data.state.exists():
        raise ValueError(f"the run in {data.output} has begun on other data: give the new one another output")
    dev = [pair for file in data.dev for pair in read_pairs(Path(file))]
    pairs, made = ([pair for file in files for pair in read_pairs(Path(file))] for files in (data.train, data.made))
    held_back = fitted_sources()
    close = set(near_duplicates([*pairs, *made], dev))
    close |= {pair for pair in pairs if any(sentence in pair.casual for sentence in held_back)}
    pairs, made = ([pair for pair in group if pair not in close] for group in (pairs, made))
    names = collect_names(pair.wire for pair in pairs)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:

        def put(row: dict[str, Any]) -> None:
            file.write(json.dumps(row, ensure_ascii=False) + "\n")

        put({"made_from": made_from, "dropped": len(close)})
        for number in range(data.passes + 1):
            rng = random.Random(f"{data.seed}-{number}")
            for pair in dev if number == 0 else (augment(pair, names, rng) for pair in pairs):
                put({"pass": number, **asdict(mask_pair(pair))})
        for pair in made:
            put({"pass": _MADE, **asdict(mask_pair(pair))})
        for change in read_changes() if data.judged else ():
            put(asdict(change))
    partial.replace(path)
    return path


def read_prepared(data: Data) -> Prepared:
    """Read what ``prepare`` has written for these settings and files as they are now.

    Raises:
        ValueError: It has not been called, or for something else.
    """
    path = Path(data.output) / _FILE
    if not path.exists() or _head(path)["made_from"] != _digest(data):
        raise ValueError(f"{path} is not there or was made of something else: run python -m training.prepare first")
    by_pass: dict[int, list[Pair]] = {number: [] for number in (_MADE, *range(data.passes + 1))}
    changes: list[Change] = []
    for row in _rows(path):
        if "before" in row:
            changes.append(Change(**row))
        else:
            by_pass[row["pass"]].append(Pair(casual=row["casual"], wire=row["wire"]))
    return Prepared(
        dev=by_pass[0],
        passes=[by_pass[number] for number in range(1, data.passes + 1)],
        made=by_pass[_MADE],
        changes=changes,
        dropped=_head(path)["dropped"],
    )


def _head(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        head: dict[str, Any] = json.loads(file.readline())
    return head


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        next(file)
        yield from map(json.loads, file)


def _digest(data: Data) -> str:
    digest = hashlib.sha256(repr((data.passes, data.seed, data.judged)).encode())
    # What is held back depends on what was judged, whether it is learned from or not.
    judged = [str(path) for path in (DATA, TARGETS, EDITS)]
    for kind, files in (("train", data.train), ("made", data.made), ("judged", judged), ("dev", data.dev)):
        for file in files:
            digest.update(f"{kind} {hashlib.sha256(Path(file).read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def main() -> None:
    """Read the command line and prepare."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    settings = tomllib.loads(parser.parse_args().config.read_text(encoding="utf-8"))
    data = Data(**{field.name: settings[field.name] for field in fields(Data)})
    if not Path(data.base).is_dir():
        write_base(Path(data.base))
    print(f"The pairs are in {prepare(data)}")


if __name__ == "__main__":
    main()
