"""The page as a whole, from rows on disk to what a browser shows."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from typer.testing import CliRunner

from evaluation.cli import app
from evaluation.figures import ALL, summarise
from evaluation.page import Material, as_html, as_markdown, read_material
from evaluation.page.page import described
from evaluation.page.stored import caught_by_type, gate_lines, reliability_curves, seen_by_measure
from evaluation.page.tables import Shade, by_kind, by_variant, by_voice, in_order, systems_side_by_side
from evaluation.page.worst import worst_cases
from evaluation.quality.measure import Score
from evaluation.results import Flag, Row, write_rows
from tests.rows import row_of
from tests.test_conditions import LOAD, SCORED, STINT, timing

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
VOICES = ("tabloid", "podcast")
KEPT = {"source": 1.0, "rules": 1.0, "model": 0.75, "reference": 0.9, "other": 0.0}


def rows_of(system: str) -> list[Row]:
    kept = KEPT[system]
    return [
        replace(
            row_of(
                f"t{number}",
                system=system,
                part="articles" if number == 3 else "pairs",
                copy=f"Rain <fell> on {number} towns & {number + 1} farms, {system}.",
                measures={
                    "fact_recall": Score(4 * kept, 4),
                    "fact_recall.figure": Score(2 * kept, 2),
                    "supported": Score(float(number > 1 or kept > 0.5)),
                    "wire": Score(1, 2),
                    "findings": Score(100 * number, 20),
                    "chrf": Score(50.5),
                    "status.kept": Score(1, 3),
                    "own measure": Score(0.25),
                },
            ),
            voice=VOICES[number % 2],
            source=f"lol it rained on {number} towns",
            flags=(Flag("figure", "unsupported", None, f"{number + 1}"),),
        )
        for number in range(4)
    ]


ROWS = [row for system in KEPT for row in rows_of(system)]
FAILED = row_of("t9", system="model", copy=None, error="RuntimeError: out of <memory>")
GATE: dict[str, Any] = {
    "tests": {
        "ours": {
            "title": "Ours",
            "figures": [
                {"measure": "AUC", "n": 1200, "value": 0.5, "low": 0.4, "high": 0.6, "floor": None, "target": 0.9}
                | {"at_most": False, "met": False},
                {"measure": "errors caught: entity_swap", "n": 4, "value": 0.25, "low": 0, "high": 1, "floor": 0.0}
                | {"target": None, "at_most": False, "met": None},
            ],
            "reliability": [{"count": 3, "probability": 0.2, "observed": 0.4}],
        },
        "gone": {"title": "Gone", "not_run": "x.gz is not there"},
    }
}
SENSITIVITY: dict[str, Any] = {
    "errors_per_kind": 8,
    "rows": [{"measure": "supported", "kind": "entity_swap", "errors": 8, "worse": 0.125, "change": -0.1}],
}
TIMES = tuple(timing("rules", size) for size in (100, 1_000, 5_000))
VARIANTS = [
    replace(
        row_of(f"t1.{part}", system="model", part=part, origin="t1", measures={"wire": Score(hits, 2)}), suite="robust"
    )
    for part, hits in (("clean", 2), ("typos", 1))
]
MATERIAL = Material(
    tuple([*ROWS, FAILED, *VARIANTS]),
    (("rewrite.jsonl", "ab" * 32),),
    GATE,
    SENSITIVITY,
    timings=TIMES,
    stints=(replace(STINT, what="a <body>", figures=LOAD),),
    preference=SCORED,
)


class Outline(HTMLParser):
    """Checks what a browser would pass over: elements that do not close, and ids that come twice."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.loads: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.ids += [found["id"] or ""] if "id" in found else []
        self.loads += [found["src"] or ""] if "src" in found else []
        self.loads += [tag] if tag in ("link", "script", "img", "iframe") else []
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def html() -> str:
    return as_html(MATERIAL)


# --- tables ---


def figures(rows: list[Row]) -> Any:
    systems = in_order([row.system for row in rows])
    return {system: summarise([row for row in rows if row.system == system]).sets[ALL] for system in systems}


def test_the_product_stands_next_to_the_reference_and_strangers_before_it() -> None:
    order = in_order(["reference", "model", "folder:gpt", "rules", "other", "source", "model"])
    assert order == ["source", "other", "rules", "folder:gpt", "model", "reference"]


def test_measures_stand_in_families_and_strangers_at_the_end() -> None:
    groups = systems_side_by_side(figures(ROWS), described())
    assert [line.name for line in groups[0].lines] == ["fact_recall"]
    assert (groups[-1].title, [line.title for line in groups[-1].lines]) == ("Other", ["own measure"])
    [recall] = groups[0].lines
    assert (recall.title, recall.unit, recall.better) == ("facts kept", "%", "higher")
    assert [cell.text for cell in recall.cells] == ["100.0", "0.0", "100.0", "75.0", "90.0"]
    assert [cell.stressed for cell in recall.cells] == [False, False, False, True, False]


