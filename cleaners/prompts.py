"""What a page asks of its readers and what its buttons say: share bars, newsletters, cookies, advertisements.

Some phrases are noise wherever they stand alone on a line. Words that may also be a heading (`Share`, `Email`) are
noise beside other noise only. A paragraph is a prompt when it says two of the things that prompts say, or one of
them outside of the article. An unknown short line among buttons below the article is a button too, and in a box below
it that says many such things all lines are noise.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit
from cleaners.phrasebook import Phrase
from cleaners.shapes import is_sentence

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from cleaners.page.blocks import PageBlock

PROMPT_MAX: Final = 160
"""Longest prompt, in words: cookie notices reach this."""
NOTICE_MAX: Final = 60
"""Longest block, in words, of which two phrases of prompts make one; of longer ones it takes three."""
TRAIL_MAX: Final = 120
"""Longest breadcrumb trail, in code points."""
FOOT_MIN: Final = 3
"""Pieces of noise below the article that make its foot a page foot."""
FOOT_RUN_MAX: Final = 25
"""How many unknown lines stand between two pieces of noise at most."""
WIDGET_SHARE: Final = 0.15
"""Share of noise among the lines of a widget."""
HEADLINE_MIN: Final = 4
"""Fewest words of a line above the article that may be its headline or standfirst."""
TAGS_REACH: Final = 3
"""How many blocks from the end of the text the tags of an article stand at most."""
CRUMBS: Final = (2, 6)
"""Fewest and most items of a breadcrumb trail that stands as a list above the article."""
CRUMB_MAX: Final = 5
"""Longest item of such a list, in words."""
BOX_MAX: Final = 90
"""Longest box around a button, in words."""
FOOT_NOISE_MIN: Final = 6
"""Different pieces of noise in a paragraph of lines below the article, at least, for all of it to be the page's."""
ALONE_SHARE: Final = 0.8
"""Least share of the prose of a text that stands in paragraphs of one line, for its other paragraphs to be boxes."""
STEPS_MIN: Final = 3
STEPS_SHARE: Final = 0.2
"""Amounts and list items in a box, at least, in number and as a share of its lines, for it to be a recipe."""
FOOT_LINE_MAX: Final = 45
"""Longest unknown line of a widget or page foot, in words."""
SENTENCE_NOISE_MIN: Final = 4
"""Different pieces of noise in a widget, at least, for an unknown sentence in it to be noise as well."""

FOLLOW_MIN: Final = 3
"""Fewest networks that a prompt to follow links to; a sentence about two of them is an article's."""
FOLLOW_LINKED: Final = 0.2
"""Least share of links in such a prompt, by characters."""
FOLLOW_MAX: Final = 100
"""Most links to networks in an element that asks to follow: one with more is a list of them."""
SOCIAL: Final = frozenset(
    {"bsky.app", "facebook.com", "flipboard.com", "instagram.com", "linkedin.com", "news.google.com", "ok.ru"}
    | {"open.spotify.com", "pinterest.com", "reddit.com", "snapchat.com", "t.me", "telegram.me", "threads.net"}
    | {"tiktok.com", "tumblr.com", "twitter.com", "vk.com", "wa.me", "whatsapp.com", "x.com", "xing.com"}
    | {"youtube.com", "dzen.ru"}
)
"""Hosts of networks on which publishers ask to be followed."""

_HOST = re.compile(r"(?:https?:)?//(?:www\.|m\.)?([^/?#:]+)", re.IGNORECASE)
_TRAIL = re.compile(r"[^>›»«/|]{2,40}(?:\s*[>›»]\s*[^>›»«]{2,60}){2,6}[>›»]?")

