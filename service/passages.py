"""A passage on its way from source to copy."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.article import BlockKind
from service.facts import FactReport
from service.style import Finding


class Status(StrEnum):
    """How a passage came to its copy."""

    UNCHANGED = "unchanged"
    REWRITTEN = "rewritten"
    REPAIRED = "repaired"
    KEPT = "kept"


@dataclass(frozen=True)
class Passage:
    """As much of a block as a model takes at once.

    Attributes:
        kind: Headline, heading, paragraph or list item.
        text: Its words as filed.
    """

    kind: BlockKind
    text: str


@dataclass(frozen=True)
class PassageRewrite:
    """A passage and what became of it.

    Attributes:
        kind: Headline, heading, paragraph or list item.
        source: Its words as filed.
        copy: Its words as wire copy; empty where the source was only chat.
        status: How the copy came to be; ``kept`` means that it is the source and needs an editor.
        report: The facts of both sides; spans count in ``source`` and ``copy``.
        findings: Style findings in ``copy``.
    """

    kind: BlockKind
    source: str
    copy: str
    status: Status
    report: FactReport
    findings: tuple[Finding, ...]
