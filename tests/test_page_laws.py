"""The laws that hold for any page: it is read or refused with a reason, its account is complete, and the sentences of
its article are never lost, whatever widgets stand around and between them."""

from __future__ import annotations

import re
import tomllib
from contextlib import suppress
from itertools import pairwise

from folders import PROJECT
from hypothesis import given
from hypothesis import strategies as st
from strategies import tries

from cleaners import CleanResult, apply, clean_html, revert
from cleaners.decode import NotText
from cleaners.page.blocks import blocks_of, visible_text
from cleaners.page.cleaning import parsed
from cleaners.page.widgets import NOISES, match
from cleaners.shapes import words

LONG = 25
"""Words of a paragraph that no cleaner may lose."""

ARTICLES = [
    [line for paragraph in path.read_text(encoding="utf-8").split("\n\n") for line in paragraph.split("\n") if line]
    for path in sorted((PROJECT / "tests" / "expected").rglob("*.txt"))
]
"""The bodies that must come out of the samples, in a dozen languages."""

_SELECTOR = re.compile(r"([A-Za-z][\w-]*)?((?:[.#][\w-]+|\[[\w-]+(?:[~^$*]?=(?:'[^']*'|[\w-]+))?\])*)")
_CONDITION = re.compile(r"([.#])([\w-]+)|\[([\w-]+)(?:[~^$*]?=(?:'([^']*)'|([\w-]+)))?\]")


def start_tag(selector: str) -> tuple[str, str] | None:
    """The tag of an element that a selector means, and its attributes as a page writes them."""
    said = _SELECTOR.fullmatch(selector)
    if said is None:
        return None
    attributes: dict[str, list[str]] = {}
    for mark, name, attribute, quoted, bare in _CONDITION.findall(said[2]):
        key = {".": "class", "#": "id"}.get(mark, attribute)
        attributes.setdefault(key, []).append(name or quoted or bare)
    tag = said[1] or "div"
    plain = {name: " ".join(values) for name, values in attributes.items()}
    if match(tag, plain) is None:
        return None
    return tag, "".join(f' {name}="{value}"' for name, value in plain.items())


def _selectors() -> list[tuple[str, str]]:
    rules = tomllib.loads((PROJECT / "cleaners" / "page" / "widgets.toml").read_text(encoding="utf-8"))
    tables = [table for noise in NOISES for table in rules[noise].values()]
    selectors = [each for table in tables for each in table.get("select", ())]
    selectors += [f".story-{word}" for table in tables for word in table.get("names", ())]
    found = [start_tag(each) for each in selectors]
    return [element for element in found if element is not None]


WIDGETS = _selectors()

