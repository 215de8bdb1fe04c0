"""What cleancopy is built on: known vulnerabilities of the pinned packages, and the licences of those it runs with.

    python bench/supply.py            # prints both; `make supply` installs what it needs first
    python bench/supply.py --write    # writes docs/licences.md anew

Vulnerabilities are looked up without a network in safety-db, a list that its publisher gives away on PyPI and last did
on 17 July 2021. It can tell that a pin is older than a repair of that time, and nothing of what was found out since:
for that, run `pip-audit -r constraints.txt` on a machine with a network. Licences are those that the installed packages
name themselves; one of them must be among those allowed here. Ends with status 1 when something is wrong.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

PROJECT: Final = Path(__file__).resolve().parents[1]
LICENCES: Final = PROJECT / "docs" / "licences.md"
EXTRAS: Final = ("", "dask")
"""What people install of cleancopy to run it."""
ALLOWED: Final = frozenset(
    {"MIT", "MIT-0", "BSD", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "PSF-2.0", "CNRI-Python"}
    | {"MPL-1.1", "MPL-2.0", "Artistic"}
)
"""Licences under which a library may be used beside code under any other, as SPDX calls them; `BSD` where a package
does not say which."""

_CALLED: Final = (
    (r"apache( software)?( license)?[ -]*(2\.0)?", "Apache-2.0"),
    (r"(the )?mit licen[sc]e( \(mit\))?|mit", "MIT"),
    (r"(the )?bsd 2-clause license|bsd-2-clause", "BSD-2-Clause"),
    (r"bsd-3-clause", "BSD-3-Clause"),
    (r"bsd( license)?", "BSD"),
    (r"isc( license)?( \(iscl\))?", "ISC"),
    (r"mozilla public license 2\.0( \(mpl 2\.0\))?|mpl-2\.0", "MPL-2.0"),
    (r"artistic license", "Artistic"),
    (r"gnu general public license.*", "GPL"),
)
"""What packages call licences, and what SPDX does."""


@dataclass(frozen=True, slots=True)
class Package:
    """An installed package and the licence that it names, as an SPDX expression."""

    name: str
    licence: str


def pins(constraints: str) -> dict[str, str]:
    """The pinned versions in a constraints file, by canonical name.

    >>> pins("lxml==6.1.3\\n# a comment\\nPyYAML==6.0.3\\n")
    {'lxml': '6.1.3', 'pyyaml': '6.0.3'}
    """
    lines = (line.partition("#")[0].strip() for line in constraints.splitlines())
    pairs = (line.split("==") for line in lines if "==" in line)
    return {canonicalize_name(name): version for name, version in pairs}


def affected(pinned: Mapping[str, str], insecure: Mapping[str, Sequence[str]]) -> list[str]:
    """The pins that a list of insecure versions names: `lxml 4.6.1 (insecure: <4.6.2)`.

    >>> affected({"lxml": "4.6.1"}, {"lxml": ["<4.6.2", "<3"]})
    ['lxml 4.6.1 (insecure: <4.6.2)']
    """
    return [
        f"{name} {pinned[name]} (insecure: {versions})"
        for listed, specifiers in insecure.items()
        if (name := canonicalize_name(listed)) in pinned
        for versions in specifiers
        if SpecifierSet(versions).contains(pinned[name], prereleases=True)
    ]


def running() -> list[metadata.Distribution]:
    """The installed packages that cleancopy needs to run, itself left out, by name."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [("cleancopy", extra) for extra in EXTRAS]
    seen: set[tuple[str, str]] = set()
    while waiting:
        name, extra = waiting.pop()
        if (name, extra) in seen:
            continue
        seen.add((name, extra))
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # an extra that is not installed
        for line in found[name].requires or ():
            needed = Requirement(line)
            if needed.marker is None or needed.marker.evaluate({"extra": extra}):
                waiting += [(canonicalize_name(needed.name), each) for each in ("", *needed.extras)]
    return [found[name] for name in sorted(found) if name != "cleancopy"]


