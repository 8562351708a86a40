"""The product itself, with its model or by its rules alone."""

from __future__ import annotations

from evaluation.corpus import Sample
from evaluation.errors import RefusedError
from evaluation.fingerprints import digest_of, package_sha256, short
from evaluation.systems.system import Output, Part
from service.desk import Desk, open_desk
from service.errors import ArticleError
from service.settings import Settings, load_settings


class DeskSystem:
    """A desk.

    Args:
        name: What the command line calls it.
        settings: How the desk is set up.

    Raises:
        ModelError: Its model is not to be had.
    """

    def __init__(self, name: str, settings: Settings) -> None:
        self.name = name
        self._desk = open_desk(settings)
        self.fingerprint = fingerprint_of(self._desk, settings)

    def rewrite(self, sample: Sample) -> Output:
        """Rewrite a text.

        Raises:
            RefusedError: The desk does not take it, as where it is not English.
        """
        try:
            made = self._desk.rewriter.rewrite(sample.source)
        except ArticleError as error:
            raise RefusedError(str(error)) from error
        return Output(made.copy, tuple(Part(one.status.value, one.source, one.copy) for one in made.passages))

    def close(self) -> None:
        """Let go of the model."""
        self._desk.close()


def fingerprint_of(desk: Desk, settings: Settings) -> str:
    """Identify the version of a desk.

    A rewrite is a function of text, model, prompt and seed, and of the code and libraries in between.
    """
    model = desk.model
    depends = (model.engine, settings.prompt, model.versions, model.hashes, desk.checker.identity)
    made_by = digest_of(depends, package_sha256("service"), package_sha256("prompts"))
    return f"{model.name}@{short(made_by)}"


def model() -> DeskSystem:
    """Open the product as the settings have it.

    Raises:
        ModelError: Its model is not to be had.
    """
    return DeskSystem("model", load_settings())


def rules() -> DeskSystem:
    """Open the product without a model."""
    return DeskSystem("rules", load_settings(engine="rules"))
