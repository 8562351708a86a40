from __future__ import annotations

from pathlib import Path

from typer.testing import CliRunner

from service.cli import app
from service.keys import Keys


def test_key_that_is_made_opens_the_service_with_the_line_for_its_file(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["key", "newsroom"])
    shown, line = (said.partition(": ")[2] for said in result.stdout.splitlines())
    (tmp_path / "keys").write_text(line + " 60/minute\n")
    assert (result.exit_code, result.stderr, shown in line) == (0, "", False)
    assert Keys.load(tmp_path / "keys", limit="1/day").caller(shown).name == "newsroom"


def test_name_that_cannot_be_one_is_refused() -> None:
    result = CliRunner().invoke(app, ["key", "the newsroom"])
    reason = "'the newsroom' is no name: take up to 64 letters and digits of English, dots, - and _"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"copydesk: {reason}\n")
