"""Faults and documents that take minutes: `make torture` has them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path

import pytest
from folders import ARTICLE, BODY, PROJECT, clean_folder, prefect_at, tree, write
from mounts import disk
from programs import program
from serving import server

from flows.cleaning import Job, Settings, clean_job, load, lost
from flows.naming import places
from flows.preparing import settings_for
from flows.reading import find_documents
from flows.runners import run_chunks
from flows.verify import verify

pytestmark = pytest.mark.torture

FILES: dict[str, str | bytes] = {
    f"{number % 9}/{number}.txt": f"{ARTICLE}\nLine {number} ends here, and nothing follows.\n" * 20
    for number in range(2000)
}


@pytest.fixture(scope="module")
def raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("torture") / "raw", FILES)


@pytest.fixture(scope="module")
def expected(raw: Path) -> dict[str, bytes]:
    """What a run makes of them when all goes well."""
    clean_folder(raw, raw.parent / "expected")
    return tree(raw.parent / "expected")


def start_run(raw: Path, clean: Path, environment: dict[str, str]) -> AbstractContextManager[subprocess.Popen[str]]:
    line = (sys.executable, "-m", "flows.cli", "run", str(raw), str(clean))
    pipe = subprocess.PIPE
    return program(*line, cwd=PROJECT, env=environment, stdout=pipe, stderr=pipe, text=True)


def wait_for(clean: Path, articles: int, process: subprocess.Popen[str]) -> None:
    """Wait until a run has written so many articles."""
    while process.poll() is None and sum(1 for _ in clean.rglob("*.txt")) < articles:
        time.sleep(0.05)
    assert process.poll() is None, process.communicate()


def complete(raw: Path, clean: Path, environment: dict[str, str]) -> str:
    """What a run prints that goes through; it may have to wait for the workers of the one before."""
    deadline = time.monotonic() + 120
    while True:
        with start_run(raw, clean, environment) as process:
            said, complaint = process.communicate()
        if "is writing to" not in complaint or time.monotonic() > deadline:
            assert process.returncode == 0, complaint
            return said
        time.sleep(0.5)


@pytest.mark.fault
def test_a_server_that_is_lost_in_mid_run_costs_no_document_and_is_named(
    tmp_path: Path, raw: Path, expected: dict[str, bytes]
) -> None:
    clean = tmp_path / "clean"
    with server(write(tmp_path / "prefect", {})) as (url, process):
        environment = prefect_at(tmp_path / "prefect") | {"PREFECT_API_URL": url}
        with start_run(raw, clean, environment) as running:
            wait_for(clean, 100, running)
            os.killpg(process.pid, signal.SIGKILL)
            _, complaint = running.communicate()
    assert running.returncode == 1
    assert complaint.splitlines()[-1].startswith(f"cleancopy: Prefect's server {url} no longer answers")
    assert complaint.splitlines()[-1].endswith("what is clean stays so; see that it runs, and run again")
    for name, content in tree(clean).items():
        assert content == expected[name]
    complete(raw, clean, prefect_at(tmp_path / "other"))
    assert tree(clean) == expected
    assert verify(clean, raw).problems == []


@pytest.mark.fault
@pytest.mark.parametrize("articles", [300, 2000], ids=["in mid-run", "when all is done"])
def test_a_power_cut_leaves_nothing_wrong_that_the_next_run_does_not_mend(
    tmp_path: Path, raw: Path, expected: dict[str, bytes], articles: int
) -> None:
    """The image of a mounted disk is what a power cut leaves: what the kernel has not written back is not in it."""
    environment = prefect_at(tmp_path / "prefect")
    with disk(tmp_path / "image", tmp_path / "disk") as mounted:
        with start_run(raw, mounted / "clean", environment) as process:
            if articles < len(FILES):
                wait_for(mounted / "clean", articles, process)
                os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
        shutil.copy(tmp_path / "image", tmp_path / "cut")
    with disk(tmp_path / "cut", tmp_path / "disk") as mounted:
        write(mounted / "clean", {})
        complete(raw, mounted / "clean", environment)
        assert tree(mounted / "clean") == expected
        assert verify(mounted / "clean", raw).problems == []


@pytest.mark.fault
@pytest.mark.parametrize("jump", ["-400d", "+400d"])
def test_a_run_under_another_clock_cleans_the_same_and_the_next_one_under_the_right_clock_too(
    tmp_path: Path, raw: Path, expected: dict[str, bytes], jump: str
) -> None:
    if shutil.which("faketime") is None:
        pytest.skip("needs faketime")
    clean, environment = tmp_path / "clean", prefect_at(tmp_path / "prefect")
    # The time stamps of files are left as they are: it is the clock that is wrong, not the file system.
    command = ["faketime", "-f", jump, sys.executable, "-m", "flows.cli", "run", str(raw), str(clean)]
    done = subprocess.run(
        command, cwd=PROJECT, env=environment | {"NO_FAKE_STAT": "1"}, capture_output=True, check=False, text=True
    )
    assert done.returncode == 0, done.stderr
    assert tree(clean) == expected
    changed = raw.parent / f"changed{jump}"
    shutil.copytree(raw, changed)
    write(changed, {"0/0.txt": str(FILES["0/0.txt"]).replace("Line", "Mine")})
    complete(changed, clean, environment)
    assert b"Mine" in (clean / "0/0.txt").read_bytes()
    assert verify(clean, changed).problems == []


_MILLION = 1_000_000


@pytest.mark.parametrize(
    ("page", "reasons"),
    [
        ("<div>" * 100_000 + ARTICLE, {"too-deep"}),
        ("<b>" * _MILLION + ARTICLE, {"too-deep"}),
        ("<body>" + "<i>a</i> " * _MILLION, {"too-slow", "too-much-memory"}),
        ("<body>" + "a<br>" * _MILLION, {"too-slow", "too-much-memory"}),
        ("<table><tr><td>" * 600 + ARTICLE, {"too-slow"}),
    ],
    ids=["depth 100,000", "depth 1,000,000", "elements", "line breaks", "tables in tables"],
)
def test_time_and_memory_hold_what_no_other_limit_stops(tmp_path: Path, page: str, reasons: set[str]) -> None:
    raw = write(tmp_path / "raw", {"a.html": page, "b.txt": ARTICLE})
    settings: Settings = settings_for(
        write(tmp_path / "clean", {}), max_elements=10**9, max_seconds=2, max_memory=1 << 30
    )
    documents = find_documents(raw).documents
    given = places(each.source for each in documents)
    jobs = [Job(each, given[each.source]) for each in documents]
    begin = time.monotonic()
    prepare = partial(load, kinds=("text", "page"))
    outcomes = run_chunks(clean_job, settings, [jobs], workers=1, lost=lost, budget=settings.budget, prepare=prepare)
    said = {each.source: each.set_aside.reason if each.set_aside else "" for each in outcomes}
    assert said["a.html"] in reasons
    assert said["b.txt"] == ""
    assert time.monotonic() - begin < 60


@pytest.mark.torture
def test_a_run_in_the_folder_of_raw_files_runs_none_of_them(tmp_path: Path) -> None:
    trap = "import os; open(os.environ['SPRUNG'], 'w').close(); raise SystemExit"
    raw = write(tmp_path / "raw", {"a.txt": ARTICLE, "struct.py": trap, "random.py": trap, "flows/__init__.py": trap})
    environment = prefect_at(tmp_path / "prefect") | {"SPRUNG": str(tmp_path / "sprung")}
    del environment["PYTHONPATH"]
    done = subprocess.run(
        [Path(sys.executable).with_name("cleancopy"), "run", ".", "../clean"],
        cwd=raw,
        env=environment,
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "clean/a.txt").read_text() == BODY
    assert not (tmp_path / "sprung").exists()
