"""Which blocks of a page are its article: trafilatura chooses, and its choice is found again among the blocks.

trafilatura gives back a tree of its own making, in which nothing says where a paragraph came from. So its text is
laid beside the page's blocks: long blocks that stand in both just once are anchors (as in patience diff), and what
lies between two anchors is looked for between them only, so that a headline which the sidebar repeats is found where
the article has it.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, groupby, islice, pairwise
from operator import or_
from typing import TYPE_CHECKING, Final

from cleaners.page.blocks import UNSEEN
from cleaners.page.trees import as_page, copy_without
from cleaners.page.widgets import LONG_PARAGRAPH
from cleaners.shapes import ends_sentence, words

if TYPE_CHECKING:
    from lxml.etree import _Element
    from lxml.html import HtmlElement
    from trafilatura.settings import Document

    from cleaners.page.blocks import PageBlock

ANCHOR_MIN: Final = 24
"""Fewest characters, without white space, of a block that may be an anchor: shorter ones recur by accident."""
COVERED_MIN: Final = 0.5
"""Share of a block's characters that trafilatura must have taken, where it did not take all of them."""
REGION_MIN: Final = 0.95
"""Share of the page's prose that lies in the element which trafilatura gets to see: what is outside of it is no part of
the article, and costs time."""
FAST_SHARE: Final = 0.3
FAST_MIN: Final = 250
"""Share of the page's prose, and characters, from which what trafilatura takes without its fallbacks is enough: it
prefers theirs where they find twice as much, or where it has less than 250 characters. Of 264 pages above these limits
4 came out otherwise, on the whole for the better."""
PARAGRAPH_MIN: Final = 60
"""Fewest characters of a block that counts as prose of the page."""
_MARGINS: Final = frozenset({"nav", "aside", "footer", "form"})
CORE_MIN: Final = 15
"""Fewest words of a paragraph that shows where the article is: buttons, captions and teasers are mostly shorter."""
STANDFIRST_MIN: Final = 8
"""Fewest words of a standfirst, which may stand in a header outside of the article's element."""
LEDE_REACH: Final = 8
"""How many blocks below the headline, widgets aside, a standfirst that is taken back stands at most: a date, a byline
and a picture may come between."""
ITEM_MIN: Final = 4
"""Fewest words of a list item that is taken back: of the shorter ones passed over, six in seven are no article text
(news and blogs corpora)."""
HELD_MIN: Final = 0.85
"""Share of the chosen prose that the article's element holds at least."""
ITEMS_MAX: Final = 40
"""Most items of a list that a paragraph announces."""
LINKED_MAX: Final = 0.3
"""Share of links, by characters, from which a block is no plain prose."""
_ASIDE_WORDS: Final = (
    "alert|author|banner|bio|byline|caption|comments?|cta|disclaimer|legend|messenger|modal|newsletter|popup|promo|related|"
    "sidebar|sign-?up|success|tooltip"
)
"""Words in classes and ids of what stands beside an article: none of the words that was taken back from such elements
was true (news and blogs corpora)."""
_ASIDE_NAMES: Final = re.compile(rf"(?:^|[^a-z])(?:{_ASIDE_WORDS})s?(?![a-z])")
_PASSED_OVER_NAMES: Final = re.compile(rf"(?:^|[^a-z])(?:{_ASIDE_WORDS}|widget)s?(?![a-z])")
"""Page builders call paragraphs of the article widgets, too, but those are seldom passed over."""
_ASIDES: Final = frozenset({"aside", "nav", "figure", "form", "footer", "header", "table", "quote"})
ELEMENTS_MAX: Final = 20_000
"""Most elements of a page that trafilatura is asked about: it takes quadratic time in the number of paragraphs. The
largest of 1,357 real pages has 5,516."""
CHILDREN_MAX: Final = 1_000
"""Most cells of a row, or elements of a paragraph, in such a page, for the same reason."""
LARGE: Final = 3_000
"""Blocks from which trafilatura goes without its fallbacks, one of which takes quadratic time."""
_WITHOUT_TEXT: Final = ("img", "picture", "input")
"""Elements that show no text and play no part in the choice."""
_HUMP = re.compile("([a-z])([A-Z])")
HEAD: Final = 8
"""Characters by which the places where a block may begin are looked up."""
_TIMES: Final = 4
"""Most places of one block that are weighed against each other."""
_CANDIDATES: Final = 64
_SEARCHED: Final = 20_000_000
"""Most characters that are searched for blocks in all: the time is their number times that of the blocks."""
_WORDS: Final = 500
_COMPARED: Final = 100_000
"""Most words that are compared, and most of them with others: the time is quadratic in them."""


