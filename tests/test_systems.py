from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from evaluation.corpus import Sample, read_pairs
from evaluation.errors import MissingDataError, RefusedError, UnknownSystemError, WrongAnswerError
from evaluation.systems import KNOWN, Output, Part, open_system, require_system
from evaluation.systems.checkpoints import CheckpointSystem
from evaluation.systems.copied import folder, other, reference, source
from evaluation.systems.endpoint import Endpoint
from service.api import create_app
from service.checking import Checker
from service.errors import ModelUnavailableError, UsageError
from service.settings import load_settings
from tests.scripted import ScriptedGenerator, wait_until
from tests.served import desk_with, ready, served
from tests.tiny import SOURCES, llama, save_tokenizer, t5

RAIN = Sample("a", "lol 9 mm of rain Monday", "It rained 9 mm on Monday.", "pairs")
SNOW = Sample("b", "ugh snow again", "It snowed again.", "pairs")
FRENCH = (
    "Le président de la République a annoncé mardi soir une réforme du code du travail, que les syndicats jugent "
    "inacceptable et dangereuse pour les salariés."
)


# --- names ---


@pytest.mark.parametrize("name", ["source", "rules", "base", "checkpoint:/tmp/x", "folder:out", "http://h/v1/rewrite"])
def test_a_name_of_a_system_passes(name: str) -> None:
    require_system(name)


@pytest.mark.parametrize("name", ["gpt", "", "checkpoint:", "checkpoint", "rules:", "ftp://h"])
def test_another_name_is_refused_with_those_that_there_are(name: str) -> None:
    with pytest.raises(UnknownSystemError) as caught:
        require_system(name)
    assert str(caught.value) == f"there is no system {name!r}; there are {', '.join(KNOWN)}"


# --- what is copied ---


def test_the_source_and_the_reference_are_given_as_they_are() -> None:
    assert source().rewrite(RAIN) == Output("lol 9 mm of rain Monday")
    assert reference().rewrite(RAIN) == Output("It rained 9 mm on Monday.")


def test_a_text_without_a_reference_has_none_to_give() -> None:
    with pytest.raises(WrongAnswerError, match="nobody wrote a reference"):
        reference().rewrite(Sample("c", "hm", "", "pairs"))


def test_another_text_is_never_the_own_one_and_always_the_same() -> None:
    corpus = read_pairs()[:20]
    drawn = {sample.identity: open_system("other", corpus).rewrite(sample).copy for sample in corpus}
    assert [sample.identity for sample in corpus if drawn[sample.identity] == sample.reference] == []
    assert {sample.identity: open_system("other", corpus).rewrite(sample).copy for sample in corpus} == drawn
    assert len(set(drawn.values())) > 5


def test_another_text_is_drawn_from_the_same_set_and_from_no_variant_of_the_own() -> None:
    variant = Sample("a.typos", "lol rian", "Never.", "pairs", origin="a")
    elsewhere = Sample("d", "long", "Never.", "articles")
    assert other([RAIN, variant, elsewhere, SNOW]).rewrite(RAIN) == Output("It snowed again.")
    with pytest.raises(WrongAnswerError, match="no other text"):
        other([RAIN, variant, elsewhere]).rewrite(RAIN)


def test_finished_rewrites_are_found_by_the_id_of_the_sample(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rain fell.", encoding="utf-8")
    (tmp_path / "b.md").write_text("Snow fell.", encoding="utf-8")
    system = open_system(f"folder:{tmp_path}", [])
    assert (system.rewrite(RAIN), system.rewrite(SNOW)) == (Output("Rain fell."), Output("Snow fell."))


def test_a_rewrite_that_is_missing_double_or_no_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_bytes(b"\xff\xfe\x00")
    system = folder(str(tmp_path))
    with pytest.raises(WrongAnswerError, match=r"has no a\.txt or a\.md"):
        system.rewrite(RAIN)
    with pytest.raises(WrongAnswerError, match=r"b\.txt: the input"):
        system.rewrite(SNOW)
    (tmp_path / "b.md").write_text("Snow fell.", encoding="utf-8")
    with pytest.raises(WrongAnswerError, match=r"has both b\.txt or b\.md"):
        system.rewrite(SNOW)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="gone is not there"):
        open_system(f"folder:{tmp_path / 'gone'}", [])


