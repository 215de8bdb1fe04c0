"""What a page says about itself in data: meta and link elements, JSON-LD and microdata, as the page has them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lxml.etree import XPath
    from lxml.html import HtmlElement

SCRIPT_MAX: Final = 2_000_000
"""Longest JSON-LD script that is read, in characters: article bodies stay far below, product catalogues do not."""
NODES_MAX: Final = 20_000
"""Most JSON values that are walked on one page."""
LISTED_MIN: Final = 3
"""So many articles in JSON-LD of which none is the page's make a list, and a list has no main article."""
KEY_MIN: Final = 12
"""Fewest letters of a title that may be known by a part of it."""
HEAD_MAX: Final = 800
"""Longest `<title>` that is read, in characters."""

_ARTICLES: Final = frozenset(
    {"advertisercontentarticle", "analysisnewsarticle", "article", "askpublicnewsarticle", "backgroundnewsarticle"}
    | {"blogposting", "liveblogposting", "medicalscholarlyarticle", "newsarticle", "opinionnewsarticle", "report"}
    | {"reportagenewsarticle", "reviewnewsarticle", "satiricalarticle", "scholarlyarticle", "techarticle"}
)
"""The articles of schema.org, in lower case because pages spell them as they like."""
_WORKS: Final = frozenset(
    {"claimreview", "course", "creativework", "criticreview", "discussionforumposting", "event", "guide", "howto"}
    | {"podcastepisode", "recipe", "review", "socialmediaposting", "videoobject"}
)
"""What else of schema.org can be the content of a page, after articles."""
_PAGES: Final = frozenset({"aboutpage", "faqpage", "itempage", "medicalwebpage", "profilepage", "qapage", "webpage"})
_FORUMS: Final = frozenset({"discussionforumposting", "qapage", "question", "socialmediaposting"})
_NOT_FORUMS: Final = _ARTICLES | _WORKS - _FORUMS | {"faqpage", "quiz"}
_MAIN_KEYS: Final = frozenset({"@graph", "mainEntity", "mainEntityOfPage"})
"""The keys of JSON-LD that lead from the page to its content; others lead to parts, lists and neighbours."""
_PROPERTIES: Final = frozenset({"author", "datecreated", "datemodified", "datepublished"})
"""The microdata that is read, in lower case."""
_LABELS: Final = frozenset(
    {"written by", "verfasst von", "geschrieben von", "écrit par", "escrito por", "scritto da", "geschreven door"}
    | {"napisane przez", "yazan", "yazar", "автор", "написано автором", "skriven av", "skrevet af", "skrevet av"}
    | {"kirjoittanut", "執筆者", "ditulis oleh", "autor", "author", "napsal(a)", "szerző", "posted by"}
)
"""What Yoast's WordPress plugin writes into `twitter:label1` where `twitter:data1` is the author."""

ELSEWHERE: Final = frozenset({"comment", "comments", "commentlist", "related", "recommended", "sidebar"})
"""Words in the class of a part of the page that is not the article."""
_ELSEWHERE_ITEMS: Final = frozenset({"answer", "comment", "usercomments"})

_NOISE = re.compile("[\ud800-\udfff\u0000-\u0008\u000e-\u001f\u00ad\u200b\u200e\u200f\u2060\ufeff]")
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_BREAK = re.compile(
    r"</?(?:p|div|br|li|[uo]l|h[1-6]|blockquote|section|figure|figcaption|table|tr|hr|pre)\b[^<>]{0,500}>",
    re.IGNORECASE,
)
_WRAPPING = re.compile(r"^\s*(?:<!--|//\s*<!\[CDATA\[|/\*\s*<!\[CDATA\[\s*\*/|<!\[CDATA\[|//\s*<!--)?\s*")
_COMMA_AT_END = re.compile(r",(\s*[}\]])")
_ESCAPE = re.compile(r'\\(["\\/bfnrtu]|)')
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

WORD: Final = re.compile(r"[^\W_]+")
Node = dict[str, object]
"""An object of JSON-LD."""


