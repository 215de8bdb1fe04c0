r"""Quality of the articles that `clean_html` takes from pages beside seven peers, and what `clean_text` adds to theirs.

    python bench/quality.py [--half HALF] [--corpus NAME] [--peer NAME ...] [--sample N] [--again]
                            [--no-speed] [--json FILE] [--worst N] [--check]

All are measured in one run on the same pages: cleancopy, trafilatura, readability-lxml, resiliparse, newspaper4k,
jusText, Beautiful Soup's `get_text`, and the C4 rules: the line rules of datatrove's `C4QualityFilter`, applied to the
lines of `get_text`. `peers.py` says how each is set up. The sites are parted into two halves by a hash of their names:
one to work on, and one that is only ever reported (`corpora.half_of`). The tables show the half to report, but snippets
are counted on all pages.

Words: precision, recall and F1, means over pages, of bags of lower-cased `\w+` tokens against the article's true text;
4-grams: the same for bags of runs of four tokens, which tell the order, too. Behind them stands ours minus the peer's
F1, with the 95 % interval of a bootstrap over pages. A snippet counts as kept, or leaked, when it is a substring of the
result, both lower-cased, soft hyphens dropped and white space folded. A peer that fails on a page counts as giving no
text; `failed` says how often it did. Time is that of the processor, of all in turn on the same pages, of the text alone
for the peers; the line on speed compares like with like (`speed.page_times`).

Lift: what each peer gives, cleaned by `clean_text` as the plain text it is: word F1 before and after, and the
difference with its interval. The ceiling is the F1 if just those lines went that hold no truth: of whose runs of four
words fewer than half (of a line under four words, not the whole of it) are in the true text.

`--half`, `--corpus`, `--peer` and `--sample` (so many pages of each corpus) measure less, for work on the rules; the
asked figures are then those that can be told, snippets in proportion. `--again` takes the texts of the
peers from an earlier run with the same peers (`given.py`), which leaves little to do. `--worst N` lists the pages of
the half to work on where ours is worst, and where it is furthest behind trafilatura, with what is wrong. `--json`
writes all figures, page by page too; `bench/charts.py` makes docs/benchmarks.md of them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from statistics import fmean
from typing import Final

from corpora import CORPORA, Page, needs, pages
from given import DISTRIBUTIONS, given
from metrics import Agreement, Gain, Told, beyond, gain, held, tokens
from peers import PEERS, text_of
from speed import PAGES_ASKED, PageTimes, best_times, page_times
from working import spread

from cleaners import clean_html, clean_text
from cleaners.decode import NotText

OURS: Final = "cleancopy"
PEER: Final = "trafilatura"
"""The peer that is always measured, and that most asked figures refer to."""
SPACED: Final = "get_text(' ')"
"""The same words as `get_text`, and so a row of lift only."""
REPORT: Final = "report"
EXTRACTORS: Final = ("trafilatura", "readability", "resiliparse", "newspaper4k", "justext")
"""The peers that choose an article: `clean_text` is to better each of them."""
NEWS_F1: Final = 0.980
NEWS_GRAMS_GAIN: Final = 0.015
BLOGS_F1: Final = 0.946
KEPT: Final = {"snippets": 1422 / 1500}
LEAKED: Final = {"snippets": 95 / 1504, "blogs": 100 / 3129}
"""Shares of all snippets of a corpus: at least so many kept, at most so many leaked."""
LIFT: Final = 0.003
NEWS_LIFT: Final = 0.008
"""For trafilatura on news."""
PLAIN_F1: Final = {"news": 0.85, "blogs": 0.88}
"""For `get_text`, cleaned as text."""
TIMED: Final = 50
"""Pages on which the time of all peers is taken."""


@dataclass(frozen=True, slots=True)
class Score:
    """One result on one page: against the true text (None without one), and the snippets in it."""

    words: Agreement | None
    grams: Agreement | None
    kept: int
    leaked: int
    failed: bool = False


@dataclass(frozen=True, slots=True)
class Lift:
    """Word F1 of a peer's text: as it gives it, cleaned by `clean_text`, and with just its noise lines gone."""

    before: float
    after: float
    ceiling: float


