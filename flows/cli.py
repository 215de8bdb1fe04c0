"""The command `cleancopy`: run the flow over a folder, clean or explain one document, verify what was
written. Only `run` loads Prefect.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer
from rich.console import Console
from rich.table import Table

from flows.budget import MAX_CHARACTERS, MAX_DEPTH, MAX_ELEMENTS, MAX_MEMORY, MAX_SECONDS
from flows.catalog import CatalogError, locked
from flows.cleaning import Settings, clean_unpacked, faults_refused, overrides_of, read_page, read_text
from flows.explain import described, legend, rendered
from flows.preparing import Gone, Options, Runner, RunRefused, prepare, settings_for
from flows.reading import HANDLED, HANDLED_SAID, MAX_BYTES, Kind, Refused, ending_of, kind_of, read_raw, sidecar_beside
from flows.record import VERSION, to_bytes
from flows.review import SAMPLE, ReportRefused
from flows.showing import shown_name
from flows.starting import run_flow
from flows.terminal import CommandError, new_console, print_text, progress_bar, show_list, show_table
from flows.unpacking import Unpacked, looks_like_page, read_sidecar, unpack

if TYPE_CHECKING:
    from flows.catalog import RunRow
    from flows.verify import Report

app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

overrides_commands = typer.Typer(invoke_without_command=True)
app.add_typer(overrides_commands, name="overrides")

Phrases = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Phrases and patterns of your own (TOML), beside the standard ones."),
]
OverridesFile = Annotated[
    Path | None,
    typer.Option("--overrides", metavar="FILE", help="Corrections (TOML): what to keep, and what is noise."),
]
Skip = Annotated[
    list[str] | None,
    typer.Option(metavar="TYPE", help="A noise type to leave in the text, such as caption; repeatable."),
]


Comments = Annotated[
    bool, typer.Option("--comments/--no-comments", help="Lift the comments of readers on pages into the metadata.")
]
FullText = Annotated[
    bool, typer.Option("--full-text", help="Records of pages hold the text of everything that was removed.")
]
One = Annotated[str, typer.Argument(metavar="FILE|-", help=f"Text or page ({HANDLED_SAID}), or - for standard input.")]
Url = Annotated[str | None, typer.Option("--url", metavar="URL", help="Where a page was found.")]


As = Annotated[
    Kind | None,
    typer.Option("--as", help="What it is; else its ending says so, or how it begins where that says nothing."),
]


class _UsageError(Exception):
    """What Typer's base class of all wrong uses looks like: newer versions carry a Click of their own."""

    def format_message(self) -> str:
        raise NotImplementedError


_WrongUse = cast("type[_UsageError]", typer.BadParameter.__base__)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; `arguments` are those of the program where not given.

    Raises `SystemExit` with 0, 1 (failure) or 2 (wrong use). Errors are one line on standard error.
    """
    for stream in (sys.stdout, sys.stderr):
        # A terminal that is not UTF-8 shows an escape rather than nothing.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = app(arguments, prog_name="cleancopy", standalone_mode=False)
        sys.stdout.flush()
    except (BrokenPipeError, SystemExit):
        # The reader (head, less) has seen enough, which Typer and Rich turn into an exit themselves. Python
        # would complain when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    except _WrongUse as error:
        code = _complain(error.format_message(), 2)
    except CommandError as error:
        code = _complain(str(error), error.code)
    except (KeyboardInterrupt, typer.Abort):
        code = _complain("stopped", 130)
    except Exception as error:
        if _was_stopped(error):
            sys.exit(_complain("stopped", 130))
        if os.environ.get("CLEANCOPY_DEBUG"):
            raise
        code = _complain(f"{type(error).__name__}: {error} (CLEANCOPY_DEBUG=1 shows where)", 1)
    sys.exit(code if isinstance(code, int) else 0)


def _complain(message: str, code: int) -> int:
    line = " ".join(shown_name(line) for line in message.split("\n") if line.strip())
    print(f"cleancopy: {line}", file=sys.stderr)
    return code


def _was_stopped(error: BaseException | None) -> bool:
    """Whether Ctrl-C lies behind `error`: it ends Prefect's temporary server, too, which then is missing."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


