"""Where the documents of a shard are cleaned: in this process, or in worker processes on this machine. A
worker that dies loses nothing: what it held is tried again, one document at a time, and the one that kills is
named.
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
from pathlib import Path
from typing import Generic, TypeVar

_PATIENCE = 3.0
"""Seconds that a worker has to end once asked to."""

Shared = TypeVar("Shared")
Item = TypeVar("Item")
Result = TypeVar("Result")


class RunnerError(RuntimeError):
    """Worker processes that cannot do their work at all, whatever the document."""


class WorkerDied(Exception):  # noqa: N818  (it names what happened)
    """A worker process that ended while it held items; the message says how."""


def run_chunks(
    function: Callable[[Shared, Item], Result],
    shared: Shared,
    chunks: Sequence[Sequence[Item]],
    *,
    workers: int,
    lost: Callable[[Shared, Item, str], Result],
) -> Iterator[Result]:
    """`function(shared, item)` for every item, in no particular order.

    With one worker it runs in this process. With more, `function`, `shared` and the items go to worker
    processes, so they must be picklable, and `lost(shared, item, how)` (called here) stands in for an item
    that kills its process. Raises `RunnerError` when workers cannot start, or `function` raises in one.
    """
    if workers <= 1:
        return (function(shared, item) for chunk in chunks for item in chunk)
    return _in_workers(function, shared, chunks, min(workers, len(chunks)), lost)


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Worker(Generic[Shared, Item, Result]):
    """One worker process, seen from its parent."""

    def __init__(self, function: Callable[[Shared, Item], Result], shared: Shared) -> None:
        here = str(Path(__file__).resolve().parent.parent)
        path = os.pathsep.join(filter(None, [here, os.environ.get("PYTHONPATH", "")]))
        self.process = subprocess.Popen(
            [sys.executable, "-m", "flows.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": path},
        )
        try:
            self._exchange((function, shared))
        except WorkerDied as death:
            raise RunnerError(f"a worker process cannot start: it {death}") from None

    def run(self, chunk: Sequence[Item]) -> list[Result]:
        answer = self._exchange(chunk)
        if isinstance(answer, str):
            raise RunnerError(f"a worker process failed:\n{answer}")
        return answer  # type: ignore[return-value]

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

    def _exchange(self, value: object) -> object:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        try:
            pickle.dump(value, self.process.stdin, pickle.HIGHEST_PROTOCOL)
            self.process.stdin.flush()
            return pickle.load(self.process.stdout)
        except (EOFError, OSError, pickle.UnpicklingError):
            raise WorkerDied(_how_it_ended(self.process.wait())) from None


def _how_it_ended(code: int) -> str:
    if code < 0:
        with suppress(ValueError):
            return f"ended its process with {signal.Signals(-code).name}"
    return f"ended its process with exit code {code}"


def _in_workers(
    function: Callable[[Shared, Item], Result],
    shared: Shared,
    chunks: Sequence[Sequence[Item]],
    workers: int,
    lost: Callable[[Shared, Item, str], Result],
) -> Iterator[Result]:
    crew = _Crew(function, shared, chunks)
    try:
        crew.start(workers)
        for _ in chunks:
            yield from crew.next_results()
        for item in crew.suspects:
            yield crew.run_alone(item, lost)
    finally:
        crew.stop()


class _Crew(Generic[Shared, Item, Result]):
    """Worker processes that share a list of chunks, each with a thread here that talks to it."""

    def __init__(
        self, function: Callable[[Shared, Item], Result], shared: Shared, chunks: Sequence[Sequence[Item]]
    ) -> None:
        self.function = function
        self.shared = shared
        self.suspects: list[Item] = []
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
        """The results of one more chunk; the items of a chunk that kills its worker become suspects."""
        answer = self._done.get()
        if isinstance(answer, Exception):
            raise answer
        return answer

    def run_alone(self, item: Item, lost: Callable[[Shared, Item, str], Result]) -> Result:
        worker = self._hire()
        try:
            return worker.run([item])[0]
        except WorkerDied as death:
            return lost(self.shared, item, str(death))
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
        try:
            self._done.put(worker.run(chunk))
        except WorkerDied:
            if self._stopping.is_set():
                return worker
            self._dismiss(worker)
            self.suspects.extend(chunk)
            worker = self._hire()
            self._done.put([])
        return worker

    def _hire(self) -> _Worker[Shared, Item, Result]:
        worker = _Worker(self.function, self.shared)
        self._workers.add(worker)
        return worker

    def _dismiss(self, worker: _Worker[Shared, Item, Result]) -> None:
        self._workers.discard(worker)
        worker.end()
