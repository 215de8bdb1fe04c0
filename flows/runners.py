"""Where the documents of a shard are cleaned: in this process, or in worker processes on this machine, each
document within its budget of time and memory. A worker that dies loses nothing: the document that it died of is tried
again in a new one and, if that dies too, named; the others go on there.
"""

from __future__ import annotations

import errno
import os
import pickle
import queue
import select
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar, cast

from flows.budget import CROWDED, NO_MEMORY, Budget
from flows.worker import NUMBER, Work

_PATIENCE = 3.0
"""Seconds that a worker has to end once asked to."""
_ANSWER = 20.0
"""Seconds in which a fork server answers: where somebody has stopped it, another one takes its place."""
_TRIES = 3
"""How often a fork server that somebody kills before it has forked a worker is started."""

_CLOSED_IN_PROGRAMS = getattr(socket, "MSG_CMSG_CLOEXEC", 0)
"""Has programs that are started later not inherit a descriptor that is received, as Python has it for all others."""

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")


class RunnerError(RuntimeError):
    """Worker processes that cannot do their work at all, whatever the document."""


@dataclass(frozen=True, slots=True)
class Death:
    """How a worker process ended while it held an item, and which limit of its budget it broke by that, if any.

    `crowded`, it held memory, too, that items before had left behind.
    """

    how: str
    limit: Literal["seconds", "memory"] | None = None
    crowded: bool = False


class WorkerDied(Exception):  # noqa: N818  (it names what happened)
    """A worker process that ended while it held items; the message says how."""

    def __init__(self, death: Death, started: int) -> None:
        """`death` as `lost` gets it; of its chunk the worker had `started` so many items."""
        super().__init__(death.how)
        self.death = death
        self.started = started


def run_chunks(
    function: Callable[[Shared, Item], Result],
    shared: Shared,
    chunks: Sequence[Sequence[Item]],
    *,
    workers: int,
    lost: Callable[[Shared, Item, Death], Result],
    budget: Budget | None = None,
    prepare: Callable[[Shared], object] | None = None,
    inherited: int | None = None,
) -> Iterator[Result]:
    """`function(shared, item)` for every item, in no particular order.

    With one worker and no `budget` it runs in this process. Otherwise `function`, `shared` and the items go to worker
    processes, so they must be picklable, and `lost(shared, item, death)` (called here) stands in for an item that
    kills its process or breaks the budget. What `prepare(shared)` loads, each of them has from its start, at no
    document's cost. They keep the file descriptor `inherited` open until they end. Raises `RunnerError` when workers
    cannot start, or `function` raises in one; an `OSError` that it raises comes as it is.
    """
    if workers <= 1 and budget is None:
        return (function(shared, item) for chunk in chunks for item in chunk)
    crew: _Crew[Item, Result] = _Crew(Work(function, shared, budget, prepare), chunks, inherited)
    return _in_workers(crew, min(max(workers, 1), len(chunks)), lambda item, death: lost(shared, item, death))


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _ForkServer:
    """The process that loads what workers need and forks them, seen from its parent."""

    def __init__(self, work: Work, inherited: int | None) -> None:
        here = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
        self._parent, server = socket.socketpair()
        with server:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "flows.worker", str(server.fileno())],
                stdin=subprocess.PIPE,
                # Python would look for modules in the working folder first, where a stranger's raw files may lie.
                env={**os.environ, "PYTHONPATH": path, "PYTHONSAFEPATH": "1"},
                pass_fds=(server.fileno(),) if inherited is None else (server.fileno(), inherited),
            )
        self._asking = threading.Lock()
        self.has_forked = False
        assert self._process.stdin is not None
        with suppress(BrokenPipeError), self._process.stdin as stdin:  # one that cannot start says so at the first fork
            pickle.dump(work, stdin, pickle.HIGHEST_PROTOCOL)

    def fork(self) -> tuple[int, socket.socket, int]:
        """The process id of a new worker, its socket, and the pipe that says what it has started.

        Raises `RunnerError` when it cannot be started, `OSError` when this server is gone.
        """
        process, descriptors = self._ask(0)
        if len(descriptors) < 2 and process > 0:  # there was no room for both
            process = -errno.EMFILE
        if process < 0:
            for descriptor in descriptors:
                os.close(descriptor)
            raise RunnerError(f"a worker process cannot start: {os.strerror(-process)}; fewer workers need less")
        return process, socket.socket(fileno=descriptors[0]), descriptors[1]

    def how_ended(self, process: int) -> int | None:
        """The exit code of a worker that has ended, negative for a signal; None where this server is gone."""
        try:
            return self._ask(process)[0]
        except OSError:
            return None

    def _ask(self, number: int) -> tuple[int, list[int]]:
        with self._asking:
            # How long it loads, before the first worker, nobody knows.
            self._parent.settimeout(_ANSWER if self.has_forked else None)
            try:
                self._parent.sendall(NUMBER.pack(number))
                answer, descriptors, _, _ = socket.recv_fds(self._parent, NUMBER.size, 2, _CLOSED_IN_PROGRAMS)
            except TimeoutError:
                self._process.kill()  # it does not answer, and is not to answer later
                raise
            if not answer:
                raise ConnectionResetError
            self.has_forked = True
        return NUMBER.unpack(answer)[0], list(descriptors)

    def end(self) -> int:
        """Wait for its end, which comes when it is no longer asked; gives its exit code, negative for a signal."""
        self._parent.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
        return self._process.wait()


