from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from service.article import BlockKind
from service.brief import Brief
from service.checking import Checker
from service.facts import Verdict
from service.ladder import Ladder
from service.passages import Passage, PassageRewrite, Status
from tests.scripted import ScriptedGenerator


def paragraph(text: str) -> Passage:
    return Passage(kind=BlockKind.PARAGRAPH, text=text)


def climb(checker: Checker, generator: ScriptedGenerator | None, source: str) -> tuple[PassageRewrite, ...]:
    (rewrites,) = Ladder(checker, generator).climb([paragraph(source)], seed=0)
    return rewrites


def told(rewrites: tuple[PassageRewrite, ...]) -> list[tuple[str, Status]]:
    return [(rewrite.copy, rewrite.status) for rewrite in rewrites]


def test_a_faithful_greedy_target_is_the_copy(checker: Checker) -> None:
    generator = ScriptedGenerator("The ferry lost nine cars.")
    assert told(climb(checker, generator, "So the ferry lost nine cars, lol!")) == [
        ("The ferry lost nine cars.", Status.REWRITTEN)
    ]
    assert [(count, seed) for _, count, seed in generator.calls] == [(1, 0)]


def test_a_target_with_a_changed_figure_is_refused_and_a_sampled_one_taken(checker: Checker) -> None:
    generator = ScriptedGenerator("The ferry lost 12 cars.", "The ferry lost nine cars.")
    assert told(climb(checker, generator, "So the ferry lost nine cars, lol!")) == [
        ("The ferry lost nine cars.", Status.REPAIRED)
    ]


def test_a_passage_refused_as_a_whole_is_tried_sentence_by_sentence(checker: Checker) -> None:
    first, second = "So the ferry lost nine cars, lol!", "Word is the harbor board's gonna sell it."
    generator = ScriptedGenerator(
        answers={
            f"{first} {second}": "The ferry lost nine cars.",
            first: "The ferry lost nine cars.",
            second: "The harbor board will reportedly sell it.",
        }
    )
    assert told(climb(checker, generator, f"{first} {second}")) == [
        ("The ferry lost nine cars. The harbor board will reportedly sell it.", Status.REPAIRED)
    ]


def test_a_target_without_a_protected_term_is_refused(checker: Checker) -> None:
    generator = ScriptedGenerator("The mayor ate a burger on Monday.", "The mayor ate a Big Mac on Monday.")
    passage = replace(paragraph("So the mayor ate a Big Mac on Monday, lol!"), brief=Brief.of(protected=["Big Mac"]))
    (rewrites,) = Ladder(checker, generator).climb([passage], seed=0)
    assert told(rewrites) == [("The mayor ate a Big Mac on Monday.", Status.REPAIRED)]


def test_a_protected_word_is_hidden_from_the_model_and_comes_back_without_marks(checker: Checker) -> None:
    generator = ScriptedGenerator('The band sold its "[1]," the mayor said, "[2]."')
    passage = replace(
        paragraph("So the band sold its merch, the mayor said, “all merch.”"), brief=Brief.of(protected=["merch"])
    )
    (rewrites,) = Ladder(checker, generator).climb([passage], seed=0)
    assert generator.calls[0][0] == ('So the band sold its "[1]", the mayor said, "[2]."',)
    assert told(rewrites) == [('The band sold its merch, the mayor said, "all merch."', Status.REWRITTEN)]


def test_a_rendering_has_a_capital_where_a_sentence_begins(checker: Checker) -> None:
    generator = ScriptedGenerator('"[1]" left on Monday.')
    passage = replace(paragraph("So officers left on Monday, lol."), brief=Brief.of(glossary={"cops": "officers"}))
    (rewrites,) = Ladder(checker, generator).climb([passage], seed=0)
    assert told(rewrites) == [("Officers left on Monday.", Status.REWRITTEN)]


def test_rules_do_not_touch_a_protected_term(checker: Checker) -> None:
    passage = replace(paragraph("So the cops won't talk, lol!"), brief=Brief.of(protected=["cops"]))
    (rewrites,) = Ladder(checker, None).climb([passage], seed=0)
    assert [(rewrite.copy, rewrite.status, rewrite.findings) for rewrite in rewrites] == [
        ("The cops will not talk.", Status.REPAIRED, ())
    ]


def test_where_no_target_is_faithful_rules_edit(checker: Checker) -> None:
    generator = ScriptedGenerator("Nothing of the kind.")
    assert told(climb(checker, generator, "Okay, the ferry didn't lose nine cars!")) == [
        ("The ferry did not lose nine cars.", Status.REPAIRED)
    ]


