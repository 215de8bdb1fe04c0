"""What one document may cost and hold, and that the kernel ends what costs more, also within a C library."""

from __future__ import annotations

import gzip
import resource
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from deadly import clean_or_cost, cost, half_a_second, has_lists_of_words, load_long, load_or_die, lost, who_loaded
from folders import ARTICLE, BODY, write

from cleaners import clean_html
from cleaners.decode import NotText
from flows import clean_articles as module
from flows.budget import Budget
from flows.clean_articles import clean_articles
from flows.cleaning import clean_raw, load
from flows.preparing import settings_for
from flows.reading import Refused, read_raw
from flows.runners import RunnerError, run_chunks
from flows.summary import Summary
from flows.verify import Report, verify

PAGE = "<html><head><title>Ferry</title></head><body><p>The old ferry line reopens.</p></body></html>"
_LINE = "The ferry runs again. "


@pytest.mark.parametrize(
    ("limit", "source", "of", "reason"),
    [
        ("max_bytes", "a.txt", lambda size: "x" * size, "too-large"),
        ("max_bytes", "a.txt.gz", lambda size: gzip.compress(b"x" * size), "too-large"),
        ("max_characters", "a.txt", lambda size: "П" * size, "too-long"),
        ("max_characters", "a.html", lambda size: "<p>" + "П" * (size - 3), "too-long"),
        ("max_elements", "a.html", lambda size: f"<p>{_LINE}" * (size - 2), "too-many-elements"),  # and html, body
        ("max_depth", "a.html", lambda size: "<div>" * (size - 2) + _LINE, "too-deep"),
    ],
)
def test_a_document_at_a_limit_is_cleaned_and_one_beyond_it_is_set_aside(
    tmp_path: Path, limit: str, source: str, of: Callable[[int], str | bytes], reason: str
) -> None:
    settings = replace(settings_for(tmp_path / "clean"), **{limit: 100})
    raws = write(tmp_path, {"within": of(100), "beyond": of(101)})
    assert clean_raw(source, (raws / "within").read_bytes(), settings).content
    with pytest.raises(Refused, match="100 ") as refusal:
        clean_raw(source, read_raw(str(raws / "beyond"), settings.max_bytes), settings)
    assert refusal.value.reason == reason


def test_the_elements_of_a_page_are_counted_not_its_angle_brackets() -> None:
    page = "<script>" + "a < b;" * 100 + "</script>" + "<p>The ferry runs again.</p>" * 5
    assert clean_html(page, max_elements=9).text
    with pytest.raises(NotText, match="more than 8 elements"):
        clean_html(page, max_elements=8)
    hidden = "<p>The ferry runs again.</p><p " + "a " * 501 + 'x=">' + "<i>a</i>" * 100
    with pytest.raises(NotText, match="more than 50 elements"):
        clean_html(hidden, max_elements=50)
    with pytest.raises(NotText, match="nested too deeply for the parser"):
        clean_html("<div>" * 5000, max_elements=4000)
    with pytest.raises(NotText, match="more than 4 deep"):
        clean_html("<div><div><p>The ferry runs again.", max_depth=4)


@pytest.fixture
def _workers_find_tests(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))


@pytest.mark.usefixtures("_workers_find_tests")
@pytest.mark.parametrize("workers", [pytest.param(1, marks=pytest.mark.torture), 2])
def test_what_takes_too_much_time_or_memory_is_ended_and_the_rest_is_done(workers: int) -> None:
    chunks = [["a", "hang in C", "b", "hog", "c"], ["busy loop", "d", "hog in C"], ["wait", "e"]]
    results = list(run_chunks(cost, "", chunks, workers=workers, lost=lost, budget=Budget(2.0, 256 << 20)))
    assert sorted(results) == [
        *"abcde"[:2],
        "busy loop took more CPU time than its budget",
        *"cde",
        "hang in C took more CPU time than its budget",
        "hog in C took more memory than there is for it",
        "hog took more memory than there is for it",
        "wait",
    ]


@pytest.mark.usefixtures("_workers_find_tests")
def test_what_only_lacks_memory_that_others_left_behind_is_done() -> None:
    chunk = ["a little more"] * 8
    assert list(run_chunks(cost, "", [chunk], workers=1, lost=lost, budget=Budget(10.0, 512 << 20))) == chunk


@pytest.mark.usefixtures("_workers_find_tests")
@pytest.mark.parametrize(("before", "tries"), [([], 1), (["a"] * 9, 1), (["a little more"], 2)])
def test_what_lacks_memory_is_tried_again_only_where_others_have_left_much_behind(
    tmp_path: Path, before: list[str], tries: int
) -> None:
    seen = tmp_path / "tries"
    results = list(
        run_chunks(cost, str(seen), [[*before, "hog once", "b"]], workers=1, lost=lost, budget=Budget(10.0, 512 << 20))
    )
    assert sorted(results) == sorted([*before, "b", "hog once took more memory than there is for it"])
    assert len(seen.read_text()) == tries


@pytest.mark.usefixtures("_workers_find_tests")
def test_what_a_library_made_do_with_when_memory_was_refused_is_no_result() -> None:
    chunk = ["a little more", "a little more", "make do", "b", "make do with half", "c"]
    results = list(run_chunks(cost, "", [chunk], workers=1, lost=lost, budget=Budget(10.0, 448 << 20)))
    assert sorted(results) == sorted([*chunk[:4], "c", "make do with half took more memory than there is for it"])


