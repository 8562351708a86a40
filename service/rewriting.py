"""The whole use case: an article goes in, wire copy and its fact ledger come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import metadata

from service.article import Article, parse_article
from service.brief import Brief, Mode
from service.errors import ArticleTooLongError, EmptyArticleError, NotEnglishError
from service.finishing import finish_all
from service.fixing import fix_all
from service.generation import Generator
from service.glossed import render_all
from service.ladder import Ladder
from service.language import reads_as_english
from service.passages import Passage, PassageRewrite, Status
from service.sentences import split_passages

_PASSAGE_WORDS = 170
# The first passage comes after a run of one; each group after it pays for its runs with four times as many passages.
_GROWTH = 4
_LARGEST_GROUP = 16


@dataclass(frozen=True)
class Provenance:
    """All that is needed to make a rewrite again.

    Attributes:
        model: Name and fingerprint of the model, or ``rules``.
        prompt: Name of the template.
        style: Name of the house style.
        version: Version of copydesk.
        seed: Seed of the sampled candidates.
        mode: How far the desk might go.
        protected: Terms that stay letter for letter.
        glossary: Terms of the source, and by what each is rendered.
    """

    model: str
    prompt: str
    style: str
    version: str
    seed: int
    mode: Mode = Mode.REWRITE
    protected: tuple[str, ...] = ()
    glossary: Mapping[str, str] = field(default_factory=dict)


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


@dataclass(frozen=True)
class Assignment:
    """An article that can be rewritten, cut into passages.

    Attributes:
        article: The article as filed.
        blocks: The passages of each of its blocks.
        provenance: How it is going to be made.
    """

    article: Article
    blocks: tuple[tuple[Passage, ...], ...]
    provenance: Provenance

    @property
    def passages(self) -> tuple[Passage, ...]:
        """The passages of all blocks, in order."""
        return tuple(passage for block in self.blocks for passage in block)

    def file(self, settled: Sequence[tuple[PassageRewrite, ...]]) -> Rewrite:
        """Write the copy.

        Args:
            settled: For each passage its rewrite, which may be in several parts.
        """
        outcomes = iter(settled)
        edited = [[rewrite for _ in block for rewrite in next(outcomes)] for block in self.blocks]
        copies = tuple(" ".join(rewrite.copy for rewrite in block if rewrite.copy) for block in edited)
        return Rewrite(
            copy=self.article.render(copies),
            passages=tuple(rewrite for block in edited for rewrite in block),
            provenance=self.provenance,
        )


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

    def asking(self, generator: Generator) -> Rewriter:
        """Give the same rewriter with another way to its model."""
        ladder = self._ladder.asking(generator)
        return Rewriter(ladder, generator=generator, prompt=self._prompt, limit=self._limit)

    def rewrite(self, text: str, *, brief: Brief | None = None, seed: int = 0) -> Rewrite:
        """Rewrite an article.

        Raises:
            EmptyArticleError: It has no word.
            ArticleTooLongError: It is over the limit.
            NotEnglishError: It is in another language.
        """
        return self.rewrite_all([text], briefs=[brief or Brief()], seed=seed)[0]

    def rewrite_all(self, texts: Sequence[str], *, briefs: Sequence[Brief], seed: int = 0) -> list[Rewrite]:
        """Rewrite articles together, so that the runs of the model are full; each comes out as it would alone.

        Args:
            texts: The articles.
            briefs: What is asked of the desk for each.
            seed: Seed of the sampled candidates.

        Raises:
            CopydeskError: One of them cannot be rewritten, see ``rewrite``; none of them is.
        """
        assignments = [self.assign(text, brief=brief, seed=seed) for text, brief in zip(texts, briefs, strict=True)]
        passages = [passage for assignment in assignments for passage in assignment.passages]
        settled = iter(self._settle(passages, seed=seed))
        return [assignment.file([next(settled) for _ in assignment.passages]) for assignment in assignments]

    def require_rewritable(self, text: str) -> None:
        """Let an article pass that can be rewritten.

        Raises:
            EmptyArticleError: It has no word.
            ArticleTooLongError: It is over the limit.
            NotEnglishError: It is in another language.
        """
        if len(text) > self._limit:
            raise ArticleTooLongError(self._limit, len(text))
        if not any(character.isalnum() for character in text):
            raise EmptyArticleError
        if not reads_as_english(text):
            raise NotEnglishError

    def assign(self, text: str, *, brief: Brief | None = None, seed: int = 0) -> Assignment:
        """Take an article on, without rewriting any of it yet.

        Raises:
            CopydeskError: It cannot be rewritten, see ``require_rewritable``.
        """
        self.require_rewritable(text)
        brief = brief or Brief()
        article = parse_article(text)
        # Rules alone mend faults.
        generator = self._generator if brief.mode is Mode.REWRITE else None
        return Assignment(
            article=article,
            blocks=tuple(_passages(article, number, brief) for number in range(len(article.blocks))),
            provenance=Provenance(
                model=generator.name if generator else "rules",
                prompt=self._prompt if generator else "",
                style=brief.style.name,
                version=metadata.version("copydesk"),
                seed=seed,
                mode=brief.mode,
                protected=brief.terms.protected,
                glossary=dict(brief.terms.glossary),
            ),
        )

    def settle(self, assignment: Assignment) -> Iterator[list[tuple[PassageRewrite, ...]]]:
        """Rewrite an article group by group, so that its first passages are there before its last.

        What comes out is what ``rewrite`` gives: a passage does not depend on those that share its group.

        Returns:
            Group by group, for each passage its rewrite, which may be in several parts.
        """
        for group in _groups(assignment.passages):
            yield self._settle(group, seed=assignment.provenance.seed)

    def _settle(self, passages: Sequence[Passage], *, seed: int) -> list[tuple[PassageRewrite, ...]]:
        rendered = render_all(passages)
        asked: dict[Mode, list[Passage]] = {mode: [] for mode in Mode}
        for passage in rendered.passages:
            asked[passage.brief.mode].append(passage)
        drafted = [replace(passage, brief=passage.brief.for_drafts) for passage in asked[Mode.REWRITE]]
        climbed = self._ladder.climb(drafted, seed=seed)
        settled = {
            Mode.REWRITE: iter(finish_all(self._ladder.checker, asked[Mode.REWRITE], climbed)),
            Mode.FIX: iter(fix_all(self._ladder.checker, asked[Mode.FIX])),
        }
        return rendered.back([next(settled[passage.brief.mode]) for passage in passages])


def _groups(passages: Sequence[Passage]) -> Iterator[Sequence[Passage]]:
    """Begin with one passage, for the reader who waits, and go on with ever more, for the model's batches."""
    start, size = 0, 1
    while start < len(passages):
        yield passages[start : start + size]
        start, size = start + size, min(_GROWTH * size, _LARGEST_GROUP)


def _passages(article: Article, number: int, brief: Brief) -> tuple[Passage, ...]:
    block = article.blocks[number]
    words = block.span.of(article.text)
    if brief.mode is Mode.FIX:  # No model has to take it, so that all blanks between its sentences stay.
        return (Passage(kind=block.kind, text=words, brief=brief),) if words.strip() else ()
    spans = split_passages(words, limit=_PASSAGE_WORDS, measure=lambda sentence: len(sentence.split()))
    return tuple(Passage(kind=block.kind, text=span.of(words), brief=brief) for span in spans)
