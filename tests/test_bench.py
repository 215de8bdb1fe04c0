"""What the benches count: metrics and laws on examples made by hand, without any corpus."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from cleaners import CleanResult, Edit, Located, Metadata, clean_html

sys.path.append(str(Path(__file__).parents[1] / "bench"))

from accounting import Account, Texts, broken_laws, clean_blocks, overlaps, report, share, unaccounted
from charts import main as make_docs
from corpora import Page, half_of
from given import given
from lxml.etree import fromstring
from lxml.html import document_fromstring
from metrics import Agreement, Told, beyond, gain, held
from peers import PEERS, lines_of, text_of
from quality import (
    Asked,
    Lift,
    Measured,
    Score,
    as_json,
    asked_figures,
    lift,
    lift_rows,
    lift_table,
    rows,
    table,
    worst,
    wrong,
)
from rules import Removal, by_label, by_snippets, by_truth, examples, sums
from rules import as_json as rules_json
from rules import table as rules_table
from speed import PageTimes
from svg import Line, Mark, Panel, chart

PAGE = Page("blogs", "1", "https://example.org/a", "one two two three", ("one two",), ("buy now",))
SOURCE = "Menu\n\nOne two."
RESULT = CleanResult(
    SOURCE,
    "One two.",
    Metadata(),
    (Edit(0, 6, "", "Menu\n\n", "extractor", "extractor.not-chosen"),),
    (Located(6, 14, "/html/body/p"),),
)


def score(f1: float, kept: int = 0, leaked: int = 0, *, failed: bool = False) -> Score:
    agreement = Agreement(f1, f1, f1)
    return Score(agreement, agreement, kept, leaked, failed)


def on_report(page: Page, number: int = 1) -> Page:
    """The page with an identifier, and no address, that puts it into the half to report."""
    names = (f"page-{n}" for n in range(99))
    return replace(page, url=None, id=[name for name in names if half_of(None, name) == "report"][number])


@pytest.mark.parametrize(
    ("truth", "result", "expected"),
    [
        ("One, two!", "one TWO", (1.0, 1.0, 1.0)),
        ("one two three four", "one two", (1.0, 0.5, 2 / 3)),
        ("one", "one one", (0.5, 1.0, 2 / 3)),
        ("one two", "", (0.0, 0.0, 0.0)),
        ("", "one", (0.0, 0.0, 0.0)),
        ("", "", (1.0, 1.0, 1.0)),
        ("two one", "one two", (1.0, 1.0, 1.0)),
    ],
)
def test_words_are_compared_as_bags(truth: str, result: str, expected: tuple[float, float, float]) -> None:
    found = Told(truth).words(result)
    assert (found.precision, found.recall, found.f1) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("truth", "result", "f1"),
    [
        ("a b c d e", "a b c d e", 1.0),
        ("a b c d e", "A, b c. D", 2 / 3),
        ("a b c d e f", "d e f a b c", 0.0),
        ("a b c d", "a b c d a b c d", 2 / 6),
        ("a b", "a b", 1.0),
        ("a b", "b a", 0.0),
        ("a b c d", "", 0.0),
        ("", "", 1.0),
    ],
)
def test_runs_of_four_words_tell_the_order(truth: str, result: str, f1: float) -> None:
    assert Told(truth).grams(result).f1 == pytest.approx(f1)


@pytest.mark.parametrize(
    ("line", "held"),
    [
        ("the ferry ran on Tuesday", True),
        ("Tuesday again", True),
        ("again Tuesday", False),
        ("Tuesday then", False),
        ("the ferry ran on Sunday", True),
        ("the ferry ran on Sunday morning", False),
        ("***", False),
        ("", False),
    ],
)
def test_a_line_belongs_to_a_text_that_holds_half_of_its_runs(line: str, held: bool) -> None:
    assert Told("On Monday, the ferry ran on Tuesday again.").holds(line) is held


def test_the_ceiling_of_lift_drops_the_lines_without_truth() -> None:
    told = Told("The ferry ran on Tuesday. It was late again.")
    text = "Menu\nThe ferry ran on Tuesday.\n\nALSO READ: Gas leak kills 5\n\nIt was late again."
    found = lift(told, text)
    assert found.before < found.after <= found.ceiling == 1.0


def test_a_snippet_is_found_across_case_soft_hyphens_and_white_space() -> None:
    assert held(["Der Fähr\u00adverkehr ruht", "No trace"], "DER FÄHRVERKEHR\n ruht.") == ["Der Fähr\u00adverkehr ruht"]


def test_lost_and_extra_words_keep_their_order_and_number() -> None:
    truth, result = ["a", "b", "b", "c"], ["b", "d", "c", "d"]
    assert beyond(truth, result) == ["a", "b"]
    assert beyond(result, truth) == ["d", "d"]


def test_the_interval_holds_the_mean_and_is_the_same_every_time() -> None:
    differences = [0.0, 0.1, -0.05, 0.2, 0.02, 0.03]
    found = gain(differences)
    assert found.mean == pytest.approx(sum(differences) / 6)
    assert found.low < found.mean < found.high
    assert found == gain(differences)


def test_the_scores_are_of_the_half_to_report_and_the_snippets_of_all_pages() -> None:
    shown = on_report(PAGE)
    work = next(replace(PAGE, url=None, id=f"w{n}") for n in range(99) if half_of(None, f"w{n}") == "work")
    results = {
        "blogs": [
            Measured(shown, {"cleancopy": score(0.9, 1, 0), "trafilatura": score(0.8, 1, 1)}),
            Measured(work, {"cleancopy": score(0.1, 1, 1), "trafilatura": score(0.2, 0, 0, failed=True)}),
        ]
    }
    ours, peer = rows(results, "report")
    assert (ours.pages, ours.kept, ours.wanted, ours.leaked, ours.unwanted, ours.failed) == (1, 2, 2, 1, 2, 0)
    assert ours.words == Agreement(0.9, 0.9, 0.9)
    assert ours.words_gain is None
    assert (peer.kept, peer.failed) == (1, 1)
    assert str(peer.words_gain) == "+0.1000 (+0.1000 +0.1000)"


def test_the_asked_figures_follow_from_the_rows() -> None:
    blogs, snippets = on_report(PAGE), replace(on_report(PAGE), wanted=("a",) * 1500, unwanted=("b",) * 1504, text=None)
    results = {
        "news": [
            Measured(
                blogs,
                {"cleancopy": score(0.98), "trafilatura": score(0.97)},
                {"trafilatura": Lift(0.9, 0.908, 0.95), "get_text": Lift(0.6, 0.7, 0.9), "c4": Lift(0.8, 0.79, 0.9)},
            )
        ],
        "blogs": [Measured(blogs, {"cleancopy": score(0.95), "trafilatura": score(0.94)})],
        "snippets": [Measured(snippets, {"cleancopy": Score(None, None, 1422, 96)})],
    }
    figures = list(
        asked_figures(
            list(rows(results, "report")), list(lift_rows(results, "report")), PageTimes(1, 8.0, 10.0, 9.0, 10.0)
        )
    )
    assert [str(figure) for figure in figures] == [
        "met    news, word F1: 0.98 (asked >= 0.98)",
        "MISSED news, 4-gram F1 above trafilatura's: 0.01 (asked >= 0.015)",
        "met    blogs, word F1: 0.95 (asked >= 0.946)",
        "met    blogs, snippets leaked of 1: 0 (asked <= 0.031959)",
        "met    snippets, snippets kept of 1500: 1422 (asked >= 1422)",
        "MISSED snippets, snippets leaked of 1504: 96 (asked <= 95)",
        "met    news, lift of trafilatura: 0.008 (asked >= 0.008)",
        "MISSED least lift of all (news, c4): -0.01 (asked >= 0)",
        "MISSED news, word F1 of get_text cleaned as text: 0.7 (asked >= 0.85)",
        "met    time, as a share of trafilatura's with metadata: 0.8 (asked <= 0.8)",
    ]


def test_a_figure_that_is_just_reached_is_met() -> None:
    assert Asked("gain", 0.9410 - 0.9380, ">=", 0.003).met
    assert not Asked("share", 0.81, "<=", 0.8).met


def test_the_table_has_a_line_for_each_and_the_difference_on_the_line_of_the_peer() -> None:
    both = {"cleancopy": score(0.95, 1), "trafilatura": score(0.94), "get_text(' ')": score(0.5)}
    lines = list(table(rows({"blogs": [Measured(on_report(PAGE), both)]}, "report")))
    assert len(lines) == 4
    assert "+0.0100 (+0.0100 +0.0100)" in lines[3]
    assert "1/1" in lines[2]
    assert len({len(line) for line in lines[1:]}) == 1


def test_the_table_of_lift_has_the_ceiling() -> None:
    found = Measured(on_report(PAGE), {}, {"get_text(' ')": Lift(0.5, 0.625, 0.75)})
    assert list(lift_table(lift_rows({"blogs": [found]}, "report")))[1].split() == [
        *("blogs", "1", "get_text('", "')", "0.5000", "0.6250", "+0.1250", "(+0.1250", "+0.1250)", "0.7500")
    ]


def test_the_worst_pages_say_what_was_lost() -> None:
    texts = {"cleancopy": "one two four buy now", "trafilatura": "one two two three"}
    bad = Measured(PAGE, {"cleancopy": score(0.5), "trafilatura": score(1.0)}, {}, texts)
    good = Measured(replace(PAGE, id="2"), {"cleancopy": score(1.0), "trafilatura": score(1.0)}, {}, texts)
    assert list(wrong(bad)) == ["  lost 2: two three", "  extra 3: four buy now", "  leaked: buy now"]
    titles = [line for line in worst([good, bad], 5) if line.startswith("\n")]
    assert [title.split("  ")[0] for title in titles] == [
        "\nworst: blogs 1",
        "\nworst: blogs 2",
        "\nbehind trafilatura: blogs 1",
    ]


def test_a_peer_that_fails_gives_no_text(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(raw: bytes, url: str | None) -> str:
        raise ValueError(raw)

    monkeypatch.setitem(PEERS, "failing", failing)
    assert text_of("failing", b"<p>One.", None) is None
    assert text_of("get_text", b"<p>One.<p>Two.", None) == "One.\nTwo."


def test_the_text_of_a_tree_has_a_line_for_each_block() -> None:
    tree = document_fromstring(
        "<div>One <b>two</b>\n three<ul><li>four<!-- x --> five</li><li>six</li></ul>seven</div>"
    )
    assert lines_of(tree) == "One two three\nfour five\nsix\nseven"


def cleaned(source: str, *edits: tuple[str, str], cleaner: str = "related") -> CleanResult:
    """The result of removing each of these texts, once, under its rule."""
    found = []
    for text, rule in edits:
        start = source.rindex(text)
        found.append(Edit(start, start + len(text), "", text, cleaner, rule))
    clean = source
    for text, _ in edits:
        clean = clean[::-1].replace(text[::-1], "", 1)[::-1]
    return CleanResult(source, clean, Metadata(language="en"), tuple(found))


def test_what_was_removed_is_wrong_when_it_is_of_the_truth_and_stays_nowhere() -> None:
    told = Told("The ferry ran on Tuesday again.\nTurnout was high in the north.")
    source = "The ferry ran on Tuesday again.\nTurnout was high in the north.\nMenu\nThe ferry ran on Tuesday again."
    result = cleaned(
        source,
        ("Turnout was high in the north.\nMenu", "related.x"),
        ("The ferry ran on Tuesday again.", "duplicate.y"),
    )
    assert list(by_truth(result, told)) == [
        ("related.x", 6, True, "Turnout was high in the north."),
        ("related.x", 1, False, "Menu"),
        ("duplicate.y", 6, False, "The ferry ran on Tuesday again."),
    ]


def test_repairs_remove_nothing() -> None:
    assert list(by_truth(cleaned("One two", ("two", "repair.x"), cleaner="repair"), Told("One two"))) == []


def test_snippets_judge_what_was_removed() -> None:
    page = replace(PAGE, text=None, wanted=("One two", "three four"), unwanted=("buy now",))
    result = cleaned("One two.\nThree  four, and more.\nBuy now!", ("Three  four, and more.\nBuy now!", "prompt.x"))
    assert list(by_snippets(result, page)) == [("prompt.x", 2, True, "three four"), ("prompt.x", 2, False, "buy now")]


def test_labels_judge_what_was_removed_from_a_scrape() -> None:
    lines = [{"text": "One two.", "label": "article"}, {"text": "Share", "label": "prompt"}]
    result = cleaned("One two.\n\nShare", ("two.\n\nShare", "prompt.x"))
    assert list(by_label(result, lines)) == [("prompt.x", 1, True, "two."), ("prompt.x", 1, False, "Share")]


def test_the_tables_of_rules_begin_with_the_most_wrong_words() -> None:
    good = Removal("pages", "news 1", "work", "en", "prompt.share.en", 9, False, "Share this")
    bad = Removal("lift", "news 1 c4", "work", "de", "related.list.en", 3, True, "It was late")
    hidden = replace(bad, half="report")
    counts = sums([good, bad, hidden], lambda removal: removal.noise)
    assert list(counts) == ["related", "prompt"]
    lines = list(rules_table("noise type", counts))
    assert lines[2].split() == ["related", "6", "6"]
    assert lines[3].split() == ["prompt", "9", "9"]
    assert list(examples([good, bad, hidden], "related.list.en", wrong=True)) == [
        "WRONG  lift      news 1 c4  It was late"
    ]


def test_what_a_peer_gave_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked = []

    def counting(raw: bytes, url: str | None) -> str:
        asked.append(url)
        return f"One \ud800 {len(asked)}"

    monkeypatch.setattr("given.RESULTS", tmp_path)
    monkeypatch.setattr("given._peers", lambda: "peers")
    monkeypatch.setitem(PEERS, "counting", counting)
    first = given(PAGE, b"", ["counting"])
    assert given(PAGE, b"", ["counting"], again=True) == first
    assert len(asked) == 1
    assert given(PAGE, b"", ["counting"])["counting"] == "One \ud800 2"
    assert given(PAGE, b"", ["counting"], again=True)["counting"] == "One \ud800 2"


def test_the_page_of_benchmarks_is_made_from_the_results(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("quality.version", lambda name: "1.0")  # the peers need not be installed
    page = on_report(PAGE)
    both = {"cleancopy": score(0.95, 1), "trafilatura": score(0.97, 1, 1, failed=True)}
    told = Measured(page, both, {"trafilatura": Lift(0.9, 0.89, 0.96)})
    snippets = Measured(
        replace(page, text=None),
        {"cleancopy": Score(None, None, 1, 0), "trafilatura": Score(None, None, 1, 1)},
    )
    results = {"news": [told], "blogs": [told], "snippets": [snippets]}
    quality, lifts = list(rows(results, "report")), list(lift_rows(results, "report"))
    figures = list(asked_figures(quality, lifts, None))
    (tmp_path / "quality.json").write_text(
        as_json(results, "report", quality, lifts, figures, None, {"cleancopy": 30.0, "justext": 20.0})
    )
    removal = Removal("pages", "news 1", "work", "en", "prompt.share.en", 300, False, "Share <this>")
    found = [removal, replace(removal, wrong=True, words=100)]
    (tmp_path / "rules.json").write_text(
        rules_json({title: sums(found, lambda each: each.rule) for title in ("noise type", "language", "rule")})
    )
    make_docs(
        [f"--quality={tmp_path / 'quality.json'}", f"--rules={tmp_path / 'rules.json'}", f"--docs={tmp_path / 'docs'}"]
    )
    text = (tmp_path / "docs" / "benchmarks.md").read_text()
    assert "| trafilatura | 0.900 | 0.890 | −0.010 (−0.010 to −0.010) | 0.960 |" in text
    assert "- milliseconds a page: ours 30.0; jusText 20.0" in text
    assert "- news, word F1: ours 0.95; trafilatura 0.97" in text
    assert "| prompt.share.en | 300 / 100 |" in text
    assert "blogs, snippets leaked of 1 | 0 | ≤ 0.031959 | met |" in text
    for drawn in (tmp_path / "docs" / "benchmarks").iterdir():
        assert f"](benchmarks/{drawn.name})" in text
        assert fromstring(drawn.read_bytes()).tag.endswith("svg")


def test_a_chart_puts_values_where_the_axis_has_them() -> None:
    line = Line("a & b", (Mark(0.5, "good"), Mark(2, "bad")), ("0.5", "2"), ours=True)
    drawn = chart("Title", [], [Panel("news", (line,), 0, 1, ((0, "0"), (1, "1")), ("x", "y"))])
    circles = [float(each.get("cx", "")) for each in fromstring(drawn.encode()).iter("{*}circle")]
    grid = [float(each.get("x1", "")) for each in fromstring(drawn.encode()).iter("{*}line")]
    assert circles == pytest.approx([sum(grid) / 2, grid[1]], abs=0.1)
    assert "a &amp; b" in drawn


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
