"""What ``make`` does around the command, with a command that only writes down what it is asked."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

MAKEFILE = Path(__file__).parent.parent / "Makefile"
GATE = "evaluation/results/gate.json"
COMMAND = f"""#!/bin/sh
echo "$*" >> asked
[ "$*" != "evaluate --short" ] || exit 3
case "$*" in *{GATE}*) [ -f {GATE} ] ;; esac
"""


@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
@pytest.mark.parametrize(
    ("gate", "report"),
    [
        pytest.param(True, f"evaluate report --gate {GATE}", id="with its figures"),
        pytest.param(False, "evaluate report", id="without"),
    ],
)
def test_the_page_is_made_whatever_became_of_the_gate_and_the_status_is_kept(
    tmp_path: Path, gate: bool, report: str
) -> None:
    programs = tmp_path / ".venv" / "bin"
    programs.mkdir(parents=True)
    (programs / "copydesk").write_text(COMMAND, encoding="utf-8")
    (programs / "copydesk").chmod(0o755)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / ".venv" / ".ready").touch()
    (tmp_path / GATE).parent.mkdir(parents=True)
    shutil.copy(MAKEFILE, tmp_path / (GATE if gate else "spare"))
    ran = subprocess.run(
        ["make", "--file", MAKEFILE, "evaluate", "PYTHON=false"], cwd=tmp_path, capture_output=True, text=True
    )
    assert (tmp_path / "asked").read_text(encoding="utf-8").splitlines()[1:] == ["evaluate --short", report]
    assert "Error 3" in ran.stderr
