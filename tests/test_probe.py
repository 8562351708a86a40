from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from service.hearing import PROBED, Probe
from tests.scripted import ScriptedGenerator
from training.probe import Case, fit, read_cases, see_all, write
from training.trust import fitted_on, read_labelled


@pytest.fixture(scope="module")
def probe() -> Probe:
    return fit(*cases(400, seed=1))


def cases(number: int, *, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Right is where one of five numbers is larger than another."""
    seen = np.random.default_rng(seed).normal(size=(number, 5)).astype(np.float32)
    return seen, seen[:, 0] > seen[:, 3]


def test_a_probe_learns_which_numbers_tell_right_from_wrong(probe: Probe) -> None:
    seen, right = cases(400, seed=2)
    assert np.mean([(probe.logit(row) > 0) == one for row, one in zip(seen, right, strict=True)]) > 0.8


def test_the_same_cases_give_the_same_probe(probe: Probe) -> None:
    again = fit(*cases(400, seed=1))
    assert [np.array_equal(getattr(again, name), getattr(probe, name)) for name in PROBED] == [True] * len(PROBED)


def test_what_is_written_is_read_again_but_for_half_precision(probe: Probe, tmp_path: Path) -> None:
    write(probe, tmp_path / "probe.npz")
    (row, *_), _ = cases(1, seed=3)
    assert Probe.load(tmp_path / "probe.npz").logit(row) == pytest.approx(probe.logit(row), abs=0.05)


def test_nothing_that_trust_is_fitted_on_is_learned_from() -> None:
    rewordings, targets = fitted_on(read_labelled())
    fitted = {one.source for one in rewordings} | {one.source for one in targets}
    learned = {case.source for case in read_cases()}
    assert (len(fitted) > 2_000, len(learned) > 10_000, fitted & learned) == (True, True, set())


def test_a_rewriter_that_tells_no_states_gives_nothing_to_learn_from() -> None:
    seen, right = see_all(ScriptedGenerator(), [Case("So it fell.", "It fell.", "It sank.", right=False)])
    assert (len(seen), len(right)) == (0, 0)
