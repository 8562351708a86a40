from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow
import pytest
from pyarrow import parquet

from service.errors import InputError
from service.rows import Columns, Row
from service.sources import CsvTable, JsonLines, ParquetTable, Source
from service.terms import Terms

LIMIT = 200


def lines(tmp_path: Path, *content: bytes) -> JsonLines:
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(content))
    return JsonLines(tmp_path / "in.jsonl", Columns(), LIMIT)


def table(tmp_path: Path, content: bytes) -> CsvTable:
    (tmp_path / "in.csv").write_bytes(content)
    return CsvTable(tmp_path / "in.csv", Columns(), LIMIT)


def columnar(tmp_path: Path, columns: Columns | None = None, **content: Any) -> ParquetTable:
    tmp_path.mkdir(exist_ok=True)
    parquet.write_table(pyarrow.table(content), tmp_path / "in.parquet", row_group_size=2)
    return ParquetTable(tmp_path / "in.parquet", columns or Columns(), LIMIT)


def every_source(tmp_path: Path) -> list[Source]:
    return [
        lines(tmp_path, *(b'{"id": "%d", "text": "t%d"}' % (n, n) for n in range(1, 6))),
        table(tmp_path, b"id,text\n1,t1\n2,t2\n3,t3\n4,t4\n5,t5\n"),
        columnar(tmp_path, id=list("12345"), text=["t1", "t2", "t3", "t4", "t5"]),
    ]


