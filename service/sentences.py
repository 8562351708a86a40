"""Split text into sentences and into passages that fit a model, losing nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import sentencex

from service.quotations import Quotation, find_quotations
from service.spans import Span

# A sentence never ends after one of these, whatever follows.
_TITLES = """
    nos gov lt sen rep gen col maj capt sgt cpl pvt adm cmdr brig dr mr mrs ms messrs mt ft hon rev pres prof supt det
    insp amb atty dist vs v approx fr msgr reps sens govs gens drs sec
    """
# A sentence ends after one of these only where the next word is one that starts sentences.
_WORDS_CUT_SHORT = "st ave blvd rd hwy rte dept univ inc corp co cos ltd bros llc plc jr sr assn bldg natl intl"
# A sentence ends after one of these only where no figure follows.
_BEFORE_FIGURES = "est jan feb mar apr jun jul aug sep sept oct nov dec"
_STARTS_SENTENCE = re.compile(
    r"[\"“(]?(?:He|She|They|The|It|But|And|In|On|At|A|An|This|That|These|Those|His|Her|Their|Its|We|I|You|Then|So|After|"
    r"Before|When|While|If|As|For|From|By|To|With|There|Here|No|Not|Both|One|Two|Three|Some|Most|Many|All|Also|Now|"
    r"Still|Yet|Or|What|Who|Why|How|Where|Nobody|Everyone|Meanwhile|However|Neither|Our|My)\b(?!\.)"
)
_CUT_SHORT = re.compile(r"(?<![\w.])([A-Za-z]+)\.\s*$")
_INITIALS = re.compile(r"\b(?:[A-Z]\.\s?){1,3}\s*$")
_INITIALISM = re.compile(r"\b(?:[A-Z]\.){2,}\s*$")
_CLOCK = re.compile(r"\b[ap]\.\s?m\.\s*$", re.IGNORECASE)
_AFTER_CLOCK = re.compile(
    r"\(|[a-z]|(?:[ACEMP][SD]?T|GMT|UTC|BST|CES?T|EES?T|IST|AE[SD]T|JST|KST|HKT|MSK|SGT|NZ[SD]T)\b|ET\b"
    r"|(?:Eastern|Central|Mountain|Pacific|Greenwich|Moscow|London|Beijing|Tokyo)\b"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!\s+(?:is|was|will|would|brings?|brought|saw)\b|['’]s\b)"
    r"|(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z.]*\s+\d"
)
_NUMBER_SIGN = re.compile(r"(?:\bNo|\b(?:the|an?|at|ranked|seeded|['’]s|his|her|their|its)\s+no)\.\s*$")
_ENDS_SENTENCE = re.compile(r"[.!?][\"'”’)\]]*\s*$")
_TRAILS_OFF = re.compile(r"(?:\.\.\.|…|\. \. \.)[\"'”’)\]]*\s*$")
_GOES_ON = re.compile(r"[,;:)\]}”»’]|-\w")
# Ends that sentencex does not see: a bracket, and the word "no".
_OTHER_ENDS = re.compile(r"(?:[.!?][\"'”’]?\)|\bno\.)\s+(?=[\"“(]?[A-Z])")
_BLANK_LINE = re.compile(r"\n(?:[ \t\r]*\n)+|\r(?:[ \t]*\r)+")
# What looks like a quotation mark and is none, and the bracket of "1)".
_MARKS = re.compile(r"['’‘\"“”](?=\w)|(?<=\w)['’‘\"“”]|(?<=\b\d)\)|(?<=\b\d\d)\)")
_LINE_END = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
_WINDOW = 40


def split_sentences(text: str) -> tuple[Span, ...]:
    """Split ``text`` into sentences; the spans leave out the white space between them.

    A stop inside a quotation ends no sentence unless the quotation ends there too; a blank line always ends one, the
    end of a line never does.

    >>> t = "Gov. Lee left at 4 p.m. EST. He is fine."
    >>> [s.of(t) for s in split_sentences(t)]
    ['Gov. Lee left at 4 p.m. EST.', 'He is fine.']
    """
    quotations = find_quotations(text)
    plain = _without_apostrophes(text, quotations)
    spans: list[Span] = []
    within = iter(quotations)
    quotation = next(within, None)
    for paragraph in _paragraphs(text):
        start = paragraph.start
        for bound in _bounds(text, plain, paragraph):
            while quotation is not None and quotation.outer.end <= bound:
                quotation = next(within, None)
            inside = quotation is not None and quotation.outer.start < bound < quotation.outer.end
            if (not inside or bound == paragraph.end) and (span := _trim(text, start, bound)) is not None:
                spans.append(span)
                start = bound
    return tuple(spans)


def _paragraphs(text: str) -> Iterator[Span]:
    start = 0
    for blank in _BLANK_LINE.finditer(text):
        yield Span(start, blank.start())
        start = blank.end()
    yield Span(start, len(text))


def _without_apostrophes(text: str, quotations: tuple[Quotation, ...]) -> str:
    """Copy ``text`` with the marks that quote nothing as letters, and with line ends as spaces.

    sentencex takes any two apostrophes for a quotation and the end of a hard-wrapped line for that of a sentence.
    """
    pieces: list[str] = []
    position = 0
    for quotation in quotations:
        pieces.append(_MARKS.sub("X", text[position : quotation.outer.start]))
        pieces.append(quotation.outer.of(text))
        position = quotation.outer.end
    pieces.append(_MARKS.sub("X", text[position:]))
    return _LINE_END.sub(" ", "".join(pieces))


def _bounds(text: str, plain: str, paragraph: Span) -> Iterator[int]:
    """Give the ends of the sentences of a paragraph, quotations not regarded."""
    ends: set[int] = {paragraph.end}
    position = paragraph.start
    for piece in sentencex.segment("en", paragraph.of(plain)):
        position += len(piece)
        ends.add(position)
    ends.update(match.end() for match in _OTHER_ENDS.finditer(text, paragraph.start, paragraph.end))
    for end in sorted(ends):
        before = text[max(paragraph.start, end - _WINDOW) : end]
        after = text[end : min(paragraph.end, end + _WINDOW)]
        if end == paragraph.end or not _goes_on(before, after.lstrip()):
            yield end


def _goes_on(before: str, after: str) -> bool:
    """Tell whether a sentence goes on over the stop between ``before`` and ``after``."""
    if not after:
        return False
    if _GOES_ON.match(after):
        return True
    if _CLOCK.search(before):
        return bool(_AFTER_CLOCK.match(after))
    if _INITIALISM.search(before) or _INITIALS.search(before):
        return not _STARTS_SENTENCE.match(after)
    if cut_short := _CUT_SHORT.search(before):
        word = cut_short[1].casefold()
        if word == "no":
            return after[:1].isdigit() and bool(_NUMBER_SIGN.search(before))
        if word in _BEFORE_FIGURES.split():
            return after[:1].isdigit() and not cut_short[1].isupper()
        if word in _WORDS_CUT_SHORT.split():
            return not _STARTS_SENTENCE.match(after)
        return word in _TITLES.split()
    if _TRAILS_OFF.search(before):
        return after[:1].islower()
    return not _ENDS_SENTENCE.search(before) and after[:1].islower()


def _trim(text: str, start: int, end: int) -> Span | None:
    piece = text[start:end]
    if not piece.strip():
        return None
    lead = len(piece) - len(piece.lstrip())
    return Span(start + lead, start + len(piece.rstrip()))


def split_passages(text: str, *, limit: int, measure: Callable[[str], int]) -> tuple[Span, ...]:
    """Group whole sentences into passages of at most ``limit`` by ``measure``, of about equal length.

    A single sentence over the limit stays a passage of its own: cutting it would cut a fact.
    """
    whole = _trim(text, 0, len(text))
    if whole is None:
        return ()
    total = measure(whole.of(text))
    if total <= limit:
        return (whole,)
    target = total / -(-total // limit)
    passages: list[Span] = []
    length = 0
    for sentence in split_sentences(text):
        size = measure(sentence.of(text))
        if passages and length < target and length + size <= limit:
            passages[-1] = Span(passages[-1].start, sentence.end)
            length += size
        else:
            passages.append(sentence)
            length = size
    return tuple(passages)
