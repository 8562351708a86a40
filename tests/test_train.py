"""The recipe on a tiny model made here; nothing is fetched."""

from __future__ import annotations

import json
import math
import random
import shutil
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import WhitespaceSplit
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from service.hearing import Places, Probe
from service.prompts import Prompt
from service.seq2seq import use_threads
from training.changes import Change
from training.examples import Pair, read_pairs
from training.hearing import HeardChange
from training.prepare import prepare
from training.steps import Example, batches, encode, plan, rate_at
from training.train import Config, read_config, target_loss, train

WORDS = "the mayor said on monday that bridge would close and ferry will stop user assistant".split()  # noqa: SIM905
SPECIAL = ["<pad>", "<|im_end|>", "<|im_start|>", "<unk>"]
CPU = torch.device("cpu")

# peft 0.21.2 asks transformers by a name of before.
pytestmark = pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads cost a model this small more than they bring."""
    threads = torch.get_num_threads()
    use_threads(1)
    yield
    use_threads(threads)


def tiny_tokenizer() -> PreTrainedTokenizerFast:
    vocabulary = {word: number for number, word in enumerate(SPECIAL + WORDS)}
    tokenizer = Tokenizer(WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = WhitespaceSplit()
    return PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=tokenizer,
        pad_token="<pad>",
        eos_token="<|im_end|>",
        unk_token="<unk>",
        additional_special_tokens=["<|im_start|>"],
    )


def tiny_llama() -> LlamaForCausalLM:
    torch.manual_seed(4)
    return LlamaForCausalLM(
        LlamaConfig(
            vocab_size=len(SPECIAL + WORDS),
            hidden_size=32,
            intermediate_size=64,
            num_hidden_layers=2,
            num_attention_heads=4,
            num_key_value_heads=2,
            max_position_embeddings=512,
            initializer_range=0.6,
            pad_token_id=0,
            bos_token_id=None,
            eos_token_id=1,
        )
    )


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Two passes of one step each, with dropout."""
    folder: Path = tmp_path_factory.mktemp("training")
    tiny_llama().save_pretrained(folder / "base")
    tiny_tokenizer().save_pretrained(folder / "base")
    pairs = [("mayor said ferry will stop lol", "the mayor said the ferry will stop"), ("bridge lol", "the bridge")]
    for name, rows in (("train", pairs), ("dev", pairs[1:])):
        lines = [json.dumps({"casual": casual, "wire": wire}) + "\n" for casual, wire in rows]
        (folder / f"{name}.jsonl").write_text("".join(lines), encoding="utf-8")
    return Config(
        base=str(folder / "base"),
        start="",
        output=str(folder / "undisturbed"),
        prompt="wire.v1",
        made_passes=1,
        made_until=0.5,
        judged_passes=1,
        judged_tokens=200,
        train=[str(folder / "train.jsonl")],
        made=[],
        judged=False,
        dev=[str(folder / "dev.jsonl")],
        rank=2,
        dropout=0.5,
        passes=2,
        peak_rate=0.01,
        decay=0.01,
        step_tokens=1000,
        threads=1,
        seed=0,
    )


@pytest.fixture(scope="module")
def undisturbed(recipe: Config) -> Path:
    prepare(recipe)
    train(recipe)
    return Path(recipe.output)


@pytest.fixture
def again(recipe: Config, undisturbed: Path, tmp_path: Path) -> Config:
    """The same run in another folder, with its data."""
    shutil.copy(undisturbed / "data.jsonl", tmp_path)
    return replace(recipe, output=str(tmp_path))


def adapter(output: Path) -> dict[str, list[float]]:
    return {
        name: weight.flatten().tolist()
        for name, weight in load_file(output / "adapter" / "adapter_model.safetensors").items()
    }


def test_a_run_learns_and_logs_each_pass(undisturbed: Path) -> None:
    rows = [json.loads(line) for line in (undisturbed / "log.jsonl").read_text(encoding="utf-8").splitlines()]
    losses = [row.pop("dev_loss", None) for row in rows]
    assert rows == [
        {"pairs": 2, "made": 0, "changes": 0, "left_out": 0, "dev": 1, "steps": 2},
        {"step": 1, "on": 1},
        {"step": 2, "on": 2},
    ]
    assert losses[0] is None
    assert losses[2] < losses[1]


