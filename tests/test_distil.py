"""The recipe of the encoder-decoder on a tiny one; nothing is fetched."""

from __future__ import annotations

import json
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from transformers import AutoTokenizer

from service.desk import load_generator
from service.seq2seq import use_threads
from service.settings import load_settings
from tests.tiny import llama, save_tokenizer
from training.distil import Config, build, distil, encode, target_loss
from training.examples import Pair
from training.prepare import prepare
from training.steps import Example

PAIRS = [
    ("mayor said ferry will stop", "the mayor said the ferry will stop"),
    ("bridge close", "that bridge would close"),
]


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    threads = torch.get_num_threads()
    use_threads(1)
    yield
    use_threads(threads)


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder: Path = tmp_path_factory.mktemp("distilling")
    llama().save_pretrained(folder / "base")
    save_tokenizer(folder / "base")
    lines = [json.dumps({"casual": casual, "wire": wire}) + "\n" for casual, wire in PAIRS]
    (folder / "pairs.jsonl").write_text("".join(20 * lines), encoding="utf-8")
    (folder / "dev.jsonl").write_text("".join(lines), encoding="utf-8")
    config = Config(
        base=str(folder / "base"),
        output=str(folder / "run"),
        train=[str(folder / "pairs.jsonl")],
        made=[],
        judged=False,
        dev=[str(folder / "dev.jsonl")],
        encoder_layers=2,
        decoder_layers=1,
        heads=4,
        inner=64,
        dropout=0.0,
        passes=6,
        peak_rate=0.01,
        step_tokens=25,
        threads=1,
        seed=0,
    )
    prepare(config)
    return config


@pytest.fixture(scope="module")
def distilled(recipe: Config) -> Path:
    distil(recipe)
    return recipe.checkpoint


def test_what_was_distilled_is_a_setting_away(distilled: Path) -> None:
    generator = load_generator(load_settings(model=str(distilled)))
    assert generator is not None
    targets = generator.generate([casual for casual, _ in PAIRS], count=1, seed=0)
    assert [(one.text, one.complete) for (one,) in targets] == [(wire, True) for _, wire in PAIRS]


def test_the_decoder_is_shallow_and_the_vocabulary_that_of_the_base(recipe: Config, distilled: Path) -> None:
    config = json.loads((distilled / "config.json").read_text(encoding="utf-8"))
    base = json.loads((Path(recipe.base) / "config.json").read_text(encoding="utf-8"))
    assert (config["num_layers"], config["num_decoder_layers"]) == (2, 1)
    assert (config["vocab_size"], config["d_model"]) == (base["vocab_size"], base["hidden_size"])


def test_a_run_that_was_stopped_goes_on_to_the_same_weights(recipe: Config, tmp_path: Path) -> None:
    whole, stopped = (
        replace(recipe, output=str(tmp_path / name), passes=3, dropout=0.3, step_tokens=1000) for name in "ab"
    )
    prepare(whole)
    shutil.copytree(whole.output, stopped.output)
    distil(whole)
    distil(stopped, stop_after=1)
    assert torch.load(stopped.state)["passes"] == 1
    distil(stopped)
    first, second = (torch.load(config.state)["model"] for config in (whole, stopped))
    assert {name: weight.tolist() for name, weight in first.items()} == {
        name: weight.tolist() for name, weight in second.items()
    }


def test_the_loss_counts_target_tokens_alone(recipe: Config) -> None:
    model = build(recipe, AutoTokenizer.from_pretrained(recipe.base)).train(mode=False)
    short, long = Example(prompt=[5, 6], target=[7, 1]), Example(prompt=[5, 6, 7, 8, 9], target=[8, 9, 10, 1])
    device = torch.device("cpu")
    with torch.no_grad():
        together = float(target_loss(model, [short, long], device))
        alone = sum(float(target_loss(model, [one], device)) for one in (short, long))
    assert together == pytest.approx(alone, rel=1e-4)


def test_the_source_is_read_as_the_service_reads_it(recipe: Config) -> None:
    tokenizer = AutoTokenizer.from_pretrained(recipe.base)
    example = encode(Pair("ferry", "the ferry"), tokenizer)
    assert example.prompt == tokenizer("ferry")["input_ids"]
    assert example.target[-1] == tokenizer.eos_token_id


def test_heads_that_do_not_divide_the_width_are_refused(recipe: Config) -> None:
    with pytest.raises(ValueError, match="5 heads do not divide the width of the base model, 32"):
        build(replace(recipe, heads=5), AutoTokenizer.from_pretrained(recipe.base))


def test_the_recipe_says_all_that_a_run_needs() -> None:
    settings = tomllib.loads(Path("training/distil.toml").read_text(encoding="utf-8"))
    lora = tomllib.loads(Path("training/lora.toml").read_text(encoding="utf-8"))
    assert Config(**settings).train == [*lora["train"], "training/runs/accepted.jsonl"]
