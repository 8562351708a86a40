from __future__ import annotations

from importlib import resources

import pytest

from service.lexicon import read_forms, read_rows, read_words


@pytest.mark.parametrize("file", ["places.tsv", "name_forms.tsv"])
def test_every_form_leads_to_one_standard_form(file: str) -> None:
    forms = [form for standard, others in read_rows(file) for form in [standard, *others.split("|")]]
    assert sorted(form for form in set(forms) if forms.count(form) > 1) == []
    assert read_forms(file).keys() == set(forms)


def test_comments_and_empty_lines_are_no_rows() -> None:
    text = resources.files("service").joinpath("lexicons", "places.tsv").read_text(encoding="utf-8")
    assert text.startswith("#")
    assert read_rows("places.tsv")[0] == ("afghanistan", "afghan|afghans")


def test_a_list_of_words_is_a_set() -> None:
    assert {"abandon", "zone"} <= read_words("ordinary_words.txt")
