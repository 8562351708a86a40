"""Details, causes and hedges that no source holds."""

from __future__ import annotations

import re
from random import Random

from evaluation.perturbations.inventory import read_class, read_groups
from evaluation.perturbations.names import people
from evaluation.perturbations.passage import Passage
from evaluation.perturbations.planted import Change, Edit
from evaluation.perturbations.words import verb_form
from service.spans import Span


def _ends(passage: Passage) -> list[tuple[int, int]]:
    """Give the main verbs of events with the place before the final stop of their sentence."""
    text = passage.text
    found: list[tuple[int, int]] = []
    for sentence in passage.sentences:
        words = sentence.of(text).rstrip()
        if (
            not re.search(r"[a-z\d]\.$", words)
            or re.search(r"[apU]\.[mS]\.$", words)
            or '"' in words
            or re.search(r"\b(?:said|told|says|according|because|if|unless|who|which|whether|that)\b", words)
        ):
            continue
        roots = [
            n
            for n in passage.numbers(sentence)
            if passage.heads[n] == n
            and passage.pos(n) == "VERB"
            and verb_form(passage, n) in {"past", "participle", "base"}
        ]
        negated = re.search(r"\b(?:not|never|no|none|neither|nor)\b", words)
        if (
            roots
            and not negated
            and passage.words[roots[0]].lemma not in read_class("stative")
            and passage.subject(roots[0]) is not None
        ):
            found.append((roots[0], sentence.start + len(words) - 1))
    return found


def detail_added(passage: Passage, random: Random) -> list[Change]:
    """Put in a plausible detail where one may stand."""
    text = passage.text
    details = read_groups("details.tsv")
    changes: list[Change] = []
    for verb, place in _ends(passage):
        sentence = passage.sentence(place - 1)
        options = [
            d
            for d in details["end"]
            if "his" not in d.split()
            and (d.split()[0] not in sentence.of(text).lower().split() or d.split()[0] in {"in", "for"})
        ]
        options = [d for d in options if verb_form(passage, verb) != "base" or "second time" not in d]
        if not _acts(passage, verb):
            options = list(details["any end"])
        if options:
            changes.append((Edit(Span(place, place), " " + random.choice(options)),))
    for entity in people(passage):
        after = text[entity.span.end : entity.span.end + 14]
        if (
            re.match(r" (?:said|told|was|is|will|has|had|won|died|asked|denied|[a-z]+ed\b)", after)
            and len(entity.span.of(text).split()) > 1
        ) and not re.search(r"(?:,| and| by| with| whom) (?:[A-Za-z]+ )?$", text[: entity.span.start]):
            changes.append((Edit(Span(entity.span.end, entity.span.end), random.choice(details["person"])),))
    for entity in passage.entities:
        after = text[entity.span.end : entity.span.end + 14]
        name = entity.span.of(text)
        if (
            entity.label == "ORG"
            and passage.starts_sentence(entity.first)
            and re.match(r" (?:said|will|has|had|reported|[a-z]+ed\b)", after)
        ) and (
            not name.isupper()
            and re.fullmatch(r"[A-Z][a-z]+(?: (?:& )?[A-Z][\w.]+)*", name)
            and name.split()[0] not in {"Supreme", "Senate", "House", "Pentagon"}
        ):
            changes.append((Edit(Span(entity.span.end, entity.span.end), random.choice(details["organisation"])),))
    for match in re.finditer(r"(?<=[\w\"”]) said(?=[.]|\s(?:that|it|he|she|they|the)\b)", text):
        if (
            not passage.quotes(match.start())
            and not re.search(r"\b(?:who|which|prosecutors|not) $", text[: match.start() + 1])
            and not re.search(r"\b(?:statement|interview|conference|email)\b", passage.sentence(match.start()).of(text))
        ):
            changes.append((Edit(Span(match.end(), match.end()), " " + random.choice(details["said"])),))
    if len(passage.sentences) > 1 and text.endswith((".", '."')):
        changes.append((Edit(Span(len(text), len(text)), " " + random.choice(_closing(text))),))
    for number, word in enumerate(passage.words):
        if (
            word.text in {"the", "a", "The", "A"}
            and passage.pos(number + 1) == "NOUN"
            and not passage.quotes(word.span.start)
        ):
            fitting = [
                group.removeprefix("noun:")
                for group, nouns in details.items()
                if group.startswith("noun:") and passage.lower(number + 1) in nouns
            ]
            if fitting and passage.heads[number] == number + 1:
                place = passage.words[number + 1].span.start
                changes.append((Edit(Span(place, place), random.choice(fitting) + " "),))
    return changes


