"""The files that suites are written in: where they are, what kind of suite they are, and reading one as that kind."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from evaluation.errors import BrokenSuiteError, MissingDataError, UnknownSuiteError

FOLDER = Path(__file__).parent / "suites"
# The fact checker has a suite of its own kind: labelled cases, and no file.
GATE = "gate"
# What it can be run on in place of its own tests.
WIREFACTS = "wirefacts"
# What a suite is whose file does not say: systems rewrite texts.
TEXTS: Literal["texts"] = "texts"
# What runs a suite of each kind.
KINDS: Mapping[str, str] = {
    TEXTS: "evaluation.running",
    "speed": "evaluation.timing",
    "service": "evaluation.duty",
}


class Strict(BaseModel):
    """A part of a file: frozen, and with no field that nobody reads."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def entry(field: str) -> BeforeValidator:
    """Let a bare value stand for an entry that says no more than this field."""
    return BeforeValidator(lambda value: {field: value} if isinstance(value, str) else value)


class SuiteFile(Strict):
    """What every suite says.

    Attributes:
        name: Name of its file.
        title: The same for a reader.
        folder: Where its file is.
        kind: One of ``KINDS``.
    """

    name: str
    title: str
    folder: Path
    kind: str = TEXTS


SuiteT = TypeVar("SuiteT", bound=SuiteFile)


def suite_names() -> list[str]:
    """Name the suites that ship."""
    return [*sorted(path.stem for path in FOLDER.glob("*.toml")), GATE]


def kind_of(name: str) -> str:
    """Say of which kind a suite is that has a file.

    Raises:
        UnknownSuiteError: There is no such suite.
        MissingDataError: The file is not there.
        BrokenSuiteError: It cannot be read, or is of no kind that there is.
    """
    path = _path_of(name)
    kind = _fields_of(path).get("kind", TEXTS)
    if kind not in KINDS:
        raise BrokenSuiteError(path, f"kind: there is none {kind!r}; there are {', '.join(KINDS)}")
    return str(kind)


def read_as(model: type[SuiteT], name: str) -> SuiteT:
    """Read a suite that ships, or a file of one's own that ends in ``.toml``.

    Raises:
        UnknownSuiteError: There is no such suite.
        MissingDataError: The file is not there.
        BrokenSuiteError: It does not say what it should; the message has all that is wrong.
    """
    path = _path_of(name)
    try:
        return model.model_validate({**_fields_of(path), "name": path.stem, "folder": path.parent})
    except ValidationError as error:
        raise BrokenSuiteError(path, "; ".join(map(_fault, error.errors(include_input=False)))) from error


def _path_of(name: str) -> Path:
    if name.endswith(".toml"):
        return Path(name).expanduser()
    if name not in suite_names():
        raise UnknownSuiteError([name], suite_names())
    return FOLDER / f"{name}.toml"


def _fields_of(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise MissingDataError(path) from error
    except ValueError as error:
        raise BrokenSuiteError(path, str(error)) from error


def _fault(fault: Any) -> str:
    return f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
