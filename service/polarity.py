"""Did a negation or a hedge get lost, or come in?"""

from __future__ import annotations

import re

from service.alignment import Counterpart, Counterparts, Sentence, stem_of
from service.annotation import Word
from service.certainty import Cue
from service.explanations import around, shown
from service.facts import Fact, FactKind, Verdict
from service.opposites import find_terms
from service.spans import Span

_NEGATION = ("negation",)
_ANY_NEGATION = ("negation", "weak_negation")
_PREDICATES = frozenset({"VERB", "ADJ"})
_CARRIERS = frozenset({"be", "have", "do", "get", "go", "make", "take", "can", "will", "may", "say", "one", "thing"})
_LEGAL = ("accused", "charged", "convicted", "acquitted", "arrested")

# For each kind of hedge: the cues that set it, the cues that answer it on the other side, and what an editor calls it.
_HEDGES = (
    ("hearsay_strong", ("hearsay_strong", "hearsay", "attribution", "accused", "charged", "modal"), "hearsay"),
    ("modal", ("modal", "possibility", "plan", "hearsay"), "a possibility"),
)
_ADVERBIAL = frozenset({"modal", "hearsay_strong"})
_ADVERBS = re.compile(
    r"maybe|perhaps|possibly|probably|prob|presumably|hopefully|reportedly|allegedly|apparently|supposedly|purportedly",
    re.I,
)
# Of so many words after an adverb, the first that says something is what it hedges.
_HEDGED_REACH = 3
_UNSURE = ("hearsay_strong", "hearsay", "modal", "possibility", "plan", "attribution", "accused", "charged")
# Below this share of common content a sentence was retold too freely to blame it for a missing cue.
_COVER = 0.5
# What says in other words what a negation said, where it stands near: "has not pitched since 2007", "last pitched".
_ANSWERS = frozenset(
    """
    last only or ever out off rather whereas cleared until against 0 still than anything free clear from aside nil lest
    else too just before different otherwise whoever whatever
    """.split()  # noqa: SIM905
)
_NEAR_ANSWER = 8
# How many characters after a negation what it negates begins.
_NEGATED_REACH = 20
_DETERMINERS = frozenset({"no", "zero"})
# A negation right after one of these is of what the sentence says; elsewhere it sets off one word from another ("not
# the guitar, the strap"), which a rewrite may leave out.
_CLAUSAL = frozenset({"AUX", "VERB"})


_SUBJECTS = frozenset({"nsubj", "nsubjpass"})
_PASSIVE = frozenset({"nsubjpass", "auxpass"})
_NOBODY = frozenset({"nobody", "none", "noone", "neither"})
_PERSONS = frozenset({"one", "person", "soul"})
# "They have not charged anyone" says that no one was charged.
_ANY = _NOBODY | {"any", "anyone", "anybody", "either", "no", "someone", "somebody"}
# How many characters after the words for no one their complement begins.
_COMPLEMENT = 20
_NOBODY_IN_PARTICULAR = frozenset({"it", "there", "that", "this", "which", "who"})


def match_polarity(stated: tuple[Sentence, ...], rewritten: tuple[Sentence, ...], source: str, copy: str) -> list[Fact]:
    """Compare what is negated, hedged and charged on both sides, sentence by sentence.

    A predicate negated on one side that stands without any negation on the other is altered. A cue that leaves no
    trace in sentences which otherwise say the same is omitted, and one that comes from nowhere is unsupported.
    """
    facts: list[Fact] = []
    in_copy, in_source = Counterparts(rewritten), Counterparts(stated)
    for number, sentence in enumerate(stated):
        other = in_copy.of(sentence, place=number / len(stated))
        facts += _negations(sentence, other, source, added=False)
        facts += _hedges(sentence, other, source, added=False)
        facts += _narrowed(sentence, other, source, copy, added=False)
    for number, sentence in enumerate(rewritten):
        other = in_source.of(sentence, place=number / len(rewritten))
        facts += [f for f in _negations(sentence, other, copy, added=True) if f.verdict is not Verdict.KEPT]
        facts += [f for f in _hedges(sentence, other, copy, added=True) if f.verdict is not Verdict.KEPT]
        facts += _narrowed(sentence, other, copy, source, added=True)
    return _forgive(facts, stated, rewritten) + _legal_status(stated, rewritten, source, copy)


