"""What systems made of texts, on disk: JSON Lines that are only ever added to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any

from evaluation.appending import AppendedFile, read_entries, write_entries
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
    return read_entries(path, Row)


class ResultFile(AppendedFile[Row]):
    """A file of results that a run adds to, the only one at a time."""

    kind = Row


def write_rows(path: Path, rows: Sequence[Row]) -> None:
    """Write rows to a file of their own, in place of what it held."""
    write_entries(path, rows)
