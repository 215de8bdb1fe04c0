"""Widgets of pages: what each rule knows, what only looks like one, and the caution with what holds the article."""

from __future__ import annotations

import gzip
import subprocess
import sys
import tomllib
from itertools import islice
from typing import get_args

import pytest
from bs4 import BeautifulSoup
from folders import PROJECT
from lxml import html

from cleaners.page.blocks import Widget, blocks_of
from cleaners.page.decode import decode_page
from cleaners.page.widgets import (
    CommentPart,
    Rules,
    WidgetError,
    comment_part,
    match,
    prune_soup,
)

PAGES = PROJECT.parent / "shared" / "pages"

SENTENCE = (
    "The council of Velm voted on Tuesday evening to reopen the old ferry line across the bay, after a long debate."
)
PARAGRAPHS = f"<p>{SENTENCE}</p><p>{SENTENCE}</p><p>{SENTENCE}</p>"


def widgets_of(root: html.HtmlElement) -> list[Widget]:
    """The widgets that hold visible text, in document order."""
    return list(dict.fromkeys(block.widget for block in blocks_of(root) if block.widget))


def rules_of(page: str) -> list[str]:
    return [widget.rule for widget in widgets_of(html.document_fromstring(page))]


def attributes_of(element: str) -> tuple[str, dict[str, str]]:
    """The tag and attributes of a start tag as it stands in a page."""
    found = html.fragment_fromstring(element)
    return found.tag, dict(found.attrib)


@pytest.mark.parametrize(
    ("element", "rule"),
    [
        ('<div id="wpdcom">', "comments.wpdiscuz"),
        ('<div class="wpd-thread-list">', "comments.wpdiscuz"),
        ('<div id="disqus_thread">', "comments.disqus"),
        ('<div class="fb-comments" data-href="https://example.org">', "comments.facebook"),
        ('<div id="coral_thread">', "comments.coral"),
        ('<div id="coral-embed-stream">', "comments.coral"),
        ('<div data-spotim-module="conversation">', "comments.openweb"),
        ("<hyvor-talk-comments>", "comments.systems"),
        ('<div id="commento">', "comments.systems"),
        ('<div id="vk_comments">', "comments.systems"),
        ('<div id="mc-container">', "comments.systems"),
        ('<div class="giscus">', "comments.systems"),
        ('<div id="isso-thread">', "comments.systems"),
        ('<div id="remark42">', "comments.systems"),
        ('<div id="idc-container">', "comments.systems"),
        ('<ol class="comment-list">', "comments.wordpress"),
        ('<section id="comments" class="comments-area">', "comments.wordpress"),
        ('<div class="comment-respond" id="respond">', "comments.wordpress"),
        ('<li class="comment even thread-even depth-1" id="li-comment-3">', "comments.wordpress"),
        ('<aside class="widget widget_recent_comments">', "comments.recent"),
        ('<span class="comments-link">', "comments.count"),
        ('<section class="Reader-Comments">', "comments.generic"),
        ('<div class="leserkommentare">', "comments.foreign"),
        ('<div id="commentaires">', "comments.foreign"),
        ('<div class="yorumlar">', "comments.foreign"),
        ('<div itemprop="comment">', "comments.microdata"),
        ('<div itemscope itemtype="https://schema.org/UserComments">', "comments.microdata"),
        ('<div id="jp-relatedposts" class="jp-relatedposts">', "related.jetpack"),
        ('<div class="yarpp yarpp-related">', "related.plugins"),
        ('<div class="td_block_wrap td_block_related_posts">', "related.plugins"),
        ("<amp-next-page>", "related.plugins"),
        ('<div class="OUTBRAIN" data-src="https://example.org">', "related.exchanges"),
        ('<div id="taboola-below-article-thumbnails">', "related.exchanges"),
        ('<div id="M123ScriptRootC456">', "related.exchanges"),
        ('<div class="related-stories">', "related.named"),
        ('<div class="RelatedArticles_list__x1">', "related.named"),
        ('<div class="you-may-also-like">', "related.recommended"),
        ('<div class="also-read">', "related.also-read"),
        ('<aside class="most-read">', "related.popular"),
        ('<nav class="navigation post-navigation">', "related.next"),
        ('<div class="widget widget_archive">', "related.archives"),
        ('<div class="articoli-correlati">', "related.foreign"),
        ('<div id="mc_embed_signup">', "prompt.newsletter"),
        ('<div class="subscription-widget-wrap">', "prompt.newsletter"),
        ('<section class="newsletter">', "prompt.newsletter"),
        ('<div class="paywall-prompt">', "prompt.paywall"),
        ('<div class="smart-app-banner">', "prompt.app"),
        ('<div id="onesignal-slidedown-container">', "prompt.push"),
        ('<div id="onetrust-consent-sdk">', "prompt.cookies"),
        ('<div class="qc-cmp2-container">', "prompt.cookies"),
        ('<div class="cky-consent-container">', "prompt.cookies"),
        ('<div role="dialog" aria-modal="true">', "prompt.dialog"),
        ('<div class="sharedaddy sd-sharing-enabled">', "prompt.share"),
        ('<div class="a2a_kit a2a_kit_size_32">', "prompt.share"),
        ('<a class="print-button">', "prompt.share"),
        ('<div id="div-gpt-ad-1">', "prompt.advertisement"),
        ('<ins class="adsbygoogle">', "prompt.advertisement"),
        ('<div class="listen-to-article">', "prompt.listen"),
        ('<div class="kk-star-ratings">', "prompt.rating"),
        ('<div class="wp-polls">', "prompt.poll"),
        ('<div id="ez-toc-container">', "prompt.contents"),
        ('<nav class="Breadcrumbs">', "prompt.breadcrumb"),
        ('<ol itemtype="https://schema.org/BreadcrumbList">', "prompt.breadcrumb"),
        ('<span class="tags-links">', "prompt.tags"),
        ('<a class="skip-link">', "prompt.skip"),
        ('<form role="search">', "prompt.search"),
        ('<div class="give-form-wrap">', "donation.plugins"),
        ('<form action="https://www.paypal.com/cgi-bin/webscr">', "donation.plugins"),
        ('<div class="donation-box">', "donation.named"),
        ("<figcaption>", "caption.microdata"),
        ('<p class="wp-caption-text">', "caption.wordpress"),
        ('<div class="photo-caption">', "caption.named"),
        ('<span class="image-credit">', "caption.credit"),
        ('<div class="saboxplugin-wrap">', "byline.author-box"),
        ('<p class="byline">', "byline.named"),
        ('<span itemprop="author name">', "byline.named"),
        ('<div class="entry-meta">', "byline.meta"),
        ('<time itemprop="datePublished">', "byline.date"),
        ('<span class="reading-time">', "byline.reading-time"),
    ],
)
def test_knows_a_widget(element: str, rule: str) -> None:
    assert match(*attributes_of(element)) == rule


