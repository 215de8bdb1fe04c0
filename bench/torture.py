"""Torture: hostile input and faults, all of it, against what SECURITY.md promises.

    python bench/torture.py                        # everything, in less than half an hour
    python bench/torture.py --only hostile         # a run over 2,000 pages of which a fifth are hostile
    python bench/torture.py --only faults          # the tests that cause faults of disks, files, clocks, processes
    python bench/torture.py --json torture.json    # the figures, for programs

hostile: pages made from a seed (bench/authors.py), cleaned by themselves and with hostile ones among them
(bench/hostile.py) in turn, three times and twice, each run a program of its own. Asked: every page that is no hostile
one comes out clean with the same bytes, every hostile one is clean or set aside with its reason, nothing lies outside
of the clean folder, and the runs, Prefect's own start aside, take at most 1.5 times as long as those without, on
average: the same run may take half as long again a minute later. Then each hostile document is cleaned once more under
watch: what the most expensive one took of time and memory.

faults: the tests marked `fault` or `torture`, and the laws that hold for any input, with five times as many examples as
`make test` tries; where the machine does not let a test have what it needs (mounting a file system takes root), it is
skipped, and said so.

growth, fuzz: bench/growth.py, at the sizes of its `--quick`, and bench/fuzz.py, as programs of their own.

Ends with status 1 when a promise is broken. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Final
from xml.etree import ElementTree

from authors import Author, written
from hostile import LIMITS, ended, measured, write_hostile
from rich.console import Console
from rich.table import Table

from flows.budget import Budget
from flows.catalog import DATABASE
from flows.cleaning import Job, load
from flows.naming import CATALOG, FAILED, places
from flows.preparing import settings_for
from flows.reading import find_documents
from flows.runners import processors, run_chunks

PROJECT: Final = Path(__file__).resolve().parents[1]
PARTS: Final = ("hostile", "faults", "growth", "fuzz")
HOSTILE_SHARE: Final = 0.2
TOGETHER: Final = ("together", "together again")
RUNS: Final = ("alone", TOGETHER[0], "alone again", TOGETHER[1], "alone at last")
"""The clean folders of the runs of the hostile part, in their order."""
SLOWER_ASKED: Final = 1.5
"""Time of a run with hostile pages, as a multiple of that without, at most."""


@dataclass(slots=True)
class Figures:
    """What was tried, what came of it, and which promises were broken."""

    inputs: int = 0
    faults: int = 0
    skipped: list[str] = field(default_factory=list)
    lost: int = 0
    stopped: int = 0
    outside: int = 0
    seconds: float = 0.0
    memory_mb: float = 0.0
    slower: float | None = None
    kinds: dict[str, str] = field(default_factory=dict)
    growth: dict[str, float | None] = field(default_factory=dict)
    growth_asked: float = 0.0
    fuzzed: int = 0
    broken: list[str] = field(default_factory=list)


# The hostile run


@dataclass(frozen=True, slots=True)
class RunOf:
    """One run as a program: its exit code, its seconds without Prefect's start, and what it complained of."""

    code: int
    seconds: float
    complaint: str


def hostile(figures: Figures, folder: Path, pages: int, seed: int) -> None:
    """A run over hostile pages among others, beside one without them."""
    count = round(pages * HOSTILE_SHARE)
    sound = written(folder / "sound" / "pages", Author(seed).page, pages - count, ".html").folder.parent
    mixed = folder / "mixed"
    shutil.copytree(sound, mixed)
    kinds = write_hostile(mixed / "hostile", count)
    before = _listing(folder)
    sys.path.append(str(PROJECT / "tests"))
    from folders import prefect_at  # noqa: PLC0415 (what the tests share)
    from serving import server  # noqa: PLC0415

    with server(folder / "prefect") as (url, _):
        environment = prefect_at(folder / "prefect/home") | {"PREFECT_API_URL": url, "DO_NOT_TRACK": "1"}
        runs = {name: _run(mixed if name in TOGETHER else sound, folder / name, environment) for name in RUNS}
    for which in runs.values():
        if which.code:
            figures.stopped += 1
            figures.broken.append(f"a run ended with status {which.code}: {which.complaint}")
    figures.inputs += count
    expected = _outputs(folder / RUNS[0])
    for name in TOGETHER:
        got = _outputs(folder / name)
        different = [output for output, content in expected.items() if got.get(output) != content]
        lost = [source for source in kinds if not _is_accounted(folder / name, f"hostile/{source}")]
        figures.lost += len({output.rpartition(".")[0] for output in different}) + len(lost)
        figures.broken += [f"not the same with hostile pages in the run: {output}" for output in different[:9]]
        figures.broken += [f"neither clean nor set aside: {source!r}" for source in lost[:9]]
    outside = _listing(folder) - before
    figures.outside += len(outside)
    figures.broken += [f"written outside of the clean folder: {name}" for name in sorted(outside)[:9]]
    figures.kinds = _became(folder / TOGETHER[0], kinds)
    alone = fmean(run.seconds for name, run in runs.items() if name not in TOGETHER)
    figures.slower = fmean(runs[name].seconds for name in TOGETHER) / max(alone, 1.0)
    if figures.slower > SLOWER_ASKED:
        figures.broken.append(f"with hostile pages the run takes {figures.slower:.2f} times as long")
    _watch(figures, mixed / "hostile", folder / "watched")


