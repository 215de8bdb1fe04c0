"""Raw bytes to source text, and back to the same bytes: which encoding they are in, how that was found, and
what the encoding alone would not give back. Nothing is lost on the way: `encode(decode(raw)) == raw` for all
that counts as text, and what does not is refused with its reason.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

How = Literal["bom", "utf-8", "utf-8-damaged", "nul-pattern", "declared", "detected"]
Refusal = Literal[
    "empty",
    "blank",
    "binary",
    "unknown-encoding",
    "no-elements",
    "too-deep",
    "too-many-elements",
    "frames",
    "script-rendered",
]


class NotText(ValueError):  # noqa: N818  (it names what the bytes are, not a fault of the program)
    """Bytes that hold no text: `reason` is a short code, `detail` a sentence for people."""

    def __init__(self, reason: Refusal, detail: str) -> None:
        """`reason` as in `Refusal`; `detail` says what was seen."""
        super().__init__(detail)
        self.reason: Refusal = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class RawSpan:
    """A span of the source text whose raw bytes (`raw`, as hex) the encoding alone would not give back.

    Broken bytes stand in the source text as U+FFFD, one for each byte (or UTF-16/32 code unit).
    """

    start: int
    end: int
    raw: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """A source text and how it was read: the Python codec's name, how that was found, and the exceptions.

    `how` is `bom`, `utf-8`, `utf-8-damaged`, `nul-pattern` (UTF-16/32 without a byte order mark), `declared`
    (the text names its own encoding, as in a saved page) or `detected`.
    """

    text: str
    encoding: str
    how: How
    bom: bool = False
    exceptions: tuple[RawSpan, ...] = ()


# UTF-32 first: its little-endian mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
"""Byte order marks and what they mean, in the order in which they must be looked for."""
_MARK_OF = {name: mark for mark, name in MARKS}

_SURROGATES = re.compile("[\ud800-\udfff]+")
_NOT_ASCII = re.compile("[^\x00-\x7f]")
# Tab, line feed, vertical tab, form feed, carriage return and escape do occur in scraped text, and an old
# DOS file ends with 1A.
_CONTROLS = bytes([*range(0x09), *range(0x0E, 0x1A), *range(0x1C, 0x20), 0x7F])
_MOST_CONTROLS = 0.02
"""The share of control characters from which bytes count as binary: random bytes have 0.1, text has none."""

_HEAD = 1 << 20
_SAMPLE = 8192
"""Bytes that decide a legacy encoding: more change nothing, and charset-normalizer slows down with length."""


def decode(raw: bytes) -> Decoded:
    """Read `raw` as text; `encode` gives the same bytes back.

    Raises `NotText` when there is nothing to read: no bytes, white space only, or binary content.

    >>> decode("Жаңалық".encode()).how
    'utf-8'
    >>> decode("Погода в Москве: дождь".encode("koi8-r")).encoding
    'koi8_r'
    """
    if not raw:
        raise NotText("empty", "the file is empty")
    decoded = _read(raw)
    if not decoded.text.strip().strip("\ufeff\u200b"):
        raise NotText("blank", "the file holds white space only")
    refuse_controls(decoded.text)
    return decoded


def encode(decoded: Decoded) -> bytes:
    r"""The raw bytes that `decoded` was read from.

    Raises `ValueError` when the text cannot stand in that encoding or the exceptions are not in order, which
    means that they were not read together, and `LookupError` for an unknown encoding.

    >>> encode(decode(b"\xef\xbb\xbfna\xc3\xafve caf\xc3\xa9s, d\xc3\xa9j\xc3\xa0 \xe2\x80"))[-3:]
    b' \xe2\x80'
    """
    pieces = [_MARK_OF[decoded.encoding]] if decoded.bom else []
    position = 0
    for span in decoded.exceptions:
        if not position <= span.start <= span.end <= len(decoded.text):
            raise ValueError(f"exception {span.start}:{span.end} overlaps another or leaves the text")
        pieces.append(decoded.text[position : span.start].encode(decoded.encoding))
        pieces.append(bytes.fromhex(span.raw))
        position = span.end
    pieces.append(decoded.text[position:].encode(decoded.encoding))
    return b"".join(pieces)


def _read(raw: bytes) -> Decoded:
    for mark, name in MARKS:
        if raw.startswith(mark):
            return _with_encoding(raw[len(mark) :], name, "bom", bom=True)
    if b"\x00" in raw:
        return _with_encoding(raw, wide_encoding(raw), "nul-pattern")
    try:
        return Decoded(raw.decode(), "utf-8", "utf-8")
    except UnicodeDecodeError:
        # The head first: to read 100 MB of another encoding this way takes half a minute.
        head = codecs.utf_8_decode(raw[:_HEAD], "surrogateescape", len(raw) <= _HEAD)[0]
        if is_damaged_utf8(head) and is_damaged_utf8(raw.decode(errors="surrogateescape")):
            return _with_encoding(raw, "utf-8", "utf-8-damaged")
    # Before a guess, which would find an encoding for random bytes, too; all guessed ones extend ASCII.
    refuse_controls(raw.decode("latin-1"))
    return _legacy(raw)


def refuse_controls(text: str) -> None:
    """Raises `NotText` when so many characters are control characters that `text` is none."""
    encoded = text.encode("utf-8", "surrogatepass")
    controls = len(encoded) - len(encoded.translate(None, _CONTROLS))
    if controls > _MOST_CONTROLS * len(text):
        raise NotText("binary", f"{controls:,} of {len(text):,} characters are control characters")


def _with_encoding(raw: bytes, name: str, how: How, *, bom: bool = False) -> Decoded:
    """`raw` read as `name`, whatever in it is broken kept as exceptions."""
    if name.startswith(("utf-16", "utf-32")):
        text, exceptions = _wide_text(raw, name)
    else:
        text = raw.decode(name, "surrogateescape")
        exceptions = [
            RawSpan(found.start(), found.end(), found[0].encode("ascii", "surrogateescape").hex())
            for found in _SURROGATES.finditer(text)
        ]
        if text.encode(name, "surrogateescape") != raw:
            exceptions = list(_inexact(raw, text, name))
    if exceptions:
        text = _SURROGATES.sub(lambda found: "\ufffd" * len(found[0]), text)
    return Decoded(text, name, how, bom, tuple(exceptions))


def _wide_text(raw: bytes, name: str) -> tuple[str, list[RawSpan]]:
    unit = 2 if name.startswith("utf-16") else 4
    whole = len(raw) - len(raw) % unit
    try:
        text = raw[:whole].decode(name, "surrogatepass")
    except UnicodeDecodeError as error:
        raise NotText("binary", f"it starts as {name} and is none: {error.reason}") from None
    exceptions = [
        RawSpan(found.start(), found.end(), found[0].encode(name, "surrogatepass").hex())
        for found in _SURROGATES.finditer(text)
    ]
    if whole < len(raw):
        exceptions.append(RawSpan(len(text), len(text) + 1, raw[whole:].hex()))
        text += "\ufffd"
    return text, exceptions


def _inexact(raw: bytes, text: str, name: str) -> Iterator[RawSpan]:
    """Spans of `text` that `name` reads from one byte sequence and writes as another.

    Several East Asian encodings hold a few characters twice. No byte of a longer sequence is a line feed in
    any encoding read here, so lines that come back as they were are passed over at once.
    """
    position = 0
    for line, said in zip(raw.split(b"\n"), text.split("\n"), strict=True):
        if said.encode(name, "surrogateescape") != line or _SURROGATES.search(said):
            yield from _inexact_in_line(line, name, position)
        position += len(said) + 1


def _inexact_in_line(line: bytes, name: str, position: int) -> Iterator[RawSpan]:
    decoder = codecs.getincrementaldecoder(name)("surrogateescape")
    start = 0
    for end in range(1, len(line) + 1):
        said = decoder.decode(line[end - 1 : end], end == len(line))
        if not said:
            continue
        if _SURROGATES.search(said) or said.encode(name) != line[start:end]:
            yield RawSpan(position, position + len(said), line[start:end].hex())
        position += len(said)
        start = end


def is_damaged_utf8(text: str) -> bool:
    """Whether broken bytes are rare beside sound UTF-8 sequences, or are one sequence cut off at the end.

    In another encoding nearly every sequence is broken: a sound one comes about by accident only.
    """
    broken = [found[0] for found in _SURROGATES.finditer(text)]
    sound = len(_NOT_ASCII.findall(text)) - sum(map(len, broken))
    cut_off = len(broken) == 1 and text.endswith(broken[0])
    return 4 * len(broken) <= sound or (cut_off and (sound > 0 or _is_cut_sequence(broken[0])))


def _is_cut_sequence(broken: str) -> bool:
    """Whether these are a first byte and at least one of the further bytes of a longer UTF-8 sequence.

    A first byte alone may as well be the last letter of a text in a Western encoding.
    """
    first, *further = broken.encode("ascii", "surrogateescape")
    return first >= 0xE0 and len(further) in (1, 2) and all(0x80 <= byte < 0xC0 for byte in further)


def wide_encoding(raw: bytes) -> str:
    """Which of UTF-16 and UTF-32, without a byte order mark, makes sense of the NUL bytes in `raw`.

    The high bytes of a text vary less than its low bytes, in every script; so they tell the byte order.
    """
    sample = raw[:65536]
    if len(set(sample[0::4])) == 1 or len(set(sample[3::4])) == 1:
        name = "utf-32-be" if len(set(sample[0::4])) == 1 else "utf-32-le"
        if len(raw) % 4 == 0 and _is_sensible(sample, name):
            return name
    name = "utf-16-be" if len(set(sample[0::2])) < len(set(sample[1::2])) else "utf-16-le"
    if _is_sensible(sample, name):
        return name
    raise NotText("binary", f"it has {raw.count(0)} NUL bytes, and is neither UTF-16 nor UTF-32")


_MOST_LETTER_PAIRS = 0.6
"""Share of characters made of two printable ASCII bytes: about a fifth in Chinese, nearly all in ASCII misread."""


def _is_sensible(sample: bytes, name: str) -> bool:
    """Whether `sample` reads as `name`: with ASCII, where the NUL bytes are from, and hardly anything odd."""
    try:
        text = sample[: len(sample) & ~3].decode(name, "surrogatepass") or sample.decode(name, "ignore")
    except UnicodeDecodeError:
        return False
    counts = Counter(text)
    # ASCII with NUL bytes in it reads as Chinese, in which every character is made of two letters.
    wide = {char: count for char, count in counts.items() if not char.isascii()}
    letters = sum(
        count for char, count in wide.items() if 0x20 <= ord(char) >> 8 < 0x7F and 0x20 <= ord(char) & 255 < 0x7F
    )
    if letters > _MOST_LETTER_PAIRS * sum(wide.values()):
        return False
    odd = sum(count for char, count in counts.items() if _is_odd(char))
    return any(char.isascii() and not _is_odd(char) for char in counts) and odd <= _MOST_CONTROLS * len(text)


def _is_odd(char: str) -> bool:
    if char in "\t\n\v\f\r\x1b\x1a":
        return False
    return unicodedata.category(char) in {"Cc", "Cn", "Co", "Cs"}


# The legacy encodings of the web (WHATWG Encoding Standard, with KZ-1048), the commoner first: where two read
# the same text, the first is named. Beside each, what its languages write beyond ASCII, one string a
# language, the more frequent characters first. Measured on articles in shared/pages, saved in each encoding
# and cut to 60, 200 and 2000 characters: 0.99 of the windows-1252 ones are read right, 0.70 to 0.93 by
# UnicodeDammit.
_WESTERN = (
    "éèàçêâîôûëïüœ",
    "äöüß",
    "áéíóúñü¿¡ºª",
    "ãçáéíóúâêôõàºª",
    "àèéìòù",
    "æøåéö",
    "åäöé",
    "áéíóúýþæöð",
    "",
)
_CENTRAL = (
    "ąćęłńóśźż",
    "áčďéěíňóřšťúůýž",
    "áäčďéíľĺňóôŕšťúýž",
    "áéíóöőúüű",
    "ăâîşţșț",
    "čćđšž",
)
_CYRILLIC = (
    "оеаинтсрвлкмдпуябыьгзчйжхшюцщэфёъ",
    "оанівирескдлтмупяьзгбчхйжцшюєїщфґ",
    "аоиенстрјвкдулпмзбгчњшжцћљхђфџ",
)
_KAZAKH = ("аентырідлсқомкбғуйжшзгңпүөәұяһвхюцфчёщэъь",)
_ARABIC = ("اليمونرتبةعدسفهكقأحجشطصىخإآءئذضغظؤثپچژگ،؟؛",)
_HEBREW = ("יוהלרבתמאשנעםדקחפסכגטצןזךףץ",)
_GREEK = ("ατοιενρσκηπςυμλίόάγέδήωχθύφβώξζψϊ",)
_THAI = ("านรอกเงมยลวดทสตะปบคหแจพชขใไโซถผศ่้ีิัู็์ุึื๊๋ำ",)
_KANA = (
    "ーンス・ルトリイアラックドシレジタフロカテマグバムプオコデニウメサビナブャエュチキズダパミ"
    "ョハセベガモのにるたとはしいをでてがなれからさっりすあもこまうくよきんめおけそつだやえどわ"
    "ちみせじばへびずほげむ"
)
_JAPANESE = (_KANA + "日一人年大十二本中長出三時行見月分後前生五間上東四今金国新市者館開会、。「」・（）ー",)
_CHINESE = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后"
    "作里用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因"
    "只从想实"
    "日月新市民政府公司经济社会北京中外长者电报第二三四五六七八九十百千万高等最更化工业美英俄总统表示"
    "记者问题已与及将被由省话重体内关进间加量使此手两位各通展等身建合结水提产反原无车场机情力入正气教"
    "数活期月流变代量战，。、：；“”《》（）！？",
)
_TAIWANESE = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後"
    "作裡用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因"
    "只從想實"
    "日月新市民政府公司經濟社會北京中外長者電報第二三四五六七八九十百千萬高等最更化工業美英俄總統表示"
    "記者問題已與及將被由省話重體內關間加量使此手兩位各通展身建合結水提產反原無車場機情力入正氣教數活"
    "期流變代戰，。、：；「」『』《》（）！？",
)
_KOREAN = (
    "이다에의는로하을가고지서한은기으년대사시를리도인스일그자어있아과나정게해수전보부들주상만적것제라"
    "했구위원국안경장성공동문요화등신여데조세면유용소진방회비우중관니말미오트연선계개민음습입열었새운"
    "른많울도관",
)
_WEB = (
    ("cp1252", _WESTERN),
    ("cp1251", _CYRILLIC),
    ("cp932", _JAPANESE),
    ("gb18030", _CHINESE),
    ("cp949", _KOREAN),
    ("big5hkscs", _TAIWANESE),
    ("euc_jp", _JAPANESE),
    ("iso8859_2", _CENTRAL),
    ("cp1250", _CENTRAL),
    ("cp1254", ("çğıöşüâî",)),
    ("cp1256", _ARABIC),
    ("cp1253", _GREEK),
    ("iso8859_7", _GREEK),
    ("cp1255", _HEBREW),
    ("cp874", _THAI),
    ("koi8_r", _CYRILLIC),
    ("koi8_u", _CYRILLIC),
    ("cp1257", ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž")),
    ("iso8859_6", _ARABIC),
    ("iso8859_5", _CYRILLIC),
    ("cp866", _CYRILLIC),
    ("kz1048", _KAZAKH),
    ("mac_roman", _WESTERN),
    ("mac_cyrillic", _CYRILLIC),
)
# Maltese, Esperanto, Welsh, Sami, Vietnamese: their encodings are too rare to be looked for, but may be named.
_RARE = (
    "ħġżċàèìòù",
    "ĉĝĥĵŝŭ",
    "ŵŷâêîôûáéëï",
    "áčđŋšŧž",
    "đôêươâăàáèéìíòóùúýãõ\u0300\u0301\u0303\u0309\u0323",
)
_LANGUAGES = tuple(dict.fromkeys((*(letters for _, languages in _WEB for letters in languages), *_RARE)))
_TYPOGRAPHY = frozenset("\xa0«»„“”‘’‚–—…•·°€£©®™№†‡‰½¼¾²")
# What a wrong encoding looks like: a capital after a small letter of the same word, a sign between two
# letters, letters of two alphabets in one word.
_BREAK = re.compile(
    r"[a-zà-öø-ÿα-ωа-яѐ-џ](?=[À-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĔĖĘĚŁŃŇŐŔŘŚŠŢŤŮŰŹŻŽΑ-ΩА-ЯЀ-Џ])"
    r"|(?<=[^\W\d_])(?![’–—…\xad\u0300-\u0323])[\x80-⿿](?<![\w\s])(?=[^\W\d_])"
    r"|[A-Za-z](?=[Ͱ-\u0e7f])|[Ͱ-\u0e7f](?=[A-Za-z])"
)
_EAST_ASIAN = re.compile("[\u1100-\u11ff\u3000-\u9fff\uac00-\ud7af]")
_PAIRED = 0.4
"""Added for East Asian text: bytes that pair up throughout do not come about by accident."""
_CLEARLY = 0.03
"""By how much a rarer encoding must score better: one odd sign in a page of another must not decide."""


def _legacy(raw: bytes) -> Decoded:
    sample = sample_of(raw, _LINE)
    declared = _declared(raw, sample)
    if declared:
        return _with_encoding(raw, declared, "declared")
    score, name = legacy_encoding(sample)
    if score < 0:
        raise NotText("unknown-encoding", "no known encoding makes text of these bytes")
    return _with_encoding(raw, name, "detected")


def legacy_encoding(sample: bytes) -> tuple[float, str]:
    """How well the encoding that suits the letters of `sample` best does so (`likeness`), and its codec's name."""
    score, name = _best(sample, _WEB)
    if score < 0.5:
        # Rarer encodings are not worth a table: charset-normalizer knows them, and mostly tells when asked
        # about nothing else.
        guesses = tuple((guess, _LANGUAGES) for guess in _guesses(sample))
        score, name = max((score, name), _best(sample, guesses), key=lambda best: best[0])
    return score, name


