"""Shapes that several cleaners ask for: a name, an amount of money, a label before a colon, a headline."""

from __future__ import annotations

import re
from typing import Final

from cleaners.phrasebook import normal_form

_SEPARATORS: Final = ":：|»›>→–—-】]］」=＝"
SENTENCE_MIN: Final = 4
"""Fewest words of a sentence that counts as one: buttons with a full stop are shorter."""
_DASHES: Final = "–—-"
_ENDS: Final = frozenset(".!?…。！？؟۔।॥")
_CLOSERS: Final = "\"'”’»)」』"
_OPENERS: Final = frozenset("\"'“”„«»‘「『")
_CLOSING_MARKS: Final = frozenset("\"'”“»«’」』")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
_NAME_WORD = re.compile(r"[^\W\d_][^\s\d_,;:!?()|/<>\[\]{}\"“”]*")
_PARTICLES: Final = frozenset(
    {"de", "da", "di", "do", "dos", "das", "del", "della", "der", "den", "des", "van", "von", "la", "le", "du", "el"}
    | {"al", "bin", "ibn", "ben", "y", "e", "and", "und", "et", "&", "of", "the", "ter", "ten"}
)
_FULL_STOPS: Final = ".。।"
_NEXT_SENTENCE = re.compile(r"[.!?][\"”’»]?\s+[\"“‘«]?[^\W\d_a-z]\w*\s")
_UNCASED = re.compile("[\u0590-\u08ff\u0900-\u1cff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def words(text: str) -> int:
    """How many words; in scripts without spaces two characters count as one.

    >>> words("one two"), words("三联生活周刊")
    (2, 3)
    """
    count = text.count(" ") + 1
    # Three samples tell a script without spaces well enough, and ten times as fast.
    if text.isascii() or max(text[0], text[len(text) // 2], text[-1]) < "\u3000":
        return count
    return max(count, len(_UNSPACED.findall(text)) // 2)


def is_name(text: str, most: int = 4) -> bool:
    """Whether a text looks like the name of a person or two: few words, each with a capital where there are any.

    >>> is_name("Ana María de la Cruz"), is_name("Key points of the day")
    (True, False)
    """
    if not text or len(text) > 48 or text[-1] in ":;!?：；！？。":
        return False
    parts = text.replace(",", " ").split()
    if not 1 <= len([part for part in parts if part.lower() not in _PARTICLES]) <= most:
        return False
    return all(
        part.lower() in _PARTICLES or (_NAME_WORD.fullmatch(part) and (part[0].isupper() or _UNCASED.match(part)))
        for part in parts
    )


def after_label(text: str, phrase: str) -> int | None:
    """Where the text after a label such as `ALSO READ:` begins, or None where the phrase is no label.

    A label ends in a colon, dash, bar, arrow or closing bracket, or is written in capitals where what follows is
    not.

    >>> after_label("ALSO READ: Gas leak", "also read"), after_label("Also read by many", "also read")
    (11, None)
    """
    if text.count("|") > 1:
        return None  # the row of a table
    limit = min(len(text), len(phrase) + 12)
    for place in range(1, limit):
        if text[place] in _SEPARATORS and normal_form(text[:place]) == phrase:
            if text[place] in _DASHES and not (text[place - 1].isspace() or text[place + 1 : place + 2].isspace()):
                return None
            return len(text) - len(text[place:].lstrip(_SEPARATORS + " \t\u00a0"))
    for place in range(1, limit):
        if text[place].isspace() and normal_form(text[:place]) == phrase:
            label, rest = text[:place], text[place:].strip()
            if label.isupper() and rest and not rest.isupper():
                return place + 1
    return None


def is_headline(text: str, least: int = 3) -> bool:
    """Whether a text could be a headline: not too short or long, one sentence, no full stop at its end.

    >>> is_headline("Gas leak at coal mine kills 5"), is_headline("It rained. Nobody came.")
    (True, False)
    """
    if len(text) > 200 or not least <= words(text) <= 30:
        return False
    bare = text.rstrip(_CLOSERS)
    if bare[-1:] in _FULL_STOPS and not bare.endswith(("...", "U.S.")):
        return False
    return not _NEXT_SENTENCE.search(text[12:-12])


def is_sentence(text: str) -> bool:
    """Whether a text reads like a sentence of an article, however short.

    >>> is_sentence("Councillor Reed made no comment."), is_sentence("Share this article")
    (True, False)
    """
    return words(text) >= SENTENCE_MIN and ends_sentence(text)


def is_speech(text: str) -> bool:
    """Whether a whole line stands in quotation marks: what somebody says.

    >>> is_speech("“Not now.”"), is_speech("“Not now,” she said.")
    (True, False)
    """
    return text[:1] in _OPENERS and text.rstrip(".,!?…")[1:][-1:] in _CLOSING_MARKS


def ends_sentence(text: str) -> bool:
    """Whether a text ends as a sentence does, in any of the scripts known here."""
    return text.rstrip(_CLOSERS)[-1:] in _ENDS if text else False
