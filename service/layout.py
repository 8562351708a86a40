"""Tell the lines that hold an article's words from those that are layout: rules, code, tables, bylines and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.spans import Span

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
BLOCKQUOTE = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
_RULE = re.compile(r"[ \t]*(?:[-*_=~#][ \t]*){3,}$")
UNDERLINE = re.compile(r"[ \t]{0,3}(?:={2,}|-{2,})")
_FENCE = re.compile(r"[ \t]{0,3}(```+|~~~+)")
_TABLE_RULE = re.compile(r"\|?:?-+:?(?:\|(?::?-+:?|:{0,2}))+$")
_UNTOUCHED_LINE = re.compile(
    r"!\[[^\]]*\]\([^)]*\)$|\[[^\]]+\]:\s+<?(?:https?:|www\.)|<?(?:https?://|www\.)\S+$|</?[a-zA-Z!][^<>]*>$|\|.*\|$"
)
_BYLINE = re.compile(
    r"[*_]*(?:By:?\s+(?:[A-Z][\w.'’-]*|and|de|van|von|al)(?:,?\s+(?:[A-Z|·•(@][\w.'’@)/-]*|[–—-]|and|de|van|von|al|&|[\d:]+|[ap]\.m\.)){1,14}"
    r"|(?:Published|Updated|Posted|Last\s+updated):?\s.{0,60}\d.{0,40})[*_]*$"
)


@dataclass(frozen=True)
class Chunk:
    """Lines that no layout parts.

    Attributes:
        lines: Where they stand, without line ends.
        underline: ``=`` or ``-`` where it is one line with a rule under it, which makes it a heading in Markdown.
    """

    lines: tuple[Span, ...]
    underline: str = ""


def _lines(text: str) -> list[Span]:
    start = 1 if text.startswith("\ufeff") else 0
    return [Span(line.start(), line.start() + len(line[0].rstrip("\r\n"))) for line in LINE.finditer(text, start)]


def find_chunks(text: str) -> Iterator[Chunk]:
    """Group the lines that blank lines, rules and other layout leave together."""
    lines = _lines(text)
    words = [line.of(text).rstrip() for line in lines]
    quoted = [bool(BLOCKQUOTE.match(line)) for line in words]
    if all(quoted[number] for number, line in enumerate(words) if line):
        quoted = [False] * len(lines)  # A text that is one block quote was pasted from a mail.
    chunk: list[Span] = []
    unclosed: list[str] = []
    position = _front_matter(words)
    while position < len(lines):
        line = words[position]
        end = position if quoted[position] else _untouched(words, position, unclosed)
        underline = ""
        if len(chunk) == 1 and UNDERLINE.fullmatch(line) and not chunk[0].of(text).rstrip().endswith((".", ":")):
            end = position + 1
            underline = line.strip()[0]
        if end > position or quoted[position] or not line.lstrip("\ufeff"):
            if chunk:
                yield Chunk(tuple(chunk), underline)
            chunk = []
            position = max(end, position + 1)
        else:
            chunk.append(lines[position])
            position += 1
    if chunk:
        yield Chunk(tuple(chunk))


def _front_matter(words: list[str]) -> int:
    if words[0] != "---" or "---" not in words[1:]:
        return 0
    end = words.index("---", 1)
    return end + 1 if all(re.match(r"[\w-]+:|[ \t]+\S|- |#|$", line) for line in words[1:end]) else 0


def _untouched(words: list[str], position: int, unclosed: list[str]) -> int:
    """Give the number of the first line after the layout that starts here, or ``position`` where none does."""
    line = words[position]
    if (fence := _FENCE.match(line)) and not fence[1].startswith(tuple(unclosed)):
        for end in range(position + 1, len(words)):
            if words[end].lstrip().startswith(fence[1]) and not words[end].strip(fence[1][0] + " \t"):
                return end + 1
        unclosed.append(fence[1])
    if "|" in line and position + 1 < len(words) and _TABLE_RULE.match(re.sub(r"[ \t]+", "", words[position + 1])):
        end = position + 2
        while end < len(words) and "|" in words[end]:
            end += 1
        return end
    stripped = line.strip()
    return position + bool(_RULE.match(line) or _UNTOUCHED_LINE.match(stripped) or _BYLINE.match(stripped))
