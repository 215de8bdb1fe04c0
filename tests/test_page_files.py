"""Pages and compressed files: which are found, what they are called, what is unpacked of them, what their records say,
and what is set aside.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import tracemalloc
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from folders import ARTICLE, BODY, PAGES, PROJECT, clean_folder, tree, write
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from cleaners import Edit, apply, clean_html
from flows.clean_articles import clean_articles
from flows.cli import main
from flows.naming import places
from flows.reading import HANDLED, Refused, ending_of, find_documents, kind_of
from flows.record import edits_of, from_bytes, identity, kept_of, spans_of, visible_as_json
from flows.summary import Summary, rows
from flows.unpacking import PARTS_DEPTH, Origin, Unpacked, looks_like_page, unpack
from flows.verify import Report, verify

VALIDATOR = Draft202012Validator(json.loads((PROJECT / "docs/record.schema.json").read_bytes()))

PAGE = "<html><head><title>Ferry</title></head><body><p>The old ferry line reopens.</p></body></html>"

ARCHIVE = (
    "From: <Saved by Blink>\r\n"
    "Snapshot-Content-Location: https://velm.example/snapshot\r\n"
    "MIME-Version: 1.0\r\n"
    'Content-Type: multipart/related; type="text/html"; boundary="----b"\r\n'
    "\r\n"
    "------b\r\n"
    "Content-Type: image/gif\r\nContent-Transfer-Encoding: base64\r\n\r\nR0lGODlhAQABAAAAACw=\r\n"
    "------b\r\n"
    "Content-Type: text/html; charset=windows-1251\r\n"
    "Content-ID: <one@velm.example>\r\n"
    "Content-Transfer-Encoding: quoted-printable\r\n"
    "{location}"
    "\r\n"
    "<p class=3D'a'>=CF=E0=F0=EE=EC</p>=\r\n\r\n"
    "------b\r\n"
    "Content-Type: text/html\r\nContent-ID: <two@velm.example>\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "PHA+dHdvPC9wPg==\r\n"
    "------b--\r\n"
)


def reason(source: str, raw: bytes, sidecar: bytes | None = None, max_bytes: int | None = None) -> tuple[str, str]:
    """Why a file is refused."""
    with pytest.raises(Refused) as refusal:
        unpack(source, raw, sidecar, max_bytes)
    return refusal.value.reason, str(refusal.value)


# Names


def test_pages_and_compressed_files_are_documents_whatever_the_case_of_their_endings(tmp_path: Path) -> None:
    names = ["A.HTML", "b.htm", "c.xhtml", "d.mhtml", "e.MHT", "f.Html.GZ", "g.txt.gz", "h.md.gz", "i.mht.gz"]
    write(tmp_path, dict.fromkeys([*names, "j.gz", "k.warc.gz", "l.html.bz2", "m.gz.html.zip", ".html.gz"], "x"))
    found = find_documents(tmp_path)
    assert [each.source for each in found.documents] == names
    assert found.not_handled == ["j.gz", "k.warc.gz", "l.html.bz2", "m.gz.html.zip"]
    assert [name for name, _ in found.passed_over] == [".html.gz"]


def test_the_ending_says_what_is_a_page() -> None:
    pages = [ending for ending in HANDLED if kind_of(f"a{ending.upper()}") == "page"]
    assert [ending for ending in HANDLED if ending not in pages] == [
        ".txt",
        ".text",
        ".md",
        ".txt.gz",
        ".text.gz",
        ".md.gz",
    ]
    assert kind_of("a.html/b.txt") == kind_of("a.html/b") == kind_of("html") == "text"
    assert [ending_of(name) for name in ("a.gz", ".gz", ".html.gz", "a..gz", "a.html/b.gz")] == [
        ".gz",
        "",
        ".gz",
        "..gz",
        ".gz",
    ]


def test_of_sources_with_one_name_text_keeps_it_and_the_others_differ() -> None:
    sources = ["a.html.gz", "a.html", "a.txt.gz", "a.txt", "a.HTM", "b.html.gz", "b.html", "c.html.gz"]
    given = places(sources)
    assert (given["a.txt"].stem, given["b.html"].stem, given["c.html.gz"].stem) == ("a", "b", "c")
    assert len({place.stem for place in given.values()}) == len(sources)
    assert all(place.stem.startswith("a~") for source, place in given.items() if source[0] == "a" and source != "a.txt")


# Compressed files


def test_a_compressed_text_is_cleaned_as_if_it_were_not_and_its_record_names_both(tmp_path: Path) -> None:
    raw = {"a.txt": ARTICLE, "b.txt.gz": gzip.compress(ARTICLE.encode(), mtime=0)}
    members = gzip.compress(ARTICLE[:70].encode()) + gzip.compress(b"") + gzip.compress(ARTICLE[70:].encode())
    raw |= {"c/many.TXT.GZ": members, "c/padded.md.gz": members + b"\0" * 100}
    write(tmp_path / "raw", raw)
    clean_folder(tmp_path / "raw", tmp_path / "clean")
    files = tree(tmp_path / "clean")
    assert set(files) == {
        f"{stem}{ending}" for stem in ("a", "b", "c/many", "c/padded") for ending in (".txt", ".json")
    }
    assert {content.decode() for name, content in files.items() if name.endswith(".txt")} == {BODY}
    plain, packed = json.loads(files["a.json"]), json.loads(files["b.json"])
    assert packed["unpacked"] == plain["raw"]
    assert packed["raw"]["bytes"] == len(raw["b.txt.gz"])
    assert "unpacked" not in plain
    assert packed["edits"] == plain["edits"]


def test_a_compressed_text_verifies_with_and_without_its_raw_file(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"a.txt.gz": gzip.compress(ARTICLE.encode())})
    clean_folder(raw, tmp_path / "clean")
    assert verify(tmp_path / "clean", raw) == verify(tmp_path / "clean") == Report(verified=1)
    VALIDATOR.validate(json.loads((tmp_path / "clean/a.json").read_bytes()))
    write(raw, {"a.txt.gz": gzip.compress(ARTICLE.encode(), 1)})
    assert verify(tmp_path / "clean").problems == []
    assert verify(tmp_path / "clean", raw).problems == [("a.json", "its raw file has changed since")]


def test_one_compressed_text_is_cleaned_and_explained(
    tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    write(tmp_path, {"a.txt.gz": gzip.compress(ARTICLE.encode()), "cut.txt.gz": b"\x1f\x8b"})
    for command, name, code, said in [
        ("clean", "a.txt.gz", 0, BODY),
        ("explain", "a.txt.gz", 0, "[-ALSO READ: -]"),
        ("clean", "cut.txt.gz", 1, "its gzip data end too early"),
        ("explain", "cut.txt.gz", 1, "its gzip data end too early"),
    ]:
        with pytest.raises(SystemExit) as end:
            main([command, str(tmp_path / name)])
        assert end.value.code == code
        printed = capsysbinary.readouterr()
        assert said in (printed.out + printed.err).decode()


def test_a_compressed_file_that_is_damaged_is_refused_with_its_reason() -> None:
    whole = gzip.compress(ARTICLE.encode() * 50)
    for raw, detail in [
        (whole[:-9], "end too early"),
        (whole[:40], "end too early"),
        (whole[:5], "end too early"),
        (whole[:-8] + b"\0\0\0\0" + whole[-4:], "damaged: CRC check failed"),
        (whole[:30] + bytes([whole[30] ^ 255, whole[31] ^ 255]) + whole[32:], "damaged: "),
        (whole + b"more", "damaged: Not a gzipped file"),
    ]:
        code, sentence = reason("a.html.gz", raw)
        assert code == "bad-gzip"
        assert detail in sentence


def test_a_file_that_is_only_named_compressed_is_read_as_it_is() -> None:
    assert unpack("a.html.gz", PAGE.encode()).content == PAGE.encode()


def test_a_bomb_is_refused_without_being_unpacked() -> None:
    bomb = gzip.compress(bytes(64 << 20)) * 160  # 10 GB in 10 MB
    tracemalloc.start()
    try:
        assert reason("a.html.gz", bomb, max_bytes=1 << 20) == (
            "too-large",
            "unpacked, it is larger than the limit of 1048576 bytes",
        )
        assert tracemalloc.get_traced_memory()[1] < 8 << 20
    finally:
        tracemalloc.stop()


def test_an_archive_whose_parts_are_nested_deeper_than_any_is_refused() -> None:
    def nested(depth: int) -> bytes:
        part = "Content-Type: multipart/related; boundary=b{0}\r\n\r\n--b{0}\r\n"
        return ("".join(map(part.format, range(depth))) + "Content-Type: text/html\r\n\r\n<p>Polls closed.").encode()

    assert unpack("a.mhtml", nested(PARTS_DEPTH)).content == b"<p>Polls closed."
    with pytest.raises(Refused, match=f"nested more than {PARTS_DEPTH} deep") as refusal:
        unpack("a.mhtml", nested(PARTS_DEPTH + 1))
    assert refusal.value.reason == "no-page"


@given(st.binary(max_size=200), st.sampled_from(["a.html.gz", "a.mht", "a.mhtml.gz", "a.txt"]))
def test_any_bytes_are_unpacked_or_refused(raw: bytes, source: str) -> None:
    for content in (raw, gzip.compress(raw), b"Content-Type: text/html\r\n" + raw, ARCHIVE.encode() + raw):
        with suppress(Refused):
            assert len(unpack(source, content, max_bytes=2000).content) <= 2000


# Web archives


def test_the_page_of_a_web_archive_is_its_first_html_part() -> None:
    page = Unpacked(
        "<p class='a'>Паром</p>".encode("cp1251"),
        Origin("https://velm.example/snapshot", 'text/html;charset="windows-1251"'),
    )
    archive = ARCHIVE.format(location="")
    assert unpack("a.mhtml", archive.encode()) == page
    assert unpack("a.MHT", archive.replace("\r\n", "\n").encode()) == page
    assert unpack("a.mhtml.gz", gzip.compress(archive.encode())) == page


def test_the_page_of_a_web_archive_is_the_part_that_it_starts_with() -> None:
    for start in ("<two@velm.example>", "two@velm.example"):
        archive = ARCHIVE.format(location="").replace("type=", f'start="{start}"; type=')
        assert unpack("a.mht", archive.encode()).content == b"<p>two</p>"
    lost = ARCHIVE.format(location="").replace("type=", 'start="<none@velm.example>"; type=')
    assert "Паром" in unpack("a.mht", lost.encode()).content.decode("cp1251")


def test_the_url_of_a_web_archive_is_that_of_its_page_and_may_be_folded_and_encoded() -> None:
    for location, url in [
        ("Content-Location: https://velm.example/a\r\n", "https://velm.example/a"),
        ("Content-Location:\r\n https://velm.example/very-\r\n long\r\n", "https://velm.example/very-long"),
        ("Content-Location: =?utf-8?Q?https://velm.example/=D0=B0?=\r\n", "https://velm.example/а"),
    ]:
        assert unpack("a.mht", ARCHIVE.format(location=location).encode()).origin.url == url


def test_a_web_archive_without_a_page_is_refused() -> None:
    picture = (
        ARCHIVE.format(location="")
        .replace("text/html; charset=windows-1251", "text/css")
        .replace("Content-Type: text/html\r\n", "Content-Type: text/plain\r\n")
    )
    for archive in (picture.encode(), PAGE.encode(), b"", b"\0\xff" * 50, b"Content-Type: multipart/related\r\n\r\n"):
        assert reason("a.mht", archive) == ("no-page", "it is a web archive (MHTML) without an HTML part")


# Sidecars


def test_a_sidecar_says_where_its_page_came_from(tmp_path: Path) -> None:
    said = json.dumps({"url": "https://velm.example/a", "content_type": "text/html; charset=utf-8", "status": 200})
    write(tmp_path, {"a.html": PAGE, "a.html.json": said, "b.htm.gz": PAGE, "b.htm.gz.json": said})
    write(tmp_path, {"c.html": PAGE, "c.json": said, "d.html.json": said, "e.txt": ARTICLE, "e.txt.json": said})
    found = find_documents(tmp_path)
    assert [(each.source, each.sidecar and Path(each.sidecar).name) for each in found.documents] == [
        ("a.html", "a.html.json"),
        ("b.htm.gz", "b.htm.gz.json"),
        ("c.html", None),
        ("e.txt", None),
    ]
    assert found.not_handled == ["c.json", "d.html.json", "e.txt.json"]
    assert unpack("a.html", b"x", said.encode()) == Unpacked(
        b"x", Origin("https://velm.example/a", "text/html; charset=utf-8")
    )
    for nothing in (b"{}", b'\xef\xbb\xbf{"url": null, "content_type": ""}'):
        assert unpack("a.html", b"x", nothing).origin == Origin()


def test_a_sidecar_tells_the_url_of_a_web_archive_but_not_the_encoding_of_its_page() -> None:
    sidecar = b'{"url": "https://velm.example/b", "content_type": "multipart/related"}'
    origin = unpack("a.mht", ARCHIVE.format(location="").encode(), sidecar).origin
    assert origin == Origin("https://velm.example/b", 'text/html;charset="windows-1251"')


@pytest.mark.parametrize(
    ("sidecar", "detail"),
    [
        (b"", "is no JSON in UTF-8"),
        (b"{", "is no JSON in UTF-8"),
        (b'{"url": "\xe9"}', "is no JSON in UTF-8"),
        (b"[" * 60_000, "is no JSON in UTF-8"),
        (b'["https://velm.example/a"]', "is no JSON object"),
        (b'{"url": 3}', "url in its sidecar is no text"),
        (b'{"content_type": ["text/html"]}', "content_type in its sidecar is no text"),
        (b" " * 70_000, "larger than the limit of 65536 bytes"),
    ],
)
def test_a_bad_sidecar_sets_its_page_aside_and_says_what_is_expected(
    sidecar: bytes, detail: str, tmp_path: Path
) -> None:
    write(tmp_path / "raw", {"a.html": PAGE, "a.html.json": sidecar})
    problem = clean_folder(tmp_path / "raw", tmp_path / "clean")["a.html"].set_aside
    assert problem is not None
    assert (problem.reason, problem.size) == ("bad-sidecar", len(PAGE))
    assert detail in problem.detail
    assert '{"url": "https://example.org/a", "content_type": "text/html; charset=utf-8"}' in problem.detail


def test_a_sidecar_is_not_followed_out_of_the_raw_folder(tmp_path: Path) -> None:
    raw = write(
        tmp_path / "raw", {"a.html": PAGE, "b.html": PAGE, "said": "{}", "c.html": PAGE, "c.html.json/d.txt": "x"}
    )
    write(tmp_path, {"secret.json": "{}"})
    (raw / "a.html.json").symlink_to("../secret.json")
    (raw / "b.html.json").symlink_to("said")
    found = find_documents(raw)
    assert [(each.source, each.reason) for each in found.set_aside] == [("a.html", "bad-sidecar")]
    assert [(each.source, each.sidecar is None) for each in found.documents] == [
        ("b.html", False),
        ("c.html", True),
        ("c.html.json/d.txt", True),
    ]


@pytest.mark.parametrize(
    ("content", "is_page"),
    [
        (b"<!DOCTYPE html><p>x", True),
        (b"\xef\xbb\xbf\r\n <HTML lang=en>", True),
        ("<html><body>Паром".encode("utf-16"), True),
        (b"<!-- saved from url=(0023)https://velm.example/ --><html>", True),
        (b'<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html>', True),
        (b'<?xml version="1.0"?><rss>', False),
        (b"<p>Polls closed.</p>", True),
        (b"<3 this. <p>", False),
        (b"<price> is what it says", False),
        (b"Polls <b>closed</b>.", False),
        (b"", False),
        (b"\0\0", False),
    ],
)
def test_a_page_is_told_by_how_it_begins(content: bytes, is_page: bool) -> None:
    assert looks_like_page(content) is is_page


# Records


def records(clean: Path) -> dict[str, Any]:
    """The records in a folder of clean articles, by source."""
    names = [name for name in tree(clean) if name.endswith(".json") and not name.startswith("_failed")]
    found = [from_bytes((clean / name).read_bytes()) for name in names]
    return {str(record["source"]): record for record in found}


def visible_of(source: str) -> str:
    """The visible text of a sample page."""
    sidecar = PAGES / f"{source}.json"
    unpacked = unpack(source, (PAGES / source).read_bytes(), sidecar.read_bytes() if sidecar.exists() else None)
    return clean_html(unpacked.content, content_type=unpacked.origin.content_type).source


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clean folder of the sample pages."""
    clean = tmp_path_factory.mktemp("samples") / "clean"
    assert not [each for each in clean_folder(PAGES, clean).values() if each.set_aside]
    return clean


