"""Whom a casual text only speaks to: readers and friends it calls by name, and words it only exclaims."""

from __future__ import annotations

import re
from collections import Counter

from service.regions import Region
from service.spans import Span

_WORD = r"[A-ZÀ-Þ][^\W\d_]*(?:['’-][^\W\d_]+)?"
_FIRST_PART = re.compile(r"\b[A-ZÀ-Þ][^\W\d_]*")
_START = r"(?:\A[^\w\"“”]{0,3}|(?<=[.!?…]\s)|(?<=\n))"
# "Charley, recount done", "Dumela! The lion"; not "Delgado, 34, ...", "Nokia, meanwhile, ..." or "Rio, Lima and Lagos".
_CALLED = re.compile(
    rf"{_START}(?P<name>(?!(?:No|Yes|And|But|So|Now|Then|Oh|Well)\b){_WORD})(?:!+(?=\s)|,(?=\s(?!\d|"
    r"(?:who|whose|which|where|an?|the|of|in|at|on|by|from|for|with|and|or|aged|too|then|once|now|still|also|\w+ed|[A-Z]\w+day|[A-Z]\w{2}\.?\s\d)\b"
    rf"|{_WORD}(?:\s{_WORD})?(?:\s*[,;]|\s(?:and|or|&)\s)|\w+(?:\s\w+){{0,2}},)))"
)
# "Dear Joan", "thanks, Joost", "calm down, Dave"; "no, Rio" or "sorry, Rio" may set a name right.
_GREETED = re.compile(
    r"\b(?i:dear(?:est)?|uncle|cheers|thanks|thank\s+you|ta|hi|hiya|hey|hello|oi|yo|well\s+done|nice\s+(?:try|one)"
    r"|bless\s+you|not\s+you|no\s+way|come\s+on|calm\s+down|settle\s+down|sit\s+down|step\s+aside|move\s+over"
    r"|stop\s+it|hush|shush|shut\s+up|relax|chill|listen|guess\s+what|good\s+(?:morning|evening|night|try|luck)"
    r"|it['’]?s\s+like\s+this|believe\s+me|trust\s+me|tell\s+me|i\s+swear|wake\s+up|buckle\s+up|take\s+that)"
    rf",?\s+(?P<name>{_WORD})(?=\s*[,.!?)])"
)


def find_addressees(text: str) -> Region:
    """Find the single words that name whom a text speaks to, and those that it only exclaims.

    A name that stands elsewhere in the text as well is one it speaks of.

    >>> text = "Charley, recount done. Calm down, Dave. Paul, 34, won."
    >>> [text.find(name) for name in ("Charley", "Dave", "Paul") if find_addressees(text).holds(text.find(name))]
    [0, 34]
    """
    found = [Span(*match.span("name")) for pattern in (_CALLED, _GREETED) for match in pattern.finditer(text)]
    times = Counter(_FIRST_PART.findall(text) if found else ())
    return Region(span for span in found if sum(times[part] for part in _FIRST_PART.findall(span.of(text))[:1]) == 1)
