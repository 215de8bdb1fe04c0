"""The TOML files that users write, read as strangers' files: their size is limited, and every fault is named with its
line.
"""

from __future__ import annotations

import re
from typing import Final

SIZE_MAX: Final = 1 << 20
"""Longest file, in characters."""

# Python's parser takes quadratic time for long dotted keys, of which no file of users has any.
_DOTTED = re.compile(
    r"""(?:^|[{,\[])[ \t]*(?:(?:[\w-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){32}""", re.MULTILINE | re.ASCII
)
_LINE = re.compile(r"line (\d+)")


class TomlRefused(ValueError):  # noqa: N818  (it says what happened to the file)
    """A file that is not taken; the message is `file: reason`, or `file:line: reason` where one line is at fault."""


def parsed(toml: str, name: str) -> dict[str, object]:
    """The tables of a file, whose text is `toml` and which errors call `name`.

    Raises `TomlRefused`.

    >>> parsed('note = "ferry"', "own.toml")
    {'note': 'ferry'}
    """
    import tomllib  # noqa: PLC0415 (importing the library is to cost little)

    if len(toml) > SIZE_MAX:
        raise TomlRefused(f"{name}: it is larger than {SIZE_MAX:,} characters: take out what no longer counts")
    deep = TomlRefused(f"{name}: it is nested too deeply")
    if _DOTTED.search(toml):
        raise deep
    try:
        return tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        found = _LINE.search(str(error))
        line = found[1] if found else toml.count("\n") + 1
        raise TomlRefused(f"{name}:{line}: not valid TOML: {error}") from None
    except RecursionError:
        raise deep from None
    except ValueError:
        raise TomlRefused(f"{name}: a number in it has too many digits") from None
