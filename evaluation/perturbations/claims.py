"""Who says so, how surely, in whose words: attributions, hedges, negation, plans, invented quotations."""

from __future__ import annotations

import re
from itertools import combinations
from random import Random

from evaluation.perturbations.inventory import forms
from evaluation.perturbations.names import people
from evaluation.perturbations.passage import Passage
from evaluation.perturbations.planted import Change, Edit, capitalised
from evaluation.perturbations.words import verb_form
from service.spans import Span

_SPEAK = frozenset(
    {"said", "says", "added", "warned", "argued", "claimed", "insisted", "announced", "acknowledged", "told"}
)
_ACCORDING = re.compile(r"(?P<comma>,? )according to [^,.;\"“”]+(?P<end>,(?= )|(?=\.(?: |$)))")
_FRONT = re.compile(r"According to [^,.;\"“”]+, (?P<rest>[A-Za-z\d$])")


def _speakers(passage: Passage) -> list[tuple[int, Span]]:
    """Give the verbs of speech with the span of who speaks."""
    found: list[tuple[int, Span]] = []
    for number, word in enumerate(passage.words):
        if word.text not in _SPEAK or word.pos != "VERB" or passage.quotes(word.span.start):
            continue
        subject = passage.subject(number)
        if subject is None or subject >= number:
            continue
        low, _ = passage.edges[subject]
        span = Span(passage.words[low].span.start, passage.words[number - 1].span.end)
        text = span.of(passage.text)
        if passage.words[low].span.start > passage.words[subject].span.start or re.search(
            r"[,;:\"“”]|\b(?:who|which|that)\b", text
        ):
            continue
        if (
            passage.pos(number - 1) in {"NOUN", "PROPN", "PRON"}
            and len(text.split()) <= 8
            and text.lower() not in {"who", "which", "that", "it"}
        ):
            found.append((number, span))
    return found


def attribution_dropped(passage: Passage, random: Random) -> list[Change]:
    """State as fact what the text lets someone say."""
    text = passage.text
    changes: list[Change] = []
    for verb, speaker in _speakers(passage):
        sentence = passage.sentence(speaker.start)
        end = passage.words[verb].span.end
        after = text[end:]
        tail = re.search(r", $", text[: speaker.start])
        if tail and re.match(r"(?:\.|$)", after) and not passage.touches_quotation(Span(sentence.start, speaker.start)):
            changes.append((Edit(Span(speaker.start - 2, end), ""),))
            continue
        lead = re.match(r" (?:that )?(?=[A-Za-z\d$])", after)
        if not lead or speaker.start != sentence.start or passage.words[verb].text == "told":
            continue
        rest = text[end + len(lead[0]) : sentence.end]
        if '"' in rest or "“" in rest or not _clause_follows(passage, verb, sentence):
            continue
        if re.match(
            r"(?:on|in|at|late|early|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|to"
            r"|during|after|by|only|nothing|no\b|so\b|this week|last|through|about)\b",
            rest,
        ):
            continue
        changes.append((Edit(Span(speaker.start, end + len(lead[0]) + 1), rest[:1].upper()),))
    for match in _ACCORDING.finditer(text):
        if (
            not passage.quotes(match.start())
            and not re.search(r"[\"”]$", text[: match.start("comma")])
            and not re.search(r" (?:who|which|said) ", match[0])
        ):
            keep = "," if match["end"] and match["comma"] == " " else ""
            changes.append((Edit(Span(*match.span()), keep),))
    for match in _FRONT.finditer(text):
        if not passage.quotes(match.start()):
            changes.append((Edit(Span(*match.span()), match["rest"].upper()),))
    return changes


def _clause_follows(passage: Passage, verb: int, sentence: Span) -> bool:
    """Tell whether what follows a verb of speech opens with a subject and has a finite verb of its own."""
    clauses = [n for n in passage.children[verb] if n > verb and passage.pos(n) in {"VERB", "AUX"}]
    return any(passage.subject(n) is not None and (passage.subject(n) or 0) > verb for n in clauses)


