from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import load_file, save_file

from service.merging import add_lora
from service.model import adapter_folder
from tests.tiny import llama
from training.export import export

# peft 0.21.2 asks transformers by a name of before.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    folder = tmp_path / "adapter"
    lora = LoraConfig(r=2, target_modules="all-linear", init_lora_weights=False)
    get_peft_model(llama(), lora).save_pretrained(str(folder))
    (folder / "probe.npz").write_bytes(b"a probe")
    return folder


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "weights"
    folder.mkdir()
    return folder


def test_an_adapter_ships_in_float16_and_still_merges(adapter: Path, shipped: Path) -> None:
    export(adapter, shipped)
    before, after = (load_file(folder / "adapter_model.safetensors") for folder in (adapter, shipped))
    assert {tensor.dtype for tensor in after.values()} == {torch.float16}
    assert {name: tensor.half().tolist() for name, tensor in before.items()} == {
        name: tensor.tolist() for name, tensor in after.items()
    }
    add_lora(llama(), shipped)


def test_the_probe_that_learned_with_an_adapter_ships_with_it(adapter: Path, shipped: Path) -> None:
    export(adapter, shipped)
    assert (shipped / "probe.npz").read_bytes() == b"a probe"


def test_an_adapter_without_a_probe_is_refused_and_nothing_is_written(adapter: Path, shipped: Path) -> None:
    (adapter / "probe.npz").unlink()
    with pytest.raises(ValueError, match=r"has no probe\.npz, which only a run with judged = true makes"):
        export(adapter, shipped)
    assert list(shipped.iterdir()) == []


def test_no_folder_of_whoever_trained_it_ships(adapter: Path, shipped: Path) -> None:
    path = adapter / "adapter_config.json"
    config = json.loads(path.read_text(encoding="utf-8")) | {"base_model_name_or_path": "/home/ana/base"}
    path.write_text(json.dumps(config), encoding="utf-8")
    export(adapter, shipped)
    written = (shipped / "adapter_config.json").read_text(encoding="utf-8")
    of_today = json.loads((adapter_folder() / "adapter_config.json").read_text(encoding="utf-8"))
    assert json.loads(written)["base_model_name_or_path"] == of_today["base_model_name_or_path"]
    assert "/home/ana" not in written


def test_a_weight_that_float16_cannot_hold_is_refused_and_nothing_is_written(adapter: Path, shipped: Path) -> None:
    path = adapter / "adapter_model.safetensors"
    weights = load_file(path)
    name = min(weights)
    weights[name][0, 0] = 1e6
    save_file(weights, path)
    with pytest.raises(ValueError, match=f"cannot be written in float16: {name} is out of its range"):
        export(adapter, shipped)
    assert list(shipped.iterdir()) == []
