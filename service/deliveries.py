"""Where the rows of a batch go to: JSON Lines, CSV, Parquet, a folder of copies."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from service.durable import replacing, temporary
from service.file_lines import json_line
from service.folders import PAGES
from service.schemas import SummaryOut

REPORT = "report.jsonl"
_SUMS = tuple(SummaryOut.model_fields)
# Columns before the last, which is there with the account of every passage only.
_COLUMNS = ("id", "copy", "status", *_SUMS, "error")
_ACCOUNT = "rewrite"
_PARQUET_ROWS = 1_000

Fields = dict[str, Any]


def deliver_lines(rows: Iterable[Fields], path: Path) -> None:
    """Write JSON Lines."""
    with replacing(path) as file:
        file.writelines(json_line(row) + "\n" for row in rows)


def deliver_csv(rows: Iterable[Fields], path: Path, *, full: bool) -> None:
    """Write CSV: the figures of the summary in columns; the account of every passage, where asked for, as JSON."""
    with replacing(path) as file:
        writer = csv.DictWriter(file, _columns(full=full), lineterminator="\n")
        writer.writeheader()
        writer.writerows(_flat(row, full=full) for row in rows)


def deliver_parquet(rows: Iterable[Fields], path: Path, *, full: bool, numbered: bool) -> None:
    """Write Parquet, with the columns of CSV.

    Args:
        rows: The rows.
        path: The file.
        full: Whether there is a column with the account of every passage.
        numbered: Whether the ids are whole numbers of 64 bits and not text.
    """
    import pyarrow
    from pyarrow import parquet

    kinds = {name: pyarrow.int64() for name in _SUMS} | ({"id": pyarrow.int64()} if numbered else {})
    schema = pyarrow.schema([(name, kinds.get(name, pyarrow.large_string())) for name in _columns(full=full)])
    with temporary(path) as part, parquet.ParquetWriter(part, schema) as writer:
        for group in _groups((_flat(row, full=full) for row in rows), _PARQUET_ROWS):
            named = group if numbered else [{**row, "id": _as_text(row["id"])} for row in group]
            writer.write_table(pyarrow.Table.from_pylist(named, schema=schema))


def deliver_folder(rows: Iterable[Fields], path: Path, *, full: bool) -> None:
    """Write each copy under the name of its source, that of a page with ``.md`` added, and a report on all of them."""
    path.mkdir(exist_ok=True)
    with replacing(path / REPORT) as report:
        for row in rows:
            if "copy" in row:
                file = path / copy_name(row["id"])
                file.parent.mkdir(parents=True, exist_ok=True)
                with replacing(file) as copy:
                    copy.write(row["copy"])
            told = row if full else {name: value for name, value in row.items() if name != "copy"}
            report.write(json_line(told) + "\n")


def copy_name(source: str) -> str:
    """Name the copy of a file in a folder.

    >>> copy_name("local/ferry.html")
    'local/ferry.html.md'
    """
    return source + ".md" if Path(source).suffix.lower() in PAGES else source


def _columns(*, full: bool) -> tuple[str, ...]:
    return (*_COLUMNS, _ACCOUNT) if full else _COLUMNS


def _flat(row: Fields, *, full: bool) -> Fields:
    flat: Fields = {name: row.get(name) for name in _COLUMNS} | row.get("summary", {})
    if full:
        account = {name: value for name, value in row.items() if name != "id"}
        flat[_ACCOUNT] = json_line(account) if "copy" in row else None
    return flat


def _as_text(identity: object) -> str | None:
    return identity if isinstance(identity, str) or identity is None else json.dumps(identity)


def _groups(rows: Iterable[Fields], size: int) -> Iterator[list[Fields]]:
    group: list[Fields] = []
    for row in rows:
        group.append(row)
        if len(group) == size:
            yield group
            group = []
    if group:
        yield group
