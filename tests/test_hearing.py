from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from service.generation import Following
from service.hearing import Probe, describe_change, hear, see
from tests.scripted import ScriptedGenerator


def following(
    ids: Sequence[int], likely: Sequence[float], states: Sequence[Sequence[float]] | None = None
) -> Following:
    told = None if states is None else np.array(states, np.float32)
    return Following(tuple(ids), np.array(likely, np.float32), np.zeros(len(ids), np.float32), told)


BEFORE = following([5, 6, 7, 0], [-1.0, -2.0, -3.0, -0.5], [[1, 1], [1, -1], [2, 0], [1, 1]])
AFTER = following([5, 8, 9, 7, 0], [-1.0, -0.25, -0.75, -1.0, -0.5], [[1, 1], [0, 3], [3, 0], [-1, -1], [1, 1]])
# Two units, one of which looks at the first state and one at the third; of the measures none counts.
HIDDEN = np.zeros((28, 2), np.float32)
HIDDEN[0, 0], HIDDEN[2, 1] = 1, -1
PROBE = Probe(
    np.zeros(28, np.float32), np.full(28, 2, np.float32), HIDDEN, np.array([0, 3], np.float32), np.array([4, 1]), 0.5
)


def test_a_change_is_told_by_what_goes_what_comes_and_what_stands_behind() -> None:
    described = describe_change(BEFORE, AFTER, None)
    assert described == pytest.approx(
        {
            **{"likelier": 3.0, "likelier_each": -3.5 / 5 + 6.5 / 4, "likely_before": -6.5 / 4, "likely_after": -0.7},
            **{"likely_gone": -2.0, "likely_come": -1.0, "least_gone": -2.0, "least_come": -0.75},
            **{"likely_behind": -1.0, "rest_before": -3.5, "rest_after": -1.5, "alien_gone": -2.0, "alien_come": -0.75},
            **{
                "least_before": -3.0,
                "least_after": -1.0,
                "first_gone": -2.0,
                "first_come": -0.25,
                "first_alien": -0.25,
            },
            **{"tokens_gone": np.log(2), "tokens_come": np.log(3), "probe": 0.0},
        }
    )


def test_a_probe_sees_the_states_of_what_comes_goes_stands_behind_and_ends_the_text_made_even() -> None:
    root = np.sqrt(2)
    seen = see(BEFORE, AFTER)
    assert seen is not None
    # The mean of (0, root) and (root, 0); (1, -1); (-1, -1); the end.
    assert seen[:8] == pytest.approx([root / 2, root / 2, 1, -1, -1, -1, 1, 1])
    assert seen[8:] == pytest.approx(list(describe_change(BEFORE, AFTER, None).values())[:-1])
    assert describe_change(BEFORE, AFTER, PROBE)["probe"] == pytest.approx(4 * root / 4 + (3 - 1 / 2) + 0.5)


def test_a_model_that_tells_no_states_is_not_probed() -> None:
    silent = following(AFTER.ids, AFTER.likely.tolist())
    assert see(BEFORE, silent) is None
    assert describe_change(BEFORE, silent, PROBE)["probe"] == 0.0


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param([5, 6, 0], [5, 6, 0], id="nothing changed"),
        pytest.param([5, 6, 0], [5, 0], id="cut"),
        pytest.param([5, 0], [5, 6, 0], id="put in"),
        pytest.param([5, 0], [0], id="all gone"),
        pytest.param([0], [5, 0], id="out of nothing"),
    ],
)
def test_any_change_can_be_told(before: list[int], after: list[int]) -> None:
    described = describe_change(following(before, [-1.0] * len(before)), following(after, [-1.0] * len(after)), None)
    assert np.isfinite(list(described.values())).all()


def test_a_very_unlikely_token_says_no_more_than_an_unlikely_one() -> None:
    worse, bad = (
        describe_change(BEFORE, following(AFTER.ids, [-1.0, least, -1.0, -1.0, -1.0]), None)
        for least in (-500.0, -40.0)
    )
    assert {name: worse[name] for name in ("likelier", "likely_come", "least_come", "alien_come")} == {
        name: bad[name] for name in ("likelier", "likely_come", "least_come", "alien_come")
    }


def test_nobody_is_asked_of_a_source_that_is_too_long_or_where_there_is_no_rewriter() -> None:
    long = "word " * 500
    generator = ScriptedGenerator("The ferry sank.")
    cases = [(long, "a", "b"), ("So the ferry sank.", "The ferry sank.", "It sank.")]
    asked = hear(generator, cases, probe=PROBE)
    assert (asked[0], asked[1] is None) == (None, False)
    assert hear(None, cases, probe=PROBE) == [None, None]
