from __future__ import annotations

import pytest

from service.article import BlockKind
from service.brief import Brief
from service.checking import Checker
from service.fixing import fix_all
from service.passages import Passage, PassageRewrite, Status
from tests.test_finishing import Doubting


def fix(checker: Checker, text: str, *, kind: BlockKind = BlockKind.PARAGRAPH, **brief: object) -> PassageRewrite:
    (((fixed),),) = fix_all(checker, [Passage(kind, text, Brief.of(mode="fix", **brief))])  # type: ignore[arg-type]
    return fixed


@pytest.mark.parametrize(
    ("text", "copy"),
    [
        pytest.param("The mayor won't pay.", "The mayor will not pay.", id="contraction"),
        pytest.param("So, the mayor left at 6am, lol.", "The mayor left at 6 a.m.", id="chat and time"),
        pytest.param("It rose 5 percent on October 3.", "It rose 5% on Oct. 3.", id="figures"),
    ],
)
def test_faults_are_mended(checker: Checker, text: str, copy: str) -> None:
    fixed = fix(checker, text)
    assert (fixed.copy, fixed.status, fixed.findings) == (copy, Status.REPAIRED, ())


def test_sentences_without_a_fault_stay_letter_for_letter(checker: Checker) -> None:
    dull, odd = "A dull, long   sentence that “nobody”\nwould write.", "The mayor’s son’s boss , said Ana Lee."
    text = f"{dull}  The mayor won’t pay 9 men.\n{odd}"
    fixed = fix(checker, text)
    assert fixed.copy == text.replace("won’t", "will not")
    assert fixed.status is Status.REPAIRED


def test_typographic_marks_of_a_mended_sentence_stay(checker: Checker) -> None:
    text = "The mayor’s office can’t pay, “not now,” Ana Lee said."
    assert fix(checker, text).copy == "The mayor’s office cannot pay, “not now,” Ana Lee said."


def test_text_without_a_fault_is_unchanged(checker: Checker) -> None:
    text = "the mayor ,  oddly spaced, spoke"
    fixed = fix(checker, text)
    assert (fixed.copy, fixed.status) == (text, Status.UNCHANGED)


def test_fault_that_no_rule_mends_is_kept_and_told(checker: Checker) -> None:
    fixed = fix(checker, "Why did the mayor leave?")
    assert (fixed.copy, fixed.status, len(fixed.findings)) == ("Why did the mayor leave?", Status.KEPT, 1)


def test_sentence_of_chat_goes_with_the_blanks_before_it(checker: Checker) -> None:
    fixed = fix(checker, "The mayor sold 40 buses.  Wild, lol! The council met on Oct. 3.")
    assert fixed.copy == "The mayor sold 40 buses. The council met on Oct. 3."


def test_mend_that_the_gate_refuses_is_undone_and_the_others_stand(checker: Checker) -> None:
    fixed = fix(Doubting(checker, "cannot"), "The mayor can't pay. The council won't pay.")
    assert fixed.copy == "The mayor can't pay. The council will not pay."
    assert [finding.span.of(fixed.copy) for finding in fixed.findings] == ["can't"]


def test_half_of_a_mend_is_better_than_none(checker: Checker) -> None:
    fixed = fix(Doubting(checker, "06:00"), "The mayor can't pay at 6 a.m. on Monday.", style="bbc")
    assert fixed.copy == "The mayor cannot pay at 6 a.m. on Monday."


def test_style_is_that_of_the_brief(checker: Checker) -> None:
    text = "The mayor of Riga spoke in the U.S. at 3:15 p.m. on Oct. 3."
    assert fix(checker, text).copy == text
    assert fix(checker, text, style="bbc").copy == "The mayor of Riga spoke in the US at 15:15 on 3 October."


def test_headline_has_its_own_rules(checker: Checker) -> None:
    fixed = fix(checker, 'Mayor calls plan "mess"!', kind=BlockKind.HEADLINE, style="bbc")
    assert fixed.copy == "Mayor calls plan 'mess'"


def test_protected_term_is_no_fault(checker: Checker) -> None:
    fixed = fix(checker, "The cops won't close Axe the Tax at 6am.", protected=["cops", "6am"])
    assert (fixed.copy, fixed.findings) == ("The cops will not close Axe the Tax at 6am.", ())
