"""The record that ties a clean article to its raw document, as bytes: the same document, cleaners and
settings give the same bytes on every machine, and a change of any byte of them is found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, is_dataclass
from typing import TYPE_CHECKING, cast

import orjson

from cleaners import Edit, Located
from cleaners.decode import Decoded, How, RawSpan
from cleaners.overrides import site_of
from cleaners.page.cleaning import EXTRACTOR
from flows.reading import SetAside

if TYPE_CHECKING:
    from cleaners import CleanResult, Metadata
    from cleaners.page.decode import DecodedPage
    from flows.unpacking import Origin, Unpacked

SCHEMA = 2
"""The version of the record's form, described in `record.schema.json`."""

VERSION = "0.1.0"
"""The version of cleancopy, as in pyproject.toml (a test holds the two together)."""

Record = dict[str, object]


class NotARecord(ValueError):  # noqa: N818  (it names what the bytes are)
    """Bytes that are no record as this program writes it."""


def clean_bytes(text: str) -> bytes:
    r"""The content of the clean file: UTF-8, with one newline at the end of a text that is not empty.

    >>> clean_bytes("Полёт."), clean_bytes("")
    (b'\xd0\x9f\xd0\xbe\xd0\xbb\xd1\x91\xd1\x82.\n', b'')
    """
    return (text + "\n").encode("utf-8", "surrogatepass") if text else b""


def clean_text_of(content: bytes) -> str:
    """The clean text in the content of a clean file.

    Raises `ValueError` when it is not UTF-8 or lacks the newline at its end.
    """
    if content and not content.endswith(b"\n"):
        raise ValueError("it does not end with a newline")
    return content[:-1].decode("utf-8", "surrogatepass")


def identity(content: bytes) -> Record:
    """What a record says of the bytes of a file: their SHA-256 and how many they are.

    >>> identity(b"")["bytes"]
    0
    """
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}


def text_record(
    source: str, raw: bytes, unpacked: Unpacked, decoded: Decoded, result: CleanResult, fingerprint: str
) -> Record:
    """The record of one cleaned text: `raw` as it lies there, `unpacked` the text in it."""
    encoding: Record = {
        "name": decoded.encoding,
        "how": decoded.how,
        "bom": decoded.bom,
        "exceptions": decoded.exceptions,
    }
    return {
        **_identified("text", source, raw, unpacked),
        "encoding": encoding,
        **_cleaned(result, fingerprint),
        "edits": [_edit_as_json(edit) for edit in result.edits],
    }


def page_record(
    source: str,
    raw: bytes,
    unpacked: Unpacked,
    decoded: DecodedPage,
    result: CleanResult,
    fingerprint: str,
    *,
    full_text: bool = False,
) -> Record:
    """The record of one cleaned page: `raw` as it lies there, `unpacked` the page in it.

    What the extractor did not choose, most of a page, stands in it by its offsets, and with `full_text` by its text.
    """
    edits = [edit for edit in result.edits if full_text or edit.cleaner != EXTRACTOR]
    return {
        **_identified("page", source, raw, unpacked),
        "origin": origin_as_json(unpacked.origin),
        "encoding": {"name": decoded.encoding, "how": decoded.how},
        "visible": visible_as_json(result.source),
        **_cleaned(result, fingerprint),
        "blocks": result.blocks,
        "removed": [] if full_text else _removed(edit for edit in result.edits if edit.cleaner == EXTRACTOR),
        "edits": [_edit_as_json(edit) for edit in edits],
    }


def recorded_site(record: Record) -> str | None:
    """The site of the document of a record: the host of the URL in its metadata, else of that where it was found.

    >>> recorded_site({"metadata": {"url": None}, "origin": {"url": "http://www.b.example:8080/"}})
    'b.example'
    """
    metadata, origin = (cast("dict[str, str | None]", record.get(part) or {}) for part in ("metadata", "origin"))
    return site_of(metadata.get("url")) or site_of(origin.get("url"))


def failure_of(problem: SetAside) -> Record:
    """The record of a document that was set aside."""
    return {
        "schema": SCHEMA,
        "source": problem.source,
        "reason": problem.reason,
        "detail": problem.detail,
        "raw": {"sha256": problem.sha256, "bytes": problem.size},
        "cleancopy": VERSION,
    }


def to_bytes(record: Record) -> bytes:
    """`record` as it is written, with the hash of its own bytes (those without that hash) as last field.

    One field a line, and one edit a line, so that people and `diff` can read it. Lone surrogates, which
    undecodable bytes in a file name become, are written as escapes.

    >>> print(to_bytes({"schema": 1, "edits": [{"start": 0}]}).decode(), end="")
    {
    "schema": 1,
    "edits": [
    {"start":0}
    ],
    "sha256": "dc3742864b9a89d760822117732fed87c9686094f2fb758ac74417a93935cb19"
    }
    """
    body = _written({name: value for name, value in record.items() if name != "sha256"})
    digest = hashlib.sha256(body).hexdigest()
    return body.removesuffix(b"\n}\n") + f',\n"sha256": "{digest}"\n}}\n'.encode()


def from_bytes(content: bytes) -> Record:
    """The record that was written as `content`.

    Raises `NotARecord` when one byte is not as `to_bytes` wrote it.
    """
    try:
        record = _read(content)
    except ValueError:
        raise NotARecord("it is no JSON") from None
    except RecursionError:
        raise NotARecord("it is no record: its JSON is nested too deeply") from None
    if not isinstance(record, dict) or "sha256" not in record:
        raise NotARecord("it is no record: it has no hash of itself")
    if to_bytes(record) != content:
        raise NotARecord("it was changed: its content does not fit its own hash")
    return record


