"""Raw bytes of an HTML page to its text. Pages name their encoding in several places and are often wrong about it, so
what they say is believed only when the bytes bear it out, as browsers and readers would have it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from cleaners.decode import (
    MARKS,
    NotText,
    codec_of,
    is_damaged_utf8,
    legacy_encoding,
    likeness,
    refuse_controls,
    sample_of,
    wide_encoding,
)

How = Literal["bom", "http", "meta", "utf-8", "detected"]

HEAD: Final = 4096
"""Bytes in which a page names its encoding, and shows that it is one. The HTML Standard asks for the name in the first
1024; of 1,320 pages in shared/pages that have it, 112 have it behind those, and 26 behind 4096."""

CLEARLY: Final = 0.25
"""By how much (`likeness`) another encoding must suit the letters better than the one that the page names. Single
sentences in 21 encodings suit their own with 0.6 to 1.3, and one of another script with 0.5 less, mostly."""

_CHARSET = re.compile(r"""charset\s*+=\s*+["']?+\s*+([^\s"';,>]+)""", re.IGNORECASE)
_META = re.compile(rb"""<meta\b[^>]*?\bcharset\s*+=\s*+["']?+\s*+([^\s"'/;>]+)""", re.IGNORECASE)
_XML = re.compile(rb"""\s*<\?xml\b[^>]*?\bencoding\s*=\s*["']([^"'>]+)""")
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_VISIBLE = re.compile("[^\\s\\0\ufeff\u200b]")
# Ends where the next tag, attribute or line begins: the bytes between two texts are all ASCII and tell nothing.
_PIECE = re.compile(rb"""[A-Za-z]?[\x80-\xff][^\n<>"]*""")

_MAGIC: Final = (
    (b"%PDF-", "a PDF document"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"PK\x03\x04", "a ZIP archive or an Office document"),
    (b"\xd0\xcf\x11\xe0", "an Office document"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"\x28\xb5\x2f\xfd", "compressed with Zstandard"),
)
"""What stands at the head of the files that scrapers save as pages by mistake."""


@dataclass(frozen=True, slots=True)
class DecodedPage:
    """The text of a page and how it was read: the Python codec's name, and how that was found.

    `how` is `bom`, `http` (the server named it), `meta` (the page names it, in a meta tag or an XML declaration),
    `utf-8` (valid, whatever the page says or does not say) or `detected`.
    """

    text: str
    encoding: str
    how: How


def decode_page(raw: bytes, content_type: str | None = None) -> DecodedPage:
    """Read `raw` as a page; `content_type` is what the server said, such as `text/html; charset=utf-8`.

    Broken bytes become U+FFFD, and NUL characters, which browsers do not show, go. Raises `NotText` when there is
    nothing to read: no bytes, white space only, or binary content.

    >>> page = decode_page(b'<meta charset="iso-8859-1"><p>caf\\xe9 \\x80 5')
    >>> page.text[-8:], page.encoding, page.how
    ('café € 5', 'cp1252', 'meta')
    """
    if not raw:
        raise NotText("empty", "the page is empty")
    for magic, name in _MAGIC:
        if raw.startswith(magic):
            raise NotText("binary", f"it is {name}, not a page")
    said = list(_declared(raw, content_type))
    page = _marked(raw) or _wide(raw) or _shifting(raw, said) or _utf8(raw, said) or _legacy(raw, said)
    if not _VISIBLE.search(page.text):
        raise NotText("blank", "the page holds white space only")
    refuse_controls(page.text[:HEAD])
    # A search of bytes takes a fiftieth of the time of one of text.
    if b"\0" in raw:
        return DecodedPage(page.text.replace("\0", ""), page.encoding, page.how)
    return page


def _declared(raw: bytes, content_type: str | None) -> Iterator[tuple[str, How]]:
    """The codecs that the server and the page name, the more reliable first."""
    head = _COMMENT.sub(b"", raw[:HEAD])
    labels: list[tuple[str, How]] = [(found[1], "http") for found in _CHARSET.finditer(content_type or "")]
    labels += [(found[1].decode("latin-1"), "meta") for found in (_META.search(head), _XML.match(head)) if found]
    for label, how in labels:
        codec = codec_of(label)
        if codec is None or codec in ("utf_7", "hz"):
            continue  # which no browser reads
        # Were it UTF-16 or UTF-32, nobody could have read its name (HTML Standard).
        yield "utf_8" if codec.startswith("utf") else codec, how


def _marked(raw: bytes) -> DecodedPage | None:
    """`raw` read as its byte order mark says."""
    for mark, name in MARKS:
        if raw.startswith(mark):
            return DecodedPage(raw[len(mark) :].decode(name, "replace"), name, "bom")
    return None


def _wide(raw: bytes) -> DecodedPage | None:
    """`raw` read as UTF-16 or UTF-32, when it has the NUL bytes of those; a few occur in other pages by accident."""
    head = raw[:HEAD]
    if head.count(0) <= len(head) // 8:
        return None
    name = wide_encoding(raw)
    return DecodedPage(raw.decode(name, "replace"), name, "detected")


def _shifting(raw: bytes, said: list[tuple[str, How]]) -> DecodedPage | None:
    """`raw` read as an encoding that writes Japanese or Korean in ASCII bytes (ISO 2022), when it says so."""
    for codec, how in said:
        if codec.startswith("iso2022") and b"\x1b" in raw and raw.isascii():
            return DecodedPage(raw.decode(codec, "replace"), codec, how)
    return None


def _utf8(raw: bytes, said: list[tuple[str, How]]) -> DecodedPage | None:
    """`raw` read as UTF-8, when it is that but for a few bytes: other encodings hardly look so by accident."""
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        if not is_damaged_utf8(raw.decode(errors="surrogateescape")):
            return None
        text = raw.decode(errors="replace")
    how: How = next((how for codec, how in said if codec == "utf_8"), "utf-8")
    return DecodedPage(text, "utf-8", how)


def _legacy(raw: bytes, said: list[tuple[str, How]]) -> DecodedPage:
    """`raw` read as it says, or, where another encoding makes clearly more sense of its letters, as that."""
    refuse_controls(raw[:HEAD].decode("latin-1"))
    sample = sample_of(raw, _PIECE)
    named = [(codec, how) for codec, how in said if not codec.startswith(("utf", "iso2022"))]
    best, found = legacy_encoding(sample)
    for codec, how in named:
        if likeness(sample, codec) > best - CLEARLY:
            return DecodedPage(raw.decode(codec, "replace"), codec, how)
    if best > 0:
        return DecodedPage(raw.decode(found, "replace"), found, "detected")
    if named:
        return DecodedPage(raw.decode(named[0][0], "replace"), *named[0])
    return _dammit(raw)


def _dammit(raw: bytes) -> DecodedPage:
    """`raw` read as Beautiful Soup would, which knows no languages but tries everything."""
    from bs4 import UnicodeDammit  # noqa: PLC0415  (costs 0.1 s, and hardly a page gets here)

    soup = UnicodeDammit(raw, is_html=True)
    if soup.unicode_markup is None or soup.original_encoding is None:
        raise NotText("unknown-encoding", "no known encoding makes text of the page")
    return DecodedPage(soup.unicode_markup, soup.original_encoding, "detected")
