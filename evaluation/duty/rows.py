"""What a service did, on disk: JSON Lines that are only ever added to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from evaluation.appending import AppendedFile, read_entries

When = Literal["alone", "under load", "after"]
WHEN: tuple[When, ...] = ("alone", "under load", "after")
_TEXTS = ("suite", "engine", "fingerprint", "machine", "what", "when", "key")
_COUNTS = ("sent", "right", "turned_away", "wrong")


@dataclass(frozen=True)
class Stint:
    """What came of sending something to a service, a number of times.

    Attributes:
        suite: The suite.
        engine: What rewrote in it.
        fingerprint: What identifies its version.
        machine: What it ran on.
        what: What was sent.
        when: ``alone`` before the load, ``under load``, or ``after`` it.
        sent: How often.
        right: How often the answer was what it must be.
        turned_away: How often it had no room and said when to come again.
        wrong: How often it was wrong, or did not come.
        said: What was wrong, the first few of them.
        figures: What else was measured.
        key: Hash of all that the row depends on.
    """

    suite: str
    engine: str
    fingerprint: str
    machine: str
    what: str
    when: When
    sent: int
    right: int
    turned_away: int
    wrong: int
    said: tuple[str, ...]
    key: str
    figures: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Write it as an object of JSON."""
        return asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> Stint:
        """Read what ``as_json`` wrote.

        Raises:
            KeyError: A field is missing.
            TypeError: A field holds what it must not.
        """
        strange = [name for name in _TEXTS if not isinstance(fields[name], str)]
        strange += [name for name in _COUNTS if not isinstance(fields[name], int)]
        strange += ["figures"] if not isinstance(fields["figures"], dict) else []
        if strange:
            raise TypeError(f"{', '.join(strange)} holds what it must not")
        known = {name: fields[name] for name in (*_TEXTS, *_COUNTS, "figures")}
        return cls(**known, said=tuple(map(str, fields["said"])))


class StintFile(AppendedFile[Stint]):
    """A file of stints that a run adds to, the only one at a time."""

    kind = Stint


def read_stints(path: Path) -> list[Stint]:
    """Read all stints of a file.

    Raises:
        MissingDataError: There is no such file.
        BrokenDataError: A line is no stint.
    """
    return read_entries(path, Stint)


def latest_stints(stints: Iterable[Stint]) -> list[Stint]:
    """Leave those of the last machine and version, and of each the last."""
    every = list(stints)
    last = every[-1] if every else None
    found: dict[tuple[str, str, str], Stint] = {}
    for one in every:
        if last and (one.machine, one.fingerprint) == (last.machine, last.fingerprint):
            found[one.suite, one.what, one.when] = one
    return list(found.values())
