"""The report page: what was measured, for people to read, as one file of HTML that loads nothing, and as Markdown."""

from evaluation.page.page import Material, as_html, as_markdown, read_material

__all__ = ["Material", "as_html", "as_markdown", "read_material"]
