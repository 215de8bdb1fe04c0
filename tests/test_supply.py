"""What the project is built on: each package that it runs with is listed with a licence that is allowed."""

from __future__ import annotations

import sys

import pytest
from folders import PROJECT

sys.path.append(str(PROJECT / "bench"))

from supply import LICENCES, affected, is_allowed, listed, package, pins, running, table

PACKAGES = [package(installed) for installed in running()]


def test_the_packages_that_it_runs_with_are_found_with_those_that_they_need() -> None:
    names = {each.name for each in PACKAGES}
    assert {"lxml", "prefect", "trafilatura", "courlan", "tld"} <= names
    assert names.isdisjoint({"cleancopy", "pytest", "ruff", "mypy"})


def test_each_package_that_it_runs_with_is_listed_with_its_licence() -> None:
    known = listed(LICENCES.read_text(encoding="utf-8"))
    assert [each for each in PACKAGES if known.get(each.name) != each.licence] == []


def test_each_package_that_it_runs_with_has_a_licence_that_is_allowed() -> None:
    assert [each for each in PACKAGES if not is_allowed(each.licence)] == []


def test_the_list_says_what_was_put_into_it() -> None:
    assert listed(table(PACKAGES)) == {each.name: each.licence for each in PACKAGES}


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-only", "MIT AND GPL-2.0-only", "(GPL-2.0-only OR AGPL-3.0-only)", "", "unknown"]
)
def test_a_licence_that_asks_for_more_is_refused(licence: str) -> None:
    assert not is_allowed(licence)


@pytest.mark.parametrize("licence", ["MIT", "GPL-2.0-only OR MIT", "MPL-2.0 AND (Apache-2.0 OR GPL-3.0-only)"])
def test_a_licence_that_can_be_met_is_allowed(licence: str) -> None:
    assert is_allowed(licence)


def test_every_package_that_it_runs_with_is_pinned() -> None:
    pinned = pins((PROJECT / "constraints.txt").read_text(encoding="utf-8"))
    assert [each.name for each in PACKAGES if each.name not in pinned] == []


def test_a_pin_that_is_known_to_be_vulnerable_is_told() -> None:
    insecure = {"Osk_Parser": ["<1.4", ">=2.0,<2.0.3"], "other": ["<9"]}
    assert affected({"osk-parser": "1.3.9"}, insecure) == ["osk-parser 1.3.9 (insecure: <1.4)"]
    assert affected({"osk-parser": "2.0.1"}, insecure) == ["osk-parser 2.0.1 (insecure: >=2.0,<2.0.3)"]
    assert affected({"osk-parser": "2.0.3"}, insecure) == []
