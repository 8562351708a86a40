"""Who did what to whom, exchanged within a sentence or between two."""

from __future__ import annotations

import re
from itertools import combinations
from random import Random

from evaluation.perturbations.inventory import read_class
from evaluation.perturbations.passage import Passage
from evaluation.perturbations.planted import Change, Edit
from evaluation.perturbations.words import verb_form

_ACTORS = frozenset({"PERSON", "ORG", "GPE", "NORP"})


def _actor(passage: Passage, number: int) -> bool:
    word = passage.words[number]
    return (word.pos == "PROPN" and word.entity in {*_ACTORS, ""}) or (
        word.pos == "NOUN" and word.lemma in read_class("actor")
    )


def _noun_phrase(passage: Passage, number: int) -> tuple[int, int] | None:
    """Give the first and the last word of a short phrase without clauses and commas."""
    low, high = passage.edges[number]
    if passage.lower(number) in {"half", "rest", "part", "most", "all", "some", "none", "one"}:
        return None
    if high > number:
        cut = [n for n in passage.children[number] if n > number]
        if any(passage.pos(n) in {"VERB", "AUX", "CCONJ", "PUNCT", "SCONJ"} for n in cut):
            return None
    if passage.touches_quotation(passage.span(low, high)) or passage.pos(high) not in {"NOUN", "PROPN"}:
        return None
    inner = {passage.lower(n) for n in range(low, high + 1)}
    if inner & {"itself", "himself", "herself", "themselves"} or (passage.pos(number) == "PROPN" and "of" in inner):
        return None
    text = passage.span(low, high).of(passage.text)
    return (low, high) if len(text.split()) <= 7 and not re.search(r"[,;:\"“”]", text) else None


def role_swapped(passage: Passage, random: Random) -> list[Change]:
    """Let the subject and the object of a verb change places, also in the passive."""
    changes: list[Change] = []
    for verb, word in enumerate(passage.words):
        form = verb_form(passage, verb)
        if (
            word.pos != "VERB"
            or passage.quotes(word.span.start)
            or form is None
            or word.lemma in read_class("symmetric")
        ):
            continue
        subject = passage.subject(verb)
        if subject is None or form == "base" or passage.lower(verb - 1) == "to":
            continue
        contact = word.lemma in read_class("contact") and passage.pos(subject) in {"NOUN", "PROPN"}
        if not (contact or _actor(passage, subject)):
            continue
        other = passage.object(verb)
        if other is None and not passage.passive(verb):
            changes += _counterparts(passage, verb, subject)
        if passage.passive(verb) and form == "participle":
            agents = [n for n in passage.children[verb] if n > verb and passage.lower(n) == "by"]
            inner = [n for agent in agents for n in passage.children[agent] if n > agent]
            other = inner[0] if inner else None
            if other is None or _many(passage, other) != _many(passage, subject):
                continue
        elif form in {"third", "base"} and other is not None and _many(passage, other) != _many(passage, subject):
            continue
        if other is not None and not contact and not _actor(passage, other):
            changes += _counterparts(passage, verb, subject)
        if (
            other is None
            or not ((contact and passage.pos(other) in {"NOUN", "PROPN"}) or _actor(passage, other))
            or passage.words[other].lemma == passage.words[subject].lemma
        ):
            continue
        a, b = _noun_phrase(passage, subject), _noun_phrase(passage, other)
        if (
            a is None
            or b is None
            or any(passage.lower(n) in {"his", "her", "its", "their"} for n in range(b[0], b[1] + 1))
        ):
            continue
        changes.append(
            (Edit(passage.span(*a), passage.inner(*b)), Edit(passage.span(*b), passage.inner(*a))),
        )
    return changes


