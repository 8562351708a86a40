from __future__ import annotations

import logging
import multiprocessing
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from service.brief import Mode
from service.checking import Checker
from service.crew import Task, rewrite_rows, work, work_together
from service.desk import Desk, open_desk
from service.errors import GeneratorClosedError, ModelError, WorkerLostError
from service.facts import Verdict
from service.generation import Candidate
from service.passages import Status
from service.rows import Row, Tally
from service.settings import Settings
from service.terms import Terms
from tests.desks import desk_of
from tests.scripted import ScriptedGenerator

WIRE = "The mayor cut 40 bus routes."
RULES = Settings(engine="rules")


def rows(*texts: str) -> list[Row]:
    return [Row(number=number, identity=f"r{number}", text=text) for number, text in enumerate(texts, start=1)]


class BrokenAt(ScriptedGenerator):
    """Fails at one source, as a bug would."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self._source = source

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        if self._source in sources:
            raise KeyError("a bug")
        return super().generate(sources, count=count, seed=seed)


def test_rows_are_rewritten_in_one_run_of_the_model(checker: Checker) -> None:
    generator = ScriptedGenerator(answers={"So the mayor axed 40 bus routes.": WIRE})
    one, two = rewrite_rows(desk_of(checker, generator), rows("So the mayor axed 40 bus routes.", WIRE), Task(seed=3))
    assert generator.calls == [(("So the mayor axed 40 bus routes.", WIRE), 1, 3)]
    summary = {"facts": 1, "kept": 1, "altered": 0, "omitted": 0, "unsupported": 0, "kept_passages": 0}
    assert [one.fields, two.fields] == [
        {"id": "r1", "copy": WIRE, "status": "verified", "summary": summary},
        {"id": "r2", "copy": WIRE, "status": "verified", "summary": summary},
    ]
    assert [one.tally, two.tally] == [
        Tally(rows=1, passages={Status.REWRITTEN: 1}, facts={Verdict.KEPT: 1}),
        Tally(rows=1, passages={Status.UNCHANGED: 1}, facts={Verdict.KEPT: 1}),
    ]


def test_rows_are_rewritten_in_the_style_and_with_the_terms_of_the_task_and_their_own(checker: Checker) -> None:
    task = Task(style="bbc", mode=Mode.FIX, terms=Terms.of(["Axe Street"], {"cops": "police"}))
    texts = ["The cops won't close Axe Street at 6 a.m."] * 3
    one, two, three = rows(*texts)
    two = replace(two, terms=Terms.of(glossary={"cops": "officers"}))
    three = replace(three, terms=Terms.of(["cops"]))
    outcomes = [result.fields for result in rewrite_rows(desk_of(checker), [one, two, three], task)]
    assert [fields.get("copy") for fields in outcomes] == [
        "The police will not close Axe Street at 06:00.",
        "The officers will not close Axe Street at 06:00.",
        None,
    ]
    assert outcomes[2]["error"] == "'cops' is protected and has a rendering in the glossary: keep one of the two."


def test_rows_with_terms_share_a_run_of_the_model_with_others(checker: Checker) -> None:
    generator = ScriptedGenerator()
    one, two = rows("The mayor met the cops.", "The mayor spoke.")
    one = replace(one, terms=Terms.of(glossary={"cops": "officers"}))
    rewrite_rows(desk_of(checker, generator), [one, two], Task())
    # What is sure to be a word of the caller's is hidden.
    assert generator.calls[0] == (('The mayor met the "[1]".', "The mayor spoke."), 1, 0)


def test_row_may_come_back_with_the_account_of_every_passage(checker: Checker) -> None:
    (result,) = rewrite_rows(desk_of(checker), rows(WIRE), Task(full=True))
    assert [*result.fields] == ["id", "copy", "status", "summary", "provenance", "certificate", "passages"]


def test_row_calls_its_id_what_it_is_told_to(checker: Checker) -> None:
    results = rewrite_rows(desk_of(checker), rows(WIRE, ""), Task(identity="custom_id"))
    assert [next(iter(result.fields.items())) for result in results] == [("custom_id", "r1"), ("custom_id", "r2")]


def test_row_that_cannot_be_rewritten_has_the_error_that_http_would_give(checker: Checker) -> None:
    given = [Row(number=7, identity=7, error="Text: Field required."), *rows("", "x" * 201, "Der Hund ist da. " * 9)]
    results = rewrite_rows(desk_of(checker, limit=200), given, Task())
    assert [(result.number, result.fields, result.tally.failed) for result in results] == [
        (7, {"id": 7, "error": "Text: Field required."}, 1),
        (1, {"id": "r1", "error": "The article is empty: it needs at least one word."}, 1),
        (2, {"id": "r2", "error": "The article has 201 characters, the limit is 200: send it in parts."}, 1),
        (
            3,
            {
                "id": "r3",
                "error": "The article does not read as English, the one language copydesk writes; nothing was changed.",
            },
            1,
        ),
    ]


def test_portion_of_bad_rows_alone_asks_nothing_of_the_desk(checker: Checker) -> None:
    generator = BrokenAt("")
    results = rewrite_rows(desk_of(checker, generator), rows("", " "), Task())
    assert ([result.tally.failed for result in results], generator.measured) == ([1, 1], [])


def test_bug_at_one_row_costs_no_other_and_is_logged(checker: Checker, caplog: pytest.LogCaptureFixture) -> None:
    desk = desk_of(checker, BrokenAt("It was 12."))
    results = rewrite_rows(desk, rows(WIRE, "It was 12.", WIRE), Task())
    error = "Copydesk failed at this row (KeyError), and its log has the reason: please report it."
    assert [result.fields.get("error") for result in results] == [None, error, None]
    assert [(record.levelno, record.getMessage()) for record in caplog.records] == [
        (logging.ERROR, "row 2 failed with KeyError")
    ]


def test_model_that_is_gone_is_no_error_of_the_rows(checker: Checker) -> None:
    generator = ScriptedGenerator()
    generator.failure = GeneratorClosedError()
    with pytest.raises(GeneratorClosedError):
        rewrite_rows(desk_of(checker, generator), rows(WIRE), Task())


def test_desk_is_closed_when_the_work_is_done_or_left(checker: Checker) -> None:
    closed: list[str] = []

    def open_desk() -> Desk:
        return desk_of(checker, close=lambda: closed.append("closed"))

    assert len(list(work(open_desk, Task(), [rows(WIRE)]))) == 1
    left = work(open_desk, Task(), [rows(WIRE), rows(WIRE)])
    next(left)
    left.close()
    assert closed == ["closed", "closed"]


def test_processes_give_what_one_would_in_order_and_end_with_the_work() -> None:
    chunks = [rows(f"So the mayor axed {number} bus routes, lol.", "") for number in range(20, 25)]
    together = list(work_together(RULES, Task(), chunks, workers=2))
    assert together == list(work(lambda: open_desk(RULES), Task(), chunks))
    assert multiprocessing.active_children() == []


def test_worker_that_is_killed_stops_the_work_with_a_reason() -> None:
    working = work_together(RULES, Task(), [rows(WIRE)] * 50, workers=1)
    next(working)
    (worker,) = multiprocessing.active_children()
    worker.kill()
    with pytest.raises(WorkerLostError, match="run the same command again"):
        list(working)


def test_worker_without_a_model_says_why(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="the embedded model is not prepared: run `copydesk model prepare`"):
        list(work_together(Settings(cache=tmp_path), Task(), [rows(WIRE)], workers=1))
