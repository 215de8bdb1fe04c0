"""The commands about corrections: `overrides check`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from flows.catalog import CatalogError
from flows.cleaning import overrides_of
from flows.commands.options import Phrases, Skip, Workers, check_there, settings_of
from flows.terminal import new_console, progress_bar, show_table


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


def check(
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
    workers: Workers = 0,
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
    check_there(clean, raw)
    settings = settings_of(phrases, file, skip, comments=True, folder=folder)
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
