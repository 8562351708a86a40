"""What a fact is, and what a rewrite did with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from service.spans import Span


class FactKind(StrEnum):
    """What a fact is about."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"
    NAME = "name"
    FIGURE = "figure"
    MONEY = "money"
    PERCENT = "percent"
    DATE = "date"
    TIME = "time"
    QUOTATION = "quotation"
    ATTRIBUTION = "attribution"
    CERTAINTY = "certainty"
    POLARITY = "polarity"
    COMPARISON = "comparison"
    RELATION = "relation"
    ROLE = "role"
    CAUSE = "cause"
    ORDER = "order"
    LIST = "list"
    STATEMENT = "statement"


class Verdict(StrEnum):
    """What became of a fact.

    ``altered``: the rewrite contradicts the source. ``unsupported``: the rewrite states it, the source does not.
    """

    KEPT = "kept"
    ALTERED = "altered"
    UNSUPPORTED = "unsupported"
    OMITTED = "omitted"


@dataclass(frozen=True)
class Fact:
    """One line of the ledger.

    Attributes:
        kind: What it is about.
        verdict: What became of it.
        source: Where the source states it; None if it does not.
        copy: Where the rewrite states it; None if it does not.
        reason: One sentence for an editor; empty where kind, verdict and places say it all (see ``explanations``).
    """

    kind: FactKind
    verdict: Verdict
    source: Span | None
    copy: Span | None
    reason: str = ""


def in_order(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Put facts in the order of the source, then those that only the rewrite states."""
    return tuple(sorted(facts, key=_place))


def _place(fact: Fact) -> tuple[bool, Span, str]:
    return (fact.source is None, fact.source or fact.copy or Span(0, 0), fact.kind.value)


@dataclass(frozen=True)
class FactReport:
    """What a rewrite did with the facts of its source.

    Attributes:
        facts: The facts of either side, in the order of the source, then the unsupported ones. What was judged to be
            no fact (chat that was dropped, a plainer word) is not among them.
        probability: How likely the rewrite is faithful, 0 to 1, whatever was asked of it: a strict gate refuses also
            what is likely faithful. None where it was not judged.
        support: How likely the source supports all that the rewrite says, 0 to 1, whatever it leaves out; None where
            it was not judged.
    """

    facts: tuple[Fact, ...]
    probability: float | None = None
    support: float | None = None

    @property
    def faithful(self) -> bool:
        """True when every fact was kept and none was added."""
        return all(fact.verdict is Verdict.KEPT for fact in self.facts)

    @property
    def score(self) -> float | None:
        """Share of the facts that were kept, 0 to 1; None when neither text states a fact."""
        return self.count(Verdict.KEPT) / len(self.facts) if self.facts else None

    def count(self, verdict: Verdict) -> int:
        """Count the facts with this verdict."""
        return sum(fact.verdict is verdict for fact in self.facts)
