"""Suites of the kind ``speed``: what articles of many lengths cost, engine by engine, and what batches save."""

from evaluation.timing.plan import read_plan
from evaluation.timing.running import run

__all__ = ["read_plan", "run"]
