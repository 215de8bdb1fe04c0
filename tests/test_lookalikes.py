"""Articles whose headings, lists, letters, dialogue and code look like the noise of pages: nothing of them goes.

`lookalikes/` has one article a file, with its headline in the first line, which may be lifted. Each is cleaned as it
is, amid the buttons of a page, and in the dump of a page with its menus.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pytest

from cleaners import CleanResult, clean_text
from cleaners.boilerplate import RULE

ARTICLES: Final = sorted(Path(__file__).with_name("lookalikes").glob("*.txt"))
BUTTONS: Final = (
    "Home\nNews\nSport\nMenu\nSearch\n\nShare\nFacebook\nTwitter\nWhatsApp",
    "Privacy Policy\nTerms of Use",
)
FOOT: Final = (
    "Share this article\nFacebook\nTwitter\n\nSubscribe to our newsletter\n© 2024 Valley Mirror. All rights reserved."
)
MENUS: Final = (
    "Home News Local Football Cricket Business Markets Opinion Culture Books Film Music Travel Weather Jobs Cars "
    "Property Puzzles Archive Newsletters Register Search Menu Horoscope Radio Television"
)

either = pytest.mark.parametrize("parted", ["\n\n", "\n"], ids=["blank lines", "line ends"])
each = pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.stem)


def lines_of(article: Path) -> list[str]:
    """The lines of an article below its headline."""
    return [line.strip() for line in article.read_text(encoding="utf-8").split("\n")[1:] if line]


def gone(result: CleanResult, lines: list[str]) -> list[str]:
    """The lines that the clean text does not have, each as often as it has it fewer times."""
    return list((Counter(lines) - Counter(line.strip() for line in result.text.split("\n"))).elements())


def test_there_are_articles() -> None:
    assert len(ARTICLES) > 30


@each
@either
def test_keeps_an_article_that_looks_like_noise(article: Path, parted: str) -> None:
    text = article.read_text(encoding="utf-8").replace("\n\n", parted)
    assert gone(clean_text(text), lines_of(article)) == []


@each
@either
def test_keeps_an_article_that_looks_like_the_noise_around_it(article: Path, parted: str) -> None:
    text = "\n\n".join([BUTTONS[0], article.read_text(encoding="utf-8").strip(), FOOT, BUTTONS[1]])
    result = clean_text(text.replace("\n\n", parted))
    assert gone(result, lines_of(article)) == []
    assert "Facebook\nTwitter" not in result.text


@each
def test_keeps_the_sentences_of_an_article_in_a_dump(article: Path) -> None:
    menus = MENUS.replace(" ", "\n")
    result = clean_text("\n\n".join([menus, BUTTONS[0], article.read_text(encoding="utf-8").strip(), FOOT, BUTTONS[1]]))
    sentences = [line for line in lines_of(article) if line.endswith((".", "?", "!", '."', '?"', "。"))]
    assert gone(result, sentences) == []


def test_keeps_a_heading_between_the_sentences_of_an_article_in_a_dump() -> None:
    menus = next(article for article in ARTICLES if article.stem == "menus").read_text(encoding="utf-8")
    result = clean_text("\n".join([MENUS.replace(" ", "\n"), *BUTTONS, menus.replace("\n\n", "\n"), FOOT, *BUTTONS]))
    assert RULE in {edit.rule for edit in result.edits}
    assert "Skip to content" in result.text.split("\n")
