from __future__ import annotations

import json
import multiprocessing
import random
import signal
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn

from service.api import create_app
from service.batches import CUSTOM_ID
from service.bulk import Batch, Order
from service.checking import Checker
from service.crew import Task
from service.generation import Candidate
from service.rows import Columns
from service.settings import Settings
from tests.desks import desk_of
from tests.scripted import ScriptedGenerator, wait_until
from tests.served import desk_with, ready, served

LINES = {"content-type": "application/jsonl"}
WIRE = "The mayor cut 40 bus routes."
HELD = "Nine cars sank in the harbor."
ROWS = [{"custom_id": f"r{number}", "text": f"The mayor cut {number} bus routes."} for number in range(20, 60)]


class HeldGenerator(ScriptedGenerator):
    """Holds back only the runs that have ``HELD`` in them."""

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        if HELD in sources:
            return super().generate(sources, count=count, seed=seed)
        return [(Candidate(text=source, score=0.0),) for source in sources]


def body(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.fixture
def generator() -> Iterator[HeldGenerator]:
    generator = HeldGenerator()
    yield generator
    generator.free.set()


Serve = Callable[..., AbstractContextManager[httpx2.Client]]


@pytest.fixture
def serve(tmp_path: Path, checker: Checker, generator: HeldGenerator) -> Serve:
    """Let a service live, always with the same folder."""

    @contextmanager
    def live(**settings: Any) -> Iterator[httpx2.Client]:
        limits = Settings(engine="rules", batch_folder=tmp_path / "batches", **settings)
        with served(create_app(lambda: desk_with(checker, generator), limits)) as client:
            wait_until(lambda: ready(client) and client.get("/v1/batches").status_code == 200)
            yield client

    return live


def send(client: httpx2.Client, content: bytes, *, key: str = "", **options: Any) -> str:
    headers = LINES | ({"idempotency-key": key} if key else {})
    reply = client.post("/v1/batches", content=content, headers=headers, params=options)
    assert reply.status_code == 202
    path: str = reply.headers["location"]
    return path


def state(client: httpx2.Client, path: str) -> dict[str, Any]:
    reply = client.get(path)
    assert reply.status_code == 200
    found: dict[str, Any] = reply.json()
    return found


def results(client: httpx2.Client, path: str) -> list[dict[str, Any]]:
    wait_until(lambda: state(client, path)["ended"] is not None, seconds=120)
    reply = client.get(path + "/results")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/jsonl")
    assert int(reply.headers["content-length"]) == len(reply.content)
    return [json.loads(line) for line in reply.text.splitlines()]


# --- what it is for ---


def test_batch_is_taken_rewritten_and_given_back_row_by_row(serve: Serve) -> None:
    rows = [{"custom_id": "a", "text": WIRE}, {"custom_id": 7}, {"text": ""}, {"custom_id": "a", "text": WIRE}]
    with serve() as client:
        reply = client.post("/v1/batches", content=body(*rows) + b"no JSON\n", headers=LINES, params={"seed": 3})
        sent = reply.json()
        path = reply.headers["location"]
        given = results(client, path)
        after = state(client, path)
    assert (reply.status_code, path) == (202, f"/v1/batches/{sent['id']}")
    assert (sent["status"], sent["ended"], sent["counts"]) == ("queued", None, {"rows": 5, "done": 0, "failed": 0})
    assert (after["status"], after["counts"], after["seed"], after["full"]) == (
        "completed",
        {"rows": 5, "done": 5, "failed": 4},
        3,
        False,
    )
    assert after["expires"] > after["ended"] >= after["created"]
    summary = {"facts": 1, "kept": 1, "altered": 0, "omitted": 0, "unsupported": 0, "kept_passages": 0}
    assert given == [
        {"custom_id": "a", "copy": WIRE, "status": "verified", "summary": summary},
        {"custom_id": 7, "error": "Text: Field required."},
        {"custom_id": None, "error": "The article is empty: it needs at least one word."},
        {"custom_id": "a", "error": "Row 1 has the id 'a' already: give each row an id of its own."},
        {"custom_id": None, "error": "The row is no JSON object (expected ident at line 1 column 2)."},
    ]


def test_results_may_have_the_account_of_every_passage(serve: Serve) -> None:
    with serve() as client:
        (row,) = results(client, send(client, body({"text": WIRE}), full=True, seed=4))
    assert (row["provenance"]["seed"], row["certificate"]["faithful"], len(row["passages"])) == (4, True, 1)


def test_a_batch_may_ask_for_a_house_style_and_for_no_more_than_its_faults(serve: Serve) -> None:
    with serve() as client:
        (row,) = results(client, send(client, body({"text": WIRE}), full=True, style="bbc", mode="fix"))
        unknown = client.post("/v1/batches", content=body({"text": WIRE}), headers=LINES, params={"style": "tabloid"})
    assert (row["provenance"]["style"], row["provenance"]["mode"]) == ("bbc", "fix")
    assert (unknown.status_code, "ap, bbc, reuters" in unknown.json()["detail"]) == (422, True)


def test_a_batch_may_be_a_table_and_name_its_columns(serve: Serve) -> None:
    table = f"nr,body,glossary\n7,{WIRE},\n8,,\n9,{WIRE},{{}}x\n10,{WIRE}\n"
    options = {"text_column": "body", "id_column": "nr"}
    with serve() as client:
        reply = client.post("/v1/batches", content=table, headers={"content-type": "text/csv"}, params=options)
        rows = results(client, reply.headers["location"])
        lines = results(client, send(client, body({"nr": 7, "body": WIRE}), **options))
    assert reply.status_code == 202
    assert [(row["custom_id"], row.get("copy"), row.get("error")) for row in rows] == [
        ("7", WIRE, None),
        ("8", None, "The article is empty: it needs at least one word."),
        ("9", None, 'Glossary: Input should be JSON, as {"cops": "officers"}.'),
        (None, None, "The row has 2 fields, the table 3 columns: quote what holds a comma."),
    ]
    assert [(row["custom_id"], row["copy"]) for row in lines] == [(7, WIRE)]


def test_a_table_with_another_column_of_articles_is_another_batch(serve: Serve) -> None:
    with serve() as client:
        path = send(client, body({"text": WIRE, "body": HELD}), key="a")
        headers = LINES | {"idempotency-key": "a"}
        content = body({"text": WIRE, "body": HELD})
        reply = client.post("/v1/batches", content=content, headers=headers, params={"text_column": "body"})
        again = send(client, content, key="a")
    assert (reply.status_code, reply.json()["type"], again) == (
        422,
        "urn:copydesk:problem:idempotency-key-reused",
        path,
    )


def test_batches_are_listed_the_newest_first(serve: Serve) -> None:
    with serve() as client:
        paths = [send(client, body({"text": WIRE})) for _ in range(3)]
        listed = client.get("/v1/batches").json()["batches"]
    assert [f"/v1/batches/{batch['id']}" for batch in listed] == paths[::-1]


def test_results_are_to_be_had_at_the_end_and_those_of_a_cancelled_batch_as_far_as_they_go(
    serve: Serve, generator: HeldGenerator
) -> None:
    generator.free.clear()
    with serve() as client:
        path = send(client, body(*ROWS[:30], {"text": HELD}, *ROWS[30:]))
        wait_until(generator.started.is_set)
        headers = {"x-request-id": "test-1"}
        early, kept = client.get(path + "/results", headers=headers), client.delete(path, headers=headers)
        during = state(client, path)
        cancelled = client.post(path + "/cancel", headers={"content-length": "0"})
        given = results(client, path)
        after = client.post(path + "/cancel").json()
        generator.free.set()
    assert (during["status"], during["counts"]) == ("in_progress", {"rows": 41, "done": 16, "failed": 0})
    assert (cancelled.status_code, cancelled.json()["status"], after["status"]) == (200, "cancelling", "cancelled")
    assert [row["custom_id"] for row in given] == [row["custom_id"] for row in ROWS[:16]]
    assert (early.status_code, early.headers["retry-after"], early.json()) == (
        409,
        "5",
        {
            "type": "urn:copydesk:problem:batch-not-ended",
            "title": "The batch has not ended",
            "status": 409,
            "detail": "16 of 41 rows are done: wait for the end of the batch, or cancel it.",
            "instance": f"{path}/results",
            "request_id": "test-1",
            "errors": [],
        },
    )
    assert (kept.status_code, kept.json()["type"]) == (409, "urn:copydesk:problem:batch-not-ended")


def test_batch_can_be_deleted_once_it_has_ended(serve: Serve, tmp_path: Path) -> None:
    with serve() as client:
        path = send(client, body({"text": WIRE}))
        results(client, path)
        deleted = client.delete(path)
        gone = [client.get(path), client.get(path + "/results"), client.post(path + "/cancel"), client.delete(path)]
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert {(reply.status_code, reply.json()["type"]) for reply in gone} == {
        (404, "urn:copydesk:problem:no-such-batch")
    }
    assert [file.name for file in (tmp_path / "batches").iterdir()] == ["lock"]


def test_request_need_not_wait_for_a_batch(serve: Serve) -> None:
    with serve() as client:
        path = send(client, body(*({"text": f"The mayor said on Monday that {n} buses left."} for n in range(400))))
        wait_until(lambda: state(client, path)["counts"]["done"] > 0)
        copies = [client.post("/v1/rewrite", json={"text": WIRE}).json()["copy"] for _ in range(3)]
        during = state(client, path)["status"]
        client.post(path + "/cancel")
    assert (copies, during) == ([WIRE] * 3, "in_progress")


# --- what goes wrong ---


@pytest.mark.parametrize(
    ("content", "headers", "status", "name", "detail"),
    [
        pytest.param(
            b"\n \n",
            LINES,
            422,
            "empty-batch",
            'The batch has no row: send lines such as {"custom_id": "a1", "text": "..."}.',
            id="empty",
        ),
        pytest.param(
            b"id,body\n1,Hello.\n",
            {"content-type": "text/csv"},
            422,
            "unreadable-batch",
            "There is no column 'text', only id, body: name the one of the text as the text column.",
            id="table without a text",
        ),
        pytest.param(
            b"\xff,The mayor cut 40 bus routes; he said so.\n",
            {"content-type": "text/csv"},
            422,
            "unreadable-batch",
            "There is no column 'text', only …, …: name the one of the text as the text column.",
            id="table without names",
        ),
        pytest.param(
            b"a" * 101 + b"\n",
            {"content-type": "text/csv"},
            422,
            "unreadable-batch",
            "Its first line must name the columns (the row has more than 100 bytes, the limit is 100: send the article "
            "in parts).",
            id="table with a first line too long",
        ),
        pytest.param(
            b"{}\n" * 11,
            LINES,
            413,
            "batch-too-long",
            "The batch has 11 rows, the limit is 10: send it in parts.",
            id="many rows",
        ),
        pytest.param(
            b"x" * 3_001,
            LINES,
            413,
            "body-too-large",
            "The body has 3,001 bytes, the limit is 3,000: send it in parts.",
            id="many bytes",
        ),
        pytest.param(
            b"{}\n",
            {"content-type": "application/json"},
            415,
            "unsupported-media-type",
            "The body is declared as 'application/json': send JSON Lines with the header Content-Type: "
            "application/jsonl.",
            id="JSON",
        ),
        pytest.param(
            b"{}\n",
            LINES | {"content-encoding": "gzip"},
            415,
            "unsupported-media-type",
            "The body is compressed: send JSON Lines with the header Content-Type: application/jsonl.",
            id="compressed",
        ),
        pytest.param(
            b"{}\n",
            LINES | {"idempotency-key": "a b"},
            400,
            "malformed-idempotency-key",
            "The header Idempotency-Key holds no key: send one string of 1 to 255 visible ASCII characters, in "
            "quotation marks or bare.",
            id="idempotency key",
        ),
    ],
)
def test_what_is_no_batch_is_a_problem_and_leaves_nothing_behind(
    serve: Serve, tmp_path: Path, content: bytes, headers: dict[str, str], status: int, name: str, detail: str
) -> None:
    with serve(max_batch_rows=10, max_batch_bytes=3_000, max_body_bytes=100) as client:
        reply = client.post("/v1/batches", content=content, headers=headers)
    assert (reply.status_code, reply.json()["type"], reply.json()["detail"]) == (
        status,
        f"urn:copydesk:problem:{name}",
        detail,
    )
    assert [file.name for file in (tmp_path / "batches").iterdir()] == ["lock"]


def test_body_of_undeclared_size_is_cut_off_at_the_limit(serve: Serve, tmp_path: Path) -> None:
    with serve(max_batch_bytes=100_000) as client:
        reply = client.post("/v1/batches", content=(b"a" * 8_000 for _ in range(50)), headers=LINES)
    assert (reply.status_code, reply.json()["type"]) == (413, "urn:copydesk:problem:body-too-large")
    assert [file.name for file in (tmp_path / "batches").iterdir()] == ["lock"]


def test_parameter_that_is_not_valid_is_named(serve: Serve) -> None:
    with serve() as client:
        reply = client.post("/v1/batches", content=b"{}\n", headers=LINES, params={"seed": -1})
    assert (reply.status_code, reply.json()["errors"][0]["location"]) == (422, "query.seed")


def test_more_batches_than_may_be_kept_are_refused(serve: Serve) -> None:
    with serve(max_batches=1) as client:
        path = send(client, body({"text": WIRE}), key="a")
        reply = client.post("/v1/batches", content=b"{}\n", headers=LINES)
        again = send(client, body({"text": WIRE}), key="a")
    assert (reply.status_code, reply.headers["retry-after"], reply.json()["type"], again) == (
        503,
        "60",
        "urn:copydesk:problem:too-many-batches",
        path,
    )


def test_batch_sent_twice_with_one_key_is_one_batch_and_another_is_refused(serve: Serve) -> None:
    with serve() as client:
        first = send(client, body({"text": WIRE}), key="a")
        results(client, first)
    # Another process, as after a restart.
    with serve() as client:
        again = send(client, body({"text": WIRE}), key='"a"')
        others = [
            client.post("/v1/batches", content=content, headers=LINES | {"idempotency-key": "a"}, params=options)
            for content, options in ((body({"text": "Other."}), {}), (body({"text": WIRE}), {"seed": 1}))
        ]
        count = len(client.get("/v1/batches").json()["batches"])
    assert (again, count) == (first, 1)
    assert {(reply.status_code, reply.json()["type"]) for reply in others} == {
        (422, "urn:copydesk:problem:idempotency-key-reused")
    }


def test_sender_that_leaves_in_the_middle_leaves_nothing_behind(serve: Serve, tmp_path: Path) -> None:
    with serve() as client, socket.create_connection(("127.0.0.1", client.base_url.port or 0)) as sender:
        head = (
            b"POST /v1/batches HTTP/1.1\r\nHost: here\r\nContent-Type: application/jsonl\r\nContent-Length: 99\r\n\r\n"
        )
        sender.sendall(head + b"{}\n")
        wait_until(lambda: len(list((tmp_path / "batches").iterdir())) == 2)
        sender.close()
        wait_until(lambda: [file.name for file in (tmp_path / "batches").iterdir()] == ["lock"])
        assert client.get("/v1/batches").json() == {"batches": []}


def test_batch_that_takes_too_long_to_arrive_is_given_up(serve: Serve, tmp_path: Path) -> None:
    def files() -> int:
        return len(list((tmp_path / "batches").iterdir()))

    def slowly() -> Iterator[bytes]:
        yield b"{}\n"
        wait_until(lambda: files() == 2)
        wait_until(lambda: files() == 1)
        yield b"{}\n"

    with serve(upload_seconds=1) as client:
        reply = client.post("/v1/batches", content=slowly(), headers=LINES)
    assert (reply.status_code, reply.json()["type"], reply.json()["detail"]) == (
        408,
        "urn:copydesk:problem:upload-too-slow",
        "The batch did not arrive within 1 s: send it in parts.",
    )


def test_reader_of_results_that_does_not_read_is_left(
    serve: Serve, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with serve(reader_seconds=0.2) as client, socket.create_connection(("127.0.0.1", client.base_url.port or 0)) as one:
        path = send(client, body({"text": WIRE}))
        results(client, path)
        (tmp_path / "batches" / path.rpartition("/")[2] / "results.jsonl").write_bytes(b"{}\n" * 10_000_000)
        one.sendall(f"GET {path}/results HTTP/1.1\r\nHost: here\r\nX-Request-Id: test-1\r\n\r\n".encode())
        wait_until(lambda: "a client left its reply unread for 0.2 s, request test-1" in caplog.text)


def test_second_service_has_no_batches_until_the_first_is_gone(serve: Serve, checker: Checker, tmp_path: Path) -> None:
    settings = Settings(engine="rules", batch_folder=tmp_path / "batches")
    with served(create_app(lambda: desk_with(checker, ScriptedGenerator()), settings)) as first:
        wait_until(lambda: ready(first))
        path = send(first, body({"text": WIRE}))
        with ExitStack() as waiting:
            app = create_app(lambda: desk_with(checker, ScriptedGenerator()), settings)
            second = waiting.enter_context(served(app))
            wait_until(lambda: ready(second))
            replies = [second.get("/v1/batches"), second.get(path)]
            replies += [second.post("/v1/batches", content=b"{}\n", headers=LINES)]
            outlives = waiting.pop_all()
    with outlives:
        wait_until(lambda: second.get(path).status_code == 200)
        assert [row["copy"] for row in results(second, path)] == [WIRE]
    assert {(reply.status_code, reply.json()["type"], reply.headers["retry-after"]) for reply in replies} == {
        (503, "urn:copydesk:problem:batches-unavailable", "5")
    }


# --- kill -9 ---


def serve_until_killed(folder: Path, port: int, checker: Checker) -> None:
    app = create_app(lambda: desk_of(checker), Settings(engine="rules", batch_folder=folder))
    uvicorn.Server(uvicorn.Config(app, port=port, log_config=None, http="h11", loop="asyncio")).run()


@contextmanager
def killed_in_the_end(folder: Path, checker: Checker) -> Iterator[httpx2.Client]:
    """Let a service live in a process of its own, until it is killed."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    # A fork has the checker loaded already, so that most kills meet work and not a beginning.
    context = multiprocessing.get_context("fork")
    process = context.Process(target=serve_until_killed, args=(folder, port, checker))
    process.start()
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            wait_until(lambda: answers(client))
            yield client
    finally:
        process.kill()
        process.join()
    assert process.exitcode == -signal.SIGKILL


def answers(client: httpx2.Client) -> bool:
    try:
        return client.get("/v1/batches").status_code == 200
    except httpx2.TransportError:
        return False


def undisturbed(content: bytes, folder: Path, checker: Checker) -> bytes:
    """Rewrite the rows of a batch in one piece."""
    source, target = folder / "in.jsonl", folder / "out.jsonl"
    source.write_bytes(content)
    order = Order(source, target, columns=Columns(identity=CUSTOM_ID), task=Task(identity=CUSTOM_ID))
    with closing(Batch(order, Settings(engine="rules"), open_desk=lambda _: desk_of(checker))) as batch:
        list(batch.work())
        batch.deliver()
    return target.read_bytes()


def test_service_that_is_killed_at_any_moment_loses_nothing_and_does_nothing_twice(
    tmp_path: Path, checker: Checker
) -> None:
    more = ({**row, "custom_id": f"{row['custom_id']}x"} for row in ROWS)
    content = body(*ROWS, {"custom_id": "bad"}, *more)
    began = time.monotonic()
    expected = undisturbed(content, tmp_path, checker)
    seconds = time.monotonic() - began
    chance = random.Random(0)
    done = [0]
    for _ in range(5):
        with killed_in_the_end(tmp_path / "batches", checker) as client:
            # Whoever is not sure that it arrived sends it again.
            path = send(client, content, key="a")
            done.append(state(client, path)["counts"]["done"])
            time.sleep(chance.uniform(0, 0.5) * seconds)
    with killed_in_the_end(tmp_path / "batches", checker) as client:
        assert send(client, content, key="a") == path
        results(client, path)
        given = client.get(path + "/results").content
        listed = client.get("/v1/batches").json()["batches"]
    assert (given == expected, len(listed), done) == (True, 1, sorted(done))
