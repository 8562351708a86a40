"""Folders of texts, Markdown and web pages as the rows of a batch."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from pathlib import Path

from service.errors import CopydeskError, FileNameError, FileUnreadableError, NoMainTextError, RowTooLargeError
from service.model import sha256_of
from service.rows import Columns, Row, decode

TEXTS = (".txt", ".md")
PAGES = (".html", ".htm")
# A page holds many times as much markup as text.
_MARKUP = 10


@dataclass(frozen=True)
class Folder:
    """Every text, Markdown file and web page in a folder and the folders in it, sorted by path.

    Attributes:
        path: The folder.
        limit: Most bytes of a text; a page may have ten times as many.
    """

    path: Path
    limit: int

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Their paths within the folder."""
        named = (file for file in self.path.rglob("*") if file.suffix.lower() in (*TEXTS, *PAGES))
        # A link that leads nowhere is a row too, one that cannot be read.
        found = (file for file in named if file.is_file() or file.is_symlink())
        return tuple(sorted(file.relative_to(self.path) for file in found))

    def count(self) -> int:
        """Count the files."""
        return len(self.files)

    def sha256(self) -> str:
        """Hash names and contents."""
        digest = hashlib.sha256()
        for file in self.files:
            try:
                content = sha256_of(self.path / file)
            except OSError as error:
                content = str(error.strerror)
            digest.update(f"{file.as_posix()!r} {content}\n".encode())
        return digest.hexdigest()

    def rows(self, *, after: int = 0) -> Iterator[Row]:
        """Read the files; of a web page the main text counts, as Markdown."""
        for number, file in enumerate(islice(self.files, after, None), start=after + 1):
            yield self._row(number, file)

    def _row(self, number: int, file: Path) -> Row:
        name = file.as_posix()
        try:
            name.encode()
        except UnicodeEncodeError:
            return Row.failed(number, FileNameError(), identity=name.encode("utf-8", "backslashreplace").decode())
        try:
            text = self._read(file)
        except CopydeskError as error:
            return Row.failed(number, error, identity=name)
        except OSError as error:
            return Row.failed(number, FileUnreadableError(error.strerror or str(error)), identity=name)
        return Row.from_fields(number, {"id": name, "text": text}, Columns())

    def _read(self, file: Path) -> str:
        page = file.suffix.lower() in PAGES
        limit = self.limit * _MARKUP if page else self.limit
        path = self.path / file
        size = path.stat().st_size
        if size > limit:
            raise RowTooLargeError(limit, size)
        content = path.read_bytes()
        return main_text(content) if page else decode(content)


def main_text(page: bytes) -> str:
    """Take the article out of a web page, as Markdown.

    Raises:
        NoMainTextError: There is none.
    """
    import trafilatura  # Only pages need it.

    found = trafilatura.extract(page, output_format="markdown", include_comments=False)
    if not found:
        raise NoMainTextError
    return found
