"""What a suite of the kind ``service`` says."""

from __future__ import annotations

from typing import Literal

from pydantic import PositiveFloat, PositiveInt

from evaluation.suite_files import SuiteFile, read_as


class Plan(SuiteFile):
    """A suite of the kind ``service``.

    Attributes:
        kind: Says so.
        engine: What rewrites in the service.
        clients: How many clients ask at once.
        seconds: For how long they begin new requests.
        times: How often each fault is sent before the load.
    """

    kind: Literal["service"]
    engine: Literal["auto", "onnx", "transformers", "rules"] = "rules"
    clients: PositiveInt = 8
    seconds: PositiveFloat = 30
    times: PositiveInt = 3


def read_plan(name: str) -> Plan:
    """Read a suite of this kind.

    Raises:
        UnknownSuiteError: There is no such suite.
        BrokenSuiteError: It does not say what it should.
    """
    return read_as(Plan, name)
