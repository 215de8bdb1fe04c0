"""Phrase files: those that ship with cleancopy, and those of users, read or refused with their line."""

from __future__ import annotations

import re
import tomllib
from importlib import resources

import pytest
from articles import LANGUAGES, inside, plain

from cleaners import PhraseBook, PhraseError, clean_text
from cleaners.phrasebook import FORMS, normal_form
from cleaners.users_toml import SIZE_MAX

FILES = sorted(
    (file for file in resources.files("cleaners").joinpath("phrases").iterdir() if file.name.endswith(".toml")),
    key=lambda file: file.name,
)
NAMES = [file.name for file in FILES]
BOOK = PhraseBook.standard()


def rules(book: PhraseBook, line: str) -> list[str]:
    return [phrase.rule for phrase in book.match(normal_form(line), line)]


@pytest.mark.parametrize(
    ("toml", "line", "other"),
    [
        (
            '[prompt.club.en]\nline = ["Join the reading club"]',
            "» Join the reading club!",
            "Join the reading club today",
        ),
        ('[prompt.club.en]\nwidget = ["Reading club"]', "Reading club", "Reading clubs"),
        ('[related.club.en]\nheading = ["From the club"]', "FROM THE CLUB:", "From the club house"),
        ('[donation.club.en]\nstart = ["Help the club"]', "Help the club now", "Help the clubs"),
        ('[related.club.en]\nlabel = ["From the club"]', "From the club: Nine lamps", "From the clubs: Nine lamps"),
        ('[credit.club.en]\nend = ["for the club"]', "Photographs for the club", "For the club we sing"),
        ('[prompt.club.en]\npattern = ["club n[°º]? ?\\\\d+"]', "Club n° 42", "Club n° 42 of Velm"),
        ('[comments.club.en]\nline = ["# letters to the club"]', "1,204 letters to the club", "letters to the club"),
        ('[caption.club.any]\nline = ["Klubbild"]', "Klubbild", "Klub"),
    ],
)
def test_reads_each_form_of_a_users_phrase(toml: str, line: str, other: str) -> None:
    book = PhraseBook(()).with_user(toml, "own.toml")
    assert len(rules(book, line)) == 1
    assert rules(book, other) == []


def test_reads_a_users_clause_and_looks_for_whole_words() -> None:
    book = PhraseBook(()).with_user('[prompt.club.en]\nclause = ["reading club", "book club"]', "own.toml")
    found = list(book.clauses("come to the reading club, our book clubs are full"))
    assert [(place, phrase.text) for place, phrase in found] == [(12, "reading club")]


def test_adds_to_the_phrases_and_cleans_with_them() -> None:
    book = BOOK.with_user('[prompt.club.en]\npattern = ["join (the|our) club( today)?!*"]', "own.toml")
    assert clean_text(inside("JOIN OUR CLUB TODAY!")).text == inside("JOIN OUR CLUB TODAY!")
    assert clean_text(inside("JOIN OUR CLUB TODAY!"), book=book).text == plain()
    assert rules(book, "Share this article") == rules(BOOK, "Share this article")


def test_an_empty_file_adds_nothing() -> None:
    assert PhraseBook(()).with_user("# none yet\n", "own.toml").phrases == ()


@pytest.mark.parametrize(
    ("toml", "line", "reason"),
    [
        ('[prompt.club.en\nline = ["a"]', 1, "not valid TOML"),
        ('[prompt.club.en]\nline = ["a"]\nline = ["b"]', 3, "not valid TOML"),
        ('[prompt.club.en]\nline = ["a', 2, "not valid TOML"),
        ('# own\n[promt.club.en]\nline = ["a"]', 2, "'promt' is no noise type; choose one of donation, comments, "),
        ('[prompt.club.en]\nlines = ["a"]', 2, "'lines' is no form of a phrase; choose one of line, widget, "),
        ('[prompt.club.en]\nline = ["a", 7]', 2, "'line' takes a list of strings"),
        ('[prompt.club.en]\n\nline = "a"', 3, "'line' takes a list of strings"),
        ('[prompt.club.en]\nline = ["a"]\nwidget = ["…"]', 3, "has no letter or digit"),
        ('[prompt.club.en]\nline = [""]', 2, "has no letter or digit"),
        ('[prompt.club.en]\nstart = ["  "]', 2, "has no letter or digit"),
        ('[prompt.club.en]\npattern = ["a", "(club"]', 2, "'(club' is refused by RE2: missing )"),
        ('[prompt.club.en]\npattern = ["(?=club)"]', 2, "is refused by RE2"),
        ("[prompt.club.en]\npattern = ['(a)\\1']", 2, "is refused by RE2"),
        ('prompt = ["a"]', 1, "'prompt' must be in a table [NOISE.RULE.LANGUAGE]"),
        ('[prompt]\nclub = ["a"]', 2, "'club' must be in a table [NOISE.RULE.LANGUAGE]"),
        ('[prompt.club]\nen = ["a"]', 2, "'en' must be in a table [NOISE.RULE.LANGUAGE]"),
    ],
)
def test_refuses_a_users_file_with_its_line_and_a_reason(toml: str, line: int, reason: str) -> None:
    with pytest.raises(PhraseError) as refusal:
        BOOK.with_user(toml, "own.toml")
    message = str(refusal.value)
    assert message.startswith(f"own.toml:{line}: ")
    assert reason in message


