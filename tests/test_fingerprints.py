from __future__ import annotations

from pathlib import Path

from evaluation.fingerprints import digest_of, folder_sha256, package_sha256, short


def test_a_digest_tells_parts_from_each_other_and_minds_no_order_of_names() -> None:
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})
    assert len({digest_of("ab", "c"), digest_of("a", "bc"), digest_of("abc"), digest_of(["ab", "c"])}) == 4
    assert short(digest_of("ab")) == digest_of("ab")[:12]


def test_a_folder_is_its_names_and_contents(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("1", encoding="utf-8")
    first = folder_sha256(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "a.pyc").write_text("2", encoding="utf-8")
    assert folder_sha256(tmp_path) == first
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert folder_sha256(tmp_path) != first


def test_packages_have_prints_of_their_own() -> None:
    assert package_sha256("service") != package_sha256("prompts")
