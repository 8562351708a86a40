import random
import tomllib
from functools import partial
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
from training.verifier import Config, badness_of, export, rate_at, run, step_loss
from training.verifier_examples import Group, batches, make_batch, make_groups, make_step, split_all, vary
from training.verifier_model import CrossEncoder

SOURCE = "So the mayor axed 40 bus routes on Tuesday, lol."
COPY = "The mayor cut 40 bus routes on Tuesday."
WRONG = "The mayor cut 90 bus routes on Tuesday."


@pytest.fixture(scope="module")
def splitter() -> Splitter:
    return Splitter()


@pytest.fixture
def model() -> CrossEncoder:
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=30_522, hidden_size=48, num_hidden_layers=2, num_attention_heads=4, intermediate_size=64
    )
    encoder = BertModel(config, add_pooling_layer=False)
    return CrossEncoder(encoder, dropout=0.0)


def groups_of(splitter: Splitter, *groups: list[Judged]) -> list[Group]:
    return make_groups(groups, split_all((one for group in groups for one in group), splitter), {}, splitter)


def figure_changed() -> Judged:
    place = WRONG.index("90")
    return unfaithful(
        SOURCE,
        WRONG,
        "figure_changed",
        source_spans=[Span(SOURCE.index("40"), SOURCE.index("40") + 2)],
        copy_spans=[Span(place, place + 2)],
    )


def test_an_example_marks_the_wrong_words_on_both_sides(splitter: Splitter) -> None:
    [[example]] = groups_of(splitter, [figure_changed()])
    stated, rewritten = splitter.split([SOURCE, WRONG])
    lost = example.words[1 : 1 + len(stated)]
    wrong = example.words[example.border : -1]
    assert [span.of(SOURCE) for span, mark in zip(stated.spans, lost, strict=True) if mark] == ["40"]
    assert [span.of(WRONG) for span, mark in zip(rewritten.spans, wrong, strict=True) if mark] == ["90"]


def test_what_was_made_of_one_source_stays_in_one_batch(splitter: Splitter) -> None:
    group = [faithful(SOURCE, COPY), figure_changed()]
    groups = groups_of(splitter, *[group] * 5)
    found = batches(groups, 120, random.Random(0))
    assert len(found) > 1
    assert sum(len(batch) for batch in found) == 5
    assert all(len(group) == 2 for batch in found for group in batch)


def test_copies_are_compared_with_those_of_their_own_source_only(splitter: Splitter) -> None:
    group = [faithful(SOURCE, COPY), figure_changed(), figure_changed()]
    step = make_step(groups_of(splitter, group, [faithful(COPY, COPY)]))
    assert step.compared.tolist() == [[0, 0, 0, 0], [0.5, 0, 0, 0], [0.5, 0, 0, 0], [0, 0, 0, 0]]


def test_learning_lowers_the_loss_and_puts_the_wrong_copy_behind_the_right_one(
    splitter: Splitter, model: CrossEncoder
) -> None:
    [group] = groups_of(splitter, [faithful(SOURCE, COPY), figure_changed()])
    step = make_step([group])
    model.train(mode=False)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    before = step_loss(model, step).item()
    for _ in range(30):
        optimizer.zero_grad()
        torch.autograd.backward(step_loss(model, step))
        optimizer.step()
    assert step_loss(model, step).item() < before
    right, wrong = badness_of(run(model, step.batch)[0]).tolist()
    assert wrong > right


def test_what_is_not_known_counts_nothing(splitter: Splitter, model: CrossEncoder) -> None:
    [[example]] = groups_of(splitter, [Judged(SOURCE, COPY, unsupported=False, lost=None)])
    assert example.pair == (0.0, -1.0)
    assert set(example.words.tolist()) == {-1.0}
    assert torch.isfinite(step_loss(model, make_step([[example]])))


def test_a_text_without_words_is_left_out(splitter: Splitter) -> None:
    assert groups_of(splitter, [faithful(SOURCE, "")]) == []


def test_all_faithful_copies_are_shown_and_some_of_the_others() -> None:
    group = [faithful(SOURCE, COPY), *[figure_changed()] * 9]
    for seed in range(20):
        shown = vary(group, random.Random(seed), 4)
        assert len(shown) == 5
        assert sum(not (one.unsupported or one.lost) for one in shown) == 1


def test_a_faithful_copy_that_takes_the_place_of_the_source_takes_its_verdicts() -> None:
    dropped = unfaithful(SOURCE, "The mayor cut 40 bus routes.", "fact_omitted", copy_spans=[])
    shown = [one for seed in range(60) for one in vary([faithful(SOURCE, COPY), dropped], random.Random(seed), 4)]
    beside_copy = [one for one in shown if one.source == COPY and one.copy == dropped.copy]
    exchanged = [one for one in shown if one.source == dropped.copy]
    assert {(one.unsupported, one.lost, one.error) for one in beside_copy} == {(False, True, "fact_omitted")}
    assert {(one.unsupported, one.lost, one.error) for one in exchanged} == {(True, False, "detail_added")}


def test_the_exported_file_reads_like_the_model(
    splitter: Splitter, model: CrossEncoder, annotator: Annotator, tmp_path: Path
) -> None:
    model.train(mode=False)
    export(model, tmp_path / "verifier.onnx")
    [[example]] = groups_of(splitter, [faithful(SOURCE, COPY)])
    with torch.inference_mode():
        pair, errors, words = run(model, make_batch([example]))
    source, copy = (Text(one.text, partial(sentences_of, one)) for one in annotator.annotate([SOURCE, COPY]))
    for name, tolerance in (("verifier.float32.onnx", 0.01), ("verifier.onnx", 0.3)):
        [reading] = Verifier(tmp_path / name, splitter, threads=1).read([(source, copy)])
        assert reading is not None
        assert [reading.unsupported, reading.lost] == pytest.approx(pair[0].tolist(), abs=tolerance)
        assert list(reading.errors) == pytest.approx(errors[0].tolist(), abs=tolerance)
        read = [logit for _, logit in reading.copy_words]
        assert read == pytest.approx(words[0, example.border : -1].tolist(), abs=tolerance)


def test_the_rate_rises_and_falls() -> None:
    rates = [rate_at(step / 100, 1e-3) for step in range(100)]
    assert max(rates) == pytest.approx(1e-3, rel=0.05)
    assert rates[0] < rates[1]
    assert rates[-1] == pytest.approx(2e-5, rel=0.01)


def test_the_recipe_says_all_that_a_run_needs() -> None:
    config = Config(**tomllib.loads(Path("training/verifier.toml").read_text(encoding="utf-8")))
    shipped = {path.as_posix() for path in Path("training/data").glob("gate_*.jsonl")}
    assert shipped <= config.train.keys()
    assert set(config.named) <= shipped
    assert set(config.kept) == shipped
