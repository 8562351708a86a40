"""De-quantise the base weights and merge a LoRA adapter into them."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
from transformers.utils import logging as transformers_logging


def load_base(gguf: Path) -> tuple[torch.nn.Module, object]:
    """Load model and tokenizer from a GGUF file, de-quantised to float32."""
    transformers_logging.disable_progress_bar()
    logging.getLogger("transformers").setLevel(logging.ERROR)
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent,
        gguf_file=gguf.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.float32,
    )
    return model, AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)


def merge_adapter(gguf: Path, adapter: Path, folder: Path) -> None:
    """Write the base model with ``adapter`` merged into it, and its tokenizer, to ``folder``.

    LoRA (Hu et al. 2021, arXiv:2106.09685): each adapted matrix W becomes W + (alpha / r) B A.

    Raises:
        ValueError: The adapter holds a tensor that fits nothing in the base.
    """
    model, tokenizer = load_base(gguf)
    config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    scale = config["lora_alpha"] / config["r"]
    tensors = load_file(adapter / "adapter_model.safetensors")
    weights = dict(model.named_parameters())
    with torch.no_grad():
        for name, down in tensors.items():
            if name.endswith("lora_B.weight"):
                continue
            target = name.removeprefix("base_model.model.").replace(".lora_A.weight", ".weight")
            partner = name.replace("lora_A", "lora_B")
            if target not in weights or partner not in tensors:
                raise ValueError(f"the adapter's {name} fits nothing in the base model")
            weights[target] += scale * (tensors[partner].float() @ down.float())
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)  # type: ignore[attr-defined]
