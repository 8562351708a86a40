"""The figures on record, as a file that is committed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

from evaluation.errors import BrokenDataError, MissingDataError
from evaluation.intervals import Interval
from evaluation.regression.holding import Held

PATH = Path(__file__).parent / "baseline.json"


def write_record(path: Path, held: Sequence[Held], fingerprints: Mapping[str, str]) -> None:
    """Put figures on record.

    Args:
        path: The file.
        held: The figures.
        fingerprints: Which version of each system they are of.
    """
    record = {"fingerprints": dict(fingerprints), "figures": [asdict(one) for one in held]}
    path.write_text(json.dumps(record, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def read_record(path: Path) -> list[Held]:
    """Read the figures on record.

    Raises:
        MissingDataError: There are none.
        BrokenDataError: The file holds something else.
    """
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))["figures"]
        return [Held(**{**fields, "interval": Interval(**fields["interval"])}) for fields in figures]
    except FileNotFoundError as error:
        raise MissingDataError(path) from error
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenDataError(path, 1, f"is no record of figures ({error}): renew it with --renew") from error
