"""Words exchanged for neighbours and opposites: predicates, relations, directions, comparisons, order of events."""

from __future__ import annotations

import re
from functools import cache
from random import Random

from evaluation.perturbations.inventory import forms, read_class, read_neighbours, read_rows
from evaluation.perturbations.passage import Passage
from evaluation.perturbations.planted import Change, Edit
from service.inflection import plural
from service.spans import Span

_PARTICLES = frozenset({"up", "off", "down", "away", "back", "over", "out", "apart", "aside"})
_CLAUSAL = frozenset({"that", "whether", "how", "why", "to", "what"})
_DEGREES = {"more": "less", "less": "more"}


def verb_form(passage: Passage, number: int) -> str | None:
    """Name the form of a verb: ``base``, ``third``, ``past``, ``participle`` or ``gerund``."""
    word = passage.words[number]
    if word.pos != "VERB" or not word.text.isalpha():
        return None
    table, text = forms(word.lemma), word.text.lower()
    if text == table.gerund:
        return "gerund"
    helpers = passage.auxiliaries(number)
    perfect = any(passage.words[n].lemma in {"be", "have"} for n in helpers)
    infinitive = passage.lower(number - 1) == "to" or any(
        passage.lower(n) in {"will", "would", "can", "could", "may", "might", "must", "should", "did", "do", "does"}
        for n in helpers
    )
    if text == table.base and (infinitive or text != table.past):
        return "base"
    if text == table.third:
        return "third"
    if text == table.past != table.participle:
        return "past"
    if text == table.participle:
        bare = passage.heads[number] < number and passage.pos(passage.heads[number]) in {"NOUN", "PROPN", "PRON"}
        reduced = bare and passage.subject(number) is None
        modifier = passage.heads[number] > number and passage.pos(passage.heads[number]) in {"NOUN", "PROPN"}
        return "participle" if perfect or reduced or modifier or table.past != table.participle else "past"
    return None


def inflected(phrase: str, form: str) -> str:
    """Give a form of a verb phrase, as ``verb_form`` names it."""
    text: str = getattr(forms(phrase), form)
    return text


def predicate_changed(passage: Passage, random: Random) -> list[Change]:
    """Exchange an ordinary verb, adjective, noun or adverb."""
    return _exchanged(passage, "predicates.tsv")


def relation_changed(passage: Passage, random: Random) -> list[Change]:
    """Exchange what someone is to another, or what was done to someone."""
    return _exchanged(passage, "relations.tsv")


def direction_flipped(passage: Passage, random: Random) -> list[Change]:
    """Turn a rise into a fall, early into late, above into below."""
    return _exchanged(passage, "directions.tsv")


def comparison_changed(passage: Passage, random: Random) -> list[Change]:
    """Exchange a comparison, a rank or a quantifier."""
    return _phrases(passage, "comparisons.tsv")


def time_order_changed(passage: Passage, random: Random) -> list[Change]:
    """Exchange what came before and what came after."""
    return _phrases(passage, "times.tsv")


def position_changed(passage: Passage, random: Random) -> list[Change]:
    """Exchange north and south, inside and outside."""
    return _phrases(passage, "positions.tsv")


def _exchanged(passage: Passage, file: str) -> list[Change]:
    changes: list[Change] = []
    for number, word in enumerate(passage.words):
        if passage.quotes(word.span.start) or _named(passage, number):
            continue
        if word.pos == "VERB":
            changes += _verbs(passage, number, file)
        elif word.pos == "NOUN":
            changes += _nouns(passage, number, file)
        elif word.pos == "ADJ":
            changes += _adjectives(passage, number, file)
        elif word.pos in {"ADV", "ADP", "SCONJ"}:
            changes += _adverbs(passage, number, file)
    return changes


def _named(passage: Passage, number: int) -> bool:
    word = passage.words[number]
    return word.entity in {"PERSON", "ORG", "GPE", "FAC", "PRODUCT", "WORK_OF_ART", "EVENT", "LAW"} or (
        word.text[:1].isupper() and not passage.starts_sentence(number) and word.entity != "NORP"
    )


