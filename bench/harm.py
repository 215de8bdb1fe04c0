"""Do no harm: what `clean_text` removes from texts that are clean already.

    python bench/harm.py [--quiet]

Cleans the true article texts of the news and blogs corpora. Words in the edits of removers count as lost, and a
document counts as untouched when no remover touched it; repairs (white space, characters) are set aside. Prints
each piece lost from sites of the half to work on with its rule, so that it can be looked at, and then the figures.
"""

from __future__ import annotations

import argparse
from collections import Counter

from corpora import pages

from cleaners import clean_text

UNTOUCHED = 0.97
LOST = 0.0005


def main() -> None:
    """Print what was lost, then the table."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quiet", action="store_true", help="print the figures only")
    asked = options.parse_args()
    words = lost = documents = untouched = 0
    rules: Counter[str] = Counter()
    touched: Counter[str] = Counter()
    for page in pages("news") + pages("blogs"):
        text = page.text or ""
        documents += 1
        words += len(text.split())
        removals = [edit for edit in clean_text(text).edits if edit.cleaner != "repair"]
        untouched += not removals
        touched.update({edit.cleaner for edit in removals})
        for edit in removals:
            count = len(edit.original.split())
            lost += count
            rules[edit.rule] += count
            if not asked.quiet and page.half == "work":
                print(f"{page.id}  {edit.rule}  {' '.join(edit.original.split())[:200]}")
    print(f"documents {documents}, untouched {untouched}, words {words}, lost {lost}")
    for what, share, met, limit in (
        ("share of documents untouched", untouched / documents, untouched >= UNTOUCHED * documents, f">= {UNTOUCHED}"),
        ("share of words lost", lost / words, lost <= LOST * words, f"<= {LOST}"),
    ):
        print(f"{'met   ' if met else 'MISSED'} {what}: {share:.5f} (asked {limit})")
    print("documents touched by cleaner:", ", ".join(f"{name} {count}" for name, count in touched.most_common()))
    print("words lost by rule:", ", ".join(f"{rule} {count}" for rule, count in rules.most_common(30)))


if __name__ == "__main__":
    main()
