"""What must hold of one record, its clean article and, where it is at hand, its raw document.

A text: the clean article and the edits give back the source text, the source text and the encoding give back the raw
bytes, and their hash is the one that was recorded. A page: kept blocks, removed spans and edits make up its visible
text without a gap; from the raw page the visible text is read again, the edits make the clean article of it, and each
kept block stands in the element that its XPath names.
"""

from __future__ import annotations

import json
import os
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from fastjsonschema import JsonSchemaValueException
from fastjsonschema import compile as compiled

from cleaners import Edit, EditError, Located, apply, metadata_from, revert
from cleaners.decode import NotText, encode
from cleaners.page.blocks import PageBlock, article_blocks, blocks_of, visible_text
from cleaners.page.cleaning import EXTRACTOR, link, parsed
from cleaners.page.decode import decode_page
from cleaners.page.metadata import PageFacts, page_facts
from flows.naming import possible_stems
from flows.reading import Refused, read_raw, sidecar_beside
from flows.record import (
    VERSION,
    Record,
    clean_text_of,
    count_words,
    decoded_of,
    edits_of,
    identity,
    kept_of,
    metadata_as_json,
    origin_as_json,
    spans_of,
    visible_as_json,
)
from flows.unpacking import Unpacked, read_sidecar, unpack

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_STEP = re.compile(r"([^\[\]]+)(?:\[([1-9]\d{0,9})\])?")
"""One step of an XPath."""
_UNKNOWN = "\0"
"""What stands for a character that a record names by its place only."""


class Fails(Exception):  # noqa: N818  (it is the finding)
    """A check that a document fails; the message says which."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved of a record.

    With the raw page at hand, `words` counts those of its kept blocks, `located` those of the blocks that stand where
    their XPaths say, and `misplaced` names the first block that does not.
    """

    kind: Literal["text", "page"]
    words: int = 0
    located: int = 0
    misplaced: str | None = None


def prove(clean: str, raw: str | None, name: str, record: Record) -> Proof:
    """Check the record in the file `name` in the folder `clean`, and with `raw` the raw document in that folder.

    Raises `Fails`.
    """
    check_schema(record)
    text = checked_text(clean, name, record)
    path = os.path.join(raw, cast("str", record["source"])) if raw is not None else None
    return _prove_page(record, text, path) if record["kind"] == "page" else _prove_text(record, text, path)


@dataclass(frozen=True, slots=True)
class SourceText:
    """The source text of a record, made again; `gaps` are spans of it that are not known, and `why` says why not."""

    text: str
    gaps: tuple[tuple[int, int], ...] = ()
    why: str = ""


def source_text(clean: str, raw: str | None, name: str, record: Record) -> SourceText:
    """The source text of the record in the file `name` in the folder `clean`, after the checks that need no raw file.

    What the record of a page does not hold is read from the raw page in the folder `raw`, if that is there and still
    the same; else it is a gap. The form of the record is not checked, which takes longer than all the rest: where it
    does not fit the schema there may be an error of any kind. Raises `Fails`.
    """
    text = checked_text(clean, name, record)
    if record["kind"] == "text":
        return SourceText(_source_of_text(record, text))
    _prove_page(record, text, None)
    edits, spans = edits_of(record), spans_of(record)
    if not spans:
        return SourceText(_reverted(text, edits))
    try:
        return SourceText(_visible_again(raw, record, text))
    except Fails as problem:
        return SourceText(_reverted(text, [*edits, *_unknown(spans)]), tuple(spans), str(problem))


def _visible_again(raw: str | None, record: Record, text: str) -> str:
    """The visible text of a page, read from its raw page again, of which the edits make the clean text `text`."""
    if raw is None:
        raise Fails("the folder of its raw page is not known")
    unpacked = unpacked_as_recorded(os.path.join(raw, cast("str", record["source"])), record)
    root = _parsed(unpacked, record)
    visible = visible_text(_shown(root, record, lambda: page_facts(root, unpacked.origin.url)))
    _check_makes(record, visible, text)
    return visible


