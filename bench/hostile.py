"""Hostile documents: what strangers may put on a page to stop a run, fill a disk or have a processor busy for ever.
None of them needs help from the program that reads it; each is made from a number.
"""

from __future__ import annotations

import gzip
import os
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from flows.cleaning import Job, Settings, clean_job
from flows.runners import Death

SENTENCE: Final = "The council of Velm voted on Tuesday to run the ferry again, after a winter without one. "
MEGABYTE: Final = 1 << 20

LIMITS: Final = {
    "max_bytes": 8 * MEGABYTE,
    "max_elements": 50_000,
    "max_depth": 512,
    "max_seconds": 1.5,
    "max_memory": 320 * MEGABYTE,
}
"""What the options of the hostile run are: far more than any page of the news takes, far less than the defaults."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of hostile document: how many of a hundred are such, their ending, and how the one with a number is made.

    `write` is for those that are no plain file.
    """

    name: str
    share: int
    ending: str
    make: Callable[[int], bytes] = lambda _: b""
    write: Callable[[Path], None] | None = None


@cache
def _zeros(megabytes: int) -> bytes:
    return gzip.compress(bytes(megabytes * MEGABYTE), 9)


def bomb(number: int) -> bytes:
    """A gigabyte and more in some hundred kilobytes."""
    return _zeros(64) * (16 + number % 16)


def bomb_in_bomb(number: int) -> bytes:
    """Compressed twice."""
    return gzip.compress(gzip.compress(_zeros(64) * 4) * (1 + number % 3))


def cut_off(number: int) -> bytes:
    """A compressed page whose end is missing."""
    return gzip.compress(f"<p>{SENTENCE}".encode() * 50)[: -10 - number % 9]


def deep(number: int) -> bytes:
    """Elements in elements, a hundred thousand deep and more."""
    tag = ("div", "b", "blockquote", "ul><li", "font", "span")[number % 6]
    return (f"<{tag}>" * (100_000 + number) + SENTENCE).encode()


def deep_tables(number: int) -> bytes:
    """Tables in tables, as deep as the parser goes: eight kilobytes that take a dozen seconds."""
    return ("<table><tr><td>" * (300 + number % 300) + SENTENCE).encode()


def large(number: int) -> bytes:
    """A page of tens of megabytes."""
    return f"<p>{SENTENCE}</p>".encode() * (100_000 + number)


def elements(number: int) -> bytes:
    """A quarter of a million elements."""
    piece = ("<i>a</i>", "<br>a", "<td>a", "<a href=x>b</a>", "<li>a")[number % 5]
    return ("<body>" + piece * (250_000 + number)).encode()


def attributes(number: int) -> bytes:
    """Attributes of a megabyte, and a hundred thousand of them."""
    many = "".join(f" a{each}=x" for each in range(20_000 + number))
    return f"<p{many} title='{'y' * MEGABYTE}'>{SENTENCE * 9}</p>".encode()


def entities(number: int) -> bytes:
    """Entities that would double themselves thirty times, or read a file of the machine, or reach the network."""
    laughs = "".join(f'<!ENTITY l{each + 1} "&l{each};&l{each};">' for each in range(30))
    other = (
        f'<!ENTITY l0 "ha"><!ENTITY file SYSTEM "file:///etc/passwd"><!ENTITY net SYSTEM "http://127.0.0.1:{number}/">'
    )
    return f"<!DOCTYPE html [{other}{laughs}]><html><body><p>{SENTENCE}&l30;&file;&net;</p></body></html>".encode()


def scripts(number: int) -> bytes:
    """JSON-LD and scripts that nest and never end."""
    nested = "[" * (100_000 + number)
    return f'<script type="application/ld+json">{nested}</script><script>{"a<b;" * 50_000}<p>{SENTENCE}'.encode()


def broken(number: int) -> bytes:
    """Bytes that are no text, with the name of a page."""
    return (b"%PDF-1.7\n", b"\x89PNG\r\n", b"\x00\xff" * 50, b"\xff\xfe" + b"\x00\xd8" * 99, b"<\x00h\x00" * 9)[
        number % 5
    ] + bytes(range(256)) * 40


def archive(number: int) -> bytes:
    """A web archive of parts in parts, or without an end."""
    part = "Content-Type: multipart/related; boundary={0}\r\n\r\n--{0}\r\n"
    return "".join(part.format(f"b{each}") for each in range(200 + number % 100)).encode()


def busy(number: int) -> bytes:
    """As much text as may be, in as many elements as may be: it takes more time than there is for it."""
    words = f"ALSO READ: {SENTENCE[:60]}{number}"
    return ("<article>" + f"<p>{words}</p><p>{SENTENCE}</p>" * 24_000).encode()


def hungry(number: int) -> bytes:
    """Megabytes of text with one letter from beyond the first plane, so that each of them takes four bytes."""
    return f"<p>{number} 🚢 {SENTENCE * (7 * MEGABYTE // len(SENTENCE))}</p>".encode()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _outward(path: Path) -> None:
    path.symlink_to("/etc/passwd")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


KINDS: Final = (
    Kind("gzip bomb", 22, ".html.gz", bomb),
    Kind("gzip in gzip", 4, ".html.gz", bomb_in_bomb),
    Kind("gzip cut off", 4, ".html.gz", cut_off),
    Kind("depth", 18, ".html", deep),
    Kind("tables in tables", 8, ".html", deep_tables),
    Kind("size", 4, ".html", large),
    Kind("elements", 6, ".html", elements),
    Kind("attributes", 2, ".html", attributes),
    Kind("entities", 6, ".xhtml", entities),
    Kind("endless scripts", 5, ".html", scripts),
    Kind("no text", 8, ".html", broken),
    Kind("broken archive", 4, ".mhtml", archive),
    Kind("hang", 1, ".html", busy),
    Kind("memory", 1, ".html", hungry),
    Kind("pipe", 2, ".html", write=_pipe),
    Kind("link out", 3, ".html", write=_outward),
    Kind("link to itself", 2, ".html", write=_loop),
)

NAMES: Final = (
    "{}",
    "a..%2f..%2f{}",
    "new\nline {}",
    "aux.{}",
    "\u202e{}",
    "-rf {}",
    "{} .",
    "CON {}",
    "ＣＯＮ{}",
    "~{}",
)
"""What the hostile documents are called."""


def write_hostile(folder: Path, count: int) -> dict[str, str]:
    """So many hostile documents in the folder; gives the kind of each, by its name there."""
    folder.mkdir(parents=True)
    order = [kind for kind in KINDS for _ in range(kind.share)]
    written: dict[str, str] = {}
    for number in range(count):
        kind = order[number * 37 % len(order)]  # 37 and 100 share no divisor: each kind in its share
        name = NAMES[number % len(NAMES)].format(number) + kind.ending
        if kind.write is not None:
            kind.write(folder / name)
        else:
            (folder / name).write_bytes(kind.make(number))
        written[name] = kind.name
    return written


@dataclass(frozen=True, slots=True)
class Cost:
    """What a document took: CPU seconds, and the most memory of its process in megabytes."""

    seconds: float
    memory_mb: float


def measured(settings: Settings, job: Job) -> Cost:
    """Clean a document and say what it cost."""
    begin = time.process_time()
    clean_job(settings, job)
    return Cost(time.process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def ended(settings: Settings, _: Job, death: Death) -> Cost:
    """What a document cost that was ended for breaking a limit."""
    return Cost(settings.max_seconds, settings.max_memory / 2**20 if death.limit == "memory" else 0.0)
