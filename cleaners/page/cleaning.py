"""The cleaning of a whole page: one parse, then widgets, trafilatura and the cleaners of plain text, each of which sees
only what those before it left. Every visible block is in the clean text or in an edit that says who removed it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from cleaners.cleaner import close_gaps
from cleaners.decode import NotText
from cleaners.document import Block, Document, Edit, Located, apply
from cleaners.metadata import PAGE_FIELDS, Metadata, metadata_from
from cleaners.overrides import Marks, Overrides, site_of, spared
from cleaners.page.blocks import PageBlock, Paths, article_blocks, blocks_of, visible_text
from cleaners.page.decode import decode_page
from cleaners.page.extract import chosen_blocks, settled
from cleaners.page.metadata import PageFacts, page_facts
from cleaners.page.trees import (
    MAY_BE_OVERLONG,
    PARSER_DEPTH,
    break_out,
    new_parser,
    shorten_names,
    too_much_of,
    without_overlong,
)
from cleaners.page.widgets import comment_part
from cleaners.phrasebook import PhraseBook, normal_form
from cleaners.pipeline import CleanResult, cleaned, hits_in
from cleaners.repair import repair_text
from cleaners.shapes import ends_sentence, is_headline, words
from cleaners.splitting import block_of
from cleaners.survey import look_up, spoken_in

if TYPE_CHECKING:
    from lxml.html import HtmlElement

ARTICLE_MIN: Final = 40
"""Words of an article, two sentences, from which a page counts as showing it; with fewer, what its JSON-LD holds as
`articleBody` is taken, where there is any, as trafilatura does for pages that a script renders."""
EXTRACTOR: Final = "extractor"
NOT_CHOSEN: Final = f"{EXTRACTOR}.not-chosen"
BYLINE_MAX: Final = 12
"""Most words of a line that says who wrote the article, with a date or a role."""
UNRELATED: Final = frozenset({"related.archives", "related.exchanges", "related.next", "related.popular"})
"""Widgets whose links have nothing to do with the article: they are not lifted."""
IMPLIED: Final = ("html", "head", "body")
"""Elements that the parser makes where the page has no tags for them."""
PARTS_MAX: Final = 100
"""How many authors and times of an element that holds comments are looked for in one of its blocks."""
LINKED: Final = 0.9
"""Share of a block's characters from which it counts as nothing but a link; a bullet or an arrow may stand beside."""

_NOT_XML: Final = bytes({*range(32)} - {9, 10, 13})
_NOT_XML_REFERENCE = re.compile(
    b"&#(?:0*(?:[0-8]|1[124-9]|2[0-9]|3[01])(?:;|(?![0-9]))|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F])(?:;|(?![0-9a-fA-F]))"
    b"|6553[45];|[xX][fF]{3}[eEfF];)"
)
"""Characters that no XML tree can hold and browsers do not show, and references to them, in UTF-8."""
_TOO_DEEP: Final = "its elements are nested too deeply for the parser, which would lose some of them"
_END = re.compile(rb"</(?:[hH][tT][mM][lL]|[bB][oO][dD][yY])\s*>")
"""The ends of `html` and `body`, behind which browsers go on and the parser would begin another tree."""


