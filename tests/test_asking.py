from __future__ import annotations

import threading
from itertools import islice
from typing import Any

import pytest

from evaluation.asking import Article, ask, find_fault, make_articles
from evaluation.serving import Server
from service.api import create_app
from service.checking import Checker
from service.desk import Desk
from service.settings import Settings
from tests.scripted import ScriptedGenerator, wait_until
from tests.served import desk_with, ready, served

ARTICLE = Article("7000001", "The file is No. 7000001.\n\nIt is No. 7000001.\n\nNo. 7000001 it is.")
COPY = ARTICLE.text.replace("It is No.", "The number is")


def answer(copy: str = COPY, source: str = ARTICLE.text) -> list[tuple[str, Any]]:
    passages = [("passage", {"source": paragraph}) for paragraph in source.split("\n\n")]
    return [*passages, ("end", {"copy": copy, "certificate": {"texts": {"source": source, "copy": copy}}})]


def test_articles_have_a_number_of_their_own_in_every_passage() -> None:
    first, second, third = islice(make_articles(["a", "b", "c", "d"]), 3)
    assert first == Article(
        "7000000", "a The file is No. 7000000.\n\nb The file is No. 7000000.\n\nc The file is No. 7000000."
    )
    assert [second.text[0], third.text[0]] == ["d", "c"]


def test_an_answer_to_the_article_has_no_fault() -> None:
    assert find_fault(ARTICLE, answer()) is None


@pytest.mark.parametrize(
    ("events", "fault"),
    [
        pytest.param([], "the answer is cut short: it is empty", id="empty"),
        pytest.param(answer()[:1], "the answer is cut short: ('passage', ", id="no end"),
        pytest.param(
            [("error", {"status": 500})], "the answer is cut short: ('error', {'status': 500})", id="error in the end"
        ),
        pytest.param(answer(source=ARTICLE.text + " "), "the certificate is that of another article", id="certificate"),
        pytest.param(
            [("passage", {"source": "Another."}), *answer()], "a passage is that of another article", id="passage"
        ),
        pytest.param(
            answer(COPY.replace("No. 7000001.", "No. 7000002.")),
            "the copy of No. 7000001 speaks of 7000002, 7000001, 7000001",
            id="another number",
        ),
        pytest.param(answer("It is."), "the copy of No. 7000001 speaks of no number", id="no number"),
        pytest.param(answer(COPY[:40]), "the copy of No. 7000001 speaks of 7000001", id="lost passages"),
    ],
)
def test_an_answer_that_is_not_whole_or_not_ours_is_told(events: list[tuple[str, Any]], fault: str) -> None:
    assert (find_fault(ARTICLE, events) or "").startswith(fault)


def test_a_client_reads_the_answer_and_when_its_passages_arrived(checker: Checker) -> None:
    with served(create_app(lambda: desk_with(checker, ScriptedGenerator()), Settings(engine="rules"))) as client:
        wait_until(lambda: ready(client))
        call = ask(Server("127.0.0.1", client.base_url.port or 0, pid=0), ARTICLE)
    assert (call.status, call.fault, call.copy, len(call.arrivals)) == (200, None, ARTICLE.text, 3)
    assert call.began < call.arrivals[0] <= call.arrivals[-1] < call.ended


def test_a_client_that_is_turned_away_knows_when_to_ask_again_and_one_that_is_refused_why() -> None:
    closing = threading.Event()

    def open_desk() -> Desk:
        closing.wait(timeout=20)
        raise RuntimeError("nobody needs it any more")

    with served(create_app(open_desk, Settings(engine="rules", max_body_bytes=100))) as client:
        server = Server("127.0.0.1", client.base_url.port or 0, pid=0)
        early, large = (ask(server, Article("7000001", text)) for text in ("Too early.", "a" * 200))
        closing.set()
    assert (early.status, early.retry_after, early.fault) == (503, 2.0, None)
    assert (large.status, large.retry_after) == (413, None)
    assert (large.fault or "").startswith('413: {"type": "urn:copydesk:problem:body-too-large"')


def test_a_service_that_is_not_there_is_a_fault() -> None:
    call = ask(Server("127.0.0.1", 1, pid=0), ARTICLE)
    assert (call.status, call.copy) == (0, None)
    assert (call.fault or "").startswith("no answer (ConnectionRefusedError")
