"""A worker process: it reads a function, what is the same for every item and what one may cost, then chunks
of items, and answers each item with its result. Started as a program of its own (`python -m flows.worker`) rather than
through `multiprocessing`, which would import the parent's main module, and Prefect with it.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from contextlib import nullcontext
from typing import TYPE_CHECKING, BinaryIO

from flows.budget import NO_MEMORY

if TYPE_CHECKING:
    from flows.budget import Budget


def main() -> None:
    """Serve chunks from standard input until it ends."""
    # Ctrl-C reaches every process of the terminal; the parent ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    # Ended by its parent it leaves no half-written file: the exception passes through the writing of one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    # What a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    requests = sys.stdin.buffer
    function, shared, given = pickle.load(requests)
    budget: Budget | None = given
    if budget is not None:
        budget.limit_memory()
    _answer(answers, "ready", None)
    while True:
        try:
            chunk = pickle.load(requests)
        except EOFError:
            return
        for item in chunk:
            try:
                with budget.clock() if budget is not None else nullcontext():
                    result = function(shared, item)
            except MemoryError:
                # What failed halfway for want of memory is not to be worked with; the next worker starts afresh.
                os._exit(NO_MEMORY)
            except Exception:
                _answer(answers, "failed", traceback.format_exc())
                break
            _answer(answers, "done", result)


def _answer(answers: BinaryIO, what: str, value: object) -> None:
    pickle.dump((what, value), answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


if __name__ == "__main__":
    main()
