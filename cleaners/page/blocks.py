"""The visible text of a page, block by block in reading order, with what the page knows about each block.

One walk over the tree does it. What a browser would not show (scripts, templates, `hidden`, `display: none`, what is
for screen readers only) is no visible text; white space is folded as a browser folds it; `<br>` and the edges of block
elements end a block.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from cleaners.page.trees import tags
from cleaners.page.widgets import CommentPart, Mark, bare_tags, comment_part, is_body, match, outermost, prose_words

if TYPE_CHECKING:
    from lxml.html import HtmlElement


UNSEEN: Final = tags(
    "area audio base canvas datalist embed head iframe link map meta noframes object option param script "
    "rp rt select source style svg template textarea title track video"
)
"""Elements whose content is not text that a reader sees (HTML Standard, 15.3.1 Hidden elements), with embedded
objects, what is chosen from in forms, and the readings beside East Asian characters (`<rt>`)."""

_SPLITTING: Final = tags(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset figcaption "
    "figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html label legend li listing main menu nav ol p "
    "plaintext pre search section summary table tbody td tfoot th thead tr ul xmp"
)
"""Elements that begin and end a block (HTML Standard, 15.3: `display` is not inline), with buttons and labels, which
stand by themselves."""

_KINDS: Final = {
    **dict.fromkeys(("h1", "h2", "h3", "h4", "h5", "h6"), "heading"),
    **dict.fromkeys(("li", "dt", "dd"), "list-item"),
    **dict.fromkeys(("figcaption", "caption"), "caption"),
    "blockquote": "quote",
    **dict.fromkeys(("pre", "listing", "plaintext", "xmp"), "code"),
}
_SENTENCES: Final = frozenset(
    {"p", "li", "dd", "dt", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "summary"}
)
"""Elements that hold sentences, of which an inline element is a part."""
_PLACES: Final = {
    **dict.fromkeys(("ul", "ol", "dl", "menu", "dir"), "list"),
    **{tag: tag for tag in ("figure", "aside", "nav", "header", "footer", "form", "table", "article", "main")},
    "blockquote": "quote",
    "button": "form",
    "label": "form",
}
_HIDING: Final = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
_FOR_SCREEN_READERS: Final = frozenset(
    {"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "element-invisible"}
)
"""Classes of text that is read aloud but not shown, such as "opens in a new window": those of Bootstrap and Tailwind,
of Bootstrap 5 and Drupal, of HTML5 Boilerplate, of WordPress, and of Drupal 7."""
_NAME: Final = re.compile(r"[A-Za-z_][\w.-]*")
"""Tag names that XPath takes as they are: without a prefix, and without the signs that broken pages put into them."""
_HIDDEN_SHARE: Final = 2
"""How many times more prose must be hidden than visible for a page to be one that shows itself by a script."""
_NOTHING: Final[Mapping[str, str]] = {}
_BOUNDARY: Final = 2


@dataclass(slots=True, eq=False)
class Widget:
    """One widget of a page: the rule that knows it, and its element."""

    rule: str
    element: HtmlElement

    @property
    def noise(self) -> str:
        """The noise type of its rule."""
        return self.rule.partition(".")[0]


@dataclass(slots=True, eq=False)
class PageBlock:
    """One block of the visible text of a page.

    `start` and `end` are code points of the visible text, `lines` how many line ends part it from the block before.
    `element` is the innermost block element that holds it, `kind` `paragraph`, `heading`, `list-item`, `caption`,
    `table-row`, `quote` or `code`, `link_density` the share of its characters that are links (0 to 1), and `inside`
    names what it lies in: `figure`, `aside`, `nav`, `header`, `footer`, `form`, `list`, `table`, `quote`,
    `article`, `main`, or `json-ld`. `widget` is the outermost widget around it; in a thread of comments `comment`
    is the element of the comment that it belongs to, and `part` what it is of it.
    """

    start: int
    end: int
    text: str
    lines: int
    kind: str
    element: HtmlElement
    link_density: float
    inside: frozenset[str]
    comment: HtmlElement | None
    part: CommentPart | None
    widget: Widget | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The classes and ids of its element and of all around it, from the inside out."""
        found: list[str] = []
        for element in (self.element, *self.element.iterancestors()):
            found += (element.get("class") or "").split()
            found += (element.get("id") or "").split()
        return tuple(found)


@dataclass(slots=True, eq=False)
class _Place:
    """What the walk knows where it is: of all open elements together."""

    element: HtmlElement
    kind: str = "paragraph"
    inside: frozenset[str] = frozenset()
    link: bool = False
    row: bool = False
    mark: int = -1
    thread: bool = False
    comment: HtmlElement | None = None
    part: CommentPart | None = None