def chosen_blocks(
    root: HtmlElement,
    blocks: Sequence[PageBlock],
    pruned: Collection[HtmlElement],
    url: str | None = None,
    *,
    comments: bool = False,
) -> list[bool]:
    """For each block, whether it belongs to what trafilatura takes from the page without the `pruned` elements.

    With `comments` it takes those too, as the content of a forum. The tree stays as it is. A page of which trafilatura
    takes nothing has no chosen block; of a huge one all prose is taken that stands in no margin.
    """
    from lxml.etree import strip_elements  # noqa: PLC0415 (importing the library is to cost little)

    pruned = {*pruned, *_furniture(blocks)}
    candidates = [block for block in blocks if _may_be_chosen(block, pruned)]
    region = root if comments or not candidates else _region(_holder(candidates, REGION_MIN))
    tree = as_page(copy_without(region, pruned))
    # The JSON-LD of a forum tells trafilatura, too, that it is one.
    strip_elements(tree, *(UNSEEN - {"script"} if comments else UNSEEN), *_WITHOUT_TEXT, with_tail=False)
    if _is_huge(tree):
        long = set(map(id, candidates))
        return [id(block) in long for block in blocks]
    # Its fallbacks take a third of its time, and change the result only where it is a small part of the page's prose.
    document = _extracted(tree, url, comments=comments, fast=True)
    prose = sum(len(block.text) for block in candidates)
    size = sum(map(len, document.body.itertext())) if document else 0
    if size < max(FAST_MIN, FAST_SHARE * prose) and len(blocks) <= LARGE:
        document = _extracted(tree, url, comments=comments, fast=False)
    if document is None:
        return [False] * len(blocks)
    pieces = list(_pieces(document.body))
    if comments and document.commentsbody is not None:
        pieces += _pieces(document.commentsbody)
    # What was pruned cannot be found again.
    texts = ["" if block.widget and block.widget.element in pruned else block.text for block in blocks]
    chosen = aligned(texts, pieces)
    # trafilatura takes listings of code as a whole; their short lines (a closing bracket) say nothing by themselves.
    listings = {block.element for block, taken in zip(blocks, chosen, strict=True) if taken and block.kind == "code"}
    return [
        taken or (block.kind == "code" and block.element in listings)
        for block, taken in zip(blocks, chosen, strict=True)
    ]


def _is_huge(tree: HtmlElement) -> bool:
    """Whether a page, a row of a table or a paragraph has so many elements that trafilatura would take too long."""
    elements = next(islice(tree.iter("*"), ELEMENTS_MAX, None), None)
    return elements is not None or any(len(each) > CHILDREN_MAX for each in tree.iter("tr", "p"))


def _furniture(blocks: Sequence[PageBlock]) -> set[HtmlElement]:
    """The `<nav>` and `<footer>` elements that hold no paragraph of an article."""
    longest: dict[HtmlElement, int] = {}
    for block in blocks:
        if not block.inside.isdisjoint(("nav", "footer")) and "quote" not in block.inside:
            element = next(e for e in (block.element, *block.element.iterancestors()) if e.tag in ("nav", "footer"))
            longest[element] = max(longest.get(element, 0), words(block.text))
    return {element for element, most in longest.items() if most < LONG_PARAGRAPH}


def _region(holder: HtmlElement) -> HtmlElement:
    """The `<article>`, `<main>` or page around what holds the prose: lists and headings belong to it, too."""
    for element in (holder, *holder.iterancestors()):
        if element.tag in ("article", "main") or (element.get("role") == "main" and element.tag != "body"):
            return element
    return holder.getroottree().getroot()


def _extracted(tree: HtmlElement, url: str | None, *, comments: bool, fast: bool) -> Document | None:
    """What trafilatura takes from a tree, which stays as it is; with `fast` without its fallbacks."""
    from trafilatura import bare_extraction  # noqa: PLC0415 (takes half a second to import)

    # With this format the result's tree is left as it is; with the default one, text behind links gets lost.
    found = bare_extraction(tree, url=url, include_comments=comments, output_format="txt", fast=fast)
    return None if found is None or isinstance(found, dict) or found.body is None else found


def _may_be_chosen(block: PageBlock, pruned: Collection[HtmlElement]) -> bool:
    """Whether a block is long enough, and in a place, for a paragraph of an article."""
    if len(block.text) < PARAGRAPH_MIN or block.link_density >= 0.5 or not block.inside.isdisjoint(_MARGINS):
        return False
    return block.widget is None or block.widget.element not in pruned


