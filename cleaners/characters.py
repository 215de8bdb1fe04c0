"""Damage that scraping did to the text itself: characters, spaces, quotation marks, wrapped lines.

Each block of a document carries its own repairs, found when the text is split (`cleaners.splitting`), because the
other cleaners look for noise in the repaired text. What is found here: mojibake (ftfy), no-break and doubled
spaces, invisible characters, bytes that could not be decoded, and the `'"'` that a careless escaping leaves where
one quotation mark stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
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
_SPOT = re.compile(f"[ {_SPACES}{_INVISIBLE}]{{2,}}|[{_SPACES}{_INVISIBLE}]|[{_SURROGATES}]+|{_ARTEFACT}")
# Two characters that are one of UTF-8's when read as Latin-1, Windows-1252 or Windows-1251: a lead byte and one
# that can only follow one. Texts without such a pair hold no mojibake that ftfy mends.
_MOJIBAKE = re.compile("[\u00c2-\u00f4\u0102\u0103\u0413\u0420\u0421\u0432\u221a\u00ac][\x80-\u00bf\u0152-\u0192\u02c6\u02dc\u0402-\u045f\u0490\u0491\u2013-\u2122\u00c4-\u00ff]")
_UNSEEN = re.compile(f"[{_INVISIBLE}]+")
_WORD = re.compile(r"[^ \t\n]*[^\x00-\x7f][^ \t\n]*")


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


def needs_repair(line: str, mojibake: bool) -> bool:
    """Whether anything in a line may need repair: a cheap look, for which all odd characters are unprintable.

    >>> needs_repair("plain", False), needs_repair("no\\u00a0break", False)
    (False, True)
    """
    return not line.isprintable() or "  " in line or _ARTEFACT in line or (mojibake and _MOJIBAKE.search(line) is not None)


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
    position = 0
    if is_damaged(raw) if mojibake is None else mojibake:
        for match in _WORD.finditer(raw):
            word = match[0]
            mended = _mended(word)
            if mended != word:
                yield from _spots(raw, position, match.start(), offset)
                repair = Repair(offset + match.start(), offset + match.end(), mended, "repair.mojibake")
                yield _trimmed(repair, word)
                position = match.end()
    yield from _spots(raw, position, len(raw), offset)


def is_damaged(text: str) -> bool:
    """Whether a text holds mojibake, by ftfy's own test.

    >>> is_damaged("It’s"), is_damaged("Itâ€™s")
    (False, True)
    """
    if not text.isprintable():
        text = _UNSEEN.sub("", text)
    if not _MOJIBAKE.search(text):
        return False
    from ftfy.badness import is_bad  # noqa: PLC0415 (loads tables: not before they are needed)

    return bool(is_bad(text))


def _spots(raw: str, start: int, end: int, offset: int) -> Iterator[Repair]:
    """The repairs of `raw[start:end]`, where no mojibake is."""
    for match in _SPOT.finditer(raw, start, end):
        spot = match[0]
        at = match.start()
        if spot == _ARTEFACT:
            if _is_artefact(raw, at):
                yield Repair(offset + at, offset + at + 3, '"', "repair.quote-artefact")
        elif "\ud800" <= spot[0] <= "\udfff":
            yield Repair(offset + at, offset + match.end(), "\ufffd", "repair.undecodable")
        else:
            seen = _UNSEEN.sub("", spot)
            space = " " if seen and 0 < at and match.end() < len(raw) else ""
            if spot != space:
                rule = "repair.spaces" if seen else "repair.invisible"
                yield Repair(offset + at, offset + match.end(), space, rule)


def _is_artefact(raw: str, at: int) -> bool:
    """Whether the `'"'` at a place stands where one quotation mark stood: before or behind a word."""
    before, after = raw[at - 1 : at] if at else " ", raw[at + 3 : at + 4] or " "
    opening = after.isalnum() and not before.isalnum() and before not in _ARTEFACT
    closing = (before.isalnum() or before in ".,!?") and not after.isalnum() and after not in _ARTEFACT
    return opening or closing


def _mended(word: str) -> str:
    from ftfy import fix_encoding  # noqa: PLC0415

    for _ in range(3):
        text = fix_encoding(word)
        text = repaired(text, 0, len(text), _spots(text, 0, len(text), 0))
        if text == word:
            break
        word = text
    return word


def _trimmed(repair: Repair, word: str) -> Repair:
    """The same repair without the characters at both ends that it leaves as they are."""
    new = repair.replacement
    shortest = min(len(word), len(new))
    head = next((place for place in range(shortest) if word[place] != new[place]), shortest)
    tail = next((place for place in range(shortest - head) if word[-1 - place] != new[-1 - place]), shortest - head)
    return Repair(repair.start + head, repair.end - tail, new[head : len(new) - tail], repair.rule)


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
