import random
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel

from service.alignment import sentences_of
from service.annotation import Annotator
from service.pieces import Splitter
from service.spans import Span
from service.verifier import Text, Verifier
from training.judged import Judged, faithful, unfaithful
from training.verifier import badness_of, batch_loss, export, rate_at, run
from training.verifier_examples import Encoder, Group, batches, make_groups
from training.verifier_model import WIDTH, Comparer, VerifierModel

SOURCE = "So the mayor axed 40 bus routes on Tuesday, lol."
COPY = "The mayor cut 40 bus routes on Tuesday."
WRONG = "The mayor cut 90 bus routes on Tuesday."


@pytest.fixture(scope="module")
def encoder() -> BertModel:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30_522, hidden_size=WIDTH, num_hidden_layers=6, num_attention_heads=12, intermediate_size=64
    )
    config._attn_implementation = "eager"
    model = BertModel(config, add_pooling_layer=False)
    model.train(mode=False)
    model.requires_grad_(False)
    return model


@pytest.fixture
def comparer() -> Comparer:
    torch.manual_seed(0)
    return Comparer(width=32, layers=1, dropout=0.0)


def groups_of(encoder: BertModel, *groups: list[Judged]) -> list[Group]:
    texts = dict.fromkeys(text for group in groups for one in group for text in (one.source, one.copy))
    return make_groups(groups, Encoder(encoder).encode(list(texts)))


def figure_changed() -> Judged:
    place = WRONG.index("90")
    return unfaithful(
        SOURCE,
        WRONG,
        "figure_changed",
        source_spans=[Span(SOURCE.index("40"), SOURCE.index("40") + 2)],
        copy_spans=[Span(place, place + 2)],
    )


def test_an_example_marks_the_wrong_words_on_both_sides(encoder: BertModel) -> None:
    [[example]] = groups_of(encoder, [figure_changed()])
    wrong = [span.of(WRONG) for span, mark in zip(example.copy.pieces.spans, example.copy_words, strict=True) if mark]
    lost = [
        span.of(SOURCE) for span, mark in zip(example.source.pieces.spans, example.source_words, strict=True) if mark
    ]
    assert (wrong, lost) == (["90"], ["40"])


def test_what_was_made_of_one_source_stays_in_one_batch(encoder: BertModel) -> None:
    group = [faithful(SOURCE, COPY), figure_changed()]
    groups = groups_of(encoder, *[group] * 5)
    found = batches(groups, 60, random.Random(0))
    assert len(found) > 1
    assert sum(len(batch) for batch in found) == 5
    assert all(len(group) == 2 for batch in found for group in batch)


def test_learning_lowers_the_loss_and_puts_the_wrong_copy_behind_the_right_one(
    encoder: BertModel, comparer: Comparer
) -> None:
    groups = groups_of(encoder, [faithful(SOURCE, COPY), figure_changed()])
    optimizer = torch.optim.AdamW(comparer.parameters(), lr=1e-3)
    before = batch_loss(comparer, groups).item()
    for _ in range(30):
        optimizer.zero_grad()
        torch.autograd.backward(batch_loss(comparer, groups))
        optimizer.step()
    assert batch_loss(comparer, groups).item() < before
    right, wrong = badness_of(run(comparer, groups[0])[0]).tolist()
    assert wrong > right


def test_what_is_not_known_counts_nothing(encoder: BertModel, comparer: Comparer) -> None:
    known = Judged(SOURCE, COPY, unsupported=False, lost=None)
    [[example]] = groups_of(encoder, [known])
    assert example.pair == (0.0, -1.0)
    assert set(example.copy_words.tolist()) == {-1.0}
    assert torch.isfinite(batch_loss(comparer, [[example]]))


def test_a_text_without_words_is_left_out(encoder: BertModel) -> None:
    assert groups_of(encoder, [faithful(SOURCE, "")]) == []


def test_the_exported_file_reads_like_the_model(
    encoder: BertModel, comparer: Comparer, annotator: Annotator, tmp_path: Path
) -> None:
    comparer.train(mode=False)
    export(VerifierModel(encoder, comparer), tmp_path / "verifier.onnx")
    [[example]] = groups_of(encoder, [faithful(SOURCE, COPY)])
    with torch.inference_mode():
        pair, errors, _, copy_words = run(comparer, [example])
    source, copy = (Text(one, sentences_of(one)) for one in annotator.annotate([SOURCE, COPY]))
    longer = Text(*((one := annotator.annotate([SOURCE + " " + SOURCE])[0]), sentences_of(one)))
    for name, tolerance in (("verifier.float32.onnx", 0.01), ("verifier.onnx", 0.3)):
        # The second pair makes the batch wider: padding must change nothing.
        reading = Verifier(tmp_path / name, Splitter(), threads=1).read([(source, copy), (longer, copy)])[0]
        assert reading is not None
        assert [reading.unsupported, reading.lost] == pytest.approx(pair[0].tolist(), abs=tolerance)
        assert list(reading.errors) == pytest.approx(errors[0].tolist(), abs=tolerance)
        assert [logit for _, logit in reading.copy_words] == pytest.approx(copy_words[0].tolist(), abs=tolerance)


def test_the_rate_rises_and_falls() -> None:
    rates = [rate_at(step, 100, 1e-3) for step in range(100)]
    assert max(rates) == pytest.approx(1e-3)
    assert rates[0] < rates[1]
    assert rates[-1] == pytest.approx(2e-5, rel=0.01)
