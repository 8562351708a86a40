"""Names, places and pronouns that are changed or exchanged."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations
from random import Random

from evaluation.perturbations.inventory import read_class, read_groups
from evaluation.perturbations.passage import Entity, Passage
from evaluation.perturbations.planted import Change, Edit
from evaluation.perturbations.words import position_changed
from service.spans import Span

_NAME = re.compile(r"[A-ZÀ-Þ][\w'’.-]*(?: (?:[A-ZÀ-Þ][\w'’.-]*|van|von|de|der|al|bin|da|di|del|la))*")


@cache
def _place_group() -> dict[str, str]:
    groups = read_groups("places.tsv")
    return {name: group for group in reversed(list(groups)) for name in groups[group] if group != "capital"}


@cache
def _body_group() -> dict[str, str]:
    groups = read_groups("organisations.tsv")
    return {name: group for group in groups for name in groups[group]}


@cache
def _given() -> dict[str, str]:
    groups = read_groups("people.tsv")
    return {name: sex for sex in ("male", "female") for name in groups[sex]}


def people(passage: Passage) -> list[Entity]:
    """Give the entities that are surely people, outside quotations."""
    return [
        entity
        for entity in passage.entities
        if entity.label == "PERSON"
        and _NAME.fullmatch(entity.span.of(passage.text))
        and entity.last - entity.first < 4
        and all(passage.pos(n) in {"PROPN", "ADP", "PART", "DET", "X"} for n in range(entity.first, entity.last + 1))
        and not passage.quotes(entity.span.start)
        and entity.span.of(passage.text) not in _place_group()
        and not _thing(passage, entity)
    ]


def _thing(passage: Passage, entity: Entity) -> bool:
    """Tell whether a name is rather that of a firm, a ship or a place, by what stands around it."""
    text = passage.text
    before, after = (
        text[max(0, entity.span.start - 24) : entity.span.start],
        text[entity.span.end : entity.span.end + 16],
    )
    words = entity.span.of(text).lower().split()
    return (
        bool(re.search(r"\b(?:the|The|a|A|an|named|called|at|in|from|of the|ship|Street) $", before))
        or bool(re.match(r" (?:Street|Road|Avenue|Park|Bridge|River|Inc|Corp|AG|&|and [A-Z]\w+'s|\d)|[-]\w", after))
        or bool(read_class("firm") & set(words))
        or (len(words) == 1 and entity.span.of(text).isupper())
    )


def entity_changed(passage: Passage, random: Random) -> list[Change]:
    """Put another given or family name, or another organisation, in the place of one."""
    changes: list[Change] = []
    text = passage.text
    groups = read_groups("people.tsv")
    for entity in people(passage):
        words = entity.span.of(text).split(" ")
        last = Span(entity.span.end - len(words[-1]), entity.span.end)
        if len(words[-1].rstrip(".")) > 1:
            sex = _given().get(words[-1]) if len(words) == 1 else None
            pool = groups[sex] if sex else groups["family"]
            changes.append((Edit(last, _another(random, pool, text)),))
        if len(words) > 1 and not words[0].endswith("."):
            first = Span(entity.span.start, entity.span.start + len(words[0]))
            sex = _given().get(words[0]) or _sex(passage, entity, random)
            changes.append((Edit(first, _another(random, groups[sex], text)),))
    bodies = read_groups("organisations.tsv")
    for match in re.finditer(
        "|".join(rf"\b{re.escape(name)}\b" for name in sorted(_body_group(), key=len, reverse=True)), text
    ):
        if (
            passage.quotes(match.start())
            or re.match(r" [A-Z]|-", text[match.end() :])
            or text[match.start() - 1 : match.start()] == "-"
        ):
            continue
        if re.search(r"[A-Z][\w.]* $", text[: match.start()]) and not re.search(
            r"(?:The|A|An|In|U\.S\.) $", text[: match.start()]
        ):
            continue
        group = _body_group()[match[0]]
        ordinary = {
            "Target",
            "Apple",
            "Meta",
            "Subway",
            "Delta",
            "United",
            "Fox",
            "Bolt",
            "House",
            "Greens",
            "Dow",
            "Ford",
        }
        numbers = list(passage.numbers(Span(*match.span())))
        if group != "coined" and (match[0] not in ordinary or any(passage.words[n].entity == "ORG" for n in numbers)):
            changes.append((Edit(Span(*match.span()), _another(random, bodies[group], text)),))
    for entity in passage.entities:
        name = entity.span.of(text)
        words = name.split(" ")
        if entity.label != "ORG" or passage.quotes(entity.span.start) or name in _body_group() or not _NAME.match(name):
            continue
        firm = len(words) > 1 and words[-1].lower() in read_class("firm") | {
            "co.",
            "inc.",
            "ag",
            "corp.",
            "plc",
            "university",
            "college",
        }
        if (
            firm
            and re.fullmatch(r"[A-Z][a-zß-ÿ]{3,}", words[0])
            and words[0].lower() not in {"federal", "national", "royal", "central"}
        ):
            first = Span(entity.span.start, entity.span.start + len(words[0]))
            changes.append((Edit(first, _another(random, bodies["coined"], text)),))
    return changes


def _sex(passage: Passage, entity: Entity, random: Random) -> str:
    window = passage.text[entity.span.end : entity.span.end + 160]
    match = re.search(r"\b(?:(he|his|him|Mr)|(she|her|Mrs|Ms|sister|mother|wife|daughter))\b", window, re.IGNORECASE)
    return ("male" if match[1] else "female") if match else random.choice(["male", "female"])


def _another(random: Random, pool: tuple[str, ...], text: str) -> str:
    return random.choice([name for name in pool if name not in text])


def _surname(text: str) -> str:
    return text.split(" ")[-1]


def entity_swap(passage: Passage, random: Random) -> list[Change]:
    """Let two names of one kind change places."""
    text = passage.text
    persons = people(passage)
    groups: list[list[Entity]] = [persons, _places(passage), _bodies(passage)]
    changes: list[Change] = []
    for group in groups:
        for first, second in combinations(group, 2):
            a, b = first.span.of(text), second.span.of(text)
            between = text[first.span.end : second.span.start]
            if _surname(a) == _surname(b) or a in b or b in a or _equal_role(between):
                continue
            if _articled(text, first) != _articled(text, second):
                continue
            if group is persons and len(between) > 220:
                continue
            changes.append((Edit(first.span, b), Edit(second.span, a)))
    return changes


def _articled(text: str, entity: Entity) -> bool:
    return bool(re.search(r"\b(?:the|a|an) $", text[: entity.span.start], re.IGNORECASE))


def _equal_role(between: str) -> bool:
    return bool(
        re.fullmatch(r"(?:,| and| or| &|,? and the| to| with| or the|-|/)? ?|, .{0,30}(?:,| and| or) ", between)
    )


def _places(passage: Passage) -> list[Entity]:
    return [
        entity
        for entity in passage.entities
        if entity.label in {"GPE", "LOC"}
        and not passage.quotes(entity.span.start)
        and _NAME.fullmatch(entity.span.of(passage.text))
        and not re.match(r" [A-Z]|-", passage.text[entity.span.end :])
        and (
            re.search(r"\b(?:in|near|from|to|outside|at) $", passage.text[: entity.span.start])
            or entity.span.of(passage.text) in _place_group()
        )
        and not entity.span.of(passage.text).endswith(("Hall", "Marine", "House", "."))
    ]


def _bodies(passage: Passage) -> list[Entity]:
    return [
        entity
        for entity in passage.entities
        if entity.label == "ORG"
        and not passage.quotes(entity.span.start)
        and re.fullmatch(r"[A-Z][\w.&'’-]*(?: (?:& |of )?[A-Z][\w.&'’-]*)*", entity.span.of(passage.text))
        and not re.match(r" [A-Z]|-", passage.text[entity.span.end :])
    ]


def location_changed(passage: Passage, random: Random) -> list[Change]:
    """Put another place of the same sort in the place of one, or another direction or position."""
    text = passage.text
    groups = read_groups("places.tsv")
    changes = position_changed(passage, random)
    for entity in passage.entities:
        name = entity.span.of(text)
        if entity.label not in {"GPE", "LOC", "NORP"} or passage.quotes(entity.span.start):
            continue
        if re.match(r" [A-Z][a-z]|-[a-z]", text[entity.span.end :]) and entity.label != "NORP":
            continue
        if re.search(r"[A-Z][a-z]+ $", text[: entity.span.start]) and not passage.starts_sentence(entity.first - 1):
            continue
        group = _place_group().get(name)
        if (
            group is None
            and entity.label == "GPE"
            and re.search(r"\b(?:in|at|near|to|from|outside|of) $", text[: entity.span.start])
        ):
            group = "city" if re.fullmatch(r"[A-ZÀ-Þ][a-zß-ÿ]{2,}(?: [A-Z][a-zß-ÿ]+)?", name) else None
        if group is None or name in {"U.S.", "U.K."}:
            continue
        changes.append((Edit(entity.span, _another(random, groups[group], text)),))
    return changes


_SWITCH = {"he": "she", "she": "he", "his": "her", "him": "her", "himself": "herself", "herself": "himself"}


def coreference_wrong(passage: Passage, random: Random) -> list[Change]:
    """Let a pronoun stand for somebody else: name another person, or exchange "he" and "she"."""
    text = passage.text
    persons = people(passage)
    names = list(dict.fromkeys(_surname(entity.span.of(text)) for entity in persons))
    changes: list[Change] = []
    for number, word in enumerate(passage.words):
        pronoun = word.text.lower()
        if passage.quotes(word.span.start) or pronoun not in {"he", "she", "his", "her", "him", "hers"}:
            continue
        before = [e for e in persons if e.span.end <= word.span.start]
        if not before:
            continue
        if len(names) > 1:
            # The likeliest antecedent is the last subject, then the last name; neither is put in.
            likely = {_surname(e.span.of(text)) for e in before[-1:]} | {_surname(before[0].span.of(text))}
            others = [n for n in names if n not in likely] or (
                [n for n in names if n != _surname(before[-1].span.of(text))]
                if len(before) > 0 and len(names) == 2 and len({_surname(e.span.of(text)) for e in before}) == 1
                else []
            )
            owned = pronoun == "his" or (
                pronoun == "her" and passage.pos(number + 1) in {"NOUN", "ADJ", "NUM", "PROPN"}
            )
            for other in others:
                genitive = other + ("'" if other.endswith("s") else "'s")
                if other not in text[word.span.end : passage.sentence(word.span.start).end]:
                    changes.append((Edit(word.span, genitive if owned else other),))
    edits: list[Edit] = []
    chosen: Span | None = None
    for number, word in enumerate(passage.words):
        pronoun = word.text.lower()
        if passage.quotes(word.span.start) or pronoun not in {"he", "she", "his", "her", "him", "himself", "herself"}:
            continue
        if chosen is None:
            if not any(e.span.end <= word.span.start for e in persons):
                continue
            chosen = passage.sentence(word.span.start)
        if not chosen.start <= word.span.start < chosen.end:
            continue
        other = _SWITCH.get(pronoun) or (
            "his" if passage.pos(number + 1) in {"NOUN", "ADJ", "NUM", "PROPN", "ADV"} else "him"
        )
        edits.append(Edit(word.span, other))
    if edits:
        changes.append(tuple(edits))
    return changes
