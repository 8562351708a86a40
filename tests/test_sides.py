from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.errors import MissingDataError, UnknownSystemError
from evaluation.results import write_rows
from evaluation.sides import Side, find_sides
from service.errors import UsageError
from tests.rows import row_of

RULES, MODEL, SOURCE = row_of("a"), row_of("a", system="model"), row_of("a", system="source")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_rows(tmp_path / "r.jsonl", [row_of("a", copy="Old."), MODEL, RULES])
    write_rows(tmp_path / "s.jsonl", [SOURCE])
    return tmp_path / "r.jsonl"


def test_two_systems_of_one_file_are_sides_with_their_last_rows(path: Path) -> None:
    found = find_sides(("rules", "model"), results=path, system=None)
    assert found == (Side("rules", [RULES]), Side("model", [MODEL]))


def test_two_files_are_sides(path: Path) -> None:
    other = path.with_name("s.jsonl")
    assert find_sides((str(other), str(other)), results=path, system=None)[1] == Side(str(other), [SOURCE])
    assert find_sides((str(path), str(path)), results=path, system="model")[0] == Side(str(path), [MODEL])


def test_a_file_with_several_systems_asks_which_one_is_meant(path: Path) -> None:
    with pytest.raises(UsageError, match="holds rules, model: say with --system which one is meant"):
        find_sides((str(path), str(path)), results=path, system=None)


def test_a_file_and_a_system_are_no_pair(path: Path) -> None:
    with pytest.raises(UsageError, match=r"compare two files of results \(\.jsonl\) or two systems, not "):
        find_sides((str(path), "rules"), results=path, system=None)
    with pytest.raises(UsageError, match="the systems are named already"):
        find_sides(("rules", "model"), results=path, system="rules")


def test_a_system_that_the_file_lacks_is_named_with_those_it_has(path: Path) -> None:
    with pytest.raises(UnknownSystemError, match="there is no system 'gpt'; there are rules, model"):
        find_sides(("rules", "gpt"), results=path, system=None)


def test_a_file_that_is_not_there_is_named(path: Path) -> None:
    with pytest.raises(MissingDataError):
        find_sides(("rules", "model"), results=path.with_name("gone.jsonl"), system=None)
