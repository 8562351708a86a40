from __future__ import annotations

import pytest

from service.settings import Settings
from service.settings_table import PAGE, describe_attributes, settings_page


class Described:
    """Something.

    Attributes:
        one: What it is,
            and more.
        two: Another: the last.

    Raises:
        three: No attribute.
    """


def test_the_page_on_file_is_the_one_that_the_code_gives() -> None:
    # `python -m service.settings_table` writes it.
    assert PAGE.read_text(encoding="utf-8") == settings_page()


def test_a_setting_has_its_variable_default_values_and_meaning() -> None:
    rows = [row.strip("| ").split(" | ") for row in settings_page().splitlines() if "_PORT`" in row or "_CACHE`" in row]
    cache = "Where prepared models are kept; `copydesk` in the user's cache folder where it is not set."
    port = "Port that `serve` listens on; 0 takes a free one."
    assert rows == [
        ["`COPYDESK_CACHE`", "not set", "a folder", cache],
        ["`COPYDESK_PORT`", "`8017`", "whole numbers from 0 to 65535", port],
    ]


def test_the_docstring_of_a_class_describes_its_attributes() -> None:
    assert describe_attributes(Described) == {"one": "What it is, and more.", "two": "Another: the last."}


def test_a_setting_that_nobody_described_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Settings, "__doc__", "How the desk is set up.")
    with pytest.raises(ValueError, match=r"described are \[\], the settings are \['api_keys', 'batch_days', "):
        settings_page()
