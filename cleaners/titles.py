"""The headline above an article, lifted; a standfirst, a dateline and the headings of sections stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit
from cleaners.phrasebook import normal_form
from cleaners.shapes import is_headline, words

TITLE_WORDS_MIN: Final = 4
"""Fewest words of a line that is taken for the headline: shorter ones are mostly headings of sections."""


@cleaner("title")
def lift_title(document: Document) -> Iterator[Edit]:
    """Lift the headline: the first line that is left, where noise beside it shows that it stood above an article.

    >>> lift_title("Summary of the findings\\n\\nIt rained for three days.")
    'Summary of the findings\\n\\nIt rained for three days.'
    """
    if document.title is not None:
        named = normal_form(document.title)
        for block in document.blocks:
            if block.zone == "body" and block.prose:
                break
            if not block.gone and block.key == named:
                yield from document.remove(block, "title.of-page", "title")
    blocks = [block for block in document.blocks if not block.gone][:2]
    if not blocks or not all(map(_may_head, blocks[:1])):
        return
    title = blocks[0]
    kicker = None
    if words(title.text) < TITLE_WORDS_MIN and len(blocks) > 1 and _may_head(blocks[1]):
        kicker, title = blocks
    if is_headline(title.text, TITLE_WORDS_MIN) and title.text[-1] != ":" and _above_article(document, title):
        if kicker is not None:
            yield from document.remove(kicker, "title.kicker")
        yield from document.remove(title, "title.above-article", "title")


def _may_head(block: Block) -> bool:
    return not (block.phrases or block.date or block.prose or block.kind == "list-item")


def _above_article(document: Document, block: Block) -> bool:
    """Whether noise stands next to the line and the article follows it."""
    blocks = document.blocks
    near = blocks[max(0, block.index - 1) : block.index] + blocks[block.index + 1 : block.index + 2]
    noise = any(other.gone or (document.asked and (other.phrases or other.date)) for other in near)
    return noise and any(other.prose and not other.gone for other in blocks[block.index + 1 :])
