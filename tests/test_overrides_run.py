"""Overrides from end to end: runs that honour them and clean again what they concern, and what the commands say."""

from __future__ import annotations

import json
import os
import pickle
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from folders import ARTICLE, BODY, PAGES, clean_folder, tree, write
from test_cli import run as command

from flows import progress
from flows.catalog import DATABASE
from flows.clean_articles import clean_articles
from flows.cleaning import Job, clean_job
from flows.naming import places
from flows.preparing import RunRefused, settings_for
from flows.reading import RawDocument
from flows.summary import Summary
from flows.verify import verify

POINTER = "ALSO READ: Harbour museum finds a lost map"
CLUB = "Join the reading club"
OTHER = ARTICLE.replace(POINTER, CLUB)
PAGE = (PAGES / "orrelby-exchange.html").read_bytes()
KEPT = "17 Feb 2024 — 3 min read"

SINGLE = f'''
[[keep]]
document = "news/a.txt"
text = "{POINTER}"
[[keep]]
document = "page.html"
text = "{KEPT}"
'''
SHARED = f'''
[[noise]]
language = "en"
phrase = "{CLUB.upper()}"
type = "prompt"
note = "On every page of the Courier since May."
'''


def run(raw: Path, clean: Path, **options: Any) -> Summary:
    """The summary of a run of the flow, over files that were not changed just now."""
    time.sleep(0.06)
    summary = clean_articles(raw, clean, **options)
    assert isinstance(summary, Summary)
    return summary


@dataclass(frozen=True)
class Runs:
    """Runs over the same documents: without overrides, with some for single documents, with one for all, too."""

    raw: Path
    clean: Path
    file: Path
    cleaned: tuple[int, ...]
    trees: tuple[Mapping[str, bytes], ...]


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory, _server: None) -> Runs:
    folder = tmp_path_factory.mktemp("overrides")
    raw = write(
        folder / "raw",
        {"news/a.txt": ARTICLE, "news/b.txt": ARTICLE, "c.txt": OTHER, "page.html": PAGE, "empty.txt": ""},
    )
    clean, file = folder / "clean", folder / "overrides.toml"
    cleaned: list[int] = []
    trees: list[dict[str, bytes]] = []
    for toml, workers in ((None, 1), (SINGLE, 2), (SINGLE + SHARED, 1)):
        if toml is not None:
            file.write_text(toml)
        summary = run(raw, clean, overrides=None if toml is None else file, workers=workers)
        cleaned.append(summary.cleaned)
        trees.append(tree(clean))
        assert verify(clean, raw).problems == []
    return Runs(raw, clean, file, tuple(cleaned), tuple(trees))


def test_a_sentence_that_a_run_removed_is_back_after_the_next_one(runs: Runs) -> None:
    without, single, shared = runs.trees
    assert without["news/a.txt"].decode() == BODY
    assert single["news/a.txt"].decode() == ARTICLE
    assert json.loads(without["news/a.json"])["metadata"]["related"]
    assert json.loads(single["news/a.json"])["metadata"]["related"] == []
    assert KEPT not in without["page.txt"].decode()
    assert KEPT in single["page.txt"].decode()
    assert single["c.txt"].decode() == OTHER
    assert shared["c.txt"].decode() == BODY
    assert "override.prompt" in {edit["rule"] for edit in json.loads(shared["c.json"])["edits"]}


def test_a_change_cleans_just_those_documents_again_that_it_can_concern(runs: Runs) -> None:
    assert runs.cleaned == (4, 2, 4)
    without, single, _ = runs.trees
    changed = {name for name, content in single.items() if content != without[name]}
    assert changed == {"news/a.txt", "news/a.json", "page.txt", "page.json"}


def test_only_what_changes_a_result_changes_a_fingerprint(tmp_path: Path) -> None:
    def prints(toml: str | None) -> list[str]:
        file = None if toml is None else write(tmp_path, {"own.toml": toml}) / "own.toml"
        settings = settings_for(tmp_path, overrides=file)
        return [settings.fingerprint_of(source) for source in ("news/a.txt", "page.html", "c.txt")]

    without, single, shared = prints(None), prints(SINGLE), prints(SINGLE + SHARED)
    assert prints("") == without
    assert (single[2], len({*single, *without})) == (without[2], 3)
    assert prints(f"# Moved.\n{SHARED.replace('May', 'June')}{SINGLE}") == shared
    assert not {*shared} & {*single, *without}


def test_records_with_the_same_raw_hash_and_fingerprint_are_equal_but_for_their_source(runs: Runs) -> None:
    prints: dict[tuple[str, str], dict[str, Any]] = {}
    for written in runs.trees:
        for name in ("news/a.json", "news/b.json", "c.json", "page.json"):
            record = json.loads(written[name])
            rest = {key: value for key, value in record.items() if key not in ("source", "sha256")}
            assert prints.setdefault((record["raw"]["sha256"], record["fingerprint"]), rest) == rest
    assert len(prints) == 3 + 1 + 2 + 3


