from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from evaluation.page.plots import Curve, Estimate, forest, lines, reliability

ESTIMATES = [Estimate("rules & co", 50.0, 40.0, 62.5), Estimate("copydesk", 70.0, 60.0, 80.0, stressed=True)]
CURVES = [Curve("ours", ((0.1, 0.2), (0.9, 0.8))), Curve("planted", ((0.3, 0.3),))]

COSTS = [Curve(f"engine {number}", ((100, number), (5_000, 50 * number))) for number in (1, 2, 3, 4)]


def draw(name: str, kind: str) -> str:
    alt = 'what "it" shows: 3 < 4'
    if kind == "lines":
        return lines(name, COSTS, across="words", up="CPU seconds", alt=alt)
    return forest(name, ESTIMATES, alt=alt) if kind == "forest" else reliability(name, CURVES, alt=alt)


@pytest.mark.parametrize("kind", ["forest", "reliability", "lines"])
def test_a_plot_is_the_same_each_time(kind: str) -> None:
    assert draw("a", kind) == draw("a", kind)


@pytest.mark.parametrize("kind", ["forest", "reliability", "lines"])
def test_a_plot_says_in_words_what_it_shows_and_takes_its_colours_and_size_from_the_page(kind: str) -> None:
    svg = draw("a", kind)
    root = ElementTree.fromstring(svg)
    assert (root.get("role"), root.get("aria-label")) == ("img", 'what "it" shows: 3 < 4')
    assert root.get("viewBox")
    assert root.get("width") is None
    assert set(re.findall(r"#[0-9a-f]{6}\b", svg)) == set()
    assert "var(--" in svg
    assert "metadata" not in svg
    assert "DejaVu" not in svg


def test_a_label_is_text_that_can_be_read_and_searched() -> None:
    texts = [
        element.text for element in ElementTree.fromstring(draw("a", "forest")).iter() if element.tag.endswith("text")
    ]
    assert {"rules & co", "copydesk"} <= set(texts)


def test_plots_of_one_page_share_no_id() -> None:
    one, other = (re.findall(r' id="([^"]*)"', draw(name, "forest")) for name in ("a", "b"))
    assert one
    assert len(one) == len(set(one))
    assert not set(one) & set(other)


def test_what_a_plot_refers_to_is_in_it() -> None:
    svg = draw("a", "forest")
    assert set(re.findall(r"(?:url\(#|href=\"#)([^)\"]*)", svg)) == set(re.findall(r' id="([^"]*)"', svg))


def test_a_power_is_a_straight_line_with_the_figures_of_its_axes_written_out() -> None:
    texts = [
        element.text for element in ElementTree.fromstring(draw("a", "lines")).iter() if element.tag.endswith("text")
    ]
    assert {"words", "CPU seconds", "1,000", "100", "engine 4"} <= set(texts)
