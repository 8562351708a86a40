"""Which planted errors does each measure see? ``python -m evaluation.quality.sensitivity`` writes down the answer."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from evaluation.corpus import read_pairs
from evaluation.perturbations import Perturber
from evaluation.quality import MEASURES, Item, Measure
from service.annotation import Annotator

OUTPUT = Path("evaluation/sensitivity.json")
ERRORS_PER_KIND = 30
_SEED = 0
# The measures of facts: what an error of fact does to a measure of something else tells nothing.
_OF_FACTS = (
    *("supported", "covered", "figures_recall", "figures_precision"),
    *("names_recall", "names_precision", "quoted_recall", "quoted_precision"),
)


@dataclass(frozen=True)
class Planted:
    """A reference, and the same with one error in it.

    Attributes:
        kind: The type of the error.
        before: The reference as a copy.
        after: The same with the error.
    """

    kind: str
    before: Item
    after: Item


@dataclass(frozen=True)
class Sensitivity:
    """What one type of error does to a measure.

    Attributes:
        measure: The measure.
        kind: The type of the error.
        errors: References into which one was planted, and of which the measure says something with it and without.
        worse: Share of them that it finds worse with the error.
        change: By how much their mean goes up or down.
    """

    measure: str
    kind: str
    errors: int
    worse: float
    change: float


def plant(count: int, annotator: Annotator) -> list[Planted]:
    """Plant errors into the references of our pairs, so many of each type or as many as they offer places for."""
    samples = read_pairs()
    perturbed = Perturber(annotator).plant_all([sample.reference for sample in samples], seed=_SEED)
    taken: Counter[str] = Counter()
    found = []
    for sample, errors in zip(samples, perturbed, strict=True):
        for error in errors:
            taken[error.kind] += 1
            if taken[error.kind] <= count:
                before = Item(sample.source, sample.reference, sample.reference)
                found.append(Planted(error.kind, before, Item(sample.source, error.text, sample.reference)))
    return found


def sensitivity(measures: Sequence[Measure], errors: Iterable[Planted]) -> list[Sensitivity]:
    """Measure references with a planted error and without."""
    found: dict[tuple[str, str], list[tuple[float, bool]]] = defaultdict(list)
    for error in errors:
        for measure in measures:
            before, after = measure.score(error.before), measure.score(error.after)
            if before is not None and after is not None:
                change = after.value - before.value
                worse = change < 0 if measure.better == "higher" else change > 0
                found[measure.name, error.kind].append((change, worse))
    return [
        Sensitivity(
            measure=measure,
            kind=kind,
            errors=len(changes),
            worse=sum(worse for _, worse in changes) / len(changes),
            change=sum(change for change, _ in changes) / len(changes),
        )
        for (measure, kind), changes in sorted(found.items())
    ]


def main() -> None:
    """Plant, measure, write."""
    errors = plant(ERRORS_PER_KIND, Annotator())
    shown = track(errors, description="planted errors", console=Console(stderr=True), transient=True)
    measures = [measure for measure in MEASURES if measure.name in _OF_FACTS]
    rows = [asdict(row) for row in sensitivity(measures, shown)]
    sources = {measure.name: measure.source for measure in measures}
    report = {"errors_per_kind": ERRORS_PER_KIND, "seed": _SEED, "measures": sources, "rows": rows}
    OUTPUT.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
