"""One document, from its raw bytes to its clean article and record. This is what a worker process runs, so
nothing here imports Prefect.
"""

from __future__ import annotations

import errno
import hashlib
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, cast

from cleaners import Overrides, PhraseBook, clean_html, clean_text, revert
from cleaners.decode import Decoded, NotText, decode, encode
from cleaners.page.decode import DecodedPage, decode_page
from flows.budget import MAX_CHARACTERS, MAX_DEPTH, MAX_ELEMENTS, MAX_MEMORY, MAX_SECONDS, Budget
from flows.naming import Place, possible_stems
from flows.reading import Kind, RawDocument, Refused, SetAside, kind_of, read_raw
from flows.record import (
    Record,
    clean_bytes,
    count_words,
    failure_of,
    from_bytes,
    page_record,
    text_record,
    to_bytes,
)
from flows.runners import Death
from flows.unpacking import Unpacked, read_sidecar, unpack
from flows.writing import OutsideClean, remove_file, write_files

if TYPE_CHECKING:
    from cleaners import CleanResult

TEMPORARY = frozenset({"unreadable", "changing", "not-a-file", "link-outside", "unwritable", "outside-clean"})
"""Reasons that say nothing about the document's content: what was cleaned of it earlier stays."""


_OF_THE_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO})
"""Faults of CLEAN that no other document would be spared."""

_NO_NAME = frozenset({errno.EINVAL, errno.EILSEQ, errno.ENAMETOOLONG})
"""What a file system says of a name that it cannot hold."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What is the same for every document of a run.

    `phrases` is the text of the user's phrase file, `overrides` that of the file of overrides; `fingerprint` stands for
    all but the overrides that are for single documents.

    `comments` says whether the comments of readers are lifted from pages, `full_text` whether the records of pages hold
    the text of everything that was removed. `max_seconds` (of CPU time) and `max_memory` (in bytes) are what one
    document may cost, `max_bytes` is how large it may be, also once it is unpacked, and `max_characters` how long once
    it is decoded; `max_elements` a page may have, nested `max_depth` deep.
    """

    clean: str
    fingerprint: str
    max_bytes: int
    skip: tuple[str, ...] = ()
    phrases: str | None = None
    phrases_name: str = "phrases"
    overrides: str | None = None
    overrides_name: str = "overrides"
    comments: bool = True
    full_text: bool = False
    max_seconds: float = MAX_SECONDS
    max_memory: int = MAX_MEMORY
    max_characters: int = MAX_CHARACTERS
    max_elements: int = MAX_ELEMENTS
    max_depth: int = MAX_DEPTH

    def fingerprint_of(self, source: str) -> str:
        """What the clean article of one document depends on: with overrides of its own another than the others have."""
        overrides = overrides_of(self)
        own = overrides.digest(source) if overrides is not None else None
        return self.fingerprint if own is None else hashlib.sha256(f"{self.fingerprint} {own}".encode()).hexdigest()

    def limits_of(self, source: str) -> str:
        """What it depends on whether a document fails: its fingerprint, and the limits."""
        content = f"{self.max_bytes} {self.max_characters} {self.max_elements} {self.max_depth}"
        return f"{self.fingerprint_of(source)} {content} {self.max_seconds:g} {self.max_memory}"

    @property
    def budget(self) -> Budget:
        """What one document may cost."""
        return Budget(self.max_seconds, self.max_memory)


@dataclass(frozen=True, slots=True)
class Job:
    """A document and the place of its outputs."""

    document: RawDocument
    place: Place


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one document: how many words, edits by noise type, or why it was set aside.

    `sha256` is that of the raw bytes, None where they could not be read; `outputs` are the sizes in bytes of article
    and record, or of the failure record.
    """

    source: str
    words_in: int = 0
    words_out: int = 0
    edits: tuple[tuple[str, int], ...] = ()
    set_aside: SetAside | None = None
    sha256: str | None = None
    outputs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A cleaned document before it is written: content of the clean file, and record."""

    content: bytes
    record: Record
    outcome: Outcome


def clean_job(settings: Settings, job: Job) -> Outcome:
    """Read, clean and write one document, or set it aside.

    Raises `OSError` when the disk is at fault, or not even the failure can be written: then it is CLEAN, not a
    document. Raises `MemoryError` as `clean_raw` does.
    """
    source = job.document.source
    raw: bytes | None = None
    try:
        raw = read_raw(job.document.path, settings.max_bytes)
        sidecar = read_sidecar(job.document.sidecar) if job.document.sidecar is not None else None
        cleaned = clean_raw(source, raw, settings, sidecar)
        outputs = (cleaned.content, to_bytes(cleaned.record))
        write_files(
            settings.clean, dict(zip((f"{job.place.stem}.txt", f"{job.place.stem}.json"), outputs, strict=True))
        )
    except Refused as error:
        problem = (error.reason, str(error))
    except OutsideClean as error:
        problem = ("outside-clean", str(error.strerror))
    except OSError as error:
        if error.errno in _OF_THE_DISK:
            raise
        problem = ("unwritable", f"its clean article cannot be written: {error.strerror}")
    else:
        remove_file(settings.clean, job.place.failed)
        return replace(cleaned.outcome, outputs=tuple(map(len, outputs)))
    digest = hashlib.sha256(raw).hexdigest() if raw is not None else None
    return set_aside(settings, job.place, SetAside(source, *problem, digest, len(raw) if raw is not None else None))


