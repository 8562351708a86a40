"""Plant errors of every kind into faithful text."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from random import Random

from evaluation.perturbations.additions import cause_invented, detail_added, hedge_added
from evaluation.perturbations.claims import (
    attribution_dropped,
    attribution_swapped,
    hedge_dropped,
    negation_flipped,
    quotation_invented,
    tense_changed,
)
from evaluation.perturbations.figures import date_time_changed, figure_changed, figure_swapped, unit_or_magnitude
from evaluation.perturbations.names import coreference_wrong, entity_changed, entity_swap, location_changed
from evaluation.perturbations.omissions import fact_omitted, list_item_dropped
from evaluation.perturbations.passage import Passage
from evaluation.perturbations.planted import Change, Planted, plant
from evaluation.perturbations.roles import role_swapped, sentence_blended
from evaluation.perturbations.words import (
    comparison_changed,
    direction_flipped,
    predicate_changed,
    quotation_altered,
    relation_changed,
    time_order_changed,
)
from service.annotation import Annotator

_PLANTERS: Mapping[str, Callable[[Passage, Random], list[Change]]] = {
    planter.__name__: planter
    for planter in (
        entity_changed,
        entity_swap,
        figure_changed,
        figure_swapped,
        unit_or_magnitude,
        date_time_changed,
        location_changed,
        quotation_altered,
        quotation_invented,
        list_item_dropped,
        fact_omitted,
        detail_added,
        attribution_dropped,
        attribution_swapped,
        hedge_dropped,
        hedge_added,
        negation_flipped,
        direction_flipped,
        comparison_changed,
        relation_changed,
        role_swapped,
        cause_invented,
        time_order_changed,
        coreference_wrong,
        predicate_changed,
        tense_changed,
        sentence_blended,
    )
}
ALL: tuple[str, ...] = tuple(_PLANTERS)
_TRIES = 6


class UnknownKindError(ValueError):
    """A kind of error that no one has written a planter for."""

    def __init__(self, kinds: Collection[str]) -> None:
        super().__init__(f"unknown kind of error: {', '.join(sorted(kinds))}; known are {', '.join(ALL)}")


class Perturber:
    """Plants typed errors; the same text, seed and kind give the same error."""

    def __init__(self, annotator: Annotator) -> None:
        self._annotator = annotator

    def plant(self, hypothesis: str, *, seed: int, kinds: Collection[str] = ALL) -> list[Planted]:
        """Plant at most one error of each kind, each into a copy of its own.

        Raises:
            UnknownKindError: ``kinds`` holds a name that is not in ``ALL``.
        """
        return self.plant_all([hypothesis], seed=seed, kinds=kinds)[0]

    def plant_all(self, hypotheses: Sequence[str], *, seed: int, kinds: Collection[str] = ALL) -> list[list[Planted]]:
        """Plant errors into many texts, in order.

        Raises:
            UnknownKindError: ``kinds`` holds a name that is not in ``ALL``.
        """
        unknown = set(kinds) - set(ALL)
        if unknown:
            raise UnknownKindError(unknown)
        wanted = [kind for kind in ALL if kind in set(kinds)]
        passages = [Passage(annotated) for annotated in self._annotator.annotate(hypotheses)]
        return [
            [planted for kind in wanted if (planted := _planted(kind, passage, seed)) is not None]
            for passage in passages
        ]


def _planted(kind: str, passage: Passage, seed: int) -> Planted | None:
    random = Random(f"{seed} {kind} {passage.text}")
    changes = _PLANTERS[kind](passage, random)
    random.shuffle(changes)
    for change in changes[:_TRIES]:
        planted = plant(kind, passage.text, change)
        if planted is not None and not re.search(r"^[a-z]", planted.text if passage.text[:1].isupper() else ""):
            return planted
    return None
