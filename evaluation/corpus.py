"""Texts to rewrite, with their references where there are any."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from evaluation.cases import Row, read_rows
from evaluation.errors import BrokenDataError, UnknownDataError

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Sample:
    """A text in both registers.

    Attributes:
        identity: Its id; unique in its set.
        source: The text as filed, in plain text; list items carry a bullet.
        reference: A rewrite by hand, laid out alike; empty where nobody wrote one.
        part: The set it is of.
        voice: Whose voice the source has; empty where that is not known.
        origin: The id of the text it was made from, which it stands or falls with; empty where it was made from none.
        refused: Whether a system should refuse it with a clear sentence.
    """

    identity: str
    source: str
    reference: str
    part: str = ""
    voice: str = ""
    origin: str = ""
    refused: bool = False

    @property
    def cluster(self) -> str:
        """What it shares with samples that are not independent of it."""
        return self.origin or self.identity


def read_articles(path: Path = DATA / "articles.jsonl") -> list[Sample]:
    """Read articles in aligned blocks; blocks whose reference is empty were only chat.

    Raises:
        DataError: The file is not there, or a row is not as it should be.
    """
    return _read(path, _article)


def read_pairs(path: Path = DATA / "pairs.jsonl") -> list[Sample]:
    """Read single passages.

    Raises:
        DataError: The file is not there, or a row is not as it should be.
    """
    return _read(path, lambda row: Sample(row["id"], row["casual"], row["wire"], "pairs", row.get("voice", "")))


def read_samples(path: Path) -> list[Sample]:
    """Read rows of ``id`` and ``source``; ``reference`` and ``voice`` may be there. The set is named after the file.

    Raises:
        DataError: The file is not there, or a row is not as it should be.
    """
    part = path.name.partition(".")[0]
    return _read(
        path, lambda row: Sample(row["id"], row["source"], row.get("reference", ""), part, row.get("voice", ""))
    )


# The sets that ship, by name.
SETS: Mapping[str, Callable[[], list[Sample]]] = {"pairs": read_pairs, "articles": read_articles}


def read_set(name: str, folder: Path = Path()) -> list[Sample]:
    """Read a set that ships, or a file of one's own, whose place is told from ``folder``.

    Raises:
        UnknownDataError: No set has this name, and it is no name of a file of JSON Lines.
        DataError: The file is not there, or a row is not as it should be.
    """
    if name in SETS:
        return SETS[name]()
    if not name.removesuffix(".gz").endswith(".jsonl"):
        raise UnknownDataError(name, SETS)
    return read_samples(folder / Path(name).expanduser())


def _article(row: Row) -> Sample:
    bullets = ["- " if block["kind"] == "list_item" else "" for block in row["blocks"]]
    sides = {
        side: "\n\n".join(
            bullet + block[side] for bullet, block in zip(bullets, row["blocks"], strict=True) if block[side]
        )
        for side in ("casual", "wire")
    }
    return Sample(row["id"], sides["casual"], sides["wire"], "articles", row.get("voice", ""))


def _read(path: Path, make: Callable[[Row], Sample]) -> list[Sample]:
    samples: list[Sample] = []
    seen: dict[str, int] = {}
    for number, row in enumerate(read_rows(path), start=1):
        try:
            sample = make(row)
        except KeyError as error:
            raise BrokenDataError(path, number, f"has no field {error}") from error
        except (AttributeError, TypeError) as error:
            raise BrokenDataError(path, number, f"a field holds what it must not ({error})") from error
        fields = (sample.identity, sample.source, sample.reference, sample.voice)
        if not all(isinstance(field, str) for field in fields) or not sample.identity:
            raise BrokenDataError(path, number, "id, source, reference and voice are texts, and the id is not empty")
        first = seen.setdefault(sample.identity, number)
        if first != number:
            raise BrokenDataError(path, number, f"has the id {sample.identity!r} of row {first}")
        samples.append(sample)
    return samples
