"""The figures of all documents together, gathered one document at a time: what is kept in memory grows with the number
of sites and rules, and not with that of documents.
"""

from __future__ import annotations

import heapq
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from cleaners import CLEANERS
from cleaners.page.cleaning import EXTRACTOR
from flows.review.digest import Digest
from flows.usual import DOCUMENTS_MIN, MARGIN, SPREAD

_BINS: Final = 1000
_FEW: Final = 10
"""Documents that are named as unusual, each way."""


@dataclass(slots=True)
class Group:
    """Documents that have something in common, such as their site: the sums of their figures (`Digest`)."""

    documents: int = 0
    words_in: int = 0
    words_out: int = 0
    outside: int = 0
    removed: int = 0
    kept: int = 0

    def add(self, digest: Digest) -> None:
        """Count one more."""
        self.documents += 1
        self.words_in += digest.words_in
        self.words_out += digest.words_out
        self.outside += digest.outside
        self.removed += digest.removed
        self.kept += digest.kept

    @property
    def found(self) -> int:
        """Words of the articles as they were found."""
        return self.words_in - self.outside

    @property
    def share(self) -> float:
        """The share of them, 0 to 1, that the cleaners removed; in characters, as `Digest.share`."""
        return self.removed / found if (found := self.removed + self.kept) else 0.0


@dataclass(slots=True)
class Noise:
    """What was done about one noise type, or under one rule: how often, words removed, in how many documents.

    `example` is the first document of them.
    """

    count: int = 0
    words: int = 0
    documents: int = 0
    example: Digest | None = None

    def add(self, digest: Digest, count: int, words: int) -> None:
        """Count one more document."""
        self.count += count
        self.words += words
        self.documents += 1
        self.example = self.example or digest


class Usual:
    """What share is usually removed: median and typical distance from it, of texts and of pages."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._bins: dict[str, Counter[int]] = defaultdict(Counter)
        self._medians: dict[str, float] = {}

    def add(self, digest: Digest) -> None:
        """Note one more."""
        self._bins[digest.kind][round(digest.share * _BINS)] += 1
        self._medians.clear()

    def median(self, kind: str) -> float:
        """The median share of a kind, 0 to 1."""
        if kind not in self._medians:
            self._medians[kind] = _median(self._bins[kind]) / _BINS
        return self._medians[kind]

    def distance(self, digest: Digest) -> float:
        """How much more (or, below 0, less) than usual was removed from a document."""
        return digest.share - self.median(digest.kind)

    def is_unusual(self, digest: Digest) -> bool:
        """Whether that is more than chance explains, by the measure that runs are judged with."""
        bins = self._bins[digest.kind]
        if bins.total() < DOCUMENTS_MIN:
            return False
        middle = _median(bins)
        apart: Counter[int] = Counter()
        for place, count in bins.items():
            apart[abs(place - middle)] += count
        return abs(self.distance(digest)) > max(SPREAD * _median(apart) / _BINS, MARGIN)


def _median(bins: Counter[int]) -> int:
    left = bins.total() / 2
    for place in sorted(bins):
        left -= bins[place]
        if left <= 0:
            return place
    return 0


@dataclass(slots=True)
class Figures:
    """Everything that the overview says."""

    states: Counter[str] = field(default_factory=Counter)
    total: Group = field(default_factory=Group)
    noises: defaultdict[str, Noise] = field(default_factory=lambda: defaultdict(Noise))
    rules: defaultdict[str, Noise] = field(default_factory=lambda: defaultdict(Noise))
    sites: defaultdict[str, Group] = field(default_factory=lambda: defaultdict(Group))
    languages: defaultdict[str, Group] = field(default_factory=lambda: defaultdict(Group))
    reasons: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    usual: Usual = field(default_factory=Usual)

    def add(self, digest: Digest) -> None:
        """Count one more document."""
        self.states[digest.state] += 1
        if digest.reason is not None and digest.state != "gone":
            self.reasons[digest.reason] += 1
        if not digest.kind:
            return
        self.kinds[digest.kind] += 1
        self.total.add(digest)
        self.sites[site_shown(digest)].add(digest)
        self.languages[digest.language or ""].add(digest)
        self.usual.add(digest)
        by_noise: dict[str, list[int]] = {}
        for fired in digest.fired:
            self.rules[fired.rule].add(digest, fired.times, fired.words)
            sums = by_noise.setdefault(fired.noise, [0, 0])
            sums[0] += fired.times
            sums[1] += fired.words
        for noise, (count, words) in by_noise.items():
            self.noises[noise].add(digest, count, words)


def site_shown(digest: Digest) -> str:
    """The site of a document as people read it: its host, else what it calls itself; empty where it has none."""
    return digest.host or digest.site or ""


def cleaner_names() -> dict[str, str]:
    """The function that removes each noise type.

    >>> cleaner_names()["related"]
    'remove_also_read'
    """
    return {**{cleaner.name: cleaner.finder.__name__ for cleaner in CLEANERS}, EXTRACTOR: "trafilatura"}


@dataclass(frozen=True, slots=True)
class Chosen:
    """Documents that get a page, the worst first, and those from which most and least was removed."""

    worst: list[Digest]
    much: list[Digest]
    little: list[Digest]


def chosen(digests: Iterable[Digest], usual: Usual, sample: int) -> Chosen:
    """Choose from all documents, at most `sample` of them to have a page."""
    worst = _Most(sample)
    much, little = _Most(_FEW), _Most(_FEW)
    for digest in digests:
        if digest.kind:
            distance = usual.distance(digest)
            worst.add(abs(distance), digest)
            if distance > 0:
                much.add(distance, digest)
            elif distance < 0:
                little.add(-distance, digest)
    return Chosen(worst.ordered(), much.ordered(), little.ordered())


class _Most:
    """The documents with the largest of some figure; of equal ones the first by source."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[float, int, Digest]] = []
        self._seen = 0

    def add(self, figure: float, digest: Digest) -> None:
        self._seen += 1
        entry = (round(figure, 6), -self._seen, digest)
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, entry)
        elif self._heap and entry > self._heap[0]:
            heapq.heapreplace(self._heap, entry)

    def ordered(self) -> list[Digest]:
        return [digest for _, _, digest in sorted(self._heap, reverse=True)]
