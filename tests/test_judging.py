import pytest

from service.evidence import Evidence
from service.facts import Fact, FactKind, Verdict
from service.judging import Judge, Regression
from service.spans import Span
from service.verifier import ERRORS, Reading

SOURCE, COPY = "So 9 died in Riga, folks.", "Nine people died in Oslo."
PLACE = Fact(FactKind.PLACE, Verdict.ALTERED, Span(13, 17), Span(20, 24), "The place is Riga in the source, Oslo here.")
CHAT = Fact(FactKind.STATEMENT, Verdict.OMITTED, Span(19, 24), None, "The copy leaves out a statement.")
KEPT = Fact(FactKind.FIGURE, Verdict.KEPT, Span(3, 4), Span(0, 4))


def reading(*, unsupported: float = -5, lost: float = -5, riga: float = -5, oslo: float = -5) -> Reading:
    errors = tuple(float(error == "location_changed") for error in ERRORS)
    return Reading(
        unsupported=unsupported,
        lost=lost,
        errors=errors,
        source_words=((Span(3, 4), -5.0), (Span(13, 17), riga)),
        copy_words=((Span(0, 4), -5.0), (Span(20, 24), oslo)),
    )


@pytest.fixture
def judge() -> Judge:
    """A judge that believes the verifier's words, and weighs nothing else."""
    return Judge(
        finding=Regression(0.0, {"altered.copy_words": 1.0, "omitted.source_words": 1.0}),
        passage=Regression(0.0, {"copy_words": 1.0}),
        support=Regression(0.0, {"unsupported": 1.0}),
        thresholds={"balanced": 0.5, "strict": 0.9},
        sha256="",
    )


def test_a_finding_that_the_verifier_confirms_stands(judge: Judge) -> None:
    report = judge.judge([KEPT, PLACE], reading(oslo=4), source=SOURCE, copy=COPY, point="balanced")
    assert report.facts == (KEPT, PLACE)
    assert not report.faithful


def test_a_faithful_copy_has_no_finding_left(judge: Judge) -> None:
    report = judge.judge([KEPT, PLACE, CHAT], reading(oslo=-4), source=SOURCE, copy=COPY, point="balanced")
    assert report.faithful
    figure, place = report.facts
    assert figure == KEPT
    assert (place.kind, place.verdict, place.source, place.copy) == (
        FactKind.PLACE,
        Verdict.KEPT,
        PLACE.source,
        PLACE.copy,
    )
    assert "judged to say the same" in place.reason


def test_no_copy_is_likelier_faithful_than_its_exact_findings_are_wrong(judge: Judge) -> None:
    figure = Fact(FactKind.FIGURE, Verdict.ALTERED, Span(3, 4), Span(0, 4), "The source says 9, the copy says 12.")
    trusting = Judge(Regression(2.0, {}), Regression(-9.0, {}), judge.support, judge.thresholds, "")
    report = trusting.judge([figure], reading(), source=SOURCE, copy=COPY, point="balanced")
    assert not report.faithful
    assert report.probability is not None
    assert report.probability < 0.2
    assert report.support is not None
    assert report.support >= report.probability


def test_in_the_pipeline_every_finding_stands_however_little_the_verifier_thinks_of_it(judge: Judge) -> None:
    calm = reading(oslo=-6)
    reports = {at: judge.judge([KEPT, PLACE], calm, source=SOURCE, copy=COPY, point=at) for at in judge.thresholds}
    assert reports["balanced"].faithful
    assert reports["strict"].facts == (KEPT, PLACE)
    assert reports["balanced"].probability == reports["strict"].probability


def test_in_the_pipeline_a_doubt_of_the_verifier_is_enough_to_refuse(judge: Judge) -> None:
    doubtful = reading(oslo=-1)
    reports = {at: judge.judge([KEPT], doubtful, source=SOURCE, copy=COPY, point=at) for at in judge.thresholds}
    assert reports["balanced"].faithful
    assert not reports["strict"].faithful


def test_a_doubt_of_the_verifier_alone_becomes_a_fact_with_places_and_a_reason(judge: Judge) -> None:
    report = judge.judge([KEPT], reading(unsupported=3, riga=2, oslo=4), source=SOURCE, copy=COPY, point="balanced")
    [doubt] = [fact for fact in report.facts if fact.verdict is not Verdict.KEPT]
    assert (doubt.kind, doubt.verdict) == (FactKind.PLACE, Verdict.ALTERED)
    assert doubt.source == Span(13, 17)
    assert doubt.copy == Span(20, 24)
    assert "Riga" in doubt.reason
    assert "Oslo" in doubt.reason


def test_a_copy_that_is_refused_always_says_why(judge: Judge) -> None:
    sceptical = Judge(judge.finding, Regression(9.0, {}), judge.support, judge.thresholds, "")
    for facts in ([KEPT], [KEPT, CHAT], [KEPT, PLACE], []):
        for point in judge.thresholds:
            refused = sceptical.judge(facts, reading(), source=SOURCE, copy=COPY, point=point)
            assert any(fact.verdict is not Verdict.KEPT and fact.reason for fact in refused.facts)


def test_support_looks_at_what_the_copy_says_and_not_at_what_it_leaves_out(judge: Judge) -> None:
    report = judge.judge([KEPT, CHAT], reading(lost=6), source=SOURCE, copy=COPY, point="balanced")
    assert report.support is not None
    assert report.support > 0.9


def test_evidence_of_a_finding_is_the_worst_word_inside_it() -> None:
    evidence = Evidence(reading(riga=2, oslo=4), SOURCE, COPY)
    features = evidence.of(PLACE)
    assert features["altered.source_words"] == 2
    assert features["altered.copy_words"] == 4
    assert features["place.altered"] == 1


def test_the_judge_that_ships_knows_both_operating_points() -> None:
    judge = Judge.load()
    assert set(judge.thresholds) == {"balanced", "strict"}
    assert all(0 < threshold < 1 for threshold in judge.thresholds.values())


def test_a_doubt_names_only_the_side_on_which_it_is_seen(judge: Judge) -> None:
    report = judge.judge([KEPT], reading(riga=-4, oslo=4), source=SOURCE, copy=COPY, point="balanced")
    [doubt] = [fact for fact in report.facts if fact.verdict is not Verdict.KEPT]
    assert (doubt.kind, doubt.verdict, doubt.source, doubt.copy) == (
        FactKind.PLACE,
        Verdict.UNSUPPORTED,
        None,
        Span(20, 24),
    )
