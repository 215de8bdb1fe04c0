"""Shards on Dask: on a cluster that is there already, or on one that is started on this machine for the run. Prefect
sees each shard as a task run as ever, and what a shard gives comes back as soon as it is done. Loaded only by runs that
ask for it: Dask is an extra (`pip install 'cleancopy[dask]'`) and takes a second to import.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from importlib.util import find_spec
from ipaddress import ip_address
from itertools import islice
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar
from urllib.parse import urlsplit

from cleaners import fingerprint
from flows.preparing import RunRefused
from flows.runners import RunnerError, processors
from flows.showing import shown_name

if TYPE_CHECKING:
    from distributed import Client
    from prefect import Task
    from prefect_dask.task_runners import DaskTaskRunner, PrefectDaskFuture

CONNECT_SECONDS = 8.0
"""Seconds that a scheduler has to answer, and then its first worker to show up."""

_SHARDS_A_THREAD = 2
"""Shards that are handed out for each thread of the cluster: one in work and one to go on with. More would lie on the
scheduler, and with a million documents that is a million paths."""

_API_SECONDS = 3.0


Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class RunOnDask(Protocol):
    """What `on_dask` gives."""

    def __call__(self, task: Task[Parameters, Result], each: Iterable[Mapping[str, object]]) -> Iterator[Result]:
        """The result of `task` for the parameters in `each`, whichever is done first.

        `each` is read as the cluster gets on, never far ahead. Raises what the task raises, and `RunnerError` when the
        cluster goes away or a shard kills one Dask worker after the other.
        """


def check_installed() -> None:
    """Raise `RunRefused`, which says what to do, where Prefect's Dask package is missing."""
    if find_spec("prefect_dask") is None or find_spec("distributed") is None:
        raise RunRefused("the runner dask needs the packages of its extra: pip install 'cleancopy[dask]'")


@contextmanager
def on_dask(address: str | None = None, *, folders: Sequence[str | os.PathLike[str]] = ()) -> Iterator[RunOnDask]:
    """Within this context, which must lie inside of a flow run, tasks run on Dask.

    Args:
        address: Address of a Dask scheduler, such as `tcp://10.0.0.5:8786`. Without one, a cluster is started on this
            machine, with as many workers as there are processors, and ended with the context.
        folders: Folders that every worker must see.

    Returns:
        A function that runs a task for many parameters, and gives the results as they come.

    Raises:
        RunRefused: Dask is not installed, the address cannot be reached, the cluster has no workers, or a worker could
            not do the same as this process would.
    """
    check_installed()
    import dask  # noqa: PLC0415  (an extra, and slow to import)

    # A shard of twenty thousand paths is no mistake, so Dask need not warn of it.
    large = dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"})
    with large, _quiet(), _runner(address) as runner:
        with _deaf_children() if address is None else nullcontext():
            client = _connected(runner, address)
        if address is not None:
            _check_workers(client, address, folders)

        def run_on_dask(task: Task[Parameters, Result], each: Iterable[Mapping[str, object]]) -> Iterator[Result]:
            return _run(runner, client, task, each)

        yield run_on_dask


@contextmanager
def _quiet() -> Iterator[None]:
    """Within this context Dask logs errors only: a cluster that comes and goes says so in fifty lines."""
    import distributed  # noqa: F401, PLC0415  (sets the levels of its loggers)

    logger = logging.getLogger("distributed")
    before = logger.level
    logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        logger.setLevel(before)


