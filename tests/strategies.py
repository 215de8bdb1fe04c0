"""Strategies that build articles with noise around and between their paragraphs, as text and as pages, and how many of
their examples are tried.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from articles import ALSO_READ, LANGUAGES, PROSE
from hypothesis import settings
from hypothesis import strategies as st


def tries(examples: int) -> settings:
    """How many examples of a law are tried, and as many times more as the profile of Hypothesis asks for."""
    return settings(max_examples=examples * settings().max_examples // _USUAL, deadline=None)


_USUAL = 100
"""Examples that Hypothesis tries where no profile says otherwise."""

_AMOUNTS = st.lists(st.sampled_from(["5 $", "10 $", "25 $", "100 $", "2,500 $"]), min_size=3, max_size=6, unique=True)
_SHARE_ROWS = st.permutations(["Share", "Facebook", "Twitter", "WhatsApp", "Email", "Print"]).map("\n".join)
_HEADLINES = st.sampled_from(
    ["Ferry runs on Sundays again", "Owls found in a shed by the harbour", "Gas leak at the old mine kills five"]
)
_COMMENTS = st.lists(
    st.sampled_from(["My aunt crossed it every day.", "About time!", "Who pays for the planks, I wonder?"]),
    min_size=3,
    max_size=6,
).map(
    lambda said: "\n".join(
        ["Comments", *(f"Olga{number}\n{number + 2} days ago\n{text}\nReply" for number, text in enumerate(said))]
    )
)

BETWEEN = st.one_of(
    _SHARE_ROWS,
    _HEADLINES.map("ALSO READ: {}".format),
    _HEADLINES.map("Related article: {}".format),
    st.sampled_from(
        [
            "The footbridge in May. (HENNA CASTELL / REUTERS)",
            "Click to see full-size image",
            "Advertisement",
            "Subscribe to our newsletter",
            "https://example.org/news/2024/ferry-runs-again",
        ]
    ),
    _AMOUNTS.map(lambda amounts: "\n".join(["Support us", *amounts, "Donate now"])),
)
"""Noise that stands between paragraphs."""
ABOVE = st.one_of(
    BETWEEN,
    st.sampled_from(["By Henna Castell\nMay 3, 2024", "Home > News > Valley", "5 min read", "May 3, 2024\nShare"]),
)
"""Noise that stands above an article."""
BELOW = st.one_of(
    BETWEEN,
    _COMMENTS,
    st.lists(_HEADLINES, min_size=2, max_size=3, unique=True).map(lambda lines: "\n".join(["Most read", *lines])),
    st.sampled_from(["© 2024 The Osk Valley Courier. All rights reserved.", "Reuters contributed reporting."]),
)
"""Noise that stands below an article."""


@dataclass(frozen=True, slots=True)
class Noisy:
    """An article with noise: the parts in their order, those of the article by themselves, and the language."""

    parts: tuple[str, ...]
    article: tuple[str, ...]
    language: str

    @property
    def text(self) -> str:
        """It as a text."""
        return "\n\n".join(self.parts)

    @property
    def page(self) -> str:
        """It as a page: each line in an element of its own, the article's and what stands between in one."""
        first = self.parts.index(self.article[0])
        last = self.parts.index(self.article[-1])
        body = [_markup(part, "p") for part in self.parts[first : last + 1]]
        above = [_markup(part, "div") for part in self.parts[:first]]
        below = [_markup(part, "div") for part in self.parts[last + 1 :]]
        return f"<html><body>{''.join(above)}<article>{''.join(body)}</article>{''.join(below)}</body></html>"


def _markup(part: str, tag: str) -> str:
    return "".join(f"<{tag}>{escape(line)}</{tag}>" for line in part.split("\n"))


@st.composite
def noisy_articles(draw: st.DrawFn) -> Noisy:
    """An article in one of twenty-six languages with noise above, between and below its paragraphs."""
    language = draw(st.sampled_from(LANGUAGES))
    article = PROSE[language]
    noise = st.one_of(BETWEEN, st.just(ALSO_READ[language]))
    parts = [
        *draw(st.lists(ABOVE, max_size=3)),
        article[0],
        *draw(st.lists(noise, max_size=3)),
        article[1],
        *draw(st.lists(BELOW, max_size=3)),
    ]
    return Noisy(tuple(parts), article, language)
