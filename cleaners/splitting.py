"""From a source text to its blocks, repaired but otherwise as they are.

A plain text says where its blocks are with line ends and blank lines. Scrapers disagree about both: some wrap
paragraphs at a margin, some put a blank line between any two blocks, some none at all. Here lines become blocks,
wrapped lines become one, and each block gets its repaired text, in which the cleaners look for noise and which
the clean text holds. Everything is decided from a line and its neighbours in the same paragraph, never from the
document as a whole, so that cleaning a clean text finds nothing left to do.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Mapping
from operator import attrgetter
from typing import TYPE_CHECKING, Final

from cleaners.characters import Repair, is_damaged, is_unseen, needs_repair, repaired, repairs_of
from cleaners.document import Block

if TYPE_CHECKING:
    from cleaners.page.blocks import PageBlock

WRAP_MIN: Final = 45
"""Narrowest line, in columns, after which a paragraph is taken to go on: e-mail and PDF text is wrapped at 60 to
100 columns, and verse and addresses are mostly shorter than this."""
WRAP_MAX: Final = 130
"""Widest margin, in columns: longer lines were not wrapped by a person's tool."""
WRAP_FILL: Final = 0.8
"""How full, as a share of the widest line of the paragraph, a wrapped line is at least; proportional fonts leave
up to a fifth of the column empty."""

PROSE_MIN: Final = 80
"""Shortest block, in columns, that reads like sentences: shorter ones may be headlines, names or buttons."""

PROSE_LONG: Final = 200
"""Length, in code points, from which a block is taken for sentences however it ends."""

_LIST_ITEM = re.compile(r"(?:\d{1,3}[.)]|[-•*·▪●◦‣○■□➤➢✓✔])[ \t\u00a0]+\S|[•●▪◦‣]\S")
_URL = re.compile(r"\w+://\S+")
_NUMBERED = re.compile(r"(\d{1,3})[.)]\s")
_ITEM = re.compile(r"(.{0,60}?\s)??(\d{1,3})([.)])\s")
_ENDS: Final = frozenset(".!?…:;。！？．؟۔।॥")
_CLOSERS: Final = frozenset('.!?…:;。！？．؟۔।॥"”’»』」)]')
_START = attrgetter("start")
_WIDE = re.compile("[\u1100-\u11ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60]")


def split(source: str) -> list[Block]:
    """The blocks of a plain text, in order, each with its repaired text.

    >>> [block.text for block in split("One para-\\ngraph.\\n\\n1. One\\n2. Two 3. Three\\n")]
    ['One para-', 'graph.', '1. One', '2. Two', '3. Three']
    """
    blocks: list[Block] = []
    odd = needs_repair(source)
    numbered: dict[int, str] = {}
    for start, end, gap, joints in _unwrapped(source, _lines(source)):
        for block in _blocks(source, start, end, gap, joints, odd, numbered):
            blocks.append(block)
            if block.kind == "list-item" and (item := _NUMBERED.match(block.text)):
                numbered[int(item[1])] = block.text
    return blocks


def block_of(source: str, on_page: PageBlock, lines: int) -> Block:
    """The block of a page, repaired; `lines` line ends stand before it."""
    text = on_page.text
    if on_page.kind == "code":
        return Block(on_page.start, on_page.end, text, "code", lines, False, len(text) < WRAP_MIN, (), page=on_page)
    found = _block(source, on_page.start, on_page.end, lines, (), needs_repair(text))
    # A block of invisible characters only is one that the text is better without.
    block = found[0] if found else Block(on_page.start, on_page.end, text, "paragraph", lines, False, True, ())
    return _on_page(block, on_page)


def _on_page(block: Block, on_page: PageBlock) -> Block:
    block.page = on_page
    if on_page.kind in ("list-item", "table-row", "heading", "code"):
        block.kind = on_page.kind
    return block


def part_of(source: str, block: Block, start: int, end: int, repairs: tuple[Repair, ...]) -> Block | None:
    """The part of a block from `start` to `end` as a block of its own, with these repairs; None where it shows nothing.

    >>> whole, = split("ALSO READ: Gas leak kills 5")
    >>> part_of("ALSO READ: Gas leak kills 5", whole, 11, 27, ()).text
    'Gas leak kills 5'
    """
    text = repaired(source, start, end, repairs)
    if not text.strip():
        return None
    part = _shaped(start, end, text, block.lines, repairs)
    return part if block.page is None else _on_page(part, block.page)