_LABELS = st.sampled_from(
    [
        "Share",
        "Most read",
        "Teilen",
        "Читайте также",
        "おすすめ",
        "اقرأ أيضا",
        "10 $",
        "By Ana Ruiz",
        "May 3, 2024",
        "3",
        "⋯",
    ]
)
_HEADLINES = st.sampled_from(
    ["Gas leak at the old mine kills five", "Owls found in a shed by the harbour", "Die Fähre fährt wieder sonntags"]
)
_TEASERS = st.sampled_from(
    [
        "The ferry runs again on Sundays, and nobody knows for how long it will.",
        "Join 2,000 readers who get the best of the bay in their mail each morning.",
        "Паром снова ходит по воскресеньям, но расписание пока не утвердили.",
    ]
)
_LINKS = _HEADLINES.map(lambda text: f'<a href="/news/{len(text)}">{text}</a>')
_CONTENTS = st.one_of(
    _LABELS,
    _LINKS,
    _TEASERS.map(lambda text: f"<p>{text}</p>"),
    st.lists(_LINKS, min_size=1, max_size=4).map(lambda links: "<ul><li>" + "</li><li>".join(links) + "</li></ul>"),
    st.tuples(_LABELS, _TEASERS).map(lambda pair: f"<h3>{pair[0]}</h3><p>{pair[1]}</p><button>OK</button>"),
)
_WIDGETS = st.tuples(st.sampled_from(WIDGETS), _CONTENTS).map(
    lambda pair: f"<{pair[0][0]}{pair[0][1]}>{pair[1]}</{pair[0][0]}>"
)
_COMMENTS = st.lists(st.tuples(_LABELS, _TEASERS), min_size=1, max_size=5).map(
    lambda said: (
        '<section id="comments"><h3>Comments</h3>'
        + "".join(
            f"""<div class="comment"><b class="fn">{name}</b><time>May 3</time>
                <div class="comment-text"><p>{text}</p></div></div>"""
            for name, text in said
        )
        + "</section>"
    )
)
_BETWEEN = st.one_of(
    _WIDGETS,
    st.sampled_from(
        [
            "<h2>The owls</h2>",
            "<ul><li>a boat with two oars and a bell</li><li>five owls</li></ul>",
            "<table><tr><th>Decade</th><th>Level</th></tr><tr><td>1871</td><td>2,104</td></tr></table>",
            "<figure><img src=a><figcaption>The quay at Velm. Photo: Henna Castell</figcaption></figure>",
            "<blockquote><p>It had a wren in it, and I let her keep it.</p></blockquote>",
            "<pre><code>ferry(day)\n  .runs()</code></pre>",
            "<script>var x = '<p>';</script><style>p { color: red }</style><noscript>Enable it</noscript>",
            "<p><a href=/x>ALSO READ: Gas leak at the old mine</a></p>",
            "<aside><h3>More</h3><a href=/y>Owls found in a shed</a></aside>",
            "<hr><br>",
            "<p></p>",
            "<!-- advertisement -->",
            '<div style="display:none"><p>Copied!</p></div>',
        ]
    ),
)
_MARKUP = (
    ('<a href="/a">', "</a>"),
    ("<b>", "</b>"),
    ("<em><strong>", "</strong></em>"),
    ('<span class="x">', "</span>"),
    ("<a name='n'></a>", ""),
    ("<code>", "</code>"),
    ("<sup>", "</sup>"),
    ("<q>", "</q>"),
    ("<wbr>", ""),
    ("<script>x</script>", ""),
    ('<abbr title="t">', "</abbr>"),
)
_AROUND = st.one_of(
    _BETWEEN,
    _COMMENTS,
    st.sampled_from(
        [
            "<nav><ul><li><a href=/>Home</a><li><a href=/town>Town</a></ul></nav>",
            "<header><a href=/>The Velm Courier</a><form><input><button>Search</button></form></header>",
            "<footer><p>© 1893 to 2024 The Velm Courier</p><a href=/privacy>Privacy</a></footer>",
            "<aside><h3>Latest</h3><ul><li><a href=/1>Owls found in a shed by the harbour</a></ul></aside>",
        ]
    ),
)


@st.composite
def marked(draw: st.DrawFn, text: str) -> str:
    """A paragraph with up to three of its words marked up: as links, bold, and the like."""
    pieces = text.split(" ")
    for number in draw(st.sets(st.integers(0, len(pieces) - 1), max_size=3)):
        start, end = draw(st.sampled_from(_MARKUP))
        # Without spaces between words a piece is a sentence or more, and who links a whole paragraph means a teaser.
        head, tail = pieces[number][:20], pieces[number][20:]
        pieces[number] = f"{start}{head}{end}{tail}"
    return " ".join(pieces)


@st.composite
def pages(draw: st.DrawFn) -> tuple[str, list[str]]:
    """A page with an article in it, and the paragraphs of the article that must come out."""
    article = draw(st.sampled_from(ARTICLES))
    longest = [number for number, text in enumerate(article) if words(text) >= LONG]
    first = draw(st.integers(0, longest[-3]))
    third = next(number for number in longest if sum(first <= each <= number for each in longest) == 3)
    chosen = article[first : draw(st.integers(third, len(article))) + 1]
    parts = [
        part for text in chosen for part in (f"<p>{draw(marked(text))}</p>", *draw(st.lists(_BETWEEN, max_size=2)))
    ]
    above, below = draw(st.lists(_AROUND, max_size=4)), draw(st.lists(_AROUND, max_size=4))
    headline = draw(st.sampled_from(["", "<h1>The ferry is to run again</h1>"]))
    wrap, end = draw(
        st.sampled_from(
            [
                ("<article>", "</article>"),
                ("<main><article>", "</article></main>"),
                ('<div class="content"><article class="post"><div class="entry-content">', "</div></article></div>"),
                ('<article><div itemprop="articleBody">', "</div></article>"),
            ]
        )
    )
    body = f"{''.join(above)}{wrap}{headline}{''.join(parts)}{end}{''.join(below)}"
    head = "<title>The ferry is to run again | Courier</title>"
    page = f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>"
    return page, [text for text in chosen if words(text) >= LONG]