def test_the_adapter_of_every_pass_is_kept(recipe: Config, undisturbed: Path) -> None:
    first, second = (load_file(recipe.of_pass(number) / "adapter_model.safetensors") for number in (1, 2))
    assert first.keys() == second.keys()
    assert {name: weight.flatten().tolist() for name, weight in second.items()} == adapter(undisturbed)
    assert any(not torch.equal(first[name], second[name]) for name in first)


def test_a_run_that_was_stopped_goes_on_to_the_same_weights(again: Config, undisturbed: Path, tmp_path: Path) -> None:
    train(again, stop_after=1)
    assert torch.load(tmp_path / "state.pt")["step"] == 1
    assert adapter(tmp_path) != adapter(undisturbed)
    train(again)
    assert torch.load(tmp_path / "state.pt")["step"] == 2
    assert adapter(tmp_path) == adapter(undisturbed)


def test_a_run_that_is_done_changes_nothing_when_started_again(recipe: Config, undisturbed: Path) -> None:
    before = adapter(undisturbed)
    train(recipe)
    assert adapter(undisturbed) == before


def test_a_checkpoint_without_random_numbers_is_taken_too(again: Config, tmp_path: Path) -> None:
    train(again, stop_after=1)
    state = torch.load(tmp_path / "state.pt")
    torch.save({"step": state["step"], "optimizer": state["optimizer"]}, tmp_path / "state.pt")
    train(again)
    assert torch.load(tmp_path / "state.pt")["step"] == 2


def test_a_run_can_start_from_an_adapter(again: Config, undisturbed: Path, tmp_path: Path) -> None:
    train(replace(again, start=str(undisturbed / "adapter"), peak_rate=0.0))
    assert adapter(tmp_path) == adapter(undisturbed)


def test_an_adapter_of_a_lower_rank_is_gone_on_with_and_one_of_a_higher_is_refused(
    again: Config, undisturbed: Path, tmp_path: Path
) -> None:
    start = str(undisturbed / "adapter")
    train(replace(again, start=start, rank=3, peak_rate=0.0))
    before, after = (load_file(Path(path) / "adapter_model.safetensors") for path in (start, tmp_path / "adapter"))
    widened = {name: weight[:2] if "lora_A" in name else weight[:, :2] for name, weight in after.items()}
    assert {name: weight.tolist() for name, weight in widened.items()} == {n: w.tolist() for n, w in before.items()}
    assert not any(weight[:, 2].any() for name, weight in after.items() if "lora_B" in name)
    higher = tmp_path / "higher"
    higher.mkdir()
    shutil.copy(tmp_path / "data.jsonl", higher)
    with pytest.raises(ValueError, match=r"has rank 2 and alpha 4: rank must be 2 or more"):
        train(replace(again, output=str(higher), start=start, rank=1))


def test_a_run_over_changes_keeps_a_probe_of_each_pass_and_goes_on_where_it_was_stopped(
    again: Config, tmp_path: Path
) -> None:
    changes = [
        Change("the mayor said lol", "the mayor said", "the mayor", right=False),
        Change("the mayor said lol", "the mayor said", "mayor said", right=True),
        Change("ferry will stop lol", "ferry will stop", "the ferry will stop", right=True),
    ]
    with (tmp_path / "data.jsonl").open("a", encoding="utf-8") as file:
        file.write("".join(json.dumps(asdict(change)) + "\n" for change in changes))
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(tmp_path / "data.jsonl", other)
    train(again)
    train(replace(again, output=str(other)), stop_after=1)
    train(replace(again, output=str(other)))
    probes = [Probe.load(folder / "passes" / "2" / "probe.npz") for folder in (tmp_path, other)]
    seen = np.linspace(-1, 1, len(probes[0].mean), dtype=np.float32)
    assert (
        probes[0].logit(seen)
        == probes[1].logit(seen)
        != Probe.load(tmp_path / "passes" / "1" / "probe.npz").logit(seen)
    )


def test_a_run_that_was_not_prepared_says_so(recipe: Config, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"data\.jsonl is not there .* run python -m training\.prepare first"):
        train(replace(recipe, output=str(tmp_path / "none")))


