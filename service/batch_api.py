"""The part of the HTTP API that takes whole batches and gives their results."""

from __future__ import annotations

import hashlib
import os
from datetime import UTC, datetime
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, BinaryIO

import anyio
import anyio.to_thread
from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from service.batch_worker import BatchWorker
from service.batches import CUSTOM_ID, Batches, Form, KeptBatch, Status, input_name
from service.brief import Mode
from service.entrance import OTHERS, Limits, problems
from service.errors import (
    BatchTooLongError,
    EmptyBatchError,
    InputError,
    NoSuchBatchError,
    UnreadableBatchError,
    UploadTooSlowError,
)
from service.house_style import DEFAULT, house_style
from service.idempotency import IDEMPOTENT, caller_of, read_key
from service.problems import require_media_type
from service.rows import Columns
from service.schemas import MAX_SEED, StyleName
from service.settings import Settings
from service.sources import CsvTable, JsonLines

PATH = "/v1/batches"
_JSON_LINES = "application/jsonl"
_ALSO = ("application/x-ndjson", "application/json-lines", "application/x-jsonlines")
_CSV = "text/csv"
_PIECE = 64 * 1024
_LONGEST_NAME = 200

_EXAMPLE = (
    f'{{"{CUSTOM_ID}": "bus-1", "text": "So the mayor just axed 40 bus routes, lol."}}\n{{"{CUSTOM_ID}": "bus-2"}}\n'
)
_CSV_EXAMPLE = f'{CUSTOM_ID},text\nbus-1,"So the mayor just axed 40 bus routes, lol."\n'
_RESULTS = (
    f'{{"{CUSTOM_ID}": "bus-1", "copy": "The mayor just axed 40 bus routes.", "status": "needs_review", '
    f'"summary": {{"facts": 1, "kept": 1, "altered": 0, "omitted": 0, "unsupported": 0, "kept_passages": 0}}}}\n'
    f'{{"{CUSTOM_ID}": "bus-2", "error": "Text: Field required."}}\n'
)


class CountsOut(BaseModel):
    """How far a batch is."""

    model_config = ConfigDict(frozen=True)

    rows: int
    done: Annotated[int, Field(description="Rows with a result, from the first on.")]
    failed: Annotated[int, Field(description="Of these, rows with an error instead of a copy.")]


class BatchOut(BaseModel):
    """A batch."""

    model_config = ConfigDict(frozen=True)

    id: str
    status: Annotated[
        Status, Field(description="It has ended, and has results, when it is completed or, with some rows, cancelled.")
    ]
    created: datetime
    ended: datetime | None
    expires: Annotated[datetime | None, Field(description="When it is deleted; null before its end.")]
    counts: CountsOut
    seed: int
    full: bool

    @classmethod
    def from_kept(cls, kept: KeptBatch, *, expires: float | None) -> BatchOut:
        """Describe a batch."""
        return cls(
            id=kept.id,
            status=kept.status,
            created=_time(kept.order.created),
            ended=None if kept.ended is None else _time(kept.ended),
            expires=None if expires is None else _time(expires),
            counts=CountsOut(rows=kept.order.rows, done=kept.done, failed=kept.failed),
            seed=kept.order.seed,
            full=kept.order.full,
        )


class BatchesOut(BaseModel):
    """The batches that are kept."""

    model_config = ConfigDict(frozen=True)

    batches: list[BatchOut]


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, tz=UTC).replace(microsecond=0)


async def _batches(request: Request) -> Batches:
    batches: Batches = request.app.state.batches
    return batches


async def _worker(request: Request) -> BatchWorker:
    worker: BatchWorker = request.app.state.batch_worker
    return worker


async def _caller(request: Request) -> str:
    return caller_of(request)


Kept = Annotated[Batches, Depends(_batches)]
Worker = Annotated[BatchWorker, Depends(_worker)]
Caller = Annotated[str, Depends(_caller)]

_NOT_NOW = "Batches are not to be had now; Retry-After says when to ask again."
_NONE = {"s404": "There is no such batch.", "s503": _NOT_NOW}
_NOT_ENDED = "The batch has not ended."

router = APIRouter(responses=OTHERS)


