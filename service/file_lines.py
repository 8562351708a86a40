"""Lines of files and of JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, TypeVar

from service.errors import RowTooLargeError

# They may stand in JSON as they are, but some readers of lines break at them.
_MARKS = {ord(mark): f"\\u{ord(mark):04x}" for mark in "\x85\u2028\u2029"}
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"

T = TypeVar("T")


@dataclass(frozen=True)
class FileLine:
    """A line of a file.

    Attributes:
        content: Its bytes, the line feed included; as many as the limit and one more where it is longer.
        limit: Most bytes it may have.
    """

    content: bytes
    limit: int

    @property
    def is_blank(self) -> bool:
        """True when there is nothing on it."""
        return not self.content.strip()

    def within_limit(self) -> bytes:
        """Give the bytes.

        Raises:
            RowTooLargeError: There are more than the limit.
        """
        if len(self.content) > self.limit:
            raise RowTooLargeError(self.limit, len(self.content), whole=False)
        return self.content


def read_lines(file: BinaryIO, *, limit: int) -> Iterator[FileLine]:
    """Read every line of a file; no more of a line is held than ``limit`` and one byte."""
    pieces = read_pieces(file, limit=limit)
    for content in pieces:
        yield FileLine(content, limit)
        while len(content) > limit and not content.endswith(b"\n"):
            content = next(pieces, b"")


def read_pieces(file: BinaryIO, *, limit: int) -> Iterator[bytes]:
    """Read a file line by line; a line of more than ``limit`` bytes comes in pieces, each but the last one byte longer.

    The mark of the byte order, which says nothing in UTF-8, is left out.
    """
    if file.read(len(_BYTE_ORDER_MARK)) != _BYTE_ORDER_MARK:
        file.seek(0)
    # Only a line feed ends a line: a text may hold every other mark that str.splitlines breaks at.
    while content := file.readline(limit + 1):
        yield content


def without_blank_end(items: Iterable[T], is_blank: Callable[[T], bool]) -> Iterator[T]:
    """Leave out the blank items that nothing follows.

    >>> list(without_blank_end("a  b   ", str.isspace))
    ['a', ' ', ' ', 'b']
    """
    blank: list[T] = []
    for item in items:
        if is_blank(item):
            blank.append(item)
        else:
            yield from blank
            blank.clear()
            yield item


def json_line(fields: dict[str, Any]) -> str:
    """Write JSON on one line, whatever a reader takes for the end of a line."""
    return json.dumps(fields, ensure_ascii=False).translate(_MARKS)