def test_a_kind_of_fact_is_the_darker_the_more_is_lost() -> None:
    found = by_kind(figures(ROWS), "fact_recall", "Kept")
    assert found is not None
    assert found.columns == ("source copied", "rules alone", "copydesk", "reference by hand")
    assert found.rows == (
        ("figure", (Shade("100", "8", 0), Shade("100", "8", 0), Shade("75", "8", 25), Shade("90", "8", 10))),
    )
    assert by_kind(figures(ROWS), "fact_precision", "True") is None


def test_a_voice_has_the_share_over_its_texts() -> None:
    found = by_voice(ROWS, ["model"], "wire", "Wire")
    assert found is not None
    assert found.rows == (("podcast", (Shade("50", "2", 50),)), ("tabloid", (Shade("50", "2", 50),)))
    assert by_voice(ROWS, ["model"], "covered", "Covered") is None


def test_a_variant_has_the_share_over_the_texts_it_was_made_of() -> None:
    found = by_variant(VARIANTS, ["model"], "wire", "Wire")
    assert found is not None
    assert found.rows == (("clean", (Shade("100", "1", 0),)), ("typos", (Shade("50", "1", 50),)))
    assert by_variant(ROWS, ["model"], "wire", "Wire") is None


# --- the worst ---


def test_the_worst_cases_are_those_of_the_product_worst_first() -> None:
    rows = [
        row_of(name, system=system, measures={"fact_recall": Score(value), "supported": Score(1), "findings": Score(4)})
        for system in ("rules", "model")
        for name, value in (("good", 1.0), ("poor", 0.5), ("bad", 0.25), ("worst", 0.0))
    ]
    found = worst_cases([*rows, FAILED], described(), count=2)
    assert {system: [case.row.sample for case in cases] for system, cases in found.items()} == {
        "model": ["worst", "bad"]
    }
    assert found["model"][0].figures == (("facts kept", "0.0%"), ("style findings in 100 words", "4.00"))


def test_without_the_product_every_system_that_rewrites_has_its_worst() -> None:
    rows = [row_of("a", system=system, measures={"supported": Score(0)}) for system in ("source", "rules", "folder:x")]
    assert list(worst_cases(rows, described(), count=2)) == ["rules", "folder:x"]


def test_a_text_with_nothing_wrong_is_no_case() -> None:
    assert worst_cases([row_of("a", system="model", measures={"supported": Score(1)})], described(), count=2) == {}


# --- what is stored ---


def test_the_lines_of_the_gate_have_all_but_single_types_and_say_what_was_not_run() -> None:
    auc, gone = gate_lines(GATE)
    assert (auc.test, auc.measure, auc.n, auc.value, auc.bounds) == ("Ours", "AUC, %", "1,200", "50.0", "40.0 to 60.0")
    assert (auc.target, auc.floor, auc.met, auc.has_target) == ("≥ 90.0", "–", "no", True)
    assert (gone.test, gone.measure, gone.has_target) == ("Gone", "not run: x.gz is not there", False)


def test_types_of_error_have_a_map_and_calibration_a_curve() -> None:
    caught = caught_by_type(GATE)
    assert caught is not None
    assert (caught.columns, caught.rows) == (("Ours",), (("entity swap", (Shade("25", "4", 75),)),))
    [curve] = reliability_curves(GATE)
    assert (curve.label, curve.points) == ("Ours (n = 3)", ((0.2, 0.4),))


def test_what_a_measure_sees_is_the_darker_the_more_it_sees() -> None:
    seen = seen_by_measure(SENSITIVITY, ["covered", "supported"])
    assert (seen.hue, seen.columns) == ("hit", ("passages supported",))
    assert seen.rows == (("entity swap", (Shade("12", depth=10),)),)


# --- the page ---


def test_the_same_material_gives_the_same_bytes(html: str) -> None:
    assert as_html(MATERIAL) == html
    assert as_markdown(MATERIAL) == as_markdown(MATERIAL)


def test_the_page_is_well_formed_and_loads_nothing(html: str) -> None:
    outline = Outline()
    outline.feed(html)
    assert outline.open == []
    assert outline.loads == []
    assert len(outline.ids) == len(set(outline.ids))
    assert set(re.findall(r'href="#([\w-]*)"', html)) <= set(outline.ids)
    assert "http" not in re.sub(r'xmlns(:\w+)?="[^"]*"', "", html)


def test_a_text_is_shown_as_it_is_and_never_as_markup(html: str) -> None:
    assert "<fell>" not in html
    assert "&lt;" in html
    assert "out of &lt;memory&gt;" in html


