"""docs/benchmarks.md and its charts, made from what the benches have measured.

    python bench/charts.py [--quality FILE] [--rules FILE] [--docs FOLDER]

`bench/quality.py --json` and `bench/rules.py --json` write the files; unless told they are those in `bench/results/`.
The prose stands in `benchmarks.md.j2`; whatever depends on a result is made here.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from svg import Line, Mark, Panel, chart

BENCH: Final = Path(__file__).parent
OURS: Final = "cleancopy"
NAMES: Final = {
    "readability": "readability-lxml",
    "justext": "jusText",
    "c4": "C4 rules",
}
"""What the charts and tables call a peer, where it is not its name in the results."""
WORDS_MIN: Final = 100
"""Fewest words removed from which on a noise type or language has its line in the chart."""

Record = dict[str, Any]


def named(name: str) -> str:
    """What a peer is called.

    >>> named("justext"), named("trafilatura")
    ('jusText', 'trafilatura')
    """
    return NAMES.get(name, name)


def of_corpus(rows: Iterable[Record], corpus: str) -> list[Record]:
    """The rows of one corpus."""
    return [row for row in rows if row["corpus"] == corpus]


def colour(name: str) -> str:
    """The colour of one who was measured."""
    return "good" if name == OURS else "plain"


def shares(low: float, step: float) -> tuple[tuple[float, str], ...]:
    """Ticks from `low` to 1.

    >>> shares(0.6, 0.2)
    ((0.6, '0.6'), (0.8, '0.8'), (1.0, '1.0'))
    """
    count = round((1 - low) / step)
    return tuple((round(low + step * n, 2), f"{low + step * n:.1f}") for n in range(count + 1))


def quality_chart(results: Record) -> str:
    """Word and 4-gram F1."""
    panels = []
    for corpus in ("news", "blogs"):
        rows = sorted(of_corpus(results["quality"], corpus), key=lambda row: -row["words"]["f1"])
        lines = tuple(
            Line(
                named(row["name"]),
                (Mark(row["grams"]["f1"], colour(row["name"]), "ring"), Mark(row["words"]["f1"], colour(row["name"]))),
                (f"{row['words']['f1']:.3f}", f"{row['grams']['f1']:.3f}"),
                row["name"] == OURS,
            )
            for row in rows
        )
        if lines:
            title = f"{corpus}, {rows[0]['pages']} pages"
            panels.append(Panel(title, lines, 0.55, 1, shares(0.6, 0.1), ("words", "4-grams")))
    legend = [(Mark(0, "plain"), "F1 of words"), (Mark(0, "plain", "ring"), "F1 of 4-grams")]
    return chart("How near the text is to the article", legend, panels)


def snippets_chart(results: Record) -> str:
    """Shares of snippets kept and leaked."""
    panels = []
    ticks = ((0, "0 %"), (0.5, "50 %"), (1, "100 %"))
    for corpus in ("snippets", "blogs"):
        rows = [row for row in of_corpus(results["quality"], corpus) if row["wanted"] and row["unwanted"]]
        rows.sort(key=lambda row: row["leaked"] / row["unwanted"] - row["kept"] / row["wanted"])
        lines = []
        for row in rows:
            kept, leaked = row["kept"] / row["wanted"], row["leaked"] / row["unwanted"]
            marks = (Mark(leaked, "bad"), Mark(kept, "good"))
            lines.append(Line(named(row["name"]), marks, (f"{kept:.1%}", f"{leaked:.1%}"), row["name"] == OURS))
        if lines:
            title = f"{corpus}, {results['all_pages'][corpus]} pages"
            panels.append(Panel(title, tuple(lines), 0, 1, ticks, ("kept", "leaked")))
    legend = [(Mark(0, "good"), "wanted snippets that were kept"), (Mark(0, "bad"), "unwanted snippets that leaked")]
    return chart("Snippets of the article kept, snippets of noise leaked", legend, panels)


def lift_chart(results: Record) -> str:
    """Word F1 before and after cleaning, and the ceiling."""
    panels = []
    for corpus in ("news", "blogs"):
        rows = of_corpus(results["lift"], corpus)
        lines = tuple(
            Line(
                named(row["name"]),
                (
                    Mark(row["ceiling"], "bad", "tick"),
                    Mark(row["before"], "plain", "ring"),
                    Mark(row["after"], "good"),
                ),
                (f"{row['before']:.3f}", signed(row["gain"]["mean"])),
                joined=True,
            )
            for row in rows
        )
        if lines:
            title = f"{corpus}, {rows[0]['pages']} pages"
            panels.append(Panel(title, lines, 0.55, 1, shares(0.6, 0.1), ("before", "lift")))
    legend = [
        (Mark(0, "plain", "ring"), "F1 of words as the peer gives it"),
        (Mark(0, "good"), "cleaned by clean_text"),
        (Mark(0, "bad", "tick"), "ceiling: just its noise lines gone"),
    ]
    return chart("What cleaning adds to the text of other extractors", legend, panels)


def time_chart(results: Record) -> str:
    """Processor time a page."""
    rows = sorted(results["ms"].items(), key=lambda item: item[1])
    longest = max(results["ms"].values(), default=1)
    step = next(step for step in (10, 20, 50, 100, 200, 500, 1000, 5000) if longest / step <= 8)
    ticks = tuple((step * n, str(step * n)) for n in range(int(longest / step) + 1))
    lines = tuple(
        Line(named(name), (Mark(ms, colour(name), "bar"),), (f"{ms:.1f}",), name == OURS) for name, ms in rows
    )
    legend = [
        (Mark(0, "good"), "cleancopy, with metadata and an account of every block"),
        (Mark(0, "plain"), "the peers, the text alone"),
    ]
    return chart("Processor time a page, in milliseconds", legend, [Panel("", lines, 0, longest, ticks, ("ms",))])


def rules_chart(rules: dict[str, list[Record]]) -> str:
    """The share of removed words that went rightly, by noise type and by language."""
    panels = []
    ticks = ((0, "0 %"), (0.5, "50 %"), (1, "100 %"))
    for title in ("noise type", "language"):
        lines = []
        for row in removals(rules[title]):
            right, wrong = row["right"], row["wrong"]
            if right + wrong >= WORDS_MIN:
                share = right / (right + wrong)
                marks = (Mark(1, "bad", "bar"), Mark(share, "good", "bar"))
                lines.append(Line(row["name"], marks, (f"{right:,}", f"{wrong:,}")))
        panels.append(Panel(f"by {title}", tuple(lines), 0, 1, ticks, ("right", "wrong")))
    legend = [(Mark(0, "good", "dot"), "words removed rightly"), (Mark(0, "bad", "dot"), "words removed wrongly")]
    return chart("What was removed, right and wrong", legend, panels)


def removals(rows: Iterable[Record]) -> list[Record]:
    """The words removed under each name: all, right and wrong, and by source; most first."""
    counts: dict[str, Counter[tuple[str, bool]]] = {}
    for row in rows:
        counts.setdefault(row["name"], Counter())[row["source"], row["wrong"]] += row["words"]
    found = []
    for name, words in counts.items():
        right, wrong = (sum(n for (_, bad), n in words.items() if bad is kind) for kind in (False, True))
        found.append({"name": name, "right": right, "wrong": wrong, "words": words})
    return sorted(found, key=lambda row: (-row["right"] - row["wrong"], row["name"]))


def behind(results: Record) -> Iterator[str]:
    """Where a peer does better than ours, in words."""
    measures = {
        "word precision": (lambda row: row["words"] and row["words"]["precision"], 1),
        "word recall": (lambda row: row["words"] and row["words"]["recall"], 1),
        "word F1": (lambda row: row["words"] and row["words"]["f1"], 1),
        "4-gram F1": (lambda row: row["grams"] and row["grams"]["f1"], 1),
        "share of snippets kept": (lambda row: row["wanted"] and row["kept"] / row["wanted"], 1),
        "share of snippets leaked": (lambda row: row["unwanted"] and row["leaked"] / row["unwanted"], -1),
    }
    for corpus in results["all_pages"]:
        rows = {row["name"]: row for row in of_corpus(results["quality"], corpus)}
        ours = rows.pop(OURS)
        for measure, (value, sign) in measures.items():
            better = [row for row in rows.values() if value(ours) and sign * value(row) > sign * value(ours)]
            if better:
                better.sort(key=lambda row: -sign * value(row))
                names = ", ".join(f"{named(row['name'])} {value(row):.4g}" for row in better)
                yield f"{corpus}, {measure}: ours {value(ours):.4g}; {names}"
    if faster := [name for name, ms in results["ms"].items() if ms < results["ms"][OURS]]:
        faster.sort(key=lambda name: results["ms"][name])
        names = ", ".join(f"{named(name)} {results['ms'][name]:.1f}" for name in faster)
        yield f"milliseconds a page: ours {results['ms'][OURS]:.1f}; {names}"
    for row in results["lift"]:
        if row["gain"]["mean"] < 0:
            yield f"{row['corpus']}, lift of {named(row['name'])}: {row['gain']['mean']:+.4f}"


def weak(rules: dict[str, list[Record]], count: int = 15) -> Iterator[Record]:
    """The rules that removed most words wrongly."""
    found = sorted(removals(rules["rule"]), key=lambda row: -row["wrong"])
    return (row for row in found[:count] if row["wrong"])


def signed(value: float) -> str:
    """A difference, as the tables show it.

    >>> signed(-0.0021)
    '−0.002'
    """
    return f"{value:+.3f}".replace("-", "−")


def gains(value: Record | None) -> str:
    """A difference with its interval, as the tables show it.

    >>> gains({"mean": 0.01, "low": -0.002, "high": 0.02})
    '+0.010 (−0.002 to +0.020)'
    """
    if value is None:
        return ""
    return f"{signed(value['mean'])} ({signed(value['low'])} to {signed(value['high'])})"


def page(results: Record, rules: dict[str, list[Record]]) -> str:
    """The text of docs/benchmarks.md."""
    environment = Environment(
        loader=FileSystemLoader(BENCH), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # Markdown: nothing to escape
    environment.filters |= {"named": named, "gains": gains}
    return environment.get_template("benchmarks.md.j2").render(
        results=results,
        halves={row["corpus"]: row["pages"] for row in results["quality"]},
        missed=[figure for figure in results["asked"] if not figure["met"]],
        behind=list(behind(results)),
        failed=[row for row in results["quality"] if row["failed"]],
        noise=removals(rules["noise type"]),
        languages=removals(rules["language"]),
        weak=list(weak(rules)),
        sources=("pages", "snippets", "scrapes", "lift", "harm"),
    )


def charts(results: Record, rules: dict[str, list[Record]]) -> dict[str, str]:
    """All charts, by the names of their files."""
    return {
        "f1.svg": quality_chart(results),
        "snippets.svg": snippets_chart(results),
        "lift.svg": lift_chart(results),
        "time.svg": time_chart(results),
        "rules.svg": rules_chart(rules),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the page and its charts."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quality", type=Path, default=BENCH / "results" / "quality.json", metavar="FILE")
    options.add_argument("--rules", type=Path, default=BENCH / "results" / "rules.json", metavar="FILE")
    options.add_argument("--docs", type=Path, default=BENCH.parent / "docs", metavar="FOLDER")
    asked = options.parse_args(arguments)
    for file, made_by in ((asked.quality, "quality.py"), (asked.rules, "rules.py")):
        if not file.exists():
            sys.exit(f"{file} is not there: make it with `python bench/{made_by} --json {file}`.")
    results, rules = (json.loads(file.read_text(encoding="utf-8")) for file in (asked.quality, asked.rules))
    folder = asked.docs / "benchmarks"
    folder.mkdir(parents=True, exist_ok=True)
    for name, drawn in charts(results, rules).items():
        (folder / name).write_text(drawn, encoding="utf-8")
    (asked.docs / "benchmarks.md").write_text(page(results, rules), encoding="utf-8")


if __name__ == "__main__":
    main()
