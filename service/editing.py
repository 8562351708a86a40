"""Edit by rule: the safe rung where no model can be used, and the last polish where one was.

A phrase that no rule can put right for certain is left to the lint: a fault that stays is flagged, a wrong edit is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from service.chatter import LOUD_NAMES, loud_words
from service.contractions import find_contractions
from service.dialogue import report_dialogue
from service.loaded_words import find_loaded
from service.quotations import real_quotations
from service.spans import Span
from service.speech import Replacement, indent, replace_outside_quotations
from service.stripping import drop_chat, strip_emoji, strip_openers, strip_tags

_STRAIGHT = str.maketrans({"“": '"', "”": '"', "„": '"', "‟": '"', "‘": "'", "’": "'", "‛": "'"})
# Each round can uncover work for the next ("Okay, so, look, ..."); a text that never settles is left as it was.
_ROUNDS = 8


def straighten(text: str) -> str:
    r"""Make typographic quotation marks and apostrophes straight; nothing else changes.

    >>> straighten("“It’s on”")
    '"It\'s on"'
    """
    return text.translate(_STRAIGHT)


def edit(text: str, *, headline: bool = False) -> str:
    """Bring a text closer to wire copy by rules that are certain.

    Real quotations stay word for word (only their marks become straight), and so do names, figures, negations and
    hedges. To edit a text twice changes nothing more.

    Args:
        text: A paragraph or a headline.
        headline: Whether it is a headline, which has no final stop.

    Returns:
        The copy; empty where the text is nothing but chat.

    >>> edit("So, the cops won't say why!")
    'Police will not say why.'
    """
    plain = straighten(text)
    copy = plain
    for _ in range(_ROUNDS):
        edited = _edit_once(copy, headline=headline)
        if edited == copy:
            return copy
        copy = edited
    return plain


def _edit_once(text: str, *, headline: bool) -> str:
    copy = text if headline else drop_chat(text)
    steps: list[Callable[[str], str]] = [strip_emoji, strip_openers, strip_tags, _plain_words]
    steps += [_headline_marks] if headline else [report_dialogue, _lower_loud_words, _calm_marks]
    for step in steps:
        edited = step(copy)
        if _keeps_quotations(copy, edited):
            copy = edited
    return copy


def _keeps_quotations(before: str, after: str) -> bool:
    return before == after or _quoted_words(before) == _quoted_words(after)


def _quoted_words(text: str) -> list[str]:
    return [quotation.inner.of(text) for quotation in real_quotations(text)]


def _plain_words(text: str) -> str:
    changes: list[tuple[Span, str]] = []
    for found in find_loaded(text):
        if found.certain and found.plain and not _would_clash(text, found):
            changes.append(_fit(text, found.span, found.plain))
    for found in find_contractions(text):
        if found.certain and found.plain:
            changes.append(_fit(text, found.span, found.plain))
    changes += _emphatic_figures(text)
    return replace_outside_quotations(text, changes)


_AMOUNT_BEFORE = re.compile(
    r"(?:\d|\b(?:million|billion|thousand|hundred|few|couple|several|two|three|four|five|six|seven|eight|nine|ten|twenty|thirty"
    r"|forty|fifty|sixty|seventy|eighty|ninety))\s+$"
)


def _would_clash(text: str, found: Replacement) -> bool:
    before = text[max(0, found.span.start - 14) : found.span.start].lower()
    after = text[found.span.end : found.span.end + 24]
    # "A people", "no no one", "somebody else's".
    if re.search(r"\b(?:a|an|one|each|every|another)\s+$", before) and found.plain in (
        "people",
        "police",
        "dollars",
        "children",
    ):
        return True
    # "Brace yourselves, folks." speaks to them.
    if (
        found.plain in ("people", "children", "father", "mother")
        and before.endswith(", ")
        and after[:1] in (*",.!?", "")
    ):
        return True
    if found.plain == "no one" and re.search(
        r"n't\b|\bnot\b|\bnever\b", text[max(0, found.span.start - 30) : found.span.start]
    ):
        return True
    if found.plain.endswith(" one") and (after.startswith("'s") or re.search(r"\b(?:a|an|the|every|some)\s+$", before)):
        return True
    # "Police" and "dollars" have no possessive or singular verb to match what stands after.
    if after[:1] == "-" or before[-1:] == "-":
        return True
    return (
        found.plain in ("dollars", "million")
        and _AMOUNT_BEFORE.search(text, max(0, found.span.start - 30), found.span.start) is None
    )


# The apostrophe of "kids' phones"; marks of quotations are never touched.
_BARE_POSSESSIVE = re.compile(r"(?<=s)'(?=\s\S)")


def _fit(text: str, span: Span, plain: str) -> tuple[Span, str]:
    """Give the new words the capital letter of the old, and the article before them its right form."""
    old = span.of(text)
    if old[0].isupper() and not (old.isupper() and len(old) > 1 and plain.islower() and not _opens(text, span)):
        plain = plain[0].upper() + plain[1:]
    if _BARE_POSSESSIVE.match(text, span.end) and not plain.endswith("s"):
        span, plain = Span(span.start, span.end + 1), f"{plain}'s"
    article = re.search(r"\b(a|an)\s$", text[max(0, span.start - 4) : span.start], re.IGNORECASE)
    if article is None or plain[0] == " ":
        return span, plain
    start = max(0, span.start - 4) + article.start()
    right = "an" if plain[0].lower() in "aeiou" and not re.match(r"(?:uni|use|eu|one)", plain.lower()) else "a"
    if article[1][0].isupper():
        right = right.capitalize()
    return Span(start, span.end), f"{right} {plain}"


def _opens(text: str, span: Span) -> bool:
    return re.search(r"(?:^|[.!?…]\s+|\n)$", text[max(0, span.start - 4) : span.start]) is not None


_EMPHASIS = re.compile(
    r"(?P<article>\b[Aa]n?\s+)(?:whopping|staggering|stunning|eye-watering|measly|jaw-dropping|eye-popping|mind-blowing|mind-boggling|cool|massive|shocking|incredible|huge)\s+"
    r"(?=(?:[$€£]?\d[\d,.]*%?|two|three|four|five|six|seven|eight|nine)(?:\s+(?:million|billion|trillion|thousand|percent|pounds|dollars|euros))?(?:\s*[.,;:!?)]|\s*$|\s+(?:of|in|by|from|to|for|on|at|over|and|since|after|before|this|last|\w+s|people|percent)\b))"
)


def _emphatic_figures(text: str) -> list[tuple[Span, str]]:
    """Let a figure speak for itself: "a whopping 40 percent" is "40 percent"."""
    return [(Span(*match.span()), "") for match in _EMPHASIS.finditer(text) if match["article"][0] == "a"]


# Longest neighbour that is looked at.
_NEIGHBOUR = 60


def _lower_loud_words(text: str) -> str:
    changes: list[tuple[Span, str]] = []
    for span, certain in loud_words(text):
        before, after = text[max(0, span.start - _NEIGHBOUR) : span.start], text[span.end : span.end + _NEIGHBOUR]
        neighbours = (before.split() or [""])[-1], (after.split() or [""])[0]
        # A shouted run may hold a name; a single word among small letters does not.
        if any(len(word) > 1 and word.strip(".,!?;:'\"").isupper() for word in neighbours) or not certain:
            continue
        word = span.of(text).lower()
        changes.append((span, word.capitalize() if _opens(text, span) else word))
    return replace_outside_quotations(text, changes)


# --- marks ---

_LOUD_END = re.compile(r"(?<!!)(?P<mark>!+)(?P<close>[)\]]*)(?=\s*$|\s*\n|\s+[\"'(\[]?[A-Z0-9])")


def _calm_marks(text: str) -> str:
    changes = [
        (Span(*match.span("mark")), "")
        if text[match.start() - 1 : match.start()] in (".", "?", "…")
        or text[max(0, match.start() - 2) : match.start()] in ('."', '?"', '!"')
        else (Span(*match.span("mark")), ".")
        for match in _LOUD_END.finditer(text)
        if match.start() > indent(text) and not LOUD_NAMES.search(text, max(0, match.start() - 24), match.start())
    ]
    return replace_outside_quotations(text, changes)


_HEADLINE_END = re.compile(r"(?<![A-Z])(?<!\.[a-z])(?<!\b(?:Jr|Sr|Co|St|No))(?<!\b(?:Inc|Ltd))(?<!\bCorp)\.$|(?<!!)!+$")


def _headline_marks(text: str) -> str:
    changes = [
        (Span(*match.span()), "")
        for match in _HEADLINE_END.finditer(text)
        if not LOUD_NAMES.search(text[: match.start()]) and not text[: match.start()].endswith("..")
    ]
    return replace_outside_quotations(text, changes)