def package(installed: metadata.Distribution) -> Package:
    """An installed package with its licence: as its metadata say in SPDX, in words, or by classifiers."""
    said = installed.metadata
    name = canonicalize_name(said["Name"])
    if expression := said.get("License-Expression"):
        return Package(name, expression)
    words = (said.get("License") or "").strip()
    known = _spdx(words.splitlines()[0].partition("  ")[0]) if words else None
    if known is not None:
        return Package(name, known)
    listed = [each.rpartition(" :: ")[2] for each in said.get_all("Classifier") or () if each.startswith("License")]
    return Package(name, " OR ".join(dict.fromkeys(_spdx(each) or each for each in listed)) or words[:60] or "unknown")


def _spdx(words: str) -> str | None:
    if is_allowed(words):
        return words
    return next((name for called, name in _CALLED if re.fullmatch(called, words.strip(), re.IGNORECASE)), None)


def is_allowed(licence: str) -> bool:
    """Whether an SPDX expression can be met with allowed licences.

    >>> is_allowed("GPL-2.0-only OR MPL-1.1"), is_allowed("MIT AND (GPL-2.0-only OR LGPL-2.1-only)")
    (True, False)
    """
    while (inner := re.search(r"\(([^()]*)\)", licence)) is not None:
        licence = licence[: inner.start()] + ("MIT" if is_allowed(inner[1]) else "none") + licence[inner.end() :]
    choices = licence.split(" OR ")
    return any(all(name.strip() in ALLOWED for name in choice.split(" AND ")) for choice in choices)


def table(packages: Iterable[Package]) -> str:
    """The content of `docs/licences.md`."""
    lines = [
        "# Licences",
        "",
        "The packages that cleancopy needs to run, with Dask, in the versions of `constraints.txt`, and the licences "
        "that they name themselves. `python bench/supply.py --write` makes this list from what is installed; a test "
        "holds it against that, and refuses licences that ask for more than to be named.",
        "",
        "| package | licence |",
        "| --- | --- |",
        *(f"| {each.name} | {each.licence} |" for each in packages),
    ]
    return "\n".join(lines) + "\n"


def listed(document: str) -> dict[str, str]:
    """The packages and licences in a document made by `table`."""
    rows = re.findall(r"^\| ([a-z0-9][a-z0-9-]*) \| (.+) \|$", document, re.MULTILINE)
    return {name: licence for name, licence in rows if name != "package"}


def advisories() -> tuple[str, dict[str, list[str]]] | None:
    """The date of safety-db and its list of insecure versions, where it is installed."""
    spec = find_spec("safety_db")
    if spec is None or spec.origin is None:
        return None
    insecure = json.loads(Path(spec.origin).with_name("insecure.json").read_bytes())
    year, month, day = map(int, metadata.version("safety-db").split("."))
    return f"{year}-{month:02}-{day:02}", {name: found for name, found in insecure.items() if name != "$meta"}


def report(pinned: Mapping[str, str], packages: Sequence[Package]) -> Iterator[tuple[bool, str]]:
    """What there is to say, line by line, and whether it is as it should be."""
    known = advisories()
    if known is None:
        yield False, "vulnerabilities: not looked up: pip install -c constraints.txt 'cleancopy[supply]'"
    else:
        date, insecure = known
        found = affected(pinned, insecure)
        names = sum(canonicalize_name(name) in pinned for name in insecure)
        yield not found, f"{len(found)} of {len(pinned)} pins are known to be vulnerable (asked: none)"
        yield from ((False, f"    {each}") for each in found)
        yield True, f"the list is of {date} and names {names} of these packages; what was found out since is not in it"
    wrong = [each for each in packages if not is_allowed(each.licence)]
    yield not wrong, f"{len(wrong)} of {len(packages)} packages have a licence that is not allowed (asked: none)"
    yield from ((False, f"    {each.name}: {each.licence}") for each in wrong)


def main() -> None:
    """Print the report, or write the licences."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--write", action="store_true", help="write docs/licences.md")
    asked = options.parse_args()
    packages = [package(each) for each in running()]
    if asked.write:
        LICENCES.write_text(table(packages), encoding="utf-8")
    fine = True
    for right, line in report(pins((PROJECT / "constraints.txt").read_text(encoding="utf-8")), packages):
        print(f"{'met   ' if right else 'MISSED'} {line}")
        fine = fine and right
    sys.exit(not fine)


if __name__ == "__main__":
    main()
