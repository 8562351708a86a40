"""Put the stored figures into the tables of the README: ``python -m evaluation.readme``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

README = Path("README.md")
REWRITING, GATE = Path("evaluation/baseline.json"), Path("evaluation/gate.json")
_NOTHING = "–"
# Of the tests with many figures, those that a reader wants first; of all others every figure but those of single types.
_CHOSEN = {
    "summedits_rewrites": ("balanced accuracy: mean of the domains",),
    "summedits_documents": ("balanced accuracy: mean of the domains",),
    "bump": ("pair consistency", "AUC"),
    "paws": ("Spearman",),
    "vitaminc": ("balanced accuracy",),
    "frank": ("balanced accuracy: cnndm", "balanced accuracy: bbc"),
    "veridicality": ("balanced accuracy",),
    "fever_symmetric": ("balanced accuracy",),
    "rte": ("balanced accuracy",),
}
_OF_A_TYPE = re.compile(r": [a-z]+(?:_[a-z]+)+$")
_NO_SHARE = ("Brier", "expected", "Spearman")
_STATUSES = ("unchanged", "rewritten", "repaired", "kept")
_SYSTEMS = ("source", "rules", "model", "reference")
# Copying the source takes no time worth a figure.
_MOST_WORDS = 5_000
_Summary = Mapping[str, Any]


def gate_table(results: _Summary) -> str:
    """Give the table of the fact gate.

    Args:
        results: What ``copydesk evaluate gate`` wrote; a test with a ``limit`` of its own was run on its first cases.
    """
    lines = ["| test | measure | n | value | target | floor |", "|---|---|---:|---|---|---|"]
    for name, test in results["tests"].items():
        title = test["title"]
        if "not_run" in test:
            lines.append(f"| {title} | not run | | | | |")
            continue
        if test.get("limit"):
            title += f", first {test['limit']}"
        chosen = _CHOSEN.get(name)
        for figure in test["figures"]:
            measure = figure["measure"]
            if measure in chosen if chosen else not _OF_A_TYPE.search(measure):
                lines.append(f"| {title} | {measure} | {figure['n']:,} | {' | '.join(_cells(figure))} |")
    for speed in results["speed"]:
        measure = f"passages a second, {speed['name']}, {speed['cores']} cores"
        lines.append(
            f"| Speed | {measure} | {speed['passages']} | {speed['per_second']:.1f} | ≥ {speed['target']:.0f} | – |"
        )
    return "\n".join(lines)


def _cells(figure: _Summary) -> Iterator[str]:
    is_share = not figure["measure"].startswith(_NO_SHARE)

    def shown(value: float) -> str:
        return f"{100 * value:.1f}" if is_share else f"{value:.3f}"

    known = figure["value"] is not None
    yield f"{shown(figure['value'])} [{shown(figure['low'])}, {shown(figure['high'])}]" if known else _NOTHING
    target = figure["target"]
    yield f"{'≤' if figure['at_most'] else '≥'} {shown(target)}" if target is not None else _NOTHING
    yield shown(figure["floor"]) if figure["floor"] is not None else _NOTHING


def rewriting_table(results: _Summary) -> str:
    """Give the table of the rewriter.

    Args:
        results: What ``copydesk evaluate rewrite`` wrote.
    """
    rows: list[tuple[str, Callable[[_Summary], str]]] = [
        ("passages unchanged / rewritten / repaired / kept, %", _statuses),
        ("facts kept, % (the checker on whole articles)", lambda summary: _interval(summary["fact_recall"], 100)),
        ("facts the source does not state", lambda summary: str(summary["unsupported"])),
        ("style findings per 100 words", lambda summary: f"{summary['findings_per_100_words']:.2f}"),
        ("chrF to the reference", lambda summary: _interval(summary["chrf"], 1)),
        ("source words per second, one CPU thread beside other work", _speed),
    ]
    summaries = [results["systems"][name]["summary"] for name in _SYSTEMS]
    lines = ["| | source copied | rules alone | **copydesk** | reference by hand |", "|---|---|---|---|---|"]
    lines += [f"| {label} | {' | '.join(map(show, summaries))} |" for label, show in rows]
    return "\n".join(lines)


def _statuses(summary: _Summary) -> str:
    found = summary["statuses"]
    return " / ".join(f"{100 * found[status]:.1f}" for status in _STATUSES) if found else _NOTHING


def _interval(interval: _Summary | None, scale: float) -> str:
    if interval is None:
        return _NOTHING
    value, low, high = (scale * interval[name] for name in ("value", "low", "high"))
    return f"{value:.1f} [{low:.1f}, {high:.1f}]"


def _speed(summary: _Summary) -> str:
    speed = summary["source_words_per_second"]
    return f"{speed:.0f}" if speed and speed <= _MOST_WORDS else _NOTHING


def fill(text: str, tables: Mapping[str, str]) -> str:
    """Replace what stands between ``<!-- NAME -->`` and ``<!-- end of NAME -->`` by the table of that name.

    Raises:
        ValueError: The text has no such place, or two.
    """
    for name, table in tables.items():
        begin, end = f"<!-- {name} -->\n", f"\n<!-- end of {name} -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            raise ValueError(f"the text needs one {begin.strip()} and one {end.strip()} after it")
        before, rest = text.split(begin)
        text = f"{before}{begin}{table}{end}{rest.split(end)[1]}"
    return text


def tables() -> dict[str, str]:
    """Make the tables of the README from the stored figures."""
    rewriting, gate = (json.loads(path.read_text(encoding="utf-8")) for path in (REWRITING, GATE))
    return {"rewriting": rewriting_table(rewriting), "gate": gate_table(gate)}


def main() -> None:
    """Fill the tables."""
    README.write_text(fill(README.read_text(encoding="utf-8"), tables()), encoding="utf-8")


if __name__ == "__main__":
    main()