def attribution_swapped(passage: Passage, random: Random) -> list[Change]:
    """Let two speakers change places, or let somebody else of the text speak."""
    text = passage.text
    speakers = _speakers(passage)
    changes: list[Change] = []
    names = [e for e in people(passage)]
    for (_, a), (_, b) in combinations(speakers, 2):
        one, two = a.of(text), b.of(text)
        if one.lower() in {"he", "she", "they"} or two.lower() in {"he", "she", "they"}:
            continue
        if one.lower() == two.lower() or one.split()[-1] == two.split()[-1]:
            continue
        changes.append((Edit(a, _within(passage, b)), Edit(b, _within(passage, a))))
    if changes:
        return changes
    for _, speaker in speakers:
        sentence = passage.sentence(speaker.start)
        others = [
            e
            for e in names
            if not speaker.start <= e.span.start < speaker.end and not sentence.start <= e.span.start < sentence.end
        ]
        before = [e for e in names if e.span.end <= speaker.start]
        pronoun = speaker.of(text).lower() in {"he", "she"}
        for entity in others:
            surname = entity.span.of(text).split()[-1]
            if surname in speaker.of(text) or (
                pronoun and (not before or entity is before[-1] or surname == before[-1].span.of(text).split()[-1])
            ):
                continue
            if pronoun and len({e.span.of(text).split()[-1] for e in before}) > 1:
                continue
            first = entity.span.start > speaker.start
            changes.append((Edit(speaker, entity.span.of(text) if first else surname),))
    return changes


def _within(passage: Passage, span: Span) -> str:
    numbers = list(passage.numbers(span))
    return passage.inner(numbers[0], numbers[-1])


_DROPPED = [
    (
        re.compile(
            r"\b(?:reportedly|allegedly|apparently|possibly|probably|perhaps|supposedly|presumably"
            r"|purportedly) (?=[a-z\d$])"
        ),
        "",
    ),
    (re.compile(r" (?:reportedly|allegedly|apparently|supposedly)(?=[.,])"), ""),
    (re.compile(r"\b(?:Reportedly|Allegedly|Apparently|Perhaps|Possibly), ?"), ""),
    (
        re.compile(
            r"\b(?:may|might|could) (?=(?:also |soon |still |yet "
            r"|eventually )?[a-z]+\b)(?!not\b|only\b|or\b|have\b)"
        ),
        "will ",
    ),
    (re.compile(r"\b(?:may|might|could) have (?=(?:been|had|gone|[a-z]+(?:ed|en))\b)"), "had "),
    (re.compile(r"\b(?:is|are) (?:expected|likely|set|due|scheduled|slated|poised|projected|supposed) to "), "will "),
    (re.compile(r"\b(?:was|were) (?:expected|likely|due|supposed) to (?=be\b|[a-z]+\b)"), "would "),
    (re.compile(r"\b(?:plans|plan|intends|intend|hopes|hope|aims|wants|want|expects) to (?=[a-z]+\b)"), "will "),
    (re.compile(r"\b(?:is|are) (?:believed|thought|said|rumored|suspected|understood|reported) to be\b"), "IS"),
    (re.compile(r"\b(?:is|are) (?:believed|thought|said|rumored|suspected|understood|reported) to have\b"), "HAS"),
    (re.compile(r"\b(?:appears|seems) to be\b"), "is"),
    (re.compile(r"\b(?:appears|seems) to have\b"), "has"),
    (re.compile(r"\b(?:appear|seem) to be\b"), "are"),
    (re.compile(r"\b(?:alleged|suspected|purported|possible|potential|unconfirmed) (?=[a-z])"), ""),
    (re.compile(r"\bfeared dead\b"), "dead"),
    (re.compile(r"\bfear(?=s? the\b)"), "know"),
    (re.compile(r"\bis considering (?=[a-z]+ing\b)"), "is "),
    (re.compile(r"\b(?:are) considering (?=[a-z]+ing\b)"), "are "),
    (re.compile(r"\bproposed (?=tax|plan|merger|law|rule|ban|deal|fee)"), "approved "),
]


