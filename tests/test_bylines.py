"""Who wrote an article and when, lifted; author boxes and biographies, removed; people and dates of the text, kept."""

from __future__ import annotations

import pytest
from articles import ALSO_READ, LANGUAGES, PROSE, above, below, inside, plain

from cleaners import clean_text, lift_byline

HEADS = {
    "en": ("By ", "Ana Ruiz", "May 3, 2024"),
    "de": ("Von ", "Ana Ruiz", "3. Mai 2024"),
    "fr": ("Par ", "Ana Ruiz", "3 mai 2024"),
    "es": ("Por ", "Ana Ruiz", "3 de mayo de 2024"),
    "pt": ("Por ", "Ana Ruiz", "3 de maio de 2024"),
    "it": ("Di ", "Ana Ruiz", "3 maggio 2024"),
    "nl": ("Door ", "Ana Ruiz", "3 mei 2024"),
    "pl": ("Autor: ", "Ana Ruiz", "3 maja 2024"),
    "cs": ("Autor: ", "Ana Ruiz", "3. května 2024"),
    "ro": ("De ", "Ana Ruiz", "3 mai 2024"),
    "sv": ("Av ", "Ana Ruiz", "3 maj 2024"),
    "ru": ("Автор: ", "Анна Рувская", "3 мая 2024, 10:42"),
    "uk": ("Автор: ", "Ганна Рувська", "3 травня 2024"),
    "kk": ("Авторы: ", "Әлима Сержанқызы", "3 мамыр 2024"),
    "tr": ("Yazan: ", "Ana Ruiz", "3 Mayıs 2024"),
    "ar": ("بقلم: ", "سهى المرجاني", "3 مايو 2024"),
    "fa": ("نویسنده: ", "سارا قلی‌پور", "۳ مه ۲۰۲۴"),
    "hi": ("लेखक: ", "मृणालिनी खरवार", "3 मई 2024"),
    "bn": ("লেখক: ", "আনা রুইজ", "3 মে 2024"),
    "ta": ("எழுதியவர்: ", "ஆனா ரூயிஸ்", "3 மே 2024"),
    "te": ("రచయిత: ", "ఆనా రూయిజ్", "3 మే 2024"),
    "id": ("Oleh ", "Ana Ruiz", "3 Mei 2024"),
    "vi": ("Tác giả: ", "Ana Ruiz", "3 tháng 5, 2024"),
    "zh": ("作者：", "沈砚秋", "2024年5月3日"),
    "ja": ("文：", "藤枝そよか", "2024年5月3日"),
    "ko": ("", "구에다 기자", "2024년 5월 3일"),
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_lifts_the_byline_and_the_date_above_an_article(language: str) -> None:
    label, name, date = HEADS[language]
    text = above(f"{label}{name}\n{date}", language)
    result = clean_text(text)
    assert result.text == plain(language)
    assert (result.metadata.byline, result.metadata.published) == (name, date)
    assert lift_byline(text) == plain(language)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("By Ana Ruiz", "Ana Ruiz"),
        ("BY ANA RUIZ", "ANA RUIZ"),
        ("• By: Ana Ruiz", "Ana Ruiz"),
        ("By Ana Ruiz and Jon Fell", "Ana Ruiz and Jon Fell"),
        ("By Ana Ruiz, Jon Fell and Ivo Dunn", "Ana Ruiz, Jon Fell and Ivo Dunn"),
        ("By Ana Ruiz | The Valley Gazette", "Ana Ruiz"),
        ("By Ana Ruiz on May 3, 2024", "Ana Ruiz"),
        ("Written by Ana María de la Cruz", "Ana María de la Cruz"),
        ("Words by Ana Ruiz · 5 min read", "Ana Ruiz"),
    ],
)
def test_lifts_the_name_alone(line: str, name: str) -> None:
    result = clean_text(above(f"{line}\nMay 3, 2024"))
    assert result.text == plain()
    assert result.metadata.byline == name


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Published on May 3, 2024", "May 3, 2024"),
        ("Published: 3 May 2024, 10:42 am", "3 May 2024, 10:42 am"),
        ("2024-05-03", "2024-05-03"),
        ("03.05.2024, 10:42", "03.05.2024, 10:42"),
        ("Friday 3 May 2024 08:15", "Friday 3 May 2024 08:15"),
        ("3 hours ago", "3 hours ago"),
    ],
)
def test_lifts_the_date_as_it_is_printed(line: str, date: str) -> None:
    result = clean_text(above(f"By Ana Ruiz\n{line}"))
    assert result.text == plain()
    assert result.metadata.published == date


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "5 minute read"),
        ("de", "Lesezeit: 4 Minuten"),
        ("fr", "Temps de lecture : 4 min"),
        ("ru", "Время чтения: 4 минуты"),
    ],
)
def test_removes_a_reading_time_beside_a_byline(language: str, line: str) -> None:
    label, name, _ = HEADS[language]
    assert clean_text(above(f"{label}{name}\n{line}", language)).text == plain(language)


