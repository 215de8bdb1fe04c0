"""Speed of `clean_text`, with edits and metadata, beside datatrove's `C4QualityFilter` on the same texts.

    python bench/speed.py [--rounds N]

Both run in this process on one core, in turn, on the true article texts of the news and blogs corpora (0.40 of C4's
rate or more is asked for there) and on the raw text scrapes; each figure is the median over the rounds. C4's sentence
count, which needs a tokenizer's model, is off, and so are its rules that drop whole documents, so that both read every
line of every text.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable, Sequence

from corpora import rows, truths

from cleaners import clean_text


def rate(texts: Sequence[str], work: Callable[[str], object]) -> float:
    """Megabytes of UTF-8 a second."""
    size = sum(len(text.encode()) for text in texts)
    begin = time.perf_counter()
    for text in texts:
        work(text)
    return size / 1e6 / (time.perf_counter() - begin)


def main() -> None:
    """Print the rates and their ratio."""
    from datatrove.data import Document  # noqa: PLC0415 (after the options: importing it takes seconds)
    from datatrove.pipeline.filters import C4QualityFilter  # noqa: PLC0415

    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=5, help="rounds, each of both (default: 5)")
    asked = options.parse_args()
    c4 = C4QualityFilter(min_num_sentences=-1, filter_curly_bracket=False, filter_lorem_ipsum=False)
    corpora = {
        "clean texts": [text for _, text in truths()],
        "text scrapes": [row["text"] for row in rows("scrapes", "truth.jsonl.gz")],
    }
    for name, texts in corpora.items():
        clean_text(texts[0])
        ours, theirs = [], []
        for _ in range(asked.rounds):
            ours.append(rate(texts, clean_text))
            theirs.append(rate(texts, lambda text: c4.filter(Document(text=text, id="0"))))
        ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        print(
            f"{name:13} cleancopy {statistics.median(ours):6.1f} MB/s"
            f"   C4QualityFilter {statistics.median(theirs):6.1f} MB/s"
            f"   ratio {statistics.median(ratios):.2f}"
        )


if __name__ == "__main__":
    main()
