"""Changes that were judged by hand, as the rewriter learns to know right ones from wrong ones by them."""

from __future__ import annotations

from dataclasses import dataclass

from service.rewordings import reword
from training.labelled import EDITOR, faithful_edit, fitted_sources, read_judged_targets, read_labelled


@dataclass(frozen=True)
class Change:
    """A text before and after what was judged.

    Attributes:
        source: The sentence as filed.
        before: The sentence, edited by rule.
        after: The same with one rewording, or a whole target.
        right: Whether the change is without fault.
    """

    source: str
    before: str
    after: str
    right: bool


def read_changes() -> list[Change]:
    """Read what may be learned from: nothing that ``training.trust`` fits on, and no change by hand for its text."""
    held_back = fitted_sources()
    rewordings = [
        Change(one.source, one.text, reword(one.text, [one.rewording]), one.label == "ok")
        for one in read_labelled()
        if one.by != EDITOR and one.source not in held_back
    ]
    targets = [
        Change(one.source, faithful_edit(one.source), one.target, one.label == "ok")
        for one in read_judged_targets()
        if one.source not in held_back
    ]
    told = (one for one in (*rewordings, *targets) if one.before and one.after and one.before != one.after)
    return sorted(told, key=lambda one: one.source)
