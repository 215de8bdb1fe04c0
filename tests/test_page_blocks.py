"""The visible text of pages: what is seen, where blocks begin and end, what is known of them, and that it takes no more
time than the page is long."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from counting import grows_evenly
from lxml.etree import tostring
from lxml.html import Element, HtmlElement, document_fromstring

from cleaners.page.blocks import PageBlock, Paths, article_blocks, blocks_of, visible_text
from cleaners.page.cleaning import parsed


def blocks(page: str) -> list[PageBlock]:
    return blocks_of(parsed(page))


def texts(page: str) -> list[str]:
    return [block.text for block in blocks(page)]


def kinds(page: str) -> list[tuple[str, str]]:
    return [(block.kind, block.text) for block in blocks(page)]


def only(page: str) -> PageBlock:
    """The one block of a page."""
    (block,) = blocks(page)
    return block


# What is seen


@pytest.mark.parametrize(
    "unseen",
    [
        "<script>var x = 1;</script>",
        "<style>p { color: red }</style>",
        "<template><p>later</p></template>",
        "<noscript>Switch on JavaScript</noscript>",
        "<div hidden>later</div>",
        '<div hidden="">later</div>',
        '<p aria-hidden="true">icon</p>',
        '<p style="display:none">later</p>',
        '<p style="color: red; DISPLAY : None;">later</p>',
        '<p style="visibility:hidden">later</p>',
        '<span class="icon Visually-Hidden">opens in a new window</span>',
        '<h2 class="screen-reader-text">Post navigation</h2>',
        "<svg><text>label</text><title>icon</title></svg>",
        "<iframe>old browser</iframe>",
        "<object>no plug-in</object>",
        "<video>no video<track></video>",
        "<canvas>no canvas</canvas>",
        "<select><option>Choose</option></select>",
        "<textarea>Write here</textarea>",
        "<datalist><option>one</datalist>",
        "<!-- comment -->",
        "<input value='Search'>",
        '<div style="display:none"><div><p>deep</p></div></div>',
    ],
)
def test_what_a_browser_does_not_show_is_no_text(unseen: str) -> None:
    page = f"<p>One.</p>{unseen}<p>Two.</p><p>Three.</p>"
    assert texts(page) == ["One.", "Two.", "Three."]


@pytest.mark.parametrize(
    "seen",
    [
        '<p aria-hidden="false">seen</p>',
        '<p style="display:block">seen</p>',
        '<p style="background:url(display-none.png)">seen</p>',
        '<p style="opacity:0">seen</p>',
        '<p class="hidden">seen</p>',
        '<p class="not-sr-only">seen</p>',
        "<p title='hidden'>seen</p>",
        "<fb:like>seen</fb:like>",
        "<details><summary>seen</summary></details>",
        "<math><mi>seen</mi></math>",
        "<no-such-element>seen</no-such-element>",
    ],
)
def test_what_a_browser_may_show_is_text(seen: str) -> None:
    assert texts(f"<p>One.</p>{seen}<p>Two.</p>") == ["One.", "seen", "Two."]


@pytest.mark.parametrize("opened", ["<svg>", "<svg><g>", "<math><mrow>"])
def test_a_drawing_without_its_end_hides_nothing_of_what_follows(opened: str) -> None:
    assert texts(f"<div><p>One.</p>{opened}<p>Two.</p><p>Three.</p></div><p>Four.</p>") == [
        "One.",
        "Two.",
        "Three.",
        "Four.",
    ]


def test_what_a_drawing_holds_is_no_text() -> None:
    drawn = "<svg><title>A</title><desc><p>B</p></desc><foreignObject><p>C</p></foreignObject><text>D</text></svg>"
    assert texts(f"<p>One {drawn} two.</p><p>Three.</p>") == ["One two.", "Three."]


def test_the_text_behind_what_is_hidden_stays() -> None:
    assert texts("<p>One <span hidden>not</span>two<script>3</script> four.</p>") == ["One two four."]
    assert texts("<p>One <a>two<i hidden>not</i></a>, three<b hidden>not</b>four<i hidden>x</i>.") == [
        "One two, three four."
    ]
    assert texts("<p>One.</p><p hidden>not</p>two<p>Three.</p>") == ["One.", "two", "Three."]


def test_readings_beside_characters_are_no_text() -> None:
    assert only("<p><ruby>東<rp>(</rp><rt>とう</rt><rp>)</rp>京<rt>きょう</rt></ruby>へ</p>").text == "東京へ"


def test_a_root_that_says_it_is_hidden_is_shown() -> None:
    assert texts('<html hidden><body style="display:none" aria-hidden="true"><p>Shown.</p></body></html>') == ["Shown."]


def test_a_page_that_hides_its_article_until_a_script_runs_is_shown() -> None:
    page = """<nav><p>Menu</p></nav><div style="visibility: hidden"><p>The ferry runs on Sundays again.</p>
        <p>It had been laid up since May.</p></div>"""
    assert texts(page) == ["Menu", "The ferry runs on Sundays again.", "It had been laid up since May."]


def test_of_such_a_page_what_is_hidden_inside_of_the_article_stays_hidden() -> None:
    page = """<div hidden><p>The ferry runs on Sundays again.</p><p>It had been laid up since May.</p>
        <span hidden>Copied!</span><script>x</script></div>"""
    assert texts(page) == ["The ferry runs on Sundays again.", "It had been laid up since May."]


def test_a_hidden_dialog_of_a_page_that_shows_its_article_stays_hidden() -> None:
    dialog = "<div hidden><p>We value your privacy, and so do our 814 partners.</p></div>"
    page = f"<p>The ferry runs on Sundays again.</p><p>It had been laid up since May.</p>{dialog}"
    assert texts(page) == ["The ferry runs on Sundays again.", "It had been laid up since May."]


def test_the_tree_stays_as_it_is() -> None:
    root = parsed('<div id="comments"><p hidden>a</p><p>b<br>c</p></div><table><tr><td>d</table>')
    before = tostring(root)
    blocks_of(root)
    assert tostring(root) == before


# Where blocks begin and end

SPLITTING = (
    *("address", "article", "aside", "blockquote", "center", "dd", "details", "dialog", "div", "dl", "dt", "fieldset"),
    *("figure", "figcaption", "footer", "form", "h1", "h2", "h6", "header", "li", "main", "nav", "ol", "p", "pre"),
    *("section", "summary", "ul", "button", "label"),
)


def test_inline_elements_do_not_split_words() -> None:
    assert texts("<p>un<b>bro</b>ken w<i>or<a href=x>d</a></i>s<sup>2</sup></p>") == ["unbroken words2"]
    assert texts("<p>co<wbr>operate <span>and</span> <em>more</em></p>") == ["cooperate and more"]


def test_white_space_is_folded() -> None:
    assert texts("<p>\n  One\n\ttwo   three \r\n</p>\n <p> </p><p>&nbsp;</p>") == ["One two three"]


def test_a_line_break_ends_a_block_and_says_how_far() -> None:
    found = blocks("<p>One<br>two<br/>three<br><br>four<br>\n<br>\n<br>five</p><p>six</p>")
    assert [(block.lines, block.text) for block in found] == [
        (0, "One"),
        (1, "two"),
        (1, "three"),
        (2, "four"),
        (2, "five"),
        (2, "six"),
    ]
    assert visible_text(found) == "One\ntwo\nthree\n\nfour\n\nfive\n\nsix"


def test_text_beside_block_elements_is_a_block_of_its_own() -> None:
    assert texts("<div>One<p>two</p>three<div>four</div>five</div>six") == [
        "One",
        "two",
        "three",
        "four",
        "five",
        "six",
    ]


@pytest.mark.parametrize("tag", [*SPLITTING, "xmp", "listing"])
def test_elements_that_begin_a_line_begin_a_block(tag: str) -> None:
    assert texts(f"<div>One<{tag}>two</{tag}>three</div>") == ["One", "two", "three"]


def test_a_table_row_is_one_block_with_its_cells_apart() -> None:
    page = """<table><caption>Level</caption><thead><tr><th>Decade</th><th>Mean</th></tr></thead>
        <tr><td>1871<td><b>2,</b>104<tr><td>1921</td><td>2,<br>171</td></tr></table>"""
    assert kinds(page) == [
        ("caption", "Level"),
        ("table-row", "Decade Mean"),
        ("table-row", "1871 2,104"),
        ("table-row", "1921 2, 171"),
    ]
    assert [block.lines for block in blocks(page)] == [0, 2, 1, 1]


def test_words_of_buttons_in_a_row_stay_apart() -> None:
    assert texts("<table><tr><td>12<button>Buy</button><label>Mark</label></td></tr></table>") == ["12 Buy Mark"]


def test_a_table_that_lays_out_a_page_has_no_rows() -> None:
    page = "<table><tr><td><ul><li>Menu</ul></td><td><p>One.</p><p>Two.</p></td><td>Three</td></tr></table>"
    assert kinds(page) == [
        ("list-item", "Menu"),
        ("paragraph", "One."),
        ("paragraph", "Two."),
        ("paragraph", "Three"),
    ]


def test_a_table_in_a_table_keeps_its_rows() -> None:
    page = "<table><tr><td><table><tr><td>a</td><td>b</td></tr></table></td><td>c</td></tr></table>"
    assert kinds(page) == [("table-row", "a b"), ("paragraph", "c")]


def test_a_listing_keeps_its_lines() -> None:
    page = "<p>So:</p><pre><code>let a = 1;\nlet <b>b</b> = 2;\n\nadd(a, b);\n</code></pre><p>Done.</p>"
    found = blocks(page)
    assert [block.kind for block in found] == ["paragraph", "code", "code", "code", "paragraph"]
    assert visible_text(found) == "So:\n\nlet a = 1;\nlet b = 2;\n\nadd(a, b);\n\nDone."


def test_a_listing_keeps_its_indentation() -> None:
    assert visible_text(blocks("<pre>def f():\n    return 1\n</pre>")) == "def f():\n    return 1"


def test_list_items_stand_on_consecutive_lines() -> None:
    page = "<p>Bring:</p><ul><li>A coat</li><li><p>Short sleeves</p></li></ul><ol><li>One</ol><p>Thanks.</p>"
    assert visible_text(blocks(page)) == "Bring:\n\nA coat\nShort sleeves\nOne\n\nThanks."
    assert [kind for kind, _ in kinds(page)] == ["paragraph", "list-item", "list-item", "list-item", "paragraph"]


def test_items_of_a_nested_list_are_blocks_in_reading_order() -> None:
    page = "<ul><li>One<ul><li>Two</li><li>Three</li></ul>Four</li><li>Five</li></ul>"
    assert kinds(page) == [("list-item", word) for word in ("One", "Two", "Three", "Four", "Five")]


def test_terms_and_definitions_are_list_items() -> None:
    page = "<dl><dt>Staithe</dt><dd>A landing stage.</dd></dl>"
    assert kinds(page) == [("list-item", "Staithe"), ("list-item", "A landing stage.")]


def test_headings_captions_and_quotes_are_told_apart() -> None:
    page = """<h1>Ferry <small>again</small></h1><figure><img><figcaption>The quay. <i>Photo</i></figcaption></figure>
        <blockquote><p>I let her keep it.</p></blockquote><h6>Next</h6><div>Rest</div>"""
    assert kinds(page) == [
        ("heading", "Ferry again"),
        ("caption", "The quay. Photo"),
        ("quote", "I let her keep it."),
        ("heading", "Next"),
        ("paragraph", "Rest"),
    ]


# What is known of a block


@pytest.mark.parametrize(
    ("page", "density"),
    [
        ("<p>No link</p>", 0.0),
        ("<p><a href=x>All a link</a></p>", 1.0),
        ("<p><a href=x>half</a>half</p>", 0.5),
        ("<p><a href=x>ha lf</a> <b>half</b></p>", 0.5),
        ("<p><a href=x> <b>three</b> </a> <a href=y>of</a>, <i>fo</i>ur.</p>", 7 / 13),
        ("<p><a name=x>An anchor</a> is none</p>", 0.0),
        ("<a href=x><h2>A card</h2></a>", 1.0),
        ("<table><tr><td><a href=x>ab</a></td><td>cd</td></tr></table>", 0.5),
        ("<p><a href=x>ab<script>cdef</script></a>cd</p>", 0.5),
    ],
)
def test_link_density_is_the_share_of_the_letters_that_are_links(page: str, density: float) -> None:
    assert only(page).link_density == pytest.approx(density)


def test_the_links_of_one_block_do_not_count_for_the_next() -> None:
    found = blocks("<p><a href=x>One</a><br>two</p><p>three</p><a href=x><p>four</p><p>five</p></a>")
    assert [block.link_density for block in found] == [1.0, 0.0, 0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("page", "inside"),
    [
        ("<p>x</p>", set()),
        ("<article><p>x</p></article>", {"article"}),
        ("<main><aside><p>x</p></aside></main>", {"main", "aside"}),
        ("<nav><ul><li>x</li></ul></nav>", {"nav", "list"}),
        ("<figure><figcaption>x</figcaption></figure>", {"figure"}),
        ("<header>x</header>", {"header"}),
        ("<footer><blockquote>x</blockquote></footer>", {"footer", "quote"}),
        ("<form><label>x</label></form>", {"form"}),
        ("<button>x</button>", {"form"}),
        ("<table><tr><td>x</td></tr></table>", {"table"}),
        ("<dl><dd>x</dd></dl>", {"list"}),
    ],
)
def test_a_block_knows_what_it_lies_in(page: str, inside: set[str]) -> None:
    assert only(page).inside == inside


def test_what_a_block_lies_in_ends_with_the_element() -> None:
    found = blocks("<aside><p>a</p></aside><p>b</p><article>c<nav>d</nav>e</article>f")
    assert [set(block.inside) for block in found] == [
        {"aside"},
        set(),
        {"article"},
        {"article", "nav"},
        {"article"},
        set(),
    ]


def test_a_block_names_classes_and_ids_from_the_inside_out() -> None:
    page = (
        '<body class="single post"><div id="content"><p class="intro first" id="p1"><b class="x">y</b></p></div></body>'
    )
    assert only(page).names == ("intro", "first", "p1", "content", "single", "post")


def test_a_block_knows_its_innermost_block_element() -> None:
    found = blocks("<div id=a><p id=b>one <span id=c>two</span></p>three</div>")
    assert [block.element.get("id") for block in found] == ["b", "a"]


def test_a_widget_is_known_to_all_blocks_in_it_and_to_no_other() -> None:
    page = """<p>One.</p><div class="sharedaddy">Share<p>this<br>now</p><ul class="share-buttons"><li>x</ul></div>
        <p>Two.</p>"""
    found = blocks(page)
    assert [block.widget.rule if block.widget else None for block in found] == [None, *["prompt.share"] * 4, None]
    assert len({block.widget.element for block in found if block.widget}) == 1
    assert [block.widget.noise for block in found if block.widget] == ["prompt"] * 4


@pytest.mark.parametrize("element", ["figcaption", "hyvor-talk-comments", "amp-next-page"])
def test_a_widget_that_is_known_by_its_tag_alone_is_known(element: str) -> None:
    found = blocks(f"<p>One.</p><{element}>The quay.</{element}><p>Two.</p>")
    assert [block.widget is not None for block in found] == [False, True, False]


@pytest.mark.parametrize(
    ("element", "rule"),
    [
        ('<span class="comments-link">3 comments</span>', "comments.count"),
        ('<a class="skip-link" href="#main">Skip to content</a>', "prompt.skip"),
        ('<span class="tags-links">Tags: <a href="/t/goats">goats</a></span>', "prompt.tags"),
        ('<span class="image-credit">Photo: Henna Castell</span>', "caption.credit"),
        ('<b><span class="reading-time">3 min read</span></b>', "byline.reading-time"),
    ],
)
def test_a_widget_that_is_an_inline_element_is_known(element: str, rule: str) -> None:
    found = blocks(f"<p>One.</p><div> {element} </div><p>Two.</p>")
    assert [block.widget.rule if block.widget else None for block in found] == [None, rule, None]


def test_an_inline_widget_inside_of_a_sentence_leaves_the_sentence() -> None:
    found = only('<p>The ferry runs again, <span class="comments-link">and three</span> people have seen it.</p>')
    assert found.widget is None


def test_the_parts_of_comments_are_known() -> None:
    page = """<p>One.</p><div id="comments"><h3>2 comments</h3><ol class="comment-list">
        <li class="comment" id="c1"><div class="comment-author"><b class="fn">Ana</b></div><time>May 3</time>
        <div class="comment-text"><p>Nice.</p><p>Really.</p></div><a class="reply">Reply</a>
        <ul><li class="comment" id="c2"><div class="comment-author">Ben</div>
        <div class="comment-text">No.</div></li></ul></li></ol></div>"""
    found = [
        (block.comment.get("id") if block.comment is not None else None, block.part, block.text)
        for block in blocks(page)
    ]
    assert found[:2] == [(None, None, "One."), (None, None, "2 comments")]
    assert ("c1", "author", "Ana") in found
    assert ("c1", "text", "Nice.") in found
    assert ("c1", "text", "Really.") in found
    assert ("c2", "author", "Ben") in found
    assert ("c2", "text", "No.") in found


def test_outside_of_a_thread_nothing_is_part_of_a_comment() -> None:
    page = '<p class="comment-author">Ana</p><p class="comment-text">Nice.</p>'
    assert [block.part for block in blocks(page)] == [None, None]


# Offsets and paths

ODD_PAGES = [
    "<p>One<br>two<br><br>three</p><ul><li>four<li>five</ul><table><tr><td>a<td>b<tr><td>c</table>x<pre>y\n\nz</pre>",
    "<body>\U0001f600 a<p>\U0001f469\u200d\U0001f680 b</p>\u00a0<p>e\u0301</p></body>",
    "<div><br><br><br>late</div><br>",
    "<ul><li></li><li>one</li><li> </li><li>two</li></ul>",
]


@pytest.mark.parametrize("page", ODD_PAGES)
def test_offsets_tile_the_visible_text(page: str) -> None:
    found = blocks(page)
    source = visible_text(found)
    position = 0
    for block in found:
        assert block.start == position + block.lines
        assert source[position : block.start] == "\n" * block.lines
        assert source[block.start : block.end] == block.text
        position = block.end
    assert position == len(source)


PATHS_PAGE = """<html><head><title>x</title></head><body><div><p>a</p><p>b<br>c</p><ul><li>d</li><li>e</li></ul></div>
    <!-- c --><div><section><p>f</p></section></div><table><tr><td><p>g</p></td></tr></table>
    <my-card>h<p>i</p></my-card></body></html>"""


def test_paths_are_those_of_lxml() -> None:
    root = document_fromstring(PATHS_PAGE)
    paths = Paths()
    tree = root.getroottree()
    elements = list(root.iter("*"))
    assert [paths.of(element) for element in elements] == [tree.getpath(element) for element in elements]
    assert [paths.of(element) for element in reversed(elements)] == [tree.getpath(each) for each in reversed(elements)]


@pytest.mark.parametrize("name", ["fb:like", 'foo"bar', "a'b", "x@y", "ns:a:b", "1a", "naïve", "st1:place", "p<b"])
def test_paths_lead_back_to_their_element_whatever_the_tag_names_are(name: str) -> None:
    page = f"<div><{name}>one</{name}><p>two</p><{name}><p>three</p><div>four</div></{name}><p>five</p></div>"
    root = parsed(page)
    paths = Paths()
    for element in root.iter("*"):
        assert root.getroottree().xpath(paths.of(element)) == [element]


def test_a_path_of_an_element_without_parent_is_its_name() -> None:
    assert Paths().of(Element("p")) == "/p"


def test_the_article_of_json_ld_becomes_blocks_of_its_script() -> None:
    page = """<body><p>Loading</p><script>var x</script>
        <script type="application/ld+json">{"articleBody": "One.\\n\\n Two  words.\\n"}</script></body>"""
    root = parsed(page)
    before = blocks_of(root)
    found = article_blocks(root, "One.\n\n Two  words.\n", before)
    assert [(block.text, block.element.tag, set(block.inside)) for block in found] == [
        ("One.", "script", {"json-ld"}),
        ("Two words.", "script", {"json-ld"}),
    ]
    assert visible_text([*before, *found]) == "Loading\n\nOne.\n\nTwo words."
    assert all(visible_text([*before, *found])[block.start : block.end] == block.text for block in found)


def test_without_a_script_that_holds_it_json_ld_gives_no_blocks() -> None:
    assert article_blocks(parsed("<p>x</p>"), "One.", []) == []


# Work


def walk_and_locate(root: HtmlElement) -> None:
    found = blocks_of(root)
    visible_text(found)
    paths = Paths()
    for block in found:
        paths.of(block.element)


LONG_PAGES: dict[str, tuple[Callable[[int], str], int]] = {
    "paragraphs": (lambda size: "<p>a <b>b</b></p>" * size, 500),
    "line breaks": (lambda size: "a<br>" * size, 1000),
    "empty elements": (lambda size: "<i></i>" * size, 2000),
    "hidden": (lambda size: "<div hidden><p>a</p></div>" * size, 500),
    "items": (lambda size: "<ul>" + "<li>a" * size, 500),
    "rows": (lambda size: "<table>" + "<tr><td>a<td>b" * size, 500),
    "cells": (lambda size: "<table><tr>" + "<td>a" * size, 1000),
    "tables in a table": (lambda size: "<table><tr><td>" + "<table><tr><td>a</table>" * size, 400),
    "a listing": (lambda size: "<pre>" + "a\n" * size, 1000),
    "widgets": (lambda size: '<div class="related-posts"><a href=x>a</a></div>' * size, 400),
    "depth": (lambda size: "<div class='x y'>a" * size, 500),
    "depth of tables": (lambda size: "<table><tr><td>a" * size, 160),
    "depth of widgets": (lambda size: "<div class='related-posts'>a" * size, 500),
    "hidden depth": (lambda size: "<div hidden><p>a" * size, 250),
}


@pytest.mark.parametrize("name", LONG_PAGES)
def test_the_work_grows_as_the_page_does(name: str) -> None:
    page, size = LONG_PAGES[name]
    assert grows_evenly(lambda size: partial(walk_and_locate, parsed(page(size))), size)


@pytest.mark.torture
def test_a_million_tags_are_read() -> None:
    assert len(blocks_of(parsed("<p>a<b>b</b></p>" * 250_000))) == 250_000


def test_a_depth_of_two_thousand_elements_is_read() -> None:
    page = "<div><section>" * 1000 + "<p>deep</p>"
    root = parsed(page)
    (block,) = blocks_of(root)
    path = Paths().of(block.element)
    assert path == root.getroottree().getpath(block.element)
    assert path.count("/") == 2003