def hedge_dropped(passage: Passage, random: Random) -> list[Change]:
    """Assert what is only possible, planned, expected or alleged."""
    text = passage.text
    changes: list[Change] = []
    for pattern, new in _DROPPED:
        for match in pattern.finditer(text):
            if passage.quotes(match.start()) or (
                re.search(r"\b(?:not|never|if|whether|than|as) $", text[: match.start()][-10:]) and "ly" not in match[0]
            ):
                continue
            if match[0] == "could " and re.search(
                r"\b(?:where|than|who|so|what|if|how|that the)\b[^,.]{0,40}$", text[: match.start()]
            ):
                continue
            if new == "will " and re.match(r"(?:not|be able)\b", text[match.end() :]):
                continue
            if match[0].startswith(("plan", "want", "hope", "expect", "aim", "intend")) and not any(
                passage.pos(n) == "VERB" for n in passage.numbers(Span(match.start(), match.start() + 3))
            ):
                continue
            shown = {"IS": match[0].split()[0], "HAS": "has" if match[0].startswith("is") else "have"}.get(new, new)
            changes.append((Edit(Span(*match.span()), shown),))
    return changes


_POLAR = re.compile(
    r"\b(?:any|anyone|anything|yet|anymore|either|until|at all|ever|but|unless|nor|even|all that)\b", re.IGNORECASE
)


def negation_flipped(passage: Passage, random: Random) -> list[Change]:
    """Deny what is stated, or state what is denied."""
    text = passage.text
    changes: list[Change] = []
    for number, word in enumerate(passage.words):
        if passage.quotes(word.span.start):
            continue
        rest = text[word.span.end : passage.sentence(word.span.start).end]
        denied = re.search(
            r"\b(?:not|nothing|no|none|neither|never|nobody|few|hardly|cannot|without)\b",
            passage.sentence(word.span.start).of(text)[: word.span.start - passage.sentence(word.span.start).start],
            re.IGNORECASE,
        )
        if word.text == "not" and not _POLAR.search(rest):
            changes += _affirmed(passage, number)
        elif denied:
            continue
        elif word.pos == "AUX" and passage.lower(number + 1) not in {
            "not",
            "n't",
            "no",
            "never",
            "only",
            "also",
            "already",
            "neither",
        }:
            changes += _denied(passage, number)
        elif word.pos == "VERB" and verb_form(passage, number) == "past" and not passage.auxiliaries(number):
            head = passage.heads[number] == number or passage.subject(number) is not None
            head = head and passage.sentence(word.span.start).of(text).rstrip().endswith((".", '"'))
            if (
                (
                    head
                    and passage.subject(number) is not None
                    and word.lemma not in {"say", "have", "add", "decline", "refuse", "deny"}
                )
                and not re.match(r" (?:nothing|no|none|never|not|only|neither|nobody|some)\b", rest)
                and passage.pos(number - 1) not in {"ADV", "CCONJ"}
            ):
                changes.append((Edit(word.span, f"did not {forms(word.lemma).base}"),))
    for pattern, new in (
        (r"\bno longer (?=[a-z])", "still "),
        (r"\bNone of (?=the|its|their|them)", "All of "),
        (r"\bnone of (?=the|its|their|them)", "all of "),
        (r"\bNo one (?=was|has|is|had|will)", "Someone "),
        (r"\bno one (?=was|has|is|had|will)", "someone "),
        (r"\bwithout (?=a|an|the|any|[a-z]+ing)", "with "),
        (r"(?<=[a-z]) never (?=[a-z]+ed\b|been\b|had\b|seen\b|met\b)", " already "),
        (r"\bneither (?=[^.,]{2,30} nor )", "both "),
        (r"\bcannot\b", "can"),
        (r"\bhas yet to (?=[a-z])", "has already had to "),
        (r"\bNeither (?=of|\w+ has|\w+ was)", "One "),
        (r"\bexcept (?=for|the|in|on)", "including "),
        (r"\bnot including\b", "including"),
        (r"\bbut not (?=the|in|on|for|its|a)", "and "),
        (r"\bwith (?=no injuries)", "with several injuries and "),
        (
            r"\bno (?=injuries|deaths|survivors|charges|evidence|plans?|changes?|delays?|decision"
            r"|deal|agreement|limit|damage)",
            "some ",
        ),
    ):
        for match in re.finditer(pattern, text):
            if (
                passage.quotes(match.start())
                or "neither" in match[0]
                or "Neither" in match[0]
                or ("some " in new and "no injuries" in text[match.start() :] and "with" in pattern)
            ):
                continue
            if new == "with " and re.match(r"any|[a-z]+ing", text[match.end() :]):
                continue
            if new.startswith(("has already", "with several")):
                continue
            if new == "some ":
                singular = re.match(r"(?:decision|deal|agreement|limit|plan|change|delay)\b", text[match.end() :])
                new_text = "a " if singular else "some "
                if singular and text[match.end()] in "a":
                    new_text = "an "
                changes.append((Edit(Span(*match.span()), new_text),))
                continue
            changes.append((Edit(Span(*match.span()), new),))
    return changes


