"""The catalog: a SQLite database in the CLEAN folder that knows every raw document that was ever seen, what became of
it and in which run. A run asks it what is new or changed, and writes to it what was done, shard by shard; a run that
was killed is taken up where its last shard ended. Only one run at a time writes to a CLEAN folder.
"""

from __future__ import annotations

import fcntl
import json
import os
import socket
import sqlite3
import stat
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from flows.cleaning import TEMPORARY, Outcome, Settings
from flows.naming import CATALOG, Place
from flows.reading import RawDocument, SetAside

DATABASE: Final = f"{CATALOG}/catalog.sqlite"
LOCK: Final = f"{CATALOG}/lock"

RACE: Final = 50_000_000
"""Nanoseconds before it was found within which a file may change once more and keep its time stamp: that is as fine as
the clock of a file system. Such a file is read again by the next run."""

COARSE_RACE: Final = 2_000_000_000
"""The same where the file system notes full seconds (NFS 2, ext3) or even ones (FAT) only."""

_RETRIED: Final = (*sorted(TEMPORARY), "worker-died")
"""Reasons that may be gone by the next run."""

_MIGRATIONS: Final = (
    """
    CREATE TABLE runs (
        id INTEGER PRIMARY KEY,
        flow_run TEXT,                  -- name of the Prefect flow run
        raw TEXT NOT NULL,
        started TEXT NOT NULL,          -- ISO 8601, UTC
        ended TEXT,
        state TEXT NOT NULL,            -- running, completed, failed, stopped, or broken off (killed)
        documents INTEGER,              -- those in raw
        cleaned INTEGER,                -- cleaned by this run
        unchanged INTEGER,              -- clean or set aside already, and skipped
        failed INTEGER,                 -- all that are set aside now
        gone INTEGER,                   -- no longer in raw, noticed by this run
        words_in INTEGER,               -- of the documents that this run cleaned
        words_out INTEGER
    );
    CREATE TABLE documents (
        source TEXT PRIMARY KEY,        -- path below raw, with /
        state TEXT NOT NULL,            -- clean, failed or gone
        reason TEXT,                    -- why it failed: a short code
        detail TEXT,                    -- and a sentence
        size INTEGER,                   -- bytes
        modified INTEGER,               -- time stamps of the file, nanoseconds since 1970
        changed INTEGER,
        sidecar TEXT,                   -- size and time stamps of its sidecar
        sha256 TEXT,                    -- of the raw bytes
        fingerprint TEXT,               -- of cleaners and settings
        stem TEXT,                      -- outputs in clean: STEM.txt and STEM.json
        failure TEXT,                   -- or this record of its failure
        words_in INTEGER NOT NULL DEFAULT 0,
        words_out INTEGER NOT NULL DEFAULT 0,
        edits TEXT NOT NULL DEFAULT '{}', -- by noise type, JSON
        run INTEGER NOT NULL REFERENCES runs (id)
    );
    -- What the run that is going on has found, emptied when it ends.
    CREATE TABLE found (
        source TEXT PRIMARY KEY,
        path TEXT NOT NULL,
        size INTEGER NOT NULL,
        modified INTEGER NOT NULL,
        changed INTEGER,
        sidecar_path TEXT,
        sidecar TEXT,
        stem TEXT NOT NULL,
        failure TEXT NOT NULL,
        todo INTEGER NOT NULL DEFAULT 1
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE documents ADD COLUMN outputs TEXT;  -- their sizes in bytes: of article and record, or of the failure
    """,
)
"""The statements that lead from each version of the schema to the next; `PRAGMA user_version` says how many ran."""


