"""Shards on Dask: a scheduler and workers that run already, and a cluster that is started for the run."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from distributed import Client, get_task_stream
from folders import ARTICLE, PROJECT, clean_folder, prefect_at, tree, write
from programs import program
from serving import free_port

from flows import clean_articles as module
from flows import cluster
from flows.clean_articles import clean_articles
from flows.preparing import RunRefused
from flows.runners import RunnerError
from flows.summary import Summary

DOCUMENTS = 200

DEADLY = '''
"""The first worker to have cleaned ten documents of a shard kills itself, as the kernel would when memory runs out."""

import os
import signal

from flows import runners



def _deadly(*arguments):
    for number, result in enumerate(runners._in_workers_as_ever(*arguments)):
        yield result
        if number == 10:
            try:
                os.close(os.open({mark!r}, os.O_CREAT | os.O_EXCL))
            except FileExistsError:
                if not {always!r}:
                    continue
            os.kill(os.getpid(), signal.SIGKILL)


# Dask runs this more than once in a process.
if not hasattr(runners, "_in_workers_as_ever"):
    runners._in_workers_as_ever = runners._in_workers
    runners._in_workers = _deadly
'''


@pytest.fixture(autouse=True)
def _small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHARD_ON_DASK", DOCUMENTS // 8)


@dataclass(frozen=True)
class Expected:
    raw: Path
    clean: dict[str, bytes]


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Expected:
    """Documents, and what a run without Dask makes of them."""
    folder = tmp_path_factory.mktemp("expected")
    files: dict[str, str | bytes] = {
        f"{number % 7}/{number}.txt": f"{ARTICLE}\n\nLine {number} ends.\n" for number in range(DOCUMENTS - 2)
    }
    page = PROJECT / "raw" / "pages" / "goat-steps.html"
    raw = write(folder / "raw", files | {"page.html": page.read_bytes(), "empty.txt": ""})
    clean_folder(raw, folder / "clean")
    return Expected(raw, tree(folder / "clean"))


def run(raw: Path, clean: Path, address: str | None = None) -> Summary:
    """What became of the documents of `raw`, cleaned on Dask."""
    summary = clean_articles(raw, clean, runner="dask", dask_address=address)
    assert isinstance(summary, Summary)
    return summary


@contextmanager
def _running(*arguments: str, home: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Dask, which knows of Prefect only what comes with a task; what it says is in `home`/log."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "log").open("ab") as log:
        # Killed with all that it started: a worker that is asked to end takes its time.
        line = (sys.executable, "-m", "dask", *arguments)
        with program(*line, cwd=home, env=prefect_at(home), stdout=log, stderr=log) as process:
            yield process


@contextmanager
def dask_cluster(home: Path, *options: str, workers: int = 2) -> Iterator[str]:
    """The address of a scheduler on this machine with worker programs of one thread each."""
    here = ("--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0")
    address = f"tcp://127.0.0.1:{free_port()}"
    with ExitStack() as stack:
        stack.enter_context(_running("scheduler", *here, "--port", address.rpartition(":")[2], home=home / "scheduler"))
        for number in range(workers):
            stack.enter_context(
                _running("worker", address, *here, "--nthreads", "1", *options, home=home / f"worker-{number}")
            )
        with Client(address, timeout=60, set_as_default=False) as client:
            if workers:
                client.wait_for_workers(workers, timeout=60)
        yield address


def _logs(home: Path) -> str:
    return "".join(path.read_text() for path in sorted(home.rglob("log")))


@pytest.mark.usefixtures("_server")
def test_all_workers_of_a_cluster_together_write_what_one_process_would(tmp_path: Path, expected: Expected) -> None:
    with dask_cluster(tmp_path / "dask") as address, Client(address, set_as_default=False) as client:
        with get_task_stream(client) as stream:
            summary = run(expected.raw, tmp_path / "clean", address)
        assert len({done["worker"] for done in stream.data if done["key"].startswith("clean")}) == 2
    assert (summary.cleaned, len(summary.set_aside)) == (DOCUMENTS - 1, 1)
    assert tree(tmp_path / "clean") == expected.clean
    assert "Traceback" not in _logs(tmp_path / "dask")


@pytest.mark.fault
@pytest.mark.torture
@pytest.mark.usefixtures("_server")
def test_a_worker_that_is_killed_in_the_middle_of_a_shard_costs_nothing(tmp_path: Path, expected: Expected) -> None:
    preload = write(tmp_path, {"deadly.py": DEADLY.format(mark=str(tmp_path / "died"), always=False)}) / "deadly.py"
    with dask_cluster(tmp_path / "dask", "--preload", str(preload)) as address:
        summary = run(expected.raw, tmp_path / "clean", address)
    assert (tmp_path / "died").exists()
    assert "BrokenPipe" not in _logs(tmp_path / "dask")
    assert (summary.cleaned, len(summary.set_aside)) == (DOCUMENTS - 1, 1)
    assert tree(tmp_path / "clean") == expected.clean


@pytest.mark.usefixtures("_server")
def test_a_shard_that_kills_worker_after_worker_ends_the_run(
    tmp_path: Path, expected: Expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    preload = write(tmp_path, {"deadly.py": DEADLY.format(mark=str(tmp_path / "died"), always=True)}) / "deadly.py"
    # By itself Dask gives up after the fourth.
    monkeypatch.setenv("DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES", "0")
    with (
        dask_cluster(tmp_path / "dask", "--preload", str(preload), workers=1) as address,
        pytest.raises(RunnerError, match=r"clean shard: one ended 1 Dask workers in turn, the last at tcp://127"),
    ):
        run(expected.raw, tmp_path / "clean", address)


@pytest.mark.torture
def test_a_run_without_a_cluster_or_server_of_its_own_starts_both_and_is_quiet(
    tmp_path: Path, expected: Expected
) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "flows.cli", "run", str(expected.raw), str(tmp_path / "clean"), "--runner", "dask"],
        capture_output=True,
        env=prefect_at(tmp_path / "prefect"),
        check=False,
        text=True,
    )
    assert (process.stderr, process.returncode) == ("", 0)
    assert tree(tmp_path / "clean") == expected.clean


@pytest.mark.usefixtures("_server")
def test_an_address_that_cannot_be_used_is_named(
    tmp_path: Path, expected: Expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 0.5)
    nobody = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(RunRefused, match=rf"Dask cluster {nobody}: no Dask scheduler answers there$"):
        run(expected.raw, tmp_path / "clean", nobody)
    with pytest.raises(RunRefused, match=r"Dask cluster udp://127.0.0.1:9: "):
        run(expected.raw, tmp_path / "clean", "udp://127.0.0.1:9")
    assert tree(tmp_path / "clean") == {}


@pytest.mark.usefixtures("_server")
def test_a_cluster_whose_workers_could_not_do_the_work_is_refused(
    tmp_path: Path, expected: Expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "CONNECT_SECONDS", 5.0)
    with dask_cluster(tmp_path / "dask", workers=0) as address:
        with pytest.raises(RunRefused, match=rf"Dask cluster {address} has no workers: start some with dask worker"):
            run(expected.raw, tmp_path / "clean", address)
        with (
            _running(
                "worker",
                address,
                "--host",
                "127.0.0.1",
                "--dashboard-address",
                "127.0.0.1:0",
                home=tmp_path / "dask" / "worker",
            ),
            Client(address, set_as_default=False) as client,
        ):
            client.wait_for_workers(1, timeout=60)
            monkeypatch.setattr(cluster, "CONNECT_SECONDS", 30.0)
            monkeypatch.setattr(cluster, "fingerprint", lambda: "of another version")
            with pytest.raises(RunRefused, match=r"worker tcp://127\.0\.0\.1:\d+ has another version of cleancopy"):
                run(expected.raw, tmp_path / "clean", address)
    assert tree(tmp_path / "clean") == {}


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "find_spec", lambda _name: None)
    with pytest.raises(RunRefused, match=r"pip install 'cleancopy\[dask\]'"):
        cluster.check_installed()


def test_the_flow_and_the_command_line_load_dask_only_when_asked_to() -> None:
    program = (
        "import flows.clean_articles, flows.cli, sys; print({'dask', 'distributed', 'prefect_dask'} & {*sys.modules})"
    )
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=PROJECT, check=True, text=True)
    assert answer.stdout == "set()\n"
