from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from service.page import add_page
from service.problems import report_problems

WEB = resources.files("service").joinpath("web")
FILES = {file.name: file.read_text(encoding="utf-8") for file in WEB.iterdir()}


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    app = FastAPI()
    add_page(app)
    report_problems(app, max_body_bytes=1_000)
    with TestClient(app) as client:
        yield client


def test_the_page_may_load_nothing_but_its_own_files(client: TestClient) -> None:
    reply = client.get("/")
    assert (reply.status_code, reply.headers["content-type"], reply.text) == (
        200,
        "text/html; charset=utf-8",
        FILES["index.html"],
    )
    assert reply.headers["content-security-policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
    )


def test_every_part_that_the_page_names_is_there_and_no_other(client: TestClient) -> None:
    named = set(re.findall(r'(?:src|href)="web/([^"]+)"', FILES["index.html"]))
    imported = {name for text in FILES.values() for name in re.findall(r'from "\./([^"]+)"', text)}
    assert named | imported | {"index.html"} == FILES.keys()
    assert {(name, client.get(f"/web/{name}").text) for name in FILES} == set(FILES.items())


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        pytest.param("app.js", "text/javascript; charset=utf-8", id="script"),
        pytest.param("style.css", "text/css; charset=utf-8", id="style"),
        pytest.param("icon.svg", "image/svg+xml", id="icon"),
    ],
)
def test_parts_have_their_type_and_are_asked_for_again_after_an_update(
    client: TestClient, name: str, media_type: str
) -> None:
    reply = client.get(f"/web/{name}")
    assert (reply.headers["content-type"], reply.headers["cache-control"]) == (media_type, "no-cache")
    assert client.get(f"/web/{name}", headers={"if-none-match": reply.headers["etag"]}).status_code == 304


def test_no_part_names_an_address_elsewhere_or_makes_html_of_text() -> None:
    text = "".join(FILES.values()).replace("http://www.w3.org/2000/svg", "")
    assert re.findall(r"https?://|//cdn|innerHTML|outerHTML|insertAdjacent|document\.write|eval\(", text) == []
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|<script>", FILES["index.html"]) == []


def test_the_example_is_the_one_of_the_package(client: TestClient) -> None:
    example = resources.files("service").joinpath("examples", "ferry.txt").read_text(encoding="utf-8")
    assert client.get("/examples/ferry.txt").text == example


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("/web/missing.js", id="no such part"),
        pytest.param("/web/%2e%2e/api.py", id="out of the folder"),
        pytest.param("/web/", id="the folder"),
    ],
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    reply = client.get(path)
    assert (reply.status_code, reply.json()["type"]) == (404, "urn:copydesk:problem:not-found")