def _verbs(passage: Passage, number: int, file: str) -> list[Change]:
    word = passage.words[number]
    form = verb_form(passage, number)
    if form is None:
        return []
    rows = dict(read_neighbours(file, "verb"))
    following = passage.lower(number + 1)
    passive = form == "participle" and not any(passage.words[n].lemma == "have" for n in passage.auxiliaries(number))
    if file == "directions.tsv" and word.lemma in read_class("measured") and not _by_measure(passage, number):
        return []
    if (
        file == "directions.tsv"
        and word.lemma == "raise"
        and re.match(r" (?:about |nearly |more than |less than )?[$€£\d]", passage.text[word.span.end :])
    ):
        return []
    target = passage.object(number)
    if file == "directions.tsv" and target is not None:
        amount = (
            passage.words[target].entity in {"PERCENT", "MONEY", "CARDINAL", "QUANTITY"} or passage.pos(target) == "NUM"
        )
        moves = word.lemma in read_class("measured") - {"lose", "top", "cut", "extend", "ease", "advance"}
        if (moves and not amount) or passage.lower(target) in {"money", "funds", "capital", "cash"}:
            return []
    if (target is not None and not _complement(passage, number, target)) or passive:
        rows |= read_neighbours(file, "verbt")
    elif following not in _CLAUSAL:
        rows |= read_neighbours(file, "verbi")
    changes: list[Change] = []
    for phrase, others in rows.items():
        lemma, _, rest = phrase.partition(" ")
        if lemma != word.lemma:
            continue
        if not rest and (following in _PARTICLES or passage.lower(number - 1) == "-" or following == "-"):
            continue
        if not rest and passive and phrase in read_neighbours(file, "verb"):
            continue
        if not rest and following in _CLAUSAL and file != "directions.tsv":
            continue
        span = _followed(passage, number, rest, passive=passive and target is None)
        if span is None:
            continue
        for other in others:
            if (
                passive
                and " " in other
                and other.split()[-1] in {"to", "from", "short", "of", "for", "against"}
                and not rest
            ):
                continue
            changes.append((Edit(span, inflected(other, form)),))
    return changes


def _by_measure(passage: Passage, number: int) -> bool:
    """Tell whether a figure or a degree follows a verb, as in "slid 3%" and "dropped sharply"."""
    following = range(number + 1, min(number + 7, len(passage.words)))
    return any(
        passage.pos(n) in {"NUM", "SYM"} or passage.lower(n) in {"sharply", "slightly", "steadily"} for n in following
    )


def _followed(passage: Passage, number: int, rest: str, *, passive: bool) -> Span | None:
    start = passage.words[number].span.start
    text = passage.text
    if not rest:
        return passage.words[number].span
    end = passage.words[number].span.end
    if text.startswith(" " + rest, end) and not text[end + 1 + len(rest) : end + 2 + len(rest)].isalpha():
        return Span(start, end + 1 + len(rest))
    return None


def _complement(passage: Passage, verb: int, target: int) -> bool:
    """Tell whether a noun to the right stands after another word that takes it, or opens a clause."""
    return any(passage.lower(n) in {"that", "whether"} for n in range(verb + 1, target))


def _nouns(passage: Passage, number: int, file: str) -> list[Change]:
    rows = read_neighbours(file, "noun")
    text, lemma = passage.lower(number), passage.words[number].lemma
    if passage.lower(number + 1) == "-" or passage.lower(number - 1) == "-":
        return []
    if text == "loss" and re.match(r" of (?![$€£])", passage.text[passage.words[number].span.end :]):
        return []
    # A noun in front of a noun is often half of a fixed name of a thing ("fire marshal", "school board").
    if passage.pos(number + 1) in {"NOUN", "PROPN"} and passage.heads[number] > number and file == "predicates.tsv":
        return []
    if (
        passage.pos(number - 1) in {"NOUN", "PROPN"}
        and passage.heads[number - 1] == number
        and file == "predicates.tsv"
    ):
        return []
    others = list(rows.get(text, ()))
    if not others and lemma in rows and lemma != text and text == plural(lemma):
        others = [plural(other) for other in rows[lemma]]
    return [(Edit(passage.words[number].span, other),) for other in others]


