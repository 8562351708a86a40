"""Facts and items of lists that are lost."""

from __future__ import annotations

import re
from random import Random

from evaluation.perturbations.inventory import read_class
from evaluation.perturbations.passage import Passage
from evaluation.perturbations.planted import Change, Edit
from evaluation.perturbations.words import verb_form
from service.spans import Span

_CLAUSE = re.compile(
    r",? (?P<word>because|although|though|after|before|unless|if|when|while|since|until|as long as"
    r"|so that)\b[^.!?\"“”;:]*(?=[.])"
)
_RELATIVE = re.compile(r", (?:who|which|whose|where)\b[^,.;:\"“”]*(?P<end>,(?= )|(?=[.]))")
_APPOSITION = re.compile(
    r"(?<=[a-z\w]), (?:a|an|the|his|her|its|their|one of)\b [^,.;:\"“”]{3,60}(?P<end>,(?= (?!and\b"
    r"|or\b|but\b))|(?=\.(?: |$)))"
)
_PARTICIPLE = re.compile(
    r", (?:[a-z]+ing|including|compared with|down from|up from|despite|citing)\b [^.;:\"“”]{6,90}(?=\.(?: |$))"
)


def fact_omitted(passage: Passage, random: Random) -> list[Change]:
    """Drop a sentence, a clause, an apposition or a prepositional phrase."""
    changes = _phrases(passage) + _clauses(passage) + _second_verbs(passage)
    sentences = _sentences(passage)
    return changes + sentences + sentences[:2]


def _second_verbs(passage: Passage) -> list[Change]:
    """Drop the second of two verbs of one subject, with all that hangs on it, at the end of a sentence."""
    changes: list[Change] = []
    for number, word in enumerate(passage.words):
        verb = passage.heads[number]
        if word.text not in {"and", "but"} or verb > number or passage.pos(verb) not in {"VERB", "AUX"}:
            continue
        seconds = [n for n in passage.children[verb] if n > number and passage.pos(n) == "VERB"]
        if not seconds or passage.subject(seconds[0]) is not None or verb_form(passage, seconds[0]) != "past":
            continue
        low, high = passage.edges[seconds[0]]
        start = passage.words[number - 1].span.start if passage.lower(number - 1) == "," else word.span.start - 1
        span = Span(start, passage.words[high].span.end)
        if low == number + 1 and passage.text[span.end : span.end + 1] == "." and not passage.touches_quotation(span):
            changes.append((Edit(span, ""),))
    return changes


def _sentences(passage: Passage) -> list[Change]:
    text = passage.text
    changes: list[Change] = []
    for position, sentence in enumerate(passage.sentences):
        words = sentence.of(text).strip()
        if len(passage.sentences) < 2 or words.count('"') % 2 or len(words.split()) < 4 or "\n" in words:
            continue
        if position + 1 < len(passage.sentences):
            following = passage.sentences[position + 1].of(text).lstrip('"“ ')
            # The next sentence must not hang on the lost one.
            if position == 0 or re.match(
                r"(?:He|She|It|They|His|Her|Its|Their|That|This|But|The|These|Both|Neither)\b", following
            ):
                continue
            changes.append((Edit(Span(sentence.start, passage.sentences[position + 1].start), ""),))
        else:
            changes.append(
                (
                    Edit(
                        Span(
                            passage.sentences[position - 1].start
                            + len(passage.sentences[position - 1].of(text).rstrip()),
                            len(text),
                        ),
                        "",
                    ),
                )
            )
    return changes


