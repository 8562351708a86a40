"""Distil the rewriter into a compact encoder-decoder: ``python -m training.distil --config training/distil.toml``.

A T5 (Raffel et al. 2020, arXiv:1910.10683) with a deep encoder and a shallow decoder, which is what is run for every
token (Kasai et al. 2021, arXiv:2006.10369). It shares tokenizer and embeddings with the base model; all else begins
from nothing. Learns from what ``training.prepare`` has written, resumes from its newest checkpoint, and leaves a folder
that ``COPYDESK_MODEL`` takes.
"""

from __future__ import annotations

import argparse
import json
import random
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from transformers import (
    AutoModelForCausalLM,
    AutoTokenizer,
    GenerationConfig,
    PreTrainedTokenizerBase,
    T5Config,
    T5ForConditionalGeneration,
)

from training.examples import Pair
from training.prepare import Data, read_prepared
from training.steps import Example, batches, rate_at

_IGNORED = -100


@dataclass(frozen=True)
class Config(Data):
    """One run.

    Attributes:
        encoder_layers: Layers that read the source, once.
        decoder_layers: Layers that are run for every token of the target.
        heads: Attention heads; they divide the width of the base model.
        inner: Width of the feed-forward layers.
        dropout: Share of the activations dropped in training.
        peak_rate: Highest learning rate, reached after 3% of the steps, then cosine decay to a tenth.
        step_tokens: Tokens in one optimiser step, padding not counted.
        threads: CPU threads.
    """

    encoder_layers: int
    decoder_layers: int
    heads: int
    inner: int
    dropout: float
    peak_rate: float
    step_tokens: int
    threads: int

    @property
    def checkpoint(self) -> Path:
        """The folder that ``COPYDESK_MODEL`` takes."""
        return Path(self.output) / "checkpoint"


def build(config: Config, tokenizer: PreTrainedTokenizerBase) -> T5ForConditionalGeneration:
    """Build the model, with the embeddings of the base.

    Raises:
        ValueError: The heads do not divide the width of the base model.
    """
    base = AutoModelForCausalLM.from_pretrained(config.base, dtype=torch.float32)
    embeddings = base.get_parameter("model.embed_tokens.weight")
    words, width = embeddings.shape
    if width % config.heads:
        raise ValueError(f"{config.heads} heads do not divide the width of the base model, {width}")
    shape = T5Config(  # type: ignore[call-arg]
        vocab_size=words,
        d_model=width,
        d_kv=width // config.heads,
        d_ff=config.inner,
        num_layers=config.encoder_layers,
        num_decoder_layers=config.decoder_layers,
        num_heads=config.heads,
        dropout_rate=config.dropout,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=True,
        pad_token_id=_padding(tokenizer),
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=_padding(tokenizer),
        # Not read by T5, whose positions are relative: how long a passage copydesk gives it.
        n_positions=1024,
    )
    model = T5ForConditionalGeneration(shape)
    with torch.no_grad():
        # A T5 expects embeddings of this spread.
        model.get_parameter("shared.weight").copy_(embeddings / embeddings.std())
    padding, end = _padding(tokenizer), tokenizer.eos_token_id
    model.generation_config = GenerationConfig(  # type: ignore[no-untyped-call]
        pad_token_id=padding, eos_token_id=end, decoder_start_token_id=padding
    )
    return model


def _padding(tokenizer: PreTrainedTokenizerBase) -> int:
    return int(tokenizer.eos_token_id if tokenizer.pad_token_id is None else tokenizer.pad_token_id)


def encode(pair: Pair, tokenizer: PreTrainedTokenizerBase) -> Example:
    """Tokenise a pair as ``service.seq2seq`` does: the bare source, and the target with its end."""
    return Example(
        prompt=tokenizer(pair.casual)["input_ids"],
        target=[*tokenizer(pair.wire, add_special_tokens=False)["input_ids"], tokenizer.eos_token_id],
    )