@dataclass(slots=True)
class _Walk:
    """The blocks found so far, and the one that is being read; `marks` may be widgets, or speak against it."""

    blocks: list[PageBlock] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    marked: list[HtmlElement | PageBlock] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)
    linked: list[str] = field(default_factory=list)
    lines: int = 0
    position: int = 0
    gap: bool = False
    bare: frozenset[str] = field(default_factory=bare_tags)

    def add(self, text: str, place: _Place) -> None:
        """More text of the block that is being read."""
        if place.kind == "code":
            first, *others = text.split("\n")
            self.pieces.append(first)
            for line in others:
                self.close(place, 1)
                self.pieces.append(line)
        elif self.pieces or not text.isspace():
            if self.gap and self.pieces and self.pieces[-1][-1:].isalnum() and text[:1].isalnum():
                self.pieces.append(" ")  # or the words on both sides of what is hidden would become one
            self.gap = False
            self.pieces.append(text)
            if place.link:
                self.linked.append(text)

    def close(self, place: _Place, lines: int) -> None:
        """The block ends, with so many line ends behind it."""
        if self.pieces:
            text = "".join(self.pieces)
            # The indentation of code says something; all other white space is folded.
            text = text.rstrip() if place.kind == "code" else " ".join(text.split())
            if text:
                self._append(text, place)
            self.pieces.clear()
            self.linked.clear()
        if lines == _BOUNDARY:
            self.lines = max(self.lines, lines)
        else:
            self.lines += lines

    def _append(self, text: str, place: _Place) -> None:
        lines = min(self.lines, _BOUNDARY) if self.blocks else 0
        if lines and place.kind == self.blocks[-1].kind and place.kind in ("list-item", "table-row"):
            lines = 1
        start = self.position + lines
        self.position = start + len(text)
        density = 0.0
        if self.linked:
            density = min(1.0, sum(map(_solid, self.linked)) / max(1, _solid(text)))
        block = PageBlock(
            start,
            self.position,
            text,
            lines,
            place.kind,
            place.element,
            density,
            place.inside,
            place.comment,
            place.part,
        )
        self.blocks.append(block)
        tag = place.element.tag
        prose = prose_words(text.count(" ") + 1, paragraph=tag == "p")
        self.mark(block, Mark(None, place.mark, prose, tag == "h1"))
        self.lines = 0

    def mark(self, what: HtmlElement | PageBlock, mark: Mark) -> int:
        """Note something for the caution about widgets; the index of the mark."""
        self.marked.append(what)
        self.marks.append(mark)
        return len(self.marks) - 1

    def settle(self) -> list[PageBlock]:
        """The blocks, each with its widget."""
        rules = dict(outermost(self.marks))
        widgets: list[Widget | None] = []
        for index, (mark, what) in enumerate(zip(self.marks, self.marked, strict=True)):
            around = widgets[mark.parent] if mark.parent >= 0 else None
            if around is None and index in rules:
                around = Widget(rules[index], what)
            widgets.append(around)
            if isinstance(what, PageBlock):
                what.widget = around
        return self.blocks


def _solid(text: str) -> int:
    return len(text) - text.count(" ") if text.isprintable() else len("".join(text.split()))


def blocks_of(root: HtmlElement) -> list[PageBlock]:
    """The blocks of the visible text of a page, in reading order; the tree stays as it is.

    A page that hides nearly all of its text is one that a script shows when it has loaded: then what is hidden counts
    as visible.

    >>> from lxml.html import document_fromstring
    >>> [block.text for block in blocks_of(document_fromstring("<p>One<br>two <b>three</b><script>4</script>"))]
    ['One', 'two three']
    """
    hidden: list[HtmlElement] = []
    blocks = _walked(root, hidden)
    unseen = {element for element in hidden if element.find(".//p") is not None}
    if sum(map(_prose, unseen)) > _HIDDEN_SHARE * sum(len(block.text) for block in blocks if block.element.tag == "p"):
        return _walked(root, [], unseen)
    return blocks


def _prose(element: HtmlElement) -> int:
    """How many characters stand in the paragraphs of an element."""
    return sum(len(text) for paragraph in element.iter("p") for text in paragraph.itertext())


def _walked(root: HtmlElement, hidden: list[HtmlElement], shown: Collection[HtmlElement] = ()) -> list[PageBlock]:
    """The blocks, without what is hidden, which is listed; what is in `shown` counts as visible."""
    from lxml.etree import iterwalk  # noqa: PLC0415 (importing the library is to cost little)

    walk = _Walk()
    place = _Place(root)
    before: list[_Place] = []  # the place around each open element that changed it
    changed: list[bool] = []  # for each open element, whether it did
    skipped: HtmlElement | None = None
    walker = iterwalk(root, events=("start", "end"))
    for event, element in walker:
        if event == "start":
            tag = element.tag
            if tag in UNSEEN:
                skipped = element
                walker.skip_subtree()
                continue
            items = element.items()
            attributes = dict(items) if items else _NOTHING
            if (attributes or tag == "noscript") and _is_hidden(tag, attributes) and element not in shown:
                hidden.append(element)
                walk.gap = True
                skipped = element
                walker.skip_subtree()
                continue
            plain = not attributes and tag not in _SPLITTING and tag not in walk.bare
            inner = place if plain else _entered(walk, place, element, tag, attributes)
            changed.append(inner is not place)
            if inner is not place:
                before.append(place)
                if inner.element is element:
                    walk.close(place, _BOUNDARY)
                elif tag in _SPLITTING:
                    walk.pieces.append(" ")
                place = inner
            if tag == "br":
                if place.row:
                    walk.pieces.append(" ")
                else:
                    walk.close(place, 1)
            if element.text:
                walk.add(element.text, place)
            continue
        if element is skipped:
            skipped = None
        elif changed.pop():
            outer = before.pop()
            if place.element is element:
                walk.close(place, _BOUNDARY)
            elif element.tag in _SPLITTING:
                walk.pieces.append(" ")
            place = outer
        if element.tail and element is not root:
            walk.add(element.tail, place)
    walk.close(place, 0)
    return walk.settle()


