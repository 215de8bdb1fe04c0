"""Pictures of the review page for the documentation: its three pages, light and dark.

    python bench/screenshots.py [--width PIXELS] [--folder FOLDER]

Cleans the samples in raw/ with `cleancopy run --report` into a temporary folder and takes the pictures in Chromium,
from the file system, into docs/review/.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright
from report import chromium

from flows.review.digest import key_of

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT: Final = Path(__file__).resolve().parents[1]
SHOWN: Final = "pages/goat-steps.html"
"""The sample whose page is shown."""
SIZE: Final = (1280, 860)


def report_of_samples(folder: Path) -> Path:
    """The report of the samples, made in a folder."""
    environment = {**os.environ, "PREFECT_HOME": str(folder / "prefect"), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", "flows.cli", "run", "raw", str(folder / "clean"), "--report"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return folder / "clean" / "_review"


def taken(page: Page, site: Path) -> Iterator[str]:
    """Open the three pages one after the other; the name of each, as soon as it can be taken."""
    page.goto((site / "index.html").as_uri())
    yield "overview"
    page.goto((site / "documents.html").as_uri())
    page.wait_for_selector("#list tbody tr:nth-child(20)")
    yield "documents"
    page.goto((site / "documents" / f"{key_of(SHOWN)}.html").as_uri())
    page.click(".stop.t-title .tag")
    page.evaluate("scrollTo(0, 0)")
    yield "document"


def main() -> None:
    """Take the pictures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--width", type=int, default=SIZE[0], help=f"of the window, in pixels (default: {SIZE[0]})")
    options.add_argument("--folder", type=Path, default=ROOT / "docs" / "review", help="where the pictures go")
    asked = options.parse_args()
    program = chromium()
    if program is None:
        sys.exit("There is no Chromium on this machine: apt-get install chromium")
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cleancopy-screenshots-") as folder, sync_playwright() as playwright:
        site = report_of_samples(Path(folder))
        browser = playwright.chromium.launch(executable_path=program)
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": asked.width, "height": SIZE[1]}, color_scheme=scheme)
            for name in taken(page, site):
                picture = asked.folder / f"{name}-{scheme}.png"
                page.screenshot(path=picture)
                print(f"{picture}: {picture.stat().st_size / 1000:.0f} KB")
        browser.close()


if __name__ == "__main__":
    main()