def likeness(sample: bytes, encoding: str) -> float:
    """How much the letters of `sample`, read as `encoding`, look like those of a language: 1 very much, 0 not at all.

    Below 0 are bytes that are no text in that encoding.

    >>> round(likeness("Новый паром".encode("koi8-r"), "koi8_r"), 1)
    1.0
    """
    return _score(_reading(sample, encoding), _LANGUAGES)


_LINE = re.compile(rb"[A-Za-z]?[\x80-\xff][^\n]*")


def sample_of(raw: bytes, piece: re.Pattern[bytes]) -> bytes:
    """The bytes of `raw` that decide its encoding: lines, say, from their first byte beyond ASCII on.

    `piece` must match from such a byte to one that no multi-byte sequence has in it (line feed, angle bracket,
    quotation mark), so that none is entered in its middle.
    """
    pieces: list[bytes] = []
    size = 0
    for found in piece.finditer(raw):
        pieces.append(found[0][: _SAMPLE - size])
        size += len(pieces[-1])
        if size >= _SAMPLE:
            break
    return b"\n".join(pieces)


def _declared(raw: bytes, sample: bytes) -> str | None:
    """The encoding that a saved page names in its first lines, when it does make text of the bytes."""
    from bs4.dammit import EncodingDetector  # noqa: PLC0415  (costs 0.1 s, and UTF-8 never gets here)

    said = EncodingDetector.find_declared_encoding(raw[:4096], is_html=True)
    name = _usable(said) if said else None
    return name if name and likeness(sample, name) >= 0.2 else None


