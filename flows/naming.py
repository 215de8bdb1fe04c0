"""Where the clean article of each source lies: names that stay inside CLEAN whatever the source is called,
that fit the file system, and that no two sources share, also where case, Unicode normal form or characters that do not
show do not count.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flows.reading import HANDLED, ending_of

FAILED = "_failed"
"""The folder in CLEAN that keeps what was set aside."""

CATALOG = "_catalog"
"""The folder in CLEAN that keeps the catalog."""

REVIEW = "_review"
"""The folder in CLEAN that keeps the review page."""

LONGEST = 255
"""Bytes of the longest file name on the file systems in use (ext4, XFS, APFS, NTFS in their own units)."""

LONGEST_PATH = 768
"""Bytes of the longest path in CLEAN: with that of CLEAN before it, a path may have 1024 on macOS and 4096 on Linux."""

_OUTPUTS = (".txt", ".json")
_ROOM = max(map(len, _OUTPUTS))
_DIGITS = (8, 16, 64)
_HASHED = re.compile(rf"~(?:{'|'.join(f'[0-9a-f]{{{digits}}}' for digits in _DIGITS)})\Z")
"""How a name with a hash ends. No plain name ends so: else files and folders could be called what the hash of another
source will be, which then had no name left."""
_REST = len(f"{FAILED}/") + max(_DIGITS) + 1
"""Bytes that may come to a path: the folder of failures, and a hash."""


@dataclass(frozen=True, slots=True)
class Place:
    """The names of a source in CLEAN: of its outputs, without ending, and of its failure record."""

    stem: str
    failed: str


def places(sources: Iterable[str]) -> dict[str, Place]:
    """A place for each source, none shared: the same for the same set of sources, in whatever order they
    come.

    A source that cannot have its plain name (taken, unsafe, too long) gets `~` and a hash of the source
    added.

    >>> places(["b.md", "b.txt", "a/c.TXT"])["b.txt"].stem
    'b'
    >>> places(["b.md", "b.txt"])["b.md"].stem
    'b~11dd481a'
    """
    ordered = sorted(set(sources), key=_rank)
    stems = _assigned(ordered, {source: without_ending(source) for source in ordered}, _OUTPUTS)
    failed = _assigned(ordered, {source: source for source in ordered}, (".json",))
    return {source: Place(stems[source], f"{FAILED}/{failed[source]}.json") for source in ordered}


def possible_stems(source: str) -> Iterator[str]:
    """Every name that the outputs of `source` can have: the plain one and those with a hash."""
    wanted = without_ending(source)
    plain = _plain(wanted, _ROOM)
    if plain == wanted:
        yield wanted
    for digits in _DIGITS:
        yield _hashed(plain, source, digits, _ROOM)


def without_ending(source: str) -> str:
    """The source name without the ending of a kind that is handled.

    >>> without_ending("a/b.c.Text"), without_ending("a/b.html.gz"), without_ending("a/b.c")
    ('a/b.c', 'a/b', 'a/b.c')
    """
    ending = ending_of(source)
    return source[: -len(ending)] if ending.lower() in HANDLED else source


def _rank(source: str) -> tuple[int, str]:
    ending = ending_of(source).lower()
    return (HANDLED.index(ending) if ending in HANDLED else len(HANDLED), source)


def _assigned(ordered: list[str], wanted: dict[str, str], endings: tuple[str, ...]) -> dict[str, str]:
    """A name for each source: first those that can have what is wanted, then, with a hash, the others."""
    room = max(map(len, endings))
    plain = {source: _plain(wanted[source], room) for source in ordered}
    folders = set(map(_key, _folders_of(plain.values())))
    taken: set[str] = set()
    given: dict[str, str] = {}

    def claim(source: str, name: str) -> bool:
        key = _key(name)
        # `b.md` becomes `b.txt`, which may be the name of a folder.
        if key in taken or any(key + ending in folders for ending in endings):
            return False
        taken.add(key)
        given[source] = name
        return True

    late = [source for source in ordered if plain[source] != wanted[source] or not claim(source, wanted[source])]
    for source in late:
        for digits in _DIGITS:
            if claim(source, _hashed(plain[source], source, digits, room)):
                break
    return given


def _folders_of(names: Iterable[str]) -> set[str]:
    """Every folder that some of `names` lie in."""
    folders: set[str] = set()
    for name in names:
        folder = name.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    return folders


def _key(name: str) -> str:
    """What two names have in common that some file system takes for one.

    APFS and NTFS do not tell apart by case, ZFS with `normalization=formKC` not by compatible characters (`ﬁ` and
    `fi`), ext4 with `casefold` and HFS+ not by characters that do not show (compare Unicode's NFKC_Casefold).
    """
    if name.isascii():
        return name.lower()
    folded = unicodedata.normalize("NFKD", name).casefold()
    return unicodedata.normalize("NFKD", _IGNORABLE.sub("", folded))


_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f"
    "\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Unicode's Default_Ignorable_Code_Point."""


def _plain(wanted: str, room: int) -> str:
    """`wanted` made safe and short enough; the same as `wanted` for nearly every name."""
    *folders, last = wanted.split("/")
    parts = [_folder(folder) for folder in folders]
    if parts and _key(parts[0]) in (FAILED, CATALOG, REVIEW):
        parts[0] = "_"
    last = _part(last, LONGEST - room)
    if _HASHED.search(_key(last)):
        last = _fitting(last, LONGEST - room - 1) + "_"
    size = _size(last) + room
    for number, part in enumerate(parts):
        size += _size(part) + 1
        if size > LONGEST_PATH - _REST:
            return "/".join([*parts[:number], last])
    return "/".join([*parts, last])


def _hashed(plain: str, source: str, digits: int, room: int) -> str:
    digest = hashlib.sha256(source.encode("utf-8", "surrogatepass")).hexdigest()[:digits]
    folder, slash, last = plain.rpartition("/")
    return f"{folder}{slash}{_fitting(last, LONGEST - room - digits - 1)}~{digest}"


def _folder(part: str) -> str:
    """The name of a folder, safe and short enough: Windows drops dots and blanks at its end."""
    safe = _part(part, LONGEST)
    if safe[-1] in ". ":
        return safe.rstrip(". ") + "_"
    stem, dot, ending = _key(safe).rpartition(".")
    if dot + ending in _OUTPUTS and _HASHED.search(stem):
        return _fitting(safe, LONGEST - 1) + "_"
    return safe


def _part(part: str, longest: int) -> str:
    """`part`, or one with `_` for what no name on some system has, in at most `longest` bytes.

    Undecodable bytes of a file name stand as U+DC80 to U+DCFF (PEP 383) and are fine. A backslash is a slash on
    Windows, where names such as `aux.txt` are those of devices.
    """
    cut = _fitting(_UNSAFE.sub("_", part), longest)
    if not cut.strip(". "):
        return "_"
    return _fitting(f"_{cut}", longest) if _DEVICE.fullmatch(cut) else cut


_UNSAFE = re.compile(r"[\0\\\ud800-\udc7f\udd00-\udfff]")
_DEVICE = re.compile(
    r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³]) *(?:[.:].*)?", re.IGNORECASE | re.DOTALL
)


def _fitting(part: str, longest: int) -> str:
    """The first characters of `part` that fit in `longest` bytes."""
    if _size(part) <= longest:
        return part
    size = 0
    for position, char in enumerate(part):
        size += _size(char)
        if size > longest:
            return part[:position]
    return part


def _size(part: str) -> int:
    return len(part.encode("utf-8", "surrogateescape"))
