"""The order of the cleaners, and the cleaning of a whole text with all of them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Final

from cleaners.boilerplate import remove_boilerplate
from cleaners.bylines import lift_byline
from cleaners.captions import remove_captions
from cleaners.cleaner import Cleaner, close_gaps
from cleaners.comments import remove_comment_threads
from cleaners.credits import lift_credits
from cleaners.document import Document, Edit, Located, apply
from cleaners.donation import remove_donation_widgets
from cleaners.duplicates import remove_duplicates
from cleaners.links import remove_bare_links
from cleaners.metadata import Metadata, metadata_from
from cleaners.overrides import Hit, Overrides, remove_noise
from cleaners.phrasebook import PhraseBook
from cleaners.prompts import remove_prompts
from cleaners.related import remove_also_read
from cleaners.repair import repair_text
from cleaners.splitting import split
from cleaners.survey import drop, look_up, settle, spoken_in
from cleaners.titles import lift_title

STAGES: Final[tuple[tuple[Cleaner, ...], ...]] = (
    (remove_comment_threads,),
    (
        remove_donation_widgets,
        remove_also_read,
        lift_credits,
        remove_captions,
        remove_bare_links,
        lift_byline,
        remove_prompts,
        remove_duplicates,
        lift_title,
    ),
    (remove_boilerplate,),
)
"""The removing cleaners in their order. The document is surveyed anew before each stage: threads go first, because
long ones outweigh the article and hide where it ends. The model for whole pages reads what the rules leave, when they
find nothing more. Repairs come last, and only to what stays."""

BY_LINES: Final = frozenset({"comments", "related", "byline", "prompt", "boilerplate"})
"""The cleaners that look at which lines stand together: what they find may change when only the gaps do."""

CLEANERS: Final[tuple[Cleaner, ...]] = (*(cleaner for stage in STAGES for cleaner in stage), repair_text)

PASSES_MAX: Final = 12
"""How often the stages run at most. Noise that goes can show more noise; mostly two passes find all."""


@dataclass(frozen=True, slots=True)
class CleanResult:
    """A cleaned document: the source text, the article, what was lifted, and every edit that was made.

    For a page the source text is its visible text, and `blocks` are the kept ones with their XPaths. `hits` are the
    places of the source text that overrides speak of.
    """

    source: str
    text: str
    metadata: Metadata
    edits: tuple[Edit, ...]
    blocks: tuple[Located, ...] = ()
    hits: tuple[Hit, ...] = ()


def clean_text(
    text: str,
    *,
    skip: Collection[str] = (),
    book: PhraseBook | None = None,
    overrides: Overrides | None = None,
    document: str | None = None,
) -> CleanResult:
    """Clean the text of an article that some scraper pulled out of a page.

    `skip` names noise types to leave alone, `book` the phrases to look for (the standard ones), `overrides`
    corrections, of which those for single documents count where they are for `document`. Paragraphs of the result are
    separated by one blank line, list items stand on consecutive lines, and `apply(text, result.edits)` is
    `result.text`. Any `str` can be cleaned.

    >>> result = clean_text("Polls closed.\\n\\nALSO READ: Gas leak kills 5\\n\\nTurnout was 69%.")
    >>> result.text, result.metadata.related
    ('Polls closed.\\n\\nTurnout was 69%.', [Related(title='Gas leak kills 5', url=None)])
    """
    read = Document(text, split(text), book or PhraseBook.standard())
    if overrides is not None:
        read.marks = overrides.on(text, document=document, language=spoken_in(read.blocks), skip=skip)
    look_up(read)
    blocks, language = read.blocks, read.language
    edits = cleaned(read, skip)
    closed = tuple(close_gaps(text, blocks, edits, tidy=repair_text.name not in skip))
    return CleanResult(text, apply(text, closed), metadata_from(closed, language), closed, hits=hits_in(read))


def hits_in(document: Document) -> tuple[Hit, ...]:
    """The places of a document that overrides speak of, in order."""
    if document.marks is None:
        return ()
    return tuple(sorted(document.marks.hits, key=lambda hit: (hit.start, hit.end, hit.override.name)))


def cleaned(document: Document, skip: Collection[str]) -> list[Edit]:
    """The edits of all cleaners, in their order, to the blocks of a document."""
    edits: list[Edit] = []
    wanted = [[cleaner for cleaner in stage if cleaner.name not in skip] for stage in STAGES]
    stages = wanted
    for _ in range(PASSES_MAX):
        found = False
        for stage in stages:
            if found and stage is stages[-1]:
                break
            new = [edit for cleaner in stage for edit in cleaner.find(document)]
            if stage is stages[-2]:
                # Behind the rules, which may know a list by the heading that goes here; before the model, which judges
                # what is left.
                new += remove_noise(document)
            if new:
                edits += new
                found = True
                drop(document)
        if found:
            settle(document)
            stages = wanted
        elif document.marked and settle(document):
            stages = [[cleaner for cleaner in stage if cleaner.name in BY_LINES] for stage in wanted]
        else:
            break
    if repair_text.name not in skip:
        edits += repair_text.find(document)
    return edits


@cache
def _code() -> str:
    from importlib import metadata, resources  # noqa: PLC0415 (costly to import, and seldom asked for)

    digest = hashlib.sha256()
    package = resources.files("cleaners")
    files = [*package.iterdir(), *(package / "page").iterdir(), package / "phrases" / "languages.toml"]
    for file in sorted(files, key=str):
        if file.name.endswith((".py", ".toml", ".json")):
            digest.update(file.name.encode() + b"\0" + file.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    for name in ("ftfy", "lxml", "trafilatura", "htmldate"):
        digest.update(metadata.version(name).encode() + b"\0")
    return digest.hexdigest()


def fingerprint(
    *,
    skip: Collection[str] = (),
    book: PhraseBook | None = None,
    comments: bool = True,
    overrides: Overrides | None = None,
) -> str:
    """What the result depends on besides the text: SHA-256 over code, phrases, the versions of the libraries
    that it depends on, the settings, and the overrides for sites and languages. For those for single documents stands
    `overrides.digest(document)`.

    >>> fingerprint() == fingerprint(skip=["title"])
    False
    """
    parts = [_code(), (book or PhraseBook.standard()).digest(), sorted(skip), comments]
    if overrides is not None and (digest := overrides.digest()):
        parts.append(digest)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
