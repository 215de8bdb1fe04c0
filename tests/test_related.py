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


def guide(sections: int) -> list[str]:
    """The paragraphs of a long text without any noise in it."""
    return [f"{PROSE['en'][number % 2]} That was in the year {1900 + number}." for number in range(sections)]


def test_keeps_the_pointers_of_a_long_guide_that_is_clean() -> None:
    paragraphs = guide(24)
    paragraphs[6:6] = ["Read more: How to choose the right oar"]
    paragraphs[16:16] = ["Read more: What a ferry costs in winter"]
    text = "\n\n".join(paragraphs)
    assert clean_text(text).text == text
    assert "Read more" not in remove_also_read(text)


@pytest.mark.parametrize("other", ["Share this article", "Advertisement"])
def test_removes_pointers_from_a_long_article_that_shows_other_noise(other: str) -> None:
    paragraphs = guide(24)
    paragraphs[6:6] = ["Read more: How to choose the right oar", *guide(1), other]
    result = clean_text("\n\n".join(paragraphs))
    assert "Read more" not in result.text
    assert other not in result.text


def test_removes_pointers_in_capitals_from_any_text() -> None:
    paragraphs = guide(24)
    paragraphs[6:6] = ["READ MORE: How to choose the right oar"]
    assert clean_text("\n\n".join(paragraphs)).text == "\n\n".join(guide(24))


TITLES = ["Who owns the quay after the flood?", "Rhubarb and a very long ledger", "The night the wall was missed"]


@pytest.mark.parametrize(
    ("language", "heading"),
    [
        ("en", "More on bridges and ferries"),
        ("en", "You might also enjoy some of my other posts"),
        ("en", "Recommended by our editors"),
        ("de", "Mehr zum Hochwasser an der Osk"),
        ("fr", "Plus sur les ponts de la vallée"),
        ("es", "Más sobre los puentes del valle"),
        ("it", "Altri articoli sui ponti"),
        ("ru", "Другие материалы о мостах"),
        ("tr", "Diğer haberler ve yazılar"),
    ],
)
def test_removes_a_list_that_ends_the_text_by_how_its_heading_begins(language: str, heading: str) -> None:
    result = clean_text(below("\n".join([heading, *TITLES]), language))
    assert result.text == plain(language)
    assert [related.title for related in result.metadata.related] == TITLES


def test_removes_the_cards_of_a_list_with_their_dates_and_excerpts() -> None:
    excerpt = "The ledger of the old port names forty owners, three of them never born."
    cards = [line for title in TITLES for line in (title, "May 3, 2024", excerpt)]
    assert clean_text(below("\n".join(["Other articles you may find useful", *cards]))).text == plain()


@pytest.mark.parametrize(
    "tail",
    [
        # A heading of the article, and its section
        "More on the old footbridge\n\n" + PROSE["en"][0].replace("night", "dark"),
        # Its points
        "More on the old footbridge\n- It was built in 1911\n- It had no roof\n- It had no name either",
        # One line is no list
        "More on the old footbridge\nIt was built by two brothers",
        # Sections of one paragraph each
        f"More on bridges\n\nThe first bridge of the valley\n\n{PROSE['en'][0].replace('Osk', 'Ask')}\n\n"
        f"The second bridge of the valley\n\n{PROSE['en'][1].replace('Quill', 'Quell')}",
    ],
)
def test_keeps_a_section_whose_heading_begins_like_that_of_a_list(tail: str) -> None:
    assert clean_text(below(tail)).text == below(tail)


def test_removes_a_box_of_headlines_amid_a_scraped_article() -> None:
    first, second = PROSE["en"]
    box = "\n".join(["More from the valley", *TITLES])
    noise = f"{first}\n\n{box}\n\n{second}\n\n{first[:-1]} again.\n\nShare this article\nFacebook\nTwitter"
    assert clean_text(noise).text == f"{first}\n\n{second}\n\n{first[:-1]} again."


def test_keeps_a_list_of_short_things_amid_an_article() -> None:
    first, second = PROSE["en"]
    kept = f"{first}\n\nRecommended for the walk\nA lamp\nTwo oars\nA rope\nStrong boots\n\n{second}"
    assert clean_text(f"{kept}\n\nShare this article\nFacebook\nTwitter").text == kept


def test_removes_a_list_of_dated_headlines_that_ends_the_text() -> None:
    dates = ["December 8, 2025", "November 27, 2025", "November 4, 2025"]
    listed = "\n".join(f"- {title} - {date}" for title, date in zip(TITLES, dates, strict=True))
    result = clean_text(below(listed))
    assert result.text == plain()
    assert {edit.rule for edit in result.edits} == {"related.dated"}
    assert (
        clean_text(below("\n".join(line for pair in zip(TITLES, dates, strict=True) for line in pair))).text == plain()
    )


def test_keeps_two_dates_of_an_event() -> None:
    kept = "- The bridge is opened to walkers - May 3, 2024\n- The bridge is opened to carts - June 9, 2024"
    assert clean_text(below(kept)).text == below(kept)


def test_removes_headlines_with_excerpts_that_are_cut_off() -> None:
    excerpts = [
        "The ledger of the old port names forty owners and...",
        "Nobody had seen it fall, they said, until the…",
    ]
    lines = [line for pair in zip(TITLES, excerpts, strict=False) for line in pair]
    result = clean_text(below("\n".join(lines)))
    assert result.text == plain()
    assert {edit.rule for edit in result.edits} == {"related.teasers"}


