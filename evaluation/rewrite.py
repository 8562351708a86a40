"""The suite ``rewrite``: compare the product with its baselines on the held-out articles.

The systems: the source as it is, the reference by hand (it shows how strict our own checker and style rules are),
the rules alone, and the model with all that stands behind it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict

from rich.console import Console
from rich.progress import track

from evaluation.corpus import Sample, read_articles
from evaluation.errors import SystemFailedError
from evaluation.intervals import RESAMPLES, SEED
from evaluation.report import as_row, make_table
from evaluation.rewriting import Failure, Output, Summary, run_system, summarise
from evaluation.suites import Options
from service.desk import Desk, open_desk
from service.errors import CopydeskError
from service.settings import load_settings


def run(options: Options) -> bool:
    """Write one JSON file with figures and every output, and print a table.

    Raises:
        SystemFailedError: A system cannot be opened; what was measured before it is written.
    """
    samples = read_articles()[: options.limit]
    path = options.file("rewriting.json")
    summaries: dict[str, Summary] = {}
    systems: dict[str, object] = {}
    rules = open_desk(load_settings(engine="rules"))
    for name in options.systems:
        try:
            model, results = _run(name, samples, rules)
        except CopydeskError as error:
            raise SystemFailedError(name, error) from error
        summaries[name] = summarise(results)
        systems[name] = {
            "model": model,
            "summary": asdict(summaries[name]),
            "outputs": [as_row(result) for result in results],
        }
        report = {
            "articles": len(samples),
            "limit": options.limit,
            "resamples": RESAMPLES,
            "seed": SEED,
            "systems": systems,
        }
        # Written after each system, so that one that breaks the run off takes none of the others with it.
        path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    console = Console(highlight=False)
    console.print(make_table(summaries))
    lines = [f"In brackets: 95% intervals, {RESAMPLES} resamples of the {len(samples)} articles, seed {SEED}."]
    lines += sorted({f"chrF|{summary.chrf_signature}" for summary in summaries.values() if summary.chrf})
    lines += [f"Limited to the first {options.limit} articles."] if options.limit else []
    lines += [f"Every output: {path}"]
    console.print("\n".join(lines), markup=False, soft_wrap=True)
    return True


def _run(name: str, samples: Sequence[Sample], rules: Desk) -> tuple[str, list[Output | Failure]]:
    """Let a system rewrite the samples; gives the name of what rewrote with what it made."""
    if name == "source":
        return name, run_system(lambda sample: sample.source, samples, rules.checker)
    if name == "reference":
        return name, run_system(lambda sample: sample.reference, samples, rules.checker)
    desk = rules if name == "rules" else open_desk(load_settings())
    try:
        shown = track(samples, description=name, console=Console(stderr=True), transient=True)
        return desk.model.name, run_system(lambda sample: desk.rewriter.rewrite(sample.source), shown, rules.checker)
    finally:
        desk.close()
