"""What a page says about itself: which of its many places is believed, and what is no title, name or date."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from strategies import tries

from cleaners.page.metadata import PageFacts, page_facts


def facts_of(head: str = "", body: str = "<p>It rained.</p>", url: str | None = None, lang: str = "") -> PageFacts:
    page = f"<!doctype html><html{f' lang={lang}' if lang else ''}><head>{head}</head><body>{body}</body></html>"
    return page_facts(html.document_fromstring(page), url)


def linked(*nodes: object) -> str:
    scripts = (json.dumps(node).replace("</", r"<\/") for node in nodes)
    return "".join(f'<script type="application/ld+json">{script}</script>' for script in scripts)


def meta(**contents: str) -> str:
    return "".join(
        f'<meta property="{name.replace("__", ":")}" content="{content}">' for name, content in contents.items()
    )


LEAK = "Gas leak at the old mine"
HERE, THERE = "https://quay.example/a", "https://quay.example/b"
BY = "https://creativecommons.org/licenses/by/4.0/"
ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Gas leak at the old mine",
    "author": {"@type": "Person", "name": "Ana Ruiz"},
    "datePublished": "2024-05-03T10:15:00+02:00",
    "dateModified": "2024-05-04",
    "publisher": {"@type": "Organization", "name": "The Quay"},
    "inLanguage": "es-MX",
    "license": "https://creativecommons.org/licenses/by/4.0/",
    "articleBody": "Five people &amp; a dog were hurt.",
}


def test_takes_everything_from_json_ld_and_names_the_place() -> None:
    facts = facts_of(linked(ARTICLE), url="https://quay.example/2024/gas")
    assert (facts.title, facts.byline, facts.published) == (
        "Gas leak at the old mine",
        "Ana Ruiz",
        "2024-05-03T10:15:00+02:00",
    )
    assert (facts.modified, facts.site, facts.language) == ("2024-05-04", "The Quay", "es")
    assert facts.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert facts.article_body == "Five people & a dog were hurt."
    assert facts.types == {"NewsArticle", "Person", "Organization"}
    assert facts.sources == {
        "title": "json-ld:headline",
        "byline": "json-ld:author",
        "published": "json-ld:datePublished",
        "modified": "json-ld:dateModified",
        "site": "json-ld:publisher",
        "language": "json-ld:inLanguage",
        "licence": "json-ld:license",
        "url": "given",
    }


def test_keeps_the_tree_as_it_is() -> None:
    page = (
        f"<html><head>{linked(ARTICLE)}</head><body><h1>A</h1><div class=author>B<p>c</p></div>May 2020</body></html>"
    )
    for text in (page, page.replace("NewsArticle", "Thing")):
        tree = html.document_fromstring(text)
        before = html.tostring(tree)
        page_facts(tree, "https://quay.example/a")
        assert html.tostring(tree) == before


@pytest.mark.parametrize(
    "script",
    [
        '<!-- {"@type": "Article", "headline": "Rain"} -->',
        '//<![CDATA[\n{"@type": "Article", "headline": "Rain"}\n//]]>',
        '{"@type": "Article", "headline": "Rain",}',
        '{"@type": "Article", "description": "two\nlines", "headline": "Rain"};',
        '{"@type": "Article", "description": "the mayor\\\'s", "headline": "Rain",}',
        '{"@graph": [{"@type": "Organization"}, [{"@type": ["Article", "Thing"], "headline": ["Rain"]}]]}',
        '{"@type": "WebPage", "mainEntity": {"@type": "http://schema.org/BlogPosting", "name": "Rain"}}',
    ],
)
def test_reads_json_ld_in_any_dress(script: str) -> None:
    facts = facts_of(f'<script type="application/ld+json; charset=utf-8">{script}</script>')
    assert facts.title == "Rain"


@pytest.mark.parametrize(
    "script",
    ["", "{", "[" * 100_000, '{"a":' * 100_000, "null", "12", '"text"', '{"@type": 3, "headline": {}}', "1" * 5000],
)
def test_survives_json_ld_that_is_none(script: str) -> None:
    facts = facts_of(f"<title>Rain</title><script type=application/ld+json>{script}</script>")
    assert facts.title == "Rain"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("It rained.\n\n It  rained on.", "It rained.\nIt rained on."),
        ("<p>It\nrained.</p><p>It <b>rained</b> on.</p>", "It rained.\nIt rained on."),
        ("&lt;p&gt;It rained&amp;nbsp;on.&lt;/p&gt;&lt;div&gt;Twice.&lt;/div&gt;", "It rained on.\nTwice."),
        ("It <em>rained</em>.<!-- x --><script>var a = 1 < 2;</script>\nTwice.", "It rained.\nTwice."),
        ("The rain of 1 < 2 days &amp; 3 > 2 nights.", "The rain of 1 < 2 days & 3 > 2 nights."),
        ("<p> </p>", None),
        ({"@value": "It rained."}, None),
    ],
)
def test_takes_the_article_of_json_ld_as_plain_text(body: object, text: str | None) -> None:
    assert facts_of(linked({**ARTICLE, "articleBody": body})).article_body == text


@pytest.mark.parametrize("body", [*(mark * 50_000 for mark in ("<b>", "<!--", "<p", "<script>")), "\x00\x0b<i>\ufffe"])
def test_survives_an_article_of_broken_markup(body: str) -> None:
    assert facts_of(linked({**ARTICLE, "articleBody": body})).title == LEAK


def test_keeps_the_article_apart_from_those_in_lists() -> None:
    other = {"@type": "NewsArticle", "headline": "Port sells the ice house", "author": "Bo Lind"}
    listed = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": other}]}
    facts = facts_of(linked(listed, {"@type": "WebPage", "hasPart": other}) + "<title>Gas leak</title>")
    assert (facts.title, facts.byline) == ("Gas leak", None)
    many = [{**other, "headline": f"Headline number {number}"} for number in range(4)]
    assert facts_of(linked(many) + "<title>The front page</title>").byline is None


def test_prefers_the_article_with_the_title_or_the_address_of_the_page() -> None:
    other = {"@type": "NewsArticle", "headline": "Port sells the ice house", "author": "Bo Lind"}
    assert facts_of(linked(other, ARTICLE) + "<title>Gas leak at the old mine | Quay</title>").byline == "Ana Ruiz"
    here = {**ARTICLE, "headline": "Leak", "mainEntityOfPage": {"@id": "http://www.quay.example/gas/"}}
    canonical = '<link rel="canonical" href="https://quay.example/gas">'
    assert facts_of(linked(other, here) + canonical).byline == "Ana Ruiz"


# Byline


@pytest.mark.parametrize(
    ("author", "byline"),
    [
        ("Ana Ruiz", "Ana Ruiz"),
        ("By Ana Ruiz", "Ana Ruiz"),
        ("von Anna Schmidt", "Anna Schmidt"),
        ("Por María Pérez", "María Pérez"),
        ("Ana Ruiz and Bo Lind", "Ana Ruiz, Bo Lind"),
        ("Ana Ruiz; Bo Lind;Ana  Ruiz", "Ana Ruiz, Bo Lind"),
        ("Seán O&amp;#39;Casey", "Seán O'Casey"),
        (["Ana Ruiz", ["Bo Lind", {"name": "Cy Ek"}]], "Ana Ruiz, Bo Lind, Cy Ek"),
        ({"@type": "Person", "name": ["Ana Ruiz"], "url": "https://quay.example/ana"}, "Ana Ruiz"),
        ({"@id": "#ana"}, "Ana of the graph"),
        ({"givenName": "Ana", "familyName": "Ruiz"}, "Ana Ruiz"),
        ([{"name": "The Quay"}, {"name": "Ana Ruiz"}], "Ana Ruiz"),
    ],
)
def test_takes_the_author_in_any_shape(author: object, byline: str) -> None:
    person = {"@type": "Person", "@id": "#ana", "name": "Ana of the graph"}
    assert facts_of(linked({**ARTICLE, "author": author}, person)).byline == byline


@pytest.mark.parametrize("name", ["Von Trapp", "De Gaulle", "Ursula von der Leyen", "von der Leyen", "Byron Katie"])
def test_keeps_the_particle_of_a_name(name: str) -> None:
    assert facts_of(f'<meta name="author" content="{name}">').byline == name


@pytest.mark.parametrize(
    "name",
    [
        "admin",
        "https://facebook.com/quay",
        "@quay",
        "desk@quay.example",
        "The Quay",
        "quay",
        "{{author}}",
        "1",
        "a.ruiz",
    ],
)
def test_drops_what_is_nobody(name: str) -> None:
    head = f'<meta property="og:site_name" content="The Quay"><meta name="author" content="{name}">'
    assert facts_of(head).byline is None


def test_keeps_a_person_after_whom_the_site_is_named() -> None:
    article = {**ARTICLE, "author": {"@type": "Person", "name": "Ana Ruiz"}}
    assert facts_of(linked(article) + meta(og__site_name="Ana Ruiz")).byline == "Ana Ruiz"


@pytest.mark.parametrize(
    ("body", "byline"),
    [
        ("<h1>Rain</h1><p class='post-byline'>By <a href=/a>Ana Ruiz</a> | May 3, 2024</p>", "Ana Ruiz"),
        ("<h1>Rain</h1><div class=ArticleAuthor_name__x1>Ana Ruiz, Senior Editor</div>", "Ana Ruiz"),
        ("<h1>Rain</h1><div><a rel=author href=/ana>Ana Ruiz</a></div>", "Ana Ruiz"),
        ("<h1>Rain</h1><p>By Ana Ruiz and Bo Lind</p><p>It rained.</p>", "Ana Ruiz, Bo Lind"),
        ("<h1>Rain</h1><p>Written by</p><p>Ana Ruiz</p>", "Ana Ruiz"),
        ("<h1>Rain</h1><p>Words from <a href='/author/ana-ruiz'>Ana Ruiz</a></p>", "Ana Ruiz"),
        ("<h1>Rain</h1><div itemprop=author itemscope><span itemprop=name>Ana Ruiz</span></div>", "Ana Ruiz"),
        ("<h1>Rain</h1><p>By the end of the day it had stopped.</p>", None),
        ("<h1>Rain</h1><div id=comments><b class=author>Bo Lind</b></div>", None),
        ("<h1>Rain</h1><div class=author-bio>Read More</div>", None),
        ("<h1>Rain</h1><div class=related><span class=byline>By Bo Lind</span></div>", None),
        ("<h1>Rain</h1><div class=author>More articles</div>", None),
    ],
)
def test_reads_the_byline_that_readers_see(body: str, byline: str | None) -> None:
    assert facts_of(body=body).byline == byline


def test_keeps_the_author_of_the_article_apart_from_those_of_comments() -> None:
    comment = "<div itemscope itemtype=http://schema.org/Comment><b itemprop=author>Bo Lind</b></div>"
    body = (
        f"{comment}<div itemscope itemtype=https://schema.org/Article><h1>A</h1><b itemprop=author>Ana Ruiz</b></div>"
    )
    assert facts_of(body=body).byline == "Ana Ruiz"
    assert facts_of(body=comment).byline is None


# Dates


@pytest.mark.parametrize(
    ("value", "date"),
    [
        ("2024-05-03", "2024-05-03"),
        ("2024-05-03T10:15:00Z", "2024-05-03T10:15:00Z"),
        ("2024-05-03T10:15:00.123+0200", "2024-05-03T10:15:00+02:00"),
        ("2024-05-03 10:15", "2024-05-03T10:15:00"),
        ("2024-05-03T10:15:00 UTC", "2024-05-03T10:15:00Z"),
        ("20240503T101500Z", "2024-05-03T10:15:00Z"),
        ("2024/5/3", "2024-05-03"),
        ("May 3, 2024", "2024-05-03"),
        ("3rd May 2024", "2024-05-03"),
        ("Fri, 03 May 2024 10:15:00 GMT", "2024-05-03T10:15:00+00:00"),
        ("03.05.2024", "2024-05-03"),
        ("25/12/2024", "2024-12-25"),
        ("12/25/2024", "2024-12-25"),
        ("2024-05-03T99:99:99Z", "2024-05-03"),
        (1714724100, "2024-05-03T08:15:00+00:00"),
        (1714724100000, "2024-05-03T08:15:00+00:00"),
        (["2024-05-03"], "2024-05-03"),
        ({"@value": "2024-05-03"}, "2024-05-03"),
    ],
)
def test_writes_dates_as_iso_8601(value: object, date: str) -> None:
    facts = facts_of(linked({**ARTICLE, "datePublished": value}))
    assert (facts.published, facts.sources["published"]) == (date, "json-ld:datePublished")


@pytest.mark.parametrize(
    "value",
    [
        *("1970-01-01", "0001-01-01T00:00:00", "2101-01-01", "2024-13-01", "2024-02-30", "soon", "05/03/2024"),
        *(7, True, None, {}, [], 10**400, float("inf"), "²" * 10, "ſep 3, 2024", "٢٠٢٤-٠٥-٠٣"),
    ],
)
def test_passes_over_what_is_no_date(value: object) -> None:
    head = linked({**ARTICLE, "datePublished": value}) + meta(article__published_time="2023-01-02")
    assert facts_of(head).published == "2023-01-02"


def test_takes_dates_far_from_today_alike() -> None:
    for date in ("1994-06-01", "2087-06-01"):
        assert facts_of(meta(article__published_time=date)).published == date
        assert facts_of(body=f"<p class=date>{date}</p><p>It rained.</p>").published == date


@pytest.mark.parametrize(
    ("body", "published", "source"),
    [
        ("<h1>A</h1><time class=entry-date datetime=2024-05-03>May 3</time>", "2024-05-03", "time:datetime"),
        ("<h1>A</h1><p>May 3, 2024 · 4 min read</p>", "2024-05-03", "text:date"),
        ("<div>May 3, 2024</div><h1>A</h1>", "2024-05-03", "text:date"),
        ("<h1>A</h1><p>x</p><div class=post-date>3. Mai 2024</div>", "2024-05-03", "htmldate"),
        ("<h1>A</h1><aside><time datetime=2024-05-03>May 3</time></aside>", "2024-05-03", "htmldate"),
        (
            f"<h1>A</h1><p>The mine was shut on May 3, 2004, by order of the mayor, {'who came down, ' * 3}.</p>",
            None,
            None,
        ),
    ],
)
def test_reads_the_date_that_readers_see(body: str, published: str | None, source: str | None) -> None:
    facts = facts_of(body=body)
    assert (facts.published, facts.sources.get("published")) == (published, source)


def test_takes_the_date_in_the_address_of_the_page() -> None:
    assert facts_of(url="https://quay.example/2024/5/3/gas-leak").published == "2024-05-03"
    assert facts_of(url="https://quay.example/2024/55/gas-leak").published is None


def test_keeps_the_date_of_a_change_apart() -> None:
    body = "<h1>A</h1><p>Updated <time class=updated datetime=2024-06-01>June 1</time></p>"
    facts = facts_of(body=body)
    assert (facts.published, facts.modified) != ("2024-06-01", None)
    assert facts.modified == "2024-06-01"


# Title


@pytest.mark.parametrize(
    ("head", "body", "title"),
    [
        ("<title>Gas leak | The Quay</title>" + meta(og__site_name="The Quay"), "", "Gas leak"),
        ("<title>The Quay: Gas leak</title>" + meta(og__site_name="The Quay"), "", "Gas leak"),
        ("<title>Gas leak - News - The Quay</title>" + meta(og__site_name="Quay"), "<h1>Gas leak</h1>", "Gas leak"),
        ("<title>Rain - a short history of water</title>", "", "Rain - a short history of water"),
        ("<title>Sleep | Health Benefits</title>" + meta(og__site_name="Health"), "", "Sleep | Health Benefits"),
        (meta(og__title="Gas leak at the old…"), f"<h1>{LEAK}</h1>", LEAK),
        (meta(og__title=LEAK), f"<h1>The Quay</h1><h1>{LEAK}</h1>", LEAK),
        (meta(og__title=LEAK, og__site_name="The Quay"), "<h1>The Quay</h1>", LEAK),
        (f"<title>The Tide Log: {LEAK}</title>{meta(og__title=LEAK)}", "<h1>The Tide Log</h1>", LEAK),
        (f"<title>{LEAK} | Opinion</title>", "", LEAK),
        ("<title>Rain | A short history of water</title>", "", "Rain | A short history of water"),
        (meta(og__title=LEAK), "<h1>Leak</h1><h1>Newsletter</h1>", LEAK),
        (meta(og__title="Nobody saw it coming"), f"<h1>{LEAK}</h1>", "Nobody saw it coming"),
        ("<title>Home</title>", "<h1>Home</h1>", "Home"),
        ("", "<h1>30 years of &lt;br&gt; tags</h1>", "30 years of <br> tags"),
        ("", "<svg><title>Arrow</title></svg><h1>Rain</h1>", "Rain"),
        ("", "", None),
    ],
)
def test_takes_the_headline_without_the_site(head: str, body: str, title: str | None) -> None:
    assert facts_of(head, body or "<p>x</p>").title == title


# Site, language, address, licence


def test_names_the_site_by_its_host_where_nothing_else_does() -> None:
    facts = facts_of(url="https://www.quay.example/gas")
    assert (facts.site, facts.sources["site"]) == ("quay.example", "url")


@pytest.mark.parametrize(
    ("head", "lang", "language"),
    [
        ("", "en-GB", "en"),
        ("", "EN", "en"),
        (meta(og__locale="pt_BR"), "", "pt"),
        (meta(og__locale="pt_BR"), "{{lang}}", "pt"),
        ('<meta http-equiv="Content-Language" content="de-AT, en">', "", "de"),
        ("", "und", None),
        ("", "english", None),
    ],
)
def test_takes_the_language_that_is_one(head: str, lang: str, language: str | None) -> None:
    assert facts_of(head, lang=lang).language == language


@pytest.mark.parametrize(
    ("head", "given_url", "url", "source"),
    [
        (f"<link rel=canonical href={HERE}>", f"{THERE}?x=1", HERE, "link:canonical"),
        ("<link rel=canonical href=/a>", THERE, HERE, "link:canonical"),
        ("<base href='https://quay.example/x/'><link rel=canonical href=../a>", None, HERE, "link:canonical"),
        (f"<link rel=canonical href='https://quay.example/'>{meta(og__url=HERE)}", None, HERE, "meta:og:url"),
        ("<link rel=canonical href='javascript:void(0)'>", THERE, THERE, "given"),
        ("<link rel=canonical href='http://[bad'>", THERE, THERE, "given"),
        ("<link rel=canonical href='ftp://quay.example/a'>", None, None, None),
        ("<link rel=canonical href='https://quay.example/'>", None, "https://quay.example/", "link:canonical"),
    ],
)
def test_takes_the_address_that_is_the_page_s(
    head: str, given_url: str | None, url: str | None, source: str | None
) -> None:
    facts = facts_of(head, url=given_url)
    assert (facts.url, facts.sources.get("url")) == (url, source)


@pytest.mark.parametrize(
    ("head", "body", "licence"),
    [
        ("<link rel=license href=https://quay.example/l>", "", "https://quay.example/l"),
        ("", "<a rel=license href=//quay.example/l>x</a>", "https://quay.example/l"),
        ("<meta name=dc.rights content='CC BY 4.0'>", "", "CC BY 4.0"),
        ("<meta name=copyright content='The Quay 2024'>", "", None),
        ("", f"<footer><a href={BY}>CC</a></footer>", BY),
        ("", f"<p>Under <a href={BY}>CC</a> works are shared.</p>", None),
        ("", f"<figure><a rel=license href={BY}>CC</a></figure>", None),
    ],
)
def test_takes_the_licence_of_the_page_and_not_of_a_picture(head: str, body: str, licence: str | None) -> None:
    assert facts_of(head, body or "<p>x</p>").licence == licence


# Forums


def test_knows_a_page_whose_posts_are_the_content() -> None:
    question = {"@type": "Question", "name": "Why does it rain?", "acceptedAnswer": {"@type": "Answer"}}
    assert facts_of(linked({"@type": "DiscussionForumPosting", "headline": "Rain"})).forum
    assert facts_of(linked({"@type": "QAPage", "mainEntity": question})).forum
    assert facts_of(body="<div itemscope itemtype=https://schema.org/QAPage><h1>Why?</h1></div>").forum


def test_keeps_an_article_with_questions_an_article() -> None:
    question = {"@type": "Question", "name": "Why does it rain?", "acceptedAnswer": {"@type": "Answer"}}
    assert not facts_of(linked({"@type": "FAQPage", "mainEntity": [question]})).forum
    assert not facts_of(linked(question, question)).forum
    assert not facts_of(linked({**ARTICLE, "comment": [{"@type": "DiscussionForumPosting"}]})).forum
    body = (
        "<div itemscope itemtype=https://schema.org/FAQPage>"
        "<p itemscope itemtype=https://schema.org/Question>Why?</p></div>"
    )
    assert not facts_of(body=body).forum


# Any page

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.just("2024-05-03"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["@type", "@id", "@graph", "name", "headline", "author", "datePublished", "url"])
            | st.sampled_from(["mainEntity", "mainEntityOfPage", "publisher", "license", "inLanguage", "articleBody"]),
            inner | st.sampled_from(["Article", "Person", "QAPage", "http://[", "#a"]),
            max_size=6,
        )
    ),
    max_leaves=12,
)


@tries(60)
@given(
    VALUES, st.text(max_size=40), st.sampled_from(["author", "date", "og:url", "og:title", "og:locale", "copyright"])
)
def test_never_raises(value: object, text: str, name: str) -> None:
    tree = html.document_fromstring(f"<html><head>{linked(value)}<title>x</title></head><body><h1>y</h1></body></html>")
    clean = "".join(character for character in text if character.isprintable())
    for tag in ("meta", "h1", "time", "link", "a", "base"):
        element = html.Element(tag)
        for attribute in ("content", "datetime", "href", "class", "itemprop", "itemtype", "rel"):
            element.set(attribute, clean)
        element.set("name", name)
        element.text = clean
        tree.append(element)
    facts = page_facts(tree, clean)
    for field in facts.sources:
        stored = getattr(facts, field)
        assert stored
        stored.encode()


@pytest.mark.parametrize(
    "text", ["<p>x", "<!-- x -->", "<br>", "<h1><!-- a --><?b c?></h1>", "<svg><title>a</title></svg>"]
)
def test_survives_pieces_of_pages(text: str) -> None:
    assert isinstance(page_facts(html.fragment_fromstring(text, create_parent=True)), PageFacts)
    for child in html.fragment_fromstring(text, create_parent=True):
        if isinstance(child.tag, str):
            assert isinstance(page_facts(child), PageFacts)
