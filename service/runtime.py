"""ONNX Runtime, which runs the models on the CPU; nobody else imports it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

QUIET = {"ORT_DISABLE_TELEMETRY": "1"}
"""What the environment must hold before ONNX Runtime is loaded, which reports to its maker unless it is told not to."""

# Errors alone: its warnings are about graphs, which are as they are.
_ERRORS = 3


def open_session(graph: Path | bytes, *, threads: int = 0) -> Any:
    """Make an ``onnxruntime.InferenceSession``, which sends nothing to anybody.

    Args:
        graph: The graph, or the file it is in, with its weights beside it.
        threads: CPU threads; 0 leaves the choice to the runtime.

    Raises:
        Exception: The graph cannot be read.
    """
    os.environ.update(QUIET)
    import onnxruntime  # Only now, because it reads the environment when it is loaded.

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = _ERRORS
    return onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
