"""Menus, teasers and footers in the text of a whole page, told line by line by a small statistical model.

Many scrapes are all the text of a page (`soup.get_text()`), and most of their noise says nothing that a phrase could
know: the names of a site's sections, the headlines of its other articles. Where the rules of the other cleaners have
found that a text is such a dump, each line that they left is described by what it looks like, by its neighbours and by
its place, and a logistic regression weighs these features. Its weights are data (`boilerplate.json`), made by
`bench/train_lines.py`, and can be read: a feature's weight is what it adds to the log-odds that a line is the
article's. In any other text the model is not asked, so that clean text is never put at risk.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from math import exp
from typing import Final

from cleaners.cleaner import cleaner
from cleaners.document import Block, Document, Edit
from cleaners.language import function_words
from cleaners.shapes import ends_sentence, is_headline, is_name, is_sentence, is_speech

RULE: Final = "boilerplate.line-model"
ARTICLE_MIN: Final = 0.5
"""Probability from which a line stays."""
SENTENCE_MIN: Final = 0.25
"""Probability from which a sentence stays: it is worth more than a line of a menu, and so it takes more to remove it.
On the corpora this loses fewer true words at the same word F1."""
SENTENCES_MIN: Final = 3
"""Long sentences that the model keeps, at least, in a text that is taken for a dump: a cast list or a play has no
article that menus could stand around."""
REMOVED_MIN: Final = 3
"""Blocks that the other cleaners removed, at least, from a text that is taken for a dump."""
MENU_MIN: Final = 20
"""Lines that the model takes for noise, at least, above the first sentence of the article in a text that is taken for a
dump. A page begins with its menus: half of the dumps of the news and blogs corpora have more than forty such lines,
while nine in ten text scrapes, from which menus were left out, have ten or fewer."""
SENTENCE_WORDS: Final = 12
"""Fewest words of a line that ends as a sentence does, for it to count as one that others stand around."""
SENTENCES_ABOVE: Final = 5
"""Long sentences among the menus above an article, at most: those of notices and teasers."""
CONTENT_MIN: Final = 4
"""Shortest word, in letters, that says what a text is about, where it is no function word."""

_WORD = re.compile(r"\w+")
_NEXT_SENTENCE = re.compile('[.!?。！？]["”’»)]?\\s')
_ADDRESS = re.compile(r"://|www\.|@\w|\.com\b")
_MONEY: Final = frozenset("$€£¥₹₽")
_QUOTES: Final = frozenset('"“”„«»「」')
_OWN_ENDS: Final = frozenset('.,:;!?…)"”’»|>→-')
_OWN_STARTS: Final = frozenset('#@©&|•-–—+*/(["“')
# Bounds between the classes of a number: a feature says into which it falls.
_LENGTHS: Final = (6, 12, 20, 30, 45, 60, 80, 120, 200, 400, 800)
_COUNTS: Final = (1, 2, 3, 4, 6, 9, 14, 20, 30, 60)
_SHARES: Final = (0.01, 0.2, 0.34, 0.5, 0.67, 0.99)
_AWAY: Final = (2, 3, 4, 6, 10, 20, 999)
_NEVER: Final = 999


@dataclass(frozen=True, slots=True)
class _Line:
    """What a line looks like by itself: its features, and those that its neighbours are told."""

    features: tuple[str, ...]
    told: tuple[str, ...]
    words: tuple[str, ...]
    content: frozenset[str]
    sentence: bool
    open: bool
    goes_on: bool


@cleaner("boilerplate")
def remove_boilerplate(document: Document) -> Iterator[Edit]:
    """Remove the menus, teasers and footers of a page that was dumped whole; each edit has its line's probability.

    >>> article = "The ferry ran on Tuesday for the first time since the storm, and it was late again by an hour."
    >>> remove_boilerplate(f"Home\\nNews\\nSport\\n\\n{article}\\n\\n{article}") == f"{article}\\n\\n{article}"
    True
    """
    blocks = document.blocks
    if not blocks or blocks[0].page is not None:
        return
    if not (document.asked or (document.removed.total() >= REMOVED_MIN and _begins_with_lines(blocks))):
        return
    scored = list(zip(blocks, scores(document), strict=True))
    if _is_dump(document, scored):
        for number, (block, score) in enumerate(scored):
            if score < _least(scored, number):
                for edit in document.remove(block, RULE):
                    yield replace(edit, score=round(score, 3))


def _least(scored: Sequence[tuple[Block, float]], number: int) -> float:
    """The probability from which a block stays: dialogue and headings do though they are as short as menus."""
    block = scored[number][0]
    around = [*scored[max(0, number - 1) : number], *scored[number + 1 : number + 2]]
    if is_speech(block.text) and any(is_speech(other.text) for other, _ in around):
        return 0.0
    if len(around) > 1 and all(score >= SENTENCE_MIN and _is_long(other) for other, score in around):
        return 0.0
    return SENTENCE_MIN if is_sentence(block.text) else ARTICLE_MIN


def _begins_with_lines(blocks: Sequence[Block]) -> bool:
    """Whether menus may stand above the article, which costs little to see: most texts are not worth the model."""
    lines = sentences = 0
    for block in blocks:
        if _is_long(block):
            sentences += 1
        else:
            lines += 1
        if lines >= MENU_MIN or sentences > SENTENCES_ABOVE:
            break
    return lines >= MENU_MIN


def _is_dump(document: Document, scored: Sequence[tuple[Block, float]]) -> bool:
    """Whether an article stands in the text, and menus above it; who asks for this cleaner alone knows of the menus."""
    sentences = [index for index, (block, score) in enumerate(scored) if score >= ARTICLE_MIN and _is_long(block)]
    if document.asked:
        return bool(sentences)
    return (
        len(sentences) >= SENTENCES_MIN and sum(score < ARTICLE_MIN for _, score in scored[: sentences[0]]) >= MENU_MIN
    )


def _is_long(block: Block) -> bool:
    return block.words >= SENTENCE_WORDS and ends_sentence(block.text)


def scores(document: Document) -> list[float]:
    """The probability of each block that is left that it belongs to the article."""
    weights = _weights()
    bias = weights["bias"]
    return [
        1 / (1 + exp(-bias - sum(weights.get(feature, 0.0) for feature in features)))
        for features in described(document.blocks, document.language)
    ]


def described(blocks: Sequence[Block], language: str | None) -> Iterator[list[str]]:
    """The features of each block: its own, those of the blocks before and after it, and its place in the text."""
    common = function_words(language)
    lines = [_line(block, common) for block in blocks]
    counts = Counter(block.key or block.text for block in blocks)
    about: Counter[str] = Counter()
    for line in lines:
        if line.sentence:
            about.update(line.content)
    sizes = [len(line.words) for line in lines]
    read = [size if line.sentence else 0 for size, line in zip(sizes, lines, strict=True)]
    total, total_read = list(accumulate(sizes, initial=0)), list(accumulate(read, initial=0))
    sentences = [index for index, line in enumerate(lines) if line.sentence]
    whole = _of_text(lines, total[-1], total_read[-1])
    for index, (block, line) in enumerate(zip(blocks, lines, strict=True)):
        found = [*line.features, *whole, f"zone:{block.zone}"]
        if line.content:
            own = 1 if line.sentence else 0
            shared = [about[word] - own for word in line.content]
            known = _class(sum(count > 0 for count in shared) / len(shared), _SHARES)
            often = _class(sum(count > 1 for count in shared) / len(shared), _SHARES)
            found += [f"known:{known}/{_class(sizes[index], (4, 9, 25))}", f"known-often:{often}"]
        if (same := counts[block.key or block.text]) > 1:
            found.append(f"repeated:{min(same, 4)}")
        if total_read[-1]:
            place = total_read[index] / total_read[-1]
            found.append(f"place:{_class(place, (0.0001, 0.02, 0.1, 0.5, 0.9, 0.98, 0.9999))}")
        number = bisect_right(sentences, index - 1)
        before = index - sentences[number - 1] if number else _NEVER
        number = bisect_right(sentences, index)
        after = sentences[number] - index if number < len(sentences) else _NEVER
        away, ahead = _class(before, _AWAY), _class(after, _AWAY)
        found += [f"sentence:{away}/{ahead}", f"sentence-before:{away}", f"sentence-after:{ahead}"]
        for reach in (3, 10):
            low, high = max(0, index - reach), min(len(lines), index + reach + 1)
            around = total[high] - total[low] - sizes[index]
            around_read = total_read[high] - total_read[low] - read[index]
            share = _class(around_read / max(around, 1), (0.01, 0.2, 0.4, 0.6, 0.8, 0.95))
            mean = _class(around / max(high - low - 1, 1), (2, 3, 5, 8, 12, 20, 30))
            found += [f"around{reach}:{share}", f"around{reach}-length:{mean}"]
        if index:
            found += [f"before:{feature}" for feature in lines[index - 1].told]
            if lines[index - 1].open:
                found.append(f"after-open:{line.goes_on}")
        else:
            found.append("first")
        if index + 1 < len(lines):
            found += [f"after:{feature}" for feature in lines[index + 1].told]
            if lines[index + 1].goes_on:
                found.append(f"goes-on:{line.open}")
        else:
            found.append("last")
        yield found


def _line(block: Block, common: frozenset[str]) -> _Line:
    text = block.text
    words = tuple(_WORD.findall(text.lower()))
    count = len(words)
    ended = ends_sentence(text)
    first, last = text[0], text[-1]
    told = [
        f"length:{_class(len(text), _LENGTHS)}",
        f"kind:{block.kind}",
        "end:" + (last if last in _OWN_ENDS else _letter(last)),
        "start:" + (first if first in _OWN_STARTS else _letter(first)),
    ]
    share = sum(word in common for word in words) / count if count else 0.0
    if count:
        parts = text.split()
        capitals = sum(part[0].isupper() for part in parts) / len(parts)
        told.append(f"capitals:{_class(capitals, (0.01, 0.2, 0.4, 0.6, 0.8, 0.99))}/{_class(count, (2, 4, 8, 15))}")
        told.append(f"function:{_class(share, (0.01, 0.15, 0.25, 0.35, 0.45))}/{_class(count, (3, 6, 12, 25))}")
    if block.date:
        told.append("date")
    if is_name(text):
        told.append("name")
    if block.phrases:
        said = {f"says:{phrase.noise}" for phrase in block.phrases}
        told += ["says", *sorted(said | {f"says:{phrase.noise}.{phrase.form}" for phrase in block.phrases})]
    own = [
        f"words:{_class(count, _COUNTS)}",
        f"gap:{min(block.lines, 3)}",
        f"sentences:{min(len(_NEXT_SENTENCE.findall(text)), 4)}",
        f"commas:{min(text.count(','), 3)}",
        f"digits:{_class(sum(map(str.isdigit, text)) / len(text), (0.001, 0.05, 0.2, 0.5))}",
    ]
    if text.isupper():
        own.append(f"capitals-only:{_class(count, (2, 4, 8))}")
    if _ADDRESS.search(text):
        own.append("address")
    if is_headline(text):
        own.append("headline")
    if not _QUOTES.isdisjoint(text):
        own.append("quotes")
    if "?" in text:
        own.append("asks")
    if not _MONEY.isdisjoint(text):
        own.append("money")
    return _Line(
        features=(*told, *own),
        told=tuple(told),
        words=words,
        content=frozenset(word for word in words if len(word) >= CONTENT_MIN and word not in common),
        sentence=_is_long(block),
        open=bool(count) and not ended and last != ":" and share > 0.2,
        goes_on=first.islower() or first in ",.;)",
    )


def _of_text(lines: Sequence[_Line], words: int, words_read: int) -> list[str]:
    """The features that all lines of a text share."""
    short = sum(len(line.words) < 6 for line in lines)
    return [
        f"text-read:{_class(words_read / max(words, 1), (0.2, 0.35, 0.5, 0.65, 0.8, 0.9))}",
        f"text-lines:{_class(len(lines), (10, 30, 80, 200, 500))}",
        f"text-short:{_class(short / max(len(lines), 1), (0.1, 0.2, 0.35, 0.5, 0.65, 0.8))}",
    ]


def _letter(character: str) -> str:
    if character.isdigit():
        return "digit"
    if not character.isalpha():
        return "other"
    return "upper" if character.isupper() else "lower" if character.islower() else "letter"


def _class(number: float, bounds: Sequence[float]) -> int:
    """In which of the classes between these bounds a number falls."""
    return bisect_right(bounds, number)


@cache
def _weights() -> Mapping[str, float]:
    import json  # noqa: PLC0415 (here and below: importing the library is to cost little)
    from importlib import resources  # noqa: PLC0415

    weights: dict[str, float] = json.loads((resources.files("cleaners") / "boilerplate.json").read_bytes())
    return weights