def _adjectives(passage: Passage, number: int, file: str) -> list[Change]:
    rows = read_neighbours(file, "adj")
    text = passage.words[number].text
    if passage.lower(number + 1) == "-" or passage.lower(number - 1) in {
        "-",
        "years",
        "year",
        "feet",
        "miles",
        "meters",
    }:
        return []
    if text.lower() in _DEGREES:
        # "more" as a quantity is no direction unless something follows to compare with.
        return []
    found = rows.get(text) or rows.get(text.lower()) or ()
    return [(Edit(passage.words[number].span, other),) for other in found if passage.lower(number + 1) != other]


def _adverbs(passage: Passage, number: int, file: str) -> list[Change]:
    rows = read_neighbours(file, "adv")
    text = passage.lower(number)
    if passage.lower(number + 1) == "-" or passage.lower(number - 1) == "-":
        return []
    if text in {"up", "down", "over", "under", "forward", "back", "early", "late"} and not _measured(passage, number):
        return []
    return [(Edit(passage.words[number].span, other),) for other in rows.get(text, ())]


def _lasting(passage: Passage, number: int) -> bool:
    """Tell whether a span of time follows, as in "over seven years"."""
    return any(
        passage.words[n].lemma in {"year", "month", "week", "day", "hour"}
        for n in range(number + 1, min(number + 4, len(passage.words)))
    )


def _measured(passage: Passage, number: int) -> bool:
    """Tell whether a word of direction goes with a figure or a date, as in "up 3%" or "early Sunday"."""
    following = number + 1
    while passage.lower(following) in {
        "about",
        "nearly",
        "by",
        "more",
        "than",
        "from",
        "in",
        "to",
        "$",
        "the",
        "roughly",
    }:
        following += 1
    text = passage.lower(number)
    if text in {"over", "under"} and _lasting(passage, number):
        return False
    if text in {"up", "down"} and passage.lower(number + 1) == "to":
        return False
    if text in {"over", "under"} and following != number + 1:
        return False
    if following >= len(passage.words):
        return False
    word = passage.words[following]
    if text in {"early", "late"}:
        return word.entity in {"DATE", "TIME"} and number + 1 == following
    verb = passage.pos(number - 1) == "VERB" and passage.words[number - 1].lemma not in {"go", "move", "tick", "edge"}
    return word.pos == "NUM" and not verb


@cache
def _pattern(file: str) -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    rows = read_neighbours(file, "phrase")
    longest = sorted(rows, key=len, reverse=True)
    pattern = "|".join(re.escape(phrase) for phrase in longest)
    return re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.IGNORECASE), rows


_FIXED = re.compile(
    r"(?:look(?:s|ed|ing)? after|named? after|take(?:s|n)? after|after all|no longer|not all|at all|first of all|"
    r"over (?:the weekend|time|there)|once again|all right|so many|too many|how many|as many as (?:they|it|he|she)|"
    r"far from|later on|half past|half-|both sides|ever since|or (?:more|less|so)|under (?:way"
    r"|pressure|review|fire|the)|"
    r"over (?:the|a|its|his|her|their|an?)\b|all of a|the first time|first time|at first glance)",
    re.IGNORECASE,
)


def _phrases(passage: Passage, file: str) -> list[Change]:
    pattern, rows = _pattern(file)
    changes: list[Change] = []
    for match in pattern.finditer(passage.text):
        span = Span(*match.span())
        if passage.quotes(span.start) or any(
            fixed.start() < span.end and span.start < fixed.end() for fixed in _FIXED.finditer(passage.text)
        ):
            continue
        if not _fits(passage, span, match[0].lower()):
            continue
        changes += [(Edit(span, other),) for other in rows[match[0].lower()]]
    return changes


