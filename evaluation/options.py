"""What the command line asks of a suite."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

SECONDS = 900.0


@dataclass(frozen=True)
class Options:
    """What the command line asks of a suite.

    Attributes:
        data: The folder with the external data sets; it may be absent.
        output: A folder, or a file that ends in ``.json``.
        limit: Take only the first rows of everything; None takes all.
        systems: What is compared in place of the systems of the suite; empty for those.
        tests: What the suite ``gate`` runs, by name; empty for all.
        seconds: How long a system may take for one text.
        benchmark: What the suite ``gate`` runs in place of its tests; None for these.
        answers: What another checker made of the benchmark; None for our own gate.
        short: Do only as much as the suite takes for enough in a short run.
    """

    data: Path
    output: Path
    limit: int | None = None
    systems: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    seconds: float = SECONDS
    benchmark: str | None = None
    answers: Path | None = None
    short: bool = False

    def file(self, name: str) -> Path:
        """Where a suite whose own name for its file is ``name`` writes; makes the folder."""
        path = self.output if self.output.suffix == ".json" else self.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path
