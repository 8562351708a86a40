"""Train the verifier: ``python -m training.verifier --config training/verifier.toml``.

MiniLM stays as it is, so every text goes through it once; what stands above it is trained. Resumes from its newest
checkpoint; a run is a function of its configuration. ``--export`` writes what ships.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
import tomllib
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from onnxruntime.quantization import QuantType, quantize_dynamic
from sklearn.metrics import roc_auc_score
from torch import Tensor
from torch.nn import functional

from training.judged import Judged, read_gate, read_groups
from training.verifier_examples import NO_ERROR, NOT_KNOWN, Encoder, Example, Group, batches, make_groups
from training.verifier_model import Comparer, VerifierModel, load_encoder, make_side, pad

_ERROR_WEIGHT = 0.3


@dataclass(frozen=True)
class Config:
    """One run.

    Attributes:
        checkpoint: Folder of the MiniLM checkpoint.
        start: Weights of an earlier run to go on from, or empty.
        output: Folder for checkpoints and the log.
        train: For each file of examples how many groups of it are drawn in a pass; 0 means all.
        dev: A file of cases to watch; nothing of it is learned from.
        passes: Passes over the data.
        peak_rate: Highest learning rate, reached after 2% of the steps, then linear decay.
        step_pieces: Word pieces in one optimiser step, padding counted.
        width: Of the model.
        layers: Of the model.
        dropout: In the model.
        threads: CPU threads.
        seed: The only source of chance.
    """

    checkpoint: str
    start: str
    output: str
    train: dict[str, int]
    dev: str
    passes: int
    peak_rate: float
    step_pieces: int
    width: int
    layers: int
    dropout: float
    threads: int
    seed: int


def run(model: Comparer, examples: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Give the logits of examples."""
    source = make_side(
        [one.source.pieces for one in examples],
        [one.source.states for one in examples],
        [one.source_alone for one in examples],
    )
    copy = make_side(
        [one.copy.pieces for one in examples],
        [one.copy.states for one in examples],
        [one.copy_alone for one in examples],
    )
    logits: tuple[Tensor, Tensor, Tensor, Tensor] = model(source, copy)
    return logits


def batch_loss(model: Comparer, groups: Sequence[Group]) -> Tensor:
    """Add up four losses: of the pair, of its words, of the type of error, and of the order within a group.

    The last asks that a wrong copy of a source looks worse than a right one: the two differ in little else than the
    error, so it is the clearest signal.
    """
    examples = [one for group in groups for one in group]
    pair, errors, source_words, copy_words = run(model, examples)
    weight = torch.tensor([one.weight for one in examples])[:, None]
    loss = _masked(pair, torch.tensor([one.pair for one in examples]), weight)
    for logits, targets in (
        (source_words, [one.source_words for one in examples]),
        (copy_words, [one.copy_words for one in examples]),
    ):
        loss = loss + _masked(logits, _pad_unknown(targets), weight)
    types = torch.tensor([one.error for one in examples])
    if (types != NO_ERROR).any():
        loss = loss + _ERROR_WEIGHT * functional.cross_entropy(errors, types, ignore_index=NO_ERROR)
    badness, start, orders = badness_of(pair), 0, []
    for group in groups:
        numbers = range(start, start + len(group))
        wrong = [number for number in numbers if examples[number].wrong]
        right = [number for number in numbers if not examples[number].wrong]
        start += len(group)
        if wrong and right:
            orders.append(functional.softplus(badness[right][None] - badness[wrong][:, None]).mean())
    return loss + torch.stack(orders).mean() if orders else loss


def badness_of(pair: Tensor) -> Tensor:
    """Join the two logits of a pair into one that says how wrong it is."""
    return torch.logsumexp(pair, dim=1)


def _pad_unknown(rows: Sequence[NDArray[np.float32]]) -> Tensor:
    padded = pad([row + 2 for row in rows]) - 2
    return padded.masked_fill(padded < NOT_KNOWN, NOT_KNOWN)


def _masked(logits: Tensor, targets: Tensor, weight: Tensor) -> Tensor:
    known = (targets != NOT_KNOWN).float() * weight
    losses = functional.binary_cross_entropy_with_logits(logits, targets.clamp(min=0), reduction="none")
    return (losses * known).sum() / known.sum().clamp(min=1)


def rate_at(step: int, steps: int, peak: float) -> float:
    """Give the learning rate of ``step``: linear warm-up, then linear decay to a fiftieth."""
    warm = max(1, round(0.02 * steps))
    return peak * min((step + 1) / warm, max(0.02, (steps - step) / max(1, steps - warm)))


@torch.inference_mode()
def discriminate(model: Comparer, groups: Sequence[Group]) -> dict[str, float]:
    """Measure on groups: AUC of wrong against right, of words, and how often a wrong copy looks worse than a right."""
    model.eval()
    wrong: list[bool] = []
    scores: list[float] = []
    words: list[float] = []
    marks: list[float] = []
    ordered = compared = 0
    for group in groups:
        pair, _, _, copy_words = run(model, group)
        badness = badness_of(pair).tolist()
        wrong += [one.wrong for one in group]
        scores += badness
        for row, one in enumerate(group):
            if one.wrong:
                words += one.copy_words.tolist()
                marks += copy_words[row, : len(one.copy_words)].tolist()
        for first, worse in zip(group, badness, strict=True):
            for second, better in zip(group, badness, strict=True):
                if first.wrong and not second.wrong:
                    ordered, compared = ordered + (worse > better), compared + 1
    model.train()
    return {
        "auc": round(float(roc_auc_score(wrong, scores)), 4),
        "auc_words": round(float(roc_auc_score(words, marks)), 4),
        "ordered": round(ordered / compared, 4),
    }


