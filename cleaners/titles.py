"""The headline above an article, lifted; a standfirst, a dateline and the headings of sections stay."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit
from cleaners.shapes import is_headline

TITLE_WORDS_MIN: Final = 4
"""Fewest words of a line that is taken for the headline: shorter ones are mostly headings of sections."""


@cleaner("title")
def lift_title(document: Document) -> Iterator[Edit]:
    """Lift the headline: the first line that is left, where noise beside it shows that it stood above the article.

    >>> lift_title("Summary of the findings\\n\\nIt rained for three days.")
    'Summary of the findings\\n\\nIt rained for three days.'
    """
    blocks = document.blocks
    first = next((block for block in blocks if not block.gone), None)
    if first is None or first.phrases or first.date or first.prose or first.kind == "list-item":
        return
    if is_headline(first.text, TITLE_WORDS_MIN) and first.text[-1] != ":" and _above_article(blocks, first):
        yield from document.remove(first, "title.above-article", "title")


def _above_article(blocks: list[Block], block: Block) -> bool:
    """Whether noise stands next to the line and the article follows it."""
    after = blocks[block.index + 1 :]
    if not any(other.prose and not other.gone for other in after):
        return False
    return bool(after) and (after[0].gone or (block.index > 0 and blocks[block.index - 1].gone))
