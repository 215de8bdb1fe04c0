"""The worst texts and pages that could be thought of, of any size, each for one cleaner or step: what `bench/growth.py`
measures. Each aims at a loop or a pattern that would take quadratic time if it were written carelessly.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Final

from cleaners import PhraseBook

Maker = Callable[[int], str]
"""Makes a text or page of so many characters."""

SENTENCE: Final = "The council of Velm voted on Tuesday to run the ferry again, after a winter without one. "
PARAGRAPH: Final = SENTENCE * 3


def word(number: int) -> str:
    """A word of letters that no other number has.

    >>> word(0), word(27)
    ('ba', 'bb')
    """
    letters = "b"
    while True:
        number, letter = divmod(number, 26)
        letters += chr(ord("a") + letter)
        if not number:
            return letters


def repeated(piece: str, *, head: str = "", tail: str = "") -> Maker:
    """The same piece again and again."""
    return lambda size: head + piece * max(1, (size - len(head) - len(tail)) // len(piece)) + tail


def numbered(piece: str, *, head: str = "", tail: str = "") -> Maker:
    """A piece again and again, `#` in it a number and `@` a name, other ones each time."""

    def make(size: int) -> str:
        pieces = [head]
        length = len(head) + len(tail)
        for number in count(1):
            if length >= size:
                break
            pieces.append(piece.replace("#", str(number)).replace("@", word(number).capitalize()))
            length += len(pieces[-1])
        return "".join(pieces) + tail

    return make


def halves(first: Maker, second: Maker) -> Maker:
    """One half of this, one of that."""
    return lambda size: first(size // 2) + second(size // 2)


def _clauses(size: int) -> str:
    said = " ".join(phrase.text for phrase in PhraseBook.standard().phrases if phrase.form == "clause")
    return (said + " ") * max(1, size // len(said))


def _host_and_quotes(size: int) -> str:
    """Quotes below one paragraph of a single word, each with words that stand in its end alone."""
    ends = [f"{word(7 * number)}x {word(11 * number)}y {word(13 * number)}z" for number in range(900, 1000)]
    host = "aa " * (size // 3) + " ".join(ends) + "."
    return "\n\n".join([host, *(f"{'aa ' * 20}{end} {'aa ' * 13}aa" for end in ends), "Share", "Share"])


TEXTS: Final[dict[str, dict[str, Maker]]] = {
    "comments": {
        "a thread": numbered(
            "@ Ruiz\n3 days ago\nThe @ ferry was late again, they say.\nReply\n\n",
            head=f"{PARAGRAPH * 2}\n\n9 Comments\n\n",
        ),
        "one long comment": numbered(
            f"It was # the @ of it. {SENTENCE}\n\n",
            head=f"{PARAGRAPH * 2}\n\n9 Comments\n\nAna Ruiz\n3 days ago\nReply\n\n",
        ),
        "headings without threads": repeated(f"Comments\n\n{PARAGRAPH * 3}\n\n"),
        "buttons": repeated("Reply\nLike\nShare\nReport\n"),
    },
    "donation": {
        "ladders far from marks": halves(
            repeated(f"5 $\n10 $\n25 $\n\n{SENTENCE}\n\n"), repeated(f"Donate now\n\n{SENTENCE}\n\n")
        ),
        "ladders": repeated("5 $\n10 $\n25 $\nDonate now\n\n"),
    },
    "related": {
        "pointers": numbered("ALSO READ: Owls # of @ found in a shed by the harbour\n\n"),
        "headings without lists": repeated(f"Related articles\n\n{PARAGRAPH}\n\n"),
        "headings above lines": repeated("Recommended\n\nOwls found in a shed\n\n"),
        "cards": numbered("More on the topic\n\nOwls of @ found in a shed by the harbour\nMay 3, 2024\n\n"),
    },
    "credit": {
        "credit lines": numbered("@ Ruiz contributed reporting to this article.\n\n"),
        "copyright lines": numbered("© # The @ Courier. All rights reserved.\n\n"),
    },
    "caption": {
        "credits in brackets": numbered("A family # of @ at the polls. (STAN FILIPPOV / AP)\n\n"),
        "brackets": repeated("(" * 449 + "\n\n"),
        "credits after sentences": numbered("The river # of @ on Monday.Iona Pell / Reuters\n\n"),
    },
    "link": {"addresses": numbered("https://example.org/news/#/tale\n\n")},
    "byline": {
        "bylines": numbered("By @ Ruiz\nMay 3, 2024\n\n"),
        "biographies": numbered(
            "@ Q@\n@ Q@ is a freelance writer based in Velm. She writes about owls.\n\n",
            head="Share\nFacebook\nTwitter\n\n",
        ),
        "dates": repeated("May 3, 2024\n"),
        "names": numbered("Ana @\n"),
    },
    "prompt": {
        "share rows": repeated("Share\nFacebook\nTwitter\nPrint\n\n"),
        "breadcrumbs": repeated("aa > bb > cc > dd > ee > ff > gg > hh > ii > jj > kk\n\n"),
        "newsletters": numbered(f"Subscribe to our newsletter # of @. {SENTENCE}\n\n"),
    },
    "duplicate": {
        "equal paragraphs": repeated(f"{PARAGRAPH}\n\n", head="Share\n\n"),
        "paragraphs said twice": numbered(
            f"The @ and the @ of it. {SENTENCE}\n\nThe @ and the @ of it. {SENTENCE}\n\n", head="Share\nShare\n\n"
        ),
        "a long host": _host_and_quotes,
    },
    "title": {"headings": numbered("Owls of @ found in a shed by the harbour\n\n")},
    "boilerplate": {
        "menus": numbered("Town @\n", head="Share\nShare\nShare\n\n"),
        "headlines": numbered("Owls of @ found in a shed by the harbour of @ again\n"),
    },
    "repair": {
        "wrapped lines": repeated("the valley, which had been dry for a year and a half, was a lake by the\n"),
        "items in a line": numbered("#. Owl ", head="1. Owl\n"),
        "items in wrapped lines": numbered(
            "#. the owls, which had been dry for a year and a half, were there by the\n", head="1. Owl\n2. the owls, "
        ),
        "mojibake": repeated("It wasnâ€™t the cafÃ© of the town, â€œthey saidâ€\x9d, and it was late.\n\n"),
        "mojibake that joins words": repeated("wasÂ\xa0it Â\xa0 the cafÃ© " * 80 + "\n\n"),
        "mojibake beside a long word": repeated("a", head="cafÃ© "),
        "no-break spaces": repeated("a\u00a0b\u00a0\u00a0c\u200b "),
        "quotes": repeated("'\"'"),
        "surrogates": repeated("\ud800a"),
        "spaces": repeated(" ", head="a", tail="b"),
        "blank lines": repeated("\n \n", head="a", tail="b"),
    },
    "clean_text": {
        "prose": numbered(f"The owls of @ were there. {PARAGRAPH}\n\n"),
        "one line": repeated(SENTENCE),
        "one word": repeated("a"),
        "one number": repeated("1,"),
        "all clauses": _clauses,
        "short lines": repeated("a\n"),
        "lists below headings": numbered("Owls of @\n- one owl\n- two owls\n\n"),
        "Chinese": repeated("昨夜河水上涨两米，冲走了村口那座用了六十年的旧木桥。没有人受伤。\n"),
        "everything": numbered(
            f"By @ Ruiz\nMay 3, 2024\n\n{SENTENCE}@ said.\n\nALSO READ: Owls of @ found in a shed\n\n"
            "A family of @. (STAN FILIPPOV / AP)\n\nShare\nFacebook\n\nRelated articles\n\n"
            "Owls of @ found in a shed by the harbour\n\nDonate now\n5 $\n10 $\n25 $\n\n"
        ),
    },
}
"""By cleaner (or `clean_text`), the texts that are worst for it, by name."""

HEAD: Final = (
    "<html><head><title>Ferry to run again</title></head><body><article><h1>Ferry to run again</h1>"
    f"<p>{PARAGRAPH}</p><p>{SENTENCE * 4}</p>"
)
_TALE: Final = f"<p>{SENTENCE}</p>"


def _page(piece: str, *, before: str = "", after: str = "") -> Maker:
    """A page with an article, and more of it or something else again and again."""
    return numbered(piece, head=HEAD + before, tail=after)


def _nested(tag: str, depth: int) -> Maker:
    """Elements in elements, as deep as a parser takes, again and again."""
    return _page(f"<{tag}>a " * depth + f"</{tag}>" * depth)


def _json_ld(inside: str, *, before: str = "") -> Maker:
    head = f'{before}<script type="application/ld+json">{{"@graph":['
    return _page(inside, before=head, after=f"{{}}]}}</script>{_TALE}")


PAGES: Final[dict[str, Maker]] = {
    "paragraphs": _page(_TALE),
    "different paragraphs": _page(f"<p>The owls of @ were there. {SENTENCE}</p>"),
    "one paragraph": _page(SENTENCE, before="<p>"),
    "short paragraphs": _page("<p>a</p>"),
    "line breaks": _page("a<br>"),
    "empty elements": _page("<i></i>"),
    "links": _page("<a href=x>b</a> "),
    "links to networks": _page("<a href=//x.com>@</a> or <a href=//facebook.com>@</a> or <a href=//ok.ru>@</a><br>"),
    "links to networks behind lines": halves(_page("a<br>"), numbered("the @ of <a href=//x.com>@</a><br>")),
    "items": _page("<li>a b</li>"),
    "open items": _page("<ul><li>a"),
    "nested elements": _nested("div", 200),
    "nested inline elements": _nested("b", 200),
    "nested quotes": _nested("blockquote", 60),
    "tables": _page("<table><tr><td>a</td><td>b</td></tr></table>"),
    "rows": _page(f"<tr><td>@</td><td>{SENTENCE}</td></tr>", before="<table>"),
    "rows beside a picture": _page(
        f"<tr><td><p>The @. {SENTENCE}</p></td></tr>", before="<table><tr><td><img src=a></td></tr>"
    ),
    "a wide row": _page("<td>a @</td>", before="<table><tr>"),
    "listings": _page("<pre>line of code;\nline of code;</pre>"),
    "hidden": _page("<div hidden><p>a</p></div>"),
    "related": _page('<div class="related-posts"><a href=x>Owls of @ found in a shed by the harbour</a></div>'),
    "widgets in a sentence": _page('the owls <span class="sharedaddy">Share</span> of @ ', before="<p>"),
    "pointers in lines": _page("ALSO READ: <a>Owls of @ found in a shed by the harbour</a><br>", before="<div>"),
    "comments": _page('<li class="comment"><b class="fn">@ Ruiz</b><time>May 3</time><p>Nice @ it was.</p></li>'),
    "comments in lines": _page(
        '<b class="fn">@ Ruiz</b> it was nice of @<br>', before='<div id="comments"><div class="comment">'
    ),
    "also read": _page(f"<p>ALSO READ: Owls of @ found in a shed by the harbour</p><p>{SENTENCE}</p>"),
    "figures": _page("<figure><img src=a><figcaption>The quay of @. Photo: Henna Castell</figcaption></figure>"),
    "an attribute": halves(
        lambda half: HEAD + f'<div class="{numbered("x@ ")(half)}">', repeated(f"{_TALE}<p>a b c d</p>")
    ),
    "a class of known names": _page(
        "comments share-bar related-posts newsletter x@ ", before='<div class="', after=f'">{_TALE}</div>'
    ),
    "different classes": _page('<b class="x@ y@ z@">a</b> '),
    "attributes": _page(" x@=#", before="<p", after=f">{_TALE}"),
    "headings": _page("<h1>Ferry of @ to run again</h1>"),
    "metas": _page('<meta property="og:title" content="Ferry of @ to run again"><meta name=author content="@ Ruiz">'),
    "JSON-LD articles": _json_ld(
        '{"@type":"Article","headline":"Ferry of @ to run again"},',
        before='<meta property="og:title" content="The ferry of today is back">' * 300,
    ),
    "JSON-LD questions": _json_ld('{"@type":"Question","@id":"#"},'),
    "JSON-LD scripts": _page('<script type="application/ld+json">{"@type":"Organization","name":"@"}</script>'),
    "microdata": _page("<div itemscope itemtype=https://schema.org/Article><b itemprop=author>@</b></div>"),
    "dates": _page("<time datetime=2024-05-03>May 3</time> "),
    "entities": _page("&amp;&#1;&nbsp;"),
    "open brackets": _page("<"),
    "closing tags": _page("</b></i></p>"),
    "unknown tags": _page("<x@>a"),
    "one word": _page("a", before="<p>"),
    "paragraphs cut short": _page(f"<p>The @ {SENTENCE}<span hidden>{SENTENCE}</span>a a a a a a a @.</p>"),
    "one word again and again": _page("<p>" + "a " * 400 + "<del>b</del>.</p>"),
}
"""The worst pages, by name."""

HEADS: Final[dict[str, Maker]] = {
    f"head of {piece!r}": repeated(piece)
    for piece in (" ", "charset", "charset=", "<meta ", "<!--", "charset = '", "<?xml ")
}
"""What stands in the heads of the worst pages, and of answers by HTTP, that name their encoding."""

COUNTED: Final[dict[str, Maker]] = {
    "paragraphs": repeated("<p>a"),
    "open brackets": repeated("<"),
    "a reference": repeated("9", head="<p>&#", tail=";"),
    "attributes": numbered(" x@=#", head="<p", tail=">"),
    "attributes and an open quote": repeated(" a", head="<p", tail="='"),
    "tags of too many attributes": repeated("<p" + " a" * 600 + ">"),
}
"""The worst pages for counting their elements."""
