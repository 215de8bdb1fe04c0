"""The corpora that the benches read, from `shared/` beside the project; none of it is part of the project."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SHARED = Path(__file__).resolve().parents[2] / "shared"


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
