"""Put the stored figures into the tables of the README: ``python -m evaluation.readme``."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

README = Path("README.md")
REWRITING, GATE = Path("evaluation/baseline.json"), Path("evaluation/gate.json")
LOAD = Path("evaluation/load.json")
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
_SYSTEMS = {
    "source": "source copied",
    "other": "another text",
    "base": "base alone, told in words",
    "rules": "rules alone",
    "model": "**copydesk**",
    "reference": "reference by hand",
}
# What results call a measure, what a reader does, and whether it is a share.
_REWRITING = (
    ("fact_recall", "facts of the source kept, % (rules of the gate)", True),
    ("fact_precision", "facts of the copy that the source states, % (the same)", True),
    ("faithful", "texts that pass the gate whole, %", True),
    ("supported", "passages of the copy that the source supports, % (verifier alone)", True),
    ("covered", "passages of the source that the copy covers, % (verifier alone)", True),
    ("findings", "style findings per 100 words", False),
    ("wire", "sentences that read like wire copy, % (classifier)", True),
    ("chrf", "chrF to the reference", False),
    ("joint", "style × faithfulness × fluency, %", True),
)
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
    """Give the table of the rewriter: the systems that were run, and the measures that were taken.

    Args:
        results: What ``copydesk evaluate rewrite`` wrote.
    """
    systems = {name: results["systems"][name] for name in _SYSTEMS if name in results["systems"]}
    figures = [system["sets"]["all"] for system in systems.values()]
    rows = [("passages unchanged / rewritten / repaired / kept, %", list(map(_statuses, figures)))]
    rows += [
        (label, [_figure(found.get(name), percent=percent) for found in figures])
        for name, label, percent in _REWRITING
        if any(name in found for found in figures)
    ]
    texts = sorted({system["texts"] for system in systems.values()})
    counts = " or ".join(map(str, texts))
    lines = [
        f"| {counts} texts | {' | '.join(_SYSTEMS[name] for name in systems)} |",
        "|---" * (len(systems) + 1) + "|",
    ]
    lines += [f"| {label} | {' | '.join(cells)} |" for label, cells in rows]
    return "\n".join(lines)


def _statuses(figures: _Summary) -> str:
    found = [figures.get(f"status.{status}") for status in _STATUSES]
    return " / ".join(f"{100 * one['value']:.1f}" for one in found if one) or _NOTHING


def _figure(figure: _Summary | None, *, percent: bool) -> str:
    if figure is None:
        return _NOTHING
    scale, digits = (100, 1) if percent else (1, 2)
    value, low, high = (f"{scale * figure[name]:.{digits}f}" for name in ("value", "low", "high"))
    return f"{value} [{low}, {high}]"


def load_table(results: _Summary) -> str:
    """Give the table of the service under load.

    Args:
        results: What ``python -m evaluation.load`` wrote.
    """
    loads = results["loads"]
    first = loads[0]
    rows = [
        ("requests answered, each with its own text", [f"{load['answered']:,}" for load in loads]),
        ("turned away with 503 and Retry-After", [f"{load['turned_away']:,}" for load in loads]),
        ("wrong, missing or failed", [f"{load['faulty']:,}" for load in loads]),
        ("passages a second", [f"{load['passages_per_second']:.2f}" for load in loads]),
        ("passages a CPU second", [_number(load["passages"] / load["cpu_seconds"], 2) for load in loads]),
        ("passages in a run of the model, mean", [_number(load["run_size"], 1) for load in loads]),
        ("first passage, s: median, 95%", [_pair(load["first_passage"]) for load in loads]),
        ("whole answer, s: median, 95%", [_pair(load["whole"]) for load in loads]),
        (
            "memory, MiB: after a quarter, at the end",
            [f"{load['memory_warm']:,.0f}, {load['memory_end']:,.0f}" for load in loads],
        ),
    ]
    head = f"{first['clients']} clients, {first['seconds']:g} s, {results['cores']} cores"
    lines = [f"| {head} | {' | '.join(load['service'] for load in loads)} |", "|---" * (len(loads) + 1) + "|"]
    lines += [f"| {label} | {' | '.join(cells)} |" for label, cells in rows]
    lines += ["", f"Throughput together is {_number(results['throughput_ratio'], 2)} times that one at a time."]
    return "\n".join(lines)


def _number(value: float | None, digits: int) -> str:
    return _NOTHING if value is None else f"{value:.{digits}f}"


def _pair(values: Sequence[float] | None) -> str:
    return _NOTHING if values is None else ", ".join(f"{value:.1f}" for value in values)


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
    found = {"rewriting": rewriting_table(rewriting), "gate": gate_table(gate)}
    # It takes a machine with nothing else to do, so that it may not be on record yet.
    return found | ({"load": load_table(json.loads(LOAD.read_text(encoding="utf-8")))} if LOAD.exists() else {})


def main() -> None:
    """Fill the tables."""
    README.write_text(fill(README.read_text(encoding="utf-8"), tables()), encoding="utf-8")


if __name__ == "__main__":
    main()
