"""Run a suite of the kind ``service``: start the service, send it faults, load it, and look whether it is as before."""

from __future__ import annotations

import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import asdict
from pathlib import Path
from threading import Event

from rich import box
from rich.console import Console
from rich.table import Table

from evaluation.asking import Article, Call, ask, make_articles
from evaluation.corpus import read_pairs
from evaluation.duty.faults import FAULTS, MAX_ARTICLE_CHARACTERS, MAX_BODY_BYTES, Fault, Reply, find_leftover
from evaluation.duty.plan import Plan
from evaluation.duty.rows import WHEN, Stint, StintFile, When
from evaluation.fingerprints import digest_of, package_sha256, short
from evaluation.load import put_under_load
from evaluation.machine import machine
from evaluation.options import Options
from evaluation.serving import Server, serving
from service.desk import describe_model
from service.settings import load_settings

ARTICLES, AS_BEFORE = "articles", "the last of them again, and then nothing under way"
_AGAIN = 5
_MOST_SAID = 5
_PAUSE = 0.1
_NOTHING = "–"


def run(plan: Plan, options: Options) -> bool:
    """Do what is not on record yet, write the figures, print a table.

    Returns:
        Whether no answer was wrong, and none was missing.

    Raises:
        NotServingError: The service does not start, or dies under load.
        CopydeskError: Another run adds to the same file.
    """
    path = options.file(f"{plan.name}.json")
    faults = FAULTS[: options.limit]
    with StintFile(path.with_suffix(".jsonl")) as file:
        watch = Watch(plan, faults, file)
        if watch.missing:
            with tempfile.TemporaryDirectory() as batches, _serving(plan, Path(batches)) as server:
                watch.keep(server)
        found, notes = watch.found, file.faults
    for line in notes:
        Console(stderr=True, highlight=False).print(f"copydesk: {line}", markup=False, soft_wrap=True)
    report = {"suite": plan.name, "title": plan.title, "limit": options.limit, "stints": [asdict(one) for one in found]}
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    console = Console(highlight=False)
    console.print(make_table(found))
    wrong = sum(one.wrong for one in found)
    said = [f"{one.what}, {one.when}: {reason}" for one in found for reason in one.said]
    lines = [*said, f"{wrong} wrong answers. On {machine()}. Every figure: {path}"]
    console.print("\n".join(lines), markup=False, soft_wrap=True)
    return not wrong


def _serving(plan: Plan, batches: Path) -> AbstractContextManager[Server]:
    return serving(
        *("--engine", plan.engine),
        max_body_bytes=MAX_BODY_BYTES,
        max_article_characters=MAX_ARTICLE_CHARACTERS,
        batch_folder=batches,
        # Set to nothing is not set: nobody needs a key.
        api_keys="",
    )


