"""The real service on a free port, for tests that talk to it over HTTP."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import uvicorn
from starlette.types import ASGIApp

from service.batching import BatchingGenerator
from service.checking import Checker
from service.desk import Desk
from service.ladder import Ladder
from service.model import ModelInfo
from service.rewriting import Rewriter
from tests.scripted import ScriptedGenerator, wait_until

MODEL = ModelInfo(name="scripted", adapter="", engine="scripted", versions={"copydesk": "0"}, hashes={})


def desk_with(checker: Checker, generator: ScriptedGenerator) -> Desk:
    batching = BatchingGenerator(generator)
    return Desk(
        rewriter=Rewriter(Ladder(checker, batching), generator=batching, prompt="wire.v1", limit=5_000),
        checker=checker,
        model=MODEL,
        close=batching.close,
        generator=batching,
    )


@contextmanager
def served(app: ASGIApp) -> Iterator[httpx2.Client]:
    """Serve ``app`` on a free port and give a client of it."""
    # As `copydesk serve` has it.
    config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=5, http="h11", loop="asyncio")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started or not thread.is_alive())
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(timeout=20)


def ready(client: httpx2.Client) -> bool:
    return client.get("/health/ready").status_code == 200
