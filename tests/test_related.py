"""Pointers to other articles: lines, lists under headings, and what only looks like them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from articles import ALSO_READ, LANGUAGES, PROSE, above, below, inside, plain

from cleaners import PhraseBook, Related, clean_text, remove_also_read

HEADINGS = {
    "en": "Related articles",
    "de": "Mehr zum Thema",
    "fr": "Sur le même sujet",
    "es": "Te puede interesar",
    "pt": "Veja também",
    "it": "Articoli correlati",
    "nl": "Lees ook",
    "pl": "Zobacz także",
    "cs": "Související články",
    "ro": "Articole similare",
    "sv": "Relaterade artiklar",
    "ru": "Читайте также",
    "uk": "Читайте також",
    "kk": "Ұқсас жаңалықтар",
    "tr": "İlgili haberler",
    "ar": "مواضيع ذات صلة",
    "fa": "مطالب مرتبط",
    "hi": "संबंधित ख़बरें",
    "bn": "সম্পর্কিত খবর",
    "ta": "தொடர்புடைய செய்திகள்",
    "te": "సంబంధిత వార్తలు",
    "id": "Artikel terkait",
    "vi": "Tin liên quan",
    "zh": "相关阅读",
    "ja": "関連記事",
    "ko": "관련 기사",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_removes_a_pointer_between_two_paragraphs_and_lifts_its_title(language: str) -> None:
    line = ALSO_READ[language]
    result = clean_text(inside(line, language))
    assert result.text == plain(language)
    assert {edit.cleaner for edit in result.edits} == {"related"}
    (related,) = result.metadata.related
    assert related.title
    assert line.endswith(related.title)
    assert remove_also_read(inside(line, language)) == plain(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_removes_a_list_under_a_heading_below_the_article(language: str) -> None:
    title = ALSO_READ[language].split(":")[-1].split("：")[-1].split("】")[-1].strip()
    titles = [title, f"{title} 2", f"{title} 3"]
    result = clean_text(below("\n".join([HEADINGS[language], *titles]), language))
    assert result.text == plain(language)


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("ALSO READ: Gas leak at the old mine kills five", "Gas leak at the old mine kills five"),
        ("READ MORE: Port sells the old ice house", "Port sells the old ice house"),
        ("READ MORE Port sells the old ice house", "Port sells the old ice house"),
        ("Related article: Shearwaters reach a record", "Shearwaters reach a record"),
        ("Don't miss | Five walks that end at the water", "Five walks that end at the water"),
        ("Don’t miss: Five walks that end at the water", "Five walks that end at the water"),
        ("[Read also] Five walks that end at the water", "Five walks that end at the water"),
        ("» Read next: Who owns the quay?", "Who owns the quay?"),
        ("MORE ON THIS STORY – The night the wall was missed", "The night the wall was missed"),
    ],
)
def test_takes_a_label_in_any_dress(line: str, title: str) -> None:
    result = clean_text(inside(line))
    assert result.text == plain()
    assert result.metadata.related == [Related(title=title)]


def test_lifts_a_title_once_and_gives_it_the_url_that_spells_it() -> None:
    line = "Related article: Harbour museum finds a lost map"
    url = "https://news.example.org/2024/harbour-museum-finds-lost-map"
    first, second = PROSE["en"]
    result = clean_text(f"{first}\n\n{line}\n\n{second}\n\n{url}\n\n{first[:-1]} again.\n\n{line}")
    assert result.metadata.related == [Related("Harbour museum finds a lost map", url)]


@pytest.mark.parametrize("line", ["READ MORE", "Read more", "Continue reading", "MORE ON THE TOPIC:"])
def test_removes_a_label_with_nothing_behind_it(line: str) -> None:
    assert remove_also_read(below(line)) == plain()


def test_removes_a_list_of_headlines_that_blank_lines_part() -> None:
    noise = (
        "MORE ON THE TOPIC:\n\nWho owns the quay?\n\nRhubarb and a very long ledger\n\nThe night the wall was missed"
    )
    result = clean_text(below(noise))
    assert result.text == plain()


def test_ends_a_list_with_its_paragraph() -> None:
    first, second = PROSE["en"]
    noise = "Related articles\nWho owns the quay?\nRhubarb and a very long ledger\nThe night the wall was missed"
    assert remove_also_read(f"{first}\n\n{noise}\n\n{second}") == plain()


def test_keeps_the_heading_of_a_section_that_follows_a_list() -> None:
    first, second = PROSE["en"]
    noise = "Related articles\n\nWho owns the quay?\n\nRhubarb and a very long ledger"
    kept = f"The long wait for the bridge\n\n{second}"
    assert remove_also_read(f"{first}\n\n{noise}\n\n{kept}") == f"{first}\n\n{kept}"


def test_removes_a_button_beside_other_noise_only() -> None:
    assert clean_text(below("Learn more\nShare this article\nFacebook\nTwitter")).text == plain()
    assert clean_text(inside("Learn more")).text == inside("Learn more")


@pytest.mark.parametrize(
    "sentence",
    [
        "Read more than one of the letters and you will find the same hand in all of them, said the archivist.",
        "Read the visitors' book at the shelter and you will find her name on almost every page.",
        "More than forty people came to the meeting. More were turned away at the door.",
        "Also read by the jury were three letters from the widow, none of which had been opened.",
        "Related articles of clothing were found in the ditch, the police said on Tuesday evening.",
        "Recommended doses were exceeded in nine of the fourteen cases, the report says.",
        "Don't miss the point: a bridge is a promise, and this village has had enough of those.",
        "Keep reading aloud, the teacher told them, and the river will seem less loud to you.",
        "“Read more,” was all that he ever told us. “Read more, and read it to the river.”",
        "In pictures of the time the bridge has a roof. In those of our day it has none at all.",
    ],
)
@pytest.mark.parametrize("place", [above, inside, below])
def test_keeps_a_sentence_that_starts_like_a_label(sentence: str, place: Callable[[str], str]) -> None:
    text = place(sentence)
    assert clean_text(text).text == text
    assert remove_also_read(text) == text


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("de", "Lesen Sie auch die Fußnoten, sagte der Archivar, sonst verstehen Sie den Vertrag nicht."),
        ("de", "Mehr zum Thema sagen wollte die Bürgermeisterin am Montag nicht, auch auf Nachfrage nicht."),
        ("fr", "Lire aussi les notes en bas de page, disait l'archiviste, c'est comprendre le contrat."),
        ("es", "Lea también las notas al pie, decía el archivero, y entenderá mejor el contrato."),
        ("ru", "Читайте надписи под ногами, советуют на правом берегу: на каждой доске выжжено имя."),
        ("ru", "Читайте также сноски, говорил архивариус, иначе вы ничего не поймёте в этом договоре."),
        ("ar", "اقرأ ما كُتب على باب المدرسة تعرف كيف انتهت الحكاية، هكذا كان يقول لنا المعلّم."),
        ("hi", "यह भी पढ़ें और वह भी, शिक्षक कहते थे, क्योंकि नदी की कहानी एक किताब में नहीं समाती।"),
        ("zh", "读过几年私塾的周老先生，每天上午坐在靠窗的位置，替不识字的人念信，如今改成了念手机里的消息。"),
        ("ja", "読んでから帰る、というのがここの決まりである。壁際の棚には、乗客が置いていった本が三百冊ほど並ぶ。"),
        ("ko", "관련 기사를 읽던 노인은 안경을 벗고 한참 강을 바라보더니 아무 말 없이 신문을 접었다고 한다."),
        ("tr", "Ayrıca oku dedi öğretmen, çünkü nehrin hikâyesi bir tek kitaba hiçbir zaman sığmaz."),
        ("pl", "Czytaj też przypisy, mówił archiwista, bo bez nich nie zrozumiesz tej umowy ani trochę."),
        ("kk", "Тағы оқыңыз деді мұғалім, өйткені өзен туралы әңгіме бір кітапқа сыймайды және бітпейді."),
    ],
)
def test_keeps_a_sentence_that_starts_like_a_label_in_other_languages(language: str, sentence: str) -> None:
    text = inside(sentence, language)
    assert clean_text(text).text == text
    assert remove_also_read(text) == text


def test_looks_for_phrases_in_the_language_of_the_text_and_in_english() -> None:
    foreign = inside("Czytaj też: The names on the planks", "de")
    assert clean_text(foreign).text == foreign
    assert clean_text(inside("ALSO READ: Die Namen auf den Planken", "de")).text == plain("de")


@pytest.mark.parametrize("label", ["Trending", "Latest", "Recommended", "See also", "Popular", "Related"])
def test_keeps_a_heading_of_the_article_that_might_open_a_list(label: str) -> None:
    first, second = PROSE["en"]
    text = f"{first}\n\n{label}\n\n{second}"
    assert clean_text(text).text == text


def test_keeps_the_links_in_a_sentence_and_the_items_of_a_list() -> None:
    kept = (
        "What to read, by the archivist:\n\n- Read more: a primer for late beginners\n"
        "- Related stories, a novel\n- Also see"
    )
    assert clean_text(inside(kept)).text == inside(kept)


def test_keeps_the_rows_of_a_table() -> None:
    kept = "| Related | Read more | Total |\n| 3 | 4 | 7 |\n| 5 | 6 | 11 |"
    assert clean_text(inside(kept)).text == inside(kept)


def test_looks_for_the_phrases_of_a_user() -> None:
    book = PhraseBook.standard().with_user('[related.harbour.en]\nlabel = ["From the quayside"]', "own.toml")
    noise = inside("From the quayside: Nine lamps and a ledger")
    assert clean_text(noise).text == noise
    result = clean_text(noise, book=book)
    assert result.text == plain()
    assert {edit.rule for edit in result.edits} == {"related.harbour.en"}
