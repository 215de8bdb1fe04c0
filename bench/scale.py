"""Scale: what the flow costs beyond the cleaning itself, and how its memory and its second run grow with the folder.

    python bench/scale.py [--documents N] [--pages N] [--many N] [--rounds N] [--seed N] [--only PART] [--check]

Makes its documents from a seed in a temporary folder, which is deleted afterwards, and runs the flow `clean-articles`
over them in a process of its own, with a PREFECT_HOME of its own and the temporary server that Prefect starts there.
The figures are of the call of the flow, once that server is up; what its start takes stands beside them.

throughput, pages: documents and megabytes (raw, 10^6 bytes) a second through the flow, with a worker for each
processor, which reads, cleans and writes articles, records and catalog; beside a bare pool of as many processes over
`clean_text` or `clean_html` (`ProcessPoolExecutor.map`: the files are read, decoded and sent to it, the results come
back), and beside a pool that reads the files itself and throws the results away, which is the least that cleaning can
cost. All from the start of their processes to the end of the last one, in turn, `--rounds` times, the best of each.
Beside the ratios stand those of processor time, which other work on the machine disturbs less; the temporary server's
is not in it. Above them stands what it costs to make and rename a file of 5 KB in the temporary folder, which the flow
does twice for each document: 20 µs in memory (TMPDIR=/dev/shm), and on a disk under load more than to clean a text.

memory: the most memory that all processes of a run held at once (flow, temporary server, workers), at a tenth of
`--many` short texts and at all of them. RSS is read from /proc ten times a second and counts a page that processes
share once for each; PSS, which parts it among them, takes longer to read and is, once a second. The ratio is of RSS.

again: the second run over the `--many` texts, nothing changed.

workers: documents a second inside the shards, from the start of each to its end, two workers against one.

Linux only, for /proc. At the defaults it takes half an hour or more on two processors, and 4 GB in the temporary
folder.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from authors import Author, Corpus, Teller, written
from quality import Asked

from cleaners import clean_html, clean_text
from flows import progress

if TYPE_CHECKING:
    from prefect.client.schemas.objects import State, TaskRun

RATE_ASKED: Final = 0.9
"""Documents a second through the flow as a share of those through a bare pool, at least."""
MEMORY_ASKED: Final = 1.3
"""Peak memory at ten times the documents, as a multiple, at most."""
AGAIN_ASKED: Final = 20.0
"""Seconds of a second run over `--many` unchanged texts beyond Prefect's own start, at most."""
WORKERS_ASKED: Final = 1.8
"""Documents a second with two workers, as a multiple of those with one, at least."""
PARTS: Final = ("throughput", "pages", "memory", "again", "workers")

_CHUNK: Final = 64
_EVERY: Final = 0.1
"""Seconds between two readings of memory; PSS is read with every tenth."""
Given = TypeVar("Given")


@dataclass(frozen=True, slots=True)
class FlowTimes:
    """One run of the flow, in seconds: Prefect's start, the call of the flow, inside its shards, processor time.

    The processor time is that of the flow's process and its workers; `documents` are clean then.
    """

    start: float
    call: float
    shards: float
    processor: float
    documents: int


@dataclass(slots=True)
class Peak:
    """The most memory that the processes of a run held at once, in bytes; `parts` is its RSS by what they are."""

    rss: int = 0
    pss: int = 0
    parts: Counter[str] = field(default_factory=Counter)


def run_flow(raw: str, clean: str, workers: str, result: str) -> None:
    """Run the flow in this process and write its times to the file `result`; for a process of its own."""
    begin = time.perf_counter()
    from prefect import flow  # noqa: PLC0415 (what Prefect takes to start is measured)

    from flows.clean_articles import clean_articles, clean_shard  # noqa: PLC0415

    shards: list[float] = []

    def note(_: object, task_run: TaskRun, state: State) -> None:
        if task_run.start_time is not None:
            shards.append((state.timestamp - task_run.start_time).total_seconds())

    clean_shard.on_completion(note)
    flow(name="nothing")(lambda: None)()
    ready, used = time.perf_counter(), processor_seconds()
    told: list[Teller] = []

    def listener(done: int, total: int) -> None:
        if not told:
            told.append(Teller("the flow", total))
        told[0].tell(done)

    with progress.listening(listener):
        summary = clean_articles(Path(raw), Path(clean), workers=int(workers))
    times = FlowTimes(
        start=ready - begin,
        call=time.perf_counter() - ready,
        shards=sum(shards),
        processor=processor_seconds() - used,
        documents=summary.cleaned + summary.unchanged,
    )
    Path(result).write_text(json.dumps(asdict(times)), encoding="utf-8")


