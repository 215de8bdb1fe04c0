"""A fork server and its worker processes. It reads a function, what is the same for every item and what one may cost,
loads what the items will need, and forks a worker whenever it is asked for one: to replace a worker that has ended
costs milliseconds. A worker reads chunks of items from a socket of its own, and answers with their results.

Started as a program of its own (`python -m flows.worker`) rather than through `multiprocessing`, which would import the
parent's main module, and Prefect with it.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import socket
import struct
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, NoReturn

from flows.budget import CROWDED, NO_MEMORY, Budget, memory

NUMBER: Final = struct.Struct("q")
"""How the fork server is spoken to: 0 asks for a worker, the process id of one that has ended for how it did."""

_EVERY = 0.05
"""Seconds between two answers: to wake the parent for each document costs more than to clean a short one."""

_TERM: Final = {signal.SIGTERM}


@dataclass(frozen=True, slots=True)
class Work:
    """What every worker of a fork server does: `function(shared, item)`, each within the `budget`.

    `prepare(shared)` is called once in the fork server: what it loads, all workers have.
    """

    function: Callable[[Any, Any], object]
    shared: object
    budget: Budget | None = None
    prepare: Callable[[Any], object] | None = None


def main() -> None:
    """Serve the socket whose descriptor is the argument until its other end is closed."""
    # Ctrl-C reaches every process of the terminal; the parent ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    # What a library prints belongs into the log.
    os.dup2(2, 1)
    parent = socket.socket(fileno=int(sys.argv[1]))
    try:
        work: Work = pickle.load(sys.stdin.buffer)
        if work.prepare is not None:
            work.prepare(work.shared)
        gc.freeze()  # what is loaded is no garbage: to look at it would copy its memory into every worker
        while request := parent.recv(NUMBER.size):
            (ended,) = NUMBER.unpack(request)
            if ended:
                parent.sendall(NUMBER.pack(os.waitstatus_to_exitcode(os.waitpid(ended, 0)[1])))
            else:
                _fork(parent, work)
    except (BrokenPipeError, ConnectionResetError, EOFError, pickle.UnpicklingError):
        # The parent is gone, perhaps before it had sent all. Python's own way out would try once more to write what
        # could not be written.
        os._exit(0)


def _fork(parent: socket.socket, work: Work) -> None:
    """Start a worker, and send the parent its process id, its socket, and the pipe that says what it has started."""
    theirs, ours = socket.socketpair()
    seen, started = os.pipe()
    try:
        process = os.fork()
    except OSError as error:
        process = -(error.errno or 1)
    if process == 0:
        parent.close()
        theirs.close()
        os.close(seen)
        _work(ours, started, work)
    ours.close()
    os.close(started)
    socket.send_fds(parent, [NUMBER.pack(process)], [theirs.fileno(), seen])
    theirs.close()
    os.close(seen)


def _work(parent: socket.socket, started: int, work: Work) -> None:
    """Be a worker, to the end of this process."""
    try:
        if work.budget is not None:
            work.budget.limit_memory()
        _serve(parent.makefile("rb"), parent.makefile("wb"), started, work)
    except (BrokenPipeError, ConnectionResetError, EOFError, pickle.UnpicklingError):
        os._exit(0)  # the parent has closed its end, or is gone, perhaps in the middle of a chunk
    except BaseException:
        traceback.print_exc()
    os._exit(1)


def _serve(requests: BinaryIO, answers: BinaryIO, started: int, work: Work) -> None:
    start = now = memory()
    while True:
        results: list[object] = []
        told = time.monotonic()
        for item in pickle.load(requests):
            # Should this process end now, its parent knows by the number of these bytes which item it held.
            os.write(started, b".")
            # Asked to end, it does so behind this item: an article is not to be left without its record.
            signal.pthread_sigmask(signal.SIG_BLOCK, _TERM)
            left_behind = now.held - start.held
            try:
                with work.budget.clock() if work.budget is not None else nullcontext():
                    results.append(work.function(work.shared, item))
                now = memory()
                if work.budget is not None and work.budget.is_nearly_used(now.peak):
                    # What a library made do without is as good as raised.
                    _end_for_memory(work.budget, now.peak, left_behind)
            except MemoryError:
                _end_for_memory(work.budget, work.budget.memory if work.budget is not None else 0, left_behind)
            except OSError as error:
                _answer(answers, "fault", error)
                break
            except Exception:
                _answer(answers, "failed", traceback.format_exc())
                break
            finally:
                signal.pthread_sigmask(signal.SIG_UNBLOCK, _TERM)
            if time.monotonic() > told + _EVERY:
                _answer(answers, "done", results)
                results, told = [], time.monotonic()
        else:
            _answer(answers, "done", results)


def _end_for_memory(budget: Budget | None, peak: int, left_behind: int) -> NoReturn:
    """End this process: what failed halfway for want of memory is not to be worked with, the next one starts afresh."""
    os._exit(CROWDED if budget is not None and budget.is_crowded(peak, left_behind) else NO_MEMORY)


def _answer(answers: BinaryIO, what: str, value: object) -> None:
    pickle.dump((what, value), answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


if __name__ == "__main__":
    main()
