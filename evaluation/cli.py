"""``copydesk evaluate``: registered in pyproject.toml, so that the product need not know of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from typer.core import TyperGroup

from evaluation.errors import MissingExtraError, OutputError, UnknownBenchmarkError
from evaluation.exporting import export_texts
from evaluation.options import SECONDS, Options
from evaluation.sides import find_sides
from evaluation.suite import load_suite, read_suite
from evaluation.suite_files import GATE, WIREFACTS, suite_names
from evaluation.systems import KNOWN, require_system
from service.errors import CopydeskError, UsageError

_INCOMPLETE, _USAGE = 1, 2
_DEFAULT = "run"
_RESULTS = Path("evaluation/results")
_OF_TEXTS = ("rewrite.jsonl", "robustness.jsonl")


class _SuitesOrCommand(TyperGroup):
    """What is not the name of a command is the name of a suite: ``evaluate gate`` means ``evaluate run gate``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command in front where it goes without saying."""
        if not args or args[0] not in (*self.commands, "--help"):
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    name="evaluate",
    cls=_SuitesOrCommand,
    help=f"Run evaluation suites ({', '.join(suite_names())}; all, where none is named), and look at what they found.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Tell what a caller can put right in one line, and end with exit status 2."""
    try:
        yield
    except CopydeskError as error:
        typer.echo(f"copydesk: {error}", err=True)
        raise typer.Exit(_USAGE) from error
    except OSError as error:
        typer.echo(f"copydesk: {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(_USAGE) from error


@app.command(name=_DEFAULT)
def run(
    suites: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[SUITE]...", help=f"Any of {', '.join(suite_names())}, or your own file.toml; all, where none is."
        ),
    ] = None,
    data: Annotated[
        Path, typer.Option(metavar="FOLDER", envvar="COPYDESK_DATA", help="External data sets; it may be absent.")
    ] = Path("../shared/data"),
    output: Annotated[
        Path, typer.Option(metavar="FOLDER|FILE.json", help="Where the results go; one file for one suite.")
    ] = _RESULTS,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Take only the first rows of each data set; for a trial.")
    ] = None,
    systems: Annotated[
        list[str] | None,
        typer.Option(
            "--system",
            help=f"In place of those of the suite: any of {', '.join(KNOWN)}; may be repeated. For suites of texts.",
        ),
    ] = None,
    tests: Annotated[
        list[str] | None, typer.Option("--test", help="gate: run only this test; may be repeated.")
    ] = None,
    benchmark: Annotated[
        str | None,
        typer.Option(metavar=WIREFACTS, help="gate: run this in place of its tests; writes its cases and a data card."),
    ] = None,
    answers: Annotated[
        Path | None,
        typer.Option(metavar="FILE.jsonl", help="With --benchmark: measure these answers of another checker."),
    ] = None,
    seconds: Annotated[
        float, typer.Option("--timeout", min=0.001, help="Seconds a system may take for one text, in suites of texts.")
    ] = SECONDS,
    short: Annotated[
        bool, typer.Option("--short", help="Do no more than each suite takes for enough in a short run.")
    ] = False,
) -> None:
    """Run suites; the word "run" may be left out. What is on record already is not made again.

    Exit status 1 when some data could not be read or a system could not be opened, 2 on bad usage.
    """
    with clear_errors():
        options = Options(
            data=data,
            output=output,
            limit=limit,
            systems=tuple(systems or ()),
            tests=tuple(tests or ()),
            seconds=seconds,
            short=short,
            benchmark=benchmark,
            answers=answers,
        )
        if benchmark not in (None, WIREFACTS):
            raise UnknownBenchmarkError(benchmark, [WIREFACTS])
        if answers is not None and benchmark is None:
            raise UsageError(f"--answers are answers to a benchmark: add --benchmark {WIREFACTS}")
        for name in options.systems:
            require_system(name)
        names = list(dict.fromkeys(suites or suite_names()))
        if benchmark is not None and names != [GATE]:
            raise UsageError(f"--benchmark is run by the suite {GATE} alone: copydesk evaluate {GATE} --benchmark ...")
        if len(names) > 1 and output.suffix == ".json":
            raise OutputError(output)
        runs = [load_suite(name) for name in names]
    statuses = []
    for name, run_suite in zip(names, runs, strict=True):
        # A suite that cannot be run takes none of the others with it.
        try:
            with clear_errors():
                statuses.append(0 if run_suite(options) else _INCOMPLETE)
        except typer.Exit as failed:
            if len(runs) > 1:
                typer.echo(f"copydesk: {name} was left out", err=True)
            statuses.append(failed.exit_code)
    if any(statuses):
        raise typer.Exit(max(statuses))