def test_the_record_of_a_page_accounts_for_every_character_that_it_shows(samples: Path) -> None:
    found = records(samples)
    assert len(found) == 10
    for source, record in found.items():
        VALIDATOR.validate(record)
        visible = visible_of(source)
        assert (record["kind"], record["visible"]) == ("page", visible_as_json(visible))
        removed = [Edit(*span, "", visible[slice(*span)], "extractor", "extractor") for span in spans_of(record)]
        clean = (samples / f"{source.partition('.')[0]}.txt").read_text()
        assert apply(visible, [*edits_of(record), *removed]) + "\n" == clean
        named = set[int]()
        for start, end in [*spans_of(record), *((block.start, block.end) for block in kept_of(record))]:
            assert not named & set(range(start, end))
            named |= set(range(start, end))
        for edit in edits_of(record):
            assert edit.xpath or not edit.original.strip()
            named |= set(range(edit.start, edit.end))
        assert not "".join(character for place, character in enumerate(visible) if place not in named).strip()


def test_the_record_of_a_page_is_about_as_large_as_its_visible_text(samples: Path) -> None:
    for source, record in records(samples).items():
        size = (samples / f"{source.partition('.')[0]}.json").stat().st_size
        # Comments stand in it twice, as what was removed and as what was lifted, in many small pieces.
        most = 6 if record["metadata"]["comments"] else 2
        assert size < 2_000 + most * len(visible_of(source).encode()), source


