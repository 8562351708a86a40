"""Fit what a rewording is trusted by: ``python -m training.trust``.

Writes ``service/weights/rewordings.tsv``, the changes that hand-written pairs know, and ``service/weights/trust.json``,
fitted on what was judged by hand: the rewordings and targets of ``training/data/judged``.
Prints what cross-validation over sources says of it.
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
from service.editing import edit, straighten
from service.judging import STRICT, Regression
from service.phrasebook import listed_rewordings
from service.rewordings import Rewording, find_rewordings, reword, split_pieces
from service.trust import KNOWN, WEIGHTS, Trust, change_of, describe
from training.examples import Pair, read_pairs

DATA = Path("training/data/judged/rewordings.jsonl")
TARGETS = Path("training/data/judged/targets.jsonl")
FOLDS = 5
# A change of more pieces is known to no other pair.
_LONGEST = 8
# A change that only one pair has may be a matter of that pair.
_LEAST = 2
# Of what is taken, at most this share may change a fact.
_MOST_WRONG = 0.025


@dataclass(frozen=True)
class Labelled:
    """A rewording that was judged by hand.

    Attributes:
        source: The sentence as filed.
        text: What is reworded: the sentence, edited by rule.
        rewording: The change.
        share: Share of the targets that had it.
        label: ``ok``, ``fact`` where it changes one, or ``broken`` where it spoils the English.
    """

    source: str
    text: str
    rewording: Rewording
    share: float
    label: str


def read_labelled(path: Path = DATA) -> list[Labelled]:
    """Read the rewordings that were judged by hand."""
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return [
        Labelled(
            source=row["source"],
            text=row["text"],
            rewording=Rewording(row["start"], row["end"], tuple(row["pieces"])),
            share=row["share"],
            label=row["label"],
        )
        for row in rows
    ]


@dataclass(frozen=True)
class JudgedTarget:
    """A target of a single sentence that was judged by hand; ``label`` as of a rewording."""

    source: str
    target: str
    label: str


def read_targets(path: Path = TARGETS) -> list[JudgedTarget]:
    """Read the targets that were judged by hand."""
    return [JudgedTarget(**row) for row in map(json.loads, path.read_text(encoding="utf-8").splitlines())]


def known_changes(pairs: Iterable[Pair]) -> Counter[tuple[str, str]]:
    """Count in how many pairs each change from casual text to copy is found."""
    found: Counter[tuple[str, str]] = Counter()
    for pair in pairs:
        changes: set[tuple[str, str]] = set()
        for text in {straighten(pair.casual), edit(pair.casual)}:
            pieces = split_pieces(text)
            changes |= {
                change_of(pieces, rewording)
                for rewording in find_rewordings(text, [pair.wire])
                if rewording.end - rewording.start <= _LONGEST and len(rewording.pieces) <= _LONGEST
            }
        found.update(changes)
    return Counter({change: count for change, count in found.items() if count >= _LEAST})


def _regression() -> Pipeline:
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=2000))


def fit_rewordings(labelled: Sequence[Labelled], known: Counter[tuple[str, str]], checker: Checker) -> Fitted:
    """Fit how likely a rewording is right."""
    reports = checker.check_all([(one.source, reword(one.text, [one.rewording])) for one in labelled], point=STRICT)
    described = [
        describe(
            one.text,
            one.rewording,
            known,
            faithful=report.probability or 0.0,
            share=one.share,
            listed=one.rewording in listed_rewordings(one.text),
        )
        for one, report in zip(labelled, reports, strict=True)
    ]
    # The phrase book was cleared by these very labels: they say nothing of where to draw the line.
    return _fit(
        described,
        [one.label for one in labelled],
        [one.source for one in labelled],
        wanted=("ok",),
        tested=np.array([one.share > 0 for one in labelled]),
    )


def fit_targets(judged: Sequence[JudgedTarget], trust: Trust, checker: Checker) -> Fitted:
    """Fit how likely a target that the gate lets pass changes no fact."""
    reports = checker.check_all([(one.source, one.target) for one in judged], point=STRICT)
    described = [
        trust.describe_target(faithful_edit(one.source), one.target, faithful=report.probability or 0.0)
        for one, report in zip(judged, reports, strict=True)
    ]
    passing = [number for number, report in enumerate(reports) if report.faithful]
    return _fit(
        [described[number] for number in passing],
        [judged[number].label for number in passing],
        [judged[number].source for number in passing],
        wanted=("ok", "broken"),
        tested=np.ones(len(passing), dtype=bool),
    )


def faithful_edit(source: str) -> str:
    """Edit a sentence by rule; where nothing would be left it stays."""
    return edit(source) or straighten(source)


@dataclass(frozen=True)
class Fitted:
    """A regression and the threshold at which few of what passes changes a fact."""

    regression: Regression
    threshold: float


def _fit(
    described: Sequence[dict[str, float]],
    labels: Sequence[str],
    sources: Sequence[str],
    *,
    wanted: tuple[str, ...],
    tested: NDArray[np.bool_],
) -> Fitted:
    names = list(described[0])
    table = np.array([[features[name] for name in names] for features in described])
    right = np.array([label in wanted for label in labels])
    wrong = np.array([label == "fact" for label in labels])
    held = np.zeros(len(table))
    for learned, left_out in GroupKFold(FOLDS).split(table, right, sources):
        held[left_out] = _regression().fit(table[learned], right[learned]).predict_proba(table[left_out])[:, 1]
    print(f"{len(table)} judged by hand, of which {tested.sum()} test: ", end="")
    print(f"{right[tested].mean():.3f} wanted, {wrong[tested].mean():.3f} change a fact")
    print(f"AUC {roc_auc_score(right[tested], held[tested]):.3f}")
    threshold = 1.0
    for step in range(95, 39, -5):
        taken = tested & (held >= step / 100)
        shares = f"{right[taken].mean():.3f} wanted, {wrong[taken].mean():.3f} change a fact" if taken.any() else ""
        print(f"threshold {step / 100:.2f}: {taken.sum()} taken, {shares}")
        if taken.any() and wrong[taken].mean() <= _MOST_WRONG:
            threshold = step / 100
    model = _regression().fit(table, right)
    scaler, regression = model[0], model[1]
    weights = regression.coef_[0] / scaler.scale_
    intercept = float(regression.intercept_[0] - (weights * scaler.mean_).sum())
    rounded = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    return Fitted(Regression(round(intercept, 4), rounded), threshold)


def main() -> None:
    """Read the command line and fit."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=Path, default=Path("training/lora.toml"), help="names the pairs in `train`")
    arguments = parser.parse_args()
    files = tomllib.loads(arguments.pairs.read_text(encoding="utf-8"))["train"]
    pairs = [pair for file in files for pair in read_pairs(Path(file))]
    labelled, judged = read_labelled(), read_targets()
    sources = {one.source for one in labelled} | {one.source for one in judged}
    # A pair of the same source would know the very change that is judged.
    others = [pair for pair in pairs if not any(source in pair.casual for source in sources)]
    known = known_changes(others)
    checker = Checker.load()
    rewordings = fit_rewordings(labelled, known, checker)
    trust = Trust(rewordings.regression, rewordings.threshold, Regression(0.0, {}), 1.0, known)
    targets = fit_targets(judged, trust, checker)
    rows = sorted(known_changes(pairs).items())
    head = "# words that go\twords that come\tin how many hand-written pairs\n"
    KNOWN.write_text(head + "".join(f"{old}\t{new}\t{count}\n" for (old, new), count in rows), encoding="utf-8")
    weights = {
        "rewordings": asdict(rewordings.regression),
        "threshold": rewordings.threshold,
        "targets": asdict(targets.regression),
        "target_threshold": targets.threshold,
    }
    WEIGHTS.write_text(json.dumps(weights, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
