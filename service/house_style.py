"""House styles: what a desk writes one way and another desk another way, as data in ``prompts/styles``."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from service.errors import UnknownStyleError

DEFAULT = "ap"
_ENDING = ".toml"


@dataclass(frozen=True)
class StyleRule:
    """One thing that a house writes its own way.

    Attributes:
        name: What it is about, for example ``clock``.
        value: Which way is right, for example ``24-hour``; forms that are right where the rule is a list of them.
        says: The rule in words, with an example.
        source: Where the house says so.
    """

    name: str
    value: str | tuple[str, ...]
    says: str
    source: str


@dataclass(frozen=True)
class HouseStyle:
    """The house style of a newsroom, where it differs from others.

    Attributes:
        name: File name without its ending, for example ``bbc``.
        title: What the newsroom is called.
        description: What tells it from others, in a line.
        learned: Whether the rewriter writes it by itself, so that nothing is put right after a rewrite.
        rules: Its rules.
    """

    name: str
    title: str
    description: str
    learned: bool
    rules: tuple[StyleRule, ...]


@cache
def known_styles() -> tuple[str, ...]:
    """Name the house styles, the default first."""
    names = {file.name.removesuffix(_ENDING) for file in _folder().iterdir() if file.name.endswith(_ENDING)}
    return (DEFAULT, *sorted(names - {DEFAULT}))


@cache
def house_style(name: str = DEFAULT) -> HouseStyle:
    """Read a house style.

    Raises:
        UnknownStyleError: There is no such style.
    """
    if name not in known_styles():
        raise UnknownStyleError(name, known_styles())
    content = tomllib.loads(_folder().joinpath(name + _ENDING).read_text(encoding="utf-8"))
    return HouseStyle(
        name=name,
        title=content["title"],
        description=content["description"],
        learned=content.get("learned", False),
        rules=tuple(
            StyleRule(name=rule, value=_value(told["value"]), says=told["says"], source=told["source"])
            for rule, told in content["rules"].items()
        ),
    )


def _value(value: str | list[str]) -> str | tuple[str, ...]:
    return value if isinstance(value, str) else tuple(value)


@cache
def british_spelling() -> Mapping[str, str]:
    """Map American spellings to British ones: words of small letters that are sure to mean the same.

    >>> british_spelling()["color"]
    'colour'
    """
    lines = _folder().joinpath("british_spelling.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if not line.startswith("#"))
    return {american: british for american, british in rows}


@cache
def house_styles_sha256() -> str:
    """Hash all that house styles are made of, by name and content."""
    files = sorted(_folder().iterdir(), key=lambda file: file.name)
    digests = [f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n" for file in files if file.is_file()]
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _folder() -> Traversable:
    return resources.files("prompts").joinpath("styles")
