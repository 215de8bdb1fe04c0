"""The laws that hold for any text: edits can be applied and undone, do not overlap, and leave nothing to do."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from strategies import tries

from cleaners import CLEANERS, CleanResult, PhraseBook, PhraseError, apply, clean_text, revert

_PHRASES = sorted(
    {phrase.text for phrase in PhraseBook.standard().phrases if phrase.language in ("en", "de", "ru", "zh")}
)
_LINES = st.one_of(
    st.sampled_from(_PHRASES),
    st.sampled_from(_PHRASES).map(str.upper),
    st.sampled_from(_PHRASES).map(lambda phrase: f"{phrase}: Gas leak at the old mine kills five"),
    st.sampled_from(
        [
            "Ana Ruiz",
            "May 3, 2024",
            "6",
            "2,500 $",
            "10 $",
            "25 $",
            "https://example.org/a/long-tale",
            "()",
            "| a | b |",
        ]
    ),
    st.sampled_from(
        [
            "1. First of all",
            "2. The second 3. The third",
            "the second 3. And more",
            "- A point",
            "• A point",
            "66-",
            "(ANA RUIZ / AP)",
        ]
    ),
    st.sampled_from(
        ["The river rose in the night and took the old bridge with it, said the mayor, who had seen it fall."]
    ),
    st.sampled_from(
        [
            "the valley, which had been dry for a year and a half, was a lake by the",
            "Morning, and nobody knew why it had rained so much in the hills above the",
        ]
    ),
    st.text(max_size=60),
)
_TEXTS = st.one_of(
    st.text(),
    st.lists(st.tuples(_LINES, st.sampled_from(["\n", "\n\n", "\r\n", " \n", "\n\n\n", "\u2028"])), max_size=40).map(
        lambda parts: "".join(line + end for line, end in parts)
    ),
)


def checked(text: str) -> CleanResult:
    """The result, with everything about its edits checked that holds for any text."""
    result = clean_text(text)
    assert apply(text, result.edits) == result.text
    assert revert(result.text, result.edits) == text
    position = 0
    for edit in result.edits:
        assert position <= edit.start <= edit.end <= len(text)
        assert edit.original == text[edit.start : edit.end]
        assert edit.original != edit.replacement
        position = edit.end
    return result


@tries(160)
@given(_TEXTS)
def test_edits_are_disjoint_and_can_be_undone(text: str) -> None:
    checked(text)


@tries(160)
@given(_TEXTS)
def test_cleaning_clean_text_changes_nothing(text: str) -> None:
    clean = checked(text).text
    again = clean_text(clean)
    assert again.text == clean
    assert again.edits == ()


@tries(80)
@given(_TEXTS)
def test_clean_text_is_tidy_and_can_be_written(text: str) -> None:
    clean = checked(text).text
    assert clean == clean.strip()
    assert "\n\n\n" not in clean
    clean.encode("utf-8")


@tries(60)
@given(_TEXTS)
def test_each_cleaner_alone_takes_any_text(text: str) -> None:
    for cleaner in CLEANERS:
        assert isinstance(cleaner(text), str)


@tries(40)
@given(st.text())
def test_a_users_phrase_file_is_read_or_refused_but_never_crashes(toml: str) -> None:
    try:
        PhraseBook(()).with_user(toml, "own.toml")
    except PhraseError as refused:
        message = str(refused)
    else:
        return
    assert message.startswith("own.toml:")


@tries(25)
@given(_TEXTS)
def test_the_same_text_gives_the_same_edits(text: str) -> None:
    first, second = clean_text(text), clean_text(text)
    assert json.dumps([str(edit) for edit in first.edits]) == json.dumps([str(edit) for edit in second.edits])
