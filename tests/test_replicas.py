from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import httpx2
import pytest

from service.desk import open_desk
from service.settings import Settings
from tests.clusters import NO_RAY, REASON, free_port, workers_of
from tests.scripted import wait_until

pytestmark = pytest.mark.skipif(NO_RAY, reason=REASON)

TEXT = "So the mayor just axed 40 bus routes, lol."
PROGRAM = [sys.executable, "-c", "from service.cli import main; main()"]
# Models that take longer to load than anyone waits.
LOADING = """
import asyncio, sys
from service import replicas
from service.settings import Settings

class Replica(replicas._Replica):
    async def check_health(self):
        print("the model is loading", flush=True)
        await asyncio.sleep(600)

replicas._Replica = Replica
replicas.serve_on_cluster(
    Settings(engine="rules"), host="127.0.0.1", port=int(sys.argv[1]), replicas=1,
    announce=lambda line: print(line, flush=True),
)
print("ended", flush=True)
"""


def test_the_service_on_a_cluster_answers_as_one_process_does_and_outlives_its_replicas(
    tmp_path: Path, cluster: Mapping[str, str]
) -> None:
    expected = open_desk(Settings(engine="rules")).rewriter.rewrite(TEXT).copy
    port = free_port()
    log = tmp_path / "log"
    command = [*PROGRAM, "serve", "--engine", "ray", "--workers", "1", "--port", str(port)]
    with (
        log.open("w") as file,
        subprocess.Popen(command, env=cluster, stderr=file, stdout=file) as process,
        httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as client,
    ):
        wait_until(lambda: process.poll() is not None or "copydesk serves on" in log.read_text(), seconds=240)
        assert f"copydesk serves on http://127.0.0.1:{port} with up to 1 replicas" in log.read_text()
        assert client.get("/health/ready").json() == {"status": "ready"}
        answer = client.post("/v1/rewrite", json={"text": TEXT}, headers={"x-request-id": "test-1"})
        assert (answer.json()["copy"], answer.headers["x-request-id"]) == (expected, "test-1")
        refused = client.post("/v1/rewrite", json={"text": ""})
        assert (refused.status_code, refused.json()["type"]) == (422, "urn:copydesk:problem:empty-article")
        live = client.post("/v1/rewrite", json={"text": TEXT}, headers={"accept": "text/event-stream"})
        assert re.findall("^event: (.+)$", live.text, flags=re.MULTILINE) == ["passage", "end"]
        row = json.dumps({"custom_id": "a", "text": TEXT})
        sent = client.post("/v1/batches", content=row, headers={"content-type": "application/jsonl"})
        batch = sent.headers["location"]
        wait_until(lambda: client.get(batch).json()["status"] == "completed", seconds=240)
        for name in ("ServeReplica:copydesk:", "ServeReplica:copydesk-batches:"):
            workers_of(cluster, name)[0].kill()
        assert client.post("/v1/rewrite", json={"text": TEXT}).json()["copy"] == expected
        wait_until(lambda: client.get(f"{batch}/results").status_code == 200, seconds=240)
        assert client.get(f"{batch}/results").json()["copy"] == expected
        process.terminate()
        assert process.wait(120) == 0
        with pytest.raises(httpx2.ConnectError):
            client.get("/health/ready")


def test_a_service_that_is_told_to_end_while_it_loads_its_models_ends_and_announces_nothing(
    tmp_path: Path, cluster: Mapping[str, str]
) -> None:
    log = tmp_path / "log"
    command = [sys.executable, "-c", LOADING, str(free_port())]
    with log.open("w") as file, subprocess.Popen(command, env=cluster, stderr=file, stdout=file) as process:
        wait_until(lambda: process.poll() is not None or "the model is loading" in log.read_text(), seconds=240)
        process.send_signal(signal.SIGTERM)
        assert process.wait(120) == 0, log.read_text()
    assert ("ended" in log.read_text(), "copydesk serves on" in log.read_text()) == (True, False)
