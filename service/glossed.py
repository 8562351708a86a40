"""The glossary around the gate: a source is read with its terms rendered, and told of as it was filed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.checking import Checker
from service.facts import FactReport
from service.passages import Passage, PassageRewrite, Status
from service.spans import Span
from service.terms import Rendering, Terms


@dataclass(frozen=True)
class Rendered:
    """Passages whose sources have the renderings of their glossaries.

    Attributes:
        passages: The passages.
        renderings: How each came about.
        filed: The passages as filed.
    """

    passages: tuple[Passage, ...]
    renderings: tuple[Rendering, ...]
    filed: tuple[Passage, ...]

    def back(self, rewrites: Sequence[tuple[PassageRewrite, ...]]) -> list[tuple[PassageRewrite, ...]]:
        """Tell of rewrites of these passages as of rewrites of what was filed."""
        return [
            _back(passage, rendering, parts) if rendering.places else parts
            for passage, rendering, parts in zip(self.filed, self.renderings, rewrites, strict=True)
        ]


def render_all(passages: Sequence[Passage]) -> Rendered:
    """Put the renderings of their glossaries into passages."""
    renderings = tuple(passage.brief.terms.render(passage.text) for passage in passages)
    rendered = tuple(
        replace(passage, text=rendering.text) for passage, rendering in zip(passages, renderings, strict=True)
    )
    return Rendered(rendered, renderings, tuple(passages))


def check_glossed(checker: Checker, pairs: Sequence[tuple[str, str]], terms: Terms, *, point: str) -> list[FactReport]:
    """Compare copies with sources whose terms a glossary renders; places count in the sources as they are.

    Args:
        checker: The fact gate.
        pairs: Each a source and a copy of it.
        terms: The glossary.
        point: The operating point.
    """
    renderings = [terms.render(source) for source, _ in pairs]
    reports = checker.check_all(
        [(rendering.text, copy) for rendering, (_, copy) in zip(renderings, pairs, strict=True)], point=point
    )
    return [_report_back(rendering, 0, report) for rendering, report in zip(renderings, reports, strict=True)]


def _back(passage: Passage, rendering: Rendering, parts: tuple[PassageRewrite, ...]) -> tuple[PassageRewrite, ...]:
    told: list[PassageRewrite] = []
    position = 0
    for part in parts:
        start = rendering.text.index(part.source, position)
        position = start + len(part.source)
        source = rendering.back(Span(start, position)).of(passage.text)
        changed = part.status is Status.UNCHANGED and part.copy != source
        told.append(
            replace(
                part,
                source=source,
                status=Status.REPAIRED if changed else part.status,
                report=_report_back(rendering, start, part.report),
                suggestion=part.suggestion
                and replace(part.suggestion, report=_report_back(rendering, start, part.suggestion.report)),
            )
        )
    return tuple(told)


def _report_back(rendering: Rendering, start: int, report: FactReport) -> FactReport:
    """Tell the places of a report on the part of a rendered text that begins at ``start`` in the text as filed."""
    if not rendering.places:
        return report
    filed = rendering.back(Span(start, start)).start
    return replace(
        report,
        facts=tuple(
            replace(fact, source=rendering.back(fact.source.shift(start)).shift(-filed)) if fact.source else fact
            for fact in report.facts
        ),
    )
