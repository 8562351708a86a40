"""Hold a service to its OpenAPI document with cases that Schemathesis makes up.

``python tests/fuzzed.py --cases 1000`` does so at length against a service of its own; the tests do so in short.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import schemathesis

CONFIG = Path(__file__).resolve().parent / "data" / "schemathesis.toml"
REWRITE = "POST /v1/rewrite"


@schemathesis.check
def refused_article_is_empty_or_foreign(
    _: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """What the document allows is refused only for what no schema can tell: no word, no English, terms at odds."""
    allowed = case.meta is not None and case.meta.generation.mode.is_positive
    if case.operation.label == REWRITE and allowed and response.status_code == 422:
        problem = response.json()["type"].rpartition(":")[2]
        told = ("empty-article", "not-english", "unfit-terms", "idempotency-key-reused")
        assert problem in told, f"a valid request is refused as {problem}"


@schemathesis.serializer("application/jsonl", "text/csv")
def serialize_lines(_: schemathesis.SerializationContext, value: object) -> bytes:
    """Send lines as they were made up; half a surrogate pair goes out as bytes that are no UTF-8."""
    return value if isinstance(value, bytes) else str(value).encode("utf-8", "surrogatepass")


def fuzz(url: str, *, cases: int, seed: int) -> list[subprocess.CompletedProcess[str]]:
    """Run every check over every operation, and over the events of a rewrite.

    Args:
        url: The service.
        cases: Most cases that are made up for each operation, beside those of its examples and of its edges.
        seed: Seed of the cases.

    Returns:
        The runs: the account of each is its output, and its status is 0 where nothing was found.
    """
    options = ["--checks", "all", "--max-examples", str(cases), "--seed", str(seed), "--no-color"]
    options += ["--generation-database", "none"]
    events = ["--header", "Accept: text/event-stream", "--include-name", REWRITE]
    return [_run([f"{url}/openapi.json", *options, *more]) for more in ([], events)]


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).parent / "schemathesis"), "--config-file", str(CONFIG), "run", *arguments]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(Path(__file__).resolve())}
    # It keeps what it has found in the folder it runs in.
    with tempfile.TemporaryDirectory() as folder:
        return subprocess.run(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            env=environment,
            cwd=folder,
        )


def main() -> None:
    """Fuzz a service that edits by rules, and print the accounts; the exit status is 1 where something was found."""
    from evaluation.serving import serving  # Schemathesis loads this file for its check alone.

    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--cases", type=int, default=1_000, help="most cases for each operation")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    with serving("--engine", "rules") as server:
        runs = fuzz(server.url, cases=given.cases, seed=given.seed)
    print("\n".join(run.stdout for run in runs))
    sys.exit(any(run.returncode for run in runs))


if __name__ == "__main__":
    main()
