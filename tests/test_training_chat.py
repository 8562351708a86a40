from __future__ import annotations

import numpy as np
import pytest

from service import chat
from service.annotation import Annotator
from training.chat import fit, label_sentences, matrix
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
    assert label_sentences(pairs, annotator) == [
        ("Buckle up, folks!", True),
        ("Police nabbed 12 protesters in Leeds on Friday.", False),
        ("Wow, what a ride!", True),
    ]


def test_short_sentences_of_the_copy_are_news(annotator: Annotator) -> None:
    assert label_sentences([Pair(casual="lol they lost it all", wire="No one was hurt.")], annotator) == [
        ("lol they lost it all", True),
        ("No one was hurt.", False),
    ]


def test_rows_of_the_matrix_have_unit_length_and_the_buckets_of_the_features() -> None:
    rows = matrix(SENTENCES)
    assert rows.shape == (len(SENTENCES), chat.BUCKETS)
    assert np.linalg.norm(rows.toarray(), axis=1).tolist() == pytest.approx([1] * len(SENTENCES))
    assert [set(row.indices.tolist()) for row in rows] == [chat.features(text).keys() for text in SENTENCES]


def test_the_service_computes_what_training_fitted() -> None:
    weights, intercept = chat._model()
    scores = matrix(SENTENCES) @ weights.astype(np.float64) + intercept
    expected = (1 / (1 + np.exp(-scores))).tolist()
    assert [chat.chat_probability(text) for text in SENTENCES] == pytest.approx(expected)


def test_a_fit_tells_chat_from_news_and_repeats() -> None:
    model = fit(TOY)
    texts = [text for text, _ in TOY]
    assert model.predict(matrix(texts)).tolist() == [label for _, label in TOY]
    assert model.predict(matrix(["Buckle up, right?", "The court fined 12 people."])).tolist() == [True, False]
    assert fit(TOY).coef_.tolist() == model.coef_.tolist()
