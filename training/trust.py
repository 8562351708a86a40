"""Fit what a rewording is trusted by: ``python -m training.trust``.

Writes ``service/weights/precedents.tsv``, what pairs and readers say of changes, and ``service/weights/trust.json``,
fitted on what was judged by hand and its reader has not learned from: one in five of the texts of
``training/data/judged``. Prints what cross-validation over sources says of it.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from service.checking import Checker
from service.desk import load_generator
from service.editing import edit, straighten
from service.generation import Generator
from service.hearing import hear
from service.judging import STRICT, Regression
from service.phrasebook import listed_rewordings
from service.precedents import Change, Precedents, Verdicts, change_of, count_verdicts, write_precedents
from service.rewordings import Rewording, find_rewordings, reword, split_pieces
from service.settings import load_settings
from service.trust import WEIGHTS, Proposal, Reader, Trust, Weighing, describe
from training.edits import EDITS
from training.examples import Pair, read_pairs
from training.labelled import JudgedTarget, Labelled, faithful_edit, fitted_on, learned_sources, read_labelled

FOLDS = 5

Features = dict[str, float]
# A change of more pieces is known from nowhere else.
_LONGEST = 5
# A change that only one pair has may be a matter of that pair.
_LEAST = 2
# Of what is taken, at most this share may change a fact: a copy holds several rewordings, and so does a target.
_MOST_WRONG, _MOST_WRONG_TARGETS = 0.0175, 0.02
# Thresholds that are tried, in parts of 200.
_TRIED = range(196, 79, -3)
# Of fewer, a share says nothing.
_LEAST_TAKEN = 40


def judged_changes(labelled: Iterable[Labelled]) -> dict[Change, Verdicts]:
    """Count how many of the uses of each change were judged right, and how many were judged."""
    return count_verdicts(
        (change_of(split_pieces(one.text), one.rewording), one.label == "ok")
        for one in labelled
        if _may_recur(one.rewording)
    )


def read_hand_written(config: Path) -> list[Pair]:
    """Read the pairs that a run learns from, but for the edited sentences, whose changes are known edit by edit."""
    files = [Path(file) for file in tomllib.loads(config.read_text(encoding="utf-8"))["train"]]
    return [pair for file in files if file != EDITS for pair in read_pairs(file)]


def known_changes(pairs: Iterable[Pair]) -> Counter[Change]:
    """Count in how many pairs each change from casual text to copy is found."""
    found: Counter[Change] = Counter()
    for pair in pairs:
        changes: set[Change] = set()
        for text in {straighten(pair.casual), edit(pair.casual)}:
            pieces = split_pieces(text)
            changes |= {
                change_of(pieces, rewording)
                for rewording in find_rewordings(text, [pair.wire])
                if _may_recur(rewording)
            }
        found.update(changes)
    return Counter({change: count for change, count in found.items() if count >= _LEAST})


def _may_recur(rewording: Rewording) -> bool:
    return rewording.end - rewording.start <= _LONGEST and len(rewording.pieces) <= _LONGEST


def _regression() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))


@dataclass(frozen=True)
class Judges:
    """Those that are asked about every change, beside the people."""

    checker: Checker
    reader: Reader
    generator: Generator


def describe_rewordings(
    labelled: Sequence[Labelled], precedents: Precedents, judges: Judges
) -> tuple[list[Features], list[Features], NDArray[np.bool_]]:
    """Describe rewordings with and without the rewriter's opinion, and say which test where to draw the line."""
    copies = [reword(one.text, [one.rewording]) for one in labelled]
    sources = [one.source for one in labelled]
    reports = judges.checker.check_all(list(zip(sources, copies, strict=True)), point=STRICT)
    flaws = judges.reader.read([(one.text, one.rewording) for one in labelled])
    heard = hear(judges.generator, [(one.source, one.text, copy) for one, copy in zip(labelled, copies, strict=True)])
    if None in heard:
        raise ValueError(f"a source is too long for the rewriter: {sources[heard.index(None)]!r}")
    proposals = [
        Proposal(one.text, one.rewording, one.share, one.rewording in listed_rewordings(one.text)) for one in labelled
    ]
    with_it, without = (
        [
            describe(proposal, read, opinion, precedents)
            for proposal, read, opinion in zip(proposals, flaws, opinions, strict=True)
        ]
        for opinions in (heard, [None] * len(labelled))
    )
    # What the gate refuses is never tried, and the phrase book was cleared by people: they say nothing of where to draw
    # the line.
    tested = [report.faithful and not one.listed for report, one in zip(reports, proposals, strict=True)]
    return with_it, without, np.array(tested)


