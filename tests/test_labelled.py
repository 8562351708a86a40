from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from evaluation import labelled
from evaluation.cases import Case, read_rows
from evaluation.errors import BrokenDataError, MissingDataError
from service.spans import Span

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write rows as compressed JSON Lines."""

    def file(name: str, *rows: dict[str, Any]) -> Path:
        path = tmp_path / name
        path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
        return path

    return file


# --- the formats ---


def test_a_hand_labelled_group_becomes_a_case_for_each_hypothesis(tmp_path: Path) -> None:
    path = tmp_path / "gate.jsonl"
    row = {
        "id": "g1",
        "source": "Two died in Leeds.",
        "hypotheses": [
            {"text": "Two people died in Leeds.", "faithful": True, "style": "close"},
            {
                "text": "Three people died in Leeds.",
                "faithful": False,
                "error": "figure_changed",
                "source_span": "Two",
                "hyp_span": "Three people",
            },
            {"text": "Two died.", "faithful": False, "error": "fact_omitted", "source_span": "Leeds", "hyp_span": ""},
        ],
    }
    path.write_text(json.dumps(row), encoding="utf-8")
    source = "Two died in Leeds."
    assert labelled.read_gate([path]) == [
        Case("g1/0", "g1", source, "Two people died in Leeds.", faithful=True, kind="close"),
        Case(
            "g1/1",
            "g1",
            source,
            "Three people died in Leeds.",
            faithful=False,
            kind="figure_changed",
            source_span=Span(0, 3),
            hyp_span=Span(0, 12),
        ),
        Case("g1/2", "g1", source, "Two died.", faithful=False, kind="fact_omitted", source_span=Span(12, 17)),
    ]


def test_pairs_and_the_blocks_of_articles_become_references_unless_they_were_only_chat(tmp_path: Path) -> None:
    pairs, articles = tmp_path / "pairs.jsonl", tmp_path / "articles.jsonl"
    pairs.write_text(
        '{"id": "p1", "casual": "Yo, 2 died.", "wire": "Two died."}\n{"id": "p2", "casual": "lol", "wire": ""}\n',
        encoding="utf-8",
    )
    blocks = [
        {"kind": "headline", "casual": "hi", "wire": ""},
        {"kind": "paragraph", "casual": "He's in.", "wire": "He is in."},
    ]
    articles.write_text(json.dumps({"id": "a1", "blocks": blocks}), encoding="utf-8")
    assert labelled.read_references([pairs, articles]) == [
        Case("p1", "p1", "Yo, 2 died.", "Two died.", faithful=True, kind="reference"),
        Case("a1/1", "a1", "He's in.", "He is in.", faithful=True, kind="reference"),
    ]


def test_an_edited_summary_is_held_against_the_first_one_both_ways_and_against_the_document_one_way(
    write: Write,
) -> None:
    path = write(
        "summedits_samsum.jsonl.gz",
        {
            "id": "s1",
            "doc": "Ann: hi",
            "summary": "Bob greets.",
            "original_summary": "Ann greets.",
            "label": 0,
            "edit_types": ["antonym_swap", "entity_modification"],
        },
    )
    (rewrite,) = labelled.read_summedits_rewrites([path])
    (document,) = labelled.read_summedits_documents([path])
    assert (rewrite.source, rewrite.direction, rewrite.part) == ("Ann greets.", "both", "samsum")
    assert (document.source, document.direction, document.part) == ("Ann: hi", "support", "samsum")
    assert (rewrite.faithful, rewrite.kind) == (False, "antonym_swap+entity_modification")
    assert rewrite.cluster == document.cluster


def test_a_summary_and_its_edit_make_a_pair(write: Write) -> None:
    path = write(
        "bump.jsonl.gz",
        {
            "id": 7,
            "article_id": 31,
            "article": "A long story.",
            "reference_summary": "A story.",
            "edited_summary": "No story.",
            "error_type": "Other",
        },
    )
    assert labelled.read_bump([path]) == [
        Case("7/reference", "31", "A long story.", "A story.", True, direction="support", pair="7"),
        Case("7/edited", "31", "A long story.", "No story.", False, kind="Other", direction="support", pair="7"),
    ]


@pytest.mark.parametrize(
    ("label", "faithful"),
    [
        pytest.param("SUPPORTS", True, id="supports"),
        pytest.param("REFUTES", False, id="refutes"),
        pytest.param("NOT ENOUGH INFO", False, id="not enough"),
    ],
)
def test_a_claim_is_faithful_only_where_the_evidence_supports_it(write: Write, label: str, faithful: bool) -> None:
    row = {"id": "1", "claim": "It ended.", "evidence": "It ended in 1990.", "label": label}
    (case,) = labelled.read_fever([write("fever.jsonl.gz", row)])
    assert (case.source, case.hypothesis, case.faithful, case.direction) == (
        "It ended in 1990.",
        "It ended.",
        faithful,
        "support",
    )


def test_claims_that_share_evidence_at_any_remove_are_one_cluster(write: Write) -> None:
    rows = [
        {"id": "1", "claim": "a", "evidence": "x", "label": "SUPPORTS"},
        {"id": "2", "claim": "a", "evidence": "y", "label": "REFUTES"},
        {"id": "3", "claim": "b", "evidence": "y", "label": "SUPPORTS"},
        {"id": "4", "claim": "c", "evidence": "z", "label": "SUPPORTS"},
    ]
    first, second, third, other = (case.cluster for case in labelled.read_fever([write("fever.jsonl.gz", *rows)]))
    assert first == second == third != other


def test_system_summaries_keep_their_corpus_apart(write: Write) -> None:
    row = {
        "id": "h:bart",
        "hash": "h",
        "model_name": "bart",
        "dataset": "bbc",
        "source": "S.",
        "claim": "C.",
        "label": 1,
    }
    assert labelled.read_frank([write("frank.jsonl.gz", row)]) == [
        Case("h:bart", "h", "S.", "C.", True, kind="bart", direction="support", part="bbc")
    ]


@pytest.mark.parametrize(
    ("ratings", "faithful"),
    [pytest.param([1, 1, 1], True, id="it follows"), pytest.param([2, 1, -1], False, id="it is open")],
)
def test_a_complement_follows_where_readers_say_so(write: Write, ratings: list[float], faithful: bool) -> None:
    row = {
        "index": "5",
        "verb": "try",
        "sentence": "She tried to go.",
        "complement": "She went.",
        "turker_pos_ratings": ratings,
        "signature": "o/o",
    }
    assert labelled.read_veridicality([write("verbs.jsonl.gz", row)]) == [
        Case("5", "try", "She tried to go.", "She went.", faithful, kind="o/o", direction="support")
    ]


def test_entailment_of_each_year_is_a_part(write: Write) -> None:
    row = {"id": "rte2_dev_9", "source": "S.", "claim": "C.", "task": "IE", "label": 0}
    (case,) = labelled.read_rte([write("rte2_dev.jsonl.gz", row)])
    assert (case.part, case.kind, case.faithful, case.direction) == ("rte2", "IE", False, "support")


# --- what is held out ---


def test_a_key_is_held_out_always_or_never_and_about_as_often_as_wanted() -> None:
    keys = [str(number) for number in range(4000)]
    held_out = [labelled.is_held_out(key, 0.25) for key in keys]
    assert held_out == [labelled.is_held_out(key, 0.25) for key in keys]
    assert 900 < sum(held_out) < 1100


def test_sentences_of_the_same_words_in_any_order_are_one_set() -> None:
    pairs = [("a b", "c d"), ("D C", "e f"), ("f e", "g h"), ("i", "j")]
    first, second, third, other = labelled.sentence_sets(pairs)
    assert first == second == third != other


def test_a_sentence_set_is_held_out_as_a_whole(write: Write) -> None:
    rows = [
        {"text1": f"sentence {number}", "text2": f"{number} sentence", "human": str(number % 2)}
        for number in range(200)
    ]
    cases = labelled.read_paws([write("paws.jsonl.gz", *rows)])
    keys = labelled.sentence_sets((row["text1"], row["text2"]) for row in rows)
    expected = [str(place) for place, key in enumerate(keys, start=1) if labelled.is_held_out(key, 0.25)]
    assert [case.id for case in cases] == expected
    assert 20 < len(cases) < 80
    assert all(case.faithful == bool((int(case.id) - 1) % 2) for case in cases)


def test_only_held_out_pages_are_read_and_no_more_than_the_cap(write: Write) -> None:
    rows = [
        {"unique_id": f"{page}_{case}", "page": str(page), "claim": "C.", "evidence": "E.", "label": "REFUTES"}
        for page in range(300)
        for case in range(100)
    ]
    cases = labelled.read_vitaminc([write("vitaminc.jsonl.gz", *rows)])
    assert len(cases) == labelled.VITAMINC_CASES
    assert {case.cluster for case in cases} == {
        str(page) for page in range(300) if labelled.is_held_out(str(page), labelled.VITAMINC_SHARE)
    }


# --- bad files ---


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match=r"gone\.jsonl\.gz is not there"):
        read_rows(tmp_path / "gone.jsonl.gz")


def test_a_file_that_is_cut_off_is_named(write: Write) -> None:
    path = write("half.jsonl.gz", *({"id": number, "text": "x" * number} for number in range(500)))
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(BrokenDataError, match=r"half\.jsonl\.gz, row \d+: the file is cut off or damaged"):
        read_rows(path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b'{"id": 1}\n{"id": ', "row 2: is not valid JSON", id="half a line"),
        pytest.param(b'{"id": "\xff"}\n', "row 1: is not valid JSON in UTF-8", id="no UTF-8"),
        pytest.param(b"[1, 2]\n", "row 1: is no JSON object", id="a list"),
        pytest.param(b"", "row 1: the file is empty", id="empty"),
    ],
)
def test_a_file_that_holds_something_else_is_named_with_the_row(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_bytes(content)
    with pytest.raises(BrokenDataError, match=message):
        read_rows(path)


def test_a_file_that_is_not_compressed_though_its_name_says_so_is_named(tmp_path: Path) -> None:
    path = tmp_path / "plain.jsonl.gz"
    path.write_bytes(b'{"id": 1}\n')
    with pytest.raises(BrokenDataError, match="cut off or damaged"):
        read_rows(path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param({"id": "rte1_1", "source": "S."}, "row 1: has no field 'claim'", id="a field is missing"),
        pytest.param(
            {"id": 3, "source": "S.", "claim": "C.", "task": "IE", "label": 1}, "holds what it must not", id="no text"
        ),
    ],
)
def test_a_row_that_lacks_something_is_named(write: Write, row: dict[str, Any], message: str) -> None:
    with pytest.raises(BrokenDataError, match=message):
        labelled.read_rte([write("rte1_dev.jsonl.gz", row)])
