"""What systems made of texts, on disk: JSON Lines that are only ever added to."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isfinite
from pathlib import Path
from types import TracebackType
from typing import Any

from evaluation.errors import BrokenDataError, MissingDataError, UnderWayError
from evaluation.quality.measure import Score
from evaluation.systems import Part


@dataclass(frozen=True)
class Flag:
    """A fact that the gate did not find kept.

    Attributes:
        kind: What it is about, see ``service.facts.FactKind``.
        verdict: What became of it, see ``service.facts.Verdict``.
        source: Words of the source that state it; None if none do.
        copy: Words of the copy that state it; None if none do.
    """

    kind: str
    verdict: str
    source: str | None
    copy: str | None


@dataclass(frozen=True)
class Row:
    """What a system made of a text, measured.

    Attributes:
        suite: The suite.
        system: What the command line calls the system.
        fingerprint: What identifies its version.
        sample: Id of the text.
        part: The set it is of.
        voice: Its voice, or empty.
        origin: Id of the text it was made from, or empty.
        key: Hash of all that the row depends on: a row with this key need not be made again, unless it has an error.
        source: The text.
        reference: The rewrite by hand, or empty.
        copy: The rewrite; None where there is none.
        parts: Its passages, where the system gives account of them.
        seconds: Time the rewrite took.
        error: What went wrong; None where all went well.
        measures: What was measured, by name; a measure that says nothing of this text is absent.
        flags: The facts that the gate did not find kept.
    """

    suite: str
    system: str
    fingerprint: str
    sample: str
    part: str
    voice: str
    origin: str
    key: str
    source: str
    reference: str
    copy: str | None
    parts: tuple[Part, ...]
    seconds: float
    error: str | None
    measures: Mapping[str, Score] = field(default_factory=dict)
    flags: tuple[Flag, ...] = ()

    @property
    def cluster(self) -> str:
        """What it shares with rows that stand or fall with it."""
        return self.origin or self.sample

    def as_json(self) -> dict[str, Any]:
        """Write it as an object of JSON."""
        return {
            "suite": self.suite,
            "system": self.system,
            "fingerprint": self.fingerprint,
            "sample": self.sample,
            "set": self.part,
            "voice": self.voice,
            "origin": self.origin,
            "key": self.key,
            "source": self.source,
            "reference": self.reference,
            "copy": self.copy,
            "passages": [{"status": one.status, "source": one.source, "copy": one.copy} for one in self.parts],
            "seconds": self.seconds,
            "error": self.error,
            "measures": {
                name: {"value": score.hits} if score.of == 1 else {"hits": score.hits, "of": score.of}
                for name, score in self.measures.items()
            },
            "flagged": [asdict(flag) for flag in self.flags],
        }

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Row:
        """Read what ``as_json`` wrote.

        Raises:
            KeyError: A field is missing.
            TypeError: A field holds what it must not.
            ValueError: A measure is no number.
        """
        texts = ("suite", "system", "fingerprint", "sample", "set", "voice", "key", "source", "reference")
        strange = [name for name in texts if not isinstance(fields[name], str)]
        strange += [name for name in ("copy", "error") if not isinstance(fields[name], str | None)]
        if strange:
            raise TypeError(f"{', '.join(strange)} should be text")
        return cls(
            suite=fields["suite"],
            system=fields["system"],
            fingerprint=fields["fingerprint"],
            sample=fields["sample"],
            part=fields["set"],
            voice=fields["voice"],
            origin=fields.get("origin", ""),
            key=fields["key"],
            source=fields["source"],
            reference=fields["reference"],
            copy=fields["copy"],
            parts=tuple(Part(one["status"], one["source"], one["copy"]) for one in fields["passages"]),
            seconds=float(fields["seconds"]),
            error=fields["error"],
            measures={name: _score(value) for name, value in fields["measures"].items()},
            flags=tuple(Flag(**flag) for flag in fields.get("flagged", [])),
        )


def _score(value: Mapping[str, Any]) -> Score:
    # A value is a hit out of one: what is out of one alone is written as its value.
    score = Score(float(value["value"])) if "value" in value else Score(float(value["hits"]), float(value["of"]))
    if not (isfinite(score.hits) and isfinite(score.of) and score.of > 0):
        raise ValueError(f"a measure is a number out of more than 0, not {value}")
    return score


def latest(rows: Iterable[Row]) -> list[Row]:
    """Leave of the rows of each system and text only the last, in the order in which the texts came first."""
    found: dict[tuple[str, str, str, str], Row] = {}
    for row in rows:
        found[row.suite, row.system, row.part, row.sample] = row
    return list(found.values())


def read_results(path: Path) -> list[Row]:
    """Read all rows of a file of results, as they were added.

    Raises:
        MissingDataError: There is no such file.
        BrokenDataError: A line is no row. A last line without its end is one too: a run that goes on mends it.
    """
    content, rows = _bytes_of(path), []
    for number, line in enumerate(content.split(b"\n")[:-1], start=1):
        try:
            rows.append(_row(line))
        except ValueError as error:
            raise BrokenDataError(path, number, str(error)) from error
    if not content.endswith(b"\n"):
        raise BrokenDataError(
            path, content.count(b"\n") + 1, "is only half there: run the suite again, it goes on where it was"
        )
    return rows


def _bytes_of(path: Path) -> bytes:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise MissingDataError(path) from error
    if not content:
        raise BrokenDataError(path, 1, "the file is empty")
    return content


def _row(line: bytes) -> Row:
    try:
        return Row.from_json(json.loads(line))
    except KeyError as error:
        raise ValueError(f"has no field {error}") from error
    except (AttributeError, TypeError, ValueError) as error:
        raise ValueError(f"is no row of results ({error})") from error


class ResultFile:
    """A file of results that a run adds to, the only one at a time.

    Args:
        path: The file; it is made where there is none.

    Attributes:
        rows: What it holds, in the order in which it was added.
        faults: What was wrong with it, in sentences: lines that are no rows, which stay where they are and count for
            nothing, and a last line that was only half written, which is cut off.

    Raises:
        UnderWayError: Another run adds to it.
        OSError: It cannot be read or written.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+b")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self._file.close()
            raise UnderWayError(path) from error
        self.rows: list[Row] = []
        self.faults: list[str] = []
        self._read(path)

    def _read(self, path: Path) -> None:
        self._file.seek(0)
        end, number = 0, 0
        for number, line in enumerate(self._file, start=1):
            whole = line.endswith(b"\n")
            try:
                self.rows.append(_row(line))
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

    def add(self, row: Row) -> None:
        """Add a row; it is with the operating system when this returns, so that a kill loses none that was added."""
        self._file.write(json.dumps(row.as_json(), ensure_ascii=False).encode() + b"\n")
        self._file.flush()
        self.rows.append(row)

    def __enter__(self) -> ResultFile:
        """Give the file itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self._file.close()


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write rows to a file of their own, in place of what it held."""
    lines = [json.dumps(row.as_json(), ensure_ascii=False) + "\n" for row in rows]
    path.write_text("".join(lines), encoding="utf-8")
