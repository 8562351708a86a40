"""Read what the verifier learns from: sources, copies of them, and what is wrong with these."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Postfix, Prefix

from evaluation.labelled import PAWS_SHARE, VITAMINC_SHARE, is_held_out, sentence_sets
from service.editing import edit, straighten
from service.rewordings import Rewording, reword
from service.spans import Span
from training.edits import read_edited
from training.splits import for_judge

# Errors that only leave out, and errors that only add; all others do both.
_LEAVES_OUT = frozenset({"fact_omitted", "list_item_dropped"})
# Planted by program: plainer than what a writer or a model gets wrong.
_PLANTED_WEIGHT = 0.6
_ADDS = frozenset({"detail_added", "cause_invented", "quotation_invented"})


@dataclass(frozen=True)
class Judged:
    """A source and a copy of it with what is known to be wrong.

    Attributes:
        source: The source.
        copy: The copy.
        unsupported: Whether the copy says something the source does not; None where that is not known.
        lost: Whether the copy lacks news of the source; None where that is not known.
        source_spans: What of the source is lost or altered; None where that is not known.
        copy_spans: What of the copy is not in the source; None where that is not known.
        weight: How much the pair counts.
        error: The type of its one error; empty where there is none or it is not known.
    """

    source: str
    copy: str
    unsupported: bool | None
    lost: bool | None
    source_spans: tuple[Span, ...] | None = None
    copy_spans: tuple[Span, ...] | None = None
    weight: float = 1.0
    error: str = ""


def faithful(source: str, copy: str, *, weight: float = 1.0) -> Judged:
    """Judge a copy that says neither more nor less than its source."""
    return Judged(source, copy, unsupported=False, lost=False, source_spans=(), copy_spans=(), weight=weight)


def unfaithful(
    source: str,
    copy: str,
    error: str,
    *,
    source_spans: Iterable[Span] | None = None,
    copy_spans: Iterable[Span] | None = None,
    weight: float = 1.0,
) -> Judged:
    """Judge a copy with one error of a type of ``evaluation/data/gate.jsonl``."""
    return Judged(
        source,
        copy,
        unsupported=error not in _LEAVES_OUT,
        lost=error not in _ADDS,
        source_spans=None if source_spans is None else tuple(source_spans),
        copy_spans=None if copy_spans is None else tuple(copy_spans),
        weight=weight,
        error=error,
    )


def read_gate(path: Path) -> Iterator[list[Judged]]:
    """Read a file like ``evaluation/data/gate.jsonl``, a list for every source.

    A copy with several errors has a list of them, ``errors``, the gravest first, in place of the one.
    """
    for row in _rows(path):
        yield [_judged(row["source"], hypothesis) for hypothesis in row["hypotheses"]]


def _judged(source: str, hypothesis: dict[str, Any]) -> Judged:
    text = hypothesis["text"]
    if hypothesis["faithful"]:
        return faithful(source, text)
    errors = hypothesis.get("errors") or [hypothesis]
    spans = hypothesis.get("spans")
    gravest = unfaithful(
        source,
        text,
        errors[0]["error"],
        source_spans=[span for error in errors for span in _find(error["source_span"], source)],
        copy_spans=[Span(*span) for span in spans]
        if spans
        else [span for error in errors for span in _find(error["hyp_span"], text)],
    )
    return replace(
        gravest,
        unsupported=any(error["error"] not in _LEAVES_OUT for error in errors),
        lost=any(error["error"] not in _ADDS for error in errors),
    )


def _find(words: str, text: str) -> list[Span]:
    start = text.find(words) if words else -1
    return [] if start < 0 else [Span(start, start + len(words))]


def read_vitaminc(path: Path) -> Iterator[Judged]:
    """Read VitaminC (Schuster et al. 2021): does Wikipedia's evidence support a claim? A claim tells but a part."""
    for row in _rows(path):
        if is_held_out(str(row["page"]), VITAMINC_SHARE):
            continue
        yield Judged(
            _detokenised(row["evidence"]), _detokenised(row["claim"]), row["label"] != "SUPPORTS", None, weight=0.7
        )


def read_paws(path: Path) -> Iterator[Judged]:
    """Read PAWS (Zhang et al. 2019): sentences of the same words, that say the same or do not."""
    rows = list(_rows(path))
    keys = sentence_sets((str(row["text1"]), str(row["text2"])) for row in rows)
    for row, key in zip(rows, keys, strict=True):
        if is_held_out(key, PAWS_SHARE):
            continue
        same = float(row["human"]) > 0.5
        one, other = _detokenised(row["text1"]), _detokenised(row["text2"])
        yield Judged(one, other, not same, not same)
        yield Judged(other, one, not same, not same)