@router.post(
    PATH,
    status_code=HTTPStatus.ACCEPTED,
    summary="Send a batch of articles",
    dependencies=[IDEMPOTENT],
    responses={
        202: {
            "description": "The batch is on disk and will be worked at, whatever happens to the service.",
            "headers": {"Location": {"description": "Where the batch is.", "schema": {"type": "string"}}},
        },
        **problems(
            s400="The idempotency key is none.",
            s408="The batch did not arrive in time.",
            s409="A batch with the idempotency key is being sent.",
            s413="The batch has too many bytes or rows; the detail names the limit and the size.",
            s415=f"The body is declared neither as {_JSON_LINES} nor as {_CSV}.",
            s422="There is no row, or no column of articles; or a parameter is not valid, or the idempotency key was "
            "another batch's.",
            s503=f"Too many batches are kept. {_NOT_NOW}",
        ),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "description": f"A line of JSON for each article: its `text`, and if need be its `{CUSTOM_ID}`, text or a "
            "whole number. Or a table of comma-separated values with a line of column names and these columns.",
            "content": {
                _JSON_LINES: {"schema": {"type": "string", "pattern": r"\S"}, "example": _EXAMPLE},
                _CSV: {"schema": {"type": "string", "pattern": r"\S"}, "example": _CSV_EXAMPLE},
            },
        }
    },
)
async def send_batch(
    request: Request,
    response: Response,
    batches: Kept,
    worker: Worker,
    caller: Caller,
    limits: Limits,
    seed: Annotated[int, Query(description="Seed of the sampled candidates.", ge=0, le=MAX_SEED)] = 0,
    full: Annotated[bool, Query(description="Whether each result has the account of every passage.")] = False,
    style: Annotated[StyleName, Query()] = DEFAULT,
    mode: Annotated[Mode, Query(description="fix: only faults of style are mended, by rules alone.")] = Mode.REWRITE,
    text_column: Annotated[
        str, Query(description="Field or column of the article.", min_length=1, max_length=_LONGEST_NAME)
    ] = "text",
    id_column: Annotated[
        str, Query(description="Field or column of the id.", min_length=1, max_length=_LONGEST_NAME)
    ] = CUSTOM_ID,
) -> BatchOut:
    """Take the articles, to be rewritten when nobody waits for the model; each row gets a result, in its place.

    A row that cannot be rewritten gets an `error` and stops nothing. The same batch sent again with the same
    `Idempotency-Key`, as after a lost connection, is the batch that is there already.
    """
    media_type = require_media_type(request, _JSON_LINES, *_ALSO, _CSV, name="JSON Lines")
    form: Form = "csv" if media_type == _CSV else "jsonl"
    columns = Columns(identity=id_column, text=text_column)
    house_style(style)
    key = read_key(request) or ""
    options = f"seed={seed} full={full} style={style} mode={mode.value} form={form} {columns}\n"
    with batches.arriving(key) as folder:
        path = folder / input_name(form)
        fingerprint = await _save(request, path, options, limits.upload_seconds)
        kept = await anyio.to_thread.run_sync(
            lambda: batches.file(
                folder,
                caller=caller,
                rows=_count(path, form, columns, limits),
                seed=seed,
                full=full,
                key=key,
                fingerprint=fingerprint,
                style=style,
                mode=mode,
                form=form,
                text_column=text_column,
                id_column=id_column,
            )
        )
    worker.wake()
    response.headers["Location"] = f"{PATH}/{kept.id}"
    return _describe(batches, kept)


async def _save(request: Request, path: Path, options: str, seconds: float) -> str:
    """Write the body to a file; gives the SHA-256 of all that was asked."""
    digest = hashlib.sha256(options.encode())
    try:
        with anyio.fail_after(seconds), path.open("wb") as file:
            async for piece in request.stream():
                digest.update(piece)
                await anyio.to_thread.run_sync(file.write, piece)
    except TimeoutError as error:
        raise UploadTooSlowError(seconds) from error
    except ClientDisconnect as error:  # Nobody is there to read the reply.
        raise HTTPException(HTTPStatus.BAD_REQUEST) from error
    return digest.hexdigest()


def _count(path: Path, form: Form, columns: Columns, limits: Settings) -> int:
    kind = CsvTable if form == "csv" else JsonLines
    try:
        rows = kind(path, columns, limits.max_body_bytes).count()
    except InputError as error:
        raise UnreadableBatchError(error.reason) from error
    if not rows:
        raise EmptyBatchError
    if rows > limits.max_batch_rows:
        raise BatchTooLongError(limits.max_batch_rows, rows)
    return rows


@router.get(PATH, summary="List the batches", responses=problems(s503=_NOT_NOW))
def list_batches(batches: Kept, caller: Caller) -> BatchesOut:
    """Give those of this caller, the newest first."""
    return BatchesOut(batches=[_describe(batches, kept) for kept in batches.all_of(caller)])


@router.get(PATH + "/{batch}", summary="Say how far a batch is", responses=problems(**_NONE))
def get_batch(batch: str, batches: Kept, caller: Caller) -> BatchOut:
    """Give status and counts."""
    return _describe(batches, batches.get(batch, caller))


@router.get(
    PATH + "/{batch}/results",
    summary="Give the results of a batch",
    response_class=StreamingResponse,
    responses={
        200: {
            "description": f"A line of JSON for each row, in order: its `{CUSTOM_ID}`, and its copy or its `error`.",
            "content": {_JSON_LINES: {"schema": {"type": "string"}, "example": _RESULTS}},
        },
        **problems(**_NONE, s409=f"{_NOT_ENDED} Retry-After says when to ask again."),
    },
)
def get_results(batch: str, batches: Kept, caller: Caller) -> StreamingResponse:
    """Give them once the batch has ended; of one that was cancelled, those of the rows that were done."""
    try:
        return _Lines(batches.results_of(batch, caller).open("rb"))
    except FileNotFoundError as error:  # It was deleted this very moment.
        raise NoSuchBatchError from error


class _Lines(StreamingResponse):
    """The lines of a file, which is closed whatever becomes of the reply."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        size = os.fstat(file.fileno()).st_size
        pieces = iter(partial(file.read, _PIECE), b"")
        super().__init__(pieces, media_type=_JSON_LINES, headers={"Content-Length": str(size)})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._file:
            await super().__call__(scope, receive, send)


@router.post(PATH + "/{batch}/cancel", summary="Cancel a batch", responses=problems(**_NONE))
def cancel_batch(batch: str, batches: Kept, worker: Worker, caller: Caller) -> BatchOut:
    """Stop at it; the results of the rows that are done stay. A batch that has ended is left as it is."""
    kept = batches.cancel(batch, caller)
    worker.stop(batch)
    return _describe(batches, kept)


@router.delete(
    PATH + "/{batch}",
    status_code=HTTPStatus.NO_CONTENT,
    summary="Delete a batch",
    responses=problems(**_NONE, s409=f"{_NOT_ENDED} Cancel it first."),
)
def delete_batch(batch: str, batches: Kept, caller: Caller) -> None:
    """Delete a batch that has ended, and its results."""
    batches.delete(batch, caller)


def _describe(batches: Batches, kept: KeptBatch) -> BatchOut:
    return BatchOut.from_kept(kept, expires=batches.expiry_of(kept))