_TOPICS = {
    "crime": re.compile(
        r"\b(?:police|arrest\w*|robb\w+|theft|stole\w*|burglar\w*|shot|shooting|stabb\w+|killed|fraud|suspect)\b"
    ),
    "court": re.compile(
        r"\b(?:judge|court|lawsuit|sued|trial|jury|prosecutors?|lawyer|convicted|charged)\b", re.IGNORECASE
    ),
    "business": re.compile(
        r"\b(?:shares?|revenue|profit|sales|company|quarter|investors?|merger|stock|chief executive|CEO)\b"
    ),
    "accident": re.compile(r"\b(?:fire|crash\w*|flood\w*|storm|collaps\w+|derail\w*|explosion|blast|evacuat\w+)\b"),
    "politics": re.compile(
        r"\b(?:council|mayor|senator|Sen\.|minister|vote\w*|election|bill|law|city|government|Gov\.)\b"
    ),
    "sport": re.compile(r"\b(?:goal\w*|match|season|coach|innings?|striker|playoffs?|league|team|race)\b"),
    "science": re.compile(r"\b(?:study|researchers?|scientists?|patients|species|telescope|trial|laboratory)\b"),
}


def _closing(text: str) -> tuple[str, ...]:
    """Give sentences that fit what the text is about."""
    details = read_groups("details.tsv")
    fitting = [topic for topic, pattern in _TOPICS.items() if pattern.search(text)]
    return sum((details[f"sentence {topic}"] for topic in fitting), details["sentence any"])


def _acts(passage: Passage, verb: int) -> bool:
    """Tell whether a verb has somebody who acts for its subject."""
    subject = passage.subject(verb)
    return (
        subject is not None
        and (
            passage.words[subject].entity in {"PERSON", "ORG"}
            or passage.lower(subject) in {"he", "she", "they", "police", "officials", "workers", "residents"}
        )
        and not passage.passive(verb)
    )


def cause_invented(passage: Passage, random: Random) -> list[Change]:
    """Give an event a cause that no one named, or another than was named."""
    text = passage.text
    causes = read_groups("causes.tsv")
    changes: list[Change] = []
    for verb, place in _ends(passage):
        sentence = passage.sentence(place - 1).of(text)
        if not re.search(
            r"\b(?:because|due|to (?:cut|avoid)|after|in response|as a result|for|when|pressure)\b", sentence
        ):
            changes.append((Edit(Span(place, place), " " + random.choice(_causes(passage, verb))),))
    for number, word in enumerate(passage.words):
        if passage.quotes(word.span.start):
            continue
        if word.text.lower() == "after" and _takes_clause(passage, number):
            changes += [(Edit(word.span, "because"),)] * 2
        match = (
            re.match(r"because of ([^,.;\"]+)(?=[,.;]|$)", text[word.span.start :]) if word.text == "because" else None
        )
        if match and not re.search(r"\b(?:and|but|that|which|who|said|is|was|were)\b", match[1]):
            options = [cause for cause in causes["end"] if cause.startswith("because of")]
            changes.append((Edit(Span(word.span.start, word.span.start + len(match[0])), random.choice(options)),))
    return changes


def _causes(passage: Passage, verb: int) -> tuple[str, ...]:
    group = "market" if passage.words[verb].lemma in read_class("market") else "acts" if _acts(passage, verb) else "end"
    causes = read_groups("causes.tsv")
    return causes[group] if group != "acts" else causes["end"] + causes["acts"]