@pytest.mark.parametrize("kind", [0, 1, 2], ids=["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("after", [0, 1, 3, 5, 9])
def test_rows_go_on_after_any_number_of_others(tmp_path: Path, kind: int, after: int) -> None:
    source = every_source(tmp_path)[kind]
    rows = [Row(number=number, identity=str(number), text=f"t{number}") for number in range(1, 6)]
    assert (source.count(), list(source.rows()), list(source.rows(after=after))) == (5, rows, rows[after:])


@pytest.mark.parametrize("kind", [0, 1, 2, 3], ids=["jsonl", "csv", "parquet", "parquet of text"])
def test_rows_bring_terms_of_their_own(tmp_path: Path, kind: int) -> None:
    sources: list[Source] = [
        lines(tmp_path, b'{"text": "t", "protected": ["Big Mac"], "glossary": {"cops": "officers"}}'),
        table(tmp_path, b'text,protected,glossary\nt,"[""Big Mac""]","{""cops"": ""officers""}"\n'),
        columnar(
            tmp_path,
            text=["t"],
            protected=[["Big Mac"]],
            glossary=pyarrow.array([[("cops", "officers")]], pyarrow.map_(pyarrow.string(), pyarrow.string())),
        ),
        columnar(tmp_path / "other", text=["t"], protected=['["Big Mac"]'], glossary=['{"cops": "officers"}']),
    ]
    assert list(sources[kind].rows()) == [Row(1, text="t", terms=Terms.of(["Big Mac"], {"cops": "officers"}))]


def test_input_is_named_by_what_is_in_it(tmp_path: Path) -> None:
    source = lines(tmp_path, b"{}")
    assert source.sha256() == hashlib.sha256(b"{}").hexdigest()


# --- JSON Lines ---


@pytest.mark.parametrize(
    ("line", "identity", "error"),
    [
        pytest.param(
            b'{"id": "a", "text": "The',
            None,
            "The row is no JSON object (EOF while parsing a string at line 1 column 24).",
            id="broken",
        ),
        pytest.param(
            b"",
            None,
            "The row is no JSON object (EOF while parsing a value at line 1 column 0).",
            id="blank",
        ),
        pytest.param(b"[1, 2]", None, "The row is no JSON object (it is of type list).", id="list"),
        pytest.param(b'{"id": "a"}', "a", "Text: Field required.", id="no text"),
        pytest.param(
            b'{"id": "a", "text": "' + b"x" * LIMIT + b'"}',
            None,
            "The row has more than 200 bytes, the limit is 200: send the article in parts.",
            id="huge",
        ),
        pytest.param(
            b'{"id": "a", "text": "caf\xe9"}',
            "a",
            "The input is not valid UTF-8 (at byte 24): copydesk reads plain text or Markdown in UTF-8.",
            id="Latin-1",
        ),
        pytest.param(
            b'{"id": "\xe9", "text": "caf\xe9"}',
            None,
            "The input is not valid UTF-8 (at byte 8): copydesk reads plain text or Markdown in UTF-8.",
            id="Latin-1 in the id",
        ),
        pytest.param(
            b'{"id": "a", "text": "a\x00"}',
            None,
            "The input looks like a binary file (at byte 22): copydesk reads plain text or Markdown in UTF-8.",
            id="NUL",
        ),
        pytest.param(
            b'{"id": "a", "text": "a\\u0000"}',
            "a",
            "Text: Input should be text, but there is a NUL or half a surrogate pair at character 1.",
            id="NUL in JSON",
        ),
        pytest.param(
            b'{"id": "a", "text": "a\\ud800"}',
            None,
            "The row is no JSON object (unexpected end of hex escape at line 1 column 29).",
            id="half a pair",
        ),
        pytest.param(
            b"[" * 199,
            None,
            "The row is no JSON object (EOF while parsing a list at line 1 column 199).",
            id="deep",
        ),
    ],
)
def test_bad_line_is_a_failed_row_between_good_ones(
    tmp_path: Path, line: bytes, identity: str | None, error: str
) -> None:
    good = b'{"id": 1, "text": "t"}'
    source = lines(tmp_path, good, line, good, b"", b"")
    assert list(source.rows()) == [
        Row(number=1, identity=1, text="t"),
        Row(number=2, identity=identity, error=error),
        Row(number=3, identity=1, text="t"),
    ]
    assert source.count() == 3


def test_empty_file_has_no_rows(tmp_path: Path) -> None:
    source = lines(tmp_path, b"")
    assert (source.count(), list(source.rows())) == (0, [])


# --- CSV ---


def test_text_may_hold_commas_quotation_marks_and_lines(tmp_path: Path) -> None:
    source = table(tmp_path, b'\xef\xbb\xbftext,id\r\n"A ""b"", c\r\n \r\nd",7\r\n')
    assert list(source.rows()) == [Row(number=1, identity="7", text='A "b", c\r\n \r\nd')]


@pytest.mark.parametrize(
    ("record", "identity", "error"),
    [
        pytest.param(
            b"a,The mayor, who left",
            None,
            "The row has 3 fields, the table 2 columns: quote what holds a comma.",
            id="comma",
        ),
        pytest.param(b"", None, "The row has 0 fields, the table 2 columns: quote what holds a comma.", id="blank"),
        pytest.param(
            b"a," + b"x" * LIMIT,
            None,
            "The row has more than 200 bytes, the limit is 200: send the article in parts.",
            id="huge",
        ),
        pytest.param(b'a,"b" c', None, "The row is no CSV (',' expected after '\"').", id="quotation marks"),
        pytest.param(
            b"a,caf\xe9",
            "a",
            "The input is not valid UTF-8 (at byte 3): copydesk reads plain text or Markdown in UTF-8.",
            id="Latin-1",
        ),
        pytest.param(
            b"a,a\x00",
            "a",
            "The input looks like a binary file (at byte 1): copydesk reads plain text or Markdown in UTF-8.",
            id="NUL",
        ),
    ],
)
def test_bad_record_is_a_failed_row_between_good_ones(
    tmp_path: Path, record: bytes, identity: str | None, error: str
) -> None:
    source = table(tmp_path, b"id,text\n1,t\n" + record + b"\n2,t\n\n\n")
    assert list(source.rows()) == [
        Row(number=1, identity="1", text="t"),
        Row(number=2, identity=identity, error=error),
        Row(number=3, identity="2", text="t"),
    ]
    assert source.count() == 3


LINE = "x" * 60 + "\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f'"{LINE * 9}"', id="many lines"),
        pytest.param(f'"{LINE * 9}""quoted"", she said\n{LINE}"', id="pairs"),
        pytest.param(f'"{LINE * 4}"""', id="pair at the end"),
        pytest.param(f'"a\n{"x" * 1_000}\n2,t\n"', id="line over the limit in the middle"),
        pytest.param(f'"{"x" * 193}""{"x" * 300}\n2,t\n"', id="pair that the limit cuts in two"),
        pytest.param("x" * 300 + '"', id="mark in a field without marks"),
        pytest.param(f'"{LINE * 9}" and more', id="text after the mark"),
    ],
)
def test_row_over_the_limit_ends_where_its_last_quotation_mark_is(tmp_path: Path, text: str) -> None:
    source = table(tmp_path, f"id,text\n1,t\n5,{text}\n2,t\n".encode())
    good, large, last = source.rows()
    assert [good, last] == [Row(number=1, identity="1", text="t"), Row(number=3, identity="2", text="t")]
    assert (large.number, str(large.error).startswith("The row has more than 200 bytes")) == (2, True)
    assert source.count() == 3


