"""Suites of the kind ``service``: the real service under load, while it is sent what it should not be."""

from evaluation.duty.plan import read_plan
from evaluation.duty.running import run

__all__ = ["read_plan", "run"]
