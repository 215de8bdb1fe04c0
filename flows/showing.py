"""Foreign text made fit to show: in a terminal, a log or a table it must stay text, whatever it holds."""

from __future__ import annotations

import re

# Control characters steer a terminal, bidirectional overrides turn what stands beside them around, and lone
# surrogates cannot be written as UTF-8.
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_UNFIT_IN_LINE = re.compile(_UNFIT.pattern[:-1] + "\t\n]")


def shown(text: str) -> str:
    r"""`text` with everything but printable characters, tabs and line feeds as escapes.

    >>> shown("\x1b[31mred\n")
    '\\x1b[31mred\n'
    """
    return _UNFIT.sub(_escape, text)


def shown_name(name: str) -> str:
    r"""A file name or message on one line: as `shown`, tabs and line feeds escaped, too.

    >>> shown_name("two\nlines.txt"), shown_name("caf\udce9.txt")
    ('two\\nlines.txt', 'caf\\udce9.txt')
    """
    return _UNFIT_IN_LINE.sub(_escape, name)


def in_markdown(text: str) -> str:
    r"""`text` as a cell of a Markdown table.

    >>> in_markdown("a|b_c")
    'a\\|b\\_c'
    """
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~-])", r"\\\1", shown_name(text))


def and_more(lines: list[str], most: int) -> list[str]:
    """At most `most` of `lines`, and how many more there are.

    >>> and_more(["a", "b", "c"], 2)
    ['a', 'b', 'and 1 more']
    """
    return lines if len(lines) <= most else [*lines[:most], f"and {len(lines) - most:,} more"]


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