_AMOUNT = re.compile(r"[\d½¼¾⅓⅔]\S*\s+[^\W\d_]")
"""How the ingredients and steps of a recipe begin: `2 cups`, `1. Mix`."""
_SPEAKER = re.compile(r"[^\W\d_][\w.'’-]{0,20}(?: [\w.'’-]{1,20}){0,2}\s?[:：]\s")
"""`Q:` or a name before a colon: an interview, in which people may speak of cookies."""
_QUOTATION: Final = frozenset('"“”„«»「」')
"""Prompts seldom quote: a paragraph with quotation marks is more likely somebody's words."""


@cleaner("prompt")
def remove_prompts(document: Document) -> Iterator[Edit]:
    """Remove share bars, newsletter and app prompts, cookie notices, advertisement labels and page feet.

    >>> remove_prompts("Polls closed.\\n\\nShare this article\\nFacebook\\nTwitter\\n\\nShare prices fell.")
    'Polls closed.\\n\\nShare prices fell.'
    """
    for block in document.left("prompt"):
        rule = _rule(document, block)
        if rule:
            yield from document.remove(block, rule)
    links: dict[HtmlElement, list[tuple[str, str]]] = {}
    for block in document.blocks:
        if not block.gone and block.page and _asks_to_follow(block, block.page, links):
            yield from document.remove(block, "prompt.social-links")
    for block in document.blocks[: document.core[0] + 1]:
        if not block.gone and len(block.text) <= TRAIL_MAX and _TRAIL.fullmatch(block.text):
            yield from document.remove(block, "prompt.breadcrumbs")
    for block in _crumbs(document):
        yield from document.remove(block, "prompt.breadcrumbs")
    yield from _outside(document)
    yield from _widgets(document)


def _rule(document: Document, block: Block) -> str | None:
    found = [phrase for phrase in block.phrases if phrase.noise == "prompt"]
    size = block.words
    if not block.prose:
        for phrase in found:
            if phrase.rule.startswith("prompt.footer") and block.zone != "head" and _heads_prose(document, block):
                continue
            if phrase.form == "line" or (phrase.form == "widget" and _is_widget(document, block, phrase)):
                return phrase.rule
    speaks = size >= HEADLINE_MIN and _SPEAKER.match(block.text) and not block.has("prompt", "label")
    if size > PROMPT_MAX or speaks:
        return None
    said = {phrase.text: phrase.rule for phrase in found if phrase.form in ("start", "label", "clause")}
    starts = [phrase for phrase in found if phrase.form in ("start", "label", "heading")]
    if block.zone != "body" or block.beside:
        starts += [phrase for phrase in found if phrase.form == "end"]
    if starts and not block.prose and _is_tags(document, block, starts[0]):
        return starts[0].rule
    if (
        starts
        and document.is_scraped(block)
        and (
            len(said) > 1
            or block.zone != "body"
            or block.beside
            or not (block.prose or _heads_section(document, block))
        )
    ):
        return starts[0].rule
    # A sentence about cookies or newsletters says some of what their notices say; it takes more to be one.
    quotes = block.zone == "body" and not _QUOTATION.isdisjoint(block.text)
    least = 1 if block.zone != "body" and block.beside else 2 if size <= NOTICE_MAX and not quotes else 3
    return next(iter(said.values())) if len(said) >= least and (least > 1 or document.is_scraped(block)) else None


def _is_tags(document: Document, block: Block, phrase: Phrase) -> bool:
    """Whether a line names the tags of an article (`Filed under: ...`) where they stand: last."""
    last = block.index >= len(document.blocks) - TAGS_REACH
    return last and phrase.form == "label" and phrase.rule.startswith("prompt.footer")


def _asks_to_follow(block: Block, page: PageBlock, links: dict[HtmlElement, list[tuple[str, str]]]) -> bool:
    """Whether a short block links to three networks or more: `Follow us on ...`, in whatever language.

    `links` keeps the links of each element to networks, by host and text: many blocks may lie in one.
    """
    if page.link_density < FOLLOW_LINKED or block.words > NOTICE_MAX or block.kind == "table-row":
        return False
    if page.element not in links:
        links[page.element] = list(islice(_to_networks(page.element), FOLLOW_MAX + 1))
    found = links[page.element]
    return len(found) <= FOLLOW_MAX and len({host for host, text in found if text in block.text}) >= FOLLOW_MIN


