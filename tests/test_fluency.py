from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

from evaluation.quality.fluency import Fluency
from evaluation.quality.measure import Score
from tests.tiny import SPECIAL, WORDS, llama, save_tokenizer

TEXT = "the mayor said ferry will stop"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    save_tokenizer(folder)
    llama().save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def fluency(folder: Path) -> Fluency:
    return Fluency(folder)


def bits(score: Score | None) -> float:
    assert score is not None
    return score.hits


def test_the_bits_are_those_of_each_word_after_the_ones_before_it(fluency: Fluency) -> None:
    # The tiny tokenizer does not know the mark that begins a document.
    ids = [SPECIAL.index("<unk>"), *(len(SPECIAL) + WORDS.index(word) for word in TEXT.split())]
    with torch.inference_mode():
        rows = torch.log_softmax(llama()(torch.tensor([ids])).logits[0], dim=-1)
    expected = -sum(float(rows[place, token]) for place, token in enumerate(ids[1:])) / math.log(2)
    score = fluency.score(TEXT)
    assert score is not None
    assert score.of == 6
    assert score.hits == pytest.approx(expected, rel=1e-5)


def test_paragraphs_add_up(fluency: Fluency) -> None:
    both = fluency.score(f"{TEXT}\n\nferry will stop\n\n")
    assert both is not None
    assert both.of == 9
    assert both.hits == pytest.approx(bits(fluency.score(TEXT)) + bits(fluency.score("ferry will stop")))


def test_a_long_paragraph_is_read_to_its_last_word(fluency: Fluency) -> None:
    long = " ".join(["the mayor said"] * 250)
    score = fluency.score(long)
    assert score is not None
    assert score.of == 750
    assert bits(fluency.score(f"{long} ferry")) > score.hits


def test_a_text_of_no_words_is_not_measured(fluency: Fluency) -> None:
    assert fluency.score(" \n\n ") is None
