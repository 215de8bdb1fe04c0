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
    "ja": ("川の水位が上がり古い木の橋が流された", "この記事をシェアする"),
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
    result = clean_text(above("CULTURE\n\nThe last steps on the old footbridge\n\nBy Jonquil Harrowby\n5 minute read"))
    assert result.text == plain()
    assert result.metadata.title == "The last steps on the old footbridge"
    assert "title.kicker" in {edit.rule for edit in result.edits}


@pytest.mark.parametrize("language", HEADLINES)
def test_keeps_a_first_line_without_noise_beside_it(language: str) -> None:
    text = above(HEADLINES[language][0], language)
    assert clean_text(text).text == text
    assert lift_title(text) == text


REPORT = {
    "en": (
        "River takes footbridge of upper village, mayor promises new bridge",
        "The bridge was sixty years old. It had been crossed by children, goats and a bishop, and nobody had ever "
        "thought of taking a photograph of it.",
    ),
    "de": (
        "Osk hat alte Holzbrücke mitgerissen: Kinder aus dem Oberdorf müssen eine Stunde laufen",
        "Die Brücke war sechzig Jahre alt. Über sie gingen Kinder, Ziegen und ein Bischof, und niemand hatte je daran "
        "gedacht, sie zu fotografieren.",
    ),
    "ru": (
        "Вода унесла старый пешеходный мост, дети из верхней деревни будут ходить в школу целый час",
        "Мосту было шестьдесят лет. По нему ходили дети, козы и один епископ, и никто ни разу не подумал о том, чтобы "
        "его сфотографировать.",
    ),
}


@pytest.mark.parametrize("language", REPORT)
def test_lifts_a_headline_whose_words_a_plain_report_tells_again(language: str) -> None:
    headline, more = REPORT[language]
    body = f"{plain(language)}\n\n{more}\n\n{more}"
    result = clean_text(f"{headline}\n\n{body}", skip=["duplicate"])
    assert result.text == body
    assert result.metadata.title == headline
    assert clean_text(result.text, skip=["duplicate"]).edits == ()


def test_keeps_a_first_line_that_a_plain_report_does_not_tell_again() -> None:
    text = f"What the old miller liked to say at harvest\n\n{plain()}\n\n{REPORT['en'][1]}\n\n{plain()}"
    assert clean_text(text, skip=["duplicate"]).text == text


def test_keeps_the_heading_of_the_first_of_several_sections() -> None:
    parts = (
        "River and footbridge, children, school and mayor of the upper village",
        "The mill",
        "The weir",
        "The school",
        "The meeting",
    )
    text = "\n\n".join(f"{heading}\n\n{plain()}" for heading in parts)
    assert clean_text(text, skip=["duplicate"]).text == text
    scraped = f"{text}\n\nShare this article"
    assert clean_text(scraped, skip=["duplicate"]).text == text


def test_lifts_one_headline_only() -> None:
    second = "Mayor of the upper village promised new footbridge by summer"
    first = "River takes footbridge of upper village, mayor promises new bridge"
    result = clean_text(f"{first}\n\nShare this article\n\n{second}\n\n{plain()}")
    assert result.metadata.title == first
    assert result.text == f"{second}\n\n{plain()}"


def test_keeps_a_headline_that_hides_another_from_being_taken_when_the_text_is_cleaned_again() -> None:
    headline, more = REPORT["en"]
    body = f"{headline}\n\n{plain()}\n\n{more}\n\n{more}"
    assert clean_text(body, skip=["duplicate"]).metadata.title == headline
    kept = f"The river takes the old footbridge\n\n{body}"
    assert clean_text(f"Share this article\n\n{kept}", skip=["duplicate"]).text == kept
    assert clean_text(kept, skip=["duplicate"]).text == kept


def test_keeps_a_button_nobody_knows_out_of_the_title() -> None:
    result = clean_text(f"Register for our webinar series\n\nShare this article\n\n{plain()}")
    assert result.metadata.title is None


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
