"""The sentences of an article are in its clean text, whatever noise stands around them, in a text and in a page."""

from __future__ import annotations

from hypothesis import given
from strategies import Noisy, noisy_articles, tries

from cleaners import apply, clean_html, clean_text, revert


@tries(60)
@given(noisy_articles())
def test_a_text_keeps_its_article_among_any_noise(noisy: Noisy) -> None:
    result = clean_text(noisy.text)
    for paragraph in noisy.article:
        assert paragraph in result.text
    assert apply(noisy.text, result.edits) == result.text
    assert revert(result.text, result.edits) == noisy.text
    assert clean_text(result.text).edits == ()


@tries(25)
@given(noisy_articles())
def test_a_page_keeps_its_article_among_any_noise(noisy: Noisy) -> None:
    result = clean_html(noisy.page)
    for paragraph in noisy.article:
        assert paragraph in result.text
    assert apply(result.source, result.edits) == result.text
    assert revert(result.text, result.edits) == result.source


@tries(40)
@given(noisy_articles())
def test_most_of_the_noise_goes(noisy: Noisy) -> None:
    noise = sum(len(part) for part in noisy.parts) - sum(map(len, noisy.article))
    left = len(clean_text(noisy.text).text) - sum(map(len, noisy.article))
    assert left <= 0.5 * noise + 100
