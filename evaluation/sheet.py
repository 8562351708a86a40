"""``copydesk evaluate sheet``: make a sheet for blind reading, and score what the readers filled in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich import box
from rich.table import Table

from evaluation.errors import SheetError
from evaluation.intervals import RESAMPLES, SEED, Interval
from evaluation.readers import Agreement, Preference, agreements, preferences, read_answers
from evaluation.reading import QUESTIONS, make_sheet, read_key, write_sheet
from evaluation.results import latest, read_results

_NOTHING = "–"


def make(
    results: Path, systems: tuple[str, str], path: Path, *, count: int | None, part: str | None, seed: int
) -> list[str]:
    """Write a sheet and its key; gives what there is to tell.

    Raises:
        CopydeskError: There is nothing to read, or a sheet is there already.
    """
    sheet = make_sheet(latest(read_results(results)), *systems, seed=seed, count=count, part=part)
    key = write_sheet(sheet, path)
    lines = [
        f"{path}: {len(sheet.pairs)} texts. Give each reader a copy of their own; under "
        f"{' and '.join(QUESTIONS)} they write A, B or =.",
        f"{key}: which is which. Keep it from the readers.",
    ]
    lines += [f"Left out: {sheet.same} texts of which both made the same."] if sheet.same else []
    lines += [f"Left out: {sheet.missing} texts that only one of them rewrote."] if sheet.missing else []
    return lines


def score(sheets: Sequence[Path], key_path: Path | None, json_file: Path | None) -> tuple[list[Table], list[str]]:
    """Score filled sheets; gives tables to print and what there is to tell.

    Args:
        sheets: One of each reader, named differently.
        key_path: The key; None where it stands beside a sheet that kept its name.
        json_file: Where every figure goes.

    Raises:
        CopydeskError: A file is not there or not what it should be.
    """
    twice = sorted({sheet.stem for sheet in sheets if [one.stem for one in sheets].count(sheet.stem) > 1})
    if twice:
        raise SheetError(f"two sheets are named {', '.join(twice)}: name each after its reader")
    key = read_key(key_path or sheets[0].with_suffix(".key.json"))
    answers = [read_answers(sheet, key) for sheet in sheets]
    chosen, agreed = preferences(answers, key), agreements(answers)
    if json_file is not None:
        report = {
            "systems": key.systems,
            "items": len(key.items),
            "resamples": RESAMPLES,
            "seed": SEED,
            "preferences": [asdict(one) for one in chosen],
            "agreements": [asdict(one) for one in agreed],
        }
        json_file.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    tables = [_preferences(chosen, key.systems), *([_agreements(agreed)] if agreed else [])]
    return tables, [
        f"Which {', '.join(f'{asked} ({question})' for question, asked in QUESTIONS.items())}?",
        f"Preferred: share of the answers for {key.systems[0]}, those for neither counted as half; in brackets 95% "
        f"intervals, {RESAMPLES} resamples of the texts, seed {SEED}.",
        "Kappa (Cohen 1960): 1 is whole agreement, 0 that of chance.",
    ]


def _preferences(chosen: Sequence[Preference], systems: tuple[str, str]) -> Table:
    table = Table("question", "reader", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("answers", *systems, "neither", f"preferred: {systems[0]}, %"):
        table.add_column(column, justify="right")
    for one in chosen:
        counts = (one.answered, one.first, one.second, one.same)
        table.add_row(one.question, one.reader, *map(str, counts), _percent(one.share))
    return table


def _percent(share: Interval | None) -> str:
    if share is None:
        return _NOTHING
    value, low, high = (f"{100 * number:.1f}" for number in (share.value, share.low, share.high))
    return f"{value} [{low}, {high}]"


def _agreements(agreed: Sequence[Agreement]) -> Table:
    table = Table("question", "readers", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in ("texts", "alike", "kappa"):
        table.add_column(column, justify="right")
    for one in agreed:
        kappa = _NOTHING if one.kappa is None else f"{one.kappa:.2f}"
        table.add_row(one.question, " and ".join(one.readers), str(one.items), str(one.alike), kappa)
    return table
