"""The engines that are timed, each the whole product but for what rewrites in it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.fingerprints import digest_of, package_sha256, short
from evaluation.systems.desks import fingerprint_of
from evaluation.timing.plan import Engine
from service.checking import Checker
from service.desk import open_desk
from service.generation import Candidate, Following, Generator
from service.ladder import Ladder
from service.rewriting import Rewriter
from service.settings import load_settings


class Echo:
    """A model that takes no time and says its source again: what is left is the cost of all the rest."""

    name = "echo"
    max_source_tokens = 400
    least_score = -math.inf

    def count_tokens(self, text: str) -> int:
        """Count words."""
        return len(text.split())

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        """Say each source again."""
        return [(Candidate(source, 0.0),) for source in sources]

    def follow(self, source: str, targets: Sequence[str]) -> list[Following]:
        """Find longer targets less likely."""
        lengths = [len(target.split()) + 1 for target in targets]
        return [
            Following(tuple(range(length)), np.full(length, -1.0, np.float32), np.zeros(length, np.float32))
            for length in lengths
        ]


@dataclass(frozen=True)
class OpenEngine:
    """An engine that can be timed.

    Attributes:
        fingerprint: What identifies its version.
        rewrite: Rewrites an article.
        generator: Its model; None where it has none.
        close: Lets go of it.
    """

    fingerprint: str
    rewrite: Callable[[str], object]
    generator: Generator | None
    close: Callable[[], None]


def open_engine(engine: Engine) -> OpenEngine:
    """Open an engine, with room for its largest batch.

    Raises:
        ModelError: Its model is not to be had.
    """
    if engine.name == "echo":
        return _echo()
    room = {"max_batch": max(engine.batches)} if engine.batches else {}
    settings = load_settings(engine=engine.name, **room)
    desk = open_desk(settings)
    return OpenEngine(fingerprint_of(desk, settings), desk.rewriter.rewrite, desk.generator, desk.close)


def _echo() -> OpenEngine:
    settings = load_settings(engine="rules")
    checker, generator = Checker.load(threads=settings.threads or 0), Echo()
    rewriter = Rewriter(
        Ladder(checker, generator),
        generator=generator,
        prompt=settings.prompt,
        limit=settings.max_article_characters,
    )
    made_by = digest_of(checker.identity, package_sha256("service"), package_sha256("evaluation.timing"))
    return OpenEngine(f"echo@{short(made_by)}", rewriter.rewrite, generator, lambda: None)
