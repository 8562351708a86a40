"""How close the converted embedded model is to the original, on our own held-out pairs.

Both follow the original's own targets, token by token, so that they are compared where it matters: on what would be
written. ``python -m evaluation.conversion`` prints it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from service import model
from service.conversion import Fidelity, compare
from service.converted import ConvertedGenerator
from service.prompts import Prompt
from service.quotations import mask_quotations, real_quotations
from service.seq2seq import TransformersGenerator
from service.settings import Settings, load_settings

PAIRS = Path(__file__).parent / "data" / "pairs.jsonl"


def measure(settings: Settings, *, passages: int) -> Fidelity:
    """Compare both on the first held-out passages.

    Args:
        settings: Where the prepared model is, and its prompt.
        passages: How many; at least one.
    """
    prompt = Prompt.load(settings.prompt)
    folder = model.embedded_folder(settings.cache)
    original = TransformersGenerator.load(str(folder), prompt=prompt)
    converted = ConvertedGenerator.load(
        model.converted_folder(settings.cache), prompt=prompt, name=folder.name, threads=settings.threads
    )
    lines = PAIRS.read_text(encoding="utf-8").splitlines()[:passages]
    texts = [json.loads(line)["casual"] for line in lines]
    sources = [mask_quotations(text, real_quotations(text)).text for text in texts]
    targets = [candidates[0].text for candidates in original.generate(sources, count=1, seed=0)]
    return compare(original, converted, zip(sources, targets, strict=True))


def main() -> None:
    """Print the comparison; exit status 1 when the converted model may not stand in for the original."""
    parser = argparse.ArgumentParser(description="Compare the converted embedded model with the original.")
    parser.add_argument("--passages", type=int, default=40, help="how many held-out passages")
    found = measure(load_settings(), passages=parser.parse_args().passages)
    print(f"{found.tokens} tokens: divergence {found.divergence:.4f} nats, agreement {found.agreement:.1%}")
    raise SystemExit(0 if found.holds else 1)


if __name__ == "__main__":
    main()
