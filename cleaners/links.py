"""URLs that stand alone on a line; a URL inside of a sentence stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit
from cleaners.shapes import is_sentence

LINKS_MAX: Final = 4
"""Most URLs alone on a line that are taken for leftovers; more of them are the article's own references."""

# A site's bare address is a mention; what a scraper leaves behind is the address of a page.
_URL = re.compile(r"<?https?://[^\s<>/]+/[^\s<>]{3,}>?", re.IGNORECASE)


@cleaner("link")
def remove_bare_links(document: Document) -> Iterator[Edit]:
    """Remove URLs alone on a line; they are lifted, and go with the related article whose title they spell.

    >>> remove_bare_links("See below.\n\nhttps://example.org/news/a\n\nAt https://example.org/b he wrote.")
    'See below.\n\nAt https://example.org/b he wrote.'
    """
    links = [
        block for block in document.blocks if block.text[0] in "<hH" and not block.gone and _URL.fullmatch(block.text)
    ]
    if len(links) <= LINKS_MAX:
        for block in links:
            if not _is_introduced(document, block):
                yield from document.remove(block, "link.alone", "related.url")


def _is_introduced(document: Document, block: Block) -> bool:
    """Whether a heading or a name stands above the URL, as above the address of a source or a product."""
    above = document.blocks[block.index - 1] if block.index else None
    if above is None or above.gone or above.prose or is_sentence(above.text):
        return False
    # How the heading of a list begins (`Related papers`) says nothing of a URL below it.
    return all(phrase.form == "start" for phrase in above.phrases)
