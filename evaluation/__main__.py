"""Compare the product with its baselines on the held-out articles: ``python -m evaluation``.

The systems: the source as it is, the reference by hand (it shows how strict our own checker and style rules are),
the rules alone, and the model with all that stands behind it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import track

from evaluation.corpus import Sample, read_articles
from evaluation.report import as_row, make_table
from evaluation.rewriting import RESAMPLES, SEED, Failure, Output, Summary, run, summarise
from service.desk import Desk, open_desk
from service.errors import CopydeskError
from service.settings import load_settings

_SYSTEMS = ("source", "reference", "rules", "model")


def main(arguments: Sequence[str] | None = None) -> None:
    """Write one JSON file with figures and every output, and print a table."""
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--systems", nargs="+", choices=_SYSTEMS, default=_SYSTEMS)
    parser.add_argument("--limit", type=int, help="take only the first articles")
    parser.add_argument("--output", type=Path, default=Path("evaluation/results/rewriting.json"))
    options = parser.parse_args(arguments)
    samples = read_articles()[: options.limit]
    options.output.parent.mkdir(parents=True, exist_ok=True)
    summaries: dict[str, Summary] = {}
    systems: dict[str, object] = {}
    rules = open_desk(load_settings(engine="rules"))
    for name in options.systems:
        try:
            model, results = _run(name, samples, rules)
        except CopydeskError as error:
            parser.exit(2, f"{name}: {error}\n")
        summaries[name] = summarise(results)
        systems[name] = {
            "model": model,
            "summary": asdict(summaries[name]),
            "outputs": [as_row(result) for result in results],
        }
        report = {"articles": len(samples), "resamples": RESAMPLES, "seed": SEED, "systems": systems}
        # Written after each system, so that one that breaks the run off takes none of the others with it.
        options.output.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    console = Console(highlight=False)
    console.print(make_table(summaries))
    lines = [f"In brackets: 95% intervals, {RESAMPLES} resamples of the {len(samples)} articles, seed {SEED}."]
    lines += sorted({f"chrF|{summary.chrf_signature}" for summary in summaries.values() if summary.chrf})
    lines += [f"Every output: {options.output}"]
    console.print("\n".join(lines), markup=False, soft_wrap=True)


def _run(name: str, samples: Sequence[Sample], rules: Desk) -> tuple[str, list[Output | Failure]]:
    """Let a system rewrite the samples; gives the name of what rewrote with what it made."""
    if name == "source":
        return name, run(lambda sample: sample.source, samples, rules.checker)
    if name == "reference":
        return name, run(lambda sample: sample.reference, samples, rules.checker)
    desk = rules if name == "rules" else open_desk(load_settings())
    try:
        shown = track(samples, description=name, console=Console(stderr=True), transient=True)
        return desk.model.name, run(lambda sample: desk.rewriter.rewrite(sample.source), shown, rules.checker)
    finally:
        desk.close()


if __name__ == "__main__":
    main()
