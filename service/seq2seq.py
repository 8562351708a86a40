"""Run any encoder-decoder or causal checkpoint as a ``Generator``; the reference engine."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from transformers import (
    AutoConfig,
    AutoModelForCausalLM,
    AutoModelForSeq2SeqLM,
    AutoTokenizer,
    LogitsProcessor,
    LogitsProcessorList,
    PreTrainedModel,
    PreTrainedTokenizerBase,
)
from transformers.utils import logging as transformers_logging

from service.errors import ModelUnavailableError
from service.generation import Candidate, Following, inner_layer
from service.prompts import Prompt
from service.targets import TEMPERATURE, TOP_K, TOP_P, break_up, buckets, budget, chance, distinct, longest_source


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
        least_score: Targets that score below this are doubtful.
    """

    name: str
    max_source_tokens: int
    least_score: float
    _model: PreTrainedModel
    _tokenizer: PreTrainedTokenizerBase
    _prompt: Prompt | None
    _with_states: bool

    @classmethod
    def load(
        cls,
        checkpoint: str,
        *,
        prompt: Prompt,
        name: str | None = None,
        least_score: float = -math.inf,
        with_states: bool = False,
    ) -> TransformersGenerator:
        """Load a local folder or hub id; what is a folder is never looked for on the hub.

        An encoder-decoder reads the bare source; a causal model reads it through ``prompt``.

        Args:
            checkpoint: The folder or hub id.
            prompt: What a causal model reads a source through.
            name: What provenance calls it; the name of its folder, or on the hub, where none is given.
            least_score: Targets that score below this are doubtful.
            with_states: Whether a causal model also tells what an inner layer holds; those of the embedded model alone
                are understood.

        Raises:
            ModelUnavailableError: There is no usable checkpoint at this place.
        """
        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        logging.getLogger("transformers").setLevel(logging.ERROR)
        local = Path(checkpoint).is_dir()
        try:
            config = AutoConfig.from_pretrained(checkpoint, local_files_only=local)
            tokenizer = AutoTokenizer.from_pretrained(checkpoint, local_files_only=local)
            kind = AutoModelForSeq2SeqLM if config.is_encoder_decoder else AutoModelForCausalLM
            model = kind.from_pretrained(checkpoint, dtype=torch.float32, local_files_only=local)
        except (OSError, ValueError, KeyError, RuntimeError, ImportError, SafetensorError) as error:
            reason = next((line for line in str(error).splitlines() if line.strip()), type(error).__name__)
            raise ModelUnavailableError(checkpoint, reason.rstrip(".")) from error
        if tokenizer.eos_token_id is None:
            raise ModelUnavailableError(checkpoint, "its tokenizer has no token that ends a text")
        if tokenizer.pad_token_id is None:
            tokenizer.pad_token = tokenizer.eos_token
        # A causal model continues its prompt, so the padding must stand before it.
        tokenizer.padding_side = "right" if config.is_encoder_decoder else "left"
        model.eval()
        context = getattr(config, "max_position_embeddings", None) or getattr(config, "n_positions", None) or 512
        longest = longest_source(context)
        if longest <= 0:
            raise ModelUnavailableError(checkpoint, f"it reads no more than {context} tokens at once")
        return cls(
            name=name or (Path(checkpoint).resolve().name if local else checkpoint.rsplit("/", 1)[-1]),
            max_source_tokens=longest,
            least_score=least_score,
            _model=model,
            _tokenizer=tokenizer,
            _prompt=None if config.is_encoder_decoder else prompt,
            _with_states=with_states and not config.is_encoder_decoder,
        )

    def count_tokens(self, text: str) -> int:
        """Count the tokens of a source passage."""
        return len(self._tokenizer(self._plain(text), add_special_tokens=False)["input_ids"])

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        """Propose targets: the greedy one for ``count=1``, else nucleus samples (Holtzman et al. 2020)."""
        plain = [self._plain(source) for source in sources]
        prompts = [self._prompt.render(source) if self._prompt else source for source in plain]
        # An encoder-decoder's tokenizer closes the source itself; a prompt template is complete as it stands.
        encoded = [self._tokenizer(prompt, add_special_tokens=self._prompt is None)["input_ids"] for prompt in prompts]
        results: list[tuple[Candidate, ...]] = [()] * len(sources)
        for indices in buckets([len(ids) for ids in encoded], count):
            rows = [encoded[index] for index in indices]
            for index, candidates in zip(indices, self._run(rows, count=count, seed=seed), strict=True):
                results[index] = candidates
        return results

    def follow(self, source: str, targets: Sequence[str]) -> list[Following]:
        """Follow each target and its end."""
        return [self._follow(source, target) for target in targets]

    @torch.inference_mode()
    def _follow(self, source: str, target: str) -> Following:
        ids = (*self._tokenizer(target, add_special_tokens=False)["input_ids"], self._ends()[0])
        if self._prompt is None:
            read = self._tokenizer(self._plain(source), return_tensors="pt")
            rows, states = self._model(**read, labels=torch.tensor([ids])).logits[0], None
        else:
            prompt = self._tokenizer(self._prompt.render(self._plain(source)), add_special_tokens=False)["input_ids"]
            told = self._model(torch.tensor([[*prompt, *ids]]), output_hidden_states=self._with_states)
            rows, states = told.logits[0, len(prompt) - 1 : -1], None
            if self._with_states:
                layer = inner_layer(self._model.config.num_hidden_layers)
                states = told.hidden_states[layer][0, len(prompt) :].float().numpy()
        logs = torch.log_softmax(rows.float(), dim=-1)
        likely = logs.gather(1, torch.tensor(ids)[:, None])[:, 0]
        return Following(ids=ids, likely=likely.numpy(), best=logs.max(dim=-1).values.numpy(), states=states)

    @torch.inference_mode()
    def log_probabilities(self, source: str, target: str) -> NDArray[np.float32]:
        """Say how likely each token is at each place of ``target``, one row for each of its tokens and its end.

        Raises:
            ValueError: The checkpoint is an encoder-decoder; no engine is compared with it.
        """
        if self._prompt is None:
            raise ValueError("only the targets of a causal model can be followed")
        prompt = self._tokenizer(self._prompt.render(self._plain(source)), add_special_tokens=False)["input_ids"]
        ids = self._tokenizer(target, add_special_tokens=False)["input_ids"]
        logits = self._model(torch.tensor([prompt + ids])).logits[0, len(prompt) - 1 :]
        return torch.log_softmax(logits.float(), dim=-1).numpy()

    def _plain(self, source: str) -> str:
        tokens = self._tokenizer.added_tokens_decoder.values()
        return break_up(source, [token.content for token in tokens if token.special])

    @torch.inference_mode()
    def _run(self, rows: list[list[int]], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        repeated = [row for row in rows for _ in range(count)]
        batch = self._tokenizer.pad({"input_ids": repeated}, return_tensors="pt").to(self._model.device)
        budgets = [budget(row) for row in repeated]
        recorder = _Recorder()
        processors = LogitsProcessorList([recorder])
        if count > 1:
            processors.append(_Sampler([chance(seed, row, number) for row in rows for number in range(count)]))
        sequences = self._model.generate(  # type: ignore[operator]
            **batch,
            do_sample=False,
            num_beams=1,
            max_new_tokens=max(budgets),
            logits_processor=processors,
            eos_token_id=self._ends(),
            pad_token_id=self._tokenizer.pad_token_id,
        )
        scores = recorder.scores(sequences)
        targets = sequences[:, sequences.shape[1] - scores.shape[1] :]
        ended = torch.isin(targets, torch.tensor(self._ends(), device=targets.device))
        candidates = [
            self._candidate(ids, logs, ends, most=most)
            for ids, logs, ends, most in zip(targets, scores, ended, budgets, strict=True)
        ]
        return [distinct(candidates[first : first + count]) for first in range(0, len(candidates), count)]

    def _candidate(self, ids: torch.Tensor, scores: torch.Tensor, ended: torch.Tensor, *, most: int) -> Candidate:
        # The budget is that of the source itself: what shares the batch may be longer.
        stops = ended[:most].nonzero()
        length = int(stops[0]) + 1 if len(stops) else min(most, len(ids))
        return Candidate(
            text=str(self._tokenizer.decode(ids[:length], skip_special_tokens=True)).strip(),
            score=float(scores[:length].mean()),
            complete=bool(len(stops)),
        )

    def _ends(self) -> list[int]:
        configured = self._model.generation_config.eos_token_id
        ends = configured if isinstance(configured, list) else [configured]
        return sorted({self._tokenizer.eos_token_id, *(end for end in ends if end is not None)})


class _Recorder(LogitsProcessor):
    """Notes the log-probability of each token as it is chosen; to keep all logits would take gigabytes."""

    def __init__(self) -> None:
        self._chosen: list[torch.Tensor] = []
        self._last: torch.Tensor | None = None

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Look up the token chosen last, and keep what the next one is chosen from."""
        self._look_up(input_ids)
        self._last = torch.log_softmax(scores.float(), dim=-1)
        return scores

    def scores(self, sequences: torch.Tensor) -> torch.Tensor:
        """Give the log-probabilities of all tokens chosen, one row per sequence."""
        self._look_up(sequences)
        self._last = None
        return torch.stack(self._chosen, dim=1)

    def _look_up(self, sequences: torch.Tensor) -> None:
        if self._last is not None:
            self._chosen.append(self._last.gather(1, sequences[:, -1:])[:, 0])


class _Sampler(LogitsProcessor):
    """Makes the greedy choice a nucleus sample, each row by a chance of its own."""

    def __init__(self, chances: list[np.random.Generator]) -> None:
        self._chances = chances

    def __call__(self, input_ids: torch.LongTensor, scores: torch.FloatTensor) -> torch.FloatTensor:
        """Leave to each row the tokens of its nucleus, with noise added."""
        size = min(TOP_K, scores.shape[-1])
        best, ids = torch.topk(torch.log_softmax(scores.float() / TEMPERATURE, dim=-1), size, dim=-1)
        probabilities = best.exp()
        outside = probabilities.cumsum(dim=-1) - probabilities > TOP_P
        noise = torch.from_numpy(np.stack([own.gumbel(size=size) for own in self._chances]))
        noisy = (best + noise.to(best)).masked_fill(outside, -torch.inf)
        return torch.full_like(scores, -torch.inf).scatter(1, ids, noisy.to(scores.dtype))  # type: ignore[return-value]
