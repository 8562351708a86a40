"""The real embedded model, for the few tests that need it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from service import model
from service.errors import DownloadError
from service.settings import load_settings


@cache
def embedded_folder() -> Path:
    """Prepare the embedded model in the user's cache, once, and give its folder; skip the test where that cannot be."""
    folder = load_settings().cache
    try:
        return model.prepare(folder)
    except DownloadError as error:
        pytest.skip(str(error))