def train(config: Config) -> None:
    """Train, logging every 200 steps, with a checkpoint every 5 minutes and measures after each pass."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    output = Path(config.output)
    output.mkdir(parents=True, exist_ok=True)
    drawn: list[list[list[Judged]]] = []
    sources = {path: read_groups(Path(path)) for path in config.train}
    for number in range(1, config.passes + 1):
        rng = random.Random(f"{config.seed}-{number}")
        drawn.append(
            [
                group
                for path, groups in sources.items()
                for group in rng.sample(groups, min(config.train[path] or len(groups), len(groups)))
            ]
        )
    dev_judged = list(read_gate(Path(config.dev)))
    texts = {
        text: None
        for groups in (*drawn, dev_judged)
        for group in groups
        for one in group
        for text in (one.source, one.copy)
    }
    encoded = Encoder(load_encoder(Path(config.checkpoint))).encode(list(texts))
    dev = make_groups(dev_judged, encoded)
    schedule = [
        (number, batch)
        for number, groups in enumerate(drawn, start=1)
        for batch in batches(
            make_groups(groups, encoded), config.step_pieces, random.Random(f"{config.seed}-{number}-order")
        )
    ]
    model = make_comparer(config)
    state_path = output / "state.pt"
    checkpoint: dict[str, Any] = torch.load(state_path) if state_path.exists() else {}
    done: int = checkpoint.get("step", 0)
    if checkpoint:
        model.load_state_dict(checkpoint["model"])
    elif config.start:
        model.load_state_dict(torch.load(config.start)["model"])
    optimizer = torch.optim.AdamW(model.parameters(), weight_decay=0.02, betas=(0.9, 0.98))
    if checkpoint:
        optimizer.load_state_dict(checkpoint["optimizer"])
        torch.set_rng_state(checkpoint["random"])

    def log(**values: float | str) -> None:
        with (output / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")
        print(values, flush=True)

    def save(step: int) -> None:
        partial = state_path.with_suffix(".partial")
        state = {
            "step": step,
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "random": torch.get_rng_state(),
        }
        torch.save(state, partial)
        partial.replace(state_path)

    log(
        texts=len(encoded),
        texts_too_long=len(texts) - len(encoded),
        groups=sum(map(len, drawn)),
        dev=sum(map(len, dev)),
        steps=len(schedule),
    )
    model.train()
    began = saved = time.monotonic()
    seen, losses = 0, 0.0
    for step in range(done, len(schedule)):
        number, batch = schedule[step]
        for parameters in optimizer.param_groups:
            parameters["lr"] = rate_at(step, len(schedule), config.peak_rate)
        loss = batch_loss(model, batch)
        if not math.isfinite(loss.item()):
            raise ValueError(f"the loss of step {step} is {loss.item()}: lower peak_rate")
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        seen += sum(len(one) for group in batch for one in group)
        losses += loss.item()
        if step % 200 == 199:
            speed = seen / (time.monotonic() - began)
            log(step=step + 1, of=len(schedule), on=number, loss=losses / 200, pieces_per_second=round(speed))
            losses = 0.0
        if time.monotonic() - saved > 300:
            save(step + 1)
            saved = time.monotonic()
        if step + 1 == len(schedule) or schedule[step + 1][0] != number:
            save(step + 1)
            log(step=step + 1, on=number, **discriminate(model, dev))


def make_comparer(config: Config) -> Comparer:
    """Build the model of a run."""
    return Comparer(width=config.width, layers=config.layers, dropout=config.dropout)


def export(model: VerifierModel, path: Path) -> None:
    """Write the model as ONNX with weights in 8 bits, a scale for each channel; activations are quantised as they come.

    Args:
        model: What was trained.
        path: The file to write; one in float32 is written beside it.
    """
    model.eval()
    torch.backends.mha.set_fastpath_enabled(False)
    names = ("ids", "mask", "relations", "parts", "heads", "shapes", "alone")
    inputs: list[str] = []
    axes: dict[str, dict[int, str]] = {}
    examples: list[Tensor] = []
    for side in ("source", "copy"):
        for name in names:
            inputs.append(f"{side}_{name}")
            marked = name in ("ids", "mask")
            axes[inputs[-1]] = {0: "rows", 1: "tokens" if marked else "pieces"}
            examples.append(torch.ones(2, 9 if marked else 7, dtype=torch.long))
    outputs = ["pair", "errors", "source_words", "copy_words"]
    axes |= {"pair": {0: "rows"}, "errors": {0: "rows"}}
    axes |= {f"{side}_words": {0: "rows", 1: "pieces"} for side in ("source", "copy")}
    exact = path.with_suffix(".float32.onnx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            tuple(examples),
            str(exact),
            input_names=inputs,
            output_names=outputs,
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
    quantize_dynamic(exact, path, weight_type=QuantType.QInt8, per_channel=True)


def main() -> None:
    """Read the command line; train, or export what was trained."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--config", type=Path, required=True)
    parser.add_argument("--export", type=Path, metavar="FILE", help="write what was trained as ONNX, and stop")
    arguments = parser.parse_args()
    config = Config(**tomllib.loads(arguments.config.read_text(encoding="utf-8")))
    if arguments.export is None:
        train(config)
        return
    comparer = make_comparer(config)
    comparer.load_state_dict(torch.load(Path(config.output) / "state.pt")["model"])
    export(VerifierModel(load_encoder(Path(config.checkpoint)), comparer), arguments.export)


if __name__ == "__main__":
    main()
