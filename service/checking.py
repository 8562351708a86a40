"""The fact gate: what did a rewrite do with the facts of its source?"""

from __future__ import annotations

from collections.abc import Sequence

from service.alignment import sentences_of
from service.annotation import Annotated, Annotator
from service.dates import find_times, same_time
from service.events import match_events
from service.facts import Fact, FactReport
from service.matching import match_mentions, match_names, match_quotations
from service.names import find_names
from service.numerals import find_numerals, same_amount
from service.polarity import match_polarity
from service.spans import Span
from service.statements import excuse_chat, match_statements


class Checker:
    """Checks any rewrite of any origin against its source."""

    def __init__(self, annotator: Annotator) -> None:
        self._annotator = annotator

    def check(self, source: str, hypothesis: str) -> FactReport:
        """Compare one rewrite with its source."""
        return self.check_all([(source, hypothesis)])[0]

    def check_all(self, pairs: Sequence[tuple[str, str]]) -> list[FactReport]:
        """Compare many rewrites with their sources; texts that occur twice are read once."""
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        annotated = dict(zip(texts, self._annotator.annotate(texts), strict=True))
        return [_compare(annotated[source], annotated[hypothesis]) for source, hypothesis in pairs]


def _compare(source: Annotated, copy: Annotated) -> FactReport:
    stated_times, rewritten_times = find_times(source.text), find_times(copy.text)
    stated, rewritten = sentences_of(source), sentences_of(copy)
    facts = [
        *match_quotations(source.text, copy.text),
        *match_mentions(
            source.text,
            copy.text,
            find_numerals(source.text, skip=[time.span for time in stated_times]),
            find_numerals(copy.text, skip=[time.span for time in rewritten_times]),
            same=same_amount,
        ),
        *match_mentions(
            source.text,
            copy.text,
            stated_times,
            rewritten_times,
            same=same_time,
        ),
        *match_names(source.text, copy.text, find_names(source), find_names(copy)),
        *match_polarity(stated, rewritten, source.text, copy.text),
        *match_events(source.text, copy.text),
        *match_statements(stated, rewritten, source.text, copy.text),
    ]
    facts = excuse_chat(facts, stated, source.text)
    kept = sorted((fact for fact in facts if fact.source), key=_place)
    added = sorted((fact for fact in facts if not fact.source), key=_place)
    return FactReport(facts=(*kept, *added))


def _place(fact: Fact) -> tuple[Span, str]:
    return (fact.source or fact.copy or Span(0, 0), fact.kind.value)
