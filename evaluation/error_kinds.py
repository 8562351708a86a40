"""Which kinds of fact an editor would call the right ones to name, for each type of error in ``gate.jsonl``.

By name and not by ``FactKind``, so that a kind may be listed before the checker has it.
"""

from __future__ import annotations

_NAMES = frozenset({"person", "organisation", "place", "name"})
_AMOUNTS = frozenset({"figure", "money", "percent"})
# Who did what to whom.
_RELATIONS = frozenset({"relation", "role"})
_CLAIMS = frozenset({"attribution", "certainty"})

# What is lost or added may be a fact of any kind; where no set is given, any is right that stands where the error is.
RIGHT_KINDS: dict[str, frozenset[str] | None] = {
    "entity_changed": _NAMES,
    "entity_swap": _NAMES | {"relation", "role"},
    "figure_changed": _AMOUNTS,
    "figure_swapped": _AMOUNTS | {"relation", "role"},
    "unit_or_magnitude": _AMOUNTS,
    "date_time_changed": frozenset({"date", "time"}),
    "location_changed": frozenset({"place", "name", "organisation"}),
    "quotation_altered": frozenset({"quotation"}),
    "quotation_invented": frozenset({"quotation"}),
    "list_item_dropped": None,
    "fact_omitted": None,
    "detail_added": None,
    "attribution_dropped": _CLAIMS,
    "attribution_swapped": frozenset({"attribution", "quotation", "relation", "role"}),
    "cause_invented": frozenset({"cause", "relation"}),
    "comparison_changed": _AMOUNTS | {"comparison"},
    "coreference_wrong": _NAMES | _RELATIONS | {"attribution"},
    "direction_flipped": _RELATIONS | {"comparison", "polarity"},
    "hedge_added": frozenset({"certainty"}),
    "hedge_dropped": _CLAIMS,
    "negation_flipped": frozenset({"polarity"}),
    "relation_changed": _RELATIONS | {"certainty", "polarity", "statement"},
    "role_swapped": _RELATIONS | _NAMES,
    "time_order_changed": frozenset({"order", "date", "time"}),
}

# What a reader can see by holding the two texts side by side word for word.
SURFACE = frozenset(
    {
        "entity_changed",
        "entity_swap",
        "figure_changed",
        "figure_swapped",
        "unit_or_magnitude",
        "date_time_changed",
        "location_changed",
        "quotation_altered",
        "quotation_invented",
        "list_item_dropped",
    }
)


def is_right(error: str | None, kinds: frozenset[str], *, placed: bool) -> bool:
    """Tell whether the flagged kinds name an error of this type; ``placed`` says that one stands where the error is.

    >>> is_right("hedge_added", frozenset({"certainty"}), placed=False)
    True
    >>> is_right("detail_added", frozenset({"certainty"}), placed=False)
    False
    """
    if error not in RIGHT_KINDS:
        return False
    right = RIGHT_KINDS[error]
    return placed if right is None else bool(kinds & right)
