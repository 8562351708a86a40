from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.corpus import read_pairs
from evaluation.perturbations import ALL, Perturber, Planted, UnknownKindError
from service.annotation import Annotator
from service.spans import Span

SAMPLES = {
    "entity_changed": "Mayor Maria Alvarez opened the library.",
    "entity_swap": "Maria Alvarez leads the council, while David Novak runs the port.",
    "figure_changed": "About 2,870 homes lost power.",
    "figure_swapped": "Sales fell 6% in March, while costs rose 11% in April.",
    "unit_or_magnitude": "The company paid $4 million for the site.",
    "date_time_changed": "The council met on Tuesday.",
    "location_changed": "The ship sank near Lisbon.",
    "quotation_altered": 'The mayor said, "We never saw the report."',
    "quotation_invented": "Police said the driver had left the scene before officers arrived.",
    "list_item_dropped": "The recall covers jars sold in Italy, Austria and Slovenia.",
    "fact_omitted": "The council approved the plan. Work begins in May.",
    "detail_added": "David Novak said the bridge was closed.",
    "attribution_dropped": "The bridge is unsafe, inspectors said.",
    "attribution_swapped": "Maria Alvarez said the bridge was safe. David Novak said it was not.",
    "hedge_dropped": "The company may close the plant.",
    "hedge_added": "The company closed the plant.",
    "negation_flipped": "The council did not approve the plan.",
    "direction_flipped": "Shares rose 6% on Monday.",
    "comparison_changed": "At least 17 people were hurt.",
    "relation_changed": "His brother owns the farm.",
    "role_swapped": "Maria Alvarez sued David Novak on Monday.",
    "cause_invented": "The bridge closed after inspectors found a crack.",
    "time_order_changed": "The mayor left before the vote.",
    "coreference_wrong": "Maria Alvarez met the press, and she left early.",
    "predicate_changed": "The company bought a ship.",
    "tense_changed": "The company will sell the ship.",
    "sentence_blended": "Maria Alvarez left the council in June. David Novak won the race in Rome.",
}


@pytest.fixture(scope="module")
def perturber(annotator: Annotator) -> Perturber:
    return Perturber(annotator)


@pytest.fixture(scope="module")
def hypotheses() -> list[str]:
    return [pair.reference for pair in read_pairs() if pair.reference][:60]


@pytest.fixture(scope="module")
def corpus(perturber: Perturber, hypotheses: list[str]) -> list[tuple[str, Planted]]:
    rows = perturber.plant_all(hypotheses, seed=3)
    return [(hypothesis, planted) for hypothesis, row in zip(hypotheses, rows, strict=True) for planted in row]


def only(perturber: Perturber, text: str, kind: str, *, seed: int = 0) -> Planted:
    (planted,) = perturber.plant(text, seed=seed, kinds=[kind])
    return planted


def test_every_kind_has_a_sample() -> None:
    assert set(SAMPLES) == set(ALL)


@pytest.mark.parametrize("kind", ALL)
def test_each_kind_finds_a_place_in_its_sample(perturber: Perturber, kind: str) -> None:
    planted = only(perturber, SAMPLES[kind], kind)
    assert planted.kind == kind
    assert planted.text != SAMPLES[kind]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        pytest.param("unit_or_magnitude", "The company paid $4 billion for the site.", id="magnitude"),
        pytest.param("list_item_dropped", "The recall covers jars sold in Italy and Slovenia.", id="list"),
        pytest.param("attribution_dropped", "The bridge is unsafe.", id="attribution"),
        pytest.param("hedge_dropped", "The company will close the plant.", id="hedge"),
        pytest.param("negation_flipped", "The council approved the plan.", id="negation"),
        pytest.param("role_swapped", "David Novak sued Maria Alvarez on Monday.", id="roles"),
        pytest.param("cause_invented", "The bridge closed because inspectors found a crack.", id="cause"),
        pytest.param("time_order_changed", "The mayor left after the vote.", id="order"),
        pytest.param("coreference_wrong", "Maria Alvarez met the press, and he left early.", id="pronoun"),
        pytest.param("tense_changed", "The company sold the ship.", id="plan"),
        pytest.param(
            "figure_swapped", "Sales fell 11% in March, while costs rose 6% in April.", id="figures of one sort"
        ),
        pytest.param(
            "attribution_swapped",
            "David Novak said the bridge was safe. Maria Alvarez said it was not.",
            id="speakers",
        ),
    ],
)
def test_a_simple_text_has_one_way_to_go_wrong(perturber: Perturber, kind: str, text: str) -> None:
    assert only(perturber, SAMPLES[kind], kind).text == text


