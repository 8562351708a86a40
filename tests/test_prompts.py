import pytest
from jinja2 import UndefinedError

from service.errors import UnknownPromptError
from service.prompts import Prompt


def test_the_wire_prompt_renders_as_it_was_trained() -> None:
    assert Prompt.load("wire.v1").render("The mayor slammed it.") == (
        "<|im_start|>user\nThe mayor slammed it.<|im_end|>\n<|im_start|>assistant\n"
    )


def test_a_model_that_has_learned_nothing_from_us_is_told_what_to_do() -> None:
    prompt = Prompt.load("zero_shot.v1").render("The mayor slammed it.")
    assert prompt.startswith("<|im_start|>system\nYou are an editor at a news agency.")
    assert prompt.endswith("<|im_end|>\n" + Prompt.load("wire.v1").render("The mayor slammed it."))


def test_a_source_is_put_in_as_it_stands() -> None:
    source = "He said “no” & <b>{{ 7 * 7 }}</b> {% raw %}"
    assert source in Prompt.load("wire.v1").render(source)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("wire.v0", id="never written"),
        pytest.param("wire.v1.jinja", id="file name"),
        pytest.param("../prompts/wire.v1", id="path"),
        pytest.param("", id="empty"),
    ],
)
def test_an_unknown_prompt_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(UnknownPromptError, match=r"known are .*wire\.v1"):
        Prompt.load(name)


def test_a_template_that_asks_for_more_than_the_source_fails() -> None:
    prompt = Prompt.load("wire.v1")
    broken = Prompt(name="broken", template=prompt.template.environment.from_string("{{ source }} {{ tone }}"))
    with pytest.raises(UndefinedError, match="tone"):
        broken.render("x")
