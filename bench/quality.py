"""Quality of the articles that `clean_html` takes from pages, and its speed, beside trafilatura in the same run.

    python bench/quality.py [--corpus NAME] [--half HALF] [--worst N] [--json FILE] [--peer NAME] [--no-speed] [--check]

Precision, recall and F1 are means over pages, of bags of lower-cased `\\w+` tokens, against the article's true text. A
snippet counts as kept, or leaked, when it is a substring of the result, both lower-cased, soft hyphens dropped and
white space folded. `ms` is processor time a page, of the text alone for the peers; the line on speed compares like with
like (`speed.page_times`). Behind the F1 of a peer stands ours minus its, with the 95 % interval of a bootstrap over
pages. With `--corpus` or `--half` only the asked figures that can be measured are printed, those of snippets in
proportion.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Final

from corpora import CORPORA, Page, pages
from speed import PAGES_ASKED, PageTimes, page_times

from cleaners import clean_html
from cleaners.decode import NotText

OURS: Final = "cleancopy"
PEER: Final = "trafilatura"
"""The peer that is always measured, and that the asked figures refer to."""
NEWS_F1: Final = 0.974
BLOGS_GAIN: Final = 0.003
KEPT: Final = 1418 / 1500
LEAKED: Final = 120 / 1504
"""Asked on the corpus of snippets: 1418 of its 1500 wanted ones, and at most 120 of its 1504 unwanted ones."""
RESAMPLES: Final = 1_000

_WORD = re.compile(r"\w+")


def ours(raw: bytes, url: str | None) -> str:
    """The clean text of a page; of one that is refused, nothing."""
    try:
        return clean_html(raw, url).text
    except NotText:
        return ""


def trafilatura(raw: bytes, url: str | None) -> str:
    """What trafilatura extracts, without comments."""
    from trafilatura import extract  # noqa: PLC0415 (only where it is measured, as all peers)

    return extract(raw, url=url, include_comments=False) or ""


def get_text(raw: bytes, url: str | None) -> str:
    """All text of the page, by Beautiful Soup."""
    from bs4 import BeautifulSoup  # noqa: PLC0415

    return BeautifulSoup(raw, "lxml").get_text(" ")


PEERS: Final[dict[str, Callable[[bytes, str | None], str]]] = {PEER: trafilatura, "get_text": get_text}
"""Who is measured beside us: the raw page and its address, where known, to the text."""
METHODS: Final = {OURS: ours, **PEERS}


@dataclass(frozen=True, slots=True)
class Score:
    """One result on one page: words against the true text, snippets kept and leaked, and processor time in ms."""

    precision: float
    recall: float
    f1: float
    kept: int
    leaked: int
    ms: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One page with the texts and scores of all that were measured, by name."""

    page: Page
    texts: dict[str, str] = field(default_factory=dict)
    scores: dict[str, Score] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Asked:
    """One asked figure."""

    what: str
    value: float
    sign: str
    limit: float

    @property
    def met(self) -> bool:
        """Whether it is reached, rounded as it is printed."""
        value, limit = round(self.value, 4), round(self.limit, 4)
        return value >= limit if self.sign == ">=" else value <= limit

    def __str__(self) -> str:
        """One line, with a mark."""
        return (
            f"{'met   ' if self.met else 'MISSED'} {self.what}: {self.value:.5g} (asked {self.sign} {self.limit:.5g})"
        )


def tokens(text: str) -> list[str]:
    """The words that are compared, in order.

    >>> tokens("The count's over.")
    ['the', 'count', 's', 'over']
    """
    return _WORD.findall(text.lower())


