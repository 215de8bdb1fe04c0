"""Functions for worker processes, some of which do not survive them. They load nothing that the workers would not."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from contextlib import suppress
from typing import Any

from flows import worker, writing
from flows.budget import memory
from flows.cleaning import Job, Outcome, Settings, clean_job
from flows.runners import Death


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


def lost(shared: str, item: str, death: Death) -> str:
    """What stands in for an item that kills."""
    return f"{item} {death.how}"


def clean_or_die(settings: Settings, job: Job) -> Outcome:
    """Clean a document; one named killer takes its process with it."""
    if "killer" in job.document.source:
        os.kill(os.getpid(), signal.SIGKILL)
    return clean_job(settings, job)


def cost(shared: str, item: str) -> str:
    """`item`, after what it names was done: time or memory used up in Python or in C, or nothing but waiting."""
    if not _held_at_first:
        _held_at_first.append(memory().held)
    if item == "busy loop":
        while True:
            pass
    elif item == "hang in C":
        re.match("(a+)+$", "a" * 60 + "b")
    elif item == "hog":
        rows = []
        while True:
            rows.append(bytearray(1 << 20))
    elif item == "hog in C":
        _ = "a" * (1 << 42)
    elif item == "a little more":
        _left_behind.append(bytes(100 << 20))
    elif item == "leave 4 MB behind":
        _left_behind.append(bytes(4 << 20))
    elif item == "nearly 392 MB":
        _ = bytes((390 << 20) - _held_at_first[0])
    elif item in ("make do", "make do with half"):
        try:
            _ = [bytes(16 << 20) for _ in range(16 if item == "make do" else 99)]
        except MemoryError:
            return f"less of {item}"
    elif item == "hog once":
        with open(shared, "a") as tries:
            tries.write("x")
        cost(shared, "hog")
    elif item == "kill the fork server":
        os.kill(os.getppid(), signal.SIGKILL)
    elif item == "stop the fork server":
        os.kill(os.getppid(), signal.SIGSTOP)
    elif item == "wait":
        time.sleep(2.5)
    return item


_left_behind: list[bytes] = []
_held_at_first: list[int] = []


def die_once_told(shared: str, item: str) -> str:
    """`item`; once the last words are told, the process that told them ends before it starts another item."""
    if item == "last words":
        tell = worker._answer

        def tell_and_die(*arguments: Any) -> None:
            tell(*arguments)
            os.kill(os.getpid(), signal.SIGKILL)

        sys.modules["__main__"]._answer = tell_and_die  # type: ignore[attr-defined]
        time.sleep(2 * worker._EVERY)
    return item


def load_or_die(shared: str) -> None:
    """Nothing is loaded, and the process does not survive it: not the first, or none where `shared` is empty."""
    if not shared:
        os.kill(os.getpid(), signal.SIGKILL)
    with suppress(FileExistsError):
        os.close(os.open(shared, os.O_CREAT | os.O_EXCL))
        os.kill(os.getpid(), signal.SIGKILL)


def load_long(shared: str) -> None:
    """What a worker is to have from its start; takes two seconds of CPU time."""
    end = time.process_time() + 2
    while time.process_time() < end:
        pass
    _loaded_by.append(os.getpid())


def who_loaded(shared: str, item: str) -> list[int]:
    """The processes that have loaded what this one has, after what `item` names was done."""
    cost(shared, item)
    return _loaded_by


_loaded_by: list[int] = []


def has_lists_of_words(settings: Settings, item: str) -> bool:
    """Whether a worker has the lists of words that jusText looks up in short pages."""
    from trafilatura import external  # noqa: PLC0415  (a worker is to have it only where its items are pages)

    return external.JT_STOPLIST is not None


def half_a_second(shared: str, item: str) -> str:
    """`item`; an x takes half a second of CPU time."""
    end = time.process_time() + 0.5
    while item == "x" and time.process_time() < end:
        pass
    return item


def clean_or_cost(settings: Settings, job: Job) -> Outcome:
    """Clean a document; one that is named after a costly deed does that first, and a killer takes its process along."""
    cost("", job.document.source.rpartition("/")[2].partition(".")[0])
    return clean_or_die(settings, job)


def clean_or_die_while_writing(settings: Settings, job: Job) -> Outcome:
    """Clean a document; one takes its process with it when its article is written and its record is not."""
    if job.document.source == "1/1.txt":
        writing.os = _Deadly()  # type: ignore[attr-defined]
    return clean_job(settings, job)


class _Deadly:
    """The module os, but for moving files, of which nobody survives the second."""

    def __init__(self) -> None:
        self._moved = 0

    def __getattr__(self, name: str) -> object:
        return getattr(os, name)

    def replace(self, source: str, target: str) -> None:
        self._moved += 1
        if self._moved == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        os.replace(source, target)
