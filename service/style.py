"""Style findings: where a text breaks the rules of wire copy."""

from __future__ import annotations

from dataclasses import dataclass

from service.spans import Span


@dataclass(frozen=True)
class Finding:
    """One breach of a rule.

    Attributes:
        rule: Its number, for example ``W10``.
        message: What is wrong and what would be right, in one sentence.
        span: Where it stands.
    """

    rule: str
    message: str
    span: Span
