"""The record of a batch that is under way, so that a run that was killed goes on where it stopped."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from service.errors import BatchUnderWayError, OtherRunError, OutputError
from service.facts import Verdict
from service.passages import Status
from service.rows import Result, Tally

# Kept, altered and so on are verdicts, and kept is a status too.
_COUNTS = (
    {"failed": "failed"} | {f"passages_{status}": status for status in Status} | {f"facts_{v}": v for v in Verdict}
)
_TABLES = (
    "CREATE TABLE run (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT",
    "CREATE TABLE ids (id TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT, WITHOUT ROWID",
    "CREATE TABLE results (number INTEGER PRIMARY KEY, fields TEXT NOT NULL, "
    + ", ".join(f"{name} INTEGER NOT NULL" for name in _COUNTS)
    + ") STRICT",
)
# "desk" in ASCII: what SQLite keeps in the head of the file to tell whose it is.
_APPLICATION = 0x6465736B


class Journal:
    """Results in the order of their rows, on disk before ``add`` returns.

    One process has it at a time. It is a file of SQLite: a kill, or the loss of power, at any moment leaves it with the
    results of whole calls of ``add``.

    Args:
        path: The file; it is made where there is none.
        run: All that the results depend on, by name.
        anew: Whether to forget what is on record.

    Attributes:
        done: How many rows, from the first on, have their results.

    Raises:
        OtherRunError: The file is the record of another run.
        BatchUnderWayError: Another process has it.
        OutputError: The file is something else, or cannot be written.
    """

    def __init__(self, path: Path, run: Mapping[str, str], *, anew: bool = False) -> None:
        self._path = path
        with _told_of(path):
            self._database = sqlite3.connect(path, timeout=1, isolation_level=None)
            try:
                self._open(run, anew=anew)
            except BaseException:
                self._database.close()
                raise

    def _open(self, run: Mapping[str, str], *, anew: bool) -> None:
        database = self._database
        # The lock goes when the process does, whatever ends it.
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        if tables and database.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION:
            raise OutputError(self._path, "it is a database, but no record of a batch: move it away")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        if anew or not tables:
            self._begin_anew(run, tables)
        found = dict(database.execute("SELECT name, value FROM run"))
        if found != dict(run):
            names = [name for name in {**found, **run} if found.get(name) != run.get(name)]
            raise OtherRunError(
                self._path, [(name, found.get(name, "not set"), run.get(name, "not set")) for name in names]
            )
        self.done: int = database.execute("SELECT count(*) FROM results").fetchone()[0]
        database.execute("BEGIN IMMEDIATE")

    def _begin_anew(self, run: Mapping[str, str], tables: Sequence[str]) -> None:
        database = self._database
        database.execute("BEGIN IMMEDIATE")
        for statement in (*(f"DROP TABLE {name}" for name in tables), *_TABLES):
            database.execute(statement)
        database.execute(f"PRAGMA application_id = {_APPLICATION}")
        database.executemany("INSERT INTO run VALUES (?, ?)", run.items())
        database.execute("COMMIT")

    def first_with(self, identity: str | int, number: int) -> int:
        """Find the number of the first row that has an id; without any, the row of this ``number`` has it from now on.

        Raises:
            OutputError: It cannot be recorded.
        """
        key = json.dumps(identity)
        with _told_of(self._path):
            self._database.execute("INSERT OR IGNORE INTO ids VALUES (?, ?)", (key, number))
            first: int = self._database.execute("SELECT number FROM ids WHERE id = ?", (key,)).fetchone()[0]
        return first

    def add(self, results: Sequence[Result]) -> None:
        """Record the results of the next rows; all of them or none.

        Raises:
            ValueError: They are not those of the next rows.
            OutputError: They cannot be recorded.
        """
        if [result.number for result in results] != list(range(self.done + 1, self.done + 1 + len(results))):
            raise ValueError(f"the results of the rows after {self.done} were expected")
        marks = ", ".join("?" * (2 + len(_COUNTS)))
        with _told_of(self._path):
            self._database.executemany(f"INSERT INTO results VALUES ({marks})", map(_values, results))
            self._database.execute("COMMIT")
            self._database.execute("BEGIN IMMEDIATE")
        self.done += len(results)

    def results(self) -> Iterator[dict[str, Any]]:
        """Give the rows that go out, in order."""
        for (fields,) in self._database.execute("SELECT fields FROM results ORDER BY number"):
            yield json.loads(fields)

    def tally(self) -> Tally:
        """Add up all results."""
        sums = ", ".join(f"total({name})" for name in _COUNTS)
        found = self._database.execute(f"SELECT count(*), {sums} FROM results").fetchone()
        rows, failed, *counts = map(int, found)
        return Tally(
            rows=rows,
            failed=failed,
            passages=dict(zip(Status, counts[: len(Status)], strict=True)),
            facts=dict(zip(Verdict, counts[len(Status) :], strict=True)),
        )

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def discard(self) -> None:
        """Remove the record."""
        self.close()
        self._path.unlink()


@contextmanager
def _told_of(path: Path) -> Iterator[None]:
    """Tell of what SQLite cannot do in words of ours."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorname.startswith("SQLITE_BUSY"):
            raise BatchUnderWayError(path) from error
        raise OutputError(path, f"progress cannot be recorded there ({error})") from error
    except sqlite3.DatabaseError as error:
        raise OutputError(path, f"it is no record of a batch ({error}): move it away") from error


def _values(result: Result) -> tuple[int | str, ...]:
    tally = result.tally
    return (
        result.number,
        json.dumps(result.fields),
        tally.failed,
        *(tally.passages.get(status, 0) for status in Status),
        *(tally.facts.get(verdict, 0) for verdict in Verdict),
    )
