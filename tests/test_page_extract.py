"""Which blocks of a page are its article: what trafilatura takes is found again among the blocks, and what the page's
own structure says is heard."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from functools import partial

import pytest
from counting import grows_evenly
from hypothesis import given
from hypothesis import strategies as st
from lxml.etree import tostring
from strategies import tries

from cleaners.page.blocks import blocks_of
from cleaners.page.cleaning import parsed
from cleaners.page.extract import aligned, chosen_blocks, settled
from cleaners.page.trees import as_page, copy_without

ONE = "The council of Velm voted on Tuesday evening to reopen the old ferry line across the bay, after a long debate."
TWO = "Mayor Ilse Varga said that the first boat would leave before the end of the month, whatever the weather did."
THREE = "Nobody in the hall could remember who had closed the line, or why it had taken nineteen years to ask about it."
FOUR = "The boat itself has been found in a shed at Outer Skarrow, under a tarpaulin, with a family of owls on board."
FIVE = "The owls will be asked to leave in the autumn, the harbour master said, once their young have learned to fly."
ARTICLE = (ONE, TWO, THREE, FOUR, FIVE)
BODY = "".join(f"<p>{text}</p>" for text in ARTICLE)
MENU = "<nav><ul><li><a href=/>Home</a><li><a href=/town>Town</a><li><a href=/sport>Sport</a></ul></nav>"
FOOT = "<footer><p>Contact us</p><p>All rights reserved by the Velm Courier and its owners since 1893.</p></footer>"


def page(article: str, before: str = MENU, after: str = FOOT) -> str:
    return f"<html><body>{before}<div id=content><article>{article}</article></div>{after}</body></html>"


def kept(html: str, headline: str | None = None) -> list[str]:
    """The texts of the blocks that belong to the article, by trafilatura's choice and the page's structure."""
    root = parsed(html)
    blocks = blocks_of(root)
    noise = {block.widget.element for block in blocks if block.widget}
    title = next((block for block in blocks if block.text == headline), None)
    chosen = settled(blocks, chosen_blocks(root, blocks, noise), noise, title)
    return [block.text for block, taken in zip(blocks, chosen, strict=True) if taken]


def settle(html: str, taken: Collection[str], headline: str | None = None) -> list[str]:
    """The texts of the blocks that belong to the article when just these were chosen."""
    blocks = blocks_of(parsed(html))
    title = next((block for block in blocks if block.text == headline), None)
    chosen = settled(blocks, [block.text in taken for block in blocks], set(), title)
    return [block.text for block, is_taken in zip(blocks, chosen, strict=True) if is_taken]


def found(blocks: Sequence[str], pieces: Sequence[str]) -> list[str]:
    return [block for block, taken in zip(blocks, aligned(blocks, pieces), strict=True) if taken]


# Found again among the blocks


def test_what_stands_in_both_is_found() -> None:
    assert found(["Home", ONE, "Share", TWO, "Contact"], [ONE, TWO]) == [ONE, TWO]


def test_a_block_of_several_pieces_is_found() -> None:
    assert found(["Menu", ONE, TWO], [ONE[:20], ONE[20:60], ONE[60:], TWO]) == [ONE, TWO]


@pytest.mark.parametrize("count", [2, 5])
def test_blocks_of_one_piece_are_found(count: int) -> None:
    """What trafilatura takes as a last resort is one piece."""
    taken = list(ARTICLE[:count])
    assert found(["Menu", *taken, "Contact"], ["\n".join(taken)]) == taken


def test_white_space_makes_no_difference() -> None:
    assert found([ONE, TWO], [ONE.replace(" ", "  "), TWO.replace(" ", "\u00a0")]) == [ONE, TWO]


def test_a_short_block_is_found_only_as_a_whole_piece() -> None:
    assert aligned([ONE, "ferry", TWO], [ONE, TWO]) == [True, False, True]
    assert aligned([ONE, "ferry", TWO], [ONE, "ferry", TWO]) == [True, True, True]


@pytest.mark.parametrize("line", ["Owls on the ferry", ONE[:40]])
def test_of_two_equal_lines_the_one_between_its_neighbours_is_found(line: str) -> None:
    assert aligned(["Menu", line, ONE, line, TWO, line, "Foot"], [ONE, line, TWO]) == [
        False,
        False,
        True,
        True,
        True,
        False,
        False,
    ]


def test_a_line_that_is_said_twice_is_found_twice() -> None:
    assert aligned([ONE, "Chorus", TWO, "Chorus", THREE], [ONE, "Chorus", TWO, "Chorus", THREE]) == [True] * 5


def test_a_paragraph_that_lost_a_link_is_found() -> None:
    without = TWO.replace("Mayor Ilse Varga", "").strip()
    assert found(["Menu", ONE, TWO, THREE], [ONE, without, THREE]) == [ONE, TWO, THREE]


def test_a_paragraph_that_is_not_there_is_not_found() -> None:
    assert found([ONE, TWO, THREE], [ONE, THREE]) == [ONE, THREE]


def test_another_paragraph_of_the_same_words_is_not_taken_for_the_missing_one() -> None:
    shuffled = " ".join(sorted(TWO.split()))
    assert found([ONE, TWO, THREE], [ONE, shuffled, THREE]) == [ONE, THREE]


def test_a_paragraph_that_was_recovered_at_the_end_is_found() -> None:
    assert found([ONE, TWO, "Share", THREE], [TWO, THREE, ONE]) == [ONE, TWO, THREE]


def test_nothing_is_found_in_nothing() -> None:
    assert aligned([], []) == []
    assert aligned([], [ONE]) == []
    assert aligned([ONE, "x"], []) == [False, False]


@tries(80)
@given(
    st.lists(st.tuples(st.sampled_from([*ARTICLE, "Menu", "Share", "Read more", "1", "."]), st.booleans()), max_size=30)
)
def test_as_many_blocks_are_found_as_there_are_pieces(lines: list[tuple[str, bool]]) -> None:
    """Whatever was taken in the order of the page: each of it is found, where long ones stand in the page once."""
    blocks = [line for line, _ in lines]
    pieces = [line for line, taken in lines if taken]
    taken = aligned(blocks, pieces)
    assert len(taken) == len(blocks)
    for line in ARTICLE:
        if blocks.count(line) == 1:
            assert taken[blocks.index(line)] == (line in pieces)


@tries(60)
@given(st.lists(st.text(max_size=30), max_size=15), st.lists(st.text(max_size=30), max_size=15))
def test_any_texts_are_laid_beside_each_other(blocks: list[str], pieces: list[str]) -> None:
    assert len(aligned(blocks, pieces)) == len(blocks)
    assert aligned([*blocks, ONE], [*pieces, ONE])[-1]


# What trafilatura takes of a page


def test_the_article_is_chosen_and_what_is_around_it_is_not() -> None:
    assert kept(page(BODY)) == list(ARTICLE)


@pytest.mark.parametrize("place", ["above", "below"])
@pytest.mark.parametrize("said", [ONE, THREE, FIVE])
def test_the_article_is_chosen_and_not_its_teaser_in_the_sidebar(place: str, said: str) -> None:
    teaser = f"<aside><h3>Latest</h3><p>{said}</p><a href=/x>Read more</a></aside>"
    html = page(BODY, before=MENU + teaser) if place == "above" else page(BODY, after=teaser + FOOT)
    root = parsed(html)
    blocks = blocks_of(root)
    chosen = settled(blocks, chosen_blocks(root, blocks, set()), set(), None)
    taken = [block for block, is_taken in zip(blocks, chosen, strict=True) if is_taken]
    assert [block.text for block in taken] == list(ARTICLE)
    assert {frozenset(block.inside) for block in taken} == {frozenset({"article"})}


def test_a_paragraph_with_links_is_whole() -> None:
    linked = TWO.replace("Ilse Varga", "<a href=/varga>Ilse Varga</a>").replace("the month", "<a href=/m>the month</a>")
    assert kept(page(f"<p>{ONE}</p><p>{linked}</p><p>{THREE}</p>")) == [ONE, TWO, THREE]


def test_headings_that_are_links_stay() -> None:
    article = f"<p>{ONE}</p><p>{TWO}</p><h2><a href=#owls>The owls on board</a></h2><p>{FOUR}</p><p>{FIVE}</p>"
    assert kept(page(article)) == [ONE, TWO, "The owls on board", FOUR, FIVE]


@pytest.mark.parametrize("start", ["<ul>", "<ol>", "<div><ul class=facts>"])
def test_a_list_between_paragraphs_stays(start: str) -> None:
    end = "</ol>" if start == "<ol>" else "</ul>"
    end += "</div>" if "<div>" in start else ""
    items = ["a boat with two oars and a bell", "a tarpaulin from the year 1974", "five owls, all of them young"]
    article = f"<p>{ONE}</p><p>{THREE}</p>{start}{''.join(f'<li>{item}</li>' for item in items)}{end}<p>{FIVE}</p>"
    assert kept(page(article)) == [ONE, THREE, *items, FIVE]


def test_a_list_of_links_and_words_in_the_article_stays() -> None:
    article = f"""<p>{ONE}</p><p>{TWO}</p><p>{THREE} Three of them have been written about at length:</p><ul>
        <li><a href=/1>Agnes Pell, who read by touch</a></li><li><a href=/2>Tobias Orme and the quarrel</a></li>
        <li><a href=/3>The Skene sisters</a>, who signed with one name for twenty years</li></ul><p>{FOUR}</p>
        <p>{FIVE}</p>"""
    items = ["Agnes Pell, who read by touch", "Tobias Orme and the quarrel"]
    items.append("The Skene sisters, who signed with one name for twenty years")
    assert [text for text in kept(page(article)) if text in items] == items


def test_a_listing_is_whole() -> None:
    listing = "def ferry(day):\n    if day == 'Sunday':\n        return {\n            'runs': True,\n        }\n"
    article = f"<p>{ONE}</p><p>{TWO}</p><pre><code>{listing}</code></pre><p>{THREE}</p><p>{FOUR}</p>"
    assert [text.strip() for text in kept(page(article))] == [
        ONE,
        TWO,
        *(line.strip() for line in listing.splitlines()),
        THREE,
        FOUR,
    ]


def test_a_table_of_figures_is_whole() -> None:
    rows = ["Decade Readings Level", "1871 to 1880 7,012 2,104", "1921 to 1930 6,880 2,171", "2011 to 2020 7,301 2,342"]
    table = """<table><tr><th>Decade</th><th>Readings</th><th>Level</th></tr>
        <tr><td>1871 to 1880</td><td>7,012</td><td>2,104</td></tr><tr><td>1921 to 1930</td><td>6,880</td><td>2,171</td>
        </tr><tr><td>2011 to 2020</td><td>7,301</td><td>2,342</td></tr></table>"""
    assert kept(page(f"<p>{ONE}</p><p>{TWO}</p>{table}<p>{THREE}</p><p>{FOUR}</p>")) == [ONE, TWO, *rows, THREE, FOUR]


def test_quotes_stay() -> None:
    said = "It had a wren in it, and I let her keep it."
    article = f"<p>{ONE}</p><p>{TWO}</p><blockquote><p>{said}</p></blockquote><p>{THREE}</p><p>{FOUR}</p>"
    assert kept(page(article)) == [ONE, TWO, said, THREE, FOUR]


def test_short_paragraphs_and_speech_stay() -> None:
    lines = ["“Why now?” asked the clerk.", "“Because of the owls,” she said.", "He wrote that down."]
    article = f"<p>{ONE}</p>" + "".join(f"<p>{line}</p>" for line in lines) + f"<p>{TWO}</p><p>{THREE}</p>"
    assert kept(page(article)) == [ONE, *lines, TWO, THREE]


@pytest.mark.parametrize("line", ["“No.”", "Why?", "Oh!", "“Owls?”", "不。"])
def test_short_lines_of_the_article_stay(line: str) -> None:
    article = f"<p>{ONE}</p><p>{line}</p><p>{TWO}</p><p>{THREE}</p><p>{FOUR}</p>"
    assert kept(page(article)) == [ONE, line, TWO, THREE, FOUR]


def test_short_items_and_rows_of_the_article_stay() -> None:
    items, rows = "<ul><li>Milk</li><li>Eggs</li><li>Tar</li></ul>", "<table><tr><td>A<td>1<tr><td>B<td>2</table>"
    article = f"<p>{ONE}</p>{items}<p>{TWO}</p><p>{THREE}</p>{rows}<p>{FOUR}</p><p>{FIVE}</p>"
    assert kept(page(article)) == [ONE, "Milk", "Eggs", "Tar", TWO, THREE, "A 1", "B 2", FOUR, FIVE]


def test_paragraphs_that_line_breaks_part_are_all_chosen() -> None:
    assert kept(page("<div>" + "<br><br>".join(ARTICLE) + "</div>")) == list(ARTICLE)


def test_an_article_laid_out_in_tables_is_chosen() -> None:
    html = f"""<body><table><tr><td><a href=/>Home</a><br><a href=/t>Town</a></td><td><h1>Ferry</h1>{BODY}</td></tr>
        </table></body>"""
    assert [text for text in kept(html) if text in ARTICLE] == list(ARTICLE)


def test_what_is_hidden_until_a_script_runs_is_chosen() -> None:
    html = f'<body>{MENU}<div style="visibility:hidden"><article>{BODY}</article></div></body>'
    assert kept(html) == list(ARTICLE)


def test_what_is_pruned_is_not_chosen() -> None:
    html = page(f'{BODY}<div class="related-posts"><p>{ONE.replace("Velm", "Skarrow")}</p></div>')
    assert kept(html) == list(ARTICLE)


def test_the_text_behind_what_is_pruned_stays() -> None:
    html = page(f'<div>{ONE}<span class="sharedaddy">Share</span> {TWO}</div><p>{THREE}</p><p>{FOUR}</p>')
    root = parsed(html)
    blocks = blocks_of(root)
    share = root.find_class("sharedaddy")
    chosen = chosen_blocks(root, blocks, share)
    text = " ".join(block.text for block, taken in zip(blocks, chosen, strict=True) if taken)
    assert ONE in text
    assert TWO in text


def test_the_tree_stays_as_it_is() -> None:
    root = parsed(page(f'{BODY}<div class="related-posts">Related</div><script>x</script>'))
    before = tostring(root)
    blocks = blocks_of(root)
    chosen_blocks(root, blocks, {block.widget.element for block in blocks if block.widget})
    assert tostring(root) == before


def test_the_choice_does_not_remember_other_pages() -> None:
    html = page(BODY)
    assert [kept(html) for _ in range(6)] == [list(ARTICLE)] * 6


def test_of_a_page_without_text_nothing_is_chosen() -> None:
    assert chosen_blocks(parsed("<body><img src=a></body>"), [], set()) == []


# What the page's structure says


def test_prose_that_was_passed_over_in_the_middle_is_taken_back() -> None:
    assert settle(page(BODY), [ONE, TWO, FOUR, FIVE]) == list(ARTICLE)


@pytest.mark.parametrize("tag", ["aside", "figure", "form", "nav", "footer"])
def test_prose_in_an_aside_is_not_taken_back(tag: str) -> None:
    html = page(f"<p>{ONE}</p><p>{TWO}</p><{tag}><p>{THREE}</p></{tag}><p>{FOUR}</p>")
    assert settle(html, [ONE, TWO, FOUR]) == [ONE, TWO, FOUR]


def test_prose_in_an_aside_that_holds_the_whole_article_is_taken_back() -> None:
    assert settle(f"<body><table><tr><td>{BODY}</td></tr></table></body>", [ONE, TWO, FOUR, FIVE]) == list(ARTICLE)


def test_a_widget_is_not_taken_back() -> None:
    html = page(f'<p>{ONE}</p><p>{TWO}</p><div class="newsletter-form"><p>{THREE}</p></div><p>{FOUR}</p><p>{FIVE}</p>')
    assert kept(html) == [ONE, TWO, FOUR, FIVE]


def test_a_list_beside_paragraphs_is_taken_back_but_not_a_list_of_links() -> None:
    prose = "<ul><li>a boat with two oars and a bell</li><li>five owls, all of them young</li></ul>"
    links = "<ul><li><a href=/1>Flood board: the gates are holding</a></li></ul>"
    html = page(f"<p>{ONE}</p>{prose}<p>{TWO}</p>{links}<p>{THREE}</p>")
    items = ["a boat with two oars and a bell", "five owls, all of them young"]
    assert settle(html, [ONE, TWO, THREE]) == [ONE, *items, TWO, THREE]


def test_a_heading_beside_paragraphs_is_taken_back() -> None:
    html = page(f"<p>{ONE}</p><h2>The owls</h2><p>{TWO}</p><div><h3>Most read</h3></div><p>{THREE}</p>")
    assert settle(html, [ONE, TWO, THREE]) == [ONE, "The owls", TWO, THREE]


@pytest.mark.parametrize("lines", ["<p>By Ana Ruiz</p>", "<p>May 3, 2024</p><p>By Ana Ruiz</p>", ""])
def test_a_lede_below_the_headline_is_taken_back(lines: str) -> None:
    lede = f"{ONE} {TWO}"
    html = f"""<body>{MENU}<div><h1>Ferry</h1>{lines}<div class=lede>{lede}</div></div><article><p>{THREE}</p>
        <p>{FOUR}</p><p>{FIVE}</p></article></body>"""
    assert lede in settle(html, [THREE, FOUR, FIVE], headline="Ferry")


def test_prose_above_the_headline_is_not_taken_back() -> None:
    html = f"<body><div><p>{ONE} {TWO}</p><h1>Ferry</h1></div><article><p>{THREE}</p><p>{FOUR}</p></article></body>"
    assert settle(html, [THREE, FOUR], headline="Ferry") == [THREE, FOUR]


def test_what_was_chosen_outside_of_the_article_is_dropped() -> None:
    html = page(BODY, after=f"<div><p>All rights reserved.</p><p>Follow us for more news from the bay.</p></div>{FOOT}")
    assert settle(html, [*ARTICLE, "All rights reserved.", "Follow us for more news from the bay."]) == list(ARTICLE)


def test_what_was_chosen_above_the_headline_is_dropped() -> None:
    html = page(f"<h1>Ferry</h1>{BODY}", before="<div><p>Weather: rain at first, and later even more of it</p></div>")
    assert settle(html, [*ARTICLE, "Weather: rain at first, and later even more of it"], headline="Ferry") == list(
        ARTICLE
    )


def test_a_standfirst_between_headline_and_article_stays() -> None:
    first, advertised = "After nineteen years the boat is to run again", "Buy the picture"
    html = (
        f"""<body><header><h1>Ferry</h1><p>{first}</p><a href=/b>{advertised}</a></header><main>{BODY}</main></body>"""
    )
    assert settle(html, [*ARTICLE, first, advertised], headline="Ferry") == [first, *ARTICLE]


OFFER = "Our guides have walked around the bay since the spring, and some places are still left."


def test_a_lede_upon_an_image_is_taken_back() -> None:
    lede = f"<div class=hero-image><p>{OFFER}</p></div>"
    html = f"<body><h1>Ferry</h1>{lede}<article><p>{THREE}</p><p>{FOUR}</p></article></body>"
    assert settle(html, [THREE, FOUR], headline="Ferry") == [OFFER, THREE, FOUR]


def test_a_lede_is_taken_back_below_a_first_level_heading_that_is_not_the_known_title() -> None:
    lede = f"{ONE} {TWO}"
    html = f"<body>{MENU}<h1>A ferry</h1><div class=lede>{lede}</div><div><p>{THREE}</p><p>{FOUR}</p></div></body>"
    assert settle(html, [THREE, FOUR]) == [lede, THREE, FOUR]


def test_widgets_between_headline_and_lede_are_not_counted() -> None:
    lede = f"{ONE} {TWO}"
    shared = f"<ul class=share-buttons>{'<li>Share</li>' * 12}</ul>"
    html = f"<body><h1>Ferry</h1>{shared}<p>{lede}</p><article><p>{THREE}</p><p>{FOUR}</p></article></body>"
    assert lede in kept(html, headline="Ferry")


def test_prose_far_below_the_headline_is_no_lede() -> None:
    lines = "".join(f"<p>Departure {number}</p>" for number in range(12))
    html = f"<body><h1>Ferry</h1>{lines}<p>{OFFER}</p><article><p>{THREE}</p><p>{FOUR}</p></article></body>"
    assert settle(html, [THREE, FOUR], headline="Ferry") == [THREE, FOUR]


@pytest.mark.parametrize("body", [f"<article>{BODY}</article>", f"<main>{BODY}</main>", f"<div id=story>{BODY}</div>"])
def test_chosen_prose_of_other_elements_below_the_article_is_dropped(body: str) -> None:
    html = f"<body>{MENU}{body}<div class=offers><div><p>{OFFER}</p></div></div></body>"
    assert settle(html, [*ARTICLE, OFFER]) == list(ARTICLE)


def test_chosen_prose_below_goes_on_in_the_same_main_element() -> None:
    html = (
        f"<body><main><div class=text>{BODY}</div><div class=faq><h2>What then?</h2><p>{OFFER}</p></div></main></body>"
    )
    assert settle(html, [*ARTICLE, "What then?", OFFER]) == [*ARTICLE, "What then?", OFFER]


def test_a_call_to_action_below_the_text_in_the_same_main_element_is_dropped() -> None:
    html = f"<body><main><div class=text>{BODY}</div><div id=cta-tours><h2>Tours</h2><p>{OFFER}</p></div></main></body>"
    assert settle(html, [*ARTICLE, "Tours", OFFER]) == list(ARTICLE)


def test_chosen_prose_below_goes_on_in_elements_called_like_those_of_the_article() -> None:
    parts = [f"<div class=part><div class=text>{part}</div></div>" for part in (BODY, f"<p>{OFFER}</p>")]
    html = f"<body>{''.join(parts)}</body>"
    assert settle(html, [*ARTICLE, OFFER]) == [*ARTICLE, OFFER]


def test_chosen_prose_of_a_menu_above_the_headline_is_dropped() -> None:
    html = f"<body><div class=menu><p>{OFFER}</p></div><h1>Ferry</h1><div>{BODY}</div></body>"
    assert settle(html, [OFFER, *ARTICLE], headline="Ferry") == list(ARTICLE)


def test_chosen_prose_above_the_article_stays_where_no_headline_is_known() -> None:
    html = f"<body><div class=opening><p>{OFFER}</p></div><div>{BODY}</div></body>"
    assert settle(html, [OFFER, *ARTICLE]) == [OFFER, *ARTICLE]


def test_a_choice_that_is_no_prose_stays_as_it_is() -> None:
    verse = ["the tide was out", "the moon was in", "the ferry slept", "beneath its tin"]
    html = page("<p>" + "<br>".join(verse) + "</p>")
    assert settle(html, [*verse, "Contact us"]) == [*verse, "Contact us"]


def test_a_choice_of_nothing_stays_nothing() -> None:
    assert settle(page(BODY), []) == []


@tries(25)
@given(st.data())
def test_prose_inside_of_the_article_that_was_chosen_is_never_dropped(data: st.DataObject) -> None:
    parts = data.draw(
        st.lists(
            st.sampled_from(
                [
                    f"<p>{ONE}</p>",
                    f"<div><p>{TWO}</p></div>",
                    "<h2>The owls</h2>",
                    "<ul><li>a boat with two oars</li></ul>",
                    "<aside>Aside</aside>",
                    f"<section><p>{FOUR}</p></section>",
                ]
            ),
            max_size=8,
        )
    )
    html = page(f"<p>{THREE}</p>{''.join(parts)}<p>{FIVE}</p>")
    blocks = blocks_of(parsed(html))
    inside = [block for block in blocks if "article" in block.inside]
    chosen = [block in inside and data.draw(st.booleans()) for block in blocks]
    result = settled(blocks, chosen, set(), None)
    for block, was, now in zip(blocks, chosen, result, strict=True):
        if was and block.text in ARTICLE:
            assert now


# Trees


def test_a_part_of_a_page_becomes_a_page_that_knows_nothing_of_the_rest() -> None:
    root = parsed("<h1>Above</h1><article><p>One <b>two</b> three</p><aside>Four <i>five</i></aside></article>Below")
    before = tostring(root)
    article = root.find(".//article")
    part = as_page(copy_without(article, [article[0][0], article[1], article[1][0], root.find(".//h1")]))
    assert part.getroottree().getroot() is part
    assert tostring(part) == b"<html><body><article><p>One  three</p></article>Below</body></html>"
    assert [element.tag for element in part.xpath("//*")] == ["html", "body", "article", "p"]
    assert tostring(root) == before


# Work


def paragraphs(count: int) -> list[str]:
    drawn = random.Random(count)
    names = [f"w{number}" for number in range(3_000)]
    return [" ".join(drawn.choices(names, k=25)) + "." for _ in range(count)]


def same(size: int) -> tuple[list[str], list[str]]:
    return paragraphs(size), paragraphs(size)


def recovered(size: int) -> tuple[list[str], list[str]]:
    first, *others = paragraphs(size)
    return [first, *others], [*others, first]


def changed(size: int) -> tuple[list[str], list[str]]:
    return paragraphs(size), [line.replace(line.split()[3], "other") for line in paragraphs(size)]


def all_other(size: int) -> tuple[list[str], list[str]]:
    return paragraphs(size), paragraphs(size + 1)


def short_lines(size: int) -> tuple[list[str], list[str]]:
    return ["a;"] * size, ["b a; c " * size]


def one_line(size: int) -> tuple[list[str], list[str]]:
    return paragraphs(1) * size, paragraphs(1) * size


@pytest.mark.parametrize(
    ("pair", "size"),
    [(same, 500), (recovered, 500), (changed, 100), (all_other, 100), (short_lines, 200), (one_line, 200)],
)
def test_the_work_grows_as_the_article_does(pair: Callable[[int], tuple[list[str], list[str]]], size: int) -> None:
    assert grows_evenly(lambda size: partial(aligned, *pair(size)), size)


def test_the_work_grows_as_a_listing_does() -> None:
    def choosing(size: int) -> Callable[[], object]:
        root = parsed(page(BODY + "<pre>" + "line of code;\n" * size + "</pre>"))
        return partial(chosen_blocks, root, blocks_of(root), set())

    assert grows_evenly(choosing, 200)
