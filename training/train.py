"""Fine-tune the embedded base model with LoRA: ``python -m training.train --config training/lora.toml``.

Learns from what ``training.prepare`` has written: to write targets, and where changes were judged by hand, to know
the right ones (``training.hearing``). Resumes from the newest checkpoint of its output folder, and keeps the adapter
and the probe of every pass; a run is a function of its configuration.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from peft.utils import SAFETENSORS_WEIGHTS_NAME
from safetensors.torch import load_file
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    LlamaForCausalLM,
    PreTrainedModel,
)

from service.hearing import PROBE
from service.prompts import Prompt
from training.examples import Pair
from training.hearing import Ear, batches_of_changes, encode_changes, loss_of_changes, see
from training.prepare import Data, read_prepared
from training.steps import Example, batches, encode, plan, rate_at

# Batches of changes from which it is taken what a probe usually sees; and how much faster than the adapter it learns.
_LOOKED_AT, _EAR_RATE = 40, 2.0


@dataclass(frozen=True)
class Config(Data):
    """One run.

    Attributes:
        start: Folder of an adapter to go on from, or empty.
        prompt: Name of the template in ``prompts/``.
        made_passes: Passes over the pairs that a program made.
        made_until: After this share of the run none of them are shown any more.
        judged_passes: Passes over the judged changes.
        judged_tokens: Tokens in a batch of changes, padding counted; they are spread over all steps.
        rank: LoRA rank; alpha is twice the rank. If it is more than that of ``start``, what is new begins at nought.
        dropout: Share of the adapter's inputs dropped in training.
        peak_rate: Highest learning rate, reached after 3% of the steps, then cosine decay to a tenth.
        decay: Weight decay.
        step_tokens: Tokens in one optimiser step, padding not counted.
        threads: CPU threads.
    """

    start: str
    prompt: str
    made_passes: int
    made_until: float
    judged_passes: int
    judged_tokens: int
    rank: int
    dropout: float
    peak_rate: float
    decay: float
    step_tokens: int
    threads: int

    def of_pass(self, number: int) -> Path:
        """Give the folder of the adapter as it was after a pass; the first is 1."""
        return Path(self.output) / "passes" / str(number)


def read_config(path: Path) -> Config:
    """Read a configuration.

    Raises:
        ValueError: A setting is missing, or is none.
    """
    try:
        return Config(**tomllib.loads(path.read_text(encoding="utf-8")))
    except TypeError as error:
        raise ValueError(f"{path}: {str(error).removeprefix('Config.__init__() ')}") from error


def target_loss(model: torch.nn.Module, batch: list[Example], device: torch.device) -> torch.Tensor:
    """Sum the cross-entropy over the target tokens; logits are computed at those positions only."""
    width = max(map(len, batch))
    ids = torch.zeros(len(batch), width, dtype=torch.long)
    mask = torch.zeros(len(batch), width, dtype=torch.long)
    wanted = torch.zeros(len(batch), width, dtype=torch.bool)
    for row, example in enumerate(batch):
        ids[row, : len(example)] = torch.tensor(example.prompt + example.target)
        mask[row, : len(example)] = 1
        wanted[row, len(example.prompt) : len(example)] = True
    ids, mask, wanted = ids.to(device), mask.to(device), wanted.to(device)
    causal = _causal(model)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
        hidden = causal.get_submodule("model")(input_ids=ids, attention_mask=mask).last_hidden_state
        logits = causal.get_submodule("lm_head")(hidden[:, :-1][wanted[:, 1:]]).float()
    return torch.nn.functional.cross_entropy(logits, ids[:, 1:][wanted[:, 1:]], reduction="sum")


def _causal(model: torch.nn.Module) -> LlamaForCausalLM:
    return cast("LlamaForCausalLM", model.get_base_model() if isinstance(model, PeftModel) else model)


def train(config: Config, *, stop_after: int | None = None) -> None:
    """Train, logging every 20 steps, with a checkpoint every 10 minutes and the dev loss after each pass.

    Args:
        config: The run.
        stop_after: Stop with a checkpoint once this many steps are done; the next call goes on from there.
    """
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    output = Path(config.output)
    output.mkdir(parents=True, exist_ok=True)

    prepared = read_prepared(config)
    tokenizer = AutoTokenizer.from_pretrained(config.base)
    prompt = Prompt.load(config.prompt)

    def encoded(pairs: Iterable[Pair]) -> list[Example]:
        return [encode(pair, tokenizer, prompt) for pair in pairs]

    def chance(number: int, of: str) -> random.Random:
        return random.Random(f"{config.seed}-{number}-{of}")

    dev, made = encoded(prepared.dev), encoded(prepared.made)
    heard = encode_changes(prepared.changes, tokenizer, prompt)
    schedule = plan(
        [
            batches(encoded(pairs), config.step_tokens, chance(number, "batches"))
            for number, pairs in enumerate(prepared.passes)
        ],
        [
            batch
            for number in range(config.made_passes if made else 0)
            for batch in batches(made, config.step_tokens, chance(number, "made"))
        ],
        [
            batch
            for number in range(config.judged_passes if heard else 0)
            for batch in batches_of_changes(heard, config.judged_tokens, chance(number, "judged"))
        ],
        made_until=config.made_until,
    )

    base = AutoModelForCausalLM.from_pretrained(config.base, dtype=torch.float32)
    state_path = config.state
    checkpoint: dict[str, Any] = torch.load(state_path) if state_path.exists() else {}
    done: int = checkpoint.get("step", 0)
    model = _adapted(base, config, str(output / "adapter") if done else config.start)
    model.to(device)
    causal = _causal(model)
    ear: Ear | None = None
    if heard:
        usual = batches_of_changes(heard, config.judged_tokens, chance(0, "usual"))[:_LOOKED_AT]
        model.eval()
        with torch.no_grad():
            seen_first = torch.cat([see(causal, batch, device)[0] for batch in usual])
        ear = Ear(seen_first.shape[1]).to(device)
        ear.settle(seen_first)
        if "ear" in checkpoint:
            ear.load_state_dict(checkpoint["ear"])
    learned = [weight for weight in model.parameters() if weight.requires_grad]
    groups = [{"params": learned}]
    if ear is not None:
        groups.append({"params": list(ear.parameters())})
        learned = [*learned, *ear.parameters()]
    optimizer = torch.optim.AdamW(groups, weight_decay=config.decay, betas=(0.9, 0.98))
    if checkpoint:
        optimizer.load_state_dict(checkpoint["optimizer"])
    # Dropout goes on where it stopped; checkpoints of before this was kept lack it.
    if "random" in checkpoint:
        torch.set_rng_state(checkpoint["random"])
        torch.cuda.set_rng_state_all(checkpoint["random_cuda"])

    def log(**values: float | str) -> None:
        with (output / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")
        print(values, flush=True)

    def save(step: int) -> None:
        model.save_pretrained(str(output / "adapter"))
        partial = state_path.with_suffix(".partial")
        state = {
            "step": step,
            "optimizer": optimizer.state_dict(),
            **({"ear": ear.state_dict()} if ear is not None else {}),
            "random": torch.get_rng_state(),
            "random_cuda": torch.cuda.get_rng_state_all(),
        }
        torch.save(state, partial)
        partial.replace(state_path)

    @torch.no_grad()
    def dev_loss() -> float:
        model.eval()
        parts = batches(dev, 2 * config.step_tokens, random.Random(config.seed))
        total = sum(target_loss(model, part, device).item() for part in parts)
        model.train()
        return total / sum(len(example.target) for example in dev)

    log(
        pairs=len(prepared.passes[0]),
        made=len(made),
        changes=len(heard),
        left_out=prepared.dropped,
        dev=len(dev),
        steps=len(schedule),
    )
    model.train()
    began = saved = time.monotonic()
    seen, loss_sum, target_sum = 0, 0.0, 0
    last = len(schedule) if stop_after is None else min(stop_after, len(schedule))
    for number in range(done, last):
        step = schedule[number]
        for group, times in zip(optimizer.param_groups, (1.0, _EAR_RATE), strict=False):
            group["lr"] = times * rate_at(number, len(schedule), config.peak_rate)
        targets = sum(len(example.target) for example in step.pairs)
        loss = target_loss(model, step.pairs, device) / targets
        torch.autograd.backward(loss)
        for batch in step.changes:
            if ear is not None:
                torch.autograd.backward(loss_of_changes(causal, ear, batch, device))
        torch.nn.utils.clip_grad_norm_(learned, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seen += sum(map(len, step.pairs))
        loss_sum, target_sum = loss_sum + loss.item() * targets, target_sum + targets
        if number % 20 == 19:
            speed = seen / (time.monotonic() - began)
            log(step=number + 1, of=len(schedule), on=step.on, loss=loss_sum / target_sum, tokens_per_second=speed)
            loss_sum, target_sum = 0.0, 0
        if time.monotonic() - saved > 600:
            save(number + 1)
            saved = time.monotonic()
        if step.ends:
            model.save_pretrained(str(config.of_pass(step.on)))
            if ear is not None:
                ear.write(config.of_pass(step.on) / PROBE.name)
            save(number + 1)
            log(step=number + 1, on=step.on, dev_loss=dev_loss())
    if done < last < len(schedule):
        save(last)


def _adapted(base: torch.nn.Module, config: Config, start: str) -> PeftModel:
    """Put a new adapter on the base, with the weights of ``start`` where that is not empty.

    Raises:
        ValueError: The adapter to start from has a higher rank, or another ratio of alpha and rank.
    """
    lora = LoraConfig(
        r=config.rank,
        lora_alpha=2 * config.rank,
        lora_dropout=config.dropout,
        target_modules="all-linear",
        task_type="CAUSAL_LM",
    )
    model = cast("PeftModel", get_peft_model(cast("PreTrainedModel", base), lora))
    if not start:
        return model
    before = LoraConfig.from_pretrained(start)
    if before.r > config.rank or before.lora_alpha != 2 * before.r:
        raise ValueError(f"{start} has rank {before.r} and alpha {before.lora_alpha}: rank must be {before.r} or more")
    weights = dict(model.named_parameters())
    with torch.no_grad():
        for name, known in load_file(Path(start) / SAFETENSORS_WEIGHTS_NAME).items():
            weight = weights[name.replace(".weight", ".default.weight")]
            weight[: known.shape[0], : known.shape[1]].copy_(known)
    return model


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--stop-after", type=int, help="stop with a checkpoint after this step; run again to go on")
    arguments = parser.parse_args()
    train(read_config(arguments.config), stop_after=arguments.stop_after)


if __name__ == "__main__":
    main()
