"""What the commands share: options, settings, printing, and errors in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from service import model
from service.brief import Mode
from service.errors import CopydeskError, ModelNotPreparedError, TermsError
from service.rows import decode
from service.settings import Settings, load_settings
from service.terms import Terms

OK, FINDINGS, USAGE, NEEDS_EDITOR = 0, 1, 2, 3
# What a shell reports of a program whose reader has gone away: 128 and the number of SIGPIPE.
READER_GONE = 141
# The engine that is none: a cluster, whose machines run the model.
RAY = "ray"

Engine = Annotated[
    Literal["auto", "onnx", "transformers", "rules"] | None,
    typer.Option(help="auto, onnx, transformers, or rules (no model)."),
]
# Where many articles are rewritten, a cluster may do it: what runs the model there is a setting.
EngineOrRay = Annotated[
    Literal["auto", "onnx", "transformers", "rules", "ray"] | None,
    typer.Option(help="auto, onnx, transformers, or rules (no model); ray: what COPYDESK_ENGINE says, on a cluster."),
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the sampled candidates.")]
StyleName = Annotated[str, typer.Option("--style", help="House style: ap, bbc or reuters.")]
ModeName = Annotated[
    Mode, typer.Option("--mode", help="rewrite, or fix: mend only faults of style, by rules and without the model.")
]
Protect = Annotated[
    list[str] | None, typer.Option("--protect", metavar="TERM", help="A term that stays letter for letter; repeatable.")
]
GlossaryFile = Annotated[
    Path | None,
    typer.Option("--glossary", metavar="FILE.tsv", help="Lines of a term, a tab and what it is always rendered by."),
]


def settings_for(engine: str | None) -> Settings:
    """Read the settings; the option wins over the environment, but that ``ray`` is not what runs the model."""
    return load_settings(**({"engine": engine} if engine and engine != RAY else {}))


def read_terms(protected: Sequence[str] | None, glossary: Path | None) -> Terms:
    """Read the terms that the command line names.

    Raises:
        TermsError: One cannot be kept, or a line of the glossary is none.
        NotTextError: The glossary is not text in UTF-8.
        OSError: It cannot be read.
    """
    return Terms.of(protected or (), _read_glossary(glossary) if glossary else {})


def _read_glossary(file: Path) -> dict[str, str]:
    """Read the lines of a glossary; empty ones, and those that begin with ``#``, say nothing."""
    entries: dict[str, str] = {}
    for number, line in enumerate(decode(file.read_bytes()).splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        term, *renderings = line.split("\t")
        if len(renderings) != 1:
            columns = f"{len(renderings) + 1} columns"
            raise TermsError(f"{file}, line {number}: it has {columns}; write a term, one tab and its rendering")
        if entries.setdefault(term.strip(), renderings[0].strip()) != renderings[0].strip():
            raise TermsError(f"{file}, line {number}: {term.strip()!r} has another rendering already: keep one")
    return entries


def is_ready(settings: Settings) -> bool:
    """Tell whether what the settings ask for is at hand."""
    return settings.engine == "rules" or settings.model != "embedded" or model.is_prepared(settings.cache)


def require_model(settings: Settings) -> None:
    """Ask for the model before its libraries are loaded.

    Raises:
        ModelNotPreparedError: The embedded model has not been prepared.
    """
    if not is_ready(settings):
        raise ModelNotPreparedError


def print_out(text: str) -> None:
    """Print at once, so that a reader that has gone away is noticed here and not when the interpreter ends."""
    print(text, end="" if text.endswith("\n") else "\n", flush=True)


@contextmanager
def clear_errors() -> Iterator[None]:
    """Tell what a caller can put right in one line, and end with exit status 2."""
    try:
        yield
    except BrokenPipeError:
        _leave_quietly()
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _give_up(f"{where}{error.strerror or error}", error)
    except CopydeskError as error:
        _give_up(str(error), error)


def _give_up(reason: str, error: Exception) -> NoReturn:
    typer.echo(f"copydesk: {' '.join(reason.split())}", err=True)
    raise typer.Exit(USAGE) from error


def _leave_quietly() -> NoReturn:
    # Python flushes standard output once more when it ends, which would fail again.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(READER_GONE)
