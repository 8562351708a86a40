"""Write the de-quantised base model to train on: ``python -m training.base``.

Training on the de-quantised weights makes base and adapter exactly what users get.
"""

from __future__ import annotations

from pathlib import Path

from service.merging import load_base
from service.model import base_weights
from service.settings import load_settings

_OUTPUT = Path("training/runs/base")


def main() -> None:
    """Fetch the base weights if they are not in the cache, and write them with their tokenizer."""
    model, tokenizer = load_base(base_weights(load_settings().cache / "base", None, print))
    model.save_pretrained(_OUTPUT)
    tokenizer.save_pretrained(_OUTPUT)
    print(f"The base model is in {_OUTPUT}")


if __name__ == "__main__":
    main()
