"""Put the parts together: from settings to a desk that rewrites and checks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from service import model
from service.batching import BatchingGenerator
from service.checking import Checker
from service.converted import ConvertedGenerator
from service.errors import ModelNotPreparedError
from service.generation import Generator
from service.ladder import Ladder
from service.line import Line
from service.model import ModelInfo
from service.prompts import Prompt
from service.rewriting import Rewriter
from service.settings import Settings


@dataclass(frozen=True)
class Desk:
    """What the edges work with.

    Attributes:
        rewriter: Turns articles into copy.
        checker: Checks a rewrite of any origin.
        model: What rewrites.
        close: Lets go of the model's worker.
        generator: The model that all callers share; None where only rules edit.
    """

    rewriter: Rewriter
    checker: Checker
    model: ModelInfo
    close: Callable[[], None]
    generator: BatchingGenerator | None = None

    def line(self, *, background: bool = False) -> Line:
        """Open a line to the rewriter for one caller, or for one who can wait for the others."""
        return Line(self.rewriter, self.generator, background=background)


def open_desk(settings: Settings) -> Desk:
    """Load what the settings ask for.

    Raises:
        ModelNotPreparedError: The embedded model has not been prepared.
        ModelUnavailableError: The checkpoint in the settings cannot be loaded.
    """
    checker = Checker.load(threads=settings.threads or 0)
    generator = load_generator(settings)
    batching = BatchingGenerator(generator, max_batch=settings.max_batch) if generator else None
    return Desk(
        rewriter=Rewriter(
            Ladder(checker, batching),
            generator=batching,
            prompt=settings.prompt,
            limit=settings.max_article_characters,
        ),
        checker=checker,
        model=describe_model(settings),
        close=batching.close if batching else lambda: None,
        generator=batching,
    )


def describe_model(settings: Settings) -> ModelInfo:
    """Say what rewrites under these settings, without loading it."""
    if settings.engine == "rules":
        return ModelInfo(name="rules", adapter="", engine="rules", versions=model.versions(), hashes={})
    if settings.model == "embedded":
        return model.embedded_info("transformers" if settings.engine == "transformers" else "onnx")
    # Where a folder lies is nobody's business but that of the machine.
    folder = Path(settings.model).expanduser()
    name = folder.resolve().name if folder.is_absolute() or folder.is_dir() else settings.model
    return ModelInfo(name=name, adapter="", engine="transformers", versions=model.versions(), hashes={})


def load_generator(settings: Settings) -> Generator | None:
    """Load the model that the settings ask for; None where only rules edit.

    Raises:
        ModelNotPreparedError: The embedded model has not been prepared.
        ModelUnavailableError: The checkpoint in the settings cannot be loaded.
    """
    if settings.engine == "rules":
        return None
    embedded = settings.model == "embedded"
    if embedded and not model.is_prepared(settings.cache):
        raise ModelNotPreparedError
    prompt = Prompt.load(settings.prompt)
    if embedded and settings.engine != "transformers":
        return ConvertedGenerator.load(
            model.converted_folder(settings.cache),
            prompt=prompt,
            name=model.converted_name(),
            least_score=model.LEAST_SCORE,
            threads=settings.threads,
        )
    from service.seq2seq import TransformersGenerator, use_threads  # Loads torch, which the others do without.

    use_threads(settings.threads)
    if not embedded:
        return TransformersGenerator.load(settings.model, prompt=prompt)
    folder = model.embedded_folder(settings.cache)
    return TransformersGenerator.load(
        str(folder), prompt=prompt, name=folder.name, least_score=model.LEAST_SCORE, with_states=True
    )
