from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

from tests.embedded import embedded_folder

ROOT = Path(__file__).parents[1]
# They merge and convert the embedded model, and run other models than that.
PREPARING = ("accelerate", "gguf", "onnx", "onnx-ir", "onnxruntime-genai", "safetensors", "torch", "transformers")


def test_the_image_has_the_dependencies_of_the_project_but_those_that_prepare_the_model() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = (ROOT / "deploy" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    listed = [line for line in lines if not line.startswith("#")]
    expected = [pin for pin in project["dependencies"] if pin.partition("==")[0] not in PREPARING]
    assert listed == expected


def test_the_prepared_model_rewrites_without_what_prepares_it() -> None:
    embedded_folder()
    program = (
        f"import sys; sys.modules.update(dict.fromkeys({[name.replace('-', '_') for name in PREPARING]!r}))\n"
        "from service.desk import open_desk; from service.settings import load_settings\n"
        "desk = open_desk(load_settings(engine='onnx'))\n"
        "print(desk.rewriter.rewrite('So the mayor just axed 40 bus routes, lol.').copy)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.stderr, "40 bus routes" in done.stdout) == ("", True)
