"""Split an article into its parts without changing a character of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from service.spans import Span


class BlockKind(StrEnum):
    """What a part of an article is."""

    HEADLINE = "headline"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"


@dataclass(frozen=True)
class Block:
    """One headline, heading, paragraph or list item.

    Attributes:
        kind: What it is.
        span: Where its words stand, without list bullet or Markdown marks.
    """

    kind: BlockKind
    span: Span


@dataclass(frozen=True)
class Article:
    """A text and its blocks, in order; what lies between them is layout.

    Attributes:
        text: The article as filed.
        blocks: Its parts.
    """

    text: str
    blocks: tuple[Block, ...]

    def render(self, copies: tuple[str, ...]) -> str:
        """Write the article with ``copies`` in place of the words of its blocks, layout untouched.

        A block whose copy is empty vanishes with its line.
        """
        pieces: list[str] = []
        position = 0
        for block, copy in zip(self.blocks, copies, strict=True):
            layout = self.text[position : block.span.start]
            if copy:
                pieces.append(layout + copy)
            position = block.span.end
        return "".join(pieces).lstrip("\r\n") + self.text[position:]


_BULLET = re.compile(r"[ \t]*(?:[-*+•‣◦–]|\(?\d{1,3}[.)])[ \t]+(?=\S)")
_MARKDOWN_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+(?=\S)")
_CLOSING_HASHES = re.compile(r"[ \t]+#+[ \t]*$")
_BLOCKQUOTE = re.compile(r"[ \t]{0,3}(?:>[ \t]?)+")
_RULE = re.compile(r"[ \t]*(?:[-*_=~][ \t]*){3,}$")
_BOLD_LINE = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1[ \t]*$")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
_STOP = re.compile(r"[.!?…:;,][\"'”’)\]*_]*$")
_QUESTION_OR_SHOUT = re.compile(r"[!?][\"'”’)\]]*$")

_HEADLINE_WORDS = 25
_HEADING_WORDS = 14
_WRAPPED_LINE = range(45, 101)


def parse_article(text: str) -> Article:
    """Find the blocks of plain text or simple Markdown.

    A blank line parts blocks. Lines without one between them are one block where the text is hard-wrapped, and blocks
    of their own otherwise. The first block of several is the headline if it is one line that ends like one; a later
    short line without a final stop is a heading.
    """
    chunks: list[list[Span]] = [[]]
    for match in _LINE.finditer(text):
        line = Span(match.start(), match.start() + len(match[0].rstrip("\r\n")))
        if not line.of(text).strip() or _RULE.match(line.of(text)):
            chunks.append([])
        else:
            chunks[-1].append(line)
    parts = [part for chunk in chunks if chunk for part in _parts(text, chunk)]
    blocks: list[Block] = []
    for number, (span, kind) in enumerate(parts):
        alone = len(parts) == 1
        blocks.append(Block(kind=kind or _kind(span.of(text), first=number == 0, alone=alone), span=span))
    return Article(text=text, blocks=tuple(blocks))


def _parts(text: str, chunk: list[Span]) -> list[tuple[Span, BlockKind | None]]:
    parts: list[tuple[Span, BlockKind | None]] = []
    wrapped = _is_wrapped([line.of(text) for line in chunk])
    for line in chunk:
        quote = _BLOCKQUOTE.match(text, line.start, line.end)
        start = quote.end() if quote else line.start
        end = line.end - len(line.of(text)) + len(line.of(text).rstrip())
        kind: BlockKind | None = None
        if heading := _MARKDOWN_HEADING.match(text, start, end):
            kind = BlockKind.HEADLINE if len(heading[1]) == 1 else BlockKind.HEADING
            start = heading.end()
            if hashes := _CLOSING_HASHES.search(text, start, end):
                end = hashes.start()
        elif bullet := _BULLET.match(text, start, end):
            kind, start = BlockKind.LIST_ITEM, bullet.end()
        elif bold := _BOLD_LINE.match(text, start, end):
            kind = None if _STOP.search(bold[2]) else BlockKind.HEADING
            start, end = bold.start(2), bold.end(2)
        while start < end and text[start].isspace():
            start += 1
        if start >= end:
            continue
        if wrapped and kind is None and parts and parts[-1][1] in (None, BlockKind.LIST_ITEM):
            parts[-1] = (Span(parts[-1][0].start, end), parts[-1][1])
        else:
            parts.append((Span(start, end), kind))
    return parts


def _is_wrapped(lines: list[str]) -> bool:
    earlier = lines[:-1]
    return (
        bool(earlier)
        and all(len(line) in _WRAPPED_LINE for line in earlier)
        and any(not _STOP.search(line.rstrip()) for line in earlier)
    )


def _kind(words: str, *, first: bool, alone: bool) -> BlockKind:
    count = len(words.split())
    if alone or "\n" in words or "\r" in words:
        return BlockKind.PARAGRAPH
    unstopped = not _STOP.search(words.rstrip())
    if first and count <= _HEADLINE_WORDS and (unstopped or _QUESTION_OR_SHOUT.search(words.rstrip())):
        return BlockKind.HEADLINE
    if unstopped and count <= _HEADING_WORDS and not words[:1].islower() and any(c.isalpha() for c in words):
        return BlockKind.HEADING
    return BlockKind.PARAGRAPH
