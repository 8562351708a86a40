import pytest

from evaluation.readme import README, fill, gate_table, load_table, rewriting_table, tables

FIGURE = {"n": 1200, "value": 0.5, "low": 0.4, "high": 0.6, "floor": 0.25, "target": 0.05, "at_most": True}


def table_of(**test: object) -> str:
    return gate_table({"tests": {"paws": {"title": "PAWS", **test}}, "speed": []})


def test_the_tables_of_the_readme_are_the_stored_figures() -> None:
    text = README.read_text(encoding="utf-8")
    assert fill(text, tables()) == text


def test_a_share_is_shown_in_percent_with_its_target_and_another_figure_as_it_is() -> None:
    table = gate_table(
        {
            "tests": {
                "ours": {
                    "title": "Ours",
                    "figures": [
                        {**FIGURE, "measure": "false alarms"},
                        {**FIGURE, "measure": "Brier score", "target": None, "floor": None},
                        {**FIGURE, "measure": "errors caught: figure_changed"},
                    ],
                }
            },
            "speed": [],
        }
    )
    assert table.splitlines()[2:] == [
        "| Ours | false alarms | 1,200 | 50.0 [40.0, 60.0] | ≤ 5.0 | 25.0 |",
        "| Ours | Brier score | 1,200 | 0.500 [0.400, 0.600] | – | – |",
    ]


def test_a_test_on_its_first_cases_and_one_that_was_not_run_say_so() -> None:
    assert "| PAWS, first 300 | Spearman |" in table_of(limit=300, figures=[{**FIGURE, "measure": "Spearman"}])
    assert "| PAWS | not run | | | | |" in table_of(not_run="no data")


def test_the_table_of_the_rewriter_has_the_systems_that_were_run_and_the_measures_that_were_taken() -> None:
    figure = {"n": 8, "value": 0.5, "low": 0.25, "high": 1}
    statuses = {f"status.{name}": figure for name in ("unchanged", "rewritten", "repaired", "kept")}
    systems = {
        "model": {"texts": 8, "sets": {"all": {"fact_recall": figure, "findings": figure, **statuses}}},
        "source": {"texts": 8, "sets": {"all": {"findings": figure}}},
    }
    assert rewriting_table({"systems": systems}).splitlines() == [
        "| 8 texts | source copied | **copydesk** |",
        "|---|---|---|",
        "| passages unchanged / rewritten / repaired / kept, % | – | 50.0 / 50.0 / 50.0 / 50.0 |",
        "| facts of the source kept, % (rules of the gate) | – | 50.0 [25.0, 100.0] |",
        "| style findings per 100 words | 0.50 [0.25, 1.00] | 0.50 [0.25, 1.00] |",
    ]


def test_the_table_of_the_load_has_the_runs_side_by_side() -> None:
    run = {
        **{"service": "together", "clients": 50, "seconds": 120.0, "answered": 1_200, "turned_away": 3, "faulty": 0},
        **{
            "passages_per_second": 4.0,
            "passages": 480,
            "cpu_seconds": 192.0,
            "run_size": 7.25,
            "first_passage": [0.5, 1.25],
            "whole": None,
        },
        **{"memory_warm": 1_100.4, "memory_end": 1_101},
    }
    table = load_table({"loads": [run, {**run, "service": "alone"}], "cores": 2, "throughput_ratio": 1.5})
    assert table.splitlines() == [
        "| 50 clients, 120 s, 2 cores | together | alone |",
        "|---|---|---|",
        "| requests answered, each with its own text | 1,200 | 1,200 |",
        "| turned away with 503 and Retry-After | 3 | 3 |",
        "| wrong, missing or failed | 0 | 0 |",
        "| passages a second | 4.00 | 4.00 |",
        "| passages a CPU second | 2.50 | 2.50 |",
        "| passages in a run of the model, mean | 7.2 | 7.2 |",
        "| first passage, s: median, 95% | 0.5, 1.2 | 0.5, 1.2 |",
        "| whole answer, s: median, 95% | – | – |",
        "| memory, MiB: after a quarter, at the end | 1,100, 1,101 | 1,100, 1,101 |",
        "",
        "Throughput together is 1.50 times that one at a time.",
    ]


def test_a_text_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="one <!-- gate --> and one <!-- end of gate -->"):
        fill("No table here.", {"gate": "| a |"})
