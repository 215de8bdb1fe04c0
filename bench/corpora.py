"""The corpora that the benches read, from `shared/` beside the project; none of it is part of the project."""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

SHARED = Path(__file__).resolve().parents[2] / "shared"
CORPORA: Final = ("news", "blogs", "snippets")
"""The corpora of pages, by the names of their folders."""


@dataclass(frozen=True, slots=True)
class Page:
    """One page with its truth: the article's text, or None, and snippets that must and must not be in the result."""

    corpus: str
    id: str
    url: str | None
    text: str | None
    wanted: tuple[str, ...]
    unwanted: tuple[str, ...]

    @property
    def half(self) -> str:
        """The half of the sites that it belongs to."""
        return half_of(self.url, self.id)

    def read(self) -> bytes:
        """The raw page."""
        return gzip.decompress((SHARED / "pages" / self.corpus / "html" / f"{self.id}.html.gz").read_bytes())


def needs(*modules: str) -> None:
    """End the bench with what to do where a package that it measures or trains with is not installed."""
    missing = [module for module in modules if find_spec(module) is None]
    if missing:
        sys.exit(
            f"{', '.join(missing)} not installed, and this bench needs it: pip install -e '.[bench]', or make bench"
        )


def rows(*parts: str) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file under `shared/`, gzipped or not; ends the bench where it is missing."""
    path = SHARED.joinpath(*parts)
    if not path.exists():
        sys.exit(
            f"The corpus {'/'.join(parts)} is not there: this bench reads it from {SHARED.name}/ beside the project."
        )
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode()
    return [json.loads(line) for line in text.split("\n") if line]


def truths() -> Iterator[tuple[str, str]]:
    """Identifier and clean article text of each page of the news and blogs corpora."""
    for corpus in ("news", "blogs"):
        for row in rows("pages", corpus, "truth.jsonl"):
            yield row["id"], row["text"]


def pages(corpus: str, half: str | None = None) -> list[Page]:
    """The pages of a corpus, all or those of one half of the sites (`half_of`)."""
    found = []
    for row in rows("pages", corpus, "truth.jsonl"):
        url = row["url"] if (row["url"] or "").startswith("http") else None
        wanted, unwanted = tuple(row.get("with", ())), tuple(row.get("without", ()))
        found.append(Page(corpus, row["id"], url, row.get("text"), wanted, unwanted))
    return [page for page in found if half in (None, page.half)]


def half_of(url: str | None, identifier: str) -> str:
    """The half that a page's site belongs to: `work`, to look at while rules are made, or `report`, to judge them by.

    All pages of one registrable domain fall into one half; a page without an address goes by its identifier.

    >>> half_of("https://www.bbc.co.uk/a", "1") == half_of("https://news.bbc.co.uk/b", "2")
    True
    """
    from tld import get_fld  # noqa: PLC0415 (only where halves are asked for)

    site = (url and get_fld(url, fail_silently=True)) or identifier
    return ("work", "report")[hashlib.sha256(site.encode()).digest()[0] % 2]
