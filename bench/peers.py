"""The peers that the benches measure beside cleancopy: each a function from a raw page and its address to its text.

trafilatura and Beautiful Soup find the encoding of raw bytes themselves; the others are given text, decoded as
cleancopy decodes it, without an XML declaration, which lxml refuses in a text. How each is set up stands in its
docstring; what is not said there is left as it comes. None of them reaches for the network.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Final

from cleaners.page.decode import decode_page

if TYPE_CHECKING:
    from datatrove.pipeline.filters import C4QualityFilter
    from lxml.html import HtmlElement

LANGUAGES: Final = {
    "ar": "Arabic",
    "bg": "Bulgarian",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fa": "Persian",
    "fi": "Finnish",
    "fr": "French",
    "hi": "Hindi",
    "hr": "Croatian",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ko": "Korean",
    "nb": "Norwegian_Bokmal",
    "nl": "Dutch",
    "no": "Norwegian_Bokmal",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sk": "Slovak",
    "sl": "Slovenian",
    "sr": "Serbian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
}
"""The languages that jusText has a stoplist for, by what pages call them."""

_INLINE = re.compile(
    "a|abbr|acronym|b|bdi|bdo|big|cite|code|data|del|dfn|em|font|i|img|ins|kbd|label|mark|q|s|samp|small|span|strike"
    "|strong|sub|sup|time|tt|u|var|wbr"
)
"""The tags in a line; before and behind any other the line ends."""
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>")
_SPACE = re.compile(r"\s+")
_LANGUAGE = re.compile(r"<html\b[^>]*?\slang\s*=\s*[\"']?\s*([a-z]+)", re.IGNORECASE)


def decoded(raw: bytes) -> str:
    """The text of a raw page, for those that take text only.

    >>> decoded(b'<?xml version="1.0"?><p>A</p>')
    '<p>A</p>'
    """
    return _DECLARATION.sub("", decode_page(raw).text)


def lines_of(root: HtmlElement) -> str:
    """The text of a tree with a line for each block, white space folded and empty lines dropped.

    >>> from lxml.html import fromstring
    >>> lines_of(fromstring("<div><p>One <b>two</b></p> three<br>four</div>"))
    'One two\\nthree\\nfour'
    """
    pieces: list[str] = []

    def walk(element: HtmlElement) -> None:
        if isinstance(element.tag, str):  # no comment
            end = "" if _INLINE.fullmatch(element.tag) else "\n"
            pieces.extend((end, folded(element.text)))
            for child in element:
                walk(child)
                pieces.append(folded(child.tail))
            pieces.append(end)

    def folded(text: str | None) -> str:
        return _SPACE.sub(" ", text or "")

    walk(root)
    lines = (" ".join(line.split()) for line in "".join(pieces).split("\n"))
    return "\n".join(line for line in lines if line)


def trafilatura(raw: bytes, url: str | None) -> str:
    """What trafilatura extracts, without comments."""
    from trafilatura import extract  # noqa: PLC0415 (only where it is measured, as all peers)

    return extract(raw, url=url, include_comments=False) or ""


def readability(raw: bytes, url: str | None) -> str:
    """The summary of readability-lxml, its text with a line for each block (`lines_of`)."""
    from lxml.html import fromstring  # noqa: PLC0415
    from readability import Document  # noqa: PLC0415

    return lines_of(fromstring(Document(decoded(raw), url=url).summary()))


def resiliparse(raw: bytes, url: str | None) -> str:
    """The main content by resiliparse, without comments and texts of images."""
    from resiliparse.extract.html2text import extract_plain_text  # noqa: PLC0415

    return extract_plain_text(decoded(raw), main_content=True, alt_texts=False, comments=False)


def newspaper4k(raw: bytes, url: str | None) -> str:
    """The text of newspaper4k's article, parsed from the page at hand."""
    from newspaper import Article  # noqa: PLC0415

    article = Article(url or "https://example.org/", fetch_images=False)
    article.download(input_html=decoded(raw))
    article.parse()
    return article.text


def justext(raw: bytes, url: str | None) -> str:
    """The paragraphs that jusText takes for good, a blank line between them.

    The stoplist is that of the language which the page names (`<html lang=…>`), English where it names none; for a
    language without one jusText goes without, as its authors advise.
    """
    from justext import get_stoplist, justext  # noqa: PLC0415

    page = decoded(raw)
    named = _LANGUAGE.search(page)
    language = LANGUAGES.get(named[1].lower()) if named else "English"
    if language:
        paragraphs = justext(page, get_stoplist(language))
    else:
        paragraphs = justext(page, frozenset(), stopwords_low=0, stopwords_high=0)
    return "\n\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)


def get_text(raw: bytes, url: str | None) -> str:
    """All text of the page, by Beautiful Soup, a line for each piece."""
    from bs4 import BeautifulSoup  # noqa: PLC0415

    return BeautifulSoup(raw, "lxml").get_text("\n")


def get_text_spaces(raw: bytes, url: str | None) -> str:
    """All text of the page, by Beautiful Soup, without line ends between its blocks."""
    from bs4 import BeautifulSoup  # noqa: PLC0415

    return BeautifulSoup(raw, "lxml").get_text(" ")


def c4(raw: bytes, url: str | None) -> str:
    """The lines of `get_text` that the C4 rules of datatrove's `C4QualityFilter` leave.

    Its sentence count, which needs a tokenizer's model, is off, and so are its rules that drop whole documents.
    """
    from datatrove.data import Document  # noqa: PLC0415

    document = Document(text=get_text(raw, url), id="0")
    _c4_filter().filter(document)
    return document.text


@cache
def _c4_filter() -> C4QualityFilter:
    from datatrove.pipeline.filters import C4QualityFilter  # noqa: PLC0415

    return C4QualityFilter(min_num_sentences=-1, filter_curly_bracket=False, filter_lorem_ipsum=False)


PEERS: Final[dict[str, Callable[[bytes, str | None], str]]] = {
    "trafilatura": trafilatura,
    "readability": readability,
    "resiliparse": resiliparse,
    "newspaper4k": newspaper4k,
    "justext": justext,
    "get_text": get_text,
    "get_text(' ')": get_text_spaces,
    "c4": c4,
}
"""Who is measured beside us: the raw page and its address, where known, to the text."""


def text_of(name: str, raw: bytes, url: str | None) -> str | None:
    """The text that a peer gives for a page; None where it fails."""
    try:
        return PEERS[name](raw, url)
    except Exception:
        return None