def test_removes_an_author_box_under_its_heading() -> None:
    box = "About the author\n\nAna Ruiz is a freelance writer and has written about rivers for fifteen years."
    assert clean_text(below(box)).text == plain()
    assert lift_byline(below(box)).endswith("planks.")


def test_removes_a_name_with_the_biography_below_it() -> None:
    box = (
        "Ana Ruiz\n"
        "Ana Ruiz has walked along every river of the country and written of most of them. She lives in an old "
        "mill with two dogs and a boat."
    )
    result = clean_text(below(box))
    assert result.text == plain()
    assert {edit.rule for edit in result.edits} == {"byline.box"}


def test_removes_a_biography_of_who_is_named_in_the_byline() -> None:
    biography = (
        "Ana Ruiz is arts correspondent of the Gazette. She has written for many papers, has been writing about rivers "
        "for fifteen years, and is based in Velm with two dogs."
    )
    text = f"By Ana Ruiz\n\n{below(biography)}"
    assert clean_text(text).text == plain()


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Ana Ruiz | May 3, 2024", "May 3, 2024"),
        ("May 3, 2024 — 7 minutes read", "May 3, 2024"),
        ("Ana Ruiz 03 May 2024 River News 7 Comments", "03 May 2024"),
        ("January 20th, 2025 by Ana Ruiz", "January 20th, 2025"),
        ("Ana Ruiz · 2024-05-03 · Rivers", "2024-05-03"),
        ("May 3, 2024", "May 3, 2024"),
    ],
)
def test_lifts_the_date_from_a_line_above_a_scraped_article(line: str, date: str) -> None:
    text = above(line)
    result = clean_text(f"{text}\n\n{ALSO_READ['en']}")
    assert result.text == plain()
    assert result.metadata.published == date
    assert clean_text(text).text == text


@pytest.mark.parametrize(
    "line",
    ["The ferry sank on May 3, 2024", "The flood of May 2024", "Open from May 3 to May 9", "1950 to 2024"],
)
def test_keeps_a_line_with_a_date_that_is_no_byline(line: str) -> None:
    assert clean_text(f"{above(line)}\n\n{ALSO_READ['en']}").text == above(line)


@pytest.mark.parametrize("role", ["Senior Political Reporter", "Editor of the Gazette", "Founder & Editor"])
def test_removes_the_name_and_role_above_an_article_beside_a_date(role: str) -> None:
    byline = f"Ana Ruiz\n\n{role}\n\nMay 3, 2024"
    result = clean_text(f"{above(byline)}\n\n{ALSO_READ['en']}")
    assert result.text == plain()
    assert result.metadata.byline == "Ana Ruiz"


@pytest.mark.parametrize(
    "box",
    [
        "Ana Ruiz\n\nAna Ruiz has walked along every river of the country, and she lives in an old mill with a boat.",
        "Ana Ruiz\n\nNews Editor\n\nAs news editor of the paper, Ana has walked along every river of the land.",
        "Ana Ruiz Founder & Editor\n\nAna is the one who has walked along every river of the country and back.",
        "Written by Ana Ruiz\n\nHi, I'm Ana! I have walked along every river of the country and know every mill.",
    ],
)
def test_removes_a_biography_below_a_name_that_the_article_never_says(box: str) -> None:
    assert clean_text(f"{inside(ALSO_READ['en'])}\n\n{box}").text == plain()


@pytest.mark.parametrize(
    "section",
    [
        "Edda Quill\n\nEdda Quill has been the mayor of the valley for nine years, and she wants to be for nine more.",
        "The Bottom Line\n\nThe river takes what it wants, and the bottom line of all plans is drawn by water.",
        "Oak Planks\n\nIt takes two hundred of them to cross the river, and the mayor says they are on their way.",
    ],
)
def test_keeps_a_last_section_with_a_heading_like_a_name(section: str) -> None:
    text = f"{plain()}\n\n{section}"
    assert clean_text(f"{inside(ALSO_READ['en'])}\n\n{section}").text == text


