"""The table of all settings, made from the code: ``python -m service.settings_table``."""

from __future__ import annotations

import inspect
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from service.settings import PREFIX, Settings

PAGE = Path("docs/settings.md")
_INTRODUCTION = """\
# Settings

Each setting is an environment variable; one that is set to nothing counts as not set. `copydesk` reads them when it
starts and says which of them means nothing. Options of the command line, as `--engine` and `--port`, win over them.

"""
_HEAD = "| variable | default | values | meaning |\n|---|---|---|---|\n"
_NOT_SET = "not set"


def settings_page() -> str:
    """Write the page.

    Raises:
        ValueError: A setting has no description in the docstring of ``Settings``.
    """
    meanings = describe_attributes(Settings)
    fields: dict[str, Mapping[str, Any]] = Settings.model_json_schema()["properties"]
    if set(meanings) != set(fields):
        raise ValueError(f"described are {sorted(meanings)}, the settings are {sorted(fields)}")
    return _INTRODUCTION + _HEAD + "".join(_row(name, fields[name], meanings[name]) for name in fields)


def describe_attributes(cls: type) -> dict[str, str]:
    """Read what the docstring of a class says of its attributes, in Google style."""
    _, _, section = (inspect.getdoc(cls) or "").partition("\nAttributes:\n")
    entries, _, _ = section.partition("\n\n")
    found = re.findall(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", entries, flags=re.MULTILINE)
    return {name: " ".join(meaning.split()) for name, meaning in found}


def _row(name: str, field: Mapping[str, Any], meaning: str) -> str:
    # A setting that may be left unset has its kind beside null.
    kind = next((kind for kind in field.get("anyOf", ()) if kind["type"] != "null"), field)
    meaning = meaning.replace("``", "`").replace("|", "\\|")
    return f"| `{PREFIX}{name.upper()}` | {_default(field)} | {_values(kind)} | {meaning} |\n"


def _default(field: Mapping[str, Any]) -> str:
    default = field.get("default")
    return _NOT_SET if default is None else f"`{default}`"


def _values(kind: Mapping[str, Any]) -> str:
    if "enum" in kind:
        return ", ".join(f"`{value}`" for value in kind["enum"])
    if kind["type"] == "integer":
        least = kind["exclusiveMinimum"] + 1 if "exclusiveMinimum" in kind else kind["minimum"]
        most = f" to {kind['maximum']}" if "maximum" in kind else ""
        return f"whole numbers from {least}{most}"
    return "a folder" if kind.get("format") == "path" else "text"


def main() -> None:
    """Write the page to where it belongs."""
    PAGE.write_text(settings_page(), encoding="utf-8")


if __name__ == "__main__":
    main()
