"""Files: what is found in a raw folder, what each is called in the clean one, how records are written."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import tomllib
from pathlib import Path

import pytest
from deadly import clean_or_die, die_once_told, double, lost, what_is_loaded
from folders import ARTICLE, BODY, PROJECT, clean_folder, tree, write
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

import flows.cleaning
from flows.cleaning import Job, clean_job, remove_moved
from flows.naming import places
from flows.preparing import RunRefused, prepare, settings_for
from flows.reading import RawDocument, Refused, find_documents, read_raw
from flows.record import VERSION, NotARecord, clean_bytes, clean_text_of, from_bytes, to_bytes
from flows.runners import RunnerError, run_chunks
from flows.writing import OutsideClean, write_files

VALIDATOR = Draft202012Validator(json.loads((PROJECT / "docs/record.schema.json").read_bytes()))


# Reading


def test_documents_are_found_in_all_folders_sorted_and_whatever_the_case_of_their_ending(
    tmp_path: Path,
) -> None:
    write(tmp_path, {"b.txt": "x", "a/z.MD": "x", "a/b/c.Text": "x", "A.txt": "x"})
    assert [each.source for each in find_documents(tmp_path).documents] == [
        "A.txt",
        "a/b/c.Text",
        "a/z.MD",
        "b.txt",
    ]


def test_other_kinds_of_file_are_named_and_hidden_ones_passed_over(tmp_path: Path) -> None:
    write(tmp_path, {"a.pdf": "x", "b/c.warc.gz": "x", "README": "x", ".git/x.txt": "x", "b/.DS_Store": "x"})
    found = find_documents(tmp_path)
    assert found.not_handled == ["README", "a.pdf", "b/c.warc.gz"]
    assert found.passed_over == [(".git", "hidden"), ("b/.DS_Store", "hidden")]
    assert not found.documents


def test_links_are_followed_to_files_inside_only_and_loops_end(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"a/b.txt": "x"})
    write(tmp_path, {"secret.txt": "x", "outside/c.txt": "x"})
    (raw / "inside.txt").symlink_to("a/b.txt")
    (raw / "a/loop").symlink_to("..")
    (raw / "out.txt").symlink_to(tmp_path / "secret.txt")
    (raw / "folder").symlink_to(tmp_path / "outside")
    (raw / "gone.txt").symlink_to("nowhere.txt")
    (raw / "self.txt").symlink_to("self.txt")
    found = find_documents(raw)
    assert [each.source for each in found.documents] == ["a/b.txt", "inside.txt"]
    assert {each.source: each.reason for each in found.set_aside} == {
        "folder": "link-outside",
        "gone.txt": "unreadable",
        "out.txt": "link-outside",
        "self.txt": "unreadable",
    }
    assert [name for name, _ in found.passed_over] == ["a/loop"]


def test_pipes_and_sockets_are_set_aside_unopened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.md")
        found = find_documents(tmp_path)
    assert {each.source: each.reason for each in found.set_aside} == {
        "pipe.txt": "not-a-file",
        "socket.md": "not-a-file",
    }
    with pytest.raises(Refused, match="pipe"):
        read_raw("pipe.txt")


def test_a_file_that_fails_while_it_is_read_is_unreadable() -> None:
    with pytest.raises(Refused) as refusal:
        read_raw("/proc/self/mem")
    assert refusal.value.reason == "unreadable"


def test_files_over_the_limit_are_set_aside_with_their_size(tmp_path: Path) -> None:
    write(tmp_path, {"large.txt": "x" * 11, "fits.txt": "x" * 10})
    found = find_documents(tmp_path, max_bytes=10)
    assert [each.source for each in found.documents] == ["fits.txt"]
    assert [(each.source, each.reason, each.size) for each in found.set_aside] == [("large.txt", "too-large", 11)]
    assert len(read_raw(str(tmp_path / "large.txt"), 11)) == 11
    with pytest.raises(Refused, match="limit of 10 bytes"):
        read_raw(str(tmp_path / "large.txt"), 10)


def test_a_file_whose_size_the_system_does_not_know_is_read_whole() -> None:
    assert b"Name:" in read_raw("/proc/self/status", 100_000)
    with pytest.raises(Refused, match="limit"):
        read_raw("/proc/self/status", 5)


def test_a_clean_folder_inside_the_raw_one_is_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": "x", "clean/a.txt": "x"})
    found = find_documents(tmp_path, clean=tmp_path / "clean")
    assert [each.source for each in found.documents] == ["a.txt"]
    assert found.passed_over == [("clean", "the folder of clean articles")]


def test_names_that_are_no_utf8_are_documents_like_others(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"caf\xe9.txt")).write_text("x")
    assert [each.source for each in find_documents(tmp_path).documents] == ["caf\udce9.txt"]


# Writing


def test_a_link_in_the_clean_folder_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    clean = write(tmp_path / "clean", {})
    outside = write(tmp_path / "outside", {})
    (clean / "a").symlink_to(outside)
    with pytest.raises(OutsideClean):
        write_files(str(clean), {"a/b/c.txt": b"x"})
    assert tree(outside) == {}
    assert list(outside.iterdir()) == []


def test_a_link_in_place_of_a_clean_file_is_replaced_not_followed(tmp_path: Path) -> None:
    clean = write(tmp_path / "clean", {})
    write(tmp_path, {"precious.txt": "mine"})
    (clean / "a.txt").symlink_to(tmp_path / "precious.txt")
    write_files(str(clean), {"a.txt": b"x"})
    assert (tmp_path / "precious.txt").read_text() == "mine"
    assert tree(clean) == {"a.txt": b"x"}


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.txt").mkdir()
    with pytest.raises(OSError, match="directory"):
        write_files(str(tmp_path), {"a.txt": b"x", "b.txt": b"y"})
    assert tree(tmp_path) == {}


# Records


def test_the_record_of_an_article_fits_the_schema_and_its_own_hash(tmp_path: Path) -> None:
    write(tmp_path / "raw", {"a/b.txt": ARTICLE})
    clean_folder(tmp_path / "raw", tmp_path / "clean")
    files = tree(tmp_path / "clean")
    assert set(files) == {"a/b.txt", "a/b.json"}
    assert files["a/b.txt"].decode() == BODY
    record = json.loads(files["a/b.json"])
    VALIDATOR.validate(record)
    assert (record["schema"], record["kind"], record["source"]) == (2, "text", "a/b.txt")
    assert not {"origin", "visible", "blocks", "removed"} & set(record)
    assert all("xpath" not in edit for edit in record["edits"])
    assert record["raw"] == {"sha256": hashlib.sha256(ARTICLE.encode()).hexdigest(), "bytes": len(ARTICLE)}
    assert record["encoding"] == {"name": "utf-8", "how": "utf-8", "bom": False, "exceptions": []}
    assert record["clean"]["sha256"] == hashlib.sha256(files["a/b.txt"]).hexdigest()
    assert record["metadata"]["related"] == [{"title": "Harbour museum finds a lost map", "url": None}]
    assert {edit["cleaner"] for edit in record["edits"]} >= {"related"}


def test_a_record_says_how_a_legacy_encoding_was_read_and_what_it_does_not_give_back(tmp_path: Path) -> None:
    text = "Новый паром ходит через залив каждый день.\n\nБилет стоит двести рублей.\n"
    write(tmp_path / "raw", {"a.txt": text.encode("cp1251"), "b.txt": text.encode()[:-3]})
    clean_folder(tmp_path / "raw", tmp_path / "clean")
    legacy = json.loads((tmp_path / "clean/a.json").read_bytes())
    damaged = json.loads((tmp_path / "clean/b.json").read_bytes())
    VALIDATOR.validate(legacy)
    VALIDATOR.validate(damaged)
    assert (legacy["encoding"]["name"], legacy["encoding"]["how"]) == ("cp1251", "detected")
    assert damaged["encoding"]["how"] == "utf-8-damaged"
    assert [span["raw"] for span in damaged["encoding"]["exceptions"]] == ["d0"]
    assert (tmp_path / "clean/a.txt").read_text().startswith("Новый паром")


def test_the_two_copies_of_the_schema_are_one_and_valid() -> None:
    assert (PROJECT / "flows/record.schema.json").read_bytes() == (PROJECT / "docs/record.schema.json").read_bytes()
    Draft202012Validator.check_schema(VALIDATOR.schema)


def test_the_version_in_records_is_that_of_the_project() -> None:
    assert tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"] == VERSION


def test_lone_surrogates_in_a_name_survive_in_a_record() -> None:
    record = from_bytes(to_bytes({"schema": 1, "source": 'a\udce9\\udce9"\n🎈.txt'}))
    assert record["source"] == 'a\udce9\\udce9"\n🎈.txt'


def test_a_change_of_any_byte_of_a_record_is_found() -> None:
    content = to_bytes({"schema": 1, "source": "né.txt", "edits": [{"start": 0, "original": "a"}], "bom": False})
    assert from_bytes(content)["source"] == "né.txt"
    for place in range(len(content)):
        for other in (content[place] ^ 1, content[place] ^ 32, ord(" "), ord("\n"), ord("0")):
            if other != content[place]:
                with pytest.raises(NotARecord):
                    from_bytes(content[:place] + bytes([other]) + content[place + 1 :])
    for changed in (
        content[:-1],
        content + b"\n",
        content.replace(b": ", b":", 1),
        b"",
        b"[" * 100_000,
        b"3",
    ):
        with pytest.raises(NotARecord):
            from_bytes(changed)


@given(st.text(st.characters(codec=None)))
def test_any_clean_text_is_written_and_read_back(text: str) -> None:
    assert clean_text_of(clean_bytes(text)) == text


# One document


def test_what_cannot_be_cleaned_is_recorded_with_hash_and_reason(tmp_path: Path) -> None:
    write(tmp_path / "raw", {"empty.txt": b"", "a/binary.txt": b"\x00\x01\x02\x03" * 10})
    clean_folder(tmp_path / "raw", tmp_path / "clean")
    failures = {name: json.loads(content) for name, content in tree(tmp_path / "clean").items()}
    assert set(failures) == {"_failed/empty.txt.json", "_failed/a/binary.txt.json"}
    binary = failures["_failed/a/binary.txt.json"]
    assert (binary["source"], binary["reason"]) == ("a/binary.txt", "binary")
    assert binary["raw"] == {"sha256": hashlib.sha256(b"\x00\x01\x02\x03" * 10).hexdigest(), "bytes": 40}


def test_a_document_that_turned_bad_loses_its_old_article_and_one_that_turned_good_its_failure(
    tmp_path: Path,
) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    write(raw, {"a.txt": ARTICLE, "b.txt": b""})
    clean_folder(raw, clean)
    assert set(tree(clean)) == {"a.txt", "a.json", "_failed/b.txt.json"}
    write(raw, {"a.txt": b"", "b.txt": ARTICLE})
    clean_folder(raw, clean)
    assert set(tree(clean)) == {"b.txt", "b.json", "_failed/a.txt.json"}


def test_a_document_that_cannot_be_read_now_keeps_its_earlier_article(tmp_path: Path) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    write(raw, {"a.txt": ARTICLE})
    clean_folder(raw, clean)
    (raw / "a.txt").unlink()
    (raw / "a.txt").symlink_to("a.txt")
    clean_folder(raw, clean)
    assert set(tree(clean)) == {"a.txt", "a.json", "_failed/a.txt.json"}


def test_a_document_whose_place_is_a_folder_is_set_aside(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", {"a.txt": ARTICLE}), tmp_path / "clean"
    (clean / "a.txt").mkdir(parents=True)
    outcome = clean_folder(raw, clean)["a.txt"]
    assert outcome.set_aside is not None
    assert outcome.set_aside.reason == "unwritable"


def test_an_article_that_moves_to_another_name_does_not_stay_under_the_old_one(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", {"b.md": ARTICLE}), tmp_path / "clean"
    clean_folder(raw, clean)
    assert set(tree(clean)) == {"b.txt", "b.json"}
    write(raw, {"b.txt": ARTICLE})
    given = places(["b.md", "b.txt"])
    remove_moved(settings_for(clean), given)
    assert tree(clean) == {}
    clean_folder(raw, clean)
    (raw / "b.txt").unlink()
    remove_moved(settings_for(clean), places(["b.md"]))
    assert set(tree(clean)) == {"b.txt", "b.json"}
    assert json.loads((clean / "b.json").read_bytes())["source"] == "b.txt"


def test_a_fault_in_a_cleaner_sets_the_document_aside_and_names_the_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("no blocks")

    monkeypatch.setattr(flows.cleaning, "clean_text", broken)
    write(tmp_path / "raw", {"a.txt": ARTICLE})
    outcome = clean_folder(tmp_path / "raw", tmp_path / "clean")["a.txt"]
    assert outcome.set_aside is not None
    assert outcome.set_aside.reason == "cleaning-failed"
    assert outcome.set_aside.detail == "ZeroDivisionError: no blocks"


# Settings


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"skip": ["captions"]}, "no noise type captions: there are .*caption"),
        ({"max_failed_share": 1.5}, "share from 0 to 1"),
        ({"workers": -1}, "workers"),
        ({"max_bytes": 0}, "max_bytes"),
        ({"max_characters": 0}, "max_characters"),
        ({"max_elements": 0}, "max_elements"),
        ({"max_depth": 0}, "max_depth is a number of elements from 1 to 2048"),
        ({"max_depth": 4096}, "from 1 to 2048, not 4096"),
        ({"max_seconds": 0.5}, "CPU seconds from 1 to 1000000000"),
        ({"max_seconds": float("inf")}, "max_seconds"),
        ({"max_memory": 1 << 20}, "from 268435456 to"),
    ],
)
def test_a_wrong_setting_is_refused(tmp_path: Path, options: dict[str, object], message: str) -> None:
    raw = write(tmp_path / "raw", {})
    with pytest.raises(RunRefused, match=message):
        prepare(raw, tmp_path / "clean", **options)  # type: ignore[arg-type]


def test_folders_that_would_do_harm_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"raw/a.txt": "x", "file": "x"})
    for raw, clean, message in [
        ("nowhere", "clean", "there is no folder .*name the folder that holds it"),
        ("file", "clean", "cleancopy clean FILE"),
        ("raw", "file", "name a folder"),
        ("raw", "raw", "overwritten"),
        ("raw", ".", "overwritten"),
        ("raw", "file/clean", "Not a directory"),
    ]:
        with pytest.raises(RunRefused, match=message):
            prepare(tmp_path / raw, tmp_path / clean)
    assert set(tree(tmp_path)) == {"raw/a.txt", "file"}
    (tmp_path / "link").symlink_to("raw")
    with pytest.raises(RunRefused, match="overwritten"):
        prepare(tmp_path / "raw", tmp_path / "link")


def test_a_bad_phrase_file_is_refused_with_file_line_and_reason(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {})
    write(tmp_path, {"bad.toml": "[related]\nen = [\n", "latin.toml": b"# a\n# caf\xe9\n"})
    with pytest.raises(RunRefused, match=r"phrase file bad\.toml:\d+: "):
        prepare(raw, tmp_path / "clean", phrases=tmp_path / "bad.toml")
    with pytest.raises(RunRefused, match=r"latin\.toml:2: it is not UTF-8"):
        prepare(raw, tmp_path / "clean", phrases=tmp_path / "latin.toml")
    with pytest.raises(RunRefused, match="No such file"):
        prepare(raw, tmp_path / "clean", phrases=tmp_path / "none.toml")


# Workers


@pytest.fixture
def _workers_find_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.mark.usefixtures("_workers_find_tests")
def test_workers_do_every_item_and_lose_only_the_one_that_kills() -> None:
    chunks = [[f"{chunk}{item}" for item in range(5)] for chunk in "abcd"]
    results = list(run_chunks(double, "b3", chunks, workers=2, lost=lost))
    expected = {item * 2 for chunk in chunks for item in chunk} - {"b3b3"}
    assert set(results) == expected | {"b3 ended its process with SIGKILL"}
    assert len(results) == 20


@pytest.mark.usefixtures("_workers_find_tests")
def test_a_worker_that_dies_between_two_items_costs_neither() -> None:
    chunk = ["a", "last words", "b", "c"]
    assert sorted(run_chunks(die_once_told, "", [chunk, ["d"]], workers=2, lost=lost)) == [
        "a",
        "b",
        "c",
        "d",
        "last words",
    ]


@pytest.mark.usefixtures("_workers_find_tests")
def test_an_error_in_a_worker_ends_the_run_with_its_traceback() -> None:
    with pytest.raises(RunnerError, match="ValueError: no such item"):
        list(run_chunks(double, "", [["a"], ["raise"]], workers=2, lost=lost))


def test_workers_that_cannot_start_end_the_run() -> None:
    with pytest.raises(RunnerError, match="cannot start"):
        list(run_chunks(double, "", [["a"], ["b"]], workers=2, lost=lost))


@pytest.mark.usefixtures("_workers_find_tests")
def test_workers_do_not_load_prefect() -> None:
    (loaded,) = run_chunks(what_is_loaded, "", [["a"]], workers=2, lost=lost)
    assert "cleaners" in loaded
    assert not {"prefect", "typer", "trafilatura", "lxml", "bs4", "pydantic"} & set(loaded)


def test_one_worker_is_this_process() -> None:
    assert list(run_chunks(double, "", [["a"], ["b"]], workers=1, lost=lost)) == ["aa", "bb"]


@pytest.mark.usefixtures("_workers_find_tests")
def test_a_document_that_kills_its_worker_is_set_aside_and_the_others_are_cleaned(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {f"{name}.txt": ARTICLE for name in ("a", "b", "killer", "y", "z")})
    clean = write(tmp_path / "clean", {"killer.txt": "old", "killer.json": "old"})
    documents = find_documents(raw).documents
    given = places(each.source for each in documents)
    jobs = [Job(each, given[each.source]) for each in documents]
    outcomes = list(
        run_chunks(clean_or_die, settings_for(clean), [jobs[:3], jobs[3:]], workers=2, lost=flows.cleaning.lost)
    )
    set_aside = [outcome.set_aside for outcome in outcomes if outcome.set_aside]
    assert [(each.source, each.reason) for each in set_aside] == [("killer.txt", "worker-died")]
    names = {f"{name}{ending}" for name in "abyz" for ending in (".txt", ".json")}
    assert set(tree(clean)) == names | {"_failed/killer.txt.json"}


def test_documents_give_the_same_bytes_in_any_order(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {f"{number}.txt": f"{ARTICLE}\n\nNumber {number}.\n" for number in range(6)})
    clean_folder(raw, tmp_path / "one")
    settings = settings_for(write(tmp_path / "two", {}))
    for number in (3, 1, 5, 0, 4, 2):
        document = RawDocument(f"{number}.txt", str(raw / f"{number}.txt"), 0)
        clean_job(settings, Job(document, places([document.source])[document.source]))
    assert tree(tmp_path / "one") == tree(tmp_path / "two")
