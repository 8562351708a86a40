"""A client of the service that knows its own article, so that it sees when it gets the answer to another."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException, HTTPResponse
from itertools import count
from typing import Any

from evaluation.serving import Server

PASSAGES = 3
_FIRST_NUMBER = 7_000_000
_NUMBER = re.compile(r"\b7\d{6}\b")
# Longer than any answer takes: one that does not come is a failure.
_PATIENCE = 900.0
_MOST_CHARACTERS = 300


@dataclass(frozen=True)
class Article:
    """An article to be rewritten.

    Attributes:
        number: What each of its passages says of itself, and no other article.
        text: The article.
    """

    number: str
    text: str


@dataclass(frozen=True)
class Call:
    """A request and what came of it; times are those of ``time.perf_counter``.

    Attributes:
        article: What was to be rewritten.
        began: When it was sent.
        ended: When the answer had been read.
        status: The HTTP status; 0 where there was no answer.
        arrivals: When each passage arrived.
        copy: The copy; None where there is none.
        fault: What is wrong with the answer; None where nothing is.
        retry_after: Seconds after which to ask again, where the service turned it away as it should.
    """

    article: Article
    began: float
    ended: float
    status: int
    arrivals: tuple[float, ...] = ()
    copy: str | None = None
    fault: str | None = None
    retry_after: float | None = None


def make_articles(passages: Sequence[str]) -> Iterator[Article]:
    """Make article after article of a few passages; the passages come again, the articles do not."""
    for place in count():
        number = str(_FIRST_NUMBER + place)
        chosen = [passages[(place * PASSAGES + step) % len(passages)] for step in range(PASSAGES)]
        yield Article(number, "\n\n".join(f"{passage} The file is No. {number}." for passage in chosen))


def ask(server: Server, article: Article) -> Call:
    """Have an article rewritten and read the events of the answer."""
    began = time.perf_counter()
    connection = HTTPConnection(server.host, server.port, timeout=_PATIENCE)
    headers = {"Content-Type": "application/json", "Accept": "text/event-stream"}
    try:
        connection.request("POST", "/v1/rewrite", json.dumps({"text": article.text}), headers)
        return _read(connection.getresponse(), article, began)
    except (OSError, HTTPException) as error:
        return Call(article, began, time.perf_counter(), 0, fault=f"no answer ({type(error).__name__}: {error})")
    finally:
        connection.close()


def _read(response: HTTPResponse, article: Article, began: float) -> Call:
    if response.status != 200:
        problem = response.read().decode("utf-8", "replace")
        after = response.headers.get("Retry-After", "") if response.status == 503 else ""
        call = Call(article, began, time.perf_counter(), response.status)
        if after.isdecimal():
            return replace(call, retry_after=float(after))
        return replace(call, fault=f"{response.status}: {problem[:_MOST_CHARACTERS]}")
    arrivals: list[float] = []
    events: list[tuple[str, Any]] = []
    name = ""
    for line in response:
        field, _, value = line.decode("utf-8").rstrip("\r\n").partition(": ")
        if field == "event":
            name = value
        elif field == "data":
            events.append((name, json.loads(value)))
            arrivals += [time.perf_counter()] if name == "passage" else []
    fault = find_fault(article, events)
    copy = None if fault else events[-1][1]["copy"]
    return Call(article, began, time.perf_counter(), 200, tuple(arrivals), copy, fault)


def find_fault(article: Article, events: Sequence[tuple[str, Any]]) -> str | None:
    """Say what is wrong with the events of an answer; None where it is whole and that to this article."""
    if not events or events[-1][0] != "end":
        return f"the answer is cut short: {events[-1] if events else 'it is empty'}"
    end = events[-1][1]
    passages = [data for name, data in events if name == "passage"]
    if end["certificate"]["texts"] != {"source": article.text, "copy": end["copy"]}:
        return "the certificate is that of another article"
    if any(passage["source"] not in article.text for passage in passages):
        return "a passage is that of another article"
    numbers = _NUMBER.findall(end["copy"])
    if set(numbers) != {article.number} or len(numbers) < PASSAGES:
        return f"the copy of No. {article.number} speaks of {', '.join(numbers) or 'no number'}"
    return None
