"""What the steps of a run learn from, in which order, and at which rate."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from transformers import PreTrainedTokenizerBase

from service.prompts import Prompt
from training.examples import Pair
from training.hearing import HeardChange


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


@dataclass(frozen=True)
class Step:
    """What one optimiser step learns from.

    Attributes:
        on: The pass over the pairs, from 1.
        pairs: Prompts and targets.
        changes: Batches of changes; empty in most steps.
        ends: Whether the pass ends with it.
    """

    on: int
    pairs: list[Example]
    changes: list[list[HeardChange]]
    ends: bool


def plan(
    passes: Sequence[Sequence[list[Example]]],
    made: Sequence[list[Example]],
    changes: Sequence[list[HeardChange]],
    *,
    made_until: float,
) -> list[Step]:
    """Spread what there is to learn from evenly over a run, in the order in which it is given.

    Args:
        passes: Batches of pairs, pass by pass.
        made: Batches of pairs that a program made, spread over the first part of the run.
        changes: Batches of changes; they are spread over all steps.
        made_until: Which part that is, a fraction of 1.
    """
    pairs = [(number, batch, batch is groups[-1]) for number, groups in enumerate(passes, start=1) for batch in groups]
    placed = [((place + 0.5) / len(pairs), *one) for place, one in enumerate(pairs)]
    # The last step is one of the pairs: with it the last pass ends.
    placed += [
        (min((place + 0.5) / len(made) * made_until, placed[-1][0]), 0, batch, False)
        for place, batch in enumerate(made)
    ]
    placed.sort(key=lambda one: (one[0], one[3]))
    steps: list[Step] = []
    on = 1
    given = 0
    for number, (_, of, batch, ends) in enumerate(placed):
        on = of or on
        due = (number + 1) * len(changes) // len(placed)
        steps.append(Step(on, batch, list(changes[given:due]), ends))
        given = due
        on += ends
    return steps


def rate_at(step: int, steps: int, peak: float) -> float:
    """Give the learning rate of ``step``: linear warm-up, then cosine decay to a tenth of the peak."""
    warm = max(1, round(0.03 * steps))
    if step < warm:
        return peak * (step + 1) / warm
    progress = (step - warm) / max(1, steps - warm)
    return peak * (0.1 + 0.45 * (1 + math.cos(math.pi * progress)))