def read_negation(path: Path) -> Iterator[Judged]:
    """Read the negation sets of Hossain et al. (2020): does a text with a negation entail a hypothesis?"""
    for row in _rows(path):
        yield Judged(row["Text"], row["Hypothesis"], row["gold_label"] != "entailment", None, weight=0.7)


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return (json.loads(line) for line in content.splitlines())


def _detokenised(text: object) -> str:
    words = str(text)
    for spaced, plain in ((" ,", ","), (" .", "."), (" )", ")"), ("( ", "("), (" 's", "'s"), (" ;", ";"), (" :", ":")):
        words = words.replace(spaced, plain)
    return words


def read_groups(path: Path, *, english: bool = False) -> list[list[Judged]]:
    """Read any file of examples, what has the same source together; its name tells what is in it.

    What is kept back is left out.

    Args:
        path: The file.
        english: As for ``read_changes``.

    Raises:
        ValueError: The name is not known.
    """
    for start, read in (("vitaminc", read_vitaminc), ("paws", read_paws), ("negation", read_negation)):
        if path.name.startswith(start):
            return _by_source(read(path))
    return [group for group in _read_ours(path, english=english) if not for_judge(group[0].source)]


def read_kept(path: Path, *, english: bool = False) -> list[list[Judged]]:
    """Read what is kept back of a file of our own examples, as ``read_groups`` reads the rest."""
    return [group for group in _read_ours(path, english=english) if for_judge(group[0].source)]


def _read_ours(path: Path, *, english: bool) -> Iterable[list[Judged]]:
    if path.name.startswith("gate"):
        return read_gate(path)
    if path.name.startswith("planted"):
        return read_planted(path)
    if path.name in ("rewordings.jsonl", "targets.jsonl"):
        return _by_source(read_changes(path, english=english))
    if path.name == "edits.jsonl":
        made = ((one.text, rewording) for one in read_edited(path) for rewording in one.rewordings)
        return _by_source(faithful(text, reword(text, [rewording])) for text, rewording in made)
    raise ValueError(
        f"{path}: a file of examples is called gate, planted, rewordings, targets, edits, vitaminc, paws or negation"
    )


def read_changes(path: Path, *, english: bool) -> Iterator[Judged]:
    """Read what was judged of single changes and of whole targets.

    Args:
        path: The file.
        english: Whether ``lost`` stands for spoiled English, as the reader of changes learns it, of which nothing is
            known where a person stopped at the fact. Otherwise it stands for lost news, as the verifier learns it: what
            only takes words away may say nothing new, what only brings some may lose nothing, and of spoiled English
            the verifier learns nothing.
    """
    for row in _rows(path):
        label = row["label"]
        if "target" in row:
            text, copy, old, new = edit(row["source"]) or straighten(row["source"]), row["target"], None, None
        else:
            text, change = row["text"], Rewording(row["start"], row["end"], tuple(row["pieces"]))
            copy = reword(text, [change])
            old, new = _changed(text, copy)
        wrong = label == "fact"
        if label == "ok":
            yield faithful(text, copy)
        elif english:
            spans = (old, new) if wrong else (None, None)
            yield Judged(text, copy, wrong, None if wrong else True, *spans)
        elif wrong:
            yield Judged(text, copy, _known_true(new), _known_true(old), old, new)


def _known_true(changed: tuple[Span] | None) -> bool | None:
    """Say True where something changed on this side, or where it is not known what; else that nothing is known."""
    return None if changed and changed[0].start == changed[0].end else True


def _changed(text: str, copy: str) -> tuple[tuple[Span], tuple[Span]]:
    """Give the one place at which two texts differ, in each."""
    start = Prefix.similarity(text, copy)
    same = Postfix.similarity(text[start:], copy[start:])
    return (Span(start, len(text) - same),), (Span(start, len(copy) - same),)


def _by_source(judged: Iterable[Judged]) -> list[list[Judged]]:
    groups: dict[str, list[Judged]] = {}
    for one in judged:
        groups.setdefault(one.source, []).append(one)
    return list(groups.values())


def read_planted(path: Path) -> Iterator[list[Judged]]:
    """Read errors that ``training.planting`` planted into our own references, with these, a list for every source."""
    for row in _rows(path):
        source, complete = row["source"], row["complete"]
        group = [
            faithful(source, row["reference"]),
            *(
                unfaithful(
                    source,
                    error["copy"],
                    error["error"],
                    copy_spans=[Span(*span) for span in error["copy_spans"]],
                    weight=_PLANTED_WEIGHT,
                )
                for error in row["errors"]
            ),
        ]
        # A reference that is shorter by right says nothing about what is lost.
        yield (
            group
            if complete
            else [replace(one, lost=None, source_spans=None) for one in group if one.error not in _LEAVES_OUT]
        )
