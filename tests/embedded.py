"""The real embedded model, for the few tests that need it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from service import model
from service.settings import load_settings


@cache
def embedded_folder() -> Path:
    """Prepare the embedded model in the user's cache, once, and give its folder."""
    return model.prepare(load_settings().cache)