def clean_html(
    page: bytes | str,
    url: str | None = None,
    *,
    content_type: str | None = None,
    skip: Collection[str] = (),
    book: PhraseBook | None = None,
    comments: bool = True,
    max_elements: int | None = None,
    max_depth: int | None = None,
    overrides: Overrides | None = None,
    document: str | None = None,
) -> CleanResult:
    """Clean an HTML page: the text of its article, what was lifted from it, and what became of all visible text.

    `url` is where the page was found and `content_type` the HTTP header that came with it, where they are known; `skip`
    names noise types to leave alone, `book` the phrases to look for (the standard ones). With `comments` reader
    comments are lifted into the metadata; they leave the text in any case. A page of more than `max_elements`, or with
    elements nested deeper than `max_depth`, is refused. `overrides` are corrections, of which those for single
    documents count where they are for `document`.

    In the result `source` is the visible text of the page in reading order, which all offsets count in, and `blocks`
    are the kept blocks with their XPaths.

    Raises `NotText` when there is nothing to read: no bytes, no HTML, no visible text, nested too deeply, too many
    elements.

    >>> clean_html("<p>Polls closed at eight, and the count began.</p><p><a href=/x>READ MORE: Gas leak</a></p>").text
    'Polls closed at eight, and the count began.'
    """
    if isinstance(page, str) and not page.strip():
        raise NotText("blank" if page else "empty", "the page is empty")
    text = page if isinstance(page, str) else decode_page(page, content_type).text
    root = parsed(text, max_elements)
    if max_depth is not None and max_depth < PARSER_DEPTH:
        _check_depth(root, max_depth)
    facts = page_facts(root, url)
    blocks = blocks_of(root)
    if not blocks and not facts.article_body:
        raise _nothing_to_read(root)
    # The posts of a forum are its content, and who wrote them belongs to it.
    kept_noise = {*skip, "comments", "byline"} if facts.forum else skip
    noise = {block.widget.element for block in blocks if block.widget and block.widget.noise not in kept_noise}
    headline = None if "title" in skip else _headline(blocks, facts.title)
    chosen = settled(blocks, chosen_blocks(root, blocks, noise, facts.url, comments=facts.forum), noise, headline)
    if facts.article_body and sum(words(blocks[n].text) for n, taken in enumerate(chosen) if taken) < ARTICLE_MIN:
        unshown = article_blocks(root, facts.article_body, blocks)
        chosen = [False] * len(blocks) + [True] * len(unshown)
        blocks += unshown
    bylines = set() if "byline" in skip else _bylines(blocks, chosen, facts.byline)
    removals = _removals(blocks, noise, headline, bylines)
    if EXTRACTOR not in skip:
        for on_page, taken, removal in zip(blocks, chosen, removals, strict=True):
            if not taken and not removal:
                removal.append(_removed(on_page, NOT_CHOSEN))
    source = visible_text(blocks)
    read = [None if removal else block_of(source, each, 0) for each, removal in zip(blocks, removals, strict=True)]
    language = facts.language or spoken_in([block for block in read if block is not None])
    fates = list(zip(read, removals, strict=True))
    marks = None
    if overrides is not None:
        site = site_of(facts.url) or site_of(url)
        marks = overrides.on(source, document=document, site=site, language=language, skip=skip)
    if marks is not None:
        fates = [
            fate if fate[0] is not None else _corrected(source, on_page, fate[1], marks)
            for on_page, fate in zip(blocks, fates, strict=True)
        ]
    edits: list[Edit] = []
    everything: list[Block] = []
    kept: list[Block] = []
    stretches: list[Block] = []  # of blocks that were not chosen, menus and lists of links for the most part
    lines = 0
    for on_page, (block, removal) in zip(blocks, fates, strict=True):
        lines = max(lines, on_page.lines)
        if block is not None:
            edits += removal
            block.lines = lines
            everything.append(block)
            kept.append(block.left or block)
            kept[-1].lines, lines = lines, 0
        elif removal[0].rule == NOT_CHOSEN:
            if not stretches or everything[-1] is not stretches[-1]:
                stretches.append(_gone(on_page, lines))
                everything.append(stretches[-1])
            stretches[-1].end = on_page.end
        else:
            edits += removal
            everything.append(_gone(on_page, lines))
    edits += [Edit(b.start, b.end, "", source[b.start : b.end], EXTRACTOR, NOT_CHOSEN) for b in stretches]
    article = Document(source, kept, book or PhraseBook.standard(), facts.title, marks=marks)
    look_up(article)
    edits += cleaned(article, skip)
    if not comments:
        edits = [replace(edit, field=None) if edit.cleaner == "comments" else edit for edit in edits]
    paths = Paths()
    closed = _located(close_gaps(source, everything, edits, tidy=repair_text.name not in skip), blocks, paths)
    text = apply(source, closed)
    located = tuple(
        Located(block.start, block.end, paths.of(block.page.element)) for block in article.blocks if block.page
    )
    metadata = _metadata(closed, facts, language)
    link(metadata, blocks, closed, facts.url)
    return CleanResult(source, text, metadata, tuple(closed), located, hits_in(article))


def parsed(text: str, max_elements: int | None = None) -> HtmlElement:
    """The tree of a page, without its comments.

    Raises `NotText` when it holds no element, more than `max_elements`, or elements nested so deeply that the parser
    gives up.

    >>> parsed("<p>One").tag
    'html'
    """
    from lxml.etree import ParserError  # noqa: PLC0415 (importing the library is to cost little)
    from lxml.html import document_fromstring  # noqa: PLC0415

    parser = new_parser()
    for character in "\ufffe\uffff":
        if character in text:
            text = text.replace(character, "")
    content = _NOT_XML_REFERENCE.sub(b"", text.encode("utf-8", "ignore").translate(None, _NOT_XML))
    markup = _END.sub(b"", content)
    # Most pages have fewer tags than there may be elements, and to count characters takes next to no time.
    if max_elements is not None and markup.count(b"<") + len(IMPLIED) > max_elements:
        too_much = too_much_of(markup, max_elements)
        if too_much == "elements":
            raise NotText("too-many-elements", f"it has more than {max_elements} elements, the limit")
        if too_much == "depth":
            raise NotText("too-deep", _TOO_DEEP)
    try:
        root = document_fromstring(without_overlong(markup), parser=parser)
    except ParserError as error:
        raise NotText("no-elements", f"it is no page: {error}") from None
    if any("depth" in entry.message for entry in parser.error_log.filter_from_fatals()):
        raise NotText("too-deep", _TOO_DEEP)
    if MAY_BE_OVERLONG.search(content):
        shorten_names(root)
    break_out(root)
    return root