@pytest.mark.parametrize(
    ("element", "rule"),
    [
        ('<div class="post-cta">', "prompt.words"),
        ('<div class="BlogCta wide">', "prompt.words"),
        ('<section class="block__cta--dark">', "prompt.words"),
        ('<p class="tour_popup__title">', "prompt.words"),
        ('<div class="widget-nieuwsbrief-groot">', "prompt.words"),
        ('<p class="price-disclaimer">', "prompt.disclosure"),
        ('<div class="shop-disclosure">', "prompt.disclosure"),
        ('<ul class="storyRecommendations">', "related.words"),
        ('<div class="noticias relacionadas-lista">', "related.words"),
        ('<div class="caja-lee-tambien-nota">', "related.words"),
        ('<aside class="c-leggi-anche__box">', "related.words"),
        ('<div class="artikel-baca-juga-list">', "related.words"),
        ('<div class="StoryAuthors_list__x1">', "byline.words"),
    ],
)
def test_knows_a_widget_by_a_word_of_its_name(element: str, rule: str) -> None:
    assert match(*attributes_of(element)) == rule


@pytest.mark.parametrize(
    "element",
    [
        '<div class="has-newsletter no-promo">',
        '<div class="entry category-promo tag-newsletter">',
        '<p class="bg-cta text-promo">',
        '<div class="octane">',
        '<div class="promotional-history">',
        '<div class="newsletter-layout">',
        '<h2 id="newsletter-and-other-plans">',
        '<button class="accordion disclosure-panel">',
    ],
)
def test_a_part_of_a_word_or_a_word_about_something_else_names_no_widget(element: str) -> None:
    assert match(*attributes_of(element)) is None


