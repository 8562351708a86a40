"""Run a converted causal model: token ids in, token ids out, many targets side by side.

Each prompt is read by itself and only the tokens that follow are made side by side, so that nothing is padded; a
target that has ended makes way at once. Samples of one source read their prompt once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Prefix

from service.generation import Following
from service.runtime import open_session
from service.targets import TEMPERATURE, TOP_K, TOP_P

# Tokens of one text that are read at once: each has logits of the whole vocabulary.
_AT_ONCE = 128

# What the graph calls what an inner layer holds at each token.
STATES = "states"

Logits = NDArray[np.float32]
Choose = Callable[[Logits], int]


@dataclass(frozen=True)
class DecodingTask:
    """A target to be made.

    Attributes:
        prompt: What the model reads first; tasks with the same prompt stand next to each other.
        budget: Most tokens of the target.
        choose: Takes the logits of a token and gives its id; asked once for each token, in order.
    """

    prompt: tuple[int, ...]
    budget: int
    choose: Choose


@dataclass(frozen=True)
class Target:
    """What came of a task.

    Attributes:
        ids: Tokens, with the one that ended them where there is one.
        score: Mean log-probability of the tokens.
        complete: False where the budget was spent before the end.
    """

    ids: tuple[int, ...]
    score: float
    complete: bool


@dataclass
class _Row:
    """A target in the making; ``read`` is how many tokens the model has read for it."""

    task: DecodingTask
    read: int
    ids: list[int] = field(default_factory=list)
    scores: list[float] = field(default_factory=list)

    def take(self, logits: Logits) -> None:
        chosen = self.task.choose(logits)
        self.ids.append(chosen)
        self.scores.append(float(log_probabilities(logits)[chosen]))


class Decoder:
    """A model that ``service.conversion`` has converted.

    Args:
        folder: Where the converted model is.
        threads: CPU threads; 0 leaves the choice to the runtime.

    Attributes:
        context: Most tokens of a prompt and its target together.
        ends: Tokens that end a target.

    Raises:
        Exception: A file of the folder is missing or cannot be read.
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        described = json.loads((folder / "genai_config.json").read_text(encoding="utf-8"))["model"]
        shape = described["decoder"]
        ends = described["eos_token_id"]
        self.ends = frozenset(ends if isinstance(ends, list) else [ends])
        self.context = int(described["context_length"])
        self._words = int(described["vocab_size"])
        self._heads, self._width = int(shape["num_key_value_heads"]), int(shape["head_size"])
        layers = range(int(shape["num_hidden_layers"]))
        self._names = [(f"past_key_values.{n}.{part}", f"present.{n}.{part}") for n in layers for part in _PARTS]
        self._session = open_session(folder / "model.onnx", threads=threads)
        # How many real numbers the inner layer holds at each token; 0 where the graph does not tell.
        told = {output.name for output in self._session.get_outputs()}
        self._states = int(shape["hidden_size"]) if STATES in told else 0

    def decode(self, tasks: Sequence[DecodingTask]) -> list[Target]:
        """Make all targets, side by side."""
        length = max((len(task.prompt) + task.budget for task in tasks), default=0)
        memory = [np.zeros((len(tasks), self._heads, length, self._width), np.float32) for _ in self._names]
        logits = np.empty((len(tasks), self._words), np.float32)
        for place, task in enumerate(tasks):
            if place and task.prompt == tasks[place - 1].prompt:
                logits[place] = logits[place - 1]
                for part in memory:
                    part[place, :, : len(task.prompt)] = part[place - 1, :, : len(task.prompt)]
            else:
                own = [part[place : place + 1] for part in memory]
                logits[place] = self._read_prompt(task.prompt, own)
        every = [_Row(task, read=len(task.prompt)) for task in tasks]
        rows = list(every)
        while rows:
            for row, following in zip(rows, logits, strict=True):
                row.take(following)
            self._close_ranks(rows, memory)
            if rows:
                for row in rows:
                    row.read += 1
                last = np.array([[row.ids[-1]] for row in rows], np.int64)
                logits = self._read(last, [row.read for row in rows], [part[: len(rows)] for part in memory])[:, -1]
        return [
            Target(ids=tuple(row.ids), score=float(np.mean(row.scores)), complete=row.ids[-1] in self.ends)
            for row in every
        ]

    def follow(self, prompt: tuple[int, ...], targets: Sequence[tuple[int, ...]]) -> list[Following]:
        """Follow each target after a prompt.

        The prompt, and what a target has in common with the one before it in order, is read once.
        """
        longest = max(map(len, targets), default=0)
        memory = [np.zeros((1, self._heads, len(prompt) + longest, self._width), np.float32) for _ in self._names]
        known = np.empty((longest + 1, self._words), np.float32)
        known[0] = self._read_prompt(prompt, memory)
        states = np.empty((longest, self._states), np.float32)
        found: dict[tuple[int, ...], Following] = {}
        before: tuple[int, ...] = ()
        for target in sorted(set(targets)):
            same = Prefix.similarity(before, target)
            for start in range(same, len(target), _AT_ONCE):
                end = min(start + _AT_ONCE, len(target))
                ids = np.array([target[start:end]], np.int64)
                held = states[None, start:end] if self._states else None
                known[start + 1 : end + 1] = self._read(ids, [len(prompt) + end], memory, states=held)[0]
            rows = [log_probabilities(row) for row in known[: len(target)]]
            found[target] = Following(
                ids=target,
                likely=np.array([row[token] for row, token in zip(rows, target, strict=True)], np.float32),
                best=np.array([row.max() for row in rows], np.float32),
                states=states[: len(target)].copy() if self._states else None,
            )
            before = target
        return [found[target] for target in targets]

    def _close_ranks(self, rows: list[_Row], memory: Sequence[NDArray[np.float32]]) -> None:
        """Let those that are done go, and the last ones take their places."""
        for place in reversed(range(len(rows))):
            if rows[place].ids[-1] not in self.ends and len(rows[place].ids) < rows[place].task.budget:
                continue
            last = rows.pop()
            if place < len(rows):
                rows[place] = last
                for part in memory:
                    part[place] = part[len(rows)]

    def _read_prompt(self, prompt: tuple[int, ...], memory: Sequence[NDArray[np.float32]]) -> Logits:
        """Read a prompt in parts and give the logits of what comes next."""
        logits: NDArray[np.float32] = np.empty((1, 0, self._words), np.float32)
        for start in range(0, len(prompt), _AT_ONCE):
            part = prompt[start : start + _AT_ONCE]
            logits = self._read(np.array([part], np.int64), [start + len(part)], memory)
        return np.array(logits[0, -1])

    def _read(
        self,
        ids: NDArray[np.int64],
        lengths: Sequence[int],
        memory: Sequence[NDArray[np.float32]],
        *,
        states: NDArray[np.float32] | None = None,
    ) -> Logits:
        """Read tokens and remember them in place.

        Args:
            ids: As many tokens for each row.
            lengths: Tokens that each row has then read in all.
            memory: Keys and values of each row.
            states: Where to write what the inner layer holds at each token, as many as ``ids``; None where nobody asks.

        Returns:
            For each token of each row the logits of what comes next.
        """
        mask = (np.arange(max(lengths)) < np.array(lengths)[:, None]).astype(np.int64)
        logits = np.empty((*ids.shape, self._words), np.float32)
        binding = self._session.io_binding()
        binding.bind_cpu_input("input_ids", ids)
        binding.bind_cpu_input("attention_mask", mask)
        for (past, present), part in zip(self._names, memory, strict=True):
            binding.bind_input(past, "cpu", 0, np.float32, part.shape, part.ctypes.data)
            binding.bind_output(present, "cpu", 0, np.float32, part.shape, part.ctypes.data)
        binding.bind_output("logits", "cpu", 0, np.float32, logits.shape, logits.ctypes.data)
        if states is not None:
            binding.bind_output(STATES, "cpu", 0, np.float32, states.shape, states.ctypes.data)
        self._session.run_with_iobinding(binding)
        return logits


_PARTS = ("key", "value")


def log_probabilities(logits: Logits) -> Logits:
    """Turn logits into log-probabilities."""
    shifted = logits - logits.max()
    return np.asarray(shifted - np.log(np.exp(shifted).sum()), np.float32)


def greedy(logits: Logits) -> int:
    """Choose the likeliest token."""
    return int(logits.argmax())


def nucleus(chance: np.random.Generator) -> Choose:
    """Choose by chance among the likeliest tokens, as the reference engine does."""

    def choose(logits: Logits) -> int:
        size = min(TOP_K, len(logits))
        scores = log_probabilities(logits / TEMPERATURE)
        best = np.argpartition(scores, -size)[-size:]
        best = best[np.argsort(-scores[best], kind="stable")]
        probabilities = np.exp(scores[best])
        outside = probabilities.cumsum() - probabilities > TOP_P
        noisy = np.where(outside, -np.inf, scores[best] + chance.gumbel(size=size))
        return int(best[noisy.argmax()])

    return choose
