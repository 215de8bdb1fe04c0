"""The catalog: what a run skips and what it does again, what it says about runs, and that no kill harms it."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, nullcontext
from pathlib import Path
from typing import Any

import pytest
from folders import ARTICLE, BODY, PROJECT, tree, write
from prefect.client.orchestration import get_client
from programs import program

from flows import clean_articles as module
from flows.books import keeping
from flows.catalog import DATABASE, Catalog, CatalogError, RunRow, locked
from flows.clean_articles import clean_articles
from flows.cleaning import Settings
from flows.cli import main
from flows.preparing import RunRefused, prepare, settings_for
from flows.reading import Found, RawDocument
from flows.summary import Summary
from flows.usual import unusual
from flows.verify import verify

_FIVE = {f"{number}.txt": f"{ARTICLE}\nLine {number} ends here, and nothing follows.\n" for number in range(5)}


needs_server = pytest.mark.usefixtures("_server")


def run(raw: Path, clean: Path, **options: Any) -> Summary:
    """The summary of a run of the flow, over files that were not changed just now."""
    time.sleep(0.06)
    summary = clean_articles(raw, clean, **options)
    assert isinstance(summary, Summary)
    return summary


def counts(summary: Summary) -> tuple[int, int, int, int]:
    """How many documents were cleaned, unchanged, are set aside, went."""
    return summary.cleaned, summary.unchanged, len(summary.set_aside), summary.gone


def query(clean: Path, statement: str) -> list[tuple[Any, ...]]:
    """What the catalog answers to any SQLite tool."""
    connection = sqlite3.connect(clean / DATABASE)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


# What is done again


@needs_server
def test_a_second_run_does_only_what_is_new_or_changed(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", _FIVE), tmp_path / "clean"
    assert counts(run(raw, clean)) == (5, 0, 0, 0)
    first = tree(clean)
    times = {path: path.stat().st_mtime_ns for path in clean.rglob("*.txt")}
    assert counts(run(raw, clean)) == (0, 5, 0, 0)
    assert tree(clean) == first
    write(raw, {"1.txt": BODY, "new/6.txt": ARTICLE})
    assert counts(run(raw, clean)) == (2, 4, 0, 0)
    assert (clean / "1.txt").read_text() == BODY
    assert (clean / "2.txt").stat().st_mtime_ns == times[clean / "2.txt"]
    run(raw, tmp_path / "other")
    assert tree(clean) == tree(tmp_path / "other")


@needs_server
def test_a_change_that_keeps_size_and_modification_time_is_seen(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", {"a.txt": "The ferry runs on Monday again.\n"}), tmp_path / "clean"
    run(raw, clean)
    before = (raw / "a.txt").stat()
    (raw / "a.txt").write_text("The ferry runs on Sunday again.\n")
    os.utime(raw / "a.txt", ns=(before.st_atime_ns, before.st_mtime_ns))
    assert run(raw, clean).cleaned == 1
    assert "Sunday" in (clean / "a.txt").read_text()


@needs_server
def test_other_settings_and_force_clean_everything_again(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", _FIVE), tmp_path / "clean"
    run(raw, clean)
    assert counts(run(raw, clean, skip=["related"])) == (5, 0, 0, 0)
    assert "ALSO READ" in (clean / "1.txt").read_text()
    assert counts(run(raw, clean)) == (5, 0, 0, 0)
    assert counts(run(raw, clean, force=True)) == (5, 0, 0, 0)
    assert counts(run(raw, clean)) == (0, 5, 0, 0)


@needs_server
def test_outputs_that_were_deleted_are_made_again(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", _FIVE | {"empty.txt": ""}), tmp_path / "clean"
    run(raw, clean)
    first = tree(clean)
    (clean / "1.txt").unlink()
    (clean / "2.json").unlink()
    (clean / "_failed/empty.txt.json").unlink()
    assert counts(run(raw, clean)) == (2, 3, 1, 0)
    assert tree(clean) == first


@needs_server
def test_failures_are_remembered_until_file_or_limits_change(tmp_path: Path) -> None:
    raw, clean = (
        write(tmp_path / "raw", _FIVE | {"binary.txt": bytes(range(256)), "long.txt": ARTICLE * 9}),
        tmp_path / "c",
    )
    assert counts(run(raw, clean, max_bytes=1000)) == (5, 0, 2, 0)
    assert counts(run(raw, clean, max_bytes=1000)) == (0, 6, 2, 0)
    assert counts(run(raw, clean)) == (1, 5, 1, 0)
    write(raw, {"binary.txt": ARTICLE})
    assert counts(run(raw, clean)) == (1, 6, 0, 0)
    assert not list((clean / "_failed").glob("*"))
    assert verify(clean, raw).problems == []


@needs_server
def test_a_sidecar_that_changed_has_its_page_cleaned_again(tmp_path: Path) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    page = f"<html><body><article><h1>Ferry</h1>{''.join(f'<p>{line}</p>' for line in BODY.splitlines())}</article>"
    write(raw, {"a.html": page, "a.html.json": '{"url": "https://velm.example/one"}'})
    run(raw, clean)
    assert run(raw, clean).unchanged == 1
    write(raw, {"a.html.json": '{"url": "https://velm.example/two"}'})
    assert run(raw, clean).cleaned == 1
    assert "https://velm.example/two" in (clean / "a.json").read_text()


# What is gone


@needs_server
def test_what_is_gone_is_noted_and_kept_or_removed(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", _FIVE | {"empty.txt": ""}), tmp_path / "clean"
    run(raw, clean)
    (raw / "1.txt").unlink()
    assert counts(run(raw, clean)) == (0, 5, 1, 1)
    assert (clean / "1.txt").exists()
    (raw / "2.txt").unlink()
    (raw / "empty.txt").unlink()
    assert counts(run(raw, clean, gone="remove")) == (0, 3, 0, 2)
    assert not (clean / "2.txt").exists()
    assert not (clean / "2.json").exists()
    assert not (clean / "_failed/empty.txt.json").exists()
    assert query(clean, "SELECT source FROM documents WHERE state = 'gone' ORDER BY 1") == [
        ("1.txt",),
        ("2.txt",),
        ("empty.txt",),
    ]
    write(raw, {"2.txt": ARTICLE})
    assert counts(run(raw, clean)) == (1, 3, 0, 0)


@needs_server
def test_what_an_earlier_run_noted_as_gone_is_removed_when_that_is_wanted(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", {"a.txt": ARTICLE, "b.txt": BODY}), tmp_path / "clean"
    run(raw, clean)
    (raw / "a.txt").rename(raw / "c.txt")
    assert run(raw, clean).gone == 1
    assert run(raw, clean, gone="remove").gone == 0
    assert set(tree(clean)) == {"b.txt", "b.json", "c.txt", "c.json"}
    assert verify(clean, raw).problems == []


@needs_server
def test_a_document_that_takes_the_name_of_one_that_is_gone_keeps_its_outputs(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", {"a.txt": ARTICLE}), tmp_path / "clean"
    run(raw, clean)
    (raw / "a.txt").unlink()
    write(raw, {"a.md": BODY})
    assert counts(run(raw, clean, gone="remove")) == (1, 0, 0, 1)
    assert set(tree(clean)) == {"a.txt", "a.json"}
    assert verify(clean, raw).problems == []


@needs_server
def test_where_raw_holds_nothing_any_more_nothing_is_removed(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", {"a.txt": ARTICLE, "b.txt": BODY}), tmp_path / "clean"
    run(raw, clean)
    earlier = tree(clean)
    raw.rename(tmp_path / "not mounted")
    raw.mkdir()
    with pytest.raises(RunRefused, match="raw holds none of its 2 documents any more, so nothing is removed"):
        run(raw, clean, gone="remove")
    assert tree(clean) == earlier
    raw.rmdir()
    (tmp_path / "not mounted").rename(raw)
    assert counts(run(raw, clean, gone="remove")) == (0, 2, 0, 0)


@needs_server
def test_the_failure_of_a_document_that_is_gone_goes_also_where_another_has_its_name(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", {"a.html": b"%PDF-1.7\0", "b.txt": BODY}), tmp_path / "clean"
    assert counts(run(raw, clean, max_failed_share=1)) == (1, 0, 1, 0)
    (raw / "a.html").unlink()
    write(raw, {"a.txt": ARTICLE})
    assert counts(run(raw, clean, gone="remove")) == (1, 1, 0, 1)
    assert set(tree(clean)) == {"a.txt", "a.json", "b.txt", "b.json"}


@pytest.mark.fault
@needs_server
def test_what_cannot_be_read_for_now_is_not_gone_and_its_article_stays(tmp_path: Path, server_url: str) -> None:
    raw = write(
        tmp_path / "raw",
        {"a/x.txt": ARTICLE, "b.html": f"<p>{BODY}</p>", "c.txt": BODY, "c.md": ARTICLE, "d.txt": BODY},
    )
    clean = tmp_path / "clean"
    run(raw, clean)
    (raw / "b.html").unlink()
    write(raw, {"b.txt": ARTICLE})
    run(raw, clean)
    earlier = tree(clean)
    (raw / "b.txt").unlink()
    (raw / "b.txt").symlink_to("nowhere.txt")
    (raw / "c.txt").unlink()
    (raw / "d.txt").unlink()
    (raw / "c.md").chmod(0)
    (raw / "a").chmod(0)
    line = [sys.executable, "-m", "flows.cli", "run", str(raw), str(clean), "--gone=remove", "--max-failed-share=1"]
    if os.geteuid() == 0:  # who may read everything otherwise
        line = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *line]
    environment = {**os.environ, "PREFECT_API_URL": server_url, "PYTHONPATH": str(PROJECT)}
    said = subprocess.run(line, env=environment, check=True, capture_output=True, text=True).stdout
    (raw / "a").chmod(0o700)
    assert "the folder cannot be listed: Permission denied" in said
    (moved,) = (name for name in earlier if name.startswith("c~") and name.endswith(".txt"))
    assert json.loads(earlier["b.json"])["source"] == "b.txt"
    kept = ["a/x.txt", "a/x.json", "b.txt", "b.json", moved, moved.replace(".txt", ".json")]
    left = tree(clean)
    assert {name: left[name] for name in left if not name.startswith("_failed/")} == {
        name: earlier[name] for name in kept
    }
    (raw / "c.md").chmod(0o600)
    (raw / "b.txt").unlink()
    run(raw, clean, gone="remove")
    assert set(tree(clean)) == {"a/x.txt", "a/x.json", "c.txt", "c.json"}
    assert verify(clean, raw).problems == []


@needs_server
def test_a_file_name_that_is_no_utf8_is_remembered(tmp_path: Path) -> None:
    raw, clean = write(tmp_path / "raw", {"a.txt": BODY}), tmp_path / "clean"
    name = os.fsdecode(b"caf\xe9.txt")
    (raw / name).write_text(ARTICLE)
    assert run(raw, clean).cleaned == 2
    assert run(raw, clean).unchanged == 2
    (raw / name).unlink()
    assert run(raw, clean, gone="remove").gone == 1
    assert set(tree(clean)) == {"a.txt", "a.json"}


# One run at a time


def test_a_second_run_over_one_clean_folder_is_refused_and_told_who_is_there(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "clean")
    said = rf"process {os.getpid()} on .* is writing to .*clean.*: wait"
    with keeping("raw", settings), pytest.raises(CatalogError, match=said), keeping("raw", settings):
        pass
    with keeping("raw", settings):
        pass


def test_the_command_line_refuses_a_second_run_before_it_starts_anything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    raw, clean = write(tmp_path / "raw", {"a.txt": ARTICLE}), tmp_path / "clean"
    with keeping("raw", settings_for(clean)), pytest.raises(SystemExit) as end:
        main(["run", str(raw), str(clean)])
    assert end.value.code == 1
    assert f"process {os.getpid()} on " in capsys.readouterr().err


def test_the_lock_of_a_killed_run_lasts_until_its_workers_have_ended(tmp_path: Path) -> None:
    code = (
        "import os, signal, subprocess, sys\n"
        "from flows.catalog import locked\n"
        "with locked(sys.argv[1]) as lock:\n"
        "    worker = subprocess.Popen(['sleep', '600'], pass_fds=(lock,), stdout=-3, stderr=-3)\n"
        "    print(worker.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    clean = str(tmp_path)
    done = subprocess.run([sys.executable, "-c", code, clean], capture_output=True, text=True, check=False, cwd=PROJECT)
    worker = int(done.stdout)
    try:
        with pytest.raises(CatalogError, match="is writing"), locked(clean):
            pass
    finally:
        os.kill(worker, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while True:
        try:
            with locked(clean):
                break
        except CatalogError:
            assert time.monotonic() < deadline
            time.sleep(0.05)


# What cannot be used


def test_a_damaged_catalog_is_named_with_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = settings_for(tmp_path / "clean")
    write(tmp_path / "clean", {DATABASE: b"no database at all, but long enough to be taken for one" * 40})
    with (
        pytest.raises(CatalogError, match=r"catalog .*is damaged .*: cleancopy rebuild .*clean makes"),
        keeping("raw", settings),
    ):
        pass
    with pytest.raises(SystemExit) as end:
        main(["status", str(tmp_path / "clean")])
    assert end.value.code == 2
    assert "cleancopy rebuild" in capsys.readouterr().err


def test_a_catalog_that_turns_out_to_be_damaged_or_cannot_grow_is_named_with_what_to_do(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "clean")
    documents = [RawDocument(f"{number}.txt", f"/raw/{number}.txt", 1) for number in range(2000)]
    with pytest.raises(CatalogError, match=r"cannot be written .*full.*what is done stays done"):
        _keep_on_a_full_disk(settings, documents)
    Catalog(settings.clean).close()
    content = bytearray((tmp_path / "clean" / DATABASE).read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    (tmp_path / "clean" / DATABASE).write_bytes(content)
    with pytest.raises(CatalogError, match=r"is damaged .*malformed.*cleancopy rebuild"), keeping("raw", settings):
        pass


def _keep_on_a_full_disk(settings: Settings, documents: list[RawDocument]) -> None:
    with keeping("raw", settings) as books:
        books._catalog._sql.execute("PRAGMA max_page_count = 20")  # SQLite then says what it says of a full disk
        books.enter(Found(documents), force=False)


def test_status_calls_a_run_that_was_killed_broken_off(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    catalog = Catalog(str(tmp_path))
    catalog.begin("raw", None)
    catalog.close()
    for state in ("running", "broken off"):
        with locked(str(tmp_path)) if state == "running" else nullcontext(), pytest.raises(SystemExit) as end:
            main(["status", str(tmp_path)])
        assert end.value.code == 0
        assert f"\t{state}\t" in capsys.readouterr().out


def test_a_catalog_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    Catalog(str(tmp_path)).close()
    connection = sqlite3.connect(tmp_path / DATABASE)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(CatalogError, match="newer version"):
        Catalog(str(tmp_path))


def test_status_of_a_folder_without_a_catalog_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["status", str(tmp_path)])
    assert end.value.code == 2
    assert f"there is no catalog in {tmp_path}: cleancopy run makes it" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@needs_server
def test_status_shows_states_reasons_and_runs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    raw, clean = write(tmp_path / "raw", _FIVE | {"empty.txt": ""}), tmp_path / "clean"
    run(raw, clean)
    (raw / "1.txt").unlink()
    run(raw, clean)
    capsys.readouterr()
    with pytest.raises(SystemExit) as end:
        main(["status", str(clean)])
    assert end.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[:3] == ["clean\t4", "failed\t1", "gone\t1"]
    assert "  empty: 1" in lines
    assert [line.split("\t")[3:] for line in lines[-2:]] == [
        ["completed", "5", "0", "5", "1", "1"],
        ["completed", "6", "5", "0", "1", "0"],
    ]


# What is unusual


def past(failed: int, removed: int, count: int = 6) -> list[RunRow]:
    """Runs over 100 documents each that were all alike, but for a little."""
    return [
        RunRow(n, "completed", "", "", 100, 100, 0, failed + n % 2, 0, 1000, 1000 - removed - n % 3)
        for n in range(count)
    ]


def row(failed: int, removed: int, documents: int = 100) -> RunRow:
    """A run to compare with them."""
    return RunRow(9, "completed", "", "", documents, documents, 0, failed, 0, 1000, 1000 - removed)


def test_a_run_that_leaves_the_usual_range_is_told() -> None:
    assert unusual(row(30, 100), past(2, 100)) == ["30 % of the documents are set aside; usual are 2 % (6 runs)"]
    assert unusual(row(2, 500), past(2, 100)) == ["50 % of the words were removed; usual are 10 % (6 runs)"]
    assert unusual(row(0, 0), past(40, 400)) != []


@pytest.mark.parametrize(
    ("run", "earlier"),
    [
        (row(3, 110), past(2, 100)),
        (row(30, 500), past(2, 100, count=4)),
        (row(15, 500, documents=19), past(2, 100)),
        (row(30, 100), []),
    ],
    ids=["alike", "few runs", "few documents", "the first"],
)
def test_a_run_that_is_like_the_others_or_cannot_be_compared_is_not(run: RunRow, earlier: list[RunRow]) -> None:
    assert unusual(run, earlier) == []


@needs_server
def test_an_unusual_run_emits_an_event(tmp_path: Path) -> None:
    raw, clean = tmp_path / "raw", tmp_path / "clean"
    files: dict[str, str | bytes] = {f"{n}.txt": f"{ARTICLE}\nLine {n} ends here.\n" for n in range(25)}
    write(raw, files)
    run(raw, clean)
    history = sqlite3.connect(clean / DATABASE)
    columns = "flow_run, raw, started, ended, state, documents, cleaned, unchanged, failed, gone, words_in, words_out"
    with history:
        history.executescript(f"INSERT INTO runs ({columns}) SELECT {columns} FROM runs WHERE id = 1;" * 4)
    history.close()
    write(raw, {f"{n}.txt": "" for n in range(10)})
    state = clean_articles(raw, clean, return_state=True)
    assert state.is_completed()
    wanted = {"event": {"name": ["cleancopy.run.unusual"]}, "resource": {"id": [f"cleancopy.clean.{clean}"]}}
    with get_client(sync_client=True) as client:
        deadline = time.monotonic() + 60
        while True:
            answer = client._client.post("/events/filter", json={"filter": wanted}).json()
            if answer["events"] or time.monotonic() > deadline:
                break
            time.sleep(0.2)
    (event,) = answer["events"]
    assert event["payload"]["unusual"] == ["40 % of the documents are set aside; usual are 0 % (5 runs)"]


# Faults


@needs_server
def test_a_shard_that_cannot_be_written_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw, clean = write(tmp_path / "raw", {"a.txt": ARTICLE, "empty.txt": ""}), tmp_path / "clean"
    write(clean, {"_failed": "a file where a folder must be"})
    real = module.in_chunks
    calls = []

    def mended_at_the_second_try(*given: Any) -> Iterator[list[RawDocument]]:
        calls.append(given)
        if len(calls) == 2:
            (clean / "_failed").unlink()
        return real(*given)

    monkeypatch.setattr(module, "in_chunks", mended_at_the_second_try)
    assert counts(run(raw, clean)) == (1, 0, 1, 0)
    assert len(calls) == 2


@pytest.mark.fault
@needs_server
@pytest.mark.torture
@pytest.mark.parametrize("seed", [1, 2])
def test_runs_killed_at_random_moments_end_like_one_that_was_not(tmp_path: Path, server_url: str, seed: int) -> None:
    drawn = random.Random(seed)
    pages = PROJECT / "raw" / "pages"
    page = next(pages.glob("*.html")).read_bytes()
    files: dict[str, str | bytes] = {
        f"{n % 9}/{n}.txt": f"{ARTICLE}\nLine {n} ends here, and nothing follows.\n" * drawn.randint(1, 20)
        for n in range(490)
    }
    files |= {f"pages/{n}.html": page for n in range(5)} | {f"bad/{n}.txt": b"\0\1" * n for n in range(5)}
    raw = write(tmp_path / "raw", files)
    clean, whole = tmp_path / "clean", tmp_path / "whole"
    run(raw, whole)
    environment = {**os.environ, "PREFECT_API_URL": server_url, "PYTHONPATH": str(PROJECT)}
    line = (sys.executable, str(PROJECT / "tests/killed.py"), str(raw), str(clean))
    killed = 0
    with ExitStack() as ends:
        while killed < 5:
            process = ends.enter_context(
                program(*line, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            )
            wanted = drawn.randint(0, 480)
            while process.poll() is None and sum(1 for _ in clean.rglob("*.txt")) < wanted:
                time.sleep(0.01)
            time.sleep(drawn.random() / 10)
            process.kill()
            killed += process.wait() == -signal.SIGKILL
        deadline = time.monotonic() + 60
        while True:  # the workers of the last one end with the documents that they hold
            try:
                summary = run(raw, clean)
                break
            except CatalogError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
    assert summary.documents == 500
    assert tree(clean) == tree(whole)
    report = verify(clean, raw)
    assert (report.verified, report.problems) == (495, [])
    states = dict(query(clean, "SELECT state, count(*) FROM documents GROUP BY 1"))
    assert states == {"clean": 495, "failed": 5}
    assert query(clean, "SELECT count(*) FROM runs WHERE state = 'broken off'")[0][0] >= 1


def test_wrong_choices_are_refused(tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", _FIVE)
    for wrong in ({"gone": "burn"}, {"runner": "slurm"}, {"dask_address": "tcp://127.0.0.1:1"}):
        with pytest.raises(RunRefused):
            prepare(raw, tmp_path / "clean", **wrong)  # type: ignore[arg-type]
