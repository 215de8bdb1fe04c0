"""What a block can be told by before any cleaner looks at it: its phrases, and the company that it keeps.

A word such as "Share" is a button in a row of buttons and may be a heading elsewhere; a name with a date is a
byline above an article and a comment's head below it. So the document is surveyed first: each block is looked up
in the phrase book, the core of the article is found (the run of blocks with the most prose and the least noise,
as in Pasternack and Roth's maximum subsequence segmentation, WWW 2009), and each block learns whether it lies
before the core, in it or after it, and whether it stands among noise.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from cleaners.document import Block, Document
from cleaners.language import language_of
from cleaners.phrasebook import Phrase, PhraseBook, normal_form
from cleaners.shapes import after_label, is_name, is_speech
from cleaners.splitting import columns, gap_between, split

LINE_MAX: Final = 120
"""Longest block, in code points, that is looked up as a whole line; of longer ones only head and tail are."""

# Weights of the survey, in words of prose. A button weighs against as much prose as a short sentence has for it.
_NOISE: Final = -8.0
_SHORT: Final = -1.5
_RUN_FLOOR: Final = -90.0

_NOT_WORDS = re.compile(r"[\s\d#.,:;/|()\[\]·•–—'’+-]+")
# Opening hours: a word before a colon, or from one hour to another.
_HOURS = re.compile(
    r"[^\W\d_]\s*[:：]|(?<![\d./-])\d{1,2}(?::\d\d)?\s*(?:h|Uhr|am|pm)?\s*[-–]\s*\d{1,2}(?!\d|[./-])", re.IGNORECASE
)
_CODE = re.compile(r"[{}]|;$| = ")
_NUMERIC_DATE = re.compile(
    r"(?:\d{4}([./-])\d{1,2}\1\d{1,2}|\d{1,2}([./-])\d{1,2}\2(?:\d{2}|\d{4}))(?:,?\s+\d{1,2}:\d{2}(?::\d{2})?)?"
)
DATE_MAX: Final = 60
"""Longest line, in code points, that may be nothing but a date or a time."""
COMPANY: Final = 3
"""How many blocks away noise keeps a block company."""


def document_of(source: str, book: PhraseBook) -> Document:
    """The document of a plain text, its blocks looked up in `book` and surveyed.

    >>> [block.zone for block in document_of("Share", PhraseBook.standard()).blocks]
    ['body']
    """
    document = Document(source, split(source), book)
    look_up(document)
    return document


def drop(document: Document) -> None:
    """Leave the blocks that are gone out of the document, but for what overrides keep of them, and survey it anew."""
    kept: list[Block] = []
    parted = False
    lines = 0
    for block in document.blocks:
        lines = max(lines, block.lines)
        left = block.left if block.gone else block
        if left is not None:
            left.lines, lines = lines, 0
            kept.append(left)
            parted = parted or left is not block
    document.blocks = kept
    if parted or spoken_in(kept) != document.language:
        look_up(document)
    else:
        _join(document)
        survey(document)


def settle(document: Document) -> bool:
    """Put the document into the state in which its clean text would be read: its gaps in order.

    Says whether that changed anything. When it did not, and no cleaner finds anything more, the clean text is clean:
    cleaning it again changes nothing.
    """
    changed = False
    before: Block | None = None
    for block in document.blocks:
        lines = 2 if gap_between(before, block, block.lines) == "\n\n" else 1
        changed = changed or lines != block.lines
        block.lines, before = lines, block
    if changed:
        survey(document)
    return changed


def look_up(document: Document) -> None:
    """Find the language of the document, what overrides say of its blocks, their phrases, and survey it."""
    blocks = document.blocks
    if document.marks is not None:
        document.marks.put_on(blocks)
    document.language = spoken_in(blocks)
    book = document.spoken = document.book.speaking(document.language)
    match, match_ends, date_words = book.match, book.match_ends, book.date_words
    for block in blocks:
        text = block.text
        block.date = False
        if block.kind == "code":
            continue
        if block.is_kept:
            block.key, block.phrases = "", ()
            continue
        if len(text) <= LINE_MAX:
            block.key = key = normal_form(text)
            found = match(key, text)
            if "#" in key and not block.prose and len(text) <= DATE_MAX:
                block.date = is_date(text, key, date_words)
        else:
            found = match_ends(text)
        block.phrases = tuple(phrase for phrase in found if _fits(block, phrase)) if found else ()
    _join(document)
    lowered = document.text.lower()
    if len(lowered) != len(document.text):
        lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in document.text)
    said: dict[str, int] = {}  # clauses of one noise type that share words say one thing
    known: set[tuple[int, int]] = set()  # where each was found: a block may hold thousands
    for place, phrase in sorted(book.clauses(lowered.replace("’", "'")), key=lambda hit: (hit[0], -len(hit[1].text))):
        if place >= said.get(phrase.noise, 0):
            said[phrase.noise] = place + len(phrase.text)
            number = bisect_right(document.ends, place)
            if (number, id(phrase)) not in known and blocks[number].kind != "code" and not blocks[number].is_kept:
                known.add((number, id(phrase)))
                blocks[number].phrases += (phrase,)
    survey(document)


def spoken_in(blocks: Sequence[Block]) -> str | None:
    """The language of the prose; of verse and dialogue, which have none, that of their lines.

    >>> from cleaners.splitting import split
    >>> spoken_in(split("The ferry\\nand the owls of\\nthe harbour"))
    'en'
    """
    prose = [block.text for block in blocks if block.prose]
    return language_of(prose or [block.text for block in blocks])


def _join(document: Document) -> None:
    document.text = "\n".join([block.text for block in document.blocks])
    document.ends = list(accumulate([len(block.text) + 1 for block in document.blocks]))


def _fits(block: Block, phrase: Phrase) -> bool:
    """Whether a phrase that was found may mean here what it says: in lists and tables only whole lines do."""
    if phrase.noise in ("prompt", "credit") and not block.prose and _is_speech_or_code(block.text):
        return False
    if phrase.form in ("line", "heading"):
        return True
    if (block.kind == "list-item" and phrase.noise != "byline") or (block.text[0] == "|" and block.text.count("|") > 2):
        return False
    if phrase.rule.startswith("comments.says") and phrase.form == "end":
        # `NAME says:`, and not what a person in the article says.
        return block.text[-1] in ":：" and is_name(block.text[: -len(phrase.text) - 1].strip())
    return phrase.form != "label" or after_label(block.text, phrase.text) is not None


def _is_speech_or_code(text: str) -> bool:
    """Whether a short line is what somebody says, or sings, or a line of a program: buttons end in no comma."""
    return is_speech(text) or text[-1] in ",،、" or _CODE.search(text) is not None


def is_date(text: str, key: str, date_words: frozenset[str]) -> bool:
    """Whether a line holds nothing but a date or a time."""
    tokens = [token for token in _NOT_WORDS.split(key) if token]
    if tokens:
        dated = date_words.issuperset(tokens) and any(len(token) > 1 or token > "\u2e80" for token in tokens)
    else:
        dated = _NUMERIC_DATE.fullmatch(text.strip("()[] ")) is not None
    return dated and not _HOURS.search(text)


def survey(document: Document) -> None:
    """Say of each block in which zone it lies and whether it stands among noise."""
    blocks = document.blocks
    marked: dict[str, list[Block]] = {}
    weights = [_weight(block) for block in blocks]
    first, last = document.core = _core(blocks, weights)
    for index, block in enumerate(blocks):
        block.index = index
        block.zone = "body" if first <= index <= last else "head" if index < first else "tail"
        if block.date:
            marked.setdefault("date", []).append(block)
        for name in {phrase.noise for phrase in block.phrases} if block.phrases else ():
            marked.setdefault(name, []).append(block)
        if block.phrases or block.date or block.zone != "body":
            # Dates and bylines do not stand in an article by themselves: less company will do.
            block.beside = _company(blocks, weights, index) >= (1 if block.date or block.has("byline") else 2)
            if block.date and block.zone == "head" and not block.beside:
                block.beside = block.page is not None or _on_byline(blocks, index)
    document.noisy = frozenset(block.key for block, weight in zip(blocks, weights, strict=True) if weight)
    document.marked = marked
    document.spaced = 4 * sum(block.lines > 1 for block in blocks) >= len(blocks)


def _company(blocks: Sequence[Block], weights: Sequence[int], index: int) -> int:
    """How much noise there is next to a block, before prose is met; the same phrase said again does not count."""
    company = 0
    own = blocks[index].key
    for step in (-1, 1):
        for other in range(index + step, index + step * (COMPANY + 1), step):
            if not 0 <= other < len(blocks):
                break
            if not weights[other] and (blocks[other].prose or blocks[other].is_kept):
                break
            if blocks[other].key != own:
                company += weights[other]
    return company


def _on_byline(blocks: Sequence[Block], index: int) -> bool:
    """Whether a date stands on the lines of a byline: in one paragraph with a name."""
    block = blocks[index]
    near = [blocks[index - 1]] if index and block.lines == 1 else []
    near += [after for after in blocks[index + 1 : index + 2] if after.lines == 1]
    return any(2 <= other.words <= 4 and is_name(other.text) for other in near)


def _weight(block: Block) -> int:
    """How much like noise a block looks taken by itself: 2 whole phrases, 1 words that may be noise, 0 the rest.

    What overrides say goes before what it looks like.
    """
    if block.is_kept:
        return 0
    if block.noise is not None:
        return 2
    if block.prose:
        return (
            2 * (len({phrase.text for phrase in block.phrases if phrase.form == "clause"}) > 1) if block.phrases else 0
        )
    weight = 0
    for phrase in block.phrases:
        if phrase.form != "series" and (phrase.form != "start" or phrase.noise != "related"):
            weight = max(weight, 2 if phrase.form in ("line", "heading") else 1)
    return weight


def _core(blocks: Sequence[Block], weights: Sequence[int]) -> tuple[int, int]:
    """First and last index of the run of blocks with the greatest weight of prose over noise."""
    best = 0.0
    first, last = 0, len(blocks) - 1
    total, floor = 0.0, _RUN_FLOOR
    start = 0
    for index, block in enumerate(blocks):
        if weights[index] or block.date:
            total = max(total + _NOISE, floor)
        elif block.prose or block.is_kept or (block.kind == "list-item" and len(block.text) >= 60):
            total += columns(block.text) / 6
            floor = total + _RUN_FLOOR
        else:
            total = max(total + _SHORT, floor)
        if total <= 0:
            total, floor, start = 0.0, _RUN_FLOOR, index + 1
        elif total > best:
            best, first, last = total, start, index
    return first, last
