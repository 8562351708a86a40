from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from service.batches import RESULTS, Batches, KeptBatch
from service.errors import (
    BatchesUnavailableError,
    BatchNotEndedError,
    KeyInUseError,
    KeyReusedError,
    NoSuchBatchError,
    TooManyBatchesError,
)

DAY = 24 * 60 * 60


class Clock:
    """A time that a test sets; every look at it takes a second."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def batches(tmp_path: Path, clock: Clock) -> Iterator[Batches]:
    batches = opened(tmp_path, clock)
    yield batches
    batches.close()


def opened(tmp_path: Path, clock: Clock) -> Batches:
    batches = Batches(tmp_path / "batches", most=3, days=2, clock=clock)
    assert batches.open()
    batches.let_in()
    return batches


def again(batches: Batches, tmp_path: Path, clock: Clock) -> Batches:
    """Open them as the next process would."""
    batches.close()
    return opened(tmp_path, clock)


def send(batches: Batches, *, caller: str = "", key: str = "", fingerprint: str = "print") -> KeptBatch:
    with batches.arriving(key) as folder:
        (folder / "input.jsonl").write_text("{}\n{}\n")
        return batches.file(folder, caller=caller, rows=2, seed=3, full=True, key=key, fingerprint=fingerprint)


def end(batches: Batches, batch: str, *, done: int = 2) -> None:
    batches.note(batch, done=done, failed=1)
    with batches.ending(batch):
        (batches.folder_of(batch) / RESULTS).write_text("results")


def files(batches: Batches, batch: str) -> list[str]:
    return sorted(path.name for path in batches.folder_of(batch).iterdir())


def test_batch_is_there_for_the_next_process_too(batches: Batches, tmp_path: Path, clock: Clock) -> None:
    sent = send(batches, caller="newsroom", key="a")
    assert (sent.status, sent.order.rows, sent.order.seed, sent.order.full) == ("queued", 2, 3, True)
    after = again(batches, tmp_path, clock)
    assert (after.get(sent.id, "newsroom"), after.unfinished()) == (sent, [sent])
    after.close()


def test_batch_is_in_progress_until_its_end_and_then_has_results(
    batches: Batches, tmp_path: Path, clock: Clock
) -> None:
    batch = send(batches).id
    batches.note(batch, done=1, failed=0)
    assert batches.get(batch, "").status == "in_progress"
    with pytest.raises(BatchNotEndedError, match="1 of 2 rows are done"):
        batches.results_of(batch, "")
    end(batches, batch)
    ended = batches.get(batch, "")
    assert (ended.status, ended.done, ended.failed, batches.unfinished()) == ("completed", 2, 1, [])
    assert (batches.results_of(batch, "").read_text(), files(batches, batch)) == (
        "results",
        ["batch.json", "end.json", "results.jsonl"],
    )
    after = again(batches, tmp_path, clock)
    assert (after.get(batch, ""), after.expiry_of(ended)) == (ended, (ended.ended or 0) + 2 * DAY)
    after.close()


def test_batch_without_results_has_not_ended_whatever_was_written_of_its_end(
    batches: Batches, tmp_path: Path, clock: Clock
) -> None:
    batch = send(batches).id
    with pytest.raises(OSError, match="disk full"), batches.ending(batch):
        raise OSError("disk full")
    assert batches.get(batch, "").ended is None
    after = again(batches, tmp_path, clock)
    assert [kept.id for kept in after.unfinished()] == [batch]
    after.close()


def test_what_a_batch_no_longer_needs_is_removed_by_the_next_process(
    batches: Batches, tmp_path: Path, clock: Clock
) -> None:
    batch = send(batches).id
    end(batches, batch)
    for left in ("input.jsonl", "results.jsonl.progress"):
        (batches.folder_of(batch) / left).touch()
    after = again(batches, tmp_path, clock)
    assert files(after, batch) == ["batch.json", "end.json", "results.jsonl"]
    after.close()


def test_cancelled_batch_stays_cancelled(batches: Batches, tmp_path: Path, clock: Clock) -> None:
    batch = send(batches).id
    assert batches.cancel(batch, "").status == "cancelling"
    assert batches.cancel(batch, "").status == "cancelling"
    after = again(batches, tmp_path, clock)
    assert after.get(batch, "").status == "cancelling"
    end(after, batch, done=1)
    assert (after.get(batch, "").status, after.cancel(batch, "").status) == ("cancelled", "cancelled")
    after.close()


def test_batch_that_has_ended_can_be_deleted_and_no_other(batches: Batches, tmp_path: Path, clock: Clock) -> None:
    batch = send(batches).id
    with pytest.raises(BatchNotEndedError):
        batches.delete(batch, "")
    end(batches, batch)
    batches.delete(batch, "")
    with pytest.raises(NoSuchBatchError):
        batches.get(batch, "")
    assert not batches.folder_of(batch).exists()
    after = again(batches, tmp_path, clock)
    assert after.all_of("") == []
    after.close()


def test_batches_are_removed_when_their_time_is_over(batches: Batches, clock: Clock) -> None:
    old, under_way = send(batches).id, send(batches).id
    end(batches, old)
    clock.now += 2 * DAY - 10
    batches.remove_outdated()
    before = [kept.id for kept in batches.all_of("")]
    clock.now += 10
    batches.remove_outdated()
    assert (before, [kept.id for kept in batches.all_of("")]) == ([under_way, old], [under_way])


def test_batches_are_listed_for_their_caller_the_newest_first(batches: Batches) -> None:
    one, two, other = send(batches).id, send(batches).id, send(batches, caller="newsroom").id
    assert [kept.id for kept in batches.all_of("")] == [two, one]
    assert [kept.id for kept in batches.all_of("newsroom")] == [other]
    assert [kept.id for kept in batches.unfinished()] == [one, two, other]
    with pytest.raises(NoSuchBatchError):
        batches.get(one, "newsroom")


def test_batch_sent_again_with_its_key_is_the_one_that_is_there(batches: Batches, tmp_path: Path, clock: Clock) -> None:
    first = send(batches, key="a")
    after = again(batches, tmp_path, clock)
    assert send(after, key="a") == first
    with pytest.raises(KeyReusedError):
        send(after, key="a", fingerprint="other")
    assert ([kept.id for kept in after.all_of("")], send(after, key="b") != first) == ([first.id], True)
    after.close()


def test_two_batches_cannot_be_sent_with_one_key_at_once(batches: Batches) -> None:
    with batches.arriving("a"), pytest.raises(KeyInUseError):
        send(batches, key="a")
    assert send(batches, key="a").status == "queued"


def test_more_batches_than_there_is_room_for_are_refused_but_those_sent_again(batches: Batches) -> None:
    first = send(batches, key="a")
    send(batches)
    with batches.arriving(""), pytest.raises(TooManyBatchesError, match="3 batches are kept, the most allowed"):
        send(batches)
    send(batches)
    with pytest.raises(TooManyBatchesError):
        send(batches)
    assert send(batches, key="a") == first


def test_batch_that_did_not_arrive_leaves_nothing_behind(batches: Batches, tmp_path: Path, clock: Clock) -> None:
    with suppress(RuntimeError), batches.arriving("a") as folder:
        (folder / "input.jsonl").write_text("{}\n")
        raise RuntimeError
    assert (folder.exists(), send(batches, key="a").status) == (False, "queued")
    left = batches.folder_of(".killed")
    left.mkdir()
    (left / "input.jsonl").write_text("{}\n")
    after = again(batches, tmp_path, clock)
    assert sorted(path.name for path in after.folder_of("").iterdir()) == sorted(["lock", after.all_of("")[0].id])
    after.close()


def test_one_process_has_the_folder_at_a_time(batches: Batches, tmp_path: Path) -> None:
    other = Batches(tmp_path / "batches", most=3, days=2)
    assert not other.open()
    for ask in (lambda: other.all_of(""), lambda: other.get("a", ""), lambda: send(other)):
        with pytest.raises(BatchesUnavailableError):
            ask()
    batches.close()
    assert other.open()
    with pytest.raises(BatchesUnavailableError):
        other.all_of("")
    other.let_in()
    assert other.all_of("") == []
    other.close()


def test_folder_that_is_no_batch_is_left_alone(
    batches: Batches, tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    batch = send(batches).id
    for name, content in (("notes", "[]"), ("other", '{"id": "other"}'), ("broken", "{")):
        batches.folder_of(name).mkdir()
        (batches.folder_of(name) / "batch.json").write_text(content)
    after = again(batches, tmp_path, clock)
    assert [kept.id for kept in after.all_of("")] == [batch]
    assert [record.getMessage().partition(" is no batch")[0] for record in caplog.records] == [
        str(after.folder_of(name)) for name in ("broken", "notes", "other")
    ]
    after.close()


def test_batches_are_nobody_elses_to_read(batches: Batches, tmp_path: Path) -> None:
    assert (tmp_path / "batches").stat().st_mode & 0o077 == 0
