"""``training.select`` on adapters of a tiny model; nothing is converted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

from service.checking import Checker
from service.generation import Generator
from tests.scripted import ScriptedGenerator
from tests.tiny import llama, save_tokenizer
from training.select import merge, select
from training.train import Config

# peft 0.21.2 asks transformers by a name of before.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")

BAD, SLANG, GOOD = "Police arrested 13.", "Police arrested 12 guys in Leeds.", "Police arrested 12 people in Leeds."


@pytest.fixture
def config(tmp_path: Path) -> Config:
    pairs = [("Cops nabbed 12 guys in Leeds lol.", GOOD), ("Rain fell.", "Rain fell."), ("Buckle up!", "")]
    lines = [json.dumps({"casual": casual, "wire": wire}) + "\n" for casual, wire in pairs]
    (tmp_path / "dev.jsonl").write_text("".join(lines), encoding="utf-8")
    return Config(
        base=str(tmp_path / "base"),
        start="",
        output=str(tmp_path / "run"),
        prompt="wire.v1",
        made_passes=1,
        made_until=0.5,
        judged_passes=1,
        judged_tokens=200,
        train=[],
        made=[],
        judged=False,
        dev=[str(tmp_path / "dev.jsonl")],
        rank=2,
        dropout=0.0,
        passes=3,
        peak_rate=0.01,
        decay=0.01,
        step_tokens=1000,
        threads=1,
        seed=0,
    )


def keep(config: Config, *passes: int) -> None:
    """Write what stands for the adapter of each pass."""
    for number in passes:
        config.of_pass(number).mkdir(parents=True)
        (config.of_pass(number) / "adapter_model.safetensors").write_text(f"adapter {number}")


class Opener:
    """Opens for each pass a generator that writes one text, and remembers what it opened."""

    def __init__(self, *texts: str) -> None:
        self.opened: list[str] = []
        self._texts = texts

    @contextmanager
    def __call__(self, config: Config, adapter: Path) -> Iterator[Generator]:
        self.opened.append(adapter.name)
        yield ScriptedGenerator(self._texts[int(adapter.name) - 1])


@pytest.mark.parametrize(
    ("texts", "best"),
    [
        pytest.param((BAD, GOOD, BAD), "2", id="faithful before not"),
        pytest.param((SLANG, GOOD, SLANG), "2", id="clean before slang"),
        pytest.param((GOOD, BAD, GOOD), "3", id="the later of equals"),
    ],
)
def test_the_best_by_gate_and_style_is_chosen(
    config: Config, checker: Checker, texts: tuple[str, ...], best: str
) -> None:
    keep(config, 1, 2, 3)
    chosen = select(config, checker, opening=Opener(*texts))
    assert Path(chosen.adapter).name == best
    assert (chosen.passages, chosen.accepted, chosen.clean, chosen.good) == (1, 1.0, 1.0, 1.0)


def test_what_was_measured_is_not_measured_again(config: Config, checker: Checker) -> None:
    keep(config, 1)
    first, second = Opener(GOOD, BAD, BAD), Opener(GOOD, BAD, BAD)
    select(config, checker, opening=first)
    keep(config, 2)
    chosen = select(config, checker, opening=second)
    assert (first.opened, second.opened) == (["1"], ["2"])
    assert Path(chosen.adapter).name == "1"


def test_another_adapter_in_the_same_folder_is_measured_again(config: Config, checker: Checker) -> None:
    keep(config, 1)
    opener = Opener(GOOD)
    select(config, checker, opening=opener)
    (config.of_pass(1) / "adapter_model.safetensors").write_text("another")
    select(config, checker, opening=opener)
    assert opener.opened == ["1", "1"]


def test_other_held_out_passages_are_measured_again(config: Config, checker: Checker) -> None:
    keep(config, 1)
    opener = Opener(GOOD)
    select(config, checker, opening=opener)
    row = json.dumps({"casual": "Cops nabbed 9 guys in York lol.", "wire": "Police arrested nine people in York."})
    Path(config.dev[0]).write_text(f"{row}\n", encoding="utf-8")
    assert select(config, checker, opening=opener).accepted == 0.0
    assert opener.opened == ["1", "1"]


def test_a_run_without_a_checkpoint_says_so(config: Config, checker: Checker) -> None:
    with pytest.raises(ValueError, match=r"has finished no pass: run python -m training\.train first"):
        select(config, checker, opening=Opener())


def test_held_out_passages_that_stay_as_they_are_choose_nothing(config: Config, checker: Checker) -> None:
    keep(config, 1)
    Path(config.dev[0]).write_text('{"casual": "Rain fell.", "wire": "Rain fell."}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"dev\.jsonl has no passage that is to change"):
        select(config, checker, opening=Opener(GOOD))


def test_a_merged_checkpoint_is_the_base_with_the_adapter(config: Config, tmp_path: Path) -> None:
    base = llama()
    base.save_pretrained(config.base)
    save_tokenizer(Path(config.base))
    adapted = get_peft_model(llama(), LoraConfig(r=2, target_modules="all-linear", init_lora_weights=False))
    adapted.save_pretrained(str(tmp_path / "adapter"))
    merge(config, tmp_path / "adapter", tmp_path / "merged")
    ids = torch.tensor([[4, 5, 6]])
    merged = AutoModelForCausalLM.from_pretrained(tmp_path / "merged")
    with torch.no_grad():
        expected, found, before = (one.eval()(input_ids=ids).logits for one in (adapted, merged, base))
    assert torch.allclose(found, expected, atol=1e-4)
    assert not torch.allclose(found, before, atol=1e-2)