def article_blocks(root: HtmlElement, body: str, before: Sequence[PageBlock]) -> list[PageBlock]:
    """The paragraphs of a JSON-LD `articleBody`, as blocks of the script that holds it, behind those of the page."""
    key = "articleBody"
    holder = next((script for script in root.iter("script") if script.text and key in script.text), None)
    if holder is None:
        return []
    found: list[PageBlock] = []
    position = before[-1].end if before else 0
    for line in body.splitlines():
        text = " ".join(line.split())
        if text:
            lines = _BOUNDARY if before or found else 0
            start = position + lines
            position = start + len(text)
            found.append(
                PageBlock(start, position, text, lines, "paragraph", holder, 0.0, frozenset({"json-ld"}), None, None)
            )
    return found


def visible_text(blocks: Iterable[PageBlock]) -> str:
    """The visible text that the offsets of the blocks count in: the source text of the page."""
    return "".join("\n" * block.lines + block.text for block in blocks)


def _is_hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    if tag in ("html", "body"):
        return False
    if tag == "noscript" or "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if "class" in attributes and not _FOR_SCREEN_READERS.isdisjoint(attributes["class"].lower().split()):
        return True
    return "style" in attributes and _HIDING.search(attributes["style"]) is not None


def _entered(walk: _Walk, place: _Place, element: HtmlElement, tag: str, attributes: Mapping[str, str]) -> _Place:
    """The place inside of an element: the same object where the element changes nothing."""
    mark, thread, comment, part = place.mark, place.thread, place.comment, place.part
    known = attributes or tag in walk.bare
    if known and (rule := match(tag, attributes)) is not None:
        mark = walk.mark(element, Mark(rule, mark))
        thread = thread or rule.startswith("comments.")
    if thread and known and (found := comment_part(tag, attributes)) is not None:
        if found == "item":
            comment, part = element, None
        else:
            part = found
    if mark >= 0 and is_body(tag, attributes):
        walk.mark(element, Mark(None, mark, body=True))
    # A widget in a line of its own is a block, whatever its tag; one amid a sentence is a part of it.
    splits = tag in _SPLITTING or (place.mark < 0 <= mark and place.element.tag not in _SENTENCES)
    link = place.link or (tag == "a" and "href" in attributes)
    if not splits or place.row:
        if not splits and link == place.link and mark == place.mark and part is place.part:
            return place
        return _Place(place.element, place.kind, place.inside, link, place.row, mark, thread, comment, part)
    kind = _KINDS.get(tag) or (place.kind if tag in ("p", "div") else "paragraph")
    inside = place.inside
    where = _PLACES.get(tag)
    if where and where not in inside:
        inside = inside | {where}
    row = tag == "tr" and next(element.iterdescendants(*_CELL_BREAKERS), None) is None
    return _Place(element, "table-row" if row else kind, inside, link, row, mark, thread, comment, part)


_CELL_BREAKERS: Final = tuple(sorted(_SPLITTING - {"td", "th", "tr", "button", "label"}))


class Paths:
    """XPaths of elements of one tree, each taking time by its depth only."""

    def __init__(self) -> None:
        """No paths yet."""
        self._known: dict[HtmlElement, str] = {}

    def of(self, element: HtmlElement) -> str:
        """The absolute XPath, as lxml's `getpath` writes it."""
        missing: list[HtmlElement] = []
        around: HtmlElement | None = element
        while around is not None and around not in self._known:
            missing.append(around)
            around = around.getparent()
        for each in reversed(missing):
            if each in self._known:
                continue
            parent = each.getparent()
            if parent is None:
                self._known[each] = f"/{each.tag}"
                continue
            above = self._known[parent]
            places: defaultdict[str, list[tuple[int, HtmlElement]]] = defaultdict(list)
            for place, child in enumerate(parent.iterchildren("*"), 1):
                places[child.tag].append((place, child))
            for tag, named in places.items():
                plain = _NAME.fullmatch(tag) is not None
                for number, (place, child) in enumerate(named, 1):
                    step = f"*[{place}]" if not plain else tag if len(named) == 1 else f"{tag}[{number}]"
                    self._known[child] = f"{above}/{step}"
        return self._known[element]