def _check_depth(root: HtmlElement, most: int) -> None:
    from lxml.etree import iterwalk  # noqa: PLC0415 (importing the library is to cost little)

    depth = 0
    for event, _ in iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > most:
            raise NotText("too-deep", f"its elements are nested more than {most} deep, the limit")


def _headline(blocks: Sequence[PageBlock], title: str | None) -> PageBlock | None:
    """The block that says the title of the page: its first heading that does, the highest one of them."""
    if title is None:
        return None
    named = normal_form(title)
    said = [block for block in blocks if block.kind == "heading" and normal_form(block.text) == named]
    return min(said, key=lambda block: block.element.tag, default=None)


def _removals(
    blocks: Sequence[PageBlock],
    noise: Collection[HtmlElement],
    headline: PageBlock | None,
    bylines: Collection[PageBlock],
) -> list[list[Edit]]:
    """For each block the edits that remove it as headline, as byline, or with a widget of `noise`; mostly none."""
    told = {block.comment for block in blocks if block.part == "text"}
    titled = {block.widget.element for block in blocks if block.widget and block.kind == "heading" and _is_link(block)}
    parts: dict[HtmlElement, _Parts] = {}
    removals: list[list[Edit]] = []
    for block in blocks:
        if block is headline:
            removals.append([_removed(block, "title.of-page", "title")])
        elif block in bylines:
            removals.append([_removed(block, "byline.of-page", "byline")])
        elif block.widget is not None and block.widget.element in noise:
            removals.append(_by_widget(block, titled, told, parts))
        else:
            removals.append([])
    return removals


def _corrected(source: str, on_page: PageBlock, removal: list[Edit], marks: Marks) -> tuple[Block | None, list[Edit]]:
    """The block that overrides keep all of, or a part of (its `left`), and what is left of its removal."""
    block = block_of(source, on_page, on_page.lines)
    marks.put_on([block])
    if not block.kept:
        return None, removal
    rest = spared(source, block, removal)
    return (None if block.gone and block.left is None else block), rest


def _gone(block: PageBlock, lines: int) -> Block:
    """A block that no cleaner is to see: it only says where the text has a gap."""
    return Block(block.start, block.end, block.text, "paragraph", lines, False, False, (), gone=True)


def _removed(block: PageBlock, rule: str, field: str | None = None) -> Edit:
    return Edit(block.start, block.end, "", block.text, rule.partition(".")[0], rule, field)


def _bylines(blocks: Sequence[PageBlock], chosen: Sequence[bool], byline: str | None) -> set[PageBlock]:
    """The lines above the article that say little else than who wrote it, as the page has it."""
    if byline is None:
        return set()
    prose = [number for number, block in enumerate(blocks) if chosen[number] and ends_sentence(block.text)][:2]
    names = [name.casefold() for name in byline.split(", ")]
    return {
        block
        for block in blocks[: prose[-1] if prose else 0]  # a standfirst may stand above it
        if words(block.text) <= BYLINE_MAX and any(name in block.text.casefold() for name in names)
    }


def _is_link(block: PageBlock) -> bool:
    return block.link_density > LINKED and is_headline(block.text)


@dataclass(slots=True)
class _Parts:
    """Authors and times in an element, in their order, as text and what it is; `first` is the first one of its last
    block. A thread may be one element with ten thousand lines, each of which is looked for from there on only.
    """

    said: list[tuple[str, str]]
    first: int = 0

    @classmethod
    def of(cls, element: HtmlElement) -> _Parts:
        said: list[tuple[str, str]] = []
        for each in element.iterdescendants("*"):
            part = comment_part(each.tag, dict(each.items()))
            if part in ("author", "time") and (text := " ".join("".join(each.itertext()).split())):
                said.append((text, part))
        return cls(said)

    def near(self) -> Iterator[tuple[int, str, str]]:
        """The next ones with their numbers."""
        for number, (text, part) in enumerate(self.said[self.first : self.first + PARTS_MAX], self.first):
            yield number, text, part