def flow_times(corpus: Corpus, clean: Path, *, workers: int = 0, peak: Peak | None = None) -> FlowTimes:
    """Run the flow over a corpus in a process of its own; ends the bench when not all documents come out clean.

    `workers` is 0 for as many as there are processors. Memory is watched where there is a `peak` to note it in.
    """
    with tempfile.TemporaryDirectory(dir=clean.parent) as home:
        result = Path(home) / "times.json"
        arguments = [str(corpus.folder), str(clean), str(workers or processors()), str(result)]
        process = subprocess.Popen(
            [sys.executable, __file__, "--flow", *arguments], env=_environment(home), stdin=subprocess.DEVNULL
        )
        turn = 0
        while process.poll() is None:
            if peak is not None:
                note_memory(peak, process.pid, with_pss=turn % 10 == 0)
            turn += 1
            time.sleep(_EVERY)
        if process.returncode:
            sys.exit(f"The flow ended with exit code {process.returncode}.")
        times = FlowTimes(**json.loads(result.read_text(encoding="utf-8")))
    if times.documents != len(corpus.files):
        sys.exit(f"The flow cleaned {times.documents:,} documents of {len(corpus.files):,}.")
    return times


def _environment(home: str) -> dict[str, str]:
    """The environment for a run with a temporary server of its own, whatever is configured here."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    root = str(Path(__file__).resolve().parents[1])
    return {
        **kept,
        "PYTHONPATH": os.pathsep.join(filter(None, [root, kept.get("PYTHONPATH", "")])),
        "PREFECT_HOME": home,
        "PREFECT_LOGGING_LEVEL": "WARNING",
        "PREFECT_SERVER_ALLOW_EPHEMERAL_MODE": "true",
        "DO_NOT_TRACK": "1",
    }


@dataclass(frozen=True, slots=True)
class PoolTimes:
    """One run of the bare pool, in seconds: on the clock, and of the processor in all its processes."""

    call: float
    processor: float


def pool_times(corpus: Corpus, work: Callable[[Given], object], given: Callable[[str], Given]) -> PoolTimes:
    """`work` on what `given` makes of each file, in a pool of as many processes as there are processors."""
    told = Teller("the bare pool", len(corpus.files))
    begin, used = time.perf_counter(), processor_seconds()
    with ProcessPoolExecutor(processors()) as pool:
        for done, _ in enumerate(pool.map(work, map(given, corpus.files), chunksize=_CHUNK), 1):
            told.tell(done)
    return PoolTimes(time.perf_counter() - begin, processor_seconds() - used)


def file_text(path: str) -> str:
    """The text in a text file."""
    return file_bytes(path).decode()


def file_bytes(path: str) -> bytes:
    """The bytes of a file."""
    with open(path, "rb") as file:
        return file.read()


def text_length(path: str) -> int:
    """The length of the clean text of a text file."""
    return len(clean_text(file_text(path)).text)


def page_length(path: str) -> int:
    """The length of the clean text of a page."""
    return len(clean_html(file_bytes(path)).text)


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0))


def processor_seconds() -> float:
    """Processor time of this process and of those of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def file_seconds(folder: Path, count: int = 1000) -> float:
    """Processor time to make and rename a file of 5 KB in a folder, as the flow does it."""
    within = Path(tempfile.mkdtemp(dir=folder))
    content = bytes(5000)
    used = processor_seconds()
    for number in range(count):
        with open(f"{within}/new", "xb") as file:
            file.write(content)
        os.replace(f"{within}/new", f"{within}/{number}")
    return (processor_seconds() - used) / count


