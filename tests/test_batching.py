from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait

import pytest

from service.batching import BatchingGenerator
from service.errors import GeneratorClosedError
from service.generation import Candidate
from tests.scripted import ScriptedGenerator, wait_until

Targets = list[tuple[Candidate, ...]]


def echoed(*sources: str) -> Targets:
    return [(Candidate(text=source, score=0.0),) for source in sources]


@pytest.fixture
def inner(scripted: Callable[..., ScriptedGenerator]) -> ScriptedGenerator:
    return scripted()


@pytest.fixture
def batching(inner: ScriptedGenerator) -> Iterator[BatchingGenerator]:
    generator = BatchingGenerator(inner, max_batch=4)
    yield generator
    inner.free.set()
    generator.close()


@pytest.fixture
def busy(inner: ScriptedGenerator, batching: BatchingGenerator) -> Future[Targets]:
    """A run that holds the model until ``inner.free`` is set, so that later calls wait."""
    inner.free.clear()
    outcome = batching.submit(["busy"], count=1, seed=0)
    assert inner.started.wait(timeout=10)
    return outcome


def refuses(generator: BatchingGenerator) -> bool:
    try:
        generator.submit([], count=1, seed=0)
    except GeneratorClosedError:
        return True
    return False


def sources_of(inner: ScriptedGenerator) -> list[tuple[str, ...]]:
    return [sources for sources, _, _ in inner.calls]


def test_each_of_many_threads_gets_its_own_text(inner: ScriptedGenerator, batching: BatchingGenerator) -> None:
    articles = [[f"{thread}-{number}" for number in range(thread % 7)] for thread in range(300)]
    with ThreadPoolExecutor(max_workers=32) as threads:
        outcomes = list(threads.map(lambda sources: batching.generate(sources, count=1, seed=0), articles))
    assert outcomes == [echoed(*sources) for sources in articles]
    assert max(map(len, sources_of(inner))) <= 4


def test_batching_changes_no_output(scripted: Callable[..., ScriptedGenerator]) -> None:
    sources = [f"passage {number}" for number in range(11)]
    alone = scripted("one", "two", "three").generate(sources, count=2, seed=5)
    generator = BatchingGenerator(scripted("one", "two", "three"), max_batch=3)
    assert generator.generate(sources, count=2, seed=5) == alone
    generator.close()


def test_calls_that_wait_together_run_together(
    inner: ScriptedGenerator, batching: BatchingGenerator, busy: Future[Targets]
) -> None:
    outcomes = [batching.submit([text], count=1, seed=0) for text in "abc"]
    inner.free.set()
    assert [outcome.result(timeout=10) for outcome in outcomes] == [echoed("a"), echoed("b"), echoed("c")]
    assert sources_of(inner) == [("busy",), ("a", "b", "c")]


def test_calls_that_differ_in_count_or_seed_run_apart(
    inner: ScriptedGenerator, batching: BatchingGenerator, busy: Future[Targets]
) -> None:
    outcomes = [
        batching.submit(["a"], count=1, seed=0),
        batching.submit(["b"], count=2, seed=0),
        batching.submit(["c"], count=1, seed=7),
        batching.submit(["d"], count=1, seed=0),
    ]
    inner.free.set()
    wait(outcomes, timeout=10)
    assert inner.calls[1:] == [(("a", "d"), 1, 0), (("b",), 2, 0), (("c",), 1, 7)]


def test_long_article_does_not_hold_up_a_short_one(
    inner: ScriptedGenerator, batching: BatchingGenerator, busy: Future[Targets]
) -> None:
    long = [f"long {number}" for number in range(9)]
    outcomes = [batching.submit(long, count=1, seed=0), batching.submit(["short"], count=1, seed=0)]
    inner.free.set()
    assert [outcome.result(timeout=10) for outcome in outcomes] == [echoed(*long), echoed("short")]
    assert sources_of(inner)[1:] == [tuple(long[:4]), ("short", *long[4:7]), tuple(long[7:])]


def test_call_without_passages_asks_nothing_of_the_model(inner: ScriptedGenerator, batching: BatchingGenerator) -> None:
    assert batching.generate([], count=1, seed=0) == []
    assert inner.calls == []


def test_exception_reaches_every_call_of_the_run_and_the_next_run_goes_on(
    inner: ScriptedGenerator, batching: BatchingGenerator, busy: Future[Targets]
) -> None:
    inner.failure = RuntimeError("out of memory")
    outcomes = [busy, *(batching.submit([text], count=1, seed=0) for text in "abc")]
    inner.free.set()
    assert [outcome.exception(timeout=10) for outcome in outcomes] == [inner.failure] * 4
    inner.failure = None
    assert batching.generate(["d"], count=1, seed=0) == echoed("d")


def test_even_an_exit_of_the_model_leaves_nobody_waiting(inner: ScriptedGenerator, batching: BatchingGenerator) -> None:
    inner.failure = SystemExit(1)
    with pytest.raises(SystemExit):
        batching.generate(["a"], count=1, seed=0)
    inner.failure = None
    assert batching.generate(["b"], count=1, seed=0) == echoed("b")


def test_generator_that_loses_a_passage_is_an_error_for_all() -> None:
    class Forgetful(ScriptedGenerator):
        def generate(self, sources: Sequence[str], *, count: int, seed: int) -> Targets:
            return super().generate(sources, count=count, seed=seed)[1:]

    generator = BatchingGenerator(Forgetful())
    with pytest.raises(ValueError, match="scripted gave targets for 1 of 2 passages"):
        generator.generate(["a", "b"], count=1, seed=0)
    generator.close()


