"""Whole pages: the article, what is lifted, and the account of everything else."""

from __future__ import annotations

import subprocess
import sys

import pytest
from articles import LANGUAGES, PROSE
from folders import PROJECT
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