@pytest.mark.usefixtures("_workers_find_tests")
def test_what_comes_near_to_its_limit_only_because_of_what_others_left_behind_is_done() -> None:
    chunk = ["leave 4 MB behind", "nearly 392 MB", "b"]  # seven eighths of 448 MB
    results = list(run_chunks(cost, "", [chunk], workers=1, lost=lost, budget=Budget(10.0, 448 << 20)))
    assert sorted(results) == sorted(chunk)


@pytest.mark.usefixtures("_workers_find_tests")
def test_workers_have_what_the_shortest_page_takes_from_their_start(tmp_path: Path) -> None:
    settings = settings_for(tmp_path / "clean")
    prepare = partial(load, kinds=("page",))
    assert list(
        run_chunks(has_lists_of_words, settings, [["x"]], workers=1, lost=lost, budget=settings.budget, prepare=prepare)
    ) == [True]


@pytest.mark.usefixtures("_workers_find_tests")
def test_each_item_has_the_clock_for_itself_and_idle_workers_have_none() -> None:
    before = _cpu_seconds_of_workers()
    chunk = [str(number) for number in range(200)]
    assert list(run_chunks(half_a_second, "", [["x"] * 5, chunk], workers=1, lost=lost, budget=Budget(1.0))) == [
        *["x"] * 5,
        *chunk,
    ]
    assert _cpu_seconds_of_workers() - before > 2


def _cpu_seconds_of_workers() -> float:
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return ended.ru_utime + ended.ru_stime


@pytest.mark.usefixtures("_workers_find_tests")
def test_what_workers_need_is_loaded_once_and_no_item_is_charged_for_it() -> None:
    chunks = [["a", "busy loop", "b"], ["c", "d"]]
    results = list(run_chunks(who_loaded, "", chunks, workers=2, lost=lost, budget=Budget(1.0), prepare=load_long))
    assert results.pop() == "busy loop took more CPU time than its budget"
    assert len(results) == 4
    assert all(each == results[0] and len(each) == 1 for each in results)


@pytest.mark.usefixtures("_workers_find_tests")
@pytest.mark.parametrize("deed", ["kill the fork server", "stop the fork server"])
def test_where_the_server_that_forks_workers_is_killed_another_one_takes_its_place(
    deed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("flows.runners._ANSWER", 1.0)
    chunks = [["a", deed, "b", "hog", "c"], ["d", "busy loop", "e"]]
    results = list(run_chunks(cost, "", chunks, workers=2, lost=lost, budget=Budget(2.0, 256 << 20)))
    assert sorted(results) == [
        "a",
        "b",
        "busy loop took more CPU time than its budget",
        "c",
        "d",
        "e",
        "hog took more memory than there is for it",
        deed,
    ]


@pytest.mark.usefixtures("_workers_find_tests")
def test_a_fork_server_that_is_killed_before_it_has_forked_is_started_again_and_not_for_ever(tmp_path: Path) -> None:
    mark, chunks = str(tmp_path / "mark"), [["a"], ["b"]]
    assert sorted(run_chunks(cost, mark, chunks, workers=2, lost=lost, prepare=load_or_die)) == ["a", "b"]
    with pytest.raises(RunnerError, match="SIGKILL; what is clean stays so, and the next run does the rest"):
        list(run_chunks(cost, "", chunks, workers=2, lost=lost, prepare=load_or_die))


@pytest.mark.usefixtures("_workers_find_tests")
def test_workers_look_for_no_module_in_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path, {"struct.py": "raise SystemExit", "random.py": "raise SystemExit"}))
    assert sorted(run_chunks(cost, "", [["a"], ["b"]], workers=2, lost=lost)) == ["a", "b"]


@pytest.mark.usefixtures("_server", "_workers_find_tests")
def test_a_run_sets_aside_what_breaks_its_budget_or_cannot_be_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = gzip.compress(ARTICLE.encode())
    raw = write(
        tmp_path / "raw",
        {
            "good.txt": ARTICLE,
            "good.txt.gz": packed,
            "good.TEXT.gz": packed,
            "x/hang in C.txt": ARTICLE,
            "x/hog.txt": ARTICLE,
            "bomb.txt.gz": gzip.compress(bytes(10 << 20)),
            "cut.html.gz": gzip.compress(PAGE.encode())[:-10],
            "damaged.txt.gz": packed[:20] + b"\xff\xff" + packed[22:],
            "no page.mht": PAGE,
            "sidecar.html": PAGE,
            "sidecar.html.json": "url: https://velm.example/a",
            "z.pdf": "%PDF",
        },
    )
    monkeypatch.setattr(module, "clean_job", clean_or_cost)
    summary = clean_articles(
        raw, tmp_path / "clean", max_failed_share=0.8, max_bytes=1 << 20, max_seconds=2, max_memory=512 << 20
    )
    assert isinstance(summary, Summary)
    assert {each.source: each.reason for each in summary.set_aside} == {
        "bomb.txt.gz": "too-large",
        "cut.html.gz": "bad-gzip",
        "damaged.txt.gz": "bad-gzip",
        "no page.mht": "no-page",
        "sidecar.html": "bad-sidecar",
        "x/hang in C.txt": "too-slow",
        "x/hog.txt": "too-much-memory",
    }
    details = {each.source: each.detail for each in summary.set_aside}
    assert details["x/hang in C.txt"] == "cleaning it takes more than 2 CPU seconds, the limit; --max-seconds raises it"
    assert details["x/hog.txt"] == (
        "cleaning it takes too much memory: the limit is 536870912 bytes; --max-memory raises it"
    )
    assert summary.not_handled == ("z.pdf",)
    assert (tmp_path / "clean/good.txt").read_text() == BODY
    assert set(summary.renamed) == {"good.txt.gz", "good.TEXT.gz"}
    assert verify(tmp_path / "clean", raw) == Report(verified=3, set_aside=7)
