"""A worker process: it reads a function, what is the same for every item and what one may cost, then chunks
of items, and answers with their results. Started as a program of its own (`python -m flows.worker`) rather than
through `multiprocessing`, which would import the parent's main module, and Prefect with it.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import time
import traceback
from contextlib import nullcontext
from typing import TYPE_CHECKING, BinaryIO, Final

from flows.budget import NO_MEMORY

if TYPE_CHECKING:
    from flows.budget import Budget


_EVERY = 0.05
"""Seconds between two answers: to wake the parent for each document costs more than to clean a short one."""


def main() -> None:
    """Serve chunks from standard input until it ends, or until nobody reads the answers."""
    # Ctrl-C reaches every process of the terminal; the parent ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    # What a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        _serve(sys.stdin.buffer, answers)
    except (BrokenPipeError, EOFError, pickle.UnpicklingError):
        # The parent has closed its end, or is gone, perhaps in the middle of a chunk. Python's own way out would try
        # once more to write what it could not.
        os._exit(0)


_TERM: Final = {signal.SIGTERM}


def _serve(requests: BinaryIO, answers: BinaryIO) -> None:
    function, shared, given, held = pickle.load(requests)
    budget: Budget | None = given
    if budget is not None:
        budget.limit_memory()
    _answer(answers, "ready", None)
    first = True
    while True:
        results: list[object] = []
        told = time.monotonic()
        for item in pickle.load(requests):
            # Should this process end now, its parent knows by the number of these bytes which item it held.
            os.write(held, b".")
            # Asked to end, it does so behind this item: an article is not to be left without its record.
            signal.pthread_sigmask(signal.SIG_BLOCK, _TERM)
            try:
                with budget.clock(first=first) if budget is not None else nullcontext():
                    first = False
                    results.append(function(shared, item))
            except MemoryError:
                # What failed halfway for want of memory is not to be worked with; the next worker starts afresh.
                os._exit(NO_MEMORY)
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


def _answer(answers: BinaryIO, what: str, value: object) -> None:
    pickle.dump((what, value), answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


if __name__ == "__main__":
    main()
