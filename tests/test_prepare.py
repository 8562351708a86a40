from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from training.changes import read_changes
from training.examples import Pair
from training.prepare import Data, prepare, read_prepared

TRAIN = [
    ("So “we lost it,” he goes, lol. 731 homes are dark.", 'He said, "we lost it." 731 homes have no power.'),
    (
        "In Halden on Friday the ferry hit the pier and sank, wow.",
        "The ferry hit the pier in Halden and sank on Friday.",
    ),
]
DEV = [("Word is the ferry hit the pier and sank, wow, 731 aboard.", "A ferry with 731 people aboard hit a pier.")]


def write(path: Path, pairs: list[tuple[str, str]]) -> str:
    lines = [json.dumps({"casual": casual, "wire": wire}) + "\n" for casual, wire in pairs]
    path.write_text("".join(lines), encoding="utf-8")
    return str(path)


@pytest.fixture
def data(tmp_path: Path) -> Data:
    return Data(
        base="",
        output=str(tmp_path / "run"),
        train=[write(tmp_path / "train.jsonl", TRAIN)],
        made=[],
        judged=False,
        dev=[write(tmp_path / "dev.jsonl", DEV)],
        passes=4,
        seed=0,
    )


def test_each_pass_varies_what_the_other_passes_saw_and_quotations_are_masked(data: Data) -> None:
    prepare(data)
    prepared = read_prepared(data)
    sources = {pair.casual for pairs in prepared.passes for pair in pairs}
    assert [len(pairs) for pairs in prepared.passes] == [1, 1, 1, 1]
    assert len(sources) > 1
    assert {'"[1]," he goes' in source for source in sources} == {True}


def test_held_out_pairs_stay_and_what_is_near_them_is_left_out(data: Data) -> None:
    prepare(data)
    prepared = read_prepared(data)
    assert prepared.dev == [Pair(*DEV[0])]
    assert prepared.dropped == 1


def test_what_a_program_made_and_what_was_judged_are_learned_from_too(data: Data, tmp_path: Path) -> None:
    made = [write(tmp_path / "made.jsonl", [("The cops nabbed two.", "Police arrested two."), *DEV])]
    both = replace(data, made=made, judged=True)
    prepare(both)
    prepared = read_prepared(both)
    assert prepared.made == [Pair("The cops nabbed two.", "Police arrested two.")]
    assert prepared.changes == read_changes()
    assert [len(pairs) for pairs in prepared.passes] == [1, 1, 1, 1]


def test_the_same_settings_give_the_same_data_and_others_give_others(data: Data, tmp_path: Path) -> None:
    first = prepare(data).read_text(encoding="utf-8")
    assert prepare(replace(data, output=str(tmp_path / "again"))).read_text(encoding="utf-8") == first
    assert prepare(replace(data, output=str(tmp_path / "other"), seed=1)).read_text(encoding="utf-8") != first


def test_data_that_is_there_is_not_made_again(data: Data) -> None:
    path = prepare(data)
    before = path.stat().st_mtime_ns
    assert prepare(data).stat().st_mtime_ns == before


def test_data_of_other_files_is_refused_until_it_is_made_anew(data: Data) -> None:
    prepare(data)
    write(Path(data.train[0]), TRAIN[:1])
    with pytest.raises(ValueError, match="was made of something else"):
        read_prepared(data)
    prepare(data)
    assert read_prepared(data).dropped == 0


def test_a_run_that_has_begun_keeps_its_data(data: Data) -> None:
    before = prepare(data).read_text(encoding="utf-8")
    data.state.touch()
    write(Path(data.train[0]), TRAIN[:1])
    with pytest.raises(ValueError, match="has begun on other data: give the new one another output"):
        prepare(data)
    assert (Path(data.output) / "data.jsonl").read_text(encoding="utf-8") == before
