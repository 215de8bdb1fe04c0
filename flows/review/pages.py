"""The pages of the review site as bytes: overview, list of documents with its data, and one document.

Foreign text enters them in two ways only: escaped by Jinja2, or as JSON that no HTML parser takes for markup.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined

from cleaners import Edit
from cleaners.page.cleaning import EXTRACTOR
from flows.proof import SourceText
from flows.record import VERSION, Record, edits_of, kept_of, spans_of
from flows.review.digest import Digest
from flows.review.gather import Chosen, Figures, cleaner_names, site_shown
from flows.review.rows import Cut, shown
from flows.showing import shown_name

if TYPE_CHECKING:
    from flows.catalog import RunRow

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'"
)
"""The content security policy of every page: nothing but the files of the site, and nothing inline."""

MOST_LINES: Final = 30
"""Lines of a table on the overview; what is beyond is counted."""

_SURROGATE = re.compile("[\ud800-\udfff]")
_LANGUAGE = re.compile("[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_NAME = re.compile("[a-z][a-z-]*")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The keys of the documents before and behind one in the order of the list, where there are any; and its place."""

    before: str | None
    behind: str | None
    place: int
    of: int


@dataclass(frozen=True, slots=True)
class Made:
    """What a report is made of: the folder of raw documents, when, the report's own name, and how many have pages.

    `listed` documents stand in the list, in the data files `data`; `noises` are the noise types that occur.
    """

    raw: str | None
    when: datetime
    name: str
    sample: int
    pages: int
    listed: int
    data: tuple[str, ...]
    noises: tuple[str, ...]


def overview_page(figures: Figures, picked: Chosen, runs: Sequence[RunRow], made: Made) -> bytes:
    """The overview."""
    noises = sorted(figures.noises.items(), key=lambda each: (-each[1].words, each[0]))
    rules = sorted(figures.rules.items(), key=lambda each: (-each[1].count, each[0]))
    return _page(
        "index.html.j2",
        root="",
        made=made,
        figures=figures,
        noises=[each for each in noises if each[0] != EXTRACTOR],
        rules=[each for each in rules if not each[0].startswith(f"{EXTRACTOR}.")],
        once=[each for each in rules if each[1].count == 1],
        sites=_largest(figures.sites),
        languages=_largest(figures.languages),
        reasons=figures.reasons.most_common(),
        picked=picked,
        paged={digest.key for digest in picked.worst},
        runs=runs,
    )


def _largest(groups: Mapping[str, object]) -> list[tuple[str, object]]:
    return sorted(groups.items(), key=lambda each: (-each[1].documents, each[0]))  # type: ignore[attr-defined]


def list_page(figures: Figures, made: Made) -> bytes:
    """The list of documents; its rows are in the data files."""
    return _page(
        "documents.html.j2",
        root="",
        made=made,
        figures=figures,
        sites=sorted(site for site in figures.sites if site),
        states=sorted(figures.states),
    )


def list_rows(rows: Sequence[Sequence[object]]) -> bytes:
    """A data file of the list, with some of its rows (`list_row`)."""
    return f"review.rows({safe_json(rows)});\n".encode()


def list_row(digest: Digest, distance: float, noises: Sequence[str], *, paged: bool) -> list[object]:
    """One row of the list: what stands in it, and what it is found, filtered and sorted by.

    `distance` says how far the share removed is from the usual, `noises` gives the noise types their bits.
    """
    there = {fired.noise for fired in digest.fired}
    return [
        digest.key,
        shown_name(digest.source),
        digest.title or "",
        site_shown(digest),
        digest.language or "",
        digest.kind,
        digest.state,
        digest.words_in - digest.outside,
        round(digest.share, 4),
        sum(fired.times for fired in digest.fired if fired.noise != EXTRACTOR),
        sum(1 << bit for bit, noise in enumerate(noises) if noise in there),
        round(abs(distance), 4),
        int(paged),
        shown_name(digest.detail or ""),
    ]


