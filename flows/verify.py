"""Proof that nothing was lost: every record in CLEAN is checked (`flows.proof`), texts without a record are named, and
so are records that name one source, files that a killed run left, and raw documents of which there is no record.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from flows import progress
from flows.cleaning import TEMPORARY
from flows.naming import FAILED, REVIEW
from flows.proof import Fails, Proof, prove
from flows.reading import find_documents
from flows.record import NotARecord, Record, from_bytes
from flows.runners import Death, processors, run_chunks
from flows.writing import is_temporary

_CHUNK = 256
_WORTH_WORKERS = 1000
"""Records from which starting worker processes (0.5 s) pays."""


@dataclass(frozen=True, slots=True)
class Folders:
    """What is verified: the CLEAN folder and, where raw files are compared, too, the RAW folder."""

    clean: str
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A record, the source that it names (None: not to be told), what is wrong with it, and what was proved of it.

    `passing` is a failure that says nothing about the document, whose earlier article therefore stays.
    """

    name: str
    source: str | None
    problem: str | None = None
    proof: Proof | None = None
    passing: bool = False


@dataclass(slots=True)
class Report:
    """How many records hold, how many documents were set aside, and what fails: file in CLEAN, and reason.

    `pages` of the records are those of pages. Where these were compared with their raw pages, `words` counts those of
    their kept blocks, and `located` those that were found where the XPaths of the blocks say.
    """

    verified: int = 0
    pages: int = 0
    set_aside: int = 0
    words: int = 0
    located: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)


@dataclass(slots=True)
class _Listing:
    records: list[str] = field(default_factory=list)
    texts: set[str] = field(default_factory=set)
    failures: list[str] = field(default_factory=list)
    temporary: list[str] = field(default_factory=list)


def verify(clean: Path, raw: Path | None = None, *, workers: int = 0) -> Report:
    """Check everything in the folder `clean`, and with `raw` the raw files, too.

    `workers` is 0 for as many processes as help. Raises `OSError` when a folder cannot be read.
    """
    folders = Folders(os.path.realpath(clean), os.path.realpath(raw) if raw is not None else None)
    listing = _listing(folders.clean)
    checked = list(_check_all(folders, listing, workers))
    proofs = [each.proof for each in checked if each.proof is not None]
    report = Report(
        verified=sum(proof.misplaced is None for proof in proofs),
        pages=sum(proof.misplaced is None for proof in proofs if proof.kind == "page"),
        set_aside=len(listing.failures),
        words=sum(proof.words for proof in proofs),
        located=sum(proof.located for proof in proofs),
        problems=[(each.name, each.problem) for each in checked if each.problem is not None],
    )
    recorded = {f"{name.removesuffix('.json')}.txt" for name in listing.records}
    report.problems += [(name, "it has no record") for name in listing.texts - recorded]
    report.problems += [(name, "it was left over by a run that was killed") for name in listing.temporary]
    report.problems += _shared_sources(checked)
    if raw is not None:
        known = {each.source for each in checked}
        missing = set(find_documents(raw, clean=clean).sources()) - known
        report.problems += [(source, "it lies in raw, and clean has no record of it") for source in missing]
    report.problems.sort()
    return report


def check(folders: Folders, name: str) -> Checked:
    """Check the record (or failure) in the file `name`, a path relative to CLEAN."""
    record: Record = {}
    try:
        record = read_record(folders.clean, name)
        if name.startswith(f"{FAILED}/"):
            check_failure(record)
            return Checked(name, cast("str", record["source"]), passing=record["reason"] in TEMPORARY)
        proof = prove(folders.clean, folders.raw, name, record)
    except Fails as problem:
        source = record.get("source")
        return Checked(name, source if isinstance(source, str) else None, str(problem))
    return Checked(name, cast("str", record["source"]), proof.misplaced, proof)


def record_names(clean: str) -> tuple[list[str], list[str]]:
    """The files in the folder `clean` that are records, and those that say why a document was set aside.

    Raises `OSError` when the folder cannot be read.
    """
    listing = _listing(clean)
    return listing.records, listing.failures


def _check_all(folders: Folders, listing: _Listing, workers: int) -> Iterable[Checked]:
    names = sorted(listing.records) + sorted(listing.failures)
    chunks = [names[start : start + _CHUNK] for start in range(0, len(names), _CHUNK)]
    if workers == 0:
        workers = processors() if len(names) >= _WORTH_WORKERS else 1
    for done, each in enumerate(run_chunks(check, folders, chunks, workers=workers, lost=_lost), 1):
        progress.report(done, len(names))
        yield each


def _lost(_: Folders, name: str, death: Death) -> Checked:
    return Checked(name, None, f"checking it {death.how}")


def _listing(clean: str) -> _Listing:
    listing = _Listing()
    for folder, folders, files in os.walk(clean, onerror=_raise):
        inside = os.path.relpath(folder, clean)
        if inside == ".":
            listing.temporary += filter(is_temporary, folders)
            folders[:] = [name for name in folders if name != REVIEW and not is_temporary(name)]
        for file in files:
            name = file if inside == "." else f"{inside.replace(os.sep, '/')}/{file}"
            if is_temporary(file):
                listing.temporary.append(name)
            elif name.startswith(f"{FAILED}/"):
                listing.failures.append(name)
            elif file.endswith(".json"):
                listing.records.append(name)
            elif file.endswith(".txt"):
                listing.texts.add(name)
    return listing


def _raise(error: OSError) -> None:
    raise error


def _shared_sources(checked: list[Checked]) -> list[tuple[str, str]]:
    counts = Counter(each.source for each in checked if each.source is not None and not each.passing)
    return [
        (each.name, f"another record names the same source, {each.source}")
        for each in checked
        if each.source is not None and counts[each.source] > 1 and not each.name.startswith(f"{FAILED}/")
    ]


def read_record(clean: str, name: str) -> Record:
    """The record in the file `name` in the folder `clean`; raises `Fails` when it is not as it was written."""
    try:
        return from_bytes(Path(clean, name).read_bytes())
    except OSError as error:
        raise Fails(f"it cannot be read: {error.strerror}") from None
    except NotARecord as error:
        raise Fails(str(error)) from None


def check_failure(record: Record) -> None:
    """Raises `Fails` when `record` is not that of a failure."""
    for name in ("source", "reason", "detail"):
        if not isinstance(record.get(name), str):
            raise Fails(f"it does not say the {name}")
