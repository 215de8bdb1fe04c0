"""Whole pages: the article, what is lifted, the account of everything else, and pages that are broken."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from functools import partial

import pytest
from articles import LANGUAGES, PROSE
from counting import grows_evenly
from folders import PROJECT
from lxml.etree import tostring
from test_page_extract import ARTICLE, BODY, FIVE, FOOT, FOUR, MENU, ONE, THREE, TWO, paragraphs

from cleaners import CleanResult, Comment, PhraseBook, apply, clean_html, clean_text, fingerprint, revert
from cleaners.decode import NotText
from cleaners.page.blocks import blocks_of, visible_text
from cleaners.page.cleaning import parsed

TEXT = "\n\n".join(ARTICLE)

THREAD = """<section id="comments" class="comments-area"><h2 class="comments-title">2 thoughts</h2>
    <ol class="comment-list"><li id="comment-1" class="comment even"><article class="comment-body">
    <footer class="comment-meta"><div class="comment-author vcard"><b class="fn">Ana Ruiz</b></div>
    <div class="comment-metadata"><a href="#c1"><time datetime="2024-05-03">May 3, 2024 at 8:00 am</time></a></div>
    </footer><div class="comment-content"><p>I was there.</p><p>It was cold.</p></div>
    <div class="reply"><a href="#">Reply</a></div></article><ol class="children"><li id="comment-2" class="comment odd">
    <article class="comment-body"><footer class="comment-meta"><div class="comment-author vcard"><b>Ben</b></div>
    <div class="comment-metadata"><time>May 4</time></div></footer><div class="comment-content"><p>And the owls?</p>
    </div></article></li></ol></li></ol><div id="respond"><h3>Leave a Reply</h3><form><label>Name</label>
    <button>Post Comment</button></form></div></section>"""

HEAD = """<title>Ferry to run again | Velm Courier</title><meta property="og:site_name" content="Velm Courier">
    <meta property="article:published_time" content="2024-05-03T08:00:00+02:00"><meta name="author" content="Ana Ruiz">
    <link rel="canonical" href="https://velm.example/ferry">"""

NOISE = {
    "byline": '<p class="byline">By Ana Ruiz</p>',
    "prompt": '<div class="sharedaddy"><p>Share this with a friend</p></div>',
    "caption": '<figure><img><figcaption class="text">The quay. Photo: Henna Castell</figcaption></figure>',
    "related": """<div class="related-posts"><h3>Related</h3>
        <p><a href="/owls">Owls found in a shed by the harbour</a></p></div>""",
    "donation": '<div class="donation-box"><p>Support the Courier with 10 $</p></div>',
    "comments": THREAD,
}
"""A widget of each noise type that has widgets."""


def page(article: str = BODY, *, head: str = HEAD, after: str = "") -> str:
    return f"""<!DOCTYPE html><html lang="en"><head>{head}</head><body>{MENU}<div id="content"><article>
        <h1>Ferry to run again</h1>{article}</article>{after}</div>{FOOT}</body></html>"""


FULL = page(
    f"{NOISE['byline']}{NOISE['prompt']}{NOISE['caption']}<p>{ONE}</p><p>{TWO}</p>{NOISE['related']}"
    f'<p><a href="/x">ALSO READ: Gas leak at the old mine</a></p><p>{THREE}</p>{NOISE["donation"]}<p>{FOUR}</p>'
    f"<p>{FIVE}</p>",
    after=THREAD,
)


def checked(html: str | bytes, **options: object) -> CleanResult:
    """The result, with all checked that holds for any page: every visible word is in one kept block or one edit."""
    result = clean_html(html, **options)  # type: ignore[arg-type]
    assert apply(result.source, result.edits) == result.text
    assert revert(result.text, result.edits) == result.source
    state = [0] * len(result.source)
    for edit in result.edits:
        assert 0 <= edit.start <= edit.end <= len(result.source)
        assert edit.original == result.source[edit.start : edit.end]
        assert edit.original != edit.replacement
        for place in range(edit.start, edit.end):
            state[place] += 1
    assert all(count <= 1 for count in state)
    covered = [False] * len(result.source)
    for block in result.blocks:
        for place in range(block.start, block.end):
            assert not covered[place]
            covered[place] = True
    for place, character in enumerate(result.source):
        assert character.isspace() or covered[place] or state[place]
    return result


def reason(html: str | bytes, **options: object) -> str:
    with pytest.raises(NotText) as caught:
        clean_html(html, **options)  # type: ignore[arg-type]
    return caught.value.reason


# The article and what is lifted


def test_the_article_comes_out_of_the_page() -> None:
    assert checked(FULL).text == TEXT


def test_a_page_of_nothing_but_the_article_stays_as_it_is() -> None:
    result = checked(BODY)
    assert result.text == TEXT
    assert result.edits == ()


def test_the_source_is_the_visible_text() -> None:
    assert checked(FULL).source == visible_text(blocks_of(parsed(FULL)))


def test_each_edit_says_who_removed_what() -> None:
    removed = {edit.original.strip(): edit.rule for edit in checked(FULL).edits}
    assert removed["Ferry to run again"] == "title.of-page"
    assert removed["By Ana Ruiz"].startswith("byline.")
    assert removed["Share this with a friend"] == "prompt.share"
    assert removed["The quay. Photo: Henna Castell"] == "caption.microdata"
    assert removed["Owls found in a shed by the harbour"] == "related.named"
    assert removed["Gas leak at the old mine"] == "related.also-read.en"
    assert removed["Support the Courier with 10 $"] == "donation.named"
    assert removed["I was there."] == "comments.wordpress"
    # Blocks that were not chosen and follow each other are one stretch.
    assert removed["Home\nTown\nSport"] == "extractor.not-chosen"
    assert next(rule for text, rule in removed.items() if text.startswith("Contact us")) == "extractor.not-chosen"


def test_the_page_says_what_it_is() -> None:
    metadata = checked(FULL).metadata
    assert metadata.title == "Ferry to run again"
    assert metadata.byline == "Ana Ruiz"
    assert metadata.published == "2024-05-03T08:00:00+02:00"
    assert metadata.site == "Velm Courier"
    assert metadata.language == "en"
    assert metadata.url == "https://velm.example/ferry"
    assert metadata.captions == ["The quay. Photo: Henna Castell"]
    assert [related.title for related in metadata.related] == [
        "Owls found in a shed by the harbour",
        "Gas leak at the old mine",
    ]
    for field in ("title", "byline", "published", "site", "language", "url"):
        assert metadata.sources[field]


def test_a_page_that_does_not_say_when_or_who_is_asked_below_its_headline() -> None:
    html = page(f"<p>By Ana Ruiz</p><p>May 3, 2024</p>{BODY}", head="<title>Ferry to run again</title>")
    result = checked(html)
    assert result.text == TEXT
    assert result.metadata.byline == "Ana Ruiz"


def test_the_url_given_is_that_of_the_page_when_it_names_none() -> None:
    result = checked(page(head=""), url="https://velm.example/given")
    assert result.metadata.url == "https://velm.example/given"
    assert result.metadata.sources["url"] == "given"


def test_comments_are_lifted_with_author_and_time() -> None:
    assert checked(FULL).metadata.comments == [
        Comment("Ana Ruiz", "May 3, 2024 at 8:00 am", "I was there.\n\nIt was cold."),
        Comment("Ben", "May 4", "And the owls?"),
    ]


def test_comments_leave_the_text_but_are_not_lifted_without_leave() -> None:
    result = checked(FULL, comments=False)
    assert result.text == TEXT
    assert result.metadata.comments == []
    assert not any((edit.field or "").startswith("comments") for edit in result.edits)
    assert [edit.original for edit in result.edits if edit.cleaner == "comments"]


def test_a_thread_longer_than_the_article_goes() -> None:
    thread = "".join(
        f"""<li class="comment"><div class="comment-author">Ana {number}</div><div class="comment-content"><p>{text}</p>
            </div></li>"""
        for number, text in enumerate(paragraphs(30))
    )
    result = checked(page(after=f'<div id="comments"><ol class="comment-list">{thread}</ol></div>'))
    assert result.text == TEXT
    assert [comment.author for comment in result.metadata.comments] == [f"Ana {number}" for number in range(30)]


def test_headlines_of_related_articles_have_their_addresses() -> None:
    related = checked(FULL, url="https://velm.example/ferry").metadata.related
    assert [(each.title, each.url) for each in related] == [
        ("Owls found in a shed by the harbour", "https://velm.example/owls"),
        ("Gas leak at the old mine", "https://velm.example/x"),
    ]


def test_a_headline_that_links_to_what_is_no_url_has_none() -> None:
    broken = FULL.replace('href="/owls"', 'href="http://[owls"')
    related = checked(broken, url="https://velm.example/ferry").metadata.related
    assert [(each.title, each.url) for each in related] == [
        ("Owls found in a shed by the harbour", None),
        ("Gas leak at the old mine", "https://velm.example/x"),
    ]


@pytest.mark.parametrize(
    "head",
    [
        '<b class="fn">Ana</b> <time>May 3</time>',
        '<div><cite class="fn"><a href=/ana>Ana</a></cite> says:</div><p><time>May 3</time></p>',
        '<div class="comment-author vcard"><b class="fn">Ana</b> <span class="says">wrote:</span></div>'
        '<div><span class="comment-date"><i></i> May 3</span></div>',
    ],
)
def test_author_and_time_of_a_comment_are_lifted_out_of_a_line(head: str) -> None:
    thread = f'<div id="comments"><div class="comment">{head}<p class="comment-text">Nice.</p></div></div>'
    sentence = "The river rose by two metres in the night and took the old footbridge with it. "
    result = checked(f"<article><p>{sentence * 2}</p><p>{sentence * 3}</p></article>{thread}")
    assert [(each.author, each.time, each.text) for each in result.metadata.comments] == [("Ana", "May 3", "Nice.")]


def test_paragraphs_are_the_text_of_a_comment_that_does_not_say_what_is() -> None:
    item = """<li class="comment"><span class="author">Bo</span> <span class="date">4 May 2024</span>
        <p>Great wheel, I saw it turn on Sunday.</p><a href="#r">Reply</a></li>"""
    sentence = "The river rose by two metres in the night and took the old footbridge with it. "
    page = f"""<article><p>{sentence * 2}</p><p>{sentence * 3}</p></article>
        <div id="comments"><ol class="commentlist">{item}</ol></div>"""
    comments = checked(page).metadata.comments
    assert [(each.author, each.text) for each in comments] == [("Bo", "Great wheel, I saw it turn on Sunday.")]


def test_the_date_of_a_comment_is_not_that_of_the_article() -> None:
    sentence = "The river rose by two metres in the night and took the old footbridge with it. "
    page = f"""<article><p>{sentence * 2}</p><p>{sentence * 3}</p></article><div id="comments"><div class="comment">
        <b class="fn">Bo</b><time datetime="2024-05-04T10:00">4 May 2024</time><p>It turns.</p></div></div>"""
    assert checked(page).metadata.published is None


POSTS = (
    "How do I keep owls out of a boat that nobody has used in nineteen years, without hurting them?",
    "You wait until autumn, and then you put a wire mesh over the hatch before the spring comes round again.",
    "Play them the radio, loud and all day. My uncle did that with the bats in his chapel, and it worked well.",
)
FORUM_HEAD = """<title>Owls in a boat</title><script type="application/ld+json">{"@context": "https://schema.org",
    "@type": "DiscussionForumPosting", "headline": "Owls in a boat"}</script>"""


@pytest.mark.parametrize(
    ("start", "post"),
    [
        ('<div class="thread">', '<div class="post"><h4>Ana</h4><p>{}</p></div>'),
        (
            '<div id="comments">',
            '<div class="comment"><div class="comment-author">A</div><div class="comment-body"><p>{}</p></div></div>',
        ),
        ('<ol class="comment-list">', '<li class="comment"><div class="comment-content"><p>{}</p></div></li>'),
    ],
)
def test_a_forum_keeps_its_posts(start: str, post: str) -> None:
    posts = "".join(post.format(text) for text in POSTS)
    html = f"<html><head>{FORUM_HEAD}</head><body>{MENU}<h1>Owls in a boat</h1>{start}{posts}</body></html>"
    assert [line for line in checked(html).text.splitlines() if line in POSTS] == list(POSTS)


def test_questions_and_answers_stay() -> None:
    question, *answers = POSTS
    said = "".join(
        f"""<div itemprop="suggestedAnswer" itemscope itemtype="https://schema.org/Answer"><div itemprop="text">
            <p>{answer}</p></div></div>"""
        for answer in answers
    )
    html = f"""<body>{MENU}<div itemscope itemtype="https://schema.org/QAPage"><div itemprop="mainEntity" itemscope
        itemtype="https://schema.org/Question"><h1 itemprop="name">Owls in a boat</h1><div itemprop="text">
        <p>{question}</p></div>{said}</div></div>{FOOT}</body>"""
    assert checked(html).text == "\n\n".join(POSTS)


def test_an_interview_stays() -> None:
    said = "<p><strong>Velm Courier:</strong> And the owls?</p><p><strong>Varga:</strong> The owls have been told.</p>"
    asked = "<p><strong>Why did nobody ask for nineteen years?</strong></p><p>Everybody thought that somebody had.</p>"
    result = checked(page(f"<p>{ONE}</p>{asked}<p>{TWO}</p>{said}<p>{THREE}</p>"))
    assert "Why did nobody ask for nineteen years?\n\nEverybody thought that somebody had." in result.text
    assert "Velm Courier: And the owls?\n\nVarga: The owls have been told." in result.text


def linked(body: str, *, more: str = "") -> str:
    return f"""<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
        "headline": "Ferry to run again", "articleBody": "{body}"{more}}}</script>"""


@pytest.mark.parametrize("shell", ['<div id="root"></div>', '<div id="root"><p>Loading</p></div>', f"{MENU}{FOOT}"])
def test_a_page_that_a_script_renders_gives_the_article_of_its_json_ld(shell: str) -> None:
    head = linked("\\n\\n".join(ARTICLE), more=', "author": {"@type": "Person", "name": "Ana Ruiz"}')
    result = checked(f"<html><head>{head}</head><body>{shell}<script src=a></script></body></html>")
    assert result.text == TEXT
    assert result.metadata.title == "Ferry to run again"
    assert result.metadata.byline == "Ana Ruiz"
    assert {block.xpath for block in result.blocks} == {"/html/head/script"}


def test_the_article_of_the_json_ld_is_cleaned_too() -> None:
    head = linked("\\n".join([ONE, TWO, "ALSO READ: Gas leak at the old mine", THREE]))
    result = checked(f"<html><head>{head}</head><body><div id=root></div></body></html>")
    assert result.text == "\n\n".join([ONE, TWO, THREE])


def test_a_page_that_shows_its_article_has_no_use_for_its_json_ld() -> None:
    result = checked(page(head=linked("Something else was said here, at length, and it is not the article.")))
    assert result.text == TEXT


def test_a_short_page_without_paragraphs_comes_out_whole() -> None:
    lines = [
        "The ferry runs again on Sundays.",
        "Nobody knows how long it will.",
        "The owls were asked to leave, and left.",
    ]
    fonts = [f"<font>{line}</font>" for line in lines]
    assert checked(f"<center>{fonts[0]}<br><br>{fonts[1]}</center><center>{fonts[2]}</center>").text == "\n\n".join(
        lines
    )


# The order of the text


def test_paragraphs_are_parted_by_a_blank_line_and_items_by_a_line_end() -> None:
    items = ["a boat with two oars and a bell", "five owls, all of them young"]
    listed = "<ul>" + "".join(f"<li>{item}</li>" for item in items) + "</ul>"
    result = checked(page(f"<p>{ONE}</p>\n\n\n<p>{TWO}</p>{listed}<p>{THREE}</p>"))
    assert result.text == f"{ONE}\n\n{TWO}\n\n{items[0]}\n{items[1]}\n\n{THREE}"


def test_a_removed_block_leaves_one_blank_line() -> None:
    result = checked(page(f"<p>{ONE}</p><p>{TWO}</p>{NOISE['prompt'] * 3}<p>{THREE}</p>"))
    assert result.text == f"{ONE}\n\n{TWO}\n\n{THREE}"


def test_verse_keeps_its_lines() -> None:
    verse = ["The tide was out", "the moon was in", "the ferry slept", "beneath its tin"]
    result = checked(page(f"<p>{ONE}</p><p>{'<br>'.join(verse)}</p><p>{TWO}</p><p>{THREE}</p>"))
    assert "\n".join(verse) in result.text


def test_a_listing_keeps_its_indentation() -> None:
    listing = "def ferry(day):\n    if day == 'Sunday':\n        return True"
    result = checked(page(f"<p>{ONE}</p><p>{TWO}</p><pre><code>{listing}</code></pre><p>{THREE}</p>"))
    assert listing in result.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_articles_of_every_language_come_out_whole(language: str) -> None:
    body = "".join(f"<p>{text}</p>" for text in PROSE[language])
    html = f'<html lang="{language}"><head><title>x</title></head><body>{MENU}<article>{body}</article></body></html>'
    result = checked(html)
    assert result.text == "\n\n".join(PROSE[language])
    assert result.metadata.language == language


# The account


def test_kept_blocks_name_the_element_that_holds_them() -> None:
    result = checked(FULL)
    root = parsed(FULL)
    for block in result.blocks:
        (element,) = root.getroottree().xpath(block.xpath)
        assert result.source[block.start : block.end] in " ".join("".join(element.itertext()).split())
    assert [result.source[block.start : block.end] for block in result.blocks] == list(ARTICLE)


def test_edits_of_the_rules_name_the_element_that_held_the_text() -> None:
    root = parsed(FULL)
    for edit in checked(FULL).edits:
        if edit.xpath is not None:
            (element,) = root.getroottree().xpath(edit.xpath)
            assert edit.original.strip() in " ".join("".join(element.itertext()).split())
        else:
            assert edit.cleaner == "extractor" or edit.rule == "repair.spacing"


@pytest.mark.parametrize("noise", NOISE)
def test_a_noise_type_that_is_skipped_is_left_alone(noise: str) -> None:
    words = {
        "byline": "By Ana Ruiz",
        "prompt": "Share this with a friend",
        "caption": "The quay. Photo: Henna Castell",
        "related": "Owls found in a shed by the harbour",
        "donation": "Support the Courier with 10 $",
        "comments": "It was cold.",
    }
    assert words[noise] not in checked(FULL).text
    result = checked(FULL, skip=[noise])
    assert noise not in {edit.cleaner for edit in result.edits}
    # What no cleaner may remove, the extractor still may.
    assert words[noise] in checked(FULL, skip=[noise, "extractor"]).text


def test_the_title_stays_when_it_is_skipped() -> None:
    result = checked(FULL, skip=["title"])
    assert result.text == f"Ferry to run again\n\n{TEXT}"
    assert result.metadata.title == "Ferry to run again"


def test_everything_stays_when_everything_is_skipped() -> None:
    everything = [*NOISE, "title", "extractor", "credit", "link", "duplicate", "repair"]
    result = checked(FULL, skip=everything)
    assert result.edits == ()
    assert result.text == result.source


def test_repairs_are_made_in_pages_too() -> None:
    damaged = page(BODY.replace("Mayor Ilse Varga", "Mayor Ilse VargaÃ©"))
    assert "VargaÃ©" in checked(damaged, skip=["repair"]).text
    assert "Vargaé" in checked(damaged).text


def test_a_book_of_your_own_is_used() -> None:
    book = PhraseBook.standard().with_user('[prompt.house.en]\nline = ["join the reading club"]\n', "house.toml")
    html = page(f"<p>{ONE}</p><p>{TWO}</p><p>Join the reading club</p><p>{THREE}</p>")
    assert "reading club" not in checked(html, book=book).text


def test_settings_are_in_the_fingerprint() -> None:
    assert fingerprint(comments=False) != fingerprint()
    assert fingerprint(skip=["extractor"]) != fingerprint()


def test_the_same_page_gives_the_same_result_each_time() -> None:
    first = checked(FULL)
    for _ in range(3):
        again = clean_html(FULL)
        assert (again.text, again.edits, again.blocks) == (first.text, first.edits, first.blocks)


# Text and bytes


def test_bytes_and_text_give_the_same() -> None:
    html = FULL.replace("Velm voted", "Vélm voted")
    wanted = checked(html)
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1252"):
        label = f'<meta charset="{encoding}">' if encoding == "cp1252" else ""
        found = checked(html.replace("<head>", f"<head>{label}").encode(encoding))
        assert (found.text, found.source) == (wanted.text, wanted.source)


def test_the_server_says_the_encoding() -> None:
    result = checked(
        page().replace("Varga", "Żarga").encode("iso-8859-2"), content_type="text/html; charset=iso-8859-2"
    )
    assert "Żarga" in result.text


def test_text_is_not_decoded_again_whatever_it_says() -> None:
    head = '<meta charset="iso-8859-2"><meta http-equiv="Content-Type" content="text/html; charset=koi8-r">'
    for start in ("", '<?xml version="1.0" encoding="iso-8859-1"?>', "\ufeff"):
        assert "Żarga" in checked(start + page(head=head).replace("Varga", "Żarga")).text


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8"])
@pytest.mark.parametrize("label", ["utf-8", "iso-8859-1", "shift_jis", "no-such"])
def test_a_wrong_label_does_not_spoil_the_text(encoding: str, label: str) -> None:
    html = page(head=f'<meta charset="{label}">').replace("Varga", "Värgä é à ö")
    assert "Värgä é à ö" in checked(html.encode(encoding)).text


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


# What it costs


def test_trafilatura_is_loaded_only_when_a_page_is_cleaned() -> None:
    code = """import sys, cleaners
cleaners.clean_text("Polls closed.")
print({"trafilatura", "lxml", "bs4"} & set(sys.modules))
cleaners.clean_html("<p>Polls closed at eight.")
print({"trafilatura", "lxml"} - set(sys.modules))"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PROJECT)
    assert done.stdout.splitlines() == ["set()", "set()"]


def test_the_text_of_a_page_is_clean_text() -> None:
    assert clean_text(checked(FULL).text).edits == ()