def _show_version(wanted: bool) -> None:
    if wanted:
        print(f"cleancopy {VERSION}")
        raise typer.Exit


@app.callback()
def cleancopy(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Clean article text from scraped news and blogs, with proof of everything that was removed.

    Examples:

    - `cleancopy run raw clean`: clean every text and page in the folder raw
    - `cleancopy verify clean --raw raw`: prove that nothing was lost
    - `cleancopy clean page.html`: clean one document
    - `cleancopy explain article.txt`: see what is removed from it, and why
    - `cleancopy status clean`: what is clean, what failed and why, the last runs
    - `cleancopy rebuild clean --raw raw`: a new catalog, where the old one is damaged
    - `cleancopy overrides check overrides.toml clean`: what corrections change
    - `cleancopy report clean`: a page to look at what was removed, and to say what is wrong
    """
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(2)


@app.command()
def run(
    raw: Annotated[Path, typer.Argument(help=f"Folder of scraped text and pages ({HANDLED_SAID}).")] = Path("raw"),
    clean: Annotated[Path, typer.Argument(help="Folder for clean articles and their records.")] = Path("clean"),
    *,
    phrases: Phrases = None,
    overrides: OverridesFile = None,
    skip: Skip = None,
    comments: Comments = True,
    full_text: FullText = False,
    max_failed_share: Annotated[
        float,
        typer.Option(metavar="SHARE", help="Fail when more than this share (0 to 1) of them is set aside."),
    ] = 0.5,
    workers: Annotated[int, typer.Option(metavar="NUMBER", help="Worker processes; 0 for as many as help.")] = 0,
    max_bytes: Annotated[int, typer.Option(metavar="BYTES", help="Larger files are set aside.")] = MAX_BYTES,
    max_characters: Annotated[
        int, typer.Option(metavar="NUMBER", help="Longer texts, and pages with their markup, are set aside.")
    ] = MAX_CHARACTERS,
    max_elements: Annotated[
        int, typer.Option(metavar="NUMBER", help="Pages with more elements are set aside.")
    ] = MAX_ELEMENTS,
    max_depth: Annotated[
        int, typer.Option(metavar="NUMBER", help="Pages with elements nested deeper are set aside.")
    ] = MAX_DEPTH,
    max_seconds: Annotated[
        float, typer.Option(metavar="SECONDS", help="Documents that take more CPU time are set aside.")
    ] = MAX_SECONDS,
    max_memory: Annotated[
        int, typer.Option(metavar="BYTES", help="Documents that take more memory are set aside.")
    ] = MAX_MEMORY,
    force: Annotated[bool, typer.Option("--force", help="Clean again what is clean already.")] = False,
    gone: Annotated[
        Gone, typer.Option(help="What becomes of the clean articles of raw documents that are gone.")
    ] = "keep",
    runner: Annotated[Runner, typer.Option(help="Where to clean: here, or on a Dask cluster.")] = "here",
    dask_address: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Scheduler of that cluster (tcp://HOST:PORT); else one is started here."),
    ] = None,
    report: Annotated[bool, typer.Option("--report", help="Make the review page at the end: CLEAN/_review.")] = False,
) -> int:
    """Clean the texts and pages in a folder that are new or changed.

    For RAW/a/b.html it writes CLEAN/a/b.txt, the article, and CLEAN/a/b.json, the record of everything that
    was done; a file RAW/a/b.html.json beside a page may give its url and content_type. What cannot be cleaned is named
    in CLEAN/_failed with its reason, and stops nothing. CLEAN/_catalog remembers what was done: the next run skips what
    has not changed, and takes up a run that was killed. Runs as the Prefect flow clean-articles, on the server at
    PREFECT_API_URL or a temporary one.

    Examples:

    - `cleancopy run`: from raw to clean
    - `cleancopy run scrapes/2025-11 out --workers 8`
    - `cleancopy run --skip caption --skip credit`: leave captions and credits where they are
    - `cleancopy run --phrases house.toml`: also what only your publishers print
    - `cleancopy run --overrides overrides.toml`: honour the corrections that were made in the review page
    - `cleancopy run --gone remove`: remove the articles of raw documents that were deleted
    - `cleancopy run --force`: clean everything again
    - `cleancopy run --max-seconds 5 --max-elements 50000`: set doubtful pages aside sooner
    - `cleancopy run --report`: and make the page that shows what was removed
    - `cleancopy run --runner dask --dask-address tcp://10.0.0.5:8786`: on the workers of a Dask cluster
    """
    options = Options(
        phrases=phrases,
        overrides=overrides,
        skip=skip or [],
        comments=comments,
        full_text=full_text,
        max_failed_share=max_failed_share,
        workers=workers,
        max_bytes=max_bytes,
        max_characters=max_characters,
        max_elements=max_elements,
        max_depth=max_depth,
        max_seconds=max_seconds,
        max_memory=max_memory,
        force=force,
        gone=gone,
        runner=runner,
        dask_address=dask_address,
        report=report,
    )
    try:
        # The flow checks the same again; here it costs no start of a server.
        prepared = prepare(raw, clean, **options)
        with locked(prepared.settings.clean):
            pass
    except RunRefused as refused:
        raise CommandError(str(refused), 2) from None
    except CatalogError as refused:
        raise CommandError(str(refused)) from None
    except OSError as error:
        raise CommandError(f"{shown_name(str(error.filename or clean))}: {error.strerror}") from None
    return run_flow(raw, clean, options)


@app.command()
def status(
    clean: Annotated[Path, typer.Argument(help="Folder that cleancopy run has written.")] = Path("clean"),
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


@app.command()
def clean(
    file: One,
    *,
    kind: As = None,
    url: Url = None,
    json: Annotated[bool, typer.Option("--json", help="Print the record with the text, as JSON.")] = False,
    phrases: Phrases = None,
    overrides: OverridesFile = None,
    skip: Skip = None,
    comments: Comments = True,
    full_text: FullText = False,
) -> None:
    """Clean one text or page and print its article as UTF-8.

    Examples:

    - `cleancopy clean article.txt > body.txt`
    - `curl -s URL | cleancopy clean --url URL -`
    - `cleancopy clean --json page.html | jq .metadata.title`
    """
    settings = _settings(phrases, overrides, skip, comments=comments, full_text=full_text)
    try:
        opened = _opened(file, kind, url, settings)
        cleaned = clean_unpacked(opened.kind, _named(file, settings), opened.raw, opened.unpacked, settings)
    except Refused as error:
        raise CommandError(f"{file}: {error}") from None
    out = sys.stdout.buffer
    if json:
        text = cleaned.content.decode("utf-8", "surrogatepass").removesuffix("\n")
        out.write(to_bytes({**cleaned.record, "text": text}))
    else:
        out.write(cleaned.content)
    out.flush()


@app.command()
def explain(
    file: One,
    *,
    kind: As = None,
    url: Url = None,
    whole: Annotated[bool, typer.Option("--all", help="Show all that a page has outside of its article.")] = False,
    phrases: Phrases = None,
    overrides: OverridesFile = None,
    skip: Skip = None,
    comments: Comments = True,
) -> None:
    """Show the source text with everything that is removed marked with its rule.

    In colour on a terminal; elsewhere, and with NO_COLOR set, in brackets: `[-removed-]{rule}`,
    `[^lifted^]{rule → field}`, `[~what stood there before a repair~]`. The source text of a page is its visible text;
    what lies outside of its article is cut short: `[…12 words: Home News …]`. Metadata and encoding follow, each with
    where it comes from.

    Examples:

    - `cleancopy explain article.txt | less`
    - `cleancopy explain --all page.html`: also every menu and teaser in full
    - `cleancopy explain --overrides overrides.toml raw/news/a.html`: with corrections, marked `[+kept+]`
    - `cleancopy explain --skip comments article.txt`: as if threads were not cleaned
    """
    settings = _settings(phrases, overrides, skip, comments=comments)
    try:
        opened = _opened(file, kind, url, settings)
        with faults_refused():
            source = _named(file, settings)
            decoded, result = (
                read_page(source, opened.unpacked, settings)
                if opened.kind == "page"
                else read_text(source, opened.unpacked.content, settings)
            )
    except Refused as error:
        raise CommandError(f"{file}: {error}") from None
    console = new_console()
    colour = console.color_system is not None and not console.no_color
    print_text(console, rendered(result.source, result.edits, result.hits, colour=colour, whole=whole))
    print("\n")
    print_text(console, legend(result.edits, result.hits, colour=colour))
    for line in described(result.metadata, result.edits):
        print(line)
    print(f"read as {decoded.encoding} ({decoded.how})")


@app.command()
def verify(
    clean: Annotated[Path, typer.Argument(help="Folder that cleancopy run has written.")] = Path("clean"),
    *,
    raw: Annotated[
        Path | None, typer.Option(metavar="RAW", help="Compare with the raw documents themselves, too.")
    ] = None,
    workers: Annotated[int, typer.Option(metavar="NUMBER", min=0, help="Worker processes; 0 for as many as help.")] = 0,
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

    for folder in (clean, raw):
        if folder is not None and not folder.is_dir():
            raise CommandError(f"there is no folder {folder}", 2)
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


@overrides_commands.callback()
def overrides(context: typer.Context) -> None:
    """Corrections made in the review page or by hand: what to keep, and what is noise.

    A file of them goes to `cleancopy run --overrides FILE`; its form is in docs/overrides.md.

    Examples:

    - `cleancopy overrides check overrides.toml clean`: what every correction changes
    - `cleancopy run --overrides overrides.toml raw clean`: honour them
    """
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(2)


@overrides_commands.command("check")
def check_overrides(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Corrections (TOML), as --overrides takes them.")],
    clean: Annotated[
        Path | None, typer.Argument(metavar="CLEAN", help="Folder that cleancopy run has written; else clean.")
    ] = None,
    *,
    raw: Annotated[
        Path | None, typer.Option(metavar="RAW", help="Folder of the raw pages; else that of the last run.")
    ] = None,
    phrases: Phrases = None,
    skip: Skip = None,
    workers: Annotated[int, typer.Option(metavar="NUMBER", min=0, help="Worker processes; 0 for as many as help.")] = 0,
) -> int:
    """Say what every correction in a file changes.

    The documents in CLEAN that it can be about are cleaned again, with the corrections and without (nothing is
    written): for each entry the documents that it is about, and the text that comes back or goes. Entries that are
    about nothing are named, with the reason; then the exit code is 1. Without CLEAN, and where there is no folder
    clean, the file itself is checked. Texts are made again from their records; pages are read from RAW.

    Examples:

    - `cleancopy overrides check overrides.toml`
    - `cleancopy overrides check overrides.toml clean --raw raw`
    - `cleancopy overrides check --phrases house.toml overrides.toml clean`: for runs with phrases of your own
    """
    from flows.effects import effects_of, show_effects  # noqa: PLC0415 (loads the JSON Schema)

    folder = clean or Path("clean")
    for given in (clean, raw):
        if given is not None and not given.is_dir():
            raise CommandError(f"there is no folder {given}", 2)
    settings = _settings(phrases, file, skip, comments=True, folder=folder)
    overrides = overrides_of(settings)
    assert overrides is not None
    if not folder.is_dir():
        show_table(new_console(), [("entries", f"{len(overrides.entries):,}")])
        print(f"There is no folder {folder}: nothing to try them on")
        return 0
    with progress_bar("Checking"):
        effects = effects_of(settings, raw or _last_raw(folder), workers=workers)
    return show_effects(overrides, effects)


def _last_raw(clean: Path) -> Path | None:
    """The folder of raw documents of the last run, if it is known and still there."""
    from flows.catalog import Catalog, faults_named  # noqa: PLC0415

    try:
        with faults_named(str(clean)):
            raw = Catalog(str(clean), read_only=True).raw()
    except CatalogError:
        return None
    return Path(raw) if raw is not None and os.path.isdir(raw) else None


@app.command(name="report")
def make_review(
    clean: Annotated[Path, typer.Argument(help="Folder that cleancopy run has written.")] = Path("clean"),
    *,
    raw: Annotated[
        Path | None,
        typer.Option(metavar="RAW", help="Folder of raw documents; that of the last run where not given."),
    ] = None,
    sample: Annotated[
        int, typer.Option(metavar="NUMBER", min=0, help="How many documents get a page of their own, the worst first.")
    ] = SAMPLE,
    workers: Annotated[int, typer.Option(metavar="NUMBER", min=0, help="Worker processes; 0 for as many as help.")] = 0,
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

    if raw is not None and not raw.is_dir():
        raise CommandError(f"there is no folder {raw}", 2)
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


@app.command()
def rebuild(
    clean: Annotated[Path, typer.Argument(help="Folder that cleancopy run has written.")] = Path("clean"),
    *,
    raw: Annotated[
        Path | None, typer.Option(metavar="RAW", help="The raw documents: those that are unchanged need no cleaning.")
    ] = None,
    workers: Annotated[int, typer.Option(metavar="NUMBER", min=0, help="Worker processes; 0 for as many as help.")] = 0,
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

    for folder in (clean, raw):
        if folder is not None and not folder.is_dir():
            raise CommandError(f"there is no folder {folder}", 2)
    try:
        with progress_bar("Reading records"):
            rebuilt = make(clean, raw, workers=workers)
    except CatalogError as error:
        raise CommandError(str(error)) from None
    except OSError as error:
        raise CommandError(f"{shown_name(str(error.filename or clean))}: {error.strerror}") from None
    show_rebuilt(rebuilt)


def _of_pages(report: Report, *, with_raw: bool) -> list[tuple[str, str]]:
    if not report.pages and not report.words:
        return []
    if not with_raw:
        return [("of these pages, without their raw pages", f"{report.pages:,}")]
    return [
        ("of these pages, with their raw pages", f"{report.pages:,}"),
        ("words of articles found at their XPaths", f"{report.located:,} of {report.words:,}"),
    ]


def _read(file: str) -> bytes:
    if file == "-":
        return sys.stdin.buffer.read()
    try:
        return read_raw(file, None)
    except Refused as error:
        raise CommandError(f"{file}: {error}", 2) from None


@dataclass(frozen=True, slots=True)
class _Opened:
    """One document of the command line: what it is, its bytes, and the document in them."""

    kind: Kind
    raw: bytes
    unpacked: Unpacked


def _opened(file: str, kind: Kind | None, url: str | None, settings: Settings) -> _Opened:
    """The document in `file`; raises `Refused` when there is none in it, and `CommandError` when it cannot be read."""
    raw = _read(file)
    sidecar = sidecar_beside(file)
    unpacked = unpack(file, raw, read_sidecar(sidecar) if sidecar is not None else None, settings.max_bytes)
    if kind is None and ending_of(file).lower() in HANDLED:
        kind = kind_of(file)
    elif kind is None:
        kind = "page" if looks_like_page(unpacked.content) else "text"
    if url is not None:
        if kind == "text":
            raise CommandError(f"{file}: it is a text, and --url is for pages (--as page makes it one)", 2)
        unpacked = replace(unpacked, origin=replace(unpacked.origin, url=url))
    return _Opened(kind, raw, unpacked)


def _named(file: str, settings: Settings) -> str:
    """What overrides call a file: the longest name of a document that its path ends with; else just its path."""
    overrides = overrides_of(settings)
    path = f"/{os.path.abspath(file)}"
    known = overrides.documents() if overrides is not None and file != "-" else ()
    return max((name for name in known if path.endswith(f"/{name}")), key=len, default=file)


def _settings(
    phrases: Path | None,
    overrides: Path | None,
    skip: list[str] | None,
    *,
    comments: bool,
    full_text: bool = False,
    folder: Path = Path("."),
) -> Settings:
    try:
        return settings_for(
            folder, phrases=phrases, overrides=overrides, skip=skip or (), comments=comments, full_text=full_text
        )
    except RunRefused as refused:
        raise CommandError(str(refused), 2) from None


if __name__ == "__main__":
    main()
