"""Fund-raising: widgets with their amounts, appeals, and the addresses to pay to.

A widget shows by its ladder of amounts, an appeal by saying several of the things that appeals say. A sentence of
the article about money or donations says one of them at most, and stays.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit

LADDER_MIN: Final = 3
"""Amounts on lines of their own, one after the other, that make a ladder."""
REACH: Final = 8
"""How many blocks apart the parts of one widget stand at most."""
APPEAL_MAX: Final = 150
"""Longest appeal, in words."""

_CURRENCY = (
    r"(?:[$€£¥₹₽₴₸₺₩₫₦₪฿₱]|US\$|USD|EUR|GBP|CHF|CAD|AUD|RUB|UAH|KZT|PLN|CZK|SEK|NOK|DKK"
    r"|kr|zł|Kč|руб\.?|грн|тг|тенге|lei|TL|Rp|円|元|원)"
)
_AMOUNT = re.compile(rf"{_CURRENCY}\s?\d[\d.,'\s]*\s?[kKmM]?|\d[\d.,'\s]*[kKmM]?\s?{_CURRENCY}")
_WALLET = re.compile(
    r"\b(?:bc1[a-z0-9]{25,60}|[13][a-km-zA-HJ-NP-Z1-9]{25,34}|0x[a-fA-F0-9]{40}|4[0-9AB][1-9A-HJ-NP-Za-km-z]{93})\b"
)


_LADDER: Final = "donation.amount-ladder"
_PAYABLE = re.compile(r"://|@|\b(?=\w*\d)\w{12,}\b")
"""A web or e-mail address, or a number to pay to."""


@cleaner("donation")
def remove_donation_widgets(document: Document) -> Iterator[Edit]:
    """Remove fund-raising widgets, appeals and payment addresses.

    >>> remove_donation_widgets("5 $\\n10 $\\n25 $\\nDonate now\\n\\nShe gave 25 $ to the school.")
    'She gave 25 $ to the school.'
    """
    marked = list(document.left("donation"))
    if not marked:
        return
    blocks = document.blocks
    found: dict[int, str] = {}
    names: set[str] = set()
    for block in marked:
        phrase = block.phrase("donation", "line")
        appeal = block.said("donation", "clause", "start")
        label = block.phrase("donation", "label")
        outside = block.zone != "body" or block.beside
        if phrase and not block.prose:
            found[block.index] = phrase.rule
        elif label and _PAYABLE.search(block.text) and not block.prose:
            found[block.index] = label.rule
        elif len(appeal) > (1 if outside else 2) and block.words <= APPEAL_MAX:
            found[block.index] = "donation.appeal"
    supports: dict[str, list[Block]] = {}
    for block in marked:
        start = block.phrase("donation", "start")
        if start and not block.prose and block.words <= 6 and block.key != start.text:
            supports.setdefault(block.key, []).append(block)
    for same in supports.values():
        for block in same:
            start = block.phrase("donation", "start")
            if start and (len(same) > 1 or (block.beside and block.zone != "body")):
                found[block.index] = start.rule
                names.add(block.key.removeprefix(start.text).strip())
    places = [block.index for block in marked]
    for first, last in _ladders(blocks):
        around = places[bisect_left(places, first - REACH) : bisect_right(places, last + REACH)]
        if any(index not in range(first, last) for index in around):
            found |= dict.fromkeys(range(first, last), _LADDER)
    for index in sorted(found):
        for near in (index - 1, index + 1, index - 2, index + 2):
            if 0 <= near < len(blocks) and near not in found and not blocks[near].gone and not blocks[near].prose:
                widget = blocks[near].phrase("donation", "widget")
                if widget:
                    found[near] = widget.rule
                elif blocks[near].date and found[index] == _LADDER:
                    found[near] = _LADDER  # the month that the widget counts
                elif blocks[near].key in names or _WALLET.search(blocks[near].text):
                    found[near] = "donation.widget"
    for index in sorted(found):
        if not blocks[index].gone:
            yield from document.remove(blocks[index], found[index])


def _ladders(blocks: list[Block]) -> Iterator[tuple[int, int]]:
    """First index and index after the last of each run of amounts."""
    start = None
    for index, block in enumerate(blocks):
        if len(block.text) <= 16 and not block.gone and _AMOUNT.fullmatch(block.text):
            start = index if start is None else start
        else:
            if start is not None and index - start >= LADDER_MIN:
                yield start, index
            start = None
    if start is not None and len(blocks) - start >= LADDER_MIN:
        yield start, len(blocks)
