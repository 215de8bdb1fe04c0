"""A worker process: it reads a function and what is the same for every item, then chunks of items, and
answers each chunk with the results. Started as a program of its own (`python -m flows.worker`) rather than
through `multiprocessing`, which would import the parent's main module, and Prefect with it.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from typing import BinaryIO


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
    function, shared = pickle.load(requests)
    _answer(answers, "ready")
    while True:
        try:
            chunk = pickle.load(requests)
        except EOFError:
            return
        try:
            _answer(answers, [function(shared, item) for item in chunk])
        except Exception:
            _answer(answers, traceback.format_exc())


def _answer(answers: BinaryIO, value: object) -> None:
    pickle.dump(value, answers, pickle.HIGHEST_PROTOCOL)
    answers.flush()


if __name__ == "__main__":
    main()
