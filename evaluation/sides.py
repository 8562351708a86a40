"""Find the two sides of a comparison: two files of results, or two systems of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.errors import UnknownSystemError
from evaluation.results import Row, latest, read_results
from service.errors import UsageError

_ENDING = ".jsonl"


@dataclass(frozen=True)
class Side:
    """One side.

    Attributes:
        name: What it is called beside the other.
        rows: Its rows, one for a text.
    """

    name: str
    rows: Sequence[Row]


def find_sides(names: tuple[str, str], *, results: Path, system: str | None) -> tuple[Side, Side]:
    """Find what two names on the command line mean.

    Args:
        names: Two files of results (``.jsonl``), or two systems.
        results: The file that holds the systems.
        system: Which system of the files is meant; None where each holds one.

    Raises:
        UsageError: One name is a file and the other is none, or it is not said which system is meant.
        UnknownSystemError: The file holds no such system.
        DataError: A file cannot be read.
    """
    files = [name.endswith(_ENDING) for name in names]
    if all(files):
        first, second = (_of_file(Path(name), system) for name in names)
    elif any(files):
        raise UsageError(f"compare two files of results ({_ENDING}) or two systems, not {' and '.join(names)}")
    elif system is not None:
        raise UsageError("--system says which system of two files is meant; here the systems are named already")
    else:
        rows = latest(read_results(results))
        first, second = (Side(name, _of_system(rows, name)) for name in names)
    return first, second


def _of_file(path: Path, system: str | None) -> Side:
    rows = latest(read_results(path))
    systems = list(dict.fromkeys(row.system for row in rows))
    if system is None and len(systems) > 1:
        raise UsageError(f"{path} holds {', '.join(systems)}: say with --system which one is meant")
    return Side(str(path), _of_system(rows, system or systems[0]))


def _of_system(rows: Sequence[Row], system: str) -> list[Row]:
    found = [row for row in rows if row.system == system]
    if not found:
        raise UnknownSystemError(system, dict.fromkeys(row.system for row in rows))
    return found
