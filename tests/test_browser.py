"""The web page as its readers meet it: in a browser, on the real service."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import ConsoleMessage, Error, Page, Request, expect, sync_playwright

from service.api import create_app
from service.certified import read_document
from service.checking import Checker
from service.generation import Candidate
from service.settings import Settings
from service.verifying import verify
from tests.scripted import ScriptedGenerator, wait_until
from tests.served import desk_with, ready, served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="the page is tested in Chromium, and there is none here")

# On a busy machine the browser takes its time.
expect.set_options(timeout=30_000)
# Without these the browser looks for its maker's hosts.
QUIET = ["--disable-quic", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
CASUAL, WIRE = "So the mayor 🎉 just axed 40 bus routes.", "The mayor cut 40 bus routes."
DOUBTFUL = "Why did you lose nine cars, Marta?"
BENT, LOST = "That ferry, which lost nine cars, is toast.", "The ferry lost 12 cars."
HELD = "The harbor board met on Tuesday."


class HeldGenerator(ScriptedGenerator):
    """Holds back, or fails, only the runs that have ``HELD`` in them."""

    def generate(self, sources: Sequence[str], *, count: int, seed: int) -> list[tuple[Candidate, ...]]:
        if HELD in sources:
            return super().generate(sources, count=count, seed=seed)
        answers = {CASUAL: WIRE, DOUBTFUL: "Marta lost 12 cars.", BENT: LOST}
        return [(Candidate(text=answers.get(source, source), score=0.0),) for source in sources]


@pytest.fixture(scope="module")
def generator() -> HeldGenerator:
    return HeldGenerator()


@pytest.fixture(scope="module")
def address(checker: Checker, generator: HeldGenerator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    settings = Settings(max_article_characters=5_000, batch_folder=tmp_path_factory.mktemp("batches"))
    with served(create_app(lambda: desk_with(checker, generator), settings)) as client:
        wait_until(lambda: ready(client) and client.get("/v1/batches").status_code == 200)
        yield str(client.base_url)
        generator.free.set()


@pytest.fixture(scope="module")
def tab() -> Iterator[Page]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser.new_context(permissions=["clipboard-read", "clipboard-write"]).new_page()
        browser.close()


@pytest.fixture
def page(tab: Page, address: str) -> Iterator[Page]:
    """Open the page; whatever it does, it asks nobody but the service and the browser has nothing to complain of."""
    complaints: list[str] = []
    asked: set[str] = set()

    def on_error(error: Error) -> None:
        complaints.append(str(error))

    def on_console(message: ConsoleMessage) -> None:
        # An error status, or no reply at all, is no complaint of the browser's: the page shows it.
        if not message.text.startswith("Failed to load resource: "):
            complaints.append(message.text)

    def on_request(request: Request) -> None:
        asked.add(re.sub(r"(?<=\d)/.*", "", request.url))

    tab.on("pageerror", on_error)
    tab.on("console", on_console)
    tab.on("request", on_request)
    tab.set_viewport_size({"width": 1_000, "height": 800})
    tab.goto(address)
    expect(tab.get_by_label("House style")).to_have_value("ap")
    yield tab
    tab.remove_listener("pageerror", on_error)
    tab.remove_listener("console", on_console)
    tab.remove_listener("request", on_request)
    assert complaints == []
    assert {url for url in asked if not url.startswith("blob:")} == {address.rstrip("/")}


def rewrite(page: Page, *paragraphs: str) -> None:
    page.get_by_label("The article as filed").fill("\n\n".join(paragraphs))
    page.get_by_role("button", name="Rewrite").click()


def check(page: Page, source: str, copy: str) -> None:
    page.get_by_label("Check a rewrite of any origin").check()
    page.get_by_label("The article as filed").fill(source)
    page.get_by_label("Its rewrite").fill(copy)
    page.get_by_role("button", name="Check").click()


def status(page: Page, words: str) -> None:
    expect(page.get_by_role("status")).to_contain_text(words)


def send_file(page: Page, name: str, content: bytes, *, text: str = "text") -> None:
    page.get_by_label("Rewrite a file of articles").check()
    page.get_by_label("The articles").set_input_files({"name": name, "mimeType": "", "buffer": content})
    page.get_by_label("Column of the article").fill(text)
    page.get_by_role("button", name="Send the batch").click()


def lines(*rows: object) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def marked(page: Page) -> list[tuple[str, str]]:
    """The marks that are shown as linked: element around them, and their words."""
    return [
        (piece.evaluate("piece => piece.closest('.sides > div').firstChild.textContent"), piece.inner_text())
        for piece in page.locator(".mark.shown").all()
    ]


def test_style_and_extent_of_the_change_are_chosen(page: Page) -> None:
    page.get_by_label("House style").select_option("BBC News")
    page.get_by_label("Extent").select_option("only faults of style")
    rewrite(page, "The mayor of Riga spoke in the U.S. at 3:15 p.m. on Oct. 3.")
    status(page, "Done. Verified.")
    expect(page.locator("#passages")).to_contain_text("The mayor of Riga spoke in the US at 15:15 on 3 October.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download JSON with certificate").click()
    provenance = json.loads(download.value.path().read_text())["provenance"]
    assert (provenance["style"], provenance["mode"], provenance["model"]) == ("bbc", "fix", "rules")


def test_passages_arrive_one_by_one(page: Page, generator: HeldGenerator) -> None:
    generator.free.clear()
    rewrite(page, CASUAL, HELD)
    status(page, "1 passage done so far")
    expect(page.locator("#passages > li")).to_have_count(1)
    expect(page.locator("#passages")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("button", name="Rewrite")).to_be_disabled()
    generator.free.set()
    status(page, "Done. Verified.")
    expect(page.locator("#passages > li")).to_have_count(2)
    expect(page.locator("#passages")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#summary")).to_have_text("Verified. 2 facts: 2 kept, 0 altered, 0 omitted, 0 unsupported.")


def test_source_and_copy_stand_side_by_side_with_the_words_that_differ(page: Page) -> None:
    rewrite(page, CASUAL)
    status(page, "Done.")
    sides = page.locator(".sides p")
    assert sides.all_inner_texts() == [CASUAL, WIRE]
    # Both at one moment: the page may still be scrolling.
    source, copy = sides.evaluate_all("sides => sides.map((side) => side.getBoundingClientRect().toJSON())")
    assert (source["y"], source["x"] < copy["x"]) == (copy["y"], True)
    assert page.locator(".passage del").all_inner_texts() == ["So the", "🎉 just axed"]
    assert page.locator(".passage ins").all_inner_texts() == ["The", "cut"]
    expect(page.locator(".outcome")).to_have_text("rewritten")


def test_a_fact_is_linked_both_ways_by_mouse(page: Page) -> None:
    rewrite(page, CASUAL)
    status(page, "Done.")
    page.locator(".sides .mark").last.click()
    fact = page.get_by_role("button", name="figure kept: Both say 40 bus routes.")
    expect(fact).to_be_focused()
    expect(fact).to_have_attribute("aria-pressed", "true")
    assert marked(page) == [("Source", "40"), ("Copy", "40")]
    fact.click()
    assert marked(page) == []


def test_a_fact_is_linked_both_ways_by_keyboard(page: Page) -> None:
    rewrite(page, CASUAL)
    status(page, "Done.")
    page.get_by_text("1 fact", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert marked(page) == [("Source", "40"), ("Copy", "40")]
    page.keyboard.press("Escape")
    assert marked(page) == []


def test_the_whole_page_can_be_used_from_the_keyboard(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the copy")).to_be_focused()
    page.get_by_label("The article as filed").focus()
    page.keyboard.insert_text(CASUAL)
    for _ in range(3):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    status(page, "Done. Verified.")


def test_a_passage_that_needs_an_editor_says_so_with_the_rule_that_it_breaks(page: Page) -> None:
    rewrite(page, DOUBTFUL)
    status(page, "Done. Needs an editor")
    expect(page.locator(".outcome")).to_have_text("kept as filed: needs an editor")
    finding = page.get_by_role("button", name="style W10: Copy asks no questions; state what is known.")
    finding.click()
    assert marked(page) == [("Copy", "?")]


def test_what_the_model_would_write_is_shown_with_what_speaks_against_it(page: Page) -> None:
    rewrite(page, BENT)
    status(page, "Done. Needs an editor")
    page.get_by_text("What the model would write").click()
    suggestion = page.locator(".suggestion")
    expect(suggestion).to_contain_text(LOST)
    suggestion.get_by_role("button", name="figure altered").click()
    assert marked(page) == [("Source", "nine"), ("Copy", "12")]


def test_a_rewrite_of_any_origin_is_checked_and_each_verdict_has_its_mark(page: Page) -> None:
    source = "The mayor cut 40 bus routes on Monday. Dana Whitfield left at 5 p.m."
    check(page, source, "The mayor cut 50 bus routes. Dana Whitfield left at 5 p.m. with $3 million.")
    status(page, "Done. Not faithful.")
    marks = {
        (piece.evaluate("piece => piece.className"), piece.inner_text()) for piece in page.locator(".sides .mark").all()
    }
    assert {
        ("mark altered", "40"),
        ("mark altered", "50"),
        ("mark omitted", "Monday"),
        ("mark kept", "Dana Whitfield"),
        ("mark unsupported", "$3 million"),
    } <= marks
    # Where something is wrong the list is open.
    expect(page.get_by_role("button", name="date omitted")).to_be_visible()


def test_changes_and_facts_can_be_hidden(page: Page) -> None:
    rewrite(page, CASUAL)
    status(page, "Done.")
    page.get_by_label("Word changes").uncheck()
    page.get_by_label("Facts").uncheck()
    expect(page.locator(".passage del").first).to_have_css("text-decoration-line", "none")
    expect(page.locator(".passage .mark").first).to_have_css("border-bottom-width", "0px")


def test_the_copy_can_be_taken_away_as_text(page: Page) -> None:
    rewrite(page, CASUAL, HELD)
    status(page, "Done.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download text").click()
    assert (download.value.suggested_filename, download.value.path().read_text(encoding="utf-8")) == (
        "article.copy.txt",
        f"{WIRE}\n\n{HELD}",
    )
    page.get_by_role("button", name="Copy the text").click()
    status(page, "The copy is on the clipboard.")
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{WIRE}\n\n{HELD}"


def test_the_json_that_is_taken_away_can_be_verified(page: Page, checker: Checker) -> None:
    rewrite(page, CASUAL, HELD)
    status(page, "Done.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download JSON with certificate").click()
    content = download.value.path().read_bytes()
    assert download.value.suggested_filename == "article.rewrite.json"
    assert list(json.loads(content)) == ["copy", "status", "passages", "summary", "provenance", "certificate"]
    assert [one.says for one in verify(read_document(content), checker) if not one.same] == []


def test_a_file_is_opened_and_gives_its_name_to_what_is_taken_away(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "bus routes.md"
    file.write_text(CASUAL, encoding="utf-8")
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="open a file").click()
    chooser.value.set_files(file)
    status(page, "bus routes.md is loaded.")
    page.get_by_role("button", name="Rewrite").click()
    status(page, "Done.")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download text").click()
    assert download.value.suggested_filename == "bus routes.copy.txt"


def test_a_file_can_be_dropped(page: Page) -> None:
    data = page.evaluate_handle(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["The board met."], "board.txt"));
            return data;
        }"""
    )
    page.get_by_label("The article as filed").dispatch_event("drop", {"dataTransfer": data})
    expect(page.get_by_label("The article as filed")).to_have_value("The board met.")