def load(settings: Settings, *, kinds: Iterable[Kind]) -> None:
    """Load what cleaning documents of these `kinds` takes, phrases and libraries, so that none is charged for it."""
    sentences = "The old ferry runs again. It was out of service for a year, and the town paid for it. " * 9
    samples = {
        "text": ("a.txt", [f"{sentences}\n\nCafÃ©"]),
        # On a short page trafilatura asks jusText as well, whose lists of words take 0.4 s to read.
        "page": ("a.html", [f"<p>{sentences}</p><p>{sentences}</p>", "<p>The old ferry runs again.</p>"]),
    }
    for kind in kinds:
        source, raws = samples[kind]
        for raw in raws:
            with suppress(Refused):  # settings may be such that nothing gets through
                clean_raw(source, raw.encode(), settings)


def clean_raw(source: str, raw: bytes, settings: Settings, sidecar: bytes | None = None) -> Cleaned:
    """The clean article and the record of the file `source` with the bytes `raw`.

    Raises `Refused` when the file holds no document, when its bytes are no text, when a cleaner fails on them, or
    when they could not be made again from what would be written; `MemoryError` when there is not enough memory.
    """
    with faults_refused():
        return clean_unpacked(kind_of(source), source, raw, unpack(source, raw, sidecar, settings.max_bytes), settings)


def clean_unpacked(kind: Kind, source: str, raw: bytes, unpacked: Unpacked, settings: Settings) -> Cleaned:
    """The clean article and the record of the document `unpacked` from the bytes `raw`; raises as `clean_raw` does."""
    with faults_refused():
        clean = _clean_page if kind == "page" else _clean_text
        return clean(source, raw, unpacked, settings)


@contextmanager
def faults_refused() -> Iterator[None]:
    """Within this context, a document that cannot be cleaned raises `Refused`, whatever the fault; or `MemoryError`."""
    try:
        yield
    except (Refused, MemoryError):
        raise
    except NotText as error:
        raise Refused(error.reason, error.detail) from None
    except Exception as error:
        # A fault in one cleaner must not stop a run over a million documents; the reason names it.
        raise Refused("cleaning-failed", f"{type(error).__name__}: {error}") from error


def read_text(source: str, content: bytes, settings: Settings) -> tuple[Decoded, CleanResult]:
    """The text in the `content` of the document `source` as it was read, and cleaned."""
    decoded = decode(content)
    _check_length(decoded.text, settings)
    return decoded, clean_text(
        decoded.text, skip=settings.skip, book=_book(settings), overrides=overrides_of(settings), document=source
    )


def read_page(source: str, unpacked: Unpacked, settings: Settings) -> tuple[DecodedPage, CleanResult]:
    """The page `source` as it was read, and cleaned."""
    decoded = decode_page(unpacked.content, unpacked.origin.content_type)
    _check_length(decoded.text, settings)
    result = clean_html(
        decoded.text,
        unpacked.origin.url,
        skip=settings.skip,
        book=_book(settings),
        comments=settings.comments,
        max_elements=settings.max_elements,
        max_depth=settings.max_depth,
        overrides=overrides_of(settings),
        document=source,
    )
    return decoded, result


def _check_length(text: str, settings: Settings) -> None:
    if len(text) > settings.max_characters:
        raise Refused("too-long", f"it is longer than the limit of {settings.max_characters} characters")


def _clean_text(source: str, raw: bytes, unpacked: Unpacked, settings: Settings) -> Cleaned:
    decoded, result = read_text(source, unpacked.content, settings)
    if revert(result.text, result.edits) != decoded.text or encode(decoded) != unpacked.content:
        raise Refused("not-reversible", "its raw bytes could not be made again from its clean text and edits")
    record = text_record(source, raw, unpacked, decoded, result, settings.fingerprint_of(source))
    return _cleaned(source, result, record)


