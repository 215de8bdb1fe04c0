"""What was lifted from a document: everything that belongs to an article but not to its body.

Nothing here is guessed: all metadata of a text but its language are put together from the edits that lifted a
piece of it, so each value can be found in the source text at the offsets that the provenance gives. A page says
more about itself (`cleaners.page.metadata`), and where it has each value from.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cleaners.characters import repaired, repairs_of
from cleaners.document import Edit

PAGE_FIELDS: Final = ("title", "byline", "published", "modified", "site", "url", "licence")
"""The fields with one value that a page says of itself, in the order in which people read them."""

_WORD = re.compile(r"[^\W_]+")


@dataclass(slots=True)
class Related:
    """A related article that the page pointed to: its title, its URL, or both."""

    title: str | None = None
    url: str | None = None


@dataclass(slots=True)
class Comment:
    """One reader comment; author and time where the thread had them, as printed there."""

    author: str | None = None
    time: str | None = None
    text: str = ""


@dataclass(slots=True)
class Metadata:
    """What belongs to the article but not to its body.

    Dates are as printed in a text, and mostly ISO 8601 in a page, which may also name its site, canonical URL and
    licence; `sources` says where the page has each from (`json-ld:headline`, `meta:og:title`), by field.
    """

    title: str | None = None
    byline: str | None = None
    published: str | None = None
    modified: str | None = None
    site: str | None = None
    language: str | None = None
    url: str | None = None
    licence: str | None = None
    credits: list[str] = field(default_factory=list)
    captions: list[str] = field(default_factory=list)
    related: list[Related] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    sources: dict[str, str] = field(default_factory=dict)


def metadata_from(edits: Iterable[Edit], language: str | None = None) -> Metadata:
    """The metadata that the edits lifted, of a text in `language` (ISO 639-1), where that is known.

    >>> metadata_from([Edit(0, 8, "", "A storm\\n", "title", "title.above-article", "title")]).title
    'A storm'
    """
    found = Metadata(language=language)
    urls: list[str] = []
    for edit in edits:
        if edit.field is None:
            continue
        value = _value(edit.original)
        if not value:
            continue
        if edit.field in ("title", "byline", "published"):
            if getattr(found, edit.field) is None:
                setattr(found, edit.field, value)
        elif edit.field == "credits":
            _once(found.credits, value)
        elif edit.field == "captions":
            _once(found.captions, value)
        elif edit.field == "related.title":
            if value not in [related.title for related in found.related]:
                found.related.append(Related(title=value))
        elif edit.field == "related.url":
            _once(urls, value)
        else:
            _add_comment(found.comments, edit.field, value)
    for url in urls:
        _add_url(found.related, url)
    found.comments = [comment for comment in found.comments if comment.text]
    return found


def _value(original: str) -> str:
    text = " ".join(original.split())
    return repaired(text, 0, len(text), repairs_of(text, 0)).strip()


def _once(values: list[str], value: str) -> None:
    if value not in values:
        values.append(value)


def _add_comment(comments: list[Comment], field: str, value: str) -> None:
    part = field.removeprefix("comments.")
    last = comments[-1] if comments else None
    if part == "text":
        if last is None:
            comments.append(Comment(text=value))
        else:
            last.text = f"{last.text}\n\n{value}" if last.text else value
    elif last is None or last.text or getattr(last, part) is not None:
        comments.append(Comment(**{part: value}))
    else:
        setattr(last, part, value)


def _add_url(related: list[Related], url: str) -> None:
    """Give the URL to the related article whose title its path spells, or list it by itself."""
    slug = set(_WORD.findall(url.casefold().rpartition("://")[2].partition("/")[2]))
    for article in related:
        title = [word for word in _WORD.findall((article.title or "").casefold()) if len(word) > 2]
        if article.url is None and len(title) > 2 and sum(word in slug for word in title) >= 0.6 * len(title):
            article.url = url
            return
    related.append(Related(url=url))
