from __future__ import annotations

import pytest

from service.loaded_words import find_loaded


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Cops slammed it.", [("Cops", "police", True), ("slammed", "criticized", True)], id="noun and verb"
        ),
        pytest.param("Costs have skyrocketed.", [("skyrocketed", "risen sharply", True)], id="participle"),
        pytest.param("The rent's skyrocketed.", [("skyrocketed", "risen sharply", True)], id="after a short has"),
        pytest.param("Massive Attack played.", [], id="name"),
    ],
)
def test_loaded_words_are_found_with_plain_ones(text: str, expected: list[tuple[str, str, bool]]) -> None:
    assert [(found.span.of(text), found.plain, found.certain) for found in find_loaded(text)] == expected
