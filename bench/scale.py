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
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

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

_IN_FOLDER: Final = 1000
_CHUNK: Final = 64
_EVERY: Final = 0.1
"""Seconds between two readings of memory; PSS is read with every tenth."""
_TELL: Final = 15.0
"""Seconds between two lines of progress."""

_WORDS: Final = {
    "noun": (
        "council harbour ferry budget bridge school station report market factory vote river hospital road library "
        "storm festival company union ministry court museum contract survey permit tunnel orchard pipeline reservoir "
        "timetable depot warehouse committee election strike inquiry licence fence archive signal turbine quarry "
        "campaign garden workshop auction harvest tram lighthouse ticket forecast petition dispute tender audit"
    ),
    "people": (
        "residents farmers teachers engineers nurses fishermen drivers students shopkeepers officials volunteers "
        "scientists pensioners passengers builders lawyers tenants miners firefighters neighbours sailors clerks"
    ),
    "verb": (
        "approved rejected delayed closed reopened inspected repaired criticised defended questioned replaced "
        "financed abandoned expanded surveyed planned cancelled restored measured blocked accepted reviewed postponed"
    ),
    "act": (
        "wait vote pay leave return protest negotiate rebuild invest apologise resign appeal retire volunteer testify"
    ),
    "adjective": (
        "old new narrow disputed northern southern flooded busy expensive temporary public private abandoned regional "
        "annual wooden quiet ambitious costly modest unfinished popular forgotten crowded coastal remote local historic"
    ),
    "adverb": "quietly narrowly unexpectedly finally partly openly reluctantly formally briefly twice once again",
    "role": (
        "mayor chairwoman spokesman engineer professor director headteacher surveyor historian treasurer minister "
        "architect biologist conductor curator harbourmaster"
    ),
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "month": "January February March April May June July August September October November December",
    "count": "three four five seven nine eleven twelve fifteen twenty forty sixty ninety",
    "syllable": "an bel cor dra el fen gor hal is jor ka lin mor nes or pel quin ros sel tar ul vel wy yar zen",
}
_CLAUSES: Final = (
    "the {noun} of {place} {verb} the {adjective} {noun} on {day}",
    "{people} in {place} had to {act} after the {noun} near the {noun} closed",
    "{name} said that the {adjective} {noun} would not be {verb} before {month}",
    "the {role} of {place}, {name}, {adverb} {verb} the {noun}",
    "nobody expected the {noun} to outlast the {adjective} {noun} of {place}",
    "{count} {people} asked the {noun} to explain why the {noun} was {verb}",
    "a {noun} that cost {number},000 crowns has stood unused since {month}",
    "the {adjective} {noun} between {place} and {place} was {adverb} {verb} {count} years ago",
    "most of the {people} who spoke to {name} wanted to {act} rather than {act}",
    "work on the {noun} is to begin in {month}, when the {noun} has been {verb}",
    "in {place}, where the {noun} employs {number} {people}, the {noun} came as a surprise",
    "without the {adjective} {noun}, {people} would have to {act} every {day}",
    "it took the {noun} {count} months to see what the {people} of {place} knew",
    "{name}, a {role} from {place}, counted {number} {people} at the {noun}",
    "the {noun} has {verb} {count} of the {number} plans that {people} sent in",
    "what the {noun} calls a {adjective} {noun} is for {people} a reason to {act}",
    "by {day} evening the {noun} in {place} had been {verb} {adverb}",
)
_JOINTS: Final = (", and ", ", while ", ", but ", ", although ", "; ", " because ", ", so that ")
Choice = TypeVar("Choice")
Given = TypeVar("Given")

_SLOT: Final = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Article:
    """What a document tells: headline, who wrote it and when, paragraphs, a caption, related headlines, comments."""

    title: str
    author: str
    date: str
    paragraphs: list[str]
    caption: str
    related: list[str]
    comments: list[tuple[str, str]]


