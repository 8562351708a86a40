"""Find and render the instruction templates of ``prompts/``."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

from jinja2 import Environment, StrictUndefined, Template

from service.errors import UnknownPromptError

_ENVIRONMENT = Environment(undefined=StrictUndefined, keep_trailing_newline=True, autoescape=False)


@dataclass(frozen=True)
class Prompt:
    """A versioned template that wraps one source passage.

    Attributes:
        name: File name without its ending, for example ``wire.v1``.
        template: The compiled template.
    """

    name: str
    template: Template

    @classmethod
    def load(cls, name: str) -> Prompt:
        """Read a template.

        Raises:
            UnknownPromptError: ``prompts/`` has no such template.
        """
        folder = resources.files("prompts")
        known = sorted(path.name.removesuffix(".jinja") for path in folder.iterdir() if path.name.endswith(".jinja"))
        if name not in known:
            raise UnknownPromptError(name, known)
        source = folder.joinpath(f"{name}.jinja").read_text(encoding="utf-8")
        return cls(name=name, template=_ENVIRONMENT.from_string(source))

    def render(self, source: str) -> str:
        """Wrap a source passage."""
        return self.template.render(source=source)
