"""Desks for tests: the real pipeline around a fake model, or around none."""

from __future__ import annotations

from collections.abc import Callable

from service.checking import Checker
from service.desk import Desk
from service.generation import Generator
from service.ladder import Ladder
from service.model import ModelInfo
from service.rewriting import Rewriter


def desk_of(
    checker: Checker,
    generator: Generator | None = None,
    *,
    limit: int = 200_000,
    close: Callable[[], None] = lambda: None,
) -> Desk:
    """Put a desk together from parts that are loaded already."""
    rewriter = Rewriter(Ladder(checker, generator), generator=generator, prompt="wire.v1", limit=limit)
    model = ModelInfo(name="scripted", adapter="", engine="scripted", versions={}, hashes={})
    return Desk(rewriter=rewriter, checker=checker, model=model, close=close)
