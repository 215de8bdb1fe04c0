"""Raw bytes to source text and back: which encoding is found, what is refused, that no byte is lost."""

from __future__ import annotations

import codecs
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from strategies import tries

from cleaners.decode import Decoded, NotText, RawSpan, decode, encode

RUSSIAN = "Новый президент сохранит дружеские связи с соседями, заявил депутат."
TEXTS = {
    ("cp1251", "cp1251"): RUSSIAN,
    ("koi8_r", "koi8_r"): RUSSIAN,
    ("iso8859_5", "iso8859_5"): RUSSIAN,
    ("cp866", "cp866"): RUSSIAN,
    ("koi8_u", "koi8_u"): "Президент підписав закон про бюджет на наступний рік, повідомляє пресслужба.",
    ("kz1048", "kz1048"): "Қала тұрғындары жаңа кітапхананың ашылуына жиналды, деп хабарлады әкімдік.",
    ("cp932", "cp932"): "東京で新しい図書館が開館し、多くの市民が訪れた。",
    ("euc_jp", "euc_jp"): "東京で新しい図書館が開館し、多くの市民が訪れた。",
    ("gbk", "gb18030"): "北京新图书馆昨天正式开放，吸引了许多市民前来参观。",
    ("big5", "big5hkscs"): "台北新圖書館昨天正式開放，吸引了許多市民前來參觀。",
    ("euc_kr", "cp949"): "서울에 새로운 도서관이 문을 열었다. 많은 시민이 방문했다.",
    ("cp1252", "cp1252"): "The mayor said “we won’t wait” — and the café owners agreed.",
    ("iso8859_1", "cp1252"): "Le café est fermé jusqu'à lundi.",
    ("cp1256", "cp1256"): "افتتح رئيس البلدية المكتبة الجديدة في المدينة صباح اليوم.",
    ("iso8859_2", "iso8859_2"): "Burmistrz powiedział, że nowa biblioteka została otwarta w środę w Łodzi.",
    ("cp1250", "cp1250"): "Starosta řekl, že nová knihovna bude otevřena příští týden.",
    ("cp1253", "cp1253"): "Ο δήμαρχος άνοιξε τη νέα βιβλιοθήκη στην πόλη την Τρίτη το πρωί.",
    ("cp1254", "cp1254"): "Belediye başkanı yeni kütüphaneyi açtı, çok sayıda vatandaş törene katıldı.",
    ("cp1255", "cp1255"): "ראש העיר פתח את הספרייה החדשה ביום שלישי בבוקר.",
    ("cp874", "cp874"): "นายกเทศมนตรีเปิดห้องสมุดแห่งใหม่เมื่อวันอังคาร",
    ("mac_roman", "mac_roman"): "Le maire a déclaré que l’été serait très chaud à Orléans et à Nîmes.",
}


@pytest.mark.parametrize(("codec", "name"), TEXTS, ids=str)
def test_one_sentence_is_enough_to_find_its_encoding(codec: str, name: str) -> None:
    text = TEXTS[codec, name]
    decoded = decode(text.encode(codec))
    assert decoded.text == text
    assert (decoded.encoding, decoded.how) == (name, "detected")


def test_four_words_in_koi8_are_not_taken_for_windows_1251() -> None:
    assert decode("Погода в Москве: дождь".encode("koi8-r")).text == "Погода в Москве: дождь"


def test_plain_ascii_and_utf8_are_utf8() -> None:
    assert decode(b"Plain.") == Decoded("Plain.", "utf-8", "utf-8")
    assert decode("Жаңалық, 東京 🎈".encode()) == Decoded("Жаңалық, 東京 🎈", "utf-8", "utf-8")


@pytest.mark.parametrize(
    ("mark", "name"),
    [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ],
)
def test_a_byte_order_mark_decides_and_is_no_part_of_the_text(mark: bytes, name: str) -> None:
    raw = mark + "Полёт 🎈".encode(name)
    assert decode(raw) == Decoded("Полёт 🎈", name, "bom", bom=True)
    assert encode(decode(raw)) == raw


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["The ferry runs again.", f"{RUSSIAN}\n", "一个约定 一段真情 一九九八年 一月\n一日"])
def test_utf16_and_utf32_without_a_mark_are_told_by_their_nul_bytes(name: str, text: str) -> None:
    decoded = decode(text.encode(name))
    assert (decoded.text, decoded.encoding, decoded.how) == (text, name, "nul-pattern")


def test_a_cut_off_utf8_sequence_at_the_end_is_damage() -> None:
    raw = "Der Bürgermeister öffnete das Café “heute”".encode()[:-1]
    decoded = decode(raw)
    assert decoded.how == "utf-8-damaged"
    assert decoded.text.endswith("heute\ufffd\ufffd")
    assert [span.raw for span in decoded.exceptions] == ["e280"]
    assert encode(decoded) == raw


