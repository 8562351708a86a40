from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from service.api import create_app
from service.checking import Checker
from service.keys import hash_key
from service.settings import Settings
from tests.scripted import ScriptedGenerator, wait_until
from tests.served import desk_with, ready, served

KEY, OTHER, SELDOM = "cd-one", "cd-two", "cd-three"
TEXT = "The mayor left on Monday."

Ask = Callable[..., httpx2.Response]


@pytest.fixture(scope="module")
def client(checker: Checker, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    folder = tmp_path_factory.mktemp("guarded")
    lines = [f"newsroom {hash_key(KEY)}", f"wire {hash_key(OTHER)}", f"archive {hash_key(SELDOM)} 2/hour"]
    (folder / "keys").write_text("\n".join(lines))
    settings = Settings(engine="rules", batch_folder=folder / "batches", api_keys=folder / "keys")
    with served(create_app(lambda: desk_with(checker, ScriptedGenerator()), settings)) as client:
        wait_until(lambda: ready(client))
        yield client


def shown(key: str, scheme: str = "Bearer") -> dict[str, str]:
    return {"authorization": f"{scheme} {key}", "x-request-id": "test-1"}


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_whoever_shows_a_key_is_let_in(client: httpx2.Client, scheme: str) -> None:
    reply = client.post("/v1/rewrite", json={"text": TEXT}, headers=shown(KEY, scheme))
    assert (reply.status_code, reply.json()["copy"]) == (200, TEXT)


@pytest.mark.parametrize(
    ("headers", "name", "challenge"),
    [
        pytest.param({}, "key-required", 'Bearer realm="copydesk"', id="none"),
        pytest.param({"authorization": "Bearer"}, "key-required", 'Bearer realm="copydesk"', id="empty"),
        pytest.param({"authorization": "Basic Y2Q6"}, "key-required", 'Bearer realm="copydesk"', id="another scheme"),
        pytest.param(
            {"authorization": "Bearer cd-four"},
            "unknown-key",
            'Bearer realm="copydesk", error="invalid_token"',
            id="unknown",
        ),
        pytest.param(
            {"authorization": f"Bearer {KEY} ".encode() + b"\xe9"},
            "unknown-key",
            'Bearer realm="copydesk", error="invalid_token"',
            id="not ASCII",
        ),
    ],
)
@pytest.mark.parametrize("path", ["/v1/rewrite", "/v1/batches", "/v1/nothing"])
def test_whoever_shows_none_is_not(
    client: httpx2.Client, path: str, headers: dict[str, Any], name: str, challenge: str
) -> None:
    # Too large and of no type, but nobody reads it.
    reply = client.post(path, content=b"x" * 2_000_000, headers=headers)
    assert (reply.status_code, reply.headers["content-type"], reply.headers["www-authenticate"]) == (
        401,
        "application/problem+json",
        challenge,
    )
    assert (reply.json()["type"], "x-request-id" in reply.headers) == (f"urn:copydesk:problem:{name}", True)


@pytest.mark.parametrize("path", ["/", "/health/live", "/health/ready", "/metrics", "/docs", "/openapi.json"])
def test_what_shows_no_text_needs_no_key(client: httpx2.Client, path: str) -> None:
    assert client.get(path).status_code == 200


def test_caller_that_has_reached_its_limit_is_told_when_to_come_back_and_others_go_on(client: httpx2.Client) -> None:
    replies = [client.get("/v1/styles", headers=shown(SELDOM)) for _ in range(3)]
    refused = replies[2]
    wait = int(refused.headers["retry-after"])
    assert [reply.status_code for reply in replies] == [200, 200, 429]
    assert 3_500 < wait <= 3_600
    assert refused.json() == {
        "type": "urn:copydesk:problem:rate-limited",
        "title": "The key's limit is reached",
        "status": 429,
        "detail": f"This key is good for 2 requests in 3,600 s: ask again in {wait} s.",
        "instance": "/v1/styles",
        "request_id": "test-1",
        "errors": [],
    }
    assert client.get("/v1/styles", headers=shown(KEY)).status_code == 200


def test_batches_are_those_of_their_caller(client: httpx2.Client) -> None:
    line = b'{"text": "The mayor left."}\n'
    headers = {**shown(OTHER), "content-type": "application/jsonl", "idempotency-key": "a"}
    sent = client.post("/v1/batches", content=line, headers=headers)
    path = sent.headers["location"]
    wait_until(lambda: "copydesk_batches_under_way 0.0" in client.get("/metrics").text)
    seen = [client.get(path + part, headers=shown(KEY)).status_code for part in ("", "/results")]
    seen += [client.post(path + "/cancel", headers=shown(KEY)).status_code]
    seen += [client.delete(path, headers=shown(KEY)).status_code]
    assert (seen, client.get("/v1/batches", headers=shown(KEY)).json()) == ([404] * 4, {"batches": []})
    own = client.post("/v1/batches", content=line, headers={**headers, **shown(KEY)})
    assert (own.status_code, own.headers["location"] != path) == (202, True)
    assert client.get(path + "/results", headers=shown(OTHER)).status_code == 200


def test_description_says_that_a_key_is_needed(client: httpx2.Client) -> None:
    document = client.get("/openapi.json").json()
    assert document["components"]["securitySchemes"] == {"key": {"type": "http", "scheme": "bearer"}}
    rewrite, live = document["paths"]["/v1/rewrite"]["post"], document["paths"]["/health/live"]["get"]
    assert (rewrite["security"], {"401", "429"} <= set(rewrite["responses"]), "security" in live) == (
        [{"key": []}],
        True,
        False,
    )