def _pieces(body: _Element) -> Iterator[str]:
    """The pieces of text of trafilatura's result, white space folded."""
    for text in body.itertext():
        folded = " ".join(text.split())
        if folded:
            yield folded


def aligned(blocks: Sequence[str], pieces: Sequence[str]) -> list[bool]:
    """For each block, whether its text is among the pieces, which are in the same order by and large.

    >>> aligned(["Menu", "One.", "Two words and more.", "Menu"], ["One.", "Two words and more."])
    [False, True, True, False]
    """
    keys = ["".join(block.split()) for block in blocks]
    text = _Text.of(pieces, {len(key) for key in keys if 0 < len(key) < HEAD})
    found = [False] * len(blocks)
    counts = Counter(keys)
    spans: list[_Span] = []
    for number, key in enumerate(keys):
        if len(key) >= ANCHOR_MIN and counts[key] == 1:
            places = text.places(key, 0, len(text.solid))
            if len(places) == 1:
                spans.append((number, places[0], places[0] + len(key)))
                found[number] = True  # also where it is out of order: a paragraph that was recovered at the end
    anchors = _chain(spans)
    edges = [(-1, 0, 0), *anchors, (len(blocks), len(text.solid), len(text.solid))]
    for (before, _, low), (after, high, _) in pairwise(edges):
        if after - before == 1 or high == low:
            continue
        near = [
            (number, place, place + len(keys[number]))
            for number in range(before + 1, after)
            for place in text.places(keys[number], low, high)
        ]
        # Of two blocks that say the same, the one nearer to the article: above its first anchor that is the later one.
        chain = _chain(near, later=before < 0)
        gaps = [(before, low, low), *chain, (after, high, high)]
        for (left, _, start), (right, end, _) in pairwise(gaps):
            if left > before:
                found[left] = True
            if right - left > 1 and end > start:
                for number in _resembling(blocks, range(left + 1, right), text.between(start, end)):
                    found[number] = True
    return found


_Span = tuple[int, int, int]
"""A block by its number, and where it starts and ends in trafilatura's text."""


@dataclass(slots=True)
class _Text:
    """trafilatura's text without white space, where its pieces begin, and which begin alike."""

    pieces: Sequence[str]
    solid: str
    bounds: list[int]
    heads: dict[str, list[int]]
    searches: int = 0

    @classmethod
    def of(cls, pieces: Sequence[str], short: Collection[int]) -> _Text:
        squeezed = ["".join(piece.split()) for piece in pieces]
        solid = "".join(squeezed)
        bounds = [0, *accumulate(map(len, squeezed))]
        heads: dict[str, list[int]] = {}
        for start in bounds[:-1]:
            heads.setdefault(solid[start : start + HEAD], []).append(start)
            for length in short:
                heads.setdefault(solid[start : start + length], []).append(start)
        return cls(pieces, solid, bounds, heads)

    def places(self, key: str, low: int, high: int) -> list[int]:
        """The first few places between two others where a block stands; short blocks only as whole pieces."""
        found: list[int] = []
        candidates = self.heads.get(key[:HEAD], ())
        first = bisect_left(candidates, low)
        for place in candidates[first : first + _CANDIDATES]:
            end = place + len(key)
            if end > high:
                break
            whole = len(key) >= ANCHOR_MIN or (self._is_bound(place) and self._is_bound(end))
            if whole and self.solid.startswith(key, place):
                found.append(place)
                if len(found) == _TIMES:
                    break
        if not found and len(key) >= ANCHOR_MIN and self.searches * (high - low) <= _SEARCHED:
            # Within a piece: what trafilatura takes as a last resort is a single one.
            self.searches += 1
            place = self.solid.find(key, low, high)
            while place >= 0 and len(found) < _TIMES:
                found.append(place)
                place = self.solid.find(key, place + 1, high)
        return found

    def between(self, start: int, end: int) -> Sequence[str]:
        """The pieces from one place to another."""
        return self.pieces[bisect_left(self.bounds, start) : bisect_left(self.bounds, end)]

    def _is_bound(self, place: int) -> bool:
        at = bisect_left(self.bounds, place)
        return at < len(self.bounds) and self.bounds[at] == place


def _resembling(blocks: Sequence[str], numbers: range, window: Sequence[str]) -> Iterator[int]:
    """The blocks of `numbers` most of whose words stand in the window in runs: trafilatura left some of them out."""
    theirs = [word for piece in window for word in piece.split()]
    if len(theirs) * len(numbers) > _COMPARED:
        return
    pairs = set(pairwise(theirs))
    for number in numbers:
        if len(blocks[number]) >= ANCHOR_MIN:
            mine = blocks[number].split()[:_WORDS]
            runs = [pair in pairs for pair in pairwise(mine)]
            if sum(map(or_, [False, *runs], [*runs, False])) >= COVERED_MIN * len(mine):
                yield number


