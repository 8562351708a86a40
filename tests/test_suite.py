from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation.corpus import Sample
from evaluation.errors import BrokenSuiteError, MissingDataError, UnknownSuiteError
from evaluation.scoring import GROUPS
from evaluation.suite import Contender, Data, read_suite
from service.errors import UsageError

SUITE = """
title = "Mine"
data = ["mine.jsonl", { set = "pairs", first = 2 }]
systems = ["source", { name = "rules", first = 1 }]
measures = ["facts"]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    (tmp_path / "mine.jsonl").write_text(json.dumps({"id": "m", "source": "lol"}) + "\n", encoding="utf-8")
    (tmp_path / "mine.toml").write_text(SUITE, encoding="utf-8")
    return tmp_path / "mine.toml"


def test_a_suite_of_ones_own_is_a_few_lines(path: Path) -> None:
    suite = read_suite(str(path))
    assert (suite.name, suite.title, suite.measures) == ("mine", "Mine", ("facts",))
    assert suite.data == (Data(set="mine.jsonl"), Data(set="pairs", first=2))
    assert suite.systems == (Contender(name="source"), Contender(name="rules", first=1))
    texts = suite.read()
    assert [sample.part for sample in texts.samples] == ["mine", "pairs", "pairs"]
    assert (len(texts.corpus), texts.faults) == (193, [])
    assert [sample.part for sample in suite.read(1).samples] == ["mine", "pairs"]


@pytest.mark.parametrize("name", ["rewrite", "robustness"])
def test_every_suite_of_texts_that_ships_can_be_read(name: str) -> None:
    suite = read_suite(name)
    assert suite.title
    assert suite.read(1).samples
    assert set(suite.measures) & set(GROUPS)


def test_a_set_that_is_missing_takes_no_other_with_it(path: Path) -> None:
    (path.parent / "mine.jsonl").unlink()
    texts = read_suite(str(path)).read()
    assert [sample.part for sample in texts.samples] == ["pairs", "pairs"]
    assert texts.faults == [f"{path.parent / 'mine.jsonl'} is not there"]


def test_variants_are_made_of_the_texts(path: Path) -> None:
    path.write_text('variants = ["clean", "caps"]\n' + SUITE, encoding="utf-8")
    suite = read_suite(str(path))
    assert suite.compares_variants
    assert suite.read().samples[3] == Sample("m.caps", "LOL", "", "caps", origin="m")
    assert not read_suite("rewrite").compares_variants


@pytest.mark.parametrize(
    ("before", "after", "reason"),
    [
        pytest.param('title = "Mine"', "", "title: Field required", id="no title"),
        pytest.param('["facts"]', "[]", "measures: Tuple should have at least 1 item", id="no measure"),
        pytest.param('["facts"]', '["facts"]\nseed = 3', "seed: Extra inputs are not permitted", id="unknown field"),
        pytest.param("first = 2", "first = 0", "first: Input should be greater than 0", id="none of a set"),
        pytest.param('"source"', '"gpt"', "there is no system 'gpt'; there are source, ", id="unknown system"),
        pytest.param('["facts"]', '["facts"]\nvariants = ["haiku"]', "there is no variant 'haiku'", id="variant"),
        pytest.param('["facts"]', '["facts"', "Unclosed array", id="no TOML"),
    ],
)
def test_a_suite_that_does_not_say_what_it_should_is_named_with_what_is_wrong(
    path: Path, before: str, after: str, reason: str
) -> None:
    path.write_text(SUITE.replace(before, after), encoding="utf-8")
    with pytest.raises(BrokenSuiteError) as caught:
        read_suite(str(path))
    assert str(caught.value).startswith(f"{path}: ")
    assert reason in str(caught.value)


def test_a_text_that_is_there_twice_is_refused(path: Path) -> None:
    path.write_text(SUITE.replace('{ set = "pairs", first = 2 }', '"mine.jsonl"'), encoding="utf-8")
    with pytest.raises(BrokenSuiteError, match="data: 'm' is there twice"):
        read_suite(str(path)).read()


def test_an_unknown_suite_is_named_with_what_exists(tmp_path: Path) -> None:
    with pytest.raises(UnknownSuiteError, match="there is no suite 'gates'; there are "):
        read_suite("gates")
    with pytest.raises(MissingDataError):
        read_suite(str(tmp_path / "gone.toml"))


@pytest.mark.parametrize("name", ["gate", "speed", "service"])
def test_a_suite_of_another_kind_has_no_texts(name: str) -> None:
    with pytest.raises(UsageError, match=f"the suite {name} rewrites nothing: it is of the kind {name}"):
        read_suite(name)


def test_a_system_takes_its_first_texts_and_in_a_short_run_its_first_words() -> None:
    samples = [Sample(f"{part}{number}", "one two three", "", part) for part in "ab" for number in range(4)]
    samples.append(Sample("long", "word " * 99, "", "c"))

    def chosen(contender: Contender, *, short: bool = False) -> list[str]:
        return [sample.identity for sample in contender.choose(samples, short=short)]

    assert chosen(Contender(name="rules")) == [sample.identity for sample in samples]
    assert chosen(Contender(name="rules", first=1)) == ["a0", "b0", "long"]
    brief = Contender(name="rules", first=3, short=7)
    assert chosen(brief) == ["a0", "a1", "a2", "b0", "b1", "b2", "long"]
    assert chosen(brief, short=True) == ["a0", "a1", "b0", "b1"]
