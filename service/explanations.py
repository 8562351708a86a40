"""Say in an editor's words what became of a fact, and why: one sentence for each verdict."""

from __future__ import annotations

import re

from service.facts import Fact, FactKind, Verdict
from service.spans import Span

_NOUNS = {
    FactKind.ORGANISATION: "an organization",
    FactKind.MONEY: "an amount of money",
    FactKind.PERCENT: "a percentage",
    FactKind.ATTRIBUTION: "an attribution",
    FactKind.CERTAINTY: "a statement of how sure it is",
    FactKind.POLARITY: "a negation",
    FactKind.RELATION: "a statement",
}
_AMOUNTS = frozenset({FactKind.FIGURE, FactKind.MONEY, FactKind.PERCENT})
_NAMES = frozenset({FactKind.PERSON, FactKind.ORGANISATION, FactKind.PLACE, FactKind.NAME})
_LONGEST = 80
_DOTS = "..."
_CONTEXT_WORDS = 2
_WIDE = 3
_AFTER = re.compile(r"(?:[ \t\u00a0-]|[ \t]*\r?\n[ \t]*(?=\S))(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)")
_BEFORE = re.compile(r"(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)[ \t\u00a0]$")
_REACH = 40
# A phrase that shows what a figure counts ends before these.
_NO_NOUNS = frozenset(
    """
    a about after against all also although an and are as at because been before being but by can could did do does
    down during even for from get gets got had has have he her him his how i if in into is it its just lol may me
    might more must no not of off omg on only or our out over per said say says she should since so some than that
    the their them then there these they this those through to under until up us very was we were what when where
    which while who whom whose why will with would you your
    """.split()  # noqa: SIM905
)
_STOP_WITHIN = re.compile(r"[.,]([\"”’»])$")
_COMMA_WITHIN = re.compile(r",([\"”’»])$")
_ARTICLE_LAST = re.compile(r" (?:an?|the)$")
_NO_NOUN = re.compile(r"n['’]t$")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'})

_CUE = (
    r"(?:said|says|told|tells|wrote|writes|added|adds|asked|posted|tweeted|testified|explained|admitted|insisted"
    r"|warned|argued|joked|replied)"
)
_SPEAKER = (
    r"(?!(?:He|She|They|It|We|I|You|Who|But|And|So|The)\b)(?:(?:[A-Z]|Dr|Gov|Mr|Mrs|Ms|Rep|Sen|St)\.|[A-ZÀ-Þ][\w'’-]*)"
    r"(?:\s+[A-ZÀ-Þ][\w'’-]*){0,3}|\b[Tt]he\s+[a-z]+"
)
_SPEAKER_AFTER = re.compile(
    rf"\s*(?:{_CUE}\s+(?:[a-z]+\s+){{0,2}}?(?P<after>{_SPEAKER})|(?P<before>{_SPEAKER})\s+{_CUE}\b)"
)
_SPEAKER_BEFORE = re.compile(rf"(?P<before>{_SPEAKER})\s+{_CUE}\b(?:\s+[\w'’]+){{0,3}}[,:]?\s*$")
_SPEAKER_REACH = 100


SWAPPED = "the two have changed places."


def explain(fact: Fact, *, source: str, copy: str) -> str:
    """Say what became of a fact and why.

    >>> kept = Fact(FactKind.DATE, Verdict.KEPT, Span(3, 14), Span(3, 9))
    >>> explain(kept, source="On October 3rd, then.", copy="On Oct. 3, then.")
    'The copy writes "Oct. 3" for "October 3rd".'
    """
    if fact.reason:
        return fact.reason
    if fact.source and fact.copy:
        if fact.verdict is Verdict.KEPT:
            return _kept(fact.kind, source, fact.source, copy, fact.copy)
        return altered(fact.kind, source, fact.source, copy, fact.copy)
    if fact.source:
        if fact.verdict is Verdict.KEPT:
            return _ended(f"The copy keeps {_quoted(source, fact.source)} in other words")
        return omitted(fact.kind, source, fact.source)
    return added(fact.kind, copy, fact.copy or Span(0, 0))


