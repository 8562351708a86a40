from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from service.durable import replacing, temporary


def test_file_takes_its_place_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("before")
    with replacing(path) as file:
        file.write("after")
        file.flush()
        during = path.read_text()
    assert (during, path.read_text(), list(tmp_path.iterdir())) == ("before", "after", [path])


def test_file_that_was_not_finished_leaves_nothing_behind(tmp_path: Path) -> None:
    with suppress(RuntimeError), temporary(tmp_path / "a") as part:
        part.write_text("half")
        raise RuntimeError
    assert list(tmp_path.iterdir()) == []
