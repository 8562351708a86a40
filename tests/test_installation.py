from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from service.errors import OtherInstallationError
from service.installation import describe_installation, folder_sha256, require_installation
from service.settings import Settings

RULES = Settings(engine="rules")


WEIGHTS = Path(__file__).parents[1] / "service" / "weights"


@pytest.mark.parametrize("name", sorted(file.name for file in WEIGHTS.iterdir() if file.is_file()))
def test_an_installation_is_all_that_results_depend_on(tmp_path: Path, name: str) -> None:
    other = tmp_path / "weights"
    shutil.copytree(WEIGHTS, other, copy_function=os.symlink)
    (other / name).unlink()
    (other / name).write_bytes((WEIGHTS / name).read_bytes() + b" ")
    here, there = describe_installation(RULES), describe_installation(RULES, weights=other)
    assert [thing for thing in here if there[thing] != here[thing]] == ["weights"]


def test_a_folder_is_known_by_the_names_and_contents_of_its_files(tmp_path: Path) -> None:
    for folder, name, content in (("a", "x", "1"), ("b", "x", "1"), ("c", "x", "2"), ("d", "y", "1")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_text(content)
    a, b, c, d = (folder_sha256(tmp_path / folder) for folder in "abcd")
    assert (a, len({a, c, d})) == (b, 3)


def test_an_installation_has_its_parts_by_name() -> None:
    embedded = describe_installation(Settings(engine="onnx"))
    learned = {"model", "weights", "prompts", "verifier", "judge"}
    assert learned | {"engine", "lexicons", "house styles", "version of copydesk"} <= {*embedded}
    assert "hash of adapter_model.safetensors" in embedded


def test_a_machine_that_has_the_same_takes_part() -> None:
    require_installation(RULES, describe_installation(RULES), machine="desk-2")


def test_a_machine_that_has_something_else_is_told_what() -> None:
    expected = {**describe_installation(RULES), "judge": "abc", "version of rare": "1"}
    del expected["verifier"]
    with pytest.raises(OtherInstallationError) as caught:
        require_installation(RULES, expected, machine="desk-2")
    found = describe_installation(RULES)
    assert str(caught.value) == (
        f"desk-2 would rewrite otherwise (judge is {found['judge']}, here abc; version of rare is not there, here 1; "
        f"verifier is {found['verifier']}, here not there): install the same on every machine"
    )
