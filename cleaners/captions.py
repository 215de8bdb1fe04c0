"""Photo captions and their credits, also where no markup says so; lifted."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit
from cleaners.phrasebook import PhraseBook, normal_form
from cleaners.shapes import after_label, ends_sentence, is_name

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from cleaners.page.blocks import PageBlock

CAPTION_MAX: Final = 450
"""Longest caption, in code points."""
CREDIT_MAX: Final = 90
"""Longest credit at the end of a caption, in code points."""

CREDITED_MIN: Final = 2
"""How often a text credits a name with a label, for the name alone on a line to be a credit, too."""

_LAST_BRACKET = re.compile(r"[(（\[]([^()（）\[\]]{2,90})[)）\]]\.?$")
_PARTS = re.compile(r"\s*(?:[/|,:;–—]|\bvia\b|\bfor\b|\bby\b|\bunless noted\b)\s*", re.IGNORECASE)
_SENTENCE_END = re.compile(r"[.!?…。！？][\"”’»]?\s*(?=[^\s.!?…\"”’»])")
_SINGLE_WORD = re.compile(r"[\w@.-]{2,24}")

_OWNER = re.compile(r"©\s*[^\W\d_]+ [^\W\d_]+\b(?!.*\b(?:19|20)\d\d\b)")
_BRACKETS: Final = (")", "）", "]", ").", "）。", "].")
_PARTING: Final = frozenset("/|,:–—")


@cleaner("caption", lift="captions")
def remove_captions(document: Document) -> Iterator[Edit]:
    """Remove photo captions: lines that end in a credit or start with a label.

    >>> remove_captions("They voted.\\n\\nA family at the polls. (STAN FILIPPOV / AP)\\n\\nIt rained (a lot).")
    'They voted.\\n\\nIt rained (a lot).'
    """
    credited: Counter[str] = Counter()
    tables: dict[HtmlElement, str | None] = {}
    for block in document.blocks:
        text = block.text
        if block.gone or len(text) > CAPTION_MAX:
            continue
        if not block.phrases and block.page is None and text[0] != "©" and _ends_in_word(text):
            continue  # most of an article
        if text.endswith(_BRACKETS) and _credited(document, block):
            rule = "caption.credit-in-brackets"
        elif block.phrases and document.is_scraped(block) and (found := _labelled(document, block)):
            rule = found
        elif text[0] == "©" and document.is_scraped(block) and (_OWNER.match(text) or _is_signed(text[1:], document)):
            rule = "caption.owner-first"
        elif block.kind in ("paragraph", "heading") and _credited_after_sentence(document, text):
            rule = "caption.credit-after-sentence"
        elif block.page and _below_picture(block.page, tables):
            rule = "caption.picture-table"
        elif _may_be_credit(document, block) and _is_credit(text, document.spoken):
            rule = "caption.agency"
        else:
            continue
        credited.update(_names_credited(document, block))
        if rule == "caption.agency" or (rule.startswith("caption.label") and len(text) <= CREDIT_MAX):
            yield from _above(document, block)
        yield from document.remove(block, rule, "captions")
    for block in document.blocks if credited else ():
        if credited[block.key] >= CREDITED_MIN and not (block.gone or block.prose):
            yield from _above(document, block)
            yield from document.remove(block, "caption.credited-name", "captions")


def _names_credited(document: Document, block: Block) -> list[str]:
    """The name of two words or more behind the label of a credit, in normal form: `Credit: Ana Ruiz`."""
    if len(block.text) > CREDIT_MAX:
        return []
    for phrase in block.phrases:
        place = after_label(block.text, phrase.text) if phrase.noise == "caption" and phrase.form == "label" else None
        if place is not None and " " in (name := block.text[place:].strip()) and is_name(name):
            return [normal_form(name)]
    return []


def _above(document: Document, block: Block) -> list[Edit]:
    """The edits that remove the caption that stands in one paragraph with its credit, above it."""
    above, below = document.blocks[block.index - 1 : block.index], document.blocks[block.index + 1 : block.index + 2]
    if not document.spaced or block.lines > 1 or not above or any(other.lines == 1 for other in below):
        return []
    if above[0].gone or above[0].lines == 1 or not _above_credit(above[0]):
        return []
    return document.remove(above[0], "caption.above-credit", "captions")


def _below_picture(block: PageBlock, tables: dict[HtmlElement, str | None]) -> bool:
    """Whether a block lies in a table that holds nothing else but a picture, as old pages set captions.

    `tables` keeps the texts of those with pictures, without white space, and None for others: each is read once.
    """
    if "table" not in block.inside:
        return False
    table = next(block.element.iterancestors("table"), None)
    if table is None:
        return False
    if table not in tables:
        pictured = next(table.iter("img"), None) is not None
        tables[table] = "".join("".join(table.itertext()).split()) if pictured else None
    return tables[table] == "".join(block.text.split())


def _may_be_credit(document: Document, block: Block) -> bool:
    """A cheap look: a short line that is an agency's name or has several parts."""
    if len(block.text) > CREDIT_MAX or block.prose or not document.is_scraped(block):
        return False
    return block.key in document.spoken.agencies or not _PARTING.isdisjoint(block.text)


