from __future__ import annotations

import asyncio

import pytest

from service.desk import Desk
from service.errors import ModelFailedError, ModelLoadingError, TooBusyError
from service.office import Gate, Office


async def turned_away(gate: Gate) -> TooBusyError:
    async for _ in gate.enter():
        with pytest.raises(TooBusyError) as caught:
            await anext(gate.enter())
    return caught.value


def test_a_full_gate_turns_the_next_away_and_says_when_to_come_back() -> None:
    gate = Gate(1)
    assert asyncio.run(turned_away(gate)).retry_after == 1
    # Whoever was inside has left.
    assert asyncio.run(turned_away(gate)).retry_after == 1


def test_an_office_that_was_never_opened_has_no_desk() -> None:
    office = Office(lambda: pytest.fail("nobody asked for the desk"))
    with pytest.raises(ModelLoadingError):
        office.desk()
    office.close()


def test_an_office_whose_desk_does_not_open_says_so() -> None:
    def fail() -> Desk:
        raise OSError("no such disk")

    office = Office(fail)
    office.open()
    office.close()
    with pytest.raises(ModelFailedError):
        office.desk()