def test_a_widget_known_by_a_word_stays_where_it_holds_the_article() -> None:
    assert rules_of(f"<div class=story-cta-grid><h1>Ferry</h1>{PARAGRAPHS}</div>") == []


def test_own_rules_may_give_words() -> None:
    rules = Rules('[prompt.club]\nnames = ["clubhouse"]', "own.toml")
    assert rules.match("div", {"class": "footer-clubhouse"}) == "prompt.club"
    assert rules.match("div", {"class": "clubhouses"}) is None


@pytest.mark.parametrize(
    "element",
    [
        '<div class="comments-open single">',
        '<article class="post has-comments">',
        '<div class="comment">',
        '<div class="no-comments">',
        '<div class="opinion comment-is-free">',
        '<div class="single-format-standard">',
        '<div class="post-content share-enabled">',
        '<div class="entry-content">',
        '<div class="paywall">',
        '<div class="paywall-content premium-content">',
        '<div class="steady-paywall-container">',
        '<div class="newsletter-page">',
        '<article class="newsletter-post">',
        '<div class="toc-wrapper">',
        '<div class="row related-row">',
        '<div class="credit">',
        '<div class="credit-card-offers">',
        '<header class="caption">',
        '<blockquote class="twitter-tweet">',
        '<blockquote class="instagram-media">',
        '<div class="text-to-speech">',
        '<div class="cmp-container">',
        '<div class="support">',
        '<p class="author-note">',
        "<time>",
        '<a rel="nofollow">',
        "<p>",
        "<aside>",
        "<figure>",
    ],
)
def test_keeps_what_shares_a_word_with_a_widget(element: str) -> None:
    assert match(*attributes_of(element)) is None


@pytest.mark.parametrize("tag", ["html", "body", "main", "article"])
def test_never_matches_what_holds_the_article(tag: str) -> None:
    assert match(tag, {"class": "comments-area related-posts", "id": "comments"}) is None


@pytest.mark.parametrize(
    "attributes", [{"role": "main"}, {"itemprop": "articleBody"}, {"itemprop": "text articleBody"}]
)
def test_never_matches_what_is_marked_as_the_article(attributes: dict[str, str]) -> None:
    assert match("div", {"class": "related-posts"}) == "related.named"
    assert match("div", {"class": "related-posts", **attributes}) is None


@pytest.mark.parametrize(
    ("element", "part"),
    [
        ('<li class="comment byuser depth-1">', "item"),
        ('<article id="div-comment-7" class="comment-body">', "item"),
        ('<div itemprop="comment" itemscope>', "item"),
        ('<div class="comment-author vcard">', "author"),
        ('<cite class="fn">', "author"),
        ('<div class="wpd-comment-author">', "author"),
        ("<time>", "time"),
        ('<div class="wpd-comment-date">', "time"),
        ('<span class="comment-date">', "time"),
        ('<div class="comment-content">', "text"),
        ('<div class="comment-body">', "text"),
        ('<div class="wpd-comment-text">', "text"),
        ("<p>", None),
        ('<div class="reply">', None),
    ],
)
def test_knows_the_parts_of_a_comment(element: str, part: str | None) -> None:
    assert part is None or part in get_args(CommentPart)
    assert comment_part(*attributes_of(element)) == part


def test_reports_nested_widgets_once_and_outermost_first_to_last() -> None:
    page = f"""<body><div class="sharedaddy"><div class="share-buttons">Share</div></div><article><h1>Ferry</h1>
        {PARAGRAPHS}<figure><img><figcaption>The quay <span class="image-credit">Photo</span></figcaption></figure>
        </article><section id="comments"><ol class="comment-list"><li class="comment">Nice</li></ol></section></body>"""
    assert rules_of(page) == ["prompt.share", "caption.microdata", "comments.wordpress"]


def test_leaves_a_wrapper_that_holds_the_article_but_not_the_widgets_in_it() -> None:
    widget = '<div class="jp-relatedposts"><p>Lost map</p></div>'
    page = f'<body><div class="related-posts"><div class="recommended">{PARAGRAPHS}{widget}</div></div></body>'
    assert rules_of(page) == ["related.jetpack"]


