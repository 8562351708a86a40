"""The reference engine on tiny models made here; nothing is fetched."""

import math
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import PreTrainedModel

from service.errors import ModelUnavailableError
from service.generation import Candidate
from service.prompts import Prompt
from service.seq2seq import TransformersGenerator, use_threads
from tests.tiny import SOURCES, SPECIAL, WORDS, llama, save_tokenizer, t5


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    """Threads cost a model this small more than they bring."""
    threads = torch.get_num_threads()
    use_threads(1)
    yield
    use_threads(threads)


@pytest.fixture(params=[llama, t5], ids=["causal", "encoder-decoder"], scope="module")
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("checkpoint")
    build: Callable[[], PreTrainedModel] = request.param
    build().save_pretrained(path)
    save_tokenizer(path)
    return path


@pytest.fixture(scope="module")
def generator(folder: Path) -> TransformersGenerator:
    return TransformersGenerator.load(str(folder), prompt=Prompt.load("wire.v1"))


@pytest.fixture
def causal_folder(tmp_path: Path) -> Path:
    llama().save_pretrained(tmp_path / "tiny")
    save_tokenizer(tmp_path / "tiny")
    return tmp_path / "tiny"


def texts(results: list[tuple[Candidate, ...]]) -> list[list[str]]:
    return [[candidate.text for candidate in candidates] for candidates in results]


def test_a_folder_gives_its_name(generator: TransformersGenerator, folder: Path) -> None:
    assert generator.name == folder.name


def test_a_source_counts_in_the_tokens_of_the_model(generator: TransformersGenerator) -> None:
    assert generator.count_tokens("the mayor said") == 3


def test_the_greedy_target_and_its_score_are_those_of_transformers(generator: TransformersGenerator) -> None:
    model: Any = generator._model
    tokenizer: Any = generator._tokenizer
    prompt = generator._prompt.render(SOURCES[0]) if generator._prompt else SOURCES[0]
    ids = tokenizer(prompt, add_special_tokens=generator._prompt is None, return_tensors="pt")["input_ids"]
    budget = ids.shape[1] + 24
    options = {"return_dict_in_generate": True, "output_logits": True, "do_sample": False}
    with torch.inference_mode():
        output = model.generate(ids, max_new_tokens=budget, **options)
    logs = torch.stack(output.logits, dim=1)[0].log_softmax(dim=-1).amax(dim=-1)
    ((candidate,),) = generator.generate(SOURCES[:1], count=1, seed=0)
    assert candidate.text == tokenizer.decode(output.sequences[0, -len(logs) :], skip_special_tokens=True).strip()
    assert candidate.score == pytest.approx(float(logs.mean()), abs=1e-5)


def test_what_shares_the_batch_changes_no_output(generator: TransformersGenerator) -> None:
    alone = [generator.generate([source], count=1, seed=0)[0] for source in SOURCES]
    together = generator.generate(SOURCES, count=1, seed=0)
    assert texts(together) == texts(alone)
    assert [[c.complete for c in group] for group in together] == [[c.complete for c in group] for group in alone]


def test_samples_do_not_depend_on_their_neighbours_or_their_place(generator: TransformersGenerator) -> None:
    forwards = generator.generate(SOURCES, count=4, seed=7)
    backwards = generator.generate(SOURCES[::-1], count=4, seed=7)
    assert backwards[::-1] == forwards


def test_samples_are_distinct_and_best_first(generator: TransformersGenerator) -> None:
    ((*candidates,),) = generator.generate(SOURCES[:1], count=6, seed=1)
    assert len({candidate.text for candidate in candidates}) == len(candidates) > 1
    assert [c.score for c in candidates] == sorted((c.score for c in candidates), reverse=True)


def test_samples_repeat_with_the_seed_and_change_with_it(generator: TransformersGenerator) -> None:
    first = generator.generate(SOURCES[:1], count=4, seed=1)
    assert generator.generate(SOURCES[:1], count=4, seed=1) == first
    assert generator.generate(SOURCES[:1], count=4, seed=2) != first


def test_the_random_state_of_torch_stays_as_it_was(generator: TransformersGenerator) -> None:
    before = torch.random.get_rng_state()
    generator.generate(SOURCES[:1], count=3, seed=5)
    assert torch.equal(torch.random.get_rng_state(), before)


def test_no_source_gives_no_target(generator: TransformersGenerator) -> None:
    assert generator.generate([], count=1, seed=0) == []


@pytest.mark.parametrize(
    ("bias", "complete"), [pytest.param(50.0, True, id="ends"), pytest.param(-50.0, False, id="runs on")]
)
def test_a_target_at_the_length_limit_is_not_complete(tmp_path: Path, bias: float, complete: bool) -> None:
    model: Any = llama()
    with torch.no_grad():
        # A constant last state makes one row of the output layer decide whether the text ends.
        model.model.norm.weight.zero_()
        model.lm_head.weight.zero_()
    model.lm_head = torch.nn.Linear(32, len(SPECIAL + WORDS))
    with torch.no_grad():
        model.lm_head.bias.zero_()
        model.lm_head.bias[1] = bias
    generator = TransformersGenerator(
        name="biased",
        max_source_tokens=50,
        least_score=-math.inf,
        _model=model.eval(),
        _tokenizer=save_tokenizer(tmp_path),
        _prompt=None,
        _with_states=False,
    )
    generator._tokenizer.padding_side = "left"
    assert [c.complete for group in generator.generate(SOURCES, count=1, seed=0) for c in group] == [complete] * 3


