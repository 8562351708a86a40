from __future__ import annotations

import pytest

from evaluation import scoring
from evaluation.corpus import Sample, read_pairs
from evaluation.errors import UnknownMeasureError
from evaluation.quality.measure import Item, Measure, Score
from evaluation.results import Flag
from evaluation.scoring import GROUPS, Scorer
from evaluation.systems import Output, Part, open_system
from service.checking import Checker

LEEDS = Sample(
    "a",
    "Cops in Leeds nabbed 12 people on Friday, lol.",
    "Police in Leeds arrested 12 people on Friday.",
)


@pytest.fixture
def scorer(checker: Checker) -> Scorer:
    return Scorer(list(GROUPS), gate=checker, rules=checker)


def test_a_source_that_is_copied_keeps_every_fact(scorer: Scorer) -> None:
    scores = scorer.score(LEEDS, Output(LEEDS.source))
    assert scores.measures["fact_recall"] == scores.measures["fact_precision"] == Score(4, 4)
    assert scores.measures["faithful"] == Score(1)
    assert (scores.flags, scores.faults) == ((), ())


def test_a_copy_that_drops_a_fact_loses_recall_of_its_kind_and_no_precision(scorer: Scorer) -> None:
    scores = scorer.score(LEEDS, Output("Police in Leeds arrested people on Friday."))
    assert scores.measures["fact_recall"] == Score(3, 4)
    assert scores.measures["fact_recall.figure"] == Score(0, 1)
    assert scores.measures["fact_precision"] == Score(3, 3)
    assert scores.measures["fact_f1"] == Score(6, 7)
    assert scores.measures["faithful"] == Score(0)
    assert scores.flags == (Flag("figure", "omitted", "12", None),)


def test_a_copy_that_adds_a_fact_loses_precision_of_its_kind_and_no_recall(scorer: Scorer) -> None:
    scores = scorer.score(LEEDS, Output("Police in Leeds arrested 12 people for 99 euros on Friday."))
    assert scores.measures["fact_recall"] == Score(4, 4)
    assert scores.measures["fact_precision.money"] == Score(0, 1)
    assert "fact_recall.money" not in scores.measures
    assert scores.flags == (Flag("money", "unsupported", None, "99 euros"),)


def test_the_references_keep_their_facts_and_the_rewrites_of_other_texts_none(checker: Checker) -> None:
    scorer = Scorer(["facts"], gate=checker, rules=checker)
    corpus = read_pairs()[:12]

    def f1(name: str) -> float:
        system = open_system(name, corpus)
        scores = [scorer.score(sample, system.rewrite(sample)).measures["fact_f1"] for sample in corpus]
        return sum(score.hits for score in scores) / sum(score.of for score in scores)

    assert f1("reference") > 0.9
    assert f1("other") < 0.05


def test_texts_without_facts_have_nothing_to_count(scorer: Scorer) -> None:
    assert "fact_recall" not in scorer.score(Sample("b", "lol", ""), Output("lol")).measures


def test_passages_are_counted_by_status_where_there_are_any(scorer: Scorer) -> None:
    parts = (Part("kept", "a", "a"), Part("repaired", "b", "c"), Part("repaired", "d", "e"))
    measures = scorer.score(LEEDS, Output("x", parts)).measures
    assert {name: score for name, score in measures.items() if name.startswith("status.")} == {
        "status.unchanged": Score(0, 3),
        "status.rewritten": Score(0, 3),
        "status.repaired": Score(2, 3),
        "status.kept": Score(1, 3),
    }
    assert not [name for name in scorer.score(LEEDS, Output("x")).measures if name.startswith("status.")]


def test_of_a_text_that_should_be_refused_nothing_else_is_asked(scorer: Scorer) -> None:
    french = Sample("fr", "Le maire a dit 12.", "", refused=True)
    assert scorer.score(french, Output("Le maire a dit 13.")).measures == {"refused": Score(0)}
    assert scorer.score_refusal(1) == {"refused": Score(1)}


def fail(item: Item) -> Score | None:
    raise ZeroDivisionError("no words")


def measure(name: str, *, source: str = "ours") -> Measure:
    return Measure(name, says="", blind="", source=source, better="higher", score=lambda item: Score(len(item.copy)))


def test_a_measure_that_fails_takes_no_other_with_it(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = Measure("broken", says="", blind="", source="", better="higher", score=fail)
    monkeypatch.setattr(scoring, "load_quality", lambda: (broken, measure("length")))
    scores = Scorer(["broken", "length"], gate=checker, rules=checker).score(LEEDS, Output("Rain."))
    assert scores.measures == {"length": Score(5)}
    assert scores.faults == ("the measure broken failed (ZeroDivisionError: no words)",)


def test_an_unknown_measure_is_named_with_what_exists(checker: Checker) -> None:
    with pytest.raises(UnknownMeasureError, match="there is no measure 'bleurt'; there are facts, gate, passages, "):
        Scorer(["facts", "bleurt"], gate=checker, rules=checker)


def test_other_measures_are_another_version(checker: Checker, monkeypatch: pytest.MonkeyPatch) -> None:
    def version(*names: str, source: str = "ours") -> str:
        monkeypatch.setattr(scoring, "load_quality", lambda: (measure("length", source=source),))
        return Scorer(names, gate=checker, rules=checker).version

    assert version("facts", "length") == version("facts", "length")
    assert len({version("facts", "length"), version("facts"), version("facts", "length", source="theirs")}) == 3


def test_every_measure_says_what_it_cannot_see() -> None:
    described = [one for group in GROUPS.values() for one in group]
    assert [one.name for one in described if not (one.says and one.blind and one.source)] == []
    assert len({one.name for one in described}) == len(described)
