"""URLs alone on a line, and URLs that belong to the article."""

from __future__ import annotations

import pytest
from articles import PROSE, above, below, inside, plain

from cleaners import Related, clean_text, remove_bare_links

URL = "https://news.example.org/2024/07/03/ferry-runs-on-sundays-again"


@pytest.mark.parametrize(
    "line", [URL, f"<{URL}>", f"{URL} ", "HTTP://NEWS.EXAMPLE.ORG/FERRY", "http://news.example.org/a?b=c#d"]
)
@pytest.mark.parametrize("language", ["en", "ru", "ar", "zh", "hi"])
def test_removes_the_url_of_a_page_alone_on_a_line(line: str, language: str) -> None:
    for text in (above(line, language), inside(line, language), below(line, language)):
        assert clean_text(text).text == plain(language)
        assert remove_bare_links(text).strip() == plain(language)


def test_lifts_the_url_to_the_related_articles() -> None:
    result = clean_text(inside(URL))
    assert result.metadata.related == [Related(title=None, url=URL)]
    assert {edit.rule for edit in result.edits} == {"link.alone"}


def test_gives_the_url_to_the_title_that_it_spells_and_to_no_other() -> None:
    titles = "ALSO READ: Port sells the old ice house\n\nALSO READ: Ferry runs on Sundays again"
    result = clean_text(inside(f"{titles}\n\n{URL}"))
    assert result.metadata.related == [
        Related("Port sells the old ice house"),
        Related("Ferry runs on Sundays again", URL),
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        f"The timetable is printed at {URL} for anyone who cares to look.",
        f"The timetable is at {URL}.",
        f"See {URL}",
        f"[3] {URL}",
        f"Timetable: {URL}",
        f"- {URL}",
        "The site that the council made for the bridge, https://bridge.example.org, has not been changed since.",
        "https://bridge.example.org",
        "https://bridge.example.org/",
        "ferry@example.org",
    ],
)
def test_keeps_a_url_that_the_article_speaks_of(sentence: str) -> None:
    for text in (inside(sentence), below(sentence)):
        assert clean_text(text).text == text
        assert remove_bare_links(text) == text


def test_keeps_a_list_of_references() -> None:
    references = "\n\n".join(f"{URL}/{number}" for number in range(5))
    assert clean_text(below(references)).text == below(references)


@pytest.mark.parametrize("heading", ["Related papers", "The timetable of the ferry", "Port authority, Velm"])
def test_keeps_a_url_below_a_heading_or_a_name(heading: str) -> None:
    for text in (inside(f"{heading}\n\n{URL}"), below(f"{heading}\n\n{URL}")):
        assert clean_text(text).text == text


def test_closes_the_gap_that_a_url_leaves() -> None:
    first, second = PROSE["en"]
    assert remove_bare_links(f"{first}\n\n\n{URL}\n\n{second}") == f"{first}\n\n\n{second}"
    assert clean_text(f"{first}\n\n\n{URL}\n\n\n\n{second}").text == plain()
