from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.checking import Checker
from tests.scripted import ScriptedGenerator
from training.accepted import collect
from training.examples import Pair, read_pairs

SOURCES = [
    "Cops nabbed 12 people in Leeds lol.",
    "Cops nabbed 9 people in Halden lol.",
    "Rain fell in Halden on Friday.",
    "Cops nabbed 4 people in York lol.",
]
ANSWERS = {
    SOURCES[0]: "Police arrested 12 people in Leeds.",
    SOURCES[1]: "Police arrested 10 people in Halden.",
    SOURCES[3]: "Police arrested four people in York.",
}


def test_only_good_targets_that_change_something_become_pairs(checker: Checker, tmp_path: Path) -> None:
    output = tmp_path / "accepted.jsonl"
    assert collect(ScriptedGenerator(answers=ANSWERS), checker, SOURCES, output) == 2
    assert read_pairs(output) == [Pair(SOURCES[number], ANSWERS[SOURCES[number]]) for number in (0, 3)]


def test_what_was_collected_is_kept_and_not_asked_for_again(checker: Checker, tmp_path: Path) -> None:
    output = tmp_path / "accepted.jsonl"
    collect(ScriptedGenerator(answers=ANSWERS), checker, SOURCES[:1], output)
    before = output.read_text(encoding="utf-8")
    generator = ScriptedGenerator(answers=ANSWERS)
    assert collect(generator, checker, SOURCES, output) == 2
    assert generator.calls == [(tuple(SOURCES[1:]), 1, 0)]
    assert output.read_text(encoding="utf-8").startswith(before)


def test_a_file_of_other_sources_is_left_alone(checker: Checker, tmp_path: Path) -> None:
    output = tmp_path / "accepted.jsonl"
    row = json.dumps({"number": 0, "casual": "Another.", "wire": "One."}) + "\n"
    output.write_text(row, encoding="utf-8")
    with pytest.raises(ValueError, match="was made of other sources"):
        collect(ScriptedGenerator(answers=ANSWERS), checker, SOURCES, output)
    assert output.read_text(encoding="utf-8") == row
