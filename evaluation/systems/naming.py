"""Which system a name on the command line means."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module

from evaluation.corpus import Sample
from evaluation.errors import UnknownSystemError
from evaluation.systems.system import System

# Where each is made; loaded when it is asked for, since some load torch.
_PLAIN = {
    "source": "copied",
    "reference": "copied",
    "other": "copied",
    "rules": "desks",
    "model": "desks",
    "base": "checkpoints",
}
_WITH_PLACE = {
    "checkpoint": ("checkpoints", "checkpoint"),
    "folder": ("copied", "folder"),
    "http": ("endpoint", "endpoint"),
    "https": ("endpoint", "secure"),
}
KNOWN = (*_PLAIN, "checkpoint:PATH", "folder:PATH", "http:URL")


def require_system(name: str) -> None:
    """Let a name pass that means a system.

    Raises:
        UnknownSystemError: It means none.
    """
    kind, colon, place = name.partition(":")
    if not (name in _PLAIN or (colon and place and kind in _WITH_PLACE)):
        raise UnknownSystemError(name, KNOWN)


def open_system(name: str, corpus: Sequence[Sample]) -> System:
    """Open a system.

    Args:
        name: One of ``KNOWN``.
        corpus: All texts of the suite, for the system that gives the rewrite of another.

    Raises:
        UnknownSystemError: The name means none.
        CopydeskError: It cannot be opened; the message says why.
    """
    require_system(name)
    if name == "other":
        return _maker("copied", "other")(corpus)
    if name in _PLAIN:
        return _maker(_PLAIN[name], name)()
    kind, _, place = name.partition(":")
    return _maker(*_WITH_PLACE[kind])(place)


def _maker(module: str, function: str) -> Callable[..., System]:
    maker: Callable[..., System] = getattr(import_module(f"evaluation.systems.{module}"), function)
    return maker
