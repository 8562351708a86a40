"""What is measured of a rewrite: what the gate says of it, and the measures that share nothing with the gate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from evaluation.corpus import Sample
from evaluation.errors import UnknownMeasureError
from evaluation.fingerprints import digest_of, package_sha256
from evaluation.quality.measure import Item, Measure, Score
from evaluation.results import Flag
from evaluation.systems import Output
from service.checking import Checker
from service.facts import Fact, FactReport, Verdict
from service.model import sha256_of
from service.passages import Status
from service.spans import Span


class Described(Protocol):
    """What a reader must know of a measure."""

    @property
    def name(self) -> str:
        """What results call it."""

    @property
    def says(self) -> str:
        """What it measures, in which unit."""

    @property
    def blind(self) -> str:
        """What it cannot see."""

    @property
    def source(self) -> str:
        """Paper or library, with version or signature."""

    @property
    def better(self) -> Literal["higher", "lower"]:
        """Which way is better."""

    @property
    def percent(self) -> bool:
        """Whether it is a share, shown in percent."""


@dataclass(frozen=True)
class OfTheGate:
    """A measure that comes out of a check by the gate, or out of a system's own account.

    Attributes:
        name: What results call it; one that is counted by kind of fact has the kind after a stop.
        says: What it measures, in which unit.
        blind: What it cannot see.
        source: Where it comes from.
        better: Which way is better.
        percent: It is a share, and shown in percent.
    """

    name: str
    says: str
    blind: str
    source: str
    better: Literal["higher", "lower"] = "higher"
    percent: bool = True


_BLIND = "What the rules of the gate do not see, and the product was let through by the gate."
# At the operating point balanced, a finding that does not stand is counted as kept; here every finding stands.
_RULES = "service.checking, its rules alone: every finding stands"
_GATE = "service.checking, at the operating point balanced"
_ACCOUNT = "service.passages: the product's own account"
# Each group is made by one call, and is asked for by the name of the group.
GROUPS: Mapping[str, tuple[OfTheGate, ...]] = {
    "facts": (
        OfTheGate("fact_recall", "Share of the facts of the source that the copy keeps.", _BLIND, _RULES),
        OfTheGate("fact_precision", "Share of the facts of the copy that the source states.", _BLIND, _RULES),
        OfTheGate("fact_f1", "Harmonic mean of both.", _BLIND, _RULES),
    ),
    "gate": (OfTheGate("faithful", "Share of the texts whose copy passes the gate, read whole.", _BLIND, _GATE),),
    "passages": (
        OfTheGate("status.unchanged", "Share left as wire copy already.", "Whether that is right.", _ACCOUNT),
        OfTheGate("status.rewritten", "Share of the passages rewritten at once.", "How well they read.", _ACCOUNT),
        OfTheGate("status.repaired", "Share repaired or edited by rules.", "How well they read.", _ACCOUNT),
        OfTheGate("status.kept", "Share left as filed for an editor.", "Whether one is needed.", _ACCOUNT, "lower"),
    ),
    "refusals": (
        OfTheGate(
            "refused",
            "Share of the texts in other languages that are refused with a clear sentence.",
            "Languages of which there is no text here.",
            "evaluation.systems",
        ),
    ),
}


def is_of_a_kind(name: str) -> bool:
    """Tell whether a measure counts one kind of fact alone.

    >>> [is_of_a_kind(name) for name in ("fact_recall.figure", "fact_recall", "status.kept")]
    [True, False, False]
    """
    group, stop, _ = name.partition(".")
    return bool(stop) and group in {measure.name for measure in GROUPS["facts"]}


def load_quality() -> tuple[Measure, ...]:
    """Load the measures that share nothing with the gate.

    Raises:
        MissingExtraError: One of them needs a package that is not installed.
    """
    from evaluation import quality  # Its weights are of no use to a suite that asks for none of its measures.

    return quality.MEASURES


class Scorer:
    """Measures rewrites.

    Args:
        names: Groups of measures of the gate, and names of other measures.
        gate: The gate.
        rules: The gate without verifier and judge.

    Attributes:
        version: What identifies the version of all of it.

    Raises:
        UnknownMeasureError: A name is none of a group or of a measure.
        MissingExtraError: A measure needs a package that is not installed.
    """

    def __init__(self, names: Collection[str], gate: Checker, rules: Checker) -> None:
        quality = load_quality() if set(names) - set(GROUPS) else ()
        known = [*GROUPS, *(measure.name for measure in quality)]
        unknown = [name for name in names if name not in known]
        if unknown:
            raise UnknownMeasureError(unknown, [*GROUPS, *(measure.name for measure in load_quality())])
        self._gate = gate
        self._rules = rules
        self._groups = [name for name in GROUPS if name in names]
        self._quality = [measure for measure in quality if measure.name in names]
        self.version = digest_of(
            self._groups,
            [(measure.name, measure.source) for measure in self._quality],
            gate.identity,
            package_sha256("service"),
            package_sha256("evaluation.quality"),
            sha256_of(Path(__file__)),
        )

    @property
    def measures(self) -> tuple[Described, ...]:
        """What is measured, in order."""
        return (*(one for group in self._groups for one in GROUPS[group]), *self._quality)

    def score(self, sample: Sample, output: Output) -> Scores:
        """Measure a rewrite; a measure that fails takes none of the others with it."""
        if sample.refused:
            return Scores(self.score_refusal(0))
        found: dict[str, Score | None] = {}
        flags: tuple[Flag, ...] = ()
        if "facts" in self._groups:
            report = self._rules.check(sample.source, output.copy)
            found |= _facts(report)
            flags = tuple(
                _flag(fact, sample.source, output.copy) for fact in report.facts if fact.verdict is not Verdict.KEPT
            )
        if "gate" in self._groups:
            found["faithful"] = Score(int(self._gate.check(sample.source, output.copy).faithful))
        if "passages" in self._groups and output.parts:
            statuses = Counter(part.status for part in output.parts)
            found |= {f"status.{one.value}": Score(statuses[one.value], statuses.total()) for one in Status}
        item, faults = Item(sample.source, output.copy, sample.reference), []
        for measure in self._quality:
            try:
                found[measure.name] = measure.score(item)
            # Whatever a measure fails of, the other figures are still wanted; the row says which one is missing.
            except Exception as error:
                faults.append(f"the measure {measure.name} failed ({type(error).__name__}: {error})")
        return Scores({name: score for name, score in found.items() if score is not None}, flags, tuple(faults))

    def score_refusal(self, refused: int) -> dict[str, Score]:
        """Say whether a text that should be refused was."""
        return {"refused": Score(refused)} if "refusals" in self._groups else {}


@dataclass(frozen=True)
class Scores:
    """What was measured of one rewrite.

    Attributes:
        measures: By name; a measure that says nothing of it is absent.
        flags: The facts that the gate did not find kept.
        faults: Which measures failed, and of what.
    """

    measures: Mapping[str, Score]
    flags: tuple[Flag, ...] = ()
    faults: tuple[str, ...] = ()


def _facts(report: FactReport) -> dict[str, Score]:
    kinds = sorted({fact.kind.value for fact in report.facts})
    found = _counts("", report.facts)
    for kind in kinds:
        found |= _counts(f".{kind}", [fact for fact in report.facts if fact.kind.value == kind])
    return found


def _counts(suffix: str, facts: Sequence[Fact]) -> dict[str, Score]:
    verdicts = Counter(fact.verdict for fact in facts)
    kept = verdicts[Verdict.KEPT]
    stated, told = verdicts.total() - verdicts[Verdict.UNSUPPORTED], verdicts.total() - verdicts[Verdict.OMITTED]
    scores = {"fact_recall": (kept, stated), "fact_precision": (kept, told), "fact_f1": (2 * kept, stated + told)}
    return {f"{name}{suffix}": Score(hits, of) for name, (hits, of) in scores.items() if of}


def _flag(fact: Fact, source: str, copy: str) -> Flag:
    return Flag(fact.kind.value, fact.verdict.value, _words(fact.source, source), _words(fact.copy, copy))


def _words(span: Span | None, text: str) -> str | None:
    return span.of(text) if span else None
