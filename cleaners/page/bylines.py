"""The authors of a page: names in data, names in what readers see, and what stands where a name should be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice, pairwise
from typing import TYPE_CHECKING, Final

from cleaners.page.linked import (
    ELSEWHERE,
    LinkedData,
    class_words,
    folded,
    is_elsewhere,
    key_of,
    plain,
    text_of,
    types_of,
    xpath,
)
from cleaners.shapes import is_name

if TYPE_CHECKING:
    from lxml.html import HtmlElement

NAMES_MAX: Final = 30
"""Most names of one byline: papers of large collaborations list hundreds."""
NAME_MAX: Final = 100
"""Longest name of a person or desk, in characters."""
BYLINE_MAX: Final = 300
"""Longest text of an element that is looked at as a byline, in characters."""
PIECE_MAX: Final = 500
"""How much is read of a text that may hold a date or a byline, in characters."""
BELOW_MAX: Final = 60
"""How many elements below the headline are looked at for a byline and a date."""
ELEMENTS_MAX: Final = 40
"""How many elements of a kind that may be bylines are looked at."""

_NOBODY: Final = frozenset(
    {"admin", "administrator", "root", "webmaster", "guest", "user", "author", "unknown", "anonymous", "none", "null"}
    | {"undefined", "n/a", "by", "default", "super user", "superuser", "wordpress", "editor", "autor", "test", "blog"}
    | {"site admin", "siteadmin", "website admin", "blog admin", "web admin", "wp admin", "no author", "about us"}
    | {"post author", "the author", "contributor", "guest author", "about", "true", "false", "redaktion", "name"}
)
_NOT_NAMES: Final = frozenset(
    {"about", "all", "article", "articles", "author", "authors", "blog", "by", "comments", "contact", "contributors"}
    | {"contributor", "editor", "expert", "follow", "home", "last", "min", "minutes", "more", "on", "post", "posted"}
    | {"posts", "profile", "published", "read", "reviewed", "see", "senior", "share", "subscribe", "updated", "view"}
    | {"website", "writer", "written", "your", "fact", "checked", "our", "we", "meet", "this", "ago", "new", "reporter"}
    | {"founder", "co-founder", "ceo", "director", "manager", "specialist", "correspondent", "copy", "link", "for"}
    | {"with", "to", "attorney", "coordinator", "consultant", "officer", "president", "professor", "journalist"}
    | {"head", "spotlight", "licensed", "certified", "department", "strategy", "development", "updated:", "human"}
)
"""Words beside a name in bylines, with which a text is not the name itself."""
_AUTHOR_WORDS: Final = frozenset({"author", "authors", "byline", "bylines"})
"""Words in the class of a byline."""
_NO_TEXT: Final = frozenset({"script", "style", "svg", "noscript", "template", "aside", "nav", "footer", "form"})

_ROLE: Final = (
    r"(?:(?:written|posted|words|story|text|article|reported|created|published|authored|report)\s+by|by|authors?"
    r"|autor|autorin|auteur|autore|par|por|door|av|af|przez|автор|текст|oleh|yazan|yazar)"
)
_BY = re.compile(
    rf"(?:{_ROLE}(?:\s*[:：]\s*|\s+)|(?:words|text|作者|文|記者|记者)\s*[:：／/]\s*"
    # These are also parts of names (da Vinci, von der Leyen), but not before two words with a capital.
    r"|(?-i:de|da|di|[vV]on)\s+(?=(?-i:[A-ZÀ-Þ])\S*\s+(?-i:[A-ZÀ-Þ])))",
    re.IGNORECASE,
)
_LABEL = re.compile(rf"(?:{_ROLE}|von|de|di|da|作者|文|記者|记者)\s*[:：]?", re.IGNORECASE)
_AND = re.compile(r"\s+(?:and|&|und|et|y|e|og|och|en|i|with)\s+", re.IGNORECASE)
_BETWEEN = re.compile(r"[\s,;&|/·•]*(?:and|und|et|y|e|og|och|en)?[\s,;&|/·•]*", re.IGNORECASE)
_LOGIN = re.compile(r"[a-z0-9]+(?:[._][a-z0-9]+)+")
_LINKED = re.compile(r"https?:|www\.|^/|\S+@\S+\.\S+|\w+\.\w{2,4}/")
BYLINES: Final = {
    "rel:author": "descendant::a[contains(@rel, 'author')]",
    "class:author": "descendant::*[@class[contains(., 'uthor') or contains(., 'yline')]]",
    "link:author": "descendant::a[contains(@href, '/author')]",
}
"""The elements that may be visible bylines, by what says so."""


def joined(names: Iterable[str]) -> str | None:
    """A byline of these names, each said once.

    >>> joined(["Ana Ruiz", "Bo Lind", "ANA RUIZ"])
    'Ana Ruiz, Bo Lind'
    """
    once: dict[str, str] = {}
    for name in names:
        once.setdefault(key_of(name), name)
        if len(once) == NAMES_MAX:
            break
    return ", ".join(once.values()) or None


def names_in(text: str, sites: Iterable[str] = ()) -> list[str]:
    """The names in a value that is said to be an author's: addresses, handles, `admin` and the site are none.

    `sites` are the names of the site, as `key_of` makes them, without `the` before them.

    >>> names_in("By Ana Ruiz and Bo Lind; admin")
    ['Ana Ruiz', 'Bo Lind']
    """
    parts: list[str] = []
    for piece in re.split(r"\s*[;|·•]\s*", folded(text[: 4 * BYLINE_MAX])):
        bare = piece[match.end() :] if (match := _BY.match(piece)) else piece
        whole = [part for comma in bare.split(",") for part in _AND.split(comma.strip())]
        parts += whole if all(" " in part and is_name(part) for part in whole) else [bare]
    names = [part.strip(" \t,:;-–—|/·•") for part in parts]
    return [
        name
        for name in names
        if 1 < len(name) <= NAME_MAX
        and any(map(str.isalpha, name))
        and name[0] not in "@#{["
        and name.casefold() not in _NOBODY
        and not _LINKED.search(name)
        and not _LOGIN.fullmatch(name)
        and key_of(name).removeprefix("the") not in sites
    ]


def said_names(value: object, linked: LinkedData) -> Iterator[tuple[str, bool]]:
    """The names in the author of a JSON-LD node, whatever its shape, and whether each is said to be a person's."""
    waiting: list[tuple[object, bool]] = [(value, False)]
    for _ in range(10 * NAMES_MAX):
        if not waiting:
            break
        item, person = waiting.pop()
        if isinstance(item, str):
            yield item, person
        elif isinstance(item, list):
            waiting += [(other, person) for other in reversed(item)]
        elif isinstance(item, dict):
            if "name" not in item and isinstance(identifier := item.get("@id"), str):
                item = linked.by_id.get(identifier, item)
            parts = [part for key in ("givenName", "familyName") if isinstance(part := item.get(key), str)]
            waiting.append((item.get("name") or " ".join(parts), "Person" in types_of(item)))


