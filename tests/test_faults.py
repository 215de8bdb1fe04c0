"""Faults of disks, files, clocks and processes, each really caused: the message says what to do, nothing half-written
shows, and the next run ends as if nothing had been.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from deadly import clean_or_die_while_writing
from folders import ARTICLE, clean_folder, tree, write
from mounts import disk, frozen, remount, tmpfs

from flows import books
from flows import clean_articles as module
from flows.catalog import COARSE_RACE, RACE, CatalogError, is_settled
from flows.clean_articles import clean_articles
from flows.cli import main
from flows.preparing import RunRefused
from flows.reading import RawDocument, Refused, read_raw
from flows.summary import Summary
from flows.verify import verify

pytestmark = [pytest.mark.fault, pytest.mark.usefixtures("_server")]

FILES: dict[str, str | bytes] = {
    f"{number % 3}/{number}.txt": f"{ARTICLE}\nLine {number} ends here, and nothing follows.\n" * 9
    for number in range(60)
}


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    for task in (module.clean_shard, module.find_raw_documents, module.account_for_gone):
        monkeypatch.setattr(task, "retry_delay_seconds", [0, 0])
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents that no test changes."""
    return write(tmp_path_factory.mktemp("faults") / "raw", FILES)


@pytest.fixture(scope="module")
def expected(raw: Path) -> dict[str, bytes]:
    """What a run makes of them when all goes well."""
    clean_folder(raw, raw.parent / "expected")
    return tree(raw.parent / "expected")


def run(raw: Path, clean: Path, **options: Any) -> Summary:
    """The summary of a run, over files that were not changed just now."""
    time.sleep(0.06)
    summary = clean_articles(raw, clean, **options)
    assert isinstance(summary, Summary)
    return summary


