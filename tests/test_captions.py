"""Photo captions and credits, and the sentences that end in brackets like them."""

from __future__ import annotations

import pytest
from articles import ALSO_READ, PROSE, above, below, inside, plain

from cleaners import clean_text, remove_captions

BRACKETED = {
    "en": "A family at the mill on Monday. (STANLEY FILPOT / AP)",
    "de": "Der Fluss an der Mühle am Montag. (Foto: Iona Pell)",
    "fr": "La rivière près du moulin lundi. (Crédit photo : Iona Pell / Agence Grand Large)",
    "es": "El río junto al molino el lunes. (Foto: Iona Pell)",
    "pt": "O rio junto ao moinho na segunda-feira. (Foto: Iona Pell)",
    "it": "Il fiume al mulino lunedì. (Foto: Iona Pell)",
    "nl": "De rivier bij de molen op maandag. (Foto: Iona Pell)",
    "pl": "Rzeka przy młynie w poniedziałek. (Foto: Iona Pell)",
    "cs": "Řeka u mlýna v pondělí. (Foto: Iona Pell)",
    "ro": "Râul la moară, luni. (Foto: Iona Pell)",
    "sv": "Ån vid kvarnen i måndags. (Foto: Iona Pell)",
    "ru": "Река у мельницы в понедельник. (Фото: Иона Пелл)",
    "uk": "Річка біля млина в понеділок. (Фото: Іона Пелл)",
    "kk": "Диірмен жанындағы өзен. (Фото: Ерсайын Құланбаев / «Саржайлау» агенттігі)",
    "tr": "Pazartesi günü değirmendeki nehir. (Fotoğraf: Iona Pell)",
    "ar": "النهر عند الطاحونة يوم الاثنين. (تصوير: ليث الشاطري / وكالة المرسى)",
    "fa": "رودخانه کنار آسیاب. (عکس: سارا قلی‌پور)",
    "hi": "सोमवार को चक्की के पास नदी। (फोटो: मृणालिनी खरवार)",
    "bn": "সোমবার কলের পাশে নদী। (ছবি: আনা রুইজ)",
    "ta": "திங்களன்று ஆலை அருகே ஆறு. (படம்: ஆனா ரூயிஸ்)",
    "te": "సోమవారం మిల్లు వద్ద నది. (ఫోటో: ఆనా రూయిజ్)",
    "id": "Sungai di dekat kincir pada Senin. (Foto: Iona Pell)",
    "vi": "Dòng sông bên cối xay hôm thứ Hai. (Ảnh: Iona Pell)",
    "zh": "星期一，磨坊旁的河。（顾一苇 摄）",
    "ja": "月曜日の水車小屋のそばの川（藤枝そよか撮影）",
    "ko": "월요일 물레방앗간 옆의 강. (사진: 구에다)",
}


@pytest.mark.parametrize("language", BRACKETED)
def test_lifts_a_caption_that_ends_in_a_credit(language: str) -> None:
    caption = BRACKETED[language]
    result = clean_text(inside(caption, language))
    assert result.text == plain(language)
    assert result.metadata.captions == [caption]
    assert remove_captions(inside(caption, language)) == plain(language)


@pytest.mark.parametrize(
    "caption",
    [
        "The river at the mill. (Iona Pell via AP)",
        "The river at the mill. (AFP)",
        "The river at the mill. (Iona Pell/Reuters)",
        "The river at the mill. (KAZIMIR'S OFFICE VIA AP)",
        "The river at the mill on Monday. [Iona Pell/Reuters]",
        "The river at the mill on Monday (PHOTO: Iona Pell)",
        "The north mole shortly after the lamps were lit. (IONA PELLBROOK / NORTHSTRAND PICTURES)",
    ],
)
def test_takes_a_credit_in_brackets_in_any_dress(caption: str) -> None:
    result = clean_text(inside(caption))
    assert result.text == plain()
    assert result.metadata.captions == [caption]


