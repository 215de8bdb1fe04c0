"""A source text as it was, with everything that was done to it marked: what was removed and under which rule,
what was lifted and to where, what was repaired. In colour where the terminal has it, in brackets where not. What lies
outside of the article of a page, most of it, is told by its first words only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from rich.text import Text

from cleaners import Edit, Hit
from cleaners.metadata import PAGE_FIELDS
from cleaners.page.cleaning import EXTRACTOR
from flows.record import count_words
from flows.showing import shown, shown_name

if TYPE_CHECKING:
    from cleaners import Metadata

Kind = Literal["kept", "corrected", "removed", "lifted", "repaired", "outside"]

STYLES: dict[Kind, str] = {
    "kept": "",
    "corrected": "green",
    "removed": "red",
    "lifted": "cyan",
    "repaired": "yellow",
    "outside": "dim",
}
_BRACKETS: dict[Kind, tuple[str, str]] = {
    "kept": ("", ""),
    "corrected": ("[+", "+]"),
    "removed": ("[-", "-]"),
    "lifted": ("[^", "^]"),
    "repaired": ("[~", "~]"),
    "outside": ("[", "]"),
}
_MEANING: dict[Kind, str] = {
    "removed": "removed, under this rule",
    "lifted": "lifted from the text into this field of the metadata",
    "repaired": "what stood there before a repair",
    "corrected": "kept because an override says so",
    "outside": "outside of the article: how many words, and the first of them (--all shows all)",
}
_FIRST = 40
"""Characters that are shown of what lies outside of the article."""

# White space that a repair took away would not be seen.
_VISIBLE = str.maketrans({"\n": "⏎", " ": "␣", "\xa0": "⍽", "\t": "⇥"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the source text and what became of it; `label` says why, where there is something to say."""

    kind: Kind
    text: str
    label: str = ""


def pieces(source: str, edits: Iterable[Edit], hits: Iterable[Hit] = ()) -> Iterator[Piece]:
    """The source text in pieces, in its order; replacements follow what they replace, `hits` are those of overrides.

    >>> [piece.kind for piece in pieces("a b", [Edit(1, 3, "", " b", "prompt", "prompt.share.en")])]
    ['kept', 'removed']
    """
    position = 0
    keeps = _apart(hits)
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        yield from _of_kept(source, position, edit.start, keeps)
        yield from _of_edit(edit)
        position = edit.end
    yield from _of_kept(source, position, len(source), keeps)


def _apart(hits: Iterable[Hit]) -> list[Hit]:
    """The hits of overrides that keep something, in order; where two overlap, the first one has what they share."""
    apart: list[Hit] = []
    position = 0
    for hit in sorted(hits, key=lambda hit: (hit.start, hit.end)):
        if hit.override.action == "keep" and hit.end > position:
            apart.append(hit._replace(start=max(position, hit.start)))
            position = hit.end
    return apart


def _of_kept(source: str, start: int, end: int, keeps: Sequence[Hit]) -> Iterator[Piece]:
    """A stretch that stays, with what overrides keep of it."""
    for hit in keeps[bisect_right(keeps, start, key=lambda hit: hit.end) :]:
        if hit.start >= end:
            break
        if start < hit.start:
            yield Piece("kept", source[start : hit.start])
            start = hit.start
        yield Piece("corrected", source[start : min(end, hit.end)], hit.override.name)
        start = min(end, hit.end)
    if start < end:
        yield Piece("kept", source[start:end])


def rendered(source: str, edits: Iterable[Edit], hits: Iterable[Hit] = (), *, colour: bool, whole: bool = True) -> Text:
    """The whole explanation of one text; unless it is to be `whole`, what lies outside of the article is cut short.

    Whatever the text holds, nothing of it steers the terminal or counts as markup.
    """
    text = Text()
    for piece in pieces(source, edits, hits):
        is_short = piece.kind == "outside" and not whole
        _append(text, replace(piece, text=_first_words(piece.text)) if is_short else piece, colour=colour)
    return text


def described(metadata: Metadata, edits: Iterable[Edit]) -> Iterator[str]:
    """The metadata that have one value, a line each: name, value, and where it comes from."""
    lifted: dict[str, str] = {}
    for edit in edits:
        if edit.field is not None:
            lifted.setdefault(edit.field, edit.rule)
    for name in (*PAGE_FIELDS, "language"):
        value = getattr(metadata, name)
        if value is not None:
            source = metadata.sources.get(name) or lifted.get(name, "text")
            yield f"{name}: {shown_name(value)}  ({shown_name(source)})"


def legend(edits: Iterable[Edit], hits: Iterable[Hit] = (), *, colour: bool) -> Text:
    """What the marks mean, with how often each stands in the text, by noise type."""
    counts: dict[Kind, Counter[str]] = {kind: Counter() for kind in _MEANING}
    for edit in edits:
        counts[_kind(edit)][edit.cleaner] += 1
    counts["corrected"]["override"] = sum(hit.override.action == "keep" for hit in hits)
    text = Text()
    labels: dict[Kind, str] = {
        "removed": "rule",
        "lifted": "rule → field",
        "repaired": "",
        "corrected": "entry",
        "outside": "rule",
    }
    for kind, meaning in _MEANING.items():
        if kind in ("corrected", "outside") and not counts[kind].total():
            continue  # as in most texts
        _append(text, Piece(kind, "… words: …" if kind == "outside" else "…", labels[kind]), colour=colour)
        numbers = ", ".join(f"{noise} {count:,}" for noise, count in sorted(counts[kind].items()))
        text.append(f"  {meaning}: {counts[kind].total():,}{f' ({numbers})' if numbers else ''}\n")
    return text


def _of_edit(edit: Edit) -> Iterator[Piece]:
    kind = _kind(edit)
    if kind == "repaired":
        visible = edit.original.translate(_VISIBLE) if edit.original.isspace() else edit.original
        if visible:
            yield Piece(kind, visible)
    else:
        # Marks around the line ends that went with the text would stand in the paragraphs before and after.
        body = edit.original.strip("\n")
        start = edit.original.find(body)
        if start:
            yield Piece("kept", edit.original[:start])
        rule = edit.rule if edit.score is None else f"{edit.rule} {edit.score:.2f}"
        yield Piece(kind, body, f"{rule} → {edit.field}" if edit.field else rule)
        if not edit.replacement and start + len(body) < len(edit.original):
            yield Piece("kept", edit.original[start + len(body) :])
    if edit.replacement:
        yield Piece("kept", edit.replacement)


def _kind(edit: Edit) -> Kind:
    if edit.field is not None:
        return "lifted"
    if edit.cleaner == EXTRACTOR:
        return "outside"
    return "repaired" if edit.cleaner == "repair" or edit.original.isspace() or not edit.original else "removed"


def _first_words(text: str) -> str:
    """How many words a text has, and the first of them; the text itself where that is no longer."""
    count = count_words(text)
    first = " ".join(text[: 2 * _FIRST].split())[:_FIRST]
    short = f"…{count:,} {'word' if count == 1 else 'words'}: {first}…"
    return short if len(short) < len(text) else text


def _append(text: Text, piece: Piece, *, colour: bool) -> None:
    opening, closing = ("", "") if colour else _BRACKETS[piece.kind]
    text.append(f"{opening}{shown(piece.text)}{closing}", STYLES[piece.kind])
    if piece.label:
        text.append(f"{{{shown(piece.label)}}}", f"dim {STYLES[piece.kind]}")