def _guesses(sample: bytes) -> list[str]:
    """What Beautiful Soup's `EncodingDetector` and then charset-normalizer would try, best first."""
    from bs4.dammit import EncodingDetector  # noqa: PLC0415
    from charset_normalizer import from_bytes  # noqa: PLC0415

    said = [*EncodingDetector(sample).encodings, *(match.encoding for match in from_bytes(sample))]
    usable = [_usable(name) for name in said]
    return list(dict.fromkeys(name for name in usable if name))


# Labels of the WHATWG Encoding Standard that Python does not know, without their "x-", and how people misspell some.
_LABELS = {
    "ansi": "cp1252",
    "cn-big5": "big5",
    "dos-874": "cp874",
    "iso-8859-8-i": "iso8859_8",
    "iso-10646-ucs-2": "utf-16",
    "koi": "koi8_r",
    "koi8": "koi8_r",
    "ucs-2": "utf-16",
    "unicode": "utf-16",
    "unicode-1-1-utf-8": "utf-8",
    "unicode11utf8": "utf-8",
    "unicode20utf8": "utf-8",
    "unicodefeff": "utf-16",
    "unicodefffe": "utf-16",
    "utf": "utf-8",
    "windows-31j": "cp932",
    "windows-949": "cp949",
}
# Browsers read these as encodings that contain them (WHATWG Encoding Standard); the right-hand sides are all in _WEB.
_WIDER = {
    "ascii": "cp1252",
    "big5": "big5hkscs",
    "euc_kr": "cp949",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso8859_1": "cp1252",
    "iso8859_11": "cp874",
    "iso8859_9": "cp1254",
    "shift_jis": "cp932",
    "tis_620": "cp874",
}


