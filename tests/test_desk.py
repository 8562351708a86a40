from __future__ import annotations

import sys
from pathlib import Path

import pytest

from service.desk import describe_model, open_desk
from service.errors import ModelNotPreparedError
from service.settings import Settings
from tests.embedded import embedded_folder


@pytest.mark.parametrize(
    ("model", "name"),
    [
        pytest.param("/srv/models/my-bart", "my-bart", id="folder that is not there"),
        pytest.param("facebook/bart-base", "facebook/bart-base", id="hub id"),
    ],
)
def test_a_model_is_named_without_the_place_where_it_lies(model: str, name: str) -> None:
    assert describe_model(Settings(model=model)).name == name


def test_a_folder_of_the_machine_is_named_by_its_last_part(tmp_path: Path) -> None:
    folder = tmp_path / "my-bart"
    folder.mkdir()
    assert describe_model(Settings(model=str(folder))).name == "my-bart"


@pytest.mark.parametrize(
    ("settings", "engine"),
    [
        pytest.param(Settings(), "onnx", id="embedded"),
        pytest.param(Settings(engine="onnx"), "onnx", id="embedded, named"),
        pytest.param(Settings(engine="transformers"), "transformers", id="embedded, by the reference"),
        pytest.param(Settings(model="facebook/bart-base"), "transformers", id="another"),
        pytest.param(Settings(engine="rules"), "rules", id="none"),
    ],
)
def test_what_runs_the_model_is_told(settings: Settings, engine: str) -> None:
    assert describe_model(settings).engine == engine


def test_the_embedded_model_is_named_alike_wherever_it_is_named() -> None:
    embedded_folder()
    desk = open_desk(Settings())
    try:
        rewrite = desk.rewriter.rewrite("The mayor said on Tuesday that 40 bus routes would close.")
    finally:
        desk.close()
    assert desk.model == describe_model(Settings())
    assert rewrite.provenance.model == desk.model.name


def test_a_model_not_prepared_is_told_before_torch_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "service.seq2seq", None)
    with pytest.raises(ModelNotPreparedError):
        open_desk(Settings(cache=tmp_path))
