"""The language of a text, so far as it decides which phrases to look for.

A script that one language alone uses here says which language it is; languages that share a script are told apart
by their function words. A Polish phrase is not looked for in a Dutch text, so that ten thousand phrases of
twenty-six languages do not add up their accidents. English is always looked for: widgets speak it everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

SAMPLE: Final = 100
"""Words that are looked at: function words make up a third of running text, so these are plenty."""
SURE: Final = 0.12
"""Share of function words with which a language is taken to be the text's."""

_SCRIPTS: Final = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7af]")),
    ("zh", re.compile("[\u3400-\u9fff]")),
    ("ta", re.compile("[\u0b80-\u0bff]")),
    ("te", re.compile("[\u0c00-\u0c7f]")),
    ("hi", re.compile("[\u0900-\u097f]")),
    ("bn", re.compile("[\u0980-\u09ff]")),
)


@cache
def _function_words() -> dict[str, tuple[str, ...]]:
    import tomllib  # noqa: PLC0415 (here and below: importing the library is to cost little)
    from importlib import resources  # noqa: PLC0415

    file = resources.files("cleaners") / "phrases" / "languages.toml"
    known: dict[str, list[str]] = {}
    for language, words in tomllib.loads(file.read_text(encoding="utf-8")).items():
        for word in words.split():
            known.setdefault(word, []).append(language)
    return {word: tuple(languages) for word, languages in known.items()}


@cache
def function_words(language: str | None) -> frozenset[str]:
    """The function words of a language, by its ISO 639-1 code; none where it is not known.

    >>> "the" in function_words("en"), function_words(None)
    (True, frozenset())
    """
    return frozenset(word for word, languages in _function_words().items() if language in languages)


def language_of(texts: Iterable[str]) -> str | None:
    """The ISO 639-1 code of the language in which the texts are mostly written, or None where they do not tell.

    >>> language_of(["It was the best of times, and it was the worst of times."])
    'en'
    """
    words: list[str] = []
    for text in texts:
        words += text[: 6 * SAMPLE].split()
        if len(words) >= SAMPLE:
            break
    del words[SAMPLE:]
    if not words:
        return None
    known = _function_words()
    found: dict[str, int] = {}
    for word in words:
        for language in known.get(word.lower(), ()):
            found[language] = found.get(language, 0) + 1
    best = max(found, key=lambda language: found[language], default=None)
    if best and found[best] >= SURE * len(words):
        return best
    sample = "".join(words)
    if not sample.isascii():
        for language, script in _SCRIPTS:
            if len(script.findall(sample)) > 0.2 * len(sample):
                return language
    return None
