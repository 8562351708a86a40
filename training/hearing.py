"""How the rewriter learns to know a right change: what ``service.hearing`` reads of it, where it can be learned.

The probe over its inner layer is trained together with it, so that the layer comes to hold what the probe asks for; and
the texts that a change makes right or wrong are to become likelier, or less likely, themselves.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional
from transformers import LlamaForCausalLM, PreTrainedTokenizerBase

from service.generation import inner_layer
from service.hearing import (
    LEAST_LIKELY,
    MOST_DEVIATIONS,
    MOST_NATS,
    MOST_NATS_EACH,
    PROBED,
    Places,
    find_places,
)
from service.prompts import Prompt
from training.changes import Change

_UNITS = 256
# So many numbers against so few rows: most of what could be learned by heart is hidden.
_DROPPED_INPUTS, _DROPPED_UNITS = 0.3, 0.5
# How much the likelihood of a text counts beside the probe, and how much of a nat.
_LIKELY_WEIGHT, _A_NAT = 0.3, 0.5
# A number that hardly varies is no deviation worth telling.
_LEAST_SCALE = 1e-3
# Logits of so many tokens at once, in float32: each has as many numbers as there are words.
_AT_ONCE = 6000
# More changes of one source than this are parted.
_TOGETHER = 24
_FAR = 1e9


@dataclass(frozen=True)
class HeardChange:
    """A change as the rewriter reads it: tokens of the prompt, and of the texts before and after with their ends."""

    prompt: tuple[int, ...]
    before: tuple[int, ...]
    after: tuple[int, ...]
    places: Places
    right: bool

    @property
    def longest(self) -> int:
        """Tokens of the longer of its two sequences."""
        return len(self.prompt) + max(len(self.before), len(self.after))


def encode_changes(changes: Sequence[Change], tokenizer: PreTrainedTokenizerBase, prompt: Prompt) -> list[HeardChange]:
    """Tokenise changes and find where they are."""

    def ids(text: str) -> tuple[int, ...]:
        return tuple(tokenizer(text, add_special_tokens=False)["input_ids"])

    heard: list[HeardChange] = []
    for change in changes:
        before, after = ((*ids(text), tokenizer.eos_token_id) for text in (change.before, change.after))
        places = find_places(before, after)
        heard.append(HeardChange(ids(prompt.render(change.source)), before, after, places, change.right))
    return heard


def batches_of_changes(heard: Sequence[HeardChange], most: int, chance: random.Random) -> list[list[HeardChange]]:
    """Put changes of similar length into batches of at most ``most`` tokens, padding counted, in random order.

    What is changed in one source stays together, for its text before is read once.
    """
    groups = [list(group) for _, group in groupby(heard, key=lambda one: one.prompt)]
    parts = [group[start : start + _TOGETHER] for group in groups for start in range(0, len(group), _TOGETHER)]
    found: list[list[HeardChange]] = [[]]
    rows = width = 0
    for part in sorted(parts, key=lambda part: max(one.longest for one in part) + chance.uniform(0, 12)):
        more = len(_sequences(part))
        width = max(width, *(one.longest for one in part))
        if found[-1] and (rows + more) * width > most:
            found.append([])
            rows, width = 0, max(one.longest for one in part)
        found[-1] += part
        rows += more
    chance.shuffle(found)
    return [batch for batch in found if batch]


def _sequences(batch: Sequence[HeardChange]) -> dict[tuple[tuple[int, ...], tuple[int, ...]], int]:
    """Number the sequences of a batch, each once."""
    both = dict.fromkeys((one.prompt, text) for one in batch for text in (one.before, one.after))
    return {sequence: number for number, sequence in enumerate(both)}


class Ear(nn.Module):
    """The probe while it learns; see ``service.hearing.Probe``.

    Args:
        width: How many numbers it looks at.
    """

    mean: Tensor
    scale: Tensor

    def __init__(self, width: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(width))
        self.register_buffer("scale", torch.ones(width))
        self.hidden = nn.Linear(width, _UNITS)
        self.out = nn.Linear(_UNITS, 1)

    def settle(self, seen: Tensor) -> None:
        """Take what is usual from what is seen of some changes, a row each."""
        self.mean.copy_(seen.mean(dim=0))
        self.scale.copy_(seen.std(dim=0) + _LEAST_SCALE)

    def forward(self, seen: Tensor) -> Tensor:
        """Say of each row in a logit how likely a change is right."""
        deviations = ((seen - self.mean) / self.scale).clamp(-MOST_DEVIATIONS, MOST_DEVIATIONS)
        units = functional.relu(self.hidden(functional.dropout(deviations, _DROPPED_INPUTS, self.training)))
        return torch.as_tensor(self.out(functional.dropout(units, _DROPPED_UNITS, self.training))[:, 0])

    def write(self, path: Path) -> None:
        """Write what ships, in half precision."""
        own = {"mean": self.mean, "scale": self.scale, "hidden": self.hidden.weight.T, "bias": self.hidden.bias}
        own |= {"weights": self.out.weight[0], "intercept": self.out.bias[0]}
        stored = {name: own[name].detach().cpu().numpy().astype(np.float16) for name in PROBED}
        np.savez_compressed(path, **stored)  # type: ignore[arg-type]


def see(causal: LlamaForCausalLM, batch: Sequence[HeardChange], device: torch.device) -> tuple[Tensor, Tensor]:
    """Look at changes as ``service.hearing.see`` does.

    Returns:
        What the probe looks at, a row for each change; and how much likelier each text becomes, in nats.
    """
    numbers = _sequences(batch)
    width, longest = max(one.longest for one in batch), max(len(text) for _, text in numbers)
    ids = torch.zeros(len(numbers), width, dtype=torch.long)
    at = torch.zeros(len(numbers), longest, dtype=torch.long)
    lengths = torch.tensor([len(text) for _, text in numbers])
    for (prompt, text), number in numbers.items():
        ids[number, : len(prompt) + len(text)] = torch.tensor(prompt + text)
        at[number] = len(prompt) + torch.arange(longest).clamp(max=len(text) - 1)
    gone, come = (torch.zeros(len(batch), longest, dtype=torch.bool) for _ in range(2))
    for row, one in enumerate(batch):
        gone[row, one.places.gone] = True
        come[row, one.places.come] = True
    ids, at, lengths, gone, come = (tensor.to(device) for tensor in (ids, at, lengths, gone, come))
    rows = torch.arange(len(numbers), device=device)[:, None]
    real = torch.arange(longest, device=device)[None] < lengths[:, None]
    with torch.autocast(device.type, dtype=torch.bfloat16, enabled=device.type == "cuda"):
        # Padding stands on the right, where no token looks.
        told = causal.model(input_ids=ids, output_hidden_states=True)
        likely, best = _logs(causal, told.last_hidden_state[rows, at - 1][real], ids[rows, at][real])
    inner = told.hidden_states[inner_layer(causal.config.num_hidden_layers)][rows, at].float()
    states = inner * torch.rsqrt((inner**2).mean(dim=-1, keepdim=True))
    logs, bests = torch.zeros_like(at, dtype=torch.float32), torch.zeros_like(at, dtype=torch.float32)
    logs[real], bests[real] = likely, best

    before = torch.tensor([numbers[one.prompt, one.before] for one in batch], device=device)
    after = torch.tensor([numbers[one.prompt, one.after] for one in batch], device=device)
    behind = torch.tensor([one.places.behind for one in batch], device=device)
    each = torch.arange(len(batch), device=device)
    was = _Told(logs[before], bests[before], real[before], gone)
    now = _Told(logs[after], bests[after], real[after], come)
    seen = [
        _mean(states[after], come),
        _mean(states[before], gone),
        states[after, behind],
        states[after, lengths[after] - 1],
        _measure(was, now, now.likely[each, behind]),
    ]
    return torch.cat(seen, dim=1), now.total - was.total


def loss_of_changes(causal: LlamaForCausalLM, ear: Ear, batch: Sequence[HeardChange], device: torch.device) -> Tensor:
    """Say how badly probe and likelihoods tell right changes from wrong ones, on average."""
    seen, likelier = see(causal, batch, device)
    right = torch.tensor([float(one.right) for one in batch], device=device)
    by_ear = functional.binary_cross_entropy_with_logits(ear(seen), right)
    by_likelihood = functional.binary_cross_entropy_with_logits(_A_NAT * likelier, right)
    return by_ear + _LIKELY_WEIGHT * by_likelihood


def _logs(causal: LlamaForCausalLM, hidden: Tensor, tokens: Tensor) -> tuple[Tensor, Tensor]:
    """Give the log-probability of tokens, and of the likeliest token at the same place."""
    likely: list[Tensor] = []
    best: list[Tensor] = []
    for some, wanted in zip(torch.split(hidden, _AT_ONCE), torch.split(tokens, _AT_ONCE), strict=True):
        logs = causal.lm_head(some).float().log_softmax(dim=-1)
        likely.append(logs.gather(1, wanted[:, None])[:, 0])
        best.append(logs.detach().max(dim=-1).values)
    return torch.cat(likely), torch.cat(best)


@dataclass(frozen=True)
class _Told:
    """Texts, a row each: log-probabilities, those of the likeliest tokens, which are real, and which are changed."""

    likely: Tensor
    best: Tensor
    real: Tensor
    changed: Tensor

    @property
    def total(self) -> Tensor:
        return self.likely.sum(dim=1)

    @property
    def each(self) -> Tensor:
        return self.total / self.real.sum(dim=1)

    @property
    def _order(self) -> Tensor:
        return torch.arange(self.likely.shape[1], device=self.likely.device).expand_as(self.likely)

    @property
    def first(self) -> Tensor:
        return self.changed.int().argmax(dim=1, keepdim=True)

    def sum_changed(self) -> Tensor:
        return torch.where(self.changed, self.likely, 0.0).sum(dim=1)

    def sum_behind(self) -> Tensor:
        last = torch.where(self.changed, self._order, -1).max(dim=1, keepdim=True).values
        return torch.where(self.real & (self._order > last), self.likely, 0.0).sum(dim=1)

    def least(self, values: Tensor, among: Tensor) -> Tensor:
        return torch.where(among, values, _FAR).min(dim=1).values


@torch.no_grad()
def _measure(was: _Told, now: _Told, behind: Tensor) -> Tensor:
    """Measure in the order of ``service.hearing``; nothing is learned through these."""

    def above(value: Tensor) -> Tensor:
        return value.clamp(min=LEAST_LIKELY)

    alien_gone, alien_come = was.likely - was.best, now.likely - now.best
    return torch.stack(
        [
            (now.total - was.total).clamp(-MOST_NATS, MOST_NATS),
            (now.each - was.each).clamp(-MOST_NATS_EACH, MOST_NATS_EACH),
            was.each,
            now.each,
            above(was.sum_changed()),
            above(now.sum_changed()),
            above(was.least(was.likely, was.changed)),
            above(now.least(now.likely, now.changed)),
            above(behind),
            above(was.sum_behind()),
            above(now.sum_behind()),
            above(was.least(alien_gone, was.changed)),
            above(now.least(alien_come, now.changed)),
            above(was.least(was.likely, was.real)),
            above(now.least(now.likely, now.real)),
            above(was.likely.gather(1, was.first)[:, 0]),
            above(now.likely.gather(1, now.first)[:, 0]),
            above(alien_come.gather(1, now.first)[:, 0]),
            was.changed.sum(dim=1).float().log1p(),
            now.changed.sum(dim=1).float().log1p(),
        ],
        dim=1,
    )


def _mean(states: Tensor, among: Tensor) -> Tensor:
    return (states * among[..., None]).sum(dim=1) / among.sum(dim=1, keepdim=True)
