"""The account of every page: nothing is lost without a record, every kept block is found in its page again.

    python bench/accounting.py [--list] [--check]

Cleans all pages of the three corpora with sockets refused: whatever reaches for the network is counted, and fails.

Blocks: the XPath of a kept block must give one node whose text (`text_content()`, white space folded) holds the block
as it stands in the source text: in the raw page parsed afresh by lxml alone, or where lxml reads another tree or other
letters, in the tree that cleancopy parses. The share is of the words of the clean text. Beside it, for the same trees:
the share when cells of a row may stand without white space between them, as `text_content()` gives them, and the share
when the block is looked for as it stands in the clean text, after repairs of its characters.

Laws: `apply` and `revert` lead from the source text to the clean text and back, edits are in order and disjoint, and
every visible word lies in exactly one kept block or one edit that removed it.

`--list` prints the blocks that were not found, and whatever breaks a law.
"""

from __future__ import annotations

import argparse
import re
import socket
import sys
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final, NoReturn

from corpora import CORPORA, Page, pages

from cleaners import CleanResult, Edit, EditError, apply, clean_html, revert
from cleaners.decode import NotText
from cleaners.page.cleaning import parsed
from cleaners.page.decode import decode_page

if TYPE_CHECKING:
    from lxml.html import HtmlElement

HELD_ASKED: Final = 0.995
"""Share of the words of the clean text whose block its XPath gives, at least."""

_WORD = re.compile(r"\S+")
_reached: list[str] = []
"""What reached for the network since the last page."""


class RefusedSocket(socket.socket):
    """A socket that cannot be opened."""

    def __init__(self, *_: object, **__: object) -> None:
        """Note the attempt, and refuse it."""
        refuse_network("socket")


def refuse_network(*what: object) -> NoReturn:
    """Note that something reached for the network, and raise `OSError`."""
    _reached.append(" ".join(map(str, what)))
    raise OSError("this bench runs without a network")


def refuse_sockets() -> None:
    """From here on no socket of this process opens, and no name is looked up."""
    # Loaded before: its HTTP library tries, when imported, whether this machine has IPv6, on its own address.
    import trafilatura  # noqa: F401, PLC0415

    socket.socket = RefusedSocket  # type: ignore[misc]
    socket.create_connection = refuse_network
    socket.getaddrinfo = refuse_network


@dataclass(slots=True)
class Account:
    """What became of one page.

    Of the `words` of its clean text, `plain` are in blocks that the XPath gives in lxml's own tree of the raw page,
    `held` in those that it gives there or in the tree which cleancopy parses, `apart` in those that it gives when white
    space does not count, and `repaired` in those that it gives as they stand in the clean text. `missing` lists the
    blocks that are not held, `broken` the laws that do not hold, `reached` what reached for the network; `refused` is
    the reason for a page that was refused.
    """

    page: Page
    words: int = 0
    plain: int = 0
    held: int = 0
    apart: int = 0
    repaired: int = 0
    missing: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    reached: list[str] = field(default_factory=list)
    refused: str | None = None


def account(page: Page) -> Account:
    """Clean one page and check its result."""
    from lxml.html import document_fromstring  # noqa: PLC0415 (only here)

    found = Account(page)
    raw = page.read()
    _reached.clear()
    try:
        result = clean_html(raw, page.url)
    except NotText as refusal:
        found.refused = refusal.reason
        return found
    except Exception as error:
        found.broken.append(f"crashed: {type(error).__name__}: {error}")
        return found
    finally:
        found.reached = list(_reached)
    found.broken += broken_laws(result)
    plain, own = Texts(document_fromstring(raw)), Texts(parsed(decode_page(raw).text))
    found.words = len(result.text.split())
    for block, text in zip(result.blocks, clean_blocks(result), strict=True):
        words = len(text.split())
        source = result.source[block.start : block.end]
        here = plain.hold(block.xpath, source)
        held = here or own.hold(block.xpath, source)
        found.plain += words * here
        found.held += words * held
        found.apart += words * (held or own.hold(block.xpath, source, spaces=False))
        found.repaired += words * (plain.hold(block.xpath, text) or own.hold(block.xpath, text))
        if not held:
            found.missing.append(f"{block.xpath}  {source[:150]!r}")
    return found


class Texts:
    """The texts of the elements of one tree, by XPath."""

    def __init__(self, root: HtmlElement) -> None:
        """Nothing is looked up yet."""
        self.root = root
        self._known: dict[str, str | None] = {}

    def hold(self, xpath: str, text: str, *, spaces: bool = True) -> bool:
        """Whether the XPath gives one element, and its text holds this text, white space folded or (not `spaces`) gone.

        >>> from lxml.html import document_fromstring
        >>> Texts(document_fromstring("<p>One <b>two</b>  three")).hold("/html/body/p", "two three")
        True
        """
        if xpath not in self._known:
            nodes = self.root.getroottree().xpath(xpath)
            self._known[xpath] = " ".join(nodes[0].text_content().split()) if len(nodes) == 1 else None
        there = self._known[xpath]
        if there is None:
            return False
        return " ".join(text.split()) in there if spaces else "".join(text.split()) in there.replace(" ", "")


