"""Deployments with their real parts: a server, a worker, `prefect deploy`, runs that are asked for, scheduled and
cancelled.
"""

from __future__ import annotations

import json
import os
import pickle
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from folders import ARTICLE, BODY, PROJECT, prefect_at, tree, write
from programs import program
from serving import PATIENCE

from flows.budget import Budget
from flows.cleaning import Job, clean_job
from flows.naming import places
from flows.preparing import settings_for
from flows.reading import find_documents
from flows.worker import NUMBER, Work
from flows.writing import is_temporary

MANY = 10_000
"""Documents of the run that is cancelled: cleaning them takes some ten times as long as cancelling does."""


@dataclass(frozen=True, slots=True)
class Site:
    """A worker of the server, and a checkout that is deployed there."""

    url: str
    checkout: Path
    environment: dict[str, str]
    logs: Path

    def prefect(self, *arguments: str, prompt: bool = False) -> str:
        """What the command line of Prefect prints, in the checkout; with `prompt`, any question it asks is an error."""
        done = subprocess.run(
            [sys.executable, "-m", "prefect", *arguments],
            capture_output=True,
            check=False,
            cwd=self.checkout,
            env=self.environment | {"PREFECT_CLI_PROMPT": str(prompt)},
            stdin=subprocess.DEVNULL,
            text=True,
        )
        said = done.stdout + done.stderr
        assert done.returncode == 0, said
        assert "Traceback" not in said
        return said

    def start(self, name: str, *arguments: str) -> subprocess.Popen[bytes]:
        """A program of Prefect that goes on, in a process group of its own."""
        with (self.logs / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "prefect", *arguments],
                cwd=self.checkout,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, name: str) -> str:
        """What a program that goes on has printed."""
        return (self.logs / f"{name}.log").read_text(errors="replace")

    def ask(self, path: str, question: object = None) -> Any:
        """The answer of the server: to a question, or what lies at the path."""
        body = None if question is None else json.dumps(question).encode()
        request = urllib.request.Request(f"{self.url}/{path}", data=body, headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.load(answer)

    def deployment(self, name: str) -> dict[str, Any]:
        """A deployment of the flow, as the server has it."""
        found: dict[str, Any] = self.ask(f"deployments/name/clean-articles/{name}")
        return found

    def runs(self, deployment: str) -> list[dict[str, Any]]:
        """The runs of a deployment, scheduled ones among them."""
        wanted = {"deployments": {"name": {"any_": [deployment]}}, "sort": "EXPECTED_START_TIME_ASC"}
        found: list[dict[str, Any]] = self.ask("flow_runs/filter", wanted)
        return found

    def state(self, run: str) -> str:
        """The type of the state of a run."""
        return str(self.ask(f"flow_runs/{run}")["state_type"])

    def run(self, deployment: str, **parameters: object) -> str:
        """The id of a new run of a deployment."""
        before = {each["id"] for each in self.runs(deployment)}
        options = [part for name, value in parameters.items() for part in ("--param", f"{name}={value}")]
        self.prefect("deployment", "run", f"clean-articles/{deployment}", *options)
        (new,) = {each["id"] for each in self.runs(deployment)} - before
        return str(new)

    def wait(self, what: str, happened: Callable[[], bool]) -> None:
        """Wait until something has happened."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            with suppress(OSError):
                if happened():
                    return
            time.sleep(0.2)
        raise AssertionError(f"in {PATIENCE:g} s not {what}; the worker says:\n{self.log('worker')[-4000:]}")

    def wait_for_end(self, run: str, expected: str) -> None:
        """Wait until a run has ended, and as expected."""
        self.wait(f"an end of run {run}", lambda: self.state(run) in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})
        assert self.state(run) == expected, self.log("worker")[-4000:]

    def artifacts(self, run: str) -> set[str]:
        """The keys of what a run left for its readers."""
        return {each["key"] for each in self.ask("artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run]}}})}

    def processes(self, *words: str) -> list[int]:
        """The processes of this site whose command line has these words; none where there is no /proc to say so."""
        home = f"PREFECT_HOME={self.environment['PREFECT_HOME']}".encode()
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                command = (process / "cmdline").read_bytes().split(b"\0")
                if home in (process / "environ").read_bytes().split(b"\0") and {*map(str.encode, words)} <= {*command}:
                    found.append(int(process.name))
        return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, server_url: str) -> Iterator[Site]:
    """A worker and deployments for all tests of this module: each command of Prefect takes seconds."""
    folder = tmp_path_factory.mktemp("site")
    checkout = write(folder / "checkout", {"prefect.yaml": (PROJECT / "prefect.yaml").read_bytes()})
    for package in ("cleaners", "flows"):
        shutil.copytree(PROJECT / package, checkout / package, ignore=shutil.ignore_patterns("__pycache__"))
    environment = prefect_at(folder / "prefect") | {
        "PREFECT_API_URL": server_url,
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        # prefect.yaml names the folder it is in so, and a shell would have set it.
        "PWD": str(checkout),
        "PYTHONPATH": str(checkout),
    }
    site = Site(server_url, checkout, environment, write(folder / "logs", {}))
    with ExitStack() as ends:
        # A run has a process group of its own, so that it would outlive the worker that started it.
        ends.callback(_kill, site)
        site.prefect("work-pool", "create", "local", "--type", "process")
        worker = site.start("worker", "worker", "start", "--pool", "local")
        ends.callback(_end, worker)
        site.prefect("deploy", "--all")
        yield site


@pytest.fixture
def many(tmp_path: Path) -> Path:
    """A folder with so many documents that a run over it does not end by itself while a test looks at it."""
    text = "\n\n".join(f"The ferry line of Velm carried {number} people on day {number}." for number in range(200))
    folder = write(tmp_path / "many", {"0.txt": f"{ARTICLE}\n{text}\n"})
    for number in range(1, MANY):
        (folder / f"{number}.txt").hardlink_to(folder / "0.txt")
    return folder


def test_a_run_that_is_asked_for_cleans_its_folders_and_leaves_its_artifacts(site: Site, tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"a.txt": ARTICLE, "deep/b.md": ARTICLE, "empty.txt": ""})
    run = site.run("on-demand", raw=raw, clean=tmp_path / "clean")
    site.wait_for_end(run, "COMPLETED")
    written = tree(tmp_path / "clean")
    assert {"a.txt", "a.json", "deep/b.txt", "deep/b.json", "_failed/empty.txt.json"} <= set(written)
    assert written["deep/b.txt"].decode() == BODY
    assert site.artifacts(run) == {"clean-articles", "clean-articles-not-cleaned", "clean-articles-output"}


def test_a_run_of_the_command_line_on_a_configured_server_is_recorded_there(site: Site, tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"a.txt": ARTICLE, "b.txt": ""})
    command = [sys.executable, "-m", "flows.cli", "run", str(raw), str(tmp_path / "clean")]
    process = subprocess.run(command, capture_output=True, env=site.environment, check=False, text=True)
    assert (process.returncode, process.stderr) == (0, "")
    wanted = {"sort": "EXPECTED_START_TIME_DESC", "flow_runs": {"deployment_id": {"is_null_": True}}}
    (run,) = [each for each in site.ask("flow_runs/filter", wanted) if each["parameters"]["raw"] == str(raw)]
    assert run["state"]["type"] == "COMPLETED"
    assert site.artifacts(run["id"]) == {"clean-articles", "clean-articles-not-cleaned", "clean-articles-output"}


def test_the_nightly_run_is_scheduled_and_never_twice_at_once(site: Site) -> None:
    nightly = site.deployment("nightly")
    (schedule,) = nightly["schedules"]
    assert schedule["active"]
    assert (schedule["slug"], schedule["schedule"]["timezone"]) == ("nightly", "UTC")
    assert nightly["global_concurrency_limit"]["limit"] == 1
    assert nightly["concurrency_options"]["collision_strategy"] == "CANCEL_NEW"
    site.wait("a scheduled nightly run", lambda: bool(site.runs("nightly")))
    assert all("T02:00:00" in run["expected_start_time"] for run in site.runs("nightly"))
    described = nightly["parameter_openapi_schema"]["properties"]
    assert {"raw", "clean"} <= set(nightly["parameters"]) <= set(described)
    assert all(parameter.get("description") for parameter in described.values())


def test_deploying_again_asks_nothing_changes_nothing_and_writes_nothing(site: Site) -> None:
    before = tree(site.checkout)
    site.prefect("deploy", "--all", prompt=True)
    after = tree(site.checkout)
    assert {name for name in after if not name.endswith(".pyc")} == {
        name for name in before if not name.endswith(".pyc")
    }
    assert after["prefect.yaml"] == before["prefect.yaml"]
    assert len(site.deployment("nightly")["schedules"]) == 1


@pytest.mark.torture
def test_a_schedule_starts_runs_by_itself(site: Site, tmp_path: Path) -> None:
    raw = write(tmp_path / "raw", {"a.txt": ARTICLE})
    parameters = [part for name in ("raw", "clean") for part in ("--param", f"{name}={tmp_path / name}")]
    # On a busy machine a run takes longer than the interval: the limit keeps runs from piling up.
    limit = ("--concurrency-limit", "1", "--collision-strategy", "CANCEL_NEW")
    entrypoint = "flows/clean_articles.py:clean_articles"
    site.prefect("deploy", entrypoint, "--name", "often", "--pool", "local", "--interval", "5", *limit, *parameters)
    try:
        site.wait(
            "a completed run of the schedule",
            lambda: any(run["state_type"] == "COMPLETED" for run in site.runs("often")),
        )
    finally:
        site.prefect("deployment", "schedule", "clear", "--accept-yes", "clean-articles/often")
    first = next(run for run in site.runs("often") if run["state_type"] == "COMPLETED")
    assert first["auto_scheduled"]
    assert first["parameters"]["raw"] == str(raw)
    assert (tmp_path / "clean/a.txt").read_text() == BODY


@pytest.mark.torture
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs /proc to see the processes of a run")
def test_a_run_that_is_cancelled_ends_its_processes_and_leaves_no_half_written_file(
    site: Site, tmp_path: Path, many: Path
) -> None:
    clean = tmp_path / "clean"
    run = site.run("on-demand", raw=many, clean=clean, workers=2)
    site.wait("articles of the run", lambda: len(list(clean.glob("*.txt"))) > 100)
    assert len(site.processes("flows.worker")) == 3  # two, and the server that forks them
    site.prefect("flow-run", "cancel", run)
    site.wait_for_end(run, "CANCELLED")
    site.wait("an end of the run's processes", lambda: not site.processes("flows.worker"))
    written = [{path.stem for path in clean.glob(f"*.{ending}")} for ending in ("txt", "json")]
    assert written[0] == written[1]
    assert len(written[0]) < MANY
    assert [name for name in tree(clean) if is_temporary(Path(name).name)] == []
    said = [line["message"] for line in site.ask("logs/filter", {"logs": {"flow_run_id": {"any_": [run]}}})]
    assert not [message for message in said if "Traceback" in message]
    assert "BrokenPipeError" not in site.log("worker")
    # Its place is free for the next.
    again = site.run("on-demand", raw=write(tmp_path / "raw", {"0.txt": ARTICLE}), clean=clean)
    site.wait_for_end(again, "COMPLETED")
    assert (clean / "0.txt").read_text() == BODY


@pytest.mark.parametrize("gone", ["while it cleans", "while it sends documents", "while it starts the server"])
def test_a_worker_whose_parent_is_gone_ends_quietly_with_the_document_it_holds(tmp_path: Path, gone: str) -> None:
    raw = write(tmp_path / "raw", {f"{number}.txt": ARTICLE for number in range(9)})
    settings = settings_for(tmp_path / "clean")
    found = find_documents(raw)
    given = places(found.sources())
    chunk = [Job(document, given[document.source]) for document in found.documents]
    parent, server = socket.socketpair()
    line = (sys.executable, "-m", "flows.worker", str(server.fileno()))
    pipe, passed = subprocess.PIPE, (server.fileno(),)
    with ExitStack() as closed_last, program(*line, cwd=PROJECT, stdin=pipe, stderr=pipe, pass_fds=passed) as it:
        server.close()
        start = pickle.dumps(Work(clean_job, settings, Budget()))
        sent = pickle.dumps(chunk)
        it.stdin.write(start[:-9] if gone == "while it starts the server" else start)
        it.stdin.close()
        if gone != "while it starts the server":
            parent.sendall(NUMBER.pack(0))
            _, (worker, started), _, _ = socket.recv_fds(parent, NUMBER.size, 2)
            closed_last.callback(os.close, started)
            with socket.socket(fileno=worker) as requests:
                requests.sendall(sent[:-9] if gone == "while it sends documents" else sent)
        parent.close()
        said = it.stderr.read()  # to its end, which is that of the worker, too
        assert (it.wait(60), said) == (0, b"")
    written = [name for name in tree(tmp_path / "clean") if name.endswith(".txt")]
    assert written == ([f"{chunk[0].place.stem}.txt"] if gone == "while it cleans" else [])


def _end(program: subprocess.Popen[bytes]) -> None:
    program.terminate()
    try:
        program.wait(30)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(program.pid, signal.SIGKILL)
        program.wait()


def _kill(site: Site) -> None:
    for process in site.processes():
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)
