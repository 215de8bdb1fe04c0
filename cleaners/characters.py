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
_MOJIBAKE_LEADS: Final = "ÂÃâÅÄÎÏÐÑØÙàãäåæçèéïðĂăРСВвГ√¬"
_SPACES: Final = "\t\u00a0\u1680\u2000-\u200a\u202f\u205f"
_INVISIBLE: Final = "\x00-\x08\x0e-\x1b\x7f\u00ad\u200b\u2060\ufeff\ufffe\uffff"
_SURROGATES: Final = "\ud800-\udfff"
_ARTEFACT: Final = "'\"'"
# Any character that may need repair; the C1 control characters are mojibake of Windows-1252.
_ODD = re.compile(f"[{_SPACES}{_INVISIBLE}{_SURROGATES}\x80-\x9f]")
_SPOT = re.compile(f"[ {_SPACES}{_INVISIBLE}]{{2,}}|[{_SPACES}{_INVISIBLE}]|[{_SURROGATES}]+|{_ARTEFACT}")
_UNSEEN = re.compile(f"[{_INVISIBLE}]+")
_WORD = re.compile(r"[^ \t\n]*[^\x00-\x7f][^ \t\n]*")
# The control characters of ASCII, without those that end lines.
_ASCII_CONTROLS: Final = tuple(chr(code) for code in (*range(9), *range(11, 13), *range(14, 32), 127)) + ("\t",)


def suspicious(text: str) -> bool:
    """Whether any block of the text may need more than its spaces folded: a cheap look at the whole text.

    >>> suspicious("plain"), suspicious("no\\u00a0break")
    (False, True)
    """
    if _ARTEFACT in text:
        return True
    if text.isascii():
        return any(control in text for control in _ASCII_CONTROLS)
    return _ODD.search(text) is not None or any(lead in text for lead in _MOJIBAKE_LEADS)


def damaged(text: str) -> bool:
    """Whether ftfy's own test for mojibake finds some.

    >>> damaged("Itâ€™s"), damaged("It’s")
    (True, False)
    """
    if text.isascii() or not any(lead in text for lead in _MOJIBAKE_LEADS):
        return False
    from ftfy.badness import is_bad  # noqa: PLC0415 (loads tables: not before they are needed)

    return bool(is_bad(text))


def repairs_of(raw: str, offset: int) -> Iterator[Repair]:
    """The repairs of one line `raw` that starts at `offset` of the source text.

    >>> [(repair.start, repair.end, repair.replacement) for repair in repairs_of("a\\u00a0 b", 10)]
    [(11, 13, ' ')]
    """
    position = 0
    if damaged(raw):
        for match in _WORD.finditer(raw):
            word = match[0]
            mended = _mended(word)
            if mended != word:
                yield from _spots(raw, position, match.start(), offset)
                repair = Repair(offset + match.start(), offset + match.end(), mended, "repair.mojibake")
                yield _trimmed(repair, word)
                position = match.end()
    yield from _spots(raw, position, len(raw), offset)


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