def test_the_catalog_counts_the_edits_of_overrides(runs: Runs) -> None:
    connection = sqlite3.connect(runs.clean / DATABASE)
    (edits,) = connection.execute("SELECT edits FROM documents WHERE source = 'c.txt'").fetchone()
    connection.close()
    assert json.loads(edits)["override"] == 1


def test_a_run_with_overrides_that_cannot_be_used_is_refused_before_anything_is_done(
    runs: Runs, tmp_path: Path
) -> None:
    write(tmp_path, {"bad.toml": "# one\n[[keep]]\nsite = 1\n"})
    state = clean_articles(runs.raw, tmp_path / "clean", overrides=tmp_path / "bad.toml", return_state=True)
    assert state.is_failed()
    assert "overrides file bad.toml:2: keep 1, site: write it as a text" in str(state.message)
    assert tree(tmp_path / "clean") == {}


def test_settings_with_overrides_travel_to_other_processes(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"a.txt": OTHER})
    write(tmp_path, {"overrides.toml": SHARED})
    settings = settings_for(write(tmp_path / "clean", {}), overrides=tmp_path / "overrides.toml")
    travelled = pickle.loads(pickle.dumps(settings))
    document = RawDocument("a.txt", str(raw / "a.txt"), 1)
    assert dict(clean_job(travelled, Job(document, places(["a.txt"])["a.txt"])).edits)["override"] == 1
    assert (tmp_path / "clean/a.txt").read_text() == BODY