def _clauses(passage: Passage) -> list[Change]:
    text = passage.text
    changes: list[Change] = []
    for pattern in (_CLAUSE, _RELATIVE, _APPOSITION, _PARTICIPLE):
        for match in pattern.finditer(text):
            span = Span(*match.span())
            if passage.touches_quotation(span) or re.search(
                r"\b(?:and|or|but|not|only|that|shortly|hours?|days?|weeks?|months?|years?|minutes?"
                r"|is|was|even|just|said|soon|,)$",
                text[: span.start],
            ):
                continue
            if pattern is _CLAUSE and re.search(r"\b(?:said|according to|added|which|who)\b", match[0]):
                continue
            if pattern in (_APPOSITION, _PARTICIPLE) and re.search(
                r" (?:said|says|told|was|were|is|had|has|and|but) ?", match[0]
            ):
                continue
            if pattern is _APPOSITION and not _named_before(passage, span.start):
                continue
            if pattern is _RELATIVE and not match["end"] and re.search(r"\bsaid\b", match[0]):
                continue
            # A comma before a clause that goes on belongs to the pair and goes with it.
            changes.append((Edit(span, ""),))
    return changes


def _named_before(passage: Passage, position: int) -> bool:
    before = [n for n, word in enumerate(passage.words) if word.span.end <= position]
    return (
        bool(before)
        and passage.pos(before[-1]) == "PROPN"
        and passage.words[before[-1]].entity in {"PERSON", "ORG", "GPE", "FAC"}
    )


def _phrases(passage: Passage) -> list[Change]:
    text = passage.text
    changes: list[Change] = []
    for number, word in enumerate(passage.words):
        if word.pos != "ADP" or word.text not in read_class("free preposition") or number == 0:
            continue
        low, high = passage.edges[number]
        head = passage.heads[number]
        if low != number or head > number or high - number < 1 or high - number > 12:
            continue
        if (
            passage.pos(head) not in {"VERB", "NOUN"}
            or passage.words[head].lemma in read_class("needs preposition")
            or passage.pos(number - 1) in {"ADP", "AUX", "CCONJ", "SCONJ"}
        ):
            continue
        if (
            passage.pos(head) == "NOUN"
            and word.text in {"for", "with", "by", "between", "against", "on"}
            and number - head == 1
        ) and passage.words[head].lemma in {
            "deal",
            "talk",
            "charge",
            "case",
            "fight",
            "ban",
            "vote",
            "difference",
            "increase",
            "decrease",
            "percent",
        }:
            continue
        span = Span(word.span.start - 1, passage.words[high].span.end)
        following = text[span.end : span.end + 1]
        if text[span.start] != " " or passage.touches_quotation(span) or not re.match(r"[ ,.;]|$", following):
            continue
        content = [n for n in range(number + 1, high + 1) if passage.pos(n) in {"NOUN", "PROPN", "NUM"}]
        if not content or re.match(
            r"(?:in|at|on|for) (?:addition|all|least|fact|favor|part|place|order|charge|a row|which|whom)\b",
            text[word.span.start :],
        ):
            continue
        if re.search(
            r"\b(?:than|as|from|up|down|out|back|not|only|even|about|between|just|away|more|less"
            r"|fewer|earlier|later|shortly|early|late|hours?|days?|weeks?|months?|years?)$",
            text[: span.start],
        ):
            continue
        if word.text == "from" and re.match(r" to\b", text[span.end :]):
            continue
        if (text[span.start - 1] == "," and following == ",") or (
            text[span.start - 1] == "," and following in {".", ""}
        ):
            span = Span(span.start - 1, span.end)
        elif text[span.start - 1] == ",":
            continue
        changes.append((Edit(span, ""),))
    return changes


