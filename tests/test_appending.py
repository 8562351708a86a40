from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pytest

from evaluation.appending import AppendedFile, read_entries, write_entries
from evaluation.errors import BrokenDataError, MissingDataError, UnderWayError


@dataclass(frozen=True)
class Note:
    text: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, fields: Mapping[str, Any], /) -> Note:
        return cls(fields["text"].strip())


class NoteFile(AppendedFile[Note]):
    kind = Note


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "notes.jsonl"


def test_what_was_added_is_there_in_order(path: Path) -> None:
    for text in ("“rain”", "snow"):
        with NoteFile(path) as file:
            file.add(Note(text))
    assert read_entries(path, Note) == [Note("“rain”"), Note("snow")]


def test_a_line_that_was_only_half_written_is_cut_off_and_told(path: Path) -> None:
    write_entries(path, [Note("rain"), Note("snow")])
    whole = path.read_bytes()
    path.write_bytes(whole[:-5])
    with NoteFile(path) as file:
        file.add(Note("hail"))
        assert file.faults == [f"{path}, line 2: was only half written (12 bytes); it is cut off, and made again"]
    assert read_entries(path, Note) == [Note("rain"), Note("hail")]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("{", "is no row of results (Expecting property name", id="no JSON"),
        pytest.param('{"words": "rain"}', "has no field 'text'", id="a field is missing"),
        pytest.param('{"text": 3}', "is no row of results ('int' object", id="a field is wrong"),
        pytest.param("[]", "is no row of results (list indices", id="no object"),
    ],
)
def test_a_line_that_is_no_entry_is_told_and_stays(path: Path, line: str, reason: str) -> None:
    path.write_text(f'{line}\n{{"text": "rain"}}\n', encoding="utf-8")
    with NoteFile(path) as file:
        assert file.rows == [Note("rain")]
        assert [fault.startswith(f"{path}, line 1: {reason}") for fault in file.faults] == [True]
    assert path.read_text(encoding="utf-8").startswith(line)
    with pytest.raises(BrokenDataError, match="row 1"):
        read_entries(path, Note)


def test_only_one_run_adds_to_a_file(path: Path) -> None:
    with NoteFile(path), pytest.raises(UnderWayError):
        NoteFile(path)


def test_a_file_that_is_missing_empty_or_half_there_is_named(path: Path) -> None:
    with pytest.raises(MissingDataError):
        read_entries(path, Note)
    path.touch()
    with pytest.raises(BrokenDataError, match="the file is empty"):
        read_entries(path, Note)
    path.write_text('{"text": "rain"}', encoding="utf-8")
    with pytest.raises(BrokenDataError, match="is only half there"):
        read_entries(path, Note)
