"""The books of one run: what it found, what is left to do and what was done, entered in the catalog of the CLEAN
folder, which no other run may write to meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from time import time_ns

from flows.catalog import Catalog, RunRow, faults_named, locked
from flows.cleaning import Outcome, Settings
from flows.naming import Place, places, without_ending
from flows.reading import Found, RawDocument, SetAside, kind_of
from flows.summary import Summary
from flows.writing import remove_temporary


class Books:
    """The books of one run; `lock` is the descriptor that keeps other runs out."""

    def __init__(self, catalog: Catalog, raw: str, settings: Settings, lock: int, flow_run: str | None) -> None:
        """Open them. What an earlier run has left half-written is removed."""
        self.lock = lock
        self._catalog = catalog
        self._raw = raw
        self._settings = settings
        self._done = self._total = 0
        self._edits: Counter[str] = Counter()
        self._number, unfinished = catalog.begin(raw, flow_run)
        if unfinished:
            remove_temporary(settings.clean)

    def enter(self, found: Found, *, force: bool) -> list[tuple[SetAside, Place]]:
        """Enter what was found, and strike out what was done before, unless the run is to `force` it.

        Gives what could not even be opened, with its places. The documents are taken out of `found`: from here on they
        are in the catalog.
        """
        given = places(found.sources())
        self._catalog.expect(found.documents, given, time_ns())
        found.documents.clear()
        if not force:
            self._catalog.skip_unchanged(self._settings)
        return [(problem, given[problem.source]) for problem in found.set_aside]

    def parts(self, most: int, most_bytes: int) -> list[tuple[str, str, int]]:
        """What is left to do, in parts of at most `most` documents and about `most_bytes` of them.

        Each is given by its first and last source and its number of documents.
        """
        parts = self._catalog.parts(most, most_bytes)
        self._total = sum(count for _, _, count in parts)
        return parts

    def part(self, first: str, last: str) -> tuple[list[RawDocument], dict[str, Place]]:
        """The documents of one part, and the places of their outputs."""
        return self._catalog.part(first, last)

    def record(self, outcomes: Sequence[Outcome]) -> tuple[int, int]:
        """Enter what became of documents; gives how many of those left to do are done, and how many they were."""
        self._catalog.record(outcomes, self._number, self._settings)
        self._done += len(outcomes)
        for outcome in outcomes:
            self._edits.update(dict(outcome.edits))
        return self._done, self._total

    def record_unopened(self, problems: Sequence[tuple[SetAside, Place]]) -> None:
        """Enter what could not even be opened."""
        self._catalog.set_aside(problems, self._number, self._settings)

    def all_gone(self, found: Found) -> int:
        """How many documents are missing, where RAW holds none at all any more; else 0."""
        if found.set_aside or next(self._catalog.sources(), None) is not None:
            return 0
        return sum(number for state, number in self._catalog.states().items() if state != "gone")

    def strike_gone(self, found: Found) -> Iterator[tuple[str, Place]]:
        """Enter as gone what is no longer in RAW; gives all that ever went, with the places that they had."""
        return self._catalog.mark_gone({problem.source for problem in found.set_aside}, self._number)

    def close(self, found: Found, max_failed_share: float) -> tuple[Summary, RunRow, list[RunRow]]:
        """Close the books: the summary of the run, its entry in the catalog, and those of the runs before.

        It has failed when more than `max_failed_share` of the documents are set aside.
        """
        catalog = self._catalog
        if self._done:
            remove_temporary(self._settings.clean)  # of workers that were killed
        sources = [*catalog.sources(), *(problem.source for problem in found.set_aside)]
        pages = sum(kind_of(source) == "page" for source in sources)
        row = catalog.end(self._number, len(found.set_aside), max_failed_share)
        summary = Summary(
            raw=self._raw,
            clean=self._settings.clean,
            documents=row.documents or 0,
            pages=pages,
            cleaned=row.cleaned or 0,
            unchanged=row.unchanged or 0,
            gone=row.gone or 0,
            words_in=row.words_in or 0,
            words_out=row.words_out or 0,
            edits=dict(sorted(self._edits.items())),
            set_aside=tuple(catalog.failures()),
            not_handled=tuple(found.not_handled),
            passed_over=tuple(found.passed_over),
            renamed={source: f"{stem}.txt" for source, stem in catalog.renamed() if stem != without_ending(source)},
        )
        return summary, row, catalog.runs(_HISTORY + 1)[1:]

    def break_off(self, state: str) -> None:
        """Close the books of a run that `failed`, or was `stopped`."""
        self._catalog.end(self._number, 0, 0, state)


_HISTORY = 50
"""Earlier runs that a run is compared with."""


@contextmanager
def keeping(raw: str, settings: Settings, flow_run: str | None = None) -> Iterator[Books]:
    """The books of a run from `raw` with these `settings`, kept within this context.

    Raises `CatalogError` when another run is writing to the CLEAN folder, or its catalog cannot be used.
    """
    with locked(settings.clean) as lock, faults_named(settings.clean):
        catalog = Catalog(settings.clean)
        try:
            books = Books(catalog, raw, settings, lock, flow_run)
            try:
                yield books
            except BaseException as error:
                with suppress(sqlite3.Error):  # what broke it off may be a full disk
                    # Ctrl-C and the cancellation by Prefect are no faults of the run.
                    books.break_off("failed" if isinstance(error, Exception) else "stopped")
                raise
        finally:
            catalog.close()
