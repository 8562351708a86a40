from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from service.errors import BatchUnderWayError, OtherRunError, OutputError
from service.facts import Verdict
from service.journal import Journal
from service.passages import Status
from service.rows import Result, Tally

RUN = {"input": "abc", "seed": "0"}


def result(number: int, *, failed: int = 0) -> Result:
    return Result(number=number, fields={"id": number, "copy": "Café."}, tally=Tally(rows=1, failed=failed))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "out.jsonl.progress"


@pytest.fixture
def journal(path: Path) -> Iterator[Journal]:
    with closing(Journal(path, RUN)) as journal:
        yield journal


def test_results_are_there_after_the_process_that_added_them_is_gone(path: Path, journal: Journal) -> None:
    journal.add([result(1), result(2)])
    journal.add([result(3)])
    journal.close()
    with closing(Journal(path, RUN)) as again:
        assert (again.done, list(again.results())) == (3, [{"id": n, "copy": "Café."} for n in (1, 2, 3)])


@pytest.mark.parametrize("numbers", [[2], [1, 3], [0]])
def test_results_of_other_rows_than_the_next_are_refused(journal: Journal, numbers: list[int]) -> None:
    with pytest.raises(ValueError, match="the results of the rows after 0 were expected"):
        journal.add([result(number) for number in numbers])
    assert (journal.done, list(journal.results())) == (0, [])


def test_tallies_add_up_over_runs(path: Path, journal: Journal) -> None:
    one = Tally(rows=1, passages={Status.KEPT: 2, Status.REPAIRED: 1}, facts={Verdict.KEPT: 5, Verdict.OMITTED: 1})
    journal.add([Result(number=1, fields={}, tally=one), result(2, failed=1)])
    journal.close()
    with closing(Journal(path, RUN)) as again:
        again.add([Result(number=3, fields={}, tally=one)])
        assert again.tally() == Tally(
            rows=3,
            failed=1,
            passages={Status.UNCHANGED: 0, Status.REWRITTEN: 0, Status.REPAIRED: 2, Status.KEPT: 4},
            facts={Verdict.KEPT: 10, Verdict.ALTERED: 0, Verdict.UNSUPPORTED: 0, Verdict.OMITTED: 2},
        )


def test_id_is_that_of_the_first_row_that_has_it_also_in_a_later_run(path: Path, journal: Journal) -> None:
    first = [
        journal.first_with("a", 1),
        journal.first_with("a", 1),
        journal.first_with(1, 2),
        journal.first_with("1", 3),
    ]
    journal.add([result(1), result(2)])
    journal.close()
    with closing(Journal(path, RUN)) as again:
        assert (first, again.first_with("a", 4), again.first_with(1, 4)) == ([1, 1, 2, 3], 1, 2)


def test_id_of_a_row_without_a_result_is_forgotten(path: Path, journal: Journal) -> None:
    journal.first_with("a", 1)
    journal.close()
    with closing(Journal(path, RUN)) as again:
        assert again.first_with("a", 2) == 2


def test_record_of_another_run_says_what_differs(path: Path, journal: Journal) -> None:
    journal.close()
    with pytest.raises(OtherRunError, match=r"\(seed was 0, is now 1; limit was not set, is now 5\).*--no-resume"):
        Journal(path, {"input": "abc", "seed": "1", "limit": "5"})


def test_run_that_begins_anew_forgets_the_one_before(path: Path, journal: Journal) -> None:
    journal.first_with("a", 1)
    journal.add([result(1)])
    journal.close()
    with closing(Journal(path, {"seed": "1"}, anew=True)) as again:
        assert (again.done, list(again.results()), again.first_with("a", 7)) == (0, [], 7)


@pytest.mark.parametrize("anew", [False, True])
def test_two_processes_cannot_work_at_one_batch(path: Path, journal: Journal, anew: bool) -> None:
    with pytest.raises(BatchUnderWayError, match="another process works at"):
        Journal(path, RUN, anew=anew)
    journal.add([result(1)])
    assert journal.done == 1


@pytest.mark.parametrize("anew", [False, True])
def test_file_of_somebody_else_is_left_alone(path: Path, anew: bool) -> None:
    path.write_text("Notes on my progress. " * 100)
    with pytest.raises(OutputError, match="it is no record of a batch"):
        Journal(path, RUN, anew=anew)
    assert path.read_text() == "Notes on my progress. " * 100


@pytest.mark.parametrize("anew", [False, True])
def test_database_of_somebody_else_is_left_alone(path: Path, anew: bool) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE run (name TEXT)")
    with pytest.raises(OutputError, match="it is a database, but no record of a batch"):
        Journal(path, RUN, anew=anew)
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("SELECT name FROM sqlite_schema").fetchall() == [("run",)]


def test_folder_that_cannot_be_written_to_says_so(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="progress cannot be recorded there"):
        Journal(tmp_path / "nowhere" / "progress", RUN)


def test_discarded_record_leaves_nothing_behind(path: Path, journal: Journal) -> None:
    journal.add([result(1)])
    journal.discard()
    assert list(path.parent.iterdir()) == []
