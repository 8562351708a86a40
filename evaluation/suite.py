"""Suites: which systems rewrite which texts, and what is measured, as small files anyone can write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Annotated, Literal

from pydantic import Field, PositiveInt

from evaluation.corpus import Sample, read_set
from evaluation.errors import BrokenSuiteError, DataError, MissingExtraError
from evaluation.options import Options
from evaluation.suite_files import GATE, KINDS, TEXTS, Strict, SuiteFile, entry, kind_of, read_as
from evaluation.systems import require_system
from evaluation.variants import CLEAN, make_variants, require_variants
from service.errors import CopydeskError, UsageError


class Data(Strict):
    """Texts of a suite.

    Attributes:
        set: ``pairs``, ``articles``, or a file of JSON Lines with ``id`` and ``source``, told from where the suite is.
        first: How many of them; None takes all.
    """

    set: str
    first: PositiveInt | None = None


class Contender(Strict):
    """A system of a suite.

    Attributes:
        name: What the command line calls it.
        first: How many texts of each set it rewrites, from the first on; None takes all.
        short: How many words of each set it rewrites in a short run, whole texts from the first on; None takes all.
    """

    name: str
    first: PositiveInt | None = None
    short: PositiveInt | None = None

    def choose(self, samples: Sequence[Sample], *, short: bool) -> list[Sample]:
        """Take its texts, as many of each set; so that variants are those of the same texts."""
        texts: Counter[str] = Counter()
        words: Counter[str] = Counter()
        chosen = []
        for sample in samples:
            texts[sample.part] += 1
            words[sample.part] += len(sample.source.split())
            few = self.first is None or texts[sample.part] <= self.first
            brief = not short or self.short is None or words[sample.part] <= self.short
            if few and brief:
                chosen.append(sample)
        return chosen


class Suite(SuiteFile):
    """A suite of texts that systems rewrite.

    Attributes:
        kind: Says so.
        data: The texts.
        variants: What is made of each text, see ``evaluation.variants``; empty for the texts alone.
        systems: What rewrites them.
        measures: What is measured, see ``evaluation.scoring``.
    """

    kind: Literal["texts"] = TEXTS
    data: Annotated[tuple[Annotated[Data, entry("set")], ...], Field(min_length=1)]
    variants: tuple[str, ...] = ()
    systems: Annotated[tuple[Annotated[Contender, entry("name")], ...], Field(min_length=1)]
    measures: Annotated[tuple[str, ...], Field(min_length=1)]

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


def read_suite(name: str) -> Suite:
    """Read a suite that ships, or a file of one's own that ends in ``.toml``.

    Raises:
        UnknownSuiteError: There is no such suite.
        MissingDataError: The file is not there.
        BrokenSuiteError: It does not say what it should; the message has all that is wrong.
        UsageError: In it nothing is rewritten.
    """
    kind = GATE if name == GATE else kind_of(name)
    if kind != TEXTS:
        raise UsageError(f"the suite {name} rewrites nothing: it is of the kind {kind} and has no texts")
    suite = read_as(Suite, name)
    try:
        for contender in suite.systems:
            require_system(contender.name)
        require_variants(suite.variants)
    except CopydeskError as error:
        raise BrokenSuiteError(suite.folder / f"{suite.name}.toml", str(error)) from error
    return suite


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
        module = import_module(KINDS[kind_of(name)])
        return partial(module.run, module.read_plan(name))
    except ImportError as error:
        raise MissingExtraError(name, error) from error
