"""What becomes of a passage on its way, and whether that is nearer to wire copy than what there was."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from rapidfuzz import fuzz

from service.article import BlockKind
from service.casing import recase
from service.chat import chat_probability
from service.editing import edit, straighten
from service.facts import FactReport
from service.passages import Passage
from service.quotations import MaskedText, MaskError
from service.register import wire_probability
from service.sentences import split_sentences
from service.style import Finding

# A source without a fault that the model would hardly touch is wire copy already (W14).
_SAME = 90
# A question and a sentence so much alike say the same.
_SAME_QUESTION = 80
# A source may keep every rule of the lint and still be slang; 9 in 10 sentences of wire copy, and 1 in 8
# of the sources, read more like wire copy than this.
WIRE = 0.5
# What the lint does not see must sound so much more like wire copy to be worth an edit.
_GAIN = 0.1
# So little says nothing about how a text sounds.
_NOISE = 0.05
# A model that has lost its thread tells a run of this many words again.
_RUN = 5
_STOPPED = re.compile(r"[.!?…:][\"'”’)\]]*\s*$")
_WORD = re.compile(r"\w+(?:['’]\w+)*")
# Longer passages are never dropped as chat, whatever the model says.
_CHAT_WORDS = 30
_FEW = 3
# 6 in 10 sentences of chat, and 1 in 90 of news, are more likely chat than this.
_CHAT = 0.5


@dataclass(frozen=True)
class Draft:
    """A copy that was checked against its source.

    Attributes:
        copy: The text.
        report: Its facts.
        findings: Its style findings.
    """

    copy: str
    report: FactReport
    findings: tuple[Finding, ...]

    @classmethod
    def of(cls, passage: Passage, copy: str, report: FactReport) -> Draft:
        """Find what is wrong with a copy of a passage by the house style."""
        return cls(copy=copy, report=report, findings=passage.find_faults(copy))


def is_plainer(worded: Draft, edited: Draft | None, passage: Passage) -> bool:
    """Tell whether trusted rewordings gain anything over what would ship without them: a rule edit, or the source.

    Wire copy has no need of them (W14).
    """
    findings, sounded = passage.find_faults(passage.text), wire_probability(passage.text)
    without = edited.copy if edited else passage.text
    if worded.copy in (without, passage.text) or (not findings and sounded >= WIRE):
        return False
    most = min(len(findings), len(edited.findings)) if edited else len(findings)
    return len(worded.findings) <= most and wire_probability(worded.copy) >= wire_probability(without) - _NOISE


def is_better(draft: Draft, passage: Passage) -> bool:
    """Tell whether a copy is nearer to wire copy than its source."""
    if passage.kind.is_heading and draft.copy != passage.text and draft.copy.casefold() == passage.text.casefold():
        return True  # Only the case of a headline was put right (W15).
    faults = len(passage.find_faults(passage.text))
    if len(draft.findings) != faults:
        return len(draft.findings) < faults
    sounds = wire_probability(draft.copy)
    return sounds >= WIRE if not faults else sounds >= wire_probability(passage.text) + _GAIN


def restore(mask: MaskedText, target: str, passage: Passage) -> str | None:
    """Put the quotations back and polish the copy; None where the model lost a mask, a kept term or the question."""
    try:
        copy = passage.unmask(mask, straighten(target))
    except MaskError:
        return None
    copy = passage.edit(copy)
    if copy and _STOPPED.search(passage.text) and not (passage.kind.is_heading or _STOPPED.search(copy)):
        copy += "."
    if repeats_itself(copy, passage.text) or not (copy or may_vanish(passage)) or not passage.keeps_terms(copy):
        return None
    if copy and ((_only_asks(passage.text) and "?" not in copy) or _claims_what_is_asked(passage.text, copy)):
        return None
    return copy


def _only_asks(source: str) -> bool:
    """Tell whether a source is a single question: without its mark it would be a claim."""
    return source.rstrip().endswith("?") and len(split_sentences(source)) == 1


def _claims_what_is_asked(source: str, copy: str) -> bool:
    """Tell whether a sentence of the copy says flatly, and no more than, what one of the source asks."""
    stated, told = ([span.of(text).strip() for span in split_sentences(text)] for text in (source, copy))
    asked = [sentence for sentence in stated if sentence.endswith("?")]
    claimed = [sentence for sentence in told if not sentence.endswith("?")]
    return any(
        fuzz.ratio(question.lower(), claim.lower()) >= _SAME_QUESTION and len(claim.split()) <= len(question.split())
        for question in asked
        for claim in claimed
    )


def repeats_itself(copy: str, source: str) -> bool:
    """Tell whether the copy tells a run of words twice that the source does not."""
    told, stated = _runs(copy), _runs(source)
    return any(count > max(1, stated[run]) for run, count in told.items())


def _runs(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return Counter(tuple(words[start : start + _RUN]) for start in range(len(words) - _RUN + 1))


def is_alike(source: str, copy: str) -> bool:
    """Tell whether a copy is hardly another text than its source."""
    return fuzz.ratio(source, copy) >= _SAME


def may_vanish(passage: Passage) -> bool:
    """Tell whether a passage may be dropped as chat: a short paragraph, and nothing in it that tells news."""
    return (
        passage.kind is BlockKind.PARAGRAPH
        and len(passage.text.split()) <= _CHAT_WORDS
        and all(_is_chat(span.of(passage.text)) for span in split_sentences(passage.text))
    )


def _is_chat(sentence: str) -> bool:
    """Tell whether a sentence tells no news; of a few words, which may answer a question, only the lists know."""
    return chat_probability(sentence) >= _CHAT and (len(sentence.split()) > _FEW or not edit(sentence))


def recased(passage: Passage, text: str, *like: str) -> str:
    """Give a headline in title case the sentence case that the model gave it (W15); any other text stays as it is."""
    found = [copy for target in like if passage.kind.is_heading and (copy := recase(text, target))]
    return found[0] if found else text