@pytest.mark.parametrize(
    "sentence",
    [
        "By Tuesday the water had fallen by a metre, and the first of the old oak piles could be seen again.",
        "By Velm the river is a hundred metres wide, and nobody has ever built a bridge there, or wanted one.",
        "By the mill, by the weir and by the old school the water stood as high as a man for three days.",
        "Updated plans for a bridge of stone were shown on Monday, and it was said that they would cost less.",
        "Published in the year of the flood, the book is still the best that there is about the old ferry.",
        "Edited by her son, the letters of the miller's wife fill four volumes, and there are more to come.",
        "Five minutes read on a clock that has stood still since the flood are five minutes all the same.",
        "Ana Ruiz is a writer, and that is why nobody in the valley tells her anything about the river.",
    ],
)
@pytest.mark.parametrize("place", ["above", "inside"])
def test_keeps_a_sentence_that_starts_like_a_byline(sentence: str, place: str) -> None:
    text = {"above": above, "inside": inside}[place](sentence)
    assert clean_text(text).text == text
    assert lift_byline(text) == text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Von Ana Ruiz stammt der Satz, dass eine Brücke ein Versprechen ist, das andere halten müssen."),
        ("fr", "Par Ana Ruiz, on apprit enfin pourquoi le pont n'avait jamais été payé par le village du haut."),
        ("ru", "Автор этих строк сам ходил по старому мосту каждый день и ни разу не посмотрел вниз на воду."),
        ("ar", "كتبت الرسالة امرأة من القرية العليا، ولم يعرف أحد اسمها حتى جاء الربيع وجاء معه الجسر."),
        ("zh", "作者在书里说，这条河从来不听人的话，人也从来没有认真听过它的话，所以桥总是修不长久。"),
        ("ja", "文と絵で残された記録によれば、橋は六十年前の夏に村の人たちの手で架けられたという話である。"),
        ("ko", "기자들이 다녀간 뒤에도 다리는 놓이지 않았고 아이들은 여전히 한 시간을 걸어 학교에 다녔다."),
        ("pl", "Autor listu prosił, żeby mostu nie budować, bo rzeka i tak zabierze wszystko, co jej się da."),
        ("tr", "Yazan kişi köprünün yapılmamasını istiyordu, çünkü nehir ona verilen her şeyi geri alır."),
    ],
)
def test_keeps_a_sentence_that_starts_like_a_byline_in_other_languages(language: str, sentence: str) -> None:
    text = inside(sentence, language)
    assert clean_text(text).text == text
    assert lift_byline(text) == text


def test_keeps_dates_that_head_the_days_of_a_diary() -> None:
    kept = "\n\n".join(
        f"{day} May\n\n"
        f"The water stood at the {step} step of the mill in the morning, and at the same step in the evening."
        for day, step in [(3, "second"), (4, "third"), (5, "fourth")]
    )
    assert clean_text(kept).text == kept
    assert clean_text(f"{kept}\n\n{plain()}").text == f"{kept}\n\n{plain()}"


def test_keeps_a_list_of_dates() -> None:
    kept = "The boats go on these days:\n\n- 3 May 2024\n- 10 May 2024\n- 17 May 2024"
    assert clean_text(inside(kept)).text == inside(kept)


def test_keeps_the_authors_in_a_list_of_books() -> None:
    titles = ["The Weir", "Nine Years", "A Promise of Planks", "Oak", "Stone", "Words", "The Ferryman's Hat"]
    kept = "\n\n".join(f"{title}\nby Ana Ruiz" for title in titles)
    assert lift_byline(kept) == kept
    assert clean_text(f"{plain()}\n\n{kept}").text == f"{plain()}\n\n{kept}"


def test_keeps_the_authors_below_the_books_of_a_short_list() -> None:
    names = {"The Weir": "Ana Ruiz", "Nine Years": "Jon Fell", "Oak": "Ivo Dunn", "Planks": "Mia Sallow"}
    kept = "\n\n".join(f"{title}\nby {name}" for title, name in names.items())
    text = f"{kept}\n\n{plain()}\n\n{ALSO_READ['en']}"
    assert clean_text(text).text == f"{kept}\n\n{plain()}"


