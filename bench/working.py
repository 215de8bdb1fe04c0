"""Work on many pages in all processors, with a bar on the error stream that says how far it is."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import TypeVar

from peers import PEERS
from rich.console import Console
from rich.progress import track

from cleaners import clean_html

Item = TypeVar("Item")
Result = TypeVar("Result")

_PAGE = b"<article><p>The ferry ran on Tuesday, and it was late again.</p></article>"


def spread(
    work: Callable[[Item], Result], items: Sequence[Item], title: str, peers: Iterable[str] = ()
) -> Iterator[Result]:
    """What the work gives for each item, in order; `peers` are those that it will ask."""
    with ProcessPoolExecutor(os.cpu_count(), initializer=_begin, initargs=(tuple(peers),)) as pool:
        results = pool.map(work, items, chunksize=2)
        yield from track(results, title, total=len(items), console=Console(stderr=True))


def _begin(peers: Iterable[str]) -> None:
    """Have all load what they need, so that no page pays for it, and keep what the peers log to themselves."""
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    clean_html(_PAGE)
    for name in peers:
        PEERS[name](_PAGE, None)
