"""Make the weights of the line model for dumps of whole pages, `cleaners/boilerplate.json`.

    python bench/train_lines.py [--output FILE] [--strength C]

The texts: each page of the news and blogs corpora with all its text (`soup.get_text("\\n")`), of the snippets corpus
the lines that its snippets tell about, the labelled text scrapes, and the true articles, which show what an article
looks like that stands alone. Only sites of the half that may be looked at (`corpora.half_of`) are used. The rules clean
each text first, and the model learns the lines that they leave: 1 where the truth holds the line, else 0.

A line counts by the root of its words. No feature is a word, so that the model knows no site, person or language. A
logistic regression with an L1 penalty (scikit-learn) leaves many features without weight; the others are rounded to two
decimals and written, the heaviest first.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from bs4 import BeautifulSoup
from corpora import CORPORA, half_of, pages, rows
from metrics import folded, tokens
from rapidfuzz.distance import LCSseq
from rich.progress import track
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from cleaners.boilerplate import described, remove_boilerplate
from cleaners.phrasebook import PhraseBook
from cleaners.pipeline import cleaned
from cleaners.survey import document_of

FEATURE_MIN: Final = 12
"""Lines that have a feature, at least, for it to be learned."""
TRUTH_WEIGHT: Final = 0.5
"""What the lines of true articles count for: the model is not asked about such texts, so they only steady it."""
SNIPPET_MIN: Final = 12
"""Shortest line, in characters, that may be told by a snippet which holds it."""
GRAM: Final = 4


@dataclass(frozen=True, slots=True)
class Text:
    """A text to learn from. How its lines are told: by the article's true text, by snippets, or one by one."""

    text: str
    weight: float = 1.0
    truth: str | None = None
    wanted: tuple[str, ...] = ()
    unwanted: tuple[str, ...] = ()
    lines: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """The lines of one text that are told: features, whether each is the article's, and what it counts for."""

    features: list[list[str]]
    article: list[bool]
    weights: list[float]


def texts() -> Iterator[Text]:
    """All texts of the half of the sites that may be looked at."""
    for corpus in CORPORA:
        for page in pages(corpus, "work"):
            dump = BeautifulSoup(page.read(), "lxml").get_text("\n")
            yield Text(dump, truth=page.text, wanted=page.wanted, unwanted=page.unwanted)
            if page.text:
                yield Text(page.text, TRUTH_WEIGHT, truth=page.text)
    for row in rows("scrapes", "truth.jsonl.gz"):
        if half_of(row["url"], row["id"]) == "work":
            lines = tuple((line["text"], line["label"] == "article") for line in row["lines"])
            yield Text(row["text"], lines=lines)


def learned(text: Text) -> Learned:
    """The lines that the rules leave of one text."""
    document = document_of(text.text, PhraseBook.standard())
    cleaned(document, skip={remove_boilerplate.name})
    blocks = [block.text for block in document.blocks]
    if text.truth is not None:
        told = by_truth(blocks, text.truth)
    elif text.lines:
        told = by_place([block.start for block in document.blocks], text.text, text.lines)
    else:
        told = [by_snippets(block, text.wanted, text.unwanted) for block in blocks]
    found = Learned([], [], [])
    for article, features, block in zip(told, described(document.blocks, document.language), blocks, strict=True):
        if article is not None:
            found.features.append(features)
            found.article.append(article)
            found.weights.append(text.weight * max(len(tokens(block)), 1) ** 0.5)
    return found


def by_truth(lines: Sequence[str], truth: str) -> list[bool | None]:
    """Which lines a true text holds: by their 4-grams, shorter ones by where the longest common subsequence has them.

    >>> by_truth(["Menu", "The ferry ran late", "again."], "The ferry ran late again.")
    [False, True, True]
    """
    true = tokens(truth)
    grams = set(zip(*(true[n:] for n in range(GRAM)), strict=False))
    words = [tokens(line) for line in lines]
    flat = [word for line in words for word in line]
    there: list[int | None] = [None] * len(flat)
    for run in LCSseq.editops(flat, true).as_matching_blocks():
        there[run.a : run.a + run.size] = range(run.b, run.b + run.size)
    told: list[bool | None] = []
    place = 0
    for line in words:
        if len(line) >= GRAM:
            own = list(zip(*(line[n:] for n in range(GRAM)), strict=False))
            told.append(2 * sum(gram in grams for gram in own) >= len(own))
        elif line:
            told.append(2 * sum(_in_run(there, index) for index in range(place, place + len(line))) > len(line))
        else:
            told.append(None)
        place += len(line)
    return told