def test_an_edit_by_rules_that_leaves_a_fault_says_so(checker: Checker) -> None:
    (rewrite,) = climb(checker, None, "So the ferry lost nine cars, and why didn't you say so?")
    assert (rewrite.status, rewrite.copy) == (Status.REPAIRED, "The ferry lost nine cars, and why didn't you say so?")
    assert {finding.rule for finding in rewrite.findings} == {"W10"}


def test_where_rules_gain_nothing_the_source_stays_and_is_flagged(checker: Checker) -> None:
    source = "Why did you lose nine cars, Marta?"
    assert told(climb(checker, ScriptedGenerator("Marta lost 12 cars."), source)) == [(source, Status.KEPT)]


def test_only_the_sentence_in_doubt_is_kept(checker: Checker) -> None:
    good, doubtful = "So the ferry lost nine cars!", "Why did you lose 40 bikes, Marta?"
    generator = ScriptedGenerator("Marta lost 12 cars.", answers={good: "The ferry lost nine cars."})
    assert told(climb(checker, generator, f"{good} {doubtful}")) == [
        ("The ferry lost nine cars.", Status.REPAIRED),
        (doubtful, Status.KEPT),
    ]


def test_wire_copy_stays_letter_for_letter(checker: Checker) -> None:
    source = "The ferry lost nine cars on Tuesday, the harbor board said."
    generator = ScriptedGenerator("The ferry lost nine cars Tuesday, the harbor board said.")
    assert told(climb(checker, generator, source)) == [(source, Status.UNCHANGED)]


def test_a_quotation_never_passes_through_the_model(checker: Checker) -> None:
    generator = ScriptedGenerator('"[1]," Marta Quill said.')
    source = "Marta Quill told us, “We bought the wrong boat, twice.”"
    assert told(climb(checker, generator, source)) == [
        ('"We bought the wrong boat, twice," Marta Quill said.', Status.REWRITTEN)
    ]
    assert generator.calls[0][0] == ('Marta Quill told us, "[1]."',)


def test_a_target_that_lost_a_quotation_is_refused(checker: Checker) -> None:
    source = "Marta Quill told reporters, “We bought the wrong boat, twice.”"
    rewrites = climb(checker, ScriptedGenerator("Marta Quill spoke to reporters."), source)
    assert told(rewrites) == [('Marta Quill told reporters, "We bought the wrong boat, twice."', Status.REPAIRED)]


def test_a_target_that_tells_a_thing_twice_is_refused(checker: Checker) -> None:
    target = "The harbor board said no one was laid off, and the harbor board said no one was laid off."
    source = "Nobody's been laid off, the harbor board says."
    assert told(climb(checker, ScriptedGenerator(target), source)) == [
        ("No one has been laid off, the harbor board says.", Status.REPAIRED)
    ]


def test_a_sentence_that_lost_its_stop_gets_it_back(checker: Checker) -> None:
    generator = ScriptedGenerator("The ferry lost nine cars")
    assert told(climb(checker, generator, "So the ferry lost nine cars!")) == [
        ("The ferry lost nine cars.", Status.REWRITTEN)
    ]


def test_pure_chat_vanishes(checker: Checker) -> None:
    assert told(climb(checker, None, "Wild, right?")) == [("", Status.REPAIRED)]


def test_a_list_item_never_vanishes(checker: Checker) -> None:
    item = Passage(kind=BlockKind.LIST_ITEM, text="you keep the laptop, right?")
    (rewrites,) = Ladder(checker, ScriptedGenerator("")).climb([item], seed=0)
    assert [rewrite.copy for rewrite in rewrites] == ["you keep the laptop."]


def test_a_short_statement_of_news_never_vanishes(checker: Checker) -> None:
    assert told(climb(checker, ScriptedGenerator(""), "Police arrested two men!")) == [
        ("Police arrested two men.", Status.REPAIRED)
    ]


def test_a_few_words_that_may_answer_a_question_never_vanish(checker: Checker) -> None:
    assert told(climb(checker, ScriptedGenerator(""), "Crickets.")) == [("Crickets.", Status.KEPT)]


def test_a_long_passage_never_vanishes(checker: Checker) -> None:
    source = "The ferry sat at the dock and sat there some more, " * 5 + "and people waited."
    assert [copy for copy, _ in told(climb(checker, ScriptedGenerator(""), source))] == [source]