def test_a_file_that_is_no_text_is_refused(page: Page) -> None:
    page.locator("#file").set_input_files({"name": "logo.txt", "mimeType": "text/plain", "buffer": b"\x89PNG\xff"})
    expect(page.get_by_role("alert")).to_have_text(
        "This is no text. logo.txt is not text in UTF-8: open a text or Markdown file."
    )


def test_the_example_is_at_hand(page: Page) -> None:
    page.get_by_role("button", name="take an example").click()
    expect(page.get_by_label("The article as filed")).to_have_value(re.compile("Port Ansel"))


def test_what_the_service_refuses_is_told_in_its_words(page: Page) -> None:
    rewrite(page, "a " * 2_501)
    expect(page.get_by_role("alert")).to_contain_text(
        "The article is too long. The article has 5,002 characters, the limit is 5,000: send it in parts."
    )
    expect(page.get_by_role("alert")).to_contain_text(re.compile("Request [0-9a-f]{32}"))
    rewrite(page, CASUAL)
    status(page, "Done.")
    expect(page.locator("#problem")).to_be_hidden()


def test_passages_that_arrived_before_an_error_stay(page: Page, generator: HeldGenerator) -> None:
    generator.failure = RuntimeError("/srv/secret")
    rewrite(page, CASUAL, HELD)
    expect(page.get_by_role("alert")).to_contain_text("Something went wrong here.")
    generator.failure = None
    assert page.locator(".sides p").all_inner_texts() == [CASUAL, WIRE]
    expect(page.get_by_role("button", name="Download text")).to_be_disabled()


