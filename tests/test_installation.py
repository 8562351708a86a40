from __future__ import annotations

import pytest

from service.errors import OtherInstallationError
from service.installation import describe_installation, require_installation
from service.settings import Settings

RULES = Settings(engine="rules")


def test_an_installation_is_all_that_results_depend_on() -> None:
    embedded = describe_installation(Settings(engine="onnx"))
    assert {"model", "engine", "verifier", "judge", "lexicons", "house styles", "version of copydesk"} <= {*embedded}
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