@dataclass(slots=True)
class PageHead:
    """The elements of a page that are there to say something about it, and its first-level headings and times."""

    metas: dict[str, list[str]] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    title: str = ""
    headings: list[HtmlElement] = field(default_factory=list)
    times: list[HtmlElement] = field(default_factory=list)
    canonical: str | None = None
    base: str | None = None
    licence: str | None = None
    language: str | None = None


def page_head(tree: HtmlElement) -> PageHead:
    """What is said in the head of a page, wherever its elements stand; names of meta elements are in lower case.

    >>> from lxml.html import document_fromstring
    >>> page_head(document_fromstring("<meta name=Author content='Ana Ruiz'><p>It rained.</p>")).metas
    {'author': ['Ana Ruiz']}
    """
    head = PageHead(language=tree.get("lang") or tree.get("xml:lang"))
    for element in tree.iter("html", "base", "title", "meta", "link", "script", "h1", "time"):
        tag = element.tag
        if tag == "meta":
            name = element.get("property") or element.get("name") or element.get("http-equiv")
            content = element.get("content")
            if name and content and not content.isspace():
                head.metas.setdefault(name.strip().lower(), []).append(content)
        elif tag == "link":
            relation = (element.get("rel") or "").lower().split()
            if "canonical" in relation:
                head.canonical = head.canonical or element.get("href")
            elif "license" in relation:
                head.licence = head.licence or element.get("href")
        elif tag == "script":
            if "ld+json" in (element.get("type") or "").lower() and element.text:
                head.scripts.append(element.text)
        elif tag == "h1":
            head.headings.append(element)
        elif tag == "time":
            head.times.append(element)
        elif tag == "title":
            parent = element.getparent()
            if not head.title and (parent is None or parent.tag in ("head", "html", "body")):
                head.title = text_of(element)[:HEAD_MAX]
        elif tag == "base":
            head.base = head.base or element.get("href")
        else:
            head.language = head.language or element.get("lang") or element.get("xml:lang")
    for number in "12":  # these pairs may hold anything, such as the time that reading takes
        label = head.metas.get(f"twitter:label{number}", [""])[0]
        if folded(label).casefold().rstrip(":") not in _LABELS:
            head.metas.pop(f"twitter:data{number}", None)
    return head


# Texts


def plain(text: str) -> str:
    """A text without invisible characters and needless white space."""
    return " ".join(_NOISE.sub("", text).split())


def text_of(element: HtmlElement) -> str:
    """The text of an element, plain."""
    return plain(" ".join(element.itertext()))


def folded(value: str) -> str:
    """A value that was written by a program, plain, without the entities and the markup that got into it.

    >>> folded("Fish &amp;amp; <b>chips</b>")
    'Fish & chips'
    """
    if "&" in value:
        value = unescape(unescape(value))
    return plain(_TAG.sub(" ", value) if "<" in value else value)


def key_of(text: str) -> str:
    """The letters and digits of a text, so that titles and names can be compared however they are set."""
    return "".join(WORD.findall(folded(text).casefold()))


def body_text(value: object) -> str | None:
    """The plain text of an `articleBody`, which may be HTML, escaped or not: one paragraph a line, or None.

    >>> body_text("&lt;p&gt;It rained,<br>&lt;b&gt;all&lt;/b&gt; day.&lt;/p&gt;<p>Nobody\\n came.</p>")
    'It rained,\\nall day.\\nNobody came.'
    """
    if not isinstance(value, str):
        return None
    text = _NOISE.sub("", unescape(value))
    if _BREAK.search(text):
        text = _BREAK.sub("\n", " ".join(text.split()))
    if _TAG.search(text):
        from lxml.etree import Comment, strip_elements  # noqa: PLC0415 (importing the library is to cost little)
        from lxml.html import fragment_fromstring  # noqa: PLC0415

        root = fragment_fromstring(text, create_parent=True)
        strip_elements(root, Comment, "script", "style", with_tail=False)
        text = "".join(root.itertext())
    else:
        text = unescape(text)
    return "\n".join(line for line in map(plain, text.splitlines()) if line) or None


# Elements


