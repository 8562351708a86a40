"""What the model writes at the first try, and what the desk thinks of it before any repair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.article import BlockKind
from service.checking import Checker
from service.editing import straighten
from service.generation import Generator
from service.judging import STRICT
from service.passages import Passage
from service.quotations import MaskedText, MaskError


@dataclass(frozen=True)
class FirstTry:
    """A greedy target.

    Attributes:
        source: The passage.
        copy: The target with its quotations put back and the certain edits made; empty where that cannot be done.
        accepted: Whether it is complete and the strict gate lets it pass.
        findings: How many style findings it has.
    """

    source: str
    copy: str
    accepted: bool
    findings: int

    @property
    def good(self) -> bool:
        """Whether it could ship as far as gate and lint can tell."""
        return self.accepted and not self.findings


def first_tries(generator: Generator, checker: Checker, sources: Sequence[str]) -> list[FirstTry]:
    """Ask the model once for each passage and judge what it writes."""
    passages = [Passage(BlockKind.PARAGRAPH, source) for source in sources]
    masks = [passage.mask() for passage in passages]
    proposed = generator.generate([mask.text for mask in masks], count=1, seed=0)
    copies = [
        _restored(passage, mask, candidate.text) if candidate.complete else ""
        for passage, mask, (candidate,) in zip(passages, masks, proposed, strict=True)
    ]
    whole = [number for number, copy in enumerate(copies) if copy]
    reports = checker.check_all([(sources[number], copies[number]) for number in whole], point=STRICT)
    faithful = {number for number, report in zip(whole, reports, strict=True) if report.faithful}
    return [
        FirstTry(passage.text, copy, accepted=number in faithful, findings=len(passage.find_faults(copy)))
        for number, (passage, copy) in enumerate(zip(passages, copies, strict=True))
    ]


def _restored(passage: Passage, mask: MaskedText, target: str) -> str:
    try:
        return passage.edit(passage.unmask(mask, straighten(target)))
    except MaskError:
        return ""
