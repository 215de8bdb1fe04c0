"""What `bench/fuzz.py` feeds with bytes, and what must hold of the answer: each target takes any bytes, and raises
`Broken` where a law does not hold, or lets through what it was never to raise.
"""

from __future__ import annotations

import gzip
import json
import random
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final

from worst import PAGES, TEXTS

from cleaners import CLEANERS, CleanResult, PhraseBook, PhraseError, apply, clean_html, clean_text, revert
from cleaners.decode import NotText, decode, encode
from cleaners.overrides import Overrides, OverridesError
from flows.cleaning import Job, clean_job
from flows.naming import places
from flows.preparing import settings_for
from flows.proof import Fails, prove
from flows.reading import find_documents
from flows.record import NotARecord, from_bytes, to_bytes

PROJECT: Final = Path(__file__).resolve().parents[1]
SEED_MAX: Final = 4096
"""Bytes of a seed: what is found in a long input is found in a short one, and that sooner."""
SAMPLE: Final = (
    "By Ana Ruiz\nMay 3, 2024\n\nThe river rose by two metres in the night and took the old bridge with it.\n\n"
    "ALSO READ: Ferry runs on Sundays again\n\nNobody was hurt, but the children will walk an hour to school.\n"
)


class Broken(Exception):  # noqa: N818 (it is the finding)
    """A law that does not hold for an input; the message says which."""


def _hold(law: str, holds: bool) -> None:
    if not holds:
        raise Broken(law)


def _check(result: CleanResult) -> None:
    """The laws of every result: edits in order, disjoint, true to the source, applied and undone; a tidy text."""
    source = result.source
    position = 0
    for edit in result.edits:
        _hold("edits are in order and in the text", position <= edit.start <= edit.end <= len(source))
        _hold("edits say what stands there", edit.original == source[edit.start : edit.end])
        position = edit.end
    _hold("apply gives the text", apply(source, result.edits) == result.text)
    _hold("revert gives the source", revert(result.text, result.edits) == source)
    _hold("the text is stripped", result.text == result.text.strip())
    _hold("one blank line at most", "\n\n\n" not in result.text)


def text(data: bytes) -> None:
    """`decode`, `clean_text` and one cleaner by itself."""
    try:
        decoded = decode(data)
    except NotText:
        said = data.decode("utf-8", "surrogateescape")
    else:
        _hold("encode gives the bytes back", encode(decoded) == data)
        said = decoded.text
    result = clean_text(said)
    _check(result)
    again = clean_text(result.text)
    _hold("cleaning twice changes nothing", (again.text, again.edits) == (result.text, ()))
    one = CLEANERS[len(data) % len(CLEANERS)]
    _hold("a cleaner gives a text", isinstance(one(said), str))


def page(data: bytes) -> None:
    """`clean_html`."""
    try:
        result = clean_html(data)
    except NotText:
        return
    _check(result)
    source = result.source
    for block, after in pairwise(result.blocks):
        _hold("blocks are in order", block.end <= after.start)
    position = 0
    spans = [(edit.start, edit.end) for edit in result.edits] + [(each.start, each.end) for each in result.blocks]
    for start, end in [*sorted(spans), (len(source), len(source))]:
        _hold("every block is kept or accounted for", not source[position:start].strip())
        position = max(position, end)
    result.text.encode("utf-8")


@cache
def _cleaned_samples() -> tuple[Path, dict[str, bytes]]:
    """A folder with the clean samples of `raw/`, and the records in it by name."""
    clean = Path(tempfile.mkdtemp(prefix="cleancopy-fuzz-"))
    settings = settings_for(clean)
    found = find_documents(PROJECT / "raw")
    stems = places(found.sources())
    for document in found.documents:
        clean_job(settings, Job(document, stems[document.source]))
    return clean, {str(path.relative_to(clean)): path.read_bytes() for path in sorted(clean.rglob("*.json"))}


def record(data: bytes) -> None:
    """`from_bytes`, and the proof of what passes it: a record that was changed and has a hash that fits again."""
    clean, names = _cleaned_samples()
    with suppress(NotARecord):
        from_bytes(data)
    try:
        changed = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(changed, dict):
        return
    try:
        given = from_bytes(to_bytes(changed))
    except NotARecord:
        return  # 1.0 and 1 are two things to JSON, and a key may stand there twice
    source = given.get("source")
    name = next((name for name in names if isinstance(source, str) and name.startswith(source)), next(iter(names)))
    try:
        prove(str(clean), str(PROJECT / "raw"), name, given)
    except Fails:
        return


def phrases(data: bytes) -> None:
    """`PhraseBook.with_user`, and what such a book finds."""
    try:
        book = PhraseBook(()).with_user(data.decode("utf-8", "replace"), "own.toml")
    except PhraseError as refused:
        _hold("a refusal names the file and the line", str(refused).startswith("own.toml:"))
        return
    _check(clean_text(SAMPLE, book=book))


