"""What the benches count: metrics and laws on examples made by hand, without any corpus."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cleaners import CleanResult, Edit, Located, Metadata, clean_html

sys.path.append(str(Path(__file__).parents[1] / "bench"))

from accounting import Account, Texts, broken_laws, clean_blocks, overlaps, report, share, unaccounted
from corpora import Page, half_of
from lxml.html import document_fromstring
from quality import Asked, Measured, Score, asked_figures, beyond, held, interval, table, word_scores, worst, wrong
from speed import PageTimes

PAGE = Page("blogs", "1", "https://example.org/a", "one two two three", ("one two",), ("buy now",))
SOURCE = "Menu\n\nOne two."
RESULT = CleanResult(
    SOURCE,
    "One two.",
    Metadata(),
    (Edit(0, 6, "", "Menu\n\n", "extractor", "extractor.not-chosen"),),
    (Located(6, 14, "/html/body/p"),),
)


def score(f1: float, kept: int = 0, leaked: int = 0) -> Score:
    return Score(f1, f1, f1, kept, leaked, 1.0)


@pytest.mark.parametrize(
    ("truth", "result", "expected"),
    [
        ("One, two!", "one TWO", (1.0, 1.0, 1.0)),
        ("one two three four", "one two", (1.0, 0.5, 2 / 3)),
        ("one", "one one", (0.5, 1.0, 2 / 3)),
        ("one two", "", (0.0, 0.0, 0.0)),
        ("", "one", (0.0, 0.0, 0.0)),
        ("", "", (1.0, 1.0, 1.0)),
    ],
)
def test_words_are_compared_as_bags(truth: str, result: str, expected: tuple[float, float, float]) -> None:
    assert word_scores(truth, result) == pytest.approx(expected)


def test_a_snippet_is_found_across_case_soft_hyphens_and_white_space() -> None:
    assert held(["Der Fähr\u00adverkehr ruht", "No trace"], "DER FÄHRVERKEHR\n ruht.") == ["Der Fähr\u00adverkehr ruht"]


def test_lost_and_extra_words_keep_their_order_and_number() -> None:
    truth, result = ["a", "b", "b", "c"], ["b", "d", "c", "d"]
    assert beyond(truth, result) == ["a", "b"]
    assert beyond(result, truth) == ["d", "d"]


def test_the_interval_holds_the_mean_and_is_the_same_every_time() -> None:
    differences = [0.0, 0.1, -0.05, 0.2, 0.02, 0.03]
    low, high = interval(differences)
    assert low < sum(differences) / 6 < high
    assert (low, high) == interval(differences)


def test_the_asked_figures_follow_from_the_scores() -> None:
    page = replace(PAGE, corpus="snippets", wanted=("a",) * 1500, unwanted=("b",) * 1504)
    results = {
        "blogs": [Measured(PAGE, {}, {"cleancopy": score(0.95), "trafilatura": score(0.94)})],
        "snippets": [Measured(page, {}, {"cleancopy": score(0, 1418, 121), "trafilatura": score(0)})],
    }
    figures = asked_figures(results, PageTimes(1, 8.0, 10.0, 9.0, 10.0))
    assert [figure.met for figure in figures] == [True, True, False, True]
    assert str(figures[2]) == "MISSED snippets, leaked of 1504: 121 (asked <= 120)"


def test_a_figure_that_is_just_reached_is_met() -> None:
    assert Asked("gain", 0.9410 - 0.9380, ">=", 0.003).met
    assert not Asked("share", 0.81, "<=", 0.8).met


def test_the_table_has_a_line_for_each_and_the_difference_on_the_line_of_the_peer() -> None:
    both = {"cleancopy": score(0.95, 1), "trafilatura": score(0.94)}
    lines = list(table({"blogs": [Measured(PAGE, {}, both)]}, ["cleancopy", "trafilatura"]))
    assert len(lines) == 3
    assert "+0.0100 (+0.0100 +0.0100)" in lines[2]
    assert "1/1" in lines[1]
    assert len({len(line) for line in lines}) == 1


def test_the_worst_pages_say_what_was_lost() -> None:
    texts = {"cleancopy": "one two four buy now", "trafilatura": "one two two three"}
    bad = Measured(PAGE, texts, {"cleancopy": score(0.5), "trafilatura": score(1.0)})
    good = Measured(replace(PAGE, id="2"), texts, {"cleancopy": score(1.0), "trafilatura": score(1.0)})
    assert list(wrong(bad)) == ["  lost 2: two three", "  extra 3: four buy now", "  leaked: buy now"]
    titles = [line for line in worst([good, bad], 5) if line.startswith("\n")]
    assert [title.split("  ")[0] for title in titles] == [
        "\nworst: blogs 1",
        "\nworst: blogs 2",
        "\nbehind trafilatura: blogs 1",
    ]


def test_the_pages_of_a_site_fall_into_one_half_and_sites_into_both() -> None:
    assert len({half_of(f"https://{name}.bbc.co.uk/{name}", name) for name in ("www", "news", "a.b")}) == 1
    assert {half_of(f"https://site{n}.org/", str(n)) for n in range(20)} == {"work", "report"}
    assert half_of(None, "hard::page") == half_of(None, "hard::page")


def test_a_sound_result_breaks_no_law() -> None:
    assert broken_laws(RESULT) == []
    assert list(clean_blocks(RESULT)) == ["One two."]


def test_a_word_in_no_block_and_in_two_is_named() -> None:
    assert unaccounted(replace(RESULT, blocks=(Located(6, 9, "/p"),))) == [
        "word at 10 is in 0 blocks and edits: 'two.'"
    ]
    assert unaccounted(replace(RESULT, blocks=(Located(2, 14, "/p"),))) == [
        "word at 0 is in 2 blocks and edits: 'Menu'"
    ]


def test_an_edit_inside_of_a_kept_block_is_part_of_it() -> None:
    repaired = replace(RESULT, edits=(*RESULT.edits, Edit(6, 9, "1", "One", "repair", "repair.x")), text="1 two.")
    assert broken_laws(repaired) == []
    assert list(clean_blocks(repaired)) == ["1 two."]


def test_edits_that_overlap_or_do_not_lead_back_are_named() -> None:
    edits = (Edit(0, 6, "", "Menu\n\n", "title", "title.a"), Edit(4, 6, "", "\n\n", "repair", "repair.b"))
    assert overlaps(edits) == ["edits 0:6 (title.a) and 4:6 (repair.b)"]
    assert any("overlaps another" in what for what in broken_laws(replace(RESULT, edits=edits)))
    assert "apply gives another clean text" in broken_laws(replace(RESULT, text="One three."))


def test_a_block_is_looked_for_in_the_text_of_one_element() -> None:
    texts = Texts(document_fromstring("<table><tr><td>One</td><td>two</td></tr></table><p>A<br> b</p><p>c</p>"))
    assert texts.hold("/html/body/p[1]", "A b")
    assert not texts.hold("/html/body/p", "A b")
    assert not texts.hold("/html/body/p[3]", "A b")
    assert not texts.hold("//tr", "One two")
    assert texts.hold("//tr", "One two", spaces=False)


def test_the_report_counts_words_refusals_and_broken_laws() -> None:
    accounts = [
        Account(PAGE, words=9, plain=6, held=9, apart=9, repaired=9),
        Account(PAGE, words=1, broken=["apply gives another clean text"], missing=["/html/body/p  'x'"]),
        Account(PAGE, refused="blank"),
    ]
    assert share(accounts, "held") == 0.9
    lines = list(report(accounts, listing=True))
    assert lines[:2] == ["blogs 1  apply gives another clean text", "blogs 1  /html/body/p  'x'"]
    assert lines[-4:] == [
        "refused: blank 1",
        "words whose block its XPath gives: 0.90000 (asked >= 0.995)",
        "pages that break a law: 1 (asked 0)",
        "pages that reached for the network: 0 (asked 0)",
    ]


def test_a_cleaned_page_is_found_again_in_its_raw_page() -> None:
    raw = "<body><nav>Menu</nav><article>{}</article>".format(
        "".join(f"<p>The ferry number {n} ran on Tuesday, and it was late again by an hour.</p>" for n in range(9))
    ).encode()
    result = clean_html(raw)
    texts = Texts(document_fromstring(raw))
    assert broken_laws(result) == []
    assert result.blocks
    assert all(texts.hold(block.xpath, result.source[block.start : block.end]) for block in result.blocks)
