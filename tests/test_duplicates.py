"""What is said twice, and what may be: verse, refrains, lists, and words that come back far below."""

from __future__ import annotations

import pytest
from articles import ALSO_READ, PROSE, inside, plain

from cleaners import clean_text, remove_duplicates

SAID = "“They did not evict the fig when they came, they built the stage around it and watered it for thirty summers”"
HOST = f"{SAID[:-1]},” said the gardener, who had seen it all from his ladder. Nobody else had."


@pytest.mark.parametrize(
    ("language", "host", "quote"),
    [
        ("en", HOST, SAID),
        (
            "en",
            "He had been widely expected to extend his rule over the valley by seven more years. Few doubted it.",
            "Edo Quill had been widely expected to extend his rule over the valley by seven more years",
        ),
        (
            "de",
            (
                "Man werde sich daran gewöhnen müssen, dass der Fluss im Frühjahr in die Keller "
                "kommt, sagte sie am Montag."
            ),
            "„Man werde sich daran gewöhnen müssen, dass der Fluss im Frühjahr in die Keller kommt“",
        ),
        (
            "ru",
            "Нам придётся привыкнуть к тому, что каждую весну река приходит в подвалы, сказала она в понедельник.",
            "«Нам придётся привыкнуть к тому, что каждую весну река приходит в подвалы»",
        ),
        (
            "ar",
            "سيكون علينا أن نعتاد على أن النهر يدخل الأقبية في كل ربيع كما قالت رئيسة البلدية يوم الاثنين الماضي.",
            "«سيكون علينا أن نعتاد على أن النهر يدخل الأقبية في كل ربيع»",
        ),
    ],
)
def test_removes_a_pull_quote_below_its_sentence(language: str, host: str, quote: str) -> None:
    first, second = PROSE[language]
    body = f"{first}\n\n{host}\n\n{second}"
    noise = f"{first}\n\n{host}\n\n{quote}\n\n{second}"
    assert remove_duplicates(noise) == body
    result = clean_text(f"{noise}\n\n{ALSO_READ[language]}")
    assert result.text == body
    assert "duplicate.pull-quote" in {edit.rule for edit in result.edits}


def test_removes_a_sentence_with_a_full_stop_that_a_longer_paragraph_says_word_for_word() -> None:
    sentence = "The old footbridge over the Osk was built in one summer by men who had never seen another one."
    host = f"{sentence} It stood for sixty years, and no engineer who came to look at it ever knew why."
    first, second = PROSE["en"]
    assert remove_duplicates(f"{host}\n\n{first}\n\n{sentence}\n\n{second}") == f"{host}\n\n{first}\n\n{second}"


def test_removes_a_paragraph_said_twice_and_keeps_the_first() -> None:
    first, second = PROSE["en"]
    assert remove_duplicates(f"{first}\n\n{second}\n\n{first}") == plain()
    assert clean_text(f"{ALSO_READ['en']}\n\n{first}\n\n{second}\n\n{first}").text == plain()


def test_removes_a_headline_said_twice_above_the_article() -> None:
    headline = "The river takes the old footbridge of Velm"
    result = clean_text(f"{headline}\n\nShare this article\n\n{headline}\n\n{plain()}")
    assert result.text == plain()
    assert result.metadata.title == headline


@pytest.mark.parametrize("language", ["en", "de", "fr", "ru", "zh", "ja", "ar"])
def test_keeps_a_repetition_in_a_text_without_noise(language: str) -> None:
    first, second = PROSE[language]
    text = f"{first}\n\n{second}\n\n{first}"
    assert clean_text(text).text == text


def test_keeps_the_refrain_of_a_song() -> None:
    refrain = "And the river goes on, my love, goes on."
    verses = ["We built it of oak in a year of flood,", "We built it of stone when the oak was gone,"]
    song = "\n\n".join(f"{verse}\n{refrain}" for verse in [*verses, "We built it of words and the stone was sold,"])
    for text in (inside(song), f"{inside(song)}\n\n{ALSO_READ['en']}"):
        assert clean_text(text).text == inside(song)
    assert remove_duplicates(inside(song)) == inside(song)


def test_keeps_short_answers_and_labels_that_come_back() -> None:
    kept = "Who built it?\n\nNobody knows.\n\nWho paid for it?\n\nNobody knows.\n\nWho will mend it?\n\nNobody knows."
    assert remove_duplicates(inside(kept)) == inside(kept)


def test_keeps_equal_items_of_a_list_and_rows_of_a_table() -> None:
    kept = (
        "- Two eggs and a good handful of flour from the mill\n- Milk\n"
        "- Two eggs and a good handful of flour from the mill"
    )
    table = "| Monday at the mill | one hour and ten minutes |\n| Monday at the mill | one hour and ten minutes |"
    assert remove_duplicates(inside(kept)) == inside(kept)
    assert remove_duplicates(inside(table)) == inside(table)


def test_keeps_a_quotation_of_a_few_words_from_above() -> None:
    first, second = PROSE["en"]
    text = f"{first}\n\n“An hour to school until the summer”\n\n{second}"
    assert remove_duplicates(text) == text


def test_keeps_a_sentence_that_resembles_one_above_but_says_something_else() -> None:
    first = (
        "The council voted on Monday to build the new bridge of stone, at a cost of two million crowns, by the spring."
    )
    second = (
        "The council voted on Tuesday to build the new bridge of oak, at a cost of one million crowns, by the autumn."
    )
    text = f"{first}\n\n{second}"
    assert remove_duplicates(text) == text


def test_keeps_a_paragraph_that_comes_back_far_below() -> None:
    first, second = PROSE["en"]
    days = [
        f"On day {number} the water stood at the {number}th step of the mill, and no boat went over."
        for number in range(2, 12)
    ]
    text = "\n\n".join([first, *days, second, first])
    assert remove_duplicates(text) == text


def test_keeps_listings_of_code_and_numbers() -> None:
    code = "for step in range(10): print(step, water[step] * 2, level)"
    text = inside(f"Run {code} and wait for the river.\n\n{code}")
    assert remove_duplicates(text) == text