def _affirmed(passage: Passage, number: int) -> list[Change]:
    before, after = passage.lower(number - 1), number + 1
    start, end = passage.words[number - 1].span.start, passage.words[number].span.end
    if before in {"did", "does", "do"}:
        if passage.pos(after) == "ADV":
            return []
        if passage.pos(after) not in {"VERB", "AUX"}:
            return []
        lemma = passage.words[after].lemma
        if lemma == "be" or passage.words[after].text != lemma:
            return []
        table = forms(lemma)
        new = {"did": table.past, "does": table.third, "do": table.base}[before]
        if lemma == "have":
            new = {"did": "had", "does": "has", "do": "have"}[before]
        if passage.words[after].span.start != end + 1:
            return []
        return [(Edit(Span(start, passage.words[after].span.end), new),)]
    if passage.pos(number - 1) == "AUX" and passage.lower(after) not in {"only", "just", "even", "all"}:
        return [(Edit(Span(end - 4, end), ""),)] if passage.text[end - 4 : end] == " not" else []
    return []


def _denied(passage: Passage, number: int) -> list[Change]:
    word = passage.words[number]
    if word.text not in {"is", "was", "are", "were", "will", "has", "have", "had", "would", "can", "should"}:
        return []
    head = passage.heads[number]
    main = head == number and passage.subject(number) is not None
    helper = (
        head > number
        and passage.pos(head) in {"VERB", "AUX", "ADJ", "NOUN"}
        and passage.auxiliaries(head)[:1] == (number,)
    )
    if not (main or helper) or passage.text[word.span.end : word.span.end + 1] != " ":
        return []
    if main and word.text in {"has", "have", "had"}:
        return []
    if re.match(
        r" (?:no|some|reportedly|allegedly|always|still|once|the only|also|already|just)\b",
        passage.text[word.span.end :],
    ):
        return []
    return [(Edit(Span(word.span.end, word.span.end), " not"),)]


_PAST_TIME = re.compile(
    r"\b(?:last|ago|yesterday|since|earlier|already|previously|in \d{4}|had|until|when|after|before"
    r"|for the first|by \d{4}|never|then|once)\b"
)
_FUTURE_TIME = re.compile(r"\b(?:next|tomorrow|by|until|in \d{4}|soon|if|unless|when|would|before|once)\b")


