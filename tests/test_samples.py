"""The sample scrapes in `raw/` that are plain text, each with the body that must come out; the pages have their own."""

from __future__ import annotations

import pytest
from folders import PROJECT
from test_page_samples import EXPECTED_PAGES, PAGES

from cleaners import apply, clean_text, revert
from cleaners.decode import decode

RAW, EXPECTED = PROJECT / "raw", PROJECT / "tests" / "expected"
NAMES = sorted(str(path.relative_to(RAW)) for path in RAW.rglob("*.txt"))


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_becomes_its_expected_body(name: str) -> None:
    source = decode((RAW / name).read_bytes()).text
    result = clean_text(source)
    assert result.text.rstrip("\n") == (EXPECTED / name).read_bytes().decode().rstrip("\n")
    assert apply(source, result.edits) == result.text
    assert revert(result.text, result.edits) == source
    assert clean_text(result.text).edits == ()


def test_each_sample_has_an_expected_body_and_each_body_a_sample() -> None:
    bodies = {str(path.relative_to(EXPECTED)) for path in EXPECTED.rglob("*.txt")}
    of_pages = {str(path.relative_to(EXPECTED)) for path in EXPECTED_PAGES.rglob("*.txt")}
    assert sorted(bodies - of_pages) == NAMES
    assert len(NAMES) == 14
    assert of_pages == {f"pages/{name}.txt" for name in PAGES}
    assert sorted(path.stem for path in EXPECTED_PAGES.rglob("*.json")) == sorted(PAGES)
    assert len(PAGES) == 10


def test_one_sample_is_windows_1251_and_one_has_a_byte_order_mark() -> None:
    found = {name: decode((RAW / name).read_bytes()) for name in NAMES}
    assert [name for name in NAMES if found[name].encoding == "cp1251"] == ["news/most-cherez-vyazunku.txt"]
    assert [name for name in NAMES if (RAW / name).read_bytes().startswith(b"\xef\xbb\xbf")] == ["harbour-lights.txt"]
