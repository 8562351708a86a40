"""The fact gate: what did a rewrite do with the facts of its source?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache, partial
from importlib import metadata

from service.alignment import Sentence, sentences_of
from service.annotation import Annotated, Annotator
from service.attributions import match_attributions
from service.chat import chat_probability
from service.classifier import weights_sha256
from service.contradictions import match_contradictions
from service.contrasts import match_contrasts
from service.dates import find_times
from service.events import match_events
from service.facts import Fact, FactKind, FactReport, Verdict, in_order
from service.figures import find_numerals
from service.judging import BALANCED, Judge
from service.lexicon import lexicons_sha256
from service.lists import match_lists
from service.matching import match_mentions, match_quotations
from service.name_matching import match_names
from service.names import find_names
from service.numerals import same_amount
from service.participants import find_participants
from service.polarity import match_polarity
from service.references import match_references
from service.remainders import is_remainder
from service.roles import match_roles
from service.spans import Span
from service.speakers import match_speakers
from service.statements import excuse_chat, match_statements
from service.times import same_time, settled
from service.verifier import Reading, Text, Verifier

_WORD = re.compile(r"\w")
# A text that is less likely chat than this tells something.
_CHAT = 0.5


class Checker:
    """Checks any rewrite of any origin against its source.

    Args:
        annotator: Splits texts into sentences and words.
        verifier: Reads source and copy together.
        judge: Weighs what the rules found against what the verifier read; without these two the rules alone decide.
    """

    def __init__(self, annotator: Annotator, verifier: Verifier | None = None, judge: Judge | None = None) -> None:
        self._annotator = annotator
        self._verifier = verifier
        self._judge = judge

    @classmethod
    def load(cls, *, threads: int = 0) -> Checker:
        """Load all that ships: rules, verifier and judge."""
        return cls(Annotator(), Verifier(threads=threads), Judge.load())

    @property
    def identity(self) -> dict[str, str]:
        """What its verdicts depend on, by name: versions, and the SHA-256 of the data in use."""
        learned = {"verifier": self._verifier.sha256} if self._verifier else {}
        weighed = {"judge": self._judge.sha256} if self._judge else {}
        return {
            "rules": metadata.version("copydesk"),
            "lexicons": lexicons_sha256(),
            "chat": weights_sha256("chat"),
            "annotation": self._annotator.name,
            **learned,
            **weighed,
        }

    def check(self, source: str, hypothesis: str, *, point: str = BALANCED) -> FactReport:
        """Compare one rewrite with its source."""
        return self.check_all([(source, hypothesis)], point=point)[0]

    def check_all(self, pairs: Sequence[tuple[str, str]], *, point: str = BALANCED) -> list[FactReport]:
        """Compare many rewrites with their sources; texts that occur twice are read once.

        Args:
            pairs: Each a source and a rewrite of it.
            point: ``BALANCED`` or ``STRICT``.
        """
        if self._verifier is None or self._judge is None:
            return [FactReport(facts=facts) for facts in self._match(pairs, self._annotate(pairs))]
        unlike = [number for number, (source, copy) in enumerate(pairs) if source != copy]
        matched, read = self._match_and_read(pairs, [pairs[number] for number in unlike], self._verifier)
        readings = dict(zip(unlike, read, strict=True))
        return [
            self._judge.judge(facts, reading, source=pair[0], copy=pair[1], point=point)
            if (reading := readings.get(number))
            else _report_unread(facts, *pair)
            for number, (pair, facts) in enumerate(zip(pairs, matched, strict=True))
        ]

    def match_all(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[tuple[Fact, ...], Reading | None]]:
        """Give what the rules match and what the verifier reads, before they are weighed.

        Raises:
            ValueError: There is no verifier.
        """
        if self._verifier is None:
            raise ValueError("this checker has no verifier")
        return list(zip(*self._match_and_read(pairs, pairs, self._verifier), strict=True))

    def _match_and_read(
        self, pairs: Sequence[tuple[str, str]], unlike: Sequence[tuple[str, str]], verifier: Verifier
    ) -> tuple[list[tuple[Fact, ...]], list[Reading | None]]:
        """Match the facts of ``pairs`` while the verifier reads ``unlike``, each on a core of its own."""
        annotating: Future[dict[str, Annotated]] = Future()

        @cache
        def sentences(text: str) -> Sequence[Sentence]:
            return sentences_of(annotating.result()[text])

        texts = {text: Text(text, partial(sentences, text)) for pair in unlike for text in pair}
        with ThreadPoolExecutor(max_workers=1) as reader:
            reading = reader.submit(verifier.read, [(texts[source], texts[copy]) for source, copy in unlike])
            try:
                annotating.set_result(self._annotate(pairs))
            except BaseException as error:
                # Whoever waits for it must not wait for ever.
                annotating.set_exception(error)
                raise
            return self._match(pairs, annotating.result()), reading.result()

    def _annotate(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Annotated]:
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        return dict(zip(texts, self._annotator.annotate(texts), strict=True))

    def _match(self, pairs: Sequence[tuple[str, str]], annotated: dict[str, Annotated]) -> list[tuple[Fact, ...]]:
        return [_compare(annotated[source], annotated[copy]) for source, copy in pairs]


def _report_unread(facts: tuple[Fact, ...], source: str, copy: str) -> FactReport:
    """Report on texts that are the same, or of which one has no words: the rules alone decide."""
    if source == copy:
        return FactReport(facts=facts, probability=1.0, support=1.0)
    if all(fact.verdict is Verdict.KEPT for fact in facts):
        if _WORD.search(copy) and not _WORD.search(source):
            facts = (*facts, Fact(FactKind.STATEMENT, Verdict.UNSUPPORTED, None, Span(0, len(copy))))
        elif _WORD.search(source) and not _WORD.search(copy) and chat_probability(source) < _CHAT:
            facts = (*facts, Fact(FactKind.STATEMENT, Verdict.OMITTED, Span(0, len(source)), None))
    return FactReport(facts=facts)


def _compare(source: Annotated, copy: Annotated) -> tuple[Fact, ...]:
    found_stated, found_rewritten = find_times(source.text), find_times(copy.text)
    stated_times = settled(found_stated, found_rewritten)
    rewritten_times = settled(found_rewritten, found_stated)
    stated_numerals = find_numerals(source.text, skip=[time.span for time in stated_times])
    rewritten_numerals = find_numerals(copy.text, skip=[time.span for time in rewritten_times])
    stated_names, rewritten_names = find_names(source), find_names(copy)
    filed = find_participants(source, stated_names, stated_numerals)
    written = find_participants(copy, rewritten_names, rewritten_numerals)
    stated, rewritten = sentences_of(source), sentences_of(copy)
    facts = [
        *match_quotations(source.text, copy.text),
        *match_mentions(
            source.text,
            copy.text,
            stated_numerals,
            rewritten_numerals,
            same=same_amount,
            is_told_by=partial(is_remainder, source.text, copy.text),
        ),
        *match_mentions(
            source.text,
            copy.text,
            stated_times,
            rewritten_times,
            same=same_time,
        ),
        *match_names(source.text, copy.text, stated_names, rewritten_names),
        *match_speakers(filed, written),
        *match_attributions(filed, written, rewritten),
        *match_polarity(stated, rewritten, source.text, copy.text),
        *match_contrasts(stated, rewritten, source.text, copy.text),
        *match_events(source.text, copy.text),
    ]
    facts += match_statements(stated, rewritten, source.text, copy.text, known=facts)
    facts += match_roles(filed, written, known=facts)
    facts += match_references(filed, written)
    facts += match_lists(stated, rewritten, source.text, known=facts)
    facts += match_contradictions(stated, rewritten, source.text, copy.text, known=facts)
    return in_order(excuse_chat(facts, stated, source.text))
