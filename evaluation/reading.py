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
from itertools import combinations
from pathlib import Path
from random import Random
from typing import Any, Literal

from sklearn.metrics import cohen_kappa_score

from evaluation.errors import BrokenDataError, MissingDataError, SheetError
from evaluation.intervals import Interval, bootstrap_ratio
from evaluation.results import Row

QUESTIONS = {"style": "reads more like wire copy", "facts": "keeps closer to the facts"}
_COLUMNS = ("item", "source", "A", "B", *QUESTIONS, "note")
_TEXTS = ("source", "A", "B")
_ANSWERS = {"a": "A", "b": "B", "=": "=", "'=": "=", "tie": "=", "same": "="}
# What a spreadsheet takes for a formula if a cell begins with it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_GUARD = "'"
_HALF = 0.5

Choice = Literal["first", "second", "="]


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
    writer.writerow(_COLUMNS)
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
                "sha256": _digest(pair.columns),
            }
            for pair in sheet.pairs
        },
    }


def _guarded(text: str) -> str:
    return _GUARD + text if text.startswith(_FORMULA) else text


def _digest(columns: Mapping[str, str]) -> str:
    """Hash the texts of an item as they come back from a spreadsheet, whatever it did to white space and guards."""
    plain = [" ".join(columns[name].removeprefix(_GUARD).split()) for name in _TEXTS]
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


@dataclass(frozen=True)
class Answers:
    """A filled sheet, decoded.

    Attributes:
        reader: Name of the file.
        choices: For each question and item what the reader chose; what was left empty is absent.
    """

    reader: str
    choices: Mapping[str, Mapping[str, Choice]]


def read_answers(path: Path, key: Key) -> Answers:
    """Read a filled sheet, as a spreadsheet may have written it: with commas, semicolons or tabs.

    Raises:
        MissingDataError: There is no such file.
        SheetError: It is not the sheet of the key, or an answer is none; the message has all that is wrong.
    """
    rows = _read_table(path)
    faults: list[str] = []
    choices: dict[str, dict[str, Choice]] = {question: {} for question in QUESTIONS}
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        item = (row["item"] or "").strip()
        if fault := _fault(item, row, key, seen):
            faults.append(f"row {number}: {fault}")
            continue
        seen.add(item)
        for question in QUESTIONS:
            answer = (row[question] or "").strip()
            if not answer:
                continue
            if answer.casefold() not in _ANSWERS:
                faults.append(f"row {number}: {question} is {answer!r}: write A, B or =")
                continue
            choices[question][item] = _decoded(_ANSWERS[answer.casefold()], key.items[item]["first"])
    if faults:
        raise SheetError(f"{path}: {'; '.join(faults)}")
    if not any(choices.values()):
        raise SheetError(f"{path}: no question is answered: write A, B or = under {' and '.join(QUESTIONS)}")
    return Answers(reader=path.stem, choices=choices)


def _read_table(path: Path) -> list[dict[str, str | None]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise MissingDataError(path) from error
    except UnicodeDecodeError as error:
        raise SheetError(f"{path}: is not UTF-8: save it as CSV in UTF-8") from error
    header = text.partition("\n")[0]
    delimiter = max(",;\t", key=header.count)
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    lacking = [name for name in _COLUMNS[:-1] if name not in (table.fieldnames or ())]
    if lacking:
        raise SheetError(f"{path}: has no column {', '.join(lacking)}: its first line is {','.join(_COLUMNS)}")
    return list(table)


def _fault(item: str, row: Mapping[str, str | None], key: Key, seen: set[str]) -> str:
    if item not in key.items:
        return f"the key has no item {item!r}"
    if item in seen:
        return f"item {item} is there twice"
    if _digest({name: row[name] or "" for name in _TEXTS}) != key.items[item]["sha256"]:
        return f"item {item} holds other texts than were given out"
    return ""


def _decoded(answer: str, first: str) -> Choice:
    if answer == "=":
        return "="
    return "first" if answer == first else "second"


@dataclass(frozen=True)
class Preference:
    """What readers chose.

    Attributes:
        question: The question.
        reader: Name of the reader, or ``all``.
        answered: Answers given.
        first: Answers for the first system.
        second: Answers for the second.
        same: Answers for neither.
        share: Share of the answers for the first system, those for neither counted as half; None without an answer.
    """

    question: str
    reader: str
    answered: int
    first: int
    second: int
    same: int
    share: Interval | None


@dataclass(frozen=True)
class Agreement:
    """How far two readers agree.

    Attributes:
        question: The question.
        readers: The two.
        items: Items that both answered.
        alike: How many of them they answered alike.
        kappa: Cohen's kappa (1960): 1 whole agreement, 0 that of chance; None where all answers are the same one.
    """

    question: str
    readers: tuple[str, str]
    items: int
    alike: int
    kappa: float | None


def preferences(answers: Sequence[Answers], key: Key) -> list[Preference]:
    """Count for each question what each reader chose, and all of them together; intervals are over texts."""
    found = []
    for question in QUESTIONS:
        groups = {one.reader: [one] for one in answers} | ({"all": list(answers)} if len(answers) > 1 else {})
        found += [_preference(question, reader, group, key) for reader, group in groups.items()]
    return found


def _preference(question: str, reader: str, answers: Sequence[Answers], key: Key) -> Preference:
    given = [(item, choice) for one in answers for item, choice in one.choices[question].items()]
    choices = [choice for _, choice in given]
    worth = {"first": 1.0, "=": _HALF, "second": 0.0}
    return Preference(
        question=question,
        reader=reader,
        answered=len(given),
        first=choices.count("first"),
        second=choices.count("second"),
        same=choices.count("="),
        share=bootstrap_ratio(
            [key.items[item]["cluster"] for item, _ in given], [worth[choice] for choice in choices], [1.0] * len(given)
        ),
    )


def agreements(answers: Sequence[Answers]) -> list[Agreement]:
    """Hold every two readers against each other; pairs without a common item are left out."""
    found = []
    for question in QUESTIONS:
        for one, other in combinations(answers, 2):
            items = sorted(one.choices[question].keys() & other.choices[question].keys())
            if items:
                ours, theirs = ([reader.choices[question][item] for item in items] for reader in (one, other))
                found.append(
                    Agreement(
                        question=question,
                        readers=(one.reader, other.reader),
                        items=len(items),
                        alike=sum(map(str.__eq__, ours, theirs)),
                        # Of a single answer alone scikit-learn makes no number, and neither should we.
                        kappa=float(cohen_kappa_score(ours, theirs)) if len({*ours, *theirs}) > 1 else None,
                    )
                )
    return found
