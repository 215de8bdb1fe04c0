"""Pages with nothing to read, pages that are broken, and pages that are too large for anything but a machine."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import pytest
from counting import grows_evenly
from lxml.etree import tostring
from test_clean_html import FULL, TEXT, checked, page, reason
from test_page_extract import ARTICLE, BODY, FIVE, FOUR, ONE, THREE, TWO, paragraphs

from cleaners import clean_html
from cleaners.decode import NotText
from cleaners.page.cleaning import parsed

# Nothing to read


@pytest.mark.parametrize(
    ("html", "wanted"),
    [
        (b"", {"empty"}),
        ("", {"empty", "no-elements"}),
        (b" \n\t", {"blank"}),
        (" \n\t", {"blank", "no-elements"}),
        ("<!-- nothing -->", {"blank", "no-elements"}),
        ("<!DOCTYPE html>", {"blank", "no-elements"}),
        ("<html></html>", {"blank"}),
        ("<html><body><p> </p>&nbsp;</body></html>", {"blank"}),
        ("<html><body><p hidden>x</p><img alt=boat></body></html>", {"blank"}),
        (b"%PDF-1.4 \xe2\xe3", {"binary"}),
        (b"\x89PNG\r\n\x1a\n", {"binary"}),
        (bytes(range(256)) * 40, {"binary"}),
        ("<div>" * 100_000 + "x", {"too-deep"}),
        ("<frameset cols='50%,50%'><frame src='menu.html'><frame src='text.html'></frameset>", {"frames"}),
        ("<body><iframe src='https://other.example/a'></iframe></body>", {"frames"}),
        ("<body><div id='root'></div><script src='app.js'></script></body>", {"script-rendered"}),
        ("<body><noscript>Please enable JavaScript.</noscript><script>go()</script></body>", {"script-rendered"}),
    ],
)
def test_a_page_with_nothing_to_read_says_why(html: str | bytes, wanted: set[str]) -> None:
    assert reason(html) in wanted


def test_what_is_in_frames_is_named() -> None:
    with pytest.raises(NotText, match=r"menu\.html, text\.html"):
        clean_html("<frameset><frame src=menu.html><frame src=text.html></frameset>")


def test_the_depth_that_is_too_deep_is_refused_and_not_cut() -> None:
    depth = 1_000
    assert checked("<div>" * depth + BODY + "</div>" * depth).text == TEXT
    assert reason("<div>" * 3_000 + BODY + "</div>" * 3_000) == "too-deep"


# Broken pages


def test_plain_text_is_what_a_browser_would_show_of_it() -> None:
    assert checked(f"{ONE}\n{TWO} 3 < 4 & so on").text == f"{ONE} {TWO} 3 < 4 & so on"


@pytest.mark.parametrize(
    "tail", ["<p>And", "<p>And <a href='htt", "<p>And</", "<p>And<", "<p>And <img src=a", "<p>And &am"]
)
def test_a_page_that_was_cut_off_keeps_what_is_there(tail: str) -> None:
    result = checked(f"<html><body><article>{BODY}{tail}")
    assert result.text.startswith(TEXT)
    assert "And" in result.source


def test_a_page_cut_off_anywhere_is_read_or_refused() -> None:
    for end in range(0, len(FULL), 61):
        with suppress(NotText):
            checked(FULL[:end])


@pytest.mark.parametrize(
    "html",
    [
        BODY.replace("</p>", ""),
        f"<div><p>{'<p><b>'.join(ARTICLE)}",
        f"<html><body><div><font><i><table><tr><td>{BODY}",
        f"<html><body></div></div></p>{BODY}</html>",
        f"<p>{'</p></div><p>'.join(ARTICLE)}</span>",
        f"<html><head><title>x{'</title>'}<body>{BODY}",
        f"<!foo><?php echo 1; ?>{BODY}<//>",
        f"<html><body>{BODY}<a href='unclosed>x</a>",
        f"<html><body>{BODY}<!-- never closed",
        f"<html><body>{BODY}<script>var x = 1;",
        f"<b>{'<b>' * 500}{BODY}",
        f"<a name=x>{'<a name=y>' * 500}{BODY}",
        f"<![CDATA[ x ]]>{BODY}",
    ],
)
def test_what_is_not_closed_is_read_as_a_browser_would(html: str) -> None:
    text = checked(html).text
    for paragraph in ARTICLE:
        assert paragraph in text


@pytest.mark.parametrize(
    ("html", "last"),
    [
        (f"<html><body>{BODY}</body><body><p>{TWO.replace('Mayor', 'Captain')}</p></body></html>", "Captain"),
        (
            f"<html><body>{BODY}</body></html><html><body><p>{TWO.replace('Mayor', 'Captain')}</p></body></html>",
            "Captain",
        ),
        (f"<html><body>{BODY}</body></html><p>{TWO.replace('Mayor', 'Captain')}</p>", "Captain"),
        (f"<html><body>{BODY}</body></html>\n<!-- x -->\n{TWO.replace('Mayor', 'Captain')}", "Captain"),
        (f"<html><body><p>Loading</p></body></html><div><article>{BODY}</article></div>", "The owls"),
    ],
)
def test_what_stands_behind_the_end_of_the_page_is_read(html: str, last: str) -> None:
    result = checked(html)
    assert last in result.source
    assert last in result.text


def test_text_above_the_page_is_read_but_no_article() -> None:
    warning = "Warning: mysql_connect() in /srv/www/x.php on line 3"
    result = checked(f"{warning} {page()}")
    assert warning in result.source
    assert TEXT in result.text


def test_plaintext_ends_the_page() -> None:
    result = checked(f"{BODY}<plaintext><p>{TWO.replace('Mayor', 'Captain')}</p>")
    assert result.text.startswith(TEXT)
    assert "<p>Captain Ilse Varga" in result.source.replace("Mayor", "Captain")


def test_a_script_that_closes_itself_as_xml_does_not_swallow_the_page() -> None:
    html = f"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"
        "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"><html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title>
        <script src="a.js"/></head><body><div/><a name="top"/>{BODY}<br/><hr/></body></html>"""
    assert checked(html).text == TEXT


