"""Credit and copyright lines, and the sentences that speak of reporters, sources and rights."""

from __future__ import annotations

import pytest
from articles import ALSO_READ, LANGUAGES, above, below, inside, plain

from cleaners import PhraseBook, clean_text, lift_credits

AGENCY = {
    "en": "Lukas Penhale contributed to this report.",
    "de": "Mit Material von dpa",
    "fr": "Avec AFP",
    "es": "Con información de EFE",
    "pt": "Com informações da Reuters",
    "it": "Fonte: Ansa",
    "nl": "Bron: ANP",
    "pl": "Źródło: PAP",
    "cs": "Zdroj: ČTK",
    "ro": "Sursa: Agerpres",
    "sv": "Källa: TT",
    "ru": "По материалам агентств",
    "uk": "Джерело: Укрінформ",
    "kk": "Дереккөз: ҚазАқпарат",
    "tr": "Kaynak: AA",
    "ar": "المصدر: وكالات",
    "fa": "منبع: ایسنا",
    "hi": "स्रोत: भाषा",
    "bn": "সূত্র: বাসস",
    "ta": "நன்றி: வார இதழ்",
    "te": "మూలం: పీటీఐ",
    "id": "Sumber: Antara",
    "vi": "Nguồn: TTXVN",
    "zh": "来源：新华社",
    "ja": "出典：共同通信",
    "ko": "출처: 연합뉴스",
}
RIGHTS = {
    "en": "All rights reserved",
    "de": "Alle Rechte vorbehalten",
    "fr": "Tous droits réservés",
    "es": "Todos los derechos reservados",
    "pt": "Todos os direitos reservados",
    "it": "Tutti i diritti riservati",
    "nl": "Alle rechten voorbehouden",
    "pl": "Wszelkie prawa zastrzeżone",
    "cs": "Všechna práva vyhrazena",
    "ro": "Toate drepturile rezervate",
    "sv": "Alla rättigheter förbehållna",
    "ru": "Все права защищены",
    "uk": "Усі права захищено",
    "kk": "Барлық құқықтар қорғалған",
    "tr": "Tüm hakları saklıdır",
    "ar": "جميع الحقوق محفوظة",
    "fa": "تمامی حقوق محفوظ است",
    "hi": "सर्वाधिकार सुरक्षित",
    "bn": "সর্বস্বত্ব সংরক্ষিত",
    "ta": "அனைத்து உரிமைகளும் பாதுகாக்கப்பட்டவை",
    "te": "అన్ని హక్కులు ప్రత్యేకించబడినవి",
    "id": "Hak cipta dilindungi undang-undang",
    "vi": "Bản quyền thuộc về",
    "zh": "版权所有",
    "ja": "無断転載を禁じます",
    "ko": "무단전재 및 재배포 금지",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_removes_an_agency_below_the_article_in_a_text_with_other_noise(language: str) -> None:
    text = f"{inside(ALSO_READ[language], language)}\n\n{AGENCY[language]}"
    assert clean_text(text).text == plain(language)
    assert lift_credits(below(AGENCY[language], language)) == plain(language)


@pytest.mark.parametrize("language", ["en", "de", "fr", "es", "pt", "ru"])
def test_lifts_the_agency(language: str) -> None:
    text = f"{inside(ALSO_READ[language], language)}\n\n{AGENCY[language]}"
    assert clean_text(text).metadata.credits == [AGENCY[language]]


@pytest.mark.parametrize("language", LANGUAGES)
def test_removes_a_copyright_line_below_the_article(language: str) -> None:
    assert clean_text(below(RIGHTS[language], language)).text == plain(language)
    assert lift_credits(below(RIGHTS[language], language)) == plain(language)


@pytest.mark.parametrize(
    "line",
    [
        "Reuters contributed reporting to this article.",
        "Lukas Penhale and Runa Sleight contributed to this report.",
        "Additional reporting by Lukas Penhale. Edited by Runa Sleight.",
        "(Reporting by Lukas Penhale; Editing by Runa Sleight)",
        "This article was originally published by The Valley Gazette.",
        "With files from Runa Sleight",
    ],
)
def test_lifts_a_credit_line_as_it_stands(line: str) -> None:
    result = clean_text(f"{inside(ALSO_READ['en'])}\n\n{line}")
    assert result.text == plain()
    assert result.metadata.credits == [line]


def test_lifts_who_contributed_also_in_a_text_that_is_clean_otherwise() -> None:
    line = "Lukas Penhale contributed to this report."
    assert clean_text(below(line)).metadata.credits == [line]
    weaker = "With files from Runa Sleight"
    assert clean_text(below(weaker)).text == below(weaker)


def test_lifts_a_credit_once() -> None:
    line = "Lukas Penhale contributed to this report."
    assert clean_text(f"{inside(line)}\n\n{line}").metadata.credits == [line]


@pytest.mark.parametrize(
    "sentence",
    [
        "Reporting by phone from the upper village, the boy said that the goats had all been found alive.",
        "Source of the river is a bog that three villages have claimed for as long as there have been three.",
        "Copyright in the song was claimed by the ferryman, whose grandfather had sung it to the goats.",
        "With files from four offices on his knees, the engineer sat in the mill and waited for the mayor.",
        "All rights reserved for the fishermen in the old charter are still good, the judge in Velm held.",
        "The bishop, Reuters reported on Monday, had never crossed the bridge without taking off his shoes.",
        "Editing by candle-light is bad for the eyes, said the editor of the Gazette, and he lit another.",
    ],
)
@pytest.mark.parametrize("place", ["above", "inside"])
def test_keeps_a_sentence_about_reporters_sources_and_rights(sentence: str, place: str) -> None:
    text = {"above": above, "inside": inside}[place](sentence)
    assert clean_text(text).text == text


def test_keeps_a_long_paragraph_that_ends_like_a_credit() -> None:
    long = (
        f"{plain().replace(chr(10), ' ')} What the river took it has not given back, and "
        "nobody contributed to this report"
    )
    text = inside(long)
    assert lift_credits(text) == text


def test_keeps_a_copyright_line_that_the_article_shows() -> None:
    screen = "Osk Computers, boot loader 1.1\nAll rights reserved\nPress a key to go on"
    text = f"{plain()}\n\n{screen}\n\n{plain()}\n\n{plain('de')}"
    assert lift_credits(text) == text


def test_keeps_the_sources_of_a_table() -> None:
    kept = "| Source | Via | Metres |\n| Source: mill | Via: weir | 2 |"
    assert clean_text(inside(kept)).text == inside(kept)


def test_takes_the_credits_of_a_user() -> None:
    toml = '[credit.valley.en]\npattern = ["(?:from|for) the valley desk(?: \\\\(.*\\\\))?"]'
    book = PhraseBook.standard().with_user(toml, "own.toml")
    result = clean_text(inside(f"{ALSO_READ['en']}\n\nFrom the Valley desk (Velm)"), book=book)
    assert result.text == plain()
    assert result.metadata.credits == ["From the Valley desk (Velm)"]
