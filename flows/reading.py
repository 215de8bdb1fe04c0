"""Raw documents from a folder: which files there are, what each is called, and what cannot be read and why.
Every file is accounted for: it is a document, it is set aside, it is of a kind not handled yet, or it is
passed over for a reason that is named.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

Kind = Literal["text", "page"]

TEXTS: Final = (".txt", ".text", ".md")
"""Endings of files that hold text."""

ARCHIVES: Final = (".mhtml", ".mht")
"""Endings of web archives (MHTML, RFC 2557): a page with its pictures, as browsers save it."""

PAGES: Final = (".html", ".htm", ".xhtml", *ARCHIVES)
"""Endings of files that hold an HTML page."""

HANDLED: Final = (*TEXTS, *PAGES, *(f"{ending}.gz" for ending in (*TEXTS, *PAGES)))
"""Endings of files that are cleaned, compared without case; the earlier one wins a shared name."""

HANDLED_SAID: Final = f"{', '.join((*TEXTS, *PAGES))}, each also with .gz"
"""The same for people."""

SIDECAR: Final = ".json"
"""What a page's name has added in the name of its sidecar, which says where the page came from."""

MAX_BYTES = 256 * 1024 * 1024
"""Files over this size are set aside, as are those that are larger once unpacked. Text takes up to nineteen times its
bytes in memory while it is cleaned (measured on 100 MB), so the larger ones need more than `budget.MAX_MEMORY`, too."""

_NOT_A_FILE = "it is a folder, pipe, socket or device, not a file"


@dataclass(frozen=True, slots=True)
class RawDocument:
    """A file to clean: its source name (POSIX path relative to RAW), where it lies, and its size in bytes.

    `sidecar` is where the file lies that says where a page came from, if there is one. `modified` and `changed` are the
    file's time stamps (of its content, and of whatever is known of it) in nanoseconds since 1970; `sidecar_stamp` is
    size and time stamps of the sidecar.
    """

    source: str
    path: str
    size: int
    sidecar: str | None = None
    modified: int = 0
    changed: int = 0
    sidecar_stamp: str | None = None


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
        files = {entry.name: entry for entry in entries if not entry.is_dir(follow_symlinks=False)}
        for entry in entries:
            source = f"{name}/{entry.name}" if name else entry.name
            if entry.name.startswith("."):
                found.passed_over.append((source, "hidden"))
            elif entry.is_dir(follow_symlinks=False) and entry.path == output:
                found.passed_over.append((source, "the folder of clean articles"))
            elif entry.is_dir(follow_symlinks=False):
                folders.append((source, entry.path))
            elif not _is_sidecar(entry.name, files):
                _sort_in(found, root, source, entry, files.get(entry.name + SIDECAR), max_bytes)
    found.documents.sort(key=lambda document: document.source)
    found.set_aside.sort(key=lambda problem: problem.source)
    found.not_handled.sort()
    found.passed_over.sort()
    return found


def ending_of(name: str) -> str:
    """The ending of a file name with its dot, or nothing; `.gz` with the ending before it.

    The name may have folders before it.

    >>> ending_of("a.b/c.Txt"), ending_of("a.b/c"), ending_of(".txt"), ending_of("a.b.html.GZ")
    ('.Txt', '', '', '.html.GZ')
    """
    stem, dot, ending = name.rpartition("/")[2].rpartition(".")
    if not stem:
        return ""
    return f"{ending_of(stem)}.{ending}" if ending.lower() == "gz" else f"{dot}{ending}"


def kind_of(source: str) -> Kind:
    """Whether a file of this name is cleaned as a page or as text.

    >>> kind_of("a/b.HTML.gz"), kind_of("a/b.txt"), kind_of("-")
    ('page', 'text', 'text')
    """
    return "page" if ending_of(source).lower().removesuffix(".gz") in PAGES else "text"


def sidecar_beside(path: str) -> str | None:
    """Where the sidecar of the document at `path` lies: none for a text, or where there is no such file.

    >>> sidecar_beside("a.txt")
    """
    sidecar = path + SIDECAR
    is_one = os.path.isfile(sidecar) or os.path.islink(sidecar)
    return sidecar if is_one and kind_of(path) == "page" else None


def read_raw(path: str, max_bytes: int | None = MAX_BYTES) -> bytes:
    """The bytes of the file at `path`, at most `max_bytes` of them (None: all).

    Raises `Refused` with the reason `unreadable`, `not-a-file`, `too-large`, or `changing` when it is written to
    meanwhile: half of one version with half of another is neither.
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
            after = os.fstat(file.fileno())
    except OSError as error:
        raise Refused("unreadable", f"it cannot be read: {error.strerror}") from None
    if max_bytes is not None and len(raw) > max_bytes:
        raise Refused("too-large", _too_large(max_bytes))
    if (status.st_size, status.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise Refused("changing", "it was written to while it was read")
    return raw


def _is_sidecar(name: str, files: Mapping[str, os.DirEntry[str]]) -> bool:
    """Whether a file of this name belongs to a page beside it."""
    page = name.removesuffix(SIDECAR)
    return page != name and page in files and kind_of(page) == "page"


def _sort_in(
    found: Found, root: str, source: str, entry: os.DirEntry[str], beside: os.DirEntry[str] | None, max_bytes: int
) -> None:
    """Put one entry that is no plain folder where it belongs in `found`; `beside` it lies what may be its sidecar."""
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
    sidecar = beside.path if beside is not None and kind_of(entry.name) == "page" else None
    if sidecar is not None and not is_inside(root, os.path.realpath(sidecar)):
        found.set_aside.append(
            SetAside(source, "bad-sidecar", "its sidecar is a link that leads out of the raw folder")
        )
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
        times = (status.st_mtime_ns, status.st_ctime_ns)
        stamp = _stamp(sidecar) if sidecar is not None else None
        found.documents.append(RawDocument(source, entry.path, status.st_size, sidecar, *times, stamp))


def _stamp(path: str) -> str:
    try:
        status = os.stat(path)
    except OSError as error:
        return os.strerror(error.errno or 0)
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns}"


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
