"""What a service should not be sent, and what it must answer: a list to read and to add to."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPMessage, HTTPResponse

from evaluation.serving import Server

# The service is set up with these, so that what is over a limit is small.
MAX_BODY_BYTES = 100_000
MAX_ARTICLE_CHARACTERS = 20_000

_PATIENCE = 60.0
_SETTLED = 30.0
_PROBLEM = "application/problem+json"
_URN = "urn:copydesk:problem:"
_JSON = {"Content-Type": "application/json"}
_ARTICLE = json.dumps({"text": "So the mayor just axed 40 bus routes, lol.\n\nNobody told the drivers."}).encode()
# Of a single sentence nobody can be sure.
_GERMAN = (
    "Der Bürgermeister hat am Montag die Hälfte der Buslinien gestrichen. Die Fahrer haben davon erst aus der Zeitung "
    "erfahren, und sie wollen nun streiken. Der Stadtrat berät am Donnerstag darüber, was noch zu retten ist."
)
_MOST_CHARACTERS = 200


@dataclass(frozen=True)
class Reply:
    """What came of sending a fault.

    Attributes:
        wrong: What is wrong with the answer; empty where nothing is.
        turned_away: Whether the service had no room for it and said when to come again.
    """

    wrong: str = ""
    turned_away: bool = False


@dataclass(frozen=True)
class Fault:
    """Something that a service should not be sent.

    Attributes:
        name: What it is, in a few words.
        send: Sends it and looks at what comes back.
    """

    name: str
    send: Callable[[Server], Reply]


@dataclass(frozen=True)
class Refused:
    """A request that must be answered by a problem.

    Attributes:
        status: Its status.
        problem: Its type, as its URN ends.
        body: What is sent; pieces go out as chunks whose sum nobody declares.
        headers: The headers.
        method: The method.
        path: The address.
    """

    status: int
    problem: str
    body: bytes | tuple[bytes, ...] | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: _JSON)
    method: str = "POST"
    path: str = "/v1/rewrite"

    def __call__(self, server: Server) -> Reply:
        """Send it and look at what comes back."""
        connection = HTTPConnection(server.host, server.port, timeout=_PATIENCE)
        body: Iterable[bytes] | bytes | None = self.body
        try:
            connection.request(self.method, self.path, body, dict(self.headers))
            response = connection.getresponse()
            return self._judge(response.status, response.headers, response.read())
        except (OSError, HTTPException) as error:
            return Reply(f"no answer ({type(error).__name__}: {error})")
        finally:
            connection.close()

    def _judge(self, status: int, headers: HTTPMessage, body: bytes) -> Reply:
        if _turned_away(status, headers):
            return Reply(turned_away=True)
        text = body.decode("utf-8", "replace")
        if status != self.status:
            return Reply(f"{status} and not {self.status}: {text[:_MOST_CHARACTERS]}")
        if headers.get_content_type() != _PROBLEM:
            return Reply(f"the type is {headers.get_content_type()} and not {_PROBLEM}")
        try:
            problem = json.loads(text)
            told = problem["status"], problem["type"], bool(problem["detail"])
        except (ValueError, KeyError, TypeError) as error:
            return Reply(f"no problem details ({type(error).__name__}: {error}): {text[:_MOST_CHARACTERS]}")
        wanted = self.status, _URN + self.problem, True
        return Reply() if told == wanted else Reply(f"{told} and not {wanted}")


def _turned_away(status: int, headers: HTTPMessage) -> bool:
    return status == 503 and headers.get("Retry-After", "").isdecimal()


@dataclass(frozen=True)
class Leaving:
    """Bytes after which the client hangs up.

    Attributes:
        sent: What is sent.
        read: Whether it first waits until an answer has begun, which must not be the service's own failure; else it
            hangs up at once.
    """

    sent: bytes
    read: bool

    def __call__(self, server: Server) -> Reply:
        """Send it, and look at how the answer begins."""
        try:
            with socket.create_connection((server.host, server.port), timeout=_PATIENCE) as line:
                line.sendall(self.sent)
                return self._judge(line) if self.read else Reply()
        except (OSError, HTTPException) as error:
            return Reply(f"no answer ({type(error).__name__}: {error})")

    @staticmethod
    def _judge(line: socket.socket) -> Reply:
        with HTTPResponse(line) as response:
            response.begin()
            if _turned_away(response.status, response.headers):
                return Reply(turned_away=True)
            return Reply(f"{response.status} and nothing below 500" if response.status >= 500 else "")


def _head(length: int, accept: str = "application/json") -> bytes:
    return (
        f"POST /v1/rewrite HTTP/1.1\r\nHost: desk\r\nContent-Type: application/json\r\nAccept: {accept}\r\n"
        f"Content-Length: {length}\r\n\r\n"
    ).encode()


def _body(**fields: object) -> bytes:
    return json.dumps(fields).encode()


FAULTS = (
    Fault("a body that is no JSON", Refused(400, "malformed-body", b'{"text": ')),
    Fault("no body", Refused(422, "invalid-request")),
    Fault("100,000 open brackets", Refused(400, "malformed-body", b"[" * (MAX_BODY_BYTES - 1))),
    Fault("a body that is not UTF-8", Refused(400, "not-text", b'{"text": "caf\xe9"}')),
    Fault("no text", Refused(422, "invalid-request", _body())),
    Fault("a number for a text", Refused(422, "invalid-request", _body(text=40))),
    Fault("half a character", Refused(422, "invalid-request", b'{"text": "\\ud800"}')),
    Fault("a field that there is not", Refused(422, "invalid-request", _body(text="The mayor left.", tone="rude"))),
    Fault(
        "a style that there is not",
        Refused(422, "unknown-style", _body(text="The mayor left.", style="tabloid")),
    ),
    Fault("an empty article", Refused(422, "empty-article", _body(text=" \n\n "))),
    Fault(
        "an article in German",
        Refused(422, "not-english", _body(text=_GERMAN)),
    ),
    Fault(
        "a body that is declared as text",
        Refused(415, "unsupported-media-type", _ARTICLE, {"Content-Type": "text/plain"}),
    ),
    Fault(
        "a body that is compressed",
        Refused(415, "unsupported-media-type", _ARTICLE, {**_JSON, "Content-Encoding": "gzip"}),
    ),
    Fault("too large a body", Refused(413, "body-too-large", _body(text="x" * MAX_BODY_BYTES))),
    Fault(
        "too large a body of undeclared size",
        Refused(413, "body-too-large", tuple(b" " * (MAX_BODY_BYTES // 10) for _ in range(11))),
    ),
    Fault(
        "too long an article",
        Refused(413, "article-too-long", _body(text="rain " * (MAX_ARTICLE_CHARACTERS // 4))),
    ),
    Fault("an address that there is not", Refused(404, "not-found", path="/v1/rewrites", method="GET")),
    Fault("another method", Refused(405, "method-not-allowed", method="DELETE")),
    Fault("no HTTP", Leaving(b"\x16\x03\x01 hello\r\n\r\n", read=True)),
    Fault("a client that leaves in the middle of its request", Leaving(_head(5_000) + b'{"text": "So', read=False)),
    Fault("a client that leaves before the answer", Leaving(_head(len(_ARTICLE)) + _ARTICLE, read=False)),
    Fault(
        "a client that leaves in the middle of the answer",
        Leaving(_head(len(_ARTICLE), "text/event-stream") + _ARTICLE, read=True),
    ),
)


def find_leftover(server: Server, *, seconds: float = _SETTLED) -> str:
    """Say what is still under way for nobody, after a while; empty where nothing is."""
    deadline = time.monotonic() + seconds
    try:
        while (left := _under_way(server)) and time.monotonic() < deadline:
            time.sleep(0.1)
    except (OSError, HTTPException, StopIteration) as error:
        return f"the service does not tell what is under way ({type(error).__name__}: {error})"
    return f"{left:g} requests are under way, and nobody waits for them" if left else ""


def _under_way(server: Server) -> float:
    connection = HTTPConnection(server.host, server.port, timeout=_PATIENCE)
    try:
        connection.request("GET", "/metrics")
        lines = connection.getresponse().read().decode("utf-8").splitlines()
    finally:
        connection.close()
    return next(float(line.split()[1]) for line in lines if line.startswith("copydesk_requests_under_way "))
