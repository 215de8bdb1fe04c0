"""Raw bytes of pages to text: what is believed of what they say, what is found out, what is refused."""

from __future__ import annotations

import codecs
import gzip
import os
import random
import subprocess
import sys

import pytest
from folders import PROJECT
from hypothesis import given
from hypothesis import strategies as st
from test_decode import RUSSIAN, TEXTS

from cleaners.decode import NotText, codec_of
from cleaners.page.decode import DecodedPage, decode_page

PAGES = PROJECT.parent / "shared/pages"


def page(text: str, head: str = "") -> str:
    """A page with its text in the middle of plain markup."""
    return f"<!DOCTYPE html>\n<html><head>{head}<title>x</title></head>\n<body><p class='a'>{text}</p></body></html>\n"


def meta(label: str) -> str:
    return f'<meta charset="{label}">'


# What is said


def test_a_byte_order_mark_is_believed_before_all_else() -> None:
    text = page(RUSSIAN, meta("windows-1251"))
    for mark, name in [
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF32_LE, "utf-32-le"),
        (codecs.BOM_UTF32_BE, "utf-32-be"),
    ]:
        raw = mark + text.encode(name)
        assert decode_page(raw, "text/html; charset=koi8-r") == DecodedPage(text, name, "bom")


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="windows-1251">',
        "<META CHARSET=windows-1251 />",
        "<meta name=x><meta\n charset = 'windows-1251'>",
        '<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">',
        "<meta content='text/html;charset=windows-1251' http-equiv=content-type>",
        "<!-- <meta charset=utf-8> --><meta charset=cp1251>",
        f"<script>{'x' * 3000}</script><meta charset=cp1251>",
    ],
)
def test_a_meta_tag_names_the_encoding(head: str) -> None:
    text = page(RUSSIAN, head)
    assert decode_page(text.encode("cp1251")) == DecodedPage(text, "cp1251", "meta")


def test_an_xml_declaration_names_the_encoding() -> None:
    text = f"<?xml version='1.0' encoding='Shift_JIS'?>\n{page(TEXTS['cp932', 'cp932'])}"
    assert decode_page(text.encode("cp932")) == DecodedPage(text, "cp932", "meta")


@pytest.mark.parametrize(
    "content_type",
    [
        "text/html; charset=windows-1251",
        'text/html;CHARSET="Windows-1251"',
        "charset=cp1251",
        "text/html; charset=win-1251",
    ],
)
def test_the_server_is_believed_before_the_page(content_type: str) -> None:
    text = page(RUSSIAN, meta("koi8-r"))
    assert decode_page(text.encode("cp1251"), content_type) == DecodedPage(text, "cp1251", "http")


def test_utf8_that_is_declared_is_told_from_utf8_that_is_not() -> None:
    text = page(RUSSIAN)
    assert decode_page(text.encode()).how == "utf-8"
    assert decode_page(text.encode(), "text/html; charset=UTF-8").how == "http"
    assert decode_page(page(RUSSIAN, meta("utf8")).encode()).how == "meta"


