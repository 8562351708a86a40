"""The converted model as a ``Generator``: the engine for CPUs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from service.decoder import Decoder, DecodingTask, Logits, Target, greedy, log_probabilities, nucleus
from service.errors import ModelUnavailableError
from service.generation import Candidate, Following
from service.prompts import Prompt
from service.targets import break_up, buckets, budget, chance, distinct, longest_source

# More targets side by side are no faster on a CPU and take more memory.
_MOST_SIDE_BY_SIDE = 16


@dataclass
class ConvertedGenerator:
    """A converted model behind the ``Generator`` protocol.

    Attributes:
        name: What provenance calls it.
        max_source_tokens: Longest source passage it takes.
        least_score: Targets that score below this are doubtful.
    """

    name: str
    max_source_tokens: int
    least_score: float
    _decoder: Decoder
    _tokenizer: Tokenizer
    _prompt: Prompt

    @classmethod
    def load(
        cls, folder: Path, *, prompt: Prompt, name: str, least_score: float = -math.inf, threads: int | None = None
    ) -> ConvertedGenerator:
        """Load what ``service.conversion`` has written to a folder.

        Raises:
            ModelUnavailableError: There is no usable model in it.
        """
        try:
            decoder = Decoder(folder, threads=threads or 0)
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # Neither library has an error of its own for a file that it cannot read.
            raise ModelUnavailableError(str(folder), " ".join(str(error).split()).rstrip(".")) from error
        return cls(
            name=name,
            max_source_tokens=longest_source(decoder.context),
            least_score=least_score,
            _decoder=decoder,
            _tokenizer=tokenizer,
            _prompt=prompt,
        )

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a source passage."""
        return len(self._ids(self._plain(text)))

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        """Propose targets: the greedy one for ``count=1``, else nucleus samples."""
        prompts = [self._read(source) for source in sources]
        results: list[tuple[Candidate, ...]] = [()] * len(sources)
        for indices in buckets([len(prompt) for prompt in prompts], count, most=_MOST_SIDE_BY_SIDE):
            tasks = [
                DecodingTask(prompt, budget(prompt), nucleus(chance(seed, prompt, number)) if count > 1 else greedy)
                for prompt in (prompts[index] for index in indices)
                for number in range(count)
            ]
            targets = iter(self._decoder.decode(tasks))
            for index in indices:
                results[index] = distinct(self._candidate(next(targets)) for _ in range(count))
        return results

    def follow(self, source: str, targets: Sequence[str]) -> list[Following]:
        """Follow each target and its end."""
        end = min(self._decoder.ends)
        return self._decoder.follow(self._read(source), [(*self._ids(target), end) for target in targets])

    def log_probabilities(self, source: str, target: str) -> NDArray[np.float32]:
        """Say how likely each token is at each place of ``target``, one row for each of its tokens and its end."""
        following = iter(self._ids(target))
        rows: list[Logits] = []

        def follow(logits: Logits) -> int:
            rows.append(log_probabilities(logits))
            return next(following, end)

        end = min(self._decoder.ends)
        self._decoder.decode([DecodingTask(self._read(source), len(self._ids(target)) + 1, follow)])
        return np.stack(rows)

    def _read(self, source: str) -> tuple[int, ...]:
        return self._ids(self._prompt.render(self._plain(source)))

    def _ids(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def _plain(self, source: str) -> str:
        tokens = self._tokenizer.get_added_tokens_decoder().values()
        return break_up(source, [token.content for token in tokens if token.special])

    def _candidate(self, target: Target) -> Candidate:
        text = self._tokenizer.decode(list(target.ids), skip_special_tokens=True).strip()
        return Candidate(text=text, score=target.score, complete=target.complete)