def omitted(kind: FactKind, source: str, span: Span) -> str:
    """Say that the copy leaves a fact out.

    >>> omitted(FactKind.FIGURE, "It killed 9 people in Riga.", Span(10, 11))
    'The copy leaves out a figure of the source: 9 people.'
    """
    what = f"{_noun(kind)} that the source names" if kind in _NAMES else f"{_called(kind, source, span)} of the source"
    return _ended(f"The copy leaves out {what}: {_phrase(kind, source, span)}")


def added(kind: FactKind, copy: str, span: Span) -> str:
    """Say that the copy states what the source does not.

    >>> added(FactKind.PLACE, "They met in Italy.", Span(12, 17))
    'The copy names a place that the source does not: Italy.'
    """
    words = _phrase(kind, copy, span)
    if kind in _NAMES:
        return _ended(f"The copy names {_noun(kind)} that the source does not: {words}")
    return _ended(f"The copy adds {_called(kind, copy, span)} that the source does not give: {words}")


def altered(kind: FactKind, source: str, stated: Span, copy: str, rewritten: Span) -> str:
    """Say what each side says.

    >>> altered(FactKind.FIGURE, "He counted 9 dead.", Span(11, 12), "There were 12 dead.", Span(11, 13))
    'The source says 9 dead, the copy says 12.'
    """
    if kind is FactKind.QUOTATION:
        first, second = _difference(
            *(
                _STOP_WITHIN.sub(r"\1", shown(text, span, most=None))
                for text, span in ((source, stated), (copy, rewritten))
            )
        )
        whose = _speaker(source, stated) or _speaker(copy, rewritten)
        where = f" of {whose}" if whose else ""
        return _ended(f"The copy changes the words of a quotation{where}: {first} in the source, {second} in the copy")
    first, second = _phrase(kind, source, stated), _phrase(kind, copy, rewritten)
    bare = shown(copy, rewritten)
    if kind in _AMOUNTS:
        if second != bare and _rest(first, source, stated) == _rest(second, copy, rewritten):
            second = bare
        if _plain(shown(source, stated)) == _plain(bare):
            first, second = f'"{around(source, stated)}"', f'"{around(copy, rewritten)}"'
        return _ended(f"The source says {first}, the copy says {second}")
    if _plain(first) == _plain(second):
        first, second = f'"{around(source, stated)}"', f'"{around(copy, rewritten)}"'
    if kind in _NAMES or kind in (FactKind.DATE, FactKind.TIME):
        noun = _noun(kind).partition(" ")[2]
        return _ended(f"The {noun} is {first} in the source, {second} in the copy")
    return _ended(f"The source says {first}, the copy says {second}")


def swapped(kind: FactKind, source: str, stated: tuple[Span, Span], copy: str, rewritten: tuple[Span, Span]) -> str:
    """Say that two figures or dates have changed places.

    >>> source, copy = "Paris had 12 fires and Lyon 30 floods.", "Paris had 30 fires and Lyon 12 floods."
    >>> swapped(FactKind.FIGURE, source, (Span(10, 12), Span(28, 30)), copy, (Span(28, 30), Span(10, 12)))
    'The source says 12 fires and 30 floods, the copy says 30 fires and 12 floods: the two have changed places.'
    """
    first, second = (_phrase(kind, source, span) for span in sorted(stated))
    third, fourth = (_phrase(kind, copy, span) for span in sorted(rewritten))
    return f"The source says {first} and {second}, the copy says {third} and {fourth}: {SWAPPED}"


def contradicted(source: str, stated: Span, copy: str, rewritten: Span) -> str:
    """Say that the copy contradicts the source, with the words around that tell of what.

    >>> contradicted("Sales rose in May.", Span(6, 10), "Sales fell in May.", Span(6, 10))
    'The source says "Sales rose in May", the copy says "Sales fell in May".'
    """
    first, second = around(source, stated), around(copy, rewritten)
    return f'The source says "{first}", the copy says "{second}".'


def item_dropped(source: str, item: Span) -> str:
    """Say that a list lacks an item.

    >>> item_dropped("They sell figs, dates and nuts.", Span(16, 21))
    'The source lists "dates", the copy leaves it out of the list.'
    """
    return f'The source lists "{shown(source, item)}", the copy leaves it out of the list.'


