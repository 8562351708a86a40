from __future__ import annotations

import json
import multiprocessing
import random
import shutil
import signal
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from service.brief import Mode
from service.bulk import Batch, Order
from service.checking import Checker
from service.crew import Task
from service.desk import Desk
from service.errors import InputError, OtherRunError, OutputError
from service.rows import Columns, Tally
from service.settings import Settings
from service.terms import Terms
from tests.desks import desk_of
from tests.scripted import ScriptedGenerator

RULES = Settings(engine="rules")
WIRE = "The mayor cut 40 bus routes."

Run = Callable[..., Tally]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Forty articles, each its own, two of them bad."""
    texts = [f"The mayor cut {number} bus routes." for number in range(20, 60)]
    fields: list[dict[str, Any]] = [{"id": f"r{number}", "text": text} for number, text in enumerate(texts)]
    fields[20]["text"] = ""
    fields[30]["id"] = "r3"
    path = tmp_path / "in.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in fields))
    return path


@pytest.fixture
def run(checker: Checker) -> Run:
    """Run a batch from where it stopped to its end."""

    def begin(order: Order, *, anew: bool = False, settings: Settings = RULES) -> Tally:
        with closing(batch_of(order, desk_of(checker, ScriptedGenerator()), anew=anew, settings=settings)) as batch:
            list(batch.work())
            tally = batch.tally
            batch.deliver()
        return tally

    return begin


def batch_of(order: Order, desk: Desk, *, anew: bool = False, settings: Settings = RULES) -> Batch:
    return Batch(order, settings, anew=anew, open_desk=lambda _: desk)


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_one_row_comes_out_for_each_that_goes_in_with_its_id_and_in_its_place(source: Path, run: Run) -> None:
    target = source.with_name("out.jsonl")
    tally = run(Order(source, target))
    out = rows(target)
    assert (tally.rows, tally.failed, sum(tally.passages.values())) == (40, 2, 38)
    assert [row["id"] for row in out] == [row["id"] for row in rows(source)]
    assert {number: row["error"] for number, row in enumerate(out) if "error" in row} == {
        20: "The article is empty: it needs at least one word.",
        30: "Row 4 has the id 'r3' already: give each row an id of its own.",
    }
    assert sorted(path.name for path in source.parent.iterdir()) == ["in.jsonl", "out.jsonl"]


def test_bad_rows_of_every_kind_come_out_with_errors_between_the_good_ones(tmp_path: Path, run: Run) -> None:
    good = [json.dumps({"id": f"good{number}", "text": WIRE}).encode() for number in range(13)]
    bad = [
        b'{"id": "broken", "text": "The',
        b"",
        b"[]",
        b'{"id": "no text"}',
        b'{"id": "number", "text": 7}',
        b'{"id": [], "text": "The mayor spoke."}',
        b'{"id": "empty", "text": ""}',
        b'{"id": "good0", "text": "The mayor spoke."}',
        b'{"id": "NUL", "text": "The \\u0000"}',
        b'{"id": "Latin-1", "text": "caf\xe9"}',
        json.dumps({"id": "long", "text": "a " * 100_001}).encode(),
        json.dumps({"id": "huge", "text": "a" * 1_000_000}).encode(),
    ]
    (tmp_path / "in.jsonl").write_bytes(
        b"\n".join(line for pair in zip(good, [*bad, b""], strict=True) for line in pair)
    )
    tally = run(Order(tmp_path / "in.jsonl", tmp_path / "out.jsonl"))
    out = rows(tmp_path / "out.jsonl")
    assert (tally.rows, tally.failed) == (25, 12)
    assert [(row["id"], row["copy"]) for row in out[::2]] == [(f"good{number}", WIRE) for number in range(13)]
    assert [(row["id"], row["error"]) for row in out[1::2]] == [
        (None, "The row is no JSON object (EOF while parsing a string at line 1 column 29)."),
        (None, "The row is no JSON object (EOF while parsing a value at line 1 column 0)."),
        (None, "The row is no JSON object (it is of type list)."),
        ("no text", "Text: Field required."),
        ("number", "Text: Input should be a valid string."),
        (None, "Id: Input should be text or a whole number."),
        ("empty", "The article is empty: it needs at least one word."),
        ("good0", "Row 1 has the id 'good0' already: give each row an id of its own."),
        ("NUL", "Text: Input should be text, but there is a NUL or half a surrogate pair at character 4."),
        (
            "Latin-1",
            "The input is not valid UTF-8 (at byte 30): copydesk reads plain text or Markdown in UTF-8.",
        ),
        ("long", "The article has 200,002 characters, the limit is 200,000: send it in parts."),
        (None, "The row has more than 1,000,000 bytes, the limit is 1,000,000: send the article in parts."),
    ]


def test_run_in_another_style_or_with_other_terms_is_another_run(source: Path, checker: Checker) -> None:
    target = source.with_name("out.jsonl")
    with closing(batch_of(Order(source, target), desk_of(checker))):
        pass
    task = Task(style="bbc", mode=Mode.FIX, terms=Terms.of(["Riga"]))
    with pytest.raises(
        OtherRunError, match=r"style was ap, is now bbc; mode was rewrite, is now fix; protected terms was \[\], is now"
    ):
        batch_of(Order(source, target, task=task), desk_of(checker))


def test_portions_are_rewritten_together_and_no_larger_than_memory_allows(source: Path, checker: Checker) -> None:
    generator = ScriptedGenerator()
    order = Order(source, source.with_name("out.jsonl"), limit=38)
    with closing(batch_of(order, desk_of(checker, generator))) as batch:
        portions = [tally.rows for tally in batch.work()]
    assert (portions, [len(sources) for sources, _, _ in generator.calls]) == ([16, 16, 6], [16, 14, 6])


def test_long_articles_make_smaller_portions(tmp_path: Path, checker: Checker) -> None:
    long = {"text": "The mayor spoke. " * 1_500}
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in [long] * 3 + [{}]))
    order = Order(tmp_path / "in.jsonl", tmp_path / "out.jsonl")
    with closing(batch_of(order, desk_of(checker, limit=100))) as batch:
        assert [tally.rows for tally in batch.work()] == [2, 2]


def test_run_that_was_left_goes_on_and_ends_like_one_that_was_not(source: Path, run: Run, checker: Checker) -> None:
    undisturbed, target = source.with_name("whole.jsonl"), source.with_name("out.jsonl")
    run(Order(source, undisturbed))
    with closing(batch_of(Order(source, target), desk_of(checker, ScriptedGenerator()))) as batch:
        work = batch.work()
        next(work)
        work.close()
    with closing(batch_of(Order(source, target), desk_of(checker))) as batch:
        assert (batch.done, batch.total, target.exists()) == (16, 40, False)
    tally = run(Order(source, target))
    assert (tally.rows, target.read_bytes()) == (40, undisturbed.read_bytes())


def test_run_that_was_killed_while_it_delivered_delivers_again(source: Path, run: Run, checker: Checker) -> None:
    order = Order(source, source.with_name("out.jsonl"))
    with closing(batch_of(order, desk_of(checker, ScriptedGenerator()))) as batch:
        list(batch.work())
    record, kept = order.record, source.with_name("kept")
    shutil.copy(record, kept)
    run(order)
    delivered = order.target.read_bytes()
    kept.rename(record)
    assert (run(order).rows, order.target.read_bytes(), record.exists()) == (40, delivered, False)


def test_run_that_is_killed_at_any_moment_loses_nothing_and_does_nothing_twice(
    source: Path, run: Run, checker: Checker
) -> None:
    undisturbed, target = source.with_name("whole.jsonl"), source.with_name("out.jsonl")
    began = time.monotonic()
    run(Order(source, undisturbed))
    seconds = time.monotonic() - began
    # A fork has the checker loaded already, so that most kills meet work and not a beginning.
    context = multiprocessing.get_context("fork")
    chance = random.Random(0)
    kills = 0
    while not target.exists() and kills < 100:
        process = context.Process(target=run, args=(Order(source, target),))
        process.start()
        process.join(chance.uniform(0, 0.6) * seconds)
        process.kill()
        process.join()
        kills += process.exitcode == -signal.SIGKILL
    # The last kill may have come between the delivery and the removal of the record.
    if Order(source, target).record.exists():
        run(Order(source, target))
    assert (kills > 1, target.read_bytes()) == (True, undisturbed.read_bytes())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        pytest.param({"task": Task(seed=1)}, "seed was 0, is now 1", id="seed"),
        pytest.param({"task": Task(full=True)}, "full was False, is now True", id="full"),
        pytest.param({"limit": 7}, "limit was None, is now 7", id="limit"),
        pytest.param({"columns": Columns(identity="key")}, "id column was id, is now key", id="column"),
    ],
)
def test_other_order_cannot_go_on_with_it(
    source: Path, run: Run, checker: Checker, change: dict[str, Any], reason: str
) -> None:
    order = Order(source, source.with_name("out.jsonl"))
    batch_of(order, desk_of(checker)).close()
    with pytest.raises(OtherRunError, match=reason):
        run(Order(**{"source": source, "target": order.target, **change}))


def test_other_input_or_model_cannot_go_on_with_it(source: Path, run: Run, checker: Checker) -> None:
    order = Order(source, source.with_name("out.jsonl"))
    batch_of(order, desk_of(checker)).close()
    with pytest.raises(OtherRunError, match="model was rules, is now facebook/bart-base"):
        run(order, settings=Settings(model="facebook/bart-base"))
    source.write_text("{}\n")
    with pytest.raises(OtherRunError, match="input was "):
        run(order)
    assert run(order, anew=True).rows == 1


def test_input_that_becomes_shorter_is_not_delivered(source: Path, checker: Checker) -> None:
    order = Order(source, source.with_name("out.jsonl"))
    with closing(batch_of(order, desk_of(checker))) as batch:
        source.write_text("{}\n")
        with pytest.raises(InputError, match="it became shorter while it was read"):
            list(batch.work())
    assert not order.target.exists()


# --- what goes in and out ---


def test_every_kind_of_file_becomes_every_other(tmp_path: Path, run: Run) -> None:
    parquet.write_table(pyarrow.table({"id": [7, 8], "text": [WIRE, ""]}), tmp_path / "a.parquet")
    run(Order(tmp_path / "a.parquet", tmp_path / "b.csv"))
    (tmp_path / "c.csv").write_text(f"id,text\n7,{WIRE}\n8,\n")
    run(Order(tmp_path / "c.csv", tmp_path / "d.jsonl"))
    (tmp_path / "e").write_text(json.dumps({"id": 7, "text": WIRE}) + "\n")
    run(Order(tmp_path / "e", tmp_path / "f.parquet", form="jsonl"))
    run(Order(tmp_path / "e", tmp_path / "g", form="jsonl"))
    assert (tmp_path / "b.csv").read_text().splitlines()[1:] == [
        f"7,{WIRE},verified,1,1,0,0,0,0,",
        "8,,,,,,,,,The article is empty: it needs at least one word.",
    ]
    assert [(row["id"], row.get("copy")) for row in rows(tmp_path / "d.jsonl")] == [("7", WIRE), ("8", None)]
    assert parquet.read_table(tmp_path / "f.parquet").select(["id", "copy"]).to_pylist() == [{"id": 7, "copy": WIRE}]
    assert rows(tmp_path / "g")[0]["copy"] == WIRE


def test_folder_becomes_a_folder_or_a_file(tmp_path: Path, run: Run) -> None:
    texts = tmp_path / "texts"
    (texts / "local").mkdir(parents=True)
    (texts / "local" / "a.txt").write_text(WIRE)
    (texts / "b.md").write_text(" ")
    run(Order(texts, tmp_path / "copies"))
    run(Order(texts, tmp_path / "out.jsonl"))
    assert (tmp_path / "copies" / "local" / "a.txt").read_text() == WIRE
    assert [row["id"] for row in rows(tmp_path / "copies" / "report.jsonl")] == ["b.md", "local/a.txt"]
    assert [row.get("copy") for row in rows(tmp_path / "out.jsonl")] == [None, WIRE]


@pytest.mark.parametrize(
    ("names", "kind", "reason"),
    [
        pytest.param(("in.jsonl", "in.jsonl"), OutputError, "it is the input itself", id="same"),
        pytest.param(("texts", "texts/out"), OutputError, "it is the input itself, or within it", id="within"),
        pytest.param(("in.jsonl", "nowhere/out.jsonl"), OutputError, "there is no such folder", id="no folder"),
        pytest.param(("in.jsonl", "old.csv"), OutputError, "it exists already: name another", id="there already"),
        pytest.param(("in.jsonl", "texts"), OutputError, "there is a folder where a file would be", id="a folder"),
        pytest.param(
            ("texts", "copies"), OutputError, "it is not empty: name another folder, or empty it", id="full folder"
        ),
        pytest.param(("twice", "out"), OutputError, "a.html and a.html.md would have copies of one name", id="names"),
        pytest.param(("in.xml", "out.jsonl"), InputError, "its name does not say what it is: say --format", id="kind"),
        pytest.param(("gone.csv", "out.csv"), InputError, "there is no such file", id="no input"),
        pytest.param(("empty", "out"), InputError, "there is no .txt, .md, .html or .htm file in it", id="no texts"),
    ],
)
def test_order_that_cannot_be_carried_out_says_why(
    tmp_path: Path, source: Path, run: Run, names: tuple[str, str], kind: type[Exception], reason: str
) -> None:
    for file in ("old.csv", "in.xml", "texts/a.txt", "copies/a.txt", "twice/a.html", "twice/a.html.md", "empty/a.pdf"):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(WIRE)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(kind, match=reason):
        run(Order(tmp_path / names[0], tmp_path / names[1]))
    assert sorted(tmp_path.rglob("*")) == before


def test_output_is_replaced_where_that_is_asked_for(source: Path, run: Run) -> None:
    target = source.with_name("out.jsonl")
    target.write_text("before")
    run(Order(source, target), anew=True)
    assert len(rows(target)) == 40


def test_empty_file_becomes_an_empty_file(tmp_path: Path, run: Run) -> None:
    (tmp_path / "in.jsonl").touch()
    assert run(Order(tmp_path / "in.jsonl", tmp_path / "out.jsonl")).rows == 0
    assert (tmp_path / "out.jsonl").read_bytes() == b""