def gap_between(before: Block | None, after: Block, lines: int) -> str:
    """The white space between two blocks of a clean text, where `lines` line ends lay between them.

    One blank line; a line end only between list items, and between short lines that stood together, as those of
    verse, addresses and tables do; nothing above the first block.
    """
    if before is None:
        return ""
    if before.kind == after.kind and before.kind in ("list-item", "table-row", "code"):
        return "\n"
    return "\n" if lines < 2 and before.narrow and after.narrow else "\n\n"


_Line = tuple[int, int, int, tuple[Repair, ...]]


def _lines(source: str) -> list[_Line]:
    """Start, end and line ends before each line that is not blank."""
    flat = source
    if "\r" in flat or "\x0c" in flat or "\u2028" in flat or "\u2029" in flat:
        # The same length, so that offsets stay those of the source text.
        flat = flat.replace("\r\n", " \n").translate({0x0D: "\n", 0x0C: "\n", 0x2028: "\n", 0x2029: "\n"})
    lines: list[_Line] = []
    position = 0
    gap = 0
    for line in flat.split("\n"):
        text = line.strip()
        gap += 1
        if text and (text[0].isprintable() or not is_unseen(text)):
            start = position if text[0] == line[:1] else position + len(line) - len(line.lstrip())
            lines.append((start, start + len(text), gap, ()))
            gap = 0
        position += len(line) + 1
    return lines


def columns(text: str) -> int:
    """How wide a text stands, in columns: East Asian characters take two.

    >>> columns("abc"), columns("日本")
    (3, 4)
    """
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _unwrapped(source: str, lines: list[_Line]) -> list[_Line]:
    """The lines, with those joined that a margin broke.

    A paragraph whose lines fill a margin and break in mid-sentence is wrapped; where one is, the others are held
    against its margin, so that a line which happens to break before a name is joined too.
    """
    if not any(
        line[2] == 1 and WRAP_MIN // 2 <= before[1] - before[0] <= WRAP_MAX
        for before, line in itertools.pairwise(lines)
    ):
        return lines
    paragraphs: list[list[_Line]] = []
    for line in lines:
        if line[2] == 1 and paragraphs:
            paragraphs[-1].append(line)
        else:
            paragraphs.append([line])
    margins = [_margin(source, paragraph) for paragraph in paragraphs]
    margin = max(margins)
    if not margin:
        return lines
    joined: list[_Line] = []
    for paragraph, own in zip(paragraphs, margins, strict=True):
        joined += _joined(source, paragraph, own or margin)
    return joined


