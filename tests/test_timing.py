"""The suite ``speed``: its plan, its texts, its times on disk, and what they add up to."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from evaluation.corpus import Sample
from evaluation.errors import BrokenDataError, BrokenSuiteError
from evaluation.options import Options
from evaluation.timing import read_plan, run
from evaluation.timing.engines import Echo, OpenEngine, open_engine
from evaluation.timing.growth import Exponent, add_up, fit_growth
from evaluation.timing.plan import Engine, Plan, Task
from evaluation.timing.rows import Clocked, Timing, TimingFile, latest_timings, read_timings
from evaluation.timing.running import Taker, clocked, floored
from evaluation.timing.table import make_tables
from evaluation.timing.texts import count_words, make_articles
from service.annotation import Annotator
from service.errors import ModelNotPreparedError
from tests.scripted import ScriptedGenerator

OPTIONS = Options(data=Path(), output=Path())
PLAN = """
kind = "speed"
title = "Mine"
lengths = [20, 10, 40]
passages = 3
repeats = 2
engines = ["rules", { name = "onnx", longest = 20, short = 10, batches = [4, 1, 2] }]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "mine.toml").write_text(PLAN, encoding="utf-8")
    return tmp_path / "mine.toml"


# --- plan ---


def test_a_plan_says_what_is_timed_short_articles_first(path: Path) -> None:
    rules, onnx = (plan := read_plan(str(path))).engines
    assert [(task.size, task.repeat) for task in plan.tasks(rules, OPTIONS)] == [
        (words, repeat) for words in (10, 20, 40) for repeat in (0, 1)
    ]
    assert [(task.what, task.size) for task in plan.tasks(onnx, OPTIONS) if task.repeat == 0] == [
        *(("article", words) for words in (10, 20)),
        *(("batch", size) for size in (1, 2, 4)),
    ]