@pytest.mark.parametrize(
    ("language", "caption"),
    [
        ("en", "ABOVE: The mayor on the bank where the bridge stood."),
        ("en", "Photo: Iona Pell"),
        ("en", "Photo by Iona Pell"),
        ("en", "File photo"),
        ("en", "The river at the mill. Photo by Iona Pell"),
        ("en", "The river at the mill © Iona Pell"),
        ("en", "Getty Images"),
        ("en", "Iona Pell | Getty Images"),
        ("de", "Foto: Iona Pell/dpa"),
        ("de", "Bild: Iona Pell"),
        ("fr", "Photo : Iona Pell"),
        ("es", "Foto: Iona Pell"),
        ("ru", "Фото: Иона Пелл"),
        ("pl", "Fot. Iona Pell"),
        ("tr", "Fotoğraf: Iona Pell"),
        ("ar", "تصوير: ليث الشاطري"),
        ("zh", "图：顾一苇"),
        ("ja", "写真：藤枝そよか"),
        ("ko", "사진: 구에다"),
    ],
)
def test_takes_a_label_or_an_agency_in_a_text_with_other_noise(language: str, caption: str) -> None:
    scraped = below(ALSO_READ[language], language).replace("\n\n", f"\n\n{caption}\n\n", 1)
    result = clean_text(scraped)
    assert result.text == plain(language)
    assert result.metadata.captions == [caption]


@pytest.mark.parametrize(
    "caption",
    [
        "The river at the mill on Monday.Iona Pell / Getty Images",
        "The river took the bridge at night, and nobody saw it go. Iona Pell via AP",
        "“The river took it.” Iona Pell | Reuters",
        "The mayor on the bank in 2019.Iona Pell / AP file",
    ],
)
def test_takes_a_credit_that_runs_on_from_the_caption(caption: str) -> None:
    result = clean_text(inside(caption))
    assert result.text == plain()
    assert result.metadata.captions == [caption]


@pytest.mark.parametrize(
    "caption",
    [
        "Image by Iona Pell Photography via River Post",
        "The mayor at the mill. Photo by Iona Pell for The Gazette",
        "The mayor at the mill. Photo: oskRiver/Iona Pell",
        "Image caption Edda Quill has waited for the bridge for nine years",
        "Image copyright Iona Pell",
        "riverpell | Getty Images",
        "© Pellbrook – Dreamstime.com",
    ],
)
def test_takes_a_credit_of_several_parts_and_labels_for_screen_readers(caption: str) -> None:
    scraped = below(ALSO_READ["en"]).replace("\n\n", f"\n\n{caption}\n\n", 1)
    assert clean_text(scraped).text == plain()
    assert clean_text(inside(caption)).text == inside(caption)


@pytest.mark.parametrize(
    "sentence",
    [
        "The bridge was sold. Velm / Upper Osk",
        "The paper of record has closed. Reuters",
        "Headquarters: Pittsburgh, PA",
        "Image caption contests are what the Gazette lives on",
        "Image by image, the film tells of the river",
    ],
)
def test_keeps_a_line_that_ends_or_begins_like_a_caption(sentence: str) -> None:
    scraped = below(ALSO_READ["en"]).replace("\n\n", f"\n\n{sentence}\n\n", 1)
    assert clean_text(scraped).text == inside(sentence)


def test_keeps_a_list_between_the_credits_of_pictures() -> None:
    tasks = "Draw up a budget\nBook the ferry\nOrder the planks"
    credit = "Image by Iona Pell via River Post"
    text = "\n\n".join([plain(), ALSO_READ["en"], *[f"{credit}\n\n{tasks} {number}" for number in range(5)]])
    assert clean_text(text).text.count("Draw up a budget") == 5


@pytest.mark.parametrize("line", ["Photo: Iona Pell", "ABOVE: The mayor on the bank where the bridge stood."])
def test_keeps_a_label_in_a_text_that_is_clean_otherwise(line: str) -> None:
    assert clean_text(inside(line)).text == inside(line)
    assert remove_captions(inside(line)) == plain()


def test_takes_the_caption_above_the_line_of_an_agency() -> None:
    noise = "The mayor on the bank where the bridge stood\nIona Pell / Reuters"
    result = clean_text(below(ALSO_READ["en"]).replace("\n\n", f"\n\n{noise}\n\n", 1))
    assert result.text == plain()
    assert result.metadata.captions == noise.split("\n")


