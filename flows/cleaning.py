"""One document, from its raw bytes to its clean article and record. This is what a worker process runs, so
nothing here imports Prefect.
"""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from cleaners import PhraseBook, clean_text, revert
from cleaners.decode import NotText, decode, encode
from flows.naming import Place, possible_stems
from flows.reading import RawDocument, Refused, SetAside, read_raw
from flows.record import Record, clean_bytes, count_words, failure_of, from_bytes, record_of, to_bytes
from flows.writing import OutsideClean, remove_file, write_file

TEMPORARY = frozenset({"unreadable", "not-a-file", "link-outside", "unwritable", "outside-clean"})
"""Reasons that say nothing about the document's content: what was cleaned of it earlier stays."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is the same for every document of a run. `phrases` is the text of the user's phrase file."""

    clean: str
    fingerprint: str
    max_bytes: int
    skip: tuple[str, ...] = ()
    phrases: str | None = None
    phrases_name: str = "phrases"


@dataclass(frozen=True, slots=True)
class Job:
    """A document and the place of its outputs."""

    document: RawDocument
    place: Place


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: how many words, edits by noise type, or why it was set aside."""

    source: str
    words_in: int = 0
    words_out: int = 0
    edits: tuple[tuple[str, int], ...] = ()
    set_aside: SetAside | None = None


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned document before it is written: content of the clean file, and record."""

    content: bytes
    record: Record
    outcome: Outcome


def clean_job(settings: Settings, job: Job) -> Outcome:
    """Read, clean and write one document, or set it aside.

    Raises `OSError` only when even the failure cannot be written: then CLEAN itself is at fault, not a
    document.
    """
    source = job.document.source
    raw: bytes | None = None
    try:
        raw = read_raw(job.document.path, settings.max_bytes)
        cleaned = clean_raw(source, raw, settings)
        write_file(settings.clean, f"{job.place.stem}.txt", cleaned.content)
        write_file(settings.clean, f"{job.place.stem}.json", to_bytes(cleaned.record))
    except Refused as error:
        problem = (error.reason, str(error))
    except OutsideClean as error:
        problem = ("outside-clean", str(error.strerror))
    except OSError as error:
        problem = ("unwritable", f"its clean article cannot be written: {error.strerror}")
    else:
        remove_file(settings.clean, job.place.failed)
        return cleaned.outcome
    digest = hashlib.sha256(raw).hexdigest() if raw is not None else None
    return set_aside(settings, job.place, SetAside(source, *problem, digest, len(raw) if raw is not None else None))


def clean_raw(source: str, raw: bytes, settings: Settings) -> Cleaned:
    """The clean article and the record of `raw`.

    Raises `Refused` when the bytes are no text, when a cleaner fails on them, or when the raw bytes could not
    be made again from what would be written.
    """
    try:
        decoded = decode(raw)
        book = phrase_book(settings.phrases, settings.phrases_name)
        result = clean_text(decoded.text, skip=settings.skip, book=book)
        words = (count_words(decoded.text), count_words(result.text))
        cleaned = Cleaned(
            clean_bytes(result.text),
            record_of(source, raw, decoded, result, settings.fingerprint),
            Outcome(source, *words, tuple(sorted(Counter(edit.cleaner for edit in result.edits).items()))),
        )
        exact = revert(result.text, result.edits) == decoded.text and encode(decoded) == raw
    except NotText as error:
        raise Refused(error.reason, error.detail) from None
    except Exception as error:
        # A fault in one cleaner must not stop a run over a million documents; the reason names it.
        raise Refused("cleaning-failed", f"{type(error).__name__}: {error}") from error
    if not exact:
        raise Refused("not-reversible", "its raw bytes could not be made again from its clean text and edits")
    return cleaned


def set_aside(settings: Settings, place: Place, problem: SetAside) -> Outcome:
    """Record that a document was set aside; when its content is the reason, an older clean article goes.

    Raises `OSError` when that cannot be written.
    """
    write_file(settings.clean, place.failed, to_bytes(failure_of(problem)))
    if problem.reason not in TEMPORARY:
        remove_file(settings.clean, f"{place.stem}.txt")
        remove_file(settings.clean, f"{place.stem}.json")
    return Outcome(problem.source, set_aside=problem)


def lost(settings: Settings, job: Job, how: str) -> Outcome:
    """Set aside a document that ended the process that cleaned it; `how` says in what way."""
    size = job.document.size
    return set_aside(settings, job.place, SetAside(job.document.source, "worker-died", f"cleaning it {how}", size=size))


def remove_moved(settings: Settings, given: Mapping[str, Place]) -> None:
    """Remove clean articles that an earlier run wrote under another name than their source has now.

    That comes about when `b.txt` joins `b.md`, or leaves it: else two records would name one source.
    """
    for source, place in given.items():
        for stem in possible_stems(source):
            if stem != place.stem and _is_of(source, os.path.join(settings.clean, f"{stem}.json")):
                remove_file(settings.clean, f"{stem}.txt")
                remove_file(settings.clean, f"{stem}.json")


@lru_cache(maxsize=4)
def phrase_book(phrases: str | None, name: str) -> PhraseBook:
    """The standard phrases and those of the user.

    Raises `PhraseError` that names file, line and reason.
    """
    book = PhraseBook.standard()
    return book if phrases is None else book.with_user(phrases, name)


def _is_of(source: str, path: str) -> bool:
    """Whether the file at `path` is a record of `source`."""
    try:
        with open(path, "rb") as file:
            return from_bytes(file.read()).get("source") == source
    except (OSError, ValueError):
        return False
