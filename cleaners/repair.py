"""Damage that scraping did to the text: the repairs that the splitting of the text found, made to what stays."""

from __future__ import annotations

from collections.abc import Iterator

from cleaners.cleaner import cleaner
from cleaners.document import Document, Edit


@cleaner("repair", tidy=True)
def repair_text(document: Document) -> Iterator[Edit]:
    """Join wrapped lines, mend mojibake, spaces, quotation marks and run-together items, tidy blank lines.

    >>> repair_text("The\\u00a0mayor,\u00a0who had ruled the old town for thirty-\\nthree years, won.")
    'The mayor, who had ruled the old town for thirty-three years, won.'
    """
    for block in document.blocks:
        if not block.gone:
            for repair in block.repairs:
                original = document.source[repair.start : repair.end]
                yield Edit(repair.start, repair.end, repair.replacement, original, "repair", repair.rule)
