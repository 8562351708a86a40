"""Read what bounds a figure: at least, nearly, up to, or so."""

from __future__ import annotations

import re

from service.amounts import Number
from service.spans import Span

_BOUNDS = {
    "least": "at least|at the very least|no fewer than|no less than|not less than|a minimum of|minimum of"
    "|upwards of|upward of",
    "more": "more than|over the age of|above the age of|above"
    "|north of|in excess of|greater than|better than|well over|exceeding|topping|beyond"
    "|past|longer than|older than|higher than|larger than|bigger than|heavier than|taller than|deeper than|faster than",
    "most": "at most|no more than|not more than|a maximum of|max|capped at|a max of|max of"
    "|up to|as many as|as much as|as high as|as long as|tops",
    "less": "fewer than|less than|under the age of|below the age of|under|below"
    "|south of|shy of|short of|shorter than|younger than|lower than"
    "|smaller than",
    "nearly": "nearly|almost|close to|just under|just shy of|just short of|approaching|pushing|practically",
    "about": "about|around|roughly|approximately|some|circa|more or less|give or take|an estimated|estimated|~"
    "|in the neighborhood of|in the ballpark of|abt|approx.|approx|an average of about|or so|call it",
    # The limit itself may be what is told.
    "limit": "limited to|limit of|cap of|ceiling of",
    "floor": "floor of",
    # What is passed on the way up is also reached.
    "passed": "gone through|went through|broke through|broken through|crossed|crossing|crosses|exceed|exceeds|exceeded",
    # A deadline as often as a limit.
    "within": "within|inside",
    # Of a small number as often a preposition: "they picked her over two others".
    "over": "over",
    # A filler of speech as often as an estimate.
    "like": "like|something like|smth like|kinda|what,|say,",
    # How sure it is, not how much: the certainty of the sentence is compared elsewhere.
    "maybe": "maybe|perhaps|possibly|probably|they think,|i think|i guess|i reckon|i'd say|they reckon",
}
# What may stand on the other side without a change of meaning.
_AGREEING = {
    frozenset({"nearly", "less"}),
    frozenset({"nearly", "about"}),
    frozenset({"least", "more"}),
    frozenset({"maybe", "about"}),
    frozenset({"maybe", ""}),
    frozenset({"like", "about"}),
    frozenset({"like", "maybe"}),
    frozenset({"like", ""}),
    frozenset({"odd", "about"}),
    frozenset({"odd", "more"}),
    frozenset({"odd", "least"}),
    frozenset({"within", "less"}),
    frozenset({"over", "more"}),
    frozenset({"over", "least"}),
    frozenset({"limit", ""}),
    frozenset({"limit", "most"}),
    frozenset({"floor", ""}),
    frozenset({"floor", "least"}),
    frozenset({"passed", ""}),
    frozenset({"passed", "over"}),
    frozenset({"passed", "more"}),
}
_BOUND = re.compile(
    "|".join(
        rf"(?P<{name}>(?<!\w)(?:{'|'.join(sorted(map(re.escape, words.split('|')), key=len, reverse=True))}))"
        for name, words in _BOUNDS.items()
    )
    + r"(?=\W)",
    re.IGNORECASE,
)
_BOUND_BEFORE = 26
# "In about the next ten days", but not "over the next ten days".
_BETWEEN_ESTIMATES = re.compile(r"^\s*(?:(?:the\s+)?(?:next|last|past|first)|every)\s+$", re.IGNORECASE)
_BETWEEN = re.compile(
    r"^,?\s*(?:(?:a|an|just|only|some|like|maybe|probably|his|her|its|their|another)\s+){0,2}$", re.IGNORECASE
)
_BOUND_AFTER = re.compile(
    r"\s*(?P<more>and\s+change\b)|\s*(?P<least>or\s+(?:more|better|higher|above|older|over)|(?<!\s)\+|-plus\b|plus\b(?!\s+\w)"
    r"|and\s+(?:up|over)|,?\s*(?:at\s+(?:the\s+)?(?:very\s+)?)?(?:minimum\b|least\b))"
    r"|\s*(?P<most>or\s+(?:fewer|less|under|lower|below)|,?\s*(?:tops|max)\b|,?\s*at\s+(?:the\s+)?(?:very\s+)?most\b)"
    r"|(?P<odd>[\s-]odd\b|-some\b|\s+something\b|-something\b)"
    r"|(?:\s*-?\s*(?P<about>ish\b|or\s+so\b|,?\s*give\s+or\s+take\b(?!\s+\w+\s+(?:years|days|hours|minutes|percent))|or\s+thereabouts\b))"
    r"|(?:\s+of\s+(?:them|['’]em))?,?\s+(?P<maybe>i['’]d\s+(?:say|guess|reckon))\b"
    r"|\s+(?P<limit>(?:was|is|are|were|being|as)\s+(?:the|a|its|his|her|their)\s+(?:\w+\s+)?(?:limit|maximum|max|ceiling|cap)\b)",
    re.IGNORECASE,
)
# What may stand between a figure and its unit: "a 20-ish percent cut", "10 or so miles", "20-plus years".
LOOSE_END = re.compile(
    r"(?:-?ish|[\s-]odd|-some|-plus|\+|\s+or\s+so|\s+or\s+more|\s+or\s+less)(?=[\s-])", re.IGNORECASE
)
_SCORE = re.compile(r"\s?[-–]\s?\d")
# "Is up to $2 million" tells a rise, not a limit.
_ROSE_TO = re.compile(
    r"(?:['’]s|\b(?:is|are|was|were|be|been|got|go|goes|going|run|runs|rise|rises|gone|went|came|back|moved|bumped|pushed|jumped|shot"
    r"|put\s+(?:it|them)|owns?|cover|now))\s+$",
    re.IGNORECASE,
)
# "Turned around 20 minutes in" tells no estimate.
_TURNED = re.compile(
    r"\b(?:stick\w*|stuck|stay\w*|hang\w*|hung|turn\w*|look\w*|swing\w*|swung|fool\w*|goes|went|go|get|got|gets|all)\s+$",
    re.IGNORECASE,
)
# "Chosen over 40 others" names no limit.
_PREFERRED = re.compile(
    r"\b(?:chos\w+|choos\w+|pick\w*|prefer\w*|select\w*|favou?r\w*|promot\w+|hired?|victor(?:y|ies)|triumph\w*|wins?)\s+$",
    re.IGNORECASE,
)
# "Resigns over $45 ticket" gives a reason.
_ATTRIBUTE = re.compile(
    r"\s+(?!(?:(?:in|on|at|for|from|to|of|by|per|and|or|but|as|each|every|a|an|the|this|last|next|more|when|while|after|before|with"
    r"|if|than|worth|annually|monthly|weekly|daily|yearly|out|up|so|is|was|are|were|will|has|had)\b|\w+s\b))[a-z]",
    re.IGNORECASE,
)
# "There aren't more than 20."
_DENIED = re.compile(
    r"(?:n['’]t|\b(?:wont|cant|dont|didnt|isnt|arent|wouldnt|not|never|nor|no\s+point|nobody|none|cannot))"
    r"(?:\s+\w+){0,3}\s+$",
    re.IGNORECASE,
)
# "The maximum fine is $1,000."
_LIMIT_BEFORE = re.compile(r"\b(?:maximum|limit|ceiling)\b[^.;!?\d]*$", re.IGNORECASE)
_LIMIT_REACH = 60
_ARTICLE = re.compile(r"^\s*an?\s")
# "Asked about two turbines" tells no estimate.
_TOLD_OF = re.compile(
    r"\b(?:how|what|ask\w*|t[eo]ld|tell\w*|talk\w*|sp[eo]\w*k\w*|kn[eo]w\w*|hear\w*|worr\w+|complain\w*|lied?|lying|wr[io]t\w+"
    r"|warn\w*|question\w*|concern\w*|jok\w+|facts?|story|stories|news)\s+$",
    re.IGNORECASE,
)
# "A little past 9" is "shortly after 9".
_SOON = re.compile(r"\b(?:little|bit|just|shortly|well|half|quarter)\s+$", re.IGNORECASE)
# "Free for under-5s".
_AGES = re.compile(r"\b(under|over)[\s-]$", re.IGNORECASE)
_AGES_END = re.compile(r"s\b(?!['’])")


