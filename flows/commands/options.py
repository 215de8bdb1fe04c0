"""What several commands take, and the settings that they make of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.cleaning import Settings
from flows.preparing import RunRefused, settings_for
from flows.terminal import CommandError

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
Workers = Annotated[int, typer.Option(metavar="NUMBER", min=0, help="Worker processes; 0 for as many as help.")]
Clean = Annotated[Path, typer.Argument(help="Folder that cleancopy run has written.")]


def check_there(*folders: Path | None) -> None:
    """Check that the folders that were given are there; raises `CommandError`."""
    for folder in folders:
        if folder is not None and not folder.is_dir():
            raise CommandError(f"there is no folder {folder}", 2)


def settings_of(
    phrases: Path | None,
    overrides: Path | None,
    skip: list[str] | None,
    *,
    comments: bool,
    full_text: bool = False,
    folder: Path = Path("."),
) -> Settings:
    """The settings that options ask for; raises `CommandError` when they cannot be used."""
    try:
        return settings_for(
            folder, phrases=phrases, overrides=overrides, skip=skip or (), comments=comments, full_text=full_text
        )
    except RunRefused as refused:
        raise CommandError(str(refused), 2) from None
