from __future__ import annotations

from evaluation.corpus import read_articles
from evaluation.quality.entailment import entailment
from evaluation.quality.measure import Score

SOURCE = "So get this: Mayor Ana Ruiz axed 40 bus routes on Tuesday, lol. She says it'll save $3 million a year."
COPY = "Mayor Ana Ruiz cut 40 bus routes on Tuesday. She said it would save $3 million a year."
[ARTICLE, OTHER, *_] = read_articles()


def test_a_faithful_copy_is_supported_and_covers_its_source() -> None:
    assert entailment().supported(SOURCE, COPY) == Score(1, 1)
    assert entailment().covered(SOURCE, COPY) == Score(1, 1)


def test_an_addition_is_not_supported() -> None:
    added = f"{COPY} The governor plans to sue the city over the decision in federal court."
    assert entailment().supported(SOURCE, added) == Score(0, 1)


def test_a_lost_sentence_is_not_covered() -> None:
    assert entailment().covered(SOURCE, "Mayor Ana Ruiz cut 40 bus routes on Tuesday.") == Score(0, 1)


def test_a_long_article_is_read_in_chunks_beside_what_is_like_them() -> None:
    score = entailment().supported(ARTICLE.source, ARTICLE.source)
    assert score is not None
    assert score.hits == score.of > 3


def test_an_invented_paragraph_in_a_long_copy_costs_a_chunk() -> None:
    whole = entailment().supported(ARTICLE.source, ARTICLE.source)
    other = max(OTHER.reference.split("\n\n"), key=len)
    added = entailment().supported(ARTICLE.source, f"{ARTICLE.source}\n\n{other}")
    assert whole is not None
    assert added is not None
    assert added.of > whole.of
    assert added.hits < added.of


def test_a_sentence_longer_than_the_verifier_reads_is_read_in_parts() -> None:
    endless = "and the mayor cut " * 200
    score = entailment().supported(endless, endless)
    assert score is not None
    assert score.of > 1


def test_nothing_is_covered_by_nothing_and_nothing_is_judged_of_nothing() -> None:
    assert entailment().covered(SOURCE, "") == Score(0, 1)
    assert entailment().supported(SOURCE, "") is None
    assert entailment().supported("", COPY) == Score(0, 1)
    assert entailment().covered("", COPY) is None


def test_a_reading_repeats() -> None:
    assert entailment().supported(OTHER.source, OTHER.reference) == entailment().supported(
        OTHER.source, OTHER.reference
    )
