"""The commands about a clean folder: `status`, `verify`, `rebuild` and `report`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from flows.catalog import CatalogError
from flows.commands.options import Clean, Workers, check_there
from flows.review import SAMPLE, ReportRefused
from flows.showing import shown_name
from flows.terminal import CommandError, new_console, progress_bar, show_list, show_table

if TYPE_CHECKING:
    from flows.catalog import RunRow
    from flows.verify import Report


def status(
    clean: Clean = Path("clean"),
    *,
    runs: Annotated[int, typer.Option(metavar="NUMBER", min=1, help="How many of the last runs to show.")] = 10,
) -> None:
    """Show what the catalog of a clean folder knows.

    Documents by state, failures by reason, and the last runs. The catalog itself is the SQLite database
    CLEAN/_catalog/catalog.sqlite, for any tool that reads such.

    Examples:

    - `cleancopy status clean`
    - `sqlite3 clean/_catalog/catalog.sqlite "SELECT source, detail FROM documents WHERE state = 'failed'"`
    """
    from flows.catalog import Catalog, faults_named, is_locked  # noqa: PLC0415

    try:
        with faults_named(str(clean)):
            catalog = Catalog(str(clean), read_only=True)
            states, reasons, rows_of_runs = catalog.states(), catalog.reasons(), catalog.runs(runs)
    except CatalogError as error:
        raise CommandError(str(error), 2) from None
    console = new_console()
    show_table(console, [(state, f"{count:,}") for state, count in states.items()])
    show_list("Failed", [f"{reason}: {count:,}" for reason, count in reasons])
    print("\nRuns:")
    going = is_locked(str(clean))
    _show_runs(
        console,
        [replace(row, state="broken off") if row.state == "running" and not going else row for row in rows_of_runs],
    )


def _show_runs(console: Console, rows: list[RunRow]) -> None:
    heads = ("run", "started (UTC)", "ended", "state", "documents", "cleaned", "unchanged", "failed", "gone")
    lines = [
        (
            str(row.id),
            row.started[:19].replace("T", " "),
            (row.ended or "")[11:19],
            row.state,
            *(
                "" if count is None else f"{count:,}"
                for count in (row.documents, row.cleaned, row.unchanged, row.failed, row.gone)
            ),
        )
        for row in rows
    ]
    if not console.is_terminal:
        for line in (heads, *lines):
            print("\t".join(line))
        return
    table = Table()
    for head in heads:
        table.add_column(head, justify="left" if head in heads[1:4] else "right")
    for line in lines:
        table.add_row(*line)
    console.print(table)


def verify(
    clean: Clean = Path("clean"),
    *,
    raw: Annotated[
        Path | None, typer.Option(metavar="RAW", help="Compare with the raw documents themselves, too.")
    ] = None,
    workers: Workers = 0,
) -> int:
    """Prove that nothing was lost from texts and pages.

    For every record: its own hash and form, and the hash of its clean text. For a text: the edits undone, the encoding
    undone, the hash of the raw bytes, the metadata. For a page: its kept blocks, edits and removed spans make up its
    visible text without a gap; with --raw the raw page is read again, its visible text must have the recorded hash,
    the edits must make the clean text of it, and each kept block must stand where its XPath says. Names what fails, and
    texts without a record.

    Examples:

    - `cleancopy verify clean`
    - `cleancopy verify clean --raw raw`: also compares with raw documents, and names those that changed or went
    """
    from flows.verify import verify as check  # noqa: PLC0415

    check_there(clean, raw)
    with progress_bar("Verifying"):
        report = check(clean, raw, workers=workers)
    console = new_console()
    show_table(
        console,
        [
            ("verified", f"{report.verified:,}"),
            *_of_pages(report, with_raw=raw is not None),
            ("set aside earlier", f"{report.set_aside:,}"),
            ("fail", f"{len(report.problems):,}"),
        ],
    )
    for name, problem in report.problems:
        print(f"{shown_name(name)}: {shown_name(problem)}")
    if report.problems:
        raise CommandError(f"{len(report.problems):,} in {clean} fail")
    if not report.verified and not report.set_aside:
        raise CommandError(f"{clean} holds no records: there is nothing to verify")
    return 0


def _of_pages(report: Report, *, with_raw: bool) -> list[tuple[str, str]]:
    if not report.pages and not report.words:
        return []
    if not with_raw:
        return [("of these pages, without their raw pages", f"{report.pages:,}")]
    return [
        ("of these pages, with their raw pages", f"{report.pages:,}"),
        ("words of articles found at their XPaths", f"{report.located:,} of {report.words:,}"),
    ]


def rebuild(
    clean: Clean = Path("clean"),
    *,
    raw: Annotated[
        Path | None, typer.Option(metavar="RAW", help="The raw documents: those that are unchanged need no cleaning.")
    ] = None,
    workers: Workers = 0,
) -> None:
    """Make a new catalog from the records, when the old one is damaged or lost.

    The old one is kept beside it, as CLEAN/_catalog/catalog.before-rebuild-1.sqlite. Records that are not as they were
    written are named and left out: the next run cleans their documents again. So it does with all documents that were
    set aside and, without --raw, with all others, since only the raw documents themselves show that they are unchanged.
    The list of earlier runs is lost.

    Examples:

    - `cleancopy rebuild clean --raw raw`
    - `cleancopy rebuild clean`: where the raw documents are not at hand
    """
    from flows.rebuilding import rebuild as make  # noqa: PLC0415
    from flows.rebuilding import show_rebuilt  # noqa: PLC0415

    check_there(clean, raw)
    try:
        with progress_bar("Reading records"):
            rebuilt = make(clean, raw, workers=workers)
    except CatalogError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{shown_name(str(error.filename or clean))}: {error.strerror}") from None
    show_rebuilt(rebuilt)


def report(
    clean: Clean = Path("clean"),
    *,
    raw: Annotated[
        Path | None,
        typer.Option(metavar="RAW", help="Folder of raw documents; that of the last run where not given."),
    ] = None,
    sample: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, help="How many documents get a page of their own, the worst first.")
    ] = SAMPLE,
    workers: Workers = 0,
) -> int:
    """Make the review page: what was removed from which document, and why, to look at.

    Writes a static site to CLEAN/_review, in place of an older one. Open its index.html in a browser, from the disk or
    from any web server; nothing on it asks the network. All figures are over all documents that the catalog knows; the
    worst, those from which a share was removed that is furthest from the usual, have a page of their own, where source
    and clean text stand side by side. There you can say "keep this" or "this is noise", and download that as a file for
    cleancopy run --overrides. Records that do not hold are named with the reason.

    Examples:

    - `cleancopy report clean`
    - `cleancopy report clean --sample 5000`: pages for more documents
    - `cleancopy report clean --raw /mnt/scrapes`: when the raw folder was moved since the last run
    """
    from flows.review.report import make_report  # noqa: PLC0415 (only this command needs Jinja2)

    check_there(raw)
    try:
        with progress_bar("Making the review page"):
            made = make_report(clean, raw=raw, sample=sample, workers=workers)
    except (CatalogError, ReportRefused) as refused:
        raise CommandError(str(refused), 2) from None
    except OSError as error:
        raise CommandError(f"{shown_name(str(error.filename or clean))}: {error.strerror}") from None
    show_table(
        new_console(),
        [
            ("documents", f"{made.documents:,}"),
            ("with a page", f"{made.pages:,}"),
            ("records that do not hold", f"{made.broken:,}"),
            *([("pages with gaps (name their folder with --raw)", f"{made.gaps:,}")] if made.gaps else []),
            ("open", shown_name(made.index.as_uri())),
        ],
    )
    return 0