def test_spans_hold_the_old_and_the_new_wording(perturber: Perturber) -> None:
    planted = only(perturber, "The mayor left before the vote.", "time_order_changed")
    assert planted.span.of(planted.text) == "after"
    assert planted.original.of("The mayor left before the vote.") == "before"


def test_an_omission_stands_at_an_empty_place(perturber: Perturber) -> None:
    text = SAMPLES["attribution_dropped"]
    planted = only(perturber, text, "attribution_dropped")
    assert planted.span == Span(20, 20)
    assert planted.original.of(text) == ", inspectors said"


def test_an_article_fits_the_word_behind_it(perturber: Perturber) -> None:
    texts = {only(perturber, "It was an 8% share.", "figure_changed", seed=seed).text for seed in range(20)}
    assert "It was a 9% share." in texts
    assert "It was an 9% share." not in texts


def test_the_same_seed_plants_the_same_errors(perturber: Perturber, hypotheses: list[str]) -> None:
    assert perturber.plant_all(hypotheses[:9], seed=7) == perturber.plant_all(hypotheses[:9], seed=7)


def test_other_texts_and_kinds_change_no_error(perturber: Perturber, hypotheses: list[str]) -> None:
    alone = perturber.plant(hypotheses[3], seed=7, kinds=["predicate_changed"])
    among = perturber.plant_all(hypotheses[:9], seed=7)[3]
    assert alone == [planted for planted in among if planted.kind == "predicate_changed"]


def test_another_seed_plants_other_errors(perturber: Perturber, hypotheses: list[str]) -> None:
    assert perturber.plant_all(hypotheses[:9], seed=7) != perturber.plant_all(hypotheses[:9], seed=8)


def test_an_unknown_kind_is_refused(perturber: Perturber) -> None:
    with pytest.raises(UnknownKindError, match="unknown kind of error: typo"):
        perturber.plant("The council met.", seed=0, kinds=["typo", "entity_changed"])


def test_a_text_without_a_place_stays_alone(perturber: Perturber) -> None:
    assert perturber.plant("", seed=0) == []


def test_every_planted_text_differs(corpus: list[tuple[str, Planted]]) -> None:
    assert [planted for hypothesis, planted in corpus if planted.text == hypothesis] == []


def test_text_before_the_error_is_untouched(corpus: list[tuple[str, Planted]]) -> None:
    moved = [
        planted
        for hypothesis, planted in corpus
        if hypothesis[: planted.original.start].rstrip() != planted.text[: planted.span.start].rstrip()
    ]
    assert moved == []


def test_every_span_lies_within_its_text(corpus: list[tuple[str, Planted]]) -> None:
    outside = [
        planted
        for hypothesis, planted in corpus
        if planted.span.end > len(planted.text) or planted.original.end > len(hypothesis)
    ]
    assert outside == []


@pytest.mark.parametrize("fault", ["  ", " ,", " .", ",,", ",.", " a a ", " the the "])
def test_no_error_leaves_broken_copy(corpus: list[tuple[str, Planted]], fault: str) -> None:
    assert [planted for hypothesis, planted in corpus if fault in planted.text and fault not in hypothesis] == []


def test_each_kind_but_the_rare_is_common_in_copy(corpus: list[tuple[str, Planted]]) -> None:
    assert set(ALL) - {planted.kind for _, planted in corpus} == set()


def test_the_word_lists_are_plain_tables() -> None:
    folder = Path("evaluation/data/perturbations")
    headless = [path.name for path in folder.glob("*.tsv") if not path.read_text(encoding="utf-8").startswith("# ")]
    assert headless == []
