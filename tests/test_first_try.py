from __future__ import annotations

from service.checking import Checker
from service.generation import Candidate
from tests.scripted import ScriptedGenerator
from training.first_try import FirstTry, first_tries

SOURCE = "Cops nabbed 12 guys in Leeds on Friday lol."


class CutOff(ScriptedGenerator):
    """Spends its budget before the end."""

    def generate(self, sources: object, *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        return [(Candidate(text="Police arrested", score=0.0, complete=False),)]


def test_a_faithful_target_without_a_fault_is_good(checker: Checker) -> None:
    copy = "Police arrested 12 people in Leeds on Friday."
    (tried,) = first_tries(ScriptedGenerator(copy), checker, [SOURCE])
    assert tried == FirstTry(SOURCE, copy, accepted=True, findings=0)
    assert tried.good


def test_a_target_with_another_figure_is_refused(checker: Checker) -> None:
    (tried,) = first_tries(ScriptedGenerator("Police arrested 13 people in Leeds on Friday."), checker, [SOURCE])
    assert not tried.accepted


def test_slang_that_is_left_is_counted(checker: Checker) -> None:
    (tried,) = first_tries(ScriptedGenerator("Police arrested 12 guys in Leeds on Friday."), checker, [SOURCE])
    assert tried.accepted
    assert tried.findings > 0
    assert not tried.good


def test_a_quotation_comes_back_word_for_word(checker: Checker) -> None:
    answers = {'"[1]," Mayor Ana Quill said, lol.': '"[1]," Mayor Ana Quill said.'}
    (tried,) = first_tries(ScriptedGenerator(answers=answers), checker, ["“We lost it,” Mayor Ana Quill said, lol."])
    assert tried.copy == '"We lost it," Mayor Ana Quill said.'
    assert tried.good


def test_a_target_that_has_lost_a_quotation_is_refused(checker: Checker) -> None:
    source = "“We lost it,” Mayor Ana Quill said, lol."
    assert first_tries(ScriptedGenerator("Mayor Ana Quill spoke."), checker, [source]) == [
        FirstTry(source, "", accepted=False, findings=0)
    ]


def test_a_target_that_was_cut_off_is_refused(checker: Checker) -> None:
    assert first_tries(CutOff(), checker, [SOURCE]) == [FirstTry(SOURCE, "", accepted=False, findings=0)]
