"""Who wrote an article and when: bylines, dates and reading times at its head, author boxes at its foot."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit
from cleaners.phrasebook import Phrase, normal_form
from cleaners.shapes import ends_sentence, is_name

BIO_MAX: Final = 170
"""Longest author biography, in words."""
NEAR_END: Final = 3
"""How many blocks from the end of the article a biography begins at most, where nothing parts it from the text."""
BYLINES_MAX: Final = 6
"""Most lines such as `by NAME` in an article that does not list works and their authors."""
AUTHORS_MAX: Final = 3
"""Most different lines such as `by NAME` in such an article: seldom do more people sign one."""
BOX_MAX: Final = 5
"""Most blocks of an author box."""
BYLINE_MAX: Final = 18
"""Longest byline, in words."""

_AFTER_LABEL: Final = " \t\u00a0:：|/-–—•·,.([【】"


@cleaner("byline")
def lift_byline(document: Document) -> Iterator[Edit]:
    """Lift bylines and dates, remove reading times and author boxes.

    >>> lift_byline("By Ana Ruiz\\nMay 3, 2024\\n\\nIt rained for three days and nights, said the mayor of the valley.")
    'It rained for three days and nights, said the mayor of the valley.'
    """
    names: set[str] = set()
    yield from _boxes(document)
    said = [
        block.key for block in document.left("byline") if any(p.rule.startswith("byline.by.") for p in block.phrases)
    ]
    if len(said) > BYLINES_MAX or len(set(said)) > AUTHORS_MAX:
        return  # a list of books or films, each with its author
    for block in document.left("byline"):
        for phrase in block.phrases:
            if phrase.noise == "byline" and (edits := _of_phrase(document, block, phrase, names)):
                yield from edits
                break
    for block in document.left("date"):
        if block.beside:
            yield from document.remove(block, "byline.date", "published")
    yield from _names_beside(document)
    yield from _biographies(document, names)


def _outside(document: Document, block: Block) -> bool:
    """Whether a block lies where bylines do: at the head of the article or below it."""
    return block.zone != "body" or block.index <= document.core[0] + 1


def _of_phrase(document: Document, block: Block, phrase: Phrase, names: set[str]) -> list[Edit] | None:
    kind = phrase.rule.split(".")[1]
    short = not block.prose and block.words <= BYLINE_MAX
    if block.beside and phrase.form in ("line", "widget"):
        return document.remove(block, phrase.rule) if not block.prose else None
    if kind == "reading-time" and block.beside and short and phrase.form in ("start", "end"):
        return document.remove(block, phrase.rule)
    if kind == "published" and phrase.form in ("start", "label") and short and block.beside:
        rest = _after(block, phrase)
        if rest is not None and (rest == len(block.text) or _is_datelike(document, block.text[rest:])):
            return document.remove(block, phrase.rule, "published", (rest, len(block.text)))
    if kind == "by" and phrase.form in ("start", "label") and short and _outside(document, block):
        rest = _after(block, phrase)
        if rest is not None and (name := _name_in(document, block.text[rest:])):
            at = block.text.index(name, rest)
            more = block.text[at + len(name) :].lstrip(" ,")
            if more[:1].islower() and ends_sentence(more):
                return None  # `By June, nobody came.`
            names.add(name.casefold())
            return document.remove(block, phrase.rule, "byline", (at, at + len(name)))
    if kind == "by" and phrase.form == "end" and short and _outside(document, block):
        name = block.text[: len(block.text) - len(phrase.text)].strip(" /|·-,=[]()")
        if is_name(name):
            return document.remove(block, phrase.rule, "byline")
    if kind == "about" and phrase.form == "start" and short and (block.zone == "tail" or block.beside):
        return document.remove(block, phrase.rule)
    return None


def _after(block: Block, phrase: Phrase) -> int | None:
    """Where the text after the phrase at the start of a line begins."""
    for place in range(len(phrase.text), min(len(block.text), len(phrase.text) + 8) + 1):
        if normal_form(block.text[:place]) == phrase.text:
            rest = block.text[place:].lstrip(_AFTER_LABEL)
            return len(block.text) - len(rest)
    return None


def _name_in(document: Document, text: str) -> str | None:
    """The name or names at the head of what follows `By`: up to a comma, bar, bullet, date or another label."""
    for mark in ("|", "•", "·", " – ", " — ", " - ", " / ", "\t"):
        text = text.partition(mark)[0]
    parts = text.split()
    for number, part in enumerate(parts):
        label = any(
            phrase.rule.startswith("byline.published")
            for phrase in document.spoken.match_head(normal_form(" ".join(parts[number : number + 3])))
        )
        if number and (label or any(map(str.isdigit, part)) or part.lower() in ("on", "in", "at")):
            text = text[: text.index(part, sum(map(len, parts[:number])))]
            break
    # A role after the name, and not a second name.
    head, comma, rest = text.partition(",")
    roles = document.spoken.match(key := normal_form(rest.rpartition(" ")[2]), key)
    text = (head if comma and any(phrase.rule.startswith("byline.role") for phrase in roles) else text).strip(" ,:;.([")
    if is_name(text, most=9) and len(text) > 1:
        return text
    head = text.partition(",")[0].strip()
    return head if head != text and len(head) > 1 and is_name(head) else None


def _is_datelike(document: Document, text: str) -> bool:
    """Whether a date stands in a short text."""
    key = normal_form(text)
    return "#" in key and (
        not any(map(str.isalpha, key))
        or any(token.strip(".,:;|()") in document.spoken.date_words for token in key.split() if len(token) > 2)
    )


def _names_beside(document: Document) -> Iterator[Edit]:
    """Names that stand on the lines of a byline that was found."""
    blocks = document.blocks
    for block in blocks:
        if block.gone or block.prose or block.zone == "body" or block.phrases or not is_name(block.text):
            continue
        if block.words < 2 and block.text.isascii():
            continue
        above = blocks[block.index - 1] if block.index else None
        below = blocks[block.index + 1] if block.index + 1 < len(blocks) else None
        near = [above] if above and block.lines == 1 else []
        near += [below] if below and below.lines == 1 else []
        if any(other.gone and (other.date or other.has("byline")) for other in near):
            yield from document.remove(block, "byline.name", "byline")


def _boxes(document: Document) -> Iterator[Edit]:
    """Author boxes: a heading such as `About the author`, or a name, and the biography that follows."""
    blocks = document.blocks
    for block in document.left("byline"):
        heading = block.phrase("byline", "heading")
        if heading and not block.prose and (block.beside or block.zone == "head" or document.near_end(block, BOX_MAX)):
            yield from document.remove(block, heading.rule)
            for after in blocks[block.index + 1 : block.index + BOX_MAX]:
                if after.gone or any(phrase.form == "heading" for phrase in after.phrases):
                    break
                if after.lines > 1 and not (after.has("byline", "clause") or is_name(after.text)):
                    break
                if after.words > BIO_MAX:
                    break
                yield from document.remove(after, heading.rule)
    if not document.spaced:
        return
    for block in (*blocks[: document.core[0] + 1], *blocks[max(0, document.core[1] - BOX_MAX) :]):
        if block.gone or block.prose or not is_name(block.text) or not 2 <= block.words <= 4:
            continue
        box: list[Block] = []
        for after in blocks[block.index + 1 : block.index + BOX_MAX]:
            if after.lines > 1 or after.gone or after.words > BIO_MAX:
                break
            box.append(after)
            if after.prose and _is_about(block.text, after.text):
                for other in (block, *box):
                    yield from document.remove(other, "byline.box")
                break


def _is_about(name: str, text: str) -> bool:
    """Whether a text begins by speaking of the person with this name."""
    start = text[: len(name) + 16]
    return any(part in start for part in name.split() if len(part) > 2)


def _biographies(document: Document, names: set[str]) -> Iterator[Edit]:
    """Biographies without a heading, by what they say."""
    for block in document.left("byline"):
        clause = block.phrase("byline", "clause")
        if clause is None or block.words > BIO_MAX:
            continue
        near = document.near_end(block, NEAR_END) or (block.zone == "head" and block.beside)
        named = any(block.text.casefold().startswith((name, name.split()[0])) for name in names)
        apart = block.zone != "body" or block.beside
        # Who is spoken of stands first; without a name it takes more to be a biography.
        least = 2 if is_name(" ".join(block.text.split(maxsplit=2)[:2])) else 3
        if near and document.is_scraped(block) and (named or len(block.said("byline", "clause")) >= least - apart):
            yield from document.remove(block, clause.rule)
