"""De-quantise the base weights and merge a LoRA adapter into them."""

from __future__ import annotations

import contextlib
import io
import json
import logging
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig, PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging as transformers_logging


def load_base(gguf: Path) -> tuple[PreTrainedModel, PreTrainedTokenizerBase]:
    """Load model and tokenizer from a GGUF file, de-quantised to float32."""
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    logging.getLogger("transformers").setLevel(logging.ERROR)
    with contextlib.redirect_stderr(io.StringIO()):  # Its progress bar heeds no switch.
        model = AutoModelForCausalLM.from_pretrained(
            gguf.parent,
            gguf_file=gguf.name,
            quantization_config=GgufConfig(dequantize=True),
            dtype=torch.float32,
        )
    return model, AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)


def merge_adapter(gguf: Path, adapter: Path, folder: Path) -> None:
    """Write the base model with ``adapter`` merged into it, and its tokenizer, to ``folder``.

    Raises:
        ValueError: The adapter is of another kind, or does not fit the base.
    """
    model, tokenizer = load_base(gguf)
    add_lora(model, adapter)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


def add_lora(model: torch.nn.Module, adapter: Path) -> None:
    """Merge plain LoRA (Hu et al. 2021, arXiv:2106.09685): each adapted matrix W becomes W + (alpha / r) B A.

    Raises:
        ValueError: The adapter is of another kind, or does not fit the model; the model is as it was.
    """
    config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    _require_plain(config)
    scale = config["lora_alpha"] / config["r"]
    tensors = load_file(adapter / "adapter_model.safetensors")
    weights = dict(model.named_parameters())
    updates: dict[str, torch.Tensor] = {}
    for name, tensor in tensors.items():
        if not name.endswith((_DOWN, _UP)):
            raise ValueError(f"the adapter's {name} is no matrix of plain LoRA")
        stem = name.removesuffix(_DOWN).removesuffix(_UP)
        target = stem.removeprefix("base_model.model.") + ".weight"
        if target not in weights or stem + _DOWN not in tensors or stem + _UP not in tensors:
            raise ValueError(f"the adapter's {name} fits nothing in the base model or lacks its partner")
        if not bool(tensor.isfinite().all()):
            raise ValueError(f"the adapter's {name} holds numbers that are none")
        if target in updates:
            continue
        down, up = tensors[stem + _DOWN].float(), tensors[stem + _UP].float()
        shape = tuple(weights[target].shape)
        if down.shape != (config["r"], shape[1]) or up.shape != (shape[0], config["r"]):
            raise ValueError(f"the adapter's {stem} is {tuple(up.shape)} by {tuple(down.shape)}, the base has {shape}")
        updates[target] = scale * (up @ down)
    if not updates:
        raise ValueError("the adapter holds no matrix")
    with torch.no_grad():
        for target, update in updates.items():
            weights[target].add_(update)


_DOWN, _UP = ".lora_A.weight", ".lora_B.weight"
# Options of PEFT that make an adapter something else than W + (alpha / r) B A.
_OTHER_KINDS = """
    use_rslora use_dora use_qalora use_bdlora rank_pattern alpha_pattern modules_to_save fan_in_fan_out lora_bias
    layer_replication trainable_token_indices target_parameters alora_invocation_tokens velora_config monteclora_config
    arrow_config
    """


def _require_plain(config: dict[str, Any]) -> None:
    if config.get("peft_type") != "LORA" or config.get("bias", "none") != "none":
        raise ValueError(f"only LoRA without bias can be merged, not {config.get('peft_type')}/{config.get('bias')}")
    others = [option for option in _OTHER_KINDS.split() if config.get(option)]
    if others:
        raise ValueError(f"only plain LoRA can be merged, not with {', '.join(others)}")
