"""What the peers give for a page, kept in `bench/results/` so that a second look at the same texts costs nothing.

What is kept is for one peers.py and one set of the peers' versions: with others all is made anew.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

import peers
from corpora import Page

RESULTS: Final = Path(__file__).parent / "results"
DISTRIBUTIONS: Final = {
    "trafilatura": "trafilatura",
    "readability": "readability-lxml",
    "resiliparse": "resiliparse",
    "newspaper4k": "newspaper4k",
    "justext": "jusText",
    "get_text": "beautifulsoup4",
    "c4": "datatrove",
}
"""The peers by the names of the packages that they come in."""


@dataclass(frozen=True, slots=True)
class Given:
    """The text that one peer gives, None where it failed, and the processor time that it took, in ms."""

    text: str | None
    ms: float


def given(page: Page, raw: bytes, names: Iterable[str], *, again: bool = False) -> dict[str, Given]:
    """What these peers give for a page; `again` takes what was kept of an earlier run, where there is any."""
    file = RESULTS / _peers() / page.corpus / f"{page.id}.json.gz"
    kept: dict[str, Given] = {}
    if file.exists():
        kept = {name: Given(**each) for name, each in json.loads(gzip.decompress(file.read_bytes())).items()}
    found = {name: kept[name] if again and name in kept else _asked(name, raw, page.url) for name in names}
    if any(kept.get(name) is not each for name, each in found.items()):
        file.parent.mkdir(parents=True, exist_ok=True)
        record = {name: asdict(each) for name, each in (kept | found).items()}
        # A peer may give a lone surrogate: ASCII holds it.
        file.write_bytes(gzip.compress(json.dumps(record).encode("ascii"), 3))
    return found


def _asked(name: str, raw: bytes, url: str | None) -> Given:
    begin = time.process_time()
    text = peers.text_of(name, raw, url)
    return Given(text, 1000 * (time.process_time() - begin))


@cache
def _peers() -> str:
    made_by = [Path(peers.__file__).read_text(encoding="utf-8"), *map(version, DISTRIBUTIONS.values())]
    return f"peers-{hashlib.sha256(chr(10).join(made_by).encode()).hexdigest()[:12]}"