@dataclass(frozen=True, slots=True)
class Measured:
    """One page with the scores of all that were measured, by name, and the texts of ours and trafilatura."""

    page: Page
    scores: dict[str, Score] = field(default_factory=dict)
    lifts: dict[str, Lift] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)


Results = dict[str, list[Measured]]
"""The measured pages of each corpus."""


@dataclass(frozen=True, slots=True)
class Row:
    """One who was measured on the pages of one corpus; `kept` and `leaked` are of all its pages, the rest of a half."""

    corpus: str
    pages: int
    name: str
    words: Agreement | None
    grams: Agreement | None
    words_gain: Gain | None
    grams_gain: Gain | None
    kept: int
    wanted: int
    leaked: int
    unwanted: int
    failed: int


@dataclass(frozen=True, slots=True)
class LiftRow:
    """What `clean_text` adds to the texts of one peer on the pages of one corpus."""

    corpus: str
    pages: int
    name: str
    before: float
    after: float
    ceiling: float
    gain: Gain


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


def ours(raw: bytes, url: str | None) -> str | None:
    """The clean text of a page; None for one that is refused."""
    try:
        return clean_html(raw, url).text
    except NotText:
        return None


def measured(page: Page, peers: Sequence[str], *, again: bool = False) -> Measured:
    """One page by ours and these peers; `again` takes what the peers gave in an earlier run."""
    raw = page.read()
    told = None if page.text is None else Told(page.text)
    found = Measured(page)
    for name, given_text in ({OURS: ours(raw, page.url)} | given(page, raw, peers, again=again)).items():
        text = given_text or ""
        words, grams = (told.words(text), told.grams(text)) if told else (None, None)
        kept, leaked = len(held(page.wanted, text)), len(held(page.unwanted, text))
        found.scores[name] = Score(words, grams, kept, leaked, given_text is None)
        if name in (OURS, PEER):
            found.texts[name] = text
        if told and name != OURS:
            found.lifts[name] = lift(told, text)
    return found