def test_the_record_of_a_page_says_where_it_came_from_and_how_it_was_read(samples: Path) -> None:
    found = records(samples)
    assert found["banda-alcorvin.html"]["origin"] == json.loads((PAGES / "banda-alcorvin.html.json").read_bytes())
    assert found["goat-steps.html"]["origin"] == {"url": None, "content_type": None}
    assert found["schwalbenzaehlung.mhtml"]["origin"]["url"].startswith("https://")
    assert found["muzej-varezhek.htm"]["encoding"] == {"name": "cp1251", "how": "meta"}
    packed = (PAGES / "todai-yubin.html.gz").read_bytes()
    assert found["todai-yubin.html.gz"]["raw"] == identity(packed)
    assert found["todai-yubin.html.gz"]["unpacked"] == identity(gzip.decompress(packed))
    metadata = found["goat-steps.html"]["metadata"]
    assert metadata["modified"].startswith("2023-05-10")
    assert metadata["sources"]["byline"] == "json-ld:author"


def test_the_content_type_of_a_sidecar_tells_the_encoding(tmp_path: Path) -> None:
    page = PAGE.replace("The old ferry line reopens.", "Паром через залив снова ходит каждый день. " * 5)
    sidecar = '{"content_type": "text/html; charset=windows-1251"}'
    write(tmp_path / "raw", {"a.html": page.encode("cp1251"), "a.html.json": sidecar})
    clean_folder(tmp_path / "raw", tmp_path / "clean")
    assert records(tmp_path / "clean")["a.html"]["encoding"] == {"name": "cp1251", "how": "http"}
    assert (tmp_path / "clean/a.txt").read_text().startswith("Паром через залив")


