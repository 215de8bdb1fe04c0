"""What the peers give for a page, kept in `bench/results/` so that a second look at the same texts costs nothing.

What is kept is for one peers.py and one set of the peers' versions: with others all is made anew.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable
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


def given(page: Page, raw: bytes, names: Iterable[str], *, again: bool = False) -> dict[str, str | None]:
    """The texts of these peers for a page, None where one failed; `again` takes what an earlier run kept, if any."""
    file = RESULTS / _peers() / page.corpus / f"{page.id}.json.gz"
    kept: dict[str, str | None] = json.loads(gzip.decompress(file.read_bytes())) if file.exists() else {}
    found = {name: kept[name] if again and name in kept else peers.text_of(name, raw, page.url) for name in names}
    if any(name not in kept or kept[name] != text for name, text in found.items()):
        file.parent.mkdir(parents=True, exist_ok=True)
        # A peer may give a lone surrogate: ASCII holds it.
        file.write_bytes(gzip.compress(json.dumps(kept | found).encode("ascii"), 3))
    return found


@cache
def _peers() -> str:
    made_by = [Path(peers.__file__).read_text(encoding="utf-8"), *map(version, DISTRIBUTIONS.values())]
    return f"peers-{hashlib.sha256(chr(10).join(made_by).encode()).hexdigest()[:12]}"