def note_memory(peak: Peak, root: int, *, with_pss: bool) -> None:
    """Note what the process `root` and all below it hold now, where it is more than before."""
    tree = tree_of(root, parents())
    parts: Counter[str] = Counter()
    for process in tree:
        parts[_role(process, root)] += _resident(process)
    if parts.total() > peak.rss:
        peak.rss, peak.parts = parts.total(), parts
    if with_pss:
        peak.pss = max(peak.pss, sum(map(_proportional, tree)))


def tree_of(root: int, parent_of: Mapping[int, int]) -> list[int]:
    """A process and all that descend from it.

    >>> tree_of(2, {1: 0, 2: 1, 3: 2, 4: 3, 5: 1})
    [2, 3, 4]
    """
    tree = [root]
    for process in tree:
        tree += [child for child, parent in parent_of.items() if parent == process]
    return tree


def parents() -> dict[int, int]:
    """The parent of every process that there is."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and (status := _read(f"/proc/{name}/stat")):
            # The name of the program, in brackets, may hold anything.
            found[int(name)] = int(status.rpartition(b")")[2].split()[1])
    return found


def _role(process: int, root: int) -> str:
    if process == root:
        return "flow"
    return "workers" if b"flows.worker" in _read(f"/proc/{process}/cmdline") else "server"


def _resident(process: int) -> int:
    fields = _read(f"/proc/{process}/statm").split()
    return int(fields[1]) * resource.getpagesize() if fields else 0


def _proportional(process: int) -> int:
    found = re.search(rb"^Pss:\s+(\d+) kB", _read(f"/proc/{process}/smaps_rollup"), re.MULTILINE)
    return int(found[1]) * 1024 if found else 0


def _read(path: str) -> bytes:
    """What stands in a file under /proc; nothing for a process that has ended meanwhile."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def rates(
    what: str,
    corpus: Corpus,
    pools: Mapping[str, Callable[[], PoolTimes]],
    clean: Path,
    rounds: int,
) -> Iterator[str | Asked]:
    """The flow beside the pools, in documents and megabytes a second; the figure asked is of the first of them."""
    count, size = len(corpus.files), corpus.size / 1e6
    making = 1e6 * file_seconds(clean.parent)
    yield f"{what}: {count:,} of {size / count * 1000:.1f} KB, {processors()} workers; {making:,.0f} µs to make a file"
    flows: list[FlowTimes] = []
    bare: dict[str, list[PoolTimes]] = {name: [] for name in pools}
    for _ in range(rounds):
        for name, pool in pools.items():
            bare[name].append(pool())
        flows.append(flow_times(corpus, clean))
        shutil.rmtree(clean)
    flow = min(flows, key=lambda times: times.call)
    used = min(times.processor for times in flows)
    yield _rate("flow", count, size, flow.call, used)
    yield f"    {flow.call - flow.shards:.1f} s outside of its shards; Prefect's own start {flow.start:.1f} s"
    for name, times in bare.items():
        call, processor = min(each.call for each in times), min(each.processor for each in times)
        yield _rate(name, count, size, call, processor)
        said = f"{what}, flow beside {name}"
        if name == next(iter(pools)):
            yield Asked(f"{said} ({processor / used:.3f} of processor time)", call / flow.call, ">=", RATE_ASKED)
        else:
            yield f"    {said}: {call / flow.call:.3f} ({processor / used:.3f} of processor time)"


def _rate(who: str, count: int, size: float, seconds: float, processor: float) -> str:
    return (
        f"  {who:34}{count / seconds:8.1f} documents a second, {size / seconds:7.2f} MB a second; "
        f"{1e6 * processor / count:,.0f} µs of processor time a document"
    )


def shard_rates(corpus: Corpus, folder: Path) -> Iterator[str | Asked]:
    """Two workers beside one, inside the shards."""
    found = []
    for workers in (1, 2):
        times = flow_times(corpus, folder / f"clean-{workers}", workers=workers)
        found.append(len(corpus.files) / times.shards)
        yield f"  {_several(workers, 'worker')}: {found[-1]:.1f} documents a second inside the shards"
    yield Asked("two workers beside one, inside the shards", found[1] / found[0], ">=", WORKERS_ASKED)


