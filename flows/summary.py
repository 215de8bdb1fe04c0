"""What a run did, in numbers and names: the flow returns it, its artifacts and the closing table show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cleaners.page.cleaning import EXTRACTOR
from flows.cleaning import Outcome
from flows.naming import Place, without_ending
from flows.reading import Found, SetAside, ending_of, kind_of


@dataclass(frozen=True, slots=True)
class Summary:
    """A finished run.

    `documents` counts what should have been cleaned: the cleaned ones and those set aside; `pages` of them are pages,
    the others texts. `edits` counts by noise type. `renamed` gives, by source, the name of clean articles that could
    not have their plain one.
    """

    raw: str
    clean: str
    documents: int
    pages: int
    words_in: int
    words_out: int
    edits: Mapping[str, int]
    set_aside: tuple[SetAside, ...]
    not_handled: tuple[str, ...]
    passed_over: tuple[tuple[str, str], ...]
    renamed: Mapping[str, str]

    @property
    def cleaned(self) -> int:
        """How many documents have a clean article now."""
        return self.documents - len(self.set_aside)

    @property
    def failed_share(self) -> float:
        """The share of documents that were set aside, 0 to 1."""
        return len(self.set_aside) / self.documents if self.documents else 0.0


def sum_up(outcomes: Iterable[Outcome], found: Found, given: Mapping[str, Place], *, raw: str, clean: str) -> Summary:
    """The summary of a run: what became of each document, what was found in RAW, and the places given.

    The outcomes may come in any order; the summary is the same.
    """
    words_in = words_out = documents = pages = 0
    edits: Counter[str] = Counter()
    set_aside: list[SetAside] = []
    renamed: dict[str, str] = {}
    for outcome in outcomes:
        documents += 1
        pages += kind_of(outcome.source) == "page"
        words_in += outcome.words_in
        words_out += outcome.words_out
        edits.update(dict(outcome.edits))
        if outcome.set_aside is not None:
            set_aside.append(outcome.set_aside)
        elif given[outcome.source].stem != without_ending(outcome.source):
            renamed[outcome.source] = f"{given[outcome.source].stem}.txt"
    return Summary(
        raw=raw,
        clean=clean,
        documents=documents,
        pages=pages,
        words_in=words_in,
        words_out=words_out,
        edits=dict(sorted(edits.items())),
        set_aside=tuple(sorted(set_aside, key=lambda problem: problem.source)),
        not_handled=tuple(found.not_handled),
        passed_over=tuple(found.passed_over),
        renamed=dict(sorted(renamed.items())),
    )


def rows(summary: Summary) -> list[tuple[str, str]]:
    """The summary as a table of two columns: what, and how many."""
    return [
        ("documents", f"{summary.documents:,}"),
        ("texts", f"{summary.documents - summary.pages:,}"),
        ("pages", f"{summary.pages:,}"),
        ("cleaned", f"{summary.cleaned:,}"),
        ("set aside", f"{len(summary.set_aside):,}"),
        ("words in", f"{summary.words_in:,}"),
        ("words out", f"{summary.words_out:,}"),
        *((f"edits: {noise}", f"{count:,}") for noise, count in summary.edits.items() if noise != EXTRACTOR),
        # Menus and the like: as edits they would hide the work of the cleaners.
        ("parts of pages outside of articles", f"{summary.edits.get(EXTRACTOR, 0):,}"),
        ("files not handled yet", f"{len(summary.not_handled):,}"),
        ("passed over", f"{len(summary.passed_over):,}"),
        ("named otherwise", f"{len(summary.renamed):,}"),
    ]


def endings(names: Iterable[str]) -> str:
    """Counts of file names by ending, the most frequent first.

    >>> endings(["a.warc.gz", "b.warc.gz", "c", "d.PDF"])
    '2 .warc.gz, 1 .pdf, 1 without ending'
    """
    counts = Counter(ending_of(name).lower() or "without ending" for name in names)
    return ", ".join(
        f"{count:,} {ending}" for ending, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    )