def overrides(data: bytes) -> None:
    """`Overrides.from_toml`, and what such overrides do."""
    try:
        given = Overrides.from_toml(data.decode("utf-8", "replace"), "overrides.toml")
    except OverridesError as refused:
        _hold("a refusal names the file and the line", str(refused).startswith("overrides.toml:"))
        return
    _check(clean_text(SAMPLE, overrides=given, document="a.txt"))


TARGETS: Final[dict[str, Callable[[bytes], None]]] = {
    "text": text,
    "page": page,
    "record": record,
    "phrases": phrases,
    "overrides": overrides,
}


def seeds(target: str) -> Iterator[bytes]:
    """The inputs from which a target is fuzzed: samples of this project, the worst texts and pages, and mixtures."""
    yield from _SEEDS[target]()


def words(target: str) -> list[str]:
    """What the target knows by its letters: phrases, tags, keys."""
    if target in ("text", "page"):
        known = [phrase.text for phrase in PhraseBook.standard().phrases if 2 < len(phrase.text) <= 40]
        chosen = random.Random(1).sample(known, 2_000)
        return chosen + (_TAGS if target == "page" else ["\n\n", "\u00a0", "â€™", "Ã©", "1. ", "- ", "'\"'", "\u200b"])
    return _KEYS[target]


_TAGS: Final = [
    *("<p>", "</p>", "<div class='", "<br>", "<li>", "<table><tr><td>", "<a href=//x.com>", "<h1>", "<script>", "<!--"),
    *("<time datetime=", "<figure><figcaption>", "comment", "related-posts", "<pre>", "hidden", "itemprop=author"),
    *(
        '<script type="application/ld+json">',
        '{"@type":"Article"',
        '"articleBody":"',
        "<meta charset=",
        "&#0;",
        "<svg>",
    ),
]
_KEYS: Final = {
    "record": [
        '"edits"',
        '"start"',
        '"exceptions"',
        '"encoding"',
        '"raw"',
        '"spans"',
        '"xpath"',
        "-1",
        "1e400",
        "null",
    ],
    "phrases": ["[prompt.club.en]\n", "line = [", "pattern = [", "'(a+)+$'", "clause", '"\\u0000"', "[[", "widget"],
    "overrides": [
        "[[keep]]\n",
        "[[noise]]\n",
        "document = ",
        "site = ",
        "language = ",
        "phrase = ",
        "type = ",
        "rule = ",
    ],
}


def _texts() -> Iterator[bytes]:
    for path in sorted((PROJECT / "raw").rglob("*.txt")):
        raw = path.read_bytes()
        yield from (raw[:SEED_MAX], raw[-SEED_MAX:])
    yield from (make(1_000).encode("utf-8", "surrogatepass") for worst in TEXTS.values() for make in worst.values())
    for codec in ("utf-16", "cp1251", "koi8-r", "gb18030", "shift_jis"):
        yield "Погода 天気 in Velm: дождь.\n\nALSO READ: Rain".encode(codec, "ignore")
    chance = random.Random(2)
    known = words("text")
    for _ in range(200):
        lines = [chance.choice([*chance.sample(known, 3), *SAMPLE.splitlines()]) for _ in range(chance.randrange(30))]
        yield "".join(line + chance.choice(["\n", "\n\n", " ", ": Gas leak\n"]) for line in lines).encode()


def _pages() -> Iterator[bytes]:
    for path in sorted((PROJECT / "raw" / "pages").iterdir()):
        raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        if path.suffix != ".json":
            yield from (raw[start : start + SEED_MAX] for start in range(0, len(raw), SEED_MAX))
    yield from (make(1_500).encode("utf-8", "surrogatepass") for make in PAGES.values())


def _records() -> Iterator[bytes]:
    yield from _cleaned_samples()[1].values()


def _phrase_files() -> Iterator[bytes]:
    for path in sorted((PROJECT / "cleaners" / "phrases").glob("*.toml")):
        yield path.read_bytes()[:SEED_MAX]
    yield b'[prompt.club.en]\nline = ["Join the reading club"]\npattern = ["join .* club", "(a|b)+c{2,9}"]\n'
    yield b'[related.mine.any]\nlabel = ["See too"]\nclause = ["in other news"]\nend = ["in brief"]\n'


def _override_files() -> Iterator[bytes]:
    yield b'[[noise]]\nlanguage = "en"\nphrase = "Nobody was hurt"\ntype = "prompt"\n'
    yield b'[[keep]]\ndocument = "a.txt"\ntext = "By Ana Ruiz"\nrule = "byline.by.en"\nnote = "hers"\n'
    yield b'[[noise]]\nsite = "quay.example"\nphrase = "ALSO READ"\ntype = "related"\n'


_SEEDS: Final[dict[str, Callable[[], Iterator[bytes]]]] = {
    "text": _texts,
    "page": _pages,
    "record": _records,
    "phrases": _phrase_files,
    "overrides": _override_files,
}

sys.setrecursionlimit(max(sys.getrecursionlimit(), 3_000))  # the tracing of a fuzzer takes frames of its own
