"""`cleancopy verify`: it holds for what a run writes, and names whatever was changed since."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from folders import ARTICLE, PAGES, clean_folder, tree, write

from cleaners import clean_text
from flows import progress
from flows.record import Record, from_bytes, to_bytes
from flows.verify import Report, verify

RUSSIAN = "Новый паром ходит через залив каждый день.\n\nБилет стоит двести рублей.\n"


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A raw folder and the clean one made of it."""
    raw = write(
        tmp_path / "raw",
        {
            "a.txt": ARTICLE,
            "b/c.md": RUSSIAN.encode("cp1251"),
            "b/d.txt": RUSSIAN.encode("utf-16"),
            "b/cut.txt": RUSSIAN.encode()[:-3],
            "sjis.txt": "東京で新しい図書館が開館し、多くの市民が訪れた。".encode("cp932") + b"\x81\xe6",
            "name\nwith line.txt": ARTICLE,
            "empty.txt": "",
        },
    )
    (raw / "caf\udce9.txt").write_text(ARTICLE)
    clean_folder(raw, tmp_path / "clean")
    return raw, tmp_path / "clean"


def test_what_was_written_verifies_also_against_the_raw_files(folders: tuple[Path, Path]) -> None:
    raw, clean = folders
    assert verify(clean) == Report(verified=7, set_aside=1)
    assert verify(clean, raw) == Report(verified=7, set_aside=1)


def test_worker_processes_come_to_the_same_report(folders: tuple[Path, Path]) -> None:
    (folders[1] / "a.txt").write_text("changed\n")
    assert verify(folders[1], workers=2) == verify(folders[1], workers=1)


def test_a_change_of_any_byte_of_a_clean_file_is_named(tmp_path: Path) -> None:
    clean_folder(write(tmp_path / "raw", {"a.txt": "A short one.\n", "b.txt": ARTICLE}), tmp_path / "clean")
    path = tmp_path / "clean/a.txt"
    content = path.read_bytes()
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert verify(tmp_path / "clean", workers=1).problems == [("a.json", "its clean text was changed")]
    path.write_bytes(content)
    assert not verify(tmp_path / "clean").problems


def test_a_change_of_any_byte_of_a_record_is_named(tmp_path: Path) -> None:
    clean_folder(write(tmp_path / "raw", {"a.txt": ARTICLE, "b.txt": ARTICLE}), tmp_path / "clean")
    path = tmp_path / "clean/a.json"
    content = path.read_bytes()
    for place in range(0, len(content), 7):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        assert [name for name, _ in verify(tmp_path / "clean", workers=1).problems] == ["a.json"]


def _without_an_edit(record: Record) -> None:
    record["edits"] = record["edits"][1:]  # type: ignore[index]


def _with_a_field_more(record: Record) -> None:
    record["note"] = "mine"


def _with_another_title(record: Record) -> None:
    record["metadata"]["title"] = "Another title"  # type: ignore[index]


def _with_another_encoding(record: Record) -> None:
    record["encoding"]["name"] = "utf-16-le"  # type: ignore[index]


def _with_no_encoding(record: Record) -> None:
    record["encoding"]["name"] = "klingon"  # type: ignore[index]


def _with_another_raw_hash(record: Record) -> None:
    record["raw"]["sha256"] = "0" * 64  # type: ignore[index]


def _with_another_removed_word(record: Record) -> None:
    edit = next(edit for edit in record["edits"] if "Harbour" in edit["original"])  # type: ignore[attr-defined]
    edit["original"] = edit["original"].replace("Harbour", "Harvest")


def _with_an_edit_that_leaves_the_text(record: Record) -> None:
    record["edits"][-1]["start"] = 10**6  # type: ignore[index]


def _with_an_edit_that_lifts_into_no_field(record: Record) -> None:
    record["edits"][-1]["field"] = "comments.mood"  # type: ignore[index]


def _with_more_words(record: Record) -> None:
    record["words"]["clean"] += 1  # type: ignore[index]