def test_leaves_a_wrapper_with_the_headline_and_a_long_paragraph() -> None:
    widget = f'<div class="related-posts"><h1>Ferry</h1><p>{SENTENCE}</p></div>'
    assert rules_of(f"<body>{widget}{PARAGRAPHS}</body>") == []
    assert rules_of(f"<body>{widget.replace('h1', 'h3')}{PARAGRAPHS}</body>") == ["related.named"]


@pytest.mark.parametrize("body", ["<main>", '<div itemprop="articleBody">', '<div role="main">'])
def test_leaves_a_wrapper_with_what_is_marked_as_the_article(body: str) -> None:
    end = "</main>" if body == "<main>" else "</div>"
    page = f'<body><div id="comments">{body}<p>{SENTENCE}</p>{end}</div>{PARAGRAPHS}{PARAGRAPHS}{PARAGRAPHS}</body>'
    assert rules_of(page) == []


def test_takes_a_thread_that_is_longer_than_its_article() -> None:
    thread = f'<div id="comments"><h1>12 comments</h1>{PARAGRAPHS * 4}</div>'
    assert rules_of(f"<body><h1>Ferry</h1>{PARAGRAPHS}{thread}</body>") == ["comments.wordpress"]


def test_leaves_a_thread_that_is_all_there_is() -> None:
    assert rules_of(f'<body><h1>Ferry?</h1><div id="comments">{PARAGRAPHS}</div></body>') == []


def test_counts_the_prose_of_an_article_without_paragraph_tags() -> None:
    article = "<br><br>".join([SENTENCE] * 4)
    related = f'<div class="related-posts"><p>{SENTENCE}</p></div>'
    assert rules_of(f"<body><div>{article}</div>{related}</body>") == ["related.named"]


def test_leaves_a_row_of_labels_that_holds_a_standfirst() -> None:
    assert rules_of(f'<body><div class="entry-meta">3 May</div>{PARAGRAPHS}</body>') == ["byline.meta"]
    assert rules_of(f'<body><div class="entry-meta"><p>{SENTENCE}</p></div>{PARAGRAPHS}</body>') == []


def test_removes_the_widgets_of_a_soup_and_returns_them() -> None:
    page = f"""<body><p class="byline">By Ilse Varga</p>{PARAGRAPHS}
        <div class="related-posts"><h3>Related</h3><a href="/map">Lost map</a></div></body>"""
    soup = BeautifulSoup(page, "lxml")
    removed = prune_soup(soup)
    assert [(widget.rule, widget.text) for widget in removed] == [
        ("byline.named", "By Ilse Varga"),
        ("related.named", "Related Lost map"),
    ]
    assert removed[1].tag.a is not None
    assert removed[1].tag.a["href"] == "/map"
    assert soup.get_text("\n", strip=True) == "\n".join([SENTENCE] * 3)
    assert prune_soup(soup) == []


@pytest.mark.parametrize("parser", ["lxml", "html.parser"])
def test_prunes_a_soup_of_any_parser(parser: str) -> None:
    soup = BeautifulSoup(f'{PARAGRAPHS}<div hidden class="x sharedaddy">Share</div>', parser)
    assert [widget.rule for widget in prune_soup(soup)] == ["prompt.share"]


def same_for_both(page: str) -> None:
    """What goes from the soup is a widget of the lxml tree too, or holds no block of the visible text, and so back."""
    root = html.document_fromstring(page)
    blocks = blocks_of(root)
    numbers = {element: str(number) for number, element in enumerate(root.iter("*"))}
    for element, number in numbers.items():
        element.set("data-number", number)
    found = {numbers[block.widget.element]: block.widget.rule for block in blocks if block.widget}
    soup = BeautifulSoup(html.tostring(root, encoding="unicode"), "lxml")
    removed = {widget.tag["data-number"]: widget.rule for widget in prune_soup(soup)}
    assert found.items() <= removed.items()
    for block in blocks:
        around = {numbers[element] for element in (block.element, *block.element.iterancestors())}
        assert bool(around & removed.keys()) <= (block.widget is not None), block.text