def _by_widget(
    block: PageBlock,
    titled: Collection[HtmlElement],
    told: Collection[HtmlElement | None],
    parts: dict[HtmlElement, _Parts],
) -> list[Edit]:
    """The edits that remove a block of a widget; captions, headlines of related articles and comments are lifted.

    In the widgets of `titled` the headlines are headings, and other links are none; the comments of `told` say
    themselves what their text is; `parts` keeps what was found in their elements.
    """
    assert block.widget is not None
    noise, rule = block.widget.noise, block.widget.rule
    if noise == "comments" and block.comment is not None:
        if block.element not in parts:
            parts[block.element] = _Parts.of(block.element)
        return _comment(block, rule, parts[block.element], told=block.comment in told)
    field = "captions" if noise == "caption" else None
    if noise == "related" and rule not in UNRELATED and _is_link(block):
        field = "related.title" if block.kind == "heading" or block.widget.element not in titled else None
    return [_removed(block, rule, field)]


def _comment(block: PageBlock, rule: str, known: _Parts, *, told: bool) -> list[Edit]:
    """The edits that lift author, time and text of a comment out of a block, which may hold several of them.

    Where the comment does not say what its text is, `told`, its paragraphs are.
    """
    parts: list[tuple[int, int, str]] = []
    first = None
    for number, said, part in known.near():
        start, end, last = parts[-1] if parts else (0, 0, "")
        inside = last == part and block.text.find(said, start, end) >= 0
        place = block.text.find(said, start if inside else end)
        if place >= 0:
            first = number if first is None else first
            if inside:
                parts.pop()  # the innermost element says it best
            parts.append((place, place + len(said), part))
    known.first = known.first if first is None else first
    paragraph = not told and block.element.tag == "p" and block.link_density < LINKED
    rest = "text" if block.part == "text" or (paragraph and not parts) else None if parts else block.part
    edits: list[Edit] = []
    position = 0
    for start, end, what in [*parts, (len(block.text), len(block.text), "")]:
        for left, right, field in ((position, start, rest), (start, end, what)):
            if left < right:
                text = block.text[left:right]
                lift = f"comments.{field}" if field and text.strip() else None
                edits.append(Edit(block.start + left, block.start + right, "", text, "comments", rule, lift))
        position = end
    return edits


def _located(edits: Sequence[Edit], blocks: Sequence[PageBlock], paths: Paths) -> list[Edit]:
    """The edits, those of our own rules with the XPath of the block that they change."""
    ends = [block.end for block in blocks]
    found = []
    for edit in edits:
        number = _number(ends, edit)
        if edit.cleaner != EXTRACTOR and edit.rule != "repair.spacing" and number < len(blocks):
            path = paths.of(blocks[number].element)
            # A tenth of the time of `replace`.
            found.append(
                Edit(edit.start, edit.end, edit.replacement, edit.original, edit.cleaner, edit.rule, edit.field, path)
            )
        else:
            found.append(edit)
    return found


def _number(ends: Sequence[int], edit: Edit) -> int:
    """The number of the block that an edit changes, white space before it aside; `ends` are those of the blocks."""
    return bisect_right(ends, edit.start + len(edit.original) - len(edit.original.lstrip()))


def _metadata(edits: Sequence[Edit], facts: PageFacts, language: str | None) -> Metadata:
    """What the page says about itself, and where it is silent what was lifted from its text."""
    found = metadata_from(edits, language)
    for field in PAGE_FIELDS:
        value = getattr(facts, field)
        if value is not None:
            setattr(found, field, value)
            found.sources[field] = facts.sources[field]
        elif getattr(found, field) is not None:
            found.sources[field] = next(edit.rule for edit in edits if edit.field == field)
    if language is not None:
        found.sources["language"] = facts.sources.get("language", "text")
    return found


def link(metadata: Metadata, blocks: Sequence[PageBlock], edits: Sequence[Edit], base: str | None) -> None:
    """Give the related articles in `metadata` the URLs that their headlines link to, absolute where `base` is known."""
    ends = [block.end for block in blocks]
    found: dict[str, str] = {}
    hrefs: dict[HtmlElement, str | None] = {}
    for edit in edits:
        if edit.field == "related.title":
            element = blocks[_number(ends, edit)].element
            if element not in hrefs:
                links = chain(element.iter("a"), element.iterancestors("a"))
                hrefs[element] = next((link.get("href") for link in links if link.get("href")), None)
            href = hrefs[element]
            if href and not href.lower().startswith("javascript:"):
                with suppress(ValueError):  # what is no URL, such as http://[
                    found.setdefault(" ".join(edit.original.split()), urljoin(base or "", href.strip()))
    for article in metadata.related:
        if article.url is None and article.title in found:
            article.url = found[article.title]


def _nothing_to_read(root: HtmlElement) -> NotText:
    frames = [str(frame.get("src")) for frame in root.iter("frame", "iframe") if frame.get("src")]
    if frames:
        return NotText("frames", f"its text is in other pages, which it shows in frames: {', '.join(frames[:3])}")
    if next(root.iter("script"), None) is not None:
        return NotText("script-rendered", "it has no text before its scripts run: save it from a browser instead")
    return NotText("blank", "it has no visible text")