def property_names(element: HtmlElement) -> list[str]:
    """The names in an element with `itemprop=author`, which may be an item that has a name."""
    if content := element.get("content"):
        return names_in(content)
    named = xpath("descendant::*[contains(@itemprop, 'name')]")(element)[:NAMES_MAX]
    if named:
        return [name for one in named for name in names_in(one.get("content") or text_of(one))]
    return shown_names(element, least=1)


def shown_bylines(tree: HtmlElement, source: str) -> Iterator[list[str]]:
    """The names in the elements of the article that are bylines by their relation, their class or their link.

    >>> from lxml.html import document_fromstring
    >>> list(shown_bylines(document_fromstring("<p>From <a href=/authors/7>Ana Ruiz</a>"), "link:author"))
    [['Ana Ruiz']]
    """
    for element in xpath(BYLINES[source])(tree)[:ELEMENTS_MAX]:
        named = source != "class:author" or not _AUTHOR_WORDS.isdisjoint(class_words(element))
        if named and not is_elsewhere(element):
            yield shown_names(element, least=1 if source == "rel:author" else 2)


def shown_names(element: HtmlElement, least: int) -> list[str]:
    """The names at the head of a visible byline, each of at least so many words where no `By` stands before it.

    The name of the site counts as one here: who shows it as the author means it, and many a blog is named after its
    author.

    >>> from lxml.html import fragment_fromstring
    >>> shown_names(fragment_fromstring("<p>By <a>Ana Ruiz</a> and <a>Bo Lind</a> | 4 min read</p>"), least=2)
    ['Ana Ruiz', 'Bo Lind']
    """
    names: list[str] = []
    length = 0
    for text in element.itertext():
        piece = folded(text)
        length += len(piece)
        if length > BYLINE_MAX:
            break
        if not piece:
            continue
        if _LABEL.fullmatch(piece):
            least = 1
            continue
        match = _BY.match(piece)
        found = _people(piece[match.end() :] if match else piece, 1 if match else least)
        if not found and names:
            if _BETWEEN.fullmatch(piece):
                continue
            break
        names += found
    return names


def names_after_by(texts: Iterable[str]) -> Iterator[list[str]]:
    """The names in the texts that begin with `By`, or that follow one that says only `Written by`.

    >>> list(names_after_by(["May 3, 2024", "By Ana Ruiz", "Written by", "Bo Lind"]))
    [['Ana Ruiz'], ['Bo Lind']]
    """
    for text, following in pairwise([*texts, ""]):
        if match := _BY.match(text):
            yield _people(text[match.end() :], 2)
        elif _LABEL.fullmatch(text):
            yield _people(following, 2)


def texts_beside(headings: Iterable[HtmlElement]) -> list[str]:
    """The texts that stand right below each of these headlines, then those right above it."""
    texts: list[str] = []
    for heading in headings:
        element, speaks = heading, False
        for _ in range(BELOW_MAX):
            child = next(iter(element), None) if speaks else None
            while child is None and element is not None:
                texts.append(plain((element.tail or "")[:PIECE_MAX]))
                child, element = element.getnext(), element.getparent()
            if child is None:
                break
            element, speaks = child, _speaks(child)
            if speaks:
                texts.append(plain((element.text or "")[:PIECE_MAX]))
        for around in (heading, *islice(heading.iterancestors(), 2)):
            above = next(around.itersiblings("*", preceding=True), None)
            if above is not None and _speaks(above):
                texts += [plain(piece[:PIECE_MAX]) for piece in islice(above.itertext(), BELOW_MAX)]
    return [text for text in texts if text]


def _speaks(element: HtmlElement) -> bool:
    """Whether the text of an element is one of the article's, and not a comment, a script or a list of links."""
    return isinstance(element.tag, str) and element.tag not in _NO_TEXT and ELSEWHERE.isdisjoint(class_words(element))


def _people(piece: str, least: int) -> list[str]:
    """The people at the head of a piece of text, each with so many words at least."""
    # What follows a comma is another name, which is split off already, or a role.
    names = [name.partition(",")[0] for name in names_in(piece)]
    return [name for name in names if _is_person(name, least)]


def _is_person(name: str, least: int) -> bool:
    words = [word.strip(".,").lower() for word in name.split()]
    return is_name(name, most=6) and (len(words) >= least or not name.isascii()) and _NOT_NAMES.isdisjoint(words)
