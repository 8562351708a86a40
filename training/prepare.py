"""Prepare what a run learns from: ``python -m training.prepare --config training/lora.toml``.

Writes the base model, where it is not there yet, and ``data.jsonl`` in the folder of the run: the held-out pairs, and
for each pass every pair, varied anew and with its quotations masked. No training pair near a held-out one gets there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from training.augment import augment
from training.base import write_base
from training.examples import Pair, mask_pair, near_duplicates, read_pairs
from training.names import collect_names

_FILE = "data.jsonl"
_STATE = "state.pt"


@dataclass(frozen=True)
class Data:
    """What a run learns from and is measured on.

    Attributes:
        base: Folder of the de-quantised base model.
        output: Folder of the run.
        train: Files of pairs to learn from.
        dev: Files of pairs for the dev loss and the choice of a checkpoint; nothing near them is learned from.
        passes: Passes over the data.
        seed: The only source of chance.
    """

    base: str
    output: str
    train: list[str]
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
        dropped: How many pairs were left out, because a held-out one is near them.
    """

    dev: list[Pair]
    passes: list[list[Pair]]
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
    pairs = [pair for file in data.train for pair in read_pairs(Path(file))]
    close = set(near_duplicates(pairs, dev))
    pairs = [pair for pair in pairs if pair not in close]
    names = collect_names(pair.wire for pair in pairs)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(json.dumps({"made_from": made_from, "dropped": len(close)}) + "\n")
        for number in range(data.passes + 1):
            rng = random.Random(f"{data.seed}-{number}")
            for pair in dev if number == 0 else (augment(pair, names, rng) for pair in pairs):
                masked = mask_pair(pair)
                row = {"pass": number, "casual": masked.casual, "wire": masked.wire}
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
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
    dev: list[Pair] = []
    passes: list[list[Pair]] = [[] for _ in range(data.passes)]
    for row in _rows(path):
        pair = Pair(casual=row["casual"], wire=row["wire"])
        (passes[row["pass"] - 1] if row["pass"] else dev).append(pair)
    return Prepared(dev=dev, passes=passes, dropped=_head(path)["dropped"])


def _head(path: Path) -> dict[str, Any]:
    with path.open(encoding="utf-8") as file:
        head: dict[str, Any] = json.loads(file.readline())
    return head


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        next(file)
        yield from map(json.loads, file)


def _digest(data: Data) -> str:
    digest = hashlib.sha256(repr((data.passes, data.seed)).encode())
    for kind, files in (("train", data.train), ("dev", data.dev)):
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