def class_words(element: HtmlElement) -> set[str]:
    """The words in an element's class and id, in lower case: `ArticleByline_name` is article, byline and name."""
    return {word.lower() for word in _CAMEL.findall(f"{element.get('class') or ''} {element.get('id') or ''}")}


def is_elsewhere(element: HtmlElement) -> bool:
    """Whether an element stands in a part of the page that is not the article, such as its comments."""
    return any(
        (parent.tag not in ("html", "body") and not ELSEWHERE.isdisjoint(class_words(parent)))
        or item_type(parent) in _ELSEWHERE_ITEMS
        for parent in element.iterancestors()
    )


@cache
def xpath(expression: str) -> XPath:
    """An XPath expression, compiled once."""
    from lxml.etree import XPath  # noqa: PLC0415 (importing the library is to cost little)

    return XPath(expression)


# JSON-LD


@dataclass(slots=True)
class LinkedData:
    """The JSON-LD of one page: its main article, the page itself, the site, and all nodes that have an `@id`."""

    article: Node = field(default_factory=dict)
    pages: list[Node] = field(default_factory=list)
    sites: list[Node] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)
    types: frozenset[str] = frozenset()
    forum: bool = False

    def values(self, key: str) -> Iterator[object]:
        """What the article, then the page, says under a key."""
        return (node[key] for node in (self.article, *self.pages) if node.get(key))


def linked_data(scripts: Iterable[str], titles: Iterable[str], addresses: Iterable[str]) -> LinkedData:
    """Read the JSON-LD of a page that is known by these titles and URLs.

    >>> linked_data(['{"@type": "Article", "name": "Rain"}'], ["Rain"], []).article["name"]
    'Rain'
    """
    linked = LinkedData()
    articles: list[Node] = []
    works: list[Node] = []
    forums: list[Node] = []
    types: set[str] = set()
    for node, main, asked in _nodes(scripts):
        own = types_of(node)
        types.update(own)
        lower = {name.lower() for name in own}
        if isinstance(identifier := node.get("@id"), str) and len(node) > 1:
            linked.by_id.setdefault(identifier, node)
        if not main:
            continue
        if lower & _ARTICLES:
            articles.append(node)
        elif lower & _WORKS:
            works.append(node)
        elif lower & _PAGES:
            linked.pages.append(node)
        elif "website" in lower:
            linked.sites.append(node)
        if lower & _FORUMS and not asked:
            forums.append(node)
    linked.types = frozenset(types)
    keys = {key_of(title) for title in titles}
    linked.article = _main_article(articles, works, keys, {_address(url) for url in addresses})
    # Several questions are those that an article answers; one is that of the page.
    asks = [node for node in forums if {name.lower() for name in types_of(node)} == {"question"}]
    questions = {id(node) for node in asks}
    forums = forums if len(asks) < 2 else [node for node in forums if id(node) not in questions]
    linked.forum = bool(forums) and (not linked.article or any(node is linked.article for node in forums))
    return linked


def _nodes(scripts: Iterable[str]) -> Iterator[tuple[Node, bool, bool]]:
    """All nodes in the order of the page, each with whether it is the page's own content, and part of a list of
    questions.
    """
    waiting: list[tuple[object, bool, bool]] = [(_parsed(script), True, False) for script in scripts]
    waiting.reverse()
    for _ in range(NODES_MAX):
        if not waiting:
            break
        value, main, asked = waiting.pop()
        if isinstance(value, list):
            waiting += [(item, main, asked) for item in reversed(value) if isinstance(item, list | dict)]
        elif isinstance(value, dict):
            asked = asked or not {"faqpage", "quiz"}.isdisjoint(map(str.lower, types_of(value)))
            yield value, main, asked
            inner = [(key, item) for key, item in value.items() if isinstance(item, list | dict)]
            waiting += [(item, main and key in _MAIN_KEYS, asked) for key, item in reversed(inner)]


