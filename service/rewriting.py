"""The whole use case: an article goes in, wire copy and its fact ledger come out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib import metadata

from service.article import Article, parse_article
from service.errors import ArticleTooLongError, EmptyArticleError, NotEnglishError, UnknownStyleError
from service.generation import Generator
from service.ladder import Ladder
from service.language import reads_as_english
from service.passages import Passage, PassageRewrite, Status
from service.sentences import split_passages

STYLES = ("ap",)
_PASSAGE_WORDS = 170


@dataclass(frozen=True)
class Provenance:
    """All that is needed to make a rewrite again.

    Attributes:
        model: Name and fingerprint of the model, or ``rules``.
        prompt: Name of the template.
        style: Name of the house style.
        version: Version of copydesk.
        seed: Seed of the sampled candidates.
    """

    model: str
    prompt: str
    style: str
    version: str
    seed: int


@dataclass(frozen=True)
class Rewrite:
    """An article as wire copy.

    Attributes:
        copy: The copy, laid out as the source.
        passages: Every passage in order; a long paragraph, or one that was verified sentence by sentence, is several.
        provenance: How it was made.
    """

    copy: str
    passages: tuple[PassageRewrite, ...]
    provenance: Provenance

    @property
    def verified(self) -> bool:
        """True when no passage needs an editor: none was kept as filed, and none has a fault of style left."""
        return all(passage.status is not Status.KEPT and not passage.findings for passage in self.passages)


class Rewriter:
    """Turns articles into wire copy.

    Args:
        ladder: Finds the best verified copy of a passage.
        generator: The model behind the ladder; None where only rules edit.
        prompt: Name of its template.
        limit: Longest article, in characters.
    """

    def __init__(self, ladder: Ladder, *, generator: Generator | None, prompt: str, limit: int = 200_000) -> None:
        self._ladder = ladder
        self._generator = generator
        self._prompt = prompt
        self._limit = limit

    def rewrite(self, text: str, *, style: str = "ap", seed: int = 0) -> Rewrite:
        """Rewrite an article.

        Raises:
            EmptyArticleError: It has no word.
            ArticleTooLongError: It is over the limit.
            NotEnglishError: It is in another language.
            UnknownStyleError: There is no such house style.
        """
        return self.rewrite_all([text], style=style, seed=seed)[0]

    def rewrite_all(self, texts: Sequence[str], *, style: str = "ap", seed: int = 0) -> list[Rewrite]:
        """Rewrite articles together, so that the runs of the model are full; each comes out as it would alone.

        Raises:
            CopydeskError: One of them cannot be rewritten, see ``rewrite``; none of them is.
        """
        for text in texts:
            self.require_rewritable(text, style=style)
        articles = [parse_article(text) for text in texts]
        blocks = [[self._passages(article, number) for number in range(len(article.blocks))] for article in articles]
        passages = [passage for article in blocks for block in article for passage in block]
        outcomes = iter(self._ladder.climb(passages, seed=seed))
        edited = [[[rewrite for _ in block for rewrite in next(outcomes)] for block in article] for article in blocks]
        return [self._join(article, found, style, seed) for article, found in zip(articles, edited, strict=True)]

    def require_rewritable(self, text: str, *, style: str = "ap") -> None:
        """Let an article pass that can be rewritten.

        Raises:
            CopydeskError: It cannot be, see ``rewrite``.
        """
        if style not in STYLES:
            raise UnknownStyleError(style, STYLES)
        if len(text) > self._limit:
            raise ArticleTooLongError(self._limit, len(text))
        if not any(character.isalnum() for character in text):
            raise EmptyArticleError
        if not reads_as_english(text):
            raise NotEnglishError

    def _join(self, article: Article, edited: Sequence[Sequence[PassageRewrite]], style: str, seed: int) -> Rewrite:
        copies = tuple(" ".join(rewrite.copy for rewrite in block if rewrite.copy) for block in edited)
        return Rewrite(
            copy=article.render(copies),
            passages=tuple(rewrite for block in edited for rewrite in block),
            provenance=Provenance(
                model=self._generator.name if self._generator else "rules",
                prompt=self._prompt if self._generator else "",
                style=style,
                version=metadata.version("copydesk"),
                seed=seed,
            ),
        )

    def _passages(self, article: Article, number: int) -> list[Passage]:
        block = article.blocks[number]
        words = block.span.of(article.text)
        spans = split_passages(words, limit=_PASSAGE_WORDS, measure=lambda sentence: len(sentence.split()))
        return [Passage(kind=block.kind, text=span.of(words)) for span in spans]
