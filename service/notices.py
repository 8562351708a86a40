"""What a reader of a fact report must know about the two texts before trusting it."""

from __future__ import annotations

from service.language import reads_as_english


def find_notices(source: str, copy: str) -> tuple[str, ...]:
    """Say what is odd about a source and its copy: one of them is empty, or not English.

    >>> find_notices("The mayor quit.", " ")
    ('The copy is empty.',)
    """
    sides = (("source", source), ("copy", copy))
    blank = [side for side, text in sides if not text.strip()]
    if len(blank) == len(sides):
        return ("Both texts are empty: there was nothing to check.",)
    foreign = [side for side, text in sides if text.strip() and not reads_as_english(text)]
    return (
        *(f"The {side} is empty." for side in blank),
        *(
            f"The {side} does not look like English: the checker reads English alone, so its verdicts on this text are "
            "not to be relied on."
            for side in foreign
        ),
    )