def test_other_files_in_a_folder_are_another_version_of_the_system(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Rain fell.", encoding="utf-8")
    first = folder(str(tmp_path)).fingerprint
    assert folder(str(tmp_path)).fingerprint == first
    (tmp_path / "a.txt").write_text("Rain fell!", encoding="utf-8")
    assert folder(str(tmp_path)).fingerprint != first


# --- the product ---


def test_the_rules_give_a_copy_with_the_status_of_its_passages() -> None:
    system = open_system("rules", [])
    assert system.fingerprint.startswith("rules@")
    made = system.rewrite(Sample("a", "Cops in Leeds nabbed 12 people on Friday, lol.", ""))
    assert made.copy == "Police in Leeds arrested 12 people on Friday."
    assert made.parts == (Part("repaired", "Cops in Leeds nabbed 12 people on Friday, lol.", made.copy),)
    with pytest.raises(RefusedError, match="refused: the article does not read as English"):
        system.rewrite(Sample("f", FRENCH, ""))
    system.close()


# --- checkpoints ---


@pytest.mark.parametrize("build", [llama, t5], ids=["causal", "encoder-decoder"])
def test_a_checkpoint_rewrites_passage_by_passage_and_keeps_the_layout(
    build: Callable[[], object], tmp_path: Path
) -> None:
    build().save_pretrained(tmp_path)  # type: ignore[attr-defined]
    save_tokenizer(tmp_path)
    system = open_system(f"checkpoint:{tmp_path}", [])
    one = system.rewrite(Sample("a", SOURCES[1], "")).copy
    both = system.rewrite(Sample("b", f"- {SOURCES[1]}\n- {SOURCES[1]}\n", "")).copy
    assert one
    assert both == f"- {one}\n- {one}\n"
    assert system.fingerprint.startswith(f"{tmp_path.name}/wire.v1@")


def test_a_passage_that_is_too_long_for_a_checkpoint_is_refused_whole(tmp_path: Path) -> None:
    llama().save_pretrained(tmp_path)
    save_tokenizer(tmp_path)
    system = CheckpointSystem("tiny", tmp_path, "zero_shot.v1")
    with pytest.raises(WrongAnswerError, match=r"a passage has \d+ tokens, the checkpoint reads \d+"):
        system.rewrite(Sample("a", "mayor " * 500, ""))


def test_a_checkpoint_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailableError, match="no model can be loaded"):
        open_system(f"checkpoint:{tmp_path}", [])


# --- endpoints ---


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "*")


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """Serve one answer to everything, and give the address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            self.send_response(status)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Keep the output of the tests clean."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/rewrite"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_the_product_over_http_is_a_system(checker: Checker) -> None:
    generator = ScriptedGenerator("It rained 9 mm on Monday.")
    with served(create_app(lambda: desk_with(checker, generator), load_settings())) as client:
        wait_until(lambda: ready(client))
        url = f"{client.base_url}/v1/rewrite"
        system = open_system(url, [])
        made = system.rewrite(Sample("a", "lol it rained 9 mm on Monday", ""))
        assert made.parts == (Part(made.parts[0].status, "lol it rained 9 mm on Monday", made.copy),)
        with pytest.raises(RefusedError, match="does not read as English"):
            system.rewrite(Sample("f", FRENCH, ""))
        assert system.fingerprint.startswith(f"{url}@")
        assert open_system(f"http:{url.removeprefix('http:')}", []).fingerprint == system.fingerprint


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        pytest.param(200, b"<html>", "no JSON in UTF-8", id="no JSON"),
        pytest.param(200, b"\xff", "no JSON in UTF-8", id="no text"),
        pytest.param(200, b'["copy"]', 'an object with the text "copy" was expected', id="a list"),
        pytest.param(200, b'{"copy": 7}', 'an object with the text "copy" was expected', id="a figure"),
        pytest.param(200, b'{"copy": "x", "passages": {}}', '"passages" is no list', id="passages"),
        pytest.param(200, b'{"copy": "x", "passages": [{"status": "kept"}]}', "a passage needs", id="half a passage"),
        pytest.param(500, b'{"detail": "out of memory"}', "status 500: out of memory", id="failed"),
        pytest.param(503, b"", "status 503: Service Unavailable", id="busy"),
    ],
)
def test_a_wrong_answer_is_told(status: int, body: bytes, reason: str) -> None:
    with answering(status, body) as url, pytest.raises(WrongAnswerError) as caught:
        Endpoint("http:x", url).rewrite(RAIN)
    assert str(caught.value).startswith(f"answered wrongly: {reason}")


def test_an_answer_without_passages_is_a_copy() -> None:
    with answering(200, json.dumps({"copy": "It rained."}).encode()) as url:
        assert Endpoint("http:x", url).rewrite(RAIN) == Output("It rained.")


def test_a_system_that_is_not_there_is_told() -> None:
    with answering(200, b"") as url:
        pass
    with pytest.raises(WrongAnswerError, match="cannot be reached"):
        Endpoint("http:x", url).rewrite(RAIN)


@pytest.mark.parametrize("url", ["localhost:8017", "file:///etc/passwd", "http:/v1/rewrite", ""])
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="is no address of the web"):
        Endpoint("http:x", url)
