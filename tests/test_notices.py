from __future__ import annotations

import pytest

from service.notices import find_notices

FOREIGN = "does not look like English: the checker reads English alone, so its verdicts on this text are not to be "
FRENCH = (
    "Le conseil du port a admis mardi que les deux moteurs du ferry étaient hors d'usage, et la ville devra payer au "
    "moins la moitié de la réparation, selon la présidente du conseil."
)
ENGLISH = "The mayor said on Tuesday that the city would cut 40 bus routes."


@pytest.mark.parametrize(
    ("source", "copy", "expected"),
    [
        pytest.param(ENGLISH, "Mayor cuts bus routes", [], id="nothing odd"),
        pytest.param("", " \n", ["Both texts are empty: there was nothing to check."], id="both empty"),
        pytest.param("", ENGLISH, ["The source is empty."], id="empty source"),
        pytest.param(ENGLISH, "", ["The copy is empty."], id="empty copy"),
        pytest.param(FRENCH, ENGLISH, [f"The source {FOREIGN}relied on."], id="French source"),
        pytest.param(ENGLISH, "Мэр закрыл 40 маршрутов.", [f"The copy {FOREIGN}relied on."], id="Russian copy"),
        pytest.param("", FRENCH, ["The source is empty.", f"The copy {FOREIGN}relied on."], id="empty and French"),
    ],
)
def test_a_reader_is_told_what_is_odd_about_the_texts(source: str, copy: str, expected: list[str]) -> None:
    assert list(find_notices(source, copy)) == expected
