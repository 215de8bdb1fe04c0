"""The laws hold with overrides, too: edits can be applied and undone, leave nothing to do, and spare what is kept."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st
from strategies import tries
from test_laws import _TEXTS
from test_page_laws import pages

from cleaners import CleanResult, Override, Overrides, OverridesError, apply, clean_html, clean_text, revert
from cleaners.overrides import folded

_RULES = st.sampled_from(
    [None, None, None, "related.also-read.en", "comments.thread", "prompt.share.en", "extractor.not-chosen"]
)
NAME = "news/a"


@st.composite
def overrides(draw: st.DrawFn, source: str) -> Overrides:
    """Overrides for words, lines and stretches that stand in a text."""
    tokens = [token for token in source.split() if token.isprintable()]
    lines = [folded(line) for line in source.splitlines() if line.isprintable() and folded(line)]
    assume(tokens and lines)
    entries: dict[tuple[str, str], Override] = {}
    for number in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(tokens) - 1))
        text = " ".join(tokens[start : draw(st.integers(start + 1, min(len(tokens), start + 12)))])
        entries["document", text] = Override("keep", "document", NAME, text, number, rule=draw(_RULES))
    for number in range(draw(st.integers(0, 3))):
        line = draw(st.sampled_from(lines))
        if draw(st.booleans()):
            noise = Override("noise", "document", NAME, line, number, noise="prompt")
            entries.setdefault(("document", line), noise)
        elif draw(st.booleans()):
            keep = Override("keep", "language", "en", line, number, rule=draw(_RULES))
            entries["language", keep.key] = keep
        else:
            noise = Override("noise", "language", "en", line, number, noise="site")
            entries["language", noise.key] = noise
    return Overrides(tuple(entries.values()))


@st.composite
def corrected_texts(draw: st.DrawFn) -> tuple[str, Overrides]:
    text = draw(_TEXTS)
    return text, draw(overrides(text))


@st.composite
def corrected_pages(draw: st.DrawFn) -> tuple[str, Overrides]:
    page, _ = draw(pages())
    return page, draw(overrides(clean_html(page).source))


def checked(result: CleanResult) -> None:
    """Everything about edits and overrides that holds for any document."""
    source = result.source
    assert apply(source, result.edits) == result.text
    assert revert(result.text, result.edits) == source
    for before, edit in pairwise(result.edits):
        assert before.end <= edit.start
    assert all(edit.original != edit.replacement for edit in result.edits)
    assert result.text == result.text.strip()
    assert "\n\n\n" not in result.text
    kept = [
        hit
        for hit in result.hits
        if hit.override.action == "keep" and hit.override.scope == "document" and hit.override.rule is None
    ]
    for edit in result.edits:
        for hit in kept if edit.cleaner != "repair" else ():
            assert not source[max(edit.start, hit.start) : min(edit.end, hit.end)].strip()


@tries(100)
@given(corrected_texts())
def test_edits_of_a_corrected_text_can_be_undone_and_spare_what_is_kept(drawn: tuple[str, Overrides]) -> None:
    text, given_overrides = drawn
    checked(clean_text(text, overrides=given_overrides, document=NAME))


@tries(100)
@given(corrected_texts())
def test_cleaning_a_corrected_text_again_changes_nothing(drawn: tuple[str, Overrides]) -> None:
    text, given_overrides = drawn
    first = clean_text(text, overrides=given_overrides, document=NAME)
    again = clean_text(first.text, overrides=given_overrides, document=NAME)
    assume(again.metadata.language == first.metadata.language)
    # What a repair has changed no longer reads as the overrides say it.
    said = folded(first.text)
    assume(
        all(
            hit.override.text in said
            for hit in first.hits
            if hit.override.action == "keep" and hit.override.scope == "document"
        )
    )
    assert again.text == first.text
    assert again.edits == ()


@tries(32)
@given(corrected_pages())
def test_a_corrected_page_is_accounted_for_and_spares_what_is_kept(drawn: tuple[str, Overrides]) -> None:
    page, given_overrides = drawn
    result = clean_html(page, overrides=given_overrides, document=NAME)
    checked(result)
    for block, after in pairwise(result.blocks):
        assert block.end <= after.start
    tiles = [(block.start, block.end) for block in result.blocks]
    for edit in result.edits:
        if not any(block.start <= edit.start and edit.end <= block.end for block in result.blocks):
            assert all(edit.end <= block.start or block.end <= edit.start for block in result.blocks)
            tiles.append((edit.start, edit.end))
    position = 0
    for start, end in sorted(tiles):
        assert not result.source[position:start].strip()
        position = max(position, end)
    assert not result.source[position:].strip()


@tries(25)
@given(corrected_texts())
def test_overrides_for_another_document_change_nothing(drawn: tuple[str, Overrides]) -> None:
    text, given_overrides = drawn
    own = Overrides(tuple(entry for entry in given_overrides.entries if entry.scope == "document"))
    for name in ("news/b", None):
        assert clean_text(text, overrides=own, document=name) == clean_text(text)


@tries(60)
@given(
    st.one_of(
        st.text(),
        st.lists(
            st.sampled_from(
                [
                    "[[keep]]",
                    "[[noise]]",
                    'site = "a.b"',
                    'phrase = "x"',
                    'text = "x"',
                    'document = "a"',
                    'type = "prompt"',
                    'type = "x"',
                    'language = "en"',
                    "x = 1",
                    "keep = 1",
                    'rule = "prompt.b"',
                ]
            )
        ).map("\n".join),
    )
)
def test_a_file_of_overrides_is_read_or_refused_but_never_crashes(toml: str) -> None:
    try:
        Overrides.from_toml(toml, "own.toml")
    except OverridesError as refused:
        message = str(refused)
    else:
        return
    assert message.startswith("own.toml:")