def _forgive(facts: list[Fact], stated: tuple[Sentence, ...], rewritten: tuple[Sentence, ...]) -> list[Fact]:
    """Let a lost negation pass where one that answers nothing stands elsewhere: the sentence was moved."""
    taken = {fact.copy for fact in facts} | {fact.source for fact in facts}
    spare = {
        side: [c for s in sentences for c in s.cues_of(*_NEGATION) if c.span not in taken]
        for side, sentences in (("source", stated), ("copy", rewritten))
    }
    result: list[Fact] = []
    for fact in facts:
        if fact.kind is FactKind.POLARITY and fact.verdict is Verdict.OMITTED and spare["copy"]:
            fact = Fact(fact.kind, Verdict.KEPT, fact.source, spare["copy"].pop(0).span)
        elif fact.kind is FactKind.POLARITY and fact.verdict is Verdict.UNSUPPORTED and spare["source"]:
            continue
        result.append(fact)
    return result


def _negations(sentence: Sentence, other: Counterpart, text: str, *, added: bool) -> list[Fact]:
    cues = sentence.cues_of(*_NEGATION)
    if not cues:
        return []
    if answers := other.cues_of(*_ANY_NEGATION):
        return [_fact(FactKind.POLARITY, Verdict.KEPT, cue.span, answers[0].span, added, "") for cue in cues]
    facts: list[Fact] = []
    # In the order in which they stand, by lemma: which word comes first?
    plain_words: dict[str, tuple[int, Word]] = {}
    for position, word in enumerate(word for one in other.sentences for word in one.words):
        plain_words.setdefault(word.lemma, (position, word))
    starts = {word.span.start: word for word in sentence.words}
    side, opposite = ("copy", "source") if added else ("source", "copy")
    for cue in cues:
        words = around(text, cue.span, before=1, after=2)
        found = [plain_words[lemma] for lemma in _negated(sentence, cue, starts) if lemma in plain_words]
        plain = min(found, key=lambda item: item[0])[1] if found else None
        if plain is not None and (_answered(plain, other) or _asked(plain, other)):
            continue
        if plain is not None:
            reason = f'The {side} says "{words}", the {opposite} has "{plain.text}" without a negation.'
            facts.append(_fact(FactKind.POLARITY, Verdict.ALTERED, cue.span, plain.span, added, reason))
        elif other.cover >= _COVER and not added and _is_clausal(sentence, cue) and not _reversed(sentence, cue, other):
            # One that only the copy has is no error by itself: "nothing is free" says "everything costs".
            reason = f'The {side} has a negation, "{words}", the {opposite} has none.'
            facts.append(_fact(FactKind.POLARITY, Verdict.OMITTED, cue.span, None, added, reason))
    return facts


def _narrowed(sentence: Sentence, other: Counterpart, own: str, opposite: str, *, added: bool) -> list[Fact]:
    """Find what no one did, or was done to no one, and what on the other side a certain one did not: not the same."""
    facts: list[Fact] = []
    told = {word.lemma for word in sentence.words}
    for subject, predicate in _subjects(sentence):
        if not _is_nobody(sentence, subject):
            continue
        passive = _is_passive(sentence, predicate)
        for one in other.sentences:
            if any(word.lemma in _ANY for word in one.words):
                continue
            for someone, done in _subjects(one):
                alike = done.lemma == predicate.lemma and _is_passive(one, done) is passive
                if not (alike and _has_negation(one, done)) or someone.lemma in _NOBODY_IN_PARTICULAR:
                    continue
                if _is_all_of_them(sentence, subject, someone):
                    continue
                # Who would not say why is left open by "no one said why".
                if passive or someone.lemma in told:
                    words, others = around(own, subject.span, before=0, after=3), shown(opposite, someone.span)
                    side, far = ("copy", "source") if added else ("source", "copy")
                    reason = f'The {side} says of no one what the {far} denies of "{others}" only ("{words}").'
                    facts.append(_fact(FactKind.POLARITY, Verdict.ALTERED, subject.span, someone.span, added, reason))
    return facts


