"""Sheets for blind reading, as readers fill them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from evaluation.results import Row
from tests.rows import row_of

TEXTS = ("rain", "sleet", "hail", "fog", "wind", "snow")


def rows_of(*samples: str) -> list[Row]:
    return [
        replace(row_of(sample, system=system, copy=f"- {sample}, says {system}.\n\nIt, too."), source=f"lol {sample}")
        for sample in samples
        for system in ("rules", "model")
    ]


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def fill(sheet: Path, name: str, answer: Callable[[dict[str, str]], Mapping[str, str]], **form: str) -> Path:
    """Fill a sheet as a reader does; ``answer`` gives the cells that change."""
    page = io.StringIO()
    rows = [{**row, **answer(row)} for row in table(sheet)]
    writer = csv.DictWriter(page, fieldnames=list(rows[0]), **form)  # type: ignore[arg-type]
    writer.writeheader()
    writer.writerows(rows)
    path = sheet.with_name(f"{name}.csv")
    path.write_text(page.getvalue(), encoding="utf-8", newline="")
    return path


def favour(system: str) -> Callable[[dict[str, str]], Mapping[str, str]]:
    return lambda row: {"style": "A" if system in row["A"] else "B"}