def reworded(source: str, stated: Span, copy: str, rewritten: Span) -> str:
    """Say that two differ in words and were judged to say the same.

    >>> reworded("It was axed.", Span(7, 11), "It was cut.", Span(7, 10))
    'The copy says "cut" where the source says "axed"; read in full, they were judged to say the same.'
    """
    said = f"The copy says {_quoted(copy, rewritten)} where the source says {_quoted(source, stated)}"
    return f"{said}; read in full, they were judged to say the same."


def shown(text: str, span: Span, *, most: int | None = _LONGEST) -> str:
    """Give the words at ``span`` on one line, cut where they are too long to read at a glance."""
    words = " ".join(span.of(text).split())
    return words if most is None or len(words) <= most else words[: most - len(_DOTS)].rstrip() + _DOTS


def around(text: str, span: Span, *, before: int = _WIDE, after: int = _WIDE) -> str:
    """Give the words at ``span`` with a few on either side.

    >>> around("The board did not approve the plan.", Span(14, 17), before=1, after=1)
    'did not approve'
    """
    start, end = span.start, span.end
    for _ in range(before):
        if not (match := _BEFORE.search(text[max(0, start - _REACH) : start])):
            break
        start -= len(match[0])
    for _ in range(after):
        if not (match := _AFTER.match(text, end)):
            break
        end = match.end()
    return _ARTICLE_LAST.sub("", shown(text, Span(start, end)))


def _kept(kind: FactKind, source: str, stated: Span, copy: str, rewritten: Span) -> str:
    first, second = shown(source, stated), shown(copy, rewritten)
    same = _plain(first) == _plain(second)
    if kind is FactKind.QUOTATION:
        whose = _speaker(source, stated) or _speaker(copy, rewritten)
        return _ended(f"Both quote {whose} word for word: {first}" if whose else f"Both quote the same words: {first}")
    if kind in _NAMES and same:
        return _ended(f"Both name {first}")
    if kind in _AMOUNTS and same:
        more, again = _phrase(kind, source, stated), _phrase(kind, copy, rewritten)
        return _ended(f"Both say {more if _plain(more) == _plain(again) else first}")
    if kind is FactKind.POLARITY:
        return _ended(
            f'Both have the negation "{first}"'
            if same
            else f'The copy has the negation "{second}" where the source has "{first}"'
        )
    if kind is FactKind.CERTAINTY:
        return _ended(f'Both say "{first}"' if same else f'The copy says "{second}" for "{first}", which is as certain')
    if same:
        return _ended(f"Both say {first}")
    return f'The copy writes "{second}" for "{first}".'


def _noun(kind: FactKind) -> str:
    return _NOUNS.get(kind, f"a {kind.value}")


def _called(kind: FactKind, text: str, span: Span) -> str:
    whose = _speaker(text, span) if kind is FactKind.QUOTATION else ""
    return f"{_noun(kind)} of {whose}" if whose else _noun(kind)


def _phrase(kind: FactKind, text: str, span: Span) -> str:
    """Give the words of a fact; for a bare figure also what it counts."""
    words = shown(text, span)
    if kind is not FactKind.FIGURE or (words[:1].isdigit() and words[-1:].isalpha()):
        return words
    end = span.end
    for _ in range(_CONTEXT_WORDS):
        match = _AFTER.match(text, end)
        if match is None or _NO_NOUN.search(match["word"]) or match["word"].casefold() in _NO_NOUNS:
            break
        end = match.end()
    if end > span.end:
        return shown(text, Span(span.start, end))
    before = _BEFORE.search(text[max(0, span.start - _REACH) : span.start])
    if before is None or not words[-1:].isdigit() or before["word"].casefold() in _NO_NOUNS:
        return words
    return shown(text, Span(span.start - len(before[0]), span.end))


def _rest(phrase: str, text: str, span: Span) -> tuple[str, ...]:
    """Give what a phrase adds to the words at ``span``."""
    return tuple(_plain(part) for part in phrase.partition(shown(text, span))[::2])


