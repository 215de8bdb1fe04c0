"""Pointers to other articles: `ALSO READ: ...` on a line, and lists under a heading such as `Related articles`."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit
from cleaners.phrasebook import normal_form
from cleaners.shapes import after_label, ends_sentence, is_headline
from cleaners.splitting import columns
from cleaners.survey import DATE_MAX, is_date

ITEMS_MAX: Final = 120
"""Longest list of related articles, in blocks."""
LIST_MIN: Final = 3
"""Fewest items that make a list under a heading which might also be one of the article's."""
TITLE_MIN: Final = 10
"""Narrowest headline, in columns, that is lifted from a list."""
EXCERPT_MAX: Final = 70
"""Longest excerpt under a related headline, in words."""
CLEAN_MIN: Final = 20
"""Paragraphs of an article without other noise in it, from which its pointers are its author's: a guide that refers to
other guides. A page that puts pointers between paragraphs puts other things there as well."""

FEED_MIN: Final = 3
"""Fewest dates in a list of articles without a heading: two may be those of an event."""
TEASERS_MIN: Final = 2
"""Fewest excerpts cut off with an ellipsis in such a list."""
TEASER_LEAST: Final = 6
"""Fewest words of an excerpt or headline that counts as cut off: shorter lines trail off by themselves."""
SHELF_HEADING_MAX: Final = 10
"""Longest heading of a list that ends the text, in words."""
HEADLINES_MIN: Final = 10
"""Fewest headlines that stand together below an article and are none of it."""
HEADLINES_SHARE: Final = 0.75
"""Least share of headlines among lines that stand together."""
CAPITALS_SHARE: Final = 0.6
"""Least share of words with a capital, or numbers, in a headline whose words have capitals."""
LABEL_MAX: Final = 3
"""Longest label that the cards of such a list have, in words."""
LABELS_MIN: Final = 3
"""Fewest cards with the same label."""
TITLES_SHARE: Final = 0.33
"""Least share of the words of their lines that stand in headlines: in the cells of a table hardly any do."""
CARDS_SHARE: Final = 0.25
"""Most words that such cards have, as a share of the prose above them."""
CARD_MAX: Final = 120
"""Longest excerpt in such a list, in words: nothing of the article follows that could be taken for one."""
TITLES_MIN: Final = 2
"""Fewest headlines in such a list."""

LINKED_MIN: Final = 0.9
"""Share of links, by characters, from which a block of a page is nothing but a link: an arrow may stand beside it."""
LABELLED_MIN: Final = 0.5
"""Share of links from which what stands behind a label is one: the label itself may be none."""
CAPITALS_MIN: Final = 4
"""Fewest words of a link all in capitals that is no heading."""

LEAD_REACH: Final = 12
"""How many blocks above the article's first paragraph its standfirst stands at most: byline and share bar part them."""
BOX_TITLE_MIN: Final = 5
"""Fewest words of a headline in a box amid the article, where the items of a list of the article's are shorter."""
_CUT: Final = ("…", "...")
"""How an excerpt or headline ends that was cut off."""
_CELLS = re.compile(r"\||\s\S*\d\S*\s.*\d|[$€£%]")
"""What the row of a table has, and a headline hardly ever: bars, amounts, two numbers behind its first word."""
_QUOTES: Final = "\"“„«‘'「『"


@cleaner("related")
def remove_also_read(document: Document) -> Iterator[Edit]:
    """Remove pointers to other articles; their titles are lifted.

    >>> remove_also_read("Polls closed.\\n\\nALSO READ: Gas leak kills 5\\n\\nTurnout was 69%.")
    'Polls closed.\\n\\nTurnout was 69%.'
    """
    if document.marked.get("related"):
        authors = not document.asked and _is_clean(document)
        outline = _Outline.of(document.blocks)
        taken = -1
        for block in document.left("related"):
            if block.index <= taken:
                continue
            edits, taken = _found(document, block, outline, authors=authors)
            yield from edits
    yield from _feed(document)
    yield from _cards(document)
    yield from _linked(document)


@dataclass(frozen=True, slots=True)
class _Outline:
    """Where the prose of a document is: the words of prose above each block, and the indexes of the last paragraph
    that is left, and of the last one that says nothing known. Counted once, as a page may have ten thousand lists.
    """

    words: Sequence[int]
    paragraph: int
    unknown: int

    @classmethod
    def of(cls, blocks: Sequence[Block]) -> _Outline:
        prose = [block for block in blocks if block.prose and not block.gone]
        return cls(
            words=list(accumulate((block.words if block.prose else 0 for block in blocks), initial=0)),
            paragraph=max((block.index for block in prose if block.lines > 1), default=-1),
            unknown=max((block.index for block in prose if not block.phrases), default=-1),
        )


