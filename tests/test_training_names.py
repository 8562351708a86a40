from __future__ import annotations

from training.names import collect_names

TEXTS = [
    "Mayor Maria Alvarez met David Novak in Paris on Monday.",
    "Susan Alvarez flew from London to Paris, and David Peterson stayed in Berlin.",
    "The novak is a kind of boat.",
]


def test_names_are_mapped_to_all_names_of_their_kind() -> None:
    given, family, places = ["David", "Maria", "Susan"], ["Alvarez", "Peterson"], ["Berlin", "London", "Paris"]
    assert collect_names(TEXTS) == {
        **dict.fromkeys(given, given),
        **dict.fromkeys(family, family),
        **dict.fromkeys(places, places),
    }


def test_a_name_of_two_kinds_is_left_out() -> None:
    names = collect_names([*TEXTS, "Thomas Paris called Susan Berlin."])
    assert {"Paris", "Berlin"} & names.keys() == set()
    assert names["London"] == ["London"]


def test_no_text_has_no_name() -> None:
    assert collect_names([]) == {}
