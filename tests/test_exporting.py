from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.corpus import Sample
from evaluation.exporting import export_texts
from service.errors import UsageError


def test_texts_become_files_that_are_called_like_them(tmp_path: Path) -> None:
    assert export_texts([Sample("a", "lol “rain”", ""), Sample("b.caps", "LOL", "")], tmp_path / "out") == 2
    found = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out").iterdir()}
    assert found == {"a.txt": "lol “rain”", "b.caps.txt": "LOL"}


@pytest.mark.parametrize("identity", ["../a", "a/b", "/etc/a", "a\0b"])
def test_an_id_that_cannot_be_the_name_of_a_file_is_refused_before_anything_is_written(
    tmp_path: Path, identity: str
) -> None:
    with pytest.raises(UsageError, match="cannot be the name of a file"):
        export_texts([Sample("a", "lol", ""), Sample(identity, "lol", "")], tmp_path / "out")
    assert not (tmp_path / "out").exists()