def test_a_passage_over_the_limit_of_the_model_is_not_sent_to_it(checker: Checker) -> None:
    generator = ScriptedGenerator("x")
    generator.max_source_tokens = 3
    rewrites = climb(checker, generator, "The ferry lost nine cars on Tuesday.")
    assert (generator.calls, told(rewrites)) == ([], [("The ferry lost nine cars on Tuesday.", Status.UNCHANGED)])


def test_what_ships_is_always_faithful(checker: Checker) -> None:
    generator = ScriptedGenerator("The ferry sank.", "Nine people died on Oct. 4.")
    source = "So 9 boats sank on Oct. 3! Nobody died, word is. “Ouch,” said Marta Quill."
    reports = [rewrite.report for rewrite in climb(checker, generator, source)]
    assert {fact.verdict for report in reports for fact in report.facts} == {Verdict.KEPT}


def test_a_target_the_model_is_unsure_of_is_refused_though_it_is_faithful(checker: Checker) -> None:
    generator = ScriptedGenerator("The ferry lost nine cars.")
    generator.least_score = 0.5
    source = "Why did the ferry lose nine cars?"
    assert told(climb(checker, generator, source)) == [(source, Status.KEPT)]


def test_a_question_does_not_become_a_claim(checker: Checker) -> None:
    generator = ScriptedGenerator("The ferry lost nine cars.")
    ((copy, _),) = told(climb(checker, generator, "So the ferry lost nine cars?"))
    assert copy.endswith("?")


def test_a_question_among_statements_may_go(checker: Checker) -> None:
    generator = ScriptedGenerator("The ferry lost nine cars.")
    assert told(climb(checker, generator, "Guess what? The ferry lost nine cars!"))[0][0] == "The ferry lost nine cars."


def headline(text: str, *, protected: Sequence[str] = ()) -> Passage:
    return Passage(kind=BlockKind.HEADLINE, text=text, brief=Brief.of(protected=protected))


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        pytest.param(
            "Harbor board sells boat to Tromso", ("Harbor board sells boat to Tromso", Status.REWRITTEN), id="taken"
        ),
        pytest.param(
            "Boat to Tromso: board sells nine", ("Harbor Board Sells Boat to Tromso", Status.KEPT), id="begins with one"
        ),
        pytest.param(
            "The board sells nine, boat to Tromso", ("Harbor board sells boat to Tromso", Status.REPAIRED), id="refused"
        ),
        pytest.param("Board fires chief", ("Harbor Board Sells Boat to Tromso", Status.KEPT), id="says too little"),
    ],
)
def test_a_headline_in_title_case_takes_the_sentence_case_of_a_target(
    checker: Checker, target: str, expected: tuple[str, Status]
) -> None:
    filed = headline("Harbor Board Sells Boat to Tromso")
    (rewrites,) = Ladder(checker, ScriptedGenerator(target)).climb([filed], seed=0)
    assert told(rewrites) == [expected]


def test_a_headline_keeps_its_protected_term_and_its_rule_edit(checker: Checker) -> None:
    filed = headline("Mayor Quits Club Over Goose!", protected=["Goose"])
    (rewrites,) = Ladder(checker, ScriptedGenerator("Goose costs mayor nine clubs")).climb([filed], seed=0)
    assert told(rewrites) == [("Mayor Quits Club Over Goose", Status.REPAIRED)]


def test_a_refused_target_is_suggested_where_the_source_stays(checker: Checker) -> None:
    (rewrite,) = climb(
        checker, ScriptedGenerator("The ferry lost 12 cars."), "That ferry, which lost nine cars, is toast."
    )
    assert (rewrite.status, rewrite.copy) == (Status.KEPT, rewrite.source)
    assert rewrite.suggestion
    assert (rewrite.suggestion.copy, rewrite.suggestion.report.faithful) == ("The ferry lost 12 cars.", False)


def test_nothing_is_suggested_beside_wire_copy(checker: Checker) -> None:
    (rewrite,) = climb(checker, ScriptedGenerator("The ferry lost nine cars."), "So the ferry lost nine cars, lol!")
    assert rewrite.suggestion is None


def test_what_a_faithful_target_leaves_of_the_slang_is_reworded(checker: Checker) -> None:
    target, plain = "The mayor ordered a price hike of 4%.", "The mayor ordered a price increase of 4%."
    generator = ScriptedGenerator(target, plain)
    assert told(climb(checker, generator, "So the mayor ordered a price hike of 4%, lol!")) == [
        (plain, Status.REWRITTEN)
    ]
    assert [count for _, count, _ in generator.calls] == [1]
