import gzip
import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from evaluation.labelled import PAWS_SHARE, VITAMINC_SHARE, is_held_out, sentence_sets
from service.spans import Span
from training.examples import Pair, near_duplicates, read_pairs
from training.judged import (
    read_changes,
    read_gate,
    read_groups,
    read_kept,
    read_negation,
    read_paws,
    read_planted,
    read_vitaminc,
    unfaithful,
)
from training.splits import for_judge

SHIPPED = sorted(Path("training/data").glob("gate_*.jsonl"))


def write(path: Path, *rows: Mapping[str, object]) -> Path:
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(lines.encode()))
    else:
        path.write_text(lines, encoding="utf-8")
    return path


def test_an_omission_loses_and_supports_while_an_addition_is_unsupported_and_loses_nothing() -> None:
    omission, addition = unfaithful("a", "b", "fact_omitted"), unfaithful("a", "b", "detail_added")
    assert (omission.unsupported, omission.lost) == (False, True)
    assert (addition.unsupported, addition.lost) == (True, False)


def test_a_gate_case_says_where_the_error_stands_on_both_sides(tmp_path: Path) -> None:
    hypothesis = {
        "text": "Nine died.",
        "faithful": False,
        "error": "figure_changed",
        "source_span": "12",
        "hyp_span": "Nine",
    }
    file = write(tmp_path / "gate.jsonl", {"source": "So 12 died.", "hypotheses": [hypothesis]})
    [[judged]] = read_gate(file)
    assert judged.source_spans == (Span(3, 5),)
    assert judged.copy_spans == (Span(0, 4),)


def test_a_copy_may_have_several_errors(tmp_path: Path) -> None:
    errors = [
        {"error": "fact_omitted", "source_span": "on Monday", "hyp_span": ""},
        {"error": "detail_added", "source_span": "", "hyp_span": "in a fire"},
    ]
    hypothesis = {"text": "So 12 died in a fire.", "faithful": False, "errors": errors}
    file = write(tmp_path / "gate.jsonl", {"source": "So 12 died on Monday.", "hypotheses": [hypothesis]})
    [[judged]] = read_gate(file)
    assert (judged.error, judged.lost, judged.unsupported) == ("fact_omitted", True, True)
    assert judged.source_spans == (Span(11, 20),)
    assert judged.copy_spans == (Span(11, 20),)


def test_every_error_of_the_shipped_cases_can_be_found_on_a_side() -> None:
    assert SHIPPED
    for path in SHIPPED:
        for group in read_gate(path):
            for judged in group:
                if judged.error:
                    assert judged.source_spans or judged.copy_spans, judged


def test_no_shipped_case_shares_a_run_of_eight_words_with_a_held_out_source() -> None:
    held_out = [Pair(group[0].source, "") for group in read_gate(Path("evaluation/data/gate.jsonl"))]
    held_out += [pair for name in ("pairs", "articles") for pair in read_pairs(Path(f"evaluation/data/{name}.jsonl"))]
    shipped = [Pair(group[0].source, "") for path in SHIPPED for group in read_gate(path)]
    assert len(shipped) >= 1500
    assert near_duplicates(shipped, held_out) == []


def test_what_the_judge_is_fitted_on_is_never_learned_from(tmp_path: Path) -> None:
    rows = [
        {"source": f"Source {number}.", "hypotheses": [{"text": "Copy.", "faithful": True}]} for number in range(60)
    ]
    learned = {group[0].source for group in read_groups(write(tmp_path / "gate_x.jsonl", *rows))}
    kept_back = {str(row["source"]) for row in rows if for_judge(str(row["source"]))}
    assert learned
    assert kept_back
    assert learned.isdisjoint(kept_back)


def test_held_out_pages_and_sentences_are_not_read(tmp_path: Path) -> None:
    pages = [f"Page {number}" for number in range(60)]
    claims = write(
        tmp_path / "vitaminc.jsonl.gz",
        *({"page": page, "evidence": page, "claim": "A claim .", "label": "SUPPORTS"} for page in pages),
    )
    assert {one.source for one in read_vitaminc(claims)} == {
        page for page in pages if not is_held_out(page, VITAMINC_SHARE)
    }
    texts = [(f"text {number} here", f"here text {number}") for number in range(60)]
    pairs = write(tmp_path / "paws.jsonl.gz", *({"text1": one, "text2": other, "human": "1"} for one, other in texts))
    keys = sentence_sets(texts)
    learned = {one for (one, _), key in zip(texts, keys, strict=True) if not is_held_out(key, PAWS_SHARE)}
    assert {one.source for one in read_paws(pairs) if one.source.startswith("text")} == learned
    assert len(learned) < len(texts)


