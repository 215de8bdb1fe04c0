"""Clean articles, records and failures to the CLEAN folder: each file whole or not at all, and never one
outside of it, also where a link inside of it leads out.
"""

from __future__ import annotations

import itertools
import os
from contextlib import suppress

from flows.reading import is_inside

_numbers = itertools.count()


class OutsideClean(OSError):  # noqa: N818  (it names where the file would have gone)
    """A file that would have been written outside of the CLEAN folder."""


def write_file(clean: str, name: str, content: bytes) -> None:
    """Write `content` to the file `name` (a relative POSIX path) in the folder `clean`, whole or not at all.

    Raises `OutsideClean` when a link on the way leads out, and `OSError` when it cannot be written.
    """
    folder = _folder_of(clean, name)
    os.makedirs(folder, exist_ok=True)
    # Short, since the name itself may be as long as a name can be, and in the same folder, since only a move
    # within a file system is atomic.
    temporary = os.path.join(folder, f".cleancopy-{os.getpid()}-{next(_numbers)}.tmp")
    try:
        with open(temporary, "xb") as file:
            file.write(content)
        os.replace(temporary, os.path.join(folder, os.path.basename(name)))
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)
        raise


def remove_file(clean: str, name: str) -> None:
    """Remove the file `name` from the folder `clean`, if it is there."""
    with suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(os.path.join(_folder_of(clean, name), os.path.basename(name)))


def is_temporary(name: str) -> bool:
    """Whether a file of this name was left over by a run that was killed while writing.

    >>> is_temporary(".cleancopy-71-0.tmp")
    True
    """
    return name.startswith(".cleancopy-") and name.endswith(".tmp")


def _folder_of(clean: str, name: str) -> str:
    """The real path of the folder in which `name` lies, links resolved before anything is made there."""
    root = os.path.realpath(clean)
    folder = os.path.realpath(os.path.join(root, os.path.dirname(name)))
    if not is_inside(root, folder):
        raise OutsideClean(0, "a link in the clean folder leads out of it")
    return folder
