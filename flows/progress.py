"""How far a run is, told to whoever asks in the same process: the command line hands in a callback before it
calls the flow, and without one nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int, int], None]
"""Called with the number of documents done and of all documents."""

_listener: ContextVar[Listener | None] = ContextVar("cleancopy_progress", default=None)


@contextmanager
def listening(listener: Listener) -> Iterator[None]:
    """Within this context, `report` calls `listener`.

    >>> with listening(print):
    ...     report(1, 2)
    1 2
    """
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def report(done: int, total: int) -> None:
    """Tell the listener, if there is one."""
    listener = _listener.get()
    if listener is not None:
        listener(done, total)
