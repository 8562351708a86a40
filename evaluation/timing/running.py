"""Run a suite of the kind ``speed``: each time is on disk before the next is taken."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.progress import track

from evaluation.corpus import read_articles, read_pairs
from evaluation.fingerprints import digest_of
from evaluation.machine import machine
from evaluation.options import Options
from evaluation.timing.engines import OpenEngine, open_engine
from evaluation.timing.growth import EngineCosts, add_up
from evaluation.timing.plan import Engine, Plan, Task
from evaluation.timing.rows import Clocked, Timing, TimingFile
from evaluation.timing.table import make_tables
from evaluation.timing.texts import count_words, make_articles
from service.annotation import Annotator
from service.errors import CopydeskError

# A first text loads what is only loaded when it is needed.
_WARM_UP = "So the mayor just axed 40 bus routes, lol. “We are broke,” she told reporters Friday."


def run(plan: Plan, options: Options) -> bool:
    """Take the times that are not on record yet, write what they add up to, print tables.

    Returns:
        Whether all engines could be opened, and each did all it was given.

    Raises:
        CopydeskError: Another run adds to the same file.
    """
    path = options.file(f"{plan.name}.json")
    faults: list[str] = []
    with TimingFile(path.with_suffix(".jsonl")) as file:
        taker = Taker(plan, file, Annotator())
        found: list[Timing] = []
        for engine in plan.engines:
            tasks = plan.tasks(engine, options)
            try:
                found += taker.take(engine, tasks)
            except CopydeskError as error:
                faults.append(f"{engine.name} was left out: {error}")
            _write(path, plan, options, add_up(found))
        notes = file.faults
    costs = add_up(found)
    faults += [f"{one.engine}: {error}" for one in costs for error in one.errors]
    for line in (*notes, *faults):
        Console(stderr=True, highlight=False).print(f"copydesk: {line}", markup=False, soft_wrap=True)
    console = Console(highlight=False)
    for table in make_tables(costs):
        console.print(table)
    lines = [
        f"On {machine()}. CPU seconds are those of all cores together; × parse: CPU seconds as a multiple of those of "
        "one parse by spaCy of the same text, taken just before.",
        f"Every time: {path.with_suffix('.jsonl')}. Every figure: {path}",
    ]
    console.print("\n".join(lines), markup=False, soft_wrap=True)
    return not faults


def clocked(work: Callable[[], object]) -> Clocked:
    """Say how long something takes; what takes less than a clock can tell takes as long as that."""
    began, cpu = time.perf_counter(), time.process_time()
    work()
    seconds, cpu_seconds = time.perf_counter() - began, time.process_time() - cpu
    return Clocked(floored(seconds, "perf_counter"), floored(cpu_seconds, "process_time"))


def floored(seconds: float, clock: Literal["perf_counter", "process_time"]) -> float:
    """Raise a time to the resolution of its clock, where it is less.

    >>> floored(2.5, "process_time"), floored(0.0, "process_time") > 0
    (2.5, True)
    """
    return max(seconds, time.get_clock_info(clock).resolution)


class Taker:
    """Takes times, but for those that are there.

    Args:
        plan: The suite.
        file: Where times are added.
        annotator: The plain baseline: one parse of the same text, which the gate needs at the least.
        open_engine: Opens an engine.
    """

    def __init__(
        self,
        plan: Plan,
        file: TimingFile,
        annotator: Annotator,
        *,
        open_engine: Callable[[Engine], OpenEngine] = open_engine,
    ) -> None:
        self._plan = plan
        self._file = file
        self._open = open_engine
        self._whole = {row.key: row for row in file.rows if row.error is None}
        self._annotator = annotator
        samples = [*read_articles(), *read_pairs()]
        lengths = [(words, repeat) for repeat in range(plan.repeats) for words in sorted(set(plan.lengths))]
        articles = make_articles(samples, [words for words, _ in lengths])
        self._articles = dict(zip(lengths, articles, strict=True))
        self._passages = [sample.source for sample in read_pairs()[: plan.passages]]

    def take(self, engine: Engine, tasks: Sequence[Task]) -> list[Timing]:
        """Take the times of an engine; gives all of them, those that were there among them.

        Raises:
            ModelError: Its model is not to be had.
        """
        opened = self._open(engine)
        try:
            opened.rewrite(_WARM_UP)
            self._annotator.annotate([_WARM_UP])
            shown = track(tasks, description=engine.name, console=Console(stderr=True), transient=True)
            return [self._timing(engine, opened, task) for task in shown]
        finally:
            opened.close()

    def _timing(self, engine: Engine, opened: OpenEngine, task: Task) -> Timing:
        text = self._articles[task.size, task.repeat] if task.what == "article" else "\n\n".join(self._passages)
        key = digest_of(self._plan.name, engine.name, opened.fingerprint, machine(), vars(task), text)
        if (row := self._whole.get(key)) is not None:
            return row
        busy = round(os.getloadavg()[0], 2)
        plain = clocked(lambda: self._annotator.annotate([text]))
        taken, error = None, None
        try:
            taken = clocked(lambda: self._do(opened, task, text))
        # Nothing narrower holds what engines raise: that of onnxruntime is a dozen classes right below Exception, in a
        # module that only its own engine may import. The other times are still wanted; the row says what it was, and
        # the suite fails of it.
        except Exception as reason:
            error = f"{type(reason).__name__}: {reason}"
        row = Timing(
            suite=self._plan.name,
            engine=engine.name,
            fingerprint=opened.fingerprint,
            machine=machine(),
            busy=busy,
            what=task.what,
            size=task.size,
            repeat=task.repeat,
            words=count_words(text),
            passages=len(self._passages) if task.what == "batch" else text.count("\n\n") + 1,
            taken=taken,
            plain=plain,
            key=key,
            error=error,
        )
        self._file.add(row)
        self._whole[key] = row
        return row

    def _do(self, opened: OpenEngine, task: Task, text: str) -> None:
        if task.what == "article":
            opened.rewrite(text)
            return
        if opened.generator is None:
            raise TypeError("this engine has no model")
        for start in range(0, len(self._passages), task.size):
            opened.generator.generate(self._passages[start : start + task.size], count=1, seed=0)


def _write(path: Path, plan: Plan, options: Options, costs: Sequence[EngineCosts]) -> None:
    report = {
        "suite": plan.name,
        "title": plan.title,
        "limit": options.limit,
        "short": options.short,
        "machine": machine(),
        "engines": [asdict(one) for one in costs],
    }
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
