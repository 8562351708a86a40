from __future__ import annotations

from typing import Any

import pytest

from service.errors import NotTextError
from service.facts import Verdict
from service.passages import Status
from service.rows import Columns, Row, Tally, decode
from service.terms import Terms


@pytest.mark.parametrize("identity", ["a", "", 7, 2**70, None])
def test_row_keeps_its_id_and_its_text(identity: Any) -> None:
    fields = {"key": identity, "body": "The mayor spoke.", "text": "Something else."}
    columns = Columns(identity="key", text="body")
    assert Row.from_fields(3, fields, columns) == Row(number=3, identity=identity, text="The mayor spoke.")


def test_row_need_not_have_an_id() -> None:
    assert Row.from_fields(3, {"text": "The mayor spoke."}, Columns()) == Row(number=3, text="The mayor spoke.")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        pytest.param({"id": "a"}, "Text: Field required.", id="no text"),
        pytest.param({"id": "a", "text": 7}, "Text: Input should be a valid string.", id="number"),
        pytest.param({"id": "a", "text": None}, "Text: Input should be a valid string.", id="null"),
        pytest.param(
            {"id": "a", "text": "ab\x00"},
            "Text: Input should be text, but there is a NUL or half a surrogate pair at character 2.",
            id="NUL",
        ),
    ],
)
def test_row_without_a_text_has_an_error_and_its_id(fields: dict[str, Any], error: str) -> None:
    assert Row.from_fields(3, fields, Columns()) == Row(number=3, identity="a", error=error)


@pytest.mark.parametrize(
    ("protected", "glossary"),
    [
        pytest.param(["Big Mac"], {"cops": "officers"}, id="as JSON Lines have them"),
        pytest.param('["Big Mac"]', '{"cops": "officers"}', id="as CSV has them"),
    ],
)
def test_row_may_have_terms_of_its_own(protected: Any, glossary: Any) -> None:
    fields = {"id": "a", "text": "The mayor spoke.", "protected": protected, "glossary": glossary}
    terms = Terms.of(["Big Mac"], {"cops": "officers"})
    assert Row.from_fields(3, fields, Columns()) == Row(3, identity="a", text="The mayor spoke.", terms=terms)


@pytest.mark.parametrize("nothing", [None, "", " "])
def test_row_without_terms_has_none(nothing: Any) -> None:
    fields = {"text": "The mayor spoke.", "protected": nothing, "glossary": nothing}
    assert Row.from_fields(3, fields, Columns()) == Row(3, text="The mayor spoke.")


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        pytest.param({"protected": "Big Mac"}, 'Protected: Input should be JSON, as ["Big Mac"].', id="no JSON"),
        pytest.param({"glossary": "x"}, 'Glossary: Input should be JSON, as {"cops": "officers"}.', id="no object"),
        pytest.param({"protected": {"a": "b"}}, "Protected: Input should be a valid list.", id="no list"),
        pytest.param({"protected": [7]}, "Protected: Input should be a valid string.", id="number"),
        pytest.param(
            {"glossary": {"": "x"}},
            "A term of the glossary is empty or has no letter: give the words as the article has them.",
            id="empty key",
        ),
        pytest.param(
            {"protected": ["--"]},
            "A protected term is empty or has no letter: give the words as the article has them.",
            id="no word",
        ),
    ],
)
def test_row_with_terms_that_cannot_be_kept_has_an_error_and_its_id(fields: dict[str, Any], error: str) -> None:
    row = Row.from_fields(3, {"id": "a", "text": "The mayor spoke.", **fields}, Columns())
    assert row == Row(3, identity="a", error=error)


@pytest.mark.parametrize("identity", [True, 1.5, ["a"], {"a": 1}])
def test_id_that_is_no_text_and_no_whole_number_is_an_error(identity: Any) -> None:
    row = Row.from_fields(3, {"id": identity, "text": "The mayor spoke."}, Columns())
    assert row == Row(number=3, error="Id: Input should be text or a whole number.")


def test_error_names_the_column_it_is_about() -> None:
    assert Row.from_fields(1, {}, Columns(text="body")).error == "Body: Field required."


def test_bytes_are_read_without_their_mark() -> None:
    assert decode(b"\xef\xbb\xbfcaf\xc3\xa9") == "café"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        pytest.param(b"caf\xe9", r"is not valid UTF-8 \(at byte 3\)", id="Latin-1"),
        pytest.param(b"ab\x00", r"looks like a binary file \(at byte 2\)", id="NUL"),
    ],
)
def test_bytes_that_are_no_text_say_where(content: bytes, reason: str) -> None:
    with pytest.raises(NotTextError, match=reason):
        decode(content)


def test_tallies_add_up() -> None:
    one = Tally(rows=2, failed=1, passages={Status.KEPT: 2}, facts={Verdict.KEPT: 5})
    two = Tally(rows=1, passages={Status.KEPT: 1, Status.REWRITTEN: 4}, facts={Verdict.OMITTED: 1})
    assert (Tally.total([one, two]), Tally.total([])) == (
        Tally(
            rows=3,
            failed=1,
            passages={Status.KEPT: 3, Status.REWRITTEN: 4},
            facts={Verdict.KEPT: 5, Verdict.OMITTED: 1},
        ),
        Tally(),
    )
