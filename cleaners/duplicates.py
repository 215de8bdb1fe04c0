"""What is said twice: paragraphs, headlines, and pull quotes, which repeat a sentence of the text above them."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit

HEADLINE_MIN: Final = 5
"""Fewest words of a headline said twice: shorter ones may be refrains, labels or answers."""
HEAD_MAX: Final = 12
"""How many blocks from the top of the text the headline stands at most."""
SAME_REACH: Final = 8
"""How many blocks apart a paragraph is said twice by accident; further apart it may be a refrain."""
CAPTION_REACH: Final = 2
"""How many blocks apart a caption, which need be no sentence, is said twice."""
CAPTION_MIN: Final = 10
"""Fewest words of a caption said twice."""
QUOTE_MIN: Final = 8
"""Fewest words of a pull quote."""
QUOTE_MAX: Final = 70
"""Most words of a pull quote."""
SENTENCE_MIN: Final = 14
"""Fewest words of a pull quote that ends in a full stop: shorter sentences recur by themselves."""
QUOTE_SHARE: Final = 0.85
"""Share of a pull quote's words that stand in one run of sentences above it."""
QUOTE_REACH: Final = 4_000
"""How far above itself, in code points, a pull quote's sentence is looked for."""
QUOTED: Final = 3
"""How far around the place where a pull quote was found it is compared, in lengths of the quote."""
QUOTES_MAX: Final = 3
"""Most pull quotes of an article; where more whole sentences recur, the page is built of repetition."""
APART_MIN: Final = 4
"""Fewest words of a repetition that a page sets apart, as a quote or beside the text."""
APART_MOST: Final = 40
"""Most sentences that a page sets apart for them to be pull quotes."""
_STOPS: Final = ".。।"
_PROBE: Final = 24

_CODE: Final = frozenset("{}<>=_#|\\*")
_WORD = re.compile(r"\w+")


@cleaner("duplicate")
def remove_duplicates(document: Document) -> Iterator[Edit]:
    """Remove paragraphs said twice and pull quotes; the first full telling stays.

    >>> text = "He had been widely expected to extend his rule over the nation by seven more years."
    >>> remove_duplicates(f"{text} Few doubted it.\\n\\nIt rained.\\n\\n{text[:-1]}").endswith("It rained.")
    True
    """
    on_page = bool(document.blocks) and document.blocks[0].page is not None
    if not (document.asked or document.noisy or on_page):
        return
    seen: dict[str, list[Block]] = {}
    quotes: list[Block] = []
    for block in document.blocks:
        if block.gone or block.date or block.kind == "list-item" or block.text[0] == "|" or block.text[-1] in ":?：？":
            continue
        count = block.words
        if count < HEADLINE_MIN:
            continue
        seen.setdefault(block.text, []).append(block)
        least = SENTENCE_MIN if block.text[-1] in _STOPS else QUOTE_MIN
        if least <= count <= QUOTE_MAX and block.text.count(". ") <= 1 and _is_pull_quote(document, block):
            quotes.append(block)
    apart = [block for block in document.blocks if not block.gone and _stands_apart(block)]
    for block in apart if len(apart) <= APART_MOST else ():
        said = block.text.strip("\"'“”„«»‘’.。 ")
        if any(said in host.text and host.words > block.words for host in document.blocks if not host.gone):
            yield from document.remove(block, "duplicate.set-apart")
    for quote in filter(document.is_scraped, quotes):
        if quote.gone:
            continue
        if quote.text[-1] not in _STOPS or len(quotes) <= QUOTES_MAX:
            yield from document.remove(quote, "duplicate.pull-quote")
    for same in seen.values():
        first, *again = same
        # What is said three times is the page's own structure, not an accident.
        if (
            len(again) == 1
            and not again[0].gone
            and document.is_scraped(first)
            and _is_repetition(document, first, again[0])
        ):
            yield from document.remove(again[0], "duplicate.said-twice")


def _stands_apart(block: Block) -> bool:
    """Whether a page sets a sentence apart, as it does with pull quotes."""
    if block.page is None or not APART_MIN <= block.words <= QUOTE_MAX:
        return False
    return not block.page.inside.isdisjoint({"quote", "aside"})


def _is_repetition(document: Document, first: Block, again: Block) -> bool:
    if again.index <= document.core[0]:
        return first.index <= HEAD_MAX and first.text[0].isalnum()  # a headline said twice above the article
    if again.index - first.index > SAME_REACH:
        return False
    return first.prose or (again.index - first.index <= CAPTION_REACH and first.words >= CAPTION_MIN)


def _is_pull_quote(document: Document, block: Block) -> bool:
    """Whether a block above this one, not far off, says what it says and more."""
    quote = block.text
    at = len(quote) * 3 // 5 - _PROBE // 2
    probe = quote[at : at + _PROBE]
    end = document.ends[block.index]
    start = end - len(quote) - 1
    place = document.text.find(probe, max(0, start - QUOTE_REACH), start)
    # What is said three times is the page's own structure, not a quote.
    if place < 0 or document.text.count(probe, place, end + QUOTE_REACH) > 2:
        return False
    number = bisect_right(document.ends, place)
    host = document.blocks[number]
    if not host.prose or host.gone or not _reads_like_prose(quote):
        return False
    # What the probe is in the middle of: who quotes a paragraph of a megabyte need not be compared with all of it.
    place -= document.ends[number] - len(host.text) - 1
    return _quotes(quote, host.text[max(0, place - QUOTED * len(quote)) : place + QUOTED * len(quote)])


def _reads_like_prose(text: str) -> bool:
    """Whether a text is made of words, and not of numbers or code: schedules and listings repeat themselves."""
    return sum(map(str.isdigit, text)) * 20 <= len(text) and _CODE.isdisjoint(text)


def _quotes(quote: str, text: str) -> bool:
    """Whether nearly all words of the quote stand in one run in the text.

    A quote that ends in a full stop may be a sentence of its own that resembles another, so it must be a part of a
    longer paragraph, word for word.
    """
    from difflib import SequenceMatcher  # noqa: PLC0415 (for the few texts that get here)

    mine = _WORD.findall(quote.casefold())
    theirs = _WORD.findall(text.casefold())
    run = SequenceMatcher(None, mine, theirs, autojunk=False).find_longest_match().size
    if quote[-1] in _STOPS:
        return run == len(mine) and len(theirs) >= 1.5 * len(mine)
    return run >= QUOTE_SHARE * len(mine)
