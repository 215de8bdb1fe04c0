"""What a notebook sees: names, strings in and strings out, what importing costs, `skip`, metadata, fingerprints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from articles import ALSO_READ, PROSE, inside, plain

import cleaners
from cleaners import (
    CLEANERS,
    Cleaner,
    CleanResult,
    Comment,
    Edit,
    EditError,
    Metadata,
    PhraseBook,
    Related,
    apply,
    clean_text,
    fingerprint,
    metadata_from,
    revert,
)

PROJECT = Path(__file__).resolve().parent.parent
SCRAPE = f"""The river takes the old footbridge
By Ana Ruiz
May 3, 2024
Share this article

{PROSE["en"][0]}

{ALSO_READ["en"]}

https://news.example.org/2024/ferry-runs-on-sundays-again

A family at the mill on Monday. (STANLEY FILPOT / AP)

{PROSE["en"][1]}

Lukas Penhale contributed to this report.

5 $
10 $
25 $
Donate now

1 Comment

Hesper Lund says:
May 4, 2024 at 9:42 pm

I used to walk over it every day.

Reply

Leave a Reply
"""


@pytest.mark.parametrize("name", cleaners.__all__)
def test_each_public_name_can_be_imported(name: str) -> None:
    assert getattr(cleaners, name).__doc__ if name != "CLEANERS" else cleaners.CLEANERS


def test_importing_the_library_imports_nothing_heavy() -> None:
    command = [sys.executable, "-X", "importtime", "-c", "import cleaners"]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in run.stderr.splitlines()}
    assert "cleaners" in loaded
    assert loaded.isdisjoint({"prefect", "trafilatura", "lxml", "bs4", "ftfy", "re2", "charset_normalizer", "flows"})


@pytest.mark.parametrize("cleaner", CLEANERS, ids=lambda cleaner: str(cleaner.name))
def test_a_single_cleaner_takes_and_gives_a_string(cleaner: Cleaner) -> None:
    assert type(cleaner(SCRAPE)) is str
    assert cleaner(plain()) == plain()
    assert cleaner("") == ""
    assert cleaner.__doc__


def test_a_single_cleaner_leaves_all_other_noise_and_white_space() -> None:
    text = f"Share this article\n\n\n{inside(ALSO_READ['en'])} \n"
    assert cleaners.remove_also_read(text) == f"Share this article\n\n\n{plain()} \n"


def test_cleans_a_whole_text() -> None:
    result = clean_text(SCRAPE)
    assert isinstance(result, CleanResult)
    assert result.text == plain()
    assert result.metadata == Metadata(
        language="en",
        title="The river takes the old footbridge",
        byline="Ana Ruiz",
        published="May 3, 2024",
        credits=["Lukas Penhale contributed to this report."],
        captions=["A family at the mill on Monday. (STANLEY FILPOT / AP)"],
        related=[Related("Ferry runs on Sundays again", "https://news.example.org/2024/ferry-runs-on-sundays-again")],
        comments=[Comment("Hesper Lund", "May 4, 2024 at 9:42 pm", "I used to walk over it every day.")],
    )
    assert apply(SCRAPE, result.edits) == result.text
    assert revert(result.text, result.edits) == SCRAPE


def test_takes_any_text() -> None:
    for text in ("", " \n", "\x00", "\ud800", "…", "a" * 100_000):
        assert isinstance(clean_text(text).text, str)


@pytest.mark.parametrize("name", [cleaner.name for cleaner in CLEANERS])
def test_skips_the_noise_types_that_it_is_asked_to(name: str) -> None:
    assert name not in {edit.cleaner for edit in clean_text(SCRAPE, skip=[name]).edits}


def test_skipping_all_changes_nothing() -> None:
    assert clean_text(SCRAPE, skip=[cleaner.name for cleaner in CLEANERS]) == CleanResult(
        SCRAPE, SCRAPE, Metadata(language="en"), ()
    )


def test_skipping_one_leaves_its_noise_in_the_text() -> None:
    assert clean_text(SCRAPE, skip=["related"]).text == inside(ALSO_READ["en"])


def edit(field: str | None, text: str) -> Edit:
    return Edit(0, len(text), "", text, "any", "any.rule", field)


def test_metadata_are_put_together_from_the_edits_that_lifted_something() -> None:
    found = metadata_from(
        [
            edit("title", "  A  bridge\u00a0at last \n\n"),
            edit("title", "Another bridge"),
            edit("byline", "Ana Ruiz"),
            edit("published", "May 3"),
            edit("credits", "Lukas Penhale\n"),
            edit("credits", "Lukas Penhale"),
            edit("captions", "A family"),
            edit(None, "Share"),
            edit("captions", " \n"),
        ]
    )
    assert found == Metadata("A bridge at last", "Ana Ruiz", "May 3", credits=["Lukas Penhale"], captions=["A family"])


def test_a_url_goes_to_the_title_that_it_spells() -> None:
    found = metadata_from(
        [
            edit("related.url", "https://example.org/2024/ferry-runs-on-sundays"),
            edit("related.title", "Who owns the quay?"),
            edit("related.title", "Ferry runs on Sundays"),
            edit("related.title", "Ferry runs on Sundays"),
            edit("related.url", "https://example.org/page/77"),
        ]
    )
    assert found.related == [
        Related("Who owns the quay?"),
        Related("Ferry runs on Sundays", "https://example.org/2024/ferry-runs-on-sundays"),
        Related(None, "https://example.org/page/77"),
    ]


def test_comments_are_put_together_from_author_time_and_texts() -> None:
    fields = ["author", "time", "text", "text", "author", "text", "time", "text"]
    found = metadata_from(edit(f"comments.{field}", f"{field} {number}") for number, field in enumerate(fields))
    assert found.comments == [
        Comment("author 0", "time 1", "text 2\n\ntext 3"),
        Comment("author 4", None, "text 5"),
        Comment(None, "time 6", "text 7"),
    ]


def test_edits_that_overlap_or_do_not_fit_are_refused() -> None:
    first, second = Edit(0, 3, "", "abc", "a", "a.b"), Edit(2, 4, "", "cd", "a", "a.b")
    for edits in ([first, second], [Edit(0, 9, "", "abcdefghi", "a", "a.b")], [Edit(0, 2, "", "xy", "a", "a.b")]):
        with pytest.raises(EditError):
            apply("abcdef", edits)
    with pytest.raises(EditError):
        revert("abc", [Edit(0, 1, "x", "y", "a", "a.b")])


def test_the_fingerprint_changes_with_what_the_result_depends_on() -> None:
    book = PhraseBook.standard().with_user('[prompt.club.en]\nline = ["Join the club"]', "own.toml")
    other = PhraseBook.standard().with_user('[prompt.club.en]\nwidget = ["Join the club"]', "own.toml")
    prints = [
        fingerprint(),
        fingerprint(skip=["title"]),
        fingerprint(skip=["byline"]),
        fingerprint(comments=False),
        fingerprint(book=book),
        fingerprint(book=other),
    ]
    assert len(set(prints)) == len(prints)
    assert all(len(print_) == 64 for print_ in prints)


def test_the_fingerprint_is_stable() -> None:
    command = [sys.executable, "-c", "from cleaners import fingerprint; print(fingerprint(skip=['title', 'byline']))"]
    run = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True)
    assert run.stdout.strip() == fingerprint(skip=["byline", "title"])