@pytest.mark.parametrize("character", ["\0", "\x01", "\x08", "\x0b", "\x1f", "\x7f", "\ud800", "\ufffe", "\uffff"])
def test_characters_that_are_no_text_go(character: str) -> None:
    result = checked(page(BODY.replace("Tuesday", f"Tue{character}sday")))
    assert result.text == TEXT


@pytest.mark.parametrize(
    "reference",
    ["&#0;", "&#1;", "&#8;", "&#11;", "&#31;", "&#x1F;", "&#127;", "&#xD800;", "&#xFFFE;", "&#xFFFF;", "&#x110000;"],
)
def test_references_to_characters_that_are_no_text_lose_no_sentence(reference: str) -> None:
    result = checked(page(BODY.replace("Tuesday", f"Tue{reference}sday")))
    for paragraph in (TWO, THREE, FOUR, FIVE):
        assert paragraph in result.text
    assert result.text.startswith("The council of Velm voted on Tue")
    assert not set(result.text) & {"\0", "\x01", "\x08", "\x0b", "\x1f", "\x7f", "\ufffe", "\uffff"}


@pytest.mark.parametrize("reference", ["&#8217;", "&rsquo;", "&#x2019;", "&#146;"])
def test_references_to_characters_are_read(reference: str) -> None:
    assert "the boat’s owls" in checked(page(BODY.replace("a family of owls", f"the boat{reference}s owls"))).text


def test_bytes_of_nothing_between_letters_go() -> None:
    assert checked(page().encode().replace(b"Tuesday", b"Tue\0sday")).text == TEXT


def test_frames_with_a_text_for_those_without_frames_are_frames() -> None:
    assert reason(f"<frameset><frame src=a.html><noframes><body>{BODY}</body></noframes></frameset>") == "frames"


def test_attributes_of_any_kind_are_taken() -> None:
    odd = " ".join(f'a{number}="{number}"' for number in range(2_000))
    odd += """ {x} "y" style=":;:" class="a\nb\tc" id='a"b'"""
    article = f"<p {odd}>{ONE}</p><p class=a class=b>{TWO}</p><p =x>{THREE}</p>"
    assert checked(page(article)).text == f"{ONE}\n\n{TWO}\n\n{THREE}"


def test_tag_names_of_any_kind_are_taken() -> None:
    article = f'<fb:like>x</fb:like><p>{ONE}</p><foo"bar><p>{TWO}</p></foo"bar><o:p><p>{THREE}</p></o:p><p>{FOUR}</p>'
    result = checked(page(article))
    for paragraph in (ONE, TWO, THREE, FOUR):
        assert paragraph in result.text
    root = parsed(page(article))
    for block in result.blocks:
        assert len(root.getroottree().xpath(block.xpath)) == 1


def test_the_page_given_is_not_changed_by_the_next() -> None:
    first = parsed(FULL)
    before = tostring(first)
    clean_html(FULL)
    assert tostring(first) == before


# Size


@pytest.mark.parametrize(
    ("piece", "size"),
    [
        ("<i></i>", 1_000),
        ("<p>a</p>", 300),
        ("a<br>", 300),
        ("<a href=x>b</a> ", 500),
        ("<li>a b</li>", 300),
        ("<table><tr><td>a</td><td>b</td></tr></table>", 200),
        (f"<p>{ONE}</p>", 100),
        ('<div class="related-posts"><a href=x>Owls found in a shed by the harbour</a></div>', 150),
        ('<li class="comment"><b>Ana</b><p>Nice.</p></li>', 150),
        ("<pre>line of code;\nline of code;</pre>", 150),
        (f"{ONE} ", 500),
    ],
    ids=["empty", "short", "breaks", "links", "items", "tables", "same", "related", "comments", "code", "text"],
)
def test_the_work_grows_as_the_page_does(piece: str, size: int) -> None:
    assert grows_evenly(lambda size: partial(clean_html, page(BODY + piece * size)), size)


@pytest.mark.torture
def test_an_article_of_five_megabytes_is_read() -> None:
    lines = paragraphs(34_000)
    html = page("".join(f"<p>{line}</p>" for line in lines))
    assert len(html) > 5_000_000
    assert len(clean_html(html).text) > 4_500_000


@pytest.mark.parametrize("megabytes", [11, pytest.param(50, marks=pytest.mark.torture)])
def test_a_paragraph_of_many_megabytes_is_read(megabytes: int) -> None:
    text = (ONE + " ") * (megabytes * 1_000_000 // len(ONE))
    assert len(clean_html(f"<p>{text}</p>").text) == len(text) - 1 > megabytes * 1_000_000


@pytest.mark.parametrize("tags", [100_000, pytest.param(1_000_000, marks=pytest.mark.torture)])
def test_a_page_of_many_tags_is_read(tags: int) -> None:
    assert clean_html(page(BODY + "<i></i>" * (tags // 2))).text == TEXT