_TAGS = (
    *("p", "div", "span", "b", "i", "a", "br", "table", "tr", "td", "th", "ul", "li", "dl", "dt", "dd", "pre", "h1"),
    *(
        "script",
        "style",
        "template",
        "noscript",
        "svg",
        "iframe",
        "plaintext",
        "textarea",
        "select",
        "option",
        "button",
    ),
    *("html", "head", "title", "body", "frameset", "form", "main", "article", "section", "aside", "details"),
    *("figure", "figcaption", "ruby", "rt", "fb:like", "o:p"),
)
_SOUP = st.lists(
    st.one_of(
        st.sampled_from(_TAGS).map(lambda tag: f"<{tag}>"),
        st.sampled_from(_TAGS).map(lambda tag: f"</{tag}>"),
        st.sampled_from(WIDGETS).map(lambda element: f"<{element[0]}{element[1]}>"),
        st.sampled_from(
            ["<p hidden>", '<div style="display:none">', "<!--", "-->", "<![CDATA[", "]]>", "<?x", "<!", "&#1;"]
        ),
        st.sampled_from(["&nbsp;", "&", "&#xD800;", "&lt;", "\x00", "\x0b", "\ud800", "\u202e", "\u2028", "\n", " "]),
        _LABELS,
        _TEASERS,
        st.text(max_size=12),
    ),
    max_size=40,
).map("".join)


def checked(page: str | bytes) -> CleanResult:
    """The result, with all checked that holds for any page."""
    result = clean_html(page)
    source = result.source
    assert apply(source, result.edits) == result.text
    assert revert(result.text, result.edits) == source
    for before, edit in pairwise(result.edits):
        assert before.end <= edit.start
    for edit in result.edits:
        assert 0 <= edit.start <= edit.end <= len(source)
        assert edit.original == source[edit.start : edit.end]
    for block, after in pairwise(result.blocks):
        assert block.end <= after.start
    position = 0
    spans = sorted(
        [(edit.start, edit.end) for edit in result.edits] + [(each.start, each.end) for each in result.blocks]
    )
    for start, end in spans:
        assert not source[position:start].strip(), source[position:start]
        position = max(position, end)
    assert not source[position:].strip(), source[position:]
    result.text.encode("utf-8")
    assert "\n\n\n" not in result.text
    assert result.text == result.text.strip()
    return result


@tries(100)
@given(pages())
def test_no_sentence_of_an_article_is_lost(drawn: tuple[str, list[str]]) -> None:
    page, paragraphs = drawn
    text = checked(page).text
    for paragraph in paragraphs:
        assert paragraph in text


@tries(25)
@given(pages())
def test_what_is_kept_lies_where_it_says(drawn: tuple[str, list[str]]) -> None:
    page, _ = drawn
    tree = parsed(page).getroottree()
    result = checked(page)
    for block in result.blocks:
        (element,) = tree.xpath(block.xpath)
        # The text of a row is that of its cells with a space between them.
        held = "".join(element.xpath(".//text()[not(ancestor::script)]"))
        assert "".join(result.source[block.start : block.end].split()) in "".join(held.split())
    for edit in result.edits:
        if edit.xpath is not None:
            assert len(tree.xpath(edit.xpath)) == 1


@tries(25)
@given(pages())
def test_bytes_and_text_give_the_same_twice(drawn: tuple[str, list[str]]) -> None:
    page, _ = drawn
    first, second = clean_html(page), clean_html(page.encode())
    assert (first.source, first.text, first.edits, first.blocks) == (
        second.source,
        second.text,
        second.edits,
        second.blocks,
    )


@tries(25)
@given(pages(), st.sets(st.sampled_from([*NOISES, "title", "extractor", "duplicate", "link", "credit", "repair"])))
def test_what_is_skipped_is_left_alone(drawn: tuple[str, list[str]], skip: set[str]) -> None:
    page, _ = drawn
    result = clean_html(page, skip=skip)
    assert not {edit.cleaner for edit in result.edits} & skip - {"repair"}
    assert apply(result.source, result.edits) == result.text
    assert revert(result.text, result.edits) == result.source


@tries(160)
@given(_SOUP)
def test_any_tags_in_any_order_are_read_or_refused(page: str) -> None:
    with suppress(NotText):
        checked(page)


@tries(60)
@given(st.one_of(st.binary(max_size=300), _SOUP.map(lambda page: page.encode("utf-8", "surrogatepass"))))
def test_any_bytes_are_read_or_refused(page: bytes) -> None:
    with suppress(NotText):
        checked(page)


@tries(60)
@given(st.text())
def test_any_text_is_read_or_refused(page: str) -> None:
    with suppress(NotText):
        checked(page)


@tries(80)
@given(_SOUP)
def test_the_source_is_what_the_blocks_tile(page: str) -> None:
    with suppress(NotText):
        root = parsed(page)
        blocks = blocks_of(root)
        source = visible_text(blocks)
        for block in blocks:
            assert block.text == source[block.start : block.end]
            assert block.text.strip()
            assert 0 <= block.link_density <= 1


def test_the_widgets_of_the_pages_are_many() -> None:
    assert len(WIDGETS) > 1_000
    assert len(ARTICLES) == 24