def _of_another_source(record: Record) -> None:
    record["source"] = "b.txt"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_without_an_edit, "edits|raw bytes"),
        (_with_a_field_more, "schema"),
        (_with_another_title, "metadata"),
        (_with_another_encoding, "raw bytes"),
        (_with_no_encoding, "encoding"),
        (_with_another_raw_hash, "raw bytes"),
        (_with_another_removed_word, "raw bytes|metadata"),
        (_with_an_edit_that_leaves_the_text, "edits"),
        (_with_an_edit_that_lifts_into_no_field, "schema"),
        (_with_more_words, "words"),
        (_of_another_source, "moved"),
    ],
)
def test_a_forged_record_with_a_hash_that_fits_is_named(
    tmp_path: Path, change: Callable[[Record], None], reason: str
) -> None:
    clean_folder(write(tmp_path / "raw", {"a.txt": ARTICLE}), tmp_path / "clean")
    path = tmp_path / "clean/a.json"
    record = from_bytes(path.read_bytes())
    change(record)
    path.write_bytes(to_bytes(record))
    ((name, problem),) = verify(tmp_path / "clean").problems
    assert name == "a.json"
    assert any(part in problem for part in reason.split("|")), problem


def test_texts_and_records_without_each_other_and_left_over_files_are_named(
    folders: tuple[Path, Path],
) -> None:
    _, clean = folders
    (clean / "a.json").unlink()
    (clean / "b/c.txt").unlink()
    write(clean, {"b/.cleancopy-71-0.tmp": "half", "notes.json": "{}", "b/.hidden": "mine", "image.png": "mine"})
    assert verify(clean).problems == [
        ("a.txt", "it has no record"),
        ("b/.cleancopy-71-0.tmp", "it was left over by a run that was killed"),
        ("b/c.json", "its clean text is gone"),
        ("notes.json", "it is no record: it has no hash of itself"),
    ]


def test_a_changed_failure_is_named(folders: tuple[Path, Path]) -> None:
    path = folders[1] / "_failed/empty.txt.json"
    path.write_bytes(path.read_bytes().replace(b"empty", b"blank"))
    assert [name for name, _ in verify(folders[1]).problems] == ["_failed/empty.txt.json"]


def test_a_copied_or_moved_pair_is_named(folders: tuple[Path, Path]) -> None:
    _, clean = folders
    for ending in (".txt", ".json"):
        shutil.copy(clean / f"a{ending}", clean / f"copy{ending}")
    problems = dict(verify(clean).problems)
    assert problems["copy.json"].startswith("another record names the same source") or "moved" in problems["copy.json"]


def test_raw_files_that_changed_went_or_came_are_named(folders: tuple[Path, Path]) -> None:
    raw, clean = folders
    write(raw, {"a.txt": ARTICLE + "More.\n", "new.txt": ARTICLE})
    (raw / "b/c.md").unlink()
    assert verify(clean, raw).problems == [
        ("a.json", "its raw file has changed since"),
        ("b/c.json", "its raw file: it cannot be read: No such file or directory"),
        ("new.txt", "it lies in raw, and clean has no record of it"),
    ]
    assert not verify(clean).problems


def test_every_metadata_value_comes_from_an_edit(folders: tuple[Path, Path]) -> None:
    for name, content in tree(folders[1]).items():
        if name.endswith(".json") and not name.startswith("_failed"):
            record = json.loads(content)
            lifted = {edit["field"] for edit in record["edits"] if edit["field"]}
            for field, value in record["metadata"].items():
                if field in ("language", "sources"):
                    continue
                assert not value or any(each.startswith(field) for each in lifted)


def test_progress_is_told_to_whoever_listens(folders: tuple[Path, Path]) -> None:
    seen: list[tuple[int, int]] = []
    with progress.listening(lambda done, total: seen.append((done, total))):
        verify(folders[1])
    assert seen == [(done, 8) for done in range(1, 9)]