def _is_all_of_them(sentence: Sentence, nobody: Word, someone: Word) -> bool:
    """Tell whether the words for no one name whom they leave out: "none of the suspects", "no one at the company"."""
    return any(
        word.lemma == someone.lemma and 0 < word.span.start - nobody.span.end <= _COMPLEMENT for word in sentence.words
    )


def _subjects(sentence: Sentence) -> list[tuple[Word, Word]]:
    """Give each subject with each of its predicates: verbs that "and" or "but" joins share one."""
    starts = {word.span.start: word for word in sentence.words}
    own = {word.head_span.start: word for word in sentence.words if word.relation in _SUBJECTS}
    pairs: list[tuple[Word, Word]] = []
    for predicate in sentence.words:
        if predicate.pos not in _PREDICATES or predicate.lemma in _CARRIERS:
            continue
        governor, seen = predicate, {predicate.span.start}
        while governor.span.start not in own and governor.relation == "conj":
            governor = starts.get(governor.head_span.start, governor)
            if governor.span.start in seen:
                break
            seen.add(governor.span.start)
        if subject := own.get(governor.span.start):
            pairs.append((subject, predicate))
    return pairs


def _is_passive(sentence: Sentence, predicate: Word) -> bool:
    return any(word.relation in _PASSIVE and word.head_span == predicate.span for word in sentence.words)


def _is_nobody(sentence: Sentence, subject: Word) -> bool:
    if subject.lemma in _NOBODY:
        return True
    return subject.lemma in _PERSONS and any(
        word.lemma in ("no", "not") and word.head_span == subject.span for word in sentence.words
    )


def _has_negation(sentence: Sentence, predicate: Word) -> bool:
    return any(word.relation == "neg" and word.head_span == predicate.span for word in sentence.words)


def _answered(plain: Word, other: Counterpart) -> bool:
    """Tell whether a word stands beside one that can say what a negation says."""
    sentence = next(one for one in other.sentences if one.span.start <= plain.span.start < one.span.end)
    place = next(number for number, word in enumerate(sentence.words) if word.span == plain.span)
    beside = sentence.words[max(0, place - _NEAR_ANSWER) : place + _NEAR_ANSWER + 1]
    return any(word.text.casefold() in _ANSWERS for word in beside)


def _asked(plain: Word, other: Counterpart) -> bool:
    """Tell whether a word stands in a question, which a negation then answers: "Hacked? No, it says."."""
    sentence = next(one for one in other.sentences if one.span.start <= plain.span.start < one.span.end)
    return any(word.text.startswith("?") for word in sentence.words[-2:])


def _reversed(sentence: Sentence, cue: Cue, other: Counterpart) -> bool:
    """Tell whether the other side has the opposite of what is negated: "not closed", "open"."""
    end = cue.span.end
    negated = {
        sense
        for term in find_terms(sentence.words)
        if end <= sentence.words[term.first].span.start <= end + _NEGATED_REACH
        for sense in term.senses
    }
    told = {sense for one in other.sentences for term in find_terms(one.words) for sense in term.senses}
    return any(this.group == that.group and this.side != that.side for this in negated for that in told)


def _is_clausal(sentence: Sentence, cue: Cue) -> bool:
    """Tell whether a negation is of a clause or of a noun, not one that only sets off a word from another."""
    first = sentence.words_at(cue.span)[:1]
    if not first or first[0].text.casefold() != "not":
        return bool(first)
    place = sentence.words.index(first[0])
    return place > 0 and sentence.words[place - 1].pos in _CLAUSAL


