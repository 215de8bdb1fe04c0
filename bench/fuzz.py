"""Fuzzing: inputs that nobody thought of, made by changing others so that they reach code which no input reached yet.

    python bench/fuzz.py                          # a minute for each target
    python bench/fuzz.py --seconds 1800 page      # half an hour for pages
    python bench/fuzz.py --json findings.json     # what was found, for programs

Each target runs in processes of its own, beside the others. With atheris (`pip install atheris`: Linux, CPython) the
inputs are guided by the coverage of cleaners/ and flows/; without it they are changed blindly. An input is a finding
when an exception comes out that is not documented, a law does not hold (edits can be undone, cleaning twice changes
nothing), or it takes more than a second and a tenth of one for each kilobyte. Findings are told apart by what broke
where, and kept in `--findings` as small as they could be made. Ends with status 1 when there are any.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

PROJECT: Final = Path(__file__).resolve().parents[1]
NAMES: Final = ("text", "page", "record", "phrases", "overrides")
SECONDS: Final = 1.0
SECONDS_PER_KB: Final = 0.1
"""What an input may take of CPU time: ten times what the slowest text of `bench/growth.py` does."""
TRACED: Final = 6
"""How many times as long it takes while its coverage is measured."""
LENGTH_MAX: Final = 16_384
"""Longest input, in bytes."""
SHRINK: Final = 300
"""How often it is tried to make a finding smaller."""
HUNG: Final = 120
"""Seconds after which an input counts as one that never ends."""
MEMORY_MB: Final = 2_048


@dataclass(slots=True)
class Tally:
    """What became of one target: how many inputs were tried, how long the slowest took, and what was found."""

    target: str
    guided: bool
    tried: int = 0
    slowest: float = 0.0
    memory_mb: float = 0.0
    findings: dict[str, str] = field(default_factory=dict)
    """By what broke where, the file with the input."""


class Watch:
    """A target under watch: tries inputs, and keeps those that break something."""

    def __init__(self, target: str, run: Callable[[bytes], None], folder: Path, *, guided: bool) -> None:
        self.tally = Tally(target, guided)
        self._run = run
        self._folder = folder
        self._written = 0.0

    def one(self, data: bytes) -> None:
        """Try one input."""
        broken, took = self._broken(data)
        self.tally.tried += 1
        self.tally.slowest = max(self.tally.slowest, took)
        if broken is not None and broken not in self.tally.findings:
            name = f"{self.tally.target}-{hashlib.sha256(broken.encode()).hexdigest()[:10]}"
            path = self._folder / name
            self.tally.findings[broken] = str(path)
            path.write_bytes(data)
            path.write_bytes(self._smaller(data, broken))
            self.write()
        if time.monotonic() - self._written > 5:
            self.write()

    def write(self) -> None:
        """Say how far it is: the process may be ended from outside."""
        self._written = time.monotonic()
        self.tally.memory_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        path = self._folder / f"{self.tally.target}.json"
        path.with_suffix(".new").write_text(json.dumps(asdict(self.tally)))
        path.with_suffix(".new").replace(path)

    def _broken(self, data: bytes) -> tuple[str | None, float]:
        begin = time.process_time()
        try:
            self._run(data)
        except Exception as error:
            said = f"{type(error).__name__} at {_place(error)}"
            if type(error).__name__ == "Broken":
                said = f"law: {error}"
            return said, 0.0
        took = time.process_time() - begin
        most = (SECONDS + SECONDS_PER_KB * len(data) / 1024) * (TRACED if self.tally.guided else 1)
        return ("too slow" if took > most else None), took

    def _smaller(self, data: bytes, broken: str) -> bytes:
        """The input without what it breaks as well without: halves, quarters, and so on."""
        tries = 0
        size = len(data) // 2
        while size and tries < SHRINK:
            start = 0
            while start < len(data) and tries < SHRINK:
                shorter = data[:start] + data[start + size :]
                tries += 1
                if self._broken(shorter)[0] == broken:
                    data = shorter
                else:
                    start += size
            size //= 2
        return data


def _place(error: BaseException) -> str:
    """The last line of this project that an exception came through."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if Path(frame.filename).parts[-2] in ("cleaners", "page", "flows", "bench")]
    frame = (ours or frames)[-1]
    return f"{Path(frame.filename).name}:{frame.lineno}"


def blind(watch: Watch, corpus: list[bytes], words: list[bytes], seconds: float, seed: int) -> None:
    """Try inputs that are pieces of others, cut, doubled, mixed and sprinkled with words."""
    chance = random.Random(seed)
    end = time.monotonic() + seconds
    for data in corpus:
        watch.one(data)
    while time.monotonic() < end:
        data = bytearray(chance.choice(corpus))
        for _ in range(chance.randrange(1, 8)):
            start = chance.randrange(len(data) + 1)
            stop = min(len(data), start + chance.randrange(1, 200))
            match chance.randrange(6):
                case 0:
                    del data[start:stop]
                case 1:
                    data[start:start] = data[start:stop] * chance.randrange(1, 5)
                case 2:
                    data[start:start] = chance.choice(words)
                case 3:
                    other = chance.choice(corpus)
                    place = chance.randrange(len(other) + 1)
                    data[start:start] = other[place : place + 400]
                case 4:
                    data[start:stop] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 4)))
                case _:
                    data[start:stop] = chance.choice(words)
        watch.one(bytes(data[:LENGTH_MAX]))


