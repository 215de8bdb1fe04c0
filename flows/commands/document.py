"""The commands about one document: `clean` and `explain`."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from typing import Annotated

import typer

from flows.cleaning import Settings, clean_unpacked, faults_refused, overrides_of, read_page, read_text
from flows.commands.options import Comments, FullText, OverridesFile, Phrases, Skip, settings_of
from flows.explain import described, legend, rendered
from flows.reading import HANDLED, HANDLED_SAID, Kind, Refused, ending_of, kind_of, read_raw, sidecar_beside
from flows.record import to_bytes
from flows.terminal import CommandError, new_console, print_text
from flows.unpacking import Unpacked, looks_like_page, read_sidecar, unpack

One = Annotated[str, typer.Argument(metavar="FILE|-", help=f"Text or page ({HANDLED_SAID}), or - for standard input.")]
Url = Annotated[str | None, typer.Option("--url", metavar="URL", help="Where a page was found.")]
As = Annotated[
    Kind | None,
    typer.Option("--as", help="What it is; else its ending says so, or how it begins where that says nothing."),
]


def clean(
    file: One,
    *,
    kind: As = None,
    url: Url = None,
    json: Annotated[bool, typer.Option("--json", help="Print the record with the text, as JSON.")] = False,
    phrases: Phrases = None,
    overrides: OverridesFile = None,
    skip: Skip = None,
    comments: Comments = True,
    full_text: FullText = False,
) -> None:
    """Clean one text or page and print its article as UTF-8.

    Examples:

    - `cleancopy clean article.txt > body.txt`
    - `curl -s URL | cleancopy clean --url URL -`
    - `cleancopy clean --json page.html | jq .metadata.title`
    """
    settings = settings_of(phrases, overrides, skip, comments=comments, full_text=full_text)
    try:
        opened = _opened(file, kind, url, settings)
        cleaned = clean_unpacked(opened.kind, _named(file, settings), opened.raw, opened.unpacked, settings)
    except Refused as error:
        raise CommandError(f"{file}: {error}") from None
    out = sys.stdout.buffer
    if json:
        text = cleaned.content.decode("utf-8", "surrogatepass").removesuffix("\n")
        out.write(to_bytes({**cleaned.record, "text": text}))
    else:
        out.write(cleaned.content)
    out.flush()


def explain(
    file: One,
    *,
    kind: As = None,
    url: Url = None,
    whole: Annotated[bool, typer.Option("--all", help="Show all that a page has outside of its article.")] = False,
    phrases: Phrases = None,
    overrides: OverridesFile = None,
    skip: Skip = None,
    comments: Comments = True,
) -> None:
    """Show the source text with everything that is removed marked with its rule.

    In colour on a terminal; elsewhere, and with NO_COLOR set, in brackets: `[-removed-]{rule}`,
    `[^lifted^]{rule → field}`, `[~what stood there before a repair~]`. The source text of a page is its visible text;
    what lies outside of its article is cut short: `[…12 words: Home News …]`. Metadata and encoding follow, each with
    where it comes from.

    Examples:

    - `cleancopy explain article.txt | less`
    - `cleancopy explain --all page.html`: also every menu and teaser in full
    - `cleancopy explain --overrides overrides.toml raw/news/a.html`: with corrections, marked `[+kept+]`
    - `cleancopy explain --skip comments article.txt`: as if threads were not cleaned
    """
    settings = settings_of(phrases, overrides, skip, comments=comments)
    try:
        opened = _opened(file, kind, url, settings)
        with faults_refused():
            source = _named(file, settings)
            decoded, result = (
                read_page(source, opened.unpacked, settings)
                if opened.kind == "page"
                else read_text(source, opened.unpacked.content, settings)
            )
    except Refused as error:
        raise CommandError(f"{file}: {error}") from None
    console = new_console()
    colour = console.color_system is not None and not console.no_color
    print_text(console, rendered(result.source, result.edits, result.hits, colour=colour, whole=whole))
    print("\n")
    print_text(console, legend(result.edits, result.hits, colour=colour))
    for line in described(result.metadata, result.edits):
        print(line)
    print(f"read as {decoded.encoding} ({decoded.how})")


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return read_raw(file, None)
    except Refused as error:
        raise CommandError(f"{file}: {error}", 2) from None


@dataclass(frozen=True, slots=True)
class _Opened:
    """One document of the command line: what it is, its bytes, and the document in them."""

    kind: Kind
    raw: bytes
    unpacked: Unpacked


def _opened(file: str, kind: Kind | None, url: str | None, settings: Settings) -> _Opened:
    """The document in `file`; raises `Refused` when there is none in it, and `CommandError` when it cannot be read."""
    raw = _read(file)
    sidecar = sidecar_beside(file)
    unpacked = unpack(file, raw, read_sidecar(sidecar) if sidecar is not None else None, settings.max_bytes)
    if kind is None and ending_of(file).lower() in HANDLED:
        kind = kind_of(file)
    elif kind is None:
        kind = "page" if looks_like_page(unpacked.content) else "text"
    if url is not None:
        if kind == "text":
            raise CommandError(f"{file}: it is a text, and --url is for pages (--as page makes it one)", 2)
        unpacked = replace(unpacked, origin=replace(unpacked.origin, url=url))
    return _Opened(kind, raw, unpacked)


def _named(file: str, settings: Settings) -> str:
    """What overrides call a file: the longest name of a document that its path ends with; else just its path."""
    overrides = overrides_of(settings)
    path = f"/{os.path.abspath(file)}"
    known = overrides.documents() if overrides is not None and file != "-" else ()
    return max((name for name in known if path.endswith(f"/{name}")), key=len, default=file)