def _negated(sentence: Sentence, cue: Cue, starts: dict[int, Word]) -> frozenset[str]:
    """Give the predicates that govern the words of a cue; ``starts`` tells which word of the sentence starts where."""
    governors = (starts.get(word.head_span.start) for word in sentence.words_at(cue.span))
    return frozenset(
        governor.lemma
        for governor in governors
        if governor is not None and governor.lemma not in _CARRIERS and _is_negated(governor, sentence, cue)
    )


def _is_negated(governor: Word, sentence: Sentence, cue: Cue) -> bool:
    if governor.pos in _PREDICATES:
        return True
    first = sentence.words_at(cue.span)[0]
    # Not "no tax change", of which the copy may well name the tax.
    return governor.pos == "NOUN" and first.text.casefold() in _DETERMINERS


def _hedges(sentence: Sentence, other: Counterpart, text: str, *, added: bool) -> list[Fact]:
    facts: list[Fact] = []
    for name, answering, called in _HEDGES:
        cues = sentence.cues_of(name)
        if not cues:
            continue
        answers = other.cues_of(*answering)
        bare = next((cue for cue in cues if answers and not added and _is_bare(sentence, cue, other)), None)
        if bare is not None:
            words = around(text, bare.span, before=1, after=2)
            reason = f'The source gives this as {called} ("{words}"), the copy as a fact.'
            facts.append(_fact(FactKind.CERTAINTY, Verdict.OMITTED, bare.span, None, added, reason))
        elif answers:
            facts.append(_fact(FactKind.CERTAINTY, Verdict.KEPT, cues[0].span, answers[0].span, added, ""))
        elif other.cover >= _COVER:
            side, opposite = ("copy", "source") if added else ("source", "copy")
            verdict = Verdict.UNSUPPORTED if added else Verdict.OMITTED
            words = around(text, cues[0].span, before=1, after=2)
            reason = f'The {side} gives this as {called} ("{words}"), the {opposite} as a fact.'
            facts.append(_fact(FactKind.CERTAINTY, verdict, cues[0].span, None, added, reason))
    return facts


def _is_bare(sentence: Sentence, cue: Cue, other: Counterpart) -> bool:
    """Tell whether what an adverb hedges stands on the other side only in sentences that are sure of all they say."""
    if cue.cue_class not in _ADVERBIAL or not _ADVERBS.fullmatch(sentence.words_at(cue.span)[0].text):
        return False
    after = [word for word in sentence.words if word.span.start >= cue.span.end][:_HEDGED_REACH]
    stems = [stem for word in after if (stem := stem_of(word))]
    told = [one for one in other.sentences if stems and stems[0] in one.stems]
    return bool(told) and not any(one.cues_of(*_UNSURE) for one in told)


def _legal_status(stated: tuple[Sentence, ...], rewritten: tuple[Sentence, ...], source: str, copy: str) -> list[Fact]:
    here = {cue.cue_class: cue for sentence in reversed(stated) for cue in sentence.cues_of(*_LEGAL)}
    there = {cue.cue_class: cue for sentence in reversed(rewritten) for cue in sentence.cues_of(*_LEGAL)}
    facts = [
        Fact(FactKind.CERTAINTY, Verdict.KEPT, here[name].span, there[name].span) for name in here if name in there
    ]
    for name, cue in there.items():
        if name in here:
            continue
        lost = next((here[other] for other in here if other not in there), None)
        if lost is not None:
            stated_words, words = shown(source, lost.span), shown(copy, cue.span)
            reason = f'The source says "{stated_words}", the copy says "{words}": not the same in law.'
            facts.append(Fact(FactKind.CERTAINTY, Verdict.ALTERED, lost.span, cue.span, reason))
        elif name in ("charged", "convicted", "acquitted"):
            reason = f'The copy says "{shown(copy, cue.span)}", the source tells of no such step in law.'
            facts.append(Fact(FactKind.CERTAINTY, Verdict.UNSUPPORTED, None, cue.span, reason))
    return facts


def _fact(kind: FactKind, verdict: Verdict, own: Span, other: Span | None, added: bool, reason: str) -> Fact:
    source, copy = (other, own) if added else (own, other)
    return Fact(kind=kind, verdict=verdict, source=source, copy=copy, reason=reason)