def test_a_clean_text_that_is_cleaned_again_stays(folders: tuple[Path, Path]) -> None:
    for name, content in tree(folders[1]).items():
        if name.endswith(".txt"):
            assert clean_text(content.decode()).text + "\n" == content.decode()


# Pages


@pytest.fixture
def pages(tmp_path: Path) -> tuple[Path, Path]:
    """A raw folder with three pages, one of which has a sidecar, and the clean one made of it."""
    names = ["banda-alcorvin.html", "banda-alcorvin.html.json", "schwalbenzaehlung.mhtml", "todai-yubin.html.gz"]
    raw = write(tmp_path / "raw", {name: (PAGES / name).read_bytes() for name in names})
    clean_folder(raw, tmp_path / "clean")
    return raw, tmp_path / "clean"


def test_pages_verify_with_and_without_their_raw_pages(pages: tuple[Path, Path]) -> None:
    raw, clean = pages
    assert verify(clean) == Report(verified=3, pages=3)
    report = verify(clean, raw)
    assert (report.verified, report.pages, report.problems) == (3, 3, [])
    assert report.words == report.located > 700


def test_a_change_of_any_byte_of_an_article_or_its_record_is_named(pages: tuple[Path, Path]) -> None:
    _, clean = pages
    for ending, step in ((".txt", 97), (".json", 131)):
        path = clean / f"todai-yubin{ending}"
        content = path.read_bytes()
        for place in range(0, len(content), step):
            path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
            assert [name for name, _ in verify(clean, workers=1).problems] == ["todai-yubin.json"]
        path.write_bytes(content)
    assert verify(clean).problems == []


def _with_the_place_of_another_block(record: Any) -> None:
    record["blocks"][0]["xpath"] = record["blocks"][2]["xpath"]


def _with_a_place_that_is_not_there(record: Any) -> None:
    record["blocks"][1]["xpath"] += "/table"


def _with_many_places(record: Any) -> None:
    record["blocks"][1]["xpath"] = "//p"


def _with_a_place_that_is_no_xpath(record: Any) -> None:
    record["blocks"][1]["xpath"] = "/html/["


def _with_a_place_that_is_no_element(record: Any) -> None:
    record["blocks"][1]["xpath"] += "/text()"


def _without_a_block(record: Any) -> None:
    del record["blocks"][3]


def _with_a_longer_block(record: Any) -> None:
    record["blocks"][0]["end"] += 40


def _without_a_span(record: Any) -> None:
    del record["removed"][0]["spans"][1]


def _with_a_shorter_span(record: Any) -> None:
    record["removed"][0]["spans"][-1][1] -= 1


def _with_another_visible_text(record: Any) -> None:
    record["visible"]["sha256"] = "0" * 64


def _with_another_removed_text(record: Any) -> None:
    record["edits"][0]["original"] = record["edits"][0]["original"].upper()


def _with_another_headline(record: Any) -> None:
    record["metadata"]["title"] = "Another title"


def _with_a_licence(record: Any) -> None:
    record["metadata"]["licence"] = "CC BY 4.0"
    record["metadata"]["sources"]["licence"] = "link:license"


def _with_a_caption(record: Any) -> None:
    record["metadata"]["captions"].append("A band.")


def _with_more_removed_words(record: Any) -> None:
    record["removed"][0]["words"] += 1


def _with_more_source_words(record: Any) -> None:
    record["words"]["source"] += 1


def _from_elsewhere(record: Any) -> None:
    record["origin"]["url"] = "https://velm.example/"


def _read_otherwise(record: Any) -> None:
    record["encoding"]["how"] = "detected"


def _as_a_text(record: Any) -> None:
    record["kind"] = "text"


