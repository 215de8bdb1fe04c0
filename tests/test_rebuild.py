"""`cleancopy rebuild`: a damaged or lost catalog is made again from the records, and believes nothing that it cannot
know.
"""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from folders import ARTICLE, BODY, PAGES, clean_folder, tree, write

from flows import progress
from flows.books import keeping
from flows.catalog import DATABASE, CatalogError
from flows.clean_articles import clean_articles
from flows.cli import main
from flows.preparing import settings_for
from flows.rebuilding import rebuild
from flows.summary import Summary
from flows.verify import verify

FILES: dict[str, str | bytes] = {
    "a.txt": ARTICLE,
    "a.md": f"{ARTICLE}\nThe other one.\n",
    "b/c.txt": f"{ARTICLE}\nA third one.\n",
    "b/gone.txt": f"{ARTICLE}\nA fourth one.\n",
    "cut.txt": f"{ARTICLE}\nA fifth one.\n",
    "empty.txt": "",
    "goat-steps.html": (PAGES / "goat-steps.html").read_bytes(),
    "banda-alcorvin.html": (PAGES / "banda-alcorvin.html").read_bytes(),
    "banda-alcorvin.html.json": (PAGES / "banda-alcorvin.html.json").read_bytes(),
    "todai-yubin.html.gz": (PAGES / "todai-yubin.html.gz").read_bytes(),
    "caf\udce9.txt": f"{ARTICLE}\nA last one.\n",
}


def run(raw: Path, clean: Path) -> Summary:
    """The summary of a run, over files that were not changed just now."""
    time.sleep(0.06)
    summary = clean_articles(raw, clean)
    assert isinstance(summary, Summary)
    return summary


def damage(clean: Path) -> None:
    """Overwrite pages of the catalog, as a failing disk would."""
    path = clean / DATABASE
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)


def documents(clean: Path) -> list[tuple[Any, ...]]:
    """What the catalog says of every document, whatever run it is of."""
    connection = sqlite3.connect(clean / DATABASE)
    connection.text_factory = bytes
    try:
        names = [row[1].decode() for row in connection.execute("PRAGMA table_info(documents)")]
        wanted = ", ".join(name for name in names if name != "run")
        return connection.execute(f"SELECT {wanted} FROM documents ORDER BY source").fetchall()
    finally:
        connection.close()


@pytest.mark.usefixtures("_server")
def test_after_a_rebuild_the_next_run_skips_what_is_unchanged_and_cleans_everything_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, clean = write(tmp_path / "raw", FILES), tmp_path / "clean"
    assert run(raw, clean).cleaned == 9
    before = documents(clean)
    damage(clean)
    with pytest.raises(CatalogError, match=r"catalog .* is damaged .*: cleancopy rebuild .*clean makes a new one"):
        run(raw, clean)
    with pytest.raises(SystemExit) as end:
        main(["rebuild", str(clean), "--raw", str(raw)])
    assert end.value.code == 0
    said = capsys.readouterr().out
    assert [line.split("\t")[-1] for line in said.splitlines()[:4]] == ["9", "9", "1", "0"]
    assert f"The old catalog is kept: {clean}/_catalog/catalog.before-rebuild-1.sqlite" in said
    # Under which limits a document failed no record says.
    assert [row for row in documents(clean) if row[1] == b"clean"] == [row for row in before if row[1] == b"clean"]
    assert (run(raw, clean).cleaned, run(raw, clean).unchanged) == (0, 10)
    assert verify(clean, raw).problems == []

    write(
        raw, {"b/c.txt": f"{ARTICLE}\nA third line.\n", "banda-alcorvin.html.json": '{"url": "https://velm.example/"}'}
    )
    (raw / "b/gone.txt").unlink()
    (clean / "cut.json").write_bytes((clean / "cut.json").read_bytes()[:-40])
    rebuilt = rebuild(clean, raw)
    assert (rebuilt.clean, rebuilt.known, rebuilt.aside) == (8, 5, 1)
    assert [name for name, _ in rebuilt.problems] == ["cut.json"]
    assert rebuilt.kept == str(clean / "_catalog/catalog.before-rebuild-2.sqlite")
    summary = run(raw, clean)
    assert (summary.cleaned, summary.unchanged, summary.gone) == (3, 5, 1)
    expected = tmp_path / "expected"
    clean_folder(raw, expected)
    written = tree(clean)
    assert {name: written[name] for name in tree(expected)} == tree(expected)
    assert set(written) - set(tree(expected)) == {"b/gone.txt", "b/gone.json"}


@pytest.mark.usefixtures("_server")
def test_a_rebuild_without_the_raw_documents_has_all_of_them_cleaned_again(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", {"a.txt": ARTICLE, "b.md": BODY}), tmp_path / "clean"
    clean_folder(raw, clean)
    rebuilt = rebuild(clean)
    assert (rebuilt.clean, rebuilt.known, rebuilt.kept) == (2, 0, None)
    assert [row[1] for row in documents(clean)] == [b"clean", b"clean"]
    assert run(raw, clean).cleaned == 2


def test_a_raw_document_that_may_still_change_under_its_time_stamp_is_not_believed(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", {"a.txt": ARTICLE}), tmp_path / "clean"
    clean_folder(raw, clean)
    os.utime(raw / "a.txt", ns=(time.time_ns() + 10**12,) * 2)
    assert rebuild(clean, raw).known == 0


def test_what_a_killed_run_left_half_written_goes_and_a_failure_outlives_an_older_article(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", {"a.txt": ARTICLE}), tmp_path / "clean"
    clean_folder(raw, clean)
    (raw / "a.txt").unlink()
    (raw / "a.txt").symlink_to("a.txt")
    clean_folder(raw, clean)
    write(clean, {".cleancopy-71-5e0c91fa-0.tmp": "half"})
    rebuilt = rebuild(clean)
    assert (rebuilt.clean, rebuilt.aside) == (0, 1)
    assert [row[1:3] for row in documents(clean)] == [(b"failed", b"unreadable")]
    assert verify(clean).problems == []


def test_worker_processes_rebuild_the_same_and_tell_how_far_they_are(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", FILES), tmp_path / "clean"
    clean_folder(raw, clean)
    time.sleep(0.06)
    told: list[tuple[int, int]] = []
    with progress.listening(lambda done, total: told.append((done, total))):
        one = rebuild(clean, raw, workers=1)
    first = documents(clean)
    two = rebuild(clean, raw, workers=2)
    assert (one.clean, one.known) == (two.clean, two.known) == (9, 9)
    assert documents(clean) == first
    assert [done for done, _ in told] == list(range(1, len(told) + 1))
    assert told[-1][0] <= told[-1][1]


def test_a_rebuild_waits_for_no_run_and_names_what_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    clean = write(tmp_path / "clean", {})
    with keeping("raw", settings_for(clean)), pytest.raises(SystemExit) as end:
        main(["rebuild", str(clean)])
    assert end.value.code == 1
    assert f"process {os.getpid()} on " in capsys.readouterr().err
    with pytest.raises(SystemExit) as end:
        main(["rebuild", str(tmp_path / "none")])
    assert end.value.code == 2
    assert "there is no folder" in capsys.readouterr().err
