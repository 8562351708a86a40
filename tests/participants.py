from __future__ import annotations

from service.annotation import Annotator
from service.figures import find_numerals
from service.names import find_names
from service.participants import Participants, find_participants


def read_participants(annotator: Annotator, *texts: str) -> list[Participants]:
    """Find who and what texts speak of."""
    return [
        find_participants(annotated, find_names(annotated), find_numerals(annotated.text))
        for annotated in annotator.annotate(texts)
    ]