def _quoted(text: str, span: Span) -> str:
    return f'"{shown(text, span)}"'


def _plain(words: str) -> str:
    return words.translate(_MARKS).casefold()


def _ended(sentence: str) -> str:
    sentence = _COMMA_WITHIN.sub(r".\1", sentence)
    return sentence if _SENTENCE_END.search(sentence) else f"{sentence}."


def _difference(first: str, second: str) -> tuple[str, str]:
    """Cut from two long quotations what they have in common, but for a few words on either side."""
    ones, others = first.split(), second.split()
    if len(first) <= _LONGEST and len(second) <= _LONGEST:
        return first, second
    shortest = min(len(ones), len(others))
    head = next((n for n in range(shortest) if _plain(ones[n]) != _plain(others[n])), shortest)
    tail = next((n for n in range(shortest - head) if _plain(ones[-1 - n]) != _plain(others[-1 - n])), shortest - head)
    return _middle(ones, head, tail), _middle(others, head, tail)


def _middle(words: list[str], head: int, tail: int) -> str:
    start, end = max(0, head - _WIDE), min(len(words), len(words) - tail + _WIDE)
    middle = " ".join(words[start:end])
    if len(middle) > _LONGEST:
        middle = middle[: _LONGEST - len(_DOTS)].rstrip() + _DOTS
    return (f"{_DOTS} " if start else "") + middle + (f" {_DOTS}" if end < len(words) else "")


def _speaker(text: str, span: Span) -> str:
    """Name who says a quotation, as the words beside it tell; empty where they do not."""
    # A quotation that ends in a full stop ends its sentence.
    ended = text[max(span.start, span.end - 2) : span.end].startswith(".")
    after = None if ended else _SPEAKER_AFTER.match(text[span.end : span.end + _SPEAKER_REACH])
    found = after or _SPEAKER_BEFORE.search(text[max(0, span.start - _SPEAKER_REACH) : span.start])
    if found is None:
        return ""
    return " ".join((found.groupdict().get("after") or found["before"]).split())


_DOUBTS = {
    "entity_changed": "The copy may name another than the source",
    "entity_swap": "The copy may have exchanged who is who",
    "figure_changed": "The copy may give another figure",
    "figure_swapped": "The copy may have exchanged two figures",
    "unit_or_magnitude": "The copy may count in another unit or size",
    "date_time_changed": "The copy may give another date or time",
    "location_changed": "The copy may give another place",
    "quotation_altered": "The copy may change the words of a quotation",
    "quotation_invented": "The copy may quote what nobody is quoted as saying",
    "list_item_dropped": "The copy may lack one of a list",
    "fact_omitted": "The copy may lack what the source tells here",
    "detail_added": "The copy may add a detail that the source does not give",
    "attribution_dropped": "The copy may state as fact what the source attributes",
    "attribution_swapped": "The copy may attribute this to somebody else",
    "hedge_dropped": "The copy may be surer than the source",
    "hedge_added": "The copy may be less sure than the source",
    "negation_flipped": "One side may deny what the other states",
    "direction_flipped": "The copy may turn a direction round",
    "comparison_changed": "The copy may compare or rank differently",
    "relation_changed": "The copy may give another relation or legal state",
    "role_swapped": "The copy may have exchanged who did what to whom",
    "cause_invented": "The copy may give a cause or a purpose that the source does not",
    "time_order_changed": "The copy may change the order of events",
    "coreference_wrong": "The copy may speak of somebody else here",
    "predicate_changed": "The copy may say something else happened",
}


def doubted(error: str, source: str, stated: Span | None, copy: str, rewritten: Span | None) -> str:
    """Say what the verifier doubts, and where.

    >>> doubted("role_swapped", "Ana hit Bo.", Span(0, 10), "Bo hit Ana.", Span(0, 10))
    'The copy may have exchanged who did what to whom: "Ana hit Bo" in the source, "Bo hit Ana" in the copy.'
    """
    places = [
        f'"{around(text, span)}" in the {name}'
        for text, span, name in ((source, stated, "source"), (copy, rewritten, "copy"))
        if span
    ]
    return _ended(f"{_DOUBTS[error]}: {', '.join(places)}")
