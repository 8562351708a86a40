"""Read hand-written pairs and turn them into what the model sees: masked source in, masked target out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from service.quotations import Quotation, find_quotations, mask_quotations
from training.edits import passages, read_edited

_WORD = re.compile(r"\w+(?:['.,]\w+)*")
_MASK = re.compile(r'"\[(\d+)\]')


@dataclass(frozen=True)
class Pair:
    """One passage in both registers.

    Attributes:
        casual: The source.
        wire: The reference rewrite; empty where the source is nothing but chat.
    """

    casual: str
    wire: str


def read_pairs(path: Path) -> list[Pair]:
    """Read a JSON Lines file of pairs, of whole articles in aligned blocks, of gate cases, or of edited sentences.

    Of a gate case the faithful copy that stays close to its source is the reference.

    Raises:
        ValueError: A line is none of these; the message names the file and the line.
    """
    pairs: list[Pair] = []
    lines = path.read_text(encoding="utf-8").splitlines()
    if lines and "edits" in json.loads(lines[0]):
        return [Pair(casual, wire) for casual, wire in passages(read_edited(path))]
    for number, line in enumerate(lines, start=1):
        row = json.loads(line)
        if "hypotheses" in row:
            close = [one["text"] for one in row["hypotheses"] if one["faithful"] and one.get("style") == "close"]
            pairs.extend(Pair(casual=row["source"], wire=text) for text in close[:1])
            continue
        blocks = row.get("blocks", [row])
        try:
            pairs.extend(Pair(casual=block["casual"], wire=block["wire"]) for block in blocks)
        except KeyError as missing:
            raise ValueError(f"{path}, line {number}: a pair needs casual and wire, {missing} is missing") from missing
    return pairs


def mask_pair(pair: Pair) -> Pair:
    """Mask the quotations that stand word for word on both sides, with the same number on both.

    Serving masks every real quotation. One that the reference drops or rewords stays visible here, and so does
    constructed dialogue, unless the reference quotes it after all.

    >>> mask_pair(Pair(casual='lol he said “no way,” ok', wire='"No way," he said.')).wire
    '"[1]," he said.'
    """
    wire_quotations = list(find_quotations(pair.wire))
    kept: list[Quotation] = []
    partners: dict[Quotation, int] = {}
    for quotation in find_quotations(pair.casual):
        words = _comparable(quotation.inner.of(pair.casual))
        partner = next(
            (q for q in wire_quotations if q not in partners and _comparable(q.inner.of(pair.wire)) == words), None
        )
        if partner is not None:
            partners[partner] = len(kept)
            kept.append(quotation)
    source = mask_quotations(pair.casual, kept)
    ordered = sorted(partners, key=lambda quotation: quotation.outer)
    target = mask_quotations(pair.wire, ordered)
    # The masks count in the order of the source; the target may tell them in another.
    numbers = {
        target.first + position: source.first + partners[quotation] for position, quotation in enumerate(ordered)
    }
    return Pair(
        casual=source.text,
        wire=_MASK.sub(lambda mask: f'"[{numbers.get(int(mask[1]), int(mask[1]))}]', target.text),
    )


def _comparable(words: str) -> str:
    marks = str.maketrans({"’": "'", "‘": "'", "“": "'", "”": "'", '"': "'"})
    return words.translate(marks).strip(" .,!?'").casefold()


def near_duplicates(pairs: Iterable[Pair], held_out: Iterable[Pair], *, size: int = 8) -> list[Pair]:
    """List the pairs whose source shares a run of ``size`` words with a held-out source, marks aside."""
    seen = {gram for pair in held_out for gram in _word_runs(pair.casual, size)}
    return [pair for pair in pairs if not seen.isdisjoint(_word_runs(pair.casual, size))]


def _word_runs(text: str, size: int) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.casefold().replace("’", "'"))
    return {tuple(words[start : start + size]) for start in range(len(words) - size + 1)}
