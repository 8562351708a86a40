"""Times on disk: JSON Lines that are only ever added to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from math import isfinite
from pathlib import Path
from typing import Any

from evaluation.appending import AppendedFile, read_entries
from evaluation.timing.plan import What

_TEXTS = ("suite", "engine", "fingerprint", "machine", "what", "key")
_COUNTS = ("size", "repeat", "words", "passages")


@dataclass(frozen=True)
class Clocked:
    """How long something took, which is never nothing: it is divided by, and its logarithm is taken.

    Attributes:
        seconds: By the clock on the wall.
        cpu_seconds: Of all cores together; on a busy machine the better measure of what it costs.
    """

    seconds: float
    cpu_seconds: float

    def __post_init__(self) -> None:
        """Refuse what is no time.

        Raises:
            ValueError: It is 0, less, or no number.
        """
        if not all(isfinite(seconds) and seconds > 0 for seconds in (self.seconds, self.cpu_seconds)):
            raise ValueError(f"a time is a number of seconds above 0, not {self.seconds} and {self.cpu_seconds}")


@dataclass(frozen=True)
class Timing:
    """A time that was taken.

    Attributes:
        suite: The suite.
        engine: The engine.
        fingerprint: What identifies its version.
        machine: What it ran on.
        busy: How many processes wanted a core when it began, by the load average of a minute; ours may be among them.
        what: ``article`` or ``batch``.
        size: Words of the article at least, or passages at once.
        repeat: Which time it is.
        words: Words that went in.
        passages: Paragraphs that went in.
        taken: How long it took; None where it failed.
        plain: How long one parse of the same text took, just before.
        key: Hash of all that the row depends on.
        error: What went wrong; None where nothing did.
    """

    suite: str
    engine: str
    fingerprint: str
    machine: str
    busy: float
    what: What
    size: int
    repeat: int
    words: int
    passages: int
    taken: Clocked | None
    plain: Clocked
    key: str
    error: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Write it as an object of JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Timing:
        """Read what ``as_json`` wrote.

        Raises:
            KeyError: A field is missing.
            TypeError: A field holds what it must not.
            ValueError: A time is no number.
        """
        strange = [name for name in _TEXTS if not isinstance(fields[name], str)]
        strange += [name for name in _COUNTS if not isinstance(fields[name], int)]
        if strange or fields["what"] not in ("article", "batch"):
            raise TypeError(f"{', '.join(strange) or 'what'} holds what it must not")
        taken = fields["taken"]
        return cls(
            **{name: fields[name] for name in (*_TEXTS, *_COUNTS)},
            busy=float(fields["busy"]),
            taken=None if taken is None else _clocked(taken),
            plain=_clocked(fields["plain"]),
            error=fields["error"],
        )


def _clocked(fields: Mapping[str, Any]) -> Clocked:
    return Clocked(float(fields["seconds"]), float(fields["cpu_seconds"]))


class TimingFile(AppendedFile[Timing]):
    """A file of times that a run adds to, the only one at a time."""

    kind = Timing


def read_timings(path: Path) -> list[Timing]:
    """Read all times of a file.

    Raises:
        MissingDataError: There is no such file.
        BrokenDataError: A line is no time.
    """
    return read_entries(path, Timing)


def latest_timings(timings: Iterable[Timing]) -> list[Timing]:
    """Leave the times of the machine of the last one, and of each engine those of its last version."""
    every = list(timings)
    versions = {(one.suite, one.engine): one.fingerprint for one in every if one.machine == every[-1].machine}
    kept: dict[tuple[str, str, str, int, int], Timing] = {}
    for one in every:
        if one.machine == every[-1].machine and versions[one.suite, one.engine] == one.fingerprint:
            kept[one.suite, one.engine, one.what, one.size, one.repeat] = one
    return list(kept.values())
