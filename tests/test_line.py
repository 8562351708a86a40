from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.batching import BatchingGenerator
from service.checking import Checker
from service.errors import HungUpError
from service.ladder import Ladder
from service.line import Line
from service.rewriting import Rewriter
from tests.scripted import ScriptedGenerator, wait_until


def line_to(checker: Checker, batching: BatchingGenerator | None) -> Line:
    return Line(Rewriter(Ladder(checker, batching), generator=batching, prompt="wire.v1"), batching)


def test_a_line_gives_what_the_rewriter_gives(checker: Checker) -> None:
    batching = BatchingGenerator(ScriptedGenerator("The ferry lost nine cars."))
    rewriter = Rewriter(Ladder(checker, batching), generator=batching, prompt="wire.v1")
    text = "So the ferry lost nine cars, lol!"
    assert Line(rewriter, batching).rewriter.rewrite(text, seed=3) == rewriter.rewrite(text, seed=3)
    batching.close()


def test_what_waits_for_a_caller_who_hangs_up_is_withdrawn_and_the_others_get_theirs(checker: Checker) -> None:
    generator = ScriptedGenerator()
    batching = BatchingGenerator(generator)
    leaver, stayer = line_to(checker, batching), line_to(checker, batching)
    generator.free.clear()
    with ThreadPoolExecutor() as threads:
        running = threads.submit(stayer.rewriter.rewrite, "The mayor left on Monday.")
        wait_until(generator.started.is_set)
        waiting = threads.submit(leaver.rewriter.rewrite, "The board met on Tuesday.")
        wait_until(lambda: "The board met on Tuesday." in generator.measured)
        leaver.hang_up()
        with pytest.raises(HungUpError):
            waiting.result(timeout=20)
        generator.free.set()
        assert running.result().copy == "The mayor left on Monday."
    assert [sources for sources, _, _ in generator.calls] == [("The mayor left on Monday.",)]
    batching.close()


def test_a_caller_who_hung_up_asks_the_model_for_nothing_more(checker: Checker) -> None:
    generator = ScriptedGenerator()
    batching = BatchingGenerator(generator)
    line = line_to(checker, batching)
    line.hang_up()
    with pytest.raises(HungUpError):
        line.rewriter.rewrite("The board met on Tuesday.")
    assert generator.calls == []
    batching.close()


def test_where_only_rules_edit_there_is_nothing_to_withdraw(checker: Checker) -> None:
    line = line_to(checker, None)
    line.hang_up()
    assert line.rewriter.rewrite("So the board met on Tuesday!").copy == "The board met on Tuesday."


def test_a_caller_who_can_wait_lets_the_others_go_first(checker: Checker) -> None:
    generator = ScriptedGenerator()
    batching = BatchingGenerator(generator, max_batch=1)
    rewriter = Rewriter(Ladder(checker, batching), generator=batching, prompt="wire.v1")
    patient, other = Line(rewriter, batching, background=True), Line(rewriter, batching)
    generator.free.clear()
    with ThreadPoolExecutor() as threads:
        busy = threads.submit(other.rewriter.rewrite, "The mayor left on Monday.")
        wait_until(generator.started.is_set)
        behind = threads.submit(patient.rewriter.rewrite, "The board met on Tuesday.")
        wait_until(lambda: batching.waiting == 1)
        in_front = threads.submit(rewriter.rewrite, "The judge ruled on Friday.")
        wait_until(lambda: batching.waiting == 2)
        generator.free.set()
        assert [done.result().copy for done in (busy, behind, in_front)] == [
            *("The mayor left on Monday.", "The board met on Tuesday.", "The judge ruled on Friday.")
        ]
    assert [sources for sources, _, _ in generator.calls[1:]] == [
        *(("The judge ruled on Friday.",), ("The board met on Tuesday.",))
    ]
    batching.close()
