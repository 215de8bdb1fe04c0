"""The words of cleancopy as types: a source text, its blocks, and the edits that turn it into clean text.

Text changes in one way only, through edits against the source text. `apply` makes the clean text from the
source text and the edits, `revert` makes the source text from the clean text and the same edits, and nothing
else in the project rewrites a string.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cleaners.shapes import words

if TYPE_CHECKING:
    from cleaners.characters import Repair
    from cleaners.overrides import Marks
    from cleaners.page.blocks import PageBlock
    from cleaners.phrasebook import Phrase, PhraseBook


@dataclass(frozen=True, slots=True)
class Edit:
    """One change to the source text, and who made it.

    `start` and `end` are code points of the source text, `original` is what stands there and `replacement`
    what stands there in the clean text (mostly nothing). `cleaner` is the noise type of the cleaner that made
    the edit, `rule` the readable id of what fired (`related.also-read.en`), and `field` the place in the
    metadata to which the text was lifted, or None. In a page `xpath` is that of the element that held the text.

    >>> Edit(0, 3, "", "By ", "byline", "byline.by.en").moved
    -3
    """

    start: int
    end: int
    replacement: str
    original: str
    cleaner: str
    rule: str
    field: str | None = None
    xpath: str | None = None
    score: float | None = None

    @property
    def moved(self) -> int:
        """By how many code points the text after the edit moves."""
        return len(self.replacement) - (self.end - self.start)


@dataclass(frozen=True, slots=True)
class Located:
    """Where a kept block of a page lies: code points of the visible text, and the XPath of its element."""

    start: int
    end: int
    xpath: str


class Kept(NamedTuple):
    """A stretch of a block that an override keeps from all rules, or from the one that it names."""

    start: int
    end: int
    rule: str | None = None


@dataclass(slots=True, eq=False)
class Block:
    """One paragraph, heading or list item of the source text.

    `start` and `end` are code points of the source text; `text` is what the clean text holds of it, repaired; `kind`
    is `paragraph`, `heading` or `list-item`; `lines` is how many line ends lie between it and the block before (2 or
    more: a blank line). `prose` says that it reads like sentences, `narrow` that it is shorter than a wrapped line.
    `key` is its normal form (`phrasebook.normal_form`; empty for texts too long to be looked up as a line), `phrases`
    are the phrases found in it, and `date` says that it holds nothing but a date or a time. What the survey of the
    document finds out (`cleaners.survey`): `index` among the blocks that were left then, `zone` (`head`, `body` or
    `tail`), and `beside`, whether it stands among noise. `gone` says that a cleaner has removed it since; where
    overrides keep a part of it, that is its `left`. `page` is what the page knew about it, None in a plain text. What
    overrides say of it: `kept` are the stretches to keep, `is_kept` says that this is all of it, whatever the rule:
    then it is the article's; `noise` is the noise type that it is of.
    """

    start: int
    end: int
    text: str
    kind: str
    lines: int
    prose: bool
    narrow: bool
    repairs: tuple[Repair, ...]
    key: str = ""
    page: PageBlock | None = None
    phrases: tuple[Phrase, ...] = ()
    date: bool = False
    index: int = 0
    zone: str = "body"
    beside: bool = False
    gone: bool = False
    kept: tuple[Kept, ...] = ()
    is_kept: bool = False
    noise: str | None = None
    left: Block | None = None
    _words: int = 0

    @property
    def words(self) -> int:
        """How many words the block has (`shapes.words`), counted once."""
        if not self._words:
            self._words = words(self.text)
        return self._words

    def has(self, noise: str, *forms: str) -> bool:
        """Whether a phrase of this noise type was found, in one of these forms or (none given) in any."""
        return self.phrase(noise, *forms) is not None

    def phrase(self, noise: str, *forms: str) -> Phrase | None:
        """The first phrase of this noise type in one of these forms."""
        for phrase in self.phrases:
            if phrase.noise == noise and (not forms or phrase.form in forms):
                return phrase
        return None

    def said(self, noise: str, *forms: str) -> set[str]:
        """The texts of the phrases of this noise type in these forms: how many different things the block says."""
        return {phrase.text for phrase in self.phrases if phrase.noise == noise and phrase.form in forms}


@dataclass(slots=True)
class Document:
    """A source text, its blocks, and the phrases to look for.

    `blocks` are those that were left when the document was last surveyed; a block that a cleaner has removed since
    stays in the list as `gone`, so that its neighbours still know what company they keep. `text` holds their texts, a
    line each, and `ends` says where in it each block ends, its line end included. `marked` has the blocks by the noise
    types of their phrases, `core` the first and last index of the article's core. `spaced` says that blank lines
    part its paragraphs, so that lines which stand together belong together; `language` is that of its prose, where
    that is known, and `spoken` the part of `book` in that language. `noisy` are the normal forms of the blocks that
    look like noise, and `asked` says that one cleaner was called by its name, for a text known to hold such noise.
    `title` is the headline that a page names, `marks` is what overrides say of the text. `removed` counts the blocks
    that have gone since the text was read, by noise type.
    """

    source: str
    blocks: list[Block]
    book: PhraseBook
    title: str | None = None
    marked: dict[str, list[Block]] = field(default_factory=dict)
    core: tuple[int, int] = (0, -1)
    spaced: bool = False
    language: str | None = None
    spoken: PhraseBook = field(init=False)
    noisy: frozenset[str] = frozenset()
    asked: bool = False
    marks: Marks | None = None
    removed: Counter[str] = field(default_factory=Counter)
    text: str = ""
    ends: list[int] = field(default_factory=list)

    def left(self, noise: str) -> Iterator[Block]:
        """The blocks that are left and hold a phrase of this noise type (`date`: hold only a date), in order."""
        return (block for block in self.marked.get(noise, ()) if not block.gone)

    def is_scraped(self, block: Block) -> bool:
        """Whether anything else in the document is noise, or was before it went, or a cleaner was called by its name.

        In a text that is clean otherwise, a line which may be noise is more likely the author's.
        """
        return self.asked or bool(self.removed) or len(self.noisy) > (block.key in self.noisy)

    def near_end(self, block: Block, blocks: int) -> bool:
        """Whether a block is one of the last `blocks` of the article, or below it."""
        return block.zone == "tail" or block.index > self.core[1] - blocks

    def remove(
        self, block: Block, rule: str, lift: str | None = None, value: tuple[int, int] | None = None
    ) -> list[Edit]:
        """The edits that remove the whole block under `rule`, but for what is to be kept of it; the block is gone then.

        With `lift` the text is lifted: all of it, or the part of the block's `text` from `value[0]` to `value[1]`,
        in which case the edit with that field covers just that part and others cover the rest.
        """
        noise = rule.partition(".")[0]
        cuts, lifted = [block.start, block.end], 0
        if lift is not None and value is not None:
            cuts[1:1], lifted = [self._offset(block, value[0]), self._offset(block, value[1])], 1
        edits = [
            Edit(start, end, "", self.source[start:end], noise, rule, lift if number == lifted else None)
            for number, (start, end) in enumerate(itertools.pairwise(cuts))
            if start < end
        ]
        if block.kept:
            from cleaners.overrides import spared  # noqa: PLC0415 (which needs this module)

            edits = spared(self.source, block, edits)
        else:
            block.gone = True
        if block.gone:
            self.removed[noise] += 1
        return edits

    def _offset(self, block: Block, place: int) -> int:
        """The code point of the source text where `block.text[place]` comes from."""
        at = block.start
        for repair in block.repairs:
            kept = repair.start - at
            if place <= kept:
                break
            place -= kept
            at = repair.end
            if place <= len(repair.replacement):
                return repair.end
            place -= len(repair.replacement)
        return at + place


class EditError(ValueError):
    """Edits that overlap, leave the text, or do not fit the text they are applied to."""


def apply(source: str, edits: Iterable[Edit]) -> str:
    """The clean text: `source` with every edit made.

    Raises `EditError` when edits overlap, lie outside of the text, or name another original text.

    >>> apply("ab cd", [Edit(2, 5, "", " cd", "prompt", "prompt.share.en")])
    'ab'
    """
    pieces: list[str] = []
    position = 0
    for edit in _in_order(edits):
        if edit.start < position or edit.end > len(source) or edit.end < edit.start:
            raise EditError(f"edit {edit.start}:{edit.end} ({edit.rule}) overlaps another or leaves the text")
        if source[edit.start : edit.end] != edit.original:
            raise EditError(f"edit {edit.start}:{edit.end} ({edit.rule}) was not made for this text")
        pieces.append(source[position : edit.start])
        pieces.append(edit.replacement)
        position = edit.end
    pieces.append(source[position:])
    return "".join(pieces)


def revert(clean: str, edits: Iterable[Edit]) -> str:
    """The source text: `clean` with every edit undone.

    Raises `EditError` when the edits overlap, lie outside of the text, or did not make this clean text.

    >>> revert("ab", [Edit(2, 5, "", " cd", "prompt", "prompt.share.en")])
    'ab cd'
    """
    pieces: list[str] = []
    position = 0
    moved = 0
    for edit in _in_order(edits):
        start = edit.start + moved
        end = start + len(edit.replacement)
        if start < position or end > len(clean) or edit.end - edit.start != len(edit.original):
            raise EditError(f"edit {edit.start}:{edit.end} ({edit.rule}) overlaps another or leaves the text")
        if clean[start:end] != edit.replacement:
            raise EditError(f"edit {edit.start}:{edit.end} ({edit.rule}) did not make this text")
        pieces.append(clean[position:start])
        pieces.append(edit.original)
        position = end
        moved += edit.moved
    pieces.append(clean[position:])
    return "".join(pieces)


def _in_order(edits: Iterable[Edit]) -> list[Edit]:
    return sorted(edits, key=lambda edit: (edit.start, edit.end))
