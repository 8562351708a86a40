"""Sentences that editors turned into wire copy, edit by edit."""

import json
from pathlib import Path
from typing import Any

import pytest

from service.rewordings import Rewording
from training.edits import Edited, passages, read_edited
from training.examples import Pair, read_pairs
from training.judged import read_groups
from training.labelled import EDITOR, learned_sources, read_labelled
from training.splits import for_judge

TEXT = "Cops nabbed 12 folks in Kyiv, wow."
EDITS = (("Cops nabbed", "Police arrested"), ("folks", "people"), (", wow", ""))


def write(path: Path, *rows: dict[str, Any]) -> Path:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def row(text: str = TEXT, edits: Any = EDITS, passage: str = "p1") -> dict[str, Any]:
    return {"passage": passage, "source": text.lower(), "text": text, "edits": edits}


def test_all_edits_together_make_the_copy() -> None:
    assert Edited("p1", TEXT, TEXT, EDITS).copy == "Police arrested 12 people in Kyiv."


def test_each_edit_is_a_rewording_of_its_own() -> None:
    assert Edited("p1", TEXT, TEXT, EDITS).rewordings == (
        Rewording(0, 2, ("Police", " arrested")),
        Rewording(3, 4, (" people",)),
        Rewording(6, 8, ()),
    )


def test_an_edit_within_a_word_is_no_rewording() -> None:
    assert Edited("p1", TEXT, TEXT, (("fo", "fi"),)).rewordings == ()


def test_words_that_come_for_a_mark_keep_their_distance() -> None:
    assert Edited("p1", "", "In Rome, never shy, read on.", ((", never shy, read", " read"),)).rewordings == (
        Rewording(2, 7, (" read",)),
    )


def test_a_calibre_keeps_the_gap_before_its_point() -> None:
    assert Edited("p1", "", "A .22, bang, hit him.", ((", bang,", ""),)).copy == "A .22 hit him."


def test_a_cut_leaves_no_gap() -> None:
    assert Edited("p1", "", "He quit, sadly, on Monday.", ((", sadly,", ""),)).copy == "He quit on Monday."


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ([["crooks", "people"]], "exactly once"),
        ([["o", "u"]], "exactly once"),
        ([["Cops nabbed", "Police arrested"], ["nabbed 12", "held 12"]], "overlap"),
    ],
)
def test_an_edit_that_does_not_fit_is_refused_with_its_line(tmp_path: Path, edits: Any, message: str) -> None:
    path = write(tmp_path / "edits.jsonl", row(), row(edits=edits))
    with pytest.raises(ValueError, match=rf"line 2: .*{message}"):
        read_edited(path)


def test_neighbours_of_some_passages_are_learned_from_together() -> None:
    edited = [
        Edited(f"p{number}", source, source, ())
        for number in range(40)
        for source in (f"One {number}.", f"Two {number}.")
    ]
    sources = [source for source, _ in passages(edited)]
    assert sum("Two" in source and "One" in source for source in sources) == 80 - len(sources)
    assert " ".join(sources) == " ".join(one.source for one in edited)
    assert len(sources) == 64


def test_edited_sentences_are_pairs_for_the_rewriter(tmp_path: Path) -> None:
    path = write(tmp_path / "edits.jsonl", row())
    assert read_pairs(path) == [Pair(TEXT.lower(), "Police arrested 12 people in Kyiv.")]


def test_each_edit_is_an_example_for_the_reader_of_changes(tmp_path: Path) -> None:
    path = write(tmp_path / "edits.jsonl", *(row(text=f"Cops nabbed {n} folks, wow.") for n in range(20)))
    groups = read_groups(path, english=True)
    assert groups
    for group in groups:
        assert len(group) == len(EDITS)
        assert not for_judge(group[0].source)
        assert not any(one.unsupported for one in group)


def test_what_editors_made_counts_as_judged_right_and_its_source_as_learned(tmp_path: Path) -> None:
    judged = write(tmp_path / "rewordings.jsonl")
    labelled = read_labelled(judged, write(tmp_path / "edits.jsonl", row()))
    assert [(one.rewording, one.by, one.label) for one in labelled] == [
        (rewording, EDITOR, "ok") for rewording in Edited("p1", TEXT, TEXT, EDITS).rewordings
    ]
    assert learned_sources(labelled) == {TEXT.lower()}