def _counterparts(passage: Passage, verb: int, subject: int) -> list[Change]:
    """Let a subject change places with whom it acted against, from whom it bought, to whom it gave."""
    changes: list[Change] = []
    holders = [verb, *(n for n in passage.children[verb] if n > verb and passage.pos(n) == "NOUN")]
    for holder in holders:
        for link in passage.children[holder]:
            if link < holder or passage.lower(link) not in {"against", "from", "to", "by", "over", "for", "with"}:
                continue
            if passage.lower(link) in {"for", "with", "by", "over"} and passage.words[verb].lemma not in {
                "vote",
                "play",
                "work",
                "win",
            }:
                continue
            for other in passage.children[link]:
                a, b = _noun_phrase(passage, subject), _noun_phrase(passage, other)
                if passage.lower(other) == "court" and other == link + 1:
                    continue
                if other < link or not _actor(passage, other) or a is None or b is None:
                    continue
                if passage.words[other].entity == "GPE" or passage.words[subject].lemma == passage.words[other].lemma:
                    continue
                if any(passage.lower(n) in {"his", "her", "its", "their"} for n in range(b[0], b[1] + 1)):
                    continue
                changes.append(
                    (Edit(passage.span(*a), passage.inner(*b)), Edit(passage.span(*b), passage.inner(*a))),
                )
    return changes


def _many(passage: Passage, number: int) -> bool:
    word = passage.words[number]
    return (word.text.lower() != word.lemma and word.text.endswith("s")) or word.lemma in {"police", "people"}


def sentence_blended(passage: Passage, random: Random) -> list[Change]:
    """Exchange the objects, the complements or the subjects of two sentences."""
    slots = _slots(passage)
    changes: list[Change] = []
    for (sort, first), (other, second) in combinations(slots, 2):
        a, b = passage.span(*first), passage.span(*second)
        one, two = a.of(passage.text), b.of(passage.text)
        if sort != other or passage.sentence(a.start) == passage.sentence(b.start) or one.lower() == two.lower():
            continue
        if set(one.lower().split()) & set(two.lower().split()) - {"the", "a", "an", "of", "in"}:
            continue
        changes.append((Edit(a, passage.inner(*second)), Edit(b, passage.inner(*first))))
    return changes


def _slots(passage: Passage) -> list[tuple[str, tuple[int, int]]]:
    slots: list[tuple[str, tuple[int, int]]] = []
    for number, word in enumerate(passage.words):
        if passage.quotes(word.span.start) or word.pos not in {"NOUN", "PROPN"}:
            continue
        head = passage.heads[number]
        phrase = _noun_phrase(passage, number)
        if phrase is None or head == number or passage.touches_quotation(passage.span(*phrase)):
            continue
        if any(
            passage.lower(n) in {"he", "she", "it", "they", "who", "which", "that", "this"}
            for n in range(phrase[0], phrase[1] + 1)
        ):
            continue
        timed = word.entity in {"DATE", "TIME", "PERCENT", "MONEY", "CARDINAL", "QUANTITY"} or word.lemma in {
            "day",
            "year",
            "month",
            "week",
            "time",
        }
        sort = (
            word.entity
            if word.pos == "PROPN" and word.entity in _ACTORS
            else "person"
            if word.lemma in read_class("actor")
            else ""
        )
        if (
            passage.pos(head) == "ADP"
            and head == phrase[0] - 1
            and passage.pos(passage.heads[head]) == "VERB"
            and passage.heads[head] < head
        ):
            place = passage.lower(head)
            if (
                place in {"in", "at", "near", "outside", "from", "by", "with", "for"}
                and not timed
                and passage.words[phrase[0]].text not in {"which", "whom"}
            ):
                slots.append((f"{place} {sort or word.pos}", phrase))
        elif passage.pos(head) == "VERB" and passage.subject(head) == number and sort:
            many = "s" if _many(passage, number) else ""
            slots.append((f"subject {many}", phrase))
        elif (
            passage.pos(head) == "VERB"
            and passage.object(head) == number
            and not timed
            and verb_form(passage, head) == "past"
        ):
            slots.append(
                (f"object {sort or word.pos}", phrase) if word.pos == "NOUN" else ("object name " + sort, phrase)
            )
    return slots