def _to_networks(element: HtmlElement) -> Iterator[tuple[str, str]]:
    """Host and text of each link in an element that leads to a network."""
    for link in element.iter("a"):
        host = _HOST.match(link.get("href") or "")
        if host and host[1].lower() in SOCIAL:
            yield host[1].lower(), "".join(link.itertext()).strip()


def _heads_prose(document: Document, block: Block) -> bool:
    """Whether prose follows a line, so that it may be its heading."""
    after = document.blocks[block.index + 1 : block.index + 2]
    return any((other.prose or is_sentence(other.text)) and not (other.gone or other.phrases) for other in after)


def _heads_section(document: Document, block: Block) -> bool:
    """Whether a line is more likely the heading of the prose that follows: no noise stands next to it."""
    return _heads_prose(document, block) and not any(_adjacent(document, block))


def _is_widget(document: Document, block: Block, phrase: Phrase) -> bool:
    """Whether a line that may be a button is one: it stands among noise, and is no heading or cell of the article."""
    above, below = _adjacent(document, block)
    if _heads_prose(document, block):
        return block.beside and above
    if block.zone == "body" and not (above or below) and not phrase.rule.startswith("prompt.button"):
        return False
    return block.beside or document.is_scraped(block)


def _adjacent(document: Document, block: Block) -> tuple[bool, bool]:
    """Whether noise, or nothing, stands above a block and below it."""
    near = (document.blocks[place : place + 1] if place >= 0 else [] for place in (block.index - 1, block.index + 1))
    above, below = (all(other.gone or other.date or other.phrases for other in found) for found in near)
    return above, below


def _crumbs(document: Document) -> list[Block]:
    """The items of the list with which a text begins, when the first is the way home and all are short."""
    items = list(itertools.takewhile(lambda block: block.kind == "list-item" and not block.gone, document.blocks))
    if not CRUMBS[0] <= len(items) <= CRUMBS[1] or any(item.words > CRUMB_MAX for item in items):
        return []
    return items if items[0].key in document.spoken.crumbs else []


def _outside(document: Document) -> Iterator[Edit]:
    """The unknown lines above and below the article: those that stand between noise."""
    first, last = document.core
    for part, rule in (
        (document.blocks[:first], "prompt.page-head"),
        (document.blocks[last + 1 :], "prompt.page-foot"),
    ):
        noise = [number for number, block in enumerate(part) if _noise(block)]
        if len(noise) < FOOT_MIN:
            continue
        for before, after in itertools.pairwise(noise):
            if part[before].has("caption") or part[after].has("caption"):
                continue  # pictures stand in articles, also where these are lists
            between = [block for block in part[before + 1 : after] if not (block.gone or _weighty(block))]
            if len(between) <= FOOT_RUN_MAX:
                for block in between:
                    # Where blank lines part paragraphs, what stands alone is one; buttons stand together.
                    alone = document.spaced and block.lines > 1
                    if not alone and not _reads_on(block) and (block.zone == "tail" or block.words < HEADLINE_MIN):
                        yield from document.remove(block, rule)


def _widgets(document: Document) -> Iterator[Edit]:
    """The unknown lines of widgets, paragraphs of short lines much of which is noise, and of boxes at the foot."""
    if len(document.noisy) < 2:
        return
    paragraphs: list[list[Block]] = []
    for block in document.blocks:
        if block.lines > 1 or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(block)
    if document.spaced:
        for paragraph in paragraphs:
            yield from _widget(document, paragraph)
    for box in _feet(paragraphs):
        for block in _from_noise_on(box):
            if not block.gone:
                yield from document.remove(block, "prompt.foot-box")


