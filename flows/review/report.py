"""The making of the review site: figures of every document, pages of those that most need a look, all written to a
folder of its own, which takes the place of an older report when it is whole.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from importlib import resources
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

from flows import progress
from flows.catalog import Catalog, DocumentRow, faults_named, locked
from flows.naming import CATALOG, REVIEW
from flows.proof import Fails, check_schema, source_text
from flows.record import Record
from flows.review import SAMPLE, ReportRefused
from flows.review.digest import Digest, broken, digest_of, read_record
from flows.review.gather import Chosen, Figures, chosen
from flows.review.pages import (
    Made,
    Neighbours,
    document_page,
    list_page,
    list_row,
    list_rows,
    now,
    overview_page,
    problem_page,
)
from flows.runners import Death, processors, run_chunks
from flows.showing import shown_name

LISTED: Final = 100_000
"""Documents without a page that are listed: browsers hold no more rows well."""

_WRITTEN: Final = frozenset({"index.html", "documents.html", "documents", "data", "static"})
"""What a report holds."""
_LOCK: Final = f"{CATALOG}/review.lock"
_SHARD: Final = 20_000
_CHUNK: Final = 64
_WORTH_WORKERS: Final = 5_000
"""Documents from which starting worker processes (1.5 s, until they have loaded what they need) pays."""
_PAGES_WORTH_WORKERS: Final = 300
"""The same for pages, which take longer."""
_ROWS: Final = 10_000
_RUNS: Final = 12


Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Report:
    """A finished report: its first page, documents in it, those with a page, and those whose record does not hold.

    `gaps` are the pages that lack text which neither the record holds nor the raw folder.
    """

    index: Path
    documents: int
    pages: int
    broken: int
    gaps: int = 0


@dataclass(frozen=True, slots=True)
class _Folders:
    """Where documents are read from, and where their pages go."""

    clean: str
    raw: str | None
    site: str
    made: Made


@dataclass(frozen=True, slots=True)
class _Job:
    """A document that gets a page."""

    digest: Digest
    near: Neighbours


def make_report(clean: Path, *, raw: Path | None = None, sample: int = SAMPLE, workers: int = 0) -> Report:
    """Make the review site of the folder `clean` in its folder `_review`, in place of an older one.

    `raw` is the folder of raw documents, that of the last run unless told; `sample` is how many documents get a page,
    the worst first: those from which a share was removed that is furthest from the usual. `workers` is 0 for as many
    processes as help.

    Raises `ReportRefused`, `CatalogError` when there is no catalog that can be used or another report is being made,
    and `OSError` when the site cannot be written.
    """
    if sample < 0:
        raise ReportRefused(f"the sample is a number of documents, not {sample}")
    if not clean.is_dir():
        raise ReportRefused(f"there is no folder {clean}")
    folder = os.path.realpath(clean)
    place = os.path.join(folder, REVIEW)
    if foreign := _foreign(place):
        raise ReportRefused(f"{shown_name(foreign)} is none of a report, which would take its place: move it away")
    with faults_named(folder):
        catalog = Catalog(folder, read_only=True)
        try:
            with locked(folder, _LOCK):
                return _made(catalog, folder, place, raw, sample, workers)
        finally:
            catalog.close()


def _foreign(place: str) -> str | None:
    """What stands where the report is to stand and was not written by one before."""
    if not os.path.lexists(place):
        return None
    if os.path.islink(place) or not os.path.isdir(place):
        return place
    others = sorted(set(os.listdir(place)) - _WRITTEN)
    return os.path.join(place, others[0]) if others else None


def _made(catalog: Catalog, clean: str, place: str, raw: Path | None, sample: int, workers: int) -> Report:
    for name in os.listdir(clean):
        if name.startswith(_TEMPORARY):  # of a report that was killed: this one has the lock
            shutil.rmtree(os.path.join(clean, name), ignore_errors=True)
    temporary = os.path.join(clean, f"{_TEMPORARY}{os.getpid()}.tmp")
    try:
        os.makedirs(os.path.join(temporary, "site", "documents"))
        report = _written(catalog, clean, temporary, raw, sample, workers)
        # The old one is moved away first: what stands there is always whole.
        if os.path.lexists(place):
            os.rename(place, os.path.join(temporary, "old"))
        os.rename(os.path.join(temporary, "site"), place)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    return replace(report, index=Path(place, "index.html"))


_TEMPORARY: Final = ".cleancopy-review-"


def _written(catalog: Catalog, clean: str, temporary: str, raw: Path | None, sample: int, workers: int) -> Report:
    site = Path(temporary, "site")
    known = str(raw) if raw is not None else catalog.raw()
    figures = Figures()
    total = sum(catalog.states().values())
    spool = Path(temporary, "digests")
    with open(spool, "wb") as file:
        for done, digest in enumerate(_digests(catalog, clean, total, workers), 1):
            figures.add(digest)
            pickle.dump(digest, file, pickle.HIGHEST_PROTOCOL)
            progress.report(done, total + min(sample, total))
    picked = chosen(_read(spool), figures.usual, sample)
    rows = total if total <= LISTED else min(total, LISTED + len(picked.worst))
    made = Made(
        raw=known,
        when=now(),
        name=hashlib.sha256(clean.encode("utf-8", "surrogateescape")).hexdigest()[:12],
        sample=sample,
        pages=len(picked.worst),
        listed=rows,
        data=tuple(f"data/documents-{number}.js" for number in range(-(-rows // _ROWS))),
        noises=tuple(sorted(figures.noises)),
    )
    problems, gaps = _write_pages(_Folders(clean, known, str(site), made), picked, total, workers)
    for digest in picked.worst:
        if digest.key in problems:
            figures.states["broken"] += 1
            figures.states[digest.state] -= 1
            figures.reasons["does not hold"] += 1
    _write_list(site, spool, figures, picked, problems, made)
    _write(site / "documents.html", list_page(figures, made))
    _write(site / "index.html", overview_page(figures, picked, catalog.runs(_RUNS), made))
    shutil.copytree(str(resources.files("flows.review") / "static"), site / "static")
    return Report(site / "index.html", total, len(picked.worst), figures.states["broken"], gaps)


def _digests(catalog: Catalog, clean: str, total: int, workers: int) -> Iterator[Digest]:
    rows = catalog.documents()
    while shard := list(islice(rows, _SHARD)):
        yield from run_chunks(
            digest_of, clean, _chunks(shard), workers=_workers(workers, total >= _WORTH_WORKERS), lost=_lost_digest
        )


def _lost_digest(_: str, row: DocumentRow, death: Death) -> Digest:
    return broken(row, f"reading its record {death.how}")


def _chunks(items: Sequence[Item]) -> list[Sequence[Item]]:
    return [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]


def _workers(workers: int, worth: bool) -> int:
    """How many workers there are to be, where `worth` says whether more than one is worth its start."""
    if workers:
        return workers
    return processors() if worth else 1


def _read(spool: Path) -> Iterator[Digest]:
    with open(spool, "rb") as file:
        yield from _unpickled(file)


def _unpickled(file: BinaryIO) -> Iterator[Digest]:
    while True:
        try:
            yield pickle.load(file)
        except EOFError:
            return


def _write_pages(folders: _Folders, picked: Chosen, total: int, workers: int) -> tuple[dict[str, str], int]:
    """Write a page for each of the worst documents.

    Gives what is wrong with those that cannot be shown, by key, and how many have gaps.
    """
    keys = [digest.key for digest in picked.worst]
    jobs = [
        _Job(
            digest,
            Neighbours(
                keys[place - 1] if place else None,
                keys[place + 1] if place + 1 < len(keys) else None,
                place + 1,
                len(keys),
            ),
        )
        for place, digest in enumerate(picked.worst)
    ]
    problems: dict[str, str] = {}
    gaps = 0
    written = run_chunks(
        _write_page,
        folders,
        _chunks(jobs),
        workers=_workers(workers, len(jobs) >= _PAGES_WORTH_WORKERS),
        lost=_lost_page,
    )
    for done, (key, problem, gap) in enumerate(written, 1):
        if problem is not None:
            problems[key] = problem
        gaps += gap
        progress.report(total + done, total + len(jobs))
    return problems, gaps


_WrittenPage = tuple[str, str | None, bool]


def _write_page(folders: _Folders, job: _Job) -> _WrittenPage:
    """Write the page of a document; gives its key, what is wrong with it, and whether it has gaps."""
    digest = job.digest
    record: Record = {}
    try:
        record = read_record(folders.clean, digest.source, digest.stem)
        source = source_text(folders.clean, folders.raw, f"{digest.stem}.json", record)
        page = document_page(digest, record, source, job.near, folders.made)
    except Fails as problem:
        return _write_problem(folders, job, str(problem))
    except Exception as error:
        # A record that fits its own hash may still be of any form, and one of them must not stop the report.
        return _write_problem(folders, job, _fault(record, error))
    _write(Path(folders.site, "documents", f"{digest.key}.html"), page)
    return digest.key, None, bool(source.gaps)


def _fault(record: Record, error: Exception) -> str:
    """What is wrong with a record that cannot be shown."""
    try:
        check_schema(record)
    except Fails as problem:
        return str(problem)
    return f"it cannot be shown: {type(error).__name__}: {error}"


def _write_problem(folders: _Folders, job: _Job, problem: str) -> _WrittenPage:
    page = problem_page(job.digest, problem, job.near, folders.made)
    _write(Path(folders.site, "documents", f"{job.digest.key}.html"), page)
    return job.digest.key, problem, False


def _lost_page(folders: _Folders, job: _Job, death: Death) -> _WrittenPage:
    return _write_problem(folders, job, f"making its page {death.how}")


def _write_list(
    site: Path, spool: Path, figures: Figures, picked: Chosen, problems: dict[str, str], made: Made
) -> None:
    """Write the rows of the list: of all documents with a page, and of others as far as a browser can hold them."""
    paged = {digest.key for digest in picked.worst}
    (site / "data").mkdir()
    left = LISTED
    rows: list[list[object]] = []
    number = 0

    def flush() -> None:
        nonlocal number
        if rows:
            _write(site / made.data[number], list_rows(rows))
            rows.clear()
            number += 1

    for digest in _read(spool):
        if digest.key not in paged and made.listed > LISTED:
            if not left:
                continue
            left -= 1
        each = digest
        if digest.key in problems:
            each = digest._replace(state="broken", detail=problems[digest.key])
        distance = figures.usual.distance(digest) if digest.kind else 0.0
        rows.append(list_row(each, distance, made.noises, paged=digest.key in paged))
        if len(rows) == _ROWS:
            flush()
    flush()


def _write(path: Path, content: bytes) -> None:
    with open(path, "xb") as file:
        file.write(content)