class Author:
    """Makes up documents from a seed: each differs, and hangs on nothing but the seed, its kind and its number."""

    def __init__(self, seed: int) -> None:
        """The names of people and places are made up once, and so are the sites of pages."""
        self.seed = seed
        self._random = random.Random(f"{seed} words")
        self._lists = {slot: words.split() for slot, words in _WORDS.items()}
        self._lists["first"] = [self._name(2) for _ in range(120)]
        self._lists["surname"] = [self._name(3) for _ in range(400)]
        self._lists["place"] = [self._name(2) + self._pick(("", "", "ford", " Bay", "by")) for _ in range(200)]
        self._lists["number"] = [str(number) for number in range(13, 990, 7)]
        self._lists["name"] = [f"{self._get('first')} {self._get('surname')}" for _ in range(2000)]
        self._clauses = [
            (_SLOT.sub("%s", clause), [self._lists[slot] for slot in _SLOT.findall(clause)]) for clause in _CLAUSES
        ]
        self._sites = [self._site(number) for number in range(12)]

    def short_text(self, number: int) -> str:
        """A text of about a kilobyte."""
        self._random = random.Random(f"{self.seed} short {number}")
        article = self._article(self._random.randint(3, 6), self._random.randint(650, 1150))
        also = [f"ALSO READ: {article.related[0]}"] if number % 3 == 0 else []
        return "\n\n".join([article.title, f"By {article.author}", *article.paragraphs, *also]) + "\n"

    def text(self, number: int) -> str:
        """A text of 5 to 20 KB as some scraper pulled it out of a page, noise and all; real ones have 12.6 KB."""
        self._random = random.Random(f"{self.seed} text {number}")
        article = self._long_article(related=self._random.randint(3, 6), times=2.4)
        lines = [article.title, f"By {article.author}\n{article.date}"]
        if self._chance(0.5):
            lines.append("Facebook\nTwitter\nLinkedIn\nEmail\nCopy Link\nPrint")
        if self._chance(0.6):
            lines.append(article.caption)
        for position, paragraph in enumerate(article.paragraphs):
            lines.append(paragraph)
            if position % 6 == 4 and self._chance(0.4):
                lines.append(f"ALSO READ: {self._pick(article.related)}")
            elif position % 9 == 7:
                lines.append("Advertisement")
        lines.append(self._pick(("Share this article", "Sign up for our newsletter", "Follow us on Facebook")))
        if self._chance(0.5):
            lines.append("Related articles\n" + "\n".join(article.related))
        if article.comments:
            lines.append(f"{len(article.comments)} Comments\nNewest\nOldest")
            for number_, (name, said) in enumerate(article.comments):
                lines += [f"{name}\n{number_ + 2} hours ago", said, "Reply"]
        return "\n\n".join(lines) + "\n"

    def page(self, number: int) -> str:
        """The page of an article, 40 to 120 KB."""
        self._random = random.Random(f"{self.seed} page {number}")
        article = self._long_article(related=self._random.randint(14, 22))
        site = self._pick(self._sites)
        url = f"https://{site.domain}/{article.date[-4:]}/{number}-{_slug(article.title)}"
        body = _page_body(article, site, number)
        head = _page_head(article, site, url)
        room = self._random.randint(40_000, 120_000) - len(head) - len(body)
        start = self._random.randrange(len(site.script) // 2)
        state = f"<script>window.__state={{id:{number},v:[{site.script[start : start + max(room, 200)]}0]}};</script>"
        return f'<!DOCTYPE html>\n<html lang="en">\n<head>{head}{state}</head>\n{body}</html>\n'

    def _long_article(self, related: int, times: float = 1) -> Article:
        paragraphs = self._random.randint(12, 40)
        size = int(times * self._random.randint(2400, 5200))
        comments = self._random.randint(2, 12) if self._chance(0.3) else 0
        return self._article(paragraphs, size, related=related, comments=comments)

    def _article(self, paragraphs: int, size: int, *, related: int = 1, comments: int = 0) -> Article:
        """An article of so many paragraphs and about that many characters."""
        return Article(
            title=self._clause(capital=True),
            author=self._get("name"),
            date=f"{self._get('month')} {self._random.randint(1, 28)}, {self._random.randint(2012, 2025)}",
            paragraphs=[self._paragraph(size / paragraphs) for _ in range(paragraphs)],
            caption=f"{self._clause(capital=True)}. (Photo: {self._get('name')}/{self._get('place')} Press)",
            related=[self._clause(capital=True) for _ in range(related)],
            comments=[(self._get("name"), self._paragraph(120)) for _ in range(comments)],
        )

    def _paragraph(self, size: float) -> str:
        """Sentences, until there are about that many characters."""
        least = size * (0.5 + self._random.random()) - 45
        text = self._sentence()
        while len(text) < least:
            text += " " + self._sentence()
        return text

    def _sentence(self) -> str:
        clause = self._clause(capital=True)
        kind = self._random.random()
        if kind < 0.15:
            return f"“{clause},” said {self._get('name')}."
        if kind < 0.2:
            return f"“{clause},” {self._get('name')} said. “{self._clause(capital=True)}.”"
        if kind < 0.55:
            return f"{clause}{self._pick(_JOINTS)}{self._clause()}."
        return f"{clause}."

    def _clause(self, *, capital: bool = False) -> str:
        draw = self._random.random
        form, lists = self._clauses[int(draw() * len(self._clauses))]
        text = form % tuple([words[int(draw() * len(words))] for words in lists])
        return text[0].upper() + text[1:] if capital else text

    def _get(self, slot: str) -> str:
        return self._pick(self._lists[slot])

    def _pick(self, choices: Sequence[Choice]) -> Choice:
        return choices[int(self._random.random() * len(choices))]

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    def _name(self, syllables: int) -> str:
        return "".join(self._get("syllable") for _ in range(syllables)).capitalize()

    def _site(self, number: int) -> Site:
        links = [self._clause(capital=True) for _ in range(60)]
        return Site(
            domain=f"news{number}.example",
            name=f"The {self._get('place')} Courier",
            style="".join(f".c{self._random.randrange(1 << 24):x}{{margin:0 {rem}px}}\n" for rem in range(300)),
            script="".join(f'{{"k{self._random.randrange(1 << 30):x}":[{item}]}},' for item in range(16_000)),
            menu="".join(
                f'<li class="menu-item"><a href="/{_slug(link)}"><span>{link[:24]}</span></a></li>' for link in links
            ),
        )


@dataclass(frozen=True, slots=True)
class Site:
    """What all pages of a site share."""

    domain: str
    name: str
    style: str
    script: str
    menu: str


def _page_head(article: Article, site: Site, url: str) -> str:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "datePublished": f"{article.date[-4:]}-03-01T08:00:00Z",
        "author": {"@type": "Person", "name": article.author},
        "publisher": {"@type": "Organization", "name": site.name},
        "mainEntityOfPage": url,
    }
    described = escape(article.paragraphs[0][:150])
    return (
        f'<meta charset="utf-8">\n<title>{escape(article.title)} | {site.name}</title>\n'
        f'<link rel="canonical" href="{url}">\n<meta name="description" content="{described}">\n'
        f'<meta name="author" content="{article.author}">\n<meta property="og:site_name" content="{site.name}">\n'
        f'<meta property="og:title" content="{escape(article.title)}">\n<meta property="og:url" content="{url}">\n'
        f'<script type="application/ld+json">{json.dumps(data)}</script>\n<style>{site.style}</style>\n'
    )


