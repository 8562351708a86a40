"""Run a suite: every system rewrites every text, and each row is on disk before the next is begun."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import track

from evaluation.changes import changes, changes_as_json, changes_table
from evaluation.corpus import Sample
from evaluation.deadline import deadline
from evaluation.errors import IncompleteError, RefusedError, RewriteError
from evaluation.figures import as_json, failed, make_table, summarise
from evaluation.fingerprints import digest_of
from evaluation.intervals import RESAMPLES, SEED
from evaluation.options import Options
from evaluation.results import ResultFile, Row
from evaluation.scoring import Scorer, Scores
from evaluation.suite import Contender, Suite
from evaluation.suite import read_suite as read_plan
from evaluation.systems import Output, System, open_system, require_system
from evaluation.variants import CLEAN
from service.annotation import Annotator
from service.checking import Checker
from service.errors import CopydeskError
from service.settings import load_settings

__all__ = ["Made", "Runner", "open_scorer", "read_plan", "run", "run_systems"]


@dataclass(frozen=True)
class Made:
    """What came of a suite.

    Attributes:
        rows: The rows of each system.
        scorer: What measured them.
        notes: What was wrong with the file of results, and has been mended.
        faults: Which sets could not be read and which systems not opened, and why.
    """

    rows: Mapping[str, Sequence[Row]]
    scorer: Scorer
    notes: Sequence[str]
    faults: Sequence[str]

    def require_whole(self) -> None:
        """Let pass what nothing is missing of.

        Raises:
            IncompleteError: A set could not be read, or a system not opened.
        """
        if self.faults:
            raise IncompleteError(self.faults)


def run(suite: Suite, options: Options) -> bool:
    """Add what is not there yet to the file of results, write the figures, print tables.

    Returns:
        Whether all sets could be read and all systems opened. What a system fails of is told in its rows and figures.

    Raises:
        CopydeskError: The suite asks for what there is not, or another run adds to the same file.
    """
    made = run_systems(suite, options)
    path = options.file(f"{suite.name}.json")
    for line in (*made.notes, *made.faults):
        Console(stderr=True, highlight=False).print(f"copydesk: {line}", markup=False, soft_wrap=True)
    if made.rows:
        console = Console(highlight=False)
        _show(console, suite, made)
        lines = [f"In brackets: 95% intervals, {RESAMPLES} resamples of the texts, seed {SEED}."]
        lines += [f"Limited to the first {options.limit} texts of each set."] if options.limit else []
        lines += ["A short run: some systems rewrote the first texts alone."] if options.short else []
        lines += [f"Every rewrite: {path.with_suffix('.jsonl')}. Every figure: {path}"]
        console.print("\n".join(lines), markup=False, soft_wrap=True)
    return not made.faults


def run_systems(suite: Suite, options: Options) -> Made:
    """Let the systems of a suite rewrite its texts, where that has not been done; writes rows and figures.

    Raises:
        CopydeskError: The suite asks for what there is not, or another run adds to the same file.
    """
    known = {contender.name: contender for contender in suite.systems}
    contenders = [known.get(name, Contender(name=name)) for name in options.systems] or list(suite.systems)
    for contender in contenders:
        require_system(contender.name)
    scorer = open_scorer(suite.measures)
    texts = suite.read(options.limit)
    path = options.file(f"{suite.name}.json")
    faults = list(texts.faults)
    found: dict[str, list[Row]] = {}
    with ResultFile(path.with_suffix(".jsonl")) as file:
        runner = Runner(suite.name, scorer, file, seconds=options.seconds)
        for contender in contenders if texts.samples else ():
            chosen = contender.choose(texts.samples, short=options.short)
            if not chosen:
                faults.append(f"{contender.name} was left out: no text is as short as its {contender.short} words")
                continue
            try:
                system = open_system(contender.name, texts.corpus)
            except CopydeskError as error:
                faults.append(f"{contender.name} was left out: {error}")
                continue
            try:
                found[contender.name] = runner.run(system, chosen)
            finally:
                system.close()
            # Written after each system, so that one that breaks the run off takes none of the others with it.
            _write(path, suite, options, found)
    return Made(found, scorer, file.faults, faults)


def open_scorer(names: Sequence[str]) -> Scorer:
    """Open what measures rewrites.

    Raises:
        UnknownMeasureError: A name is none of a group or of a measure.
        MissingExtraError: A measure needs a package that is not installed.
    """
    rules = Checker(Annotator())
    gate = Checker.load(threads=load_settings().threads or 0) if "gate" in names else rules
    return Scorer(names, gate=gate, rules=rules)


class Runner:
    """Makes rows, but for those that are there.

    Args:
        suite: Name of the suite.
        scorer: Measures the rewrites.
        file: Where rows are added.
        seconds: How long a system may take for one text.
    """

    def __init__(self, suite: str, scorer: Scorer, file: ResultFile, *, seconds: float) -> None:
        self._suite = suite
        self._scorer = scorer
        self._file = file
        self._seconds = seconds
        self._whole = {row.key: row for row in file.rows if not failed(row)}
        self._made = {_made_of(row): row for row in file.rows if row.copy is not None}

    def run(self, system: System, samples: Sequence[Sample]) -> list[Row]:
        """Let a system rewrite texts, one after the other; gives its rows, those that were there among them."""
        shown = track(samples, description=system.name, console=Console(stderr=True), transient=True)
        return [self._row(system, sample) for sample in shown]

    def _row(self, system: System, sample: Sample) -> Row:
        key = digest_of(self._suite, system.name, system.fingerprint, vars(sample), self._scorer.version)
        if (row := self._whole.get(key)) is not None:
            return row
        row = self._make(system, sample, key)
        self._file.add(row)
        self._whole[key] = row
        return row

    def _make(self, system: System, sample: Sample, key: str) -> Row:
        attempt = self._known(system, sample) or self._attempt(system, sample)
        if attempt.output is not None:
            scores = self._scorer.score(sample, attempt.output)
        else:
            scores = Scores(self._scorer.score_refusal(int(attempt.refused)) if sample.refused else {})
        return Row(
            suite=self._suite,
            system=system.name,
            fingerprint=system.fingerprint,
            sample=sample.identity,
            part=sample.part,
            voice=sample.voice,
            origin=sample.origin,
            key=key,
            source=sample.source,
            reference=sample.reference,
            copy=attempt.output.copy if attempt.output else None,
            parts=attempt.output.parts if attempt.output else (),
            seconds=round(attempt.seconds, 3),
            error=attempt.error or "; ".join(scores.faults) or None,
            measures=scores.measures,
            flags=scores.flags,
        )

    def _known(self, system: System, sample: Sample) -> Attempt | None:
        """Take what the same version of the system made of the text when it was measured otherwise."""
        row = self._made.get((system.fingerprint, sample.part, sample.identity, sample.source, sample.reference))
        return Attempt(row.seconds, Output(row.copy, row.parts)) if row and row.copy is not None else None

    def _attempt(self, system: System, sample: Sample) -> Attempt:
        began = time.perf_counter()
        output, error, refused = None, None, False
        try:
            with deadline(self._seconds):
                output = system.rewrite(sample)
        except RewriteError as reason:
            error, refused = str(reason), isinstance(reason, RefusedError)
        # Whatever a system fails of, the other rows are still wanted.
        except Exception as reason:
            error = f"{type(reason).__name__}: {reason}"
        return Attempt(time.perf_counter() - began, output, error, refused)


@dataclass(frozen=True)
class Attempt:
    """What came of asking a system.

    Attributes:
        seconds: Time it took.
        output: What it made; None where it made nothing.
        error: Why it made nothing.
        refused: It said clearly that it will not rewrite this.
    """

    seconds: float
    output: Output | None = None
    error: str | None = None
    refused: bool = False


def _made_of(row: Row) -> tuple[str, ...]:
    return row.fingerprint, row.part, row.sample, row.source, row.reference


def _write(path: Path, suite: Suite, options: Options, found: Mapping[str, Sequence[Row]]) -> None:
    report = {
        "suite": suite.name,
        "title": suite.title,
        "limit": options.limit,
        "short": options.short,
        "resamples": RESAMPLES,
        "seed": SEED,
        "systems": {name: as_json(summarise(rows)) for name, rows in found.items()},
    }
    if suite.compares_variants:
        report["changes"] = {name: changes_as_json(changes(rows)) for name, rows in found.items()}
    path.write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _show(console: Console, suite: Suite, made: Made) -> None:
    summaries = {name: summarise(rows) for name, rows in made.rows.items()}
    measures = made.scorer.measures
    if suite.compares_variants:
        for name, rows in made.rows.items():
            console.print(f"{name}, by what happened to the text; in brackets the change against {CLEAN}, * if sure")
            console.print(changes_table(summaries[name], changes(rows), measures))
        return
    for part in dict.fromkeys(part for summary in summaries.values() for part in summary.sets):
        console.print(part)
        console.print(make_table(summaries, measures, part))
