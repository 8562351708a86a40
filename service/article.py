"""Split an article into its parts without changing a character of it.

Layout, which nobody rewrites, is all that is no block: white space, bullets, Markdown marks, rules, fenced code,
tables, pictures, bare addresses, HTML lines, front matter, bylines, datelines, and block quotes, which are verbatim by
nature.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from service.layout import BLOCKQUOTE, LINE, UNDERLINE, find_chunks
from service.spans import Span


class BlockKind(StrEnum):
    """What a part of an article is."""

    HEADLINE = "headline"
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"

    @property
    def is_heading(self) -> bool:
        """True where the rules for headlines hold."""
        return self in (BlockKind.HEADLINE, BlockKind.HEADING)


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

        A block whose copy is empty vanishes with its lines, and with the blank lines after it where one stands before.
        """
        pieces: list[str] = []
        position = 0
        after_blank = True
        for block, copy in zip(self.blocks, copies, strict=True):
            if copy:
                pieces += [self.text[position : block.span.start], copy]
                position = block.span.end
                continue
            line_ends = (self.text.rfind(mark, position, block.span.start) + 1 for mark in "\r\n")
            start = max(position, *line_ends)
            if start > position:
                after_blank = _blank_before(self.text, start)
            pieces.append(self.text[position:start])
            position = self._end_of_lines(block, blank=after_blank)
        copy = "".join(pieces)
        if position == len(self.text) and copies and not copies[-1]:
            last_line_ends = self.text[len(self.text.rstrip("\r\n")) :]
            return copy.rstrip() + last_line_ends if copy.strip() else ""
        return copy + self.text[position:]

    def _end_of_lines(self, block: Block, *, blank: bool) -> int:
        lines = LINE.finditer(self.text, block.span.end)
        end = next(lines).end()
        for number, line in enumerate(lines):
            underline = number == 0 and block.kind.is_heading and UNDERLINE.fullmatch(line[0].rstrip())
            if not line[0] or (line[0].strip() and not underline) or (not underline and not blank):
                break
            end = line.end()
        return end


_UNDERLINED = {"": None, "=": BlockKind.HEADLINE, "-": BlockKind.HEADING}
_BULLET = re.compile(
    r"[ \t]*(?:[-*+•‣◦–▪●■·▸►➤]|\(?(?P<number>\d{1,3})[.)]|\(?[a-z]\))[ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)"
)
_MARKDOWN_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+(?=\S)")
_BOLD_LINE = re.compile(r"(\*\*|__)(?=\S)((?:(?!\1).)+)(?<=\S)\1[ \t]*$")
_DATELINE = re.compile(
    r"(?P<city>[A-Z][A-Z.'’-]+(?: [A-Z][A-Z.'’-]*){0,3})"
    r"(?P<rest>(?:, [A-Z][\w.]+(?: [A-Z][\w.]+)?){0,2}(?: \([A-Z][\w /.]{1,24}\))?)\s?(?:—|–|--?)\s+(?=\S)"
)
# Cities that stand alone in a dateline, by AP's list; any other all-caps word before a dash may be a shout.
_CITIES = """
    ATLANTA; BALTIMORE; BOSTON; CHICAGO; CINCINNATI; CLEVELAND; DALLAS; DENVER; DETROIT; HONOLULU; HOUSTON;
    INDIANAPOLIS; LAS VEGAS; LOS ANGELES; MIAMI; MILWAUKEE; MINNEAPOLIS; NEW ORLEANS; NEW YORK; OKLAHOMA CITY;
    PHILADELPHIA; PHOENIX; PITTSBURGH; ST. LOUIS; SALT LAKE CITY; SAN ANTONIO; SAN DIEGO; SAN FRANCISCO; SEATTLE;
    WASHINGTON; AMSTERDAM; BAGHDAD; BANGKOK; BEIJING; BEIRUT; BERLIN; BRUSSELS; CAIRO; DUBLIN; GENEVA; HAVANA;
    HELSINKI; HONG KONG; ISLAMABAD; ISTANBUL; JERUSALEM; JOHANNESBURG; KUWAIT CITY; KYIV; LONDON; LUXEMBOURG; MADRID;
    MEXICO CITY; MILAN; MONTREAL; MOSCOW; MUNICH; NEW DELHI; PARIS; PRAGUE; RIO DE JANEIRO; ROME; SAO PAULO; SHANGHAI;
    SINGAPORE; STOCKHOLM; SYDNEY; TOKYO; TORONTO; UNITED NATIONS; VATICAN CITY; VIENNA; ZURICH
    """
_DATELINE_CITIES = frozenset(" ".join(_CITIES.split()).split("; "))
_STOP = re.compile(r"[.!?…:;,][\"'”’)\]*_]*$")
_ABBREVIATED_END = re.compile(r"(?:\b(?:[ap]\.m|[A-Z]\.[A-Z]|Inc|Corp|Co|Ltd|Jr|Sr|vs))\.$")
_LIVELY_STOP = re.compile(r"(?:[!?…]|\.\.\.)[\"'”’)\]]*$")

_HEADLINE_WORDS = 25
_HEADING_WORDS = 14
_TITLED = 0.75
_WRAPPED_LINE = range(45, 121)


@dataclass(frozen=True)
class _Part:
    span: Span
    kind: BlockKind | None
    numbered: bool = False


