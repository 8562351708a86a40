"""What can go wrong with the input of an evaluation."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from service.errors import CopydeskError


class UnknownSuiteError(CopydeskError):
    """No suite has this name."""

    def __init__(self, names: Iterable[str], known: Iterable[str]) -> None:
        super().__init__(f"there is no suite {', '.join(map(repr, names))}; there are {', '.join(known)}")


class UnknownTestError(CopydeskError):
    """The gate has no test of this name."""

    def __init__(self, names: Iterable[str], known: Iterable[str]) -> None:
        super().__init__(f"the gate has no test {', '.join(map(repr, names))}; it has {', '.join(known)}")


class UnknownBenchmarkError(CopydeskError):
    """No benchmark has this name."""

    def __init__(self, name: str | None, known: Iterable[str]) -> None:
        super().__init__(f"there is no benchmark {name!r}; there is {', '.join(known)}")


class OutputError(CopydeskError):
    """Several suites cannot write one file."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is one file: with more than one suite --output takes a folder")


class MissingExtraError(CopydeskError):
    """A suite needs a package that is not installed."""

    def __init__(self, suite: str, error: ImportError) -> None:
        super().__init__(f"the suite {suite} cannot be loaded ({error}): pip install 'copydesk[evaluation]'")


class DataError(CopydeskError):
    """A data set cannot be used."""


class MissingDataError(DataError):
    """A file of a data set is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} is not there")


class BrokenDataError(DataError):
    """A file of a data set does not hold what it should, or only half of it."""

    def __init__(self, path: Path, row: int, reason: str) -> None:
        super().__init__(f"{path}, row {row}: {reason}")


class UnknownDataError(DataError):
    """No data set has this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(
            f"there is no data set {name!r}; there are {', '.join(known)}, or the path of a file of JSON Lines (.jsonl)"
        )


class UnknownSystemError(CopydeskError):
    """No system has this name."""

    def __init__(self, name: str, known: Iterable[str]) -> None:
        super().__init__(f"there is no system {name!r}; there are {', '.join(known)}")


class RewriteError(CopydeskError):
    """A system made nothing of a text that can be measured."""


class RefusedError(RewriteError):
    """A system said clearly that it will not rewrite a text.

    Args:
        reason: Its own words.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"refused: {reason}")


class WrongAnswerError(RewriteError):
    """What came back is no rewrite.

    Args:
        reason: What is wrong with it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(f"answered wrongly: {reason}")


class TooSlowError(RewriteError):
    """A system took longer than it may."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"took longer than {seconds:g} s")


class UnderWayError(CopydeskError):
    """Another run adds to the same file of results."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"another run adds to {path}: wait for it, or name another --output")


class BrokenSuiteError(CopydeskError):
    """The file of a suite does not say what it should."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")


class UnknownMeasureError(CopydeskError):
    """No measure has this name."""

    def __init__(self, names: Iterable[str], known: Iterable[str]) -> None:
        super().__init__(f"there is no measure {', '.join(map(repr, names))}; there are {', '.join(known)}")


class UnknownVariantError(CopydeskError):
    """No variant of a text has this name."""

    def __init__(self, names: Iterable[str], known: Iterable[str]) -> None:
        super().__init__(f"there is no variant {', '.join(map(repr, names))}; there are {', '.join(known)}")


class NothingSharedError(CopydeskError):
    """Two sides of a comparison have no rewrite of a text in common."""

    def __init__(self, first: str, second: str, part: str | None) -> None:
        where = f" of the set {part!r}" if part else ""
        super().__init__(f"{first} and {second} have no rewrite of the same text{where}: there is nothing to compare")


class IncompleteError(CopydeskError):
    """Something that a figure is to be taken of is missing."""

    def __init__(self, faults: Iterable[str]) -> None:
        super().__init__("; ".join(faults))


class NotServingError(CopydeskError):
    """A service that was to be measured does not answer.

    Args:
        log: What it has logged.
        ended: Whether its process has ended.
    """

    def __init__(self, log: str, *, ended: bool) -> None:
        last = next((line.strip() for line in reversed(log.splitlines()) if line.strip()), "its log is empty")
        super().__init__(f"the service {'has ended' if ended else 'was not ready in time'} ({last})")


class SheetError(CopydeskError):
    """A sheet for blind reading cannot be made, or what came back is not the sheet that was given out."""