def _parsed(script: str) -> object:
    """The first JSON value of a script, or None; JSON with the commonest mistakes is read too."""
    if len(script) > SCRIPT_MAX:
        return None
    text = script[match.end() :] if (match := _WRAPPING.match(script)) else script
    decoder = json.JSONDecoder(strict=False)
    for repair in (False, True):
        if repair:
            text = _ESCAPE.sub(lambda match: match[0] if match[1] else r"\\", text)
            text = _COMMA_AT_END.sub(r"\1", text)
        try:
            return decoder.raw_decode(text)[0]
        except (ValueError, RecursionError):
            continue
    return None


def types_of(node: Node) -> list[str]:
    """The types of a node without the address of schema.org before them."""
    given = node.get("@type")
    return [t.rpartition("/")[2] for t in (given if isinstance(given, list) else [given]) if isinstance(t, str)]


def _main_article(articles: list[Node], works: list[Node], titles: set[str], addresses: set[str]) -> Node:
    """The article that the page is about: the one with its title or its URL, before the first one."""

    def rank(node: Node) -> int:
        about = node.get("mainEntityOfPage")
        urls = (node.get("url"), about, about.get("@id") if isinstance(about, dict) else None, node.get("@id"))
        same_url = any(isinstance(url, str) and _address(url) in addresses for url in urls)
        keys = [key_of(value) for value in (node.get("headline"), node.get("name")) if isinstance(value, str)]
        same_title = any(
            key == title or (min(len(key), len(title)) >= KEY_MIN and (key in title or title in key))
            for key in keys
            for title in titles
        )
        return 2 * same_title + same_url

    best = max(articles, key=rank, default=None)
    if best is not None and (len(articles) < LISTED_MIN or rank(best)):
        return best
    work = max(works, key=rank, default=None)
    return work if work is not None and rank(work) >= 2 else {}


def _address(url: str) -> str:
    """A URL as far as it tells pages apart: without scheme, `www.`, fragment and the slash at its end."""
    return url.strip().partition("#")[0].rpartition("://")[2].removeprefix("www.").rstrip("/").lower()


# Microdata


@dataclass(slots=True)
class Microdata:
    """The microdata of a page as far as it belongs to the page's article: elements by property, in lower case."""

    properties: dict[str, list[HtmlElement]] = field(default_factory=dict)
    forum: bool = False

    def values(self, name: str) -> Iterator[str]:
        """What the article says under a property."""
        for element in self.properties.get(name.lower(), ()):
            yield element.get("content") or element.get("datetime") or element.get("href") or text_of(element)


def microdata(tree: HtmlElement, headings: Iterable[HtmlElement]) -> Microdata:
    """Read the microdata of a page; its article is the one around one of these headings, or the first.

    >>> from lxml.html import document_fromstring
    >>> page = document_fromstring("<p itemscope itemtype=https://schema.org/Article><b itemprop=author>Ana</b>")
    >>> list(microdata(page, []).values("author"))
    ['Ana']
    """
    found = Microdata()
    questions = 0
    articles: list[HtmlElement] = []
    owned: list[tuple[str, HtmlElement, HtmlElement | None]] = []
    for element in xpath("descendant-or-self::*[@itemprop or @itemtype]")(tree):
        kind = item_type(element)
        if "itemprop" not in element.attrib:
            if kind in _ARTICLES:
                articles.append(element)
            elif kind in _FORUMS and _NOT_FORUMS.isdisjoint(map(item_type, element.iterancestors())):
                questions += kind == "question"
                found.forum = found.forum or kind != "question"
        for name in (element.get("itemprop") or "").lower().split():
            if name in _PROPERTIES:
                owner = next((parent for parent in element.iterancestors() if "itemscope" in parent.attrib), None)
                owned.append((name, element, owner))
    # Several questions are those that an article answers; one is that of the page.
    found.forum = found.forum or questions == 1
    around = {parent for heading in headings for parent in heading.iterancestors()}
    main = next((article for article in articles if article in around), articles[0] if articles else None)
    for name, element, owner in owned:
        if owner is main or owner is None or item_type(owner) in _PAGES | _FORUMS | {"blog"}:
            found.properties.setdefault(name, []).append(element)
    return found


def item_type(element: HtmlElement) -> str:
    """The type of schema.org of an item, in lower case and without the address of schema.org."""
    return (element.get("itemtype") or "").rstrip("/").rpartition("/")[2].lower()
