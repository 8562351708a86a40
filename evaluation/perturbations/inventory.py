"""The word lists of ``evaluation/data/perturbations``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from service.inflection import VerbForms, inflect

_DATA = Path(__file__).parent.parent / "data" / "perturbations"


@cache
def read_rows(file: str) -> tuple[tuple[str, ...], ...]:
    """Read a table of tab-separated columns; empty lines and lines that begin with ``#`` are left out."""
    text = (_DATA / file).read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("#"))


@cache
def read_groups(file: str) -> dict[str, tuple[str, ...]]:
    """Read a table of ``group<tab>members|parted``; rows of one group are joined."""
    groups: dict[str, tuple[str, ...]] = {}
    for group, members in read_rows(file):
        groups[group] = groups.get(group, ()) + tuple(members.split("|"))
    return groups


@cache
def read_class(name: str) -> frozenset[str]:
    """Read a class of ``word_classes.tsv``."""
    return frozenset(read_groups("word_classes.tsv")[name])


@cache
def read_neighbours(file: str, group: str) -> dict[str, tuple[str, ...]]:
    """Read the rows ``group<tab>word<tab>neighbours`` of a table; the group ``both ways`` ends in ``=``."""
    found: dict[str, tuple[str, ...]] = {}
    for name, word, others in read_rows(file):
        if name.rstrip("=") != group:
            continue
        found[word] = found.get(word, ()) + tuple(others.split("|"))
        if name.endswith("="):
            for other in others.split("|"):
                found[other] = (*found.get(other, ()), word)
    return found


@cache
def _irregular() -> dict[str, tuple[str, str, str]]:
    return {base: (past, participle, gerund) for base, past, participle, gerund in read_rows("verb_forms.tsv")}


@cache
def forms(phrase: str) -> VerbForms:
    """Give the forms of a verb or of a phrase that begins with one.

    >>> forms("admit to").past
    'admitted to'
    """
    verb, blank, rest = phrase.partition(" ")
    if verb not in _irregular():
        return inflect(phrase)
    past, participle, gerund = _irregular()[verb]
    third = inflect(verb).third
    return VerbForms(*(form + blank + rest for form in (verb, third, past, participle, gerund)))
