"""A source text as it was, with everything that was done to it marked: what was removed and under which rule,
what was lifted and to where, what was repaired. In colour where the terminal has it, in brackets where not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from rich.text import Text

from cleaners import Edit
from flows.showing import shown

Kind = Literal["kept", "removed", "lifted", "repaired"]

STYLES: dict[Kind, str] = {"kept": "", "removed": "red", "lifted": "cyan", "repaired": "yellow"}
_BRACKETS: dict[Kind, tuple[str, str]] = {
    "kept": ("", ""),
    "removed": ("[-", "-]"),
    "lifted": ("[^", "^]"),
    "repaired": ("[~", "~]"),
}
_MEANING: dict[Kind, str] = {
    "removed": "removed, under this rule",
    "lifted": "lifted from the text into this field of the metadata",
    "repaired": "what stood there before a repair",
}
# White space that a repair took away would not be seen.
_VISIBLE = str.maketrans({"\n": "⏎", " ": "␣", "\xa0": "⍽", "\t": "⇥"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the source text and what became of it; `label` says why, where there is something to say."""

    kind: Kind
    text: str
    label: str = ""


def pieces(source: str, edits: Iterable[Edit]) -> Iterator[Piece]:
    """The source text in pieces, in its order; replacements follow what they replace.

    >>> [piece.kind for piece in pieces("a b", [Edit(1, 3, "", " b", "prompt", "prompt.share.en")])]
    ['kept', 'removed']
    """
    position = 0
    for edit in sorted(edits, key=lambda each: (each.start, each.end)):
        if edit.start > position:
            yield Piece("kept", source[position : edit.start])
        yield from _of_edit(edit)
        position = edit.end
    if position < len(source):
        yield Piece("kept", source[position:])


def rendered(source: str, edits: Iterable[Edit], *, colour: bool) -> Text:
    """The whole explanation of one text.

    Whatever the text holds, nothing of it steers the terminal or counts as markup.
    """
    text = Text()
    for piece in pieces(source, edits):
        _append(text, piece, colour=colour)
    return text


def legend(edits: Iterable[Edit], *, colour: bool) -> Text:
    """What the marks mean, with how often each stands in the text, by noise type."""
    counts: dict[Kind, Counter[str]] = {kind: Counter() for kind in _MEANING}
    for edit in edits:
        counts[_kind(edit)][edit.cleaner] += 1
    text = Text()
    labels: dict[Kind, str] = {"removed": "rule", "lifted": "rule → field", "repaired": ""}
    for kind, meaning in _MEANING.items():
        _append(text, Piece(kind, "…", labels[kind]), colour=colour)
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
        # A label after the line ends that went with the text would stand at the head of the next paragraph.
        body = edit.original.rstrip("\n")
        yield Piece(kind, body, f"{edit.rule} → {edit.field}" if edit.field else edit.rule)
        if not edit.replacement and len(body) < len(edit.original):
            yield Piece("kept", edit.original[len(body) :])
    if edit.replacement:
        yield Piece("kept", edit.replacement)


def _kind(edit: Edit) -> Kind:
    if edit.field is not None:
        return "lifted"
    return "repaired" if edit.cleaner == "repair" or edit.original.isspace() or not edit.original else "removed"


def _append(text: Text, piece: Piece, *, colour: bool) -> None:
    opening, closing = ("", "") if colour else _BRACKETS[piece.kind]
    text.append(f"{opening}{shown(piece.text)}{closing}", STYLES[piece.kind])
    if piece.label:
        text.append(f"{{{shown(piece.label)}}}", f"dim {STYLES[piece.kind]}")
