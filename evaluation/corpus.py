"""Hand-written articles with their references."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Sample:
    """An article in both registers.

    Attributes:
        identity: Its id in the file.
        source: The article as filed, in plain text; list items carry a bullet.
        reference: A rewrite by hand, laid out alike.
    """

    identity: str
    source: str
    reference: str


def read_articles(path: Path = DATA / "articles.jsonl") -> list[Sample]:
    """Read articles in aligned blocks; blocks whose reference is empty were only chat."""
    samples = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        bullets = ["- " if block["kind"] == "list_item" else "" for block in row["blocks"]]
        sides = {
            side: "\n\n".join(
                bullet + block[side] for bullet, block in zip(bullets, row["blocks"], strict=True) if block[side]
            )
            for side in ("casual", "wire")
        }
        samples.append(Sample(identity=row["id"], source=sides["casual"], reference=sides["wire"]))
    return samples


def read_pairs(path: Path = DATA / "pairs.jsonl") -> list[Sample]:
    """Read single passages."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Sample(identity=row["id"], source=row["casual"], reference=row["wire"]) for row in rows]
