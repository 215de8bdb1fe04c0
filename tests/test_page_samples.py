"""The sample pages in `raw/pages`, each with the body, the metadata and the noise types that must come out."""

from __future__ import annotations

import json
from datetime import datetime
from functools import cache
from typing import Any

import pytest
from folders import PROJECT

from cleaners import CleanResult, apply, clean_html, clean_text, revert
from cleaners.page.decode import decode_page
from flows.reading import read_raw
from flows.unpacking import Unpacked, unpack

FOLDER, EXPECTED_PAGES = PROJECT / "raw" / "pages", PROJECT / "tests" / "expected" / "pages"
PAGES = {path.name.partition(".")[0]: path for path in sorted(FOLDER.rglob("*.*")) if path.suffix != ".json"}
"""The files by the names of what is expected of them; a `.json` beside a page is its sidecar."""


@cache
def unpacked(name: str) -> Unpacked:
    path = PAGES[name]
    sidecar = path.with_name(path.name + ".json")
    return unpack(path.name, read_raw(str(path), 1 << 20), sidecar.read_bytes() if sidecar.exists() else None)


@cache
def cleaned(name: str) -> CleanResult:
    page = unpacked(name)
    return clean_html(page.content, page.origin.url, content_type=page.origin.content_type)


@cache
def expected(name: str) -> dict[str, Any]:
    found = json.loads((EXPECTED_PAGES / f"{name}.json").read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def body(name: str) -> str:
    return (EXPECTED_PAGES / f"{name}.txt").read_text(encoding="utf-8").rstrip("\n")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_becomes_its_expected_body(name: str) -> None:
    assert cleaned(name).text == body(name)


@pytest.mark.parametrize("name", PAGES)
def test_the_edits_of_a_page_account_for_all_of_it(name: str) -> None:
    result = cleaned(name)
    assert apply(result.source, result.edits) == result.text
    assert revert(result.text, result.edits) == result.source


@pytest.mark.parametrize("name", PAGES)
def test_in_the_body_of_a_page_nothing_is_left_to_remove(name: str) -> None:
    """As a plain text it may want a blank line where the page has list items, which no sign marks as such."""
    assert {edit.rule for edit in clean_text(body(name)).edits} <= {"repair.spacing"}


@pytest.mark.parametrize("field", ["title", "byline", "site", "language", "url"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_what_it_is(name: str, field: str) -> None:
    result = cleaned(name)
    assert getattr(result.metadata, field) == expected(name)[field]
    assert result.metadata.sources[field]


@pytest.mark.parametrize("field", ["published", "modified"])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_when_it_was_written(name: str, field: str) -> None:
    """The same moment in the same time zone: pages write 2022-11-05T08:20:00+0200, too."""
    value = getattr(cleaned(name).metadata, field)
    assert value is not None
    found, wanted = datetime.fromisoformat(value), datetime.fromisoformat(expected(name)[field])
    assert (found, found.utcoffset()) == (wanted, wanted.utcoffset())


@pytest.mark.parametrize("name", PAGES)
def test_the_captions_of_a_page_are_lifted(name: str) -> None:
    assert cleaned(name).metadata.captions == expected(name)["captions"]


@pytest.mark.parametrize("name", PAGES)
def test_the_comments_of_a_page_are_lifted(name: str) -> None:
    found = [
        {"author": comment.author, "time": comment.time, "text": comment.text}
        for comment in cleaned(name).metadata.comments
    ]
    assert found == expected(name)["comments"]


@pytest.mark.parametrize("name", PAGES)
def test_the_related_headlines_of_a_page_are_lifted(name: str) -> None:
    assert [related.title for related in cleaned(name).metadata.related] == expected(name)["related"]


@pytest.mark.parametrize("name", PAGES)
def test_the_noise_of_a_page_is_called_what_it_is(name: str) -> None:
    missing = set(expected(name)["noise"]) - {edit.cleaner for edit in cleaned(name).edits}
    assert missing == set()


def test_the_samples_are_of_all_kinds() -> None:
    assert {"".join(path.suffixes) for path in PAGES.values()} == {".html", ".htm", ".xhtml", ".html.gz", ".mhtml"}
    found = {name: decode_page(unpacked(name).content, unpacked(name).origin.content_type) for name in PAGES}
    assert len({page.encoding for page in found.values()}) > 1
    assert len({expected(name)["language"] for name in PAGES}) == 8
