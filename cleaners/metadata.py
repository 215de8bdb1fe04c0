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
    # In the order in which they were found, each once.
    lists: dict[str, dict[str, None]] = {"credits": {}, "captions": {}, "related.title": {}, "related.url": {}}
    comments = _Comments()
    for edit in edits:
        if edit.field is None:
            continue
        value = _value(edit.original)
        if not value:
            continue
        if edit.field in ("title", "byline", "published"):
            if getattr(found, edit.field) is None:
                setattr(found, edit.field, value)
        elif edit.field in lists:
            lists[edit.field].setdefault(value)
        else:
            comments.add(edit.field.removeprefix("comments."), value)
    found.credits, found.captions = list(lists["credits"]), list(lists["captions"])
    found.related = [Related(title=title) for title in lists["related.title"]]
    for url in lists["related.url"]:
        _add_url(found.related, url)
    found.comments = comments.told()
    return found


def _value(original: str) -> str:
    text = " ".join(original.split())
    return repaired(text, 0, len(text), repairs_of(text, 0)).strip()


@dataclass(slots=True)
class _Comments:
    """The comments found so far, and the paragraphs of each."""

    comments: list[Comment] = field(default_factory=list)
    texts: list[list[str]] = field(default_factory=list)

    def add(self, part: str, value: str) -> None:
        """One more part of the last comment, or of a new one."""
        begins = not self.comments or (
            part != "text" and bool(self.texts[-1] or getattr(self.comments[-1], part) is not None)
        )
        if begins:
            self.comments.append(Comment())
            self.texts.append([])
        if part == "text":
            self.texts[-1].append(value)
        else:
            setattr(self.comments[-1], part, value)

    def told(self) -> list[Comment]:
        """Those that have a text."""
        for comment, paragraphs in zip(self.comments, self.texts, strict=True):
            comment.text = "\n\n".join(paragraphs)
        return [comment for comment in self.comments if comment.text]


def _add_url(related: list[Related], url: str) -> None:
    """Give the URL to the related article whose title its path spells, or list it by itself."""
    slug = set(_WORD.findall(url.casefold().rpartition("://")[2].partition("/")[2]))
    for article in related:
        title = [word for word in _WORD.findall((article.title or "").casefold()) if len(word) > 2]
        if article.url is None and len(title) > 2 and sum(word in slug for word in title) >= 0.6 * len(title):
            article.url = url
            return
    related.append(Related(url=url))