def test_row_over_the_limit_that_nobody_closed_is_an_error(tmp_path: Path) -> None:
    source = table(tmp_path, f'id,text\n1,"{LINE * 9}2,t\n'.encode())
    assert [row.error for row in source.rows()] == [
        "The row has more than 200 bytes, the limit is 200: send the article in parts."
    ]


def test_quotation_mark_that_nobody_closed_is_an_error_and_swallows_no_row_in_silence(tmp_path: Path) -> None:
    source = table(tmp_path, b'id,text\n1,"t\n2,t\n')
    assert [row.error for row in source.rows()] == ["The row is no CSV (unexpected end of data)."]


def test_csv_row_without_an_id_has_none(tmp_path: Path) -> None:
    assert list(table(tmp_path, b"id,text\n,t\n").rows()) == [Row(number=1, text="t")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(
            b"id,body\n1,t\n",
            "no column 'text', only id, body: name the one of the text as the text column",
            id="other",
        ),
        pytest.param(b"", "no column 'text', only no columns", id="empty"),
        pytest.param(b'"id,text\n', "its first line must name the columns", id="broken"),
    ],
)
def test_csv_must_have_a_column_of_texts(tmp_path: Path, content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        table(tmp_path, content).count()


# --- Parquet ---


def test_cell_without_a_text_or_with_a_huge_one_is_a_failed_row(tmp_path: Path) -> None:
    source = columnar(tmp_path, id=[1, 2, 3], text=["t", None, "x" * 201])
    assert list(source.rows()) == [
        Row(number=1, identity=1, text="t"),
        Row(number=2, identity=2, error="Text: Field required."),
        Row(number=3, identity=3, error="The row has 201 bytes, the limit is 200: send the article in parts."),
    ]


def test_cell_that_is_no_utf_8_is_a_failed_row(tmp_path: Path) -> None:
    text = pyarrow.array([b"caf\xe9"]).view(pyarrow.string())
    (row,) = columnar(tmp_path, id=["a"], text=text).rows()
    assert row == Row(
        number=1,
        identity="a",
        error="The input is not valid UTF-8 (at byte 3): copydesk reads plain text or Markdown in UTF-8.",
    )


def test_columns_are_those_that_were_named_and_ids_are_optional(tmp_path: Path) -> None:
    source = columnar(tmp_path, Columns(text="body"), body=pyarrow.array(["t"], pyarrow.large_string()), text=[1])
    assert list(source.rows()) == [Row(number=1, text="t")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param({"body": ["t"]}, "no column 'text', only body", id="no text"),
        pytest.param({"text": [1]}, "the column 'text' holds int64: it must hold text", id="numbers"),
        pytest.param(
            {"text": ["t"], "id": [1.5]}, "the column 'id' holds double: ids are text or whole numbers", id="ids"
        ),
    ],
)
def test_parquet_must_have_a_column_of_texts(tmp_path: Path, content: dict[str, Any], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        columnar(tmp_path, **content).count()


def test_file_that_is_no_parquet_says_so(tmp_path: Path) -> None:
    (tmp_path / "in.parquet").write_bytes(b"id,text\n")
    with pytest.raises(InputError, match="it is no Parquet file"):
        ParquetTable(tmp_path / "in.parquet", Columns(), LIMIT).count()