def _credited(document: Document, block: Block) -> bool:
    """Whether a block ends in brackets with a credit in them: an agency, a name and an agency, a label and a name."""
    text = block.text
    bracket = _LAST_BRACKET.search(text)
    if bracket is None or block.kind == "list-item":
        return False
    inside = bracket[1].strip()
    if bracket.start() == 0 and not document.is_scraped(block):
        return False  # nothing but a credit: the affiliation in a list of people, more likely
    if text[-1] == "." and not ends_sentence(text[: bracket.start()].rstrip()):
        return False  # a sentence, and the brackets are part of it
    names = [name.strip() for name in inside.split("/")]
    if len(names) == 2 and all(is_name(name) and name[1:] for name in names):
        return inside.isupper() or ends_sentence(text[: bracket.start()].rstrip())
    if bracket[0][0] == "[" and not ends_sentence(text[: bracket.start()].rstrip()):
        return False
    key = normal_form(inside)
    if any(phrase.noise == "caption" for phrase in document.spoken.match_tail(key)):
        return True
    return _is_credit(inside, document.spoken) or any(
        phrase.noise == "caption" and phrase.form == "label" and after_label(inside, phrase.text)
        for phrase in document.spoken.match_head(key)
    )


def _is_credit(text: str, book: PhraseBook) -> bool:
    """Whether a short text names a photographer and an agency, or an agency alone."""
    if text[0] == "|" or _ends_in_word(text):
        return False
    parts = [part for part in _PARTS.split(text) if part]
    agencies = [part for part in parts if normal_form(part) in book.agencies]
    if not agencies:
        return False
    if len(agencies[-1]) < 3 and "," in text:
        return False  # a town and its state: `Pittsburgh, PA`
    if len(parts) == 2 and agencies == parts[1:] and "|" in text and _SINGLE_WORD.fullmatch(parts[0]):
        return True  # what a photographer calls herself at a stock library
    return all(is_name(part, most=6) or normal_form(part) in book.agencies for part in parts)


def _ends_in_word(text: str) -> bool:
    """Whether a text ends in a word in small letters and a full stop or colon, as no credit does."""
    return text[-1] in ".:" and text[-2:-1].islower()


def _credited_after_sentence(document: Document, text: str) -> bool:
    """Whether a photographer and an agency, or a bar and an agency, follow the last sentence of a block.

    Scrapers join a caption and its credit, often without a space: `The river on Monday.Iona Pell / Reuters`.
    """
    if _ends_in_word(text) or (_PARTING.isdisjoint(text[-CREDIT_MAX:]) and " via " not in text[-CREDIT_MAX:]):
        return False
    for end in _SENTENCE_END.finditer(text, max(0, len(text) - CREDIT_MAX)):
        credit = text[end.end() :]
        if len([part for part in _PARTS.split(credit) if part]) > 1 and _is_credit(credit, document.spoken):
            return True
    return False


def _labelled(document: Document, block: Block) -> str | None:
    for phrase in block.phrases:
        if phrase.noise != "caption":
            continue
        if phrase.form == "line":
            return phrase.rule
        if phrase.form == "label":
            # `Photo: that was all she said` is a sentence.
            place = after_label(block.text, phrase.text)
            if place is not None and not block.text[place : place + 1].islower():
                return phrase.rule
        if phrase.form == "start":
            # The label of a reader's screen: `Image caption The mayor on the bank`.
            rest = block.text[len(phrase.text) :].lstrip(" ,:")
            if rest and not rest[0].islower():
                return phrase.rule
        if phrase.form == "clause" and _ends_in_credit(document, block.text, phrase.text):
            return phrase.rule
    return None


def _ends_in_credit(document: Document, text: str, clause: str) -> bool:
    """Whether a block ends in a clause such as `photo by` and a name."""
    at = text.lower().replace("’", "'").rfind(clause)
    rest = text[at + len(clause) :].strip(" :.()[]")
    before = text[:at].rstrip()
    if at < 0 or len(rest) > CREDIT_MAX or not rest or (before and before[-1].islower() and clause != "©"):
        return False
    return is_name(rest.replace("/", " "), most=8) or _is_signed(rest, document)


def _is_signed(text: str, document: Document) -> bool:
    """Whether a text of two parts or more names only who made a picture and for whom."""
    parts = [part for part in _PARTS.split(text.strip()) if part]
    return len(parts) > 1 and all(
        is_name(part, most=6)
        or normal_form(part) in document.spoken.agencies
        or (_SINGLE_WORD.fullmatch(part) is not None and not part.islower())
        for part in parts
    )


def _above_credit(block: Block) -> bool:
    return len(block.text) <= CAPTION_MAX and not block.date and not block.phrases and block.kind != "list-item"