# Refused files


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "overrides file {path}: it cannot be read: No such file or directory"),
        (b"[[keep]]\n\xff", "overrides file {path}:2: it is not UTF-8"),
        (b"#" * (4 << 20) + b"##", "overrides file {path}: it is larger than the limit of 4194304 bytes"),
        (b"x = 1\n", "overrides file own.toml: x: there is no such table"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(content: bytes | None, message: str, tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(RunRefused) as refused:
        settings_for(tmp_path, overrides=path)
    assert str(refused.value).startswith(message.format(path=path))


@pytest.mark.parametrize("what", ["overrides", "phrases"])
def test_a_pipe_is_no_settings_file_and_nothing_waits_for_it(what: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "own.toml")
    with pytest.raises(RunRefused, match="it is a folder, pipe, socket or device, not a file"):
        settings_for(tmp_path, **{what: tmp_path / "own.toml"})  # type: ignore[arg-type]


# clean and explain


def test_clean_and_explain_know_a_document_by_the_end_of_its_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, {"raw/news/a.txt": ARTICLE, "news/b.txt": ARTICLE, "overrides.toml": SINGLE + SHARED})
    monkeypatch.chdir(tmp_path)
    assert command("clean", "--overrides", "overrides.toml", "raw/news/a.txt") == 0
    assert capsys.readouterr().out == ARTICLE
    monkeypatch.chdir(tmp_path / "raw/news")
    assert command("clean", "--json", "--overrides", "../../overrides.toml", "a.txt") == 0
    assert json.loads(capsys.readouterr().out)["source"] == "news/a.txt"
    assert command("clean", "--overrides", "../../overrides.toml", "../../news/b.txt") == 0
    assert capsys.readouterr().out == BODY


def test_explain_shows_what_overrides_keep_and_remove(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"{ARTICLE}\n{CLUB}\n"
    file = write(tmp_path, {"news/a.txt": text, "overrides.toml": SINGLE + SHARED}) / "overrides.toml"
    assert command("explain", "--overrides", file, tmp_path / "news/a.txt") == 0
    out = capsys.readouterr().out
    assert f"[+{POINTER}+]{{keep 1}}" in out
    assert f"[-{CLUB}-]{{override.prompt}}" in out
    assert "kept because an override says so: 1 (override 1)" in out
    assert command("explain", tmp_path / "news/a.txt") == 0
    assert "override" not in capsys.readouterr().out


# check


def checked(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, list[str]]:
    """The exit code and the lines of `cleancopy overrides check`."""
    code = command("overrides", "check", *arguments)
    return code, capsys.readouterr().out.splitlines()


def test_check_says_what_each_entry_changes_and_writes_nothing(runs: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    runs.file.write_text(SINGLE + SHARED)
    before = tree(runs.clean)
    seen: list[tuple[int, int]] = []
    with progress.listening(lambda done, total: seen.append((done, total))):
        code, lines = checked(capsys, runs.file, runs.clean)
    assert code == 0
    assert lines[:6] == [
        f"keep 1, document news/a.txt: {POINTER}",
        f"  comes back in news/a.txt: {POINTER}",
        f"keep 2, document page.html: {KEPT}",
        f"  comes back in page.html: {KEPT}",
        f"noise 1, language en (prompt): {CLUB.upper()}",
        f"  goes in c.txt: {CLUB}",
    ]
    assert {"entries\t3", "are about nothing\t0", "documents looked at\t4", "documents that change\t3"} <= set(lines)
    assert seen == [(number, 4) for number in range(1, 5)]
    assert tree(runs.clean) == before


def test_check_looks_only_at_the_documents_that_are_named(runs: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    runs.file.write_text(SINGLE)
    code, lines = checked(capsys, runs.file, runs.clean, "--workers", "2")
    assert (code, lines[1]) == (0, f"  comes back in news/a.txt: {POINTER}")
    assert "documents looked at\t2" in lines


def test_check_names_entries_that_are_about_nothing_and_why(runs: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    runs.file.write_text(
        '[[keep]]\ndocument = "news/x.txt"\ntext = "x"\n'
        '[[keep]]\ndocument = "news/a.txt"\ntext = "Nobody said this"\n'
        '[[keep]]\ndocument = "empty.txt"\ntext = "x"\n'
        '[[keep]]\nsite = "velm.example"\nphrase = "x"\n'
        '[[keep]]\nlanguage = "en"\nphrase = "x"\n'
        '[[noise]]\ndocument = "news/a.txt"\ntext = "The council of Velm voted"\ntype = "prompt"\n'
    )
    code, lines = checked(capsys, runs.file, runs.clean)
    assert code == 1
    assert [line for line in lines if "about nothing: " in line] == [
        "  is about nothing: there is no record of news/x.txt",
        "  is about nothing: its text does not stand there",
        "  is about nothing: the document was set aside: the file is empty",
        "  is about nothing: there is no document on velm.example",
        "  is about nothing: no block of its documents says just this",
        "  is about nothing: no block there says just this",
    ]
    assert {"entries\t6", "are about nothing\t6"} <= set(lines)


def test_check_tells_entries_that_change_nothing(runs: Runs, capsys: pytest.CaptureFixture[str]) -> None:
    runs.file.write_text(
        '[[keep]]\ndocument = "news/a.txt"\ntext = "The council of Velm"\n'
        f'[[noise]]\ndocument = "news/a.txt"\ntext = "{POINTER}"\ntype = "related"\n'
    )
    code, lines = checked(capsys, runs.file, runs.clean)
    assert code == 0
    assert lines[1] == "  changes nothing in news/a.txt: nothing removes it anyway"
    assert lines[3] == "  changes nothing in news/a.txt: a rule removes it anyway, or another entry keeps it"
    assert "change nothing\t2" in lines


def test_check_tells_what_changes_besides(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    listed = f"{ARTICLE}\nShare this article\n\nRelated articles\n\nOwls found in a shed by the harbour\n"
    clean_folder(write(tmp_path / "raw", {"a.txt": listed}), tmp_path / "clean")
    write(tmp_path, {"own.toml": '[[keep]]\ndocument = "a.txt"\ntext = "Related articles"\n'})
    code, lines = checked(capsys, tmp_path / "own.toml", tmp_path / "clean")
    assert code == 0
    at = lines.index("With that, by the rules, too:")
    assert lines[at + 1] == "  comes back in a.txt: Owls found in a shed by the harbour"


def test_check_names_pages_that_it_cannot_read(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw = write(tmp_path / "raw", {"page.html": PAGE})
    clean_folder(raw, tmp_path / "clean")
    file = write(tmp_path, {"own.toml": SINGLE}) / "own.toml"
    code, lines = checked(capsys, file, tmp_path / "clean")
    assert code == 1
    assert "  page.html: a page is read from its raw file: name the folder of it with --raw" in lines
    assert "  is about nothing that could be tried: 1 of its 1 documents could not be" in lines
    assert "are about nothing\t1" in lines  # there is no record of the other document
    assert "  comes back in page.html: " + KEPT in checked(capsys, file, tmp_path / "clean", "--raw", raw)[1]
    (raw / "page.html").write_bytes(PAGE + b"<!-- more -->")
    assert "  page.html: its raw file has changed since" in checked(capsys, file, tmp_path / "clean", "--raw", raw)[1]


def test_check_without_a_folder_checks_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, {"own.toml": SINGLE, "bad.toml": "[[keep]]\n"})
    assert checked(capsys, "own.toml") == (0, ["entries\t2", "There is no folder clean: nothing to try them on"])
    for arguments, message in (
        (["bad.toml"], "cleancopy: overrides file bad.toml:1: keep 1: it is for exactly one of"),
        (["own.toml", "nowhere"], "cleancopy: there is no folder nowhere"),
        (["own.toml", ".", "--raw", "nowhere"], "cleancopy: there is no folder nowhere"),
        (["none.toml"], "cleancopy: overrides file none.toml: it cannot be read: No such file or directory"),
    ):
        assert command("overrides", "check", *arguments) == 2
        assert capsys.readouterr().err.startswith(message)


def test_the_help_teaches_by_examples(capsys: pytest.CaptureFixture[str]) -> None:
    assert command("overrides") == 2
    assert "cleancopy overrides check" in capsys.readouterr().out
    assert command("overrides", "check", "--help") == 0
    assert capsys.readouterr().out.count("cleancopy overrides check") >= 2
