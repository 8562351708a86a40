"""A batch from its input to its output: what is read, in which portions it is rewritten, and where that is recorded."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Literal, get_args

from service.actors import work_on_cluster
from service.crew import Task, work, work_together
from service.deliveries import copy_name, deliver_csv, deliver_folder, deliver_lines, deliver_parquet
from service.desk import Desk, open_desk
from service.errors import DuplicateIdError, InputError, OutputError
from service.folders import PAGES, TEXTS, Folder
from service.house_style import house_style
from service.installation import describe_installation
from service.journal import Journal
from service.rows import Columns, Result, Row, Tally
from service.settings import Settings
from service.sources import CsvTable, JsonLines, ParquetTable, Source

Format = Literal["jsonl", "csv", "parquet", "folder"]
FORMATS: tuple[Format, ...] = get_args(Format)
_SUFFIXES: Mapping[str, Format] = {".jsonl": "jsonl", ".ndjson": "jsonl", ".csv": "csv", ".parquet": "parquet"}
# Rows are rewritten together so that the runs of the model are full, and as few as memory is sure to hold. The portions
# depend on the input alone, so that a run that was killed makes the same ones.
_CHUNK_ROWS = 16
_CHUNK_CHARACTERS = 40_000


@dataclass(frozen=True)
class Order:
    """What a batch is to do.

    Attributes:
        source: File or folder of what is rewritten.
        target: File or folder of what comes of it.
        form: What ``source`` is; None where its name says it.
        columns: Fields of the rows.
        limit: Most rows that are taken; None takes all.
        task: What is done with each.
        workers: Most that rewrite at once; None is this process alone, or on a cluster one for each CPU.
        cluster: Whether they are actors on a Ray cluster, and not processes of this machine.
    """

    source: Path
    target: Path
    form: Format | None = None
    columns: Columns = field(default_factory=Columns)
    limit: int | None = None
    task: Task = field(default_factory=Task)
    workers: int | None = None
    cluster: bool = False

    @property
    def source_form(self) -> Format:
        """What the input is.

        Raises:
            InputError: Nothing says it.
        """
        found = self.form or ("folder" if self.source.is_dir() else _SUFFIXES.get(self.source.suffix.lower()))
        if found is None:
            raise InputError(self.source, f"its name does not say what it is: say --format {'|'.join(FORMATS)}")
        return found

    @property
    def target_form(self) -> Format:
        """What the output is: what its name says, or else the same as the input."""
        return _SUFFIXES.get(self.target.suffix.lower(), self.source_form)

    @property
    def record(self) -> Path:
        """Where progress is recorded: beside the output."""
        return self.target.with_name(self.target.name + ".progress")


class Batch:
    """A batch that goes on where it stopped.

    Args:
        order: What it is to do.
        settings: Model and limits.
        anew: Whether to forget progress and output of an earlier run.
        open_desk: Loads the model where there is one worker.

    Attributes:
        total: How many rows there are to do.

    Raises:
        InputError: The input is nothing that a batch can be made of.
        OutputError: There is an output already, or none can be written.
        OtherRunError: The progress on record is that of another run.
        BatchUnderWayError: Another process works at it.
    """

    def __init__(
        self, order: Order, settings: Settings, *, anew: bool = False, open_desk: Callable[[Settings], Desk] = open_desk
    ) -> None:
        self._order = order
        self._settings = settings
        self._open_desk = partial(open_desk, settings)
        self._source = _open_source(order, settings.max_body_bytes)
        _require_room(order, self._source, anew=anew)
        count = self._source.count()
        self.total = count if order.limit is None else min(order.limit, count)
        self._journal = Journal(order.record, _identity(order, settings, self._source), anew=anew)

    @property
    def done(self) -> int:
        """How many rows have their results on record."""
        return self._journal.done

    @property
    def tally(self) -> Tally:
        """How the rows with results on record have fared."""
        return self._journal.tally()

    def work(self) -> Generator[Tally, None, None]:
        """Rewrite what is not done yet; gives a tally of each portion once it is on record.

        Raises:
            CopydeskError: The model is gone, a worker process was killed, or progress cannot be recorded.
        """
        if self.done < self.total:
            with closing(self._rewrite()) as portions:
                for portion in portions:
                    self._journal.add(portion)
                    yield Tally.total(result.tally for result in portion)
        if self.done != self.total:
            raise InputError(self._order.source, "it became shorter while it was read: start anew with --no-resume")

    def deliver(self) -> None:
        """Write the output, whole or not at all, and remove the record."""
        order, rows = self._order, self._journal.results()
        match order.target_form:
            case "jsonl":
                deliver_lines(rows, order.target)
            case "csv":
                deliver_csv(rows, order.target, full=order.task.full)
            case "parquet":
                numbered = all(_is_number(row["id"]) for row in self._journal.results())
                deliver_parquet(rows, order.target, full=order.task.full, numbered=numbered)
            case "folder":
                deliver_folder(rows, order.target, full=order.task.full)
        self._journal.discard()

    def close(self) -> None:
        """Let go of the record, which stays where the batch is not delivered."""
        self._journal.close()

    def _rewrite(self) -> Generator[list[Result], None, None]:
        order = self._order
        if order.cluster:
            return work_on_cluster(self._settings, order.task, self._chunks(), workers=order.workers)
        if order.workers is None or order.workers == 1:
            return work(self._open_desk, order.task, self._chunks())
        return work_together(self._settings, order.task, self._chunks(), workers=order.workers)

    def _chunks(self) -> Iterator[list[Row]]:
        chunk: list[Row] = []
        characters = 0
        for row in self._source.rows(after=self.done):
            if row.number > self.total:
                break
            chunk.append(self._with_own_id(row))
            characters += len(row.text)
            if len(chunk) == _CHUNK_ROWS or characters >= _CHUNK_CHARACTERS:
                yield chunk
                chunk, characters = [], 0
        if chunk:
            yield chunk

    def _with_own_id(self, row: Row) -> Row:
        """Refuse a row whose id an earlier one has."""
        if row.identity is None:
            return row
        first = self._journal.first_with(row.identity, row.number)
        if first == row.number or row.error:
            return row
        return replace(row, error=DuplicateIdError(row.identity, first).sentence)


def _is_number(identity: object) -> bool:
    return identity is None or (isinstance(identity, int) and -(2**63) <= identity < 2**63)


def _open_source(order: Order, limit: int) -> Source:
    path = order.source
    if order.source_form == "folder":
        if not path.is_dir():
            raise InputError(path, "it is no folder")
        folder = Folder(path, limit)
        if not folder.files:
            *others, last = (*TEXTS, *PAGES)
            raise InputError(path, f"there is no {', '.join(others)} or {last} file in it")
        return folder
    if not path.is_file():
        raise InputError(path, "there is no such file")
    kinds: dict[Format, Callable[[Path, Columns, int], Source]] = {
        "jsonl": JsonLines,
        "csv": CsvTable,
        "parquet": ParquetTable,
    }
    return kinds[order.source_form](path, order.columns, limit)


def _require_room(order: Order, source: Source, *, anew: bool) -> None:
    """See that the output can be written, and that nothing is lost by it.

    Raises:
        OutputError: It cannot.
    """
    target, folder = order.target, order.target_form == "folder"
    if target.resolve().is_relative_to(order.source.resolve()):
        raise OutputError(target, "it is the input itself, or within it: name a place beside it")
    if not target.parent.is_dir():
        raise OutputError(target, "there is no such folder to write to: make it first")
    if target.exists() and target.is_dir() != folder:
        raise OutputError(target, "there is a folder where a file would be written, or the reverse: name another")
    if folder:
        _require_names(target, source)
    # A run that was killed while it delivered left a part of its output, or all of it.
    if order.record.exists() and not anew:
        return
    if folder and target.exists() and any(target.iterdir()):
        raise OutputError(target, "it is not empty: name another folder, or empty it")
    if target.is_file() and not anew:
        raise OutputError(target, "it exists already: name another, or replace it with --no-resume")


def _require_names(target: Path, source: Source) -> None:
    if not isinstance(source, Folder):
        reason = "only what comes from a folder can go to one: name a .jsonl, .csv or .parquet file"
        raise OutputError(target, reason)
    names: dict[str, Path] = {}
    for file in source.files:
        other = names.setdefault(copy_name(file.as_posix()), file)
        if other != file:
            raise OutputError(target, f"{other} and {file} would have copies of one name: rename one of them")


def _identity(order: Order, settings: Settings, source: Source) -> dict[str, str]:
    """Name all that the results depend on, and that a run that goes on must have in common with the one before."""
    used = {
        "input": source.sha256(),
        "format": f"{order.source_form} to {order.target_form}",
        "text column": order.columns.text,
        "id column": order.columns.identity,
        "limit": order.limit,
        "seed": order.task.seed,
        "style": house_style(order.task.style).name,
        "mode": order.task.mode.value,
        "protected terms": list(order.task.terms.protected),
        "glossary": dict(order.task.terms.glossary),
        "full": order.task.full,
        "prompt": settings.prompt,
        "longest article": settings.max_article_characters,
        "largest row": settings.max_body_bytes,
        **describe_installation(settings),
    }
    return {name: str(value) for name, value in used.items()}
