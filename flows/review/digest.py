"""What the review page says of one document without showing it: its figures, read from its record and checked against
its clean file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import Literal, NamedTuple, cast

from cleaners.page.cleaning import EXTRACTOR
from flows.catalog import DocumentRow
from flows.proof import Fails, clean_text_at
from flows.record import NotARecord, Record, from_bytes, recorded_site

State = Literal["clean", "failed", "gone", "broken"]
"""`broken` is a document whose record or clean file is missing or does not hold; the others are the catalog's."""

SPACING = "repair.spacing"
"""The rule for the white space between blocks, of which nothing is told: it removes no word."""


class Fired(NamedTuple):
    """How often a rule fired in a document, and how many words it removed."""

    noise: str
    rule: str
    times: int
    words: int


class Digest(NamedTuple):
    """The figures of one document; a tuple, since there are many of them to send from one process to another.

    `key` names its page, whatever the source is called. `outside` counts the words of a page that the extractor did not
    choose; `removed` and `kept` count characters, of what the cleaners removed and of the clean text. `reason` is a
    short code and `detail` a sentence for what failed or does not hold.
    """

    source: str
    key: str
    stem: str
    state: State
    kind: str = ""
    title: str | None = None
    host: str | None = None
    site: str | None = None
    language: str | None = None
    words_in: int = 0
    words_out: int = 0
    outside: int = 0
    removed: int = 0
    kept: int = 0
    fired: tuple[Fired, ...] = ()
    reason: str | None = None
    detail: str | None = None

    @property
    def share(self) -> float:
        """The share of the article as it was found, 0 to 1, that the cleaners removed.

        In characters, since some scripts have no spaces between words. What lies outside of the article of a page does
        not count: it would hide their work.
        """
        return self.removed / found if (found := self.removed + self.kept) else 0.0


def key_of(source: str) -> str:
    """The name of the page of a source: safe as a file name, and the same in every report.

    >>> key_of("a.txt")
    '18b7cb099a9ea3f5'
    """
    return hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def digest_of(clean: str, row: DocumentRow) -> Digest:
    """The figures of a document that the catalog of the folder `clean` knows."""
    if row.state == "failed":
        return Digest(row.source, key_of(row.source), row.stem, "failed", reason=row.reason, detail=row.detail)
    try:
        record = read_record(clean, row.source, row.stem)
        text = clean_text_at(Path(clean, f"{row.stem}.txt"), cast("Record", record["clean"]))
        return _figures(record, text, row)
    except Fails as problem:
        return broken(row, str(problem))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return broken(row, f"its record does not fit the schema: {type(error).__name__}: {error}")


def broken(row: DocumentRow, problem: str) -> Digest:
    """The document in the `row` of the catalog, of which there is nothing to show because of `problem`."""
    if row.state == "gone":
        problem = f"it is gone from the raw folder, and {problem}"
    reason = "gone" if row.state == "gone" else "does not hold"
    state: State = "gone" if row.state == "gone" else "broken"
    return Digest(row.source, key_of(row.source), row.stem, state, reason=reason, detail=problem)


def read_record(clean: str, source: str, stem: str) -> Record:
    """The record of the document `source` in the folder `clean`, which must be its own and unchanged.

    Raises `Fails`.
    """
    try:
        record = from_bytes(Path(clean, f"{stem}.json").read_bytes())
    except FileNotFoundError:
        raise Fails("its record is missing") from None
    except OSError as error:
        raise Fails(f"its record cannot be read: {error.strerror}") from None
    except NotARecord as error:
        raise Fails(f"its record: {error}") from None
    if record.get("source") != source:
        raise Fails("its record names another source")
    return record


def _figures(record: Record, text: str, row: DocumentRow) -> Digest:
    removed = 0
    counts: Counter[tuple[str, str]] = Counter()
    words: Counter[tuple[str, str]] = Counter()
    for edit in cast("list[dict[str, str]]", record["edits"]):
        key = (edit["cleaner"], edit["rule"])
        if key[1] != SPACING:
            counts[key] += 1
            if key[0] != "repair" and not edit["replacement"]:
                words[key] += len(edit["original"].split())
                removed += len(edit["original"]) if key[0] != EXTRACTOR else 0
    for group in cast("list[Record]", record.get("removed", [])):
        key = (EXTRACTOR, cast("str", group["rule"]))
        counts[key] += len(cast("list[object]", group["spans"]))
        words[key] += cast("int", group["words"])
    metadata = cast("dict[str, str | None]", record["metadata"])
    total = cast("dict[str, int]", record["words"])
    return Digest(
        source=row.source,
        key=key_of(row.source),
        stem=row.stem,
        state="gone" if row.state == "gone" else "clean",
        kind=cast("str", record["kind"]),
        title=metadata["title"],
        host=recorded_site(record),
        site=metadata["site"],
        language=metadata["language"],
        words_in=total["source"],
        words_out=total["clean"],
        outside=sum(number for (noise, _), number in words.items() if noise == EXTRACTOR),
        removed=removed,
        kept=len(text),
        fired=tuple(Fired(*key, count, words[key]) for key, count in sorted(counts.items())),
    )
