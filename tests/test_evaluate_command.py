from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from service import extensions
from service.cli import app

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run the product's command line; results go to a folder of the test."""

    def invoke(*arguments: str, **environment: str) -> Result:
        return CliRunner().invoke(app, arguments, env={"COPYDESK_DATA": str(tmp_path / "none"), **environment})

    return invoke


def test_an_unknown_suite_is_named_with_what_exists(run: Run) -> None:
    result = run("evaluate", "gate", "gates")
    assert (result.exit_code, result.stdout, result.stderr) == (
        2,
        "",
        "copydesk: there is no suite 'gates'; there are rewrite, robustness, service, speed, gate\n",
    )


def test_an_unknown_system_is_named_with_what_exists(run: Run) -> None:
    result = run("evaluate", "rewrite", "--system", "gpt")
    assert result.exit_code == 2
    assert "there is no system 'gpt'; there are source, reference, other, rules, model, base, " in result.stderr


def test_an_unknown_test_of_the_gate_is_named_with_what_exists(run: Run) -> None:
    result = run("evaluate", "gate", "--test", "paws", "--test", "snli")
    assert result.exit_code == 2
    assert "the gate has no test 'snli'; it has gate_dev, references, perturbations, " in result.stderr


def test_a_single_test_can_be_run(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", "gate", "--test", "references", "--limit", "2", "--output", str(tmp_path))
    assert result.exit_code == 0
    assert json.loads((tmp_path / "gate.json").read_text(encoding="utf-8"))["tests"].keys() == {"references"}


def test_several_suites_do_not_write_one_file(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", "--output", str(tmp_path / "all.json"))
    assert result.exit_code == 2
    assert "is one file" in result.stderr


def test_the_rewrites_are_evaluated_behind_the_same_command(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", "rewrite", "--system", "source", "--limit", "1", "--output", str(tmp_path))
    assert result.exit_code == 0
    assert "Limited to the first 1 texts of each set." in result.stdout
    report = json.loads((tmp_path / "rewrite.json").read_text(encoding="utf-8"))
    assert (report["limit"], list(report["systems"])) == (1, ["source"])


def test_the_texts_of_a_suite_become_files_and_their_rewrites_a_system(run: Run, tmp_path: Path) -> None:
    result = run("evaluate", "export", "rewrite", str(tmp_path / "texts"), "--limit", "2")
    assert (result.exit_code, result.stdout.split(" texts")[0]) == (0, "4")
    options = ("--system", f"folder:{tmp_path / 'texts'}", "--system", "source", "--limit", "2")
    assert run("evaluate", "rewrite", *options, "--output", str(tmp_path)).exit_code == 0
    compared = run(
        "evaluate", "compare", f"folder:{tmp_path / 'texts'}", "source", "--results", str(tmp_path / "rewrite.jsonl")
    )
    assert compared.exit_code == 0
    assert "4 of the 4 texts have the same copy on both sides." in compared.stdout


def test_what_cannot_be_compared_or_exported_is_told(run: Run, tmp_path: Path) -> None:
    results = ("--results", str(tmp_path / "gone.jsonl"))
    assert run("evaluate", "compare", "rules", "model", *results).stderr == (
        f"copydesk: {tmp_path / 'gone.jsonl'} is not there\n"
    )
    assert "the suite gate rewrites nothing" in run("evaluate", "export", "gate", str(tmp_path)).stderr


def test_the_help_lists_the_suites_and_the_commands(run: Run) -> None:
    printed = run("evaluate", "--help").stdout
    assert "Run evaluation suites (rewrite, robustness, service, speed, gate;" in printed
    assert [name for name in ("run", "compare", "export") if f"\n  {name} " not in printed] == []


def test_a_suite_that_cannot_be_run_takes_no_other_with_it(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('title = "Mine"\ndata = ["pairs"]\nsystems = ["source"]\nmeasures = ["bleurt"]\n', encoding="utf-8")
    options = ("--limit", "1", "--test", "references", "--output", str(tmp_path / "out"))
    result = run("evaluate", str(path), "gate", *options)
    assert result.exit_code == 2
    assert "copydesk: there is no measure 'bleurt'; there are facts, gate, " in result.stderr
    assert f"copydesk: {path} was left out\n" in result.stderr
    assert (tmp_path / "out" / "gate.json").is_file()


def test_a_missing_or_broken_file_is_reported_and_stops_no_other_test(run: Run, tmp_path: Path) -> None:
    facts = tmp_path / "data" / "facts"
    facts.mkdir(parents=True)
    row = {"id": "1", "claim": "It ended.", "evidence": "It ended in 1990.", "label": "SUPPORTS"}
    whole = gzip.compress("".join(json.dumps({**row, "id": str(number)}) + "\n" for number in range(99)).encode())
    (facts / "fever_symmetric_dev.jsonl.gz").write_bytes(whole)
    (facts / "bump_task2.jsonl.gz").write_bytes(whole[:-12])
    output = tmp_path / "out" / "limited.json"
    result = run("evaluate", "gate", "--data", str(tmp_path / "data"), "--limit", "3", "--output", str(output))
    assert result.exit_code == 1
    report = json.loads(output.read_text(encoding="utf-8"))
    assert report["limit"] == 3
    tests = report["tests"]
    assert tests["fever_symmetric"]["cases"] == tests["gate_dev"]["cases"] == tests["perturbations"]["cases"] == 3
    assert tests["paws"] == {
        "title": "PAWS, held-out sentence sets",
        "not_run": f"{facts / 'paws.jsonl.gz'} is not there",
        "broken": False,
    }
    assert tests["bump"]["broken"] is True
    assert "the file is cut off or damaged" in tests["bump"]["not_run"]
    assert [speed["name"] for speed in report["speed"]] == ["rules only", "full"]
    assert "paws.jsonl.gz is not there" in result.stdout
    assert "bump_task2.jsonl.gz, row " in result.stdout
    rows = [json.loads(line) for line in output.with_suffix(".cases.jsonl").read_text(encoding="utf-8").splitlines()]
    ran = ("gate_dev", "references", "perturbations", "fever_symmetric")
    assert [row["test"] for row in rows] == [name for name in ran for _ in range(3)]
    assert output.with_suffix(".md").read_text(encoding="utf-8").startswith("| test | measure | n |")
    assert output.with_suffix(".reliability.png").stat().st_size > 1000


# --- how the command comes to the product ---


def test_the_help_lists_what_other_packages_add(run: Run) -> None:
    result = run("--help")
    assert "  evaluate  Run evaluation suites" in result.stdout


def test_the_product_does_not_load_the_evaluation_unasked() -> None:
    program = "import sys, service.cli; print([name for name in sys.modules if name.startswith('evaluation')])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_a_command_whose_package_is_missing_says_so(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    points = [EntryPoint(name="evaluate", value="gone_evaluation.cli:app", group=extensions.GROUP)]
    monkeypatch.setattr(extensions, "entry_points", lambda **_: points)
    result = run("evaluate", "gate", "--limit", "3")
    assert (result.exit_code, result.stderr) == (
        2,
        "copydesk: evaluate cannot be run (No module named 'gone_evaluation'): "
        "pip install 'copydesk[gone_evaluation]'\n",
    )
    assert "Not available: gone_evaluation.cli is not installed." in run("--help").stdout


def test_a_command_that_nobody_adds_is_unknown(run: Run) -> None:
    result = run("evaluat")
    assert result.exit_code == 2
    assert "No such command 'evaluat'" in result.stderr
