"""The decorator that makes a cleaner out of a finder, and the closing of the gaps that edits leave.

A finder looks at a document and says with edits which blocks are noise. The decorator gives it everything else
that the public cleaners have in common: `remove_also_read("...")` returns a cleaned string, and
`remove_also_read.find(document)` gives the edits.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from cleaners.document import Block, Document, Edit, apply
from cleaners.phrasebook import Phrase, PhraseBook
from cleaners.shapes import ends_sentence
from cleaners.splitting import gap_between
from cleaners.survey import document_of

OWN_MAX: Final = 80
"""Longest line, in words, that a user's phrase at its start or end makes noise."""

SERIES_MIN: Final = 3
"""Fewest lines of a series: one or two may be a heading or an item of the article's."""
SERIES_WORDS: Final = 12
"""Longest line of a series, in words."""

Finder = Callable[[Document], Iterable[Edit]]


@dataclass(frozen=True, slots=True)
class Cleaner:
    """A finder with the name of its noise type, callable on a `str`."""

    name: str
    finder: Finder
    lift: str | None
    tidy: bool
    __doc__: str

    def __call__(self, text: str, *, book: PhraseBook | None = None) -> str:
        """The text without this one type of noise; everything else stays as it is."""
        document = document_of(text, book or PhraseBook.standard())
        document.asked = True
        blocks = list(document.blocks)
        return apply(text, close_gaps(text, blocks, self.find(document), tidy=self.tidy))

    def find(self, document: Document) -> list[Edit]:
        """The edits that this cleaner makes to the blocks that are left in the document, which are then gone."""
        edits = [*self.finder(document), *_series(document, self.name, self.lift)]
        for block in document.left(self.name):
            own = next((phrase for phrase in block.phrases if phrase.own and phrase.noise == self.name), None)
            if own and own.form in ("line", "label", "start", "end") and block.words <= OWN_MAX:
                edits += document.remove(block, own.rule, self.lift)
        return edits


def _series(document: Document, noise: str, lift: str | None) -> Iterator[Edit]:
    """Remove the buttons and pointers of which a page has many that begin alike: `Learn more about A`, `… about B`."""
    found: dict[Phrase, list[Block]] = {}
    for block in document.left(noise):
        phrase = block.phrase(noise, "series")
        if phrase and block.words <= SERIES_WORDS and not (block.prose or ends_sentence(block.text)):
            found.setdefault(phrase, []).append(block)
    for phrase, blocks in found.items():
        if len(blocks) >= SERIES_MIN and document.is_scraped(blocks[0]):
            for block in blocks:
                yield from document.remove(block, phrase.rule, lift)


def cleaner(name: str, *, lift: str | None = None, tidy: bool = False) -> Callable[[Finder], Cleaner]:
    """Make a finder the cleaner for the noise type `name`; `lift` is where its users' own phrases go.

    With `tidy` it puts the blank lines in order too.
    """

    def decorate(finder: Finder) -> Cleaner:
        return Cleaner(name, finder, lift, tidy, finder.__doc__ or "")

    return decorate


def close_gaps(source: str, blocks: Sequence[Block], edits: Sequence[Edit], *, tidy: bool) -> list[Edit]:
    """The edits, with the white space between blocks accounted for too.

    The white space that goes with a removed block is added to the edit that removed it. With `tidy` every gap
    between blocks that stay becomes one blank line, or a line end between list items and between short lines that
    stood together (verse, addresses, tables), and white space around the text goes, as `repair.spacing`.
    """
    by_start = sorted(edits, key=lambda edit: (edit.start, edit.end))
    closed: list[Edit] = []
    number = 0
    before: Block | None = None  # the block that stays before the stretch
    stretch: list[Edit] = []
    lines = 0
    for block in _pieces(blocks):
        first = number
        while number < len(by_start) and by_start[number].start < block.end:
            number += 1
        lines = max(lines, block.lines)
        mine = by_start[first:number]
        if mine and mine[0].start == block.start and mine[-1].end == block.end and _covers(mine):
            stretch += mine
            continue
        gap = gap_between(before, block, lines) if tidy else None
        start = before.end if before else 0
        if stretch or (tidy and source[start : block.start] != gap):
            closed += _closed(source, start, block.start, stretch, gap)
        if tidy and before is None and (indent := len(block.text) - len(block.text.lstrip())):
            # Only code is indented, and nothing stands above it here that the indentation could be seen by.
            space = source[block.start : block.start + indent]
            closed.append(Edit(block.start, block.start + indent, "", space, "repair", "repair.spacing"))
        closed += mine
        before, stretch, lines = block, [], 0
    if tidy or stretch:
        closed += _closed(source, before.end if before else 0, len(source), stretch, "" if tidy else None)
    return closed


def _pieces(blocks: Iterable[Block]) -> Iterator[Block]:
    """The blocks; one that is gone but for a part of it as what went before that, the part, and what went behind it."""
    for block in blocks:
        if block.left is None:
            yield block
            continue
        for start, end in ((block.start, block.left.start), (block.left.end, block.end)):
            if start == block.left.end:
                yield from _pieces([block.left])
            if start < end:
                yield Block(start, end, "", "paragraph", block.lines, False, False, (), gone=True)


def _covers(edits: Sequence[Edit]) -> bool:
    return all(not edit.replacement for edit in edits) and all(
        left.end == right.start for left, right in itertools.pairwise(edits)
    )


def _closed(source: str, start: int, end: int, stretch: Sequence[Edit], gap: str | None) -> list[Edit]:
    """The edits for what lies between two blocks that stay: white space and the removed blocks in it.

    Without a wanted `gap` the one that stands there stays: the larger one of the first and the last, or none at an
    end of the text.
    """
    if not stretch:
        there = source[start:end]
        return [] if there == gap else [Edit(start, end, gap or "", there, "repair", "repair.spacing")]
    head, tail = source[start : stretch[0].start], source[stretch[-1].end : end]
    closed: list[Edit] = []
    left, right = start, end
    if gap is None:
        if start and end < len(source):
            if (tail.count("\n"), -len(tail)) > (head.count("\n"), -len(head)):
                right -= len(tail)
            else:
                left += len(head)
    elif gap and tail and not head:  # a part of the block before is gone: its end is the first of the stretch
        right -= len(tail)
    elif gap:
        left += len(head)
        if head != gap:
            closed.append(Edit(start, left, gap, head, "repair", "repair.spacing"))
    bounds = [left, *(edit.start for edit in stretch[1:]), right]
    for edit, a, b in zip(stretch, bounds, bounds[1:], strict=False):
        same = (edit.start, edit.end) == (a, b)
        closed.append(edit if same else replace(edit, start=a, end=b, original=source[a:b]))
    if gap and right < end and tail != gap:
        closed.append(Edit(right, end, gap, tail, "repair", "repair.spacing"))
    return closed
