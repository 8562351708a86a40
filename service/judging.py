"""Weigh what the rules found against what the verifier read: one probability for a passage, and which findings stand.

Rules name a fact and are sure of its place, but cannot tell chat from news or a synonym from an error; the verifier
sees meaning but is never certain. Logistic regressions put the two together. Their weights are fitted by
``training.judge`` on hand-written cases that the verifier has not learned from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from service.evidence import Evidence, sigmoid
from service.explanations import reworded
from service.facts import Fact, FactKind, FactReport, Verdict, in_order
from service.verifier import Reading

WEIGHTS = Path(__file__).parent / "weights" / "judge.json"
# Operating points. An editor who checks a finished rewrite wants as few false alarms as missed errors: the findings are
# weighed. The pipeline would rather keep a passage than ship a doubt: every finding stands, and every doubt counts.
BALANCED, STRICT = "balanced", "strict"

# What is read exactly, so that a difference found is a difference unless the verifier is sure of the contrary.
_EXACT = frozenset(
    {FactKind.FIGURE, FactKind.MONEY, FactKind.PERCENT, FactKind.DATE, FactKind.TIME, FactKind.QUOTATION}
)


@dataclass(frozen=True)
class Regression:
    """A logistic regression over named features; one that is not named counts 0.

    Attributes:
        intercept: In logits.
        weights: In logits for each unit of a feature.
    """

    intercept: float
    weights: dict[str, float]

    def logit(self, features: dict[str, float]) -> float:
        """Give the logit of the class."""
        return self.intercept + sum(self.weights.get(name, 0.0) * value for name, value in features.items())


@dataclass(frozen=True)
class Judge:
    """Decides what stands of the findings, and whether a passage may ship.

    Attributes:
        finding: How likely a finding of the rules is a true error.
        passage: How likely a copy is unfaithful.
        support: How likely a copy says something its source does not.
        thresholds: For each operating point the least probability of being faithful that passes.
        sha256: Of the file it was read from.
    """

    finding: Regression
    passage: Regression
    support: Regression
    thresholds: dict[str, float]
    sha256: str

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> Judge:
        """Read the weights that ship."""
        content = path.read_bytes()
        stored = json.loads(content)
        return cls(
            **{name: Regression(**stored[name]) for name in ("finding", "passage", "support")},
            thresholds=stored["thresholds"],
            sha256=hashlib.sha256(content).hexdigest(),
        )

    def judge(self, facts: Sequence[Fact], reading: Reading, *, source: str, copy: str, point: str) -> FactReport:
        """Judge a copy by the facts that rules matched and by what the verifier read.

        Args:
            facts: Every fact that the rules matched.
            reading: What the verifier read.
            source: The source.
            copy: The copy.
            point: The operating point, one of ``thresholds``.
        """
        evidence = Evidence(reading, source, copy)
        chances = self.chances(facts, evidence)
        probability = self.probability(chances, evidence)
        support = max(probability, sigmoid(-self.support.logit(evidence.copy(chances))))
        doubtful = probability < self.thresholds[point]
        if point == STRICT:
            firm = frozenset(chances)
        elif doubtful:
            firm = frozenset(fact for fact, chance in chances.items() if chance > 0)
        else:
            firm = frozenset()
        standing = [stood for fact in facts if (stood := fact if fact in firm else _excused(fact, source, copy))]
        doubt = evidence.doubt() if doubtful else None
        if doubt and not any(_share(doubt, fact) for fact in firm):
            standing.append(doubt)
        return FactReport(facts=in_order(standing), probability=probability, support=support)

    def chances(self, facts: Sequence[Fact], evidence: Evidence) -> dict[Fact, float]:
        """Give for each finding of the rules the logit that it is true."""
        return {fact: self.finding.logit(evidence.of(fact)) for fact in facts if fact.verdict is not Verdict.KEPT}

    def probability(self, chances: dict[Fact, float], evidence: Evidence) -> float:
        """Say how likely a copy is faithful: no likelier than that its worst exact finding is wrong.

        Args:
            chances: The logits of the findings.
            evidence: Of the passage.
        """
        exact = [chance for fact, chance in chances.items() if fact.kind in _EXACT and fact.verdict is Verdict.ALTERED]
        return sigmoid(-max([self.passage.logit(evidence.passage(chances)), *exact]))


def _excused(fact: Fact, source: str, copy: str) -> Fact | None:
    """Turn a finding that does not stand into a fact that was kept.

    What stands on one side only was no fact: chat that was dropped, or a plainer word for something. It leaves the
    ledger.
    """
    if fact.verdict is Verdict.KEPT:
        return fact
    if fact.source and fact.copy:
        return Fact(
            fact.kind,
            Verdict.KEPT,
            fact.source,
            fact.copy,
            reworded(source, fact.source, copy, fact.copy),
        )
    return None


def _share(doubt: Fact, fact: Fact) -> bool:
    return bool(
        (doubt.source and fact.source and doubt.source.overlaps(fact.source))
        or (doubt.copy and fact.copy and doubt.copy.overlaps(fact.copy))
    )