def test_full_text_keeps_the_text_of_everything_that_was_removed(samples: Path, tmp_path: Path) -> None:
    clean_folder(PAGES, tmp_path / "clean", full_text=True)
    assert verify(tmp_path / "clean") == Report(verified=10, pages=10)
    short = records(samples)
    for source, record in records(tmp_path / "clean").items():
        VALIDATOR.validate(record)
        assert record["removed"] == []
        assert record["fingerprint"] != short[source]["fingerprint"]
        assert len(record["edits"]) == len(short[source]["edits"]) + len(spans_of(short[source]))
        assert record["clean"] == short[source]["clean"]


def test_comments_are_lifted_unless_they_are_not_wanted_and_leave_the_text_in_any_case(
    samples: Path, tmp_path: Path
) -> None:
    raw = write(tmp_path / "raw", {"goat-steps.html": (PAGES / "goat-steps.html").read_bytes()})
    clean_folder(raw, tmp_path / "clean", comments=False)
    with_them, without = records(samples)["goat-steps.html"], records(tmp_path / "clean")["goat-steps.html"]
    assert len(with_them["metadata"]["comments"]) == 5
    assert without["metadata"]["comments"] == []
    assert without["clean"] == with_them["clean"]
    assert without["fingerprint"] != with_them["fingerprint"]
    assert verify(tmp_path / "clean", raw).problems == []


