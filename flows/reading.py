"""Raw documents from a folder: which files there are, what each is called, and what cannot be read and why.
Every file is accounted for: it is a document, it is set aside, it is of a kind not handled yet, or it is
passed over for a reason that is named.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HANDLED = (".txt", ".text", ".md")
"""Endings of files that are cleaned, compared without case; the earlier one wins a shared name."""

MAX_BYTES = 256 * 1024 * 1024
"""Files over this size are set aside: decoded text and edits take up to ten times the memory of the bytes."""

_NOT_A_FILE = "it is a folder, pipe, socket or device, not a file"


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file to clean: its source name (POSIX path relative to RAW), where it lies, and its size in bytes."""

    source: str
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A document that was not cleaned: a short code in `reason`, a sentence for people in `detail`.

    `sha256` and `size` are those of the raw bytes, where they could be read.
    """

    source: str
    reason: str
    detail: str
    sha256: str | None = None
    size: int | None = None


@dataclass(slots=True)
class Found:
    """What lies in a RAW folder, each list sorted by source name."""

    documents: list[RawDocument] = field(default_factory=list)
    set_aside: list[SetAside] = field(default_factory=list)
    not_handled: list[str] = field(default_factory=list)
    passed_over: list[tuple[str, str]] = field(default_factory=list)

    def sources(self) -> list[str]:
        """The names of all documents, also of those set aside."""
        return [*(each.source for each in self.documents), *(each.source for each in self.set_aside)]


class Refused(Exception):  # noqa: N818  (it is the document that is at fault)
    """A document that cannot be read or cleaned: `reason` is a short code, the message a sentence for people."""

    def __init__(self, reason: str, detail: str) -> None:
        """`reason` as in `SetAside`."""
        super().__init__(detail)
        self.reason = reason


def find_documents(raw: Path, *, max_bytes: int = MAX_BYTES, clean: Path | None = None) -> Found:
    """All raw documents under the folder `raw`, and all that is none.

    `clean`, when it lies inside `raw`, is passed over. Raises `OSError` when `raw` itself cannot be listed.
    """
    root = os.path.realpath(raw)
    output = os.path.realpath(clean) if clean is not None else None
    found = Found()
    folders = [("", root)]
    while folders:
        name, path = folders.pop()
        try:
            entries = list(os.scandir(path))
        except OSError as error:
            if not name:
                raise
            found.set_aside.append(SetAside(name, "unreadable", f"the folder cannot be listed: {error.strerror}"))
            continue
        for entry in entries:
            source = f"{name}/{entry.name}" if name else entry.name
            if entry.name.startswith("."):
                found.passed_over.append((source, "hidden"))
            elif entry.is_dir(follow_symlinks=False) and entry.path == output:
                found.passed_over.append((source, "the folder of clean articles"))
            elif entry.is_dir(follow_symlinks=False):
                folders.append((source, entry.path))
            else:
                _sort_in(found, root, source, entry, max_bytes)
    found.documents.sort(key=lambda document: document.source)
    found.set_aside.sort(key=lambda problem: problem.source)
    found.not_handled.sort()
    found.passed_over.sort()
    return found


def ending_of(name: str) -> str:
    """The ending of a file name with its dot, or nothing; the name may have folders before it.

    >>> ending_of("a.b/c.Txt"), ending_of("a.b/c"), ending_of(".txt")
    ('.Txt', '', '')
    """
    stem, dot, ending = name.rpartition("/")[2].rpartition(".")
    return f"{dot}{ending}" if stem else ""


def read_raw(path: str, max_bytes: int | None = MAX_BYTES) -> bytes:
    """The bytes of the file at `path`, at most `max_bytes` of them (None: all).

    Raises `Refused` with the reason `unreadable`, `not-a-file` or `too-large`.
    """
    try:
        # Without O_NONBLOCK, opening a pipe that took the file's place would wait for ever.
        with open(os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Refused("not-a-file", _NOT_A_FILE)
            if max_bytes is not None and status.st_size > max_bytes:
                raise Refused("too-large", _too_large(max_bytes))
            # One byte more than there should be shows a file that grew; Python sets that much memory aside.
            raw = file.read(status.st_size + 1)
            if len(raw) > status.st_size:
                raw += file.read() if max_bytes is None else file.read(max(0, max_bytes + 1 - len(raw)))
    except OSError as error:
        raise Refused("unreadable", f"it cannot be read: {error.strerror}") from None
    if max_bytes is not None and len(raw) > max_bytes:
        raise Refused("too-large", _too_large(max_bytes))
    return raw


def _sort_in(found: Found, root: str, source: str, entry: os.DirEntry[str], max_bytes: int) -> None:
    """Put one entry that is no plain folder where it belongs in `found`."""
    if entry.is_symlink():
        target = os.path.realpath(entry.path)
        if not is_inside(root, target):
            found.set_aside.append(SetAside(source, "link-outside", "it is a link that leads out of the raw folder"))
            return
        if os.path.isdir(target):
            # What lies there is found under its own name; to follow the link would clean it twice, or for
            # ever.
            found.passed_over.append((source, "a link to a folder that is read under its own name"))
            return
    if ending_of(entry.name).lower() not in HANDLED:
        found.not_handled.append(source)
        return
    try:
        status = entry.stat()
    except OSError as error:
        found.set_aside.append(SetAside(source, "unreadable", f"it cannot be read: {error.strerror}"))
        return
    if not stat.S_ISREG(status.st_mode):
        found.set_aside.append(SetAside(source, "not-a-file", _NOT_A_FILE))
    elif status.st_size > max_bytes:
        found.set_aside.append(SetAside(source, "too-large", _too_large(max_bytes), size=status.st_size))
    else:
        found.documents.append(RawDocument(source, entry.path, status.st_size))


def _too_large(max_bytes: int) -> str:
    return f"it is larger than the limit of {max_bytes} bytes"


def is_inside(root: str, path: str) -> bool:
    """Whether the real path `path` is that of the folder `root` or of something in it.

    >>> is_inside("/a", "/a/b"), is_inside("/a", "/ab")
    (True, False)
    """
    return path == root or path.startswith(root.rstrip(os.sep) + os.sep)


def in_chunks(documents: Sequence[RawDocument], most: int, most_bytes: int) -> Iterator[list[RawDocument]]:
    """`documents` in order, in chunks of at most `most` and about `most_bytes` each.

    >>> files = [RawDocument(name, name, 6) for name in "abc"]
    >>> [len(chunk) for chunk in in_chunks(files, most=10, most_bytes=12)]
    [2, 1]
    """
    chunk: list[RawDocument] = []
    size = 0
    for document in documents:
        if chunk and (len(chunk) == most or size + document.size > most_bytes):
            yield chunk
            chunk, size = [], 0
        chunk.append(document)
        size += document.size
    if chunk:
        yield chunk
