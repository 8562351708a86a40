"""What is installed on a machine, as far as the results of a rewrite depend on it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from pathlib import Path

from service import judging, verifier
from service.desk import describe_model
from service.errors import OtherInstallationError
from service.house_style import house_styles_sha256
from service.lexicon import lexicons_sha256
from service.model import sha256_of
from service.settings import Settings

_WEIGHTS = Path(__file__).parent / "weights"


def describe_installation(settings: Settings, *, weights: Path = _WEIGHTS) -> dict[str, str]:
    """Name it, thing by thing: two machines with the same names give the same results.

    Args:
        settings: What is asked of it.
        weights: Folder of all that was learned.
    """
    model = describe_model(settings)
    return {
        "house styles": house_styles_sha256(),
        "model": model.name if settings.model == "embedded" else settings.model,
        "adapter": model.adapter,
        "engine": model.engine,
        "weights": folder_sha256(weights),
        "prompts": folder_sha256(Path(str(resources.files("prompts")))),
        "verifier": sha256_of(verifier.WEIGHTS),
        "judge": sha256_of(judging.WEIGHTS),
        "lexicons": lexicons_sha256(),
        **{f"hash of {name}": digest for name, digest in model.hashes.items()},
        **{f"version of {name}": version for name, version in model.versions.items()},
    }


@cache
def folder_sha256(folder: Path) -> str:
    """Hash the files of a folder, by name and content, as they were when this was first asked."""
    files = sorted(file for file in folder.iterdir() if file.is_file())
    lines = [f"{file.name} {sha256_of(file)}\n" for file in files]
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def require_installation(settings: Settings, expected: Mapping[str, str], *, machine: str) -> None:
    """Let a machine take part that has what the first one has.

    Args:
        settings: What is asked of it.
        expected: What the first one has.
        machine: Its name.

    Raises:
        OtherInstallationError: It has something else.
    """
    found = describe_installation(settings)
    names = [name for name in {**expected, **found} if found.get(name) != expected.get(name)]
    if names:
        missing = "not there"
        raise OtherInstallationError(
            machine, [(name, found.get(name, missing), expected.get(name, missing)) for name in names]
        )
