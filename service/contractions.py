"""Contractions, and their long forms where these are certain."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.inflection import participles
from service.spans import Span
from service.speech import STARTS, Replacement, word_class

_SUBJECTS_OF_S = "he|she|it|that|what|who|there|here|where|how|when|this"
_ADVERBS = r"(?:not|never|ever|already|just|only|also|always|since|now|still|yet|even|basically|probably|[a-z]+ly)"
_DETERMINER = re.compile(
    r"\s+(?:the|an?|his|her|its|their|this|that|these|those|\$?\d|two|three|four|five|six|about|every|all)\b|\s+[\"“$€£]"
)
_CONTRACTION = re.compile(
    rf"""
    \b(?P<not>\w*n['’]t)\b
    | (?<=\w)['’](?P<short>ll|ve|re|d|m)\b
    | \b(?P<host>{_SUBJECTS_OF_S})(?P<s>['’]s)\b
    | (?P<noun>\b[A-Za-z][\w-]{{0,60}})(?P<ns>['’]s)(?=\s+(?:been|gonna|got\s+(?:a|an|the|to)
        |(?:going|trying|supposed|set|about)\s+to|not|no\s+longer|a|an|the)\b)
    | \b(?P<let>let['’]s)\b
    | \b(?P<to>gonna|wanna|gotta)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NEXT = re.compile(rf"\s+(?:{_ADVERBS}\s+)*([A-Za-z][\w'’-]*|[\"“$€£\d])", re.IGNORECASE)
# "There's a few left" is one thing in talk and several in copy.
_SEVERAL = re.compile(r"\s+(?:a\s+few|several|many|two|three|four|five)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\s+(?:i|you|he|she|it|we|they|that|this|there|the|these|those)\b", re.IGNORECASE)
_INVERTS = re.compile(r"(?:^|[.!?…,;:—–(\n]\s*|\b(?:why|how|where|when|what|who|and|but|so|or)\s+)$", re.IGNORECASE)
_ORDERS = re.compile(r"(?:\b(?:and|but|so|or|please|just)\s+|,\s+)$", re.IGNORECASE)


# In dialect a second word only repeats the "not" ("don't see no relief", "don't nobody panic"): the long form would
# deny it.
_DENIES_AGAIN = re.compile(
    r"(?:\s+(?!(?:and|but|or|that|so|because|if|when|while|than|with)\b)[\w'’-]+){0,4}?"
    r"\s+(?:no|none|nobody|nothing|nowhere|never|neither|hardly|no\s+one)\b(?!-)",
    re.IGNORECASE,
)
_SINGULAR = re.compile(r"\b(?:he|she|it|that|this)\s+$", re.IGNORECASE)
# "The firm IPO'd", "they OK'd it": the past of a verb, and nothing left out.
_MADE_VERB = re.compile(r"[A-Z\d]{2}$")
_AFTER_WOULD = frozenset({"have", "be", "never", "not", "rather", "sooner", "like"})
_GOT = re.compile(r"\s+got(?:(?P<to>ta)\b|(?=\s+(?!\w+ed\b)[\w$€£]))", re.IGNORECASE)


def find_contractions(text: str) -> Iterator[Replacement]:
    """Find the contractions of a text, quoted or not, in order, with their long forms where these are certain.

    >>> [r.plain for r in find_contractions("He's gone and it's raining, so they won't.")]
    ['He has', 'it is', 'will not']
    """
    for match in _CONTRACTION.finditer(text):
        if "-" in (text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]):
            continue  # A part of one word: "a will-he-won't-he saga".
        found = _expand(text, match)
        if found is not None:
            yield found


def _expand(text: str, match: re.Match[str]) -> Replacement | None:
    span = Span(*match.span())
    asked = re.match(r"[^.!?\n]*\?", text[span.end : span.end + 300]) is not None
    following = _NEXT.match(text, span.end)
    after = following[1].lower().replace("’", "'") if following else ""
    if match["not"]:
        return _expand_not(text, span, match["not"], asked)
    if match["let"]:
        return Replacement(span, "", False)
    if match["to"]:
        return _expand_to(text, span, match["to"].lower())
    got = _GOT.match(text, span.end)
    if match["host"]:
        # The World Health Organization has possessions.
        if match["host"] == "WHO":
            return None
        if got and not asked:
            return Replacement(Span(span.start, got.end()), f"{match['host']} has{' to' if got['to'] else ''}", True)
        verb = None if asked else _is_or_has(text, following, after)
        if verb == "is" and match["host"].lower() == "there" and _SEVERAL.match(text, span.end):
            verb = "are"
        return Replacement(span, f"{match['host']} {verb}" if verb else "", bool(verb))
    if match["noun"]:
        return _expand_noun(text, match, span, after, asked)
    short = match["short"].lower()
    if short == "d":
        verb = _had_or_would(after)
        made = match["short"] == "d" and _MADE_VERB.search(text, max(0, span.start - 2), span.start)
        if made and verb != "had" and after not in _AFTER_WOULD:
            return None
        return Replacement(span, f" {verb}" if verb else "", bool(verb) and not asked)
    if short == "ve" and got:
        return Replacement(Span(span.start, got.end()), f" have{' to' if got['to'] else ''}", not asked)
    word = {"ll": "will", "ve": "have", "re": "are", "m": "am"}[short]
    return Replacement(span, f" {word}", not asked)


def _expand_not(text: str, span: Span, word: str, asked: bool) -> Replacement | None:
    stem = word.lower()[:-3]
    long = {"wo": "will not", "ca": "cannot", "sha": "shall not"}.get(stem, f"{word[:-3]} not")
    if stem in ("wo", "ca", "sha") and word[0].isupper():
        long = long.capitalize()
    inverted = _PRONOUN.match(text, span.end) and (asked or _INVERTS.search(text, max(0, span.start - 12), span.start))
    begins = STARTS.search(text, max(0, span.start - 6), span.start)
    # "And don't forget" speaks to the reader; the long form would hide it.
    orders = stem == "do" and _ORDERS.search(text, max(0, span.start - 12), span.start)
    if stem in ("", "ai") or orders:
        return Replacement(span, "", False)
    talk = _DENIES_AGAIN.match(text, span.end) or (
        stem == "do" and _SINGULAR.search(text, max(0, span.start - 6), span.start)
    )
    return Replacement(span, long, not (asked or inverted or begins or talk))


def _expand_to(text: str, span: Span, word: str) -> Replacement:
    before = text[max(0, span.start - 30) : span.start]
    if word == "gonna" and re.search(
        r"(?:\b(?:am|is|are|was|were|be|been|not)|['’](?:s|re|m)|n['’]t)\s+$", before, re.IGNORECASE
    ):
        return Replacement(span, "going to", True)
    if (
        word == "wanna"
        and re.search(
            r"\b(?:they|we|you|i|to|not|who|people|don['’]t|didn['’]t|doesn['’]t|might|may|will)\s+$",
            before,
            re.IGNORECASE,
        )
        and not re.match(r"\s+(?:the|an?|be)\b", text[span.end : span.end + 12])
    ):
        return Replacement(span, "want to", True)
    return Replacement(span, "", False)


def _expand_noun(text: str, match: re.Match[str], span: Span, after: str, asked: bool) -> Replacement | None:
    noun = match["noun"].lower()
    if (
        noun in word_class("names_in_s")
        or noun in _SUBJECTS_OF_S.split("|")
        or text[max(0, span.start - 4) : span.start].endswith("St. ")
    ):
        return None
    been = after in ("been", "got")
    verb = "has" if been else "is"
    # "at Boyd's the beer is cold": before an article only an editor can tell.
    certain = not asked and after not in ("a", "an", "the") and after != "got"
    return Replacement(Span(match.start("ns"), match.end("ns")), f" {verb}", certain)


def _is_or_has(text: str, following: re.Match[str] | None, word: str) -> str | None:
    if following is None or word == "own":
        return None
    if not word.isascii() or not word[0].isalpha():
        return "is"
    if word in word_class("has_only"):
        return "has"
    if word in word_class("after_is"):
        return "is"
    if word in word_class("same_as_base"):
        return "is" if word == "set" and text.startswith(" to ", following.end()) else None
    if word in word_class("after_has"):
        tail = text[following.end() : following.end() + 12]
        # "He's done." may be that he has finished, or that it is over with him.
        if word == "done" and not re.match(r"\s+\w", tail):
            return None
        return None if re.match(r"\s+(?:by|in|of|from)\b", tail) else "has"
    if word in participles() or (word.endswith("ed") and word not in word_class("base_in_ed")):
        return "has" if _DETERMINER.match(text, following.end()) and word not in word_class("two_objects") else None
    return "is"


def _had_or_would(word: str) -> str | None:
    if not word.isascii() or not word[:1].isalpha() or "'" in word:
        return None
    if word == "better" or word in word_class("has_only") - {"become"}:
        return "had"
    if word in ("rather", "sooner", "like", "be", "have"):
        return "would"
    if word in word_class("same_as_base"):
        return None
    if word in participles() or (word.endswith("ed") and word not in word_class("base_in_ed")):
        return "had"
    return "would"
