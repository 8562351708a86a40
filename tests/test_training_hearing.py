"""What the rewriter learns of changes is what the service hears of them."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import torch

from service.hearing import Probe
from service.hearing import see as see_one
from service.prompts import Prompt
from service.seq2seq import TransformersGenerator
from tests.tiny import llama, save_tokenizer
from training.changes import Change, read_changes
from training.hearing import Ear, HeardChange, batches_of_changes, encode_changes, loss_of_changes, see
from training.labelled import fitted_sources

CPU = torch.device("cpu")
CHANGES = [
    Change("mayor said ferry will stop lol", "the mayor said ferry will stop", "the mayor said the ferry", right=False),
    Change("mayor said ferry will stop lol", "the mayor said ferry will stop", "ferry will stop", right=True),
    Change("bridge would close", "bridge would close", "bridge would close on monday", right=True),
    Change("bridge would close", "bridge would close", "bridge", right=False),
]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hearing")
    llama().save_pretrained(folder)
    save_tokenizer(folder)
    return folder


@pytest.fixture(scope="module")
def generator(checkpoint: Path) -> TransformersGenerator:
    return TransformersGenerator.load(str(checkpoint), prompt=Prompt.load("wire.v1"), with_states=True)


@pytest.fixture(scope="module")
def heard(generator: TransformersGenerator) -> list[HeardChange]:
    return encode_changes(CHANGES, generator._tokenizer, Prompt.load("wire.v1"))


def test_what_is_learned_from_is_what_the_service_looks_at(
    generator: TransformersGenerator, heard: list[HeardChange]
) -> None:
    with torch.no_grad():
        seen, likelier = see(llama().train(mode=False), heard, CPU)
    for row, gain, change in zip(seen, likelier, CHANGES, strict=True):
        before, after = generator.follow(change.source, [change.before, change.after])
        expected = see_one(before, after)
        assert expected is not None
        assert row.numpy() == pytest.approx(expected, abs=2e-4)
        assert float(gain) == pytest.approx(float(after.likely.sum() - before.likely.sum()), abs=2e-4)


def test_a_few_steps_teach_the_model_which_changes_are_right(heard: list[HeardChange]) -> None:
    torch.manual_seed(0)
    model = llama()
    with torch.no_grad():
        seen, _ = see(model, heard, CPU)
    ear = Ear(seen.shape[1])
    ear.settle(seen)
    optimiser = torch.optim.Adam([*model.parameters(), *ear.parameters()], lr=3e-3)
    for _ in range(30):
        loss = loss_of_changes(model, ear, heard, CPU)
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    with torch.no_grad():
        seen, likelier = see(model, heard, CPU)
        found = ear.train(mode=False)(seen)
    assert [logit > 0 for logit in found.tolist()] == [change.right for change in CHANGES]
    assert [gain > 0 for gain in likelier.tolist()] == [change.right for change in CHANGES]


def test_what_ships_of_an_ear_is_the_same_but_for_half_precision(tmp_path: Path) -> None:
    torch.manual_seed(1)
    ear = Ear(30).train(mode=False)
    ear.settle(torch.randn(50, 30) * 3 + 1)
    ear.write(tmp_path / "probe.npz")
    row = torch.randn(1, 30)
    with torch.no_grad():
        expected = float(ear(row)[0])
    assert Probe.load(tmp_path / "probe.npz").logit(row[0].numpy()) == pytest.approx(expected, abs=0.02)


def test_batches_hold_every_change_once_and_keep_to_the_size(heard: list[HeardChange]) -> None:
    many = [one for number in range(12) for one in _numbered(heard, number)]
    found = batches_of_changes(many, 200, random.Random(0))
    assert sorted(map(id, (one for batch in found for one in batch))) == sorted(map(id, many))
    for batch in found:
        rows = {(one.prompt, text) for one in batch for text in (one.before, one.after)}
        assert len(rows) * max(one.longest for one in batch) <= 200 or len({one.prompt for one in batch}) == 1
    assert found == batches_of_changes(many, 200, random.Random(0))


def _numbered(heard: list[HeardChange], number: int) -> list[HeardChange]:
    return [HeardChange((number, *one.prompt), one.before, one.after, one.places, right=one.right) for one in heard]


def test_nothing_that_trust_is_fitted_on_is_learned_from() -> None:
    learned = {change.source for change in read_changes()}
    fitted = fitted_sources()
    assert (len(fitted) > 2_000, len(learned) > 10_000, bool(fitted & learned)) == (True, True, False)