def checked_text(clean: str, name: str, record: Record) -> str:
    """The clean text beside a record that has its right name and fits the text; raises `Fails` where it does not."""
    source = cast("str", record["source"])
    stem = name.removesuffix(".json")
    if stem not in possible_stems(source):
        raise Fails(f"it was moved: it is the record of {source}")
    text = clean_text_at(Path(clean, f"{stem}.txt"), cast("Record", record["clean"]))
    if cast("Record", record["words"])["clean"] != count_words(text):
        raise Fails("its numbers of words are wrong")
    return text


def check_schema(record: Record) -> None:
    """Check the form of a record.

    Raises `Fails`.
    """
    try:
        _schema()(record)
    except JsonSchemaValueException as error:
        raise Fails(f"it does not fit the schema: {error.message[:200]}") from None


@cache
def _schema() -> Callable[[Record], object]:
    schema = json.loads(Path(__file__).with_name("record.schema.json").read_bytes())
    return cast("Callable[[Record], object]", compiled(schema, use_default=False))


def clean_text_at(path: Path, recorded: Record) -> str:
    """The clean text in the file at `path`, which must be as recorded.

    Raises `Fails`.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Fails("its clean text is gone") from None
    except OSError as error:
        raise Fails(f"its clean text cannot be read: {error.strerror}") from None
    if identity(content) != recorded:
        raise Fails("its clean text was changed")
    try:
        return clean_text_of(content)
    except ValueError as error:
        raise Fails(f"its clean text is none: {error}") from None


def unpacked_as_recorded(path: str, record: Record) -> Unpacked:
    """The document in the raw file, which must be as recorded and still unpack to what was cleaned.

    Raises `Fails`.
    """
    try:
        # A file that has grown since is not read whole.
        raw = read_raw(path, cast("int", cast("Record", record["raw"])["bytes"]))
        if identity(raw) != record["raw"]:
            raise Fails("its raw file has changed since")
        sidecar = sidecar_beside(path)
        unpacked = unpack(path, raw, read_sidecar(sidecar) if sidecar is not None else None)
    except Refused as error:
        if error.reason == "too-large":
            raise Fails("its raw file has changed since") from None
        raise Fails(f"its raw file: {error}") from None
    if identity(unpacked.content) != record.get("unpacked", record["raw"]):
        raise Fails("its raw file unpacks to something else than was cleaned")
    return unpacked


def _reverted(text: str, edits: Iterable[Edit]) -> str:
    try:
        return revert(text, edits)
    except EditError as error:
        raise Fails(f"its edits do not fit its clean text: {error}") from None


def _check_source_words(record: Record, source_text: str) -> None:
    if cast("Record", record["words"])["source"] != count_words(source_text):
        raise Fails("its numbers of words are wrong")


# Texts


def _prove_text(record: Record, text: str, path: str | None) -> Proof:
    _source_of_text(record, text)
    edits = edits_of(record)
    language = cast("str | None", cast("Record", record["metadata"])["language"])
    if record["metadata"] != metadata_as_json(metadata_from(edits, language)):
        raise Fails("its metadata are not those that its edits lifted")
    if path is not None:
        unpacked_as_recorded(path, record)
    return Proof("text")


def _source_of_text(record: Record, text: str) -> str:
    source = _reverted(text, edits_of(record))
    try:
        raw = encode(decoded_of(record, source))
    except (ValueError, LookupError, KeyError) as error:
        raise Fails(f"its source text does not stand in its encoding: {error}") from None
    if identity(raw) != record.get("unpacked", record["raw"]):
        raise Fails("its clean text and edits do not give back its raw bytes")
    _check_source_words(record, source)
    return source


# Pages


def _prove_page(record: Record, text: str, path: str | None) -> Proof:
    edits, spans, kept = edits_of(record), spans_of(record), kept_of(record)
    source = _reverted(text, [*edits, *_unknown(spans)])
    _check_tiles(source, kept, spans, edits)
    if not spans:
        _check_visible(record, source)
    if len(source) != cast("Record", record["visible"])["characters"]:
        raise Fails("its blocks, edits and removed spans do not add up to its visible text")
    if path is None:
        _check_metadata(record, edits, None)
        return Proof("page")
    unpacked = unpacked_as_recorded(path, record)
    if origin_as_json(unpacked.origin) != record["origin"]:
        raise Fails("its sidecar has changed since")
    return _prove_with_raw_page(record, text, unpacked)


def _unknown(spans: Sequence[tuple[int, int]]) -> list[Edit]:
    return [Edit(start, end, "", _UNKNOWN * (end - start), EXTRACTOR, EXTRACTOR) for start, end in spans]


def _check_tiles(
    source_text: str, kept: Sequence[Located], spans: Sequence[tuple[int, int]], edits: Sequence[Edit]
) -> None:
    """Blocks, removed spans and edits outside of blocks must lie side by side, with but line ends between them."""
    blocks = [(block.start, block.end) for block in kept]
    starts = [start for start, _ in blocks]
    tiles = [*blocks, *spans]
    for edit in edits:
        before = bisect_right(starts, edit.start) - 1
        if before < 0 or edit.end > blocks[before][1]:
            tiles.append((edit.start, edit.end))
    position = 0
    for start, end in [*sorted(tiles), (len(source_text), len(source_text))]:
        if start < position:
            raise Fails(f"its blocks, edits and removed spans overlap at character {start} of its visible text")
        if source_text[position:start].strip():
            raise Fails(f"no block holds what stands at character {position} of its visible text")
        position = end


def _check_visible(record: Record, source_text: str) -> None:
    if visible_as_json(source_text) != record["visible"]:
        raise Fails("its clean text and edits do not give back its visible text")
    _check_source_words(record, source_text)


def _check_metadata(
    record: Record, edits: Sequence[Edit], facts: PageFacts | None, blocks: Sequence[PageBlock] = ()
) -> None:
    """What was lifted must come from an edit; with `facts` and `blocks` of the raw page, everything else from those."""
    metadata = cast("Record", record["metadata"])
    sources = cast("dict[str, str]", metadata["sources"])
    found = metadata_from(edits)
    if facts is not None:
        link(found, blocks, edits, facts.url)
    lifted = metadata_as_json(found)
    rules = {(edit.field, edit.rule) for edit in edits}
    for name, value in metadata.items():
        source = sources.get(name)
        if name == "sources":
            continue
        if facts is not None and getattr(facts, name, None) is not None:
            right = (value, source) == (getattr(facts, name), facts.sources[name])
        elif name == "related" and facts is None:  # only the page knows where its headlines link to
            right = _titles(value) == _titles(lifted[name])
        elif isinstance(value, list) or (name, source) in rules:
            right = value == lifted[name]
        elif facts is None or name == "language":  # which the text may have told
            right = (value is None) == (source is None)
        else:
            right = value is None and source is None
        if not right:
            raise Fails(f"its metadata are not those of its page: {name}")


def _titles(related: object) -> list[object]:
    return [article["title"] for article in cast("list[Record]", related)]


def _prove_with_raw_page(record: Record, text: str, unpacked: Unpacked) -> Proof:
    root = _parsed(unpacked, record)
    facts = page_facts(root, unpacked.origin.url)
    blocks = _shown(root, record, lambda: facts)
    visible = visible_text(blocks)
    _check_makes(record, visible, text)
    _check_source_words(record, visible)
    _check_removed(record, visible)
    _check_metadata(record, edits_of(record), facts, blocks)
    return _located(root, kept_of(record), visible, facts)


def _parsed(unpacked: Unpacked, record: Record) -> HtmlElement:
    """The tree of a raw page, read as was recorded."""
    try:
        decoded = decode_page(unpacked.content, unpacked.origin.content_type)
        root = parsed(decoded.text)
    except NotText as error:
        raise Fails(f"its raw page cannot be read: {error.detail}") from None
    if {"name": decoded.encoding, "how": decoded.how} != record["encoding"]:
        raise Fails(f"its raw page is read in another encoding than was recorded: {decoded.encoding} ({decoded.how})")
    return root


def _check_makes(record: Record, visible: str, text: str) -> None:
    """The edits of the record must make the clean text `text` of the visible text."""
    unknown = [Edit(start, end, "", visible[start:end], EXTRACTOR, EXTRACTOR) for start, end in spans_of(record)]
    try:
        cleaned = apply(visible, [*edits_of(record), *unknown])
    except EditError as error:
        raise Fails(f"its edits do not fit the visible text of its raw page: {error}") from None
    if cleaned != text:
        raise Fails("its edits do not make its clean text of its raw page")


def _shown(root: HtmlElement, record: Record, facts: Callable[[], PageFacts]) -> list[PageBlock]:
    """The blocks whose text was recorded, read from the page again: what it shows, or its JSON-LD behind that, too."""
    blocks = blocks_of(root)
    if _is_recorded(blocks, record):
        return blocks
    article_body = facts().article_body
    if article_body:
        blocks += article_blocks(root, article_body, blocks)
        if _is_recorded(blocks, record):
            return blocks
    by = record["cleancopy"]
    other = "" if by == VERSION else f" (by version {by}; this is {VERSION})"
    raise Fails(f"its raw page shows another text than was cleaned{other}")


def _is_recorded(blocks: Sequence[PageBlock], record: Record) -> bool:
    return visible_as_json(visible_text(blocks)) == record["visible"]


def _check_removed(record: Record, visible: str) -> None:
    for group in cast("list[Record]", record["removed"]):
        spans = cast("list[list[int]]", group["spans"])
        words = sum(count_words(visible[start:end]) for start, end in spans)
        if group["words"] != words:
            raise Fails("its number of removed words is wrong")


def _located(root: HtmlElement, kept: Iterable[Located], visible: str, facts: PageFacts) -> Proof:
    """How many words of the kept blocks stand in the elements that the XPaths of these blocks name."""
    holders: dict[str, _Holder | None] = {}
    elements = _Elements(root)
    words = located = 0
    misplaced: str | None = None
    for block in kept:
        said = visible[block.start : block.end]
        count = count_words(said)
        words += count
        if block.xpath not in holders:
            element = elements.at(block.xpath)
            holders[block.xpath] = _Holder(element, facts) if element is not None else None
        holder = holders[block.xpath]
        if holder is not None and holder.holds(said):
            located += count
        elif misplaced is None:
            problem = "does not name one element" if holder is None else "holds other text"
            misplaced = f"its block at character {block.start} is not where its XPath says: {block.xpath} {problem}"
    return Proof("page", words, located, misplaced)


class _Elements:
    """The elements of a page by their XPaths, as records write those: each step a tag or `*`, and a number.

    lxml would count the elements before each of them anew.
    """

    def __init__(self, root: HtmlElement) -> None:
        self._inside: dict[HtmlElement | None, dict[str, list[HtmlElement]]] = {None: {root.tag: [root]}}

    def at(self, xpath: str) -> HtmlElement | None:
        """The element that an XPath names, if it names just one."""
        element: HtmlElement | None = None
        start, *steps = xpath.split("/")
        if start or not steps:
            return None
        for step in steps:
            found = _STEP.fullmatch(step)
            named = self._of(element).get(found[1], []) if found else []
            number = int(found[2]) if found and found[2] else 1
            if number > len(named) or (found and not found[2] and len(named) > 1):
                return None
            element = named[number - 1]
        return element

    def _of(self, element: HtmlElement | None) -> dict[str, list[HtmlElement]]:
        """The elements in another, by tag and all."""
        if element not in self._inside:
            inside: dict[str, list[HtmlElement]] = {}
            for child in element.iterchildren("*") if element is not None else ():
                inside.setdefault("*", []).append(child)
                inside.setdefault(child.tag, []).append(child)
            self._inside[element] = inside
        return self._inside[element]


class _Holder:
    """An element that holds blocks, which are looked for in their order: in its text, then in what a reader sees of it.

    The two differ where hidden parts, or cells of a table, lie side by side within a block.
    """

    def __init__(self, element: HtmlElement, facts: PageFacts) -> None:
        self._element = element
        self._facts = facts
        self._plain = _Reading("".join(element.itertext()))
        self._visible: _Reading | None = None

    def holds(self, said: str) -> bool:
        if self._plain.finds(said):
            return True
        if self._visible is None:
            self._visible = _Reading(self._shown())
        return self._visible.finds(said)

    def _shown(self) -> str:
        if self._element.tag == "script":
            return self._facts.article_body or ""
        return visible_text(blocks_of(self._element))


class _Reading:
    """A text, white space folded, and how far it has been read: what is asked for in its order costs one reading."""

    def __init__(self, text: str) -> None:
        self._text = _folded(text)
        self._position = 0

    def finds(self, said: str) -> bool:
        folded = _folded(said)
        place = self._text.find(folded, self._position)
        if place >= 0:
            self._position = place + len(folded)
        return place >= 0


def _folded(text: str) -> str:
    return " ".join(text.split())