def test_a_short_run_takes_less_and_a_limit_the_first(path: Path) -> None:
    _, onnx = (plan := read_plan(str(path))).engines
    assert plan.tasks(onnx, replace(OPTIONS, short=True)) == [
        Task("article", 10, 0),
        Task("batch", 1, 0),
        Task("batch", 4, 0),
    ]
    assert [task.size for task in plan.tasks(onnx, replace(OPTIONS, limit=1)) if task.repeat == 0] == [10, 1]


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        pytest.param('"rules"', '"gpu"', "engines.0.name: Input should be 'echo', 'rules'", id="unknown engine"),
        pytest.param("[20, 10, 40]", "[]", "lengths: Tuple should have at least 1 item", id="no length"),
        pytest.param("[20, 10, 40]", "[0]", "lengths.0: Input should be greater than 0", id="no words"),
        pytest.param('"rules"', '{ name = "rules", batches = [1] }', "rules have no model", id="batches of no model"),
        pytest.param("repeats", "repetitions", "repetitions: Extra inputs are not permitted", id="unknown field"),
    ],
)
def test_a_plan_that_does_not_say_what_it_should_is_named(path: Path, before: str, after: str, reason: str) -> None:
    path.write_text(PLAN.replace(before, after), encoding="utf-8")
    with pytest.raises(BrokenSuiteError) as caught:
        read_plan(str(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert reason in str(caught.value)


# --- texts ---


def test_articles_are_long_enough_and_begin_where_the_last_ended() -> None:
    samples = [Sample("a", "one two\n\nthree four", ""), Sample("b", "five six", "")]
    articles = make_articles(samples, [3, 1, 5])
    assert articles == ["one two\n\nthree four", "five six", "one two\n\nthree four\n\nfive six"]
    assert [count_words(article) for article in articles] == [4, 2, 6]


# --- times on disk ---


def timing(
    engine: str = "rules", *, words: int = 100, cpu: float | None = 1.0, what: str = "article", size: int = 100
) -> Timing:
    return Timing(
        suite="speed",
        engine=engine,
        fingerprint=f"{engine}@1",
        machine="x, 2 cores",
        busy=0.5,
        what="batch" if what == "batch" else "article",
        size=size,
        repeat=0,
        words=words,
        passages=4,
        taken=None if cpu is None else Clocked(2 * cpu, cpu),
        plain=Clocked(0.2, 0.1),
        key=f"{engine} {what} {size}",
        error="RuntimeError: out of memory" if cpu is None else None,
    )


def test_a_time_comes_back_as_it_was_added(tmp_path: Path) -> None:
    times = [timing(), timing(cpu=None)]
    with TimingFile(tmp_path / "t.jsonl") as file:
        for one in times:
            file.add(one)
    assert read_timings(tmp_path / "t.jsonl") == times


@pytest.mark.parametrize(
    "change",
    [{"words": "many"}, {"what": "paragraph"}, {"plain": {"seconds": -1, "cpu_seconds": 1}}, {"engine": None}],
    ids=str,
)
def test_a_line_that_is_no_time_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    (tmp_path / "t.jsonl").write_text(json.dumps(timing().as_json() | change) + "\n", encoding="utf-8")
    with pytest.raises(BrokenDataError, match="is no row of results"):
        read_timings(tmp_path / "t.jsonl")


def test_a_time_of_0_seconds_is_refused_and_is_never_taken(tmp_path: Path) -> None:
    row = timing().as_json() | {"taken": {"seconds": 1.0, "cpu_seconds": 0.0}}
    (tmp_path / "t.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    with pytest.raises(BrokenDataError, match=r"row 1: .*a time is a number of seconds above 0, not 1\.0 and 0\.0"):
        read_timings(tmp_path / "t.jsonl")
    assert min(floored(0.0, "process_time"), floored(0.0, "perf_counter")) > 0


def test_the_latest_times_are_of_one_machine_and_one_version_of_each_engine() -> None:
    old, other = replace(timing(), fingerprint="rules@0"), replace(timing(), machine="y, 64 cores")
    again = replace(timing(), busy=2.0)
    assert latest_timings([old, other, timing(), timing("onnx"), again]) == [again, timing("onnx")]
    assert latest_timings([]) == []


# --- what they add up to ---


def test_cost_that_grows_with_the_square_has_the_exponent_2() -> None:
    growth = fit_growth([(words, 3e-6 * words**2) for words in (100, 1_000, 5_000)])
    assert growth is not None
    assert (round(growth.value, 6), round(growth.low, 6), round(growth.high, 6)) == (2, 2, 2)


def test_an_exponent_of_scattered_times_has_an_interval_around_it() -> None:
    growth = fit_growth([(100, 1.1), (200, 1.8), (400, 4.4), (800, 7.5)])
    assert growth is not None
    assert growth.low < growth.value < growth.high
    assert growth.times == 4


def test_two_lengths_have_no_exponent() -> None:
    assert fit_growth([(100, 1), (100, 2), (200, 2)]) is None


def test_times_add_up_engine_by_engine() -> None:
    times = [timing(), replace(timing(cpu=3.0), repeat=1), timing("onnx", what="batch", size=1)]
    times += [timing("onnx", what="batch", size=4, cpu=0.5), timing("onnx", cpu=None)]
    rules, onnx = add_up(times)
    [cost] = rules.articles
    assert (cost.words, cost.seconds, cost.cpu_seconds, cost.times_plain, cost.times) == (100, 4, 2, 20, 2)
    assert (cost.words_per_second, rules.growth, rules.batches) == (25, None, ())
    assert [onnx.saved_by(batch) for batch in onnx.batches] == [None, 2]
    assert onnx.errors == ("article of 100: RuntimeError: out of memory",)


def test_tables_have_a_line_for_each_size() -> None:
    costs = add_up([timing(size=size, words=size, cpu=size / 100) for size in (100, 200, 400)])
    console = Console(width=100)
    with console.capture() as captured:
        for table in make_tables([replace(costs[0], growth=Exponent(1.0, 0.9, 1.1, 3))]):
            console.print(table)
    rows = [" ".join(line.split()) for line in captured.get().splitlines()]
    assert "rules 400 8.00 4.00 50 40.0" in rows
    assert "rules 1.00 [0.90, 1.10]" in rows
    assert make_tables([]) == []


def test_what_is_clocked_is_done_once() -> None:
    done: list[int] = []
    taken = clocked(lambda: done.append(1))
    assert done == [1]
    assert min(taken.seconds, taken.cpu_seconds) > 0


# --- taking them ---


class Desk:
    """Opens an engine that writes down what it is given."""

    def __init__(self, *, fails: bool = False) -> None:
        self.rewritten: list[int] = []
        self.closed = 0
        self.generator = ScriptedGenerator()
        self._fails = fails

    def __call__(self, engine: Engine) -> OpenEngine:
        generator = None if engine.name == "rules" else self.generator
        return OpenEngine(f"{engine.name}@1", self._rewrite, generator, self._close)

    def _rewrite(self, text: str) -> None:
        self.rewritten.append(count_words(text))
        # The first text warms up.
        if self._fails and self.rewritten[1:]:
            raise RuntimeError("out of memory")

    def _close(self) -> None:
        self.closed += 1


Take = Callable[..., list[Timing]]


@pytest.fixture
def take(path: Path, annotator: Annotator) -> Take:
    def take(desk: Desk, number: int) -> list[Timing]:
        plan = read_plan(str(path))
        with TimingFile(path.with_suffix(".jsonl")) as file:
            engine = plan.engines[number]
            return Taker(plan, file, annotator, open_engine=desk).take(engine, plan.tasks(engine, OPTIONS))

    return take


def test_every_time_is_on_disk_and_none_is_taken_twice(take: Take, path: Path) -> None:
    first, second = Desk(), Desk()
    times = take(first, 0)
    assert read_timings(path.with_suffix(".jsonl")) == times
    assert [(one.size, one.repeat, one.words >= one.size, one.error) for one in times] == [
        (words, repeat, True, None) for words in (10, 20, 40) for repeat in (0, 1)
    ]
    assert (len(first.rewritten), first.closed) == (7, 1)
    assert take(second, 0) == times
    assert (len(second.rewritten), second.closed) == (1, 1)


def test_a_batch_is_what_the_model_takes_at_once(take: Take) -> None:
    desk = Desk()
    batches = [one for one in take(desk, 1) if one.what == "batch" and one.repeat == 0]
    assert [(one.size, one.passages) for one in batches] == [(1, 3), (2, 3), (4, 3)]
    sizes = [len(sources) for sources, count, _ in desk.generator.calls if count == 1]
    assert sizes == [1, 1, 1, 1, 1, 1, 2, 1, 2, 1, 3, 3]


def test_what_an_engine_fails_of_is_told_and_tried_again_next_time(take: Take) -> None:
    times = take(Desk(fails=True), 0)
    assert [(one.taken, one.error) for one in times] == [(None, "RuntimeError: out of memory")] * 6
    again = Desk()
    assert [one.error for one in take(again, 0)] == [None] * 6
    assert len(again.rewritten) == 7


def test_an_engine_that_cannot_be_opened_takes_no_other_with_it(
    path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COPYDESK_CACHE", str(path.parent / "empty"))
    plan = read_plan(str(path)).model_copy(update={"lengths": (10,), "repeats": 1})
    plan = plan.model_copy(update={"engines": (Engine(name="onnx"), Engine(name="rules"))})
    assert not run(plan, replace(OPTIONS, output=path.parent))
    report = json.loads((path.parent / "mine.json").read_text(encoding="utf-8"))
    assert [one["engine"] for one in report["engines"]] == ["rules"]
    assert "copydesk: onnx was left out: " in capsys.readouterr().err


def test_a_model_that_is_not_there_cannot_be_timed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("COPYDESK_CACHE", str(tmp_path))
    with pytest.raises(ModelNotPreparedError):
        open_engine(Engine(name="onnx"))


def test_the_echo_goes_the_whole_way_with_a_model_that_says_its_source_again() -> None:
    opened = open_engine(Engine(name="echo"))
    assert isinstance(opened.generator, Echo)
    made = opened.rewrite("So the mayor just axed 40 bus routes, lol.")
    assert "40 bus routes" in str(made)
    assert [one.text for [one] in opened.generator.generate(["Rain.", "Snow."], count=1, seed=0)] == ["Rain.", "Snow."]


def test_the_plan_that_ships_goes_from_100_to_5000_words() -> None:
    plan = read_plan("speed")
    assert (min(plan.lengths), max(plan.lengths)) == (100, 5_000)
    assert [engine.name for engine in plan.engines] == ["echo", "rules", "onnx", "transformers"]
    assert isinstance(plan, Plan)