def word_scores(truth: str, result: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of the bags of words; 0 where a side has none and the other has.

    >>> word_scores("one two two three", "one two four")
    (0.6666666666666666, 0.5, 0.5714285714285714)
    """
    wanted, found = Counter(tokens(truth)), Counter(tokens(result))
    if not wanted and not found:
        return 1.0, 1.0, 1.0
    common = (wanted & found).total()
    precision = common / found.total() if found else 0.0
    recall = common / wanted.total() if wanted else 0.0
    return precision, recall, 2 * common / (wanted.total() + found.total())


def folded(text: str) -> str:
    """The text as snippets are looked for in it.

    >>> folded("Co\\u00adunt  Over")
    'count over'
    """
    return " ".join(text.lower().replace("\u00ad", "").split())


def held(snippets: Iterable[str], result: str) -> list[str]:
    """The snippets that are in the result.

    >>> held(["Polls closed", "turnout"], "The polls  closed.")
    ['Polls closed']
    """
    text = folded(result)
    return [snippet for snippet in snippets if folded(snippet) in text]


def beyond(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words, in order, that the others do not have, each as often as they have it fewer times.

    >>> beyond(["a", "b", "a"], ["a", "c"])
    ['b', 'a']
    """
    left = Counter(others)
    found = []
    for word in words:
        if left[word]:
            left[word] -= 1
        else:
            found.append(word)
    return found


def interval(differences: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of the mean difference, by a bootstrap over pages with a fixed seed.

    >>> interval([0.5] * 20)
    (0.5, 0.5)
    """
    chance = random.Random(0)
    means = sorted(fmean(chance.choices(differences, k=len(differences))) for _ in range(RESAMPLES))
    return means[round(0.025 * RESAMPLES)], means[round(0.975 * RESAMPLES) - 1]


def warm_up(names: Iterable[str]) -> None:
    """Have each of them load what it needs, so that no page pays for it."""
    for name in names:
        METHODS[name](b"<article><p>The ferry ran on Tuesday, and it was late again.</p></article>", None)


def measured(page: Page, names: Sequence[str]) -> Measured:
    """One page by all of them."""
    raw = page.read()
    found = Measured(page)
    for name in names:
        begin = time.process_time()
        text = METHODS[name](raw, page.url)
        spent = 1000 * (time.process_time() - begin)
        scores = (0.0, 0.0, 0.0) if page.text is None else word_scores(page.text, text)
        found.texts[name] = text
        found.scores[name] = Score(*scores, len(held(page.wanted, text)), len(held(page.unwanted, text)), spent)
    return found


def mean(corpus: Iterable[Measured], name: str, what: str) -> float:
    """The mean of one score."""
    return fmean(getattr(each.scores[name], what) for each in corpus)


def table(results: dict[str, list[Measured]], names: Sequence[str]) -> Iterator[str]:
    """The lines of the table."""
    yield (
        f"{'corpus':9}{'pages':>5}  {'':12}{'precision':>9} {'recall':>7} {'F1':>7}  {'ours minus it (95 %)':25}"
        f"{'kept':>10} {'leaked':>10} {'ms':>6}"
    )
    for corpus, found in results.items():
        wanted = sum(len(each.page.wanted) for each in found)
        unwanted = sum(len(each.page.unwanted) for each in found)
        for name in names:
            line = f"{corpus:9}{len(found):5}  {name:12}"
            if corpus == "snippets":
                line += " " * 52
            else:
                line += "{:9.4f} {:7.4f} {:7.4f}  ".format(
                    *(mean(found, name, w) for w in ("precision", "recall", "f1"))
                )
                gains = [each.scores[OURS].f1 - each.scores[name].f1 for each in found]
                gain = "" if name == OURS else "{:+.4f} ({:+.4f} {:+.4f})".format(fmean(gains), *interval(gains))
                line += f"{gain:25}"
            counts = [sum(getattr(each.scores[name], what) for each in found) for what in ("kept", "leaked")]
            pieces = [f"{n}/{of}" if of else "" for n, of in zip(counts, (wanted, unwanted), strict=True)]
            yield f"{line}{pieces[0]:>10} {pieces[1]:>10} {mean(found, name, 'ms'):6.1f}"


def asked_figures(results: dict[str, list[Measured]], times: PageTimes | None) -> list[Asked]:
    """The asked figures that these results can tell."""
    figures = []
    if found := results.get("news"):
        figures.append(Asked("news, F1", mean(found, OURS, "f1"), ">=", NEWS_F1))
    if found := results.get("blogs"):
        gain = mean(found, OURS, "f1") - mean(found, PEER, "f1")
        figures.append(Asked("blogs, F1 above trafilatura's", gain, ">=", BLOGS_GAIN))
    if found := results.get("snippets"):
        wanted = sum(len(each.page.wanted) for each in found)
        unwanted = sum(len(each.page.unwanted) for each in found)
        kept = sum(each.scores[OURS].kept for each in found)
        leaked = sum(each.scores[OURS].leaked for each in found)
        figures.append(Asked(f"snippets, kept of {wanted}", kept, ">=", KEPT * wanted))
        figures.append(Asked(f"snippets, leaked of {unwanted}", leaked, "<=", LEAKED * unwanted))
    if times:
        figures.append(Asked("speed, share of trafilatura's time", times.ratio, "<=", PAGES_ASKED))
    return figures


def worst(found: Sequence[Measured], count: int) -> Iterator[str]:
    """The pages on which ours is worst, and those on which it loses most against the peer, with what went wrong."""

    def good(each: Measured, name: str) -> float:
        score = each.scores[name]
        if each.page.text is not None:
            return score.f1
        return (score.kept - score.leaked) - len(each.page.wanted)

    lists = {
        "worst": sorted(found, key=lambda each: good(each, OURS)),
        f"behind {PEER}": sorted(found, key=lambda each: good(each, OURS) - good(each, PEER)),
    }
    for title, order in lists.items():
        for each in order[:count]:
            if title != "worst" and good(each, OURS) >= good(each, PEER):
                break
            numbers = f"ours {good(each, OURS):.3f}, {PEER} {good(each, PEER):.3f}"
            yield f"\n{title}: {each.page.corpus} {each.page.id}  {numbers}  {each.page.url or ''}"
            yield from wrong(each)


def wrong(each: Measured) -> Iterator[str]:
    """What our text of a page lacks and has too much."""
    text = each.texts[OURS]
    if each.page.text is not None:
        truth, result = tokens(each.page.text), tokens(text)
        for title, words in (("lost", beyond(truth, result)), ("extra", beyond(result, truth))):
            if words:
                yield f"  {title} {len(words)}: {' '.join(words)[:400]}"
    for snippet in set(each.page.wanted).difference(held(each.page.wanted, text)):
        yield f"  not kept: {snippet[:200]}"
    for snippet in held(each.page.unwanted, text):
        yield f"  leaked: {snippet[:200]}"


def as_json(results: dict[str, list[Measured]], figures: Sequence[Asked], times: PageTimes | None) -> str:
    """All figures, page by page, without the texts."""
    everything = {
        "asked": [{**asdict(figure), "met": figure.met} for figure in figures],
        "speed": times and asdict(times),
        "pages": [
            {
                "corpus": corpus,
                "id": each.page.id,
                "url": each.page.url,
                "scores": {name: asdict(score) for name, score in each.scores.items()},
            }
            for corpus, found in results.items()
            for each in found
        ],
    }
    return json.dumps(everything, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Print the table, then the asked figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--corpus", choices=CORPORA, help="only this one")
    options.add_argument("--half", choices=("work", "report"), help="only the pages of this half of the sites")
    options.add_argument("--worst", type=int, default=0, metavar="N", help="print the N worst pages of each corpus")
    options.add_argument("--json", type=Path, metavar="FILE", help="write the figures of every page")
    options.add_argument("--peer", choices=sorted(set(PEERS) - {PEER}), action="append", default=[], help="one more")
    options.add_argument("--no-speed", action="store_true", help="leave out the comparison of speed")
    options.add_argument("--check", action="store_true", help="exit with 1 when an asked figure is missed")
    asked = options.parse_args()
    names = [OURS, PEER, *asked.peer]
    results = {}
    with ProcessPoolExecutor(2, initializer=warm_up, initargs=(names,)) as pool:
        for corpus in [asked.corpus] if asked.corpus else CORPORA:
            sample = pages(corpus, asked.half)
            results[corpus] = list(pool.map(partial(measured, names=names), sample, chunksize=4))
    timed_pages = [each.page for found in results.values() for each in found if each.page.text is not None]
    times = page_times(timed_pages) if timed_pages and not asked.no_speed else None
    for found in results.values():
        for line in worst(found, asked.worst):
            print(line)
    if asked.worst:
        print()
    print("\n".join(table(results, names)))
    if times:
        print(times)
    figures = asked_figures(results, times)
    print("\n".join(map(str, figures)))
    if asked.json:
        asked.json.write_text(as_json(results, figures, times), encoding="utf-8")
    if asked.check and not all(figure.met for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