def test_what_is_no_article_stays_where_the_extractor_is_skipped(samples: Path, tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"orrelby-exchange.html": (PAGES / "orrelby-exchange.html").read_bytes()})
    clean_folder(raw, tmp_path / "clean", skip=["extractor"])
    assert records(tmp_path / "clean")["orrelby-exchange.html"]["removed"] == []
    size = (tmp_path / "clean/orrelby-exchange.txt").stat().st_size
    assert size > (samples / "orrelby-exchange.txt").stat().st_size
    assert verify(tmp_path / "clean", raw).problems == []


def test_an_article_that_only_json_ld_holds_is_verified_against_it(tmp_path: Path) -> None:
    lines = [f"The old ferry number {number} reopens on Tuesday, said the mayor of Velm." for number in range(9)]
    script = json.dumps({"@type": "NewsArticle", "headline": "Ferry", "articleBody": "\n".join(["“Élan”.", *lines])})
    page = f'<html><script type="application/ld+json">{script}</script><body><p>Loading</p></body></html>'
    raw = write(tmp_path / "raw", {"a.html": page})
    clean_folder(raw, tmp_path / "clean")
    assert all(block.xpath.endswith("/script") for block in kept_of(records(tmp_path / "clean")["a.html"]))
    report = verify(tmp_path / "clean", raw)
    assert (report.verified, report.problems) == (1, [])
    assert report.words == report.located > 100


