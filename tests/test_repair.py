"""Damage that scraping did, mended; verse, addresses, tables, lists and code, left as they are."""

from __future__ import annotations

import textwrap

import pytest
from articles import PROSE, above, inside, plain

from cleaners import clean_text, repair_text

WRAPPED = ("en", "de", "fr", "es", "pt", "it", "nl", "pl", "cs", "ro", "sv", "ru", "uk", "kk", "tr", "id", "vi")


@pytest.mark.parametrize("language", WRAPPED)
@pytest.mark.parametrize("width", [62, 72, 90])
def test_joins_hard_wrapped_lines(language: str, width: int) -> None:
    wrapped = "\n\n".join("\n".join(textwrap.wrap(text, width, break_on_hyphens=False)) for text in PROSE[language])
    assert repair_text(wrapped) == plain(language)
    assert clean_text(wrapped).text == plain(language)


def test_joins_wrapped_lines_of_scripts_without_spaces() -> None:
    for language in ("zh", "ja"):
        wrapped = "\n\n".join(
            "\n".join(text[start : start + 40] for start in range(0, len(text), 40)) for text in PROSE[language]
        )
        assert repair_text(wrapped) == plain(language)


def test_joins_a_compound_hyphen_at_a_line_end_without_a_space() -> None:
    wrapped = (
        "She had ruled the valley for almost three decades and then handpicked the 66-\nyear-old ferryman as her "
        "successor when she stepped down in March. The half-\nbuilt bridge was given to him as well, with the boats of "
        "the rescue service."
    )
    assert "66-year-old ferryman" in repair_text(wrapped)
    assert "The half-built bridge" in repair_text(wrapped)


def test_joins_no_line_to_the_paragraph_below() -> None:
    first, second = PROSE["en"]
    wrapped = "\n".join(textwrap.wrap(first, 70))
    assert repair_text(f"{wrapped}\n\n{second}") == plain()


@pytest.mark.parametrize(
    "kept",
    [
        # Verse.
        (
            "We built it of oak in a year of flood,\nand walked to the mill on the planks,\n"
            "we built it of stone when the oak was gone,\nand gave to nobody thanks."
        ),
        (
            "Der Fluss geht fort und kommt nicht mehr,\ndie Brücke steht und wartet sehr,\n"
            "und wer sie fragt, dem sagt sie bloß:\nich bin die Zeit nicht los."
        ),
        "Под старым мостом темнеет вода,\nи не было в ней никого никогда,\nлишь лодка одна у причала.",
        # An address.
        "The Valley Gazette\nOld Mill Yard 4\nVelm 1204\nTel. 555 0142",
        # A table.
        "Day Water Boats\nMonday 2.1 m none\nTuesday 1.9 m none\nWednesday 1.2 m two",
        "| Day | Water |\n| --- | --- |\n| Monday | 2.1 m |",
        # Numbered and other lists.
        "1. Feed the starter at night.\n2. Mix in the evening.\n3. Bake it darker than you dare.",
        "- oak, forty planks of it\n- two hundred nails\n- a ferryman who can count",
        "a) the bridge\nb) the weir\nc) the mill",
        # Code.
        "bridge = oak + nails\nif flood(bridge): walk(ferry)\nelse: walk(bridge)",
        # Dialogue.
        "“Is it ready?” I asked him.\n\n“What does it say when you shake it?”\n\n“It wobbles.”",
    ],
)
def test_keeps_lines_that_were_not_wrapped(kept: str) -> None:
    assert clean_text(inside(kept)).text == inside(kept)
    assert repair_text(inside(kept)) == inside(kept)


def test_keeps_headings_and_numbers_of_lists_apart_from_wrapped_text() -> None:
    wrapped = "\n".join(textwrap.wrap(PROSE["en"][0], 72))
    text = (
        f"The leading finishers, with their times:\n\n1. Tamsin Orrock – 5:11:40\n2. Ines Roak – 5:19:05\n\n{wrapped}"
    )
    assert repair_text(text).startswith(
        "The leading finishers, with their times:\n\n1. Tamsin Orrock – 5:11:40\n2. Ines Roak"
    )


