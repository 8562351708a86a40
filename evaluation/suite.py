"""Suites: which systems rewrite which texts, and what is measured, as small files anyone can write."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PositiveInt, ValidationError

from evaluation.corpus import Sample, read_set
from evaluation.errors import BrokenSuiteError, DataError, MissingDataError, MissingExtraError, UnknownSuiteError
from evaluation.options import Options
from evaluation.systems import require_system
from evaluation.variants import CLEAN, make_variants, require_variants
from service.errors import CopydeskError

FOLDER = Path(__file__).parent / "suites"
# The fact checker has a suite of its own kind: labelled cases, and nothing is rewritten.
GATE = "gate"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Data(_Strict):
    """Texts of a suite.

    Attributes:
        set: ``pairs``, ``articles``, or a file of JSON Lines with ``id`` and ``source``, told from where the suite is.
        first: How many of them; None takes all.
    """

    set: str
    first: PositiveInt | None = None


class Contender(_Strict):
    """A system of a suite.

    Attributes:
        name: What the command line calls it.
        first: How many texts it rewrites, from the first on; None takes all.
    """

    name: str
    first: PositiveInt | None = None


def _entry(field: str) -> BeforeValidator:
    """Let a bare name stand for an entry that says no more."""
    return BeforeValidator(lambda value: {field: value} if isinstance(value, str) else value)


class Suite(_Strict):
    """A suite.

    Attributes:
        name: Name of its file.
        title: The same for a reader.
        data: The texts.
        variants: What is made of each text, see ``evaluation.variants``; empty for the texts alone.
        systems: What rewrites them.
        measures: What is measured, see ``evaluation.scoring``.
        folder: Where its file is.
    """

    name: str
    title: str
    data: Annotated[tuple[Annotated[Data, _entry("set")], ...], Field(min_length=1)]
    variants: tuple[str, ...] = ()
    systems: Annotated[tuple[Annotated[Contender, _entry("name")], ...], Field(min_length=1)]
    measures: Annotated[tuple[str, ...], Field(min_length=1)]
    folder: Path

    @property
    def compares_variants(self) -> bool:
        """Whether variants are held against the texts they were made from."""
        return CLEAN in self.variants and len(self.variants) > 1

    def read(self, limit: int | None = None) -> Texts:
        """Read the texts; a set that cannot be read takes none of the others with it.

        Args:
            limit: Take only the first of each set.

        Raises:
            BrokenSuiteError: Two texts have the same id and set.
        """
        samples: list[Sample] = []
        corpus: list[Sample] = []
        faults: list[str] = []
        for data in self.data:
            try:
                whole = read_set(data.set, self.folder)
            except DataError as error:
                faults.append(str(error))
                continue
            firsts = [first for first in (data.first, limit) if first is not None]
            samples += whole[: min(firsts, default=None)]
            corpus += whole
        twice = [one for one, count in Counter((one.part, one.identity) for one in samples).items() if count > 1]
        if twice:
            raise BrokenSuiteError(self.folder / f"{self.name}.toml", f"data: {twice[0][1]!r} is there twice")
        return Texts(make_variants(samples, self.variants) if self.variants else samples, corpus, faults)


@dataclass(frozen=True)
class Texts:
    """The texts of a suite.

    Attributes:
        samples: What is rewritten.
        corpus: All texts of its sets, whole and as they are.
        faults: Which sets could not be read, and why.
    """

    samples: Sequence[Sample]
    corpus: Sequence[Sample]
    faults: Sequence[str]


def suite_names() -> list[str]:
    """Name the suites that ship."""
    return [*sorted(path.stem for path in FOLDER.glob("*.toml")), GATE]


def read_suite(name: str) -> Suite:
    """Read a suite that ships, or a file of one's own that ends in ``.toml``.

    Raises:
        UnknownSuiteError: There is no such suite.
        MissingDataError: The file is not there.
        BrokenSuiteError: It does not say what it should; the message has all that is wrong.
    """
    own = name.endswith(".toml")
    if not own and name not in suite_names():
        raise UnknownSuiteError([name], suite_names())
    path = Path(name).expanduser() if own else FOLDER / f"{name}.toml"
    try:
        fields = tomllib.loads(path.read_text(encoding="utf-8"))
        suite = Suite.model_validate({**fields, "name": path.stem, "folder": path.parent})
        for contender in suite.systems:
            require_system(contender.name)
        require_variants(suite.variants)
    except FileNotFoundError as error:
        raise MissingDataError(path) from error
    except ValidationError as error:
        raise BrokenSuiteError(path, "; ".join(map(_fault, error.errors(include_input=False)))) from error
    except (ValueError, CopydeskError) as error:
        raise BrokenSuiteError(path, str(error)) from error
    return suite


def _fault(fault: Any) -> str:
    return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"


def load_suite(name: str) -> Callable[[Options], bool]:
    """Give what runs a suite; that says whether all it was given could be used.

    Raises:
        UnknownSuiteError: There is no such suite.
        BrokenSuiteError: Its file does not say what it should.
        MissingExtraError: It needs a package that is not installed.
    """
    try:
        if name == GATE:
            run: Callable[[Options], bool] = import_module("evaluation.gate").run
            return run
        return partial(import_module("evaluation.running").run, read_suite(name))
    except ImportError as error:
        raise MissingExtraError(name, error) from error
