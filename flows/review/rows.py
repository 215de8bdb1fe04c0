"""One document as rows that stand side by side: what the source says, block by block, with everything that was done to
it, beside what the clean text holds of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final, Literal

from cleaners import Edit, Located
from cleaners.page.cleaning import EXTRACTOR
from flows.review.digest import SPACING

Did = Literal["removed", "lifted", "repaired", "outside"]

MOST: Final = 1_000_000
"""Characters of a document that are shown: browsers grow slow behind that."""
_FIRST: Final = 90
"""Characters that are told of a stretch outside of the article."""

_LINE_END = re.compile(r"\r\n|[\n\r\x0c\u2028\u2029]")
# White space that a repair took away would not be seen.
_VISIBLE: Final = str.maketrans({"\n": "⏎", " ": "␣", "\xa0": "⍽", "\t": "⇥"})


@dataclass(frozen=True, slots=True)
class Cut:
    """One thing that was done: its `number` in the document, noise type, rule, and what the record has beside."""

    number: int
    did: Did
    noise: str
    rule: str
    field: str | None = None
    xpath: str | None = None
    score: float | None = None

    @property
    def label(self) -> str:
        """What people call it: the noise type, and where the text went."""
        return self.noise if self.field is None else f"{self.noise} → {self.field}"

    @property
    def told(self) -> str:
        """The same with the rule, and the score where there is one."""
        score = "" if self.score is None else f" · score {self.score:.2f}"
        return f"{self.noise} · {self.rule}{'' if self.field is None else f' → {self.field}'}{score}"


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of one row of the source: kept, or `cut`; `replacement` is what stands in the clean text instead.

    A `gap` is a number of characters that the record does not hold, and `start` its place in the source text. `first`
    is the first run of its cut, to which links lead.
    """

    start: int
    text: str
    cut: Cut | None = None
    replacement: str = ""
    gap: int = 0
    first: bool = True

    @property
    def shown(self) -> str:
        """The text with signs for what would not be seen."""
        return self.text.translate(_VISIBLE) if self.cut and self.cut.did == "repaired" else self.text


@dataclass(frozen=True, slots=True)
class Part:
    """Runs of a row that belong together: one that was kept or repaired, or all that one cleaner removed there."""

    runs: tuple[Run, ...]

    @property
    def cut(self) -> Cut | None:
        """What was done; of several edits the one that lifted something."""
        cuts = [run.cut for run in self.runs if run.cut is not None]
        return next((cut for cut in cuts if cut.field is not None), cuts[0] if cuts else None)


@dataclass(slots=True)
class Row:
    """One block; `start` is its place in the source text, and `xpath` that of its element in a page, where known."""

    start: int
    runs: list[Run] = field(default_factory=list)
    xpath: str | None = None

    @property
    def parts(self) -> list[Part]:
        """Its runs, those together that one cleaner removed side by side: people judge them as one removal."""
        if len(self.runs) == 1:
            return [Part((self.runs[0],))]
        return [Part(tuple(run for _, run in group)) for _, group in groupby(enumerate(self.runs), key=_together)]

    @property
    def kept(self) -> bool:
        """Whether the clean text holds all words of it, so that it may be noise that was missed."""
        return all(run.cut is None or run.cut.did == "repaired" for run in self.runs) and not self.is_outside

    @property
    def gone(self) -> bool:
        """Whether the clean text holds nothing of it."""
        return not any(run.cut is None or run.replacement for run in self.runs)

    @property
    def is_outside(self) -> bool:
        """Whether the extractor removed it."""
        return all(run.gap or (run.cut is not None and run.cut.did == "outside") for run in self.runs)