class CatalogError(Exception):
    """A catalog that cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run as the catalog keeps it; times are ISO 8601 in UTC, numbers None while it is going on."""

    id: int
    state: str
    started: str
    ended: str | None
    documents: int | None
    cleaned: int | None
    unchanged: int | None
    failed: int | None
    gone: int | None
    words_in: int | None
    words_out: int | None

    @property
    def failure_share(self) -> float:
        """The share of documents that were set aside, 0 to 1."""
        return (self.failed or 0) / self.documents if self.documents else 0.0

    @property
    def removal_share(self) -> float:
        """The share of words that were removed from the documents it cleaned, 0 to 1."""
        return 1 - (self.words_out or 0) / self.words_in if self.words_in else 0.0


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a document from its record (or that of its failure), as if it had just been cleaned.

    `found` is its raw file, where that is known to be the one that was cleaned, `size` the bytes it had.
    """

    outcome: Outcome
    place: Place
    size: int | None
    fingerprint: str | None
    found: RawDocument | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """One document as the catalog keeps it: its state (`clean`, `failed` or `gone`), why it failed, where it lies."""

    source: str
    state: str
    reason: str | None
    detail: str | None
    stem: str


@contextmanager
def locked(clean: str, name: str = LOCK) -> Iterator[int]:
    """Within this context, no other run may write to the folder `clean`; gives the descriptor of the lock.

    Under another `name` it is a lock for something else there.

    The kernel holds the lock as long as any process has the descriptor open, so that of a killed run lasts until its
    worker processes have ended, too. Raises `CatalogError` when another run has it.
    """
    path = os.path.join(clean, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip() or "another run"
            raise CatalogError(f"{holder} is writing to {clean}: wait until it has ended, or stop it") from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}, since {_now()},")
        file.flush()
        yield file.fileno()
        file.truncate(0)


def is_locked(clean: str) -> bool:
    """Whether a run is writing to the folder `clean`."""
    try:
        with open(os.path.join(clean, LOCK), encoding="utf-8") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except FileNotFoundError:
        pass
    return False


@contextmanager
def faults_named(clean: str) -> Iterator[None]:
    """Within this context, a fault of the database in `clean` raises `CatalogError`, which says what to do."""
    try:
        yield
    except sqlite3.Error as error:
        name = os.path.join(clean, DATABASE)
        # The lower byte is the kind of fault.
        if (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF in _OF_THE_DISK:
            raise CatalogError(
                f"the catalog {name} cannot be written ({error}): mend that and run again: what is done stays done"
            ) from None
        raise CatalogError(
            f"the catalog {name} is damaged ({error}): cleancopy rebuild {clean} makes a new one from the records"
        ) from None


_OF_THE_DISK: Final = (
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_PERM,
)


class Catalog:
    """The open catalog of one CLEAN folder."""

    def __init__(self, clean: str, *, read_only: bool = False) -> None:
        """Open it, or make it; brings an older one up to date.

        Raises `CatalogError` when there is none to read, it is damaged, or a newer version of cleancopy made it.
        """
        self.path = os.path.join(clean, DATABASE)
        if read_only and not os.path.exists(self.path):
            raise CatalogError(f"there is no catalog in {clean}: cleancopy run makes it")
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        with faults_named(clean):
            self._sql = sqlite3.connect(self.path, timeout=30, isolation_level=None, check_same_thread=False)
            # File names may hold bytes that are not UTF-8; they stand in the database as they are.
            self._sql.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
            if not read_only:
                self._sql.execute("PRAGMA journal_mode = WAL")
                self._sql.execute("PRAGMA synchronous = NORMAL")
            self._migrate()

    def close(self) -> None:
        """Close it; what was written stays."""
        self._sql.close()

    def begin(self, raw: str, flow_run: str | None) -> tuple[int, bool]:
        """Enter a new run; gives its number, and whether the one before may have left something half-written."""
        with self._transaction():
            last = self._sql.execute("SELECT state FROM runs ORDER BY id DESC LIMIT 1").fetchone()
            self._sql.execute("UPDATE runs SET state = 'broken off' WHERE state = 'running'")
            self._sql.execute("DELETE FROM found")
            cursor = self._sql.execute(
                "INSERT INTO runs (flow_run, raw, started, state) VALUES (?, ?, ?, 'running')",
                (flow_run, _text(raw), _now()),
            )
        assert cursor.lastrowid is not None
        return cursor.lastrowid, last != ("completed",)

    def expect(self, documents: Iterable[RawDocument], given: dict[str, Place], found_at: int) -> None:
        """Enter what was found in RAW, at the time `found_at` (nanoseconds since 1970), with the places given."""
        with self._transaction():
            self._sql.executemany(
                f"INSERT INTO found VALUES ({_TEXT}, {_TEXT}, ?, ?, ?, {_TEXT}, ?, {_TEXT}, {_TEXT}, 1)",
                (
                    (
                        _text(each.source),
                        _text(each.path),
                        each.size,
                        each.modified,
                        each.changed if is_settled(each, found_at) else None,
                        None if each.sidecar is None else _text(each.sidecar),
                        each.sidecar_stamp,
                        _text(given[each.source].stem),
                        _text(given[each.source].failed),
                    )
                    for each in documents
                ),
            )

    def skip_unchanged(self, settings: Settings) -> int:
        """Leave out of the work what was done before with these settings and still has its outputs; gives how many.

        Clean articles depend on the fingerprint of their document, failures on the limits of the run, too.
        """
        retried = ", ".join("?" * len(_RETRIED))
        unchanged = self._sql.execute(
            f"""
            SELECT found.source, found.stem, found.failure, documents.state, documents.outputs, documents.fingerprint
            FROM found JOIN documents USING (source)
            WHERE documents.size = found.size AND documents.modified = found.modified
              AND documents.changed = found.changed AND documents.sidecar IS found.sidecar
              AND documents.stem = found.stem AND documents.failure = found.failure
              AND (documents.state = 'clean' OR documents.state = 'failed' AND documents.reason NOT IN ({retried}))
            """,
            _RETRIED,
        ).fetchall()
        there = [
            (_text(source),)
            for source, stem, failure, state, outputs, done in unchanged
            if done == (settings.fingerprint_of(source) if state == "clean" else settings.limits_of(source))
            and _has_outputs(settings.clean, stem, failure, state, outputs)
        ]
        with self._transaction():
            self._sql.executemany(f"UPDATE found SET todo = 0 WHERE source = {_TEXT}", there)
        return len(there)

    def sources(self) -> Iterator[str]:
        """The sources of all that the run has found."""
        return (source for (source,) in self._sql.execute("SELECT source FROM found"))

    def parts(self, most: int, most_bytes: int) -> list[tuple[str, str, int]]:
        """The documents to clean in parts, each with its first and last source, and its number of documents."""
        parts: list[tuple[str, str, int]] = []
        first, last, count, size = "", "", 0, 0
        for source, more in self._sql.execute("SELECT source, size FROM found WHERE todo ORDER BY source"):
            if count and (count == most or size + more > most_bytes):
                parts.append((first, last, count))
                count, size = 0, 0
            if not count:
                first = source
            last, count, size = source, count + 1, size + more
        if count:
            parts.append((first, last, count))
        return parts

    def part(self, first: str, last: str) -> tuple[list[RawDocument], dict[str, Place]]:
        """The documents of one part, and their places."""
        rows = self._sql.execute(
            "SELECT source, path, size, modified, changed, sidecar_path, sidecar, stem, failure FROM found "
            f"WHERE todo AND source BETWEEN {_TEXT} AND {_TEXT} ORDER BY source",
            (_text(first), _text(last)),
        ).fetchall()
        documents = [
            RawDocument(source, path, size, sidecar_path, modified, changed or 0, sidecar)
            for source, path, size, modified, changed, sidecar_path, sidecar, _, _ in rows
        ]
        return documents, {row[0]: Place(row[7], row[8]) for row in rows}

    def record(self, outcomes: Sequence[Outcome], run: int, settings: Settings) -> None:
        """Enter what became of documents of the run, all or none of them."""
        with self._transaction():
            self._sql.executemany(
                f"""
                INSERT OR REPLACE INTO documents
                SELECT source, ?, ?, {_TEXT}, size, modified, changed, sidecar, ?, ?, stem, failure, ?, ?, ?, ?, ?
                FROM found WHERE source = {_TEXT}
                """,
                (
                    (
                        "failed" if each.set_aside else "clean",
                        each.set_aside.reason if each.set_aside else None,
                        _text(each.set_aside.detail) if each.set_aside else None,
                        each.sha256,
                        (settings.limits_of if each.set_aside else settings.fingerprint_of)(each.source),
                        each.words_in,
                        each.words_out,
                        json.dumps(dict(each.edits)),
                        run,
                        _sizes(each.outputs),
                        _text(each.source),
                    )
                    for each in outcomes
                ),
            )

    def set_aside(self, problems: Iterable[tuple[SetAside, Place]], run: int, settings: Settings) -> None:
        """Enter documents that could not even be opened."""
        with self._transaction():
            self._sql.executemany(
                f"""
                INSERT OR REPLACE INTO documents (source, state, reason, detail, size, fingerprint, stem, failure, run)
                VALUES ({_TEXT}, 'failed', ?, {_TEXT}, ?, ?, {_TEXT}, {_TEXT}, ?)
                """,
                (
                    (
                        _text(problem.source),
                        problem.reason,
                        _text(problem.detail),
                        problem.size,
                        settings.limits_of(problem.source),
                        _text(place.stem),
                        _text(place.failed),
                        run,
                    )
                    for problem, place in problems
                ),
            )

    def enter(self, entries: Iterable[Entry], raw: str) -> None:
        """Enter what is known of documents from their records, as a run of its own, all or nothing."""
        with self._transaction():
            cursor = self._sql.execute(
                "INSERT INTO runs (raw, started, ended, state) VALUES (?, ?, ?, 'rebuilt')",
                (_text(raw), _now(), _now()),
            )
            self._sql.executemany(
                f"""
                INSERT INTO documents
                VALUES ({_TEXT}, ?, ?, {_TEXT}, ?, ?, ?, ?, ?, ?, {_TEXT}, {_TEXT}, ?, ?, ?, ?, ?)
                """,
                (
                    (
                        _text(each.outcome.source),
                        "failed" if each.outcome.set_aside else "clean",
                        each.outcome.set_aside.reason if each.outcome.set_aside else None,
                        _text(each.outcome.set_aside.detail) if each.outcome.set_aside else None,
                        each.size,
                        each.found.modified if each.found else None,
                        each.found.changed if each.found else None,
                        each.found.sidecar_stamp if each.found else None,
                        each.outcome.sha256,
                        each.fingerprint,
                        _text(each.place.stem),
                        _text(each.place.failed),
                        each.outcome.words_in,
                        each.outcome.words_out,
                        json.dumps(dict(each.outcome.edits)),
                        cursor.lastrowid,
                        _sizes(each.outcome.outputs),
                    )
                    for each in entries
                ),
            )

    def mark_gone(self, unopened: Set[str], run: int) -> Iterator[tuple[str, Place]]:
        """Enter as gone what was not found by this run.

        `unopened` are files and folders that were found, but could not be opened: neither they are gone, nor what may
        lie in them. Gives the sources of all that is gone, with the places that they had.
        """
        missing = self._sql.execute(
            "SELECT source FROM documents WHERE state <> 'gone' AND source NOT IN (SELECT source FROM found)"
        )
        gone = [source for (source,) in missing if unopened.isdisjoint(_and_its_folders(source))]
        with self._transaction():
            self._sql.executemany(
                f"UPDATE documents SET state = 'gone', run = ? WHERE source = {_TEXT}",
                ((run, _text(source)) for source in gone),
            )
        left = self._sql.execute("SELECT source, stem, failure FROM documents WHERE state = 'gone'")
        return ((source, Place(stem, failure)) for source, stem, failure in left)

    def end(self, run: int, unopened: int, max_failed_share: float, state: str | None = None) -> RunRow:
        """Enter the end of a run, with what it did in numbers; `unopened` documents could not be opened.

        Without a `state` it has failed when more than `max_failed_share` of the documents are set aside, else it is
        completed.
        """
        with self._transaction():
            self._sql.execute(
                """
                UPDATE runs SET ended = :now,
                    documents = (SELECT count(*) FROM found) + :unopened,
                    cleaned = (SELECT count(*) FROM documents WHERE run = :run AND state = 'clean'),
                    unchanged = (SELECT count(*) FROM found JOIN documents USING (source) WHERE run <> :run),
                    failed = (SELECT count(*) FROM documents WHERE state = 'failed'),
                    gone = (SELECT count(*) FROM documents WHERE run = :run AND state = 'gone'),
                    words_in = (SELECT total(words_in) FROM documents WHERE run = :run AND state = 'clean'),
                    words_out = (SELECT total(words_out) FROM documents WHERE run = :run AND state = 'clean')
                WHERE id = :run
                """,
                {"now": _now(), "run": run, "unopened": unopened},
            )
            self._sql.execute(
                "UPDATE runs SET state = coalesce(?, iif(failed > ? * documents, 'failed', 'completed')) WHERE id = ?",
                (state, max_failed_share, run),
            )
            self._sql.execute("DELETE FROM found")
        return next(row for row in self.runs(1))

    def failures(self) -> list[SetAside]:
        """What is set aside now, by source."""
        rows = self._sql.execute(
            "SELECT source, reason, detail, sha256, size FROM documents WHERE state = 'failed' ORDER BY source"
        )
        return [SetAside(*row) for row in rows]

    def documents(self) -> Iterator[DocumentRow]:
        """All documents that were ever seen, by source."""
        rows = self._sql.execute("SELECT source, state, reason, detail, stem FROM documents ORDER BY source")
        return (DocumentRow(*row) for row in rows)

    def raw(self) -> str | None:
        """The folder of raw documents of the last run."""
        row = self._sql.execute("SELECT CAST(raw AS TEXT) FROM runs ORDER BY id DESC LIMIT 1").fetchone()
        return row[0] if row else None

    def renamed(self) -> Iterator[tuple[str, str]]:
        """Source and stem of each clean article whose name may differ from its source's: such names have a `~`."""
        return iter(
            self._sql.execute(
                "SELECT source, stem FROM documents WHERE state = 'clean' AND instr(stem, '~') ORDER BY source"
            )
        )

    def states(self) -> dict[str, int]:
        """How many documents are in each state."""
        return dict(self._sql.execute("SELECT state, count(*) FROM documents GROUP BY state ORDER BY state"))

    def reasons(self) -> list[tuple[str, int]]:
        """Why documents failed, and how many, the most frequent reason first."""
        return self._sql.execute(
            "SELECT reason, count(*) FROM documents WHERE state = 'failed' GROUP BY reason ORDER BY 2 DESC, 1"
        ).fetchall()

    def runs(self, most: int) -> list[RunRow]:
        """The last runs, the latest first."""
        rows = self._sql.execute(
            """
            SELECT id, state, started, ended, documents, cleaned, unchanged, failed, gone,
                   CAST(words_in AS INTEGER), CAST(words_out AS INTEGER)
            FROM runs ORDER BY id DESC LIMIT ?
            """,
            (most,),
        )
        return [RunRow(*row) for row in rows]

    def _migrate(self) -> None:
        version = self._one("PRAGMA user_version")
        if version > len(_MIGRATIONS):
            raise CatalogError(f"the catalog {self.path} was made by a newer version of cleancopy: use that one")
        for number, statements in enumerate(_MIGRATIONS[version:], version + 1):
            self._sql.executescript(f"BEGIN; {statements}; PRAGMA user_version = {number}; COMMIT;")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All that is written within this context is written, or nothing."""
        self._sql.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            if self._sql.in_transaction:  # SQLite has ended it itself where the disk is full
                self._sql.execute("ROLLBACK")
            raise
        self._sql.execute("COMMIT")

    def _one(self, statement: str) -> int:
        return int(self._sql.execute(statement).fetchone()[0])


def _and_its_folders(source: str) -> Iterator[str]:
    """A source, and every folder that it lies in.

    >>> list(_and_its_folders("a/b/c.txt"))
    ['a/b/c.txt', 'a/b', 'a']
    """
    while source:
        yield source
        source = source.rpartition("/")[0]


_TEXT: Final = "CAST(? AS TEXT)"
"""A parameter made by `_text`."""


def _text(text: str) -> bytes:
    """A text in UTF-8. Bytes of a file name that are none stand in it as they are; sqlite3 takes that only as bytes."""
    return text.encode("utf-8", "surrogateescape")


def is_settled(document: RawDocument, found_at: int) -> bool:
    """Whether a change of the file after `found_at` would show in its time stamps.

    Stamps that lie ahead, because a clock was set back or another machine has its own, are not believed.
    """
    window = RACE if document.changed % 1_000_000_000 else COARSE_RACE
    return max(document.modified, document.changed) < found_at - window


def _has_outputs(clean: str, stem: str, failure: str, state: str, outputs: str | None) -> bool:
    """Whether they are there, in the sizes that they were written in: a fault of the disk may have cut them off."""
    names = (f"{stem}.txt", f"{stem}.json") if state == "clean" else (failure,)
    try:
        found = [os.stat(os.path.join(clean, name)) for name in names]
    except OSError:
        return False
    sizes = _sizes(status.st_size for status in found)
    return all(stat.S_ISREG(status.st_mode) for status in found) and outputs in (None, sizes)


def _sizes(outputs: Iterable[int]) -> str:
    return " ".join(map(str, outputs))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