def child(target: str, folder: Path, seconds: float, seed: int) -> None:
    """Fuzz one target in this process, until the time is up."""
    atheris: Any = None
    try:
        import atheris  # noqa: PLC0415 (it may not be there)
    except ImportError:
        atheris = None
    with atheris.instrument_imports(include=["cleaners", "flows"]) if atheris else nullcontext():
        import targets  # noqa: PLC0415 (its imports are what is watched)
    watch = Watch(target, targets.TARGETS[target], folder, guided=atheris is not None)
    corpus = [data[:LENGTH_MAX] for data in targets.seeds(target)]
    words = [word.encode() for word in targets.words(target)]
    watch.one(b"")
    if atheris is None:
        blind(watch, corpus, words, seconds, seed)
        watch.write()
        return
    inputs = folder / f"{target}-inputs"
    inputs.mkdir(exist_ok=True)
    for data in corpus:
        (inputs / hashlib.sha256(data).hexdigest()).write_bytes(data)
    lines = ["".join(f"\\x{byte:02x}" for byte in word) for word in words]
    (folder / f"{target}.dict").write_text("".join(f'"{line}"\n' for line in lines if line))
    options = [
        *(f"-max_total_time={int(seconds)}", f"-max_len={LENGTH_MAX}", f"-timeout={HUNG}", f"-seed={seed}"),
        *(f"-rss_limit_mb={MEMORY_MB}", f"-dict={folder}/{target}.dict", f"-artifact_prefix={folder}/{target}-dead-"),
        *("-print_final_stats=1", "-detect_leaks=0", "-reload=0", f"-report_slow_units={HUNG}"),
    ]
    atheris.Setup([sys.argv[0], *options, str(inputs)], watch.one)
    atheris.Fuzz()


def fuzz(names: list[str], seconds: float, folder: Path, seed: int) -> Iterator[Tally]:
    """Fuzz these targets, as many at a time as there are processors."""
    waiting = list(names)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < (os.cpu_count() or 1):
                name = waiting.pop(0)
                command = [sys.executable, __file__, "--child", name, "--seconds", str(seconds), "--seed", str(seed)]
                with (folder / f"{name}.log").open("wb") as log:
                    running[name] = subprocess.Popen([*command, "--findings", str(folder)], stdout=log, stderr=log)
            time.sleep(0.5)
            for name in [name for name, process in running.items() if process.poll() is not None]:
                status = running.pop(name).returncode
                yield _tally(name, folder, status)
    finally:
        for process in running.values():
            process.kill()


def _tally(name: str, folder: Path, status: int) -> Tally:
    """What a process said that has ended, and how: an input that ended it is a finding, too."""
    path = folder / f"{name}.json"
    tally = Tally(**json.loads(path.read_text())) if path.exists() else Tally(name, guided=False)
    dead = sorted(folder.glob(f"{name}-dead-*"))
    for each in dead:
        tally.findings[f"ended the process: {each.name.removeprefix(f'{name}-dead-').partition('-')[0]}"] = str(each)
    if status and not dead:
        tally.findings[f"the process ended with status {status}"] = str(folder / f"{name}.log")
    return tally


def main() -> None:
    """Fuzz, and print a line for each target and each finding."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("targets", nargs="*", metavar="TARGET", help=f"one of: {', '.join(NAMES)} (default: all)")
    options.add_argument("--seconds", type=float, default=60, help="for each target (default: 60)")
    options.add_argument("--seed", type=int, default=1, help="of the random numbers (default: 1)")
    options.add_argument("--findings", type=Path, help="folder for the inputs found (default: a temporary one)")
    options.add_argument("--json", type=Path, help="file for the figures and findings")
    options.add_argument("--child", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.child:
        sys.path.insert(0, str(PROJECT))
        child(asked.child, asked.findings, asked.seconds, asked.seed)
        return
    for name in asked.targets:
        if name not in NAMES:
            options.error(f"there is no target {name!r}: there are {', '.join(NAMES)}")
    folder = asked.findings or Path(tempfile.mkdtemp(prefix="cleancopy-fuzz-"))
    folder.mkdir(parents=True, exist_ok=True)
    tallies = []
    for tally in fuzz(asked.targets or list(NAMES), asked.seconds, folder, asked.seed):
        tallies.append(tally)
        how = "guided by coverage" if tally.guided else "blind"
        mark = "met   " if not tally.findings else "MISSED"
        print(
            f"{mark} {tally.target:10} {tally.tried:>9,} inputs ({how}), slowest {tally.slowest:.2f} s, "
            f"{tally.memory_mb:.0f} MB, {len(tally.findings)} findings (asked: none)",
            flush=True,
        )
        for broken, path in tally.findings.items():
            print(f"       {broken}: {path}", flush=True)
    if asked.json:
        asked.json.write_text(json.dumps([asdict(tally) for tally in tallies], indent=1) + "\n")
    sys.exit(any(tally.findings for tally in tallies))


if __name__ == "__main__":
    main()
