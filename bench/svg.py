"""Charts as SVG: panels side by side, each with a line for each name, on which values stand as dots, bars or ticks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

WIDTH: Final = 880
MARGIN: Final = 20
LINE: Final = 26
LABELS: Final = 104
"""Room for the names at the left of a panel, in pixels as all sizes here."""
COLUMN: Final = 54
"""Room for a column of figures at its right."""
HEAD: Final = 62
PANEL_HEAD: Final = 26
FOOT: Final = 30

STYLE: Final = """
text { font: 12px system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Helvetica, Arial, sans-serif; fill: #33404d; }
.title { font-size: 15px; font-weight: 600; fill: #17212b; }
.panel { font-weight: 600; }
.axis, .note { font-size: 11px; fill: #6b7885; }
.ours { font-weight: 700; fill: #0b6e4f; }
.grid { stroke: #e6eaee; } .band { fill: #eef6f2; } .link { stroke: #b9c3cc; stroke-width: 3; }
.good { fill: #0b6e4f; stroke: #0b6e4f; } .plain { fill: #5d7286; stroke: #5d7286; } .bad { fill: #c2502f; stroke: #c2502f; }
.ring { fill: #ffffff; stroke-width: 2; } .tick { stroke-width: 2.5; }
""".strip()  # noqa: E501 (one rule a line)


@dataclass(frozen=True, slots=True)
class Mark:
    """One value on a line: its colour (`good`, `plain`, `bad`) and shape (`dot`, `ring`, `tick`, `bar`)."""

    value: float
    colour: str
    shape: str = "dot"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a panel: its name, its marks, and the figures at its right; `ours` is set off from the others."""

    name: str
    marks: tuple[Mark, ...]
    figures: tuple[str, ...]
    ours: bool = False
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """Lines on one axis from `low` to `high`, a grid line at each of the `ticks`; `heads` stand above the figures."""

    title: str
    lines: tuple[Line, ...]
    low: float
    high: float
    ticks: tuple[tuple[float, str], ...]
    heads: tuple[str, ...]


def chart(title: str, legend: Sequence[tuple[Mark, str]], panels: Sequence[Panel]) -> str:
    """A whole chart.

    >>> chart("Speed", [], [Panel("news", (), 0, 1, (), ("ms",))]).startswith("<svg")
    True
    """
    height = HEAD + PANEL_HEAD + LINE * max(len(panel.lines) for panel in panels) + FOOT
    width = (WIDTH - MARGIN) / len(panels)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
        f' role="img" aria-label="{escape(title)}">',
        f"<style>{STYLE}</style>",
        f'<rect width="{WIDTH}" height="{height}" rx="6" fill="#ffffff"/>',
        _text(MARGIN, 26, title, "title"),
        *_legend(legend),
    ]
    for number, panel in enumerate(panels):
        parts += _panel(panel, MARGIN + number * width, width - MARGIN)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _legend(legend: Sequence[tuple[Mark, str]]) -> Iterator[str]:
    left = float(MARGIN)
    for mark, meaning in legend:
        yield from _mark(mark, left + 5, left - 3, 46)
        yield _text(left + 17, 50, meaning, "note")
        left += 40 + 5.9 * len(meaning)


def _panel(panel: Panel, left: float, width: float) -> Iterator[str]:
    begin, end = left + LABELS, left + width - COLUMN * len(panel.heads) - 12
    top = HEAD + PANEL_HEAD
    bottom = top + LINE * len(panel.lines)

    def place(value: float) -> float:
        share = (value - panel.low) / (panel.high - panel.low)
        return begin + min(max(share, 0), 1) * (end - begin)

    yield _text(left, HEAD + 16, panel.title, "panel")
    yield from _figures(panel.heads, left + width, HEAD + 16, "note")
    for number, line in enumerate(panel.lines):
        if line.ours:
            yield f'<rect class="band" x="{left - 6:.1f}" y="{top + LINE * number}" width="{width + 10:.1f}" height="{LINE}" rx="4"/>'  # noqa: E501
    for value, said in panel.ticks:
        yield f'<line class="grid" x1="{place(value):.1f}" x2="{place(value):.1f}" y1="{top}" y2="{bottom}"/>'
        yield _text(place(value), bottom + 15, said, "axis", anchor="middle")
    for number, line in enumerate(panel.lines):
        middle = top + LINE * number + LINE / 2
        look = "ours" if line.ours else ""
        yield _text(left, middle + 4, line.name, look)
        yield from _figures(line.figures, left + width, middle + 4, look)
        if line.joined:
            places = [place(mark.value) for mark in line.marks if mark.shape != "tick"]
            yield f'<line class="link" x1="{min(places):.1f}" x2="{max(places):.1f}" y1="{middle}" y2="{middle}"/>'
        for mark in line.marks:
            yield from _mark(mark, place(mark.value), begin, middle)


def _figures(figures: Sequence[str], right: float, y: float, look: str) -> Iterator[str]:
    for number, said in enumerate(reversed(figures)):
        yield _text(right - COLUMN * number, y, said, look, anchor="end")


def _mark(mark: Mark, x: float, begin: float, y: float) -> Iterator[str]:
    match mark.shape:
        case "bar":
            yield f'<rect class="{mark.colour}" x="{begin:.1f}" y="{y - 5}" width="{max(x - begin, 1):.1f}" height="10" rx="2"/>'  # noqa: E501
        case "tick":
            yield f'<line class="{mark.colour} tick" x1="{x:.1f}" x2="{x:.1f}" y1="{y - 7}" y2="{y + 7}"/>'
        case "ring":
            yield f'<circle class="{mark.colour} ring" style="fill:#ffffff" cx="{x:.1f}" cy="{y}" r="4.5"/>'
        case _:
            yield f'<circle class="{mark.colour}" cx="{x:.1f}" cy="{y}" r="5"/>'


def _text(x: float, y: float, said: str, look: str, anchor: str = "start") -> str:
    return f'<text class="{look}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(said)}</text>'