def once_shards_begin(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Have something happen in the middle of a run, when all is found and nothing cleaned."""
    real = module.in_chunks
    happened: list[object] = []

    def in_chunks(*given: Any) -> Iterator[list[RawDocument]]:
        if not happened:
            happened.append(happens())
        return real(*given)

    monkeypatch.setattr(module, "in_chunks", in_chunks)


def check_that_nothing_is_half_written(clean: Path, expected: dict[str, bytes]) -> None:
    """What is there is as it should be, and an article never without its record for long: that is written last."""
    for name, content in tree(clean).items():
        assert content == expected[name], name


# The disk


def test_a_full_disk_ends_the_run_with_what_to_do_and_the_next_one_completes_it(
    tmp_path: Path, raw: Path, expected: dict[str, bytes]
) -> None:
    with tmpfs(tmp_path / "clean", "220k") as clean:
        with pytest.raises(
            RunRefused, match=r"No space left on device; mend that and run again: what is done stays done"
        ):
            run(raw, clean)
        assert 10 < len(tree(clean)) < len(expected)
        check_that_nothing_is_half_written(clean, expected)
        remount(clean, "size=4m")
        assert run(raw, clean).set_aside == ()
        assert tree(clean) == expected
        assert verify(clean, raw).problems == []


@pytest.mark.torture
def test_a_catalog_that_finds_no_room_says_so_and_the_next_run_completes_it(
    tmp_path: Path, raw: Path, expected: dict[str, bytes]
) -> None:
    with tmpfs(tmp_path / "clean", "4m") as clean, tmpfs(clean / "_catalog", "36k") as catalog:
        with pytest.raises(
            (CatalogError, RunRefused), match=r"catalog.*(full|I/O error|No space).*run again: what is done stays"
        ):
            run(raw, clean)
        remount(catalog, "size=1m")
        assert run(raw, clean).set_aside == ()
        assert tree(clean) == expected


def test_a_read_only_clean_folder_is_named_by_flow_and_command_line(
    tmp_path: Path, raw: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with tmpfs(tmp_path / "clean", "4m") as clean:
        remount(clean, "ro")
        with pytest.raises(RunRefused, match=r"clean/_catalog.*: Read-only file system; mend that and run again"):
            run(raw, clean)
        with pytest.raises(SystemExit) as end:
            main(["run", str(raw), str(clean)])
        assert end.value.code == 1
        assert "Read-only file system" in capsys.readouterr().err


@pytest.mark.torture
def test_a_disk_that_fails_in_the_middle_of_a_run_loses_nothing(
    tmp_path: Path, raw: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    with disk(tmp_path / "image", tmp_path / "disk") as mounted:
        # As ext4 does by itself when it finds an error: what is written from now on is not, and nothing can be.
        once_shards_begin(monkeypatch, lambda: remount(mounted, "abort"))
        with pytest.raises(
            (RunRefused, CatalogError), match=r"(?i)read-?only|I/O error.*run again: what is done stays"
        ):
            run(raw, mounted / "clean")
    with disk(tmp_path / "image", tmp_path / "disk") as mounted:
        check_that_nothing_is_half_written(mounted / "clean", expected)
        assert run(raw, mounted / "clean").set_aside == ()
        assert tree(mounted / "clean") == expected
        assert verify(mounted / "clean", raw).problems == []


@pytest.mark.torture
def test_a_folder_that_may_not_be_written_any_more_costs_its_own_documents_only(
    tmp_path: Path, raw: Path, expected: dict[str, bytes]
) -> None:
    clean = write(tmp_path / "clean", {"1/note": "mine"})
    with frozen(clean / "1"):
        summary = run(raw, clean)
        assert {(each.source[0], each.reason) for each in summary.set_aside} == {("1", "unwritable")}
        assert {each.detail for each in summary.set_aside} == {
            "its clean article cannot be written: Operation not permitted"
        }
        assert (summary.cleaned, len(summary.set_aside)) == (40, 20)
        (clean / "0/0.txt").read_bytes()
    (clean / "1/note").unlink()
    assert (run(raw, clean).cleaned, run(raw, clean).unchanged) == (20, 60)
    assert tree(clean) == expected
    assert verify(clean, raw).problems == []


def test_an_article_or_record_that_was_cut_off_is_named_and_made_again(
    tmp_path: Path, raw: Path, expected: dict[str, bytes]
) -> None:
    clean = tmp_path / "clean"
    run(raw, clean)
    os.truncate(clean / "0/0.txt", 100)
    os.truncate(clean / "1/1.json", 100)
    assert verify(clean).problems == [("0/0.json", "its clean text was changed"), ("1/1.json", "it is no JSON")]
    assert run(raw, clean).cleaned == 2
    assert tree(clean) == expected


# Raw files


def test_a_file_that_is_written_to_while_it_is_read_is_not_taken_for_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(bytes(32 << 20))
    stop = threading.Event()

    def write_on() -> None:
        with path.open("r+b") as file:
            while not stop.is_set():
                file.seek(0)
                file.write(os.urandom(1000))
                file.flush()

    writer = threading.Thread(target=write_on)
    writer.start()
    refused: list[str] = []
    deadline = time.monotonic() + 60
    while not refused and time.monotonic() < deadline:
        try:
            read_raw(str(path))
        except Refused as refusal:
            refused.append(refusal.reason)
    stop.set()
    writer.join()
    assert refused == ["changing"]
    assert len(read_raw(str(path))) == 32 << 20


def test_a_raw_file_that_vanishes_or_changes_in_mid_run_is_done_right_by_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw, clean = write(tmp_path / "raw", FILES), tmp_path / "clean"
    run(raw, clean)
    before = (clean / "0/0.txt").read_bytes()
    other = f"{ARTICLE}\nAnother line ends here.\n"

    def happens() -> None:
        (raw / "0/0.txt").unlink()
        (raw / "1/1.txt").write_text(other)

    once_shards_begin(monkeypatch, happens)
    summary = run(raw, clean, force=True)
    assert [(each.source, each.reason) for each in summary.set_aside] == [("0/0.txt", "unreadable")]
    assert (clean / "0/0.txt").read_bytes() == before
    # What it held when it was read is not what it was found with, so it is read again.
    summary = run(raw, clean)
    assert (summary.cleaned, summary.unchanged, summary.gone) == (1, 58, 1)
    assert b"Another line" in (clean / "1/1.txt").read_bytes()
    assert [name for name, _ in verify(clean, raw).problems] == ["0/0.json"]


# Clocks


@pytest.mark.torture
@pytest.mark.parametrize("hours", [-30 * 24, 30 * 24])
def test_a_clock_that_jumps_makes_no_change_go_unseen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    raw, clean = write(tmp_path / "raw", FILES), tmp_path / "clean"
    jump = hours * 3600 * 10**9
    monkeypatch.setattr(books, "time_ns", lambda: time.time_ns() + jump)
    run(raw, clean)
    # Set back, the clock no longer tells whether a file may change once more within its time stamp.
    again = run(raw, clean)
    assert (again.cleaned, again.unchanged) == ((60, 0) if hours < 0 else (0, 60))
    write(raw, {"0/0.txt": str(FILES["0/0.txt"]).replace("Line", "Mine")})
    os.utime(raw / "1/1.txt", ns=(time.time_ns() + jump,) * 2)
    monkeypatch.undo()
    assert run(raw, clean).cleaned == (60 if hours < 0 else 2)
    assert b"Mine" in (clean / "0/0.txt").read_bytes()
    # A file from the future is read again until its time has come.
    assert run(raw, clean).cleaned == (0 if hours < 0 else 1)
    assert verify(clean, raw).problems == []


def test_the_time_stamps_of_a_coarse_file_system_are_believed_later() -> None:
    def settled(changed: int, found_at: int) -> bool:
        return is_settled(RawDocument("a.txt", "a.txt", 1, modified=changed, changed=changed), found_at)

    fine, coarse = 7_000_000_001, 8_000_000_000
    assert (settled(fine, fine + RACE), settled(fine, fine + RACE + 1)) == (False, True)
    assert (settled(coarse, coarse + RACE + 1), settled(coarse, coarse + COARSE_RACE + 1)) == (False, True)


# Processes


@pytest.mark.torture
def test_a_worker_that_is_killed_while_it_writes_leaves_nothing_half_written(
    tmp_path: Path, raw: Path, expected: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = tmp_path / "clean"
    monkeypatch.setattr(module, "clean_job", clean_or_die_while_writing)
    summary = run(raw, clean, workers=2)
    assert [(each.source, each.reason) for each in summary.set_aside] == [("1/1.txt", "worker-died")]
    left = tree(clean)
    assert left.pop("_failed/1/1.txt.json")
    assert left == {name: content for name, content in expected.items() if name not in ("1/1.txt", "1/1.json")}
    monkeypatch.undo()
    assert run(raw, clean).cleaned == 1
    assert tree(clean) == expected
    assert verify(clean, raw).problems == []


@pytest.mark.torture
def test_what_a_killed_run_left_goes_even_when_its_catalog_is_lost(tmp_path: Path, raw: Path) -> None:
    clean = write(tmp_path / "clean", {"0/.cleancopy-71-5e0c91fa-0.tmp": "half"})
    run(raw, clean)
    assert verify(clean, raw).problems == []
