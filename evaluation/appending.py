"""Files of JSON Lines that are only ever added to, so that a run which was killed goes on where it was."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, ClassVar, Generic, Protocol, Self, TypeVar

from evaluation.errors import BrokenDataError, MissingDataError, UnderWayError


class Entry(Protocol):
    """What a line of a file is."""

    def as_json(self) -> dict[str, Any]:
        """Write it as an object of JSON."""
        ...

    @classmethod
    def from_json(cls, fields: Mapping[str, Any], /) -> Self:
        """Read what ``as_json`` wrote.

        Raises:
            AttributeError: A field holds what it must not.
            KeyError: A field is missing.
            TypeError: A field holds what it must not.
            ValueError: A field holds what it must not.
        """
        ...


EntryT = TypeVar("EntryT", bound=Entry)


def read_entries(path: Path, kind: type[EntryT]) -> list[EntryT]:
    """Read all lines of a file, as they were added.

    Raises:
        MissingDataError: There is no such file.
        BrokenDataError: A line is no such entry. A last line without its end is one too: a run that goes on mends it.
    """
    content, entries = _bytes_of(path), []
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            entries.append(_entry(line, kind))
        except ValueError as error:
            raise BrokenDataError(path, number, str(error)) from error
    if not content.endswith(b"\n"):
        raise BrokenDataError(
            path, content.count(b"\n") + 1, "is only half there: run the suite again, it goes on where it was"
        )
    return entries


def _bytes_of(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingDataError(path) from error
    if not content:
        raise BrokenDataError(path, 1, "the file is empty")
    return content


def _entry(line: bytes, kind: type[EntryT]) -> EntryT:
    try:
        return kind.from_json(json.loads(line))
    except KeyError as error:
        raise ValueError(f"has no field {error}") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"is no row of results ({error})") from error


def _line(entry: Entry) -> bytes:
    return json.dumps(entry.as_json(), ensure_ascii=False).encode() + b"\n"


def write_entries(path: Path, entries: Sequence[Entry]) -> None:
    """Write entries to a file of their own, in place of what it held."""
    path.write_bytes(b"".join(map(_line, entries)))


class AppendedFile(Generic[EntryT]):
    """A file that a run adds to, the only one at a time.

    Args:
        path: The file; it is made where there is none.

    Attributes:
        kind: What its lines are; each kind of file says.
        rows: What it holds, in the order in which it was added.
        faults: What was wrong with it, in sentences: lines that are no rows, which stay where they are and count for
            nothing, and a last line that was only half written, which is cut off.

    Raises:
        UnderWayError: Another run adds to it.
        OSError: It cannot be read or written.
    """

    kind: ClassVar[type[Any]]

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise UnderWayError(path) from error
        self.rows: list[EntryT] = []
        self.faults: list[str] = []
        self._read(path)

    def _read(self, path: Path) -> None:
        self._file.seek(0)
        end, number = 0, 0
        for number, line in enumerate(self._file, start=1):
            whole = line.endswith(b"\n")
            try:
                self.rows.append(_entry(line, self.kind))
            except ValueError as error:
                if not whole:
                    break
                self.faults.append(f"{path}, line {number}: {error}; it is left out, and made again")
            end += len(line)
            if not whole:  # It lacks nothing but its end.
                self._file.write(b"\n")
                return
        self._file.seek(0, 2)
        if (half := self._file.tell() - end) > 0:
            self._file.truncate(end)
            self.faults.append(
                f"{path}, line {number}: was only half written ({half:,} bytes); it is cut off, and made again"
            )

    def add(self, row: EntryT) -> None:
        """Add a row; it is with the operating system when this returns, so that a kill loses none that was added."""
        self._file.write(_line(row))
        self._file.flush()
        self.rows.append(row)

    def __enter__(self) -> Self:
        """Give the file itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self._file.close()