def _chain(spans: Sequence[_Span], *, later: bool = False) -> list[_Span]:
    """The heaviest of the spans, given by block, that stand in the same order in the text without overlapping.

    With `later` the later block of two that are as good.
    """
    # Of the chains so far, those that end before all heavier ones: by end, and so by weight.
    ends: list[int] = []
    best: list[tuple[int, int]] = []  # weight, and number of the last span
    links: list[int] = []
    for _, group in groupby(enumerate(spans), key=lambda numbered: numbered[1][0]):
        new: list[tuple[int, int, int]] = []
        for number, (_, start, end) in group:
            at = bisect_right(ends, start)
            weight, link = best[at - 1] if at else (0, -1)
            links.append(link)
            new.append((end, weight + end - start, number))
        for end, weight, number in new:
            at = bisect_left(ends, end)
            if at and best[at - 1][0] >= weight:
                continue
            stop = at
            while stop < len(ends) and (
                best[stop][0] < weight or (best[stop][0] == weight and (later or ends[stop] > end))
            ):
                stop += 1
            if stop == at and at < len(ends) and ends[at] == end:
                continue
            ends[at:stop], best[at:stop] = [end], [(weight, number)]
    chain: list[_Span] = []
    at = best[-1][1] if best else -1
    while at >= 0:
        chain.append(spans[at])
        at = links[at]
    return chain[::-1]


def settled(
    blocks: Sequence[PageBlock], chosen: Sequence[bool], noise: Collection[HtmlElement], headline: PageBlock | None
) -> list[bool]:
    """The choice, with what the page's own structure says about it.

    The prose that was chosen lies mostly in one element: the article's. Prose, and headings, lists and listings beside
    it, that were passed over in its middle belong to it, unless a widget, an aside, a figure or the like holds them.
    What stands outside of that element does not belong to it, but for a standfirst, prose between the headline and the
    first paragraph, and for what goes on below in the same `<article>` or `<main>`, or, where there is none, in
    elements that are called like those of the article's paragraphs.
    """
    taken = [block for block, is_chosen in zip(blocks, chosen, strict=True) if is_chosen]
    core = [number for number, block in enumerate(blocks) if chosen[number] and _is_prose(block, CORE_MIN)]
    if not core or 2 * sum(words(blocks[number].text) for number in core) < sum(words(block.text) for block in taken):
        return list(chosen)  # a list, a table, a poem: prose does not show where the article is
    article = _holder(taken, HELD_MIN)
    held = _range(blocks, article, core)
    inner = [number for number in core if number in held]
    first, last = inner[0], inner[-1]
    common = frozenset.intersection(*(blocks[number].inside for number in inner))
    parents = {blocks[number].element.getparent() for number in inner}
    found = list(chosen)
    top = _top(blocks, first, headline)
    story = _around(blocks[last])
    signatures = {_signature(blocks[number]) for number in inner}
    landmark = _landmark(article)

    def continues(block: PageBlock) -> bool:
        if landmark is None:
            return _signature(block) in signatures
        return _lies_in(block, landmark) and not _is_named(_ASIDE_NAMES, block, landmark)

    outer = [number for number in core if number not in held]
    begin = min((number for number in outer if number < first and (top == first or top < number)), default=first)
    end = max((number for number in outer if number > last and continues(blocks[number])), default=last)
    said = {blocks[number].text for number in held if chosen[number]}
    passed = 0
    for number, block in enumerate(blocks):
        inside = number in held
        if found[number]:
            if inside:
                continue
            if block.text in said:
                found[number] = False  # a teaser of the article itself
            elif number < first:
                found[number] = begin <= number or (top < number and _is_standfirst(block))
            else:
                found[number] = number <= end and continues(block)
        elif block.widget and block.widget.element in noise:
            continue
        elif inside and begin < number < end:
            found[number] = (
                not (block.inside - common) & _ASIDES
                and (_is_prose(block, CORE_MIN) or _is_beside(block, parents) or _is_announced(blocks, number, chosen))
                and not _is_named(_PASSED_OVER_NAMES, block, article)
            )
        elif number > last:
            found[number] = (
                _is_prose(block, CORE_MIN)
                and _signature(block) in signatures
                and _around(block) is story is not None
                and not (block.inside - common) & _ASIDES
                and not _is_named(_PASSED_OVER_NAMES, block, article)
            )
        elif top < number < first and block.kind != "list-item":
            passed += 1
            found[number] = (
                passed <= LEDE_REACH
                and not (block.inside - common) & (_ASIDES - {"header"})
                and _is_prose(block, STANDFIRST_MIN)
                and not _is_named(_PASSED_OVER_NAMES, block, article)
            )
    return found


