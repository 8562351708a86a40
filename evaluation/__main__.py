"""Compare the product with two baselines on the dev articles: ``python -m evaluation``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from evaluation.corpus import read_articles
from evaluation.rewriting import System, run, summarise
from service.desk import open_desk
from service.settings import load_settings


def main() -> None:
    """Write one JSON file with figures and every output, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--systems", nargs="+", choices=["source", "rules", "model"], default=["source", "rules", "model"]
    )
    parser.add_argument("--output", type=Path, default=Path("evaluation/results/rewriting.json"))
    arguments = parser.parse_args()
    samples = read_articles()
    results: dict[str, object] = {}
    for name in arguments.systems:
        desk = open_desk(load_settings(engine="auto" if name == "model" else "rules"))
        system: System = (lambda text: text) if name == "source" else desk.rewriter.rewrite
        outputs = run(system, samples, desk.checker)
        desk.close()
        summary = summarise(outputs)
        rows = [{"id": output.sample.identity, "copy": output.copy} for output in outputs]
        results[name] = {"model": desk.model.name, "summary": summary, "outputs": rows}
        print(name, json.dumps(summary, indent=1))
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(json.dumps(results, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
