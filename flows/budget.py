"""What one document may cost its worker process, and what it may hold. Over time and memory the kernel keeps watch, not
the code that is watched: a regular expression or a parser that never comes back is ended all the same. The other limits
say sooner, and alike on every machine, what time and memory would say in the end.
"""

from __future__ import annotations

import os
import re
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

MAX_SECONDS: Final = 60.0
"""CPU seconds for one document: over a thousand times what the slowest page in shared/pages takes."""

MAX_MEMORY: Final = 2 << 30
"""Bytes of memory for a worker process: eight workers fit a machine of 16 GiB."""

MAX_CHARACTERS: Final = 1 << 27
"""Characters of a text, or of the HTML of a page: the longest text that its memory is enough for (measured: 100 MB)."""

MAX_ELEMENTS: Final = 500_000
"""Elements of a page: a hundred times those of the largest of 700 news and blog pages (4,975), and near what 2 GiB of
memory are enough for (measured: 842 MB at 300,000)."""

MAX_DEPTH: Final = 2048
"""How deep the elements of a page may be nested: as deep as the parser goes. Those 700 pages went 56 deep at most, and
browsers stop at 512; a page of 2,000 takes seconds."""

LEAST_SECONDS: Final = 1.0
"""CPU seconds below which large pages may not get through on a slow machine."""

LEAST_MEMORY: Final = 256 << 20
"""Bytes of memory below which a worker may not even start: one that has loaded everything takes 106 MB."""

MOST_SECONDS: Final = 1e9
"""CPU seconds that are as good as no limit: thirty years."""

MOST_MEMORY: Final = (1 << 63) - 1
"""Bytes of memory that are as good as no limit: more than the kernel can be told."""

NO_MEMORY: Final = 75
"""Exit code of a worker process that could not get the memory it asked for."""

CROWDED: Final = 76
"""Exit code of one that could not either, but held memory that documents before had left behind."""

TRUSTED: Final = 7 / 8
"""Share of its memory that a document may take and be trusted: libraries go on without what they were refused, or call
it a fault of the page, so that what came so near to the limit may lack something."""

_SIZES: Final = re.compile(rb"^Vm(Peak|Size):\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of memory that a process has asked for, which is what a budget limits: now, and at most since it began."""

    held: int = 0
    peak: int = 0


def memory() -> Memory:
    """The memory of this process, nothing where Linux does not tell.

    >>> memory().held <= memory().peak
    True
    """
    try:
        file = os.open("/proc/self/status", os.O_RDONLY)  # a file object would take three times as long
    except OSError:
        return Memory()
    try:
        sizes = {name: int(number) << 10 for name, number in _SIZES.findall(os.read(file, 1 << 14))}
    finally:
        os.close(file)
    return Memory(sizes.get(b"Size", 0), sizes.get(b"Peak", 0))


@dataclass(frozen=True, slots=True)
class Budget:
    """CPU seconds for one document, and bytes of memory (address space) for the process that cleans it."""

    seconds: float = MAX_SECONDS
    memory: int = MAX_MEMORY

    def limit_memory(self) -> None:
        """From now on, this process gets no memory beyond the budget: asking for it raises `MemoryError`."""
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (self.memory if most < 0 else min(self.memory, most), most))

    def is_nearly_used(self, peak: int) -> bool:
        """Whether a process that held so many bytes at most may have been refused some.

        >>> Budget(memory=1 << 30).is_nearly_used(1 << 29), Budget(memory=1 << 30).is_nearly_used(1 << 30)
        (False, True)
        """
        return peak > self.memory * TRUSTED

    def is_crowded(self, peak: int, left_behind: int) -> bool:
        """Whether the budget was nearly used up only because documents before had left so many bytes behind.

        `peak` are the bytes that the process held at most, or those of its budget where it was refused some: a process
        of its own would then come as near to them.

        >>> Budget(memory=1 << 30).is_crowded(1 << 30, 1 << 20), Budget(memory=1 << 30).is_crowded(1 << 30, 1 << 28)
        (False, True)
        """
        return not self.is_nearly_used(peak - left_behind)

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Within this context, the kernel ends this process with SIGPROF when it has used up its seconds."""
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, self.seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