def _clean_page(source: str, raw: bytes, unpacked: Unpacked, settings: Settings) -> Cleaned:
    decoded, result = read_page(source, unpacked, settings)
    if not result.text:
        raise Refused(
            "no-article",
            f"nothing on it reads like an article (words on it: {count_words(result.source):,})",
        )
    if revert(result.text, result.edits) != result.source:
        raise Refused("not-reversible", "its visible text could not be made again from its clean text and edits")
    fingerprint = settings.fingerprint_of(source)
    record = page_record(source, raw, unpacked, decoded, result, fingerprint, full_text=settings.full_text)
    return _cleaned(source, result, record)


def _cleaned(source: str, result: CleanResult, record: Record) -> Cleaned:
    words = cast("dict[str, int]", record["words"])
    edits = tuple(sorted(Counter(edit.cleaner for edit in result.edits).items()))
    sha256 = cast("dict[str, str]", record["raw"])["sha256"]
    outcome = Outcome(source, words["source"], words["clean"], edits, sha256=sha256)
    return Cleaned(clean_bytes(result.text), record, outcome)


def set_aside(settings: Settings, place: Place, problem: SetAside) -> Outcome:
    """Record that a document was set aside; when its content is the reason, an older clean article goes.

    Raises `OSError` when that cannot be written. Where the file system has no such name for it, only the catalog says
    so: one document must not stop a run.
    """
    record = to_bytes(failure_of(problem))
    try:
        write_files(settings.clean, {place.failed: record})
    except OSError as error:
        if error.errno not in _NO_NAME:
            raise
    if problem.reason not in TEMPORARY:
        _remove_article(settings, problem.source, place.stem)
    return Outcome(problem.source, set_aside=problem, sha256=problem.sha256, outputs=(len(record),))


def lost(settings: Settings, job: Job, death: Death) -> Outcome:
    """Set aside a document that ended the process that cleaned it, or was ended with it for breaking its budget."""
    if death.limit == "seconds":
        reason = "too-slow"
        detail = f"cleaning it takes more than {settings.max_seconds:g} CPU seconds, the limit; --max-seconds raises it"
    elif death.limit == "memory":
        reason = "too-much-memory"
        detail = f"cleaning it takes too much memory: the limit is {settings.max_memory} bytes; --max-memory raises it"
    else:
        reason, detail = "worker-died", f"cleaning it {death.how}"
    document = job.document
    return set_aside(settings, job.place, SetAside(document.source, reason, detail, size=document.size))


def remove_moved(settings: Settings, given: Mapping[str, Place]) -> None:
    """Remove clean articles that an earlier run wrote under another name than their source has now.

    That comes about when `b.txt` joins `b.md`, or leaves it: else two records would name one source.
    """
    there: dict[str, frozenset[str]] = {}
    for source, place in given.items():
        # To list a folder once is less work than to try every file that might be there.
        folder = os.path.join(settings.clean, os.path.dirname(place.stem))
        if folder not in there:
            there[folder] = _names_in(folder)
        if not there[folder]:
            continue
        for stem in possible_stems(source):
            record = f"{os.path.basename(stem)}.json"
            if stem != place.stem and record in there[folder] and _source_in(os.path.join(folder, record)) == source:
                _remove_article(settings, source, stem)


def remove_gone(settings: Settings, source: str, place: Place) -> None:
    """Remove the clean article, or the record of the failure, of a document that is gone, if they are there."""
    _remove_article(settings, source, place.stem)
    if _source_in(os.path.join(settings.clean, place.failed)) == source:
        remove_file(settings.clean, place.failed)


def _remove_article(settings: Settings, source: str, stem: str) -> None:
    """Remove a clean article and its record, unless they are those of another source, which has taken the name."""
    if _source_in(os.path.join(settings.clean, f"{stem}.json")) in (source, None):
        remove_file(settings.clean, f"{stem}.txt")
        remove_file(settings.clean, f"{stem}.json")


def _names_in(folder: str) -> frozenset[str]:
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()


@lru_cache(maxsize=4)
def phrase_book(phrases: str | None, name: str) -> PhraseBook:
    """The standard phrases and those of the user.

    Raises `PhraseError` that names file, line and reason.
    """
    book = PhraseBook.standard()
    return book if phrases is None else book.with_user(phrases, name)


@lru_cache(maxsize=4)
def read_overrides(toml: str, name: str) -> Overrides:
    """The overrides in a file with the text `toml`.

    Raises `OverridesError` that names file, line and reason.
    """
    return Overrides.from_toml(toml, name)


def overrides_of(settings: Settings) -> Overrides | None:
    """The overrides of a run, if it has any."""
    return None if settings.overrides is None else read_overrides(settings.overrides, settings.overrides_name)


def _book(settings: Settings) -> PhraseBook:
    return phrase_book(settings.phrases, settings.phrases_name)


def _source_in(path: str) -> object:
    """The source that a record names; None where there is none to read."""
    try:
        with open(path, "rb") as file:
            return from_bytes(file.read()).get("source")
    except (OSError, ValueError):
        return None
