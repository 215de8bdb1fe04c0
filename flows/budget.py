"""What one document may cost its worker process. The kernel keeps watch, not the code that is watched: a regular
expression or a parser that never comes back is ended all the same.
"""

from __future__ import annotations

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

LEAST_SECONDS: Final = 1.0
"""CPU seconds below which a worker's first document may not get through: loading the phrases takes 0.5."""

LEAST_MEMORY: Final = 256 << 20
"""Bytes of memory below which a worker may not even start: one that has loaded everything takes 65 MB."""

NO_MEMORY: Final = 75
"""Exit code of a worker process that could not get the memory it asked for."""


@dataclass(frozen=True, slots=True)
class Budget:
    """CPU seconds for one document, and bytes of memory (address space) for the process that cleans it."""

    seconds: float = MAX_SECONDS
    memory: int = MAX_MEMORY

    def limit_memory(self) -> None:
        """From now on, this process gets no memory beyond the budget: asking for it raises `MemoryError`."""
        _, most = resource.getrlimit(resource.RLIMIT_AS)
        resource.setrlimit(resource.RLIMIT_AS, (self.memory if most < 0 else min(self.memory, most), most))

    @contextmanager
    def clock(self) -> Iterator[None]:
        """Within this context, the kernel ends this process with SIGPROF when it has used up its seconds."""
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.setitimer(signal.ITIMER_PROF, self.seconds)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
