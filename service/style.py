"""Style findings: where a text breaks the rules of wire copy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.casing import find_capitals
from service.chatter import EMOJI, LOUD_NAMES, SENTENCE_START, compile_chat, find_bare_so, loud_words
from service.contractions import find_contractions
from service.departures import Departure, find_departures, headline_marks
from service.house_style import HouseStyle, house_style
from service.loaded_words import find_loaded
from service.quotations import find_quotations, is_constructed
from service.regions import Region
from service.spans import Span
from service.speech import quoted_spans


@dataclass(frozen=True)
class Finding:
    """One breach of a rule.

    Attributes:
        rule: Its number, for example ``W10``.
        message: What is wrong and what would be right, in one sentence.
        span: Where it stands.
    """

    rule: str
    message: str
    span: Span


def find_faults(text: str, *, headline: bool = False, style: HouseStyle | None = None) -> tuple[Finding, ...]:
    """Find where ``text`` is not wire copy, in order; what a real quotation holds is nobody's fault.

    Args:
        text: A paragraph or a headline.
        headline: Whether the rules of headlines hold (W15).
        style: The house style; None for that of the default.

    >>> [(f.rule, f.span.of("Cops won't say.")) for f in find_faults("Cops won't say.")]
    [('W4', 'Cops'), ('W10', "won't")]
    """
    style = style or house_style()
    quoted = Region(quoted_spans(text))
    found = [_double_mark(mark) for mark in headline_marks(text, style)] if headline else []
    taken = bytearray(len(text))
    for finding in _all_faults(text, style, headline=headline):
        start, end = finding.span.start, finding.span.end
        if not quoted.touches(finding.span) and taken.find(1, start, end) < 0:
            found.append(finding)
            taken[start:end] = b"\x01" * (end - start)
    return tuple(sorted(found, key=lambda finding: finding.span))


def _all_faults(text: str, style: HouseStyle, *, headline: bool) -> Iterator[Finding]:
    """Give the faults of every kind; of two that overlap, the first one given counts."""
    departures = [_departing(found) for found in find_departures(text, style, headline=headline)]
    yield from _dialogue(text)
    yield from _chat(text)
    yield from _words(text)
    yield from _persons(text)
    yield from (found for found in departures if found.rule == "W11")
    yield from _figures(text)
    yield from _marks(text, headline=headline)
    yield from _shouting(text) if headline else _loudness(text)
    yield from (found for found in departures if found.rule != "W11")


def _departing(found: Departure) -> Finding:
    return Finding(found.rule, found.message, found.span)


def _double_mark(mark: Span) -> Finding:
    return Finding("W15", "Quotation marks are single in headlines.", mark)


# --- W8 ---

_QUOTATIVE = re.compile(
    r"(?:\b(?:was|were|is|are|be|been|am)|(?<=\w)['’](?:s|re|m))\s+(?:(?:just|basically|literally|all|so|kinda)\s+)*(?:like[,:]|all[,:]|like(?=\s+(?:i|we|no|nope|yes|yeah|hey|you|what|why|how|okay|ok|nah|oh)\b))"
    r"|\bwent like\b|\bgoes like\b|\bbe like\b",
    re.IGNORECASE,
)


def _dialogue(text: str) -> Iterator[Finding]:
    for quotation in find_quotations(text):
        if is_constructed(text, quotation):
            yield Finding("W8", "Nobody said these words; report them without quotation marks.", quotation.outer)
    for match in _QUOTATIVE.finditer(text):
        words = match[0].rstrip(",:")
        yield Finding(
            "W8", f"{words!r} introduces constructed dialogue; write 'said' and indirect speech.", Span(*match.span())
        )


# --- W3 ---


_HASHTAG = re.compile(r"(?<![\w&/#])#(?=\w*[A-Za-z])\w++(?!\s+(?:movement|campaign|hashtag|protests?)\b)")
_DRAWN_OUT = re.compile(r"\b(?=\w*([a-z])\1\1)(?!w{3}\b|i+\b|x+\b)(?-i:[A-Z]?[a-z]+)\b", re.IGNORECASE)


def _chat(text: str) -> Iterator[Finding]:
    for match in compile_chat("opener", SENTENCE_START, r"(?=\s*(?:,|:|—|–|\.\.\.|…|!)|\s+-\s)").finditer(text):
        yield _chatty(match)
    for span in find_bare_so(text):
        yield Finding("W3", "'So' opens a chat; begin with the news.", span)
    for match in compile_chat("anywhere", r"(?<![\w'’-])", r"(?![\w'’-])").finditer(text):
        yield _chatty(match)
    for match in compile_chat("interjection", r"(?<![\w'’.-])", r"(?![\w'’-]|\.\w)").finditer(text):
        if match[0].isupper() or not match[0][0].isupper() or not _name_follows(text, match.end()):
            yield _chatty(match)
    for match in compile_chat("tag", r"(?<=,)\s+", r"(?=\s*[.!?…])").finditer(text):
        yield _chatty(match)
    for match in compile_chat("aside", r"(?<=,)\s+", r"(?=,)").finditer(text):
        yield _chatty(match)
    for match in EMOJI.finditer(text):
        yield Finding("W3", "Copy has no emoji; leave it out.", Span(*match.span()))
    for match in _HASHTAG.finditer(text):
        if not re.search(r"hashtag\s+$", text[max(0, match.start() - 16) : match.start()], re.IGNORECASE):
            yield Finding("W3", "Copy has no hashtags of its own; leave it out.", Span(*match.span()))
    for match in _DRAWN_OUT.finditer(text):
        yield Finding("W3", f"{match[0]!r} is drawn out; spell it plainly or leave it out.", Span(*match.span()))


def _chatty(match: re.Match[str]) -> Finding:
    return Finding("W3", f"{match['chat']!r} is chat; leave it out.", Span(*match.span("chat")))


_CAPITAL_NEXT = re.compile(r"\s+[A-Z][a-z]")


def _name_follows(text: str, position: int) -> bool:
    return _CAPITAL_NEXT.match(text, position) is not None


# --- W4 and contractions ---


def _words(text: str) -> Iterator[Finding]:
    for found in find_loaded(text):
        words = found.span.of(text)
        advice = f"write {found.plain!r}" if found.plain and found.plain != "leave out" else "leave it out"
        yield Finding("W4", f"{words!r} is slang or loaded; {advice}.", found.span)
    for found in find_contractions(text):
        words = found.span.of(text)
        advice = f"write {found.plain.strip()!r}" if found.plain else "write it out"
        yield Finding("W10", f"{words!r} is a contraction; {advice}.", found.span)


# --- persons ---

_PERSON = re.compile(
    r"(?<![\w'’@#.-])(?:(?P<I>I)(?=['’](?:m|ve|ll|d)\b|\s+[a-z])"
    r"|(?P<cap>You|Your|Yours|Yourself|Our|Ours|Ourselves|My|Myself|We|Me)"
    r"|(?P<low>you|your|yours|yourself|yourselves|our|ours|ourselves|my|myself|we|me|us|ya|ur|u|i(?=\s+[a-z]|['’]m))"
    r"|(?P<loud>YOU|YOUR|OUR|MY|WE))(?![\w-]|['’]all)"
)
_NAME_BEFORE = re.compile(
    r"\b(?!And|But|So|When|If|While|Because|Since|As|What|Where|Why|How|Well|Look|Honestly|Then|Now|That|Or|Yes|No|Oh|Okay|OK|Ok|Can|Do|Did|Should|Could|Would|Will|May|Am|Was|Have|Had)[A-Z]\w*\.?\s+$"
)
_ENDS_BEFORE = re.compile(r"(?:^|[.!?…:;—–\n(-]|[.!?…][\"”’')\]]+)\s*$")
_PERSON_NAMES = re.compile(r"(?:Our\s+Lady|We\s+Company|My\s+Little|Me\s+Too|You\s+Tube)")


def _persons(text: str) -> Iterator[Finding]:
    for match in _PERSON.finditer(text):
        start = match.start()
        before = text[max(0, start - 24) : start]
        if match["I"] and _NAME_BEFORE.search(before):
            continue
        if match["cap"] and (not _ENDS_BEFORE.search(before) or _PERSON_NAMES.match(text, start)):
            continue
        yield Finding(
            "W10", f"{match[0]!r} speaks in the first or second person; copy speaks in the third.", Span(*match.span())
        )


# --- W11 ---

_SPELLED_NUMBER = re.compile(
    r"(?<![\w-])(?:ten|eleven|twelve|(?:thir|four|fif|six|seven|eigh|nine)teen"
    r"|(?:twen|thir|for|fif|six|seven|eigh|nine)ty)(?![\w-])"
)
_SLANG_NUMBER = re.compile(
    r"(?<![\w-])(?<!\d[,.])(?:\d[\d,.]*|two|three|four|five|six|seven|eight|nine|ten|twenty|fifty|hundred|a\s+hundred|couple)(?:\s+|-)grand\b(?!\s+(?:[A-Z]|juror|jur|slam|prix|piano|total|master|marshal|prize))",
    re.IGNORECASE,
)


def _figures(text: str) -> Iterator[Finding]:
    for match in _SPELLED_NUMBER.finditer(text):
        yield Finding("W11", f"{match[0]!r} is over nine; write the numeral.", Span(*match.span()))
    for match in _SLANG_NUMBER.finditer(text):
        yield Finding("W11", f"{match[0]!r} means thousands; write the figure.", Span(*match.span()))


# --- marks ---

_QUESTION = re.compile(r"\?+!*|(?:!\?)+")
_EXCLAMATION = re.compile(r"!+")
_HEADLINE_STOP = re.compile(
    r"(?<!\b[A-Z])(?<!\.[a-z])(?<!\.\.)(?<!\b(?:Jr|Sr|Co|St|No))(?<!\b(?:Inc|Ltd|Mrs))(?<!\bCorp)\.[\"”’']?\s*$"
)


def _marks(text: str, *, headline: bool) -> Iterator[Finding]:
    rule = "W15" if headline else "W10"
    for match in _QUESTION.finditer(text):
        yield Finding(rule, "Copy asks no questions; state what is known.", Span(*match.span()))
    for match in _EXCLAMATION.finditer(text):
        if not LOUD_NAMES.search(text[max(0, match.start() - 12) : match.start()]):
            yield Finding(rule, "Copy has no exclamation marks; end with a full stop.", Span(*match.span()))
    if headline and (stop := _HEADLINE_STOP.search(text)):
        yield Finding("W15", "A headline has no final full stop; take it away.", Span(stop.start(), stop.start() + 1))


# --- W15 ---


def _shouting(text: str) -> Iterator[Finding]:
    if capitals := find_capitals(text):
        yield Finding("W15", "The headline is in title case; write it in sentence case.", capitals[0])
    for span, _ in loud_words(text):
        yield Finding("W15", f"{span.of(text)!r} shouts; write it in sentence case.", span)


def _loudness(text: str) -> Iterator[Finding]:
    for span, certain in loud_words(text):
        if certain:
            yield Finding("W3", f"{span.of(text)!r} shouts; write it in small letters.", span)