def test_what_entailment_says_nothing_about_is_not_known(tmp_path: Path) -> None:
    row = {"Text": "No dog sleeps.", "Hypothesis": "A dog sleeps.", "gold_label": "contradiction"}
    [judged] = read_negation(write(tmp_path / "negation.jsonl.gz", row))
    assert (judged.unsupported, judged.lost) == (True, None)


def test_planted_errors_come_with_the_reference_they_were_planted_into(tmp_path: Path) -> None:
    error = {"copy": "Ten died.", "error": "figure_changed", "copy_spans": [[0, 3]]}
    row = {"source": "So nine died lol.", "reference": "Nine died.", "complete": True, "errors": [error]}
    [[reference, planted]] = read_planted(write(tmp_path / "planted.jsonl", row))
    assert (reference.copy, reference.unsupported) == ("Nine died.", False)
    assert (planted.copy, planted.unsupported, planted.copy_spans) == ("Ten died.", True, (Span(0, 3),))
    assert planted.source_spans is None


def test_a_reference_that_says_less_by_right_says_nothing_about_what_is_lost(tmp_path: Path) -> None:
    added = {"copy": "Nine died in May.", "error": "detail_added", "copy_spans": [[10, 16]]}
    dropped = {"copy": "Some died.", "error": "fact_omitted", "copy_spans": []}
    row = {"source": "Nine died at sea.", "reference": "Nine died.", "complete": False, "errors": [added, dropped]}
    [[reference, planted]] = read_planted(write(tmp_path / "planted.jsonl", row))
    assert (reference.unsupported, reference.lost) == (False, None)
    assert (planted.copy, planted.unsupported, planted.lost) == ("Nine died in May.", True, None)


def test_a_file_of_another_name_is_refused_with_the_names_that_would_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="is called gate, planted"):
        read_groups(tmp_path / "else.jsonl")


def change(label: str, *, text: str = "He quit in May.", new: str = " left") -> dict[str, object]:
    return {
        "source": text,
        "text": text,
        "start": 1,
        "end": 2,
        "pieces": [new],
        "share": 0,
        "by": "book",
        "label": label,
    }


def test_of_a_change_of_fact_the_place_is_known_and_of_its_english_nothing(tmp_path: Path) -> None:
    (judged,) = read_changes(write(tmp_path / "rewordings.jsonl", change("fact", new=" died")), english=True)
    assert (judged.source, judged.copy) == ("He quit in May.", "He died in May.")
    assert (judged.unsupported, judged.lost) == (True, None)
    assert judged.source_spans == (Span(3, 7),)
    assert judged.copy_spans == (Span(3, 7),)


@pytest.mark.parametrize(("label", "spoilt"), [("ok", False), ("broken", True)])
def test_what_changes_no_fact_may_still_spoil_the_english(tmp_path: Path, label: str, spoilt: bool) -> None:
    (judged,) = read_changes(write(tmp_path / "rewordings.jsonl", change(label)), english=True)
    assert (judged.unsupported, judged.lost) == (False, spoilt)


@pytest.mark.parametrize(
    ("start", "new", "unsupported", "lost"),
    [(1, [" died"], True, True), (1, [], None, True), (2, [" ill"], True, None)],
)
def test_for_the_verifier_what_only_goes_is_lost_and_what_only_comes_is_unsupported(
    tmp_path: Path, start: int, new: list[str], unsupported: bool | None, lost: bool | None
) -> None:
    row = change("fact") | {"start": start, "pieces": new}
    (judged,) = read_changes(write(tmp_path / "rewordings.jsonl", row), english=False)
    assert (judged.unsupported, judged.lost) == (unsupported, lost)


def test_the_verifier_learns_nothing_of_spoiled_english(tmp_path: Path) -> None:
    assert not list(read_changes(write(tmp_path / "rewordings.jsonl", change("broken")), english=False))


def test_a_judged_target_is_read_beside_the_edited_source(tmp_path: Path) -> None:
    row = {"source": "They won't go, lol.", "target": "They stay.", "label": "ok"}
    (judged,) = read_changes(write(tmp_path / "targets.jsonl", row), english=False)
    assert (judged.source, judged.copy, judged.unsupported) == ("They will not go.", "They stay.", False)


def test_every_change_is_either_learned_from_or_kept_back(tmp_path: Path) -> None:
    file = write(
        tmp_path / "rewordings.jsonl", *(change("ok", text=f"He quit in {year}.") for year in range(1900, 1960))
    )
    learned, kept = ({group[0].source for group in read(file)} for read in (read_groups, read_kept))
    assert len(learned) > len(kept) > 0
    assert not learned & kept
    assert len(learned | kept) == 60
