"""What the commands share: options, settings, printing, and errors in one line."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal, NoReturn

import typer

from service import model
from service.errors import CopydeskError, ModelNotPreparedError
from service.settings import Settings, load_settings

OK, FINDINGS, USAGE, NEEDS_EDITOR = 0, 1, 2, 3
# What a shell reports of a program whose reader has gone away: 128 and the number of SIGPIPE.
READER_GONE = 141

Engine = Annotated[
    Literal["auto", "onnx", "transformers", "rules"] | None,
    typer.Option(help="auto, onnx, transformers, or rules (no model)."),
]
Seed = Annotated[int, typer.Option(min=0, help="Seed of the sampled candidates.")]


def settings_for(engine: str | None) -> Settings:
    """Read the settings; the option wins over the environment."""
    return load_settings(**({"engine": engine} if engine else {}))


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
