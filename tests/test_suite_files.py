from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from evaluation.errors import BrokenSuiteError, MissingDataError, UnknownSuiteError
from evaluation.suite import load_suite
from evaluation.suite_files import FOLDER, GATE, KINDS, TEXTS, SuiteFile, kind_of, read_as, suite_names


def write(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_every_suite_that_ships_has_a_kind_and_can_be_loaded() -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} | {GATE} == set(suite_names())
    assert {name: kind_of(name) for name in suite_names() if name != GATE} == {
        "rewrite": TEXTS,
        "robustness": TEXTS,
        "service": "service",
        "speed": "speed",
    }
    assert all(callable(load_suite(name)) for name in suite_names())


@pytest.mark.parametrize("kind", KINDS)
def test_what_runs_a_kind_reads_its_plan_and_runs_it(kind: str) -> None:
    module = import_module(KINDS[kind])
    assert callable(module.read_plan)
    assert callable(module.run)


def test_a_file_that_says_no_kind_is_of_texts(tmp_path: Path) -> None:
    assert kind_of(write(tmp_path / "mine.toml", 'title = "Mine"')) == TEXTS


def test_an_unknown_kind_is_named_with_what_exists(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    with pytest.raises(BrokenSuiteError) as caught:
        load_suite(write(path, 'kind = "haste"'))
    assert str(caught.value) == f"{path}: kind: there is none 'haste'; there are texts, speed, service"


def test_a_file_that_is_missing_or_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError):
        kind_of(str(tmp_path / "gone.toml"))
    with pytest.raises(UnknownSuiteError, match="there are rewrite, robustness, service, speed, gate"):
        kind_of("haste")
    with pytest.raises(BrokenSuiteError, match="Expected '='"):
        kind_of(write(tmp_path / "mine.toml", "kind"))


def test_all_that_is_wrong_with_a_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(BrokenSuiteError, match="title: Field required; pace: Extra inputs are not permitted"):
        read_as(SuiteFile, write(tmp_path / "mine.toml", "pace = 3"))
