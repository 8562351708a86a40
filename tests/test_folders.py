from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.errors import NoMainTextError
from service.folders import Folder, main_text
from service.rows import Row

PAGE = """<!doctype html><html lang="en"><head><title>Ferry fiasco | The Daily Port</title></head>
<body><nav><a href="/">Home</a> <a href="/sport">Sport</a></nav>
<article><h1>Ferry fiasco</h1>
<p>So the mayor just axed 40 bus routes. “We are broke,” she told reporters on Tuesday. Nobody was amused.</p>
<ul><li>A replacement boat might show up by mid-November</li><li>Bus rides are free till Jan. 15</li></ul></article>
<aside>Subscribe to our newsletter!</aside><footer>Copyright 2026 The Daily Port.</footer></body></html>"""


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path, 100)


def test_texts_and_pages_are_rows_with_their_paths_as_ids_in_order(folder: Folder) -> None:
    (folder.path / "local").mkdir()
    (folder.path / "b.MD").write_bytes(b"\xef\xbb\xbf# B\r\n")
    (folder.path / "local" / "a.txt").write_text("A.")
    (folder.path / "c.html").write_text("<html><body><p>The mayor cut 40 bus routes.</p></body></html>")
    (folder.path / "d.pdf").write_text("D.")
    rows = [
        Row(number=1, identity="b.MD", text="# B\r\n"),
        Row(number=2, identity="c.html", text="The mayor cut 40 bus routes."),
        Row(number=3, identity="local/a.txt", text="A."),
    ]
    assert (folder.count(), list(folder.rows()), list(folder.rows(after=1))) == (3, rows, rows[1:])


def test_file_that_cannot_be_read_or_is_no_text_is_a_failed_row(folder: Folder) -> None:
    (folder.path / "a.txt").write_bytes(b"caf\xe9")
    (folder.path / "b.txt").symlink_to("nowhere")
    (folder.path / "c.txt").write_text("x" * 101)
    (folder.path / "d.html").write_text("<html></html>")
    (folder.path / os.fsdecode(b"e\xe9.txt")).write_text("E.")
    assert list(folder.rows()) == [
        Row(
            number=1,
            identity="a.txt",
            error="The input is not valid UTF-8 (at byte 3): copydesk reads plain text or Markdown in UTF-8.",
        ),
        Row(number=2, identity="b.txt", error="The file cannot be read (No such file or directory)."),
        Row(
            number=3,
            identity="c.txt",
            error="The row has 101 bytes, the limit is 100: send the article in parts.",
        ),
        Row(
            number=4,
            identity="d.html",
            error="No article was found on the page: its main text must be in the HTML itself.",
        ),
        Row(number=5, identity="e\\udce9.txt", error="The name of the file is not valid UTF-8: rename it."),
    ]


def test_folder_is_named_by_names_and_contents(tmp_path: Path) -> None:
    def named() -> str:
        return Folder(tmp_path, 100).sha256()

    (tmp_path / "b.txt").symlink_to("nowhere")
    (tmp_path / "a.txt").write_text("A.")
    first = named()
    (tmp_path / "c.pdf").write_text("C.")
    same = named()
    (tmp_path / "a.txt").write_text("B.")
    other_content = named()
    (tmp_path / "a.txt").write_text("A.")
    (tmp_path / "a.txt").rename(tmp_path / "c.txt")
    assert (same, other_content == first, named() == first) == (first, False, False)


def test_main_text_of_a_page_is_its_article_as_markdown() -> None:
    assert main_text(PAGE.encode()) == (
        "# Ferry fiasco\n\n"
        "So the mayor just axed 40 bus routes. “We are broke,” she told reporters on Tuesday. Nobody was amused.\n\n"
        "- A replacement boat might show up by mid-November\n"
        "- Bus rides are free till Jan. 15"
    )


@pytest.mark.parametrize("page", [b"", b"<html><body></body></html>"])
def test_page_without_an_article_says_so(page: bytes) -> None:
    with pytest.raises(NoMainTextError):
        main_text(page)
