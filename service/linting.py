"""Read a whole article for style, each part by the rules that hold for it."""

from __future__ import annotations

from dataclasses import replace

from service.article import parse_article
from service.house_style import HouseStyle
from service.style import Finding, find_faults


def lint(text: str, *, style: HouseStyle | None = None) -> tuple[Finding, ...]:
    r"""Find the breaches of wire style in an article, in order; headlines and headings keep rules of their own (W15).

    Args:
        text: The article.
        style: The house style; None for that of the default.

    >>> [finding.rule for finding in lint("Ferry sinks\n\nIt isn't raised.")]
    ['W10']
    """
    return tuple(
        replace(finding, span=finding.span.shift(block.span.start))
        for block in parse_article(text).blocks
        for finding in find_faults(block.span.of(text), headline=block.kind.is_heading, style=style)
    )
