"""The command `run`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.budget import MAX_CHARACTERS, MAX_DEPTH, MAX_ELEMENTS, MAX_MEMORY, MAX_SECONDS
from flows.catalog import CatalogError, locked
from flows.commands.options import Comments, FullText, OverridesFile, Phrases, Skip
from flows.preparing import Gone, Options, Runner, RunRefused, prepare
from flows.reading import HANDLED_SAID, MAX_BYTES
from flows.showing import shown_name
from flows.starting import run_flow
from flows.terminal import CommandError


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
