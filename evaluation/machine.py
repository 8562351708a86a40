"""What a measurement ran on, as far as times depend on it."""

from __future__ import annotations

import os
import platform
from pathlib import Path

_PROCESSOR = Path("/proc/cpuinfo")


def machine() -> str:
    """Name architecture, processor, and the cores that may be used."""
    return f"{platform.machine()}, {_processor()}, {len(os.sched_getaffinity(0))} cores"


def _processor() -> str:
    lines = _PROCESSOR.read_text(encoding="utf-8").splitlines() if _PROCESSOR.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or "unknown processor"
