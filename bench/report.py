"""The review page at scale: what it costs beside the run that cleaned the documents, and how fast its list answers.

    python bench/report.py [--documents N] [--seed N] [--check]

Makes N documents (10,000 unless told) from a seed in a temporary folder, half of them texts of 5 to 20 KB and half
pages of 40 to 120 KB, as bench/scale.py does; runs the flow over a tenth of them and over all of them, and makes the
report of each in a process of its own, with as many workers as there are processors.

time: seconds of the report beside those of the call of the flow, Prefect's own start left out; and beside that the same
of processor time, which other work on the machine disturbs less.

memory: the most that the processes of the report held at once (RSS, ten times a second).

keystroke: the list of documents is opened in Chromium from the file system, words are typed into its search, and the
time from each key press until the next frame is drawn is taken. What is asked for holds for 19 keys of 20: on a busy
machine any of them may have to wait for a processor. Skipped, and said so, where there is no Chromium.

With TMPDIR=/dev/shm the disk is left out. Linux only, for /proc.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from authors import Author, Corpus, written
from quality import Asked
from scale import FlowTimes, Peak, flow_times, note_memory, processor_seconds

from flows.review.report import make_report

TIME_ASKED: Final = 0.2
"""Seconds of the report as a share of those of the run, at most."""
KEY_ASKED: Final = 100.0
"""Milliseconds from a key press to the next frame, at most."""
MEMORY_ASKED: Final = 1.3
"""Peak memory at ten times the documents, as a multiple, at most."""
TYPED: Final = ("harbour ferry", "0042", "nobody expected", "xyzzy")
_EVERY: Final = 0.1

_KEYS: Final = """
window.keys = [];
document.addEventListener("keydown", () => {
  const pressed = performance.now();
  requestAnimationFrame(() => setTimeout(() => window.keys.push(performance.now() - pressed)));
}, true);
"""


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was made: documents and pages in it, seconds, those of the processor, bytes of the site."""

    documents: int
    pages: int
    seconds: float
    processor: float
    size: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One corpus: its run, its report, and the memory that the report took."""

    run: FlowTimes
    made: Made
    peak: Peak


def report_here(clean: str, result: str) -> None:
    """Make a report in this process and write its figures to the file `result`; for a process of its own."""
    begin, used = time.perf_counter(), processor_seconds()
    report = make_report(Path(clean))
    seconds, processor = time.perf_counter() - begin, processor_seconds() - used
    size = sum(path.stat().st_size for path in report.index.parent.rglob("*") if path.is_file())
    made = Made(report.documents, report.pages, seconds, processor, size)
    Path(result).write_text(json.dumps(asdict(made)), encoding="utf-8")


def reported(clean: Path, result: Path) -> tuple[Made, Peak]:
    """Make the report of a folder in a process of its own, and watch its memory."""
    root = str(Path(__file__).resolve().parents[1])
    process = subprocess.Popen(
        [sys.executable, __file__, "--report", str(clean), str(result)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [root, os.environ.get("PYTHONPATH", "")]))},
    )
    peak = Peak()
    while process.poll() is None:
        note_memory(peak, process.pid, with_pss=False)
        time.sleep(_EVERY)
    if process.returncode:
        sys.exit(f"The report ended with exit code {process.returncode}.")
    return Made(**json.loads(result.read_text(encoding="utf-8"))), peak


def documents(author: Author, folder: Path, count: int) -> Corpus:
    """So many documents, half of them texts and half pages."""
    texts = written(folder / "texts", author.text, count - count // 2, ".txt")
    pages = written(folder / "pages", author.page, count // 2, ".html")
    return Corpus(folder, [*texts.files, *pages.files], texts.size + pages.size)


def measured(author: Author, folder: Path, count: int) -> Measured:
    """Make documents, run the flow over them, make the report."""
    corpus = documents(author, folder / f"raw-{count}", count)
    clean = folder / f"clean-{count}"
    run = flow_times(corpus, clean)
    made, peak = reported(clean, folder / "made.json")
    return Measured(run, made, peak)


def chromium() -> str | None:
    """Where the browser is, if there is one."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def keystrokes(index: Path) -> list[float] | None:
    """Milliseconds from each key that is typed into the search of the list to the next frame; None without Chromium."""
    program = chromium()
    if program is None:
        return None
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (needed only where there is a browser)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program)
        page = browser.new_page()
        page.goto(index.as_uri())
        page.evaluate(_KEYS)
        for words in TYPED:
            page.fill("#q", "")
            page.focus("#q")
            page.keyboard.type(words, delay=150)
        page.wait_for_timeout(500)
        found: list[float] = page.evaluate("window.keys")
        browser.close()
    return found


def figures(count: int, seed: int, folder: Path) -> Iterator[str | Asked]:
    """Everything that is printed: lines, and asked figures."""
    author = Author(seed)
    few, many = (measured(author, folder, each) for each in (max(count // 10, 10), count))
    heads = ("documents", "run (s)", "report (s)", "share", "pages", "site (MB)", "peak memory (MB)")
    yield "".join(f"{head:>18}" for head in heads)
    for each in (few, many):
        made = each.made
        cells = (
            f"{made.documents:,}",
            f"{each.run.call:.1f}",
            f"{made.seconds:.1f}",
            f"{made.seconds / each.run.call:.3f}",
            f"{made.pages:,}",
            f"{made.size / 1e6:.1f}",
            f"{each.peak.rss / 1e6:.0f}",
        )
        yield "".join(f"{cell:>18}" for cell in cells)
    share = many.made.processor / many.run.processor
    yield Asked(
        f"the report beside the run, seconds ({share:.3f} of processor time)",
        many.made.seconds / many.run.call,
        "<=",
        TIME_ASKED,
    )
    yield Asked("peak memory, ten times the documents", many.peak.rss / few.peak.rss, "<=", MEMORY_ASKED)
    keys = keystrokes(folder / f"clean-{count}" / "_review" / "documents.html")
    if keys is None:
        yield "keystrokes are not measured: there is no Chromium"
        return
    slow = quantiles(keys, n=20)[-1]
    yield f"  {len(keys)} keys typed, {count:,} rows: median {median(keys):.0f} ms, longest {max(keys):.0f} ms"
    yield Asked("milliseconds from a key press to the next frame, 19 of 20 keys", slow, "<=", KEY_ASKED)


def main() -> None:
    """Print the figures."""
    if sys.argv[1:2] == ["--report"]:
        report_here(*sys.argv[2:])
        return
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=10_000, help="documents (default: 10000)")
    options.add_argument("--seed", type=int, default=1, help="another seed makes other documents (default: 1)")
    options.add_argument("--check", action="store_true", help="exit with 1 when an asked figure is missed")
    asked = options.parse_args()
    missed = False
    with tempfile.TemporaryDirectory(prefix="cleancopy-report-") as folder:
        for line in figures(asked.documents, asked.seed, Path(folder)):
            print(line, flush=True)
            missed = missed or (isinstance(line, Asked) and not line.met)
    if asked.check and missed:
        sys.exit(1)


if __name__ == "__main__":
    main()
