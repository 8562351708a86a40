from __future__ import annotations

import numpy as np
import pytest

from service import classifier
from service.annotation import Annotator
from training.classifiers import fit, label_chat, label_register, matrix
from training.examples import Pair

SENTENCES = ["Buckle up, folks!", "Police arrested 12 people in Leeds on Friday.", "Wild, right?", "", "no no no no"]
TOY = [
    ("Buckle up, folks!", True),
    ("Wild, right, folks?", True),
    ("You can't make this up!", True),
    ("Police arrested 12 people in Leeds.", False),
    ("The court fined the company $4 million.", False),
    ("Profit rose 6% to $412 million.", False),
]


def test_a_sentence_is_chat_if_the_copy_shares_nothing_with_it_and_news_if_it_shares_most(
    annotator: Annotator,
) -> None:
    pairs = [
        Pair(
            casual="Buckle up, folks! Police nabbed 12 protesters in Leeds on Friday. "
            "The weather in Leeds was lousy, cold and damp.",
            wire="Police arrested 12 protesters in Leeds on Friday, officials said after the march had ended.",
        ),
        Pair(casual="Same on both sides.", wire="Same on both sides."),
        Pair(casual="Wow, what a ride!", wire=""),
    ]
    assert label_chat(pairs, annotator) == [
        ("Buckle up, folks!", True),
        ("Police nabbed 12 protesters in Leeds on Friday.", False),
        ("Wow, what a ride!", True),
    ]


def test_short_sentences_of_the_copy_are_news(annotator: Annotator) -> None:
    assert label_chat([Pair(casual="lol they lost it all", wire="No one was hurt.")], annotator) == [
        ("lol they lost it all", True),
        ("No one was hurt.", False),
    ]


def test_rows_of_the_matrix_have_unit_length_and_the_buckets_of_the_features() -> None:
    rows = matrix(SENTENCES)
    assert rows.shape == (len(SENTENCES), classifier.BUCKETS)
    assert np.linalg.norm(rows.toarray(), axis=1).tolist() == pytest.approx([1] * len(SENTENCES))
    assert [set(row.indices.tolist()) for row in rows] == [classifier.features(text).keys() for text in SENTENCES]


def test_the_service_computes_what_training_fitted() -> None:
    weights, intercept = classifier._load("chat")
    scores = matrix(SENTENCES) @ weights.astype(np.float64) + intercept
    expected = (1 / (1 + np.exp(-scores))).tolist()
    assert [classifier.probability("chat", text) for text in SENTENCES] == pytest.approx(expected)


def test_a_fit_tells_chat_from_news_and_repeats() -> None:
    model = fit(TOY)
    texts = [text for text, _ in TOY]
    assert model.predict(matrix(texts)).tolist() == [label for _, label in TOY]
    assert model.predict(matrix(["Buckle up, right?", "The court fined 12 people."])).tolist() == [True, False]
    assert fit(TOY).coef_.tolist() == model.coef_.tolist()


def test_sentences_of_both_sides_are_told_apart_unless_they_are_the_same() -> None:
    pair = Pair(casual="So it sank, lol. He left. “Wow,” he said.", wire='It sank. He left. "Wow," he said.')
    assert label_register([pair]) == [
        ('"[1]," he said.', True),
        ("He left.", True),
        ("It sank.", True),
        ("So it sank, lol.", False),
    ]
