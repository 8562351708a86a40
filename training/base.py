"""Write the de-quantised base model to train on: ``python -m training.base``.

Training on the de-quantised weights makes base and adapter exactly what users get.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from service.merging import load_base
from service.model import base_weights
from service.settings import load_settings

_OUTPUT = Path("training/runs/base")


def write_base(folder: Path) -> None:
    """Fetch the base weights if they are not in the cache, and write them with their tokenizer.

    The folder is there as a whole or not at all.
    """
    model, tokenizer = load_base(base_weights(load_settings().cache / "base", None, print))
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        written = Path(temporary) / folder.name
        model.save_pretrained(written)
        tokenizer.save_pretrained(written)
        written.replace(folder)


def main() -> None:
    """Write the base model where the recipes look for it."""
    if not _OUTPUT.is_dir():
        write_base(_OUTPUT)
    print(f"The base model is in {_OUTPUT}")


if __name__ == "__main__":
    main()
