"""``copydesk evaluate``: registered in pyproject.toml, so that the product need not know of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from evaluation.errors import OutputError, UnknownSuiteError
from evaluation.suites import SUITES, SYSTEMS, Options, load_suite
from service.errors import CopydeskError, UsageError

_INCOMPLETE, _USAGE = 1, 2

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)


@app.command(name="evaluate")
def evaluate(
    suites: Annotated[
        list[str] | None, typer.Argument(metavar="[SUITE]...", help=f"Any of {', '.join(SUITES)}; all, where none is.")
    ] = None,
    data: Annotated[
        Path, typer.Option(metavar="FOLDER", envvar="COPYDESK_DATA", help="External data sets; it may be absent.")
    ] = Path("../shared/data"),
    output: Annotated[
        Path, typer.Option(metavar="FOLDER|FILE.json", help="Where the results go; one file for one suite.")
    ] = Path("evaluation/results"),
    limit: Annotated[
        int | None, typer.Option(min=1, help="Take only the first rows of each data set; for a trial.")
    ] = None,
    systems: Annotated[
        list[str] | None, typer.Option("--system", help=f"rewrite: any of {', '.join(SYSTEMS)}; may be repeated.")
    ] = None,
    tests: Annotated[
        list[str] | None, typer.Option("--test", help="gate: run only this test; may be repeated.")
    ] = None,
) -> None:
    """Run evaluation suites; exit status 1 when some data could not be read, 2 on bad usage."""
    try:
        options = Options(
            data=data, output=output, limit=limit, systems=tuple(systems or SYSTEMS), tests=tuple(tests or ())
        )
        runs = [load_suite(name) for name in _choose(suites or list(SUITES), options)]
        complete = all([run(options) for run in runs])
    except CopydeskError as error:
        typer.echo(f"copydesk: {error}", err=True)
        raise typer.Exit(_USAGE) from error
    except OSError as error:
        typer.echo(f"copydesk: {error.filename}: {error.strerror}", err=True)
        raise typer.Exit(_USAGE) from error
    if not complete:
        raise typer.Exit(_INCOMPLETE)


def _choose(names: list[str], options: Options) -> list[str]:
    unknown = [name for name in names if name not in SUITES]
    if unknown:
        raise UnknownSuiteError(unknown, SUITES)
    strange = [name for name in options.systems if name not in SYSTEMS]
    if strange:
        raise UsageError(f"there is no system {', '.join(map(repr, strange))}; there are {', '.join(SYSTEMS)}")
    chosen = list(dict.fromkeys(names))
    if len(chosen) > 1 and options.output.suffix == ".json":
        raise OutputError(options.output)
    return chosen
