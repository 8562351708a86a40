from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from service.cli import app
from service.cluster import first_line, settings_here, threads_of
from service.errors import OtherInstallationError
from service.installation import describe_installation
from service.settings import Settings
from tests.clusters import NO_RAY, REASON

RULES = Settings(engine="rules")


@pytest.mark.parametrize("command", [("batch", "in.jsonl", "out.jsonl"), ("serve",)], ids=["batch", "serve"])
def test_without_ray_it_is_said_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COPYDESK_ENGINE", "rules")
    monkeypatch.setitem(sys.modules, "ray", None)
    Path("in.jsonl").write_text('{"text": "The mayor spoke."}\n')
    result = CliRunner().invoke(app, [*command, "--engine", "ray"])
    reason = "copydesk: --engine ray needs Ray, which is not installed here: pip install 'copydesk[ray]'\n"
    assert (result.exit_code, result.stderr, [path.name for path in tmp_path.iterdir()]) == (2, reason, ["in.jsonl"])


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        pytest.param(
            ("--workers", "2"), "--workers goes with --engine ray: without it one process serves", id="no cluster"
        ),
        pytest.param(
            ("--engine", "ray", "--port", "0"),
            "--engine ray takes no port 0: every machine of the cluster listens on the same one, name it",
            id="no port",
        ),
    ],
)
def test_a_service_that_cannot_be_says_why(
    monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], reason: str
) -> None:
    monkeypatch.setenv("COPYDESK_ENGINE", "rules")
    result = CliRunner().invoke(app, ["serve", *options])
    assert (result.exit_code, result.stderr) == (2, f"copydesk: {reason}\n")


@pytest.mark.skipif(NO_RAY, reason=REASON)
def test_a_cluster_is_joined_from_one_of_its_machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_ENGINE", "rules")
    monkeypatch.setenv("RAY_ADDRESS", "ray://desk:10001")
    (tmp_path / "in.jsonl").write_text('{"text": "The mayor spoke."}\n')
    order = [str(tmp_path / "in.jsonl"), str(tmp_path / "out.jsonl")]
    result = CliRunner().invoke(app, ["batch", *order, "--engine", "ray"])
    reason = "copydesk: RAY_ADDRESS begins with ray://: run copydesk on a machine of the cluster instead\n"
    assert (result.exit_code, result.stderr) == (2, reason)


def test_a_machine_keeps_its_models_where_it_wants_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_CACHE", str(tmp_path))
    found = settings_here(RULES, describe_installation(RULES))
    assert (found.cache, found.threads, found.engine) == (tmp_path, 1, "rules")


def test_a_machine_with_another_model_takes_no_part() -> None:
    expected = describe_installation(Settings(model="facebook/bart-base"))
    with pytest.raises(OtherInstallationError, match="model is rules, here facebook/bart-base; engine is rules, here"):
        settings_here(RULES, expected)


def test_a_model_takes_as_many_cpus_as_it_has_threads() -> None:
    assert (threads_of(RULES), threads_of(Settings(threads=4))) == (1, 4)


def test_of_an_error_of_ray_the_first_line_is_told() -> None:
    assert (first_line(RuntimeError("It broke.\n  at line 1")), first_line(KeyError())) == ("It broke", "KeyError")