def test_cancelled_call_costs_no_run_and_harms_no_other(
    inner: ScriptedGenerator, batching: BatchingGenerator, busy: Future[Targets]
) -> None:
    given_up = [batching.submit([text], count=1, seed=0) for text in "abc"]
    wanted = batching.submit(["d"], count=1, seed=0)
    assert [outcome.cancel() for outcome in given_up] == [True, True, True]
    inner.free.set()
    assert wanted.result(timeout=10) == echoed("d")
    assert sources_of(inner) == [("busy",), ("d",)]
    assert wait(given_up, timeout=10).not_done == set()


def test_call_cancelled_during_its_run_harms_no_other(
    inner: ScriptedGenerator, batching: BatchingGenerator, busy: Future[Targets]
) -> None:
    assert busy.cancel()
    inner.free.set()
    assert batching.generate(["a"], count=1, seed=0) == echoed("a")
    with pytest.raises(CancelledError):
        busy.result(timeout=10)


def test_close_lets_the_run_end_and_refuses_the_calls_that_wait(
    inner: ScriptedGenerator, batching: BatchingGenerator, busy: Future[Targets]
) -> None:
    waiting = [batching.submit([text], count=1, seed=0) for text in "ab"]
    with ThreadPoolExecutor() as threads:
        closing = threads.submit(batching.close)
        wait_until(lambda: refuses(batching))
        inner.free.set()
        closing.result(timeout=10)
    assert busy.result(timeout=10) == echoed("busy")
    assert [type(outcome.exception(timeout=10)) for outcome in waiting] == [GeneratorClosedError] * 2


def test_closed_generator_takes_no_more_calls(batching: BatchingGenerator) -> None:
    batching.close()
    batching.close()
    with pytest.raises(GeneratorClosedError):
        batching.generate(["a"], count=1, seed=0)


def test_batch_needs_room_for_a_passage(scripted: Callable[..., ScriptedGenerator]) -> None:
    with pytest.raises(ValueError, match="at least one passage, got 0"):
        BatchingGenerator(scripted(), max_batch=0)


def test_name_and_measure_are_those_of_the_model_behind(batching: BatchingGenerator) -> None:
    assert (batching.name, batching.max_source_tokens, batching.count_tokens("two words")) == ("scripted", 400, 2)


def test_passages_that_wait_are_counted_until_they_run_or_are_withdrawn() -> None:
    generator = ScriptedGenerator()
    batching = BatchingGenerator(generator, max_batch=2)
    generator.free.clear()
    running = batching.submit(["a"], count=1, seed=0)
    wait_until(generator.started.is_set)
    waiting = batching.submit(["b", "c", "d"], count=1, seed=0)
    withdrawn = batching.submit(["e"], count=1, seed=0)
    before = batching.waiting
    withdrawn.cancel()
    after = batching.waiting
    generator.free.set()
    assert (len(running.result()), len(waiting.result())) == (1, 3)
    assert (before, after, batching.waiting) == (4, 3, 0)
    batching.close()


def test_background_waits_for_all_others_and_runs_in_smaller_parts(
    inner: ScriptedGenerator, batching: BatchingGenerator, busy: Future[Targets]
) -> None:
    behind = batching.submit(["b1", "b2", "b3"], count=1, seed=0, background=True)
    in_front = [batching.submit([text] * 4, count=1, seed=0) for text in "xy"]
    inner.free.set()
    assert [len(outcome.result(timeout=10)) for outcome in (behind, *in_front)] == [3, 4, 4]
    assert sources_of(inner)[1:] == [("x",) * 4, ("y",) * 4, ("b1",), ("b2",), ("b3",)]


def test_background_gets_one_run_in_five_whoever_else_waits(
    inner: ScriptedGenerator, batching: BatchingGenerator, busy: Future[Targets]
) -> None:
    outcomes = [batching.submit(["b1", "b2"], count=1, seed=0, background=True)]
    outcomes += [batching.submit([str(number)] * 4, count=1, seed=0) for number in range(9)]
    waiting = batching.waiting
    inner.free.set()
    wait(outcomes, timeout=10)
    order = [sources[0] for sources in sources_of(inner)[1:]]
    assert (waiting, order) == (38, ["0", "1", "2", "3", "b1", "4", "5", "6", "7", "b2", "8"])


def test_close_refuses_the_background_too(
    inner: ScriptedGenerator, batching: BatchingGenerator, busy: Future[Targets]
) -> None:
    behind = batching.submit(["a"], count=1, seed=0, background=True)
    with ThreadPoolExecutor() as threads:
        closing = threads.submit(batching.close)
        wait_until(lambda: refuses(batching))
        inner.free.set()
        closing.result(timeout=10)
    assert type(behind.exception(timeout=10)) is GeneratorClosedError


def test_to_follow_a_target_waits_for_the_run_under_way(
    inner: ScriptedGenerator, batching: BatchingGenerator, busy: Future[Targets]
) -> None:
    with ThreadPoolExecutor(max_workers=1) as caller:
        asked = caller.submit(batching.follow, "a", ["a", "b"])
        assert not wait([asked], timeout=0.1).done
        inner.free.set()
        followed = [one.likely.tolist() for one in asked.result(timeout=10)]
        assert followed == [one.likely.tolist() for one in inner.follow("a", ["a", "b"])]
    assert busy.result(timeout=10) == echoed("busy")


def test_a_closed_generator_follows_nothing(batching: BatchingGenerator) -> None:
    batching.close()
    with pytest.raises(GeneratorClosedError):
        batching.follow("a", ["a"])
