"""Files that are whole and on disk, or not there at all, whatever ends the process."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def replacing(path: Path) -> Iterator[IO[str]]:
    """Give a file of text to write, see ``temporary``."""
    with temporary(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        yield file


@contextmanager
def temporary(path: Path) -> Iterator[Path]:
    """Give a file to write that takes its place when it is whole and on disk: no reader ever meets half of it."""
    part = path.with_name(path.name + ".part")
    try:
        yield part
        sync(part)
        part.replace(path)
        sync(path.parent)
    finally:
        part.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
