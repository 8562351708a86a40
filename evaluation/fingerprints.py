"""Say which version of what made a figure, so that a stored result is taken again only where nothing has changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path

from service.model import sha256_of

# What no rewrite and no figure depends on.
_BESIDE = ("__pycache__", "web", "README.md")


def digest_of(*parts: object) -> str:
    """Hash what can be written as JSON; the same parts give the same 64 hexadecimal digits everywhere."""
    return hashlib.sha256(json.dumps(parts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def short(digest: str) -> str:
    """Shorten a digest to what is shown."""
    return digest[:12]


@cache
def package_sha256(package: str) -> str:
    """Hash the code and the data of an installed package, such as ``service`` or ``evaluation.quality``."""
    return folder_sha256(Path(str(resources.files(package))))


def folder_sha256(folder: Path) -> str:
    """Hash the names and the contents of the files below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return files_sha256(folder, (path for path in files if not set(path.relative_to(folder).parts) & set(_BESIDE)))


def files_sha256(folder: Path, files: Iterable[Path]) -> str:
    """Hash the names, below a folder, and the contents of files, in the order given."""
    return digest_of(*((path.relative_to(folder).as_posix(), sha256_of(path)) for path in files))