_LABEL_MAX = 40
"""Characters of the name of an encoding (RFC 2978, 2.3). Python looks up longer ones too, in time that counts."""


def codec_of(label: str) -> str | None:
    """The Python codec that reads what `label` names on the web, or None when it names no encoding.

    >>> codec_of("ISO-8859-1"), codec_of("x-sjis"), codec_of("unicode"), codec_of("none")
    ('cp1252', 'cp932', 'utf_16', None)
    """
    label = label.strip()
    if len(label) > _LABEL_MAX:
        return None
    plain = label.lower().removeprefix("x-")
    plain = re.sub(r"^win(?:dows)?[-_]?(?=125\d$)", "cp", _LABELS.get(plain, plain).removeprefix("x-"))
    try:
        name = codecs.lookup(plain).name.replace("-", "_")
        b"a".decode(name, "ignore")
    except (LookupError, ValueError):  # the latter from codecs such as rot13, hex and undefined
        return None
    if name in ("idna", "punycode", "raw_unicode_escape", "unicode_escape"):
        return None
    return _WIDER.get(name, name)


def _usable(name: str) -> str | None:
    """The codec's own name, when it reads bytes beyond ASCII one text at a time, without shifting states."""
    codec = codec_of(name)
    return None if codec is None or codec.startswith(("utf", "iso2022", "hz")) else codec


