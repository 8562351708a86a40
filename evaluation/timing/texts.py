"""What is timed: articles of any length, put together from our own texts, and passages."""

from __future__ import annotations

from evaluation.corpus import Sample


def make_articles(samples: list[Sample], lengths: list[int]) -> list[str]:
    """Put paragraphs together to articles of at least so many words.

    Each article begins where the one before it ended, so that hardly a paragraph comes twice and no article can be
    done from what was seen in another; past the last paragraph comes the first.

    Args:
        samples: Where the paragraphs come from.
        lengths: Words of each article.
    """
    paragraphs = [paragraph for sample in samples for paragraph in sample.source.split("\n\n")]
    articles, place = [], 0
    for length in lengths:
        chosen: list[str] = []
        words = 0
        while words < length:
            chosen.append(paragraphs[place % len(paragraphs)])
            words += len(chosen[-1].split())
            place += 1
        articles.append("\n\n".join(chosen))
    return articles


def count_words(text: str) -> int:
    """Count words as wire copy is counted: by the spaces between them."""
    return len(text.split())
