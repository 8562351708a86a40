"""The command ``copydesk key``: makes an API key."""

from __future__ import annotations

from typing import Annotated

import typer

from service.console import clear_errors, print_out
from service.errors import UsageError
from service.keys import hash_key, is_name, make_key


def key(name: Annotated[str, typer.Argument(metavar="NAME", help="Who is to call, as newsroom or archive.2.")]) -> None:
    """Make an API key for a caller; `serve` lets in those in the file of COPYDESK_API_KEYS.

    The key is shown here and nowhere else. The file gets the line with its hash; a limit may follow, as 60/minute.
    """
    with clear_errors():
        if not is_name(name):
            raise UsageError(f"{name!r} is no name: take up to 64 letters and digits of English, dots, - and _")
        made = make_key()
        print_out(f"key: {made}\nline for the file: {name} {hash_key(made)}")