def _run(raw: Path, clean: Path, environment: Mapping[str, str]) -> RunOf:
    options = [f"--{name.replace('_', '-')}={value}" for name, value in LIMITS.items()]
    command = [sys.executable, "-m", "flows.cli", "run", str(raw), str(clean), "--workers", str(processors()), *options]
    done = subprocess.run(command, env=environment, capture_output=True, check=False, text=True)
    return RunOf(done.returncode, _seconds(clean), done.stderr.strip()[-300:])


def _seconds(clean: Path) -> float:
    """How long the run took, as the catalog has it in full seconds."""
    if not (clean / DATABASE).exists():
        return 0.0
    catalog = sqlite3.connect(clean / DATABASE)
    ((started, ended),) = catalog.execute("SELECT started, ended FROM runs")
    catalog.close()
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(started)).total_seconds() if ended else 0.0


def _listing(folder: Path) -> set[str]:
    """Every file below the folder but those of the clean folders."""
    clean = {*RUNS, "watched", "prefect"}
    return {
        os.path.join(within, name)
        for within, folders, names in os.walk(folder)
        if Path(within).relative_to(folder).parts[:1] not in {(each,) for each in clean}
        for name in [*names, *folders]
        if not (Path(within) == folder and name in clean)
    }


def _outputs(clean: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(clean)): path.read_bytes()
        for path in clean.rglob("*")
        if path.is_file() and path.relative_to(clean).parts[0] not in (CATALOG, FAILED, "hostile")
    }


def _is_accounted(clean: Path, source: str) -> bool:
    """Whether the catalog knows what became of a source, and its outputs are there."""
    row = _row(clean, source)
    if row is None:
        return False
    state, _, stem, failure = row
    return (clean / (f"{stem}.txt" if state == "clean" else failure)).is_file()


def _became(clean: Path, kinds: Mapping[str, str]) -> dict[str, str]:
    """What became of the documents of each kind."""
    counts: dict[str, Counter[str]] = {}
    for source, kind in kinds.items():
        row = _row(clean, f"hostile/{source}")
        counts.setdefault(kind, Counter())["nothing" if row is None else row[1] or row[0]] += 1
    return {kind: ", ".join(f"{number} {what}" for what, number in of.most_common()) for kind, of in counts.items()}


def _row(clean: Path, source: str) -> tuple[str, str | None, str, str] | None:
    catalog = sqlite3.connect(clean / DATABASE)
    try:
        found: tuple[str, str | None, str, str] | None = catalog.execute(
            "SELECT state, reason, stem, failure FROM documents WHERE source = ?", (source,)
        ).fetchone()
        return found
    finally:
        catalog.close()


def _watch(figures: Figures, raw: Path, clean: Path) -> None:
    clean.mkdir()
    # Worker processes are to find the function that they are given.
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(PROJECT / "bench"), os.environ.get("PYTHONPATH", "")]))
    settings = settings_for(clean, **LIMITS)  # type: ignore[arg-type]
    documents = find_documents(raw, max_bytes=settings.max_bytes).documents
    given = places(each.source for each in documents)
    chunks = [[Job(each, given[each.source])] for each in documents]
    budget = Budget(settings.max_seconds, settings.max_memory)
    prepare = partial(load, kinds=("text", "page"))
    costs = run_chunks(measured, settings, chunks, workers=processors(), lost=ended, budget=budget, prepare=prepare)
    for cost in costs:
        figures.seconds = max(figures.seconds, cost.seconds)
        figures.memory_mb = max(figures.memory_mb, cost.memory_mb)


# The other parts


def faults(figures: Figures, folder: Path) -> None:
    """The tests that cause faults."""
    report = folder / "faults.xml"
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-m",
        "fault or torture or hypothesis",
        "--hypothesis-profile",
        "thorough",
        f"--junitxml={report}",
        "-n",
        str(processors()),
        "--dist",
        "worksteal",
    ]
    done = subprocess.run([*command, "tests"], cwd=PROJECT, capture_output=True, check=False, text=True)
    if not report.exists():
        figures.broken.append(f"the tests did not run: {(done.stdout + done.stderr)[-300:]}")
        return
    for case in ElementTree.parse(report).iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if (skipped := case.find("skipped")) is not None:
            figures.skipped.append(f"{name}: {skipped.get('message')}")
            continue
        figures.faults += case.find("properties/property[@name='fault']") is not None
        for kind in ("failure", "error"):
            if (failed := case.find(kind)) is not None:
                figures.broken.append(f"{name}: {(failed.get('message') or '')[:200]}")


