import json
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from service.merging import add_lora

RANK = 2
CONFIG: dict[str, object] = {"peft_type": "LORA", "r": RANK, "lora_alpha": 6, "bias": "none", "use_rslora": False}
STEM = "base_model.model.first"


class TwoLayers(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.first = torch.nn.Linear(3, 4, bias=False)
        self.second = torch.nn.Linear(4, 3, bias=False)


def matrices() -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    return {f"{STEM}.lora_A.weight": torch.randn(RANK, 3).half(), f"{STEM}.lora_B.weight": torch.randn(4, RANK).half()}


def save_adapter(folder: Path, tensors: dict[str, torch.Tensor], **options: object) -> Path:
    (folder / "adapter_config.json").write_text(json.dumps({**CONFIG, **options}), encoding="utf-8")
    save_file(tensors, folder / "adapter_model.safetensors")
    return folder


def test_an_adapted_matrix_gains_alpha_over_r_times_b_a_and_the_others_stay(tmp_path: Path) -> None:
    model, tensors = TwoLayers(), matrices()
    first, second = model.first.weight.detach().clone(), model.second.weight.detach().clone()
    add_lora(model, save_adapter(tmp_path, tensors))
    up, down = tensors[f"{STEM}.lora_B.weight"].float(), tensors[f"{STEM}.lora_A.weight"].float()
    by_hand = first.clone()
    for row in range(4):
        for column in range(3):
            by_hand[row, column] += 3.0 * sum(up[row, k] * down[k, column] for k in range(RANK))
    assert torch.allclose(model.first.weight, by_hand, atol=1e-6)
    assert torch.equal(model.second.weight, second)


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        pytest.param({"use_rslora": True}, "use_rslora", id="rank-stabilised scaling"),
        pytest.param({"use_dora": True}, "use_dora", id="DoRA"),
        pytest.param({"rank_pattern": {"first": 4}}, "rank_pattern", id="ranks that differ"),
        pytest.param({"alpha_pattern": {"first": 4}}, "alpha_pattern", id="scalings that differ"),
        pytest.param({"modules_to_save": ["second"]}, "modules_to_save", id="whole modules"),
        pytest.param({"fan_in_fan_out": True}, "fan_in_fan_out", id="transposed weights"),
        pytest.param({"bias": "all"}, "LORA/all", id="biases"),
        pytest.param({"peft_type": "IA3"}, "IA3", id="no LoRA"),
        pytest.param({"r": 3}, "the base has", id="another rank than said"),
    ],
)
def test_an_adapter_of_another_kind_is_refused_and_the_model_stays(
    options: dict[str, object], reason: str, tmp_path: Path
) -> None:
    model = TwoLayers()
    before = model.first.weight.detach().clone()
    with pytest.raises(ValueError, match=reason):
        add_lora(model, save_adapter(tmp_path, matrices(), **options))
    assert torch.equal(model.first.weight, before)


def lacking_a_partner(tensors: dict[str, Any]) -> dict[str, Any]:
    return {name: tensor for name, tensor in tensors.items() if "lora_B" in name}


def of_a_layer_that_is_not_there(tensors: dict[str, Any]) -> dict[str, Any]:
    return {name.replace("first", "third"): tensor for name, tensor in tensors.items()}


def of_another_shape(tensors: dict[str, Any]) -> dict[str, Any]:
    return {**tensors, f"{STEM}.lora_B.weight": torch.zeros(1, RANK)}


def not_finite(tensors: dict[str, Any]) -> dict[str, Any]:
    return {name: tensor / 0 for name, tensor in tensors.items()}


def with_a_magnitude(tensors: dict[str, Any]) -> dict[str, Any]:
    return {**tensors, f"{STEM}.lora_magnitude_vector.weight": torch.zeros(4)}


def of_nothing(tensors: dict[str, Any]) -> dict[str, Any]:
    return {}


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        pytest.param(lacking_a_partner, "lacks its partner", id="half of a pair"),
        pytest.param(of_a_layer_that_is_not_there, "fits nothing", id="unknown layer"),
        pytest.param(of_another_shape, "the base has", id="shape that would broadcast"),
        pytest.param(not_finite, "numbers that are none", id="infinite numbers"),
        pytest.param(with_a_magnitude, "no matrix of plain LoRA", id="tensor of another method"),
        pytest.param(of_nothing, "holds no matrix", id="empty"),
    ],
)
def test_an_adapter_that_does_not_fit_is_refused(spoil: Any, reason: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=reason):
        add_lora(TwoLayers(), save_adapter(tmp_path, spoil(matrices())))