def _joins(passage: Passage, number: int) -> bool:
    """Tell whether a conjunction joins two full clauses without quotations and speech."""
    sentence = passage.sentence(passage.words[number].span.start)
    text = sentence.of(passage.text)
    first = passage.heads[number]
    if '"' in text or re.search(r"\b(?:said|says|because|according|not)\b", text):
        return False
    if passage.words[number].text == "while":
        second = first
        return second > number and passage.pos(second) == "VERB" and (passage.subject(second) or 0) > number
    seconds = [n for n in passage.children[first] if n > number and passage.pos(n) in {"VERB", "AUX"}]
    return (
        first < number
        and passage.pos(first) in {"VERB", "AUX"}
        and passage.subject(first) is not None
        and bool(seconds)
        and (passage.subject(seconds[0]) or 0) > number
        and passage.lower(number + 1) not in {"then", "also", "that", "who"}
        and text.count(" and ") + text.count(" but ") == 1
    )


def _takes_clause(passage: Passage, number: int) -> bool:
    """Tell whether "after" opens a clause with a subject and a finite verb."""
    if passage.pos(number - 1) in {"NOUN", "ADV"} and re.search(
        r"(?:hours?|days?|weeks?|months?|years?|minutes?|shortly|soon|long|even|only) $",
        passage.text[: passage.words[number].span.start],
    ):
        return False
    verb = passage.heads[number]
    return (
        verb > number
        and passage.pos(verb) == "VERB"
        and verb_form(passage, verb) in {"past", "participle"}
        and passage.subject(verb) is not None
        and (passage.subject(verb) or 0) > number
    )


def hedge_added(passage: Passage, random: Random) -> list[Change]:
    """Turn a plain statement into hearsay or a possibility."""
    text = passage.text
    changes: list[Change] = []
    hedged = re.compile(
        r"\b(?:reportedly|allegedly|apparently|may|might|could|possibly|perhaps|probably|likely"
        r"|would|said|according|expected|supposedly|should|believed|if|alleged?|told|unless|whether)\b"
    )
    for sentence in passage.sentences:
        words = sentence.of(text)
        if hedged.search(words) or not re.search(r"[.]\s*$", words):
            continue
        for number in passage.numbers(sentence):
            word = passage.words[number]
            if passage.quotes(word.span.start) or (passage.heads[number] != number and word.pos != "AUX"):
                continue
            start = word.span.start
            form = verb_form(passage, number)
            helpers = passage.auxiliaries(number)
            if (
                word.pos == "VERB"
                and form in {"past", "third"}
                and not helpers
                and passage.subject(number) is not None
                and word.lemma not in {"say", "tell", "add"}
            ):
                changes.append((Edit(Span(start, start), random.choice(["reportedly ", "allegedly ", "apparently "])),))
            elif (
                word.pos == "VERB"
                and form == "participle"
                and helpers
                and passage.lower(helpers[-1]) in {"was", "were", "has", "had", "have", "been"}
            ):
                place = passage.words[helpers[0]].span.end
                changes.append((Edit(Span(place, place), random.choice([" reportedly", " apparently"])),))
            elif (
                word.pos == "AUX"
                and word.text == "will"
                and passage.pos(passage.heads[number]) in {"VERB", "AUX"}
                and passage.heads[number] > number
            ):
                subject = passage.subject(passage.heads[number])
                options = ["may", "could", "might"]
                changes.append(
                    (Edit(word.span, random.choice(options)),) if subject is not None else (Edit(word.span, "may"),)
                )
            elif (
                word.pos == "AUX"
                and word.text in {"is", "was"}
                and passage.heads[number] == number
                and passage.lower(number + 1) not in {"not", "n't", "no", "also", "still", "only", "now"}
            ):
                changes.append(
                    (
                        Edit(
                            Span(word.span.end, word.span.end),
                            random.choice([" reportedly", " apparently", " probably"]),
                        ),
                    )
                )
    return changes
