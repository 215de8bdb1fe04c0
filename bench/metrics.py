"""What the benches count: words and runs of four words against a true text, snippets, and how sure a mean is."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from statistics import fmean
from typing import Final, TypeVar

GRAM: Final = 4
"""Words in a run: long enough that hardly any run of one text is found in another by chance."""
MOSTLY: Final = 0.5
"""Share of its runs from which on a line counts as one of the text that holds them."""
RESAMPLES: Final = 1_000

_WORD = re.compile(r"\w+")

Run = tuple[str, ...]
Piece = TypeVar("Piece", str, Run)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two bags agree: precision, recall and F1; 0 where one is empty and the other not."""

    precision: float
    recall: float
    f1: float


def agreement(wanted: Counter[Piece], found: Counter[Piece]) -> Agreement:
    """How far the bag that was found agrees with the one that was wanted."""
    if not wanted and not found:
        return Agreement(1.0, 1.0, 1.0)
    common = (wanted & found).total()
    precision = common / found.total() if found else 0.0
    recall = common / wanted.total() if wanted else 0.0
    return Agreement(precision, recall, 2 * common / (wanted.total() + found.total()))


def tokens(text: str) -> list[str]:
    """The words that are compared, in order.

    >>> tokens("The count's over.")
    ['the', 'count', 's', 'over']
    """
    return _WORD.findall(text.lower())


def runs(words: Sequence[str], length: int = GRAM) -> list[Run]:
    """The runs of `length` words; of fewer words the one run that they are.

    >>> runs(["a", "b", "c"], 2)
    [('a', 'b'), ('b', 'c')]
    >>> runs(["a", "b"], 4)
    [('a', 'b')]
    """
    if len(words) < length:
        return [tuple(words)] if words else []
    return list(zip(*(islice(words, start, None) for start in range(length)), strict=False))


class Told:
    """A text that others are compared with, such as the true text of an article."""

    def __init__(self, text: str) -> None:
        """Count its words and runs."""
        words = tokens(text)
        self._words = Counter(words)
        self._grams = Counter(runs(words))
        self._short = {run for length in range(1, GRAM) for run in runs(words, length)}

    def words(self, text: str) -> Agreement:
        """How far the words of another text agree with it, as bags.

        >>> Told("one two two three").words("one two four")
        Agreement(precision=0.6666666666666666, recall=0.5, f1=0.5714285714285714)
        """
        return agreement(self._words, Counter(tokens(text)))

    def grams(self, text: str) -> Agreement:
        """How far the runs of four words of another text agree with it, as bags: order counts.

        >>> Told("one two three four five").grams("one two three four six").f1
        0.5
        """
        return agreement(self._grams, Counter(runs(tokens(text))))

    def holds(self, line: str) -> bool:
        """Whether at least half of the runs of a line occur in it; of a line under four words, the whole of it.

        >>> told = Told("The ferry ran on Tuesday again.")
        >>> told.holds("On Tuesday"), told.holds("Tuesday on"), told.holds("The ferry ran on Sunday")
        (True, False, True)
        """
        found = runs(tokens(line))
        if not found:
            return False
        known = self._grams if len(found[0]) == GRAM else self._short
        return sum(run in known for run in found) >= MOSTLY * len(found)

    def only(self, text: str) -> str:
        """The lines of another text that it holds.

        >>> Told("The ferry ran.").only("Menu\\nThe ferry ran.\\nBuy now")
        'The ferry ran.'
        """
        return "\n".join(line for line in text.split("\n") if self.holds(line))


def folded(text: str) -> str:
    """The text as snippets are looked for in it.

    >>> folded("Co\\u00adunt  Over")
    'count over'
    """
    return " ".join(text.lower().replace("\u00ad", "").split())


def held(snippets: Iterable[str], result: str) -> list[str]:
    """The snippets that are in the result.

    >>> held(["Polls closed", "turnout"], "The polls  closed.")
    ['Polls closed']
    """
    text = folded(result)
    return [snippet for snippet in snippets if folded(snippet) in text]


def beyond(words: Sequence[str], others: Sequence[str]) -> list[str]:
    """The words, in order, that the others do not have, each as often as they have it fewer times.

    >>> beyond(["a", "b", "a"], ["a", "c"])
    ['b', 'a']
    """
    left = Counter(others)
    found = []
    for word in words:
        if left[word]:
            left[word] -= 1
        else:
            found.append(word)
    return found


@dataclass(frozen=True, slots=True)
class Gain:
    """A mean difference, and its 95 % interval by a bootstrap over pages with a fixed seed."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        """As the tables show it."""
        return f"{self.mean:+.4f} ({self.low:+.4f} {self.high:+.4f})"


def gain(differences: Sequence[float]) -> Gain:
    """The mean of the differences on some pages.

    >>> str(gain([0.5] * 20))
    '+0.5000 (+0.5000 +0.5000)'
    """
    chance = random.Random(0)
    means = sorted(fmean(chance.choices(differences, k=len(differences))) for _ in range(RESAMPLES))
    return Gain(fmean(differences), means[round(0.025 * RESAMPLES)], means[round(0.975 * RESAMPLES) - 1])