def test_a_cut_off_sequence_is_damage_also_where_the_rest_is_ascii() -> None:
    raw = "He said “no”".encode()[:-1]
    assert decode(b"He said no " + raw[-2:]).how == "utf-8-damaged"


def test_a_last_letter_with_an_accent_is_no_damage() -> None:
    assert decode("un café".encode("cp1252")).text == "un café"


def test_a_few_broken_bytes_in_the_middle_are_damage() -> None:
    raw = "Ärger über Öl — äußerst schön".encode() + b" \xff\xfe und " + "mehr Ärger".encode()
    decoded = decode(raw)
    assert decoded.how == "utf-8-damaged"
    assert "\ufffd\ufffd und mehr Ärger" in decoded.text
    assert encode(decoded) == raw


def test_the_text_of_damaged_bytes_can_always_be_written_as_utf8() -> None:
    decoded = decode(codecs.BOM_UTF16_LE + "Полёт".encode("utf-16-le") + b"\x00\xd8" + b"x\x00" + b"\x41")
    assert decoded.text.encode()
    assert decoded.text == "Полёт\ufffdx\ufffd"
    assert [span.raw for span in decoded.exceptions] == ["00d8", "41"]


def test_characters_that_an_encoding_holds_twice_come_back_as_the_bytes_that_stood_there() -> None:
    raw = "東京で新しい図書館が開館した。".encode("cp932") + b"\x81\xe6 \x87\x9a\n" + "多くの市民".encode("cp932")
    decoded = decode(raw)
    assert decoded.encoding == "cp932"
    assert decoded.exceptions
    assert encode(decoded) == raw


def test_a_saved_page_is_read_as_it_declares() -> None:
    raw = '<meta charset="windows-1253"><p>Café</p>'.encode("cp1253", "ignore") + "Νέα της πόλης".encode("cp1253")
    assert (decode(raw).how, decode(raw).encoding) == ("declared", "cp1253")


def test_a_declaration_that_makes_no_text_is_not_believed() -> None:
    raw = b'<meta charset="euc-kr">' + RUSSIAN.encode("cp1251")
    assert decode(raw).text.endswith(RUSSIAN)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\r\n ", "blank"),
        (codecs.BOM_UTF8, "blank"),
        ("\u3000\xa0".encode(), "blank"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x00", "binary"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00", "binary"),
        (b"words \x01\x02\x03\x04 words", "binary"),
        (b"\x00\x01\x02\x03" * 10, "binary"),
        (b"one \x00 in a text of an article", "binary"),
        (codecs.BOM_UTF32_LE + b"\xff\xff\xff\xff", "binary"),
        (random.Random(7).randbytes(5000).replace(b"\0", b""), "binary"),
    ],
)
def test_what_holds_no_text_is_refused_with_its_reason(raw: bytes, reason: str) -> None:
    with pytest.raises(NotText) as refusal:
        decode(raw)
    assert refusal.value.reason == reason
    assert refusal.value.detail


def test_a_stray_control_character_does_not_make_a_text_binary() -> None:
    assert decode(b"A long line of an article with one \x08 control character in its midst.").how == "utf-8"


def test_encode_refuses_exceptions_that_were_not_made_for_the_text() -> None:
    with pytest.raises(ValueError, match="leaves the text"):
        encode(Decoded("ab", "utf-8", "utf-8-damaged", exceptions=(RawSpan(1, 9, "ff"),)))


def test_a_large_legacy_text_is_read_in_no_time() -> None:
    raw = (RUSSIAN + "\n").encode("cp1251") * 300_000
    decoded = decode(raw)
    assert decoded.encoding == "cp1251"
    assert encode(decoded) == raw


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_come_back(raw: bytes) -> None:
    _comes_back(raw)


@tries(120)
@given(
    st.sampled_from(list(TEXTS.values())),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32-le", *(codec for codec, _ in TEXTS)]),
    st.lists(st.tuples(st.integers(0, 400), st.binary(max_size=2)), max_size=4),
    st.integers(0, 400),
)
def test_any_damage_to_any_encoding_is_refused_or_comes_back(
    text: str, codec: str, damage: list[tuple[int, bytes]], end: int
) -> None:
    raw = text.encode(codec, "ignore")
    for place, inserted in damage:
        raw = raw[:place] + inserted + raw[place + 1 :]
    _comes_back(raw[: max(end, 1)])


def _comes_back(raw: bytes) -> None:
    try:
        decoded = decode(raw)
    except NotText:
        return
    assert encode(decoded) == raw
    decoded.text.encode()
