"""The time of each cleaner grows as its input does, for the worst inputs; `bench/growth.py` measures it in full."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import pytest
from folders import PROJECT

from cleaners import CLEANERS, clean_html, clean_text
from cleaners.page.trees import too_much_of

sys.path.append(str(PROJECT / "bench"))

from growth import Case, Growth, cases, grown, measured
from worst import COUNTED, PAGES, TEXTS, Maker, numbered, repeated

LEAST = 0.008
"""CPU seconds that the smaller of two runs takes at least."""
TIMES = 9
"""How many times as long four times the input may take: 4 would be even, 16 is quadratic."""
PAGES_SEEN_SLOW = [
    *("comments in lines", "pointers in lines", "an attribute", "attributes", "links to networks behind lines"),
    *("rows beside a picture", "widgets in a sentence", "a wide row", "JSON-LD questions", "metas"),
]
"""Pages that once took quadratic time."""


def seconds(work: Callable[[str], object], given: str) -> float:
    begin = time.process_time()
    work(given)
    return time.process_time() - begin


def grows_evenly(work: Callable[[str], object], make: Maker) -> bool:
    """Whether four times the input takes about four times the time; a busy machine is given three tries."""
    size = 2_000
    while (least := seconds(work, make(size))) < LEAST and size < 400_000:
        size *= 2
    return any(seconds(work, make(4 * size)) <= TIMES * max(least, LEAST) for _ in range(3))


@pytest.mark.parametrize(("work", "name"), [(work, name) for work, worst in TEXTS.items() for name in worst])
def test_the_time_for_the_worst_text_grows_as_it_does(work: str, name: str) -> None:
    cleaner = next((each for each in CLEANERS if each.name == work), clean_text)
    assert grows_evenly(cleaner, TEXTS[work][name])


@pytest.mark.parametrize("name", PAGES_SEEN_SLOW)
def test_the_time_for_the_worst_page_grows_as_it_does(name: str) -> None:
    assert grows_evenly(clean_html, PAGES[name])


@pytest.mark.parametrize("name", COUNTED)
def test_the_time_for_counting_the_elements_of_the_worst_page_grows_as_it_does(name: str) -> None:
    assert grows_evenly(lambda page: too_much_of(page.encode(), len(page)), COUNTED[name])


def test_every_cleaner_has_its_worst_text() -> None:
    assert set(TEXTS) == {"clean_text", *(cleaner.name for cleaner in CLEANERS)}


@pytest.mark.parametrize("size", [1_000, 10_000])
def test_the_worst_inputs_have_the_size_that_is_asked_for(size: int) -> None:
    for make in (repeated("ab\n"), numbered("# @\n", head="a", tail="b"), *PAGES.values()):
        assert len(make(size)) < size + 20_000
    assert 0.9 * size <= len(repeated("ab\n")(size)) <= size


def test_what_is_quadratic_is_seen() -> None:
    def quadratic(text: str) -> list[int]:
        return [text.count(f"a{number}") for number in range(len(text) // 80)]

    assert not grows_evenly(quadratic, repeated("a"))


def test_each_size_is_measured_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("growth.LEAST", 0.02)
    case = Case("clean_text", "words", repeated("a b c. "), False)
    (growth,) = grown([case], lambda _: 0.016, 2)
    assert growth.megabytes == (0.001, 0.002, 0.004, 0.008, 0.016)
    assert all(each is not None and each > 0 for each in growth.seconds)
    assert growth.memory_mb > 10


def test_a_case_that_was_given_up_is_not_met() -> None:
    assert not Growth("clean_text", "a", (1.0, 16.0), (1.0, None), 0).met


def test_a_case_is_met_where_both_its_ends_and_what_lies_between_are_as_they_should() -> None:
    def growth(*seconds: float) -> Growth:
        return Growth("clean_text", "a", (1.0, 2.0, 4.0, 8.0, 16.0), seconds, 0)

    assert growth(1, 2, 4, 9, 19.9).met
    assert not growth(1, 2, 4, 9, 20.1).met
    assert growth(1, 2, 4, 17.9, 19).times_at_four == 8.95
    assert growth(1, 2, 4, 17.9, 19).met
    assert not growth(1, 2, 4, 18.1, 19).met


def test_a_short_piece_of_work_is_measured_by_its_mean() -> None:
    runs = []
    took, _ = measured(lambda: runs.append(sum(range(100_000))))
    assert len(runs) > 1
    assert took > 0


def test_the_names_of_the_cases_tell_them_apart() -> None:
    known = [(case.work, case.name) for case in cases()]
    assert len(set(known)) == len(known) > 90