def _margin(source: str, paragraph: list[_Line]) -> int:
    """The column at which this paragraph was wrapped, or 0."""
    if len(paragraph) == 1 or all(end - start < WRAP_MIN // 2 for start, end, _, _ in paragraph):
        return 0
    if any(end - start > WRAP_MAX for start, end, _, _ in paragraph):
        return 0
    texts = [source[start:end] for start, end, _, _ in paragraph]
    widest = max(map(columns, texts))
    if not WRAP_MIN <= widest <= WRAP_MAX:
        return 0
    pairs = [pair for pair in itertools.pairwise(texts) if _full(*pair, widest)]
    broken = sum(_goes_on(*pair) for pair in pairs)
    # Without capitals a line that goes on looks like one that does not: it takes two.
    least = 1 if any(text[0].lower() != text[0].upper() for text in texts) else 2
    return widest if broken >= max(least, 0.4 * len(pairs)) else 0


def _full(text: str, after: str, margin: int) -> bool:
    """Whether a line is so long that the next may have begun at the margin only."""
    width = columns(text)
    return (
        WRAP_MIN <= width <= WRAP_MAX
        and width >= WRAP_FILL * margin
        and not (_LIST_ITEM.match(after) or _URL.fullmatch(after))
    )


def _joined(source: str, paragraph: list[_Line], margin: int) -> list[_Line]:
    joined: list[_Line] = []
    joints: list[Repair] = []
    first, last, lines, _ = paragraph[0]
    before = source[first:last]
    for start, end, gap, _ in paragraph[1:]:
        text = source[start:end]
        if _full(before, text, margin):
            joints.append(Repair(last, start, "" if _glued(before, text) else " ", "repair.hard-wrap"))
        else:
            joined.append((first, last, lines, tuple(joints)))
            first, lines, joints = start, gap, []
        last, before = end, text
    joined.append((first, last, lines, tuple(joints)))
    return joined


def _goes_on(text: str, after: str) -> bool:
    """Whether the sentence of a line goes on in the next one."""
    if text[-1] in _CLOSERS:
        return False
    first = after[0]
    if _WIDE.match(first):
        return bool(_WIDE.match(text[-1])) and columns(text) == columns(text + after[:1]) - 2
    cased = first.lower() != first.upper()
    lower = (first.islower() and not after[1:2].isupper()) if cased else first.isalpha()
    return lower or (text[-1] == "-" and text[-2:-1].isalnum())


def _glued(before: str, after: str) -> bool:
    """Whether two halves of a wrapped line join without a space: a compound hyphen, or a script without spaces."""
    if before[-1] in "-\u2010\u00ad":
        return before[-2:-1].isalnum() and after[0].isalnum()
    return bool(_WIDE.match(before[-1]) and _WIDE.match(after[0])) and not ("\uac00" <= after[0] <= "\ud7af")


def _blocks(
    source: str,
    start: int,
    end: int,
    gap: int,
    joints: tuple[Repair, ...],
    odd: bool,
    numbered: Mapping[int, str],
) -> list[Block]:
    """The block of one line; or of each item, where the items of a numbered list ran together."""
    # The tail of the item before may be said again at the head of this one.
    item = _ITEM.match(source, start, joints[0].start if joints else end) if numbered else None
    if item is None or int(item[2]) - 1 not in numbered:
        return _block(source, start, end, gap, joints, odd)
    number, mark = int(item[2]), item[3]
    if item[1]:
        if not numbered[number - 1].endswith(" " + item[1].strip()):
            return _block(source, start, end, gap, joints, odd)
        joints = (Repair(start, item.start(2), "", "repair.said-again"), *joints)
    blocks: list[Block] = []
    place = item.end()
    while True:
        number += 1
        upcoming = re.compile(rf"(?<=\S)[ \u00a0]+(?={number}{re.escape(mark)}[ \u00a0]\S)").search(source, place, end)
        stop = upcoming.start() if upcoming else end
        inside = joints[bisect_left(joints, start, key=_START) : bisect_left(joints, stop, key=_START)]
        blocks += _block(source, start, stop, gap, inside, odd)
        if upcoming is None:
            return blocks
        start, gap = upcoming.end(), 1
        place = start + 2


def _block(source: str, start: int, end: int, gap: int, joints: tuple[Repair, ...], odd: bool) -> list[Block]:
    repairs: tuple[Repair, ...] = joints
    text = source[start:end]
    if odd and needs_repair(text):
        if joints:
            cuts = [start, *(cut for joint in joints for cut in (joint.start, joint.end)), end]
            pieces = zip(cuts[::2], cuts[1::2], strict=True)
            damaged = is_damaged(repaired(source, start, end, joints))
            found = [repair for a, b in pieces for repair in repairs_of(source[a:b], a, damaged)]
            repairs = tuple(sorted((*joints, *found), key=_START))
        else:
            repairs = tuple(repairs_of(text, start))
    if repairs:
        text = repaired(source, start, end, repairs)
        if not text:
            return []
    return [_shaped(start, end, text, gap, repairs)]


def _shaped(start: int, end: int, text: str, gap: int, repairs: tuple[Repair, ...]) -> Block:
    kind = "paragraph"
    first = text[0]
    if (first.isdigit() or not first.isalnum()) and _LIST_ITEM.match(text):
        kind = "list-item"
    ended = text[-1] in _ENDS or (text[-1] in _CLOSERS and text[-2:-1] in _ENDS)
    prose = len(text) >= PROSE_LONG or (ended and (len(text) >= PROSE_MIN or columns(text) >= PROSE_MIN))
    if not prose and kind == "paragraph" and not ended:
        kind = "heading"
    narrow = len(text) < WRAP_MIN and (text.isascii() or columns(text) < WRAP_MIN)
    return Block(start, end, text, kind, gap, prose, narrow, repairs)
