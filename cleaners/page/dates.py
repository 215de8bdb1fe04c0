"""Dates as pages write them, made ISO 8601: in data, in words and in figures. Nothing here asks what day it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from cleaners.page.linked import folded
from cleaners.page.trees import copy_without
from cleaners.page.widgets import match

if TYPE_CHECKING:
    from lxml.html import HtmlElement

EARLIEST: Final = 1990
"""Earliest year of a date that is believed: there were no web pages before."""
LATEST: Final = 2100
"""Latest year of a date that is believed."""
LENGTH_MAX: Final = 100
"""Longest text that is looked at as a date, in characters: longer ones are sentences."""

_ISO = re.compile(
    r"(\d{4})([-/.]?)(\d\d|(?<=\D)\d)\2(\d\d|(?<=\D)\d)(?!\d)"
    r"(?:(?:[Tt]|\s+(?:at\s+)?)(\d\d?):?(\d\d)(?::?(\d\d)(?:[.,]\d+)?)?\s*(Z|z|UTC|GMT|[+-]\d\d:?\d\d)?(?![\d:]))?",
    re.ASCII,
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH: Final = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.IGNORECASE | re.ASCII)
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MONTH}\.?,?[\s-]+(\d{{4}})\b", re.IGNORECASE | re.ASCII)
_FIGURES = re.compile(r"(\d{1,2})([./-])(\d{1,2})\2(\d{4})(?!\d)", re.ASCII)
_IN_PATH = re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})(?=/)", re.ASCII)


def iso_date(value: object) -> str | None:
    """A date as ISO 8601, with the time and its offset where they are given; None for what is no date.

    Takes what JSON-LD has for a date: text, seconds or milliseconds since 1970, `{"@value": …}`, or a list of these.

    >>> iso_date("2024-05-03 10:15 UTC"), iso_date("May 3rd, 2024"), iso_date("25.12.2024"), iso_date("soon")
    ('2024-05-03T10:15:00Z', '2024-05-03', '2024-12-25', None)
    """
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, dict):
        value = value.get("@value")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_epoch(value)
    if not isinstance(value, str) or not 6 <= len(text := folded(value[: 2 * LENGTH_MAX])) <= LENGTH_MAX:
        return None
    if match := _ISO.match(text):
        year, _, month, day, hour, minute, second, zone = match.groups()
        return _checked(year, month, day, f"T{hour:0>2}:{minute}:{second or '00'}{_offset(zone)}" if hour else "")
    if match := _MONTH_FIRST.search(text):
        name, day, year = match.groups()
    elif match := _DAY_FIRST.search(text):
        day, name, year = match.groups()
    else:
        return _of_figures(text)
    date = _checked(year, str(_MONTHS.index(name[:3].lower()) + 1), day)
    return _with_time(date, text) if date else None


def date_in_path(url: str) -> str | None:
    """The date in the path of a URL.

    >>> date_in_path("https://quay.example/2024/5/3/gas-leak")
    '2024-05-03'
    """
    match = _IN_PATH.search(url)
    return _checked(*match.groups()) if match else None


def searched_date(tree: HtmlElement, url: str | None, latest: str | None) -> str | None:
    """The date that htmldate finds by looking at all of the page, no later than the date `latest`; it takes 4 ms."""
    from htmldate import find_date  # noqa: PLC0415 (it takes long to import, and most pages do without)

    try:
        # With bounds of our own, because those of htmldate go by today's date.
        found: str | None = find_date(
            _without_comments(tree),
            extensive_search=False,
            original_date=True,
            url=url,
            min_date=f"{EARLIEST}-01-01",
            max_date=latest or f"{LATEST}-12-31",
        )
    except Exception:  # whatever a page does to htmldate, it has no date then
        return None
    return found


def _without_comments(tree: HtmlElement) -> HtmlElement:
    """The page itself or, where it has threads of readers' comments, a copy of it without them."""
    threads = [
        element
        for element in tree.iter("div", "section", "ol", "ul")
        if (attributes := dict(element.items())) and (match(element.tag, attributes) or "").startswith("comments.")
    ]
    return copy_without(tree, threads) if threads else tree


def _checked(year: str, month: str, day: str, clock: str = "") -> str | None:
    """The date, with its time where that is one, if there is such a day."""
    date = f"{year}-{month:0>2}-{day:0>2}"
    for stamp in (date + clock, date):
        try:
            datetime.fromisoformat(stamp)
        except ValueError:
            continue
        return stamp if EARLIEST <= int(year) <= LATEST else None
    return None


def _offset(zone: str | None) -> str:
    if not zone or zone[0] in "+-":
        return f"{zone[:3]}:{zone[-2:]}" if zone else ""
    return "Z"


def _of_figures(text: str) -> str | None:
    """`25.12.2024` and its kin; None where the page does not say which figure is the month."""
    match = _FIGURES.match(text)
    if not match:
        return None
    first, mark, second, year = match.groups()
    if mark == ".":
        return _checked(year, second, first)
    either = {_checked(year, second, first), _checked(year, first, second)} - {None}
    return either.pop() if len(either) == 1 else None


def _with_time(date: str, text: str) -> str:
    """The date with its time where the text is a date of an e-mail or HTTP header, else the date alone."""
    try:
        found = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return date
    stamp = found.isoformat()
    return stamp if stamp.startswith(date) and found.tzinfo is not None else date


def _of_epoch(number: float) -> str | None:
    """The time that is meant by seconds or milliseconds since 1970."""
    if not 1e8 < number < 1e13:
        return None
    found = datetime.fromtimestamp(int(number / 1000 if number > 1e11 else number), UTC)
    return found.isoformat() if EARLIEST <= found.year <= LATEST else None
