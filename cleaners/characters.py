"""Damage that scraping did to the text itself: characters, spaces, quotation marks, wrapped lines.

Each block of a document carries its own repairs, found when the text is split (`cleaners.splitting`), because the
other cleaners look for noise in the repaired text. What is found here: mojibake (ftfy), no-break and doubled
spaces, invisible characters, bytes that could not be decoded, and the `'"'` that a careless escaping leaves where
one quotation mark stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final


@dataclass(frozen=True, slots=True)
class Repair:
    """One small change inside of a block, at code points of the source text."""

    start: int
    end: int
    replacement: str
    rule: str


_SPACES: Final = "\t\x0b\x1c-\x1f\x85\u00a0\u1680\u2000-\u200a\u202f\u205f"
_INVISIBLE: Final = "\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u2060\ufeff\ufffe\uffff"
_SURROGATES: Final = "\ud800-\udfff"
_ARTEFACT: Final = "'\"'"
_SPOT = re.compile(f"[ {_SPACES}{_INVISIBLE}\u3000]{{2,}}|[{_SPACES}{_INVISIBLE}]|[{_SURROGATES}]+|{_ARTEFACT}")
# Two characters that are one of UTF-8's when read as Latin-1, Windows-1252 or Windows-1251: a lead byte and one
# that can only follow one. Texts without such a pair hold no mojibake that ftfy mends.
_MOJIBAKE = re.compile(
    "[\u00c2-\u00f4\u0102\u0103\u0413\u0420\u0421\u0432\u221a\u00ac][\x80-\u00bf\u0152-\u0192\u02c6\u02dc\u0402-\u045f\u0490\u0491\u2013-\u2122\u00c4-\u00ff]"
)
_UNSEEN = re.compile(f"[{_INVISIBLE}]+")
_PIECE = re.compile(r"\s+|\S+")
# From the start of a word on: else a long one of ASCII would be read from each of its characters anew.
_WORD = re.compile(r"(?<![^ \t\n])[^ \t\n]*[^\x00-\x7f][^ \t\n]*")

DIFFERENCE_MAX: Final = 8
"""Longest difference between a line and its repaired form, in words and spaces of both, behind which they are looked
for to go on alike."""


def may_be_mojibake(text: str) -> bool:
    """A cheap look at a whole text for mojibake.

    >>> may_be_mojibake("It’s"), may_be_mojibake("Itâ€™s")
    (False, True)
    """
    if text.isascii():
        return False
    encoded = text.encode("utf-8", "surrogatepass")
    # The lead bytes of the characters that _MOJIBAKE begins with.
    leads = (b"\xc2", b"\xc3", b"\xc4", b"\xd0", b"\xe2\x88\x9a")
    return any(lead in encoded for lead in leads) and _MOJIBAKE.search(text) is not None


def needs_repair(text: str) -> bool:
    """A cheap look for anything that this module repairs: all its odd characters are unprintable.

    >>> needs_repair("plain\\ntext"), needs_repair("no\\u00a0break"), needs_repair("Itâ€™s")
    (False, True, True)
    """
    return "  " in text or _ARTEFACT in text or not text.replace("\n", " ").isprintable() or may_be_mojibake(text)


def is_unseen(line: str) -> bool:
    """Whether a line shows nothing: it holds invisible characters only.

    >>> is_unseen("\\u200b"), is_unseen("a")
    (True, False)
    """
    return not line[0].isprintable() and not _UNSEEN.sub("", line).strip()


def repairs_of(raw: str, offset: int, mojibake: bool | None = None) -> Iterator[Repair]:
    """The repairs of one line `raw` that starts at `offset` of the source text.

    `mojibake` says whether it holds any, where that was found out already for the paragraph it is a part of.

    >>> [(repair.start, repair.end, repair.replacement) for repair in repairs_of("a\\u00a0 b", 10)]
    [(11, 13, ' ')]
    """
    if is_damaged(raw) if mojibake is None else mojibake:
        yield from _differences(raw, _mended(raw), offset)
    else:
        yield from _spots(raw, offset)


def is_damaged(text: str) -> bool:
    """Whether a text holds mojibake, by ftfy's own test.

    >>> is_damaged("It’s"), is_damaged("Itâ€™s")
    (False, True)
    """
    looks = [text] if text.isprintable() else [text, repaired(text, 0, len(text), _spots(text, 0))]
    if not any(map(_MOJIBAKE.search, looks)):
        return False
    from ftfy.badness import is_bad  # noqa: PLC0415 (loads tables: not before they are needed)

    return any(map(is_bad, looks))


def _spots(raw: str, offset: int) -> Iterator[Repair]:
    """The repairs of a line without mojibake."""
    for match in _SPOT.finditer(raw):
        spot = match[0]
        at = match.start()
        if spot == _ARTEFACT:
            if _is_artefact(raw, at):
                yield Repair(offset + at, offset + at + 3, '"', "repair.quote-artefact")
        elif "\ud800" <= spot[0] <= "\udfff":
            yield Repair(offset + at, offset + match.end(), "\ufffd", "repair.undecodable")
        else:
            seen = _UNSEEN.sub("", spot)
            space = " " if seen and at > 0 and match.end() < len(raw) else ""
            if spot != space:
                rule = "repair.spaces" if seen else "repair.invisible"
                yield Repair(offset + at, offset + match.end(), space, rule)


def _is_artefact(raw: str, at: int) -> bool:
    """Whether the `'"'` at a place stands where one quotation mark stood: before or behind a word."""
    before = _UNSEEN.sub("", raw[max(0, at - 64) : at])[-1:] or " "
    after = _UNSEEN.sub("", raw[at + 3 : at + 67])[:1] or " "
    opening = after.isalnum() and not before.isalnum() and before not in _ARTEFACT
    closing = (before.isalnum() or before in ".,!?") and not after.isalnum() and after not in _ARTEFACT
    return opening or closing


def _mended(text: str) -> str:
    """A text with its mojibake undone, word by word, and everything else repaired."""
    from ftfy import fix_encoding  # noqa: PLC0415

    for _ in range(8):
        before = text
        # As a whole where all of it was misread in the same way, else word by word.
        text = _WORD.sub(lambda word: fix_encoding(word[0]), fix_encoding(text))
        # Mended, `â€¨` is a line separator; a line stays one, and starts and ends with something to read.
        text = " ".join(text.splitlines()).strip()
        text = repaired(text, 0, len(text), _spots(text, 0))
        if text == before:
            break
    return text


def _differences(raw: str, mended: str, offset: int) -> Iterator[Repair]:
    """The repairs that turn one line into another, by the words in which they differ."""
    old, new = _PIECE.findall(raw), _PIECE.findall(mended)
    places = [0, *accumulate(map(len, old))]
    a = b = 0
    while a < len(old) or b < len(new):
        c, d = a, b
        while old[c : c + 1] != new[d : d + 1]:
            c, d = _go_on_alike(old, new, c, d)
        if (c, d) != (a, b):
            yield Repair(offset + places[a], offset + places[c], "".join(new[b:d]), "repair.mojibake")
        a, b = c + 1, d + 1


def _go_on_alike(old: Sequence[str], new: Sequence[str], a: int, b: int) -> tuple[int, int]:
    """The places, as near as can be to two that differ, from which two lines go on alike with a word and a space."""
    if len(old) != len(new):
        for distance in range(1, DIFFERENCE_MAX + 1):
            for more in range(distance + 1):
                c, d = a + more, b + distance - more
                if c < len(old) and old[c : c + 2] == new[d : d + 2]:
                    return c, d
    return min(a + 1, len(old)), min(b + 1, len(new))


def repaired(source: str, start: int, end: int, repairs: Iterable[Repair]) -> str:
    """`source[start:end]` with the repairs made.

    >>> repaired("a\\u00a0 b", 0, 4, repairs_of("a\\u00a0 b", 0))
    'a b'
    """
    pieces: list[str] = []
    for repair in repairs:
        pieces.append(source[start : repair.start])
        pieces.append(repair.replacement)
        start = repair.end
    pieces.append(source[start:end])
    return "".join(pieces)