def test_keeps_a_name_that_is_a_heading_in_the_article() -> None:
    text = inside("Edda Quill")
    assert clean_text(f"{text}\n\n{ALSO_READ['en']}").text == text


@pytest.mark.parametrize(
    "sentence", ["By June, nobody came.", "By Lake Hulme, we stopped to eat.", "By Marta Lind, of course."]
)
def test_keeps_a_sentence_that_starts_with_by(sentence: str) -> None:
    text = f"{PROSE['en'][0]}\n\n{sentence}\n\n{PROSE['en'][1]}\n\nShare this article\n\n{sentence}"
    assert clean_text(text).text.count(sentence) >= 1
    assert sentence in lift_byline(f"{PROSE['en'][0]}\n\n{sentence}")


STORM = "\n\n".join(
    f"The storm took {n} roofs on the island, and the mayor asked the county for tiles." for n in range(5)
)


@pytest.mark.parametrize(
    "line", ["ana.ruiz@example.org", "twitter.com/anaruiz", "@anaruiz", "https://www.linkedin.com/in/ana-ruiz"]
)
def test_a_line_below_the_article_that_only_says_where_its_author_is_reached_goes(line: str) -> None:
    assert clean_text(f"Share this article\n\n{STORM}\n\n{line}").text == STORM


@pytest.mark.parametrize("line", ["Write to ana.ruiz@example.org for tiles.", "ana.ruiz@example.org"])
def test_keeps_addresses_in_sentences_and_amid_the_article(line: str) -> None:
    text = f"{STORM}\n\n{line}\n\n{STORM.replace('roofs', 'doors')}"
    assert line in clean_text(f"Share this article\n\n{text}").text


@pytest.mark.parametrize("tour", ["{tour}\n\n{storm}", "{storm}\n\nTour dates\n\n{tour}"])
def test_keeps_the_dates_and_places_of_a_tour(tour: str) -> None:
    towns = ["Leeds", "York", "Hull", "Bath", "Derby", "Exeter", "Truro", "Poole"]
    dates = "\n".join(f"May {day}, 2024\n{town} Town Hall" for day, town in enumerate(towns, 1))
    assert dates in clean_text(tour.format(tour=dates, storm=STORM)).text


BIOGRAPHY = (
    "With a long life on the water behind her, Ruiz has written about rivers for fifteen years. She lives in Velm "
    "with two dogs and a boat."
)


def test_removes_a_biography_that_names_the_person_above_it_late() -> None:
    text = f"{plain()}\n\n{ALSO_READ['en']}\n\nAna Ruiz\n{BIOGRAPHY}"
    result = clean_text(text)
    assert result.text == plain()
    assert "byline.box" in {edit.rule for edit in result.edits}


def test_removes_all_lines_of_the_paragraph_of_a_biography() -> None:
    more = "The book about the Osk took her four winters and is in its third printing."
    biography = (
        "Ana Ruiz is a freelance writer who has written about rivers for fifteen years, and most of what she knows of "
        "them she learned in a boat."
    )
    assert clean_text(below(f"Ana Ruiz\n{biography}\n{more}")).text == plain()


@pytest.mark.parametrize(
    "text",
    [
        # No noise in the text: the last word of the article may be about somebody.
        f"{plain()}\n\nAna Ruiz\n{BIOGRAPHY}",
        # The text speaks of one person after the other.
        f"{ALSO_READ['en']}\n\n{plain()}\n\n"
        + "\n\n".join(f"{name} Ruiz\n{BIOGRAPHY}" for name in ("Ana", "Eva", "Ida", "Mia", "Pia")),
    ],
)
def test_keeps_a_paragraph_under_a_name_that_is_no_biography_of_the_author(text: str) -> None:
    assert BIOGRAPHY in clean_text(text).text


def test_removes_the_date_of_another_article_below_a_scraped_one_and_keeps_that_of_an_event() -> None:
    noise = "Privacy Policy\nTerms of Use\n\nThe pier\n\nThe mill\n\nThe school"
    assert "2023" not in clean_text(f"{plain()}\n\n{noise}\n\nThe old bridge\n\nMay 3, 2023").text
    assert "Saturday 14:00" in clean_text(f"{plain()}\n\n{noise}\n\nLock City v Aldern United\n\nSaturday 14:00").text
