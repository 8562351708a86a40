"""What a caller asks of the desk for one article: in which style, how far it may go, which terms it keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from service.house_style import DEFAULT, HouseStyle, house_style
from service.terms import Terms


class Mode(StrEnum):
    """How far the desk may go.

    ``rewrite``: as far as wire style asks. ``fix``: only faults of style are mended, by rules; all else stays.
    """

    REWRITE = "rewrite"
    FIX = "fix"


@dataclass(frozen=True)
class Brief:
    """What the desk is asked to do.

    Attributes:
        style: The house style.
        mode: How far it may go.
        terms: Terms that it keeps or renders.
    """

    style: HouseStyle = field(default_factory=house_style)
    mode: Mode = Mode.REWRITE
    terms: Terms = field(default_factory=Terms)

    @classmethod
    def of(
        cls,
        *,
        style: str = DEFAULT,
        mode: str = Mode.REWRITE,
        protected: Iterable[str] = (),
        glossary: Mapping[str, str] | None = None,
    ) -> Brief:
        """Write a brief.

        Raises:
            UnknownStyleError: There is no such house style.
            TermsError: The terms are too many, or one cannot be kept.
            ValueError: There is no such mode.
        """
        return cls(style=house_style(style), mode=Mode(mode), terms=Terms.of(protected, glossary))

    @property
    def for_drafts(self) -> Brief:
        """The same for drafts: what a house writes its own way is put right at the end, so that no draft is blamed."""
        return self if self.style.learned else replace(self, style=replace(self.style, rules=()))