@app.command()
def compare(
    first: Annotated[str, typer.Argument(metavar="A", help="A file of results (.jsonl), or a system.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    results: Annotated[
        Path, typer.Option(metavar="FILE.jsonl", help="Where A and B are, where they are systems.")
    ] = _RESULTS / "rewrite.jsonl",
    system: Annotated[
        str | None, typer.Option(help="Which system is meant, where A and B are files that hold several.")
    ] = None,
    part: Annotated[str | None, typer.Option("--set", help="Compare on the texts of this set only.")] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write every figure here.")] = None,
) -> None:
    """Compare two systems, or two versions of one, text by text: A less B, with intervals and p-values."""
    with clear_errors():
        try:
            comparison = import_module("evaluation.comparison")
        except ImportError as error:
            raise MissingExtraError("compare", error) from error
        sides = find_sides((first, second), results=results, system=system)
        compared = comparison.compare_sides(*sides, part=part)
        if json_file is not None:
            json_file.write_text(comparison.as_json(sides, compared), encoding="utf-8")
    console = Console(highlight=False)
    console.print(comparison.make_table(sides, compared))
    console.print("\n".join(comparison.notes(compared)), markup=False, soft_wrap=True)


@app.command()
def export(
    suite: Annotated[str, typer.Argument(metavar="SUITE", help="A suite of texts to rewrite, or your own file.toml.")],
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the texts go; it is made.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Take only the first of each data set.")] = None,
) -> None:
    """Write the texts of a suite as files, for a tool that cannot be called; judge it with --system folder:PATH."""
    with clear_errors():
        texts = read_suite(suite).read(limit)
        count = export_texts(texts.samples, folder)
        typer.echo(f"{count} texts are in {folder}; put the rewrites into another folder, named alike")
        for fault in texts.faults:
            typer.echo(f"copydesk: {fault}", err=True)
    if texts.faults:
        raise typer.Exit(_INCOMPLETE)


@app.command()
def regression(
    output: Annotated[Path, typer.Option(metavar="FOLDER", help="Where the rewrites go.")] = _RESULTS,
    record: Annotated[Path | None, typer.Option(metavar="FILE.json", help="The figures on record.")] = None,
    renew: Annotated[bool, typer.Option("--renew", help="Put the figures of today on record.")] = False,
) -> None:
    """Hold a small fixed slice against the figures on record; exit status 1 when one fell by more than its interval."""
    with clear_errors():
        try:
            check, path = (import_module(f"evaluation.regression.{name}") for name in ("check", "record"))
        except ImportError as error:
            raise MissingExtraError("regression", error) from error
        # Nothing of the slice is external, and a folder is all that the options need be told of.
        options = Options(data=Path(), output=output / "regression.json")
        holds = check.check(options, record or path.PATH, renew=renew)
    if not holds:
        raise typer.Exit(_INCOMPLETE)


sheet = typer.Typer(help="Blind reading of two systems side by side.", rich_markup_mode=None)
app.add_typer(sheet, name="sheet")


@sheet.command("make")
def make_sheet(
    first: Annotated[str, typer.Argument(metavar="A", help="A system.")],
    second: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    path: Annotated[Path, typer.Argument(metavar="SHEET.csv", help="Where the sheet goes; its key goes beside it.")],
    results: Annotated[Path, typer.Option(metavar="FILE.jsonl", help="Where their rewrites are.")] = _RESULTS
    / "rewrite.jsonl",
    count: Annotated[int | None, typer.Option(min=1, help="Take only so many texts, chosen by chance.")] = None,
    part: Annotated[str | None, typer.Option("--set", help="Take only texts of this set.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the order and of the sides.")] = 0,
) -> None:
    """Make a sheet for blind reading, shuffled, with a key that stays apart."""
    with clear_errors():
        lines = _load("sheet").make(results, (first, second), path, count=count, part=part, seed=seed)
    Console(highlight=False).print("\n".join(lines), markup=False, soft_wrap=True)


@sheet.command("score")
def score_sheet(
    sheets: Annotated[list[Path], typer.Argument(metavar="SHEET.csv...", help="A filled sheet of each reader.")],
    key: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="The key; beside the first sheet, where not told.")
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Write every figure here.")] = None,
) -> None:
    """Say which system readers preferred, and how far they agree."""
    with clear_errors():
        tables, lines = _load("sheet").score(sheets, key, json_file)
    console = Console(highlight=False)
    for table in tables:
        console.print(table)
    console.print("\n".join(lines), markup=False, soft_wrap=True)


@app.command()
def report(
    results: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FILE.jsonl]...", help="Results of suites of texts; where none, those that are at hand."
        ),
    ] = None,
    output: Annotated[
        Path, typer.Option(metavar="FILE.html", help="Where the page goes; its summary in Markdown goes beside it.")
    ] = _RESULTS / "report.html",
    gate: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Figures of the gate, if not those on record.")
    ] = None,
    sensitivity: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="What planted errors do to the measures, as above.")
    ] = None,
    speed: Annotated[
        Path | None, typer.Option(metavar="FILE.jsonl", help="What the suite speed wrote, if not that at hand.")
    ] = None,
    service: Annotated[
        Path | None, typer.Option(metavar="FILE.jsonl", help="What the suite service wrote, as above.")
    ] = None,
    preference: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="What sheet score --json wrote, as above.")
    ] = None,
) -> None:
    """Make a page of what is on record: tables, plots, heat maps and the worst cases; it loads nothing."""
    with clear_errors():
        page = _load("page")
        found = [path for name in _OF_TEXTS if (path := _at_hand(name))]
        material = page.read_material(
            results or found or [_RESULTS / _OF_TEXTS[0]],
            gate=gate or _on_record("gate.json"),
            sensitivity=sensitivity or _on_record("sensitivity.json"),
            speed=speed or _at_hand("speed.jsonl"),
            service=service or _at_hand("service.jsonl"),
            preference=preference or _at_hand("preference.json"),
        )
        summary = output.with_suffix(".md")
        output.parent.mkdir(parents=True, exist_ok=True)
        output.write_text(page.as_html(material), encoding="utf-8")
        summary.write_text(page.as_markdown(material), encoding="utf-8")
    typer.echo(f"The page is {output}, its summary {summary}")


def _at_hand(name: str) -> Path | None:
    path = _RESULTS / name
    return path if path.exists() else None


def _on_record(name: str) -> Path | None:
    path = Path(__file__).parent / name
    return path if path.exists() else None


def _load(name: str) -> Any:
    """Load what a command needs.

    Raises:
        MissingExtraError: It needs a package that is not installed.
    """
    try:
        return import_module(f"evaluation.{name}")
    except ImportError as error:
        raise MissingExtraError(name, error) from error
