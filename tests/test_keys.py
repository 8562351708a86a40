from __future__ import annotations

from pathlib import Path

import pytest

from service.errors import KeyFileError, UnknownKeyError
from service.keys import Caller, Keys, hash_key, is_name, make_key

LIMIT = "300/minute"


def keys(tmp_path: Path, *lines: str) -> Keys:
    path = tmp_path / "keys"
    path.write_text("\n".join(lines), encoding="utf-8")
    return Keys.load(path, limit=LIMIT)


def limits_of(caller: Caller) -> list[tuple[int, int]]:
    return [(limit.amount, limit.get_expiry()) for limit in caller.limits]


def test_key_tells_its_caller_and_how_often_it_may_call(tmp_path: Path) -> None:
    one, two = make_key(), make_key()
    known = keys(
        tmp_path, "# ours", "", f"newsroom {hash_key(one)}  # since May", f"archive {hash_key(two)} 5/second;60/hour"
    )
    first, second = known.caller(one), known.caller(two)
    assert (first.name, limits_of(first)) == ("newsroom", [(300, 60)])
    assert (second.name, limits_of(second)) == ("archive", [(5, 1), (60, 3600)])


def test_caller_may_have_an_old_key_and_a_new_one(tmp_path: Path) -> None:
    old, new = make_key(), make_key()
    known = keys(tmp_path, f"newsroom {hash_key(old)}", f"newsroom {hash_key(new)}")
    assert known.caller(old) == known.caller(new)


@pytest.mark.parametrize("shown", ["", "cd-", "newsroom", "é"])
def test_other_key_is_nobodys(tmp_path: Path, shown: str) -> None:
    known = keys(tmp_path, f"newsroom {hash_key(make_key())}")
    with pytest.raises(UnknownKeyError):
        known.caller(shown)


def test_hash_of_a_key_is_no_key(tmp_path: Path) -> None:
    digest = hash_key(make_key())
    with pytest.raises(UnknownKeyError):
        keys(tmp_path, f"newsroom {digest}").caller(digest)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        pytest.param("newsroom", "line 2 is none of NAME SHA256", id="no hash"),
        pytest.param(f"newsroom {'a' * 63}", "line 2 is none of NAME SHA256", id="short hash"),
        pytest.param("newsroom cd-in-clear", "line 2 is none of NAME SHA256", id="a key in clear"),
        pytest.param(f"news/room {'a' * 64}", "line 2 is none of NAME SHA256", id="name"),
        pytest.param(f"newsroom {'a' * 64} 1/minute more", "line 2 is none of NAME SHA256", id="too much"),
        pytest.param(f"newsroom {'a' * 64} often", "line 2 has the limit 'often': write it as 300/minute", id="limit"),
    ],
)
def test_line_that_is_no_key_is_named(tmp_path: Path, line: str, reason: str) -> None:
    with pytest.raises(KeyFileError, match=reason):
        keys(tmp_path, f"archive {'b' * 64}", line)


def test_file_must_be_there_and_have_a_key(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="it has no key, so that nobody could call"):
        keys(tmp_path, "# none")
    with pytest.raises(KeyFileError, match=r"it cannot be read \(No such file or directory\)"):
        Keys.load(tmp_path / "gone", limit=LIMIT)
    (tmp_path / "binary").write_bytes(b"\xff")
    with pytest.raises(KeyFileError, match="it cannot be read"):
        Keys.load(tmp_path / "binary", limit=LIMIT)


def test_no_two_keys_are_the_same() -> None:
    assert len({make_key() for _ in range(100)}) == 100


@pytest.mark.parametrize(
    ("name", "is_one"), [("archive.2", True), ("", False), ("a b", False), ("é", False), ("a" * 65, False)]
)
def test_name_is_short_and_plain(name: str, is_one: bool) -> None:
    assert is_name(name) is is_one
