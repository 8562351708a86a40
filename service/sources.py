"""Where the rows of a batch come from: JSON Lines, CSV, Parquet."""

from __future__ import annotations

import csv
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Generic, Protocol, TypeVar

from pydantic_core import from_json

from service.errors import CopydeskError, InputError, MalformedRowError, NotTextError, RowTooLargeError, WrongWidthError
from service.file_lines import FileLine, read_lines, read_pieces, without_blank_end
from service.model import sha256_of
from service.rows import TERMS, Columns, Identity, Row, decode

if TYPE_CHECKING:
    import pyarrow

# Cells of a Parquet file that are read at once.
_CELLS = 64
# A name that is longer, or has other signs, may be a piece of an article in a table that does not name its columns.
_NAME = re.compile(r"[\w .-]{1,40}")
_MOST_NAMES = 20

T = TypeVar("T")


class Source(Protocol):
    """Rows in an order that is always the same."""

    def count(self) -> int:
        """Count the rows."""
        ...

    def sha256(self) -> str:
        """Name the input by what is in it."""
        ...

    def rows(self, *, after: int = 0) -> Iterator[Row]:
        """Give the rows that stand after a number of others, one at a time."""
        ...


@dataclass(frozen=True)
class _TextFile(ABC, Generic[T]):
    path: Path
    columns: Columns
    limit: int

    def count(self) -> int:
        """Count the rows."""
        with self.path.open("rb") as file:
            return sum(1 for _ in self._records(file))

    def sha256(self) -> str:
        """Hash the file."""
        return sha256_of(self.path)

    def rows(self, *, after: int = 0) -> Iterator[Row]:
        """Read the rows; one that is not as it should be is a failed row."""
        with self.path.open("rb") as file:
            for number, record in enumerate(islice(self._records(file), after, None), start=after + 1):
                yield self._row(number, record)

    @abstractmethod
    def _records(self, file: BinaryIO) -> Iterator[T]:
        """Give what stands for a row in the file."""

    @abstractmethod
    def _row(self, number: int, record: T) -> Row:
        """Make a row of it."""


@dataclass(frozen=True)
class JsonLines(_TextFile[FileLine]):
    """A file with an object of JSON on each line; one that is no object, or lacks the text, is a failed row.

    Attributes:
        path: The file.
        columns: The fields.
        limit: Most bytes of a line.
    """

    def _records(self, file: BinaryIO) -> Iterator[FileLine]:
        return without_blank_end(read_lines(file, limit=self.limit), lambda line: line.is_blank)

    def _row(self, number: int, record: FileLine) -> Row:
        try:
            content = record.within_limit().rstrip(b"\r\n")
            fields = _parse(decode(content))
        except NotTextError as error:
            return Row.failed(number, error, identity=self._identity(content))
        except CopydeskError as error:
            return Row.failed(number, error)
        return Row.from_fields(number, fields, self.columns)

    def _identity(self, content: bytes) -> Identity:
        """Find the id of a line that is not all text, where the id itself is."""
        try:
            identity = _parse(content.decode(errors="replace")).get(self.columns.identity)
        except MalformedRowError:
            return None
        return identity if isinstance(identity, str) and "\ufffd" not in identity else None


def _parse(line: str) -> dict[str, Any]:
    try:
        fields = from_json(line)
    except ValueError as error:
        raise MalformedRowError("JSON object", str(error)) from error
    if not isinstance(fields, dict):
        raise MalformedRowError("JSON object", f"it is of type {type(fields).__name__}")
    return fields


@dataclass(frozen=True)
class CsvTable(_TextFile["_Record"]):
    """A table of comma-separated values in UTF-8, with a line of column names.

    A row with another number of fields than the table has columns is a failed row.

    Attributes:
        path: The file.
        columns: The columns.
        limit: Most bytes of a row.
    """

    def _row(self, number: int, record: _Record) -> Row:
        identity: Identity = None
        try:
            if record.error:
                raise record.error
            if len(record.fields) != len(record.names):
                raise WrongWidthError(len(record.fields), len(record.names))
            fields = dict(zip(record.names, record.fields, strict=True))
            identity = decode(_as_read(fields.get(self.columns.identity, ""))) or None
            terms = {name: decode(_as_read(fields[name])) for name in TERMS if name in fields}
            text = decode(_as_read(fields[self.columns.text]))
        except CopydeskError as error:
            return Row.failed(number, error, identity=identity)
        named = {self.columns.identity: identity, self.columns.text: text}
        return Row.from_fields(number, terms | named, self.columns)

    def _records(self, file: BinaryIO) -> Iterator[_Record]:
        return without_blank_end(self._every_record(file), lambda record: not record.fields and not record.error)

    def _every_record(self, file: BinaryIO) -> Iterator[_Record]:
        csv.field_size_limit(max(csv.field_size_limit(), self.limit + 1))
        lines = _CsvLines(file, self.limit)
        # Strict, or a quotation mark that nobody closed would make one text of all the rows that are left.
        reader = csv.reader(lines, strict=True)
        try:
            names = next(reader, [])
        except (csv.Error, RowTooLargeError) as error:
            raise InputError(self.path, f"its first line must name the columns ({error})") from error
        _require_column(self.path, self.columns.text, names)
        while True:
            lines.begin_row()
            try:
                record = _Record(names, next(reader))
            except StopIteration:
                return
            except csv.Error as error:
                record = _Record(names, [], MalformedRowError("CSV", str(error)))
            except RowTooLargeError as error:
                record = _Record(names, [], error)
            yield record


@dataclass(frozen=True)
class _Record:
    """A row of a table as it stands there."""

    names: Sequence[str]
    fields: Sequence[str]
    error: CopydeskError | None = None