def fit_targets(judged: Sequence[JudgedTarget], trust: Trust, judges: Judges) -> Weighing:
    """Fit how likely a target that the gate lets pass is without fault."""
    reports = judges.checker.check_all([(one.source, one.target) for one in judged], point=STRICT)
    texts = [faithful_edit(one.source) for one in judged]
    heard = hear(judges.generator, [(one.source, text, one.target) for one, text in zip(judged, texts, strict=True)])
    asked = [
        (one, text, opinion, report.probability or 0.0)
        for one, text, opinion, report in zip(judged, texts, heard, reports, strict=True)
        if report.faithful and opinion
    ]
    passing = [one for one, *_ in asked]
    described = [
        trust.describe_target(text, one.target, opinion, faithful=chance) for one, text, opinion, chance in asked
    ]
    return _fit(
        described,
        [one.label for one in passing],
        [one.source for one in passing],
        tested=np.ones(len(passing), dtype=bool),
        most_wrong=_MOST_WRONG_TARGETS,
    )


def _fit(
    described: Sequence[dict[str, float]],
    labels: Sequence[str],
    sources: Sequence[str],
    *,
    tested: NDArray[np.bool_],
    most_wrong: float,
) -> Weighing:
    names = list(described[0])
    table = np.array([[features[name] for name in names] for features in described])
    right = np.array([label == "ok" for label in labels])
    wrong = np.array([label == "fact" for label in labels])
    held = np.zeros(len(table))
    for learned, left_out in GroupKFold(FOLDS).split(table, right, sources):
        held[left_out] = _regression().fit(table[learned], right[learned]).predict_proba(table[left_out])[:, 1]
    print(f"{len(table)} judged by hand, of which {tested.sum()} test: ", end="")
    print(f"{right[tested].mean():.3f} right, {wrong[tested].mean():.3f} change a fact")
    print(f"AUC {roc_auc_score(right[tested], held[tested]):.3f}")
    threshold: float | None = None
    for step in _TRIED:
        taken = tested & (held >= step / 200)
        shares = f"{right[taken].mean():.3f} right, {wrong[taken].mean():.3f} change a fact" if taken.any() else ""
        print(f"threshold {step / 200:.3f}: {taken.sum()} taken, {shares}")
        # Of few, one more or less decides: a share may rise and fall again.
        if taken.sum() >= _LEAST_TAKEN and wrong[taken].mean() <= most_wrong:
            threshold = step / 200
    if threshold is None:
        raise ValueError(f"nowhere do so few as {most_wrong:.1%} of what is taken change a fact")
    model = _regression().fit(table, right)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - (weights * scaler.mean_).sum())
    rounded = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    return Weighing(Regression(round(intercept, 4), rounded), threshold)


def main() -> None:
    """Read the command line and fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, default=Path("training/lora.toml"), help="names the pairs in `train`")
    arguments = parser.parse_args()
    pairs = read_hand_written(arguments.pairs)
    everything = read_labelled()
    learned = learned_sources(everything)
    labelled, judged = fitted_on(everything)
    sources = {one.source for one in labelled} | {one.source for one in judged}
    # Neither a pair of the same source, nor another change of it, may speak as a precedent of what is judged.
    others = [pair for pair in pairs if not any(source in pair.casual for source in sources)]
    precedents = Precedents(known_changes(others), judged_changes(one for one in everything if one.source in learned))
    generator = load_generator(load_settings())
    if generator is None:
        raise SystemExit("the rewriter is asked too: leave COPYDESK_ENGINE at its default")
    judges = Judges(Checker.load(), Reader(), generator)
    with_it, without, tested = describe_rewordings(labelled, precedents, judges)
    labels, groups = [one.label for one in labelled], [one.source for one in labelled]
    heard, unheard = (
        _fit(described, labels, groups, tested=tested, most_wrong=_MOST_WRONG) for described in (with_it, without)
    )
    trust = Trust(judges.reader, heard, unheard, Weighing(Regression(0.0, {}), 1.0), precedents)
    targets = fit_targets(judged, trust, judges)
    write_precedents(Precedents(known_changes(pairs), judged_changes(everything)))
    weights = {name: asdict(one) for name, one in (("heard", heard), ("unheard", unheard), ("targets", targets))}
    WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