def times_of_all(sample: Sequence[Page], peers: Sequence[str]) -> dict[str, float]:
    """Processor time a page of ours and of these peers, in ms, on some of the pages."""
    some = sample[:: max(len(sample) // TIMED, 1)]
    names = [name for name in peers if name != SPACED]
    found = best_times([ours, *(partial(text_of, name) for name in names)], some)
    return dict(zip([OURS, *names], [processor for _, processor in found], strict=True))


def lift(told: Told, text: str) -> Lift:
    """What cleaning adds to the text that a peer gives for an article of which the truth is told."""
    return Lift(told.words(text).f1, told.words(clean_text(text).text).f1, told.words(told.only(text)).f1)


def rows(results: Results, half: str) -> Iterator[Row]:
    """The table of quality."""
    for corpus, everything in results.items():
        found = [each for each in everything if each.page.half == half]
        wanted = sum(len(each.page.wanted) for each in everything)
        unwanted = sum(len(each.page.unwanted) for each in everything)
        for name in found[0].scores if found else ():
            if name == SPACED:
                continue
            words = mean(each.scores[name].words for each in found)
            grams = mean(each.scores[name].grams for each in found)
            gains: list[Gain | None] = [None, None]
            if words and name != OURS:
                gains = [gain(differences(found, name, what)) for what in ("words", "grams")]
            scores = [each.scores[name] for each in everything]
            kept, leaked = sum(score.kept for score in scores), sum(score.leaked for score in scores)
            failed = sum(score.failed for score in scores)
            yield Row(corpus, len(found), name, words, grams, *gains, kept, wanted, leaked, unwanted, failed)


def mean(scores: Iterable[Agreement | None]) -> Agreement | None:
    """The mean over pages that have a truth."""
    told = [score for score in scores if score]
    if not told:
        return None
    return Agreement(*(fmean(getattr(score, what) for score in told) for what in ("precision", "recall", "f1")))


def differences(found: Iterable[Measured], name: str, what: str) -> list[float]:
    """Ours minus the F1 of a peer, page by page."""
    return [getattr(each.scores[OURS], what).f1 - getattr(each.scores[name], what).f1 for each in found]


def lift_rows(results: Results, half: str) -> Iterator[LiftRow]:
    """The table of lift."""
    for corpus, everything in results.items():
        found = [each for each in everything if each.page.half == half]
        for name in found[0].lifts if found else ():
            lifts = [each.lifts[name] for each in found]
            means = (fmean(getattr(lift, what) for lift in lifts) for what in ("before", "after", "ceiling"))
            yield LiftRow(corpus, len(found), name, *means, gain([lift.after - lift.before for lift in lifts]))


def table(rows: Iterable[Row]) -> Iterator[str]:
    """The lines of the table of quality."""
    agreement = f"{'P':>7}{'R':>7}{'F1':>7}  {'ours minus it (95 %)':25}"
    yield f"{'':27}{'words':48}{'4-grams':48}{'snippets of all pages':21}"
    yield f"{'corpus':9}{'pages':>5} {'':12}{agreement}{agreement}{'kept':>10}{'leaked':>10}{'failed':>7}"
    for row in rows:
        line = f"{row.corpus:9}{row.pages:5} {row.name:12}"
        for score, more in ((row.words, row.words_gain), (row.grams, row.grams_gain)):
            line += f"{score.precision:7.3f}{score.recall:7.3f}{score.f1:7.4f}  " if score else " " * 23
            line += f"{'' if more is None else str(more):25}"
        for count, of in ((row.kept, row.wanted), (row.leaked, row.unwanted)):
            line += f"{f'{count}/{of}' if of else '':>10}"
        yield f"{line}{row.failed or '':>7}"


def lift_table(rows: Iterable[LiftRow]) -> Iterator[str]:
    """The lines of the table of lift."""
    yield f"{'corpus':9}{'pages':>5} {'':12}{'before':>8}{'after':>8}  {'lift (95 %)':25}{'ceiling':>9}"
    for row in rows:
        line = f"{row.corpus:9}{row.pages:5} {row.name:12}{row.before:8.4f}{row.after:8.4f}"
        yield f"{line}  {row.gain!s:25}{row.ceiling:9.4f}"


def asked_figures(rows: Sequence[Row], lifts: Sequence[LiftRow], times: PageTimes | None) -> Iterator[Asked]:
    """The asked figures that these rows can tell."""
    by_name = {(row.corpus, row.name): row for row in rows}
    lift_of = {(row.corpus, row.name): row for row in lifts}
    if (news := by_name.get(("news", OURS))) and news.words:
        yield Asked("news, word F1", news.words.f1, ">=", NEWS_F1)
    if (news := by_name.get(("news", PEER))) and news.grams_gain:
        yield Asked(f"news, 4-gram F1 above {PEER}'s", news.grams_gain.mean, ">=", NEWS_GRAMS_GAIN)
    if (blogs := by_name.get(("blogs", OURS))) and blogs.words:
        yield Asked("blogs, word F1", blogs.words.f1, ">=", BLOGS_F1)
    for corpus in CORPORA:
        row = by_name.get((corpus, OURS))
        if row and corpus in KEPT:
            yield Asked(f"{corpus}, snippets kept of {row.wanted}", row.kept, ">=", KEPT[corpus] * row.wanted)
        if row and corpus in LEAKED:
            yield Asked(f"{corpus}, snippets leaked of {row.unwanted}", row.leaked, "<=", LEAKED[corpus] * row.unwanted)
    for (corpus, name), lifted in lift_of.items():
        if name in EXTRACTORS:
            limit = NEWS_LIFT if (corpus, name) == ("news", PEER) else LIFT
            yield Asked(f"{corpus}, lift of {name}", lifted.gain.mean, ">=", limit)
    if lifts:
        least = min(lifts, key=lambda row: row.gain.mean)
        yield Asked(f"least lift of all ({least.corpus}, {least.name})", least.gain.mean, ">=", 0)
    for corpus, limit in PLAIN_F1.items():
        if plain := lift_of.get((corpus, "get_text")):
            yield Asked(f"{corpus}, word F1 of get_text cleaned as text", plain.after, ">=", limit)
    if times:
        yield Asked(f"time, as a share of {PEER}'s with metadata", times.ratio, "<=", PAGES_ASKED)


def worst(found: Sequence[Measured], count: int) -> Iterator[str]:
    """The pages on which ours is worst, and those on which it loses most against the peer, with what went wrong."""

    def good(each: Measured, name: str) -> float:
        score = each.scores[name]
        return score.words.f1 if score.words else score.kept - score.leaked - len(each.page.wanted)

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


def as_json(
    results: Results,
    half: str,
    rows: Iterable[Row],
    lifts: Iterable[LiftRow],
    figures: Iterable[Asked],
    times: PageTimes | None,
    ms: dict[str, float],
) -> str:
    """All figures, page by page too, without the texts."""
    everything = {
        "half": half,
        "all_pages": {corpus: len(found) for corpus, found in results.items()},
        "versions": {name: version(distribution) for name, distribution in DISTRIBUTIONS.items()},
        "quality": [asdict(row) for row in rows],
        "lift": [asdict(row) for row in lifts],
        "asked": [{**asdict(figure), "met": figure.met} for figure in figures],
        "ms": ms,
        "speed": times and {**asdict(times), "ratio": times.ratio, "ratio_processor": times.ratio_processor},
        "pages": [
            {
                "corpus": corpus,
                "id": each.page.id,
                "url": each.page.url,
                "half": each.page.half,
                "scores": {name: asdict(score) for name, score in each.scores.items()},
                "lifts": {name: asdict(lift) for name, lift in each.lifts.items()},
            }
            for corpus, found in results.items()
            for each in found
        ],
    }
    return json.dumps(everything, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Print the tables, then the asked figures."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--half", choices=("work", REPORT), help="only the pages of this half of the sites")
    options.add_argument("--corpus", choices=CORPORA, help="only this one")
    options.add_argument("--peer", choices=PEERS, action="append", help=f"only this one beside {PEER}; or several")
    options.add_argument("--sample", type=int, metavar="N", help="only N pages of each corpus")
    options.add_argument("--again", action="store_true", help="take the texts of the peers from an earlier run")
    options.add_argument("--no-speed", action="store_true", help="leave out the comparison of speed")
    options.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    options.add_argument("--worst", type=int, default=0, metavar="N", help="list the N worst pages of each corpus")
    options.add_argument("--check", action="store_true", help="exit with 1 when an asked figure is missed")
    asked = options.parse_args()
    if asked.sample is not None and asked.sample < 1:
        options.error("--sample takes a number of pages, 1 or more")
    needs("datatrove", "justext", "newspaper", "readability", "resiliparse")
    half = asked.half or REPORT
    peers = [name for name in PEERS if not asked.peer or name in (PEER, *asked.peer)]
    results: Results = {}
    for corpus in [asked.corpus] if asked.corpus else CORPORA:
        sample = pages(corpus, asked.half)[: asked.sample]
        results[corpus] = list(
            spread(partial(measured, peers=peers, again=asked.again), sample, corpus, () if asked.again else peers)
        )
        for line in worst([each for each in results[corpus] if each.page.half != REPORT], asked.worst):
            print(line)
    timed = [each.page for found in results.values() for each in found if each.page.half == half and each.lifts]
    times, ms = None, {}
    if timed and not asked.no_speed:
        print(f"speed, {len(timed)} pages, one after the other", file=sys.stderr)
        times, ms = page_times(timed), times_of_all(timed, peers)
    quality, lifts = list(rows(results, half)), list(lift_rows(results, half))
    figures = list(asked_figures(quality, lifts, times))
    if asked.worst:
        print()
    print(f"quality, sites of the half to {half}")
    print("\n".join(table(quality)))
    print("\nlift, the texts of the peers cleaned as text, the same half")
    print("\n".join(lift_table(lifts)))
    if times:
        print(f"\n{times}\nms a page: {', '.join(f'{name} {spent:.1f}' for name, spent in ms.items())}")
    print("", *figures, sep="\n")
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(as_json(results, half, quality, lifts, figures, times, ms), encoding="utf-8")
    if asked.check and not all(figure.met for figure in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
