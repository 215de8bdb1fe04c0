"""The headline above an article, lifted; a standfirst, a dateline and the headings of sections stay.

A headline says in few words what the article says at its start, so its words come again there. In a text that shows
other noise that is enough; in a text that is clean otherwise the line must head a plain report, because the first
line of a text that is cut into sections may be the heading of the first one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit
from cleaners.phrasebook import normal_form
from cleaners.shapes import is_headline, is_sentence, words

TITLE_WORDS_MIN: Final = 4
"""Fewest words of a line that is taken for the headline: shorter ones are mostly headings of sections."""
STEM_MIN: Final = 4
"""Shortest word, in letters, of a headline that is looked for in the article: shorter ones are mostly grammar."""
LEAD: Final = 3
"""Paragraphs at the start of an article in which it says what its headline says."""
TOLD: Final = 0.15
"""Share of a headline's stems that the lead tells again at least, where noise shows that a headline may stand there:
all headlines but the most playful reach it, and buttons and names among the noise above an article tell nothing."""
TOLD_BELOW: Final = 0.4
"""The same share where the noise stands above or elsewhere, and the line may be the heading of the first section."""
TOLD_ALONE: Final = 0.7
"""The same share in a text that is clean otherwise."""
STEMS_ALONE: Final = 6
"""Fewest stems of a headline in a text that is clean otherwise: the few words of the heading of a section come again
in that section, too."""
REPORT_MIN: Final = 4
"""Fewest paragraphs of a plain report in a text that is clean otherwise: below a note's heading stands less."""
REPORT_OTHERS_MAX: Final = 3
"""Most lines in a plain report that are no sentences: with more it is a text with sections, and its first line may be
the heading of one."""

# What stands between words. Marks on letters are none of it: the vowel signs of Indic scripts are not `\w`.
_BETWEEN = re.compile(r"[\s\d_.,;:!?…()\[\]{}<>\"'“”‘’„‚«»|/\\·•*#&+=–—-]+|[、。，！？：；「」『』（）《》【】।॥؟،؛]+")


@cleaner("title")
def lift_title(document: Document) -> Iterator[Edit]:
    """Lift the headline: the first line that is left, where noise beside it or the text below shows that it is one.

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
    if not _could_be_title(title):
        return
    rule = _rule(document, title)
    under = next((block for block in document.blocks[title.index + 1 :] if not block.gone), None)
    if rule is None or (under and _may_head(under) and _could_be_title(under) and _heads_report(document, under)):
        # Without the headline, the line under it would pass for one: the text cleaned again would lose it as well.
        return
    if kicker is not None:
        yield from document.remove(kicker, "title.kicker")
    yield from document.remove(title, rule, "title")


def _may_head(block: Block) -> bool:
    return not (block.phrases or block.date or block.prose or block.kind == "list-item")


def _could_be_title(block: Block) -> bool:
    return is_headline(block.text, TITLE_WORDS_MIN) and block.text[-1] != ":"


def _rule(document: Document, title: Block) -> str | None:
    """The rule under which a line is the headline: by the noise beside it or above the plain report that it heads."""
    prose, others = _below(document, title)
    if not prose or "title" in document.removed:
        return None
    blocks = document.blocks
    told = _told(_stems(title.text), prose[:LEAD])
    if told >= TOLD and _is_noise(document, blocks[title.index + 1]):
        return "title.above-article"
    if others > REPORT_OTHERS_MAX:
        return None
    above = blocks[title.index - 1 : title.index]
    if told >= TOLD_BELOW and (document.removed or any(_is_noise(document, block) for block in above)):
        return "title.below-noise"
    return "title.heads-report" if _heads_report(document, title) else None


def _below(document: Document, title: Block) -> tuple[list[Block], int]:
    """What stands below a line: the prose, and how many other blocks are no sentences."""
    below = [block for block in document.blocks[title.index + 1 :] if not block.gone]
    others = sum(not block.prose and not is_sentence(block.text) for block in below)
    return [block for block in below if block.prose], others


def _heads_report(document: Document, title: Block) -> bool:
    """Whether a line is the headline of a plain report by what the report says, whatever stands around it."""
    prose, others = _below(document, title)
    stems = _stems(title.text)
    plain = len(prose) >= REPORT_MIN and others <= REPORT_OTHERS_MAX
    return plain and len(stems) >= STEMS_ALONE and _told(stems, prose[:LEAD]) >= TOLD_ALONE


def _is_noise(document: Document, block: Block) -> bool:
    return block.gone or (document.asked and bool(block.phrases or block.date))


def _stems(text: str) -> list[str]:
    """The longer words without their endings; in scripts that use few spaces each two characters.

    >>> _stems("New cars sold in October"), _stems("河水冲走")
    (['cars', 'sold', 'octob'], ['河水', '水冲', '冲走'])
    """
    stems: list[str] = []
    for word in filter(None, _BETWEEN.split(text.casefold())):
        if word[0] > "\u2e80":
            stems += [word[place : place + 2] for place in range(len(word) - 1)]
        elif len(word) >= STEM_MIN:
            stems.append(word[: max(STEM_MIN, len(word) - 2)])
    return stems


def _told(stems: Sequence[str], lead: Sequence[Block]) -> float:
    """The share of the stems that stand in the paragraphs."""
    text = "\n".join(block.text for block in lead).casefold()
    return sum(stem in text for stem in stems) / len(stems) if stems else 0.0
