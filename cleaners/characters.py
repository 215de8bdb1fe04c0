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


# Lead bytes of UTF-8 read as Latin-1, Windows-1252, Windows-1251 or MacRoman: without one of these (or a C1
# control character) a text holds no mojibake that ftfy mends, and is not looked at more closely.
_MOJIBAKE_LEADS: Final = "ÂÃâÅÄÎÏÐÑØÙàãäåæçèéïðĂăРСВвГ√¬‚’"
_ODD_SPACES: Final = "\t\u00a0\u1680\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f"
_ODD: Final = "\u00ad\u200b\u2060\ufeff\ufffe\x00\x1b\x7f"
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u2060\ufeff\ufffe\uffff]+")
_SURROGATE = re.compile("[\ud800-\udfff]+")
_OPENING_ARTEFACT = re.compile(r"^'\"'(?=\w)")
_CLOSING_ARTEFACT = re.compile(r"(?<=[\w.,!?])'\"'$")
_ANY_SPACE = re.compile(r"\s+")
_PLAIN_SPACE = re.compile(r"[ \t\n]+")
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


def suspicious(text: str) -> bool:
    """Whether any block of the text may need more than its spaces folded: a cheap look at the whole text.

    >>> suspicious("plain"), suspicious("no\\u00a0break")
    (False, True)
    """
    if "'\"'" in text or "\t" in text or _CONTROL.search(text):
        return True
    if text.isascii():
        return False
    return any(character in text for character in _ODD_SPACES + _ODD) or not _encodable(text) or damaged(text)


def damaged(text: str) -> bool:
    """Whether ftfy's own test for mojibake finds some.

    >>> damaged("Itâ€™s"), damaged("It’s")
    (True, False)
    """
    if text.isascii() or not any(lead in text for lead in _MOJIBAKE_LEADS):
        return False
    from ftfy.badness import is_bad  # noqa: PLC0415 (loads tables: not before they are needed)

    return bool(is_bad(text))


def _encodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def repairs_of(raw: str, offset: int) -> Iterator[Repair]:
    """The repairs of one line `raw` that starts at `offset` of the source text.

    >>> [(repair.start, repair.end, repair.replacement) for repair in repairs_of("a\\u00a0 b", 10)]
    [(11, 13, ' ')]
    """
    mojibake = damaged(raw)
    space = _PLAIN_SPACE if mojibake else _ANY_SPACE
    position = 0
    pending: int | None = None  # where a gap to be closed starts
    for match in _tokens(raw, space):
        start, end = match
        token = raw[start:end]
        mended = _mended(token, mojibake)
        if position and mended and raw[position:start] != " " and pending is None:
            yield Repair(offset + position, offset + start, " ", "repair.spaces")
        if not mended:
            pending = position if pending is None else pending
        else:
            if pending is not None:
                yield Repair(offset + pending, offset + start, " " if pending else "", "repair.invisible")
                pending = None
            if mended != token:
                yield _trimmed(Repair(offset + start, offset + end, mended, _why(token)), token)
            position = end
        if not mended and position == 0:
            pending = 0
    if pending is not None:
        yield Repair(offset + pending, offset + len(raw), "", "repair.invisible")


def _tokens(raw: str, space: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    position = 0
    for gap in space.finditer(raw):
        if gap.start() > position:
            yield position, gap.start()
        position = gap.end()
    if position < len(raw):
        yield position, len(raw)


def _mended(token: str, mojibake: bool) -> str:
    for _ in range(4):
        before = token
        if mojibake and not token.isascii():
            from ftfy import fix_encoding  # noqa: PLC0415

            token = fix_encoding(token)
        token = _INVISIBLE.sub("", token)
        token = _SURROGATE.sub("\ufffd", token)
        token = " ".join(_CLOSING_ARTEFACT.sub('"', _OPENING_ARTEFACT.sub('"', part)) for part in token.split())
        if token == before:
            break
    return token


def _why(token: str) -> str:
    if "'\"'" in token:
        return "repair.quote-artefact"
    if _SURROGATE.search(token):
        return "repair.undecodable"
    return "repair.invisible" if _INVISIBLE.search(token) else "repair.mojibake"


def _trimmed(repair: Repair, token: str) -> Repair:
    """The same repair without the characters at both ends that it leaves as they are."""
    new = repair.replacement
    head = 0
    while head < min(len(token), len(new)) and token[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(token), len(new)) - head and token[-1 - tail] == new[-1 - tail]:
        tail += 1
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