@pytest.mark.parametrize(
    ("change", "reason", "needs_raw"),
    [
        (_with_the_place_of_another_block, "is not where its XPath says: .* holds other text", True),
        (_with_a_place_that_is_not_there, "is not where its XPath says: .*/table does not name one element", True),
        (_with_many_places, "//p does not name one element", True),
        (_with_a_place_that_is_no_xpath, "does not name one element", True),
        (_with_a_place_that_is_no_element, "does not name one element", True),
        (_without_a_block, "no block holds what stands at", False),
        (_with_a_longer_block, "overlap at", False),
        (_without_a_span, "do not fit its clean text|no block holds|add up", False),
        (_with_a_shorter_span, "add up", False),
        (_with_another_visible_text, "shows another text than was cleaned", True),
        (_with_another_removed_text, "not made for this text", True),
        (_with_another_headline, "metadata .*: title", True),
        (_with_a_licence, "metadata .*: licence", True),
        (_with_a_caption, "metadata .*: captions", False),
        (_with_more_removed_words, "number of removed words", True),
        (_with_more_source_words, "numbers of words", True),
        (_from_elsewhere, "its sidecar has changed", True),
        (_read_otherwise, "another encoding", True),
        (_as_a_text, "schema", False),
    ],
)
def test_a_forged_record_of_a_page_with_a_hash_that_fits_is_named(
    pages: tuple[Path, Path], change: Callable[[Record], None], reason: str, *, needs_raw: bool
) -> None:
    raw, clean = pages
    path = clean / "banda-alcorvin.json"
    record = from_bytes(path.read_bytes())
    change(record)
    path.write_bytes(to_bytes(record))
    ((name, problem),) = verify(clean, raw).problems
    assert name == "banda-alcorvin.json"
    assert re.search(reason, problem), problem
    assert bool(verify(clean).problems) is not needs_raw


def test_with_full_text_the_visible_text_is_proved_without_the_raw_page(pages: tuple[Path, Path]) -> None:
    raw, clean = pages
    clean_folder(raw, clean, full_text=True)
    assert verify(clean) == Report(verified=3, pages=3)
    path = clean / "banda-alcorvin.json"
    record: Any = from_bytes(path.read_bytes())
    edit = next(edit for edit in record["edits"] if edit["cleaner"] == "extractor")
    edit["original"] = edit["original"].swapcase()
    path.write_bytes(to_bytes(record))
    assert verify(clean).problems == [
        ("banda-alcorvin.json", "its clean text and edits do not give back its visible text")
    ]


def test_words_of_blocks_that_are_not_in_place_are_counted(pages: tuple[Path, Path]) -> None:
    raw, clean = pages
    path = clean / "banda-alcorvin.json"
    record = from_bytes(path.read_bytes())
    _with_a_place_that_is_not_there(record)
    path.write_bytes(to_bytes(record))
    report = verify(clean, raw)
    assert (report.verified, report.pages) == (2, 2)
    assert 0 < report.words - report.located < 100


@pytest.mark.parametrize(
    ("file", "content", "reason"),
    [
        ("banda-alcorvin.html", b"<p>Another page.</p>", "its raw file has changed since"),
        ("banda-alcorvin.html", None, "it cannot be read: No such file or directory"),
        ("banda-alcorvin.html.json", b'{"url": "https://velm.example/"}', "its sidecar has changed since"),
        ("banda-alcorvin.html.json", None, "its sidecar has changed since"),
        ("banda-alcorvin.html.json", b"{", "its sidecar is no JSON"),
    ],
)
def test_a_raw_page_or_sidecar_that_changed_is_named(
    pages: tuple[Path, Path], file: str, content: bytes | None, reason: str
) -> None:
    raw, clean = pages
    if content is None:
        (raw / file).unlink()
    else:
        write(raw, {file: content})
    ((name, problem),) = verify(clean, raw).problems
    assert name == "banda-alcorvin.json"
    assert reason in problem
    assert verify(clean).problems == []


def test_a_sidecar_that_came_later_is_named(pages: tuple[Path, Path]) -> None:
    raw, clean = pages
    write(raw, {"todai-yubin.html.gz.json": '{"content_type": "text/html; charset=utf-8"}'})
    assert verify(clean, raw).problems == [("todai-yubin.json", "its sidecar has changed since")]
