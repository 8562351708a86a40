"""The batches that the service was sent, on disk: a folder for each, from its arrival until it is deleted."""

from __future__ import annotations

import fcntl
import json
import logging
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from threading import RLock
from typing import Literal

from service.brief import Mode
from service.durable import replacing, sync
from service.errors import (
    BatchesUnavailableError,
    BatchNotEndedError,
    KeyInUseError,
    KeyReusedError,
    NoSuchBatchError,
    TooManyBatchesError,
)
from service.house_style import DEFAULT

Status = Literal["queued", "in_progress", "cancelling", "completed", "cancelled"]

Form = Literal["jsonl", "csv"]

CUSTOM_ID = "custom_id"
"""What a row calls its id: always on its way out, and on its way in unless its sender says otherwise."""

RESULTS = "results.jsonl"
_ORDER = "batch.json"
_CANCELLED = "cancelled"
_ENDING = "end.json"
_LOCK = "lock"
_DAY = 24 * 60 * 60

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class BatchOrder:
    """A batch as it was sent.

    Attributes:
        id: Its name.
        caller: Who sent it; empty where nobody has a key to the service.
        created: When, in seconds since 1970.
        rows: How many rows it has.
        seed: Seed of the sampled candidates.
        full: Whether a row that goes out has the account of every passage.
        key: The idempotency key it came with; empty where there was none.
        fingerprint: SHA-256 of all that was asked.
        style: Name of the house style.
        mode: How far the desk may go.
        form: What its rows are lines of.
        text_column: Field or column of the article.
        id_column: Field or column of the id.
    """

    id: str
    caller: str
    created: float
    rows: int
    seed: int
    full: bool
    key: str
    fingerprint: str
    style: str = DEFAULT
    mode: Mode = Mode.REWRITE
    form: Form = "jsonl"
    text_column: str = "text"
    id_column: str = CUSTOM_ID


def input_name(form: Form) -> str:
    """Give the name, in the folder of a batch, of the file that was sent."""
    return f"input.{form}"


@dataclass(frozen=True)
class KeptBatch:
    """A batch and how far it is.

    Attributes:
        order: What was asked.
        done: How many rows, from the first on, are done.
        failed: How many of them have an error instead of a copy.
        cancelled: Whether its sender wants no more of it.
        ended: When it came to its end, in seconds since 1970; None before.
    """

    order: BatchOrder
    done: int = 0
    failed: int = 0
    cancelled: bool = False
    ended: float | None = None

    @property
    def id(self) -> str:
        """Its name."""
        return self.order.id

    @property
    def status(self) -> Status:
        """How it is."""
        if self.ended is not None:
            return "completed" if self.done == self.order.rows else "cancelled"
        if self.cancelled:
            return "cancelling"
        return "in_progress" if self.done else "queued"


