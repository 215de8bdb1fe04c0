"""Who else worked on a text, where it came from and who owns it: credit and copyright lines, lifted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit
from cleaners.phrasebook import Phrase

CREDIT_MAX: Final = 45
"""Longest credit line, in words."""


@cleaner("credit", lift="credits")
def lift_credits(document: Document) -> Iterator[Edit]:
    """Lift credit lines (`Reuters contributed reporting`) and remove copyright lines.

    >>> lift_credits("It rained.\\n\\nReuters contributed reporting to this article.")
    'It rained.'
    """
    for block in document.left("credit"):
        if block.words > CREDIT_MAX:
            continue
        rule = _rule(document, block)
        if rule:
            yield from document.remove(block, rule, "credits")


def _rule(document: Document, block: Block) -> str | None:
    if not document.is_scraped(block) and not block.has("credit", "end"):
        return None
    low = block.index >= document.core[1] - 1 or block.zone != "body" or block.beside
    said = block.said("credit", "clause")
    for phrase in block.phrases:
        if phrase.noise != "credit":
            continue
        copyright_ = phrase.rule.startswith("credit.copyright")
        if phrase.form == "line" and not block.prose and (low or not copyright_):
            return phrase.rule
        if phrase.form == "end" and (low or not copyright_):
            return phrase.rule
        if phrase.form == "widget" and block.beside:
            return phrase.rule
        if phrase.form in ("start", "label") and low and (copyright_ or _names_somebody(block, phrase)):
            return phrase.rule
        if phrase.form == "clause" and (len(said) > 1 or (low and not block.prose)):
            return phrase.rule
    return None


def _names_somebody(block: Block, phrase: Phrase) -> bool:
    """Whether a name, a title or nothing follows `Reporting by` or `Source:`, and not the rest of a sentence."""
    if phrase.text.startswith(("this ", "republished", "reprinted")):
        return True
    rest = " ".join(block.text.split()[len(phrase.text.split()) :]).lstrip(":-–— ")
    return not rest or not rest[0].islower()
