from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from service.errors import ArticleTooLongError, SettingsError
from service.settings import Settings, load_settings

NAMES = [
    "MODEL",
    "ENGINE",
    "CACHE",
    "HOST",
    "PORT",
    "MAX_BODY_BYTES",
    "MAX_ARTICLE_CHARACTERS",
    "MAX_WAITING",
    "THREADS",
    "MAX_BATCH",
    "PROMPT",
    "LOG_LEVEL",
    "BATCH_FOLDER",
    "MAX_BATCH_ROWS",
    "MAX_BATCH_BYTES",
    "UPLOAD_SECONDS",
    "MAX_BATCHES",
    "BATCH_DAYS",
    "API_KEYS",
    "RATE_LIMIT",
    "READER_SECONDS",
]


@pytest.fixture(autouse=True)
def _unset(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(f"COPYDESK_{name}", raising=False)


def test_nothing_set_is_the_embedded_model_on_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert load_settings().model_dump() == {
        "model": "embedded",
        "engine": "auto",
        "cache": tmp_path / "copydesk",
        "host": "127.0.0.1",
        "port": 8017,
        "max_body_bytes": 1_000_000,
        "max_article_characters": 200_000,
        "max_waiting": 64,
        "threads": None,
        "max_batch": 16,
        "prompt": "wire.v1",
        "log_level": "info",
        "batch_folder": tmp_path / "copydesk" / "batches",
        "max_batch_rows": 50_000,
        "max_batch_bytes": 100_000_000,
        "upload_seconds": 600,
        "max_batches": 100,
        "batch_days": 7,
        "api_keys": None,
        "rate_limit": "300/minute",
        "reader_seconds": 60,
    }


def test_every_setting_is_a_variable() -> None:
    assert [name.lower() for name in NAMES] == list(Settings.model_fields)


def test_variables_are_read_when_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/desk")
    monkeypatch.setenv("COPYDESK_CACHE", "~/models")
    monkeypatch.setenv("COPYDESK_API_KEYS", "~/keys")
    monkeypatch.setenv("COPYDESK_PORT", "0")
    monkeypatch.setenv("COPYDESK_LOG_LEVEL", "WARNING")
    monkeypatch.setenv("COPYDESK_THREADS", "2")
    settings = load_settings()
    assert (settings.cache, settings.api_keys, settings.port, settings.log_level, settings.threads) == (
        Path("/home/desk/models"),
        Path("/home/desk/keys"),
        0,
        "warning",
        2,
    )


def test_override_wins_over_the_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_ENGINE", "transformers")
    assert (load_settings().engine, load_settings(engine="rules").engine) == ("transformers", "rules")


def test_variable_set_to_nothing_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_PORT", "")
    assert load_settings().port == 8017


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        pytest.param(
            "PORT", "many", "Input should be a valid integer, unable to parse string as an integer", id="no number"
        ),
        pytest.param("PORT", "65536", "Input should be less than or equal to 65535", id="no port"),
        pytest.param("MAX_WAITING", "0", "Input should be greater than 0", id="no room"),
        pytest.param("ENGINE", "gpu", "Input should be 'auto', 'onnx', 'transformers' or 'rules'", id="no engine"),
        pytest.param("BATCH_DAYS", "0", "Input should be greater than 0", id="no day"),
        pytest.param(
            "RATE_LIMIT", "often", "Input should be limits such as 300/minute;5000/hour", id="no limit that can be read"
        ),
        pytest.param(
            "LOG_LEVEL", "loud", "Input should be 'critical', 'error', 'warning', 'info' or 'debug'", id="no level"
        ),
    ],
)
def test_value_that_means_nothing_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    monkeypatch.setenv(f"COPYDESK_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert (caught.value.faults, str(caught.value)) == (
        {f"COPYDESK_{name}": message},
        f"COPYDESK_{name}: {message}",
    )


def test_onnx_runs_no_other_model_than_the_embedded_one() -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings(model="/srv/models/my-bart", engine="onnx")
    assert caught.value.faults == {
        "COPYDESK_ENGINE": "onnx runs the embedded model only: use auto or transformers for /srv/models/my-bart"
    }
    assert load_settings(engine="onnx").engine == "onnx"


def test_every_fault_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COPYDESK_MAX_BATCH", "-1")
    with pytest.raises(SettingsError) as caught:
        load_settings(port=-1, tone="loud")
    assert caught.value.faults == {
        "COPYDESK_MAX_BATCH": "Input should be greater than 0",
        "COPYDESK_PORT": "Input should be greater than or equal to 0",
        "COPYDESK_TONE": "Extra inputs are not permitted",
    }


def test_settings_do_not_change() -> None:
    settings = load_settings()
    with pytest.raises(ValidationError, match="frozen"):
        settings.port = 1


def test_text_may_be_as_long_as_the_limit() -> None:
    settings = load_settings(max_article_characters=3)
    settings.require_length("abc", name="source")
    with pytest.raises(ArticleTooLongError) as caught:
        settings.require_length("abcd", name="source")
    assert (caught.value.limit, caught.value.actual, str(caught.value)) == (
        3,
        4,
        "the source has 4 characters, the limit is 3: send it in parts",
    )