def _fits(passage: Passage, span: Span, phrase: str) -> bool:
    after = passage.text[span.end : span.end + 40].lower()
    before = passage.text[max(0, span.start - 30) : span.start].lower()
    words = [n for n in passage.numbers(span)]
    if any(passage.words[n].text[:1].isupper() and not passage.starts_sentence(n) for n in words):
        return False
    figure = re.match(
        r" (?:\$|£|€)?(?:\d|one|two|three|four|five|six|seven|eight|nine|ten|a dozen"
        r"|half|twice)",
        after,
    )
    if phrase == "only" and re.match(r" one\b", after):
        return False
    if phrase == "before" and re.search(r"(?:since|the (?:week|day|month|year|night)) $", before):
        return False
    if phrase in {"more than", "less than", "fewer than"}:
        return bool(figure)
    if phrase == "then" and before.endswith(("since ", "by ", "until ", "and ")):
        return False
    if phrase in {"over", "under"} and _lasting(passage, words[-1]):
        return False
    if phrase == "one of" and before.endswith("than "):
        return False
    if phrase in {"until", "when"} and re.match(r" (?:at least|about|\"|“|\d+%)", after):
        return False
    if phrase in {
        "over",
        "under",
        "only",
        "as many as",
        "as much as",
        "up to",
        "nearly",
        "almost",
        "at least",
        "about",
    }:
        return bool(figure)
    if phrase in {"few", "many", "several", "all", "every", "both", "half", "most", "third", "quarter"}:
        noun = next((n for n in range(words[-1] + 1, min(words[-1] + 4, len(passage.words)))), None)
        following = passage.pos(noun) if noun is not None else ""
        if phrase in {"third", "quarter", "half"}:
            return bool(re.match(r" of (?:the|its|their|his|her|all|those|them|what)\b", after)) and before.endswith(
                "a "
            )
        return following in {"NOUN", "ADJ"} and not before.endswith(("the ", "a ", "its ", "at ", "his ", "her "))
    if phrase in {"double", "triple", "doubled", "tripled"}:
        return bool(words) and passage.pos(words[0]) == "VERB"
    if phrase in {
        "largest",
        "biggest",
        "tallest",
        "oldest",
        "fastest",
        "busiest",
        "highest",
        "worst",
        "best",
        "deadliest",
    }:
        return bool(re.search(r"(?:the|['’]s|its|their|his|her) $", before))
    if phrase in {"the last", "the first", "the second", "the only", "the most", "the least", "the same"}:
        return not re.match(r" (?:time|to\b|of|since|two|three|four|six|\d|in\b|week|month|year|day|as\b)", after)
    if phrase == "after":
        return not re.match(r"[- ](?:hours|tax|all|school|effects)", after) and not _DURATION.match(after)
    if phrase == "before":
        return not re.match(
            r" (?:(?:a|the|an) )?(?:\d+ (?!a\.m|p\.m)|[\w-]*judge|court|committee|crowd|panel"
            r"|council|audience|jury|magistrate|Congress|Senate|(?:which|whom)\b)",
            after,
        )
    if phrase in {"since", "until", "during", "following", "when", "first"}:
        adposition = any(passage.pos(n) in {"ADP", "SCONJ", "ADV"} for n in words)
        return (adposition and not before.endswith(("ever ", "not "))) or (phrase == "until" and "not" not in before)
    if phrase == "later":
        return bool(re.search(r"(?:hours?|days?|weeks?|months?|years?|minutes?) $", before))
    if phrase == "earlier":
        return bool(re.search(r"(?:hours?|days?|weeks?|months?|years?|minutes?) $", before))
    return True


