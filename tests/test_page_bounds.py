"""What is bounded in pages that are made to be slow, and that nothing of the article is lost by it."""

from __future__ import annotations

import pytest
from articles import PROSE

from cleaners import Comment, clean_html
from cleaners.page.cleaning import parsed
from cleaners.page.extract import CHILDREN_MAX, ELEMENTS_MAX
from cleaners.page.trees import ATTRIBUTES_MAX, NAME_MAX, too_much_of

ONE, TWO = PROSE["en"]
MANY = " ".join(f"a{number}='>'" for number in range(3 * ATTRIBUTES_MAX))
JSON = '<script type="application/ld+json">{"@type": "Article", "headline": "%s", "articleBody": "%s"}</script>'


def test_the_attributes_of_a_tag_that_are_too_many_go_and_its_text_stays() -> None:
    page = f"<article><p {MANY}>{ONE}</p><p>{TWO}</p></article>"
    assert clean_html(page).text == f"{ONE}\n\n{TWO}"
    (paragraph, _) = parsed(page).iter("p")
    assert paragraph.keys() == [f"a{number}" for number in range(ATTRIBUTES_MAX)]


@pytest.mark.parametrize("holder", ["<!-- {} -->", "<style>{}</style>", "<textarea>{}</textarea>"])
def test_what_only_looks_like_a_tag_does_not_hide_one(holder: str) -> None:
    page = f"<article>{holder.format('<script>')}<p {MANY}>{ONE}</p><p>{TWO}</p></article>"
    assert clean_html(page).text == f"{ONE}\n\n{TWO}"
    assert all(len(paragraph.keys()) <= ATTRIBUTES_MAX for paragraph in parsed(page).iter("p"))


def test_a_script_with_what_looks_like_a_tag_of_many_attributes_is_read_whole() -> None:
    said = f"{'if a <b then c ' + 'and d ' * 2 * ATTRIBUTES_MAX} the end."
    script = JSON % ("Ferry to run again", said)
    root = parsed(f"<article>{script}<p {MANY}>{ONE}</p></article>")
    assert next(root.iter("script")).text.endswith('the end."}')


def test_a_class_too_long_for_a_name_is_still_known_by_its_first_names() -> None:
    page = (
        f"<article><p>{ONE}</p><div class='sharedaddy {'x ' * NAME_MAX}'><p>Share this</p></div><p>{TWO}</p></article>"
    )
    result = clean_html(page)
    assert result.text == f"{ONE}\n\n{TWO}"
    assert [edit.rule for edit in result.edits if "Share" in edit.original] == ["prompt.share"]


def test_the_prose_of_a_page_of_very_many_elements_is_its_article() -> None:
    lists = "<ul>" + "<li><i>a</i></li>" * (ELEMENTS_MAX // 2) + "</ul>"
    menu = "<nav><a href=/a>Home of the people of the valley, with all that they have to say there</a></nav>"
    text = clean_html(f"<html><body>{menu}<article><p>{ONE}</p><p>{TWO}</p>{lists}</article></body></html>").text
    assert text.startswith(f"{ONE}\n\n{TWO}")
    assert "Home" not in text


def test_authors_in_the_lines_of_a_thread_that_is_one_element_are_lifted_with_what_they_say() -> None:
    lines = "".join(f'<b class="fn">Reader {number}</b> said that it was nice {number}.<br>' for number in range(300))
    thread = f'<div id="comments"><div class="comment"><div class="comment-content">{lines}</div></div></div>'
    comments = clean_html(f"<article><p>{ONE}</p><p>{TWO}</p></article>{thread}").metadata.comments
    assert comments == [Comment(f"Reader {n}", None, f"said that it was nice {n}.") for n in range(300)]


def test_elements_behind_a_reference_of_megabytes_are_counted() -> None:
    assert too_much_of(f"<p>&#{'9' * 8_000_000};</p><i>a</i>".encode(), 3) == "elements"


def test_a_paragraph_of_more_elements_than_any_is_read_all_the_same() -> None:
    shared = "The owls <span class='sharedaddy'>Share</span> of the harbour were there. " * (CHILDREN_MAX + 1)
    text = clean_html(f"<article><p>{ONE}</p><p>{shared}</p><p>{TWO}</p></article>").text
    assert text.startswith(f"{ONE}\n\nThe owls")
    assert text.endswith(f"were there.\n\n{TWO}")
    assert text.count("The owls Share of the harbour were there.") == CHILDREN_MAX + 1
