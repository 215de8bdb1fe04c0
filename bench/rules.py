"""What each rule removes, right and wrong, so that a weak one is seen, and mended or dropped.

    python bench/rules.py [--rule ID] [--wrong] [--only SOURCE ...] [--half HALF] [--sample N] [--json FILE]

The sources, each in the same run:

- `pages`: pages of the news and blogs corpora, by `clean_html`, against the true text of the article
- `snippets`: pages in many languages, by `clean_html`: of what was removed only the snippets that must stay (wrong) or
  go (right) are judged
- `scrapes`: text scrapes, by `clean_text`: lines of articles are wrong, all others right
- `lift`: what the peers give for the pages of the first, by `clean_text`, against the true text
- `harm`: the true texts themselves, by `clean_text`: whatever goes is wrong

Against a true text each line that an edit removed is judged: wrong when at least half of its runs of four words (of a
line under four words, the whole of it) are in the true text and not in what is left, else right; so the second telling
of a paragraph goes rightly. Numbers are words. Repairs remove nothing, and are left out.

Prints tables by noise type, by language of the document and by rule, these in the order of their wrong words. `--rule
ID` prints what the rule removed (with `--wrong` only what it should not have), from sites of the half to work on, so
that the other half stays unseen. The texts of the peers are those of an earlier run of quality.py or of this, where
there was one with the same peers (`given.py`). The lift of `get_text(' ')`, whose lines are not lines of the page, is
left out.
"""

from __future__ import annotations

import argparse
import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from corpora import Page, half_of, pages, rows
from given import given
from metrics import Told, folded, tokens
from peers import PEERS
from quality import SPACED
from working import spread

from cleaners import CleanResult, Edit, clean_html, clean_text
from cleaners.decode import NotText

SOURCES: Final = ("pages", "snippets", "scrapes", "lift", "harm")
UNKNOWN: Final = "unknown"
"""The language of a document that is too short to tell."""


@dataclass(frozen=True, slots=True)
class Removal:
    """A piece of text that a rule removed, and whether it should not have."""

    source: str
    document: str
    half: str
    language: str
    rule: str
    words: int
    wrong: bool
    text: str

    @property
    def noise(self) -> str:
        """The noise type of its rule."""
        return self.rule.partition(".")[0]


Judged = Iterator[tuple[str, int, bool, str]]
"""Rule, words, whether it is wrong, and the text, of each piece that was removed."""


def by_truth(result: CleanResult, told: Told) -> Judged:
    """Judge what was removed, line by line, against the true text."""
    left = Told(result.text)
    for edit in removals(result):
        for line in edit.original.split("\n"):
            if words := len(tokens(line)):
                yield edit.rule, words, told.holds(line) and not left.holds(line), line


def by_snippets(result: CleanResult, page: Page) -> Judged:
    """Judge the snippets in what was removed: those that must stay, and those that must go."""
    left = folded(result.text)
    for edit in removals(result):
        gone = folded(edit.original)
        for snippets, wrong in ((page.wanted, True), (page.unwanted, False)):
            for snippet in snippets:
                if folded(snippet) in gone and folded(snippet) not in left:
                    yield edit.rule, len(tokens(snippet)), wrong, snippet


def by_label(result: CleanResult, lines: Sequence[dict[str, str]]) -> Judged:
    """Judge what was removed by the labels of the lines of a text scrape."""
    starts, labels, position = [], [], 0
    for line in lines:
        start = result.source.find(line["text"], position)
        if start >= 0:
            position = start + len(line["text"])
            starts.append(start)
            labels.append(line["label"])
    for edit in removals(result):
        offset = edit.start
        for piece in edit.original.split("\n"):
            words = len(tokens(piece))
            number = bisect_right(starts, offset + len(piece) - len(piece.lstrip())) - 1
            if words and number >= 0:
                yield edit.rule, words, labels[number] == "article", piece
            offset += len(piece) + 1


def removals(result: CleanResult) -> Iterator[Edit]:
    """The edits that removed something."""
    return (edit for edit in result.edits if edit.cleaner != "repair")


def of_page(page: Page) -> list[Removal]:
    """What is removed from one page."""
    try:
        result = clean_html(page.read(), page.url)
    except NotText:
        return []
    judged = by_snippets(result, page) if page.text is None else by_truth(result, Told(page.text))
    return removed("snippets" if page.text is None else "pages", f"{page.corpus} {page.id}", page.half, result, judged)


def of_lift(page: Page) -> list[Removal]:
    """What is removed from the texts that the peers give for one page."""
    told, found = Told(page.text or ""), []
    for name, text in given(page, page.read(), [name for name in PEERS if name != SPACED], again=True).items():
        result = clean_text(text or "")
        found += removed("lift", f"{page.corpus} {page.id} {name}", page.half, result, by_truth(result, told))
    return found


def of_scrape(row: dict[str, Any]) -> list[Removal]:
    """What is removed from one text scrape."""
    result = clean_text(row["text"])
    return removed("scrapes", row["id"], half_of(row["url"], row["id"]), result, by_label(result, row["lines"]))


