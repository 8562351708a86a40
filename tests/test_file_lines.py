from __future__ import annotations

import io
import json

import pytest

from service.errors import RowTooLargeError
from service.file_lines import json_line, read_lines


def contents(file: bytes, *, limit: int = 100) -> list[bytes]:
    return [line.content for line in read_lines(io.BytesIO(file), limit=limit)]


def test_only_a_line_feed_ends_a_line() -> None:
    assert contents("a\u2028b\x85c\r\n\nd".encode()) == ["a\u2028b\x85c\r\n".encode(), b"\n", b"d"]


def test_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert contents(b"\xef\xbb\xbfa\n\xef\xbb\xbfb") == [b"a\n", b"\xef\xbb\xbfb"]


@pytest.mark.parametrize("length", [5, 6, 9, 10, 11, 1_000])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["no mark", "byte order mark"])
def test_of_a_line_over_the_limit_no_more_is_held_and_the_next_is_whole(length: int, mark: bytes) -> None:
    assert contents(mark + b"x" * length + b"\nab\n", limit=4) == [b"xxxxx", b"ab\n"]


def test_line_over_the_limit_says_so() -> None:
    (line,) = read_lines(io.BytesIO(b"12345"), limit=4)
    with pytest.raises(RowTooLargeError, match="more than 4 bytes, the limit is 4"):
        line.within_limit()


def test_line_within_the_limit_is_what_was_read() -> None:
    (line,) = read_lines(io.BytesIO(b"1234"), limit=4)
    assert line.within_limit() == b"1234"


def test_json_has_no_mark_that_some_reader_takes_for_the_end_of_a_line() -> None:
    fields = {"copy": "Café\u2028\x85\n\u2029"}
    line = json_line(fields)
    assert (line, line.splitlines(), json.loads(line)) == (
        '{"copy": "Café\\u2028\\u0085\\n\\u2029"}',
        [line],
        fields,
    )