def tense_changed(passage: Passage, random: Random) -> list[Change]:
    """Let what is planned be done already, or what is done be planned."""
    text = passage.text
    changes: list[Change] = []
    for number, word in enumerate(passage.words):
        if passage.quotes(word.span.start):
            continue
        sentence = passage.sentence(word.span.start).of(text)
        if word.text == "will" and word.pos == "AUX" and not _FUTURE_TIME.search(sentence):
            verb = passage.heads[number]
            if verb == number + 1 and passage.pos(verb) == "VERB" and passage.subject(verb) is not None:
                changes.append(
                    (Edit(Span(word.span.start, passage.words[verb].span.end), forms(passage.words[verb].lemma).past),)
                )
        if (
            (
                word.pos == "VERB"
                and word.lemma in {"plan", "intend", "want", "hope", "aim"}
                and passage.lower(number + 1) == "to"
                and passage.pos(number + 2) == "VERB"
            )
            and word.text
            in {
                "plans",
                "plan",
                "intends",
                "intend",
                "hopes",
                "hope",
                "aims",
                "aim",
                "wants",
                "want",
            }
            and not _FUTURE_TIME.search(sentence)
        ):
            past = forms(passage.words[number + 2].lemma).past
            changes.append((Edit(Span(word.span.start, passage.words[number + 2].span.end), past),))
        if (
            word.pos == "VERB"
            and passage.heads[number] == number
            and not _PAST_TIME.search(sentence)
            and word.lemma
            not in {"say", "tell", "add", "have", "know", "think", "believe", "include", "decline", "refuse"}
        ):
            form = verb_form(passage, number)
            helpers = passage.auxiliaries(number)
            subject = passage.subject(number)
            if subject is None or '"' in sentence or not sentence.rstrip().endswith(".") or _second(passage, number):
                continue
            if form == "past" and not helpers and passage.pos(number - 1) != "ADV":
                changes.append((Edit(word.span, f"will {forms(word.lemma).base}"),))
            elif (
                form == "participle"
                and len(helpers) == 1
                and helpers[0] == number - 1
                and passage.lower(number - 1) in {"was", "were"}
            ):
                changes.append((Edit(passage.words[number - 1].span, "will be"),))
            elif (
                form == "participle"
                and len(helpers) == 1
                and helpers[0] == number - 1
                and passage.lower(number - 1) in {"has", "have"}
            ):
                changes.append(
                    (Edit(Span(passage.words[number - 1].span.start, word.span.end), f"will {forms(word.lemma).base}"),)
                )
            elif (
                form == "gerund"
                and len(helpers) == 1
                and helpers[0] == number - 1
                and passage.lower(number - 1) in {"is", "are"}
            ):
                has = "has" if passage.lower(number - 1) == "is" else "have"
                changes.append(
                    (
                        Edit(
                            Span(passage.words[number - 1].span.start, word.span.end),
                            f"{has} {forms(word.lemma).participle}",
                        ),
                    )
                )
    return changes


def _second(passage: Passage, verb: int) -> bool:
    """Tell whether another verb shares the subject of this one and would have to change with it."""
    later = [n for n in passage.children[verb] if n > verb and passage.pos(n) in {"VERB", "AUX"}]
    joined = any(n > verb and passage.pos(n) == "CCONJ" for n in passage.children[verb])
    return joined and any(passage.subject(n) is None for n in later)


def quotation_invented(passage: Passage, random: Random) -> list[Change]:
    """Put reported speech into quotation marks."""
    text = passage.text
    changes: list[Change] = []
    for verb, speaker in _speakers(passage):
        sentence = passage.sentence(speaker.start)
        words = sentence.of(text).rstrip()
        if '"' in words or "“" in words or not words.endswith(".") or passage.words[verb].text == "told":
            continue
        stop = sentence.start + len(words) - 1
        end = passage.words[verb].span.end
        if speaker.start == sentence.start:
            match = re.match(r" (?:that )?(?=[A-Za-z\d$])", text[end:])
            if not match or not _clause_follows(passage, verb, sentence):
                continue
            rest = text[end + len(match[0]) : stop]
            if (
                re.match(
                    r"(?:on|in|at|to|late|early|during|Monday|Tuesday|Wednesday|Thursday|Friday"
                    r"|Saturday|Sunday|no\b|this|last|through)\b",
                    rest,
                )
                or len(rest.split()) < 4
            ):
                continue
            changes.append(
                (
                    Edit(
                        Span(sentence.start, stop + 1),
                        f'"{capitalised(rest)}," {_within(passage, speaker)} {passage.words[verb].text}.',
                    ),
                )
            )
            changes.append(
                (Edit(Span(end + len(match[0]) - 1, stop + 1), f', "{capitalised(rest)}."'),)
                if match[0] == " "
                else (Edit(Span(end, stop + 1), f', "{capitalised(rest)}."'),)
            )
            tail = re.search(r"(?:\S+ ){2,5}\S+$", rest)
            verb_phrase = re.search(r"\b(?:was|were|is|are|would|could|had|will|has|did) (?:[^,.]+)$", rest)
            if verb_phrase and 3 <= len(verb_phrase[0].split()) <= 10 and tail:
                start = stop - len(verb_phrase[0])
                changes.append((Edit(Span(start, stop + 1), f'"{verb_phrase[0]}."'),))
        elif text[speaker.start - 2 : speaker.start] == ", " and end == stop:
            claim = text[sentence.start : speaker.start - 2]
            if len(claim.split()) >= 4:
                changes.append((Edit(Span(sentence.start, speaker.start - 1), f'"{claim},"'),))
    return changes
