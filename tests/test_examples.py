from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.examples import Pair, mask_pair, near_duplicates, read_pairs


def test_pairs_and_the_blocks_of_articles_are_read_in_order(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    rows: list[dict[str, object]] = [
        {"id": "1", "casual": "lol it rained", "wire": "It rained."},
        {"id": "2", "blocks": [{"kind": "headline", "casual": "RAIN", "wire": "Rain"}, {"casual": "hey", "wire": ""}]},
    ]
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    assert read_pairs(path) == [Pair("lol it rained", "It rained."), Pair("RAIN", "Rain"), Pair("hey", "")]


def test_the_reference_of_a_gate_case_is_its_faithful_copy_that_stays_close(tmp_path: Path) -> None:
    path = tmp_path / "gate.jsonl"
    copies: list[dict[str, object]] = [
        {"text": "Rain fell on Monday, 9 mm of it.", "faithful": True, "style": "free"},
        {"text": "It rained 9 mm on Tuesday.", "faithful": False, "error": "date_time_changed"},
        {"text": "It rained 9 mm on Monday.", "faithful": True, "style": "close"},
        {"text": "On Monday it rained 9 mm.", "faithful": True, "style": "close"},
    ]
    row = {"source": "lol 9mm of rain monday", "hypotheses": copies}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    assert read_pairs(path) == [Pair("lol 9mm of rain monday", "It rained 9 mm on Monday.")]


def test_a_row_that_is_no_pair_is_named_with_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_text('{"casual": "a", "wire": "b"}\n{"casual": "a"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"pairs\.jsonl, line 2: a pair needs casual and wire, 'wire' is missing"):
        read_pairs(path)


@pytest.mark.parametrize(
    ("pair", "masked"),
    [
        pytest.param(
            Pair("“We lost it,” he goes lol. She said “so what.”", '"So what," she said. He said: "We lost it."'),
            Pair('"[1]," he goes lol. She said "[2]."', '"[2]," she said. He said: "[1]."'),
            id="told in another order",
        ),
        pytest.param(
            Pair("He said ‘no way’ and left.", 'He said "no way" and left.'),
            Pair('He said "[1]" and left.', 'He said "[1]" and left.'),
            id="single marks",
        ),
        pytest.param(
            Pair(
                "Folks love the “wow” effect. “We lost it,” he said.", 'The effect is popular. "We lost it," he said.'
            ),
            Pair('Folks love the “wow” effect. "[1]," he said.', 'The effect is popular. "[1]," he said.'),
            id="a quotation that the reference drops stays visible",
        ),
        pytest.param(
            Pair("He was like, “nope,” and left.", "He declined and left."),
            Pair("He was like, “nope,” and left.", "He declined and left."),
            id="constructed dialogue stays visible",
        ),
        pytest.param(
            Pair('The sign says "[1]" and “no dogs” too.', 'The sign says "[1]" and "no dogs."'),
            Pair('The sign says "[1]" and "[2]" too.', 'The sign says "[1]" and "[2]."'),
            id="something like a mask in the text",
        ),
        pytest.param(
            Pair('Form "[7]" is gone. “No,” he said, “never.”', '"Never," he said. "No."'),
            Pair('Form "[7]" is gone. "[8]," he said, "[9]."', '"[9]," he said. "[8]."'),
            id="something like a mask on one side only",
        ),
        pytest.param(
            Pair("“No,” he said. “No,” she said.", '"No," he said. "No," she said.'),
            Pair('"[1]," he said. "[2]," she said.', '"[1]," he said. "[2]," she said.'),
            id="the same words twice",
        ),
        pytest.param(Pair("Buckle up!", ""), Pair("Buckle up!", ""), id="nothing but chat"),
    ],
)
def test_what_is_quoted_on_both_sides_is_masked_with_one_number(pair: Pair, masked: Pair) -> None:
    assert mask_pair(pair) == masked


def test_a_pair_that_shares_a_run_of_words_with_a_held_out_source_is_listed() -> None:
    held_out = [Pair("Police in Leeds arrested 12 people on Friday night, wow.", "")]
    near = Pair("So POLICE in Leeds arrested 12 people on Friday, I hear.", "")
    far = Pair("Police in Leeds arrested 12 people on Monday.", "")
    assert near_duplicates([near, far], held_out) == [near]
    assert near_duplicates([near, far], held_out, size=5) == [near, far]


def test_no_training_source_is_near_a_held_out_one() -> None:
    train = [pair for path in sorted(Path("training/data").glob("*.jsonl")) for pair in read_pairs(path)]
    held_out = [pair for name in ("pairs", "articles") for pair in read_pairs(Path(f"evaluation/data/{name}.jsonl"))]
    gate = Path("evaluation/data/gate.jsonl").read_text(encoding="utf-8").splitlines()
    held_out += [Pair(casual=json.loads(line)["source"], wire="") for line in gate]
    assert near_duplicates(train, held_out) == []