@contextmanager
def _deaf_children() -> Iterator[None]:
    """Processes started within this context, and by threads started in it, do not hear Ctrl-C.

    A terminal sends it to all processes; those of the cluster are to end with this one, not with a traceback each.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _runner(address: str | None) -> DaskTaskRunner:
    from distributed import LocalCluster  # noqa: PLC0415
    from prefect_dask.task_runners import DaskTaskRunner  # noqa: PLC0415

    if address is not None:
        return DaskTaskRunner(address=address, client_kwargs={"timeout": CONNECT_SECONDS})
    return DaskTaskRunner(
        cluster_class=LocalCluster,
        cluster_kwargs={
            # A thread holds a shard, whose documents one process of its own cleans, within their budget.
            "n_workers": processors(),
            "threads_per_worker": 1,
            # Documents take their memory in those processes, which have a limit each.
            "memory_limit": None,
            "host": "127.0.0.1",
            # Whoever else is on this machine could have a scheduler without keys run what they like.
            "security": True,
            # Its web server is there in any case: on a free port, rather than with a warning on one that is taken.
            "dashboard_address": "127.0.0.1:0",
            "scheduler_kwargs": {"dashboard": False},
            "silence_logs": logging.ERROR,
            # What a task logs goes to the server; on the console the flow has its say, once.
            "env": {"PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL"},
        },
    )


def _connected(runner: DaskTaskRunner, address: str | None) -> Client:
    try:
        return runner.client
    except (OSError, ValueError) as error:
        # Dask's own messages say how it tried, over several lines; a wrong form of address is a ValueError.
        if address is None:
            raise RunRefused(f"no Dask cluster can be started on this machine: {error}") from None
        why = "no Dask scheduler answers there" if isinstance(error, OSError) else str(error)
        raise RunRefused(f"Dask cluster {shown_name(address)}: {why}") from None


def _check_workers(client: Client, address: str, folders: Sequence[str | os.PathLike[str]]) -> None:
    """Raise `RunRefused` when a worker could not do what this process would, rather than fail at every shard."""
    name = shown_name(address)
    try:
        client.wait_for_workers(1, timeout=CONNECT_SECONDS)
    except TimeoutError:
        raise RunRefused(f"Dask cluster {name} has no workers: start some with dask worker {name}") from None
    answers = client.run(
        _problem_here,
        fingerprint(),
        [os.path.realpath(folder) for folder in folders],
        _loopback(_api_url()),
        on_error="return",
    )
    problems = []
    for worker, answer in sorted(answers.items()):
        if isinstance(answer, ModuleNotFoundError):
            problems.append(f"{worker} has no module {answer.name}; install the same cleancopy there")
        elif isinstance(answer, BaseException):
            problems.append(f"{worker} fails: {type(answer).__name__}: {answer}")
        elif answer is not None:
            problems.append(f"{worker} {answer}")
    if problems:
        more = f" (and {len(problems) - 1} more workers)" if len(problems) > 1 else ""
        raise RunRefused(f"Dask cluster {name}: worker {problems[0]}{more}")


def _problem_here(expected: str, folders: Sequence[str], api: tuple[str, int] | None) -> str | None:
    """Why this process, a Dask worker, cannot do what the flow's process would; None where it can."""
    if find_spec("prefect_dask") is None:
        return "has no prefect-dask: pip install 'cleancopy[dask]'"
    if fingerprint() != expected:
        return "has another version of cleancopy, or of the libraries that it cleans with: install the same there"
    for folder in folders:
        if not os.path.isdir(folder):
            return f"sees no folder {shown_name(folder)}"
    if api is not None:
        try:
            socket.create_connection(api, _API_SECONDS).close()
        except OSError:
            return (
                f"cannot reach Prefect's server at {api[0]}:{api[1]}, an address of this machine only: "
                "start one that it can reach, and set PREFECT_API_URL"
            )
    return None


def _loopback(url: str) -> tuple[str, int] | None:
    """Host and port of `url` when only this machine can reach it.

    >>> _loopback("http://127.0.0.1:8123/api")
    ('127.0.0.1', 8123)
    >>> _loopback("https://prefect.example.org/api")
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    try:
        only_here = ip_address(host).is_loopback
    except ValueError:
        only_here = host == "localhost"
    return (host, parts.port or (443 if parts.scheme == "https" else 80)) if only_here else None


def _api_url() -> str:
    """Where the Prefect server of this flow run answers, also where it is a temporary one."""
    from prefect.context import FlowRunContext  # noqa: PLC0415

    context = FlowRunContext.get()
    assert context is not None, "on_dask is for flow runs"
    return str(context.client.api_url).rstrip("/")


def _run(
    runner: DaskTaskRunner,
    client: Client,
    task: Task[Parameters, Result],
    each: Iterable[Mapping[str, object]],
) -> Iterator[Result]:
    from distributed import CancelledError, KilledWorker, as_completed  # noqa: PLC0415
    from distributed.comm.core import CommClosedError  # noqa: PLC0415
    from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415

    running: dict[object, PrefectDaskFuture[Result]] = {}
    done = as_completed(loop=client.loop)
    waiting = iter(each)

    def hand_out(number: int) -> None:
        # The settings travel with the task. Without the address, each worker would start a temporary server.
        with temporary_settings({PREFECT_API_URL: _api_url()}):
            for parameters in islice(waiting, number):
                future = runner.submit(task, parameters=dict(parameters))
                running[future.wrapped_future.key] = future
                done.add(future.wrapped_future)

    try:
        hand_out(_wanted(client))
        while running:
            yield running.pop(next(done).key).result()
            # The cluster may have grown, or lost workers.
            hand_out(max(0, _wanted(client) - len(running)))
    except KilledWorker as error:
        raise RunnerError(
            f"{task.name}: one ended {error.allowed_failures + 1} Dask workers in turn, the last at "
            f"{error.last_worker.address}"
        ) from None
    except (CancelledError, CommClosedError) as error:  # no other OSError: a shard raises those, on a full disk
        raise RunnerError(f"the connection to the Dask scheduler was lost: {error}") from None


def _wanted(client: Client) -> int:
    """How many shards are best handed out to the cluster at once."""
    threads: dict[str, int] = client.nthreads()
    return _SHARDS_A_THREAD * max(1, sum(threads.values()))