_DURATION = re.compile(
    r" (?:an?|one|two|three|four|five|six|seven|eight|nine|\d[\d.,]*|several|a few)[ -](?:half )?"
    r"(?:hour|day|week|month|year|minute|decade)"
)
_AFTER_VERB = frozenset({"not", "it", "he", "she", "they", "we", "i", "the", "never"})
_QUOTE_WORD = re.compile(r"[A-Za-z]+(?:['’][a-z]+)?")


def quotation_altered(passage: Passage, random: Random) -> list[Change]:
    """Change, drop or turn a word inside a quotation."""
    table = {row[0]: row[1] for row in read_rows("quoted_words.tsv")}
    changes: list[Change] = []
    for quotation in passage.quoted:
        matches = list(_QUOTE_WORD.finditer(passage.text, quotation.start + 1, quotation.end - 1))
        if len(matches) < 2:
            continue
        for match in matches:
            span = Span(*match.span())
            word = match[0]
            other = table.get(word) or table.get(word.lower())
            if other and not _quoted_stop(passage, span, word.lower()):
                opening = span.start == quotation.start + 1 or (word == word.capitalize() and word != "I")
                changes.append((Edit(span, other[:1].upper() + other[1:] if opening and word[0].isupper() else other),))
            if word.lower() in {"not", "really", "very", "just", "always", "totally", "absolutely", "probably", "only"}:
                changes += _without(passage, span)
            if word.lower() in {"is", "was", "are", "were", "will", "can", "would", "should"}:
                following = _QUOTE_WORD.match(passage.text, span.end + 1)
                if following and following[0].lower() not in _AFTER_VERB and span.start > quotation.start + 1:
                    changes.append((Edit(Span(span.end, span.end), " not"),))
            if re.search(r"n['’]t$", word) and word.lower()[:-3] in {
                "is",
                "was",
                "are",
                "were",
                "do",
                "does",
                "did",
                "could",
                "would",
                "should",
            }:
                changes.append((Edit(Span(span.end - 3, span.end), ""),))
        changes += _quoted_inventory(passage, quotation)
    return changes


def _without(passage: Passage, span: Span) -> list[Change]:
    inside = passage.text[span.end : span.end + 1] == " " and passage.text[span.start - 1] == " "
    return [(Edit(Span(span.start, span.end + 1), ""),)] if inside else []


def _quoted_stop(passage: Passage, span: Span, word: str) -> bool:
    numbers = list(passage.numbers(span))
    pos = passage.pos(numbers[0]) if numbers else ""
    after = passage.text[span.end : span.end + 12]
    if after[:1] in {"-", "'", "’"} or passage.text[span.start - 1] in "-'’":
        return True
    if word in {"i", "we", "they"}:
        return bool(re.match(r" (?:am|was|are|were|have|do)\b", after)) or pos != "PRON"
    if word in {"right", "like", "still", "just", "will", "can", "help", "work", "well", "thought", "felt", "little"}:
        return (
            pos not in {"ADV", "ADJ", "NOUN"}
            if word in {"right", "still", "just", "little"}
            else pos not in {"VERB", "AUX"}
        )
    if word in {"going", "coming", "need", "want"}:
        return pos != "VERB" or after.startswith(" to")
    if word in {
        "first",
        "last",
        "more",
        "less",
        "long",
        "enough",
        "before",
        "after",
        "only",
        "all",
        "how",
        "because",
        "my",
        "our",
    }:
        return word in {"all", "only", "long"} and pos not in {"ADJ", "DET", "ADV"}
    return False


def _quoted_inventory(passage: Passage, quotation: Span) -> list[Change]:
    changes: list[Change] = []
    for number in passage.numbers(quotation):
        word = passage.words[number]
        if word.text[:1].isupper():
            continue
        for file in ("predicates.tsv", "directions.tsv"):
            if word.pos == "VERB":
                changes += _verbs(passage, number, file)
            elif word.pos == "NOUN":
                changes += _nouns(passage, number, file)
            elif word.pos == "ADJ":
                changes += _adjectives(passage, number, file)
    return changes