def test_a_rewrite_can_be_stopped(page: Page, generator: HeldGenerator) -> None:
    generator.free.clear()
    rewrite(page, CASUAL, HELD)
    status(page, "1 passage done so far")
    page.get_by_role("button", name="Stop").click()
    status(page, "Stopped.")
    generator.free.set()
    expect(page.get_by_role("button", name="Rewrite")).to_be_focused()
    rewrite(page, CASUAL)
    status(page, "Done.")


# --- a file of articles ---


def test_a_file_of_lines_is_rewritten_and_its_results_are_taken_away(page: Page) -> None:
    send_file(page, "Monday.JSONL", lines({"id": "a", "text": CASUAL}, {"id": "b"}, {"id": 3, "text": "x " * 2_501}))
    status(page, "The batch is completed; 2 rows have an error.")
    expect(page.locator("#batch-state")).to_contain_text(
        "Completed: 3 of 3 rows done, 2 with an error. The results are"
    )
    expect(page.get_by_role("progressbar", name="The batch")).to_have_js_property("position", 1)
    assert page.get_by_role("table").get_by_role("row").all_inner_texts() == [
        "Row\tId\tError",
        "2\tb\tText: Field required.",
        "3\t3\tThe article has 5,002 characters, the limit is 5,000: send it in parts.",
    ]
    with page.expect_download() as download:
        page.get_by_role("link", name="Download results").click()
    rows = [json.loads(line) for line in download.value.path().read_text(encoding="utf-8").splitlines()]
    assert ([row["custom_id"] for row in rows], rows[0]["copy"]) == (["a", "b", 3], WIRE)
    assert download.value.suggested_filename.endswith(".jsonl")