def of_truth(page: Page) -> list[Removal]:
    """What is removed from one clean text."""
    result = clean_text(page.text or "")
    judged = ((edit.rule, len(tokens(edit.original)), True, edit.original) for edit in removals(result))
    return removed("harm", f"{page.corpus} {page.id}", page.half, result, judged)


def removed(source: str, document: str, half: str, result: CleanResult, judged: Judged) -> list[Removal]:
    """The removals from one document."""
    language = result.metadata.language or UNKNOWN
    return [Removal(source, document, half, language.partition("-")[0].lower(), *each) for each in judged]


def all_removals(sources: Sequence[str], half: str | None, count: int | None) -> Iterator[Removal]:
    """What is removed from the documents of these sources, at most `count` of each corpus."""
    articles = [page for corpus in ("news", "blogs") for page in pages(corpus, half)[:count]]
    if "pages" in sources:
        yield from _flat(spread(of_page, articles, "pages"))
    if "snippets" in sources:
        yield from _flat(spread(of_page, pages("snippets", half)[:count], "snippets"))
    if "scrapes" in sources:
        scrapes = [row for row in rows("scrapes", "truth.jsonl.gz") if half in (None, half_of(row["url"], row["id"]))]
        yield from _flat(spread(of_scrape, scrapes[:count], "scrapes"))
    if "lift" in sources:
        yield from _flat(spread(of_lift, articles, "lift"))
    if "harm" in sources:
        yield from _flat(spread(of_truth, articles, "harm"))


def _flat(found: Iterable[list[Removal]]) -> Iterator[Removal]:
    return (removal for document in found for removal in document)


Sums = dict[str, Counter[tuple[str, bool]]]
"""Words by what they are counted under, then by source and whether they are wrong."""


def sums(found: Iterable[Removal], under: Callable[[Removal], str]) -> Sums:
    """The words removed, counted under something, most wrong ones first."""
    counts: Sums = defaultdict(Counter)
    for removal in found:
        counts[under(removal)][removal.source, removal.wrong] += removal.words
    return dict(sorted(counts.items(), key=lambda item: (-_wrong(item[1]), item[0])))


def _wrong(counts: Counter[tuple[str, bool]]) -> int:
    return sum(count for (_, wrong), count in counts.items() if wrong)


def table(title: str, counts: Sums) -> Iterator[str]:
    """The lines of one table: for each source the right and the wrong words, then all."""
    width = max(map(len, (title, *counts)), default=0) + 2
    columns = (*SOURCES, "all")
    yield " " * width + "".join(f"{column:>17}" for column in columns)
    yield f"{title:{width}}" + f"{'right':>10}{'wrong':>7}" * len(columns)
    for name, words in counts.items():
        both = [[words[source, wrong] for wrong in (False, True)] for source in SOURCES]
        both.append([sum(each) for each in zip(*both, strict=True)])
        yield f"{name:{width}}" + "".join(f"{right or '':10}{wrong or '':7}" for right, wrong in both)


def examples(found: Iterable[Removal], rule: str, *, wrong: bool) -> Iterator[str]:
    """What a rule removed from sites of the half to work on."""
    for removal in found:
        if removal.rule == rule and removal.half == "work" and removal.wrong >= wrong:
            text = " ".join(removal.text.split())[:200]
            yield f"{'WRONG' if removal.wrong else 'right'}  {removal.source:8}  {removal.document}  {text}"


def as_json(tables: dict[str, Sums]) -> str:
    """The tables, as the charts read them."""
    everything = {
        title: [
            {"name": name, "source": source, "wrong": wrong, "words": count}
            for name, words in counts.items()
            for (source, wrong), count in words.items()
        ]
        for title, counts in tables.items()
    }
    return json.dumps(everything, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Print the examples of one rule, or the tables."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rule", metavar="ID", help="print what this rule removed instead of the tables")
    options.add_argument("--wrong", action="store_true", help="of the examples only those that are wrong")
    options.add_argument("--only", choices=SOURCES, action="append", help="only this source; or several")
    options.add_argument("--half", choices=("work", "report"), help="only the pages of this half of the sites")
    options.add_argument("--sample", type=int, metavar="N", help="only N documents of each corpus")
    options.add_argument("--json", type=Path, metavar="FILE", help="write the tables")
    asked = options.parse_args()
    found = list(all_removals(asked.only or SOURCES, asked.half, asked.sample))
    if asked.rule:
        lines = list(examples(found, asked.rule, wrong=asked.wrong))
        if not lines:
            options.error(f"no {'wrong ' * asked.wrong}words removed by {asked.rule}; without --rule all that did show")
        print("\n".join(lines))
        return
    tables = {
        "noise type": sums(found, lambda removal: removal.noise),
        "language": sums(found, lambda removal: removal.language),
        "rule": sums(found, lambda removal: removal.rule),
    }
    for title, counts in tables.items():
        print("\n".join(table(title, counts)), end="\n\n")
    if asked.json:
        asked.json.parent.mkdir(parents=True, exist_ok=True)
        asked.json.write_text(as_json(tables), encoding="utf-8")


if __name__ == "__main__":
    main()