def _read(content: bytes) -> object:
    try:
        return orjson.loads(content)
    except ValueError:
        return json.loads(content)  # which takes half the characters that undecodable file names hold


def decoded_of(record: Record, text: str) -> Decoded:
    """The source text `text` with the encoding that a record (which fits the schema) gives for it."""
    encoding = cast("Record", record["encoding"])
    spans = cast("list[dict[str, object]]", encoding["exceptions"])
    return Decoded(
        text,
        cast("str", encoding["name"]),
        cast("How", encoding["how"]),
        cast("bool", encoding["bom"]),
        tuple(
            RawSpan(cast("int", span["start"]), cast("int", span["end"]), cast("str", span["raw"])) for span in spans
        ),
    )


def edits_of(record: Record) -> list[Edit]:
    """The edits of a record that fits the schema."""
    return [
        Edit(
            start=cast("int", edit["start"]),
            end=cast("int", edit["end"]),
            replacement=cast("str", edit["replacement"]),
            original=cast("str", edit["original"]),
            cleaner=cast("str", edit["cleaner"]),
            rule=cast("str", edit["rule"]),
            field=cast("str | None", edit["field"]),
            xpath=cast("str | None", edit.get("xpath")),
            score=cast("float | None", edit.get("score")),
        )
        for edit in cast("list[Record]", record["edits"])
    ]


def spans_of(record: Record) -> list[tuple[int, int]]:
    """The spans that the record of a page (which fits the schema) names by their offsets only."""
    removed = cast("list[dict[str, list[list[int]]]]", record["removed"])
    return [(start, end) for group in removed for start, end in group["spans"]]


def kept_of(record: Record) -> list[Located]:
    """The kept blocks of the record of a page, which fits the schema."""
    return [
        Located(cast("int", block["start"]), cast("int", block["end"]), cast("str", block["xpath"]))
        for block in cast("list[Record]", record["blocks"])
    ]


def origin_as_json(origin: Origin) -> Record:
    """Where a page came from, as it stands in a record."""
    return {"url": origin.url, "content_type": origin.content_type}


def visible_as_json(text: str) -> Record:
    """What a record says of the visible text of a page.

    >>> visible_as_json("Café")["characters"]
    4
    """
    return {"sha256": hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(), "characters": len(text)}


def metadata_as_json(metadata: Metadata) -> Record:
    """Metadata as they stand in a record."""
    return cast("Record", asdict(metadata))


def count_words(text: str) -> int:
    """Runs of characters between white space; in a script without spaces, such a run is a phrase.

    >>> count_words("Turnout was 69%.")
    3
    """
    if any(space in text for space in _WIDE_SPACES):
        return len(text.split())
    # Half the time of making all the words.
    shape = text.encode("utf-8", "surrogatepass").translate(_SHAPE)
    return shape.count(b" x") + shape.startswith(b"x")


_SHAPE = bytes(ord(" " if chr(byte).isspace() and byte < 0x80 else "x") for byte in range(256))
_WIDE_SPACES = [char for char in map(chr, range(0x80, 0x10000)) if char.isspace()]


def _identified(kind: str, source: str, raw: bytes, unpacked: Unpacked) -> Record:
    return {
        "schema": SCHEMA,
        "kind": kind,
        "source": source,
        "raw": identity(raw),
        **({} if unpacked.content == raw else {"unpacked": identity(unpacked.content)}),
    }


def _cleaned(result: CleanResult, fingerprint: str) -> Record:
    return {
        "words": {"source": count_words(result.source), "clean": count_words(result.text)},
        "clean": identity(clean_bytes(result.text)),
        "cleancopy": VERSION,
        "fingerprint": fingerprint,
        "metadata": result.metadata,
    }


def _removed(edits: Iterable[Edit]) -> list[Record]:
    """What was removed without its text: by rule how many words, and where."""
    by_rule: dict[str, list[Edit]] = {}
    for edit in edits:
        by_rule.setdefault(edit.rule, []).append(edit)
    return [
        {
            "rule": rule,
            "words": sum(count_words(edit.original) for edit in removed),
            "spans": [[edit.start, edit.end] for edit in removed],
        }
        for rule, removed in sorted(by_rule.items())
    ]


def _edit_as_json(edit: Edit) -> Record:
    return {
        "start": edit.start,
        "end": edit.end,
        "original": edit.original,
        "replacement": edit.replacement,
        "cleaner": edit.cleaner,
        "rule": edit.rule,
        "field": edit.field,
        **({} if edit.xpath is None else {"xpath": edit.xpath}),
        **({} if edit.score is None else {"score": edit.score}),
    }


def _written(fields: Record) -> bytes:
    try:
        lines = b",\n".join(b"%s: %s" % (_compact(name), _value(value)) for name, value in fields.items())
    except TypeError:
        # A lone surrogate, which undecodable bytes in a file name become, is no UTF-8.
        compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_fields).encode
        text = ",\n".join(f"{compact(name)}: {_slow_value(value, compact)}" for name, value in fields.items())
        lines = text.encode("utf-8", "backslashreplace")
    return b"{\n" + lines + b"\n}\n"


_compact = orjson.dumps  # which writes a dataclass as an object, in the order of its fields


def _fields(value: object) -> dict[str, object]:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    raise TypeError(f"{type(value).__name__} cannot stand in a record")


def _value(value: object) -> bytes:
    """A list of objects with one of them a line, everything else on one line."""
    if isinstance(value, (list, tuple)) and value:
        return b"[\n" + b",\n".join(map(_compact, value)) + b"\n]"
    return _compact(value)


def _slow_value(value: object, compact: Callable[[object], str]) -> str:
    if isinstance(value, (list, tuple)) and value:
        return "[\n" + ",\n".join(map(compact, value)) + "\n]"
    return compact(value)
