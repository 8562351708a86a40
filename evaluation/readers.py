"""What readers made of a sheet: filled sheets decoded, preferences counted, readers held against each other."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Literal

from sklearn.metrics import cohen_kappa_score

from evaluation.errors import MissingDataError, SheetError
from evaluation.intervals import Interval, bootstrap_ratio
from evaluation.reading import COLUMNS, QUESTIONS, TEXTS, Key, digest_of_texts

_ANSWERS = {"a": "A", "b": "B", "=": "=", "'=": "=", "tie": "=", "same": "="}
_HALF = 0.5

Choice = Literal["first", "second", "="]


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
    lacking = [name for name in COLUMNS[:-1] if name not in (table.fieldnames or ())]
    if lacking:
        raise SheetError(f"{path}: has no column {', '.join(lacking)}: its first line is {','.join(COLUMNS)}")
    return list(table)


def _fault(item: str, row: Mapping[str, str | None], key: Key, seen: set[str]) -> str:
    if item not in key.items:
        return f"the key has no item {item!r}"
    if item in seen:
        return f"item {item} is there twice"
    if digest_of_texts({name: row[name] or "" for name in TEXTS}) != key.items[item]["sha256"]:
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
