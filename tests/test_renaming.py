import random

from service.spans import Span
from training.judged import Judged, faithful, unfaithful
from training.renaming import rename

SOURCE = "So Alvarez totally sued Novak on Monday, lol."
RIGHT = "Alvarez sued Novak on Monday."
WRONG = "Novak sued Alvarez on Monday."
NAMES = ["Alvarez", "Novak", "Peterson", "Okafor", "Lindqvist"]


def group() -> list[Judged]:
    wrong = unfaithful(SOURCE, WRONG, "role_swapped", source_spans=[Span(3, 10)], copy_spans=[Span(0, 5), Span(11, 18)])
    return [faithful(SOURCE, RIGHT), wrong]


def renamed() -> list[Judged]:
    """Both names are exchanged by this seed."""
    return rename(group(), NAMES, random.Random(4))


def test_a_name_becomes_the_same_other_name_in_every_text_of_a_group() -> None:
    right, wrong = renamed()
    one, other = right.copy.split(" sued ")[0], right.copy.split(" sued ")[1].split(" ")[0]
    assert {one, other} < {"Peterson", "Okafor", "Lindqvist"}
    assert right.source == wrong.source == f"So {one} totally sued {other} on Monday, lol."
    assert wrong.copy == f"{other} sued {one} on Monday."


def test_the_wrong_words_are_marked_where_they_went() -> None:
    _, wrong = renamed()
    one, other = wrong.copy.split(" sued ")[1].split(" ")[0], wrong.copy.split(" sued ")[0]
    assert [span.of(wrong.copy) for span in wrong.copy_spans or ()] == [other, one]
    assert [span.of(wrong.source) for span in wrong.source_spans or ()] == [one]


def test_what_is_wrong_and_what_is_known_of_it_stays() -> None:
    right, wrong = renamed()
    assert (right.unsupported, right.lost, right.source_spans) == (False, False, ())
    assert (wrong.unsupported, wrong.lost, wrong.error) == (True, True, "role_swapped")
    [unknown] = rename([Judged(SOURCE, WRONG, unsupported=True, lost=None)], NAMES, random.Random(4))
    assert unknown.source_spans is None


def test_a_word_that_is_no_family_name_stays() -> None:
    for one in renamed():
        assert "Monday" in one.copy


def test_names_stay_where_there_is_no_other() -> None:
    assert rename(group(), ["Alvarez", "Novak"], random.Random(4)) == group()