def _best(sample: bytes, candidates: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[float, str]:
    """The best score and its encoding; a later one of `candidates` must clearly beat those before it."""
    best = (float("-inf"), "")
    for name, languages in candidates:
        score = _score(_reading(sample, name), languages)
        if score > best[0] + _CLEARLY:
            best = (score, name)
    return best


def _reading(sample: bytes, name: str) -> str:
    try:
        return sample.decode(name, "surrogateescape")
    except (UnicodeDecodeError, LookupError):
        return ""


def _score(text: str, languages: tuple[str, ...]) -> float:
    """How well `text` looks like one of `languages`: the share of characters beyond ASCII that are theirs.

    Broken, unassigned and control characters cost three each, breaks within a word two.
    """
    counts = Counter(_NOT_ASCII.findall(text))
    total = counts.total()
    if total == 0:
        return float("-inf")
    odd = sum(count for char, count in counts.items() if _is_odd(char))
    typographic = sum(count for char, count in counts.items() if char in _TYPOGRAPHY)
    theirs = max(_share_of(counts, letters) for letters in languages)
    paired = _PAIRED * sum(count for char, count in counts.items() if _EAST_ASIAN.match(char))
    return (theirs + typographic + paired - 3 * odd - 2 * len(_BREAK.findall(text))) / total


def _share_of(counts: Counter[str], letters: str) -> float:
    """Characters of `counts` in `letters`: the first half, in full, the rest a bit less."""
    frequent = frozenset(letters[: len(letters) // 2]) if len(letters) > 20 else frozenset(letters)
    weights = {letter: 1.0 if letter in frequent else 0.8 for letter in letters}
    return sum(count * weights.get(char.lower(), 0.0) for char, count in counts.items())