def test_a_table_is_dropped_and_its_columns_are_named(page: Page) -> None:
    page.get_by_label("Rewrite a file of articles").check()
    data = page.evaluate_handle(
        """(text) => {
            const data = new DataTransfer();
            data.items.add(new File([text], "week.csv"));
            return data;
        }""",
        f'nr,body\n7,"{CASUAL}"\n8,{WIRE}\n',
    )
    page.locator("#batch-field").dispatch_event("drop", {"dataTransfer": data})
    status(page, "week.csv is chosen.")
    page.get_by_label("Column of the article").fill("body")
    page.get_by_label("Column of the id").fill("nr")
    page.get_by_role("button", name="Send the batch").click()
    status(page, "The batch is completed; 0 rows have an error.")
    expect(page.locator("#batch-errors")).to_be_hidden()
    href = page.get_by_role("link", name="Download results").get_attribute("href")
    found = page.evaluate("async (address) => (await fetch(address)).text()", href)
    assert [(row["custom_id"], row["copy"]) for row in map(json.loads, found.splitlines())] == [
        ("7", WIRE),
        ("8", WIRE),
    ]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        pytest.param(
            "news.xlsx", b"PK", "This is no batch. news.xlsx is neither JSON Lines nor CSV by its name", id="a workbook"
        ),
        pytest.param("news.jsonl", b"\n", "The batch is empty. The batch has no row", id="empty"),
        pytest.param(
            "news.csv",
            b"id,body\n1,Hello.\n",
            "The batch cannot be read. There is no column 'text', only id, body: name the one "
            "of the text as the text column.",
            id="another column",
        ),
    ],
)
def test_what_is_no_batch_is_told(page: Page, name: str, content: bytes, told: str) -> None:
    send_file(page, name, content)
    expect(page.get_by_role("alert")).to_contain_text(told)
    expect(page.get_by_role("button", name="Send the batch")).to_be_enabled()