class _Worker(Generic[Item, Result]):
    """One worker process, seen from its parent."""

    def __init__(self, server: _ForkServer, budget: Budget | None) -> None:
        self._server = server
        self._budget = budget
        self._process, connection, started = server.fork()
        with connection:
            self._requests = connection.makefile("wb")
            self._answers = connection.makefile("rb")
        os.set_blocking(started, False)
        self._started = open(started, "rb", buffering=0)  # noqa: SIM115  (for each item that it starts, a byte)
        self._ending = threading.Lock()
        self._death: Death | None = None

    def run(self, chunk: Sequence[Item]) -> Iterator[Result]:
        """The results of `chunk`, in its order, soon after they are there."""
        self._send(chunk)
        left = len(chunk)
        while left:
            what, answer = self._receive()
            if isinstance(answer, OSError) and what == "fault":
                raise answer
            if what == "failed":
                raise RunnerError(f"a worker process failed:\n{answer}")
            results = cast("list[Result]", answer)
            left -= len(results)
            yield from results
        self._count_started()

    def end(self) -> Death:
        """Have it end behind the item that it holds, if it has not ended yet; says how it did."""
        with self._ending:
            if self._death is None:
                with suppress(ProcessLookupError):
                    os.kill(self._process, signal.SIGTERM)
                    if not self._has_ended(_PATIENCE):
                        os.kill(self._process, signal.SIGKILL)
                self._death = _death(self._server.how_ended(self._process), self._budget)
            return self._death

    def close(self) -> None:
        for file in (self._requests, self._answers, self._started):
            with suppress(OSError):  # what it was not sent any more
                file.close()

    def _send(self, value: object) -> None:
        try:
            pickle.dump(value, self._requests, pickle.HIGHEST_PROTOCOL)
            self._requests.flush()
        except OSError:
            raise self._died() from None

    def _receive(self) -> tuple[str, object]:
        try:
            what, value = pickle.load(self._answers)
        except (EOFError, OSError, pickle.UnpicklingError):
            raise self._died() from None
        return what, value

    def _died(self) -> WorkerDied:
        death = self.end()
        return WorkerDied(death, self._count_started())

    def _count_started(self) -> int:
        """How many items the worker has started since this was last asked."""
        return len(self._started.read(1 << 16) or b"")

    def _has_ended(self, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self._started, 0)  # it holds the other end of this pipe as long as it lives
        return bool(poll.poll(seconds * 1000))


def _death(code: int | None, budget: Budget | None) -> Death:
    """What the exit code of a worker says, negative for a signal; None where nobody knows it."""
    if code is None:
        return Death("ended its process")
    if budget is not None and code == -signal.SIGPROF:
        return Death("took more CPU time than its budget", "seconds")
    if code in (NO_MEMORY, CROWDED):
        return Death("took more memory than there is for it", "memory", crowded=code == CROWDED)
    if code < 0:
        with suppress(ValueError):
            return Death(f"ended its process with {signal.Signals(-code).name}")
    return Death(f"ended its process with exit code {code}")


def _in_workers(crew: _Crew[Item, Result], workers: int, lost: Callable[[Item, Death], Result]) -> Iterator[Result]:
    try:
        crew.start(workers)
        for _ in crew.chunks:
            yield from crew.next_results()
        for item, death in crew.lost:
            yield lost(item, death)
        for item in crew.suspects:
            yield crew.run_alone(item, lost)
    finally:
        crew.stop()


