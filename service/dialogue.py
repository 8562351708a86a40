"""Constructed dialogue (W8) as indirect speech, where no word of it would have to change."""

from __future__ import annotations

import re

from service.quotations import find_quotations, is_constructed
from service.spans import Span

_BE = r"(?P<be>\s+(?:was|were|is|are)|'s|'re)"
_CUE = re.compile(rf"(?<=\w){_BE}\s+(?:(?:just|basically|literally|all)\s+)?(?:like|all),?\s+$")
_CUE_REACH = 60
_BARE = re.compile(
    rf"(?<=\w){_BE}\s+(?:(?:just|basically|literally|all)\s+)?(?:like|all),\s+(?P<words>[^\".!?]{{1,600}})(?P<stop>\.)(?=\s|$)"
)
_LAST_WORD = re.compile(r"(\w+)$")
_PERSON = re.compile(r"\b(?:i|me|my|we|us|our|ours|you|your|yours|u|ur|ya|y'all|let's)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"(?:(?:the|an?|this|that|these|those|his|her|their|its|all|both)\s+(?:[\w'-]+\s+){1,3}?"
    r"|(?:he|she|it|they|there|no one|nobody|everyone|everybody|nothing|everything)\s*)"
    r"(?:'s|'re|is|are|was|were|has|have|had|will|would|can|cannot|could|should|might|must|did|does|do)\b",
    re.IGNORECASE,
)


def report_dialogue(text: str) -> str:
    """Turn "was like, the deal is off" into "said the deal is off" where no person would have to change."""
    changes: list[tuple[Span, str]] = []
    for quotation in find_quotations(text):
        if not is_constructed(text, quotation):
            continue
        start = quotation.outer.start
        cue = _CUE.search(text, max(0, start - _CUE_REACH), start)
        words = quotation.inner.of(text)
        tail = text[quotation.inner.end : quotation.outer.end].strip('" ')
        if cue and _is_statement(words) and tail in ("", ".", ","):
            follows = text[quotation.outer.end : quotation.outer.end + 1]
            stop = tail if tail == "." or follows not in (".", "") else ""
            changes.append((Span(cue.start(), quotation.outer.end), f" said {_uncapitalised(words)}{stop}"))
    for match in _BARE.finditer(text):
        subject = _LAST_WORD.search(text, max(0, match.start() - _CUE_REACH), match.start())
        if (
            subject
            and subject[1].lower() not in ("it", "that", "this", "there", "what", "i", "you", "we")
            and _is_statement(match["words"])
        ):
            changes.append((Span(*match.span()), f" said {_uncapitalised(match['words'])}."))
    for span, new in reversed(sorted(changes)):
        text = text[: span.start] + new + text[span.end :]
    return text


def _is_statement(words: str) -> bool:
    return _PERSON.search(words) is None and not re.search(r"[!?\"…]", words) and _CLAUSE.match(words) is not None


def _uncapitalised(words: str) -> str:
    return words[0].lower() + words[1:]