class Watch:
    """Sees a service through a suite, but for what is on record.

    Args:
        plan: The suite.
        faults: What is sent that should not be.
        file: Where stints are added.
    """

    def __init__(self, plan: Plan, faults: Sequence[Fault], file: StintFile) -> None:
        self._plan = plan
        self._faults = faults
        self._file = file
        model = describe_model(load_settings(engine=plan.engine))
        made_by = digest_of(model.engine, model.versions, model.hashes, package_sha256("service"))
        self._fingerprint = f"{model.name}@{short(made_by)}"
        # What is sent and what must come back; of --limit all that matters is what it leaves of them.
        sent = [(fault.name, repr(fault.send)) for fault in faults]
        self._judged_by = digest_of(sent, MAX_BODY_BYTES, MAX_ARTICLE_CHARACTERS, package_sha256("evaluation.duty"))

    @property
    def _wanted(self) -> list[tuple[str, When]]:
        under_load: list[tuple[str, When]] = [(fault.name, "under load") for fault in self._faults]
        alone: list[tuple[str, When]] = [(fault.name, "alone") for fault in self._faults]
        return [*alone, (ARTICLES, "under load"), *under_load, (AS_BEFORE, "after")]

    @property
    def _latest(self) -> dict[str, Stint]:
        return {row.key: row for row in self._file.rows}

    @property
    def missing(self) -> list[tuple[str, When]]:
        """What is not on record, or was wrong."""
        latest = self._latest
        keys = {(what, when): self._key(what, when) for what, when in self._wanted}
        return [one for one, key in keys.items() if key not in latest or latest[key].wrong]

    @property
    def found(self) -> list[Stint]:
        """What came of all of it."""
        latest = self._latest
        return [latest[key] for what, when in self._wanted if (key := self._key(what, when)) in latest]

    def keep(self, server: Server) -> None:
        """Do what is missing."""
        missing = self.missing
        for fault in self._faults:
            if (fault.name, "alone") in missing:
                replies = [_alone(fault.send(server)) for _ in range(self._plan.times)]
                left = find_leftover(server)
                self._add(fault.name, "alone", [*replies, *([Reply(left)] if left else [])])
        if any(when != "alone" for _, when in missing):
            self._load(server)

    def _load(self, server: Server) -> None:
        """Put the service under load while one client sends faults round and round."""
        begun, over = Event(), Event()
        replies: dict[str, list[tuple[float, Reply]]] = {fault.name: [] for fault in self._faults}

        def disturb() -> None:
            begun.wait()
            while not over.is_set():
                for fault in self._faults:
                    reply = fault.send(server)
                    replies[fault.name].append((time.perf_counter(), reply))
                    if over.wait(_PAUSE):
                        return

        articles = _announced(make_articles([sample.source for sample in read_pairs()]), begun)
        with ThreadPoolExecutor(1) as threads:
            disturbing = threads.submit(disturb)
            try:
                load, calls = put_under_load(
                    server, articles, service=self._plan.engine, clients=self._plan.clients, seconds=self._plan.seconds
                )
            finally:
                over.set()
                # Where the service died before the first article, nobody has said so yet.
                begun.set()
            disturbing.result()
        nothing = [] if load.answered else ["nothing was answered"]
        self._add_counted(
            ARTICLES,
            "under load",
            Counter(right=load.answered, turned_away=load.turned_away, wrong=load.faulty + len(nothing)),
            [*nothing, *load.faults],
            # As it is read again: JSON knows no tuples.
            figures=json.loads(json.dumps(asdict(load))),
        )
        for name, answers in replies.items():
            # An answer that came when the last client had its own says nothing of a service under load.
            meanwhile = [reply for ended, reply in answers if ended <= max(call.ended for call in calls)]
            self._add(name, "under load", meanwhile or [Reply("no answer came while the load lasted")])
        again = [call for call in calls if call.copy is not None][-_AGAIN:]
        left = find_leftover(server)
        self._add(
            AS_BEFORE,
            "after",
            [
                Reply(left),
                *(_compare(call, ask(server, call.article)) for call in again),
                *([] if again else [Reply("nothing was answered, so that nothing could be asked again")]),
            ],
        )

    def _add(self, what: str, when: When, replies: Iterable[Reply]) -> None:
        every = list(replies)
        counts = Counter("wrong" if one.wrong else "turned_away" if one.turned_away else "right" for one in every)
        self._add_counted(what, when, counts, [one.wrong for one in every if one.wrong])

    def _add_counted(
        self, what: str, when: When, counts: Counter[str], said: Sequence[str], figures: dict[str, object] | None = None
    ) -> None:
        row = Stint(
            suite=self._plan.name,
            engine=self._plan.engine,
            fingerprint=self._fingerprint,
            machine=machine(),
            what=what,
            when=when,
            sent=counts.total(),
            right=counts["right"],
            turned_away=counts["turned_away"],
            wrong=counts["wrong"],
            said=tuple(said[:_MOST_SAID]),
            key=self._key(what, when),
            figures=figures or {},
        )
        self._file.add(row)

    def _key(self, what: str, when: When) -> str:
        plan = self._plan
        load = (plan.clients, plan.seconds) if when != "alone" else (plan.times,)
        return digest_of(plan.name, plan.engine, load, self._fingerprint, self._judged_by, machine(), what, when)


def _alone(reply: Reply) -> Reply:
    return Reply("turned away, and nobody else was there") if reply.turned_away else reply


def _announced(articles: Iterator[Article], begun: Event) -> Iterator[Article]:
    begun.set()
    yield from articles


def _compare(before: Call, now: Call) -> Reply:
    if now.copy is None:
        return Reply(now.fault or f"No. {now.article.number} was turned away")
    same = now.copy == before.copy
    return Reply("" if same else f"No. {now.article.number} came out otherwise alone")


def make_table(stints: Sequence[Stint]) -> Table:
    """Set out what was sent, and how often what came back was right, when by when."""
    table = Table("sent", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in (*WHEN, "turned away", "wrong"):
        table.add_column(column, justify="right")
    for what in dict.fromkeys(one.what for one in stints):
        own = [one for one in stints if one.what == what]
        right = {one.when: f"{one.right} of {one.sent}" for one in own}
        sums = (sum(one.turned_away for one in own), sum(one.wrong for one in own))
        table.add_row(what, *(right.get(when, _NOTHING) for when in WHEN), *map(str, sums))
    return table
