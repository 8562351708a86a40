from __future__ import annotations

from collections.abc import Sequence

from service.article import BlockKind
from service.brief import Brief
from service.checking import Checker
from service.facts import Fact, FactKind, FactReport, Verdict
from service.finishing import finish_all
from service.judging import BALANCED
from service.passages import Passage, PassageRewrite, Status

TEXT = "The mayor of Riga spoke at 6 a.m. on Oct. 3 about the color of the harbor."
BRITISH = "The mayor of Riga spoke at 06:00 on 3 October about the colour of the harbour."


def finish(checker: Checker, status: Status, brief: Brief, copy: str = TEXT) -> PassageRewrite:
    passage = Passage(BlockKind.PARAGRAPH, TEXT, brief)
    part = PassageRewrite(passage.kind, TEXT, copy, status, checker.check(TEXT, copy), ())
    (((finished),),) = finish_all(checker, [passage], [(part,)])
    return finished


class Doubting(Checker):
    """Refuses every copy with some words."""

    def __init__(self, checker: Checker, *words: str) -> None:
        self._inner = checker
        self._words = words

    def check_all(self, pairs: Sequence[tuple[str, str]], *, point: str = BALANCED) -> list[FactReport]:
        reports = self._inner.check_all(pairs, point=point)
        doubt = Fact(FactKind.STATEMENT, Verdict.OMITTED, None, None)
        return [
            FactReport((doubt,)) if any(word in copy for word in self._words) else report
            for report, (_, copy) in zip(reports, pairs, strict=True)
        ]


def test_copy_is_written_in_its_house_style_and_checked_again(checker: Checker) -> None:
    finished = finish(checker, Status.REWRITTEN, Brief.of(style="bbc"))
    assert (finished.copy, finished.status, finished.findings) == (BRITISH, Status.REWRITTEN, ())
    assert finished.report == checker.check(TEXT, BRITISH)


def test_source_that_is_put_right_is_repaired(checker: Checker) -> None:
    assert finish(checker, Status.UNCHANGED, Brief.of(style="bbc")).status is Status.REPAIRED


def test_what_was_kept_stays_as_filed_and_shows_its_faults(checker: Checker) -> None:
    kept = finish(checker, Status.KEPT, Brief.of(style="bbc"))
    assert (kept.copy, kept.status, len(kept.findings)) == (TEXT, Status.KEPT, 4)


def test_style_that_the_rewriter_has_learned_needs_no_hand(checker: Checker) -> None:
    copy = TEXT.replace("6 a.m.", "6am")
    assert finish(checker, Status.REWRITTEN, Brief(), copy).copy == copy


def test_rule_that_the_gate_refuses_is_undone_and_the_others_stand(checker: Checker) -> None:
    finished = finish(Doubting(checker, "colour"), Status.REWRITTEN, Brief.of(style="bbc"))
    assert finished.copy == "The mayor of Riga spoke at 06:00 on 3 October about the color of the harbor."
    assert [finding.span.of(finished.copy) for finding in finished.findings] == ["color", "harbor"]


def test_copy_that_the_gate_refuses_by_every_rule_stays_as_it_was(checker: Checker) -> None:
    finished = finish(Doubting(checker, "colour", "06:00", "3 October"), Status.REWRITTEN, Brief.of(style="bbc"))
    assert (finished.copy, finished.status, len(finished.findings)) == (TEXT, Status.REWRITTEN, 4)


def test_protected_term_is_not_put_right(checker: Checker) -> None:
    finished = finish(checker, Status.REWRITTEN, Brief.of(style="bbc", protected=["the color", "6 a.m."]))
    assert finished.copy == "The mayor of Riga spoke at 6 a.m. on 3 October about the color of the harbour."
    assert finished.findings == ()