def agree(first: str, second: str) -> bool:
    """Tell whether two bounds say the same; an empty one is none.

    >>> agree("nearly", "about"), agree("least", "most"), agree("more", "")
    (True, False, False)
    """
    return first == second or frozenset({first, second}) in _AGREEING


def find_bound(text: str, number: Number, span: Span, *, is_money: bool = False) -> tuple[str, Span]:
    """Find what bounds a figure.

    Args:
        text: The text.
        number: The number.
        span: Where the number stands with its unit.
        is_money: Whether it is an amount of money.

    Returns:
        The name of the bound, empty where there is none, and where the figure stands with it.
    """
    window = max(0, span.start - _BOUND_BEFORE)
    head = text[window : span.start]
    last: re.Match[str] | None = None
    for match in _BOUND.finditer(head):
        last = match
    between = head[last.end() :] if last else ""
    if (way := _AGES.search(head)) and _AGES_END.match(text, span.end):
        return "less" if way[1].casefold() == "under" else "over", Span(window + way.start(), span.end + 1)
    estimated = last is not None and last.lastgroup == "about" and _BETWEEN_ESTIMATES.match(between) is not None
    if last is not None and (estimated or _BETWEEN.match(between)) and not number.ordinal:
        before = text[max(0, window + last.start() - 16) : window + last.start()]
        word = last[0].casefold()
        idle = {"up to": _ROSE_TO, "around": _TURNED, "about": _TOLD_OF, "past": _SOON, "over": _PREFERRED}.get(word)
        # "Smiles over a 19-second handshake", "the limit of 25".
        if _ARTICLE.search(between) and word in ("over", "under", "about", "around", "past"):
            # "About a 40-year supply" estimates, "he jokes about a 19-second handshake" does not.
            return "maybe" if word in ("about", "around") else "", span
        if word == "over" and is_money and _ATTRIBUTE.match(text, span.end):
            return "passed", Span(window + last.start(), span.end)
        if idle and idle.search(before):
            # "Got around 6,700 complaints" and "fined up to $500" may still estimate and limit.
            return {"around": "maybe", "up to": "limit"}.get(word, ""), span
        if last.lastgroup in ("more", "over", "passed") and _DENIED.search(before):
            return "limit" if last.lastgroup == "passed" else "most", Span(window + last.start(), span.end)
        return str(last.lastgroup), Span(window + last.start(), span.end)
    after = _BOUND_AFTER.match(text, span.end) or (
        _BOUND_AFTER.match(text, number.span.end) if LOOSE_END.match(text, number.span.end) else None
    )
    if after and not _SCORE.match(text, span.end):
        return str(after.lastgroup), Span(span.start, max(span.end, after.end()))
    if not number.ordinal and _LIMIT_BEFORE.search(text[max(0, span.start - _LIMIT_REACH) : span.start]):
        return "limit", span
    return "", span