@pytest.mark.parametrize("label", ["utf-16", "UTF-16LE", "unicode", "utf-32", "ucs-2"])
def test_a_meta_tag_that_can_be_read_does_not_stand_in_utf16(label: str) -> None:
    text = page(RUSSIAN, meta(label))
    assert decode_page(text.encode()) == DecodedPage(text, "utf-8", "meta")


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("iso-8859-1", "cp1252"),
        ("latin1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("iso-8859-9", "cp1254"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("x-gbk", "gb18030"),
        ("shift_jis", "cp932"),
        ("x-sjis", "cp932"),
        ("windows-31j", "cp932"),
        ("ks_c_5601-1987", "cp949"),
        ("euc-kr", "cp949"),
        ("big5", "big5hkscs"),
        ("x-x-big5", "big5hkscs"),
        ("x-euc-jp", "euc_jp"),
        ("tis-620", "cp874"),
        ("iso-8859-11", "cp874"),
        ("iso-8859-8-i", "iso8859_8"),
        ("x-mac-cyrillic", "mac_cyrillic"),
        ("macintosh", "mac_roman"),
        ("koi8-u", "koi8_u"),
        ("utf8", "utf_8"),
        (" UTF-8 ", "utf_8"),
        ("rot13", None),
        ("hex", None),
        ("unicode_escape", None),
        ("undefined", None),
        ("none", None),
        ("", None),
        ("a\0b", None),
        ("é" * 400, None),
    ],
)
def test_labels_mean_what_they_mean_to_browsers(label: str, codec: str | None) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize("label", ["iso-2022-jp", "ISO-2022-JP"])
def test_japanese_in_ascii_bytes_is_read_when_it_says_so(label: str) -> None:
    text = page(TEXTS["euc_jp", "euc_jp"], meta(label))
    assert decode_page(text.encode("iso-2022-jp")) == DecodedPage(text, "iso2022_jp", "meta")
    assert decode_page(page("Plain.", meta(label)).encode()).encoding == "utf-8"


# What is wrong


@pytest.mark.parametrize(("codec", "name"), TEXTS, ids=str)
@pytest.mark.parametrize("label", ["iso-8859-1", "utf-8", "windows-1255", "shift_jis", "bogus"])
def test_a_wrong_declaration_is_survived(codec: str, name: str, label: str) -> None:
    text = page(TEXTS[codec, name], meta(label))
    assert decode_page(text.encode(codec)).text == text


@pytest.mark.parametrize("label", ["iso-8859-1", "windows-1251", "gb2312", "koi8-r", "us-ascii"])
@pytest.mark.parametrize("text", [RUSSIAN, "naïve", "© 2024", "東京", "“quoted”"])
def test_valid_utf8_beats_every_other_declaration(text: str, label: str) -> None:
    whole = page(text, meta(label))
    assert decode_page(whole.encode(), f"text/html; charset={label}") == DecodedPage(whole, "utf-8", "utf-8")


@pytest.mark.parametrize(("codec", "name"), TEXTS, ids=str)
def test_a_right_declaration_is_believed(codec: str, name: str) -> None:
    text = page(TEXTS[codec, name], meta(codec))
    assert decode_page(text.encode(codec)) == DecodedPage(text, name, "meta")


@pytest.mark.parametrize(("codec", "name"), TEXTS, ids=str)
def test_an_encoding_that_nobody_names_is_detected(codec: str, name: str) -> None:
    text = page(TEXTS[codec, name])
    decoded = decode_page(text.encode(codec))
    assert (decoded.text, decoded.how) == (text, "detected")


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("iso8859_3", "Il-kunsill tal-belt iltaqa' fil-Ħamrun, għal żewġ sigħat"),
        ("iso8859_3", "Ĉu vi povas paroli Esperanton? Mi ĵus eklernis ĝin"),
        ("iso8859_14", "Byddai'r ŵyl yn cael ei chynnal yn y tŷ mawr"),
        ("iso8859_10", "Sámediggi jagi čoahkkimis, ja ŋuolggadusat leat ođđa"),
        ("cp1258", "Hội đồng thành phố đã bo\u0309 phiê\u0301u hôm thư\u0301 ba"),
    ],
)
def test_a_language_that_is_not_looked_for_is_read_as_declared(codec: str, text: str) -> None:
    whole = page(text.replace("ộ", "ô\u0323").replace("ồ", "ô\u0300").replace("ố", "ô\u0301").replace("ã", "a\u0303"))
    assert decode_page(whole.encode(codec), f"text/html; charset={codec}") == DecodedPage(whole, codec, "http")


