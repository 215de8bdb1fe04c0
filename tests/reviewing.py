"""Review pages for tests: folders cleaned with a catalog and without Prefect, and a browser to look at their report."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from flows.books import keeping
from flows.cleaning import Job, clean_job, set_aside
from flows.preparing import prepare
from flows.reading import find_documents
from flows.review.digest import key_of

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")

needs_chromium = pytest.mark.skipif(
    CHROMIUM is None, reason="there is no Chromium on this machine: apt-get install chromium"
)


def run(raw: Path, clean: Path, **options: Any) -> None:
    """What a run of the flow does, its catalog included, without Prefect."""
    prepared = prepare(raw, clean, **options)
    with keeping(str(raw), prepared.settings) as books:
        found = find_documents(raw, clean=clean)
        problems = books.enter(found, force=False)
        for problem, place in problems:
            set_aside(prepared.settings, place, problem)
        books.record_unopened(problems)
        for first, last, _ in books.parts(10_000, 1 << 30):
            documents, given = books.part(first, last)
            books.record([clean_job(prepared.settings, Job(each, given[each.source])) for each in documents])
        books.strike_gone(found)
        books.close(found, 1.0)


def page_of(clean: Path, source: str) -> Path:
    """The page of a document in the report of a folder."""
    return clean / "_review/documents" / f"{key_of(source)}.html"


class Visit:
    """A tab of the browser that notes what must not happen: errors, and requests for anything but files."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda said: self.errors.append(said.text) if said.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))

    def open(self, path: Path, fragment: str = "") -> Page:
        """Open a page from the file system."""
        self.page.goto(path.as_uri() + fragment)
        return self.page

    def check(self, site: Path) -> None:
        """Nothing went wrong, and nothing but files of the site was asked for."""
        assert self.errors == []
        outside = [
            url for url in self.requests if not url.startswith((site.as_uri(), "data:", "blob:null/", "blob:file:"))
        ]
        assert outside == []


@contextmanager
def browser() -> Iterator[Any]:
    """A headless Chromium, the one of the system."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (where there is no browser it is not needed)

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM)
        try:
            yield started
        finally:
            started.close()


@contextmanager
def visiting(context: BrowserContext) -> Iterator[Visit]:
    """A new tab."""
    page = context.new_page()
    try:
        yield Visit(page)
    finally:
        page.close()


def until(page: Page, expression: str, seconds: float = 20) -> None:
    """Wait until a JavaScript expression holds. The way of Playwright needs `eval`, which the policy forbids."""
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < end, f"it never came about that {expression}"
        page.wait_for_timeout(50)
