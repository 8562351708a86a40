"""What the environment may set, read when it is asked for and never on import."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

from limits import parse_many
from platformdirs import user_cache_path, user_data_path
from pydantic import (
    BeforeValidator,
    Field,
    PositiveFloat,
    PositiveInt,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.errors import ArticleTooLongError, SettingsError

PREFIX = "COPYDESK_"


def _user_cache() -> Path:
    return user_cache_path("copydesk", appauthor=False)


def _user_batches() -> Path:
    return user_data_path("copydesk", appauthor=False) / "batches"


def _expand_home(value: object) -> object:
    return Path(value).expanduser() if isinstance(value, str | Path) else value


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


class Settings(BaseSettings):
    """How the desk is set up; each field is the variable of its name in capitals after ``COPYDESK_``.

    A variable that is set to nothing counts as not set.

    Attributes:
        model: ``embedded``, or the folder or hub id of any encoder-decoder or causal checkpoint.
        engine: What runs the model: ``onnx`` (8 bits, the embedded one only, fast on a CPU), ``transformers`` (float32,
            any), ``auto`` (the first where it can, else the second), or ``rules`` for no model.
        cache: Where prepared models are kept; ``copydesk`` in the user's cache folder where it is not set.
        host: Address that ``serve`` listens on.
        port: Port that ``serve`` listens on; 0 takes a free one.
        max_body_bytes: Largest request body, and longest row of a batch.
        max_article_characters: Longest text.
        max_waiting: Requests that work on a text and may be under way at once, running or waiting; the next is turned
            away with 503 and ``Retry-After``.
        threads: CPU threads of the model; the engine chooses where it is not set.
        max_batch: Passages, of several requests, that the model takes at once.
        prompt: Instruction template in ``prompts/``.
        log_level: Least severe message that is logged; no text of an article is ever logged.
        batch_folder: Where the service keeps the batches that it was sent, and what came of them.
        max_batch_rows: Most rows of such a batch.
        max_batch_bytes: Most bytes of it.
        upload_seconds: How long it may take to arrive.
        max_batches: Most batches that are kept at once; the next is turned away.
        batch_days: How long one is kept after its end, in days.
        api_keys: File with the hashes of the keys that callers must show; None asks nobody for one.
        rate_limit: Requests that one caller with a key may make, such as ``300/minute;5000/hour``.
        reader_seconds: How long a client may leave a piece of its reply unread.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid")

    model: str = "embedded"
    engine: Literal["auto", "onnx", "transformers", "rules"] = "auto"
    cache: Annotated[Path, BeforeValidator(_expand_home)] = Field(default_factory=_user_cache)
    host: str = "127.0.0.1"
    port: int = Field(default=8017, ge=0, le=65535)
    max_body_bytes: PositiveInt = 1_000_000
    max_article_characters: PositiveInt = 200_000
    max_waiting: PositiveInt = 64
    threads: PositiveInt | None = None
    max_batch: PositiveInt = 16
    prompt: str = "wire.v1"
    log_level: Annotated[Literal["critical", "error", "warning", "info", "debug"], BeforeValidator(_lower)] = "info"
    batch_folder: Annotated[Path, BeforeValidator(_expand_home)] = Field(default_factory=_user_batches)
    max_batch_rows: PositiveInt = 50_000
    max_batch_bytes: PositiveInt = 100_000_000
    upload_seconds: PositiveFloat = 600
    max_batches: PositiveInt = 100
    batch_days: PositiveFloat = 7
    api_keys: Annotated[Path | None, BeforeValidator(_expand_home)] = None
    rate_limit: str = "300/minute"
    reader_seconds: PositiveFloat = 60

    @field_validator("rate_limit")
    @classmethod
    def _is_a_limit(cls, limit: str) -> str:
        try:
            parse_many(limit)
        except ValueError as error:
            raise PydanticCustomError("rate_limit", "Input should be limits such as 300/minute;5000/hour") from error
        return limit

    @field_validator("engine")
    @classmethod
    def _runs_the_model(cls, engine: str, others: ValidationInfo) -> str:
        other = others.data.get("model", "embedded")
        if engine == "onnx" and other != "embedded":
            raise PydanticCustomError(
                "engine", "onnx runs the embedded model only: use auto or transformers for {model}", {"model": other}
            )
        return engine

    def require_length(self, text: str, *, name: str) -> None:
        """Let a text pass that is within the limit.

        Raises:
            ArticleTooLongError: It is not.
        """
        if len(text) > self.max_article_characters:
            raise ArticleTooLongError(self.max_article_characters, len(text), name=name)


def load_settings(**overrides: Any) -> Settings:
    """Read the settings from the environment; ``overrides`` win over it.

    Raises:
        SettingsError: A value means nothing, or an override is no setting.
    """
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise SettingsError({_variable(fault["loc"]): fault["msg"] for fault in error.errors()}) from error


def _variable(location: tuple[int | str, ...]) -> str:
    return PREFIX + str(location[0]).removeprefix(PREFIX.lower()).upper()