def test_every_table_and_plot_has_a_caption(html: str) -> None:
    assert html.count("<caption>") == html.count("<table")
    assert html.count("<figcaption>") == html.count("<svg") == html.count('role="img" aria-label="')


def test_the_page_has_the_figures_the_facts_and_their_sources(html: str) -> None:
    text = re.sub(r"<[^>]*>", " ", html)
    assert "75.0 75.0 to 75.0" in re.sub(r"\s+", " ", text)
    assert '<mark class="unsupported" title="figure: unsupported">1</mark>' in html
    assert f"rewrite.jsonl: <code>{'ab' * 32}</code>" in html
    assert "<code>model@1</code>" in html


def test_the_summary_has_a_table_in_markdown() -> None:
    lines = as_markdown(MATERIAL).splitlines()
    assert lines[2] == "| measure | source copied | another text | rules alone | copydesk | reference by hand |"
    assert "| facts kept, % ↑ | 100.0 [100.0, 100.0] | 0.0 [0.0, 0.0] | 100.0 [100.0, 100.0] | 75.0 [75.0, 75.0] |" in (
        line[: line.rindex("90.0 [")].rstrip() for line in lines if line.startswith("| facts kept")
    )


@pytest.mark.parametrize(
    ("anchor", "caption"),
    [
        pytest.param("speed", "What articles cost", id="speed"),
        pytest.param("service", "What was sent, and how often", id="service"),
        pytest.param("preference", "What readers preferred, blind", id="preference"),
        pytest.param("robust-variants", "Sentences that read like wire copy, %, by what happened", id="variants"),
    ],
)
def test_the_page_has_a_section_of_what_else_was_stored(html: str, anchor: str, caption: str) -> None:
    assert f'<h2 id="{anchor}">' in html
    assert f"<caption>{caption}" in html
    assert "a &lt;body&gt;" in html


def test_the_summary_has_the_tables_of_speed_and_service() -> None:
    lines = as_markdown(MATERIAL).splitlines()
    assert "| rules alone | 5,000 | 100.00 | 50.00 | 50 | 100.0 | 1.00 [1.00, 1.00] |" in lines
    assert "| a <body> | 2 of 3 | – | – | 0 | 1 |" in lines


def test_the_page_needs_no_more_than_rows() -> None:
    bare = as_html(Material((row_of("a"),), ()))
    assert "It rained" not in bare
    assert [name for name in ("gate", "speed", "service", "preference") if f'id="{name}"' in bare] == []


# --- the command ---


def test_the_command_writes_the_page_and_its_summary(tmp_path: Path) -> None:
    write_rows(tmp_path / "r.jsonl", ROWS)
    gate = tmp_path / "g.json"
    gate.write_text(json.dumps(GATE), encoding="utf-8")
    page = tmp_path / "out" / "page.html"
    result = CliRunner().invoke(app, ["report", str(tmp_path / "r.jsonl"), "--output", str(page), "--gate", str(gate)])
    assert (result.exit_code, result.stderr) == (0, "")
    material = read_material([tmp_path / "r.jsonl"], gate=gate)
    assert [name for name, _ in material.files] == ["r.jsonl", "g.json"]
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert page.with_suffix(".md").read_text(encoding="utf-8").startswith("## rewrite\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(None, "g.json is not there", id="missing"),
        pytest.param("{", "g.json, row 1: is not valid JSON", id="half written"),
        pytest.param("[]", "g.json, row 1: is no object of JSON with a field 'tests'", id="no object"),
        pytest.param("{}", "g.json, row 1: is no object of JSON with a field 'tests'", id="something else"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: str | None, message: str) -> None:
    write_rows(tmp_path / "r.jsonl", ROWS[:1])
    if content is not None:
        (tmp_path / "g.json").write_text(content, encoding="utf-8")
    result = CliRunner().invoke(app, ["report", str(tmp_path / "r.jsonl"), "--gate", str(tmp_path / "g.json")])
    assert result.exit_code == 2
    assert message in result.stderr


# --- in a browser ---

QUIET = ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@pytest.fixture
def browser_page() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser.new_page(viewport={"width": 380, "height": 800})
        browser.close()


@pytest.mark.skipif(CHROMIUM is None, reason="the page is shown in Chromium, and there is none here")
def test_a_telephone_shows_it_without_scrolling_sideways_and_asks_nobody(
    browser_page: Page, html: str, tmp_path: Path
) -> None:
    file = tmp_path / "page.html"
    file.write_text(html, encoding="utf-8")
    asked: list[str] = []
    complaints: list[str] = []
    browser_page.on("request", lambda request: asked.append(request.url))
    browser_page.on("console", lambda message: complaints.append(message.text))
    browser_page.goto(file.as_uri())
    assert browser_page.evaluate("document.documentElement.scrollWidth") == 380
    assert (asked, complaints) == ([file.as_uri()], [])
