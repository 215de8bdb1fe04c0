"""From the bytes of a file to the document in it: gzip undone, the page taken out of a web archive (MHTML), and what
is known of where it came from, which stands in the archive or in a small JSON file beside the page, its sidecar.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zlib
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import default
from typing import Final, cast

from flows.reading import ARCHIVES, Refused, ending_of, read_raw

SIDECAR_MAX: Final = 1 << 16
"""Bytes of a sidecar: a URL and a content type are less than 3,000, and what else it holds is not read."""

HEAD: Final = 4096
"""Bytes in which a page shows that it is one."""

PARTS_DEPTH: Final = 32
"""How deep the parts of a web archive may be nested: browsers save them two deep, mail programs three or four."""

_PIECE: Final = 1 << 20
_GZIP: Final = b"\x1f\x8b"
_SIDECAR: Final = (
    'a sidecar is a JSON object such as {"url": "https://example.org/a", "content_type": "text/html; charset=utf-8"}, '
    "where both may be missing"
)
_PAGE = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*"
    rb"<(?:!--|!doctype\s+html|\?xml(?=.*<html)|"
    rb"(?:html|head|body|title|meta|link|style|script|iframe|h1|h2|div|main|article|section|header|nav|font|table|a|b|br|p)"
    rb"[\s/>])",
    re.IGNORECASE | re.DOTALL,
)
"""How a page begins (MIME Sniffing Standard, 7.1), with a few elements that came since."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a page came from, as far as that is known: its URL, and the Content-Type that the server gave."""

    url: str | None = None
    content_type: str | None = None


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A document as its author's server sent it: its bytes, and where they came from."""

    content: bytes
    origin: Origin = Origin()


def unpack(source: str, raw: bytes, sidecar: bytes | None = None, max_bytes: int | None = None) -> Unpacked:
    """The document in the bytes `raw` of the file `source`, at most `max_bytes` of it (None: all).

    The same bytes give the same document. Raises `Refused` with the reason `bad-gzip`, `too-large`, `no-page` or
    `bad-sidecar`.

    >>> unpack("a.txt.gz", gzip.compress(b"Polls closed.")).content
    b'Polls closed.'
    """
    origin = _origin(sidecar) if sidecar is not None else Origin()
    ending = ending_of(source).lower()
    content = _inflated(raw, max_bytes) if ending.endswith(".gz") else raw
    if ending.removesuffix(".gz") not in ARCHIVES:
        return Unpacked(content, origin)
    page = _page_in(content)
    # The content type is that of the part, which the server of the archive file cannot know.
    known = Origin(origin.url or page.origin.url, page.origin.content_type or origin.content_type)
    return Unpacked(page.content, known)


def read_sidecar(path: str) -> bytes:
    """The bytes of the sidecar at `path`.

    Raises `Refused` with the reason `bad-sidecar`, or with `unreadable` or `changing` when it cannot be read now.
    """
    try:
        return read_raw(path, SIDECAR_MAX)
    except Refused as error:
        reason = error.reason if error.reason in ("unreadable", "changing") else "bad-sidecar"
        raise Refused(reason, f"its sidecar: {error}; {_SIDECAR}") from None


def looks_like_page(content: bytes) -> bool:
    """Whether a document whose name does not say what it is begins as an HTML page does.

    >>> looks_like_page(b"\\n<!DOCTYPE html><p>Polls closed."), looks_like_page(b"<3 this. Polls closed.")
    (True, False)
    """
    # In UTF-16 every second byte of a tag is NUL.
    return _PAGE.match(content[:HEAD].replace(b"\0", b"")) is not None


def _origin(sidecar: bytes) -> Origin:
    try:
        said = json.loads(sidecar.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Refused("bad-sidecar", f"its sidecar is no JSON in UTF-8: {_SIDECAR}") from None
    if not isinstance(said, dict):
        raise Refused("bad-sidecar", f"its sidecar is no JSON object: {_SIDECAR}")
    for name in ("url", "content_type"):
        if not isinstance(said.get(name), str | None):
            raise Refused("bad-sidecar", f"{name} in its sidecar is no text: {_SIDECAR}")
    return Origin(said.get("url") or None, said.get("content_type") or None)


def _inflated(raw: bytes, max_bytes: int | None) -> bytes:
    """What `raw` is compressed from, all members of it; reading ends as soon as there is too much.

    A file that is only named so is read as it is: servers and browsers often have undone the compression already.
    """
    if raw and not raw.startswith(_GZIP):
        return raw
    pieces: list[bytes] = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(raw)) as file:
            while piece := file.read(_PIECE):
                pieces.append(piece)
                size += len(piece)
                if max_bytes is not None and size > max_bytes:
                    raise Refused("too-large", f"unpacked, it is larger than the limit of {max_bytes} bytes")
    except EOFError:
        raise Refused("bad-gzip", "its gzip data end too early: a part of the file is missing") from None
    except (OSError, zlib.error) as error:
        raise Refused("bad-gzip", f"its gzip data are damaged: {error}") from None
    return b"".join(pieces)


class _Part(EmailMessage):
    """A part of an archive, or the whole of it: the time that parsing takes is quadratic in how deep parts are."""

    _depth = 0

    def attach(self, payload: Message | str) -> None:
        part = cast("_Part", payload)  # the parser makes no other
        part._depth = self._depth + 1
        if part._depth > PARTS_DEPTH:
            raise Refused("no-page", f"it is a web archive (MHTML) whose parts are nested more than {PARTS_DEPTH} deep")
        super().attach(part)


def _page_in(archive: bytes) -> Unpacked:
    """The page in a web archive: the part that it names as its start, or else the first one that is HTML."""
    try:
        page = _page_of(message_from_bytes(archive, policy=default.clone(message_factory=_Part)))
    except (MemoryError, Refused):
        raise
    except Exception as error:
        # The standard library's parser of headers lets through whatever its parts raise on malformed ones.
        raise Refused("no-page", f"it cannot be read as a web archive (MHTML): {type(error).__name__}") from None
    if page is None:
        raise Refused("no-page", "it is a web archive (MHTML) without an HTML part")
    return page


def _page_of(message: Message) -> Unpacked | None:
    part = _root(message)
    content = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(content, bytes):
        return None
    url = part.get("Content-Location") or message.get("Snapshot-Content-Location")
    return Unpacked(content, Origin(_plain(url), _plain(part.get("Content-Type"))))


def _root(message: Message) -> Message | None:
    start = _bare(message.get_param("start"))
    first = None
    for part in message.walk():
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            if not start or _bare(part.get("Content-ID")) == start:
                return part
            first = part if first is None else first
    return first


def _bare(header: object) -> str | None:
    """An id without the angle brackets that it ought to have, and may have in one place only."""
    return (_plain(str(header)) or "").removeprefix("<").removesuffix(">") if header else None


def _plain(header: str | None) -> str | None:
    """A header without the line ends and blanks that it was folded with."""
    return "".join(str(header).split()) if header else None
