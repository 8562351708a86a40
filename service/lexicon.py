"""Read the word lists of ``service/lexicons``."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib import resources


@cache
def read_rows(file: str) -> tuple[tuple[str, ...], ...]:
    """Read a table of tab-separated columns; empty lines and lines that begin with ``#`` are left out.

    Args:
        file: Name of the file in ``service/lexicons``.
    """
    text = resources.files("service").joinpath("lexicons", file).read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#"))


@cache
def lexicons_sha256() -> str:
    """Hash all the word lists, by name and content."""
    files = sorted(resources.files("service").joinpath("lexicons").iterdir(), key=lambda file: file.name)
    digests = [f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n" for file in files if file.is_file()]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


@cache
def read_words(file: str) -> frozenset[str]:
    """Read a list of words, parted by white space.

    Args:
        file: Name of the file in ``service/lexicons``.
    """
    return frozenset(word for row in read_rows(file) for column in row for word in column.split())


@cache
def read_forms(file: str) -> dict[str, str]:
    """Read a table of ``standard form<tab>other|forms`` as a map from every form to its standard form.

    Args:
        file: Name of the file in ``service/lexicons``.
    """
    forms: dict[str, str] = {}
    for standard, others in read_rows(file):
        forms.update(dict.fromkeys([standard, *others.split("|")], standard))
    return forms
