"""A new catalog from the records in CLEAN, where the old one is damaged or lost. What a record does not say, which file
in RAW it was made of, is found out by reading that: only where it is the very one is the next run to skip it.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from time import time_ns
from typing import Final, TypeVar, cast

from cleaners.page.cleaning import EXTRACTOR
from flows import progress
from flows.catalog import DATABASE, Catalog, Entry, faults_named, is_settled, locked
from flows.cleaning import Outcome
from flows.naming import FAILED, Place, places
from flows.proof import Fails, check_schema, checked_text
from flows.reading import Found, RawDocument, Refused, SetAside, find_documents, read_raw
from flows.record import Record, edits_of, origin_as_json, spans_of
from flows.runners import Death, processors, run_chunks
from flows.showing import shown_name
from flows.terminal import new_console, show_list, show_table
from flows.unpacking import read_sidecar, unpack
from flows.verify import check_failure, read_record, record_names
from flows.writing import remove_temporary

_CHUNK: Final = 256
_WORTH_WORKERS: Final = 1000
"""Records from which starting worker processes (0.5 s) pays."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(slots=True)
class Rebuilt:
    """What a new catalog holds: `clean` documents, of which `known` need not be cleaned again, and those set `aside`.

    `problems` names the records that were not entered, with the reason, and `kept` the old catalog, if there was one.
    """

    clean: int = 0
    known: int = 0
    aside: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)
    kept: str | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """What stands in a record: its entry, or the reason why it is none; `origin` is that of a page."""

    name: str
    entry: Entry | None = None
    problem: str = ""
    origin: Record | None = None


def rebuild(clean: Path, raw: Path | None = None, *, workers: int = 0) -> Rebuilt:
    """Put a new catalog, made from the records, in the place of the one in the folder `clean`, which is kept aside.

    With `raw` each raw document is read once, and those that are what was cleaned are skipped by the next run; all
    others it cleans again. `workers` is 0 for as many processes as help. Raises `CatalogError` while a run is writing
    there, and `OSError` when a folder cannot be read or written.
    """
    folder = os.path.realpath(clean)
    with locked(folder), faults_named(folder):
        remove_temporary(folder)
        found_at = time_ns()
        found = find_documents(raw, clean=clean) if raw is not None else Found()
        documents = found.documents
        records, failures = record_names(folder)
        names = [*sorted(records), *sorted(failures)]
        told = _Told(len(names) + len(documents))  # not all of which there may be records of
        reads = list(
            told.each(run_chunks(read, folder, _chunks(names), workers=_workers(workers, names), lost=_unread))
        )
        rebuilt = Rebuilt(problems=[(each.name, each.problem) for each in reads if each.entry is None])
        # As the next run will find them, and then what is gone.
        given = places({each.entry.outcome.source for each in reads if each.entry}) | places(found.sources())
        known = _by_source(reads, given, rebuilt)
        pairs = [(each, known[each.source]) for each in documents if each.source in known]
        same = {
            document.source: document
            for document in told.each(
                run_chunks(matching, None, _chunks(pairs), workers=_workers(workers, pairs), lost=_unmatched)
            )
            if document is not None and is_settled(document, found_at)
        }
        entries = [
            replace(entry, place=_place(entry, given), found=same.get(source))
            for source, each in known.items()
            if (entry := each.entry) is not None
        ]
        rebuilt.kept = _put_aside(folder)
        catalog = Catalog(folder)
        try:
            catalog.enter(entries, str(raw) if raw is not None else "")
        finally:
            catalog.close()
    rebuilt.aside = sum(entry.outcome.set_aside is not None for entry in entries)
    rebuilt.clean = len(entries) - rebuilt.aside
    rebuilt.known = len(same)
    return rebuilt


def show_rebuilt(rebuilt: Rebuilt) -> None:
    """Print what became of the catalog."""
    show_table(
        new_console(),
        [
            ("clean", f"{rebuilt.clean:,}"),
            ("of these unchanged, as their raw documents show", f"{rebuilt.known:,}"),
            ("set aside", f"{rebuilt.aside:,}"),
            ("left out", f"{len(rebuilt.problems):,}"),
        ],
    )
    show_list("Left out", [f"{shown_name(name)}: {shown_name(problem)}" for name, problem in rebuilt.problems])
    if rebuilt.kept is not None:
        print(f"\nThe old catalog is kept: {shown_name(rebuilt.kept)}")