class _Crew(Generic[Item, Result]):
    """Worker processes that share a list of chunks, each with a thread here that talks to it.

    `lost` are the items that took more than their budget; `suspects` those whose worker ended for another reason, which
    need not be theirs: where a machine runs out of memory, its kernel ends whom it likes.
    """

    def __init__(self, work: Work, chunks: Sequence[Sequence[Item]], inherited: int | None) -> None:
        self.chunks = chunks
        self.lost: list[tuple[Item, Death]] = []
        self.suspects: list[Item] = []
        self._work = work
        self._inherited = inherited
        self._todo: queue.SimpleQueue[Sequence[Item]] = queue.SimpleQueue()
        for chunk in chunks:
            self._todo.put(chunk)
        self._done: queue.SimpleQueue[list[Result] | Exception] = queue.SimpleQueue()
        self._hiring = threading.Lock()
        self._server: _ForkServer | None = None
        self._workers: set[_Worker[Item, Result]] = set()
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    def start(self, workers: int) -> None:
        self._server = _ForkServer(self._work, self._inherited)
        for _ in range(workers):
            thread = threading.Thread(target=self._do_chunks, daemon=True)
            self._threads.append(thread)
            thread.start()

    def next_results(self) -> list[Result]:
        """The results of one more chunk, but for items that are `lost` or `suspects`."""
        answer = self._done.get()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def run_alone(self, item: Item, lost: Callable[[Item, Death], Result]) -> Result:
        worker = self._hire()
        try:
            return next(worker.run([item]))
        except WorkerDied as died:
            return lost(item, died.death)
        finally:
            self._dismiss(worker)

    def stop(self) -> None:
        self._stopping.set()
        for worker in list(self._workers):
            worker.end()
        for thread in self._threads:
            thread.join(_PATIENCE)
        if self._server is not None:
            self._server.end()  # for whose answer a thread may wait in vain
        for thread in self._threads:
            thread.join()
        for worker in list(self._workers):
            self._dismiss(worker)

    def _do_chunks(self) -> None:
        try:
            worker = self._hire()
            while not self._stopping.is_set() and not self._todo.empty():
                worker = self._do_chunk(worker)
            self._dismiss(worker)
        except Exception as error:
            self._done.put(error)

    def _do_chunk(self, worker: _Worker[Item, Result]) -> _Worker[Item, Result]:
        """Have the next chunk done; gives the worker for the one after."""
        try:
            chunk = self._todo.get_nowait()
        except queue.Empty:
            return worker
        results: list[Result] = []
        parts = [list(chunk)]
        while parts:
            part = parts.pop()
            before = len(results)
            try:
                results.extend(worker.run(part))
            except WorkerDied as died:
                if self._stopping.is_set():
                    return worker
                self._dismiss(worker)
                told = len(results) - before
                crowded: list[Item] = []
                # Between two items it held none; if it has started none at all, the first one is to blame.
                if (started := max(died.started, 1)) > told:
                    item = part.pop(started - 1)
                    if died.death.limit is None:
                        self.suspects.append(item)
                    elif died.death.crowded:
                        crowded.append(item)
                    else:
                        self.lost.append((item, died.death))
                # What it had done and not told yet is done again, behind what needs a worker that holds nothing yet.
                parts += [rest for rest in (part[told:], crowded) if rest]
                worker = self._hire()
        self._done.put(results)
        return worker

    def _hire(self) -> _Worker[Item, Result]:
        with self._hiring:
            worker = self._forked()
        self._workers.add(worker)
        if self._stopping.is_set():
            worker.end()  # `stop` may have looked while this one was starting
        return worker

    def _forked(self) -> _Worker[Item, Result]:
        tries = 0
        while True:
            assert self._server is not None
            try:
                return _Worker(self._server, self._work.budget)
            except OSError:
                code = self._server.end()
                tries = 0 if self._server.has_forked else tries + 1
                if self._stopping.is_set() or tries == _TRIES or (tries and code >= 0):
                    raise RunnerError(
                        f"a worker process cannot start: it {_death(code, None).how}; what is clean stays so, and the "
                        "next run does the rest"
                    ) from None
                self._server = _ForkServer(self._work, self._inherited)

    def _dismiss(self, worker: _Worker[Item, Result]) -> None:
        self._workers.discard(worker)
        worker.end()
        worker.close()
