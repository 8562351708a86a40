"""The suites by name, and what each is told; a suite is a module with ``run(options)``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from evaluation.errors import MissingExtraError

SUITES = {"rewrite": "evaluation.rewrite", "gate": "evaluation.gate"}
SYSTEMS = ("source", "reference", "rules", "model")


@dataclass(frozen=True)
class Options:
    """What the command line asks of a suite.

    Attributes:
        data: The folder with the external data sets; it may be absent.
        output: A folder, or a file that ends in ``.json``.
        limit: Take only the first rows of everything; None takes all.
        systems: What the suite ``rewrite`` compares.
        tests: What the suite ``gate`` runs, by name; empty for all.
    """

    data: Path
    output: Path
    limit: int | None = None
    systems: tuple[str, ...] = SYSTEMS
    tests: tuple[str, ...] = ()

    def file(self, name: str) -> Path:
        """Where a suite whose own name for its file is ``name`` writes; makes the folder."""
        path = self.output if self.output.suffix == ".json" else self.output / name
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def load_suite(name: str) -> Callable[[Options], bool]:
    """Import a suite and give what runs it; that says whether all it was given could be used.

    Raises:
        MissingExtraError: It needs a package that is not installed.
    """
    try:
        module = import_module(SUITES[name])
    except ImportError as error:
        raise MissingExtraError(name, error) from error
    run: Callable[[Options], bool] = module.run
    return run