def test_a_setting_that_is_missing_is_named(tmp_path: Path) -> None:
    lines = Path("training/lora.toml").read_text(encoding="utf-8").splitlines(keepends=True)
    path = tmp_path / "short.toml"
    path.write_text("".join(line for line in lines if not line.startswith("rank")), encoding="utf-8")
    with pytest.raises(ValueError, match=r"short\.toml: missing 1 required positional argument: 'rank'"):
        read_config(path)


def test_what_a_program_made_comes_first_and_changes_are_spread_over_the_whole_run() -> None:
    pairs = [[[Example([number], [1])] for number in range(first, first + 4)] for first in (10, 20)]
    made = [[Example([number], [1])] for number in range(30, 34)]
    heard = [[HeardChange((number,), (1,), (1,), Places([0], [0], 0), right=True)] for number in range(6)]
    steps = plan(pairs, made, heard, made_until=0.5)
    assert [step.pairs[0].prompt[0] for step in steps] == [10, 30, 11, 31, 12, 32, 33, 13, 20, 21, 22, 23]
    assert [step.on for step in steps] == [1] * 8 + [2] * 4
    assert [step.ends for step in steps] == [number in (7, 11) for number in range(12)]
    assert [one[0].prompt[0] for step in steps for one in step.changes] == list(range(6))
    assert max(len(step.changes) for step in steps) == 1
    assert [step.ends for step in plan(pairs[:1], made * 5, [], made_until=1.0)] == [False] * 23 + [True]


@pytest.mark.parametrize(
    ("step", "rate"),
    [
        pytest.param(0, 1 / 3, id="warming up"),
        pytest.param(2, 1.0, id="warm"),
        pytest.param(3, 1.0, id="peak"),
        pytest.param(51, 0.1 + 0.45 * (1 + math.cos(math.pi * 48 / 97)), id="half way down"),
        pytest.param(100, 0.1, id="a tenth at the end"),
    ],
)
def test_the_rate_rises_over_three_percent_and_falls_to_a_tenth(step: int, rate: float) -> None:
    assert rate_at(step, 100, 1.0) == pytest.approx(rate)


def test_the_rate_of_a_run_of_one_step_is_the_peak() -> None:
    assert rate_at(0, 1, 2e-4) == 2e-4


def test_the_target_ends_with_the_end_token_and_the_prompt_does_not() -> None:
    example = encode(Pair("bridge", "the bridge"), tiny_tokenizer(), Prompt.load("wire.v1"))
    vocabulary = SPECIAL + WORDS
    assert [vocabulary[token] for token in example.target] == ["the", "bridge", "<|im_end|>"]
    assert vocabulary[example.prompt[-1]] == "assistant"
    assert len(example) == len(example.prompt) + 3


def test_the_loss_is_that_of_the_target_tokens_alone() -> None:
    model = tiny_llama().train(mode=False)
    batch = [Example(prompt=[2, 5, 6], target=[7, 8, 1]), Example(prompt=[9], target=[1])]
    expected = 0.0
    with torch.no_grad():
        for example in batch:
            ids = torch.tensor([example.prompt + example.target])
            logs = model(input_ids=ids).logits[0].log_softmax(dim=-1)
            expected -= sum(
                float(logs[position - 1, ids[0, position]]) for position in range(len(example.prompt), len(example))
            )
        assert float(target_loss(model, batch, CPU)) == pytest.approx(expected, rel=1e-5)


def test_batches_hold_every_example_once_and_keep_to_the_size() -> None:
    examples = [Example(prompt=[number] * (number + 1), target=[1]) for number in range(20)]
    groups = batches(examples, 30, random.Random(0))
    assert sorted((example for group in groups for example in group), key=len) == examples
    assert max(sum(map(len, group)) for group in groups) <= 30
    assert groups == batches(examples, 30, random.Random(0))


def test_an_example_over_the_size_is_a_batch_of_its_own() -> None:
    long, short = Example(prompt=[5] * 50, target=[1]), Example(prompt=[5], target=[1])
    assert sorted(batches([long, short], 10, random.Random(0)), key=lambda group: len(group[0])) == [[short], [long]]


def test_the_recipe_says_all_that_a_run_needs() -> None:
    config = read_config(Path("training/lora.toml"))
    with_targets = {
        path.as_posix() for path in Path("training/data").glob("*.jsonl") if any(pair.wire for pair in read_pairs(path))
    }
    assert set(config.train) == with_targets
