from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest

from evaluation import variants
from evaluation.corpus import Sample, read_articles, read_pairs
from evaluation.errors import UnknownVariantError
from evaluation.variants import VARIANTS, make_variants
from service.language import reads_as_english

SAMPLES = [*read_pairs()[:12], *read_articles()[:1]]
ARTICLE = SAMPLES[-1].source


def figures(text: str) -> Counter[str]:
    return Counter(re.findall(r"\d+", text))


def made(name: str) -> list[Sample]:
    return make_variants(SAMPLES, [name])


def test_variants_are_the_same_every_time() -> None:
    assert make_variants(SAMPLES, VARIANTS) == make_variants(SAMPLES, VARIANTS)


def test_a_variant_stands_or_falls_with_its_text_and_has_a_name_of_its_own() -> None:
    samples = make_variants(SAMPLES, ["caps", "clean"])
    assert [sample.part for sample in samples] == ["clean"] * 13 + ["caps"] * 13
    assert {sample.cluster for sample in samples} == {sample.identity for sample in SAMPLES}
    assert len({sample.identity for sample in samples}) == 26
    assert [sample.source for sample in samples[:13]] == [sample.source for sample in SAMPLES]


@pytest.mark.parametrize("name", ["typos", "emoji", "caps", "texting", "podcast", "tabloid"])
def test_what_happens_to_a_text_changes_it_but_no_figure(name: str) -> None:
    changed = made(name)
    assert [figures(sample.source) for sample in changed] == [figures(sample.source) for sample in SAMPLES]
    assert changed[-1].source != ARTICLE
    assert [sample.reference for sample in changed] == [sample.reference for sample in SAMPLES]


def test_typos_spare_names() -> None:
    def names(text: str) -> list[str]:
        return re.findall(r"\b[A-Z]\w+", text)

    spoiled = variants.typos(ARTICLE, Random(0))
    assert names(spoiled) == names(ARTICLE)
    assert 10 < sum(one != other for one, other in zip(spoiled.split(), ARTICLE.split(), strict=True)) < 60


@pytest.mark.parametrize("name", ["emoji", "caps", "texting", "podcast", "tabloid"])
def test_the_layout_stays(name: str) -> None:
    assert [len(re.findall(r"\n+|^- ", sample.source, re.MULTILINE)) for sample in made(name)] == [
        len(re.findall(r"\n+|^- ", sample.source, re.MULTILINE)) for sample in SAMPLES
    ]


def test_an_order_stands_in_a_paragraph_of_its_own_beside_all_that_was_there() -> None:
    ordered = made("injection")
    before = [sample.source.split("\n\n") for sample in SAMPLES]
    after = [sample.source.split("\n\n") for sample in ordered]
    assert [len(paragraphs) for paragraphs in after] == [len(paragraphs) + 1 for paragraphs in before]
    assert [set(one) <= set(other) for one, other in zip(before, after, strict=True)] == [True] * 13
    assert len({paragraphs[0] for paragraphs in after} & set(variants._ORDERS)) > 0


def test_a_neutral_text_is_the_reference() -> None:
    assert [(sample.source, sample.reference) for sample in made("neutral")] == [
        (sample.reference, sample.reference) for sample in SAMPLES
    ]
    assert make_variants([Sample("x", "lol", "")], ["neutral"]) == []


def test_a_long_text_is_all_of_them_again_and_again() -> None:
    (long,) = made("long")
    assert 2_000 <= len(long.source.split()) < 2_400
    assert long.source.startswith("\n\n".join(sample.source for sample in SAMPLES))
    (bare,) = make_variants([Sample("x", "one two", "")], ["long"])
    assert (len(bare.source.split()), bare.reference) == (2_000, "")


def test_texts_in_other_languages_are_to_be_refused() -> None:
    foreign = made("language")
    assert len(foreign) >= 10
    assert [sample.refused and not reads_as_english(sample.source) for sample in foreign] == [True] * len(foreign)


def test_an_unknown_variant_is_named_with_what_exists() -> None:
    with pytest.raises(UnknownVariantError, match="there is no variant 'haiku'; there are clean, typos, "):
        make_variants(SAMPLES, ["haiku"])
