"""What every system is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from evaluation.corpus import Sample


@dataclass(frozen=True)
class Part:
    """A passage of a rewrite.

    Attributes:
        status: How its copy came to be, see ``service.passages.Status``.
        source: Its words as filed.
        copy: Its words as copy.
    """

    status: str
    source: str
    copy: str


@dataclass(frozen=True)
class Output:
    """What a system made of a text.

    Attributes:
        copy: The rewrite.
        parts: Its passages; empty for a system that gives no account of them.
    """

    copy: str
    parts: tuple[Part, ...] = ()


class System(Protocol):
    """Something that rewrites.

    Attributes:
        name: What the command line calls it.
        fingerprint: What identifies its version: the same fingerprint and sample give the same output.
    """

    name: str
    fingerprint: str

    def rewrite(self, sample: Sample) -> Output:
        """Rewrite a text.

        Raises:
            RefusedError: It clearly refuses.
            Exception: Whatever else it fails of; the caller writes it down and goes on.
        """
        ...

    def close(self) -> None:
        """Let go of what it holds."""
        ...
