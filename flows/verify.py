"""Proof that nothing was lost: for every record in CLEAN, the clean article and the edits give back the
source text, the source text and the encoding give back the raw bytes, and their hash is the one that was
recorded.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import cast

from jsonschema import Draft202012Validator

from cleaners import EditError, metadata_from, revert
from cleaners.decode import encode
from flows import progress
from flows.naming import FAILED, possible_stems
from flows.reading import Refused, find_documents, read_raw
from flows.record import (
    NotARecord,
    Record,
    clean_text_of,
    count_words,
    decoded_of,
    edits_of,
    from_bytes,
    identity,
    metadata_as_json,
)
from flows.runners import processors, run_chunks
from flows.writing import is_temporary

_CHUNK = 256
_WORTH_WORKERS = 1000
"""Records from which starting worker processes (0.5 s) pays."""


class Fails(Exception):  # noqa: N818  (it is the finding)
    """A check that a document fails; the message says which."""


@dataclass(frozen=True, slots=True)
class Folders:
    """What is verified: the CLEAN folder and, where raw files are compared, too, the RAW folder."""

    clean: str
    raw: str | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """A record, the source that it names (None: not to be told), and what is wrong with it, if anything."""

    name: str
    source: str | None
    problem: str | None


@dataclass(slots=True)
class Report:
    """How many records hold, how many documents were set aside, and what fails: file in CLEAN, and reason."""

    verified: int = 0
    set_aside: int = 0
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
    report = Report(
        verified=sum(each.problem is None for each in checked if not each.name.startswith(f"{FAILED}/")),
        set_aside=len(listing.failures),
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
        record = _read(folders.clean, name)
        if name.startswith(f"{FAILED}/"):
            _check_failure(record)
        else:
            _check_record(folders, name, record)
    except Fails as problem:
        source = record.get("source")
        return Checked(name, source if isinstance(source, str) else None, str(problem))
    return Checked(name, cast("str", record["source"]), None)


def _check_all(folders: Folders, listing: _Listing, workers: int) -> Iterable[Checked]:
    names = sorted(listing.records) + sorted(listing.failures)
    chunks = [names[start : start + _CHUNK] for start in range(0, len(names), _CHUNK)]
    if workers == 0:
        workers = processors() if len(names) >= _WORTH_WORKERS else 1
    for done, each in enumerate(run_chunks(check, folders, chunks, workers=workers, lost=_lost), 1):
        progress.report(done, len(names))
        yield each


def _lost(_: Folders, name: str, how: str) -> Checked:
    return Checked(name, None, f"checking it {how}")


def _listing(clean: str) -> _Listing:
    listing = _Listing()
    for folder, _, files in os.walk(clean, onerror=_raise):
        inside = os.path.relpath(folder, clean)
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
    counts = Counter(each.source for each in checked if each.source is not None)
    return [
        (each.name, f"another record names the same source, {each.source}")
        for each in checked
        if each.source is not None and counts[each.source] > 1 and not each.name.startswith(f"{FAILED}/")
    ]


def _read(clean: str, name: str) -> Record:
    try:
        return from_bytes(Path(clean, name).read_bytes())
    except OSError as error:
        raise Fails(f"it cannot be read: {error.strerror}") from None
    except NotARecord as error:
        raise Fails(str(error)) from None


def _check_failure(record: Record) -> None:
    for name in ("source", "reason", "detail"):
        if not isinstance(record.get(name), str):
            raise Fails(f"it does not say the {name}")


def _check_record(folders: Folders, name: str, record: Record) -> None:
    _check_schema(record)
    source = cast("str", record["source"])
    stem = name.removesuffix(".json")
    if stem not in possible_stems(source):
        raise Fails(f"it was moved: it is the record of {source}")
    text = _check_clean_file(Path(folders.clean, f"{stem}.txt"), cast("Record", record["clean"]))
    edits = edits_of(record)
    try:
        source_text = revert(text, edits)
    except EditError as error:
        raise Fails(f"its edits do not fit its clean text: {error}") from None
    _check_raw(record, source_text)
    if record["words"] != {"source": count_words(source_text), "clean": count_words(text)}:
        raise Fails("its numbers of words are wrong")
    language = cast("str | None", cast("Record", record["metadata"])["language"])
    if record["metadata"] != metadata_as_json(metadata_from(edits, language)):
        raise Fails("its metadata are not those that its edits lifted")
    if folders.raw is not None:
        _check_raw_file(os.path.join(folders.raw, source), cast("Record", record["raw"]))


def _check_schema(record: Record) -> None:
    error = next(_validator().iter_errors(record), None)
    if error is not None:
        raise Fails(f"it does not fit the schema: {error.json_path}: {error.message[:200]}")


@cache
def _validator() -> Draft202012Validator:
    schema = json.loads(Path(__file__).with_name("record.schema.json").read_bytes())
    return Draft202012Validator(schema)


def _check_clean_file(path: Path, recorded: Record) -> str:
    """The clean text in the file at `path`, which must be as recorded."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Fails("its clean text is gone") from None
    except OSError as error:
        raise Fails(f"its clean text cannot be read: {error.strerror}") from None
    if identity(content) != recorded:
        raise Fails("its clean text was changed")
    try:
        return clean_text_of(content)
    except ValueError as error:
        raise Fails(f"its clean text is none: {error}") from None


def _check_raw(record: Record, source_text: str) -> None:
    try:
        raw = encode(decoded_of(record, source_text))
    except (ValueError, LookupError, KeyError) as error:
        raise Fails(f"its source text does not stand in its encoding: {error}") from None
    if identity(raw) != cast("Record", record["raw"]):
        raise Fails("its clean text and edits do not give back its raw bytes")


def _check_raw_file(path: str, recorded: Record) -> None:
    try:
        raw = read_raw(path, None)
    except Refused as error:
        raise Fails(f"its raw file: {error}") from None
    if identity(raw) != recorded:
        raise Fails("its raw file has changed since")