def _page_body(article: Article, site: Site, number: int) -> str:
    shares = "".join(f'<a class="share-{name}" href="#">{name}</a>' for name in ("Facebook", "Twitter", "Email"))
    cards = [
        f'<div class="card"><div class="card-image"><a href="/{_slug(title)}"><img src="/{number}-{at}.jpg" alt=""></a>'
        f'</div><div class="card-text"><h4><a href="/{_slug(title)}">{escape(title)}</a></h4>'
        f"<p>{escape(article.paragraphs[at % 12][:90])}…</p><span>{at + 2} hours ago</span></div></div>"
        for at, title in enumerate(article.related)
    ]
    paragraphs = [f"<p>{escape(text)}</p>" for text in article.paragraphs]
    paragraphs.insert(4, f'<p><strong>ALSO READ:</strong> <a href="/x">{escape(article.related[0])}</a></p>')
    paragraphs.insert(8, '<div class="ad-slot"><span>Advertisement</span></div>')
    comments = "".join(
        f'<li class="comment" id="c{number}-{at}"><div class="comment-author">{name}</div>'
        f'<time>{at + 2} hours ago</time><div class="comment-body"><p>{escape(said)}</p></div>'
        '<a class="comment-reply-link" href="#">Reply</a></li>'
        for at, (name, said) in enumerate(article.comments)
    )
    thread = (
        f'<section id="comments" class="comments"><h3>Comments</h3><ol>{comments}</ol></section>' if comments else ""
    )
    return (
        f'<body>\n<header class="site-header"><a href="/">{site.name}</a><nav><ul>{site.menu}</ul></nav></header>\n'
        f'<main>\n<article class="post"><h1>{escape(article.title)}</h1>\n<div class="byline">By {article.author}</div>'
        f'<time datetime="{article.date[-4:]}-03-01">{article.date}</time>\n<div class="share-bar">{shares}</div>\n'
        f'<figure><img src="/{number}.jpg" alt=""><figcaption>{escape(article.caption)}</figcaption></figure>\n'
        + "\n".join(paragraphs)
        + '\n<div class="newsletter-signup"><h4>Sign up for our newsletter</h4><input type="email"></div>\n</article>\n'
        f'<aside class="sidebar"><h3>Most read</h3>{"".join(cards[:3])}</aside>\n'
        f'<section class="related-posts"><h3>Related articles</h3>{"".join(cards)}</section>\n{thread}</main>\n'
        f'<footer class="site-footer"><ul>{site.menu}</ul><p>© 2025 {site.name}. All rights reserved.</p></footer>\n'
        "</body>"
    )


def _slug(title: str) -> str:
    return title[:40].lower().replace(" ", "-").replace(",", "")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents in a folder: the names of the files, and how many bytes they have together."""

    folder: Path
    files: list[str]
    size: int


def written(folder: Path, make: Callable[[int], str], count: int, ending: str) -> Corpus:
    """The documents 0 to `count`, written to files in folders of a thousand."""
    files = []
    size = 0
    told = Teller(f"writing {ending} documents", count)
    for number in range(count):
        within = folder / f"{number // _IN_FOLDER:04}"
        if number % _IN_FOLDER == 0:
            within.mkdir(parents=True)
        path = f"{within}/{number:06}{ending}"
        content = make(number).encode()
        with open(path, "wb") as file:
            file.write(content)
        files.append(path)
        size += len(content)
        told.tell(number + 1)
    return Corpus(folder, files, size)


class Teller:
    """Tells on standard error, now and then, how far something is."""

    def __init__(self, what: str, total: int) -> None:
        """Nothing is told for the first seconds."""
        self._what = what
        self._total = total
        self._next = time.monotonic() + _TELL

    def tell(self, done: int) -> None:
        """`done` of all are done."""
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + _TELL
            print(f"  {self._what}: {done:,} of {self._total:,}", file=sys.stderr, flush=True)


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