def test_lifts_a_caption_once() -> None:
    caption = BRACKETED["en"]
    assert clean_text(f"{caption}\n\n{inside(caption)}").metadata.captions == [caption]


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "The bridge was built in one summer by men who had never seen another one (or so they said)."),
        ("en", "Nine lamps were lit that night on the mole, and the tenth a year later (see the table below)."),
        ("en", "The party of the mayor won the vote in the upper village (though not in the lower one)"),
        ("en", "The prize went to Ilse Varga (Velm) and the second one to Ana Ruiz (Upper Osk)."),
        ("en", "He joined the union in the year of the flood (Workers of the Harbour, or WH)."),
        ("de", "Die Brücke wurde in einem Sommer gebaut, von Leuten, die nie eine gesehen hatten (so heißt es)."),
        ("fr", "Le pont fut bâti en un été par des hommes qui n'en avaient jamais vu (c'est ce qu'on dit)."),
        ("es", "El puente se levantó en un verano con hombres que nunca habían visto otro (eso dicen)."),
        ("ru", "Мост построили за одно лето люди, которые до того не видели ни одного (так говорят)."),
        ("ar", "وقد بُني الجسر في صيف واحد على أيدي رجال لم يروا جسرًا من قبل (هكذا يقولون)."),
        ("hi", "पुल एक ही गर्मी में उन लोगों ने बनाया था जिन्होंने पहले कोई पुल नहीं देखा था (ऐसा कहते हैं)।"),
        ("zh", "这座桥是一个夏天修成的，修桥的人从前没有见过桥（有一回他把一则卖床垫的广告念成了新闻）。"),
        ("ja", "読みかけの本には切符の半券が挟まれ、誰もそれを抜こうとしない(半券の日付が二十年前のものもある)。"),
        ("ko", "다리는 한 번도 다리를 본 적 없는 사람들이 한여름에 놓았다고 한다(그렇게들 말한다)."),
    ],
)
def test_keeps_a_sentence_that_ends_in_brackets(language: str, sentence: str) -> None:
    for text in (inside(sentence, language), below(sentence, language)):
        assert clean_text(text).text == text
        assert remove_captions(text) == text


@pytest.mark.parametrize(
    "sentence",
    [
        "Photo albums were among the things that the river took, and those will be missed the longest.",
        "Above all, the mayor said, a bridge is a promise: it has to be kept by whoever comes next.",
        "Image is everything to a ferryman, said the ferryman, and he bought himself a new hat.",
        "A photo by Iona Pell of the old bridge hangs in the hall of the school to this day, with no name on it.",
        "Credit where credit is due: it was the children who had warned the council for a whole year.",
        "The letter, published by Reuters on Monday, says nothing at all of a bridge in the valley.",
    ],
)
def test_keeps_a_sentence_about_photos(sentence: str) -> None:
    for text in (above(sentence), inside(sentence), below(sentence)):
        assert clean_text(text).text == text
    assert remove_captions(inside(sentence)) == inside(sentence)


def test_keeps_list_items_that_end_in_brackets() -> None:
    kept = "1. Tamsin Orrock (unattached) – 5:11:40\n2. Piers Hallam-Vane (CAUL / DUN)\n3. Ines Roak (Reuters)"
    assert clean_text(inside(kept)).text == inside(kept)


def test_keeps_where_the_people_of_a_list_work() -> None:
    kept = "Visualizer\nPiers Hallam\n(NASA/ESA)\n\nTechnical support\nInes Roak\n(Reuters)"
    assert clean_text(inside(kept)).text == inside(kept)


def test_keeps_a_table_with_a_column_of_photos() -> None:
    kept = "| Photo | Credit | Year |\n| Photo: 1 | Iona Pell / AP | 1962 |"
    assert clean_text(inside(kept)).text == inside(kept)


def test_a_name_credited_twice_is_a_credit_alone_on_a_line_with_the_caption_above_it() -> None:
    label = "Credit: Harbour Kitchen"
    alone = "The second pot took longer to boil than the first.\nHarbour Kitchen"
    text = "\n\n".join([PROSE["en"][0], label, "It rained.", label, alone, PROSE["en"][1], ALSO_READ["en"]])
    result = clean_text(text)
    assert "Harbour Kitchen" not in result.text
    assert "second pot" not in result.text
    assert {"caption.credited-name", "caption.above-credit"} <= {edit.rule for edit in result.edits}


def test_keeps_a_name_that_is_credited_once() -> None:
    text = "\n\n".join([PROSE["en"][0], "Photo: Edda Quill", "Edda Quill", PROSE["en"][1], ALSO_READ["en"]])
    assert clean_text(text).text == "\n\n".join([PROSE["en"][0], "Edda Quill", PROSE["en"][1]])


def test_keeps_a_paragraph_above_a_credit_where_no_blank_lines_part_them() -> None:
    told = "The planks were brought by boat, and the whole village came to carry them up the hill."
    text = "\n".join([*PROSE["en"], told, "Credit: Iona Pell", *PROSE["en"]])
    result = clean_text(text)
    assert told in result.text
    assert "Iona Pell" not in result.text


def test_keeps_a_paragraph_of_several_lines_above_a_credit() -> None:
    told = "Oak for the planks.\nStone for the piers.\nWords for the opening."
    text = "\n\n".join([PROSE["en"][0], f"{told}\nCredit: Iona Pell", PROSE["en"][1]])
    assert "Words for the opening." in clean_text(text).text
