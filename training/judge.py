"""Fit the judge on cases that the verifier has not learned from: ``python -m training.judge``.

Writes ``service/weights/judge.json`` and prints how well it does by cross-validation over sources.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold

from service.annotation import Annotator
from service.checking import Checker
from service.evidence import Evidence
from service.facts import Fact, Verdict
from service.judging import WEIGHTS, Judge, Regression
from service.verifier import WEIGHTS as VERIFIER
from service.verifier import Reading, Verifier
from training.judged import Judged, read_gate, read_planted
from training.splits import bucket, for_judge

FOLDS = 5
# Near their best, recall and acceptance together hardly move: there the fewest false alarms are better, for an editor
# who is often warned for nothing reads no warning.
_FLAT = 0.01
# Of the faithful copies that the rules let pass, how many the strict operating point accepts.
_STRICT_ACCEPTED = 0.85


@dataclass(frozen=True)
class Case:
    """A judged pair with all that was found in it."""

    judged: Judged
    facts: tuple[Fact, ...]
    reading: Reading

    @property
    def evidence(self) -> Evidence:
        """Its evidence."""
        return Evidence(self.reading, self.judged.source, self.judged.copy)

    @property
    def findings(self) -> list[Fact]:
        """What the rules object to."""
        return [fact for fact in self.facts if fact.verdict is not Verdict.KEPT]

    def is_true(self, fact: Fact) -> bool:
        """Tell whether a finding points at the error."""
        stated, rewritten = self.judged.source_spans or (), self.judged.copy_spans or ()
        return bool(
            (fact.source and any(fact.source.overlaps(span) for span in stated))
            or (fact.copy and any(fact.copy.overlaps(span) for span in rewritten))
        )


def read_cases(checker: Checker, judged: Sequence[Judged]) -> list[Case]:
    """Match the facts of every pair and let the verifier read it."""
    matched = checker.match_all([(one.source, one.copy) for one in judged])
    return [
        Case(one, facts, reading) for one, (facts, reading) in zip(judged, matched, strict=True) if reading is not None
    ]


def fit(
    rows: Sequence[dict[str, float]], truth: Sequence[bool], weight: Sequence[float], strength: float
) -> Regression:
    """Fit a logistic regression on named features."""
    names = sorted({name for row in rows for name in row})
    column = {name: number for number, name in enumerate(names)}
    entries = [(row, column[name], value) for row, found in enumerate(rows) for name, value in found.items()]
    matrix = csr_matrix(
        ([value for *_, value in entries], ([row for row, *_ in entries], [at for _, at, _ in entries])),
        shape=(len(rows), len(names)),
    )
    model = LogisticRegression(C=strength, max_iter=5000)
    model.fit(matrix, np.array(truth), sample_weight=np.array(weight))
    weights = {name: round(float(value), 4) for name, value in zip(names, model.coef_[0], strict=True)}
    return Regression(round(float(model.intercept_[0]), 4), weights)


def fit_judge(cases: Sequence[Case]) -> tuple[Regression, Regression, Regression]:
    """Fit what weighs findings, passages and support."""
    # Where the place of an error in the source is not known, nobody can say whether a finding points at it.
    findings = [(case, fact) for case in cases if case.judged.source_spans is not None for fact in case.findings]
    finding = fit(
        [case.evidence.of(fact) for case, fact in findings],
        [case.is_true(fact) for case, fact in findings],
        [case.judged.weight for case, _ in findings],
        strength=0.3,
    )
    evidence = [case.evidence for case in cases]
    chances = [
        {fact: finding.logit(found.of(fact)) for fact in case.findings}
        for case, found in zip(cases, evidence, strict=True)
    ]
    weight = _balanced(cases)
    passage = fit(
        [found.passage(weighed) for found, weighed in zip(evidence, chances, strict=True)],
        [bool(case.judged.unsupported or case.judged.lost) for case in cases],
        weight,
        strength=1.0,
    )
    support = fit(
        [found.copy(weighed) for found, weighed in zip(evidence, chances, strict=True)],
        [bool(case.judged.unsupported) for case in cases],
        weight,
        strength=1.0,
    )
    return finding, passage, support


def _balanced(cases: Sequence[Case]) -> list[float]:
    """Let the faithful weigh as much as the unfaithful in all."""
    wrong = sum(case.judged.weight for case in cases if case.judged.unsupported or case.judged.lost)
    right = sum(case.judged.weight for case in cases) - wrong
    return [
        case.judged.weight * (0.5 / wrong if case.judged.unsupported or case.judged.lost else 0.5 / right) * len(cases)
        for case in cases
    ]


def cross_validate(cases: Sequence[Case]) -> NDArray[np.float64]:
    """Give the probability of being faithful, each from a judge that has not seen the source."""
    groups = np.array([bucket(case.judged.source) + 100 * len(case.judged.source) for case in cases])
    scores = np.zeros(len(cases))
    for train, test in GroupKFold(FOLDS).split(scores, groups=groups):
        judge = Judge(*fit_judge([cases[number] for number in train]), thresholds={}, sha256="")
        for number in test:
            evidence = cases[number].evidence
            scores[number] = judge.probability(judge.chances(cases[number].facts, evidence), evidence)
    return scores


def main() -> None:
    """Fit, judge by cross-validation, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    parser.add_argument("--verifier", type=Path, default=VERIFIER)
    parser.add_argument("data", nargs="+", type=Path, help="files of gate cases and of planted errors")
    arguments = parser.parse_args()
    judged = [
        one
        for path in arguments.data
        for group in (read_planted(path) if path.name.startswith("planted") else read_gate(path))
        if for_judge(group[0].source)
        for one in group
    ]
    cases = read_cases(Checker(Annotator(), Verifier(arguments.verifier), judge=None), judged)
    scores = cross_validate(cases)
    wrong = np.array([bool(case.judged.unsupported or case.judged.lost) for case in cases])
    print(f"{len(cases)} cases, {wrong.sum()} unfaithful, AUC {roc_auc_score(~wrong, scores):.3f}")
    candidates = np.unique(scores)
    rates = [((scores[wrong] < at).mean(), (scores[~wrong] >= at).mean()) for at in candidates]
    sums = np.array([recall + accepted for recall, accepted in rates])
    balanced = candidates[int(np.argmax(sums >= sums.max() - _FLAT))]
    # In the pipeline the rules have had their say: what counts is what they let pass.
    clean = np.array([not case.findings for case in cases])
    strict = np.quantile(scores[~wrong & clean], 1 - _STRICT_ACCEPTED)
    for name, at, some in (("balanced", balanced, wrong | ~wrong), ("strict, without findings", strict, clean)):
        recall, accepted = (scores[wrong & some] < at).mean(), (scores[~wrong & some] >= at).mean()
        print(
            f"{name}: threshold {at:.3f}, refuses {recall:.3f} of {(wrong & some).sum()} unfaithful, "
            f"accepts {accepted:.3f} of {(~wrong & some).sum()} faithful"
        )
    finding, passage, support = fit_judge(cases)
    stored = {
        "finding": vars(finding),
        "passage": vars(passage),
        "support": vars(support),
        "thresholds": {"balanced": round(float(balanced), 3), "strict": round(float(strict), 3)},
    }
    arguments.output.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