def test_every_token_that_the_checkpoint_ends_with_ends_a_target(causal_folder: Path) -> None:
    generator = TransformersGenerator.load(str(causal_folder), prompt=Prompt.load("wire.v1"))
    model: Any = generator._model
    model.generation_config.eos_token_id = [5, 6]
    assert generator._ends() == [1, 5, 6]


def test_an_end_token_in_the_source_ends_nothing(causal_folder: Path) -> None:
    generator = TransformersGenerator.load(str(causal_folder), prompt=Prompt.load("wire.v1"))
    assert (
        generator._tokenizer.eos_token_id
        not in generator._tokenizer(generator._plain("said <|im_end|> on"))["input_ids"]
    )


def empty(folder: Path) -> None:
    """Leave the folder without a model."""


def no_weights(folder: Path) -> None:
    llama().config.save_pretrained(folder)
    save_tokenizer(folder)


def broken_weights(folder: Path) -> None:
    no_weights(folder)
    (folder / "model.safetensors").write_bytes(b"no weights")


def unknown_architecture(folder: Path) -> None:
    (folder / "config.json").write_text('{"model_type": "abacus"}')


def no_json(folder: Path) -> None:
    (folder / "config.json").write_text("{")


def short_context(folder: Path) -> None:
    llama(context=48).save_pretrained(folder)
    save_tokenizer(folder)


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(empty, id="empty folder"),
        pytest.param(no_weights, id="no weights"),
        pytest.param(broken_weights, id="weights that are none"),
        pytest.param(unknown_architecture, id="unknown architecture"),
        pytest.param(no_json, id="broken configuration"),
        pytest.param(short_context, id="context too short"),
    ],
)
def test_a_folder_without_a_usable_model_is_named_in_the_error(spoil: Callable[[Path], None], tmp_path: Path) -> None:
    spoil(tmp_path)
    with pytest.raises(ModelUnavailableError, match=r"no model can be loaded from '.*' \(\S.*\); COPYDESK_MODEL takes"):
        TransformersGenerator.load(str(tmp_path), prompt=Prompt.load("wire.v1"))


def test_a_folder_is_never_looked_for_on_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    (tmp_path / "gpt2").mkdir()
    with pytest.raises(ModelUnavailableError, match="'gpt2'"):
        TransformersGenerator.load("gpt2", prompt=Prompt.load("wire.v1"))


def test_how_likely_a_target_is_agrees_with_the_score_of_the_same_target(causal_folder: Path) -> None:
    generator = TransformersGenerator.load(str(causal_folder), prompt=Prompt.load("wire.v1"))
    # The targets of the other sources have tokens that no text shows.
    source = SOURCES[-1]
    ((candidate,),) = generator.generate([source], count=1, seed=0)
    assert candidate.complete
    rows = generator.log_probabilities(source, candidate.text)
    assert len(rows) == len(candidate.text.split()) + 1
    assert candidate.score == pytest.approx(float(rows.max(axis=-1).mean()), abs=1e-4)


def test_a_target_of_an_encoder_decoder_is_not_followed(tmp_path: Path) -> None:
    t5().save_pretrained(tmp_path / "tiny")
    save_tokenizer(tmp_path / "tiny")
    generator = TransformersGenerator.load(str(tmp_path / "tiny"), prompt=Prompt.load("wire.v1"))
    with pytest.raises(ValueError, match="causal"):
        generator.log_probabilities("the mayor", "the ferry")


def test_the_likelihood_of_a_target_is_that_of_its_tokens_and_its_end(causal_folder: Path) -> None:
    generator = TransformersGenerator.load(str(causal_folder), prompt=Prompt.load("wire.v1"))
    source = SOURCES[-1]
    ((candidate,),) = generator.generate([source], count=1, seed=0)
    (followed,) = generator.follow(source, [candidate.text])
    assert followed.likely.mean() == pytest.approx(candidate.score, abs=1e-3)
    # Whatever it chose itself was the likeliest.
    assert followed.likely == pytest.approx(followed.best, abs=1e-3)
    assert followed.states is None


def test_a_longer_target_is_less_likely_and_company_changes_nothing(generator: TransformersGenerator) -> None:
    targets = ["the ferry", "the ferry will stop on monday"]
    short, long = generator.follow(SOURCES[0], targets)
    assert long.likely.sum() < short.likely.sum() < 0
    (alone,) = generator.follow(SOURCES[0], targets[1:])
    assert alone.likely == pytest.approx(long.likely, abs=1e-4)
