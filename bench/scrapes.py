"""Real noise: the share of words that `clean_text` removes from the labelled text scrapes, by label.

    python bench/scrapes.py [--left LABEL] [--lost]

A word counts as removed when its first character lies in an edit of a remover (repairs are not removals), and as
lifted text is no longer in the body it counts too. `--left LABEL` prints the lines of that label which stayed,
`--lost` the lines of articles which went.
"""

from __future__ import annotations

import argparse
import re
from bisect import bisect_right
from collections import Counter

from corpora import rows

from cleaners import clean_text

WANTED = {
    "comments": 0.90,
    "related": 0.80,
    "prompt": 0.75,
    "byline": 0.75,
    "caption": 0.45,
    "article": 0.002,
}
WORD = re.compile(r"\S+")


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--left", metavar="LABEL", choices=WANTED, help="print the lines of this label that stayed")
    options.add_argument("--lost", action="store_true", help="print the article lines that went, with the rule")
    asked = options.parse_args()
    words: Counter[str] = Counter()
    gone: Counter[str] = Counter()
    lost: Counter[str] = Counter()
    for row in rows("scrapes", "truth.jsonl.gz"):
        text = row["text"]
        edits = [edit for edit in clean_text(text).edits if edit.cleaner != "repair"]
        starts = [edit.start for edit in edits]
        position = 0
        for line in row["lines"]:
            start = text.find(line["text"], position)
            if start < 0:
                continue
            position = start + len(line["text"])
            rules: Counter[str] = Counter()
            total = 0
            for word in WORD.finditer(text, start, position):
                total += 1
                number = bisect_right(starts, word.start()) - 1
                if number >= 0 and word.start() < edits[number].end:
                    rules[edits[number].rule] += 1
            label = line["label"]
            words[label] += total
            removed = sum(rules.values())
            gone[label] += removed
            if label == "article" and removed:
                lost.update(rules)
                if asked.lost:
                    print(f"{row['id']}  {'+'.join(rules)}  {line['text'][:150]}")
            if label == asked.left and removed < total:
                print(f"{row['id']}  {line['text'][:150]}")
    print(f"{'label':10} {'words':>9} {'removed':>9} {'share':>8}   asked")
    for label, wanted in WANTED.items():
        share = gone[label] / max(words[label], 1)
        met, sign = (share <= wanted, "<=") if label == "article" else (share >= wanted, ">=")
        mark = "met" if met else "MISSED"
        print(f"{label:10} {words[label]:9} {gone[label]:9} {share:8.4f}   {sign} {wanted:5}  {mark}")
    print("article words lost by rule:", ", ".join(f"{rule} {count}" for rule, count in lost.most_common(25)))


if __name__ == "__main__":
    main()
