"""Folders for tests: written from a dict, cleaned without Prefect, read back as a dict."""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path

from flows.cleaning import Job, Outcome, Settings, clean_job, set_aside
from flows.naming import CATALOG, places
from flows.preparing import settings_for
from flows.reading import find_documents

PROJECT = Path(__file__).resolve().parent.parent
PAGES = PROJECT / "raw" / "pages"

ARTICLE = (
    "The council of Velm voted on Tuesday to reopen the old ferry line across the bay.\n\n"
    "ALSO READ: Harbour museum finds a lost map\n\n"
    "Mayor Ilse Varga said the first boat would leave before the end of the month.\n"
)
BODY = (
    "The council of Velm voted on Tuesday to reopen the old ferry line across the bay.\n\n"
    "Mayor Ilse Varga said the first boat would leave before the end of the month.\n"
)


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files (text as UTF-8) into `folder`."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def prefect_at(home: Path) -> dict[str, str]:
    """The environment of a program that knows nothing of Prefect's settings here and keeps its own in `home`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return environment | {"PREFECT_HOME": str(home), "PYTHONPATH": str(PROJECT)}


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under `folder` with its content, but for the catalog, which says when it was written."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and folder / CATALOG not in path.parents
    }


def clean_folder(
    raw: Path, clean: Path, *, skip: Collection[str] = (), comments: bool = True, full_text: bool = False
) -> dict[str, Outcome]:
    """What the flow does with the documents of a folder, without Prefect."""
    clean.mkdir(parents=True, exist_ok=True)
    settings: Settings = settings_for(clean, skip=skip, comments=comments, full_text=full_text)
    found = find_documents(raw)
    given = places(found.sources())
    outcomes = [clean_job(settings, Job(document, given[document.source])) for document in found.documents]
    outcomes += [set_aside(settings, given[problem.source], problem) for problem in found.set_aside]
    return {outcome.source: outcome for outcome in outcomes}
