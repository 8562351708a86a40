"""What the service does under load: ``python -m evaluation.load``.

Clients send articles as fast as they get answers, to a service of its own that runs passages of several requests
together, and in turn to one that runs them one at a time. Each article carries a number of its own in every passage, so
that an answer which went to another client is seen.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from http.client import HTTPException
from pathlib import Path
from statistics import median
from threading import Event, Lock
from typing import Annotated

import numpy as np
import psutil
import typer
from rich import box
from rich.console import Console
from rich.table import Table

from evaluation.asking import Article, Call, ask, make_articles
from evaluation.corpus import read_pairs
from evaluation.errors import NotServingError
from evaluation.serving import Server, serving

# Part of a run that goes by before its memory is that of a warm service.
WARM_UP = 0.25
MOST_GROWTH = 0.1
LEAST_RATIO = 3.0
_TOGETHER = 16
_MOST_FAULTS = 10
_AGAIN = 5
_MEGABYTE = 2**20


@dataclass(frozen=True)
class Load:
    """What a service did under load; times in seconds, memory in MiB.

    Attributes:
        service: Which one it was.
        clients: How many asked at once.
        seconds: For how long they began new requests.
        answered: Requests that got their own answer.
        turned_away: Requests that got 503 with ``Retry-After``.
        faults: What went wrong with each other one, the first few of them.
        faulty: How many these are.
        passages: Passages that arrived.
        passages_per_second: Passages that arrived, by the seconds until the last answer.
        first_passage: Median and 95th percentile of the time to the first passage.
        whole: The same to the end of the answer.
        memory_before: Of the process, before the first request.
        memory_warm: After the warm-up, the median of the samples of a quarter of the time.
        memory_end: At the end, likewise.
        run_size: Passages of a run of the model, on the mean; None where there was none.
        cpu_seconds: What the process took of the cores, which tells more than the clock where others use them too.
    """

    service: str
    clients: int
    seconds: float
    answered: int
    turned_away: int
    faults: tuple[str, ...]
    faulty: int
    passages: int
    passages_per_second: float
    first_passage: tuple[float, float] | None
    whole: tuple[float, float] | None
    memory_before: float
    memory_warm: float
    memory_end: float
    run_size: float | None = None
    cpu_seconds: float = 0.0

    @property
    def memory_growth(self) -> float:
        """By what share of the warm memory the one at the end is more, or less."""
        return self.memory_end / self.memory_warm - 1


def put_under_load(
    server: Server, articles: Iterator[Article], *, service: str, clients: int, seconds: float
) -> tuple[Load, list[Call]]:
    """Let clients ask for a time; those under way at its end are waited for.

    Raises:
        NotServingError: The service died.
    """
    try:
        return _put_under_load(server, articles, service=service, clients=clients, seconds=seconds)
    except (psutil.Error, OSError, HTTPException) as error:
        raise NotServingError(f"{service}: {type(error).__name__}: {error}", ended=True) from error


def _put_under_load(
    server: Server, articles: Iterator[Article], *, service: str, clients: int, seconds: float
) -> tuple[Load, list[Call]]:
    process = psutil.Process(server.pid)
    before = _memory(process)
    runs_before, busy_before = server.runs, _cpu_seconds(process)
    lock, over = Lock(), Event()
    calls: list[Call] = []
    began = time.perf_counter()

    def work() -> None:
        while time.perf_counter() < began + seconds:
            with lock:
                article = next(articles)
            call = ask(server, article)
            with lock:
                calls.append(call)
            if call.retry_after is not None:
                over.wait(max(0.0, min(call.retry_after, began + seconds - time.perf_counter())))

    def watch() -> list[tuple[float, float]]:
        samples = [(0.0, before)]
        while not over.wait(seconds / 100):
            samples.append((time.perf_counter() - began, _memory(process)))
        return samples

    with ThreadPoolExecutor(clients + 1) as threads:
        watching = threads.submit(watch)
        working = [threads.submit(work) for _ in range(clients)]
        try:
            for one in working:
                one.result()
        finally:
            over.set()
        memory = watching.result()
    runs, passages = (after - before for after, before in zip(server.runs, runs_before, strict=True))
    run_size = passages / runs if runs else None
    load = _sum_up(service, clients, seconds, began, calls, memory)
    return replace(load, run_size=run_size, cpu_seconds=_cpu_seconds(process) - busy_before), calls


def _cpu_seconds(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _memory(process: psutil.Process) -> float:
    return float(process.memory_info().rss) / _MEGABYTE


def _sum_up(
    service: str,
    clients: int,
    seconds: float,
    began: float,
    calls: Sequence[Call],
    memory: Sequence[tuple[float, float]],
) -> Load:
    right = [call for call in calls if call.copy is not None]
    faults = [call.fault for call in calls if call.fault]
    passages = sum(len(call.arrivals) for call in calls)

    def typical_memory(first: float, last: float) -> float:
        return median([used for at, used in memory if first <= at / seconds <= last] or [memory[-1][1]])

    return Load(
        service=service,
        clients=clients,
        seconds=seconds,
        answered=len(right),
        turned_away=sum(call.retry_after is not None for call in calls),
        faults=tuple(faults[:_MOST_FAULTS]),
        faulty=len(faults),
        passages=passages,
        passages_per_second=passages / (max(call.ended for call in calls) - began),
        first_passage=_percentiles([call.arrivals[0] - call.began for call in right]),
        whole=_percentiles([call.ended - call.began for call in right]),
        memory_before=memory[0][1],
        memory_warm=typical_memory(WARM_UP, 2 * WARM_UP),
        memory_end=typical_memory(1 - WARM_UP, 1),
    )


def _percentiles(times: Sequence[float]) -> tuple[float, float] | None:
    if not times:
        return None
    middle, late = np.percentile(times, [50, 95])
    return float(middle), float(late)


def differing_alone(server: Server, calls: Sequence[Call]) -> list[str]:
    """Ask again, one at a time, and give the numbers of the articles that came out otherwise than under load."""
    right = [call for call in calls if call.copy is not None]
    chosen = right[:: max(1, len(right) // _AGAIN)][:_AGAIN]
    return [call.article.number for call in chosen if ask(server, call.article).copy != call.copy]


def make_table(loads: Sequence[Load]) -> Table:
    """Set the runs side by side."""
    rows: list[tuple[str, Callable[[Load], str]]] = [
        ("clients", lambda load: str(load.clients)),
        ("seconds", lambda load: f"{load.seconds:g}"),
        ("answered, each its own", lambda load: str(load.answered)),
        ("turned away with 503", lambda load: str(load.turned_away)),
        ("wrong or failed", lambda load: str(load.faulty)),
        ("passages / second", lambda load: f"{load.passages_per_second:.2f}"),
        ("first passage, s: median, 95%", lambda load: _times(load.first_passage)),
        ("whole answer, s: median, 95%", lambda load: _times(load.whole)),
        ("passages / CPU second", lambda load: f"{load.passages / load.cpu_seconds:.2f}" if load.cpu_seconds else "–"),
        ("passages in a run of the model", lambda load: "–" if load.run_size is None else f"{load.run_size:.1f}"),
        (
            "memory, MiB: before, warm, end",
            lambda load: f"{load.memory_before:.0f}, {load.memory_warm:.0f}, {load.memory_end:.0f}",
        ),
    ]
    table = Table("", box=box.SIMPLE_HEAD, pad_edge=False)
    for load in loads:
        table.add_column(load.service, justify="right", no_wrap=True)
    for label, show in rows:
        table.add_row(label, *map(show, loads))
    return table


def _times(percentiles: tuple[float, float] | None) -> str:
    return "–" if percentiles is None else f"{percentiles[0]:.1f}, {percentiles[1]:.1f}"


def measure(
    servers: Mapping[str, Server], articles: Iterator[Article], *, clients: int, seconds: float, rounds: int
) -> tuple[list[Load], list[str]]:
    """Put services under load, one after the other, so that all of them meet the same machine.

    Returns:
        The runs in order, and the numbers of the articles that came out otherwise when they were asked for alone.

    Raises:
        NotServingError: A service died.
    """
    loads: list[Load] = []
    differing: list[str] = []
    for name, server in list(servers.items()) * rounds:
        load, calls = put_under_load(server, articles, service=name, clients=clients, seconds=seconds)
        loads.append(load)
        differing += differing_alone(server, calls)
    return loads, differing


@dataclass(frozen=True)
class Demand:
    """What is asked of the service under load.

    Attributes:
        measure: What was measured.
        value: What came out; None where nothing did.
        target: What it must reach.
        met: Whether it does.
    """

    measure: str
    value: float | None
    target: str
    met: bool


def judge(loads: Sequence[Load], differing: Sequence[str], ratio: float | None) -> list[Demand]:
    """Hold runs against what is asked.

    Args:
        loads: The runs.
        differing: Articles that came out otherwise alone.
        ratio: Throughput together, by that one at a time; None where nothing came.
    """
    wrong = sum(load.faulty for load in loads) + len(differing)
    growth = max((abs(load.memory_growth) for load in loads), default=None)
    return [
        Demand("answers wrong, missing or failed", wrong, "none", wrong == 0 and all(load.answered for load in loads)),
        Demand(
            "memory at the end, by that after the warm-up: difference",
            growth,
            f"≤ {MOST_GROWTH:.0%}",
            growth is not None and growth <= MOST_GROWTH,
        ),
        Demand("throughput together, by that one at a time", ratio, f"≥ {LEAST_RATIO:g}", (ratio or 0) >= LEAST_RATIO),
    ]


def throughput(loads: Sequence[Load], service: str) -> float:
    """Passages a second of a service, over all its runs."""
    speeds = [load.passages_per_second for load in loads if load.service == service]
    return sum(speeds) / len(speeds)


app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command()
def main(
    clients: Annotated[int, typer.Option(min=1, help="Clients that ask at once.")] = 50,
    seconds: Annotated[float, typer.Option(min=1, help="Seconds of each run.")] = 120,
    rounds: Annotated[int, typer.Option(min=1, help="Runs of each service, in turn.")] = 1,
    engine: Annotated[str, typer.Option(help="Engine of the services.")] = "auto",
    output: Annotated[Path, typer.Option(metavar="FILE.json", help="Where the figures go.")] = Path(
        "evaluation/results/load.json"
    ),
) -> None:
    """Measure, print a table and write the figures; exit status 1 when an answer was wrong or missing.

    Of a service that does not start, or dies under load, there is only the reason, as `failed`.

    What else is asked of the service is told and written, and is no failure: it depends on the machine.
    """
    found: dict[str, object] = {
        "engine": engine,
        "most_together": _TOGETHER,
        "cores": os.cpu_count(),
        "busy_before": round(os.getloadavg()[0], 2),
    }
    console = Console(highlight=False)
    try:
        with (
            serving("--engine", engine, max_batch=_TOGETHER) as together,
            serving("--engine", engine, max_batch=1) as single,
        ):
            articles = make_articles([sample.source for sample in read_pairs()])
            servers = {"together": together, "one at a time": single}
            found["model"] = together.model
            loads, differing = measure(servers, articles, clients=clients, seconds=seconds, rounds=rounds)
    except NotServingError as error:
        _write(output, found | {"failed": str(error)})
        Console(stderr=True, highlight=False).print(f"copydesk: {error}", markup=False, soft_wrap=True)
        raise typer.Exit(1) from error
    rates = {name: throughput(loads, name) for name in servers}
    ratio = rates["together"] / rates["one at a time"] if rates["one at a time"] else None
    found |= {
        "loads": [asdict(load) for load in loads],
        "differing_alone": differing,
        "throughput_ratio": ratio,
        "demands": [asdict(demand) for demand in judge(loads, differing, ratio)],
    }
    _write(output, found)
    console.print(make_table(loads))
    for demand in judge(loads, differing, ratio):
        value = "–" if demand.value is None else f"{demand.value:.2f}"
        console.print(f"{demand.measure}: {value} (asked: {demand.target}{'' if demand.met else ', NOT met'})")
    wrong = [fault for load in loads for fault in load.faults]
    wrong += [f"No. {number} came out otherwise alone" for number in differing]
    wrong += [f"{load.service}: nothing was answered" for load in loads if not load.answered]
    if wrong:
        console.print(*wrong, sep="\n")
        raise typer.Exit(1)


def _write(output: Path, found: Mapping[str, object]) -> None:
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    app()