def _found(document: Document, block: Block, outline: _Outline, *, authors: bool) -> tuple[list[Edit], int]:
    if block.prose and len(block.text) > 240:
        return [], -1
    for phrase in block.phrases:
        if phrase.noise == "related" and phrase.form == "label":
            place = after_label(block.text, phrase.text)
            title = block.text[place:] if place is not None else ""
            linked = block.page is not None and block.page.link_density >= LABELLED_MIN
            if (
                title
                and (linked or is_headline(title, least=2))
                and block.text[0] not in _QUOTES
                and not (authors and not block.text[:place].isupper())
            ):
                return document.remove(block, phrase.rule, "related.title", (place or 0, len(block.text))), block.index
    heading = block.phrase("related", "heading", "label")
    if heading is None or (heading.form == "label" and not (block.key == heading.text and block.text[-1] in ":：")):
        heading = next((p for p in block.phrases if p.form == "widget" and p.rule.startswith("related.list")), None)
    opening = block.phrase("related", "heading", "start")
    if opening and not block.prose:
        shelf = _shelf(document, block, outline, sure=opening.form == "heading") or _box(document, block)
        if shelf:
            return _listed(document, block, shelf, opening.rule)
    if heading and not block.prose:
        items = _items(document, block)
        if heading.form == "label":
            items = [item for item in items[:1] if item.kind != "list-item"]
        if heading.form == "widget" and block.zone == "body" and not _ends_document(items, outline):
            items = []
        if items or (heading.form != "widget" and (block.beside or block.zone != "body")):
            return _listed(document, block, items, heading.rule)
    line = block.phrase("related", "line")
    if line and not block.prose:
        return document.remove(block, line.rule), block.index
    widget = block.phrase("related", "widget")
    if widget and block.beside and not block.prose:
        return document.remove(block, widget.rule), block.index
    return [], -1


def _listed(document: Document, heading: Block, items: list[Block], rule: str) -> tuple[list[Edit], int]:
    edits = document.remove(heading, rule)
    for item in items:
        button = item.date or any(phrase.form in ("line", "widget", "heading") for phrase in item.phrases)
        plain = not button and not item.prose and columns(item.text) >= TITLE_MIN
        edits += document.remove(item, rule, "related.title" if plain else None)
    return edits, items[-1].index if items else heading.index


def _shelf(document: Document, heading: Block, outline: _Outline, *, sure: bool) -> list[Block]:
    """The cards of a list with which the text ends: headlines, each with a date, a name and an excerpt at most.

    Below a heading that is not `sure` to be one of such a list, cards with an excerpt have a date as well.
    """
    blocks = document.blocks
    if heading.words > SHELF_HEADING_MAX or ends_sentence(heading.text) or heading.kind == "list-item":
        return []
    cards: list[Block] = []
    titles = excerpts = dates = 0
    for block in blocks[heading.index + 1 : heading.index + 1 + ITEMS_MAX]:
        if block.gone or _opens_other(block) or block.has("prompt", "line"):
            break
        if block.prose or _states(block.text):
            if not cards or cards[-1].prose or block.words > CARD_MAX:
                return []
            excerpts += 1
        else:
            titles += _is_title(block)
        if block.kind == "list-item" and not sure:
            return []
        dates += block.date
        cards.append(block)
    if titles < max(TITLES_MIN, excerpts - 1) or (excerpts > dates and not sure):
        return []
    if sum(block.words for block in cards) > outline.words[heading.index]:
        return []  # the heading may be one of a page that is nothing but lists
    return cards if outline.unknown <= heading.index + len(cards) else []


def _box(document: Document, heading: Block) -> list[Block]:
    """The headlines that stand in one paragraph with the heading above them, amid an article that goes on below."""
    if not document.spaced or heading.lines == 1 or not document.is_scraped(heading):
        return []
    below = document.blocks[heading.index + 1 : heading.index + 1 + ITEMS_MAX]
    items = list(itertools.takewhile(lambda block: block.lines == 1 and not (block.gone or block.phrases), below))
    titles = [item for item in items if item.words >= BOX_TITLE_MIN and is_headline(item.text)]
    if len(titles) < LIST_MIN or len(items) > 2 * len(titles):
        return []
    return [] if any(item.prose or item.kind == "list-item" or _states(item.text) for item in items) else items


