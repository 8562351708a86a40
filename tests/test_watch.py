from __future__ import annotations

import logging
import re
from collections.abc import Iterator

import httpx2
import pytest

from service.api import create_app
from service.checking import Checker
from service.settings import Settings
from tests.scripted import ScriptedGenerator, wait_until
from tests.served import desk_with, ready, served

TEXT = "So the mayor just axed 40 bus routes."
EVENTS = {"accept": "text/event-stream"}
API_POLICY = "default-src 'none'; frame-ancestors 'none'"


SAFE = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "",
}


@pytest.fixture(scope="module")
def generator() -> ScriptedGenerator:
    return ScriptedGenerator(answers={TEXT: "The mayor cut 40 bus routes."})


@pytest.fixture
def api(checker: Checker, generator: ScriptedGenerator) -> Iterator[httpx2.Client]:
    with served(create_app(lambda: desk_with(checker, generator), Settings())) as client:
        wait_until(lambda: ready(client))
        yield client


def counted(api: httpx2.Client, name: str) -> set[str]:
    """The lines of a metric, but those of the health checks that waited for the service."""
    return {line for line in api.get("/metrics").text.splitlines() if line.startswith(name) and "/health/" not in line}


def test_what_is_asked_for_is_counted_by_route_and_status(api: httpx2.Client) -> None:
    api.post("/v1/rewrite", json={"text": TEXT})
    api.post("/v1/rewrite", json={"text": TEXT}, headers=EVENTS)
    api.post("/v1/rewrite", json={"text": ""})
    api.get("/web/app.js")
    api.get("/wp-admin")
    api.request("PROPFIND", "/v1/lint")
    # A request is counted when its reply has been sent, which its caller may notice first.
    expected = {
        'copydesk_requests_total{method="POST",route="/v1/rewrite",status="200"} 2.0',
        'copydesk_requests_total{method="POST",route="/v1/rewrite",status="422"} 1.0',
        'copydesk_requests_total{method="GET",route="/web",status="200"} 1.0',
        'copydesk_requests_total{method="GET",route="none",status="404"} 1.0',
        'copydesk_requests_total{method="other",route="/v1/lint",status="405"} 1.0',
    }
    wait_until(lambda: counted(api, "copydesk_requests_total") == expected)


def test_passages_and_facts_are_counted_whole_streamed_and_checked(api: httpx2.Client) -> None:
    api.post("/v1/rewrite", json={"text": TEXT})
    api.post("/v1/rewrite", json={"text": TEXT}, headers=EVENTS)
    api.post("/v1/check", json={"source": TEXT, "rewrite": TEXT.replace("40", "50")})
    assert counted(api, "copydesk_passages_total") == {'copydesk_passages_total{status="rewritten"} 2.0'}
    assert counted(api, "copydesk_facts_total") == {
        'copydesk_facts_total{verdict="kept"} 2.0',
        'copydesk_facts_total{verdict="altered"} 1.0',
    }


def test_metrics_are_in_the_format_that_their_reader_knows(api: httpx2.Client) -> None:
    reply = api.get("/metrics")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/plain; version=1.0.0; charset=utf-8")
    assert {"copydesk_ready 1.0", "copydesk_requests_under_way 0.0", "copydesk_passages_waiting 0.0"} <= set(
        reply.text.splitlines()
    )


@pytest.mark.parametrize(
    ("method", "path", "policy", "cache"),
    [
        pytest.param("GET", "/v1/styles", API_POLICY, "no-store", id="reply"),
        pytest.param("GET", "/nothing", API_POLICY, "no-store", id="problem"),
        pytest.param("GET", "/", "script-src 'self'", "no-cache", id="page"),
        pytest.param("GET", "/web/app.js", API_POLICY, "no-cache", id="part of the page"),
        pytest.param("GET", "/docs", "style-src 'unsafe-inline'", "no-store", id="docs"),
    ],
)
def test_every_reply_says_what_a_browser_may_do(
    api: httpx2.Client, method: str, path: str, policy: str, cache: str
) -> None:
    headers = api.request(method, path).headers
    assert policy in headers["content-security-policy"]
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert {name: headers[name] for name in headers if name in SAFE} == {**SAFE, "cache-control": cache}


def test_a_bug_is_counted_and_logged_too_and_its_reply_is_as_safe(
    api: httpx2.Client, generator: ScriptedGenerator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, logger="service.watch")
    generator.failure = RuntimeError("/srv/secret")
    reply = api.post("/v1/rewrite", json={"text": TEXT}, headers={"x-request-id": "test-1"})
    generator.failure = None
    assert {name: reply.headers[name] for name in SAFE} == {**SAFE, "cache-control": "no-store"}
    wait_until(lambda: lines(caplog, " 500 ") != [])
    assert 'copydesk_requests_total{method="POST",route="/v1/rewrite",status="500"} 1.0' in counted(
        api, "copydesk_requests_total"
    )


def lines(caplog: pytest.LogCaptureFixture, words: str) -> list[str]:
    """The lines with these words that the service wrote of its requests."""
    told = [record.getMessage() for record in caplog.records if record.name == "service.watch"]
    return [line for line in told if words in line]


def test_the_log_has_a_line_for_each_request_with_its_id_and_nothing_of_the_article(
    api: httpx2.Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    api.get("/metrics", headers={"x-request-id": "test-0"})
    api.post("/v1/rewrite", json={"text": TEXT}, headers={"x-request-id": "test-1"})
    api.get("/a%0Ab?secret=1", headers={"x-request-id": "test-2"})
    wait_until(lambda: len(lines(caplog, "request test-")) == 3)
    assert [re.sub(r"\d\.\d{3}", "N", line) for line in lines(caplog, "request test-")] == [
        "GET /metrics 200 in N s, request test-0",
        "POST /v1/rewrite 200 in N s, request test-1",
        "GET /a%0Ab 404 in N s, request test-2",
    ]
    # Those that ask all the time are for who looks closely.
    levels = [record.levelname for record in caplog.records if "request test-" in record.getMessage()]
    assert levels == ["DEBUG", "INFO", "INFO"]
    assert [record.getMessage() for record in caplog.records if "axed" in record.getMessage()] == []
