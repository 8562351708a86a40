"""``evaluation.conversion``: the converted embedded model stands in for the original on our held-out pairs."""

from evaluation.conversion import measure
from service.settings import load_settings
from tests.embedded import embedded_folder


def test_the_converted_embedded_model_is_close_to_the_original() -> None:
    embedded_folder()
    found = measure(load_settings(), passages=4)
    assert found.tokens > 150
    assert found.holds
