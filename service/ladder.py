"""Find the best verified copy of a passage: the model first, rules next, the source itself last.

Rungs, each climbed only by what the one before refused: the greedy target of the whole passage; the passage sentence
by sentence, greedy; sampled targets of the sentences still refused; the rule-based editor, with those rewordings of the
refused targets and of the phrase book that can be trusted; the source, flagged. A target is refused by the fact gate,
and also where its rewordings cannot be trusted or the model itself was unsure of it; one that is taken is reworded
further where it left slang.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.checking import Checker
from service.drafts import WIRE, Draft, is_alike, is_better, is_plainer, may_vanish, recased, repeats_itself, restore
from service.editing import straighten
from service.generation import Generator
from service.hearing import hear
from service.judging import STRICT
from service.passages import Passage, PassageRewrite, Status, Suggestion
from service.phrasing import Phraser, Wording
from service.register import wire_probability
from service.sentences import split_sentences
from service.trust import Trust

_SAMPLES = 4


@dataclass(frozen=True)
class _Attempt:
    """What came of asking the model for a passage.

    Attributes:
        targets: What it proposed, quotations put back, whether it can be shipped or not.
        rewrite: The best of what can be shipped; None where nothing can.
        refused: The likeliest of what cannot; None where something can.
    """

    targets: tuple[str, ...] = ()
    rewrite: PassageRewrite | None = None
    refused: Suggestion | None = None


class Ladder:
    """Holds what a passage meets on its way.

    Args:
        checker: The fact gate.
        generator: The model; None where only rules edit.
    """

    def __init__(self, checker: Checker, generator: Generator | None) -> None:
        self._checker = checker
        self._generator = generator
        self._trust = Trust.load()
        self._phraser = Phraser(checker, self._trust, generator)

    @property
    def checker(self) -> Checker:
        """The fact gate."""
        return self._checker

    def asking(self, generator: Generator) -> Ladder:
        """Give the same ladder with another way to the model."""
        return Ladder(self._checker, generator)

    def climb(self, passages: Sequence[Passage], *, seed: int) -> list[tuple[PassageRewrite, ...]]:
        """Find a verified copy of each passage.

        Returns:
            For each passage its rewrite; several where it was verified sentence by sentence and not every sentence
            could be.
        """
        wholes = self._by_model(passages, Status.REWRITTEN, count=1, seed=seed)
        parts = [() if whole.rewrite else _sentences(passage) for passage, whole in zip(passages, wholes, strict=True)]
        # A passage of one sentence has had its greedy target already.
        had = {group[0]: whole for group, whole in zip(parts, wholes, strict=True) if len(group) == 1}
        settled = iter(self._by_sentence(parts, had, seed=seed))
        return [
            (whole.rewrite,) if whole.rewrite else self._join(passage, next(settled))
            for passage, whole in zip(passages, wholes, strict=True)
        ]

    def _by_sentence(
        self, groups: Sequence[tuple[Passage, ...]], had: Mapping[Passage, _Attempt], *, seed: int
    ) -> list[list[PassageRewrite]]:
        """Settle every sentence of the passages that were refused as a whole.

        Args:
            groups: The sentences of each passage; empty for one that is settled.
            had: What the model made of those sentences that it has been asked for.
            seed: Of the samples.
        """
        refused = [group for group in groups if group]
        fresh = [part for part in dict.fromkeys(part for group in refused for part in group) if part not in had]
        found = dict(had) | dict(zip(fresh, self._by_model(fresh, Status.REPAIRED, count=1, seed=seed), strict=True))
        still = [part for part, attempt in found.items() if not attempt.rewrite]
        sampled = self._by_model(still, Status.REPAIRED, count=_SAMPLES, seed=seed)
        settled = {part: attempt.rewrite for part, attempt in found.items() if attempt.rewrite}
        settled |= {part: sample.rewrite for part, sample in zip(still, sampled, strict=True) if sample.rewrite}
        last = {
            part: replace(
                found[part],
                targets=(*found[part].targets, *sample.targets),
                refused=_likeliest([one for one in (found[part].refused, sample.refused) if one]),
            )
            for part, sample in zip(still, sampled, strict=True)
            if not sample.rewrite
        }
        settled |= dict(zip(last, self._by_rules(last), strict=True))
        return [[settled[part] for part in group] for group in refused]

    def _by_model(self, passages: Sequence[Passage], status: Status, *, count: int, seed: int) -> list[_Attempt]:
        """Take the faithful target with the fewest style findings, reworded where it left slang."""
        results = [_Attempt()] * len(passages)
        generator = self._generator
        if generator is None:
            return results
        fitting = [
            number
            for number, passage in enumerate(passages)
            if generator.count_tokens(passage.text) <= generator.max_source_tokens
        ]
        if not fitting:
            return results
        masked = [passages[n].mask() for n in fitting]
        proposed = generator.generate([mask.text for mask in masked], count=count, seed=seed)
        targets = [
            [
                (copy, candidate.score >= generator.least_score)
                for candidate in candidates
                if candidate.complete and (copy := restore(mask, candidate.text, passages[number])) is not None
            ]
            for number, mask, candidates in zip(fitting, masked, proposed, strict=True)
        ]
        copies = [[copy for copy, sure in group if sure] for group in targets]
        pairs = [(passages[n].text, copy) for n, group in zip(fitting, copies, strict=True) for copy in group]
        reports = iter(self._checker.check_all(pairs, point=STRICT))
        best: dict[int, Draft] = {}
        for number, group, every in zip(fitting, copies, targets, strict=True):
            drafts = [Draft.of(passages[number], copy, next(reports)) for copy in group]
            faithful = self._trusted(passages[number], [one for one in drafts if one.report.faithful], generator)
            refused = [Suggestion(one.copy, one.report) for one in drafts if one.copy and not faithful]
            results[number] = _Attempt(targets=tuple(copy for copy, _ in every), refused=_likeliest(refused))
            if faithful:
                best[number] = min(faithful, key=lambda draft: len(draft.findings))
        polished = self._polish([(passages[number], draft) for number, draft in best.items()])
        for (number, draft), better in zip(best.items(), polished, strict=True):
            passage = passages[number]
            rewrite = _shipped(passage, better, status) if better else self._settle(passage, draft, status)
            results[number] = replace(results[number], rewrite=rewrite)
        return results

    def _polish(self, drafts: Sequence[tuple[Passage, Draft]]) -> list[Draft | None]:
        """Reword faithful targets where what the model left of the source can be bettered; None where nothing can."""
        wordings = [Wording(passage.text, draft.copy, ()) for passage, draft in drafts]
        polished: list[Draft | None] = []
        for (passage, draft), phrased in zip(drafts, self._phraser.phrase(wordings), strict=True):
            worded = Draft.of(passage, phrased.text, phrased.report) if phrased and phrased.text else None
            serves = (
                worded is not None
                and passage.keeps_terms(worded.copy)
                and not repeats_itself(worded.copy, passage.text)
                and is_plainer(worded, draft, passage)
            )
            polished.append(worded if serves else None)
        return polished

    def _trusted(self, passage: Passage, drafts: Sequence[Draft], generator: Generator) -> list[Draft]:
        """Take what can be trusted of what the gate lets pass; what was not judged by the gate is not doubted."""
        edited = passage.edit(passage.text) or passage.straighten(passage.text)
        texts = [recased(passage, edited, draft.copy) for draft in drafts]
        heard = hear(generator, [(passage.text, text, draft.copy) for draft, text in zip(drafts, texts, strict=True)])
        return [
            draft
            for draft, text, opinion in zip(drafts, texts, heard, strict=True)
            if (chance := draft.report.probability) is None
            or (opinion and self._trust.trusts(text, draft.copy, opinion, faithful=chance))
        ]

    def _by_rules(self, passages: Mapping[Passage, _Attempt]) -> list[PassageRewrite]:
        """Edit by rules, and take from refused targets what can be trusted.

        The source stays, flagged, where its facts would not come out right or nothing is gained.

        Args:
            passages: Each with what the model made of it, all of it refused.
        """
        copies = [
            recased(passage, passage.edit(passage.text), *attempt.targets[:1]) for passage, attempt in passages.items()
        ]
        reports = self._checker.check_all(
            [(passage.text, copy) for passage, copy in zip(passages, copies, strict=True)], point=STRICT
        )
        bases = [
            copy if report.faithful else passage.straighten(passage.text)
            for passage, copy, report in zip(passages, copies, reports, strict=True)
        ]
        wordings = [
            Wording(passage.text, base, attempt.targets if base else ())
            for (passage, attempt), base in zip(passages.items(), bases, strict=True)
        ]
        rewrites: list[PassageRewrite] = []
        for passage, copy, report, phrased in zip(
            passages, copies, reports, self._phraser.phrase(wordings), strict=True
        ):
            draft = Draft.of(passage, copy, report)
            worthwhile = draft.report.faithful and is_better(draft, passage) and passage.keeps_terms(draft.copy)
            worthwhile = worthwhile and bool(draft.copy or may_vanish(passage))
            worded = Draft.of(passage, phrased.text, phrased.report) if phrased else None
            if (
                worded
                and passage.keeps_terms(worded.copy)
                and is_plainer(worded, draft if worthwhile else None, passage)
            ):
                rewrites.append(_shipped(passage, worded, Status.REPAIRED))
            elif worthwhile:
                rewrites.append(self._settle(passage, draft, Status.REPAIRED))
            else:
                rewrites.append(self._identity(passage, Status.KEPT))
        return [
            _with_suggestion(rewrite, attempt.refused)
            for rewrite, attempt in zip(rewrites, passages.values(), strict=True)
        ]

    def _settle(self, passage: Passage, draft: Draft, status: Status) -> PassageRewrite:
        """Take a draft, or the source itself where it is wire copy already, but for its marks (W7, W14)."""
        if not passage.find_faults(passage.text) and is_alike(passage.text, draft.copy):
            copy = passage.straighten(passage.text)
            if copy == passage.text:
                return self._identity(passage, Status.UNCHANGED)
            draft = Draft.of(passage, copy, self._checker.check(passage.text, copy, point=STRICT))
        return _shipped(passage, draft, status)

    def _identity(self, passage: Passage, status: Status) -> PassageRewrite:
        return PassageRewrite(
            kind=passage.kind,
            source=passage.text,
            copy=passage.text,
            status=status,
            report=self._checker.check(passage.text, passage.text),
            findings=passage.find_faults(passage.text),
        )

    def _join(self, passage: Passage, parts: list[PassageRewrite]) -> tuple[PassageRewrite, ...]:
        if len(parts) == 1 or any(part.status is Status.KEPT for part in parts):
            return tuple(parts)
        copy = " ".join(part.copy for part in parts if part.copy)
        suggested = " ".join(_suggested(part) for part in parts if _suggested(part))
        both = dict.fromkeys([(passage.text, copy), (passage.text, suggested)])
        report, *other = self._checker.check_all(list(both), point=STRICT)
        if not report.faithful:
            return tuple(parts)
        joined = self._settle(passage, Draft.of(passage, copy, report), Status.REPAIRED)
        return (_with_suggestion(joined, Suggestion(suggested, other[0]) if other else None),)


def _shipped(passage: Passage, draft: Draft, status: Status) -> PassageRewrite:
    return PassageRewrite(
        kind=passage.kind,
        source=passage.text,
        copy=draft.copy,
        status=status,
        report=draft.report,
        findings=draft.findings,
    )


def _suggested(rewrite: PassageRewrite) -> str:
    return rewrite.suggestion.copy if rewrite.suggestion else rewrite.copy


def _likeliest(refused: Sequence[Suggestion]) -> Suggestion | None:
    return max(refused, key=lambda one: (one.report.faithful, one.report.probability or 0.0), default=None)


def _with_suggestion(rewrite: PassageRewrite, suggestion: Suggestion | None) -> PassageRewrite:
    """Say what else might be said, where a copy does not read like wire copy yet."""
    reads_well = rewrite.status is not Status.KEPT and not rewrite.findings and wire_probability(rewrite.copy) >= WIRE
    told = map(straighten, (rewrite.copy, rewrite.source))
    wanted = suggestion and not reads_well and straighten(suggestion.copy) not in told
    return replace(rewrite, suggestion=suggestion) if wanted else rewrite


def _sentences(passage: Passage) -> tuple[Passage, ...]:
    return tuple(replace(passage, text=span.of(passage.text)) for span in split_sentences(passage.text))
