from __future__ import annotations

import json
from pathlib import Path

from evaluation.corpus import Sample, read_articles, read_pairs
from service.article import BlockKind, parse_article


def test_an_article_is_laid_out_alike_on_both_sides(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    blocks = [
        {"kind": "headline", "casual": "RAIN, lol", "wire": "Rain falls"},
        {"kind": "paragraph", "casual": "Hey you!", "wire": ""},
        {"kind": "list_item", "casual": "wet shoes", "wire": "Wet shoes."},
    ]
    path.write_text(json.dumps({"id": "a1", "blocks": blocks}) + "\n", encoding="utf-8")
    assert read_articles(path) == [
        Sample(identity="a1", source="RAIN, lol\n\nHey you!\n\n- wet shoes", reference="Rain falls\n\n- Wet shoes.")
    ]


def test_passages_are_read(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"id": "p1", "casual": "lol rain", "wire": "It rained."}\n', encoding="utf-8")
    assert read_pairs(path) == [Sample(identity="p1", source="lol rain", reference="It rained.")]


def test_the_held_out_data_are_complete() -> None:
    articles, pairs = read_articles(), read_pairs()
    assert (len(articles), len(pairs)) == (8, 192)
    assert len({sample.identity for sample in [*articles, *pairs]}) == 200
    assert [sample.identity for sample in articles if not (sample.source and sample.reference)] == []


def test_every_article_starts_with_a_headline() -> None:
    kinds = [parse_article(sample.source).blocks[0].kind for sample in read_articles()]
    assert kinds == [BlockKind.HEADLINE] * 8
