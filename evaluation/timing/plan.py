"""What a suite of the kind ``speed`` says."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import Field, PositiveInt, model_validator

from evaluation.options import Options
from evaluation.suite_files import Strict, SuiteFile, entry, read_as

EngineName = Literal["echo", "rules", "onnx", "transformers"]
What = Literal["article", "batch"]


class Engine(Strict):
    """An engine that is timed.

    Attributes:
        name: ``echo`` for the product around a model that takes no time and says its source again, ``rules`` for the
            product without a model, ``onnx`` and ``transformers`` for the product with its model.
        longest: Words of the longest article it is given; None gives it all.
        short: The same in a short run.
        batches: How many passages its model takes at once, size after size.
    """

    name: EngineName
    longest: PositiveInt | None = None
    short: PositiveInt | None = None
    batches: tuple[PositiveInt, ...] = ()

    @model_validator(mode="after")
    def _has_a_model(self) -> Self:
        if self.batches and self.name == "rules":
            raise ValueError("rules have no model that takes batches: leave batches out")
        return self


class Plan(SuiteFile):
    """A suite of the kind ``speed``.

    Attributes:
        kind: Says so.
        lengths: Words of the articles, at least.
        passages: How many passages are timed in batches of each size.
        repeats: How often each time is taken.
        engines: What is timed.
    """

    kind: Literal["speed"]
    lengths: Annotated[tuple[PositiveInt, ...], Field(min_length=1)]
    passages: PositiveInt = 16
    repeats: PositiveInt = 1
    engines: Annotated[tuple[Annotated[Engine, entry("name")], ...], Field(min_length=1)]

    def tasks(self, engine: Engine, options: Options) -> list[Task]:
        """Say what is timed of an engine, short articles first.

        A short run takes each time once, and of the sizes of batches the least and the largest.
        """
        ends = [engine.longest, engine.short if options.short else None]
        lengths = [words for words in sorted(set(self.lengths)) if all(end is None or words <= end for end in ends)][
            : options.limit
        ]
        batches = sorted(set(engine.batches))[: options.limit]
        if options.short:
            batches = sorted({*batches[:1], *batches[-1:]})
        sizes: list[tuple[What, int]] = [("article", words) for words in lengths]
        sizes += [("batch", size) for size in batches]
        repeats = 1 if options.short else self.repeats
        return [Task(what, size, repeat) for what, size in sizes for repeat in range(repeats)]


@dataclass(frozen=True)
class Task:
    """A time to take.

    Attributes:
        what: ``article``: rewrite one. ``batch``: let the model propose a target for each passage.
        size: Words of the article at least, or passages at once.
        repeat: Which time it is; each article is another one.
    """

    what: What
    size: int
    repeat: int


def read_plan(name: str) -> Plan:
    """Read a suite of this kind.

    Raises:
        UnknownSuiteError: There is no such suite.
        BrokenSuiteError: It does not say what it should.
    """
    return read_as(Plan, name)
