"""Commands that other packages add to the command line, loaded when they are called for and not before."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points
from typing import Any

import typer
from typer.core import TyperGroup

GROUP = "copydesk.commands"
_USAGE = 2


class ExtensibleGroup(TyperGroup):
    """The product's own commands, then those of the entry-point group ``copydesk.commands``: one ``Typer`` each."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Name every command; an added one never hides one of ours."""
        own = super().list_commands(ctx)
        return [*own, *sorted({point.name for point in entry_points(group=GROUP)} - set(own))]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Give a command, or None; one whose package is missing says so when it is run."""
        own = super().get_command(ctx, cmd_name)
        if own is not None:
            return own
        return next((_load(point) for point in entry_points(group=GROUP, name=cmd_name)), None)


def _load(point: EntryPoint) -> Any:
    try:
        command = typer.main.get_command(point.load())
    except ImportError as error:
        command = typer.main.get_command(_unavailable(point, str(error)))
    command.name = point.name
    return command


def _unavailable(point: EntryPoint, reason: str) -> typer.Typer:
    app = typer.Typer(add_completion=False, rich_markup_mode=None)

    @app.command(
        help=f"Not available: {point.module} is not installed.",
        context_settings={"ignore_unknown_options": True, "allow_extra_args": True},
        add_help_option=False,
    )
    def say_so(_: typer.Context) -> None:
        extra = point.module.partition(".")[0]
        typer.echo(
            f"copydesk: {point.name} cannot be run ({reason}): pip install 'copydesk[{extra}]'",
            err=True,
        )
        raise typer.Exit(_USAGE)

    return app
