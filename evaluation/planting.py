"""Errors that a program plants into the references of our own passages."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from evaluation.cases import Case
from evaluation.labelled import read_references
from evaluation.perturbations import ALL, Perturber, Planted
from service.annotation import Annotator

# One seed plants at most one error of a type into a passage; some types find few places.
SEEDS = (0, 1, 2, 3)
CASES_PER_KIND = 200


def read_planted(paths: Sequence[Path], *, annotator: Annotator) -> list[Case]:
    """Read passages with their references, which are faithful, and the same with one error each, 200 of a type.

    A type has fewer where the passages offer no more.
    """
    references = read_references(paths)
    perturber = Perturber(annotator)
    errors: dict[tuple[str, str], Case] = {}
    for seed in SEEDS:
        counts = Counter(case.kind for case in errors.values())
        short = [kind for kind in ALL if counts[kind] < CASES_PER_KIND]
        planted = perturber.plant_all([case.hypothesis for case in references], seed=seed, kinds=short)
        for case, found in zip(references, planted, strict=True):
            for error in found:
                # Two seeds, or two types, may plant the same.
                errors.setdefault((case.id, error.text), _case(case, error, seed))
    return sorted([*references, *_capped(errors.values())], key=lambda case: (case.cluster, case.id))


def _case(reference: Case, error: Planted, seed: int) -> Case:
    return replace(
        reference,
        id=f"{reference.id}/{error.kind}/{seed}",
        hypothesis=error.text,
        faithful=False,
        kind=error.kind,
        hyp_span=error.span,
    )


def _capped(errors: Iterable[Case]) -> list[Case]:
    """Take up to 200 of each type, from all over the passages."""
    taken: Counter[str | None] = Counter()
    chosen = []
    for case in sorted(errors, key=lambda case: hashlib.sha256(case.id.encode()).digest()):
        taken[case.kind] += 1
        if taken[case.kind] <= CASES_PER_KIND:
            chosen.append(case)
    return chosen
