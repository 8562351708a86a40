from __future__ import annotations

import asyncio

import pytest

from service.desk import Desk, open_desk
from service.errors import ModelFailedError, ModelLoadingError, ModelNotPreparedError, TooBusyError
from service.office import Gate, Office
from service.settings import Settings
from tests.scripted import wait_until


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


def test_an_office_is_ready_once_its_desk_is_open() -> None:
    office = Office(lambda: open_desk(Settings(engine="rules")))
    before = (office.ready, office.waiting)
    office.open()
    wait_until(lambda: office.ready)
    assert (before, office.waiting) == ((False, 0), 0)
    office.close()


def test_a_gate_knows_how_many_are_inside() -> None:
    async def counts(gate: Gate) -> list[int]:
        return [gate.under_way, *[gate.under_way async for _ in gate.enter()], gate.under_way]

    assert asyncio.run(counts(Gate(2))) == [0, 1, 0]


def test_an_office_is_waited_for_until_its_desk_is_open() -> None:
    office = Office(lambda: open_desk(Settings(engine="rules")))
    office.open()
    asyncio.run(office.opened())
    assert office.ready
    office.close()


def test_an_office_whose_desk_does_not_open_is_not_waited_for_in_vain() -> None:
    def fail() -> Desk:
        raise ModelNotPreparedError

    office = Office(fail)
    with pytest.raises(ModelLoadingError):
        asyncio.run(office.opened())
    office.open()
    with pytest.raises(ModelNotPreparedError):
        asyncio.run(office.opened())
    office.close()
