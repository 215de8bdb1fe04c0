"""Clean articles, records and failures to the CLEAN folder: each file whole or not at all, and never one
outside of it, also where a link inside of it leads out.
"""

from __future__ import annotations

import itertools
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from typing import BinaryIO

from flows.reading import is_inside

_ours = secrets.token_hex(4)
"""Apart from the number of the process: on Dask, processes of several machines write into one folder."""

_numbers = itertools.count()


class OutsideClean(OSError):  # noqa: N818  (it names where the file would have gone)
    """A file that would have been written outside of the CLEAN folder."""


def write_files(clean: str, contents: Mapping[str, bytes]) -> None:
    """Write files, by their names (relative POSIX paths) in the folder `clean`: each whole, and all or none of them.

    `clean` is a real path, without links. Only when this process is killed between two of the moves that show the
    finished files, or the file system fails there, is one there without the next.

    Raises `OutsideClean` when a link on the way leads out, and `OSError` when one cannot be written.
    """
    moves: list[tuple[str, str]] = []
    try:
        for name, content in contents.items():
            folder = _folder_of(clean, name)
            # Short, since the name itself may be as long as a name can be, and in the same folder, since only a move
            # within a file system is atomic.
            temporary = os.path.join(folder, f".cleancopy-{os.getpid()}-{_ours}-{next(_numbers)}.tmp")
            moves.append((temporary, os.path.join(folder, os.path.basename(name))))
            with _new(temporary) as file:
                file.write(content)
        for temporary, path in moves:
            os.replace(temporary, path)
    except BaseException:
        for temporary, _ in moves:
            with suppress(OSError):
                os.unlink(temporary)
        raise


def _new(path: str) -> BinaryIO:
    """A new file, in a folder that may be new, too."""
    try:
        return open(path, "xb")
    except FileNotFoundError:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return open(path, "xb")


def remove_file(clean: str, name: str) -> None:
    """Remove the file `name` from the folder `clean`, if it is there."""
    if not os.path.lexists(os.path.join(clean, name)):
        return
    with suppress(FileNotFoundError, NotADirectoryError):
        os.unlink(os.path.join(_folder_of(clean, name), os.path.basename(name)))


def remove_temporary(clean: str) -> None:
    """Remove what processes that were killed while writing have left in the folder `clean`."""
    for folder, folders, names in os.walk(clean):
        folders[:] = [each for each in folders if not is_temporary(each)]  # a review page that is being made
        for name in filter(is_temporary, names):
            remove_file(clean, os.path.relpath(os.path.join(folder, name), clean))


def is_temporary(name: str) -> bool:
    """Whether a file of this name was left over by a run that was killed while writing.

    >>> is_temporary(".cleancopy-71-5e0c91fa-0.tmp")
    True
    """
    return name.startswith(".cleancopy-") and name.endswith(".tmp")


def _folder_of(clean: str, name: str) -> str:
    """The real path of the folder in which `name` lies, links resolved before anything is made there."""
    folder = clean
    for part in name.split("/")[:-1]:
        folder = f"{folder}/{part}"
        if os.path.islink(folder):
            break
    else:
        return folder  # nearly always, and in a third of the time
    folder = os.path.realpath(os.path.join(clean, os.path.dirname(name)))
    if not is_inside(clean, folder):
        raise OutsideClean(0, "a link in the clean folder leads out of it")
    return folder