def test_keeps_a_text_that_trails_off_once() -> None:
    kept = "And then the lamp went out over the water and nobody..."
    assert clean_text(below(kept)).text == below(kept)


@pytest.mark.parametrize("heading", ["Mehr zum Thema", "Meistgelesen", "Latest news"])
def test_keeps_a_standfirst_that_a_byline_parts_from_the_article_below_a_list(heading: str) -> None:
    lead = (
        "Nach drei Wochen im Dock fährt die Fähre wieder, und der Fahrplan bleibt bis Ostern eingeschränkt, heißt es."
    )
    teaser = "Schule bekommt ein neues Dach nach langem Streit"
    head = ["Startseite", "Sport", heading, teaser, "Die Fähre nach Holm fährt wieder", lead]
    text = "\n".join([*head, "12. März 2024", "Teilen", "Facebook", *PROSE["de"], "Impressum"])
    result = clean_text(text).text
    assert lead in result
    assert teaser not in result


LONG = "\n\n".join([*PROSE["en"]] * 4 + ["The council meets again on Monday, when the plans for the pier are due."] * 3)
SCRAPED = f"{LONG}\n\n{ALSO_READ['en']}"
CARDS = (
    "Travel\nNine Quiet Bays on the Northern Coast\nWe went there in a week of rain and found nobody at all.\n"
    "Travel\nThe Slow Train to the End of the Valley\nFood\nWhat to Eat at the Harbour Market\n"
    "Travel\nA Night in the Old Lighthouse of Skarrow"
)
THINGS = ("Chair", "Table", "Bench", "Bed", "Desk", "Shelf", "Box", "Boat", "Stool", "Gate", "Ladder")
HEADLINES = "\n".join(f"{number} Ways to Make a {thing} Out of Old Wood" for number, thing in enumerate(THINGS, 3))


def test_removes_cards_with_labels_that_end_a_scraped_text() -> None:
    result = clean_text(f"{SCRAPED}\n\n{CARDS}")
    assert result.text == clean_text(SCRAPED).text
    assert "related.cards" in {edit.rule for edit in result.edits}
    assert "What to Eat at the Harbour Market" in {related.title for related in result.metadata.related}


def test_removes_many_headlines_that_stand_together_below_a_scraped_article() -> None:
    result = clean_text(f"{SCRAPED}\n\n{HEADLINES}")
    assert result.text == clean_text(SCRAPED).text
    assert "related.headlines" in {edit.rule for edit in result.edits}


@pytest.mark.parametrize(
    "lines",
    [
        CARDS.replace("Travel", "Travel:"),  # what is spoken of, with a word on each
        CARDS.replace("Travel\n", "", 1),  # two labels only
        "\n".join(["Yes", "No", "Skarrow Line", "Yes", "Osk Line", "Yes", "No"]),  # the cells of a table
        HEADLINES.rpartition("\n")[0].rpartition("\n")[0],  # a list of nine things
        HEADLINES.replace(" Out of Old Wood", " Out of Wood | 12.50 | 14.00"),  # the rows of a table
        HEADLINES.lower(),  # verse
    ],
)
def test_keeps_lines_that_end_an_article_and_are_no_list_of_others(lines: str) -> None:
    assert clean_text(f"{SCRAPED}\n\n{lines}").text == f"{clean_text(SCRAPED).text}\n\n{clean_text(lines).text}"


@pytest.mark.parametrize("lines", [CARDS, HEADLINES])
def test_keeps_cards_and_headlines_in_a_text_without_noise_or_amid_the_article(lines: str) -> None:
    assert clean_text(f"{LONG}\n\n{lines}").text.count("\n") >= f"{LONG}\n\n{lines}".count("\n")
    kept = clean_text(f"{ALSO_READ['en']}\n\n{LONG}\n\n{lines}\n\n{LONG}").text
    assert all(line in kept for line in lines.split("\n"))


def test_removes_a_series_of_pointers_that_begin_alike() -> None:
    pointers = [f"Learn more about the {name} line" for name in ("Osk", "Skarrow", "Velm")]
    text = f"{SCRAPED}\n\n" + "\n\n".join(f"{pointer}\n\n{PROSE['en'][0]}" for pointer in pointers)
    result = clean_text(text)
    assert [edit.rule for edit in result.edits].count("related.series.en") == len(pointers)
    assert "Learn more" not in result.text


@pytest.mark.parametrize("end", ["", "."])
def test_keeps_two_lines_that_begin_alike_and_sentences_that_do(end: str) -> None:
    pointers = [f"Learn more about the {name} line{end}" for name in ("Osk", "Skarrow", "Velm", "Aldern")]
    for said in (pointers[:2], [] if not end else pointers):
        text = f"{SCRAPED}\n\n" + "\n\n".join(f"{pointer}\n\n{PROSE['en'][0]}" for pointer in said)
        assert all(pointer in clean_text(text).text for pointer in said)


def test_keeps_a_series_in_a_text_without_noise() -> None:
    pointers = [f"Learn more about the {name} line" for name in ("Osk", "Skarrow", "Velm")]
    text = f"{LONG}\n\n" + "\n\n".join(f"{pointer}\n\n{PROSE['en'][0]}" for pointer in pointers)
    assert all(pointer in clean_text(text).text for pointer in pointers)