@pytest.mark.parametrize(
    "page",
    [
        f'<body><div class="related-posts">{PARAGRAPHS}<!-- a --><p id="comments">{SENTENCE}</p></div></body>',
        f'<body><a rel="nofollow author">A</a>{PARAGRAPHS}<script>var related = "<p>"</script></body>',
        f'<body class="comments-area"><div class="newsletter-form">{SENTENCE}<br>{SENTENCE}</div></body>',
        f'<body><div class="entry-meta"><i>{SENTENCE}</i></div><p>{SENTENCE}<b class="date-posted">1</b></p></body>',
        "<body></body>",
    ],
)
def test_finds_the_same_in_a_soup_as_in_an_lxml_tree(page: str) -> None:
    same_for_both(page)


def test_finds_the_same_in_both_trees_of_real_pages() -> None:
    pages = sorted((PAGES / "news" / "html").glob("*.gz"))
    if not pages:
        pytest.skip(f"no pages in {PAGES}")
    for page in islice(pages, 0, None, 6):
        same_for_both(decode_page(gzip.decompress(page.read_bytes())).text)


@pytest.mark.parametrize(
    ("selector", "reason"),
    [
        (".comments > p", "asks for more than"),
        (".comments p", "asks for more than"),
        ("a:first-child", "asks for more than"),
        ("div:not(.x)", "asks for more than"),
        ("p::before", "asks for something else"),
        ("*", "asks for something else"),
        ("[class*='']", "compares with nothing"),
        ("[class='X' s]", ""),
        ("[class='x' i]", ""),
        ("..x", "is no CSS selector"),
    ],
)
def test_refuses_a_selector_of_more_than_one_element(selector: str, reason: str) -> None:
    with pytest.raises(WidgetError) as caught:
        Rules(f'[prompt.house]\nselect = ["{selector}"]', "house.toml")
    assert str(caught.value).startswith(f"house.toml: [prompt.house]: {selector!r}")
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("[prompt", "not valid TOML"),
        ('[promt.house]\nselect = [".x"]', "no noise type"),
        ('[prompt.house]\nselect = ".x"', "lists? of strings"),
        ('[prompt.house]\nselects = [".x"]', "lists? of strings"),
        ("[prompt.house]\nselect = [1]", "lists? of strings"),
        ('prompt = ".x"', "rules are tables"),
    ],
)
def test_refuses_a_file_that_holds_no_rules(toml: str, reason: str) -> None:
    with pytest.raises(WidgetError, match=reason):
        Rules(toml, "house.toml")


def test_compares_without_regard_to_case_and_asks_for_all_conditions() -> None:
    rules = Rules("[prompt.house]\nselect = [\"div.Join[data-kind^='Club']\"]", "house.toml")
    assert rules.match("div", {"class": "big JOIN", "data-kind": "clubhouse"}) == "prompt.house"
    assert rules.match("div", {"class": "joined", "data-kind": "clubhouse"}) is None
    assert rules.match("div", {"class": "join", "data-kind": "the club"}) is None
    assert rules.match("p", {"class": "join", "data-kind": "club"}) is None


def test_gives_the_first_rule_of_the_file() -> None:
    rules = Rules('[prompt.a]\nselect = [".x"]\n[prompt.b]\nselect = ["#y"]', "house.toml")
    assert rules.match("div", {"id": "y", "class": "x"}) == "prompt.a"


def test_takes_attributes_that_no_standard_knows() -> None:
    assert rules_of(f'<body><div {{="1" class="sharedaddy">x</div>{PARAGRAPHS}</body>') == ["prompt.share"]


def test_loads_no_parser_when_it_is_imported() -> None:
    code = "import sys, cleaners.page.widgets; print({'bs4', 'lxml', 'cssselect', 'tomllib'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.strip() == "set()"


def test_names_no_selector_twice() -> None:
    tables = tomllib.loads((PROJECT / "cleaners" / "page" / "widgets.toml").read_text(encoding="utf-8"))
    seen: dict[str, str] = {}
    for noise, rules in tables.items():
        for rule, table in rules.items():
            for selector in (*table.get("select", ()), *table.get("names", ())):
                key = f"{noise == 'comment'} {selector}".lower()
                assert key not in seen, f"{selector} in {noise}.{rule} and in {seen[key]}"
                seen[key] = f"{noise}.{rule}"
