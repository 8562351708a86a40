from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from service.runtime import open_session
from service.verifier import WEIGHTS


def test_a_session_is_opened_from_a_file_and_from_its_bytes() -> None:
    sessions = [open_session(WEIGHTS, threads=1), open_session(WEIGHTS.read_bytes(), threads=1)]
    assert [session.get_providers() for session in sessions] == [["CPUExecutionProvider"]] * 2


def test_the_runtime_that_is_opened_keeps_no_record_of_its_use_for_its_maker(tmp_path: Path) -> None:
    # What it is going to report is kept in the user's cache folder first.
    program = "from service.runtime import open_session; from service.verifier import WEIGHTS; open_session(WEIGHTS)"
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join(sys.path)}
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"} | home
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=120)
    assert list(tmp_path.rglob("*")) == []
