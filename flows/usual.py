"""Whether a run was like those before it: an archive that suddenly fails more, or loses more of its words, than it used
to has a broken scraper or a redesigned site behind it, and somebody should look.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median
from typing import Final

from flows.catalog import RunRow

RUNS_MIN: Final = 5
"""Earlier runs from which there is something usual."""
DOCUMENTS_MIN: Final = 20
"""Documents from which the shares of a run say something."""
SPREAD: Final = 4
"""How many times the typical distance from the median is unusual. For a normal distribution the median distance times
1.48 is the standard deviation, so this is 2.7 of them: one run in 150."""
MARGIN: Final = 0.05
"""And by how much a share must differ in any case: archives whose runs are all alike know no spread."""


def unusual(run: RunRow, earlier: Sequence[RunRow]) -> list[str]:
    """What is unusual about a run, each in a sentence; nothing where too little is known to say so.

    >>> calm = [RunRow(n, "completed", "", "", 100, 100, 0, 2, 0, 1000, 900) for n in range(5)]
    >>> unusual(RunRow(5, "completed", "", "", 100, 50, 0, 50, 0, 1000, 910), calm)
    ['50 % of the documents are set aside; usual are 2 % (5 runs)']
    """
    found = []
    failures = [row.failure_share for row in earlier if _counts(row.documents, row)]
    if (run.documents or 0) >= DOCUMENTS_MIN and _is_off(run.failure_share, failures):
        found.append(_said(run.failure_share, "of the documents are set aside", failures))
    removals = [row.removal_share for row in earlier if _counts(row.cleaned, row)]
    if (run.cleaned or 0) >= DOCUMENTS_MIN and _is_off(run.removal_share, removals):
        found.append(_said(run.removal_share, "of the words were removed", removals))
    return found


def _counts(documents: int | None, row: RunRow) -> bool:
    return row.state == "completed" and (documents or 0) >= DOCUMENTS_MIN


def _is_off(share: float, before: Sequence[float]) -> bool:
    if len(before) < RUNS_MIN:
        return False
    middle = median(before)
    spread = median(abs(each - middle) for each in before)
    return abs(share - middle) > max(SPREAD * spread, MARGIN)


def _said(share: float, what: str, before: Sequence[float]) -> str:
    return f"{share:.0%} {what}; usual are {median(before):.0%} ({len(before)} runs)".replace("%", " %")
