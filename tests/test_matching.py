from __future__ import annotations

import pytest

from service.facts import FactKind, Verdict
from service.matching import match_quotations

KEPT, ALTERED, UNSUPPORTED, OMITTED = Verdict


@pytest.mark.parametrize(
    ("source", "copy", "expected"),
    [
        pytest.param("He said, “No way.”", 'He said, "No way."', [KEPT], id="straight marks"),
        pytest.param(
            '"Car was a rocket," he says, "right up until it wasn\'t."',
            '"Car was a rocket," he said, "right up until it wasn\'t."',
            [KEPT, KEPT],
            id="split",
        ),
        pytest.param(
            "He said, “No way. We are broke.”", '"No way," he said. "We are broke."', [KEPT], id="split in the copy"
        ),
        pytest.param("He said, “We are broke now.”", "He said they were broke.", [OMITTED], id="lost"),
        pytest.param("He said, “We are broke now.”", 'He said, "We were broke now."', [ALTERED], id="a word changed"),
        pytest.param("He said they were broke.", 'He said, "They were broke then."', [UNSUPPORTED], id="invented"),
    ],
)
def test_quotations_are_matched_word_for_word(source: str, copy: str, expected: list[Verdict]) -> None:
    facts = match_quotations(source, copy)
    assert [(fact.kind, fact.verdict) for fact in facts] == [(FactKind.QUOTATION, verdict) for verdict in expected]
