"""The rows of a batch: what comes in, and what becomes of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json

from service.errors import CopydeskError, InvalidRowError, NotTextError, TermsError
from service.facts import Verdict
from service.passages import Status
from service.rewriting import Rewrite
from service.schemas import BatchRowIn
from service.terms import Terms

Identity = str | int | None
# Fields that a row may have beside id and article.
TERMS = ("protected", "glossary")


@dataclass(frozen=True)
class Columns:
    """Where a row has its id and its text.

    Attributes:
        identity: Field or column of the id; a row need not have one.
        text: Field or column of the article.
    """

    identity: str = "id"
    text: str = "text"


@dataclass(frozen=True)
class Row:
    """A row that came in.

    Attributes:
        number: Its place in the input, from 1.
        identity: Its id; None where it has none, or none that can be read.
        text: The article; empty where it could not be had.
        terms: Terms that its rewrite keeps or renders.
        error: Why it cannot be rewritten; None where nothing is known against it.
    """

    number: int
    identity: Identity = None
    text: str = ""
    terms: Terms = field(default_factory=Terms)
    error: str | None = None

    @classmethod
    def failed(cls, number: int, error: CopydeskError, *, identity: Identity = None) -> Row:
        """Make a row that cannot be rewritten."""
        return cls(number=number, identity=identity, error=error.sentence)

    @classmethod
    def from_fields(cls, number: int, fields: Mapping[str, Any], columns: Columns) -> Row:
        """Take id, article and terms out of the fields of a row; one that lacks them, or has others, has failed."""
        identity = fields.get(columns.identity)
        try:
            _require_identity(identity, columns.identity)
        except InvalidRowError as error:
            return cls.failed(number, error)
        given = {"text": fields[columns.text]} if columns.text in fields else {}
        try:
            given |= {name: _read_json(name, fields[name]) for name in TERMS if name in fields}
            row = BatchRowIn.model_validate(given)
            terms = Terms.of(row.protected or (), row.glossary or {})
        except ValidationError as invalid:
            fault = invalid.errors(include_input=False)[0]
            name = str(fault["loc"][0])
            reason = InvalidRowError(columns.text if name == "text" else name, fault["msg"])
            return cls.failed(number, reason, identity=identity)
        except (InvalidRowError, TermsError) as error:
            return cls.failed(number, error, identity=identity)
        return cls(number=number, identity=identity, text=row.text, terms=terms)


def _read_json(name: str, value: object) -> object:
    """Read what stands in a table as text; a field of JSON Lines is what it is."""
    if not isinstance(value, str):
        return value
    try:
        return from_json(value) if value.strip() else None
    except ValueError as error:
        example = '["Big Mac"]' if name == "protected" else '{"cops": "officers"}'
        raise InvalidRowError(name, f"Input should be JSON, as {example}") from error


def decode(content: bytes) -> str:
    """Read bytes as text.

    Raises:
        NotTextError: They are none in UTF-8.
    """
    if b"\x00" in content:
        raise NotTextError(content.index(b"\x00"), binary=True)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotTextError(error.start, binary=False) from error


def _require_identity(identity: object, name: str) -> None:
    if not (identity is None or isinstance(identity, str | int)) or isinstance(identity, bool):
        raise InvalidRowError(name, "Input should be text or a whole number")


@dataclass(frozen=True)
class Tally:
    """How rows have fared; tallies add up.

    Attributes:
        rows: How many there are.
        failed: How many of them have an error instead of a copy.
        passages: Passages by status.
        facts: Facts by verdict.
    """

    rows: int = 0
    failed: int = 0
    passages: Mapping[Status, int] = field(default_factory=dict)
    facts: Mapping[Verdict, int] = field(default_factory=dict)

    @classmethod
    def of(cls, rewrite: Rewrite) -> Tally:
        """Count one row that was rewritten."""
        return cls(
            rows=1,
            passages=Counter(passage.status for passage in rewrite.passages),
            facts=Counter(fact.verdict for passage in rewrite.passages for fact in passage.report.facts),
        )

    @classmethod
    def total(cls, tallies: Iterable[Tally]) -> Tally:
        """Add up tallies."""
        added = tuple(tallies)
        passages, facts = Counter[Status](), Counter[Verdict]()
        for tally in added:
            passages.update(tally.passages)
            facts.update(tally.facts)
        return cls(
            rows=sum(tally.rows for tally in added),
            failed=sum(tally.failed for tally in added),
            passages=passages,
            facts=facts,
        )


@dataclass(frozen=True)
class Result:
    """What became of a row.

    Attributes:
        number: The place of the row in the input, from 1.
        fields: The row that goes out: its ``id``, and its copy or its ``error``.
        tally: What it adds to the sums.
    """

    number: int
    fields: dict[str, Any]
    tally: Tally
