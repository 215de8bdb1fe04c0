"""Trees of pages: the parser that makes them, and copies of their parts for the libraries that read them next."""

from __future__ import annotations

import re
from collections.abc import Collection
from contextlib import suppress
from copy import deepcopy
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from lxml.html import HtmlElement, HTMLParser

PARSER_DEPTH: Final = 2048
"""How deep elements may be nested for libxml2, which gives up a page that goes deeper."""
NAME_MAX: Final = 2_000
"""Longest class, id or type of an element, in characters."""
ATTRIBUTES_MAX: Final = 500
"""Most attributes of an element: the parser's time is quadratic in them."""

_PIECE: Final = 1 << 16
_NAMES: Final = ("class", "id", "itemprop", "itemtype", "role")
_MARK: Final = "data-cleancopy-left-out"
_ATTRIBUTE: Final = r"""[\s/]*+=?+[^\s/>=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>"'][^\s>]*+)?+)?+"""
"""An attribute as browsers read it (HTML Standard, 13.2.5.32 to 13.2.5.40)."""
_MAY_HAVE_TOO_MANY = re.compile(
    rf"<[a-zA-Z](?:[^\s/>]{{300}}|[^\s/>]{{0,299}}+(?=[\s/>])(?:{_ATTRIBUTE}){{{ATTRIBUTES_MAX + 1}}})".encode()
)
"""A cheap look for tags of too many attributes. Names that are too long to be any count, too: in a script without
blanks, to look from each `<` to the end of what might be a name would take time by the square of its length."""
_TOKEN = re.compile(
    rf"""<!--.*?(?:-->|\Z)
    |(?P<start><(?P<name>script|style|textarea|title|xmp|iframe|noembed|noframes)(?=[\s/>])
        (?:{_ATTRIBUTE}){{0,{ATTRIBUTES_MAX}}}+)(?:{_ATTRIBUTE})*+(?P<raw>.*?(?:</(?P=name)|\Z))
    |(?P<tag><[a-z][^\s/>]*+(?:{_ATTRIBUTE}){{0,{ATTRIBUTES_MAX}}}+)(?:{_ATTRIBUTE})*+""".encode(),
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
"""A comment, an element whose content is no markup, as far as its end, or the start of another element's tag."""
_LONG_REFERENCE = re.compile(rb"&#[xX]?[0-9a-fA-F]{16,}")
"""References to no character; the parser reads one from its start again with each piece that it is given."""
MAY_BE_OVERLONG: Final = re.compile(
    rf"""=\s*+(?:"[^"]{{{NAME_MAX}}}|'[^']{{{NAME_MAX}}}|[^\s>"'][^\s>]{{{NAME_MAX}}})""".encode()
)
"""A cheap look for attributes that `shorten_names` may cut."""


def tags(names: str) -> frozenset[str]:
    """The tags in a text with blanks between them.

    >>> sorted(tags("p div"))
    ['div', 'p']
    """
    return frozenset(names.split())


_BREAKING: Final = tags(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li listing menu meta "
    "nobr ol p pre ruby s small span strong strike sub sup table tt u ul var"
)
"""Elements that end a drawing or formula (HTML Standard, 13.2.6.5)."""
_HOLDING_HTML: Final = tags("annotation-xml desc foreignobject mi mn mo ms mtext title")
"""Parts of drawings and formulas that hold HTML (HTML Standard, 13.2.6: integration points)."""


def new_parser(target: object = None) -> HTMLParser:
    """A parser as trafilatura has it, without a limit to the size of a page, that makes one class of elements.

    It tells a `target` what it finds instead, where there is one (lxml's parser target interface).

    Comments would cut paragraphs in pieces. lxml's own choice of a class by tag is made in Python, for each element
    anew.

    >>> from lxml.html import document_fromstring
    >>> type(document_fromstring("<p>One", parser=new_parser())[0][0]).__name__
    'HtmlElement'
    """
    from lxml.etree import ElementDefaultClassLookup  # noqa: PLC0415 (importing the library is to cost little)
    from lxml.html import HtmlElement, HTMLParser  # noqa: PLC0415

    parser = HTMLParser(
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
        default_doctype=False,
        huge_tree=True,
        target=target,
    )
    parser.set_element_class_lookup(ElementDefaultClassLookup(element=HtmlElement))
    return parser


class _Enough(Exception):  # noqa: N818  (it names what has happened)
    """There is no need to count any further."""


class _Counter:
    """A parser target that counts elements and how deep they are nested, until one of both is too much."""

    def __init__(self, most: int) -> None:
        self.elements = 0
        self.depth = 0
        self._most = most

    def start(self, _tag: str, _attributes: object) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > self._most or self.depth > PARSER_DEPTH:
            raise _Enough

    def end(self, _tag: str) -> None:
        self.depth -= 1

    def close(self) -> None:
        pass


def too_much_of(markup: bytes, most: int) -> Literal["elements", "depth"] | None:
    """What the source of a page has too much of, if anything: more than `most` elements, or those nested too deeply.

    It is read as far as that only, and no tree is built, which there may not be memory for.

    >>> too_much_of(b"<p>One", 3), too_much_of(b"<p>One", 2)  # html and body are implied
    (None, 'elements')
    """
    markup = _LONG_REFERENCE.sub(b"&#9", markup)
    found, read = _counted(markup, most)
    # What is cut off tags that have too many attributes may hide elements, or show some.
    if _MAY_HAVE_TOO_MANY.search(markup, 0, read):
        found, _ = _counted(without_overlong(markup), most)
    return found


def _counted(markup: bytes, most: int) -> tuple[Literal["elements", "depth"] | None, int]:
    """What there is too much of, and how many bytes were read to know it."""
    from lxml.etree import XMLSyntaxError  # noqa: PLC0415 (importing the library is to cost little)

    counter = _Counter(most)
    parser = new_parser(counter)
    end = 0
    with suppress(XMLSyntaxError):  # there is nothing to parse
        try:
            # Of a page that it is given as a whole the parser would read the rest, too.
            while end < len(markup):
                begin, end = end, end + _PIECE
                parser.feed(markup[begin:end])
            parser.close()
        except _Enough:
            return "elements" if counter.elements > most else "depth", end
    return None, len(markup)


def as_page(element: HtmlElement) -> HtmlElement:
    """A page of its own around an element, which is taken out of its own and may be a page already.

    `makeelement` would leave it in the document that it comes from, which XPaths from the root then go through.

    >>> from lxml.html import fragment_fromstring
    >>> page = as_page(fragment_fromstring("<p>One</p>"))
    >>> [element.tag for element in page.xpath("//*")]
    ['html', 'body', 'p']
    """
    from lxml.html import document_fromstring  # noqa: PLC0415 (importing the library is to cost little)

    if element.tag == "html":
        return element
    page = document_fromstring("<html><body></body></html>", parser=new_parser())
    page.body.append(element)
    return page


def copy_without(element: HtmlElement, left_out: Collection[HtmlElement]) -> HtmlElement:
    """A copy of an element without some of the elements in it; the text behind those stays.

    >>> from lxml.html import fragment_fromstring
    >>> paragraph = fragment_fromstring("<p>One <b>two</b> three</p>")
    >>> copy_without(paragraph, [paragraph[0]]).text_content(), paragraph.text_content()
    ('One  three', 'One two three')
    """
    for each in left_out:
        each.set(_MARK, "")
    from lxml.etree import strip_elements  # noqa: PLC0415 (importing the library is to cost little)

    copied = deepcopy(element)
    for each in left_out:
        del each.attrib[_MARK]
    for each in copied.xpath(f"descendant::*[@{_MARK}]"):
        each.tag = _MARK
    # To drop them one by one would write the growing text behind them anew each time.
    strip_elements(copied, _MARK, with_tail=False)
    return copied


def break_out(root: HtmlElement) -> None:
    """Take out of drawings and formulas what ends them, with all behind it: paragraphs are none of their parts.

    A browser does so where the end tag is missing (HTML Standard, 13.2.6.5), and shows the rest of the page.

    >>> from lxml.html import fragment_fromstring, tostring
    >>> element = fragment_fromstring("<div><svg><path></path><p>One</p>two</svg>three</div>")
    >>> break_out(element)
    >>> tostring(element, encoding="unicode")
    '<div><svg><path></path></svg><p>One</p>twothree</div>'
    """
    for drawing in [*root.iter("svg", "math")]:
        if next(drawing.iterdescendants(*_BREAKING), None) is None or drawing.getparent() is None:
            continue
        ending = _ending(drawing)
        if ending is None:
            continue
        moved = [ending, *ending.itersiblings()]
        around = ending.getparent()
        while around is not drawing:
            if around.tail:
                moved[-1].tail = (moved[-1].tail or "") + around.tail
                around.tail = None
            moved += around.itersiblings()
            around = around.getparent()
        if drawing.tail:
            moved[-1].tail = (moved[-1].tail or "") + drawing.tail
            drawing.tail = None
        for each in reversed(moved):
            drawing.addnext(each)


def _ending(drawing: HtmlElement) -> HtmlElement | None:
    """The first element that is no part of a drawing, and in none of its parts that hold HTML."""
    from lxml.etree import iterwalk  # noqa: PLC0415 (importing the library is to cost little)

    walker = iterwalk(drawing, events=("start",))
    for _, element in walker:
        if element.tag in _HOLDING_HTML:
            walker.skip_subtree()
        elif element.tag in _BREAKING:
            return element
    return None


def without_overlong(markup: bytes) -> bytes:
    """The source of a page without the attributes of its tags that are too many.

    >>> without_overlong(b"<p " + b"a " * 501 + b">One").count(b"a")
    500
    """
    if not _MAY_HAVE_TOO_MANY.search(markup):
        return markup
    return _TOKEN.sub(lambda token: (token["tag"] or token["start"] or token[0]) + (token["raw"] or b""), markup)


def shorten_names(root: HtmlElement) -> None:
    """Cut the names of elements that are too long to be any: they are read again for each block below.

    >>> from lxml.html import fragment_fromstring
    >>> element = fragment_fromstring(f"<p class='{'a' * 9000}'>One</p>")
    >>> shorten_names(element)
    >>> len(element.get("class"))
    2000
    """
    for element in root.iter("*"):
        for name in _NAMES:
            value = element.get(name)
            if value is not None and len(value) > NAME_MAX:
                element.set(name, value[:NAME_MAX])