def target_loss(model: T5ForConditionalGeneration, batch: list[Example], device: torch.device) -> torch.Tensor:
    """Sum the cross-entropy over the target tokens."""
    sources, targets = [one.prompt for one in batch], [one.target for one in batch]
    mask = _pad([[1] * len(source) for source in sources], 0).to(device)
    labels = _pad(targets, _IGNORED).to(device)
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
        logits = model(input_ids=_pad(sources, 0).to(device), attention_mask=mask, labels=labels).logits
    return torch.nn.functional.cross_entropy(
        logits.float().flatten(0, 1), labels.flatten(), ignore_index=_IGNORED, reduction="sum"
    )


def _pad(rows: list[list[int]], filling: int) -> torch.Tensor:
    width = max(map(len, rows))
    return torch.tensor([row + [filling] * (width - len(row)) for row in rows])


def distil(config: Config, *, stop_after: int | None = None) -> None:
    """Train, with a checkpoint and the dev loss after each pass.

    Args:
        config: The run.
        stop_after: Stop once this many passes are done; the next call goes on from there.

    Raises:
        ValueError: ``training.prepare`` has not been called, or the shape is none.
    """
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    prepared = read_prepared(config)
    tokenizer = AutoTokenizer.from_pretrained(config.base)
    dev = [encode(pair, tokenizer) for pair in prepared.dev]
    passes = [
        batches(
            [encode(pair, tokenizer) for pair in pairs],
            config.step_tokens,
            random.Random(f"{config.seed}-{number}-batches"),
        )
        for number, pairs in enumerate(prepared.passes)
    ]
    steps = sum(map(len, passes))

    state: dict[str, Any] = torch.load(config.state) if config.state.exists() else {"passes": 0}
    done: int = state["passes"]
    model = build(config, tokenizer)
    if done:
        model.load_state_dict(state["model"])
    model.to(device)  # type: ignore[arg-type]
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.01, betas=(0.9, 0.98))
    if done:
        optimizer.load_state_dict(state["optimizer"])
        torch.set_rng_state(state["random"])
        torch.cuda.set_rng_state_all(state["random_cuda"])

    @torch.no_grad()
    def dev_loss() -> float:
        model.train(mode=False)
        groups = batches(dev, 2 * config.step_tokens, random.Random(config.seed))
        return sum(target_loss(model, group, device).item() for group in groups) / sum(len(one.target) for one in dev)

    step = sum(map(len, passes[:done]))
    for number, groups in enumerate(passes[done:stop_after], start=done + 1):
        model.train()
        began, loss_sum, target_sum = time.monotonic(), 0.0, 0
        for batch in groups:
            for group in optimizer.param_groups:
                group["lr"] = rate_at(step, steps, config.peak_rate)
            targets = sum(len(one.target) for one in batch)
            loss = target_loss(model, batch, device)
            torch.autograd.backward(loss / targets)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            loss_sum, target_sum, step = loss_sum + loss.item(), target_sum + targets, step + 1
        _log(
            config,
            on=number,
            step=step,
            of=steps,
            loss=loss_sum / target_sum,
            dev_loss=dev_loss(),
            seconds=time.monotonic() - began,
        )
        model.save_pretrained(config.checkpoint)
        tokenizer.save_pretrained(config.checkpoint)
        partial = config.state.with_suffix(".partial")
        torch.save(
            {
                "passes": number,
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "random": torch.get_rng_state(),
                "random_cuda": torch.cuda.get_rng_state_all(),
            },
            partial,
        )
        partial.replace(config.state)


def _log(config: Config, **values: float) -> None:
    with (Path(config.output) / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(values) + "\n")
    print(values, flush=True)


def main() -> None:
    """Read the command line and distil."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--stop-after", type=int, help="stop after this pass; run again to go on")
    arguments = parser.parse_args()
    settings = tomllib.loads(arguments.config.read_text(encoding="utf-8"))
    distil(Config(**settings), stop_after=arguments.stop_after)


if __name__ == "__main__":
    main()
