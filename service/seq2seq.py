"""Run any encoder-decoder or causal checkpoint as a ``Generator``; the reference engine."""

from __future__ import annotations

import contextlib
import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer
from transformers import PreTrainedModel, PreTrainedTokenizerBase
from transformers.utils import logging as transformers_logging

from service.errors import ModelUnavailableError
from service.generation import Candidate
from service.prompts import Prompt

_TARGET_PER_SOURCE = 1.5
_TARGET_FLOOR = 32
_BATCH_TOKENS = 4096
_TEMPERATURE = 0.7
_TOP_P = 0.95


def use_threads(count: int | None) -> None:
    """Set how many CPU threads the model takes; None leaves the choice to torch."""
    if count is not None:
        torch.set_num_threads(count)


@dataclass
class TransformersGenerator:
    """A checkpoint behind the ``Generator`` protocol.

    Attributes:
        name: What provenance calls it.
        max_source_tokens: Longest source passage it takes.
    """

    name: str
    max_source_tokens: int
    _model: PreTrainedModel
    _tokenizer: PreTrainedTokenizerBase
    _prompt: Prompt | None

    @classmethod
    def load(cls, checkpoint: str, *, prompt: Prompt, name: str | None = None) -> TransformersGenerator:
        """Load a local folder or hub id.

        An encoder-decoder reads the bare source; a causal model reads it through ``prompt``.

        Raises:
            ModelUnavailableError: There is no usable checkpoint at this place.
        """
        transformers_logging.disable_progress_bar()
        logging.getLogger("transformers").setLevel(logging.ERROR)
        try:
            config = AutoConfig.from_pretrained(checkpoint)
            tokenizer = AutoTokenizer.from_pretrained(checkpoint)
            kind = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
            model = kind.from_pretrained(checkpoint, dtype=torch.float32)
        except (OSError, ValueError, KeyError) as error:
            raise ModelUnavailableError(checkpoint, str(error).splitlines()[0]) from error
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
        # A causal model continues its prompt, so the padding must stand before it.
        tokenizer.padding_side = "right" if config.is_encoder_decoder else "left"
        model.eval()
        context = getattr(config, "max_position_embeddings", None) or getattr(config, "n_positions", None) or 512
        return cls(
            name=name or checkpoint.rstrip("/").rsplit("/", 1)[-1],
            max_source_tokens=min(400, int(context / (1 + _TARGET_PER_SOURCE)) - _TARGET_FLOOR),
            _model=model,
            _tokenizer=tokenizer,
            _prompt=None if config.is_encoder_decoder else prompt,
        )

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a source passage."""
        return len(self._tokenizer(text, add_special_tokens=False)["input_ids"])

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        """Propose targets: the greedy one for ``count=1``, else nucleus samples (Holtzman et al. 2020)."""
        prompts = [self._prompt.render(source) if self._prompt else source for source in sources]
        # An encoder-decoder's tokenizer closes the source itself; a prompt template is complete as it stands.
        encoded = [self._tokenizer(prompt, add_special_tokens=self._prompt is None)["input_ids"] for prompt in prompts]
        results: list[tuple[Candidate, ...]] = [()] * len(sources)
        for indices in self._buckets([len(ids) for ids in encoded], count):
            rows = [encoded[index] for index in indices]
            for index, candidates in zip(indices, self._run(rows, count=count, seed=seed), strict=True):
                results[index] = candidates
        return results

    def _buckets(self, lengths: list[int], count: int) -> list[list[int]]:
        if count > 1:
            # Samples must not depend on what shares the batch, so each source draws from a generator of its own.
            return [[index] for index in range(len(lengths))]
        buckets: list[list[int]] = []
        for index in sorted(range(len(lengths)), key=lambda index: -lengths[index]):
            if not buckets or lengths[buckets[-1][0]] * (len(buckets[-1]) + 1) > _BATCH_TOKENS:
                buckets.append([])
            buckets[-1].append(index)
        return buckets

    @torch.inference_mode()
    def _run(self, rows: list[list[int]], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        device = self._model.device
        batch = self._tokenizer.pad({"input_ids": rows}, return_tensors="pt").to(device)
        longest = max(map(len, rows))
        budget = int(_TARGET_PER_SOURCE * longest) + _TARGET_FLOOR
        options: dict[str, object] = {"do_sample": False, "num_return_sequences": 1}
        if count > 1:
            options = {
                "do_sample": True,
                "temperature": _TEMPERATURE,
                "top_p": _TOP_P,
                "top_k": 0,
                "num_return_sequences": count,
            }
        with _seeded(seed, rows, sampling=count > 1):
            output = self._model.generate(
                **batch,
                **options,
                max_new_tokens=budget,
                return_dict_in_generate=True,
                output_logits=True,
                pad_token_id=self._tokenizer.pad_token_id,
            )
        start = 0 if self._model.config.is_encoder_decoder else batch["input_ids"].shape[1]
        targets = output.sequences[:, start:]
        if self._model.config.is_encoder_decoder:
            targets = targets[:, 1:]  # The decoder's start token.
        scores = torch.stack(
            [
                torch.log_softmax(step.float(), dim=-1).gather(1, ids[:, None])[:, 0]
                for step, ids in zip(output.logits, targets.T, strict=True)
            ],
            dim=1,
        )
        ended = targets == self._tokenizer.eos_token_id
        candidates = []
        for ids, logs, ends in zip(targets, scores, ended, strict=True):
            stops = ends.nonzero()
            length = int(stops[0]) + 1 if len(stops) else len(ids)
            candidates.append(
                Candidate(
                    text=self._tokenizer.decode(ids[:length], skip_special_tokens=True).strip(),
                    score=float(logs[:length].mean()),
                    complete=bool(len(stops)),
                )
            )
        groups = [candidates[first : first + count] for first in range(0, len(candidates), count)]
        return [_distinct(group) for group in groups]


def _distinct(candidates: list[Candidate]) -> tuple[Candidate, ...]:
    best: dict[str, Candidate] = {}
    for candidate in sorted(candidates, key=lambda candidate: (-candidate.score, candidate.text)):
        best.setdefault(candidate.text, candidate)
    return tuple(best.values())


@contextlib.contextmanager
def _seeded(seed: int, rows: list[list[int]], *, sampling: bool) -> Iterator[None]:
    """Seed torch by ``seed`` and the source itself, and leave its global state as it was."""
    if not sampling:
        yield
        return
    digest = hashlib.sha256(repr((seed, rows)).encode()).digest()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(int.from_bytes(digest[:8], "big") >> 1)
        yield
