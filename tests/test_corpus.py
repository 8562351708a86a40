from __future__ import annotations

import json
from pathlib import Path

import pytest

from evaluation.corpus import Sample, read_articles, read_pairs, read_set
from evaluation.errors import BrokenDataError, MissingDataError, UnknownDataError
from service.article import BlockKind, parse_article


def test_an_article_is_laid_out_alike_on_both_sides(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    blocks = [
        {"kind": "headline", "casual": "RAIN, lol", "wire": "Rain falls"},
        {"kind": "paragraph", "casual": "Hey you!", "wire": ""},
        {"kind": "list_item", "casual": "wet shoes", "wire": "Wet shoes."},
    ]
    path.write_text(json.dumps({"id": "a1", "voice": "pub", "blocks": blocks}) + "\n", encoding="utf-8")
    assert read_articles(path) == [
        Sample(
            identity="a1",
            source="RAIN, lol\n\nHey you!\n\n- wet shoes",
            reference="Rain falls\n\n- Wet shoes.",
            part="articles",
            voice="pub",
        )
    ]


def test_passages_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"id": "p1", "casual": "lol rain", "wire": "It rained."}\n', encoding="utf-8")
    assert read_pairs(path) == [Sample(identity="p1", source="lol rain", reference="It rained.", part="pairs")]


def test_a_set_of_ones_own_needs_an_id_and_a_source(tmp_path: Path) -> None:
    rows = [{"id": "1", "source": "lol", "reference": "Rain.", "voice": "pub"}, {"id": "2", "source": "hm"}]
    (tmp_path / "mine.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert read_set("mine.jsonl", tmp_path) == [
        Sample("1", "lol", "Rain.", "mine", "pub"),
        Sample("2", "hm", "", "mine"),
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        pytest.param({"id": "2"}, "row 2: has no field 'source'", id="no source"),
        pytest.param({"id": "2", "source": 7}, "row 2: id, source, reference and voice are texts", id="a figure"),
        pytest.param({"id": "", "source": "x"}, "row 2: id, source, reference and voice are texts", id="no id"),
        pytest.param({"id": "1", "source": "x"}, "row 2: has the id '1' of row 1", id="an id twice"),
    ],
)
def test_a_bad_row_of_a_set_is_named(tmp_path: Path, row: dict[str, object], reason: str) -> None:
    rows = [{"id": "1", "source": "lol"}, row]
    (tmp_path / "mine.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
    with pytest.raises(BrokenDataError) as caught:
        read_set("mine.jsonl", tmp_path)
    assert reason in str(caught.value)


def test_an_unknown_set_is_named_with_what_exists(tmp_path: Path) -> None:
    with pytest.raises(UnknownDataError, match="there is no data set 'tweets'; there are pairs, articles, or the path"):
        read_set("tweets")
    with pytest.raises(MissingDataError, match=r"tweets\.jsonl is not there"):
        read_set("tweets.jsonl", tmp_path)


def test_the_held_out_data_are_complete() -> None:
    articles, pairs = read_articles(), read_pairs()
    assert (len(articles), len(pairs)) == (8, 192)
    assert len({sample.identity for sample in [*articles, *pairs]}) == 200
    assert [sample.identity for sample in articles if not (sample.source and sample.reference)] == []


def test_every_article_starts_with_a_headline() -> None:
    kinds = [parse_article(sample.source).blocks[0].kind for sample in read_articles()]
    assert kinds == [BlockKind.HEADLINE] * 8
