"""Edit by rule: the safe rung where no model can be used, and the last polish where one was.

A phrase that no rule can put right for certain is left to the lint: a fault that stays is flagged, a wrong edit is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from service.certainty import find_cues
from service.quotations import find_quotations, is_constructed, real_quotations
from service.sentences import split_sentences
from service.spans import Span
from service.speech import Replacement, find_contractions, find_loaded, outside, quoted_spans, word_class
from service.style import EMOJI, LOUD_NAMES, SENTENCE_START, compile_chat, find_bare_so, loud_words

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
    copy = text if headline else _drop_chat(text)
    steps: list[Callable[[str], str]] = [_strip_emoji, _strip_openers, _strip_tags, _plain_words]
    steps += [_headline_marks] if headline else [_report_dialogue, _lower_loud_words, _calm_marks]
    for step in steps:
        edited = step(copy)
        if _keeps_quotations(copy, edited):
            copy = edited
    return copy


def _keeps_quotations(before: str, after: str) -> bool:
    return before == after or _quoted_words(before) == _quoted_words(after)


def _quoted_words(text: str) -> list[str]:
    return [quotation.inner.of(text) for quotation in real_quotations(text)]


def _replace(text: str, replacements: Iterable[tuple[Span, str]]) -> str:
    """Put in every replacement that touches no quotation and none before it.

    Constructed dialogue is left as it was filed as well, until it can be reported as a whole.
    """
    quoted = (*quoted_spans(text), *(quotation.outer for quotation in find_quotations(text)))
    pieces: list[str] = []
    position = 0
    for span, new in sorted(replacements):
        if span.start < position or not outside(span, quoted):
            continue
        pieces += [text[position : span.start], new]
        position = span.end
    return "".join([*pieces, text[position:]])


# --- sentences that are nothing but chat ---

_INNER_NAME = re.compile(r"(?<=[\w,;:'-]\s)(?!I\b)[A-Z][\w'-]*")


def _drop_chat(text: str) -> str:
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


def _strip_openers(text: str) -> str:
    cuts: list[tuple[Span, str]] = []
    for match in compile_chat("opener", SENTENCE_START, _AFTER_OPENER).finditer(text):
        cuts.append(_cut_opening(text, Span(*match.span())))
    for match in compile_chat("strip", SENTENCE_START, r"\s+").finditer(text):
        cuts.append(_cut_opening(text, Span(*match.span())))
    for span in find_bare_so(text):
        # Later in a text a bare "so" may give a consequence.
        if not text[: span.start].strip() and text[span.end : span.end + 1] == " ":
            cuts.append(_cut_opening(text, Span(span.start, span.end + 1)))
    return _replace(text, cuts)


def _cut_opening(text: str, span: Span) -> tuple[Span, str]:
    """Take words away and give the next word their capital letter, unless its own letters say otherwise."""
    word = _LOWER_WORD.match(text, span.end)
    if word is None:
        return span, ""
    return Span(span.start, span.end + 1), text[span.end].upper()


def _strip_tags(text: str) -> str:
    cuts: list[tuple[Span, str]] = []
    for match in compile_chat("tag", r"(?<=[\w\"')%]),\s+", r"\s*(?P<end>[.!?…]+)(?=\s|$)").finditer(text):
        cuts.append((Span(*match.span()), "."))
    for match in compile_chat("tail", r"(?<=[\w\"')%.!?,])\s+", r"\s*(?P<end>[.!?…]*)(?=\s*$)").finditer(text):
        before = text[match.start() - 1]
        cuts.append((Span(match.start() - (before == ","), match.end()), "" if before in ".!?" else "."))
    for match in compile_chat("aside", r"(?<=\w)(?P<comma>,)\s+", r",(?=\s)").finditer(text):
        commas = _commas(text, match.start(), match.end())
        if commas is not None:
            cuts.append((Span(*match.span()), commas))
    return _replace(text, cuts)


def _commas(text: str, start: int, end: int) -> str | None:
    """Tell what is left of the commas around an aside; None where only an editor can tell."""
    before = re.search(r"(\w+)$", text[max(0, start - 20) : start])
    if before and before[1].lower() in word_class("link"):
        return ""
    return "," if re.match(r"\s+(?:and|but|so|who|which|though|although|because)\b", text[end:]) else None


def _strip_emoji(text: str) -> str:
    cuts: list[tuple[Span, str]] = []
    for match in EMOJI.finditer(text):
        flag_or_key = any("\U0001f1e6" <= c <= "\U0001f1ff" or c in "\u20e3#*" or c.isdigit() for c in match[0])
        before, after = text[: match.start()].rstrip(" "), text[match.end() :]
        # An emoji inside a sentence may stand for a word, a flag for a country.
        bounded = not before or before[-1] in ".!?…:,;\n)\"'" or EMOJI.search(before[-3:])
        ends = (
            not after.strip(" .!?")
            or after.lstrip(" ")[:1] == "\n"
            or EMOJI.match(after.lstrip(" "))
            or (bounded and after.lstrip(" ")[:1].isupper())
        )
        opens = not before or before[-1] == "\n"
        if flag_or_key or not (ends or opens):
            continue
        start = len(before) if ends and before and before[-1] != "\n" else match.start()
        end = match.end() + (len(after) - len(after.lstrip(" ")) if opens else 0)
        cuts.append((Span(start, end), ""))
    for match in _LAST_HASHTAGS.finditer(text):
        cuts.append((Span(*match.span()), ""))
    return _replace(text, cuts)


# A tag of one capitalised word may be a name; one with a numeral may be a figure.
_LAST_HASHTAGS = re.compile(r"(?<=[.!?…])(?:\s+#(?:[a-z]+|[A-Z][a-z]+(?:[A-Z][a-z]+)+)(?!\w))+(?=\s*$)")

# --- words ---


def _plain_words(text: str) -> str:
    changes: list[tuple[Span, str]] = []
    for found in find_loaded(text):
        if found.certain and found.plain and not _would_clash(text, found):
            changes.append(_fit(text, found.span, found.plain))
    for found in find_contractions(text):
        if found.certain and found.plain:
            changes.append(_fit(text, found.span, found.plain))
    changes += _emphatic_figures(text)
    return _replace(text, changes)


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
    if found.plain == "no one" and re.search(
        r"n't\b|\bnot\b|\bnever\b", text[max(0, found.span.start - 30) : found.span.start]
    ):
        return True
    if found.plain.endswith(" one") and (after.startswith("'s") or re.search(r"\b(?:a|an|the|every|some)\s+$", before)):
        return True
    # "Police" and "dollars" have no possessive or singular verb to match what stands after.
    if after[:1] == "-" or before[-1:] == "-":
        return True
    return found.plain in ("dollars", "million") and _AMOUNT_BEFORE.search(text[: found.span.start]) is None


def _fit(text: str, span: Span, plain: str) -> tuple[Span, str]:
    """Give the new words the capital letter of the old, and the article before them its right form."""
    old = span.of(text)
    if old[0].isupper() and not (old.isupper() and len(old) > 1 and plain.islower() and not _opens(text, span)):
        plain = plain[0].upper() + plain[1:]
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


def _lower_loud_words(text: str) -> str:
    changes: list[tuple[Span, str]] = []
    for span, certain in loud_words(text):
        neighbours = (text[: span.start].split() or [""])[-1], (text[span.end :].split() or [""])[0]
        # A shouted run may hold a name; a single word among small letters does not.
        if any(len(word) > 1 and word.strip(".,!?;:'\"").isupper() for word in neighbours) or not certain:
            continue
        word = span.of(text).lower()
        changes.append((span, word.capitalize() if _opens(text, span) else word))
    return _replace(text, changes)


# --- constructed dialogue ---

_BE = r"(?P<be>\s+(?:was|were|is|are)|'s|'re)"
_BARE = re.compile(
    rf"(?<=\w){_BE}\s+(?:(?:just|basically|literally|all)\s+)?(?:like|all),\s+(?P<words>[^\".!?]+)(?P<stop>\.)(?=\s|$)"
)
_PERSON = re.compile(r"\b(?:i|me|my|we|us|our|ours|you|your|yours|u|ur|ya|y'all|let's)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"(?:(?:the|an?|this|that|these|those|his|her|their|its|all|both)\s+(?:[\w'-]+\s+){1,3}?"
    r"|(?:he|she|it|they|there|no one|nobody|everyone|everybody|nothing|everything)\s*)"
    r"(?:'s|'re|is|are|was|were|has|have|had|will|would|can|cannot|could|should|might|must|did|does|do)\b",
    re.IGNORECASE,
)


def _report_dialogue(text: str) -> str:
    """Turn "was like, the deal is off" into "said the deal is off" where no person would have to change."""
    changes: list[tuple[Span, str]] = []
    for quotation in find_quotations(text):
        if not is_constructed(text, quotation):
            continue
        cue = re.search(
            rf"(?<=\w){_BE}\s+(?:(?:just|basically|literally|all)\s+)?(?:like|all),?\s+$", text[: quotation.outer.start]
        )
        words = quotation.inner.of(text)
        tail = text[quotation.inner.end : quotation.outer.end].strip('" ')
        if cue and _is_statement(words) and tail in ("", ".", ","):
            follows = text[quotation.outer.end : quotation.outer.end + 1]
            stop = tail if tail == "." or follows not in (".", "") else ""
            changes.append((Span(cue.start(), quotation.outer.end), f" said {_uncapitalised(words)}{stop}"))
    for match in _BARE.finditer(text):
        subject = re.search(r"(\w+)$", text[: match.start()])
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


# --- marks ---

_LOUD_END = re.compile(r"(?P<mark>!+)(?P<close>[)\]]*)(?=\s*$|\s*\n|\s+[\"'(\[]?[A-Z0-9])")


def _calm_marks(text: str) -> str:
    changes = [
        (Span(*match.span("mark")), "")
        if text[match.start() - 1 : match.start()] in (".", "?", "…")
        or text[max(0, match.start() - 2) : match.start()] in ('."', '?"', '!"')
        else (Span(*match.span("mark")), ".")
        for match in _LOUD_END.finditer(text)
        if text[: match.start()].strip() and not LOUD_NAMES.search(text[: match.start()])
    ]
    return _replace(text, changes)


_HEADLINE_END = re.compile(r"(?<![A-Z])(?<!\.[a-z])(?<!\b(?:Jr|Sr|Co|St|No))(?<!\b(?:Inc|Ltd))(?<!\bCorp)\.$|!+$")


def _headline_marks(text: str) -> str:
    changes = [
        (Span(*match.span()), "")
        for match in _HEADLINE_END.finditer(text)
        if not LOUD_NAMES.search(text[: match.start()]) and not text[: match.start()].endswith("..")
    ]
    return _replace(text, changes)