def test_a_few_broken_bytes_become_replacement_characters() -> None:
    raw = page(RUSSIAN, meta("utf-8")).encode().replace("связи".encode(), b"\xff\xd1")
    assert decode_page(raw) == DecodedPage(
        page(RUSSIAN, meta("utf-8")).replace("связи", "\ufffd\ufffd"), "utf-8", "meta"
    )
    raw = page(RUSSIAN, meta("windows-1251")).encode("cp1251").replace("связи".encode("cp1251"), b"\x98")
    decoded = decode_page(raw)
    assert (decoded.encoding, decoded.text.count("\ufffd")) == ("cp1251", 1)


def test_a_page_that_was_cut_within_a_character_stays_utf8() -> None:
    decoded = decode_page(page(RUSSIAN).encode()[: -len("</p></body></html>\n") - 2])
    assert (decoded.encoding, decoded.text[-1]) == ("utf-8", "\ufffd")


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize("text", ["Plain.", RUSSIAN, TEXTS["gbk", "gb18030"]])
def test_utf16_and_utf32_without_a_mark_are_told_by_their_nul_bytes(name: str, text: str) -> None:
    whole = page(text, meta("iso-8859-1"))
    assert decode_page(whole.encode(name), "text/html; charset=utf-16") == DecodedPage(whole, name, "detected")


def test_a_few_nul_bytes_go() -> None:
    assert decode_page(page("one\0two").encode()).text == page("onetwo")


# What is refused


@pytest.mark.parametrize(
    ("raw", "reason", "detail"),
    [
        (b"", "empty", "the page is empty"),
        (b" \n\t\r\n", "blank", "white space only"),
        (codecs.BOM_UTF8, "blank", "white space only"),
        (codecs.BOM_UTF16_LE + " ".encode("utf-16-le"), "blank", "white space only"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj <</Type /Catalog>>", "binary", "a PDF document"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary", "a PNG image"),
        (b"PK\x03\x04\x14\0\x06\0", "binary", "ZIP"),
        (gzip.compress(b"<p>", mtime=0), "binary", "gzip"),
        (b"\0" * 100, "binary", "NUL bytes"),
        (bytes(range(256)) * 40, "binary", "control characters"),
        (random.Random(3).randbytes(20_000), "binary", "control characters"),
        (b"\xff\xfe" + b"\x01\x00\x02\x00" * 50, "binary", "control characters"),
    ],
)
def test_what_is_no_page_is_refused(raw: bytes, reason: str, detail: str) -> None:
    with pytest.raises(NotText, match=detail) as refusal:
        decode_page(raw)
    assert refusal.value.reason == reason


@given(st.binary(max_size=300), st.text(max_size=40) | st.none())
def test_any_bytes_are_decoded_or_refused(raw: bytes, content_type: str | None) -> None:
    try:
        decoded = decode_page(raw, content_type)
    except NotText:
        return
    assert codec_of(decoded.encoding)
    assert "\0" not in decoded.text


# Pages from the web


@pytest.mark.skipif(not PAGES.is_dir(), reason="the page corpora are not here")
def test_pages_from_the_web_are_read_without_a_broken_character() -> None:
    broken = {}
    for path in sorted(PAGES.glob("*/html/*.gz")):
        raw = gzip.decompress(path.read_bytes())
        decoded = decode_page(raw)
        # Some pages hold U+FFFD themselves, as what an earlier program made of broken bytes.
        new = decoded.text.count("\ufffd") - raw.count("\ufffd".encode())
        if new:
            broken[path.name] = (decoded.encoding, new)
    assert broken == {"80fcedbf3ae5.html.gz": ("utf-8", 1), "f639c6eab646.html.gz": ("utf-8", 1)}


def test_utf8_is_read_without_a_parser() -> None:
    code = (
        "import sys\nfrom cleaners.page.decode import decode_page\ndecode_page(b'<p>caf\\xc3\\xa9')\n"
        "assert not {'bs4', 'lxml', 'charset_normalizer'} & set(sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    process = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=False)
    assert process.returncode == 0, process.stderr
