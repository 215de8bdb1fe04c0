"""Dumps of whole pages: the line model removes menus, teasers and footers there, and is not asked elsewhere."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from cleaners import PhraseBook, apply, clean_html, clean_text, remove_boilerplate, revert
from cleaners.boilerplate import ARTICLE_MIN, RULE, described, scores
from cleaners.survey import document_of

MENU = """Harbour Gazette - The ferry is back
Skip to content
Search
Menu
Home
News
Town Hall
Schools
Weather
Sport
Rowing
Football
Culture
Obituaries
Opinion
Letters
Columns
Podcasts
Puzzles
Travel
Food
Garden
Business
Markets
Classifieds
Jobs
Property
Sign in
Subscribe"""

ARTICLE = """The ferry to the outer islands ran on Tuesday for the first time since the storm, and was late again.

"We had to wait for the tide," said the harbour master, who has run the crossing for nineteen years.

About four hundred people live on the islands. In January they were cut off for eleven days, and flour ran out.

The council will decide in March whether the pier is to be rebuilt, which the engineers say would take two summers.

Until then the ferry sails at half past seven and at noon, when the water stands high enough at the old landing stage.

Nobody on the islands expects the pier before the winter after next, but the shop has bought flour for a month."""

FOOT = """More from Town Hall
Library to open on Sundays
Bus stop moved after complaint
Old mill sold at auction
Skate park: what we know so far
Follow us
Facebook
Instagram
About us
Contact
Advertise
Privacy policy
Terms of use
Cookie settings
© 2024 Harbour Gazette. All rights reserved."""

DUMP = "\n".join((MENU.replace("\n", "\n\n"), "", ARTICLE, "", FOOT.replace("\n", "\n\n")))


def test_the_menus_and_the_foot_of_a_dump_go_and_every_sentence_of_the_article_stays() -> None:
    result = clean_text(DUMP)
    assert [line for line in ARTICLE.split("\n\n") if line not in result.text] == []
    assert not {"Obituaries", "Classifieds", "Rowing", "Old mill sold at auction"} & set(result.text.split("\n"))
    assert any(edit.rule == RULE for edit in result.edits)


def test_each_edit_of_the_model_has_the_probability_that_the_line_is_the_article_s() -> None:
    edits = [edit for edit in clean_text(DUMP).edits if edit.cleaner == "boilerplate"]
    assert edits
    assert all(edit.score is not None and 0 <= edit.score < ARTICLE_MIN for edit in edits)
    assert all(edit.score is None for edit in clean_text(DUMP).edits if edit.cleaner != "boilerplate")


def test_a_cleaned_dump_is_clean_and_leads_back_to_its_source() -> None:
    result = clean_text(DUMP)
    assert clean_text(result.text).text == result.text
    assert apply(DUMP, result.edits) == result.text
    assert revert(result.text, result.edits) == DUMP


@pytest.mark.parametrize(
    "text",
    [
        ARTICLE,
        # Many short lines, but nothing that a rule knows for noise: a poem, a list, a play.
        "\n".join(["What we packed", *MENU.split("\n")[4:18], "", ARTICLE]),
        # Lists and plays, in which a few lines look like buttons.
        "\n".join(
            f"{role}\n{name} {role}s" for role in ("Director", "Camera", "Sound", "Light") for name in "ABCDEFGHI"
        ),
        "\n".join(f"ANNA\n{line}\nTOM\nNo." for line in ["Follow me.", "Home.", "Contact!", "Share?", "Login!"] * 12),
        # Noise below the article only, as a scraper leaves it.
        f"{ARTICLE}\n\n{FOOT}",
        "",
    ],
)
def test_the_model_is_not_asked_where_a_text_does_not_look_like_a_dump(text: str) -> None:
    assert not any(edit.cleaner == "boilerplate" for edit in clean_text(text).edits)


def test_the_model_can_be_left_out() -> None:
    assert not any(edit.cleaner == "boilerplate" for edit in clean_text(DUMP, skip=["boilerplate"]).edits)


def test_the_model_is_not_asked_about_pages_whose_article_the_extractor_chose() -> None:
    lines = "".join(f"<p>{line}</p>" for line in DUMP.split("\n") if line)
    result = clean_html(f"<html><body><div>{lines}</div></body></html>".encode())
    assert not any(edit.cleaner == "boilerplate" for edit in result.edits)


def test_called_by_its_name_it_takes_any_text_for_a_dump() -> None:
    text = f"Home\n\nNews\n\nSport\n\nVideo\n\n{ARTICLE}"
    assert remove_boilerplate(text) == ARTICLE


def test_called_by_its_name_it_leaves_a_text_alone_in_which_nothing_is_an_article() -> None:
    assert remove_boilerplate("Home\n\nNews\n\nSport") == "Home\n\nNews\n\nSport"


def test_lines_around_and_place_are_features_too() -> None:
    document = document_of(f"Menu\n\n{ARTICLE}", PhraseBook.standard())
    first, second, *_ = described(document.blocks, document.language)
    assert "first" in first
    assert "after:kind:paragraph" in first
    assert {"before:length:0", "sentences:0"} <= set(second)
    assert any(feature.startswith("place:") for feature in second)


def test_every_line_has_a_probability_and_prose_has_the_higher_one() -> None:
    document = document_of(DUMP, PhraseBook.standard())
    found = dict(zip((block.text for block in document.blocks), scores(document), strict=True))
    assert all(0 < score < 1 for score in found.values())
    assert found["Obituaries"] < ARTICLE_MIN < found[ARTICLE.split("\n\n")[2]]


def test_a_text_without_words_is_no_fault() -> None:
    assert remove_boilerplate("***\n\n—\n\n###") in ("***\n\n—\n\n###", "")


def test_the_weights_name_features_of_form_and_never_a_word() -> None:
    weights = json.loads((resources.files("cleaners") / "boilerplate.json").read_bytes())
    document = document_of(DUMP, PhraseBook.standard())
    known = {feature.split(":")[0] for line in described(document.blocks, "en") for feature in line}
    seldom = {
        "after-open",
        "goes-on",
        "money",
        "quotes",
        "asks",
        "address",
        "date",
        "name",
        "capitals-only",
        "repeated",
    }
    assert {name.split(":")[0] for name in weights} - known - seldom <= {"bias"}


def test_keeps_dialogue_in_a_dump() -> None:
    said = ['"Scared?"', '"No."', '"Hungry?"', '"Slow, then."', '"Again?"', '"Again."']
    result = clean_text("\n".join([MENU, ARTICLE.replace("\n\n", "\n"), *said, FOOT]))
    assert RULE in {edit.rule for edit in result.edits}
    assert [line for line in said if line not in result.text] == []