@dataclass(frozen=True, slots=True)
class Section:
    """Rows that stand together: of the article, or of what lies outside of it, with its words and the first of them."""

    rows: tuple[Row, ...]
    outside: bool
    words: int = 0
    gap: int = 0
    first: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A whole document: its sections, everything that was done, and how many characters are not shown at its end."""

    sections: tuple[Section, ...]
    cuts: tuple[Cut, ...]
    left_out: int = 0


def shown(
    source: str, edits: Iterable[Edit], gaps: Sequence[tuple[int, int]] = (), kept: Sequence[Located] = ()
) -> Shown:
    """A source text with its `edits`, which include what the extractor removed; of `gaps` the text is not known.

    `kept` are the kept blocks of a page, which have XPaths.

    >>> document = shown("One.\\n\\nShare this", [Edit(4, 16, "", "\\n\\nShare this", "prompt", "prompt.share.en")])
    >>> [[run.text for run in row.runs] for row in document.sections[0].rows]
    [['One.'], ['Share this']]
    """
    rows: list[Row] = []
    cuts: list[Cut] = []
    ordered = sorted(edits, key=lambda edit: (edit.start, edit.end))
    hidden = set(gaps)
    position = 0
    fresh = True

    def add(run: Run) -> None:
        nonlocal fresh
        if fresh:
            rows.append(Row(run.start))
            fresh = False
        rows[-1].runs.append(run)

    for edit in ordered:
        if edit.start >= MOST:
            break
        for piece in _lines(source[position : edit.start], position):
            fresh = fresh or piece is None
            if piece is not None:
                add(Run(*piece))
        position = edit.end
        if edit.rule == SPACING:
            # White space between blocks, or above and below all of them.
            fresh = True
            continue
        cut = _cut(edit, len(cuts))
        cuts.append(cut)
        if (edit.start, edit.end) in hidden:
            fresh = True
            add(Run(edit.start, "", cut, gap=edit.end - edit.start))
            fresh = True
        elif edit.replacement or cut.did == "repaired":
            add(Run(edit.start, edit.original, cut, edit.replacement))
        else:
            first = True
            for piece in _lines(edit.original, edit.start):
                fresh = fresh or piece is None
                if piece is not None:
                    add(Run(*piece, cut, first=first))
                    first = False
    for piece in _lines(source[position:MOST], position):
        fresh = fresh or piece is None
        if piece is not None:
            add(Run(*piece))
    _place(rows, kept)
    return Shown(tuple(_sections(rows)), tuple(cuts), max(0, len(source) - MOST))


def _together(numbered: tuple[int, Run]) -> object:
    number, run = numbered
    return number if run.cut is None or run.cut.did == "repaired" else run.cut.noise


def _lines(text: str, start: int) -> Iterator[tuple[int, str] | None]:
    """The lines of a piece of text that are not blank, with their places; None stands for a line end."""
    position = 0
    for end in _LINE_END.finditer(text):
        if text[position : end.start()].strip():
            yield start + position, text[position : end.start()]
        yield None
        position = end.end()
    if text[position:] and (position == 0 or text[position:].strip()):
        yield start + position, text[position:]


def _cut(edit: Edit, number: int) -> Cut:
    if edit.field is not None:
        did: Did = "lifted"
    elif edit.cleaner == EXTRACTOR:
        did = "outside"
    elif edit.cleaner == "repair" or edit.original.isspace():
        did = "repaired"
    else:
        did = "removed"
    return Cut(number, did, edit.cleaner, edit.rule, edit.field, edit.xpath, edit.score)


def _place(rows: Sequence[Row], kept: Sequence[Located]) -> None:
    """Give the rows the XPaths of the kept blocks that they lie in."""
    waiting = iter(kept)
    block = next(waiting, None)
    for row in rows:
        while block is not None and block.end <= row.start:
            block = next(waiting, None)
        if block is not None and block.start <= row.start:
            row.xpath = block.xpath


def _sections(rows: Iterable[Row]) -> Iterator[Section]:
    for outside, group in groupby(rows, key=lambda row: row.is_outside):
        together = tuple(group)
        if not outside:
            yield Section(together, False)
            continue
        runs = [run for row in together for run in row.runs]
        first = " ".join(run.text for run in runs[:12])[: 4 * _FIRST]
        yield Section(
            together,
            True,
            sum(len(run.text.split()) for run in runs),
            sum(run.gap for run in runs),
            " ".join(first.split())[:_FIRST],
        )