def _in_run(there: Sequence[int | None], index: int) -> bool:
    """Whether a word lies in the true text, next to the word that it lies next to here."""
    place = there[index]
    near = there[max(index - 1, 0) : index] + there[index + 1 : index + 2]
    return place is not None and any(other is not None and abs(other - place) == 1 for other in near)


def by_place(starts: Sequence[int], text: str, lines: Sequence[tuple[str, bool]]) -> list[bool | None]:
    """What the labels of a scrape's lines, in order, say of the blocks that begin at `starts`.

    >>> by_place([0, 6], "Menu\\n\\nOne.", [("Menu", False), ("One.", True)])
    [False, True]
    """
    spans = []
    position = 0
    for line, article in lines:
        start = text.find(line, position)
        if start >= 0:
            position = start + len(line)
            spans.append((start, position, article))
    return [next((article for a, b, article in spans if a <= start < b), None) for start in starts]


def by_snippets(line: str, wanted: Sequence[str], unwanted: Sequence[str]) -> bool | None:
    """What snippets that must and must not be in the result say of a line.

    >>> by_snippets("All about cookies", ["The ferry ran"], ["cookies"])
    False
    """
    text = folded(line)

    def told(snippets: Sequence[str]) -> bool:
        keys = [folded(snippet) for snippet in snippets]
        return any(key in text or (len(text) >= SNIPPET_MIN and text in key) for key in keys)

    good, bad = told(wanted), told(unwanted)
    return None if good == bad else good


def weights_of(sample: Sequence[Learned], strength: float) -> dict[str, float]:
    """The weights by feature, and `bias`."""
    lines = Counter(feature for each in sample for line in each.features for feature in set(line))
    known = sorted(feature for feature, count in lines.items() if count >= FEATURE_MIN)
    numbers = {feature: number for number, feature in enumerate(known)}
    columns: list[int] = []
    ends = [0]
    for each in sample:
        for line in each.features:
            columns += sorted({numbers[feature] for feature in line if feature in numbers})
            ends.append(len(columns))
    matrix = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(ends) - 1, len(known)))
    article = np.array([told for each in sample for told in each.article])
    counts = np.array([weight for each in sample for weight in each.weights])
    print(f"{matrix.shape[0]:,} lines of {len(sample):,} texts, {matrix.shape[1]:,} features")
    model = LogisticRegression(l1_ratio=1.0, C=strength, solver="liblinear", random_state=0, max_iter=300)
    model.fit(matrix, article, sample_weight=counts)
    found = {name: round(float(weight), 2) for name, weight in zip(known, model.coef_[0], strict=True)}
    ordered = sorted((name for name in found if found[name]), key=lambda name: (-abs(found[name]), name))
    return {"bias": round(float(model.intercept_[0]), 2), **{name: found[name] for name in ordered}}


def main() -> None:
    """Train, and write the weights."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    default = Path(__file__).parents[1] / "cleaners" / "boilerplate.json"
    options.add_argument("--output", type=Path, default=default, help="where the weights go (default: the project's)")
    options.add_argument("--strength", type=float, default=0.03, metavar="C", help="inverse of the penalty")
    asked = options.parse_args()
    with ProcessPoolExecutor() as pool:
        sample = list(track(pool.map(learned, texts(), chunksize=8), description="Reading", total=None))
    weights = weights_of(sample, asked.strength)
    asked.output.write_text(json.dumps(weights, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    print(f"{len(weights) - 1:,} weights written to {asked.output}")


if __name__ == "__main__":
    main()
