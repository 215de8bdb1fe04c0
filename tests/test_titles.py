"""Headlines above an article, lifted; standfirsts, datelines and headings of sections, kept."""

from __future__ import annotations

import pytest
from articles import above, inside, plain

from cleaners import clean_text, lift_title

HEADLINES = {
    "en": ("The river takes the old footbridge", "Share this article"),
    "de": ("Der Fluss nimmt die alte Brücke mit", "Artikel teilen"),
    "fr": ("La rivière emporte la vieille passerelle du village", "Partager cet article"),
    "es": ("El río se lleva la vieja pasarela", "Compartir este artículo"),
    "ru": ("Река унесла старый пешеходный мост", "Поделиться статьей"),
    "ar": ("النهر يجرف الجسر الخشبي القديم", "شارك المقال"),
    "hi": ("नदी लकड़ी का पुराना पुल बहा ले गई", "इस लेख को शेयर करें"),
    "zh": ("河水冲走村口六十年的旧木桥", "分享到：\n微信\n微博\nQQ空间"),
    "ja": ("川が六十年の木の橋を流した夜のこと", "この記事をシェアする"),
    "ko": ("강물이 육십 년 된 나무다리를 쓸어 갔다", "기사 공유하기"),
    "tr": ("Nehir eski ahşap köprüyü alıp götürdü", "Haberi paylaş"),
    "pl": ("Rzeka zabrała starą drewnianą kładkę", "Udostępnij artykuł"),
    "kk": ("Өзен ескі жаяу көпірді ағызып кетті", "Жарнама\nБөлісу:\nFacebook\nWhatsApp\nTelegram"),
}


@pytest.mark.parametrize("language", HEADLINES)
@pytest.mark.parametrize("order", [1, -1], ids=["headline first", "noise first"])
def test_lifts_the_headline_that_noise_shows(language: str, order: int) -> None:
    lines = HEADLINES[language]
    result = clean_text(above("\n\n".join(lines[::order]), language))
    assert result.text == plain(language)
    assert result.metadata.title == lines[0]


def test_removes_the_kicker_above_a_headline_but_does_not_lift_it() -> None:
    result = clean_text(
        above("CULTURE\n\nThe last gardener of the Glasshouse Theatre\n\nBy Jonquil Harrowby\n5 minute read")
    )
    assert result.text == plain()
    assert result.metadata.title == "The last gardener of the Glasshouse Theatre"
    assert "title.kicker" in {edit.rule for edit in result.edits}


@pytest.mark.parametrize("language", HEADLINES)
def test_keeps_a_first_line_without_noise_beside_it(language: str) -> None:
    text = above(HEADLINES[language][0], language)
    assert clean_text(text).text == text
    assert lift_title(text) == text


def test_keeps_a_standfirst_below_the_headline() -> None:
    standfirst = "For sixty years it was crossed by children, goats and one bishop. Nobody had thought of a photograph."
    kept = f"{standfirst}\n\n{plain()}"
    assert clean_text(f"The river takes the old footbridge\n\nShare this article\n\n{kept}").text == kept


def test_keeps_a_standfirst_that_follows_a_tumultuous_headline_without_a_full_stop() -> None:
    head = "By: Dan Orrock\n\nThe river takes the old footbridge\n\nPhoto: Iona Pell"
    standfirst = "After a tumultuous year the valley chooses to stay on its own side of the water"
    assert clean_text(f"{head}\n\n{standfirst}\n\n{plain()}").text == f"{standfirst}\n\n{plain()}"


@pytest.mark.parametrize("heading", ["Summary", "What happened", "The day before:", "1. The bridge that nobody drew"])
def test_keeps_the_heading_of_a_section(heading: str) -> None:
    text = above(heading)
    assert clean_text(f"Share this article\n\n{text}").text == text
    assert lift_title(text) == text


def test_keeps_a_heading_inside_the_article() -> None:
    text = inside("The long wait for the bridge")
    assert clean_text(f"Share this article\n\n{text}").text == text


@pytest.mark.parametrize("dateline", ["VELM – ", "VELM, Osk Valley (AP) — ", "Oberwolmen – "])
def test_keeps_a_dateline(dateline: str) -> None:
    text = f"{dateline}{plain()}"
    assert clean_text(f"The river takes the old footbridge\n\nShare this article\n\n{text}").text == text


def test_lifts_nothing_where_no_article_follows() -> None:
    assert clean_text("The river takes the old footbridge\n\nShare this article").metadata.title is None
