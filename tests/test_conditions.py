"""The sections of the page beside the figures of texts: speed, service, preference."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from evaluation.duty.rows import Stint
from evaluation.page.conditions import preference_view, service_view, speed_view
from evaluation.timing.rows import Clocked, Timing

LOAD = {
    "clients": 8,
    "seconds": 30,
    "passages_per_second": 12.34,
    "first_passage": (0.5, 1.25),
    "whole": None,
    "memory_before": 100,
    "memory_warm": 110.4,
    "memory_end": 111,
}
STINT = Stint(
    suite="service",
    engine="rules",
    fingerprint="rules@1",
    machine="x, 2 cores",
    what="no body",
    when="alone",
    sent=3,
    right=2,
    turned_away=0,
    wrong=1,
    said=(),
    key="k",
)
SHARE = {"value": 0.75, "low": 0.6, "high": 0.9}
SCORED: dict[str, Any] = {
    "systems": ["model", "rules"],
    "items": 20,
    "preferences": [
        {"question": "style", "reader": "ada", "answered": 20, "first": 12, "second": 4, "same": 4, "share": SHARE},
        {"question": "facts", "reader": "ada", "answered": 0, "first": 0, "second": 0, "same": 0, "share": None},
    ],
    "agreements": [{"question": "style", "readers": ["ada", "bo"], "items": 20, "alike": 15, "kappa": None}],
}


def timing(engine: str, size: int, *, what: str = "article") -> Timing:
    return Timing(
        suite="speed",
        engine=engine,
        fingerprint=f"{engine}@1",
        machine="x, 2 cores",
        busy=1.5,
        what="batch" if what == "batch" else "article",
        size=size,
        repeat=0,
        words=size,
        passages=4,
        taken=Clocked(size / 50, size / 100),
        plain=Clocked(1, 0.5),
        key="k",
    )


def test_speed_has_a_curve_for_each_engine_and_its_exponent() -> None:
    view = speed_view(
        [*(timing("rules", size) for size in (100, 200, 400)), *(timing("onnx", size, what="batch") for size in (1, 4))]
    )
    assert view is not None
    articles, batches = view.grids
    assert articles.rows[-1] == ("rules alone", "400", "8.00", "4.00", "50", "8.0", "1.00 [1.00, 1.00]")
    assert batches.rows[0][-2:] == ("400.00", "–")
    assert batches.rows[1] == ("copydesk, 8 bits (ONNX)", "4", "0.08", "0.04", "100.00", "0.25")
    assert [plot.title for plot in view.plots] == ["What an article costs", "What batches save"]
    assert "rules alone: 100 words of the article, 1 CPU seconds, 200" in view.plots[0].svg
    assert "x, 2 cores; when a time was taken, up to 1.5 processes wanted a core" in view.told


def test_what_was_not_measured_has_no_section() -> None:
    assert speed_view([]) is None
    assert speed_view([replace(timing("rules", 9), taken=None, error="took too long")]) is None
    assert service_view([]) is None


def test_the_service_has_its_load_and_its_faults() -> None:
    view = service_view([STINT, replace(STINT, what="articles", when="under load", wrong=0, right=3, figures=LOAD)])
    assert view is not None
    load, faults = view.grids
    assert [row[1] for row in load.rows] == ["8", "30", "12.3", "0.50, 1.25", "–", "100, 110, 111"]
    assert faults.rows == (("no body", "2 of 3", "–", "–", "0", "1"), ("articles", "–", "3 of 3", "–", "0", "0"))
    assert view.told == "rules@1 on x, 2 cores; 1 of 6 answers were wrong."


def test_readers_have_a_table_and_a_plot_of_what_they_answered() -> None:
    view = preference_view(SCORED)
    chosen, agreed = view.grids
    assert chosen.rows == (
        ("reads more like wire copy", "ada", "20", "12", "4", "4", "75.0 [60.0, 90.0]"),
        ("keeps closer to the facts", "ada", "0", "0", "0", "0", "–"),
    )
    assert agreed.rows == (("reads more like wire copy", "ada and bo", "20", "15", "–"),)
    [plot] = view.plots
    assert "style 75.0 (60.0 to 90.0)." in plot.svg
    assert view.told == "20 texts were on the sheet."


def test_one_reader_has_no_table_of_agreement() -> None:
    assert len(preference_view(SCORED | {"agreements": []}).grids) == 1
