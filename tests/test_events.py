from __future__ import annotations

import re
from collections import Counter

import pytest

from service.events import match_events
from service.facts import FactKind, Verdict
from service.lexicon import read_rows


@pytest.mark.parametrize(
    ("source", "copy", "told"),
    [
        pytest.param(
            "Kone's going nowhere, says Benfica.", "Kone was arrested, Benfica said.", "arrested", id="arrest"
        ),
        pytest.param("The crew's fine, lol.", "Nine crew members died.", "died", id="death"),
        pytest.param("The talks blew up.", "The talks ended; she resigned.", "resigned", id="resignation"),
        pytest.param("The app lost it again.", "The company filed for bankruptcy.", "bankruptcy", id="bankruptcy"),
    ],
)
def test_a_grave_event_that_only_the_copy_tells_is_flagged(source: str, copy: str, told: str) -> None:
    found = [(fact.kind, fact.verdict, fact.copy.of(copy)) for fact in match_events(source, copy) if fact.copy]
    assert found == [(FactKind.RELATION, Verdict.UNSUPPORTED, told)]


@pytest.mark.parametrize(
    ("source", "copy"),
    [
        pytest.param("Cops nabbed two guys.", "Police arrested two men.", id="nabbed"),
        pytest.param("He kicked the bucket at 81.", "He died at 81.", id="idiom"),
        pytest.param("She quit on Monday.", "She resigned on Monday.", id="quit"),
        pytest.param("They torched the barn.", "They set fire to the barn, and it burned down.", id="torched"),
        pytest.param("", 'He said, "I died laughing."', id="inside a quotation"),
    ],
)
def test_an_event_told_in_other_words_is_not(source: str, copy: str) -> None:
    assert match_events(source, copy) == []


def test_a_disease_by_its_name_tells_of_an_outbreak() -> None:
    assert match_events("No new Marburg since the 3rd.", "The Marburg outbreak has had no case since the 3rd.") == []
    assert len(match_events("No new visitors since the 3rd.", "The outbreak has had no visitors since the 3rd.")) == 1


def test_an_event_is_told_in_no_word_twice() -> None:
    told = [
        (event, word)
        for event, *columns in read_rows("events.tsv")
        for column in columns
        for word in re.split(r"\|(?![^()]*\))", column)
    ]
    assert [word for word, times in Counter(told).items() if times > 1] == []
