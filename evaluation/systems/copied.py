"""Systems that write nothing: they set the scale that the others are read on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random

from evaluation.corpus import Sample
from evaluation.errors import MissingDataError, WrongAnswerError
from evaluation.fingerprints import digest_of, files_sha256, short
from evaluation.systems.system import Output
from service.errors import NotTextError
from service.rows import decode

_SEED = 0
_ENDINGS = (".txt", ".md")


class Copied:
    """Gives something that is there already.

    Args:
        name: What the command line calls it.
        fingerprint: What identifies its version.
        take: Finds the copy of a sample.
    """

    def __init__(self, name: str, fingerprint: str, take: Callable[[Sample], str]) -> None:
        self.name = name
        self.fingerprint = fingerprint
        self._take = take

    def rewrite(self, sample: Sample) -> Output:
        """Give the copy.

        Raises:
            RewriteError: There is none.
        """
        return Output(self._take(sample))

    def close(self) -> None:
        """Do nothing."""


def source() -> Copied:
    """Copy the source: nothing is lost, and no tone moved."""
    return Copied("source", "source", lambda sample: sample.source)


def reference() -> Copied:
    """Give the rewrite by hand: how strict the measures are with an editor."""
    return Copied("reference", "reference", _reference)


def _reference(sample: Sample) -> str:
    if not sample.reference:
        raise WrongAnswerError("nobody wrote a reference")
    return sample.reference


def other(corpus: Sequence[Sample]) -> Copied:
    """Give the rewrite of another text: good copy, and of nothing that the source says.

    Args:
        corpus: Where it is drawn from: texts of the same set, with a reference.
    """

    def draw(sample: Sample) -> str:
        others = sorted(
            one.reference
            for one in corpus
            if one.part == sample.part and one.cluster != sample.cluster and one.reference
        )
        if not others:
            raise WrongAnswerError("the set has no other text with a reference")
        return Random(f"{_SEED} {sample.part} {sample.identity}").choice(others)

    texts = sorted((one.part, one.identity, one.reference) for one in corpus)
    return Copied("other", f"other@{short(digest_of(_SEED, texts))}", draw)


def folder(path: str) -> Copied:
    """Give finished rewrites, of whatever origin, from files that are named after the samples.

    Raises:
        MissingDataError: There is no such folder.
    """
    root = Path(path).expanduser()
    if not root.is_dir():
        raise MissingDataError(root)

    def read(sample: Sample) -> str:
        found = [file for ending in _ENDINGS if (file := root / f"{sample.identity}{ending}").is_file()]
        if len(found) != 1:
            wanted = " or ".join(f"{sample.identity}{ending}" for ending in _ENDINGS)
            raise WrongAnswerError(f"{root} has {'both' if found else 'no'} {wanted}")
        try:
            return decode(found[0].read_bytes())
        except NotTextError as error:
            raise WrongAnswerError(f"{found[0].name}: {error}") from error

    files = sorted(file for file in root.iterdir() if file.suffix in _ENDINGS)
    return Copied(f"folder:{path}", f"folder@{short(files_sha256(root, files))}", read)
