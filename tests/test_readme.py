import pytest

from evaluation.readme import README, fill, gate_table, rewriting_table, tables

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


def test_a_text_without_a_place_for_the_table_is_refused() -> None:
    with pytest.raises(ValueError, match="one <!-- gate --> and one <!-- end of gate -->"):
        fill("No table here.", {"gate": "| a |"})
