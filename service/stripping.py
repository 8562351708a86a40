"""Strip a text of its chat (W3) where what is left is certain to say the same."""

from __future__ import annotations

import re

from service.certainty import find_cues
from service.chatter import EMOJI, SENTENCE_START, compile_chat, find_bare_so
from service.sentences import split_sentences
from service.spans import Span
from service.speech import indent, replace_outside_quotations, word_class

_INNER_NAME = re.compile(r"(?<=[\w,;:'-]\s)(?!I\b)[A-Z][\w'-]*")


def drop_chat(text: str) -> str:
    """Leave out the sentences that are nothing but chat."""
    pieces: list[str] = []
    position = 0
    dropped = False
    for span in split_sentences(text):
        gap = text[position : span.start]
        sentence = span.of(text)
        position = span.end
        if _is_chat(sentence):
            dropped = True
            # The break before a dropped sentence stays if it parts paragraphs.
            if "\n" in gap:
                pieces.append(gap)
            continue
        pieces += [gap, sentence]
    if not dropped:
        return text
    kept = "".join(pieces)
    return (kept.lstrip() if not text[:1].isspace() else kept) + (text[position:] if kept.strip() else "")


def _is_chat(sentence: str) -> bool:
    if any(character.isdigit() for character in sentence) or '"' in sentence:
        return False
    if EMOJI.fullmatch(sentence.strip()):
        return True
    bare = re.sub(r"[^\w\s']+", " ", EMOJI.sub(" ", sentence))
    bare = " ".join(bare.split())
    if not bare or not compile_chat("whole", r"\A", r"\Z").match(bare):
        return False
    shouted = bare.isupper()
    if not shouted and _INNER_NAME.search(sentence):
        return False
    # A "can't" inside one of the listed idioms answers nothing.
    return not any(cue.cue_class in ("hearsay_strong", "modal") for cue in find_cues(sentence))


# --- openers, asides, tags ---

_AFTER_OPENER = r"\s*(?:,|:|—|–|\.\.\.|…|!)+\s*(?=[\w\"'$€£(])"
_LOWER_WORD = re.compile(r"[a-z][a-z'-]*(?!\w)")


def strip_openers(text: str) -> str:
    """Take away the chat that opens a sentence."""
    cuts: list[tuple[Span, str]] = []
    for match in compile_chat("opener", SENTENCE_START, _AFTER_OPENER).finditer(text):
        cuts.append(_cut_opening(text, Span(*match.span())))
    for match in compile_chat("strip", SENTENCE_START, r"\s+").finditer(text):
        cuts.append(_cut_opening(text, Span(*match.span())))
    for span in find_bare_so(text):
        # Later in a text a bare "so" may give a consequence.
        if span.start <= indent(text) and text[span.end : span.end + 1] == " ":
            cuts.append(_cut_opening(text, Span(span.start, span.end + 1)))
    return replace_outside_quotations(text, cuts)


def _cut_opening(text: str, span: Span) -> tuple[Span, str]:
    """Take words away and give the next word their capital letter, unless its own letters say otherwise."""
    word = _LOWER_WORD.match(text, span.end)
    if word is None:
        return span, ""
    return Span(span.start, span.end + 1), text[span.end].upper()


def strip_tags(text: str) -> str:
    """Take away the chat that ends a sentence or stands between commas."""
    cuts: list[tuple[Span, str]] = []
    for match in compile_chat(
        "tag", r"(?<=[\w\"')%])(?:,\s+(?:which|so|and|but))?,\s+", r"\s*(?P<end>[.!?…]+)(?=\s|$)"
    ).finditer(text):
        cuts.append((Span(*match.span()), "."))
    for match in compile_chat("tail", r"(?<=[\w\"')%.!?,])(?<!,\")\s+", r"\s*(?P<end>[.!?…]*)(?=\s*$)").finditer(text):
        before = text[match.start() - 1]
        cuts.append((Span(match.start() - (before == ","), match.end()), "" if before in ".!?" else "."))
    for match in compile_chat("aside", r"(?<=\w)(?P<comma>,)\s+", r",(?=\s)").finditer(text):
        commas = _commas(text, match.start(), match.end())
        if commas is not None:
            cuts.append((Span(*match.span()), commas))
    return replace_outside_quotations(text, cuts)


_CLAUSE_FOLLOWS = re.compile(r"\s+(?:and|but|so|who|which|though|although|because)\b")


def _commas(text: str, start: int, end: int) -> str | None:
    """Tell what is left of the commas around an aside; None where only an editor can tell."""
    before = re.search(r"(\w+)$", text[max(0, start - 20) : start])
    if before and before[1].lower() in word_class("link"):
        return ""
    return "," if _CLAUSE_FOLLOWS.match(text, end) else None


def strip_emoji(text: str) -> str:
    """Take away emoji that stand for no word, and hashtags that end a text."""
    cuts: list[tuple[Span, str]] = []
    last = len(text.rstrip(" .!?"))
    for match in EMOJI.finditer(text):
        flag_or_key = any("\U0001f1e6" <= c <= "\U0001f1ff" or c in "\u20e3#*" or c.isdigit() for c in match[0])
        before, after = _skip_back(text, match.start()), _skip_on(text, match.end())
        # An emoji inside a sentence may stand for a word, a flag for a country.
        bounded = not before or text[before - 1] in ".!?…:,;\n)\"'" or EMOJI.search(text[max(0, before - 3) : before])
        ends = (
            match.end() >= last
            or text[after : after + 1] == "\n"
            or EMOJI.match(text, after)
            or (bounded and text[after : after + 1].isupper())
        )
        opens = not before or text[before - 1] == "\n"
        if flag_or_key or not (ends or opens):
            continue
        start = before if ends and not opens else match.start()
        cuts.append((Span(start, after if opens else match.end()), ""))
    for match in _LAST_HASHTAGS.finditer(text):
        cuts.append((Span(*match.span()), ""))
    return replace_outside_quotations(text, cuts)


def _skip_back(text: str, position: int) -> int:
    while position and text[position - 1] == " ":
        position -= 1
    return position


def _skip_on(text: str, position: int) -> int:
    while position < len(text) and text[position] == " ":
        position += 1
    return position


# A tag of one capitalised word may be a name; one with a numeral may be a figure.
_LAST_HASHTAGS = re.compile(r"(?<=[.!?…])(?:\s+#(?:[a-z]+|[A-Z][a-z]+(?:[A-Z][a-z]+)+)(?!\w))+(?=\s*$)")
