"""Fine-tune the embedded base model with LoRA: ``python -m training.train --config training/lora.toml``.

Learns from what ``training.prepare`` has written, resumes from the newest checkpoint of its output folder, and keeps
the adapter of every pass; a run is a function of its configuration.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase

from service.prompts import Prompt
from training.examples import Pair
from training.prepare import Data, read_prepared


@dataclass(frozen=True)
class Config(Data):
    """One run.

    Attributes:
        start: Folder of an adapter to go on from, or empty.
        prompt: Name of the template in ``prompts/``.
        rank: LoRA rank; alpha is twice the rank.
        dropout: Share of the adapter's inputs dropped in training.
        peak_rate: Highest learning rate, reached after 3% of the steps, then cosine decay to a tenth.
        step_tokens: Tokens in one optimiser step, padding not counted.
        threads: CPU threads.
    """

    start: str
    prompt: str
    rank: int
    dropout: float
    peak_rate: float
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


@dataclass(frozen=True)
class Example:
    """Token ids of prompt and target; the loss is on the target only."""

    prompt: list[int]
    target: list[int]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.target)


def encode(pair: Pair, tokenizer: PreTrainedTokenizerBase, prompt: Prompt) -> Example:
    """Render and tokenise one masked pair."""
    return Example(
        prompt=tokenizer(prompt.render(pair.casual), add_special_tokens=False)["input_ids"],
        target=[*tokenizer(pair.wire, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id],
    )


def batches(examples: list[Example], step_tokens: int, rng: random.Random) -> list[list[Example]]:
    """Group examples of similar length into batches of about ``step_tokens``, in random order."""
    order = sorted(examples, key=lambda example: len(example) + rng.uniform(0, 12))
    groups: list[list[Example]] = [[]]
    for example in order:
        if groups[-1] and sum(map(len, groups[-1])) + len(example) > step_tokens:
            groups.append([])
        groups[-1].append(example)
    rng.shuffle(groups)
    return groups


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
    causal = model.get_base_model() if isinstance(model, PeftModel) else model
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
        hidden = causal.get_submodule("model")(input_ids=ids, attention_mask=mask).last_hidden_state
        logits = causal.get_submodule("lm_head")(hidden[:, :-1][wanted[:, 1:]]).float()
    return torch.nn.functional.cross_entropy(logits, ids[:, 1:][wanted[:, 1:]], reduction="sum")


def rate_at(step: int, steps: int, peak: float) -> float:
    """Give the learning rate of ``step``: linear warm-up, then cosine decay to a tenth of the peak."""
    warm = max(1, round(0.03 * steps))
    if step < warm:
        return peak * (step + 1) / warm
    progress = (step - warm) / max(1, steps - warm)
    return peak * (0.1 + 0.45 * (1 + math.cos(math.pi * progress)))


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
    dev = [encode(pair, tokenizer, prompt) for pair in prepared.dev]
    passes = [
        batches(
            [encode(pair, tokenizer, prompt) for pair in pairs],
            config.step_tokens,
            random.Random(f"{config.seed}-{number}-batches"),
        )
        for number, pairs in enumerate(prepared.passes)
    ]
    schedule = [(number, batch) for number, groups in enumerate(passes, start=1) for batch in groups]

    base = AutoModelForCausalLM.from_pretrained(config.base, dtype=torch.float32)
    model: PeftModel
    state_path = config.state
    checkpoint: dict[str, Any] = torch.load(state_path) if state_path.exists() else {}
    done: int = checkpoint.get("step", 0)
    start = str(output / "adapter") if done else config.start
    if start:
        lora = LoraConfig.from_pretrained(start)
        lora.lora_dropout = config.dropout
        model = PeftModel.from_pretrained(base, start, is_trainable=True, config=lora)
    else:
        lora = LoraConfig(
            r=config.rank,
            lora_alpha=2 * config.rank,
            lora_dropout=config.dropout,
            target_modules="all-linear",
            task_type="CAUSAL_LM",
        )
        model = get_peft_model(base, lora)
    model.to(device)
    optimizer = torch.optim.AdamW(
        [weight for weight in model.parameters() if weight.requires_grad], weight_decay=0.01, betas=(0.9, 0.98)
    )
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
            "random": torch.get_rng_state(),
            "random_cuda": torch.cuda.get_rng_state_all(),
        }
        torch.save(state, partial)
        partial.replace(state_path)

    @torch.no_grad()
    def dev_loss() -> float:
        model.eval()
        groups = batches(dev, 2 * config.step_tokens, random.Random(config.seed))
        total = sum(target_loss(model, group, device).item() for group in groups)
        model.train()
        return total / sum(len(example.target) for example in dev)

    log(pairs=len(prepared.passes[0]), near_duplicates_dropped=prepared.dropped, dev=len(dev), steps=len(schedule))
    model.train()
    began = saved = time.monotonic()
    seen, loss_sum, target_sum = 0, 0.0, 0
    last = len(schedule) if stop_after is None else min(stop_after, len(schedule))
    for step in range(done, last):
        number, batch = schedule[step]
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, len(schedule), config.peak_rate)
        targets = sum(len(example.target) for example in batch)
        loss = target_loss(model, batch, device) / targets
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seen += sum(map(len, batch))
        loss_sum, target_sum = loss_sum + loss.item() * targets, target_sum + targets
        if step % 20 == 19:
            speed = seen / (time.monotonic() - began)
            log(step=step + 1, of=len(schedule), on=number, loss=loss_sum / target_sum, tokens_per_second=speed)
            loss_sum, target_sum = 0.0, 0
        if time.monotonic() - saved > 600:
            save(step + 1)
            saved = time.monotonic()
        if step + 1 == len(schedule) or schedule[step + 1][0] != number:
            model.save_pretrained(str(config.of_pass(number)))
            save(step + 1)
            log(step=step + 1, on=number, dev_loss=dev_loss())
    if done < last < len(schedule):
        save(last)


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--stop-after", type=int, help="stop with a checkpoint after this step; run again to go on")
    arguments = parser.parse_args()
    train(read_config(arguments.config), stop_after=arguments.stop_after)


if __name__ == "__main__":
    main()
