"""The least change: only faults of style are mended, by rules and without a model; all else stays letter for letter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from itertools import pairwise

from service.checking import Checker
from service.drafts import may_vanish
from service.editing import straighten
from service.judging import STRICT
from service.passages import Passage, PassageRewrite, Status
from service.sentences import split_sentences
from service.spans import Span

# Comparing letter by letter takes time that grows with the square of this; longer sentences get straight marks.
_LONGEST_COMPARED = 2_000


@dataclass(frozen=True)
class _Mend:
    """What a sentence with a fault might become, the most that can be mended first; empty where it is only chat."""

    sentence: Span
    copies: tuple[str, ...]


def fix_all(checker: Checker, passages: Sequence[Passage]) -> list[tuple[PassageRewrite, ...]]:
    """Mend the sentences that have a fault of style.

    A mend that changes a fact is undone, and so is one that leaves as many faults as there were. A passage whose faults
    all stay is ``kept``, one without any is ``unchanged``.

    Args:
        checker: The fact gate.
        passages: What is to be mended.

    Returns:
        For each passage its one rewrite.
    """
    mends = [_find_mends(passage) for passage in passages]
    proposed = [
        _put_in(passage, {mend.sentence: mend.copies[0] for mend in found})
        for passage, found in zip(passages, mends, strict=True)
    ]
    settled = _settle(checker, passages, proposed)
    # Where the whole does not pass, what passes sentence by sentence is put together.
    refused = [number for number, rewrite in enumerate(settled) if mends[number] and rewrite is None]
    trials = [(number, mend.sentence, copy) for number in refused for mend in mends[number] for copy in mend.copies]
    reports = checker.check_all(
        [(sentence.of(passages[number].text), copy) for number, sentence, copy in trials], point=STRICT
    )
    passing: dict[int, dict[Span, str]] = {number: {} for number in refused}
    for (number, sentence, copy), report in zip(trials, reports, strict=True):
        if report.faithful:
            passing[number].setdefault(sentence, copy)
    again = _settle(
        checker,
        [passages[number] for number in refused],
        [_put_in(passages[number], passing[number]) for number in refused],
    )
    found = dict(enumerate(settled)) | dict(zip(refused, again, strict=True))
    return [(found[number] or _identity(checker, passage),) for number, passage in enumerate(passages)]


def _find_mends(passage: Passage) -> list[_Mend]:
    faults = passage.find_faults(passage.text)
    mends: list[_Mend] = []
    for sentence in split_sentences(passage.text):
        if any(fault.span.overlaps(sentence) for fault in faults):
            part = replace(passage, text=sentence.of(passage.text))
            edited = _with_marks_of(part.text, part.edit(part.text))
            copies = dict.fromkeys((part.put_right(edited), edited, part.put_right(part.text)))
            if found := [copy for copy in copies if copy != part.text and (copy or may_vanish(part))]:
                mends.append(_Mend(sentence, tuple(found)))
    return mends


def _with_marks_of(source: str, copy: str) -> str:
    """Give what was not edited its typographic marks again, which the edit made straight."""
    plain = straighten(source)
    if plain == source or max(len(source), len(copy)) > _LONGEST_COMPARED:
        return copy
    matcher = SequenceMatcher(None, plain, copy, autojunk=False)
    return "".join(
        source[start:end] if tag == "equal" else copy[new_start:new_end]
        for tag, start, end, new_start, new_end in matcher.get_opcodes()
    )


def _put_in(passage: Passage, copies: Mapping[Span, str]) -> str:
    """Put mended sentences in place; the blanks before one that vanishes go with it."""
    text = passage.text
    sentences = split_sentences(text)
    gaps = ["", *(text[one.end : other.start] for one, other in pairwise(sentences))]
    pieces: list[str] = []
    for gap, sentence in zip(gaps, sentences, strict=False):
        if copy := copies.get(sentence, sentence.of(text)):
            pieces += [gap, copy] if pieces else [copy]
    return "".join(pieces)


def _settle(checker: Checker, passages: Sequence[Passage], copies: Sequence[str]) -> list[PassageRewrite | None]:
    """Take each copy that changes something, has fewer faults and passes the gate."""
    wanted = [
        number
        for number, (passage, copy) in enumerate(zip(passages, copies, strict=True))
        if copy != passage.text
        and (copy or may_vanish(passage))
        and passage.keeps_terms(copy)
        and len(passage.find_faults(copy)) < len(passage.find_faults(passage.text))
    ]
    reports = checker.check_all([(passages[number].text, copies[number]) for number in wanted], point=STRICT)
    settled: list[PassageRewrite | None] = [None] * len(passages)
    for number, report in zip(wanted, reports, strict=True):
        if report.faithful:
            passage, copy = passages[number], copies[number]
            settled[number] = PassageRewrite(
                kind=passage.kind,
                source=passage.text,
                copy=copy,
                status=Status.REPAIRED,
                report=report,
                findings=passage.find_faults(copy),
            )
    return settled


def _identity(checker: Checker, passage: Passage) -> PassageRewrite:
    findings = passage.find_faults(passage.text)
    return PassageRewrite(
        kind=passage.kind,
        source=passage.text,
        copy=passage.text,
        status=Status.KEPT if findings else Status.UNCHANGED,
        report=checker.check(passage.text, passage.text),
        findings=findings,
    )
