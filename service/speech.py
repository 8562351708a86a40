"""The words of casual speech, and what copy has in their place: contractions and loaded words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from service.lexicon import read_rows
from service.quotations import real_quotations
from service.spans import Span


@dataclass(frozen=True)
class Replacement:
    """Casual words and the words of copy that mean the same.

    Attributes:
        span: Where the casual words stand.
        plain: What copy says; empty where the words only have to go.
        certain: Whether a rule may put it in; if not, it takes an editor who sees the context.
    """

    span: Span
    plain: str
    certain: bool


def quoted_spans(text: str) -> tuple[Span, ...]:
    """Find what nobody may touch or blame: real quotations, those in single marks included."""
    spans = [quotation.outer for quotation in real_quotations(text)]
    spans += [Span(*match.span()) for match in _SINGLE_QUOTED.finditer(text)]
    return tuple(sorted(spans))


def outside(span: Span, quoted: tuple[Span, ...]) -> bool:
    """Tell whether ``span`` touches none of the ``quoted`` spans."""
    return not any(span.overlaps(other) for other in quoted)


# 'Tis, '90s and 'em open nothing.
_SINGLE_QUOTED = re.compile(
    r"(?<![\w'’])['‘](?!(?:em|til|till|cause|bout|round|tis|twas|n)\b|\d0?s?\d?s?\b)(?=\w)"
    r"[^'‘’\n\"]*(?:(?<=\w)['’]\w+[^'‘’\n\"]*)*(?<=[\w.,!?…])['’](?![\w'])"
)


@cache
def word_class(name: str) -> frozenset[str]:
    """Give the words of a closed class from ``word_classes.tsv``."""
    return frozenset(next(words for row, words in read_rows("word_classes.tsv") if row == name).split())


# --- verbs ---


@dataclass(frozen=True)
class VerbForms:
    """The forms of a verb, each with the words that follow it in a phrase.

    Attributes:
        base: As in ``to slam``.
        third: As in ``she slams``.
        past: As in ``she slammed``.
        participle: As in ``she has slammed``.
        gerund: As in ``slamming``.
    """

    base: str
    third: str
    past: str
    participle: str
    gerund: str


@cache
def _irregular() -> dict[str, tuple[str, str]]:
    return {base: (past, participle) for base, past, participle in read_rows("verb_forms.tsv")}


_DOUBLING = re.compile(r"(?:^|-)(?:qu|[^aeiou])*[aeiouy][bdgklmnprtz]$")
_DOUBLES_ANYWAY = frozenset({"skyrocket"})


def inflect(phrase: str) -> VerbForms:
    """Give the forms of a verb or of a phrase that begins with one.

    >>> inflect("cut back").gerund, inflect("slam").past, inflect("rise sharply").participle
    ('cutting back', 'slammed', 'risen sharply')
    """
    verb, blank, rest = phrase.partition(" ")
    rest = blank + rest
    doubled = verb + verb[-1] if _DOUBLING.search(verb) else verb
    sibilant = re.search(r"(?:s|x|z|ch|sh|[^aeiou]o)$", verb)
    yod = re.search(r"[^aeiou]y$", verb)
    third = verb[:-1] + "ies" if yod else verb + "es" if sibilant else verb + "s"
    regular = verb[:-1] + "ied" if yod else verb + "d" if verb.endswith("e") else doubled + "ed"
    past, participle = _irregular().get(verb, (regular, regular))
    if verb.endswith("ie"):
        gerund = verb[:-2] + "ying"
    elif re.search(r"[^eoy]e$", verb) and verb != "be":
        gerund = verb[:-1] + "ing"
    else:
        gerund = doubled + "ing"
    return VerbForms(*(form + rest for form in (verb, third, past, participle, gerund)))


def plural(noun: str) -> str:
    """Give the plural of a noun or of a phrase that ends in one.

    >>> plural("police officer"), plural("child"), plural("buddy")
    ('police officers', 'children', 'buddies')
    """
    for singular, irregular in (
        ("child", "children"),
        ("woman", "women"),
        ("man", "men"),
        ("person", "people"),
        ("wife", "wives"),
    ):
        if noun.endswith(singular):
            return noun[: -len(singular)] + irregular
    if re.search(r"[^aeiou]y$", noun):
        return noun[:-1] + "ies"
    return noun + ("es" if re.search(r"(?:s|x|z|ch|sh)$", noun) else "s")


# --- loaded words ---


@dataclass(frozen=True)
class _Entry:
    words: tuple[str, ...]
    plain: str
    # The plain form after "has" or "was", where it differs.
    participle: str
    certain: bool
    # The form is spelled like a noun, so that what stands before it must tell: "base", "third" or "".
    doubtful: str
    not_after: frozenset[str]
    not_before: frozenset[str]


_TOKEN = re.compile(r"['’]?[A-Za-z0-9][\w'’/;.-]*")
_TAIL = "'’.;-/"
_AFTER_HAVE = re.compile(
    r"(?:\b(?:has|have|had|having|be|been|being|is|are|was|were|get|gets|got)|['’]ve)(?:n['’]t)?(?:\s+(?:not|never|already|just|now|also|since|\w+ly))?\s+$",
    re.IGNORECASE,
)


def _spread(kind: str, loaded: str, plain: str) -> Iterator[tuple[str, str, str, str]]:
    if kind in "ve":
        forms = inflect(loaded)
        targets = inflect(plain) if not plain.startswith("?") else VerbForms(*[plain] * 5)
        yield forms.past, targets.past, targets.participle, ""
        if forms.participle != forms.past:
            yield forms.participle, targets.participle, targets.participle, ""
        if kind == "v":
            single = " " not in loaded
            yield forms.base, targets.base, targets.base, "base" if single else ""
            yield forms.third, targets.third, targets.third, "third" if single else ""
            yield forms.gerund, targets.gerund, targets.gerund, ""
    elif kind == "n":
        yield loaded, plain, plain, ""
        many = plain if plain.startswith("?") else plural(plain)
        yield plural(loaded), many, many, ""
    else:
        yield loaded, plain, plain, ""


@cache
def _entries() -> dict[str, tuple[_Entry, ...]]:
    """Give the loaded phrases by their first word, the longest first."""
    table: dict[tuple[str, ...], _Entry] = {}
    for kind, alternatives, plain, *context in read_rows("loaded_words.tsv"):
        not_after, not_before = (frozenset(words.split("|")) - {""} for words in (*context, "", "")[:2])
        for loaded in alternatives.split("|"):
            for form, target, participle, doubtful in _spread(kind, loaded, plain):
                words = tuple(form.split(" "))
                certain = not plain.startswith("?")
                shown = target.lstrip("?")
                table.setdefault(
                    words, _Entry(words, shown, participle.lstrip("?"), certain, doubtful, not_after, not_before)
                )
    by_first: dict[str, list[_Entry]] = {}
    for words, entry in table.items():
        by_first.setdefault(words[0], []).append(entry)
    return {first: tuple(sorted(group, key=lambda e: -len(e.words))) for first, group in by_first.items()}


def find_loaded(text: str) -> Iterator[Replacement]:
    """Find the loaded and slangy words of a text (W4), quoted or not, in order.

    >>> [(r.span.of("Cops nabbed him"), r.plain) for r in find_loaded("Cops nabbed him")]
    [('Cops', 'police'), ('nabbed', 'arrested')]
    """
    entries = _entries()
    tokens = [(match.start(), match[0]) for match in _TOKEN.finditer(text)]
    forms = [token.replace("’", "'") for _, token in tokens]
    position = 0
    while position < len(tokens):
        found = _match(entries, tokens, forms, position, text)
        if found is None:
            position += 1
            continue
        replacement, used = found
        yield replacement
        position += used


def _match(
    entries: dict[str, tuple[_Entry, ...]], tokens: list[tuple[int, str]], forms: list[str], position: int, text: str
) -> tuple[Replacement, int] | None:
    form = forms[position]
    for first in dict.fromkeys((form, form.lower(), form.rstrip(_TAIL), form.rstrip(_TAIL).lower())):
        for entry in entries.get(first, ()):
            count = len(entry.words)
            last = position + count - 1
            if last >= len(tokens):
                continue
            follow = [forms[position + offset].lower() for offset in range(1, count)]
            if follow and follow[-1] != entry.words[-1]:
                follow[-1] = follow[-1].rstrip(_TAIL)
            if tuple(follow) != entry.words[1:]:
                continue
            end = tokens[last][0] + len(entry.words[-1] if count > 1 else first)
            span = Span(tokens[position][0], end)
            if count > 1 and re.search(r"[^\w\s'’-]", text[span.start : span.end - 1]):
                continue
            before = forms[position - 1].lower() if position else ""
            after = forms[last + 1].lower().rstrip(_TAIL) if last + 1 < len(forms) else ""
            if before in entry.not_after or after in entry.not_before or _is_name(text, span, form):
                continue
            sure = _reads_as_verb(entry.doubtful, forms[position - 1] if position else "")
            if sure is None:
                continue
            plain = entry.plain
            if entry.participle != plain and _AFTER_HAVE.search(text, max(0, span.start - 40), span.start):
                plain = entry.participle
            # "TIL" and "DEPT" may be names of something.
            shouted = form.isupper() and len(form) > 1
            return Replacement(span, plain, entry.certain and sure and not shouted), count
    return None


def _reads_as_verb(doubtful: str, before: str) -> bool | None:
    """Tell whether a form that a noun may share is a verb here; None where it is none."""
    if doubtful == "base":
        return True if before.lower() in word_class("before_verb") else None
    if doubtful == "third":
        if before.lower() in ("he", "she", "it", "who", "which", "also"):
            return True
        return (
            None
            if not before or before.lower() in word_class("before_noun") or before[0].isdigit()
            else before[0].isupper()
        )
    return True


_STARTS = re.compile(r"(?:^|[.!?…:;—\n]|[\"“‘(])[\"“”’')\]]*\s*$")


def _is_name(text: str, span: Span, form: str) -> bool:
    """A capital letter inside a sentence makes a name of any word ("Massive Attack")."""
    if not form[:1].isupper() or (form.isupper() and len(form) > 3):
        return False
    if not _STARTS.search(text, max(0, span.start - 6), span.start):
        return True
    following = re.match(r"['’]?s?\s+([A-Z][a-z]+)", text[span.end : span.end + 40])
    return following is not None


# --- contractions ---

_SUBJECTS_OF_S = "he|she|it|that|what|who|there|here|where|how|when|this"
_ADVERBS = r"(?:not|never|already|just|only|also|always|since|now|still|yet|even|basically|probably|[a-z]+ly)"
_DETERMINER = re.compile(
    r"\s+(?:the|an?|his|her|its|their|this|that|these|those|\$?\d|two|three|four|five|six|about|every|all)\b|\s+[\"“$€£]"
)
_CONTRACTION = re.compile(
    rf"""
    \b(?P<not>\w*n['’]t)\b
    | (?<=\w)['’](?P<short>ll|ve|re|d|m)\b
    | \b(?P<host>{_SUBJECTS_OF_S})(?P<s>['’]s)\b
    | (?P<noun>\b[A-Za-z][\w-]*)(?P<ns>['’]s)(?=\s+(?:been|gonna|got\s+(?:a|an|the|to)
        |(?:going|trying|supposed|set|about)\s+to|not|no\s+longer|a|an|the)\b)
    | \b(?P<let>let['’]s)\b
    | \b(?P<to>gonna|wanna|gotta)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
_NEXT = re.compile(rf"\s+(?:{_ADVERBS}\s+)*([A-Za-z][\w'’-]*|[\"“$€£\d])", re.IGNORECASE)
_PRONOUN = re.compile(r"\s+(?:i|you|he|she|it|we|they|that|this|there|the|these|those)\b", re.IGNORECASE)
_INVERTS = re.compile(r"(?:^|[.!?…,;:—–(\n]\s*|\b(?:why|how|where|when|what|who|and|but|so|or)\s+)$", re.IGNORECASE)
_ORDERS = re.compile(r"(?:\b(?:and|but|so|or|please|just)\s+|,\s+)$", re.IGNORECASE)


@cache
def _participles() -> frozenset[str]:
    return frozenset(participle for _, participle in _irregular().values()) | {"gotten", "got", "had"}


_GOT = re.compile(r"\s+got(?:(?P<to>ta)\b|(?=\s+(?!\w+ed\b)[\w$€£]))", re.IGNORECASE)


def find_contractions(text: str) -> Iterator[Replacement]:
    """Find the contractions of a text, quoted or not, in order, with their long forms where these are certain.

    >>> [r.plain for r in find_contractions("He's gone and it's raining, so they won't.")]
    ['He has', 'it is', 'will not']
    """
    for match in _CONTRACTION.finditer(text):
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
        return Replacement(span, f"{match['host']} {verb}" if verb else "", bool(verb))
    if match["noun"]:
        return _expand_noun(text, match, span, after, asked)
    short = match["short"].lower()
    if short == "d":
        verb = _had_or_would(after)
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
    begins = _STARTS.search(text, max(0, span.start - 6), span.start)
    # "And don't forget" speaks to the reader; the long form would hide it.
    orders = stem == "do" and _ORDERS.search(text, max(0, span.start - 12), span.start)
    if stem in ("", "ai") or orders:
        return Replacement(span, "", False)
    return Replacement(span, long, not (asked or inverted or begins))


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
        and not re.match(r"\s+(?:the|an?|be)\b", text[span.end :])
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
        return "is" if word == "set" and text[following.end() :].startswith(" to ") else None
    if word in word_class("after_has"):
        tail = text[following.end() : following.end() + 12]
        return None if re.match(r"\s+(?:by|in|of|from)\b", tail) else "has"
    if word in _participles() or (word.endswith("ed") and word not in word_class("base_in_ed")):
        return "has" if _DETERMINER.match(text, following.end()) and word not in word_class("two_objects") else None
    return "is"


def _had_or_would(word: str) -> str | None:
    if not word.isascii() or not word[:1].isalpha() or "'" in word:
        return None
    if word == "better" or word in word_class("has_only") - {"become"}:
        return "had"
    if word in ("rather", "like", "be", "have"):
        return "would"
    if word in word_class("same_as_base"):
        return None
    if word in _participles() or (word.endswith("ed") and word not in word_class("base_in_ed")):
        return "had"
    return "would"
