"""The review page in a real browser: searched, read, stepped through, and what is clicked comes out as TOML."""

from __future__ import annotations

import functools
import shutil
import threading
import tomllib
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from folders import ARTICLE, PROJECT, write
from reviewing import Visit, browser, needs_chromium, page_of, run, until, visiting

from flows.review.report import make_report
from flows.verify import verify

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = needs_chromium

SEEDS = Path(__file__).resolve().parents[2] / "shared" / "seeds" / "raw"
RUNAWAY = "</textarea></script></p><img src=x onerror=\"document.title='gone'\"><svg onload=alert(1)>"
HOSTILE = (
    f"<script>document.title = 'gone'</script> {RUNAWAY}\n\n"
    "[a link](javascript:alert(1)) and <a href=javascript:alert(1) onclick=alert(1)>another</a> stood in it.\n\n"
    "{{ 7*7 }} and {% for x in y %} and {# no comment #} stay as they are in the text of the article.\n\n"
    "]]> <!-- and --> are but signs here, as \u2028 and \u202eevil\u202c are, and &lt;b&gt; is no markup either.\n\n"
    f'ALSO READ: Harbour "museum" {RUNAWAY}\n\n'
    "Mayor Ilse Varga said the first boat would leave before the end of the month.\n"
)
HOSTILE_NAME = "a'\"><script>document.title='gone'<⁄script>{{7*7}}\u202e\n.txt"
PHRASE = "ALSO READ: Harbour museum finds a lost map"


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    with browser() as started:
        yield started.new_context(accept_downloads=True)


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, a hostile document and one that fails, cleaned, with their report."""
    folder = tmp_path_factory.mktemp("review")
    shutil.copytree(PROJECT / "raw", folder / "raw")
    write(folder / "raw", {HOSTILE_NAME: HOSTILE, "velm.txt": ARTICLE, "empty.txt": ""})
    (folder / "raw/caf\udce9.txt").write_text(ARTICLE)
    run(folder / "raw", folder / "clean")
    make_report(folder / "clean")
    return folder / "clean"


@pytest.fixture
def visit(context: BrowserContext, clean: Path) -> Iterator[Visit]:
    """A tab; at the end nothing may have gone wrong in it, and no request may have left the site."""
    with visiting(context) as tab:
        yield tab
        tab.page.evaluate("localStorage.clear()")
        tab.check(clean / "_review")


def shown_sources(page: Page) -> list[str]:
    """The sources of the rows that the list shows, once it shows all of them."""
    until(
        page,
        "document.querySelectorAll('#list tbody tr').length === parseInt(document.querySelector('#found').textContent)",
    )
    return page.eval_on_selector_all(
        "#list tbody tr",
        "rows => rows.map(row => (row.querySelector('.below:not(.reason)') || row.querySelector('bdi')).textContent)",
    )


def toml_of(page: Page) -> dict[str, Any]:
    return tomllib.loads(page.input_value("#corrections-toml"))


# Overview and list


def test_the_overview_leads_to_the_list_and_from_there_to_a_document(visit: Visit, clean: Path) -> None:
    page = visit.open(clean / "_review/index.html")
    page.click("text=By noise type >> xpath=.. >> text=related")
    page.wait_for_url("**/documents.html*")
    assert len(shown_sources(page)) > 10
    assert page.input_value("#noise") == "related"
    page.click("#list tbody a >> nth=0")
    page.wait_for_url("**/documents/*")
    assert page.locator("#text .t-related").count() > 0


def test_the_list_is_searched_filtered_and_sorted(visit: Visit, clean: Path) -> None:
    page = visit.open(clean / "_review/documents.html")
    everything = shown_sources(page)
    assert len(everything) == 28
    assert page.inner_text("#found") == "28 of 28 documents"
    for words in ("HARBOUR lights", "hárbour-lîghts"):
        page.fill("#q", words)
        assert shown_sources(page) == ["harbour-lights.txt"]
    page.fill("#q", "")
    page.select_option("#site", "kelder-sound.example")
    assert shown_sources(page) == ["pages/orrelby-exchange.html"]
    page.select_option("#site", "")
    page.select_option("#state", "failed")
    assert shown_sources(page) == ["empty.txt"]
    assert "no page" in page.inner_text("#list tbody")
    assert "the file is empty" in page.inner_text("#list tbody")
    page.select_option("#state", "")
    page.select_option("#noise", "donation")
    assert 0 < len(shown_sources(page)) < 5
    page.click("text=Clear")
    page.fill("#least", "35")
    assert 0 < len(shown_sources(page)) < 10
    page.fill("#least", "")
    page.click("[data-sort=words]")
    numbers = [
        int(text.replace(",", "")) for text in page.locator("#list tbody td:nth-child(5)").all_inner_texts()[:-1]
    ]
    assert numbers == sorted(numbers, reverse=True)
    assert page.get_attribute("th:has([data-sort=words])", "aria-sort") == "descending"


def test_a_filtered_list_can_be_linked_to(visit: Visit, clean: Path) -> None:
    page = visit.open(clean / "_review/documents.html", "#q=goats&state=clean")
    assert page.input_value("#q") == "goats"
    assert shown_sources(page) == ["pages/goat-steps.html"]


def test_the_site_works_from_a_web_server_too(context: BrowserContext, clean: Path) -> None:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(clean / "_review")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with visiting(context) as tab:
            address = f"http://127.0.0.1:{server.server_port}/"
            tab.page.goto(f"{address}documents.html")
            assert len(shown_sources(tab.page)) == 28
            assert tab.errors == []
            assert all(url.startswith((address, "data:")) for url in tab.requests)
    finally:
        server.shutdown()
        server.server_close()


# One document


def test_source_and_clean_text_stand_side_by_side_row_by_row(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, "harbour-lights.txt"))
    rows = page.locator("#text .row").all()
    for row in rows:
        left, right = row.locator(".src").bounding_box(), row.locator(".cln").bounding_box()
        assert left is not None
        assert right is not None
        assert left["y"] == right["y"]
        assert left["x"] + left["width"] < right["x"]
    texts = page.eval_on_selector_all("#text .cln", "cells => cells.map(cell => cell.textContent).filter(Boolean)")
    assert "\n\n".join(texts) + "\n" == (clean / "harbour-lights.txt").read_text()


def test_a_noise_type_can_be_put_back_and_taken_out_again(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, "velm.txt"))
    without = page.inner_text("#text .row:nth-child(2) .cln")
    page.uncheck("[data-toggle=related]")
    assert page.inner_text("#text .row:nth-child(2) .cln") == PHRASE
    page.check("[data-toggle=related]")
    assert page.inner_text("#text .row:nth-child(2) .cln") == without == ""


def test_the_clean_text_alone_can_be_shown_with_what_was_put_back(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, "velm.txt"))
    page.check("[name=view][value=clean]")
    shown = page.locator("#text p").filter(visible=True)
    assert shown.all_inner_texts() == (clean / "velm.txt").read_text().strip().split("\n\n")
    page.uncheck("[data-toggle=related]")
    assert shown.all_inner_texts()[1] == PHRASE


def test_a_repair_can_be_undone_and_its_text_is_that_of_the_source(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, "ridge-race.txt"))
    raw = (PROJECT / "raw/ridge-race.txt").read_text()
    fix = page.locator(".repaired .fix").first
    assert (fix.get_attribute("data-source") or "") in raw
    slot = page.locator(f".slot[data-e='{fix.get_attribute('data-e')}']")
    repaired = slot.text_content()
    page.uncheck("[data-toggle=repair]")
    assert slot.text_content() == fix.get_attribute("data-source") != repaired


def test_keys_step_from_removal_to_removal_and_from_document_to_document(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, "velm.txt"))
    page.keyboard.press("j")
    assert page.url.endswith("#e0")
    assert "related.also-read.en" in page.inner_text("#selected")
    assert "related.title" in page.inner_text("#selected")
    assert page.inner_text("#where") == "1 of 1"
    page.keyboard.press("?")
    assert page.is_visible("#keys")
    page.keyboard.press("n")  # the help has the keys now
    page.keyboard.press("Escape")
    assert page.url.endswith("#e0")
    here = page.url.partition("#")[0]
    page.keyboard.press("n")
    page.wait_for_url(lambda url: not url.startswith(here))
    page.keyboard.press("p")
    page.wait_for_url(lambda url: url.startswith(here))


def test_keys_of_a_field_are_no_commands(visit: Visit, clean: Path) -> None:
    page = visit.open(clean / "_review/documents.html")
    page.keyboard.press("/")
    page.keyboard.type("cnjp")
    assert page.input_value("#q") == "cnjp"
    assert not page.is_visible("#corrections")


def test_a_link_leads_to_its_removal_also_outside_of_the_article(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, "pages/goat-steps.html"))
    assert not page.locator("details.outside[open]").count()
    anchor = page.eval_on_selector("details.outside .stop del", "each => each.id")
    page.goto("about:blank")
    visit.open(page_of(clean, "pages/goat-steps.html"), f"#{anchor}")
    assert page.locator(f"#{anchor}").is_visible()
    assert page.locator(f".stop.selected #{anchor}").count() == 1
    page.keyboard.press("j")
    assert not page.url.endswith(f"#{anchor}")
    page.keyboard.press("k")
    assert page.url.endswith(f"#{anchor}")


def test_removals_of_pages_name_their_xpath(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, "pages/goat-steps.html"))
    page.click(".stop.t-caption .tag")
    assert "/html/body/" in page.inner_text("#selected")


def test_texts_that_run_from_right_to_left_are_shown_so(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, "suq-al-warraqin.txt"))
    assert page.eval_on_selector(".row:not(:has(.stop)) .cln", "each => getComputedStyle(each).direction") == "rtl"
    assert page.eval_on_selector("body", "each => getComputedStyle(each).direction") == "ltr"


@pytest.mark.parametrize("name", ["index.html", "documents.html", "velm", "pages"])
def test_nothing_is_wider_than_a_small_screen(name: str, visit: Visit, clean: Path) -> None:
    paths = {"velm": page_of(clean, "velm.txt"), "pages": page_of(clean, "pages/goat-steps.html")}
    visit.page.set_viewport_size({"width": 375, "height": 800})
    page = visit.open(paths.get(name, clean / "_review" / name))
    page.keyboard.press("j")
    assert page.evaluate("document.documentElement.scrollWidth") <= 375


def test_the_theme_follows_the_system_and_can_be_set(visit: Visit, clean: Path) -> None:
    def paper() -> Any:
        return visit.page.evaluate("getComputedStyle(document.body).backgroundColor")

    visit.page.emulate_media(color_scheme="light")
    page = visit.open(clean / "_review/index.html")
    light = paper()
    page.emulate_media(color_scheme="dark")
    assert paper() != light
    page.click("#theme")
    assert page.inner_text("#theme-name") == "light"
    assert paper() == light
    page.click("nav >> text=Documents")
    page.wait_for_url("**/documents.html*")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"


# Corrections


def test_what_is_clicked_comes_out_as_toml_over_all_documents(visit: Visit, clean: Path, tmp_path: Path) -> None:
    page = visit.open(page_of(clean, "velm.txt"))
    page.keyboard.press("j")
    page.check("[name=rule]")
    page.click("#say")
    assert page.inner_text("#selected .said") == "Noted: keep this"
    visit.open(page_of(clean, "pages/goat-steps.html"))
    page.hover("#text .row:has(.flag)")
    page.click("#text .flag >> nth=0")
    page.select_option("#type", "caption")
    page.check("[name=scope][value=site]")
    page.click("#say")
    row = page.locator("#text .row.selected .cln").inner_text()
    page.click("#open-corrections")
    with page.expect_download() as started:
        page.click("#download-corrections")
    started.value.save_as(tmp_path / "overrides.toml")
    assert started.value.suggested_filename == "overrides.toml"
    assert tomllib.loads((tmp_path / "overrides.toml").read_text()) == {
        "keep": [{"document": "velm.txt", "text": PHRASE, "rule": "related.also-read.en"}],
        "noise": [{"site": "brindlemarsh.example.org", "phrase": row, "type": "caption"}],
    }
    assert (tmp_path / "overrides.toml").read_text() == page.input_value("#corrections-toml")
    # The same folder, cleaned again with what was clicked.
    again = tmp_path / "again"
    run(clean.parent / "raw", again, overrides=tmp_path / "overrides.toml")
    assert PHRASE not in (clean / "velm.txt").read_text()
    assert PHRASE in (again / "velm.txt").read_text()
    assert row in (clean / "pages/goat-steps.txt").read_text()
    assert row not in (again / "pages/goat-steps.txt").read_text()
    assert verify(again).problems == []


def test_a_correction_for_a_language_names_the_phrase(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, "velm.txt"))
    page.keyboard.press("j")
    page.check("[name=scope][value=language]")
    page.click("#say")
    page.click("#open-corrections")
    assert toml_of(page) == {"keep": [{"language": "en", "phrase": PHRASE}]}


def test_a_block_of_a_text_that_stayed_can_be_called_noise(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, "velm.txt"))
    page.focus("#text .flag >> nth=1")
    page.keyboard.press("Enter")
    page.click("#say")  # says nothing before a noise type is chosen
    assert page.inner_text("#corrections-count") == "0"
    page.select_option("#type", "prompt")
    page.click("#say")
    page.click("#open-corrections")
    assert toml_of(page) == {
        "noise": [{"document": "velm.txt", "text": ARTICLE.split("\n\n")[2].strip(), "type": "prompt"}]
    }


def test_corrections_can_be_undone_removed_and_outlast_the_page(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, "velm.txt"))
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.reload()
    assert page.inner_text("#corrections-count") == "1"
    assert page.locator(".stop.noted").count() == 1
    page.keyboard.press("c")
    page.click("#corrections-list button")
    assert page.inner_text("#corrections-count") == "0"
    page.click("#undo-correction")
    assert page.inner_text("#corrections-count") == "1"
    page.click("#clear-corrections")
    assert page.inner_text("#corrections-count") == "0"
    assert page.input_value("#corrections-toml") == ""
    page.click("#undo-correction")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.inner_text("#corrections-count") == "0"


def test_where_storage_is_refused_corrections_last_as_long_as_the_page(context: BrowserContext, clean: Path) -> None:
    with visiting(context) as tab:
        tab.page.add_init_script(
            "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError'); } })"
        )
        page = tab.open(page_of(clean, "velm.txt"))
        page.keyboard.press("j")
        page.keyboard.press("x")
        page.keyboard.press("c")
        assert toml_of(page)["keep"][0]["text"] == PHRASE
        assert "refuses storage" in page.inner_text("#corrections-kept")
        tab.check(clean / "_review")


def test_a_file_name_that_toml_cannot_hold_is_not_offered(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, "caf\udce9.txt"))
    page.keyboard.press("j")
    scopes = page.eval_on_selector_all("[name=scope]", "each => each.map(one => one.value)")
    assert scopes == ["language"]


# Hostile content


def test_hostile_content_and_names_are_but_text(visit: Visit, clean: Path) -> None:
    page = visit.open(page_of(clean, HOSTILE_NAME))
    said = page.locator("#text").text_content() or ""
    for piece in ("<script>document.title = 'gone'</script>", "{{ 7*7 }}", "{% for x in y %}", "]]> <!--", "&lt;b&gt;"):
        assert piece in said
    assert RUNAWAY in said
    assert "49" not in said
    assert page.locator("main script, main img, main svg, main a[href^='javascript:'], main [onclick]").count() == 0
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.click("#open-corrections")
    correction = toml_of(page)["keep"][0]
    assert correction["document"] == HOSTILE_NAME
    assert " ".join(HOSTILE.split()).count(correction["text"]) == 1
    assert page.locator("#corrections script, #corrections img, #corrections svg").count() == 0
    visit.open(clean / "_review/documents.html")
    page.fill("#q", "gone")
    assert len(shown_sources(page)) == 1
    assert page.locator("main script, main img").count() == 0
    assert page.title() != "gone"


def test_the_policy_blocks_a_script_that_gets_in_all_the_same(context: BrowserContext, clean: Path) -> None:
    failures: list[str | None] = []
    with visiting(context) as tab:
        tab.page.on("requestfailed", lambda request: failures.append(request.failure))
        for name in ("index.html", "documents.html"):
            page = tab.open(clean / "_review" / name)
            page.evaluate(
                """() => {
                    const script = document.createElement("script");
                    script.textContent = "window.injected = true";
                    document.body.append(script);
                    const image = document.createElement("img");
                    image.setAttribute("onerror", "window.injected = true");
                    image.src = "data:,";
                    document.body.append(image);
                    const far = document.createElement("script");
                    far.src = "https://velm.example/x.js";
                    document.body.append(far);
                }"""
            )
            page.wait_for_timeout(200)
            assert page.evaluate("window.injected") is None
        blocked = [text for text in tab.errors if "Content Security Policy" in text]
        assert len(blocked) == 6
        assert failures == ["csp", "csp"]


# For everybody


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["index.html", "documents.html", "pages/goat-steps.html", "corrections"])
def test_axe_finds_nothing_serious(name: str, scheme: Any, context: BrowserContext, clean: Path) -> None:
    with visiting(context) as tab:
        tab.page.emulate_media(color_scheme=scheme)
        if name in ("index.html", "documents.html"):
            page = tab.open(clean / "_review" / name)
        else:
            page = tab.open(page_of(clean, "velm.txt" if name == "corrections" else name))
            page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true; })")
            page.keyboard.press("j")
        if name == "corrections":
            page.keyboard.press("x")
            page.keyboard.press("c")
        # The policy lets no script in; what the driver evaluates is not bound by it.
        page.evaluate(AXE_FILE_PATH.read_text())
        # Nothing but colours is other in the dark.
        rules = ["color-contrast", "link-in-text-block"] if scheme == "dark" else []
        found = page.evaluate(
            "rules => axe.run({ resultTypes: ['violations'], ...(rules.length ? { runOnly: rules } : {}) })", rules
        )
        page.evaluate("localStorage.clear()")
    assert "color-contrast" in {each["id"] for each in found["passes"]}
    assert [
        (each["id"], node["html"][:200], node["failureSummary"])
        for each in found["violations"]
        for node in each["nodes"]
        if each["impact"] in ("serious", "critical")
    ] == []


# The seeds


@pytest.mark.skipif(not SEEDS.is_dir(), reason=f"the seeds are not here: {SEEDS}")
def test_the_report_of_the_seeds_shows_their_noise(context: BrowserContext, tmp_path: Path) -> None:
    run(SEEDS, tmp_path / "clean")
    made = make_report(tmp_path / "clean")
    assert (made.documents, made.pages, made.broken) == (5, 5, 0)
    with visiting(context) as tab:
        page = tab.open(tmp_path / "clean/_review/documents.html")
        page.select_option("#noise", "donation")
        (source,) = shown_sources(page)
        page.click("#list tbody a")
        page.wait_for_url("**/documents/*")
        page.uncheck("[data-toggle=donation]")
        back = page.locator(".slot.back:not(:empty)").all_inner_texts()
        assert all(" ".join(text.split()) in " ".join((SEEDS / source).read_text().split()) for text in back)
        assert any("$" in text for text in back)
        tab.check(tmp_path / "clean/_review")
