from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from evaluation.corpus import Sample
from evaluation.intervals import Interval
from evaluation.report import as_row, make_table
from evaluation.rewrite import run
from evaluation.rewriting import Failure, Output, run_system, summarise
from evaluation.suites import Options
from service.checking import Checker
from service.desk import open_desk
from service.settings import load_settings

SAMPLES = [
    Sample(
        identity="a",
        source="Cops in Leeds nabbed 12 people on Friday, lol.",
        reference="Police in Leeds arrested 12 people on Friday.",
    ),
    Sample(
        identity="b",
        source="Buckle up! The fine's $4 million, says Dana Reyes.",
        reference="The fine is $4 million, Dana Reyes said.",
    ),
]


def outputs_of(results: list[Output | Failure]) -> list[Output]:
    return [result for result in results if isinstance(result, Output)]


def test_a_source_that_is_copied_keeps_every_fact_and_is_no_reference(checker: Checker) -> None:
    summary = summarise(run_system(lambda sample: sample.source, SAMPLES, checker))
    assert summary.fact_recall == Interval(value=1.0, low=1.0, high=1.0)
    assert summary.unsupported == 0
    assert summary.chrf is not None
    assert 0 < summary.chrf.low <= summary.chrf.value <= summary.chrf.high < 100
    assert summary.findings_per_100_words is not None
    assert summary.findings_per_100_words > 10


def test_a_reference_is_all_of_itself_and_has_no_finding(checker: Checker) -> None:
    summary = summarise(run_system(lambda sample: sample.reference, SAMPLES, checker))
    assert summary.chrf == Interval(value=100.0, low=100.0, high=100.0)
    assert summary.findings_per_100_words == 0
    assert summary.chrf_signature == "nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0"


def test_a_system_that_drops_a_fact_loses_recall_of_its_kind(checker: Checker) -> None:
    whole = summarise(run_system(lambda sample: sample.source, SAMPLES, checker))
    losing = summarise(run_system(lambda sample: sample.source.replace(" 12 ", " "), SAMPLES, checker))
    assert whole.fact_recall_by_kind["figure"] == (1, 1)
    assert losing.fact_recall_by_kind == {**whole.fact_recall_by_kind, "figure": (0, 1)}
    facts = sum(stated for _, stated in whole.fact_recall_by_kind.values())
    assert losing.fact_recall is not None
    assert losing.fact_recall.value == pytest.approx((facts - 1) / facts)
    assert losing.fact_recall.low < losing.fact_recall.value < losing.fact_recall.high == 1


def test_a_system_that_adds_a_fact_is_counted_and_shown(checker: Checker) -> None:
    results = run_system(lambda sample: sample.source.replace(", lol", ", for 99 euros"), SAMPLES[:1], checker)
    assert summarise(results).unsupported == 1
    assert as_row(results[0])["flagged"] == [
        {"kind": "money", "verdict": "unsupported", "source": None, "copy": "99 euros"}
    ]


def test_a_summary_adds_up_its_articles(checker: Checker) -> None:
    both = outputs_of(run_system(lambda sample: sample.reference, SAMPLES, checker))
    summary = summarise(both)
    assert summary.articles == 2
    assert summary.fact_recall_by_kind == {
        kind: (sum(output.kept[kind] for output in both), sum(output.stated[kind] for output in both))
        for kind in summary.fact_recall_by_kind
    }
    assert {kind: stated for kind, (_, stated) in summary.fact_recall_by_kind.items()} == (
        both[0].stated + both[1].stated
    )


def test_the_shares_of_the_statuses_add_up_to_one() -> None:
    desk = open_desk(load_settings(engine="rules"))
    results = run_system(lambda sample: desk.rewriter.rewrite(sample.source), SAMPLES, desk.checker)
    summary = summarise(results)
    assert summary.passages == sum(len(output.passages) for output in outputs_of(results)) > 0
    assert summary.statuses is not None
    assert summary.statuses.keys() == {"unchanged", "rewritten", "repaired", "kept"}
    assert sum(summary.statuses.values()) == pytest.approx(1)
    assert summary.source_words_per_second is not None
    assert summary.source_words_per_second > 0


def break_on_the_first(sample: Sample) -> str:
    if sample.identity == "a":
        raise RuntimeError("out of memory")
    return sample.reference


def test_an_article_that_a_system_fails_on_becomes_an_error_row_and_the_others_are_scored(checker: Checker) -> None:
    results = run_system(break_on_the_first, SAMPLES, checker)
    assert results[0] == Failure(sample=SAMPLES[0], error="RuntimeError: out of memory")
    assert as_row(results[0]) == {"id": "a", "error": "RuntimeError: out of memory"}
    summary = summarise(results)
    assert (summary.articles, summary.errors) == (1, 1)
    assert summary.chrf == Interval(value=100.0, low=100.0, high=100.0)


def test_a_system_that_always_fails_has_no_figures(checker: Checker) -> None:
    summary = summarise(run_system(break_on_the_first, SAMPLES[:1], checker))
    assert (summary.articles, summary.errors, summary.passages, summary.unsupported) == (0, 1, 0, 0)
    assert (summary.statuses, summary.fact_recall, summary.chrf) == (None, None, None)
    assert (summary.findings_per_100_words, summary.source_words_per_second) == (None, None)


def test_an_interval_repeats(checker: Checker) -> None:
    results = run_system(lambda sample: sample.source, SAMPLES, checker)
    assert summarise(results).chrf == summarise(results).chrf


def test_the_table_has_a_column_for_each_system_and_a_row_for_each_measure(checker: Checker) -> None:
    summaries = {
        "source": summarise(run_system(lambda sample: sample.source, SAMPLES[:1], checker)),
        "broken": summarise(run_system(break_on_the_first, SAMPLES[:1], checker)),
    }
    page = io.StringIO()
    Console(file=page, width=80).print(make_table(summaries))
    rows = dict(line.strip().split("  ", 1) for line in page.getvalue().splitlines() if "  " in line.strip())
    assert rows["measure"].split() == ["source", "broken"]
    assert rows["articles"].split() == ["1", "0"]
    assert rows["facts kept, %"].split() == ["100.0", "–"]


def test_the_command_prints_a_table_and_writes_every_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "results" / "report.json"
    assert run(Options(data=tmp_path, output=path, limit=1, systems=("source", "rules")))
    printed = capsys.readouterr().out
    assert "chrF|nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0" in printed
    report = json.loads(path.read_text(encoding="utf-8"))
    assert {key: report[key] for key in ("articles", "limit", "resamples", "seed")} == {
        "articles": 1,
        "limit": 1,
        "resamples": 1000,
        "seed": 0,
    }
    assert [(name, system["model"]) for name, system in report["systems"].items()] == [
        ("source", "source"),
        ("rules", "rules"),
    ]
    (row,) = report["systems"]["rules"]["outputs"]
    assert row.keys() == {"id", "copy", "seconds", "findings", "facts", "flagged", "passages"}
    assert {passage["status"] for passage in row["passages"]} <= {"unchanged", "repaired", "kept"}