def read(clean: str, name: str) -> Read:
    """Read the record (or failure) in the file `name`, and the article beside it."""
    try:
        record = read_record(clean, name)
        if name.startswith(f"{FAILED}/"):
            check_failure(record)
            return Read(name, _failure(record, name, _size(clean, name)))
        check_schema(record)
        checked_text(clean, name, record)
    except Fails as problem:
        return Read(name, problem=str(problem))
    stem = name.removesuffix(".json")
    entry = _entry(record, stem, (_size(clean, f"{stem}.txt"), _size(clean, name)))
    return Read(name, entry, origin=cast("Record | None", record.get("origin")))


def matching(_: None, pair: tuple[RawDocument, Read]) -> RawDocument | None:
    """The raw document, where it is what the clean article was made of."""
    document, read_of_it = pair
    entry = read_of_it.entry
    if entry is None or entry.outcome.set_aside is not None:
        return None  # a record of a failure does not say under which limits
    try:
        raw = read_raw(document.path, entry.size)
        if hashlib.sha256(raw).hexdigest() != entry.outcome.sha256:
            return None
        if read_of_it.origin is not None:
            sidecar = read_sidecar(document.sidecar) if document.sidecar is not None else None
            if origin_as_json(unpack(document.source, raw, sidecar).origin) != read_of_it.origin:
                return None
    except Refused:
        return None
    return document


def _entry(record: Record, stem: str, outputs: tuple[int, ...]) -> Entry:
    words, raw = cast("dict[str, int]", record["words"]), cast("Record", record["raw"])
    edits = Counter(edit.cleaner for edit in edits_of(record))
    spans = len(spans_of(record)) if record["kind"] == "page" else 0
    edits.update({EXTRACTOR: spans} if spans else {})
    source = cast("str", record["source"])
    outcome = Outcome(
        source,
        words["source"],
        words["clean"],
        tuple(sorted(edits.items())),
        sha256=cast("str", raw["sha256"]),
        outputs=outputs,
    )
    return Entry(outcome, Place(stem, ""), cast("int", raw["bytes"]), cast("str", record["fingerprint"]))


def _failure(record: Record, name: str, size: int) -> Entry:
    raw = cast("dict[str, object]", record.get("raw") or {})
    sha256, count_of_bytes = cast("str | None", raw.get("sha256")), cast("int | None", raw.get("bytes"))
    source, reason, detail = (cast("str", record[key]) for key in ("source", "reason", "detail"))
    problem = SetAside(source, reason, detail, sha256, count_of_bytes)
    outcome = Outcome(problem.source, set_aside=problem, sha256=sha256, outputs=(size,))
    return Entry(outcome, Place("", name), count_of_bytes, None)


def _by_source(reads: Sequence[Read], given: Mapping[str, Place], rebuilt: Rebuilt) -> dict[str, Read]:
    """What is known of each source; a failure, which comes last, is newer than an article that was kept."""
    known: dict[str, Read] = {}
    for each in reads:
        if each.entry is None:
            continue
        source = each.entry.outcome.source
        if each.entry.outcome.set_aside is None and each.entry.place.stem != given[source].stem:
            rebuilt.problems.append((each.name, f"its place is now {given[source].stem}.json"))
            continue
        known[source] = each
    return known


def _place(entry: Entry, given: Mapping[str, Place]) -> Place:
    place = given[entry.outcome.source]
    return Place(entry.place.stem or place.stem, entry.place.failed or place.failed)


def _put_aside(clean: str) -> str | None:
    """Give the catalog and what belongs to it a name that no other has; gives that, or None where there was none."""
    path = os.path.join(clean, DATABASE)
    if not os.path.lexists(path):
        return None
    stem = path.removesuffix(".sqlite")
    kept = next(name for number in count(1) if not os.path.lexists(name := f"{stem}.before-rebuild-{number}.sqlite"))
    # Its log before itself: a new catalog must never find the log of another.
    for ending in ("-shm", "-wal", ""):
        with suppress(FileNotFoundError):
            os.replace(path + ending, kept + ending)
    return kept


def _size(clean: str, name: str) -> int:
    return os.path.getsize(os.path.join(clean, name))


def _chunks(items: Sequence[Item]) -> list[Sequence[Item]]:
    return [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]


def _workers(asked: int, items: Sequence[object]) -> int:
    return asked or (processors() if len(items) >= _WORTH_WORKERS else 1)


def _unread(_: str, name: str, death: Death) -> Read:
    return Read(name, problem=f"reading it {death.how}")


def _unmatched(_: None, pair: tuple[RawDocument, Read], death: Death) -> RawDocument | None:
    return None


class _Told:
    """Tells whoever listens how far the whole is, over several parts."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0

    def each(self, results: Iterator[Result]) -> Iterator[Result]:
        for result in results:
            self._done += 1
            progress.report(self._done, self._total)
            yield result