@pytest.mark.parametrize(
    ("damaged", "mended"),
    [
        ("He led by ninety seconds\u00a0at the halfway point.", "He led by ninety seconds at the halfway point."),
        ("He led  by   ninety seconds.", "He led by ninety seconds."),
        ("He led\tby ninety seconds.", "He led by ninety seconds."),
        ("He led by nine\u00adty sec\u200bonds.", "He led by ninety seconds."),
        ("He led \ufeffby ninety seconds.", "He led by ninety seconds."),
        ("'\"'I was going home,\" she said.", '"I was going home," she said.'),
        ("\"I was going home,'\"' she said.", '"I was going home," she said.'),
        (
            "She wrapped herself in a blanket outside the cafÃ© that served tea.",
            "She wrapped herself in a blanket outside the café that served tea.",
        ),
        (
            "Nothing worse than two sprained ankles â€“ and one engagement.",
            "Nothing worse than two sprained ankles – and one engagement.",
        ),
        ("Entry costs Â£12 and itâ€™s worth it.", "Entry costs £12 and it’s worth it."),
        ("Die BrÃ¼cke Ã¼ber den Fluss war schÃ¶n.", "Die Brücke über den Fluss war schön."),
        ("â€¨The cafÃ© closed.â€¨It opens in May.", "The café closed. It opens in May."),
        ("Река унесла старый мост.".encode().decode("latin-1"), "Река унесла старый мост."),
        ("A lone \ud800 surrogate.", "A lone \ufffd surrogate."),
    ],
)
def test_mends_characters_spaces_and_quotation_marks(damaged: str, mended: str) -> None:
    assert repair_text(damaged) == mended
    assert clean_text(damaged).text == mended


@pytest.mark.parametrize(
    "kept",
    [
        "The café in Łódź served żurek, smørrebrød and a naïve soupçon of brûlée for 5 € at 20 °C.",
        "Ça va ? — Oui… « très bien », dit-elle ; l’été dernier il faisait 31 °C à l’ombre.",
        "She typed '\"' and the shell waited for more, as it always does when a quote is open.",
        "رفت و برگشت و می‌گفت که رودخانه را دیده است.",
        "नदी का पानी बढ़ गया था और क्‍या करते।",
        "Family 👨\u200d👩\u200d👧 of the mill, all well.",
        "Â is a letter, Ã another, and â a third: the type-setter of the Gazette has a drawer for each.",
    ],
)
def test_keeps_characters_that_are_meant(kept: str) -> None:
    assert repair_text(kept) == kept


def test_parts_numbered_items_that_ran_together() -> None:
    text = "1. Tamsin Orrock – 5:11:40\n2. Piers Hallam – 5:15:22 3. Ines Roak – 5:19:05\n4. Mabli Curnock – 5:23:51"
    assert repair_text(text) == (
        "1. Tamsin Orrock – 5:11:40\n2. Piers Hallam – 5:15:22\n3. Ines Roak – 5:19:05\n4. Mabli Curnock – 5:23:51"
    )


def test_removes_the_tail_of_an_item_said_again_at_the_head_of_the_next() -> None:
    text = "1. Tamsin Orrock – 5:11:40 WINNER\n2. Piers Hallam – 3.42 percent\n3.42 percent 3. Ines Roak – 2.60 percent"
    assert repair_text(text) == (
        "1. Tamsin Orrock – 5:11:40 WINNER\n2. Piers Hallam – 3.42 percent\n3. Ines Roak – 2.60 percent"
    )


@pytest.mark.parametrize(
    "kept",
    [
        "1. Take the road to Velm and follow it for 2. The bridge was here.",
        "1. Version 2. of the charter\n2. Version 4. of the charter",
        "It stood at 2. 3. was the number of the boat.",
    ],
)
def test_keeps_numbers_inside_of_items_and_sentences(kept: str) -> None:
    text = above(kept)
    assert PROSE["en"][0] in repair_text(text)
    assert repair_text(text).replace("\n", " ").split() == text.split()


def test_puts_one_blank_line_between_paragraphs_and_none_at_the_ends() -> None:
    first, second = PROSE["en"]
    for gap in ("\n", "\n\n\n", "\r\n\r\n", "\n \n\t\n", "\u2028", "\n\u200b\n"):
        assert repair_text(f"\n\n {first}{gap}{second} \n\n") == plain()


def test_puts_list_items_on_consecutive_lines() -> None:
    assert repair_text("- oak\n\n- nails\n\n- a ferryman") == "- oak\n- nails\n- a ferryman"


def test_changes_nothing_when_asked_to_skip_repairs() -> None:
    text = f"{PROSE['en'][0]}\n\n\n{PROSE['en'][1]} \u00a0"
    assert clean_text(text, skip=["repair"]).text == text


def test_mends_each_place_of_a_line_whose_words_mojibake_had_parted() -> None:
    line = "The \u00c2\u00a0 caf\u00c3\u00a9 was open \u00c2 and the owls were there."
    result = clean_text(f"{line}\n\n{PROSE['en'][0]}")
    assert result.text == f"The caf\u00e9 was open and the owls were there.\n\n{PROSE['en'][0]}"
    kept = "".join(edit.original for edit in result.edits)
    assert "owls" not in kept
    assert "open" not in kept


def test_mends_a_word_beside_one_that_is_very_long() -> None:
    assert repair_text(f"The caf\u00c3\u00a9 {'a' * 300_000} was open.") == f"The caf\u00e9 {'a' * 300_000} was open."
