"""Train the verifier: ``python -m training.verifier --config training/verifier.toml``.

Fine-tunes MiniLM as a cross-encoder, on a GPU where there is one. Resumes from its newest checkpoint; a run is a
function of its configuration. ``--export`` writes what ships.
"""

from __future__ import annotations

import argparse
import json
import math
import os
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
from sklearn.metrics import roc_auc_score
from torch import Tensor
from torch.nn import functional

from service.pieces import Splitter
from service.runtime import QUIET
from service.verifier import MOST_PIECES
from training.judged import Judged, read_gate, read_groups, read_kept
from training.names import find_names
from training.renaming import rename
from training.verifier_examples import (
    NO_ERROR,
    NOT_KNOWN,
    Example,
    Group,
    Step,
    batches,
    make_batch,
    make_groups,
    make_step,
    split_all,
    vary,
)
from training.verifier_model import Batch, CrossEncoder, load_encoder

_ERROR_WEIGHT = 0.3
_WATCHED_AT_ONCE = 8
_WARM_UP = 0.04
_LOGGED = 200
# Seconds between checkpoints.
_SAVED = 120.0


@dataclass(frozen=True)
class Config:
    """One run.

    Attributes:
        checkpoint: Folder of the MiniLM checkpoint.
        start: Weights of an earlier run to go on from, or empty.
        output: Folder for checkpoints and the log.
        train: For each file of examples how many sources of it are drawn in a pass; 0 means all.
        dev: A file of cases to watch, or empty; nothing of it is learned from.
        kept: Files of cases of which the sources kept back for the judge are watched too.
        named: The files of ``train`` whose family names stand in for each other.
        english: Whether ``lost`` stands for spoiled English in what was judged of single changes: for their reader.
        varied: Whether a faithful copy may stand in for the source, and the two be exchanged.
        passes: Passes over the data.
        most: Unfaithful copies of a source that are shown in a pass.
        peak_rate: Highest learning rate, reached after 4% of the steps, then linear decay.
        step_tokens: Tokens in one optimiser step, padding counted.
        dropout: In the heads; MiniLM keeps its own.
        threads: CPU threads.
        seed: The only source of chance.
    """

    checkpoint: str
    start: str
    output: str
    train: dict[str, int]
    dev: str
    kept: list[str]
    named: list[str]
    english: bool
    varied: bool
    passes: int
    most: int
    peak_rate: float
    step_tokens: int
    dropout: float
    threads: int
    seed: int