class _CsvLines:
    """Hands lines to the reader of CSV and holds each of its rows to the limit.

    A row over the limit is left out to its end, which may be lines further on, where its last quotation mark is.
    """

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._pieces = read_pieces(file, limit=limit)
        self._limit = limit
        self._row: list[bytes] = []
        self._size = 0

    def begin_row(self) -> None:
        """Say that the next line is the first of a row."""
        self._row.clear()
        self._size = 0

    def __iter__(self) -> _CsvLines:
        return self

    def __next__(self) -> str:
        piece = next(self._pieces)
        self._row.append(piece)
        self._size += len(piece)
        if self._size > self._limit:
            self._leave_out_rest()
            raise RowTooLargeError(self._limit, self._size, whole=False)
        # What is no UTF-8 goes through, and is told of the field it stands in.
        return piece.decode("utf-8", "surrogateescape")

    def _leave_out_rest(self) -> None:
        piece = b"".join(self._row)
        place = _read_on(_Place.START, piece)
        while place is _Place.QUOTED or not piece.endswith(b"\n"):
            piece = next(self._pieces, b"")
            if not piece:
                return
            place = _read_on(place, piece)


class _Place(Enum):
    """Where in a row of CSV a reader is."""

    START = auto()  # of a field
    PLAIN = auto()  # in a field without quotation marks around it
    QUOTED = auto()  # between them
    CLOSED = auto()  # after the second, or after the first of a pair that stands for one


_TOKEN = re.compile(rb'[",]|[^",]+')
_STEPS: Mapping[tuple[_Place, bytes], _Place] = {
    (_Place.START, b'"'): _Place.QUOTED,
    (_Place.START, b","): _Place.START,
    (_Place.PLAIN, b","): _Place.START,
    (_Place.QUOTED, b'"'): _Place.CLOSED,
    (_Place.CLOSED, b'"'): _Place.QUOTED,
    (_Place.CLOSED, b","): _Place.START,
}


def _read_on(place: _Place, piece: bytes) -> _Place:
    """Follow a row through a piece of it."""
    for found in _TOKEN.finditer(piece):
        place = _STEPS.get((place, found[0]), place if place is _Place.QUOTED else _Place.PLAIN)
    return place


def _as_read(field: str) -> bytes:
    return field.encode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class ParquetTable:
    """A Parquet file.

    Attributes:
        path: The file.
        columns: The columns.
        limit: Most bytes of a text.
    """

    path: Path
    columns: Columns
    limit: int

    def count(self) -> int:
        """Look up the number of rows."""
        with self._open() as file:
            return int(file.metadata.num_rows)

    def sha256(self) -> str:
        """Hash the file."""
        return sha256_of(self.path)

    def rows(self, *, after: int = 0) -> Iterator[Row]:
        """Read the rows; one without a text is a failed row."""
        cells = islice(self._cells(), after, None)
        yield from (self._row(number, *found) for number, found in enumerate(cells, start=after + 1))

    def _cells(self) -> Iterator[tuple[pyarrow.RecordBatch, int]]:
        import pyarrow

        with self._open() as file:
            known = dict.fromkeys((self.columns.identity, self.columns.text, *TERMS))
            names = [name for name in known if name in file.schema_arrow.names]
            try:
                for batch in file.iter_batches(batch_size=_CELLS, columns=names, use_threads=False):
                    yield from ((batch, place) for place in range(len(batch)))
            except pyarrow.ArrowException as error:
                raise InputError(self.path, f"it is damaged ({error})") from error

    def _open(self) -> Any:
        import pyarrow
        from pyarrow import parquet

        try:
            file = parquet.ParquetFile(self.path)
        except pyarrow.ArrowInvalid as error:
            raise InputError(self.path, f"it is no Parquet file ({error})") from error
        schema = file.schema_arrow
        _require_column(self.path, self.columns.text, schema.names)
        text = schema.field(self.columns.text).type
        named = self.columns.identity in schema.names
        identity = schema.field(self.columns.identity).type if named else pyarrow.string()
        if not _is_text(text):
            raise InputError(self.path, f"the column {self.columns.text!r} holds {text}: it must hold text")
        if not (_is_text(identity) or pyarrow.types.is_integer(identity)):
            reason = f"the column {self.columns.identity!r} holds {identity}: ids are text or whole numbers"
            raise InputError(self.path, reason)
        return file

    def _row(self, number: int, batch: pyarrow.RecordBatch, place: int) -> Row:
        import pyarrow

        found: dict[str, Any] = {}
        try:
            for name in batch.schema.names:
                cell = batch.column(name)[place]
                if not cell.is_valid:
                    continue
                if not _is_text(cell.type):
                    is_map = pyarrow.types.is_map(cell.type)
                    found[name] = dict(cell.as_py()) if is_map else cell.as_py()
                    continue
                content = cell.cast(pyarrow.large_binary()).as_buffer()
                if content.size > self.limit:
                    raise RowTooLargeError(self.limit, content.size)
                found[name] = decode(content.to_pybytes())
        except CopydeskError as error:
            return Row.failed(number, error, identity=found.get(self.columns.identity))
        return Row.from_fields(number, found, self.columns)


def _is_text(kind: Any) -> bool:
    import pyarrow

    return bool(pyarrow.types.is_string(kind) or pyarrow.types.is_large_string(kind))


def _shown(names: Sequence[str]) -> list[str]:
    shown = [name if _NAME.fullmatch(name) else "…" for name in names[:_MOST_NAMES]]
    return [*shown, "…"] if len(names) > _MOST_NAMES else shown


def _require_column(path: Path, name: str, known: Sequence[str]) -> None:
    if name not in known:
        names = ", ".join(_shown(known)) or "no columns"
        raise InputError(
            path, f"there is no column {name!r}, only {names}: name the one of the text as the text column"
        )
