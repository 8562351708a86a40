"""Tell how two sides compare, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from rich import box
from rich.table import Table

from evaluation.comparing import PERMUTATIONS, Comparison, compare, describe
from evaluation.errors import NothingSharedError
from evaluation.intervals import RESAMPLES, SEED
from evaluation.scoring import is_of_a_kind
from evaluation.sides import Side

_NOTHING = "–"


def compare_sides(first: Side, second: Side, *, part: str | None) -> Comparison:
    """Compare two sides on the texts that both rewrote.

    Args:
        first: One side.
        second: The other.
        part: Take only the texts of this set.

    Raises:
        NothingSharedError: They have no rewrite of a text in common.
    """
    rows = ([row for row in side.rows if part in (None, row.part)] for side in (first, second))
    found = compare(*rows)
    if not found.paired:
        raise NothingSharedError(first.name, second.name, part)
    return found


def make_table(sides: Sequence[Side], comparison: Comparison) -> Table:
    """Set the two sides beside each other; what is counted by kind of fact is in the JSON alone."""
    table = Table("measure", box=box.SIMPLE_HEAD, pad_edge=False)
    for name in ("texts", *(side.name for side in sides), "difference", "95% interval", "p"):
        table.add_column(name, justify="right")
    for one in comparison.differences:
        if not is_of_a_kind(one.measure):
            table.add_row(
                one.measure,
                str(one.n),
                f"{one.first:.3f}",
                f"{one.second:.3f}",
                f"{one.interval.value:+.3f}",
                f"{one.interval.low:+.3f} to {one.interval.high:+.3f}",
                _NOTHING if one.p is None else f"{one.p:.4f}",
            )
    return table


def notes(comparison: Comparison) -> list[str]:
    """Say what a reader must know of the table."""
    same = f"{comparison.same} of the {comparison.paired} texts have the same copy on both sides."
    left_out = f"{comparison.left_out} texts were left out: only one side has them, or a side failed on them."
    return [
        same,
        *([left_out] if comparison.left_out else []),
        f"Intervals: bootstrap of the texts, {RESAMPLES} resamples. p: permutation test that exchanges the sides of "
        f"whole texts (scipy, {PERMUTATIONS:,} permutations, exact where there are fewer), two-sided, not corrected "
        f"for the number of measures. Seed {SEED}.",
    ]


def as_json(sides: Sequence[Side], comparison: Comparison) -> str:
    """Write all of a comparison."""
    first, second = sides
    fields = {
        "first": {"name": first.name, "fingerprints": _fingerprints(first)},
        "second": {"name": second.name, "fingerprints": _fingerprints(second)},
        "resamples": RESAMPLES,
        "permutations": PERMUTATIONS,
        "seed": SEED,
        **describe(comparison),
    }
    return json.dumps(fields, indent=1, ensure_ascii=False) + "\n"


def _fingerprints(side: Side) -> list[str]:
    return sorted({row.fingerprint for row in side.rows})
