"""Blind reading: two systems side by side on a sheet, in an order that only the key knows.

A reader gets a sheet as CSV and answers two questions for each item: which of A and B reads more like wire copy, and
which keeps closer to the facts of the source. The key stays with whoever made the sheet.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Literal

from evaluation.errors import BrokenDataError, MissingDataError, SheetError
from evaluation.results import Row

QUESTIONS = {"style": "reads more like wire copy", "facts": "keeps closer to the facts"}
COLUMNS = ("item", "source", "A", "B", *QUESTIONS, "note")
TEXTS = ("source", "A", "B")
# What a spreadsheet takes for a formula if a cell begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GUARD = "'"


@dataclass(frozen=True)
class Pair:
    """An item of a sheet.

    Attributes:
        item: Its number on the sheet.
        sample: Id of the text.
        part: The set it is of.
        cluster: What it shares with items that stand or fall with it.
        first: Which column the first system has.
        source: The text.
        copies: The rewrites of the first and the second system.
    """

    item: str
    sample: str
    part: str
    cluster: str
    first: Literal["A", "B"]
    source: str
    copies: tuple[str, str]

    @property
    def columns(self) -> dict[str, str]:
        """What the reader sees."""
        a, b = self.copies if self.first == "A" else self.copies[::-1]
        return {"source": self.source, "A": a, "B": b}


@dataclass(frozen=True)
class Sheet:
    """Items to be read, and what was left out.

    Attributes:
        systems: The first and the second system.
        seed: Seed of the order.
        pairs: The items in the order of the sheet.
        same: Texts of which both systems made the same, so that there is nothing to choose.
        missing: Texts that one of the systems did not rewrite.
    """

    systems: tuple[str, str]
    seed: int
    pairs: tuple[Pair, ...]
    same: int
    missing: int


def make_sheet(
    rows: Sequence[Row], first: str, second: str, *, seed: int, count: int | None = None, part: str | None = None
) -> Sheet:
    """Shuffle texts and sides.

    Args:
        rows: Results of both systems.
        first: A system.
        second: Another.
        seed: Seed of all that is left to chance; the same rows and seed give the same sheet.
        count: Take only so many texts, chosen by chance.
        part: Take only the texts of this set.

    Raises:
        SheetError: There is nothing to read: a system has no rows, or made the same of every text.
    """
    made = {name: _copies(rows, name, part) for name in (first, second)}
    _require_systems(rows, made, part)
    texts = sorted(made[first].keys() & made[second].keys())
    different = [text for text in texts if made[first][text].copy != made[second][text].copy]
    if not different:
        raise SheetError(
            f"{first} and {second} made the same of every text they both rewrote: there is nothing to choose"
        )
    chance = Random(f"{seed} {first} {second}")
    chance.shuffle(different)
    pairs = [
        _pair(str(number), made[first][text], made[second][text], chance.choice("AB"))
        for number, text in enumerate(different[:count], start=1)
    ]
    return Sheet(
        systems=(first, second),
        seed=seed,
        pairs=tuple(pairs),
        same=len(texts) - len(different),
        missing=len(made[first].keys() | made[second].keys()) - len(texts),
    )


def _copies(rows: Sequence[Row], system: str, part: str | None) -> dict[tuple[str, str], Row]:
    return {
        (row.part, row.sample): row
        for row in rows
        if row.system == system and row.copy is not None and part in (None, row.part)
    }


def _require_systems(rows: Sequence[Row], made: Mapping[str, Mapping[Any, Row]], part: str | None) -> None:
    for name, copies in made.items():
        if not copies:
            known = sorted({row.system for row in rows if row.copy is not None and part in (None, row.part)})
            where = f" of the set {part!r}" if part else ""
            raise SheetError(
                f"there is no rewrite{where} by a system {name!r}; there are some by {', '.join(known) or 'none'}"
            )
    if len(made) == 1:
        raise SheetError("a system cannot be compared with itself: name two")


def _pair(item: str, first: Row, second: Row, column: str) -> Pair:
    return Pair(
        item=item,
        sample=first.sample,
        part=first.part,
        cluster=first.cluster,
        first="A" if column == "A" else "B",
        source=first.source,
        copies=(first.copy or "", second.copy or ""),
    )


def write_sheet(sheet: Sheet, path: Path) -> Path:
    """Write the sheet, and beside it the key; gives the path of the key.

    Raises:
        SheetError: A sheet is there already, which somebody may have filled.
    """
    key = path.with_suffix(".key.json")
    for file in (path, key):
        if file.exists():
            raise SheetError(f"{file} is there already: name another, or take it away")
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(COLUMNS)
    for pair in sheet.pairs:
        writer.writerow([pair.item, *map(_guarded, pair.columns.values()), *[""] * len(QUESTIONS), ""])
    # The mark at its beginning tells a spreadsheet that it is UTF-8.
    path.write_bytes(table.getvalue().encode("utf-8-sig"))
    key.write_text(json.dumps(_as_key(sheet), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return key


def _as_key(sheet: Sheet) -> dict[str, Any]:
    return {
        "systems": sheet.systems,
        "seed": sheet.seed,
        "same": sheet.same,
        "missing": sheet.missing,
        "items": {
            pair.item: {
                "sample": pair.sample,
                "set": pair.part,
                "cluster": pair.cluster,
                "first": pair.first,
                "sha256": digest_of_texts(pair.columns),
            }
            for pair in sheet.pairs
        },
    }


def _guarded(text: str) -> str:
    return _GUARD + text if text.startswith(_FORMULA) else text


def digest_of_texts(columns: Mapping[str, str]) -> str:
    """Hash the texts of an item as they come back from a spreadsheet, whatever it did to white space and guards."""
    plain = [" ".join(columns[name].removeprefix(_GUARD).split()) for name in TEXTS]
    return hashlib.sha256(json.dumps(plain).encode()).hexdigest()


@dataclass(frozen=True)
class Key:
    """What a sheet does not tell its readers.

    Attributes:
        systems: The first and the second system.
        items: For each number of the sheet, what it holds.
    """

    systems: tuple[str, str]
    items: Mapping[str, Mapping[str, str]]


def read_key(path: Path) -> Key:
    """Read a key.

    Raises:
        MissingDataError: There is no such file.
        BrokenDataError: It is no key.
    """
    try:
        fields = json.loads(path.read_text(encoding="utf-8"))
        first, second = fields["systems"]
        items = {
            item: {name: str(one[name]) for name in ("cluster", "first", "sha256")}
            for item, one in fields["items"].items()
        }
    except FileNotFoundError as error:
        raise MissingDataError(path) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BrokenDataError(path, 1, f"is no key of a sheet ({error})") from error
    return Key(systems=(str(first), str(second)), items=items)