def parse_article(text: str) -> Article:
    """Find the blocks of plain text or simple Markdown.

    A blank line parts blocks. Lines without one between them are one block where the text is hard-wrapped, and blocks
    of their own otherwise. The first block of several is the headline if it is one line that ends like one; a later
    short line without a final stop is a heading if something follows.
    """
    found = (_parts(text, chunk.lines, _UNDERLINED[chunk.underline]) for chunk in find_chunks(text))
    chunks = [chunk for chunk in found if chunk]
    parts: list[_Part] = []
    for number, chunk in enumerate(chunks):
        beside = chunks[max(0, number - 1) : number] + chunks[number + 1 : number + 2]
        if chunk[0].numbered and len(chunk) == 1 and not any(part.numbered for other in beside for part in other):
            # "1. What happened" with paragraphs under it is a heading.
            words = chunk[0].span.of(text)
            short = len(words.split()) <= _HEADING_WORDS and (_unstopped(words) or _LIVELY_STOP.search(words))
            parts.append(_Part(chunk[0].span, BlockKind.HEADING) if short and number + 1 < len(chunks) else chunk[0])
        else:
            parts.extend(chunk)
    blocks = [
        Block(
            kind=part.kind or _kind(part.span.of(text), first=number == 0, last=number == len(parts) - 1),
            span=part.span,
        )
        for number, part in enumerate(parts)
    ]
    return Article(text=text, blocks=tuple(blocks))


def _parts(text: str, chunk: tuple[Span, ...], kind: BlockKind | None) -> list[_Part]:
    wrapped_from = _wrapped_from([line.of(text).rstrip() for line in chunk])
    parts: list[_Part] = []
    for number, line in enumerate(chunk):
        part = _part(text, line, follows=parts[-1] if parts else None)
        goes_on = bool(parts) and part.kind is None and parts[-1].kind in (None, BlockKind.LIST_ITEM)
        indented = bool(parts) and parts[-1].kind is BlockKind.LIST_ITEM and text[line.start] in " \t"
        if goes_on and (number > wrapped_from or indented):
            parts[-1] = _Part(Span(parts[-1].span.start, part.span.end), parts[-1].kind, parts[-1].numbered)
        elif part.span.start < part.span.end:
            parts.append(part)
    return [_Part(parts[0].span, kind)] if kind and parts else parts


def _part(text: str, line: Span, *, follows: _Part | None) -> _Part:
    quote = BLOCKQUOTE.match(text, line.start, line.end)
    start = quote.end() if quote else line.start
    end = line.start + len(line.of(text).rstrip())
    kind: BlockKind | None = None
    numbered = False
    if heading := _MARKDOWN_HEADING.match(text, start, end):
        kind = BlockKind.HEADLINE if len(heading[1]) == 1 else BlockKind.HEADING
        start = heading.end()
        words = text[start:end].rstrip("#")
        if words != words.rstrip():
            end = start + len(words.rstrip())
    elif bullet := _BULLET.match(text, start, end):
        # Only a 1 starts a list under a paragraph: "about\n12. Then" is a sentence that was wrapped.
        if bullet["number"] in (None, "1") or follows is None or follows.kind is not None:
            kind, start, numbered = BlockKind.LIST_ITEM, bullet.end(), bullet["number"] is not None
    elif bold := _BOLD_LINE.match(text, start, end):
        kind = None if _STOP.search(bold[2]) else BlockKind.HEADING
        start, end = bold.start(2), bold.end(2)
    elif (dateline := _DATELINE.match(text, start, end)) and (dateline["rest"] or dateline["city"] in _DATELINE_CITIES):
        start = dateline.end()
    while start < end and (text[start].isspace() or text[start] == "\ufeff"):
        start += 1
    return _Part(Span(start, max(start, end)), kind, numbered)


def _wrapped_from(lines: list[str]) -> int:
    """Give the number of the line from which a chunk is hard-wrapped; its length where it is not."""
    # A headline may stand right above a wrapped text.
    return next((first for first in (0, 1) if _is_wrapped(lines[first:])), len(lines))


def _is_wrapped(lines: list[str]) -> bool:
    """Tell whether each line ends where the next word would not have fitted, and one of them in mid-sentence."""
    width = max(map(len, lines), default=0)
    return (
        len(lines) > 1
        and width in _WRAPPED_LINE
        and all(len(line) + 1 + len(after.split()[0]) > width for line, after in pairwise(lines))
        and any(not _STOP.search(line) and not _BULLET.match(after) for line, after in pairwise(lines))
        and (len(lines) > 2 or lines[1][:1].islower() or lines[0].endswith(","))
    )


def _blank_before(text: str, start: int) -> bool:
    """Tell whether the line before the one that starts here is blank; there is one."""
    end = start - (2 if text[max(0, start - 2) : start] == "\r\n" else 1)
    while end > 0 and text[end - 1] in " \t":
        end -= 1
    return end == 0 or text[end - 1] in "\r\n"


def _unstopped(words: str) -> bool:
    return not _STOP.search(words) or bool(_ABBREVIATED_END.search(words))


def _kind(words: str, *, first: bool, last: bool) -> BlockKind:
    count = len(words.split())
    if last or "\n" in words or "\r" in words or not any(map(str.isalpha, words)):
        return BlockKind.PARAGRAPH
    if first and count <= _HEADLINE_WORDS and (_unstopped(words) or _LIVELY_STOP.search(words)):
        return BlockKind.HEADLINE
    headed = _unstopped(words) or (_LIVELY_STOP.search(words) and _title_case(words))
    if headed and count <= _HEADING_WORDS and not words[:1].islower():
        return BlockKind.HEADING
    return BlockKind.PARAGRAPH


def _title_case(words: str) -> bool:
    longer = [word for word in words.split() if len(word) > 3 and word[0].isalpha()]
    return len(longer) > 1 and sum(word[0].isupper() for word in longer) >= _TITLED * len(longer)