def clean_blocks(result: CleanResult) -> Iterator[str]:
    """The clean text of each kept block."""
    edits = sorted(result.edits, key=lambda edit: (edit.start, edit.end))
    ends = [edit.end for edit in edits]
    moved = [0, *accumulate(edit.moved for edit in edits)]

    def place(offset: int) -> int:
        return offset + moved[bisect_right(ends, offset)]

    for block in result.blocks:
        yield result.text[place(block.start) : place(block.end)]


def broken_laws(result: CleanResult) -> list[str]:
    """The laws that a result breaks, in words; none for a sound one."""
    broken = []
    try:
        if apply(result.source, result.edits) != result.text:
            broken.append("apply gives another clean text")
        if revert(result.text, result.edits) != result.source:
            broken.append("revert gives another source text")
    except EditError as error:
        broken.append(str(error))
    broken += overlaps(result.edits)
    broken += unaccounted(result)
    if sum(len(text.split()) for text in clean_blocks(result)) != len(result.text.split()):
        broken.append("the kept blocks do not make up the clean text")
    return broken


def overlaps(edits: Sequence[Edit]) -> list[str]:
    """The pairs of edits that overlap or are out of order."""
    return [
        f"edits {left.start}:{left.end} ({left.rule}) and {right.start}:{right.end} ({right.rule})"
        for left, right in pairwise(edits)
        if left.end > right.start
    ]


def unaccounted(result: CleanResult) -> list[str]:
    """The words of the source text with a character that does not lie in exactly one kept block or one edit.

    Edits inside of a kept block are part of it.
    """
    starts = [block.start for block in result.blocks]

    def inside(edit: Edit) -> bool:
        number = bisect_right(starts, edit.start) - 1
        return number >= 0 and edit.end <= result.blocks[number].end

    steps: Counter[int] = Counter()
    for span in (*result.blocks, *(edit for edit in result.edits if not inside(edit))):
        steps[span.start] += 1
        steps[span.end] -= 1
    cover = list(accumulate(steps[offset] for offset in range(len(result.source) + 1)))
    broken = []
    for word in _WORD.finditer(result.source):
        wrong = next((times for times in cover[word.start() : word.end()] if times != 1), None)
        if wrong is not None:
            broken.append(f"word at {word.start()} is in {wrong} blocks and edits: {word.group()!r}")
    return broken


def report(accounts: Sequence[Account], *, listing: bool) -> Iterator[str]:
    """The lines of the report."""
    if listing:
        for each in accounts:
            for what in (*each.broken, *(f"reached for {name}" for name in each.reached), *each.missing):
                yield f"{each.page.corpus} {each.page.id}  {what}"
    titles = {"plain": "in lxml's tree", "held": "or in ours", "apart": "spaces apart", "repaired": "as repaired"}
    yield f"{'corpus':9}{'pages':>6}{'refused':>8}{'words':>9}" + "".join(f"{title:>16}" for title in titles.values())
    for corpus in (*CORPORA, "all"):
        mine = [each for each in accounts if corpus in ("all", each.page.corpus)]
        refused = sum(each.refused is not None for each in mine)
        line = f"{corpus:9}{len(mine):6}{refused:8}{sum(each.words for each in mine):9}"
        yield line + "".join(f"{share(mine, what):16.5f}" for what in titles)
    reasons = Counter(each.refused for each in accounts if each.refused)
    yield "refused: " + (", ".join(f"{reason} {count}" for reason, count in reasons.most_common()) or "none")
    yield f"words whose block its XPath gives: {share(accounts, 'held'):.5f} (asked >= {HELD_ASKED})"
    yield f"pages that break a law: {sum(bool(each.broken) for each in accounts)} (asked 0)"
    yield f"pages that reached for the network: {sum(bool(each.reached) for each in accounts)} (asked 0)"


def share(accounts: Iterable[Account], what: str) -> float:
    """The share of the words of the clean texts that one of the counts of `Account` makes up."""
    counted = words = 0
    for each in accounts:
        counted += getattr(each, what)
        words += each.words
    return counted / max(words, 1)


def main() -> None:
    """Print the report."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--list", action="store_true", help="print the blocks not found and the laws broken")
    options.add_argument("--check", action="store_true", help="exit with 1 when an asked figure is missed")
    asked = options.parse_args()
    sample = [page for corpus in CORPORA for page in pages(corpus)]
    with ProcessPoolExecutor(2, initializer=refuse_sockets) as pool:
        accounts = list(pool.map(account, sample, chunksize=4))
    print("\n".join(report(accounts, listing=asked.list)))
    failed = any(each.broken or each.reached for each in accounts) or share(accounts, "held") < HELD_ASKED
    if asked.check and failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
