from __future__ import annotations

from sacrebleu import sentence_bleu, sentence_chrf

from evaluation.quality.measure import Item, Score
from evaluation.quality.overlap import measures

CHRF, BLEU = measures()
COPY, REFERENCE = "The mayor cut 40 bus routes on Tuesday.", "Mayor Ana Ruiz cut 40 bus routes Tuesday."


def test_the_figures_are_those_of_sacrebleu() -> None:
    item = Item("", COPY, REFERENCE)
    assert CHRF.score(item) == Score(sentence_chrf(COPY, [REFERENCE]).score)
    assert BLEU.score(item) == Score(sentence_bleu(COPY, [REFERENCE]).score)


def test_the_signatures_tell_how_they_were_computed() -> None:
    assert CHRF.source.endswith("sacrebleu nrefs:1|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.6.0")
    assert BLEU.source.endswith("sacrebleu nrefs:1|case:mixed|eff:yes|tok:13a|smooth:exp|version:2.6.0")


def test_without_a_reference_there_is_no_overlap() -> None:
    assert CHRF.score(Item("", COPY)) is None