@pytest.mark.parametrize(
    ("toml", "reason"),
    [
        ("a = " + "[" * 50_000, "it is nested too deeply"),
        ("a." * 50_000 + "b = 1", "it is nested too deeply"),
        ("a = " + "9" * 10_000, "a number in it has too many digits"),
        ("#" * (SIZE_MAX + 1), "it is larger than 1,048,576 characters"),
    ],
)
def test_refuses_a_hostile_file_with_a_reason(toml: str, reason: str) -> None:
    with pytest.raises(PhraseError, match=f"own.toml: {reason}"):
        BOOK.with_user(toml, "own.toml")


def test_refuses_patterns_that_are_too_large_together_before_any_text_is_cleaned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("cleaners.phrasebook.MEMORY", 16 << 20)
    patterns = [f"{letter}.{{0,1000}}.{{0,900}}" for letter in "abcdefghijklmnopqrstuvwxyz"]
    assert BOOK.with_user(f"[prompt.club.en]\npattern = {patterns[:2]}", "own.toml")
    with pytest.raises(PhraseError, match=r"own.toml:2: its patterns and clauses together are too large for RE2"):
        BOOK.with_user(f"[prompt.club.en]\npattern = {patterns}", "own.toml")


def test_a_refusal_shows_the_start_of_a_long_pattern_only() -> None:
    with pytest.raises(PhraseError, match="refused by RE2") as refusal:
        BOOK.with_user(f"[prompt.club.en]\npattern = ['{'(' * 5_000}']", "own.toml")
    assert len(str(refusal.value)) < 300


def test_a_pattern_that_is_catastrophic_in_re_is_harmless() -> None:
    book = BOOK.with_user('[prompt.club.en]\npattern = ["(a+)+b", "(x|x?)*y", "(.*)*z"]', "own.toml")
    hostile = "a" * 60 + " " + "x" * 50 + "!"
    assert clean_text(inside("\n\n".join([hostile] * 40)), book=book).text == inside("\n\n".join([hostile] * 40))
    assert clean_text(inside("aaab"), book=book).text == plain()


@pytest.mark.parametrize("file", FILES, ids=NAMES)
def test_a_packaged_file_loads_and_knows_its_forms(file: resources.abc.Traversable) -> None:
    tables = tomllib.loads(file.read_text(encoding="utf-8"))
    if file.name == "languages.toml":
        assert set(tables) >= set(LANGUAGES)
        return
    for rule, languages in tables.items():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule)
        assert set(languages) <= {*LANGUAGES, "any"}
        for forms in languages.values():
            assert set(forms) <= set(FORMS)
            assert all(isinstance(text, str) and normal_form(text) for texts in forms.values() for text in texts)


@pytest.mark.parametrize("noise", ["related", "comments", "prompt", "byline", "caption", "credit", "donation", "date"])
def test_each_language_has_phrases(noise: str) -> None:
    assert {phrase.language for phrase in BOOK.phrases if phrase.noise == noise} >= set(LANGUAGES)
    assert len(LANGUAGES) == 26


def test_no_phrase_holds_a_url() -> None:
    assert [phrase for phrase in BOOK.phrases if re.search(r"://|www\.|\w\.\w+/\w", phrase.text)] == []


def test_reads_the_packaged_phrases_once() -> None:
    assert PhraseBook.standard() is BOOK


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("» 1,204 Comments:", "# comments"),
        ("DON’T  MISS…", "don't miss"),
        ("[ALSO READ]", "also read"),
        ("İLGİLİ HABERLER", "ilgili haberler"),
        ("اقرأ أيضًا", "اقرأ أيضا"),
        ("【関連記事】", "関連記事"),
        ("…", ""),
    ],
)
def test_compares_lines_and_phrases_in_one_form(line: str, form: str) -> None:
    assert normal_form(line) == form
