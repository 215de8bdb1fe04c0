"""Functions for worker processes, some of which do not survive them."""

from __future__ import annotations

import os
import signal
import sys

from flows.cleaning import Job, Outcome, Settings, clean_job


def double(shared: str, item: str) -> str:
    """`item` twice; the item that `shared` names kills its process, another one raises."""
    if item == shared:
        os.kill(os.getpid(), signal.SIGKILL)
    if item == "raise":
        raise ValueError("no such item")
    print("something that a library prints")
    return item * 2


def what_is_loaded(shared: str, item: str) -> list[str]:
    """The packages that a worker process has loaded."""
    return sorted({name.partition(".")[0] for name in sys.modules})


def lost(shared: str, item: str, how: str) -> str:
    """What stands in for an item that kills."""
    return f"{item} {how}"


def clean_or_die(settings: Settings, job: Job) -> Outcome:
    """Clean a document; one named killer takes its process with it."""
    if "killer" in job.document.source:
        os.kill(os.getpid(), signal.SIGKILL)
    return clean_job(settings, job)
