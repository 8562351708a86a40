"""The command ``copydesk batch``: a file or folder of articles, rewritten row by row."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from service import crew
from service.brief import Mode
from service.bulk import Batch, Format, Order
from service.cluster import require_ray
from service.console import (
    FINDINGS,
    OK,
    RAY,
    EngineOrRay,
    GlossaryFile,
    ModeName,
    Protect,
    Seed,
    StyleName,
    clear_errors,
    print_out,
    read_terms,
    require_model,
    settings_for,
)
from service.errors import UsageError
from service.facts import Verdict
from service.house_style import DEFAULT, house_style
from service.passages import Status
from service.rows import Columns, Tally

# What a shell reports of a program that was interrupted: 128 and the number of SIGINT.
INTERRUPTED = 130
_MOST_HERE = 256
# A portion may take the model minutes; the rate is that of the last ten.
_RATE_SECONDS = 600


def batch(
    source: Annotated[
        Path, typer.Argument(metavar="IN", help="JSON Lines, CSV or Parquet, or a folder of .txt, .md and .html files.")
    ],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="The same, or a file of another of these kinds.")],
    form: Annotated[Format | None, typer.Option("--format", help="What IN is, where its name does not say it.")] = None,
    text_column: Annotated[str, typer.Option(help="Field or column of the article.")] = "text",
    id_column: Annotated[str, typer.Option(help="Field or column of the id.")] = "id",
    style: StyleName = DEFAULT,
    mode: ModeName = Mode.REWRITE,
    protect: Protect = None,
    glossary: GlossaryFile = None,
    engine: EngineOrRay = None,
    seed: Seed = 0,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Processes that rewrite at once; each loads the model. One, or one for each CPU with --engine ray.",
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Take the first rows only.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Give the account of every passage too.")] = False,
    resume: Annotated[
        bool, typer.Option("--resume/--no-resume", help="Go on where a run stopped, or forget it and replace OUT.")
    ] = True,
) -> None:
    """Rewrite every row of IN to OUT; exit status 1 when a row failed, 2 when nothing could be done.

    One row comes out for each that goes in, with its id and in its place; one that cannot be rewritten has an error.
    The same command goes on where it stopped, whatever ended it.
    """
    with clear_errors():
        task = crew.Task(
            seed=seed, full=full, style=house_style(style).name, mode=mode, terms=read_terms(protect, glossary)
        )
        order = Order(
            source=source,
            target=target,
            form=form,
            columns=Columns(identity=id_column, text=text_column),
            limit=limit,
            task=task,
            workers=workers,
            cluster=engine == RAY,
        )
        if order.cluster:
            require_ray()
        elif workers is not None and workers > _MOST_HERE:
            raise UsageError(f"--workers takes at most {_MOST_HERE} on one machine: more take --engine ray")
        settings = settings_for("rules" if mode is Mode.FIX else engine)
        require_model(settings)
        began = time.monotonic()
        with closing(Batch(order, settings, anew=not resume)) as run:
            before = run.done
            try:
                tally = _run(run)
            except KeyboardInterrupt:
                typer.echo(
                    f"copydesk: stopped after {run.done:,} of {run.total:,} rows; the same command goes on from there",
                    err=True,
                )
                raise typer.Exit(INTERRUPTED) from None
        print_out(_summary(tally, before=before, seconds=time.monotonic() - began))
    raise typer.Exit(FINDINGS if tally.failed else OK)


def _run(run: Batch) -> Tally:
    """Watch a batch to its end."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _RateColumn(),
        TimeElapsedColumn(),
        TextColumn("ETA"),
        TimeRemainingColumn(),
        TextColumn("{task.fields[failed]} failed"),
    )
    failed = run.tally.failed
    with Progress(
        *columns, console=console, speed_estimate_period=_RATE_SECONDS, disable=not console.is_terminal
    ) as progress:
        task = progress.add_task("rewriting", total=run.total, completed=run.done, failed=failed)
        for portion in run.work():
            failed += portion.failed
            progress.update(task, advance=portion.rows, failed=failed)
    tally = run.tally
    run.deliver()
    return tally


class _RateColumn(ProgressColumn):
    def render(self, task: Task) -> Text:
        """Write how many rows a second there are."""
        speed = task.finished_speed or task.speed
        return Text(f"{speed:.3g} rows/s" if speed else "– rows/s")


def _summary(tally: Tally, *, before: int, seconds: float) -> str:
    """Write the sums as a table."""
    table = Table("", "", box=None, show_header=False)
    for name, value in _sums(tally, before=before, seconds=seconds):
        table.add_row(name, value)
    console = Console(width=80, color_system=None)
    with console.capture() as captured:
        console.print(table)
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def _sums(tally: Tally, *, before: int, seconds: float) -> Iterator[tuple[str, str]]:
    yield "rows", f"{tally.rows:,}"
    if before:
        yield "  done in earlier runs", f"{before:,}"
    yield "  errors", f"{tally.failed:,}"
    yield "passages", f"{sum(tally.passages.values()):,}"
    for status in Status:
        yield f"  {status}", f"{tally.passages.get(status, 0):,}"
    yield "facts", f"{sum(tally.facts.values()):,}"
    for verdict in Verdict:
        yield f"  {verdict}", f"{tally.facts.get(verdict, 0):,}"
    yield "time", f"{seconds:,.1f} s, {(tally.rows - before) / seconds:,.1f} rows/s"