def test_blocks_are_located_where_cells_hidden_parts_and_line_breaks_lie_between(tmp_path: Path) -> None:
    prose = "The council of Velm voted to <span hidden>not</span> reopen the old ferry line {} across the bay."
    rows = "".join(f"<tr><td>Boat {number}</td><td>{number}0 seats</td></tr>" for number in range(3))
    lines = "<br>".join(map(prose.format, range(5)))
    page = f"<article><h1>Ferry</h1><p>{prose}</p>{lines} <b>{lines}</b><table>{rows}</table></article>"
    raw = write(tmp_path / "raw", {"a.html": page})
    clean_folder(raw, tmp_path / "clean", skip=["duplicate", "extractor"])
    report = verify(tmp_path / "clean", raw)
    assert report.problems == []
    assert report.words == report.located > 150


# Runs


@pytest.mark.usefixtures("_server")
def test_a_run_over_pages_and_texts_gives_the_same_bytes_with_any_number_of_workers(tmp_path: Path) -> None:
    raw = tmp_path / "raw"
    shutil.copytree(PAGES, raw / "pages")
    write(raw, {"a.txt": ARTICLE, "notes.pdf": "%PDF"})
    first = clean_articles(raw, tmp_path / "one", workers=1)
    second = clean_articles(raw, tmp_path / "two", workers=2)
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
    assert isinstance(first, Summary)
    assert isinstance(second, Summary)
    assert (first.edits, first.words_out) == (second.edits, second.words_out)
    assert (first.documents, first.pages, first.cleaned) == (11, 10, 11)
    assert first.not_handled == ("notes.pdf",)
    table = dict(rows(first))
    assert (table["texts"], table["pages"]) == ("1", "10")
    assert int(table["parts of pages outside of articles"]) == first.edits["extractor"] > 20
    assert "edits: extractor" not in table
    assert verify(tmp_path / "one") == Report(verified=11, pages=10)
    report = verify(tmp_path / "one", raw, workers=2)
    assert (report.verified, report.pages, report.problems) == (11, 10, [])
    assert report.words == report.located > 3000


