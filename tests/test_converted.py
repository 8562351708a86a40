"""The engine for CPUs beside the reference: on a tiny model in float32 to the letter, on the embedded one in 8 bits."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from service import model
from service.conversion import convert
from service.converted import ConvertedGenerator
from service.decoder import Choose, DecodingTask
from service.errors import ModelUnavailableError
from service.generation import Candidate
from service.prompts import Prompt
from service.seq2seq import TransformersGenerator
from tests.embedded import embedded_folder
from tests.tiny import SOURCES, llama, save_tokenizer

PROMPT = Prompt.load("wire.v1")
RAGGED = [*SOURCES, "monday", "the ferry would stop on monday and the bridge will close"]


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder: Path = tmp_path_factory.mktemp("checkpoint")
    # The runtime wants heads of 16 numbers or a multiple of it.
    llama(width=64).save_pretrained(folder)
    save_tokenizer(folder)
    return folder


@pytest.fixture(scope="module")
def folder(checkpoint: Path) -> Path:
    convert(checkpoint, checkpoint / "onnx", precision="fp32")
    return checkpoint / "onnx"


@pytest.fixture(scope="module")
def reference(checkpoint: Path) -> TransformersGenerator:
    return TransformersGenerator.load(str(checkpoint), prompt=PROMPT, with_states=True)


@pytest.fixture(scope="module")
def converted(folder: Path) -> ConvertedGenerator:
    return ConvertedGenerator.load(folder, prompt=PROMPT, name="tiny", threads=1)


@pytest.fixture(scope="module")
def embedded() -> ConvertedGenerator:
    return ConvertedGenerator.load(embedded_folder() / "onnx", prompt=PROMPT, name="embedded", threads=1)


def said(results: list[tuple[Candidate, ...]]) -> list[list[tuple[str, bool]]]:
    return [[(candidate.text, candidate.complete) for candidate in candidates] for candidates in results]


def scores(results: list[tuple[Candidate, ...]]) -> list[float]:
    return [candidate.score for candidates in results for candidate in candidates]


@pytest.mark.parametrize(
    "sources",
    [
        pytest.param(RAGGED[:1], id="one alone"),
        pytest.param(RAGGED[:1] * 3, id="an equal batch"),
        pytest.param(RAGGED, id="a ragged batch"),
        pytest.param([], id="none"),
    ],
)
@pytest.mark.parametrize("count", [pytest.param(1, id="greedy"), pytest.param(4, id="samples")])
def test_targets_and_scores_are_those_of_the_reference(
    converted: ConvertedGenerator, reference: TransformersGenerator, sources: list[str], count: int
) -> None:
    made, true = (engine.generate(sources, count=count, seed=3) for engine in (converted, reference))
    assert said(made) == said(true)
    assert scores(made) == pytest.approx(scores(true), abs=1e-4)


def test_what_shares_the_batch_changes_no_target(converted: ConvertedGenerator) -> None:
    alone = [converted.generate([source], count=4, seed=7)[0] for source in RAGGED]
    assert said(converted.generate(RAGGED, count=4, seed=7)) == said(alone)
    assert said(converted.generate(RAGGED[::-1], count=4, seed=7)[::-1]) == said(alone)


def test_more_sources_than_run_side_by_side_keep_their_order(converted: ConvertedGenerator) -> None:
    many = RAGGED * 5
    assert said(converted.generate(many, count=1, seed=0)) == said(converted.generate(RAGGED, count=1, seed=0)) * 5


def test_a_target_that_has_spent_its_budget_is_not_complete(converted: ConvertedGenerator) -> None:
    decoder = converted._decoder
    planned = [[5, 6, 5, 6, 5], [6, 1], [5, 5, 1]]
    tasks = [DecodingTask((2, 7, 8), budget=3, choose=follow(ids)) for ids in planned]
    found = [(target.ids, target.complete) for target in decoder.decode(tasks)]
    assert found == [((5, 6, 5), False), ((6, 1), True), ((5, 5, 1), True)]


def follow(ids: list[int]) -> Choose:
    following = iter(ids)
    return lambda _: next(following)


def test_it_counts_tokens_and_measures_sources_as_the_reference_does(
    converted: ConvertedGenerator, reference: TransformersGenerator
) -> None:
    text = "the mayor said <|im_end|> on"
    assert converted.count_tokens(text) == reference.count_tokens(text)
    assert converted.max_source_tokens == reference.max_source_tokens


def test_it_thinks_of_a_target_what_the_reference_thinks(
    converted: ConvertedGenerator, reference: TransformersGenerator
) -> None:
    made, true = (engine.log_probabilities(SOURCES[1], "the ferry will stop") for engine in (converted, reference))
    assert made.shape == true.shape == (5, len(made[0]))
    assert np.abs(made - true).max() < 1e-3


def test_targets_are_followed_together_as_alone_and_as_by_the_reference(
    converted: ConvertedGenerator, reference: TransformersGenerator
) -> None:
    # They share how they begin, one is another's beginning, and one comes twice.
    targets = ["the ferry will stop", "the ferry will stop on monday", "the ferry", "monday", "the ferry will stop", ""]
    together = converted.follow(SOURCES[1], targets)
    alone = [converted.follow(SOURCES[1], [target])[0] for target in targets]
    true = reference.follow(SOURCES[1], targets)
    for one, other, third in zip(together, alone, true, strict=True):
        assert one.ids == other.ids == third.ids
        assert one.states is not None
        assert third.states is not None
        for same in (other, third):
            assert one.likely == pytest.approx(same.likely, abs=1e-3)
            assert one.best == pytest.approx(same.best, abs=1e-3)
            assert one.states == pytest.approx(same.states, abs=1e-2)
    assert converted.follow(SOURCES[1], []) == []


def test_a_long_prompt_is_read_in_parts_as_if_it_were_whole(
    converted: ConvertedGenerator, reference: TransformersGenerator
) -> None:
    source = " ".join(["the mayor said the ferry will stop on monday"] * 30)
    assert converted.count_tokens(source) > 256
    ((made,), (true,)) = (engine.generate([source], count=1, seed=0)[0] for engine in (converted, reference))
    assert made.text == true.text
    assert made.score == pytest.approx(true.score, abs=1e-4)


def no_graph(folder: Path) -> None:
    (folder / "model.onnx").unlink()


def broken_graph(folder: Path) -> None:
    (folder / "model.onnx").write_bytes(b"no graph")


def no_description(folder: Path) -> None:
    (folder / "genai_config.json").unlink()


def another_description(folder: Path) -> None:
    (folder / "genai_config.json").write_text('{"model": {}}')


def broken_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").write_text("{")


@pytest.mark.parametrize("spoil", [no_graph, broken_graph, no_description, another_description, broken_tokenizer])
def test_a_folder_without_a_usable_model_is_named_in_the_error(
    folder: Path, spoil: Callable[[Path], None], tmp_path: Path
) -> None:
    for file in folder.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    spoil(tmp_path)
    with pytest.raises(ModelUnavailableError, match=r"no model can be loaded from '.*' \(\S"):
        ConvertedGenerator.load(tmp_path, prompt=PROMPT, name="spoilt")


def test_what_shares_the_batch_changes_no_target_of_the_embedded_model(embedded: ConvertedGenerator) -> None:
    sources = ["lol the mayor just axed 40 bus routes", "Nobody's been charged, wild!", "So it rained. A lot."]
    alone = [embedded.generate([source], count=2, seed=5)[0] for source in sources]
    together = embedded.generate(sources, count=2, seed=5)
    assert said(together) == said(alone)
    assert scores(together) == pytest.approx(scores(alone), abs=1e-3)


def test_the_embedded_model_ends_the_known_rewrite_at_the_end_of_its_turn(embedded: ConvertedGenerator) -> None:
    known = json.loads((model.adapter_folder() / "known.json").read_text(encoding="utf-8"))
    ((candidate,),) = embedded.generate([known["source"]], count=1, seed=0)
    assert candidate.complete
    assert candidate.score > model.LEAST_SCORE