def many_figures(author: Author, folder: Path, many: int, *, memory: bool, again: bool) -> Iterator[str | Asked]:
    """Memory at a tenth of the short texts and at all of them, and the second run over all."""
    peaks = []
    if memory:
        few = written(folder / "few", author.short_text, max(many // 10, 1), ".txt")
        peaks.append(Peak())
        flow_times(few, folder / "clean-few", peak=peaks[-1])
        yield _memory(len(few.files), peaks[-1])
    corpus = written(folder / "many", author.short_text, many, ".txt")
    peaks.append(Peak())
    first = flow_times(corpus, folder / "clean-many", peak=peaks[-1] if memory else None)
    if memory:
        yield _memory(many, peaks[-1])
        share = peaks[1].pss / peaks[0].pss
        yield Asked(
            f"peak RSS, ten times the documents ({share:.3f} of PSS)", peaks[1].rss / peaks[0].rss, "<=", MEMORY_ASKED
        )
    if again:
        yield f"  first run over {many:,} texts: {first.call:.1f} s; Prefect's own start {first.start:.1f} s"
        second = flow_times(corpus, folder / "clean-many")
        yield f"  second run: {second.call:.1f} s; Prefect's own start {second.start:.1f} s"
        yield Asked(f"seconds of a second run over {many:,} unchanged texts", second.call, "<=", AGAIN_ASKED)


def _memory(count: int, peak: Peak) -> str:
    parts = ", ".join(f"{part} {size / 1e6:.0f}" for part, size in sorted(peak.parts.items()))
    return f"  {count:,} texts: peak RSS {peak.rss / 1e6:.0f} MB ({parts}), PSS {peak.pss / 1e6:.0f} MB"


def _several(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"


def figures(asked: argparse.Namespace, parts: Iterable[str], folder: Path) -> Iterator[str | Asked]:
    """Everything that is printed: lines, and asked figures."""
    author = Author(asked.seed)
    if "throughput" in parts or "workers" in parts:
        texts = written(folder / "texts", author.text, asked.documents, ".txt")
        if "throughput" in parts:
            pools = {
                "bare pool over clean_text": lambda: pool_times(texts, clean_text, file_text),
                "pool that gives no results back": lambda: pool_times(texts, text_length, str),
            }
            yield from rates("texts", texts, pools, folder / "clean", asked.rounds)
        if "workers" in parts:
            yield from shard_rates(texts, folder)
        _emptied(folder)
    if "pages" in parts:
        pages = written(folder / "pages", author.page, asked.pages, ".html")
        pools = {
            "bare pool over clean_html": lambda: pool_times(pages, clean_html, file_bytes),
            "pool that gives no results back": lambda: pool_times(pages, page_length, str),
        }
        yield from rates("pages", pages, pools, folder / "clean", asked.rounds)
        _emptied(folder)
    if "memory" in parts or "again" in parts:
        yield from many_figures(author, folder, asked.many, memory="memory" in parts, again="again" in parts)


def _emptied(folder: Path) -> None:
    for each in folder.iterdir():
        shutil.rmtree(each)


def main() -> None:
    """Print the figures, each as soon as it is measured."""
    if sys.argv[1:2] == ["--flow"]:
        run_flow(*sys.argv[2:])
        return
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--documents", type=int, default=20_000, help="texts for the rates (default: 20000)")
    options.add_argument("--pages", type=int, default=20_000, help="pages for the rates (default: 20000)")
    options.add_argument("--many", type=int, default=100_000, help="short texts (default: 100000)")
    options.add_argument("--rounds", type=int, default=2, help="times that each rate is measured (default: 2)")
    options.add_argument("--seed", type=int, default=1, help="another seed makes other documents (default: 1)")
    options.add_argument("--only", choices=PARTS, help="measure only this")
    options.add_argument("--check", action="store_true", help="exit with 1 when an asked figure is missed")
    asked = options.parse_args()
    missed = False
    with tempfile.TemporaryDirectory(prefix="cleancopy-scale-") as folder:
        for line in figures(asked, (asked.only,) if asked.only else PARTS, Path(folder)):
            print(line, flush=True)
            missed = missed or (isinstance(line, Asked) and not line.met)
    if asked.check and missed:
        sys.exit(1)


if __name__ == "__main__":
    main()