def _feet(paragraphs: list[list[Block]]) -> list[list[Block]]:
    """The boxes below the article: paragraphs of lines, with much noise, in a text whose own paragraphs have no lines.

    Their other lines are noise as well, whatever they say: what a newsletter brings, headlines, a lawyer's notice.
    """
    alone = [lines[0] for lines in paragraphs if len(lines) == 1 and _is_text(lines[0])]
    if not alone:
        return []
    boxes = [lines for lines in paragraphs if lines[0].index > alone[-1].index and _is_foot(lines)]
    boxed = sum(block.words for lines in boxes for block in lines if _is_text(block))
    prose = sum(block.words for lines in paragraphs for block in lines if _is_text(block))
    article = sum(block.words for block in alone)
    return boxes if article >= ALONE_SHARE * (prose - boxed) and boxed <= article else []


def _is_foot(lines: list[Block]) -> bool:
    """Whether a paragraph of lines holds enough noise to be a box of the page, and is no recipe with buttons in it."""
    known = [block for block in lines if _known(block)]
    left = [block for block in lines if not block.gone]
    steps = sum(block.kind == "list-item" or _AMOUNT.match(block.text) is not None for block in left)
    if steps >= max(STEPS_MIN, STEPS_SHARE * len(left)) or any(b.kind == "list-item" and b.prose for b in left):
        return False
    said = {block.key or block.text for block in known}
    # A share bar says one thing, with however many buttons.
    same = known and set.intersection(*({phrase.rule for phrase in block.phrases} for block in known))
    return len(said) >= FOOT_NOISE_MIN and not same


def _from_noise_on(box: list[Block]) -> list[Block]:
    """What of a box is noise: not the lines above its first noise, nor paragraphs of prose below its last."""
    known = list(itertools.dropwhile(lambda block: not _known(block), box))
    while _is_text(known[-1]):
        known.pop()
    return known


def _known(block: Block) -> bool:
    return block.gone or _noise(block)


def _is_text(block: Block) -> bool:
    return block.prose and not block.gone


def _widget(document: Document, paragraph: list[Block]) -> Iterator[Edit]:
    left = [block for block in paragraph if not block.gone]
    if not left or len(paragraph) < 2 or not any(map(_noise, paragraph)) or any(map(_weighty, left)):
        return
    noise = {block.key or block.text for block in paragraph if _noise(block) or (block.phrases and not block.prose)}
    asking = all(block.has("prompt") for block in left)
    if (
        asking
        or _ends_in_button(document, paragraph)
        or (len(noise) >= 2 and len(noise) >= WIDGET_SHARE * len(paragraph))
    ):
        for block in left:
            said = is_sentence(block.text) and not block.phrases and not asking and len(noise) < SENTENCE_NOISE_MIN
            if not said and (block.zone != "head" or block.words < HEADLINE_MIN):
                yield from document.remove(block, "prompt.widget")


def _ends_in_button(document: Document, paragraph: list[Block]) -> bool:
    """Whether a paragraph is a box that leads to its button: `Want to see more? / We show you how. / Book a demo`."""
    button = paragraph[-1]
    if button.prose or not any(phrase.rule.startswith("prompt.button") for phrase in button.phrases):
        return False
    return sum(block.words for block in paragraph) <= BOX_MAX and document.is_scraped(button)


def _reads_on(block: Block) -> bool:
    """Whether a block is a sentence or list item, as an article has them below its last long paragraph."""
    return block.kind == "list-item" or is_sentence(block.text)


def _weighty(block: Block) -> bool:
    """Whether a block may be a paragraph or list item of the article after all."""
    return block.kind == "list-item" or (block.prose and block.words > FOOT_LINE_MAX)


def _noise(block: Block) -> bool:
    """Whether a block was noise by what it says, and not by where it stands."""
    if block.gone:
        return bool(block.phrases) or block.date
    return not block.prose and any(phrase.form in ("line", "heading") for phrase in block.phrases)
