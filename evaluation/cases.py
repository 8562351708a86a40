"""A labelled case, and reading rows from files that may be missing, half-written or not what they should be."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from evaluation.errors import BrokenDataError, MissingDataError
from service.spans import Span

Direction = Literal["both", "support"]
Row = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """A source with a text of which somebody said whether it is faithful.

    Attributes:
        id: Its name within the test.
        cluster: What it shares with cases that are not independent of it, most often the source.
        source: What the hypothesis is held against.
        hypothesis: The text that is judged.
        faithful: The label.
        kind: Type of the error, or of the faithful rewrite; None where the data set has no types.
        source_span: Where the source states what the error is about, if known.
        hyp_span: Where the error stands, if known.
        direction: ``both`` where the hypothesis should also say all that the source says; ``support`` where it is
            enough that the source supports it.
        part: The part of the data set it belongs to, where parts are reported apart.
        pair: What a faithful and an unfaithful case have in common that are to be told apart.
    """

    id: str
    cluster: str
    source: str
    hypothesis: str
    faithful: bool
    kind: str | None = None
    source_span: Span | None = None
    hyp_span: Span | None = None
    direction: Direction = "both"
    part: str = ""
    pair: str | None = None


def read_rows(path: Path) -> list[Row]:
    """Read JSON Lines, compressed or not; all of it or nothing.

    Raises:
        MissingDataError: There is no such file.
        BrokenDataError: It ends too early, or a line is no JSON object.
    """
    rows: list[Row] = []
    try:
        for line in _lines(path):
            row = json.loads(line)
            if not isinstance(row, dict):
                raise BrokenDataError(path, len(rows) + 1, "is no JSON object")
            rows.append(row)
    except FileNotFoundError as error:
        raise MissingDataError(path) from error
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise BrokenDataError(path, len(rows) + 1, f"the file is cut off or damaged ({error})") from error
    except ValueError as error:
        raise BrokenDataError(path, len(rows) + 1, f"is not valid JSON in UTF-8 ({error})") from error
    if not rows:
        raise BrokenDataError(path, 1, "the file is empty")
    return rows


def _lines(path: Path) -> Iterator[bytes]:
    if path.suffix == ".gz":
        with gzip.open(path) as lines:
            yield from lines
    else:
        with path.open("rb") as lines:
            yield from lines


def make_cases(path: Path, rows: Iterable[Row], make: Callable[[Row], Iterable[Case]]) -> list[Case]:
    """Turn rows into cases.

    Raises:
        BrokenDataError: A row lacks a field, or a field holds what it must not.
    """
    cases: list[Case] = []
    for number, row in enumerate(rows, start=1):
        try:
            cases += make(row)
        except KeyError as error:
            raise BrokenDataError(path, number, f"has no field {error}") from error
        except (AttributeError, TypeError, ValueError) as error:
            raise BrokenDataError(path, number, f"a field holds what it must not ({error})") from error
    return cases
