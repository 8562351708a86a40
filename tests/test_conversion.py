from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from service.conversion import Fidelity, compare, convert
from service.errors import ConversionError


class Follower:
    """Thinks the same of every token."""

    def __init__(self, *probabilities: float) -> None:
        self._row = np.log(np.array(probabilities, np.float32))

    def log_probabilities(self, source: str, target: str) -> NDArray[np.float32]:
        return np.stack([self._row] * (len(target.split()) + 1))


PAIRS = [("a source", "two words"), ("another", "word")]


def test_a_model_is_faithful_to_itself() -> None:
    assert compare(Follower(0.7, 0.3), Follower(0.7, 0.3), PAIRS) == Fidelity(tokens=5, divergence=0.0, agreement=1.0)


def test_divergence_is_that_of_the_converted_model_from_the_original() -> None:
    found = compare(Follower(0.75, 0.25), Follower(0.25, 0.75), PAIRS)
    assert (found.tokens, found.agreement) == (5, 0.0)
    assert found.divergence == pytest.approx(0.5 * np.log(3))


@pytest.mark.parametrize(
    ("divergence", "agreement", "holds"),
    [
        pytest.param(0.009, 0.97, True, id="close enough"),
        pytest.param(0.01, 1.0, False, id="other probabilities"),
        pytest.param(0.0, 0.969, False, id="other first choices"),
    ],
)
def test_a_conversion_holds_within_its_limits(divergence: float, agreement: float, holds: bool) -> None:
    assert Fidelity(tokens=1000, divergence=divergence, agreement=agreement).holds is holds


def test_a_folder_without_a_checkpoint_is_not_converted(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ConversionError, match=r"empty could not be converted for the CPU \(\S"):
        convert(tmp_path / "empty", tmp_path / "converted")
