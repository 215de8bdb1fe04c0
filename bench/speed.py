"""Speed, each beside a peer that runs in this process, on one core and in turn with it.

    python bench/speed.py [--rounds N] [--pages]

Of `clean_text`, with edits and metadata, beside datatrove's `C4QualityFilter`, on the true article texts of the news
and blogs corpora (0.40 of C4's rate or more is asked for there) and on the raw text scrapes; each figure is the median
over the rounds. C4's sentence count, which needs a tokenizer's model, is off, and so are its rules that drop whole
documents, so that both read every line of every text.

Of `clean_html`, with metadata, edits and the account of every block, beside trafilatura's `bare_extraction` with
metadata, on the pages of the news and blogs corpora, page by page (0.8 of its time or less is asked for); `--pages`
measures only that, and so does `bench/quality.py`.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import inf
from statistics import fmean, median

from corpora import Page, needs, pages, rows, truths

from cleaners import clean_html, clean_text
from cleaners.decode import NotText

PAGES_ASKED = 0.8
"""Time of `clean_html` as a share of trafilatura's, at most."""


@dataclass(frozen=True, slots=True)
class PageTimes:
    """Mean milliseconds a page, on the clock and of the processor: ours and trafilatura's."""

    pages: int
    ours: float
    theirs: float
    ours_processor: float
    theirs_processor: float

    @property
    def ratio(self) -> float:
        """Our time as a share of theirs, on the clock."""
        return self.ours / self.theirs

    @property
    def ratio_processor(self) -> float:
        """Our time as a share of theirs, of the processor: other work on the machine tells less there."""
        return self.ours_processor / self.theirs_processor

    def __str__(self) -> str:
        """One line for the table."""
        return (
            f"pages {self.pages}: cleancopy {self.ours:.1f} ms a page, trafilatura with metadata {self.theirs:.1f} ms; "
            f"ratio {self.ratio:.3f} on the clock, {self.ratio_processor:.3f} of processor time"
        )


def rate(texts: Sequence[str], work: Callable[[str], object]) -> float:
    """Megabytes of UTF-8 a second."""
    size = sum(len(text.encode()) for text in texts)
    begin = time.perf_counter()
    for text in texts:
        work(text)
    return size / 1e6 / (time.perf_counter() - begin)


def page_times(sample: Sequence[Page], rounds: int = 2) -> PageTimes:
    """Ours, and trafilatura with metadata."""
    from trafilatura import bare_extraction  # noqa: PLC0415 (takes half a second to import)

    def ours(raw: bytes, url: str | None) -> None:
        try:
            clean_html(raw, url)
        except NotText:
            return

    def theirs(raw: bytes, url: str | None) -> None:
        bare_extraction(raw, url=url, with_metadata=True, include_comments=False)

    mine, others = best_times((ours, theirs), sample, rounds)
    return PageTimes(len(sample), mine[0], others[0], mine[1], others[1])


def best_times(
    works: Sequence[Callable[[bytes, str | None], object]], sample: Sequence[Page], rounds: int = 2
) -> list[tuple[float, float]]:
    """Mean milliseconds a page, on the clock and of the processor, of each work.

    All work on each page in turn, another one first on the next page, each with the garbage collected before. Of a page
    counts its best time over the rounds: on a busy machine single times are off by half.
    """
    for work in works:
        work(sample[0].read(), sample[0].url)
    gc.freeze()  # what is loaded by now stays: no collection is to go through it, page after page
    best = [[(inf, inf) for _ in sample] for _ in works]
    for turn in range(rounds):
        for number, page in enumerate(sample):
            raw = page.read()
            for place in range(len(works)):
                which = (number + turn + place) % len(works)
                gc.collect()
                clock, processor = timed(partial(works[which], raw, page.url))
                before = best[which][number]
                best[which][number] = (min(clock, before[0]), min(processor, before[1]))
    gc.unfreeze()
    return [(1000 * fmean(clock for clock, _ in each), 1000 * fmean(cpu for _, cpu in each)) for each in best]


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds on the clock and of the processor."""
    begin, begin_processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begin, time.process_time() - begin_processor


def main() -> None:
    """Print the rates and their ratio."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5, help="rounds, each of both (default: 5)")
    options.add_argument("--pages", action="store_true", help="measure the cleaning of pages only")
    asked = options.parse_args()
    if not asked.pages:
        print_text_rates(asked.rounds)
    times = page_times(pages("news") + pages("blogs"))
    print(f"{times} (asked <= {PAGES_ASKED})")


def print_text_rates(rounds: int) -> None:
    """Print the rates of `clean_text` and of C4, and their ratio."""
    needs("datatrove")
    from datatrove.data import Document  # noqa: PLC0415 (after the options: importing it takes seconds)
    from datatrove.pipeline.filters import C4QualityFilter  # noqa: PLC0415

    c4 = C4QualityFilter(min_num_sentences=-1, filter_curly_bracket=False, filter_lorem_ipsum=False)
    corpora = {
        "clean texts": [text for _, text in truths()],
        "text scrapes": [row["text"] for row in rows("scrapes", "truth.jsonl.gz")],
    }
    for name, texts in corpora.items():
        clean_text(texts[0])
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(rate(texts, clean_text))
            theirs.append(rate(texts, lambda text: c4.filter(Document(text=text, id="0"))))
        ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        print(
            f"{name:13} cleancopy {median(ours):6.1f} MB/s"
            f"   C4QualityFilter {median(theirs):6.1f} MB/s"
            f"   ratio {median(ratios):.2f}"
        )


if __name__ == "__main__":
    main()
