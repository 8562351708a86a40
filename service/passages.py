"""A passage on its way from source to copy."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from service.article import BlockKind
from service.brief import Brief
from service.departures import put_right
from service.editing import edit, straighten
from service.facts import FactReport
from service.quotations import MaskedText, Quotation, mask_quotations, real_quotations
from service.regions import Region
from service.speech import STARTS
from service.style import Finding, find_faults


class Status(StrEnum):
    """How a passage came to its copy."""

    UNCHANGED = "unchanged"
    REWRITTEN = "rewritten"
    REPAIRED = "repaired"
    KEPT = "kept"


# Marks a term among the words behind masks; no text has it.
_BARE = "\ue000"
_BARE_TERM = re.compile(f'"{_BARE}([^{_BARE}]*){_BARE}([,.]?)"')


@dataclass(frozen=True)
class Passage:
    """As much of a block as a model takes at once.

    Attributes:
        kind: Headline, heading, paragraph or list item.
        text: Its words as filed.
        brief: What is asked of the desk.
    """

    kind: BlockKind
    text: str
    brief: Brief = field(default_factory=Brief)

    def mask(self) -> MaskedText:
        """Hide from the model what it may not touch: real quotations, and kept terms that look like plain words.

        A term with a capital is left for it to see: it hardly ever changes a name, and writes better when it knows it.
        """
        quotations = real_quotations(self.text)
        quoted = Region(quotation.outer for quotation in quotations)
        spans = [] if _BARE in self.text else self.brief.terms.find_kept(self.text)
        terms = [span for span in spans if span.of(self.text)[0].islower() and not quoted.touches(span)]
        apart = [span for span in terms if not any(other != span and other.overlaps(span) for other in terms)]
        bare = {Quotation(span, span) for span in apart}
        hidden = sorted([*quotations, *bare], key=lambda quotation: quotation.outer)
        masked = mask_quotations(self.text, hidden)
        pairs = zip(hidden, masked.quoted, strict=True)
        return replace(masked, quoted=tuple(f"{_BARE}{words}{_BARE}" if one in bare else words for one, words in pairs))

    def unmask(self, mask: MaskedText, target: str) -> str:
        """Put back what was hidden, terms without marks; a rendering has a capital where a sentence begins.

        Raises:
            MaskError: A mask is missing, stands there twice, or was never given out.
        """

        def words(match: re.Match[str]) -> str:
            term = match[1]
            begins = STARTS.search(match.string[: match.start()]) and term not in self.brief.terms.protected
            return (term[0].upper() + term[1:] if begins else term) + match[2]

        return _BARE_TERM.sub(words, mask.restore(target))

    def find_faults(self, copy: str) -> tuple[Finding, ...]:
        """Find what is wrong with a copy by the house style; a kept term is nobody's fault."""
        findings = find_faults(copy, headline=self.kind.is_heading, style=self.brief.style)
        kept = Region(self.brief.terms.find_kept(copy))
        return tuple(finding for finding in findings if not kept.touches(finding.span))

    def edit(self, copy: str) -> str:
        """Edit a copy by rules that are certain; no kept term is touched."""
        terms = self.brief.terms
        shielded = terms.shield(copy)
        return terms.typeset(shielded.restore(edit(shielded.text, headline=self.kind.is_heading)))

    def straighten(self, copy: str) -> str:
        """Make marks and apostrophes straight; no kept term is touched."""
        return self.brief.terms.typeset(straighten(copy))

    def put_right(self, copy: str) -> str:
        """Write a copy in the house style, as far as rules can tell; no kept term is touched."""
        kept = self.brief.terms.find_kept(copy)
        return put_right(copy, self.brief.style, headline=self.kind.is_heading, untouched=kept)

    def keeps_terms(self, copy: str) -> bool:
        """Tell whether a copy has every term that it must keep."""
        return self.brief.terms.stay(self.text, copy)


@dataclass(frozen=True)
class Suggestion:
    """What the model would have written where it could not be trusted: for an editor to read, and no part of the copy.

    Attributes:
        copy: Its words.
        report: The facts of both sides. They may all seem kept, for a target is refused also where it is too unlike
            what people have found right.
    """

    copy: str
    report: FactReport


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
        suggestion: What else might be said, where ``copy`` does not read like wire copy yet.
    """

    kind: BlockKind
    source: str
    copy: str
    status: Status
    report: FactReport
    findings: tuple[Finding, ...]
    suggestion: Suggestion | None = None
