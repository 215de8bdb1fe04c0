"""Which site a document is of, as corrections name it: the host that it was found at."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast
from urllib.parse import urlsplit


def site_of(metadata: Mapping[str, object], origin: Mapping[str, object] | None) -> str | None:
    """The host of the URL in the `metadata` of a record, else of that in its `origin`: lower case, without `www.`.

    None where neither is known, as for texts.

    >>> site_of({"url": "https://www.Example.org/a"}, None), site_of({"url": None}, {"url": "http://b.example:8080/"})
    ('example.org', 'b.example')
    """
    for known in (metadata, origin or {}):
        host = _host(cast("str | None", known.get("url")))
        if host is not None:
            return host
    return None


def _host(url: str | None) -> str | None:
    try:
        host = urlsplit(url or "").hostname
    except ValueError:  # as of brackets that hold no address
        return None
    return (host or "").rstrip(".").removeprefix("www.") or None
