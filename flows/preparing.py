"""What must be right before a run starts: folders, phrases, settings. A wrong one is refused here, in a
sentence that says what to do, before a document is read or a server started.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypedDict, get_args

from cleaners import CLEANERS, Overrides, OverridesError, PhraseBook, PhraseError, fingerprint
from cleaners.page.cleaning import EXTRACTOR
from cleaners.users_toml import SIZE_MAX
from flows.budget import (
    LEAST_MEMORY,
    LEAST_SECONDS,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_MEMORY,
    MAX_SECONDS,
    MOST_MEMORY,
    MOST_SECONDS,
)
from flows.cleaning import Settings, phrase_book, read_overrides
from flows.reading import HANDLED_SAID, MAX_BYTES, Refused, read_raw
from flows.record import SCHEMA, VERSION
from flows.showing import shown_name

Gone = Literal["keep", "remove"]
"""What becomes of the outputs of raw documents that are gone."""

Runner = Literal["here", "dask"]
"""Where shards are cleaned."""


_BYTES_MAX = 4 * SIZE_MAX
"""Most bytes of a settings file: a character takes up to four of them."""


class RunRefused(ValueError):  # noqa: N818  (it says what happened to the run)
    """A run that cannot start; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run that can start: where from, with what settings, and what counts as failure.

    `workers` is 0 where the size of the run decides; with `force` documents that are clean already are cleaned again;
    `gone` says what becomes of the outputs of raw documents that are gone. Shards are cleaned `here` or on Dask, on the
    cluster at `dask_address` or (None) one of its own. With `report` the review page is made at its end.
    """

    raw: Path
    settings: Settings
    max_failed_share: float
    workers: int
    force: bool
    gone: Gone
    runner: Runner
    dask_address: str | None
    report: bool


class Options(TypedDict):
    """What can be set for a run, as the flow and the command line take it."""

    phrases: Path | None
    overrides: Path | None
    skip: list[str]
    comments: bool
    full_text: bool
    max_failed_share: float
    workers: int
    max_bytes: int
    max_characters: int
    max_elements: int
    max_depth: int
    max_seconds: float
    max_memory: int
    force: bool
    gone: Gone
    runner: Runner
    dask_address: str | None
    report: bool


def prepare(
    raw: Path,
    clean: Path,
    *,
    phrases: Path | None = None,
    overrides: Path | None = None,
    skip: Collection[str] = (),
    comments: bool = True,
    full_text: bool = False,
    max_failed_share: float = 0.5,
    workers: int = 0,
    max_bytes: int = MAX_BYTES,
    max_characters: int = MAX_CHARACTERS,
    max_elements: int = MAX_ELEMENTS,
    max_depth: int = MAX_DEPTH,
    max_seconds: float = MAX_SECONDS,
    max_memory: int = MAX_MEMORY,
    force: bool = False,
    gone: Gone = "keep",
    runner: Runner = "here",
    dask_address: str | None = None,
    report: bool = False,
) -> Run:
    """Check everything that a run needs, and make the folder `clean`.

    Raises `RunRefused`.
    """
    if not 0 <= max_failed_share <= 1:
        raise RunRefused(f"max_failed_share is a share from 0 to 1, not {max_failed_share}")
    if workers < 0:
        raise RunRefused(f"workers is 0 (as many as help) or a number of processes, not {workers}")
    if max_bytes < 1:
        raise RunRefused(f"max_bytes is a size in bytes from 1 up, not {max_bytes}")
    if max_characters < 1:
        raise RunRefused(f"max_characters is a number of characters from 1 up, not {max_characters}")
    if max_elements < 1:
        raise RunRefused(f"max_elements is a number of elements from 1 up, not {max_elements}")
    if not 1 <= max_depth <= MAX_DEPTH:
        raise RunRefused(f"max_depth is a number of elements from 1 to {MAX_DEPTH}, not {max_depth}")
    if not LEAST_SECONDS <= max_seconds <= MOST_SECONDS:
        seconds = f"{LEAST_SECONDS:g} to {MOST_SECONDS:.0f}"
        raise RunRefused(f"max_seconds is a number of CPU seconds from {seconds}, not {max_seconds}")
    if not LEAST_MEMORY <= max_memory <= MOST_MEMORY:
        raise RunRefused(f"max_memory is a size in bytes from {LEAST_MEMORY} to {MOST_MEMORY}, not {max_memory}")
    if gone not in get_args(Gone):
        raise RunRefused(f"gone is keep or remove, not {shown_name(gone)}")
    if runner not in get_args(Runner):
        raise RunRefused(f"runner is here or dask, not {shown_name(runner)}")
    if dask_address is not None and runner != "dask":
        raise RunRefused("dask_address is for the runner dask: --runner dask --dask-address tcp://HOST:PORT")
    if runner == "dask":
        from flows.cluster import check_installed  # noqa: PLC0415 (which needs this module)

        check_installed()
    check_folders(raw, clean)
    settings = settings_for(
        clean,
        phrases=phrases,
        overrides=overrides,
        skip=skip,
        comments=comments,
        full_text=full_text,
        max_bytes=max_bytes,
        max_characters=max_characters,
        max_elements=max_elements,
        max_depth=max_depth,
        max_seconds=max_seconds,
        max_memory=max_memory,
    )
    return Run(raw, settings, max_failed_share, workers, force, gone, runner, dask_address, report)


def check_folders(raw: Path, clean: Path) -> None:
    """Check that `raw` can be read and `clean` written without harm to `raw`, and make `clean`.

    Raises `RunRefused`.
    """
    if not raw.exists():
        raise RunRefused(
            f"there is no folder {_name(raw)}: put scraped text or pages ({HANDLED_SAID}) into it, "
            "or name the folder that holds it"
        )
    if not raw.is_dir():
        raise RunRefused(f"{_name(raw)} is a file, not a folder: clean one document with cleancopy clean FILE")
    if clean.exists() and not clean.is_dir():
        raise RunRefused(f"{_name(clean)} is a file: name a folder for the clean articles")
    if Path(os.path.realpath(raw)).is_relative_to(os.path.realpath(clean)):
        raise RunRefused(
            f"raw ({_name(raw)}) lies in clean ({_name(clean)}): raw documents would be overwritten; "
            "name another folder for the clean articles"
        )
    try:
        clean.mkdir(parents=True, exist_ok=True)
        os.listdir(raw)
    except OSError as error:
        raise RunRefused(f"{shown_name(str(error.filename))}: {error.strerror}") from None


def settings_for(
    clean: Path,
    *,
    phrases: Path | None = None,
    overrides: Path | None = None,
    skip: Collection[str] = (),
    comments: bool = True,
    full_text: bool = False,
    max_bytes: int = MAX_BYTES,
    max_characters: int = MAX_CHARACTERS,
    max_elements: int = MAX_ELEMENTS,
    max_depth: int = MAX_DEPTH,
    max_seconds: float = MAX_SECONDS,
    max_memory: int = MAX_MEMORY,
) -> Settings:
    """The settings of every document, with the user's phrase file and the overrides read and checked.

    Raises `RunRefused`.
    """
    known = [*(cleaner.name for cleaner in CLEANERS), EXTRACTOR]
    unknown = sorted(set(skip) - set(known))
    if unknown:
        raise RunRefused(f"there is no noise type {', '.join(map(shown_name, unknown))}: there are {', '.join(known)}")
    text = _text(phrases, "phrase file") if phrases is not None else None
    name = phrases.name if phrases is not None else "phrases"
    said = _text(overrides, "overrides file") if overrides is not None else None
    said_in = overrides.name if overrides is not None else "overrides"
    chosen = tuple(sorted(set(skip)))
    of_result = fingerprint(skip=chosen, book=_book(text, name), comments=comments, overrides=_overrides(said, said_in))
    return Settings(
        clean=os.path.realpath(clean),
        fingerprint=_fingerprint(of_result, full_text=full_text),
        max_bytes=max_bytes,
        skip=chosen,
        phrases=text,
        phrases_name=name,
        overrides=said,
        overrides_name=said_in,
        comments=comments,
        full_text=full_text,
        max_characters=max_characters,
        max_elements=max_elements,
        max_depth=max_depth,
        max_seconds=max_seconds,
        max_memory=max_memory,
    )


def _fingerprint(of_result: str, *, full_text: bool) -> str:
    """What a record depends on besides the raw document: what the result does, and what the record holds of it."""
    return hashlib.sha256(json.dumps([of_result, full_text, SCHEMA, VERSION]).encode()).hexdigest()


def _book(text: str | None, name: str) -> PhraseBook:
    try:
        return phrase_book(text, name)
    except PhraseError as error:
        raise RunRefused(f"phrase file {shown_name(str(error))}") from None


def _overrides(text: str | None, name: str) -> Overrides | None:
    try:
        return None if text is None else read_overrides(text, name)
    except OverridesError as error:
        raise RunRefused(f"overrides file {shown_name(str(error))}") from None


def _text(path: Path, what: str) -> str:
    """The text of a settings file; errors call it `what`."""
    try:
        content = read_raw(str(path), _BYTES_MAX)
    except Refused as refused:
        raise RunRefused(f"{what} {_name(path)}: {refused}") from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise RunRefused(f"{what} {_name(path)}:{line}: it is not UTF-8") from None


def _name(path: Path) -> str:
    return shown_name(str(path))
