"""How much work a piece of Python does, as a number that is the same on every machine, however busy it is."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def steps(work: Callable[[], object]) -> int:
    """The lines of Python that are run, in the libraries too; each turn of a loop counts."""
    count = 0

    def note(_frame: FrameType, _event: str, _arg: object) -> Any:
        nonlocal count
        count += 1
        return note

    before = sys.gettrace()
    sys.settrace(note)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


def grows_evenly(work: Callable[[int], Callable[[], object]], size: int) -> bool:
    """Whether four times the size is about four times the work: were it quadratic, it would be sixteen times.

    `work` prepares a piece of work of a size, which is then counted; a first run, not counted, fills caches.
    """
    work(size)()
    return steps(work(4 * size)) < 6 * steps(work(size)) + 10_000
