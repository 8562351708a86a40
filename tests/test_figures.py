from __future__ import annotations

import io

import pytest
from rich.console import Console

from evaluation.figures import ALL, as_json, failed, make_table, summarise
from evaluation.intervals import Indices, Interval, bootstrap, bootstrap_ratio
from evaluation.quality.measure import Score
from evaluation.scoring import GROUPS
from tests.rows import row_of

ROWS = [
    row_of("a", measures={"fact_recall": Score(9, 10), "chrF": Score(60)}),
    row_of("b", measures={"fact_recall": Score(0, 2), "chrF": Score(50)}),
    row_of("c", part="articles", measures={"chrF": Score(10)}),
    row_of("d", part="articles", copy=None, error="RuntimeError: out of memory"),
]


def test_counts_are_added_up_and_values_averaged() -> None:
    sets = summarise(ROWS).sets
    assert list(sets) == [ALL, "pairs", "articles"]
    recall, chrf = sets[ALL]["fact_recall"], sets[ALL]["chrF"]
    assert (recall.n, recall.hits, recall.of, recall.interval.value) == (2, 9, 12, 0.75)
    assert (chrf.n, chrf.interval.value, sets["articles"]["chrF"].interval.value) == (3, 40, 10)
    assert "fact_recall" not in sets["articles"]


def test_one_set_is_not_told_twice() -> None:
    assert list(summarise(ROWS[:2]).sets) == [ALL]


def test_errors_are_counted_and_make_nothing_faster() -> None:
    summary = summarise(ROWS)
    assert (summary.texts, summary.errors, summary.words_per_second) == (4, 1, 9 / 1.5)
    assert summarise(ROWS[3:]).words_per_second is None


def test_a_refusal_that_was_asked_for_is_no_failure() -> None:
    right = row_of("fr", copy=None, error="refused: not English", measures={"refused": Score(1)})
    crash = row_of("fr", copy=None, error="KeyError: 'x'", measures={"refused": Score(0)})
    unasked = row_of("a", copy=None, error="refused: not English")
    assert [failed(row) for row in (right, crash, unasked, ROWS[0])] == [False, True, True, False]


def test_the_interval_of_a_ratio_is_that_of_the_bootstrap() -> None:
    clusters = ["a", "a", "b", "c", "d"]
    hits, of = [1.0, 0, 3, 2, 0], [2.0, 1, 3, 5, 1]

    def ratio(rows: Indices) -> float | None:
        chosen: list[int] = rows.tolist()
        return sum(hits[row] for row in chosen) / sum(of[row] for row in chosen)

    assert bootstrap_ratio(clusters, hits, of) == bootstrap(clusters, ratio)


def test_nothing_to_count_gives_no_interval() -> None:
    assert bootstrap_ratio([], [], []) is None
    assert bootstrap_ratio(["a"], [0], [0]) is None


def test_the_json_has_every_figure_with_what_it_was_counted_from() -> None:
    described = as_json(summarise(ROWS[:2]))
    assert described["fingerprint"] == "rules@1"
    assert described["sets"][ALL]["fact_recall"] == {  # type: ignore[index]
        "n": 2,
        "hits": 9,
        "of": 12,
        "value": 0.75,
        "low": 0.0,
        "high": 0.9,
    }


@pytest.mark.parametrize(("part", "first"), [(ALL, ["texts", "4", "1"]), ("pairs", ["fact_recall, %", "75.0", "–"])])
def test_the_table_has_a_column_for_each_system_and_a_row_for_each_measure(part: str, first: list[str]) -> None:
    page = io.StringIO()
    other = [row_of("a", system="other")]
    table = make_table({"rules": summarise(ROWS), "other": summarise(other)}, GROUPS["facts"], part)
    Console(file=page, width=100).print(table)
    lines = [line.strip() for line in page.getvalue().splitlines() if line.strip()]
    assert lines[0].split() == ["measure", "rules", "other"]
    assert [cell.strip() for cell in lines[2].split("  ") if cell.strip()] == first


def test_one_text_says_nothing_of_how_texts_differ() -> None:
    assert summarise(ROWS[:1]).sets[ALL]["chrF"].interval == Interval(60, 60, 60)
