"""Growth: how the time to clean a page grows with it, for pages made to be slow.

    python bench/growth.py [--kilobytes N] [CASE ...]

Each case is cleaned at N kilobytes (100 unless told), and at 2, 4, 8 and 16 times that. Prints the seconds, and the
time for the largest as a multiple of the time for the smallest: 16 where it grows as the page does, 256 where it grows
as its square. At most 20 is asked for.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Final

from cleaners import clean_html
from cleaners.decode import NotText
from cleaners.page.decode import decode_page

ASKED: Final = 20
"""Time at sixteen times the size, as a multiple."""
SENTENCE: Final = "The council of Velm voted on Tuesday to run the ferry again, after a winter without one. "
ARTICLE: Final = f"<html><body><article><h1>Ferry to run again</h1><p>{SENTENCE * 3}</p><p>{SENTENCE * 4}</p>"

_PIECES: Final = {
    "paragraphs": f"<p>{SENTENCE}</p>",
    "one paragraph": SENTENCE,
    "short paragraphs": "<p>a</p>",
    "line breaks": "a<br>",
    "empty elements": "<i></i>",
    "links": "<a href=x>b</a> ",
    "items": "<li>a b</li>",
    "open items": "<ul><li>a",
    "tables": "<table><tr><td>a</td><td>b</td></tr></table>",
    "cells": "<td>a",
    "listings": "<pre>line of code;\nline of code;</pre>",
    "hidden": "<div hidden><p>a</p></div>",
    "related": '<div class="related-posts"><a href=x>Owls found in a shed by the harbour</a></div>',
    "comments": '<li class="comment"><b>Ana</b><p>Nice.</p></li>',
    "also read": f"<p>ALSO READ: Owls found in a shed by the harbour</p><p>{SENTENCE}</p>",
}
_HEADS: Final = (" ", "charset", "charset=", "<meta ", "<!--", "charset = '", "<?xml ")


def cleaning(start: str, piece: str) -> Callable[[int], Callable[[], object]]:
    """A page of a size, ready to be cleaned."""

    def of(size: int) -> Callable[[], object]:
        page = start + piece * (size // len(piece))

        def clean() -> None:
            try:
                clean_html(page)
            except NotText:
                return

        return clean

    return of


def decoding(piece: str) -> Callable[[int], Callable[[], object]]:
    """The head of a page, and a header of HTTP, of a size, ready to be read."""

    def of(size: int) -> Callable[[], object]:
        junk = piece * (size // len(piece))
        raw = b"<meta charset=" + junk.encode() + b";>\xe9"
        return lambda: decode_page(raw, f"text/html; charset={junk};")

    return of


CASES: Final = {
    **{name: cleaning(ARTICLE, piece) for name, piece in _PIECES.items()},
    **{f"head of {piece!r}": decoding(piece) for piece in _HEADS},
}


def seconds(work: Callable[[], object]) -> float:
    """The faster of two runs."""
    times = []
    for _ in range(2):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return min(times)


def main() -> None:
    """Print a line for each case."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--kilobytes", type=int, default=100, help="size of the smallest page (default: 100)")
    options.add_argument("cases", nargs="*", metavar="CASE", help=f"one of: {', '.join(CASES)} (default: all)")
    asked = options.parse_args()
    for name in asked.cases or CASES:
        if name not in CASES:
            options.error(f"there is no case {name!r}")
        took = [seconds(CASES[name](asked.kilobytes * 1000 * times)) for times in (1, 2, 4, 8, 16)]
        growth = took[-1] / took[0]
        mark = "met   " if growth <= ASKED else "MISSED"
        print(f"{mark} {name:22} {' '.join(f'{each:8.3f}' for each in took)} s   x {growth:5.1f} (asked <= {ASKED})")


if __name__ == "__main__":
    main()