def test_a_batch_is_cancelled_and_its_reader_may_leave_and_come_back(page: Page, generator: HeldGenerator) -> None:
    generator.free.clear()
    rows = [{"id": number, "text": CASUAL} for number in range(16)]
    send_file(page, "news.jsonl", lines(*rows, {"id": "held", "text": HELD}))
    state = page.locator("#batch-state")
    expect(state).to_have_text("Under way: 16 of 17 rows done, 0 with an error.")
    expect(page.get_by_role("progressbar")).to_have_js_property("value", 16)
    expect(page.get_by_role("link", name="Download results")).to_be_hidden()
    page.reload()
    expect(state).to_have_text("Under way: 16 of 17 rows done, 0 with an error.")
    page.get_by_role("button", name="Cancel the batch").click()
    generator.free.set()
    expect(state).to_contain_text("Cancelled: 16 of 17 rows done, 0 with an error.")
    expect(page.get_by_role("button", name="Cancel the batch")).to_be_hidden()
    expect(page.get_by_role("link", name="Download results")).to_be_visible()


def test_a_batch_that_is_gone_is_told(page: Page, address: str) -> None:
    page.goto(f"{address}?batch=none")
    expect(page.get_by_role("alert")).to_contain_text("There is no such batch.")


def test_a_batch_is_watched_through_a_break_of_the_connection(page: Page, generator: HeldGenerator) -> None:
    generator.free.clear()
    send_file(page, "news.jsonl", lines({"text": HELD}))
    state = page.locator("#batch-state")
    expect(state).to_contain_text("0 of 1 row done")
    page.route("**/v1/batches/*", lambda route: route.abort())
    status(page, "The service does not answer now; it is asked again")
    generator.free.set()
    page.unroute("**/v1/batches/*")
    status(page, "The batch is completed; 0 rows have an error.")


def test_more_errors_than_anybody_reads_are_counted(page: Page) -> None:
    send_file(page, "news.jsonl", lines(*[{"id": number} for number in range(300)]))
    status(page, "The batch is completed; 300 rows have an error.")
    expect(page.locator("#batch-rows tr")).to_have_count(200)
    expect(page.locator("#batch-more")).to_have_text("100 more are in the results.")


def test_a_batch_needs_no_mouse(page: Page) -> None:
    page.get_by_label("Rewrite an article").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Rewrite a file of articles")).to_be_checked()
    page.keyboard.press("Tab")
    expect(page.get_by_label("The articles")).to_be_focused()
    page.get_by_label("The articles").set_input_files(
        {"name": "a.jsonl", "mimeType": "", "buffer": lines({"text": WIRE})}
    )
    for _ in range(3):
        page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Send the batch")).to_be_focused()
    page.keyboard.press("Enter")
    status(page, "The batch is completed; 0 rows have an error.")


# --- for everybody ---


def test_html_in_an_article_is_text(page: Page) -> None:
    source = 'The mayor said <img src=x onerror="alert(1)"> on Monday.'
    check(page, source, source)
    status(page, "Done.")
    assert page.locator(".sides p").all_inner_texts() == [source, source]


@pytest.mark.parametrize("width", [pytest.param(380, id="telephone"), pytest.param(1_000, id="desk")])
def test_nothing_sticks_out(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    rewrite(page, CASUAL, "A" * 200, DOUBTFUL)
    status(page, "Done.")
    send_file(page, "news.jsonl", lines({"id": "A" * 200, "text": ""}))
    status(page, "The batch is completed")
    assert page.evaluate("() => document.documentElement.scrollWidth") == width


def test_light_and_dark_are_the_readers_choice(page: Page) -> None:
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        colours.append(page.evaluate("() => getComputedStyle(document.body).backgroundColor"))
    assert colours == ["rgb(251, 250, 248)", "rgb(22, 24, 27)"]


def test_words_are_compared_as_wholes_and_counted_in_characters(page: Page) -> None:
    cases = {
        ("a b c", "a b c"): [[], []],
        ("", "a"): [[], [[0, 1]]],
        ("a 🎉 b c d", "a b x d"): [[[2, 3], [6, 7]], [[4, 5]]],
        ("He can't go.", "He cannot go."): [[[3, 8]], [[3, 9]]],
        ("a b  c", "x y z"): [[[0, 6]], [[0, 5]]],
        ("40,000 left", "40 left"): [[[0, 6]], [[0, 2]]],
        # Too much for a table.
        ("a " * 2_500, "b " * 2_500): [[[0, 4_999]], [[0, 4_999]]],
    }
    found = page.evaluate(
        """async (pairs) => {
            const { diffWords } = await import("/web/diff.js");
            const places = (found) => found.map(({ start, end }) => [start, end]);
            return pairs.map(([source, copy]) => Object.values(diffWords(source, copy)).map(places));
        }""",
        [list(pair) for pair in cases],
    )
    assert found == list(cases.values())
