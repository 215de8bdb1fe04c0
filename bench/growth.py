"""Growth: how the time and the memory of each cleaner grow with its input, for the worst inputs that we can think of.

    python bench/growth.py                        # all cases, texts up to 16 MB and pages up to 4 MB
    python bench/growth.py --quick                # up to 1 MB and 250 KB: a few minutes
    python bench/growth.py --largest 16 page      # pages up to 16 MB; the largest take 10 GB of memory
    python bench/growth.py byline "a long host"   # one cleaner, one input
    python bench/growth.py --json growth.json     # the figures, for programs

Each case is cleaned at a sixteenth of its largest size, an eighth, a quarter, a half, and all of it, in processes of
their own, as many as there are processors. Prints the CPU seconds, the time for the largest as a multiple of that for
the smallest (16 where it grows as the input does, 256 where it grows as its square; at most 20 is asked for), and the
most memory that the largest took. With `--quick` at most 32 is asked for: there, the smallest fits a cache of the
processor that the largest does not. Ends with status 1 when a case missed. The whole takes half an hour on two
processors.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

from worst import COUNTED, HEADS, PAGES, TEXTS, Maker

from cleaners import CLEANERS, clean_html, clean_text
from cleaners.decode import NotText
from cleaners.page.decode import decode_page
from cleaners.page.trees import too_much_of

ASKED: Final = 20
ASKED_QUICK: Final = 32
"""Time at sixteen times the size, as a multiple."""
ASKED_AT_FOUR: Final = 9
"""Time at four times the size, as a multiple: in the middle between even growth and that by the square."""
SIZES: Final = (1, 2, 4, 8, 16)
TEXT_LARGEST: Final = 16.0
PAGE_LARGEST: Final = 4.0
"""Sizes of the largest inputs, in megabytes; with `--quick` a sixteenth of it."""
LEAST: Final = 0.3
"""CPU seconds that a measurement takes at least: a shorter piece of work is done again, and the mean counts."""
ROUNDS: Final = 3
"""How often a case that missed is measured at most: what else the machine does only ever adds time."""
MOST: Final = 900
"""CPU seconds after which a measurement is given up."""


@dataclass(frozen=True, slots=True)
class Case:
    """A piece of work and the input that is worst for it."""

    work: str
    name: str
    make: Maker
    is_page: bool

    def run(self, given: str) -> None:
        """Do the work."""
        if self.work == "clean_text":
            clean_text(given)
        elif self.work == "clean_html":
            with suppress(NotText):
                clean_html(given)
        elif self.work == "decode_page":
            decode_page(b"<meta charset=" + given.encode() + b";>\xe9", f"text/html; charset={given};")
        elif self.work == "too_much_of":
            too_much_of(given.encode(), len(given))
        else:
            next(cleaner for cleaner in CLEANERS if cleaner.name == self.work)(given)


@dataclass(frozen=True, slots=True)
class Growth:
    """What was measured of a case: megabytes, CPU seconds for each (None where it was given up), memory."""

    work: str
    input: str
    megabytes: tuple[float, ...]
    seconds: tuple[float | None, ...]
    memory_mb: float
    asked: float = ASKED

    @property
    def times(self) -> float | None:
        """The time for the largest as a multiple of that for the smallest."""
        first, last = self.seconds[0], self.seconds[-1]
        return None if first is None or last is None else last / max(first, 1e-6)

    @property
    def times_at_four(self) -> float:
        """The largest multiple of the time from one size to the next but one."""
        pairs = zip(self.seconds, self.seconds[2:], strict=False)
        return max(
            (last / max(first, 1e-6) for first, last in pairs if first is not None and last is not None), default=0
        )

    @property
    def met(self) -> bool:
        """Whether it grows as it should."""
        return self.times is not None and self.times <= self.asked and self.times_at_four <= ASKED_AT_FOUR


def cases() -> list[Case]:
    """All cases."""
    texts = [Case(work, name, make, False) for work, worst in TEXTS.items() for name, make in worst.items()]
    steps = {"clean_html": PAGES, "decode_page": HEADS, "too_much_of": COUNTED}
    return [*texts, *(Case(work, name, make, True) for work, worst in steps.items() for name, make in worst.items())]


def measured(work: Callable[[], object]) -> tuple[float, float]:
    """CPU seconds and the most memory, in MB, that this process had."""
    runs = 0
    begin = time.process_time()
    while not runs or time.process_time() - begin < LEAST:
        work()
        runs += 1
    return (time.process_time() - begin) / runs, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def grown(
    chosen: Sequence[Case], largest: Callable[[Case], float], processes: int, asked: float = ASKED
) -> Iterator[Growth]:
    """What was measured of each case, in order of their ends; each measurement in a process of its own."""
    waiting = [(case, size) for case in chosen for size in SIZES]
    found: dict[Case, dict[int, list[tuple[float, float]]]] = {case: {size: [] for size in SIZES} for case in chosen}
    left = {case: len(SIZES) for case in chosen}
    running: dict[int, tuple[Case, int, int]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < processes:
                case, size = waiting.pop(0)
                reading, writing = os.pipe()
                pid = os.fork()
                if not pid:
                    _measure(case, int(largest(case) * 1e6 * size / SIZES[-1]), writing)
                os.close(writing)
                running[pid] = (case, size, reading)
            pid, _ = os.wait()
            case, size, reading = running.pop(pid)
            with os.fdopen(reading) as pipe:
                said = pipe.read()
            if said:
                found[case][size].append(tuple(json.loads(said)))
            left[case] -= 1
            if not left[case]:
                growth = _growth(case, found[case], largest(case), asked)
                if growth.met or max(map(len, found[case].values())) == ROUNDS or None in growth.seconds:
                    yield growth
                else:
                    left[case] = len(SIZES)
                    waiting = [*((case, size) for size in SIZES), *waiting]
    finally:
        for pid in running:
            os.kill(pid, signal.SIGKILL)


def _measure(case: Case, size: int, writing: int) -> None:
    """Measure one size, and end this process."""
    spent = int(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (spent + MOST, spent + MOST + 1))
    status = 1
    try:
        given = case.make(size)
        gc.freeze()  # as in the workers of a run: what is loaded is not gone through again and again
        os.write(writing, json.dumps(measured(lambda: case.run(given))).encode())
        status = 0
    finally:
        os._exit(status)


def _growth(case: Case, measurements: dict[int, list[tuple[float, float]]], largest: float, asked: float) -> Growth:
    return Growth(
        case.work,
        case.name,
        tuple(largest * size / SIZES[-1] for size in SIZES),
        tuple(min((round(took, 4) for took, _ in measurements[size]), default=None) for size in SIZES),
        max((memory for each in measurements.values() for _, memory in each), default=0.0),
        asked,
    )


def line(growth: Growth) -> str:
    """A line of the table."""
    took = " ".join("   never" if each is None else f"{each:8.3f}" for each in growth.seconds)
    times = "  never" if growth.times is None else f"x {growth.times:5.1f}"
    what = f"{growth.work:12} {growth.input:32}"
    four = f"x {growth.times_at_four:4.1f}"
    return f"{'met   ' if growth.met else 'MISSED'} {what} {took} s  {times}  {four}  {growth.memory_mb:6.0f} MB"


def main() -> None:
    """Print a line for each case, and the sums."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="a sixteenth of the sizes")
    options.add_argument("--largest", type=float, metavar="MB", help="size of the largest inputs")
    options.add_argument("--processes", type=int, default=os.cpu_count() or 1, help="default: that of the processors")
    options.add_argument("--json", type=Path, help="file for the figures")
    options.add_argument("cases", nargs="*", metavar="CASE", help="a cleaner, `text`, `page`, or the name of an input")
    asked = options.parse_args()
    known = cases()
    for name in asked.cases:
        if not _chosen(known, name):
            works = ", ".join(dict.fromkeys(case.work for case in known))
            options.error(f"there is no case {name!r}: there are text, page, {works}, and the names that are printed")
    chosen = [case for case in known if not asked.cases or any(_chosen([case], name) for name in asked.cases)]

    def largest(case: Case) -> float:
        size = asked.largest or (PAGE_LARGEST if case.is_page else TEXT_LARGEST)
        return size / 16 if asked.quick else size

    clean_text("ALSO READ: Rain\n\nIt rained.")
    clean_html("<p>It rained for three days and nights, said the mayor.</p>" * 9)
    print(f"{'':6} {'cleaner':12} {'worst input':32} at 1/16, 1/8, 1/4, 1/2 and all of the largest size")
    most = ASKED_QUICK if asked.quick else ASKED
    found = []
    for growth in grown(chosen, largest, asked.processes, most):
        found.append(growth)
        print(line(growth), flush=True)
    missed = [growth for growth in found if not growth.met]
    asked_for = f"at most x {most}, and x {ASKED_AT_FOUR} for four times the size"
    print(f"{len(found) - len(missed)} of {len(found)} cases met (asked: {asked_for})")
    if asked.json:
        rows = [asdict(growth) | {"times": growth.times, "met": growth.met} for growth in found]
        asked.json.write_text(json.dumps(rows, indent=1) + "\n")
    sys.exit(bool(missed))


def _chosen(known: Sequence[Case], name: str) -> bool:
    return any(
        name in (case.work, case.name) or (name == "page" and case.is_page) or (name == "text" and not case.is_page)
        for case in known
    )


if __name__ == "__main__":
    main()