def document_page(digest: Digest, record: Record, source: SourceText, near: Neighbours, made: Made) -> bytes:
    """The page of one document, from its record and its source text."""
    edits = edits_of(record)
    edits += (
        [
            Edit(start, end, "", source.text[start:end], EXTRACTOR, f"{EXTRACTOR}.not-chosen")
            for start, end in spans_of(record)
        ]
        if record["kind"] == "page"
        else []
    )
    document = shown(source.text, edits, source.gaps, kept_of(record) if record["kind"] == "page" else ())
    counts: dict[str, int] = {}
    for cut in document.cuts:
        counts[cut.noise] = counts.get(cut.noise, 0) + 1
    language = digest.language or ""
    return _page(
        "document.html.j2",
        root="../",
        made=made,
        digest=digest,
        near=near,
        document=document,
        looks={cut.noise: look_of(cut.noise) for cut in document.cuts},
        counts=sorted(counts.items(), key=lambda each: (each[0] == EXTRACTOR, each[0])),
        record=record,
        metadata=cast("Record", record["metadata"]),
        why=source.why,
        lang=language if _LANGUAGE.fullmatch(language) else None,
        facts=safe_json(_facts(digest, document.cuts)),
    )


def problem_page(digest: Digest, problem: str, near: Neighbours, made: Made) -> bytes:
    """The page of a document that cannot be shown."""
    return _page("problem.html.j2", root="../", made=made, digest=digest, near=near, problem=problem)


def _facts(digest: Digest, cuts: Sequence[Cut]) -> dict[str, object]:
    """What the script of a document's page has to know."""
    return {
        "source": digest.source,
        "key": digest.key,
        "host": digest.host,
        "language": digest.language,
        "title": digest.title or shown_name(digest.source),
        "cuts": [[cut.noise, cut.rule, cut.did, cut.field, cut.xpath, cut.score] for cut in cuts],
    }


def safe_json(value: object) -> str:
    r"""`value` as JSON in plain ASCII that is safe inside of HTML and JavaScript.

    >>> safe_json("</script>\u2028")
    '"\\u003c/script>\\u2028"'
    """
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _page(template: str, **values: object) -> bytes:
    text = _templates().get_template(template).render(**values)
    try:
        return text.encode()
    except UnicodeEncodeError:  # a lone surrogate, which UTF-8 cannot hold
        return _SURROGATE.sub("\ufffd", text).encode()


@cache
def _templates() -> Environment:
    found = Environment(
        loader=PackageLoader("flows.review"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters.update(
        number=lambda value: f"{value:,}",
        percent=_percent,
        name=shown_name,
        query=lambda value: quote(shown_name(value), safe=""),
        look=look_of,
        moment=lambda value: value[:16].replace("T", " "),
    )
    found.globals.update(
        policy=POLICY,
        version=VERSION,
        extractor=EXTRACTOR,
        cleaners=cleaner_names(),
        noise_types=[name for name in cleaner_names() if name not in (EXTRACTOR, "repair")],
        most=MOST_LINES,
        site_shown=site_shown,
    )
    return found


def now() -> datetime:
    """The time that a report says it was made at."""
    return datetime.now(UTC)


def _percent(share: float) -> str:
    """A share as people read it; what is not nothing is not told as nothing.

    >>> _percent(0.25), _percent(0.0004), _percent(0.0)
    ('25.0 %', '< 0.1 %', '0 %')
    """
    if share == 0:
        return "0 %"
    return f"{share:.1%}".replace("%", " %") if share >= 0.001 else "< 0.1 %"


def look_of(noise: str) -> str:
    """The class that gives a noise type its colour and underline.

    >>> look_of("related"), look_of('"><b>')
    ('t-related', 't-other')
    """
    return f"t-{noise}" if _NAME.fullmatch(noise) else "t-other"