def growth(figures: Figures, folder: Path) -> None:
    """How the time of each cleaner grows with its worst input."""
    rows = _program(figures, folder, "growth.py", "--quick")
    for row in rows:
        worst = figures.growth.get(row["work"], 0.0)
        figures.growth[row["work"]] = None if worst is None or row["times"] is None else max(worst, row["times"])
        figures.growth_asked = row["asked"]
        if not row["met"]:
            figures.broken.append(f"{row['work']} grows too fast with {row['input']}")


def fuzz(figures: Figures, folder: Path, seconds: float) -> None:
    """Inputs that nobody thought of."""
    for row in _program(figures, folder, "fuzz.py", "--seconds", f"{seconds:g}"):
        figures.fuzzed += row["tried"]
        figures.broken += [f"fuzzing {row['target']}: {finding}" for finding in row["findings"]]


def _program(figures: Figures, folder: Path, name: str, *options: str) -> list[dict[str, object]]:
    """The rows that another bench writes."""
    path = folder / f"{name}.json"
    command = [sys.executable, str(Path(__file__).with_name(name)), *options, "--json", str(path)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, check=False, text=True)
    if not path.exists():
        figures.broken.append(f"{name} did not end: {(done.stdout + done.stderr)[-300:]}")
        return []
    rows: list[dict[str, object]] = json.loads(path.read_text())
    return rows


# The table


def table(figures: Figures, parts: Iterable[str]) -> Table:
    """What was tried and what came of it."""
    done = set(parts)
    lines: list[tuple[str, str, str]] = []
    if "hostile" in done:
        lines += [
            ("hostile documents in a run", f"{figures.inputs:,}", ""),
            *((f"  {kind}", became, "") for kind, became in figures.kinds.items()),
            ("time of that run beside one without them", f"{figures.slower or 0:.2f}", f"at most {SLOWER_ASKED}"),
            ("most CPU seconds for one document", f"{figures.seconds:.2f}", f"at most {LIMITS['max_seconds']:g}"),
            ("most memory for one document", f"{figures.memory_mb:.0f} MB", f"at most {LIMITS['max_memory'] >> 20} MB"),
        ]
    if "faults" in done:
        lines += [("faults caused", f"{figures.faults:,}", ""), ("  skipped", f"{len(figures.skipped):,}", "")]
    lines += [
        ("documents lost", f"{figures.lost:,}", "0"),
        ("runs stopped", f"{figures.stopped:,}", "0"),
        ("files outside of the clean folder", f"{figures.outside:,}", "0"),
    ]
    lines += [
        (
            f"growth of {work}, 16 times the input",
            "never" if times is None else f"{times:.1f} times the time",
            f"{figures.growth_asked}",
        )
        for work, times in figures.growth.items()
    ]
    if "fuzz" in done:
        lines.append(("inputs of the fuzzer", f"{figures.fuzzed:,}", ""))
    lines.append(("promises broken", f"{len(figures.broken):,}", "0"))
    shown = Table("what", "figure", "asked", title="Torture")
    for line in lines:
        shown.add_row(*line)
    return shown


def main() -> None:
    """Do it all, and print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--only", choices=PARTS, action="append", help="only this part; repeatable")
    options.add_argument("--pages", type=int, default=2000, help="pages of the hostile run (default: 2000)")
    options.add_argument("--seconds", type=float, default=30, help="of fuzzing, for each target (default: 30)")
    options.add_argument("--seed", type=int, default=1, help="another seed makes other pages (default: 1)")
    options.add_argument("--json", type=Path, help="file for the figures")
    asked = options.parse_args()
    parts: Sequence[str] = asked.only or PARTS
    console = Console()
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="cleancopy-torture-") as name:
        folder = Path(name)
        work: dict[str, Callable[[], None]] = {
            "hostile": lambda: hostile(figures, folder, asked.pages, asked.seed),
            "faults": lambda: faults(figures, folder),
            "growth": lambda: growth(figures, folder),
            "fuzz": lambda: fuzz(figures, folder, asked.seconds),
        }
        if "hostile" in parts:
            limits = " ".join(f"--{key.replace('_', '-')} {value}" for key, value in LIMITS.items())
            console.print(f"Options of the hostile run: {limits}", highlight=False)
        for part in parts:
            begin = time.monotonic()
            with Console(stderr=True).status(f"{part} …"):
                work[part]()
            console.print(f"{part}: {time.monotonic() - begin:.0f} s", highlight=False)
    console.print(table(figures, parts))
    for line in [*(f"skipped: {each}" for each in figures.skipped), *(f"BROKEN: {each}" for each in figures.broken)]:
        console.print(line, highlight=False, markup=False)
    if asked.json:
        asked.json.write_text(json.dumps(asdict(figures), indent=1) + "\n")
    sys.exit(bool(figures.broken))


if __name__ == "__main__":
    main()
