"""Where the documents of a shard are cleaned: in this process, or in worker processes on this machine, each
document within its budget of time and memory. A worker that dies loses nothing: the document that it died of is tried
again alone and, if it kills again, named; the others go to the next worker.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar, cast

from flows.budget import NO_MEMORY, Budget

_PATIENCE = 3.0
"""Seconds that a worker has to end once asked to."""

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")


class RunnerError(RuntimeError):
    """Worker processes that cannot do their work at all, whatever the document."""


@dataclass(frozen=True, slots=True)
class Death:
    """How a worker process ended while it held an item, and which limit of its budget it broke by that, if any."""

    how: str
    limit: Literal["seconds", "memory"] | None = None


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
    inherited: int | None = None,
) -> Iterator[Result]:
    """`function(shared, item)` for every item, in no particular order.

    With one worker and no `budget` it runs in this process. Otherwise `function`, `shared` and the items go to worker
    processes, so they must be picklable, and `lost(shared, item, death)` (called here) stands in for an item that
    kills its process or breaks the budget. They keep the file descriptor `inherited` open until they end. Raises
    `RunnerError` when workers cannot start, or `function` raises in one; an `OSError` that it raises comes as it is.
    """
    if workers <= 1 and budget is None:
        return (function(shared, item) for chunk in chunks for item in chunk)
    crew = _Crew(function, shared, chunks, budget, inherited)
    return _in_workers(crew, min(max(workers, 1), len(chunks)), lost)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Worker(Generic[Shared, Item, Result]):
    """One worker process, seen from its parent."""

    def __init__(
        self,
        function: Callable[[Shared, Item], Result],
        shared: Shared,
        budget: Budget | None,
        inherited: int | None,
    ) -> None:
        self._budget = budget
        here = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
        self._held, held = os.pipe()  # holds a byte for each item of the chunk that the worker has started
        os.set_blocking(self._held, False)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flows.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
            pass_fds=(held,) if inherited is None else (held, inherited),
        )
        os.close(held)
        try:
            self._send((function, shared, budget, held))
            self._receive()
        except WorkerDied as death:
            raise RunnerError(f"a worker process cannot start: it {death}") from None

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
        self._started()

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()
        with suppress(OSError):
            os.close(self._held)

    def _send(self, value: object) -> None:
        assert self.process.stdin is not None
        try:
            pickle.dump(value, self.process.stdin, pickle.HIGHEST_PROTOCOL)
            self.process.stdin.flush()
        except OSError:
            raise WorkerDied(self._death(), self._started()) from None

    def _receive(self) -> tuple[str, object]:
        assert self.process.stdout is not None
        try:
            what, value = pickle.load(self.process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            raise WorkerDied(self._death(), self._started()) from None
        return what, value

    def _started(self) -> int:
        """How many items the worker has started since this was last asked."""
        with suppress(BlockingIOError):
            return len(os.read(self._held, 1 << 16))
        return 0

    def _death(self) -> Death:
        code = self.process.wait()
        if self._budget is not None and code == -signal.SIGPROF:
            return Death("took more CPU time than its budget", "seconds")
        if code == NO_MEMORY:
            return Death("took more memory than there is for it", "memory")
        if code < 0:
            with suppress(ValueError):
                return Death(f"ended its process with {signal.Signals(-code).name}")
        return Death(f"ended its process with exit code {code}")


def _in_workers(
    crew: _Crew[Shared, Item, Result], workers: int, lost: Callable[[Shared, Item, Death], Result]
) -> Iterator[Result]:
    try:
        crew.start(workers)
        for _ in crew.chunks:
            yield from crew.next_results()
        for item, death in crew.deaths:
            # Each item has the clock for itself, so another try would end in the same way. Memory it shares with
            # what others left behind.
            yield lost(crew.shared, item, death) if death.limit == "seconds" else crew.run_alone(item, lost)
    finally:
        crew.stop()


class _Crew(Generic[Shared, Item, Result]):
    """Worker processes that share a list of chunks, each with a thread here that talks to it."""

    def __init__(
        self,
        function: Callable[[Shared, Item], Result],
        shared: Shared,
        chunks: Sequence[Sequence[Item]],
        budget: Budget | None,
        inherited: int | None,
    ) -> None:
        self.function = function
        self.shared = shared
        self.chunks = chunks
        self.budget = budget
        self.inherited = inherited
        self.deaths: list[tuple[Item, Death]] = []
        self._todo: queue.SimpleQueue[Sequence[Item]] = queue.SimpleQueue()
        for chunk in chunks:
            self._todo.put(chunk)
        self._done: queue.SimpleQueue[list[Result] | Exception] = queue.SimpleQueue()
        self._workers: set[_Worker[Shared, Item, Result]] = set()
        self._threads: list[threading.Thread] = []
        self._stopping = threading.Event()

    def start(self, workers: int) -> None:
        for _ in range(workers):
            thread = threading.Thread(target=self._work, daemon=True)
            self._threads.append(thread)
            thread.start()

    def next_results(self) -> list[Result]:
        """The results of one more chunk, but for items that killed their worker: those are in `deaths`."""
        answer = self._done.get()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def run_alone(self, item: Item, lost: Callable[[Shared, Item, Death], Result]) -> Result:
        worker = self._hire()
        try:
            return next(worker.run([item]))
        except WorkerDied as died:
            return lost(self.shared, item, died.death)
        finally:
            self._dismiss(worker)

    def stop(self) -> None:
        self._stopping.set()
        for worker in list(self._workers):
            self._dismiss(worker)
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        try:
            worker = self._hire()
            while not self._stopping.is_set() and not self._todo.empty():
                worker = self._work_on(worker)
            self._dismiss(worker)
        except Exception as error:
            self._done.put(error)

    def _work_on(self, worker: _Worker[Shared, Item, Result]) -> _Worker[Shared, Item, Result]:
        """Have the next chunk done; gives the worker for the one after."""
        try:
            chunk = self._todo.get_nowait()
        except queue.Empty:
            return worker
        results: list[Result] = []
        waiting = list(chunk)
        while waiting:
            before = len(results)
            try:
                results.extend(worker.run(waiting))
                waiting = []
            except WorkerDied as died:
                if self._stopping.is_set():
                    return worker
                self._dismiss(worker)
                # What it had done and not told yet is done again.
                self.deaths.append((waiting.pop(max(0, died.started - 1)), died.death))
                waiting = waiting[len(results) - before :]
                worker = self._hire()
        self._done.put(results)
        return worker

    def _hire(self) -> _Worker[Shared, Item, Result]:
        worker = _Worker(self.function, self.shared, self.budget, self.inherited)
        self._workers.add(worker)
        if self._stopping.is_set():
            worker.end()  # `stop` may have looked while this one was starting
        return worker

    def _dismiss(self, worker: _Worker[Shared, Item, Result]) -> None:
        self._workers.discard(worker)
        worker.end()
