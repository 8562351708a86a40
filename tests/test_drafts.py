from __future__ import annotations

import pytest

from service.article import BlockKind
from service.drafts import Draft, is_better, may_vanish, recased, repeats_itself, restore
from service.facts import FactReport
from service.passages import Passage


def paragraph(text: str) -> Passage:
    return Passage(kind=BlockKind.PARAGRAPH, text=text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Wild.", True, id="a word of chat"),
        pytest.param("Crickets.", False, id="a word that may answer a question"),
        pytest.param("You can't make this stuff up, honestly!", True, id="a sentence of chat"),
        pytest.param("Police arrested two men on Friday.", False, id="news"),
    ],
)
def test_only_chat_may_vanish(text: str, expected: bool) -> None:
    assert may_vanish(paragraph(text)) is expected


def test_a_copy_repeats_itself_where_it_tells_a_run_twice_that_the_source_tells_once() -> None:
    run = "the ferry sank at the pier"
    assert repeats_itself(f"{run} and {run}", run)
    assert not repeats_itself(f"{run} and {run}", f"{run} then {run}")


def test_a_target_gets_its_quotation_and_its_stop_back() -> None:
    source = paragraph('So Marta Quill said, "It sank."')
    mask = source.mask()
    assert restore(mask, mask.text.removeprefix("So "), source) == 'Marta Quill said, "It sank."'
    assert restore(mask, "Marta Quill said it sank.", source) is None


@pytest.mark.parametrize(
    ("source", "target", "taken"),
    [
        pytest.param("Wait, the dam is leaking? Here is all.", "The dam is leaking. Here is all.", False, id="a claim"),
        pytest.param(
            "Wait, the dam is leaking? Here is all.", "Is the dam leaking? Here is all.", True, id="a question"
        ),
        pytest.param("The mayor's plan? It is out.", "The mayor's plan is out.", True, id="a topic"),
    ],
)
def test_what_a_source_asks_is_not_said_flatly(source: str, target: str, taken: bool) -> None:
    passage = paragraph(source)
    assert (restore(passage.mask(), target, passage) is not None) is taken


def test_a_copy_with_fewer_faults_is_better() -> None:
    source = paragraph("The cops won't say why.")
    drafts = [Draft.of(source, copy, FactReport(facts=())) for copy in ("Police will not say why.", "The cops won't.")]
    assert [is_better(draft, source) for draft in drafts] == [True, False]


def test_only_a_headline_takes_another_case() -> None:
    text, like = "Mayor Quits Over Goose", "Mayor quits over goose"
    assert recased(Passage(kind=BlockKind.HEADLINE, text=text), text, like) == like
    assert recased(paragraph(text), text, like) == text
    assert recased(Passage(kind=BlockKind.HEADLINE, text=text), text) == text
