from __future__ import annotations

from pathlib import Path

from service.precedents import Precedents, change_of, count_verdicts, read_precedents, write_precedents
from service.rewordings import Rewording, split_pieces

PRECEDENTS = Precedents(
    {("penned", "signed"): 2}, {("quit", "resigned"): (3, 4), ("quit", "died"): (0, 5), ("#10", "10"): (1, 1)}
)


def test_a_change_is_known_by_its_words_whatever_their_case_and_place() -> None:
    pieces = split_pieces("Then He\nquit.")
    assert change_of(pieces, Rewording(1, 3, (" he", " resigned"))) == ("he quit", "he resigned")


def test_verdicts_are_counted_for_each_change() -> None:
    resigned, died = ("quit", "resigned"), ("quit", "died")
    assert count_verdicts([(resigned, True), (died, False), (resigned, False)]) == {resigned: (1, 2), died: (0, 1)}


def test_what_readers_found_right_looks_better_than_what_they_never_saw_and_that_than_what_they_found_wrong() -> None:
    right, new, wrong = (PRECEDENTS.describe(("quit", word)) for word in ("resigned", "left", "died"))
    assert right["judged_right"] > new["judged_right"] > wrong["judged_right"]
    assert right["words_right"] == new["words_right"] == wrong["words_right"]


def test_words_of_which_no_change_was_judged_look_like_any() -> None:
    never, once = Precedents({}, {}).describe(("quit", "left")), PRECEDENTS.describe(("penned", "signed"))
    assert never["words_right"] == once["words_right"]
    assert (never["known"], once["known"]) == (0, 2)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "precedents.tsv"
    write_precedents(PRECEDENTS, file)
    assert read_precedents(file) == PRECEDENTS


def test_what_ships_knows_pairs_and_verdicts() -> None:
    shipped = read_precedents()
    assert len(shipped.pairs) > 1_000
    assert len(shipped.judged) > 1_000