def _feed(document: Document) -> Iterator[Edit]:
    """The list of articles that ends the text without a heading: headlines with dates, or with excerpts cut off."""
    blocks = document.blocks
    start = next((b.index + 1 for b in reversed(blocks) if b.prose and not (b.gone or _is_cut_off(b))), len(blocks))
    below = [block for block in blocks[start:] if not (block.gone or block.has("prompt", "line"))]
    if not start or not below or any(block.kind in ("table-row", "code") for block in below):
        return
    cut_off = [number for number, block in enumerate(below) if _is_cut_off(block)]
    dated = [number for number, block in enumerate(below) if _is_dated(document, block)]
    if len(cut_off) >= TEASERS_MIN:
        marks, rule = cut_off, "related.teasers"
    elif len(dated) >= FEED_MIN:
        marks, rule = dated, "related.dated"
    else:
        return
    first, last = marks[0], marks[-1]
    # What marks the cards stands below the headlines (or is all there is of them), or above them all through the list.
    if below[first].date and last + 1 < len(below) and _is_title(below[last + 1]):
        last += 1
    elif first and marks[1] > first + 1 and _is_title(below[first - 1]):
        first -= 1
    cards = below[first : last + 1]
    titles = [block for block in cards if _is_title(block)]
    if len(titles) < len(marks) - 1 or len(cards) > 5 * len(marks):
        return
    if rule == "related.dated" and sum(block.words for block in titles) < BOX_TITLE_MIN * len(titles):
        return  # the dates and places of a tour
    for block in cards:
        yield from document.remove(block, rule, "related.title" if _is_title(block) else None)


def _cards(document: Document) -> Iterator[Edit]:
    """The lists of other articles, line by line, with which a text ends and which have no heading that says so."""
    if not document.spaced:
        return
    starts = [block.index for block in document.blocks if block.lines > 1 or not block.index]
    read = list(accumulate((block.words if block.prose else 0 for block in document.blocks), initial=0))
    for start, end in zip(reversed(starts), [None, *reversed(starts)], strict=False):
        paragraph = document.blocks[start:end]
        for block in _labelled(document, paragraph, read[start]):
            yield from document.remove(block, "related.cards", "related.title" if _is_title(block) else None)
        for block in _headlines(document, paragraph):
            yield from document.remove(block, "related.headlines", "related.title")
        if any(block.prose and not (block.gone or block.phrases) for block in paragraph):
            break


def _headlines(document: Document, paragraph: list[Block]) -> list[Block]:
    """The lines of a paragraph in which headlines stand together, written as English ones are: With Capitals."""
    left = [block for block in paragraph if not block.gone]
    if len(left) < HEADLINES_MIN or sum(block.words for block in left) < BOX_TITLE_MIN * len(left):
        return []
    if any(block.kind == "list-item" or block.prose or block.phrases or ends_sentence(block.text) for block in left):
        return []
    if any(_CELLS.search(block.text) and not block.date for block in left):
        return []
    titled = sum(_has_capitals(block.text) and is_headline(block.text) for block in left)
    scraped = document.is_scraped(left[0]) or any(block.date for block in left)
    return left if scraped and titled >= HEADLINES_SHARE * len(left) else []


def _has_capitals(text: str) -> bool:
    """Whether most words of a line have a capital or are numbers.

    >>> _has_capitals("15 Plants to Make Your Home Smell"), _has_capitals("We saw Anna and the sea")
    (True, False)
    """
    parts = text.split()
    return sum(not part[0].islower() for part in parts) >= CAPITALS_SHARE * len(parts)


def _labelled(document: Document, paragraph: list[Block], words_above: int) -> list[Block]:
    """The cards of a paragraph, from their first label on: `Travel`, headline, excerpt. Several have the same label."""
    left = [block for block in paragraph if not block.gone]
    short = [block for block in left if block.words <= LABEL_MAX and not block.prose and block.text[-1] not in ":："]
    said = Counter(block.key for block in short if any(map(str.isalpha, block.key)))
    labels = {label for label, times in said.items() if times >= LABELS_MIN}
    if not labels:
        return []
    first = next(number for number, block in enumerate(left) if block.key in labels)
    cards = left[first - 1 if first == 1 else first :]
    titles = [block for block in cards if _is_title(block) and block.words >= BOX_TITLE_MIN]
    stated = sum(block.prose or _states(block.text) for block in cards)
    if stated > len(titles) or 2 * len(titles) < max(said.values()) or any(b.words > EXCERPT_MAX for b in cards):
        return []
    lines = sum(block.words for block in cards if not block.prose)
    if sum(block.words for block in titles) < TITLES_SHARE * lines:
        return []
    if sum(block.words for block in cards) > CARDS_SHARE * words_above:
        return []
    return cards if document.is_scraped(cards[0]) else []


