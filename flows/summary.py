"""What a run did, in numbers and names: the flow returns it, its artifacts and the closing table show it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cleaners.page.cleaning import EXTRACTOR
from flows.reading import SetAside, ending_of


@dataclass(frozen=True, slots=True)
class Summary:
    """A finished run.

    `documents` counts all that lie in RAW and can be cleaned, `pages` those of them that are pages, the others being
    texts. This run cleaned `cleaned` of them and skipped `unchanged`, which an earlier run had done; `set_aside` names
    all that have no clean article, and `gone` counts those that an earlier run had seen and this one has not. Words and
    `edits`, by noise type, are those of the documents that this run cleaned. `renamed` gives, by source, the name of
    clean articles that could not have their plain one.
    """

    raw: str
    clean: str
    documents: int
    pages: int
    cleaned: int
    unchanged: int
    gone: int
    words_in: int
    words_out: int
    edits: Mapping[str, int]
    set_aside: tuple[SetAside, ...]
    not_handled: tuple[str, ...]
    passed_over: tuple[tuple[str, str], ...]
    renamed: Mapping[str, str]

    @property
    def failed_share(self) -> float:
        """The share of documents that are set aside, 0 to 1."""
        return len(self.set_aside) / self.documents if self.documents else 0.0


def rows(summary: Summary) -> list[tuple[str, str]]:
    """The summary as a table of two columns: what, and how many."""
    return [
        ("documents", f"{summary.documents:,}"),
        ("texts", f"{summary.documents - summary.pages:,}"),
        ("pages", f"{summary.pages:,}"),
        ("cleaned", f"{summary.cleaned:,}"),
        ("unchanged since an earlier run", f"{summary.unchanged:,}"),
        ("set aside", f"{len(summary.set_aside):,}"),
        ("words in", f"{summary.words_in:,}"),
        ("words out", f"{summary.words_out:,}"),
        *((f"edits: {noise}", f"{count:,}") for noise, count in summary.edits.items() if noise != EXTRACTOR),
        # Menus and the like: as edits they would hide the work of the cleaners.
        ("parts of pages outside of articles", f"{summary.edits.get(EXTRACTOR, 0):,}"),
        ("gone since an earlier run", f"{summary.gone:,}"),
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