def _is_prose(block: PageBlock, least: int) -> bool:
    """Whether a block reads like a sentence of at least so many words, and is not made of links."""
    return block.link_density < LINKED_MAX and words(block.text) >= least and ends_sentence(block.text)


def _signature(block: PageBlock) -> tuple[str | None, ...]:
    """What the page calls the element of a block, and those around it."""
    elements = [block.element, *islice(block.element.iterancestors(), 2)]
    return tuple(name for element in elements for name in (element.tag, element.get("class")))


def _around(block: PageBlock) -> HtmlElement | None:
    """The `<article>` that a block lies in."""
    return next(block.element.iterancestors("article"), None)


def _top(blocks: Sequence[PageBlock], first: int, headline: PageBlock | None) -> int:
    """The number of the headline above the `first` paragraph of the article: the known one, else the next `<h1>`.

    Where there is none it is that of the paragraph itself.
    """
    known = first if headline is None else blocks.index(headline)
    if known < first:
        return known
    return next((number for number in range(first - 1, -1, -1) if blocks[number].element.tag == "h1"), first)


def _landmark(element: HtmlElement) -> HtmlElement | None:
    """The innermost `<article>` or `<main>` that an element is or lies in."""
    around = (element, *element.iterancestors())
    return next((each for each in around if each.tag in ("article", "main") or each.get("role") == "main"), None)


def _lies_in(block: PageBlock, element: HtmlElement) -> bool:
    return any(around is element for around in block.element.iterancestors())


def _range(blocks: Sequence[PageBlock], article: HtmlElement, core: Sequence[int]) -> range:
    """The numbers of the blocks that an element holds, some of `core` among them: they follow each other."""

    first = next(number for number in core if _lies_in(blocks[number], article))
    last = next(number for number in reversed(core) if _lies_in(blocks[number], article))
    while first > 0 and _lies_in(blocks[first - 1], article):
        first -= 1
    while last + 1 < len(blocks) and _lies_in(blocks[last + 1], article):
        last += 1
    return range(first, last + 1)


def _is_named(names: re.Pattern[str], block: PageBlock, article: HtmlElement) -> bool:
    """Whether an element around the block, inside of the article's, has one of these words in its class or id."""
    for element in (block.element, *block.element.iterancestors()):
        if element is article:
            return False
        called = f"{element.get('class') or ''} {element.get('id') or ''}"
        if called != " " and _says(names, called):
            return True
    return False


@lru_cache(maxsize=4096)
def _says(names: re.Pattern[str], called: str) -> bool:
    return names.search(_HUMP.sub(r"\1-\2", called).lower()) is not None


def _is_standfirst(block: PageBlock) -> bool:
    return block.link_density < LINKED_MAX and words(block.text) >= STANDFIRST_MIN


def _is_beside(block: PageBlock, parents: Collection[HtmlElement | None]) -> bool:
    """Whether a block that is no prose stands in a row with paragraphs of the article."""
    parent = block.element.getparent()
    if block.link_density >= LINKED_MAX or parent is None:
        return False
    if block.kind == "list-item":
        return words(block.text) >= ITEM_MIN and (parent in parents or parent.getparent() in parents)
    return block.kind in ("heading", "quote", "code") and parent in parents


def _is_announced(blocks: Sequence[PageBlock], number: int, chosen: Sequence[bool]) -> bool:
    """Whether a block belongs to a list that a chosen paragraph announces with a colon."""
    if blocks[number].kind != "list-item":
        return False
    above = number - 1
    while above > 0 and number - above < ITEMS_MAX and blocks[above].kind == "list-item":
        above -= 1
    return above >= 0 and chosen[above] and blocks[above].text[-1] in ":："


def _holder(taken: Sequence[PageBlock], share: float) -> HtmlElement:
    """The lowest element around blocks that holds at least this share of their words."""
    weights: defaultdict[HtmlElement, int] = defaultdict(int)
    total = 0
    for block in taken:
        count = words(block.text)
        total += count
        for element in block.element.iterancestors():
            weights[element] += count
    holder = taken[0].element.getroottree().getroot()
    while True:
        child = next((each for each in holder.iterchildren("*") if weights.get(each, 0) >= share * total), None)
        if child is None:
            return holder
        holder = child