def _is_title(block: Block) -> bool:
    return not (block.date or block.prose or block.phrases) and is_headline(block.text)


def _states(text: str) -> bool:
    """Whether a line ends as a statement does; headlines may ask, and be cut off."""
    return ends_sentence(text) and not text.endswith(("?", "？", "؟", *_CUT))


def _is_cut_off(block: Block) -> bool:
    return block.text.endswith(_CUT) and block.words >= TEASER_LEAST


def _is_dated(document: Document, block: Block) -> bool:
    """Whether a block is a date, or a headline with a date behind it."""
    if block.date:
        return True
    title, dash, date = block.text.rpartition(" - ")
    if not dash or block.prose or len(date) > DATE_MAX or "#" not in (key := normal_form(date)):
        return False
    return is_headline(title.lstrip("-• ")) and is_date(date, key, document.spoken.date_words)


def _is_clean(document: Document) -> bool:
    """Whether the article of a text is long and has no noise but pointers in it: see `CLEAN_MIN`."""
    first, last = document.core
    core = document.blocks[first : last + 1]
    if not core or core[0].page is not None or sum(block.prose for block in core) < CLEAN_MIN:
        return False
    return not any(phrase.form in ("line", "heading") for block in core if not block.prose for phrase in block.phrases)


def _linked(document: Document) -> Iterator[Edit]:
    """What a page shows as nothing but a link, where a link alone is no part of an article."""
    blocks = document.blocks
    for block in blocks:
        if block.gone or not _is_link(block) or block.kind in ("list-item", "table-row", "code"):
            continue
        if ends_sentence(block.text) and not block.phrases:
            continue
        if block.zone != "body":
            rule = "related.linked-outside"
        elif block.kind == "heading" and block.page and block.page.kind == "heading":
            continue
        elif block.has("related", "label", "heading", "line", "widget") or block.has("prompt"):
            rule = "related.linked-label"
        elif block.words >= CAPITALS_MIN and block.text.isupper():
            rule = "related.linked-capitals"
        else:
            continue
        lifted = rule != "related.linked-outside" and is_headline(block.text)
        yield from document.remove(block, rule, "related.title" if lifted else None)
    tail = [block for block in blocks if block.zone == "tail" and block.kind == "list-item" and not block.gone]
    if len(tail) >= LIST_MIN and all(_is_link(block) and is_headline(block.text) for block in tail):
        for block in tail:
            yield from document.remove(block, "related.linked-list", "related.title")


def _is_link(block: Block) -> bool:
    return block.page is not None and block.page.link_density >= LINKED_MIN


def _items(document: Document, heading: Block) -> list[Block]:
    """The items of the list under a heading: the lines of its paragraph, or headlines up to the next prose."""
    blocks = document.blocks
    items: list[Block] = []
    paragraph = document.spaced
    for block in blocks[heading.index + 1 : heading.index + 1 + ITEMS_MAX]:
        if block.gone or _opens_other(block):
            break
        if paragraph and items and block.lines > 1:
            if items[-1].lines == 1:
                break  # a list on consecutive lines ends with its paragraph
            paragraph = False
        if block.lines > 1 or not paragraph:
            if block.prose and (block.zone == "body" or block.words > EXCERPT_MAX):
                break
            if block.zone == "body" and not (block.phrases or block.date or is_headline(block.text)):
                break
        elif block.words > EXCERPT_MAX:
            break
        items.append(block)
    items = items[: _lead(document, items)]
    # A short line above the prose that goes on after the list may be a heading of the article.
    after = items[-1].index + 1 if items else len(blocks)
    if (
        items
        and (items[-1].lines > 1 or not document.spaced)
        and items[-1].zone == "body"
        and after < len(blocks)
        and blocks[after].prose
    ):
        items.pop()
    return items


def _lead(document: Document, items: list[Block]) -> int:
    """How many of these items stand above the headline and standfirst that a byline parts from the article."""
    first = document.core[0]
    for number in range(len(items) - 1, -1, -1):
        if items[number].prose and items[number].zone == "head":
            return max(number - 1, 0) if first - items[number].index <= LEAD_REACH else len(items)
    return len(items)


def _ends_document(items: list[Block], outline: _Outline) -> bool:
    """Whether a list on consecutive lines is the last thing of a document that reads like sentences."""
    if len(items) < LIST_MIN or any(item.lines > 1 or item.kind == "list-item" for item in items[1:]):
        return False
    return outline.paragraph <= items[-1].index


def _opens_other(block: Block) -> bool:
    return any(phrase.form == "heading" and phrase.noise != "related" for phrase in block.phrases) or block.has(
        "comments", "start"
    )
