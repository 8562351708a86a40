"""Fit what reads the rewriter's mind about a change: ``python -m training.probe``.

Writes ``service/weights/probe.npz``, a small network over what an inner layer of the rewriter holds, fitted on
the judged changes and targets of ``training/data/judged`` whose sources ``training.trust`` does not fit on. The
rewriter follows every one of them, which takes an hour on two cores; it must be prepared.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from service.desk import load_generator
from service.generation import Generator
from service.hearing import PROBE, PROBED, Probe, follow_all, see
from service.rewordings import reword
from service.settings import load_settings
from training.trust import EDITOR, faithful_edit, fitted_on, read_judged_targets, read_labelled

_SEED = 0
_UNITS = 256
# So many numbers against so few rows: most of what could be learned by heart is hidden.
_DROPPED_INPUTS, _DROPPED_UNITS, _DECAY = 0.3, 0.5, 0.05
_PASSES, _STEP = 20, 256
_PEAK_RATE, _WARMING = 5e-4, 0.1
_AT_ONCE = 500
# A number that hardly varies is no deviation worth telling.
_LEAST_SCALE = 1e-3


@dataclass(frozen=True)
class Case:
    """A text before and after what was judged, and whether that was right."""

    source: str
    before: str
    after: str
    right: bool


def read_cases() -> list[Case]:
    """Read what may be learned from."""
    labelled = read_labelled()
    rewordings, targets = fitted_on(labelled)
    fitted = {one.source for one in rewordings} | {one.source for one in targets}
    cases = [
        Case(one.source, one.text, reword(one.text, [one.rewording]), one.label == "ok")
        for one in labelled
        if one.by != EDITOR and one.source not in fitted
    ]
    cases += [
        Case(one.source, faithful_edit(one.source), one.target, one.label == "ok")
        for one in read_judged_targets()
        if one.source not in fitted
    ]
    return sorted(cases, key=lambda case: case.source)


def see_all(generator: Generator, cases: Sequence[Case]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Give what a probe sees of each change, a row each, and which are right; what is too long to be read goes."""
    rows: list[NDArray[np.float32]] = []
    right: list[bool] = []
    for start in range(0, len(cases), _AT_ONCE):
        part = cases[start : start + _AT_ONCE]
        followed = follow_all(generator, [(case.source, case.before, case.after) for case in part])
        for case, (before, after) in zip(part, followed, strict=True):
            seen = see(before, after) if before and after else None
            if seen is not None:
                rows.append(seen)
                right.append(case.right)
        print(f"{start + len(part)} of {len(cases)} followed", flush=True)
    return np.array(rows, np.float32), np.array(right)


def fit(seen: NDArray[np.float32], right: NDArray[np.bool_]) -> Probe:
    """Fit a probe to what is seen where a change is right and where it is not."""
    torch.manual_seed(_SEED)
    torch.use_deterministic_algorithms(True)
    width = seen.shape[1]
    mean, scale = seen.mean(axis=0), seen.std(axis=0) + _LEAST_SCALE
    blank = Probe(mean, scale, np.zeros((width, 0), np.float32), np.zeros(0, np.float32), np.zeros(0, np.float32), 0.0)
    inputs, labels = torch.from_numpy(blank.deviations(seen)), torch.from_numpy(right.astype(np.float32))
    hidden, out = torch.nn.Linear(width, _UNITS), torch.nn.Linear(_UNITS, 1)
    network = torch.nn.Sequential(
        torch.nn.Dropout(_DROPPED_INPUTS), hidden, torch.nn.ReLU(), torch.nn.Dropout(_DROPPED_UNITS), out
    )
    optimiser = torch.optim.AdamW(network.parameters(), lr=_PEAK_RATE, weight_decay=_DECAY)
    steps = _PASSES * -(-len(seen) // _STEP)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _PEAK_RATE, total_steps=steps, pct_start=_WARMING)
    chance = np.random.default_rng(_SEED)
    for number in range(_PASSES):
        order = torch.from_numpy(chance.permutation(len(seen)))
        losses: list[float] = []
        for rows in torch.split(order, _STEP):
            loss = torch.nn.functional.binary_cross_entropy_with_logits(network(inputs[rows])[:, 0], labels[rows])
            optimiser.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            optimiser.step()
            schedule.step()
            losses.append(loss.item())
        print(f"pass {number + 1}: loss {np.mean(losses):.3f}", flush=True)
    with torch.no_grad():
        weights, bias, counts = hidden.weight.T.numpy().copy(), hidden.bias.numpy().copy(), out.weight[0].numpy().copy()
    return Probe(mean, scale, weights, bias, counts, float(out.bias.detach()))


def write(probe: Probe, path: Path = PROBE) -> None:
    """Write weights in half precision."""
    stored = {name: np.asarray(getattr(probe, name), np.float16) for name in PROBED}
    np.savez_compressed(path, **stored)  # type: ignore[arg-type]


def main() -> None:
    """Read the command line and fit."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    generator = load_generator(load_settings())
    if generator is None:
        raise SystemExit("the rewriter is asked: leave COPYDESK_ENGINE at its default")
    write(fit(*see_all(generator, read_cases())))


if __name__ == "__main__":
    main()