def run(model: CrossEncoder, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Give the logits of a batch that is where the model is, in float32."""
    kind = batch.ids.device.type
    with torch.autocast(kind, dtype=torch.bfloat16, enabled=kind == "cuda"):
        pair, errors, words = model(*batch.tensors)
    return pair.float(), errors.float(), words.float()


def step_loss(model: CrossEncoder, step: Step) -> Tensor:
    """Add up four losses: of the pair, of its words, of the type of error, and of the order within a group.

    The last asks that a wrong copy of a source looks worse than a right one: the two differ in little else than the
    error, so it is the clearest signal.
    """
    pair, errors, words = run(model, step.batch)
    known = (step.errors != NO_ERROR).sum().clamp(min=1)
    types = functional.cross_entropy(errors, step.errors, ignore_index=NO_ERROR, reduction="sum") / known
    badness = badness_of(pair)
    order = functional.softplus(badness[None] - badness[:, None]) * step.compared
    return (
        _masked(pair, step.pair, step.weight)
        + _masked(words, step.words, step.weight)
        + _ERROR_WEIGHT * types
        + order.sum() / step.compared.sum().clamp(min=1)
    )


def badness_of(pair: Tensor) -> Tensor:
    """Join the two logits of a pair into one that says how wrong it is."""
    return torch.logsumexp(pair, dim=1)


def _masked(logits: Tensor, targets: Tensor, weight: Tensor) -> Tensor:
    known = (targets != NOT_KNOWN).float() * weight
    losses = functional.binary_cross_entropy_with_logits(logits, targets.clamp(min=0), reduction="none")
    return (losses * known).sum() / known.sum().clamp(min=1)


def rate_at(progress: float, peak: float) -> float:
    """Give the learning rate at a share of the run: linear warm-up, then linear decay to a fiftieth."""
    return peak * min((progress + 1e-3) / _WARM_UP, max(0.02, (1 - progress) / (1 - _WARM_UP)))


@torch.inference_mode()
def discriminate(model: CrossEncoder, groups: Sequence[Group]) -> dict[str, float]:
    """Measure on groups: AUC of wrong against right, of words, and how often a wrong copy looks worse than a right."""
    model.eval()
    wrong: list[bool] = []
    scores: list[float] = []
    words: list[float] = []
    marks: list[float] = []
    ordered = compared = 0
    for start in range(0, len(groups), _WATCHED_AT_ONCE):
        together = groups[start : start + _WATCHED_AT_ONCE]
        examples = [one for group in together for one in group]
        pair, _, read = run(model, make_batch(examples).to(model.word.weight.device))
        badness = badness_of(pair).tolist()
        wrong += [one.wrong for one in examples]
        scores += badness
        for one, row in zip(examples, read.tolist(), strict=True):
            if one.wrong:
                in_copy = slice(one.border, len(one) - 1)
                known_words = one.words[in_copy] != NOT_KNOWN
                words += one.words[in_copy][known_words].tolist()
                marks += np.array(row[: len(one)][in_copy])[known_words].tolist()
        of_each = iter(badness)
        for group in together:
            known = [next(of_each) for _ in group]
            for first, worse in zip(group, known, strict=True):
                for second, better in zip(group, known, strict=True):
                    if first.wrong and not second.wrong:
                        ordered, compared = ordered + (worse > better), compared + 1
    model.train()
    return {
        "auc": round(float(roc_auc_score(wrong, scores)), 4),
        "auc_words": round(float(roc_auc_score(words, marks)), 4),
        "ordered": round(ordered / compared, 4),
    }


def train(config: Config) -> None:
    """Train, with a checkpoint every 2 minutes and measures after each pass."""
    torch.set_num_threads(config.threads)
    torch.manual_seed(config.seed)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    output = Path(config.output)
    output.mkdir(parents=True, exist_ok=True)
    splitter = Splitter()
    sources = {path: read_groups(Path(path), english=config.english) for path in config.train}
    watched = {
        "dev": list(read_gate(Path(config.dev))) if config.dev else [],
        "kept": [group for path in config.kept for group in read_kept(Path(path), english=config.english)],
    }
    everything = [*sources.values(), *watched.values()]
    pieces = split_all((one for groups in everything for group in groups for one in group), splitter)
    known: dict[Judged, Example] = {}
    watched_groups = {name: make_groups(groups, pieces, known, splitter) for name, groups in watched.items() if groups}
    names = find_names({one.source for path in config.named for group in sources[path] for one in group})["family"]

    def draw(number: int) -> list[Step]:
        """Give the steps of a pass."""
        rng = random.Random(f"{config.seed}-{number}")
        drawn = [
            rename(vary(group, rng, config.most) if config.varied else group, names, rng)
            for path, groups in sources.items()
            for group in rng.sample(groups, min(config.train[path] or len(groups), len(groups)))
        ]
        split = split_all((one for group in drawn for one in group), splitter)
        groups = make_groups(drawn, split, {}, splitter)
        return [make_step(batch) for batch in batches(groups, config.step_tokens, rng)]

    model = CrossEncoder(load_encoder(Path(config.checkpoint)), dropout=config.dropout).to(device)
    state_path = output / "state.pt"
    checkpoint: dict[str, Any] = torch.load(state_path, map_location=device) if state_path.exists() else {}
    # Passes that are done, and steps of the next one.
    done, start = checkpoint.get("done", (0, 0))
    if checkpoint:
        model.load_state_dict(checkpoint["model"])
    elif config.start:
        model.load_state_dict(torch.load(config.start, map_location=device)["model"])
    optimizer = torch.optim.AdamW(model.parameters(), lr=config.peak_rate, weight_decay=0.02, betas=(0.9, 0.98))
    if checkpoint:
        optimizer.load_state_dict(checkpoint["optimizer"])
        torch.set_rng_state(checkpoint["random"].cpu())
        torch.cuda.set_rng_state_all([state.cpu() for state in checkpoint["random_cuda"]])

    def log(**values: float | str) -> None:
        with (output / "log.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")
        print(values, flush=True)

    def save(passes: int, steps: int) -> None:
        partial = state_path.with_suffix(".partial")
        state = {
            "done": (passes, steps),
            "model": model.state_dict(),
            "optimizer": optimizer.state_dict(),
            "random": torch.get_rng_state(),
            "random_cuda": torch.cuda.get_rng_state_all(),
        }
        torch.save(state, partial)
        partial.replace(state_path)

    too_long = sum(len(one) > MOST_PIECES for one in pieces.values())
    log(
        texts=len(pieces),
        texts_too_long=too_long,
        **{name: sum(map(len, groups)) for name, groups in watched_groups.items()},
    )
    model.train()
    began = saved = time.monotonic()
    seen, losses = 0, torch.zeros((), device=device)
    for number in range(done, config.passes):
        steps = draw(number)
        log(on=number + 1, pairs=sum(map(len, steps)), steps=len(steps))
        for step in range(start, len(steps)):
            for parameters in optimizer.param_groups:
                parameters["lr"] = rate_at((number + step / len(steps)) / config.passes, config.peak_rate)
            loss = step_loss(model, steps[step].to(device))
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
            seen += len(steps[step])
            losses += loss.detach()
            if step % _LOGGED == _LOGGED - 1:
                mean = losses.item() / _LOGGED
                if not math.isfinite(mean):
                    raise ValueError(f"the loss before step {step} of pass {number + 1} is {mean}: lower peak_rate")
                speed = seen / (time.monotonic() - began)
                log(on=number + 1, step=step + 1, loss=mean, pairs_per_second=round(speed))
                losses.zero_()
            if time.monotonic() - saved > _SAVED:
                save(number, step + 1)
                saved = time.monotonic()
        start = 0
        losses.zero_()
        for name, groups in watched_groups.items():
            log(on=number + 1, watched=name, **discriminate(model, groups))
    save(config.passes, 0)


def export(model: CrossEncoder, path: Path) -> None:
    """Write the model as ONNX with weights in 8 bits, a scale for each channel; activations are quantised as they come.

    Args:
        model: What was trained.
        path: The file to write; one in float32 is written beside it.
    """
    model.eval()
    names = ("ids", "mask", "sides", "shapes", "alone")
    axes = {name: {0: "rows", 1: "tokens"} for name in (*names, "words")}
    axes |= {"pair": {0: "rows"}, "errors": {0: "rows"}}
    exact = path.with_suffix(".float32.onnx")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            model,
            tuple(torch.ones(2, 9, dtype=torch.long) for _ in names),
            str(exact),
            input_names=list(names),
            output_names=["pair", "errors", "words"],
            dynamic_axes=axes,
            opset_version=17,
            dynamo=False,
        )
    os.environ.update(QUIET)
    from onnxruntime.quantization import QuantType, quantize_dynamic  # It reads the environment when it is loaded.

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
    model = CrossEncoder(load_encoder(Path(config.checkpoint)), dropout=config.dropout)
    model.load_state_dict(torch.load(Path(config.output) / "state.pt", map_location="cpu")["model"])
    export(model, arguments.export)


if __name__ == "__main__":
    main()