def list_item_dropped(passage: Passage, random: Random) -> list[Change]:
    """Drop one of the items of a list of two or more."""
    text = passage.text
    changes: list[Change] = []
    for number, word in enumerate(passage.words):
        if word.text not in {"and", "or"}:
            continue
        middle = _middle_item(passage, number)
        if middle is not None and not passage.touches_quotation(middle):
            changes.append((Edit(middle, ""),))
            continue
        first = passage.heads[number]
        if first > number or passage.pos(first) not in {"NOUN", "PROPN"}:
            continue
        items = [n for n in passage.children[first] if n > number and passage.pos(n) in {"NOUN", "PROPN"}]
        if not items:
            continue
        item = items[0]
        low, high = passage.edges[item]
        if low != number + 1:
            continue
        last = Span(passage.words[low].span.start, passage.words[high].span.end)
        if passage.touches_quotation(Span(passage.words[first].span.start, last.end)):
            continue
        if passage.lower(passage.edges[first][0] - 1) == ",":
            continue
        if passage.pos(high + 1) in {"VERB", "AUX"}:
            continue
        changes += _first_item(passage, first, number, item)
        subject = passage.pos(passage.heads[first]) in {"VERB", "AUX"} and passage.heads[first] > number
        if subject or re.search(
            r"\b(?:between|both|either|two)\b", text[max(0, word.span.start - 50) : word.span.start]
        ):
            continue
        if passage.lower(item) in {"none", "one", "others", "two", "more", "less", "half"}:
            continue
        if re.match(r"[,.;]|$", text[last.end : last.end + 1]) and high - low < 8:
            changes.append((Edit(Span(word.span.start - 1, last.end), ""),))
    return changes


def _first_item(passage: Passage, first: int, number: int, item: int) -> list[Change]:
    """Drop "A and" from "A and B" where no verb has to agree with the two."""
    start = passage.edges[first][0]
    head = passage.heads[first]
    if passage.pos(head) == "VERB" and head > number:
        plain = passage.words[head].text.endswith("ed") or passage.lower(head) == "said"
        agrees = not plain or bool(passage.auxiliaries(head))
    else:
        agrees = passage.pos(head) not in {"VERB", "ADP"} or head > start
    before = passage.lower(start - 1)
    words = passage.span(start, number - 1).of(passage.text)
    determined = passage.pos(number + 1) in {"DET", "NUM", "PROPN"} or passage.lower(item).endswith("s")
    paired = before in {"between", "both", "either", "among", "than"} or re.search(r"[,;:\"“”]", words)
    if agrees or paired or not determined or number - start > 5 or passage.lower(item) in {"none", "one", "others"}:
        return []
    if {passage.words[item].entity, passage.words[first].entity} & {"DATE", "TIME", "QUANTITY"} or passage.lower(
        number + 1
    ) in {
        "then",
        "its",
        "his",
        "her",
        "their",
    }:
        return []
    return [(Edit(Span(passage.words[start].span.start, passage.words[number + 1].span.start), ""),)]


def _middle_item(passage: Passage, number: int) -> Span | None:
    """Give the item before the last of "A, B and C" with its comma."""
    start = number - 1
    while start > 0 and passage.lower(start) != "," and number - start < 8:
        if passage.pos(start) in {"VERB", "AUX", "SCONJ", "PUNCT", "CCONJ"}:
            return None
        start -= 1
    if passage.lower(start) != "," or start == number - 1 or start == 0:
        return None
    opening = passage.pos(start + 1) in {"NOUN", "PROPN", "DET", "ADJ", "NUM"}
    if not opening or {passage.pos(start - 1), passage.pos(number - 1)} - {"NOUN", "PROPN"}:
        return None
    ending = next((n for n in range(number + 1, len(passage.words)) if passage.heads[n] < number + 1), None)
    if ending is None or passage.pos(ending) not in {"NOUN", "PROPN"} or ending > number + 6:
        return None
    whole = passage.heads[ending]
    nominal = passage.pos(whole) in {"NOUN", "PROPN"} and whole < number
    timed = {passage.words[start - 1].entity, passage.words[start + 1].entity} & {"DATE", "TIME"}
    if (
        passage.lower(start - 1).endswith("s")
        and passage.pos(start - 1) == "NOUN"
        and passage.pos(start + 1) == "PROPN"
    ):
        return None
    if not nominal or timed or any(passage.pos(n) == "PRON" for n in range(start + 1, number) if n != start + 1):
        return None
    return Span(passage.words[start].span.start, passage.words[number].span.start - 1)