PARAGRAPH = (
    "<p>The council of Velm voted on Tuesday to reopen the old ferry line across the bay, number {}, "
    "after Mayor Ilse Varga said that the first boat would leave before the end of the month.</p>\n"
)
NEWS = f"<html><body><article><h1>Ferry</h1>{''.join(map(PARAGRAPH.format, range(5)))}</article></body></html>"


@pytest.mark.usefixtures("_server")
def test_a_run_sets_aside_pages_without_an_article_with_a_clear_reason_and_cleans_the_others(tmp_path: Path) -> None:
    menu = "".join(f"<li><a href=/{number}>Section {number}</a></li>" for number in range(50))
    app = "<html><body><div id=app>{}</div><script src=/a.js></script><noscript>Turn it on.</noscript></body></html>"
    raw = write(
        tmp_path / "raw",
        {
            "good.html": NEWS,
            "cut in a tag.html": NEWS[:-300] + '<a href="https://velm.exam',
            "zero byte.html": NEWS.replace("council", "coun\0cil"),
            "no tags.htm": re.sub("<[^>]+>", "", NEWS),
            "shell.html": app.format(""),
            "loading.html": app.format("Loading…"),
            "frames.html": "<html><frameset cols=1,2><frame src=menu.html><frame src=text.html></frameset></html>",
            "menu.html": f"<html><body><nav><ul>{menu}</ul></nav></body></html>",
            "empty.html": "",
            "blank.html": " \n",
            "binary.html": bytes(range(256)) * 40,
            "pdf.html": b"%PDF-1.4\n" + bytes(range(256)),
            "deep.html": "<div>" * 100_000 + "<p>Down here.",
            "deep.xhtml": "<b>" * 100_000 + "Down here.",
            "large.html": f"<article>{''.join(map(PARAGRAPH.format, range(275_000)))}</article>",
            "tags.html": "<html><body>" + "<i>a</i> " * 1_000_000,
        },
    )
    assert (raw / "large.html").stat().st_size > 50_000_000
    summary = clean_articles(raw, tmp_path / "clean", max_failed_share=1, max_seconds=4, max_memory=1 << 30)
    assert isinstance(summary, Summary)
    reasons = {each.source: each.reason for each in summary.set_aside}
    assert reasons.pop("large.html") in {"too-slow", "too-much-memory"}
    assert reasons == {
        "binary.html": "binary",
        "blank.html": "blank",
        "deep.html": "too-deep",
        "deep.xhtml": "too-deep",
        "empty.html": "empty",
        "frames.html": "frames",
        "loading.html": "no-article",
        "menu.html": "no-article",
        "pdf.html": "binary",
        "shell.html": "script-rendered",
        "tags.html": "too-many-elements",
    }
    details = {each.source: each.detail for each in summary.set_aside}
    assert details["menu.html"] == "nothing on it reads like an article (words on it: 100)"
    assert details["frames.html"].endswith("in frames: menu.html, text.html")
    for name in ("good", "zero byte", "no tags"):
        text = (tmp_path / f"clean/{name}.txt").read_text()
        assert text.count("The council of Velm voted on Tuesday") == 5
    report = verify(tmp_path / "clean", raw)
    assert (report.verified, report.pages, report.set_aside, report.problems) == (4, 4, 12, [])
