from __future__ import annotations

from fastapi import FastAPI
from starlette.responses import JSONResponse

from service.api import create_app
from service.checking import Checker
from service.schemas import RewriteIn
from service.settings import Settings
from tests.fuzzed import fuzz
from tests.scripted import ScriptedGenerator, wait_until
from tests.served import desk_with, ready, served


def test_the_service_keeps_to_its_document(checker: Checker) -> None:
    settings = Settings(engine="rules", max_article_characters=5_000)
    with served(create_app(lambda: desk_with(checker, ScriptedGenerator()), settings)) as client:
        wait_until(lambda: ready(client))
        runs = fuzz(str(client.base_url).rstrip("/"), cases=10, seed=0)
    assert [run.returncode for run in runs] == [0, 0], "\n".join(run.stdout for run in runs)


def test_a_service_that_refuses_what_its_document_allows_is_told() -> None:
    app = FastAPI()

    @app.post("/v1/rewrite", responses={422: {}})
    def rewrite(_: RewriteIn) -> JSONResponse:
        return JSONResponse({"type": "urn:copydesk:problem:unknown-style"}, status_code=422)

    with served(app) as client:
        runs = fuzz(str(client.base_url).rstrip("/"), cases=1, seed=0)
    told = ["a valid request is refused as unknown-style" in run.stdout for run in runs]
    assert ([run.returncode for run in runs], told) == ([1, 1], [True, True])