class Batches:
    """All batches that are kept. One process has their folder at a time.

    A batch is there once its folder has its name, has ended once its results are there whole, and what else is to be
    known of it is in small files beside them: so nothing that is told is forgotten, whatever ends the process.

    Args:
        folder: Where they are; it is made where there is none.
        most: Most batches at once.
        days: How long one is kept after its end.
        clock: Tells the time in seconds since 1970.
    """

    def __init__(self, folder: Path, *, most: int, days: float, clock: Callable[[], float] = time.time) -> None:
        self._folder = folder
        self._most = most
        self._seconds = days * _DAY
        self._clock = clock
        # The worker has one batch in hand while callers ask for others.
        self._lock = RLock()
        self._kept: dict[str, KeptBatch] = {}
        self._arriving: dict[str, str] = {}
        self._handle: int | None = None
        self._let_in = False

    @property
    def is_open(self) -> bool:
        """True while this process has the folder."""
        return self._handle is not None

    def open(self) -> bool:
        """Take the folder and look through it, before anybody is let in; gives whether it could be had.

        Raises:
            OSError: It cannot be used.
        """
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(self._folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # The lock goes when the process does, whatever ends it.
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._kept = {kept.id: kept for kept in self._look_through()}
        except BlockingIOError:
            os.close(handle)
            return False
        except BaseException:
            os.close(handle)
            raise
        self._handle = handle
        return True

    def let_in(self) -> None:
        """Answer callers from now on, as all that they may ask is known."""
        self._let_in = True

    def close(self) -> None:
        """Let go of the folder."""
        with self._lock:
            self._let_in = False
            if self._handle is not None:
                os.close(self._handle)
                self._handle = None

    @contextmanager
    def arriving(self, key: str) -> Iterator[Path]:
        """Make room for a batch that is being sent; what is not filed in the end is removed.

        Args:
            key: Its idempotency key; empty for none.

        Returns:
            A folder for it.

        Raises:
            BatchesUnavailableError: This process does not have the folder.
            TooManyBatchesError: There is no room.
            KeyInUseError: A batch with the key is being sent.
        """
        name = uuid.uuid4().hex
        with self._lock:
            self._require_open()
            if key and key in self._arriving.values():
                raise KeyInUseError
            # One that is sent again needs no room of its own.
            if len(self._kept) + len(self._arriving) >= self._most and not self._with_key(key):
                raise TooManyBatchesError(self._most)
            self._arriving[name] = key
        folder = self._folder / f".{name}"
        try:
            folder.mkdir()
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
            with self._lock:
                del self._arriving[name]

    def file(
        self,
        folder: Path,
        *,
        caller: str,
        rows: int,
        seed: int,
        full: bool,
        key: str,
        fingerprint: str,
        style: str = DEFAULT,
        mode: Mode = Mode.REWRITE,
        form: Form = "jsonl",
        text_column: str = "text",
        id_column: str = CUSTOM_ID,
    ) -> KeptBatch:
        """Keep the batch that has arrived in ``folder``; one that was sent before with this key is what it was.

        Raises:
            KeyReusedError: The key was another batch's.
        """
        with self._lock:
            self._require_open()
            if known := self._with_key(key):
                if known.order.fingerprint != fingerprint:
                    raise KeyReusedError
                return known
        order = BatchOrder(
            id=uuid.uuid4().hex,
            caller=caller,
            created=self._clock(),
            rows=rows,
            seed=seed,
            full=full,
            key=key,
            fingerprint=fingerprint,
            style=style,
            mode=mode,
            form=form,
            text_column=text_column,
            id_column=id_column,
        )
        sync(folder / input_name(form))
        with replacing(folder / _ORDER) as file:
            json.dump(asdict(order), file)
        with self._lock:
            self._require_open()
            folder.rename(self.folder_of(order.id))
            sync(self._folder)
            self._kept[order.id] = KeptBatch(order)
        _log.info("batch %s has arrived: %d rows", order.id, rows)
        return self._kept[order.id]

    def all_of(self, caller: str) -> list[KeptBatch]:
        """List the batches of a caller, the newest first.

        Raises:
            BatchesUnavailableError: This process does not have the folder.
        """
        with self._lock:
            self._require_open()
            kept = [batch for batch in self._kept.values() if batch.order.caller == caller]
        return sorted(kept, key=lambda batch: batch.order.created, reverse=True)

    def get(self, batch: str, caller: str) -> KeptBatch:
        """Look up a batch of a caller.

        Raises:
            BatchesUnavailableError: This process does not have the folder.
            NoSuchBatchError: There is none of this id.
        """
        with self._lock:
            self._require_open()
            kept = self._kept.get(batch)
        if kept is None or kept.order.caller != caller:
            raise NoSuchBatchError
        return kept

    def results_of(self, batch: str, caller: str) -> Path:
        """Say where the results of a batch are.

        Raises:
            BatchesUnavailableError: This process does not have the folder.
            NoSuchBatchError: There is none of this id.
            BatchNotEndedError: It has not come to its end.
        """
        kept = self.get(batch, caller)
        if kept.ended is None:
            raise BatchNotEndedError(kept.done, kept.order.rows)
        return self.folder_of(batch) / RESULTS

    def cancel(self, batch: str, caller: str) -> KeptBatch:
        """Want no more of a batch; one that has ended is left as it is.

        Raises:
            BatchesUnavailableError: This process does not have the folder.
            NoSuchBatchError: There is none of this id.
        """
        with self._lock:
            kept = self.get(batch, caller)
            if kept.ended is None and not kept.cancelled:
                with replacing(self.folder_of(batch) / _CANCELLED):
                    pass
                self._kept[batch] = replace(kept, cancelled=True)
                _log.info("batch %s is cancelled", batch)
            return self._kept[batch]

    def delete(self, batch: str, caller: str) -> None:
        """Remove a batch that has ended, and all that came of it.

        Raises:
            BatchesUnavailableError: This process does not have the folder.
            NoSuchBatchError: There is none of this id.
            BatchNotEndedError: It has not come to its end.
        """
        with self._lock:
            kept = self.get(batch, caller)
            if kept.ended is None:
                raise BatchNotEndedError(kept.done, kept.order.rows)
            self._remove(batch)

    def remove_outdated(self) -> None:
        """Remove the batches that have been kept for long enough."""
        oldest = self._clock() - self._seconds
        with self._lock:
            for kept in list(self._kept.values()):
                if kept.ended is not None and kept.ended < oldest:
                    self._remove(kept.id)

    def expiry_of(self, kept: KeptBatch) -> float | None:
        """Say when a batch that has ended is removed, in seconds since 1970."""
        return None if kept.ended is None else kept.ended + self._seconds

    # --- for the worker ---

    def unfinished(self) -> list[KeptBatch]:
        """List the batches of all callers that have not ended, the oldest first."""
        with self._lock:
            kept = [batch for batch in self._kept.values() if batch.ended is None]
        return sorted(kept, key=lambda batch: batch.order.created)

    def folder_of(self, batch: str) -> Path:
        """Say where a batch is."""
        return self._folder / batch

    def note(self, batch: str, *, done: int, failed: int) -> None:
        """Say how far a batch is."""
        with self._lock:
            self._kept[batch] = replace(self._kept[batch], done=done, failed=failed)

    @contextmanager
    def ending(self, batch: str) -> Iterator[None]:
        """End a batch: inside, its results are put in their place, whole.

        What is to be known of it afterwards is on disk before, and nothing of it counts without the results.
        """
        kept = replace(self._kept[batch], ended=self._clock())
        with replacing(self.folder_of(batch) / _ENDING) as file:
            json.dump({"ended": kept.ended, "done": kept.done, "failed": kept.failed}, file)
        yield
        with self._lock:
            self._kept[batch] = kept
            self._tidy(batch)
        _log.info("batch %s has ended: %s, %d of %d rows", batch, kept.status, kept.done, kept.order.rows)

    def _require_open(self) -> None:
        if not self._let_in:
            raise BatchesUnavailableError

    def _with_key(self, key: str) -> KeptBatch | None:
        return next((kept for kept in self._kept.values() if key and kept.order.key == key), None)

    def _remove(self, batch: str) -> None:
        # With another name it is gone, even if the rest of it goes another time.
        gone = self._folder / f".{batch}"
        self.folder_of(batch).rename(gone)
        sync(self._folder)
        del self._kept[batch]
        shutil.rmtree(gone, ignore_errors=True)
        _log.info("batch %s is removed", batch)

    def _look_through(self) -> Iterator[KeptBatch]:
        for folder in sorted(path for path in self._folder.iterdir() if path.is_dir()):
            if folder.name.startswith("."):
                shutil.rmtree(folder, ignore_errors=True)
                continue
            try:
                kept = _read(folder)
            except (OSError, ValueError, TypeError) as error:
                _log.error("%s is no batch and is left alone: %s", folder, error)
                continue
            if kept.ended is not None:
                self._tidy(folder.name)
            yield kept

    def _tidy(self, batch: str) -> None:
        """Remove what nobody needs once there are results."""
        for file in self.folder_of(batch).iterdir():
            if file.name not in (_ORDER, _ENDING, RESULTS):
                file.unlink(missing_ok=True)


def _read(folder: Path) -> KeptBatch:
    order = BatchOrder(**json.loads((folder / _ORDER).read_text(encoding="utf-8")))
    kept = KeptBatch(order, cancelled=(folder / _CANCELLED).exists())
    if not (folder / RESULTS).exists():
        return kept
    return replace(kept, **json.loads((folder / _ENDING).read_text(encoding="utf-8")))
