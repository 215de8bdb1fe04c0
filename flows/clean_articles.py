"""The flow `clean-articles`: raw documents in, clean articles with their records out, and what cannot be
cleaned set aside with its reason. Read `clean_articles` from top to bottom: it is the story of a run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import cast

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.states import Failed

from flows import progress
from flows.budget import MAX_MEMORY, MAX_SECONDS
from flows.cleaning import Job, Outcome, clean_job, lost, remove_moved, set_aside
from flows.naming import Place, places
from flows.preparing import Run, RunRefused, prepare
from flows.reading import MAX_BYTES, Found, RawDocument, find_documents, in_chunks
from flows.runners import processors, run_chunks
from flows.showing import and_more, in_markdown, shown_name
from flows.summary import Summary, endings, rows, sum_up

SHARD = 20_000
"""Documents that Prefect sees as one task run: each costs it some 50 ms, whatever is in it."""

_CHUNK = 64
_CHUNK_BYTES = 1 << 20
_WORTH_WORKERS = 4 << 20
"""Bytes of raw documents from which starting more than one worker process (0.5 s) pays."""

_MOST_LINES = 20
_MOST_NAMED = 1000


class TooManySetAside(RuntimeError):  # noqa: N818  (it says what happened)
    """A run that set aside more than its share of documents; `summary` is that of the complete run."""

    def __init__(self, message: str, summary: Summary) -> None:
        """The message names both shares."""
        super().__init__(message)
        self.summary = summary


@flow(name="clean-articles", persist_result=False)
def clean_articles(
    raw: Path = Path("raw"),
    clean: Path = Path("clean"),
    *,
    phrases: Path | None = None,
    skip: list[str] | None = None,
    comments: bool = True,
    full_text: bool = False,
    max_failed_share: float = 0.5,
    workers: int = 0,
    max_bytes: int = MAX_BYTES,
    max_seconds: float = MAX_SECONDS,
    max_memory: int = MAX_MEMORY,
) -> Summary:
    """Clean every text and page in the folder `raw` and write articles and records to the folder `clean`.

    Args:
        raw: Folder of scraped text and pages, searched through all its folders. Files ending in .txt, .text, .md,
            .html, .htm, .xhtml, .mhtml or .mht, each also with .gz, are cleaned, others named as not handled yet.
            Beside a page a.html, a file a.html.json may give its url and content_type.
        clean: Folder for the clean articles (a/b.txt) and their records (a/b.json). What cannot be cleaned is
            named in its folder _failed, with the reason.
        phrases: TOML file with phrases and patterns of your own, used beside those that come with cleancopy.
        skip: Noise types to leave in the text, such as caption or link.
        comments: Whether the comments of readers on pages are lifted into the metadata; they leave the text in any
            case.
        full_text: Whether the records of pages hold the text of everything that was removed, so that the visible text
            can be rebuilt from them alone; most of it (menus, teasers) otherwise stands there by its place only.
        max_failed_share: The run fails when more than this share (0 to 1) of the documents was set aside.
        workers: Worker processes; 0 for as many as help.
        max_bytes: Files over this size, in bytes, are set aside, also those that are larger once unpacked.
        max_seconds: Documents that take more CPU seconds than this to clean are set aside.
        max_memory: Documents that take more bytes of memory than this to clean are set aside.

    Returns:
        What was done, in numbers and names.

    Raises:
        RunRefused: a folder, the phrase file or a setting is wrong; nothing was done.
        TooManySetAside: more than `max_failed_share` of the documents were set aside; the rest is clean.
    """
    try:
        run = prepare(
            raw,
            clean,
            phrases=phrases,
            skip=skip or (),
            comments=comments,
            full_text=full_text,
            max_failed_share=max_failed_share,
            workers=workers,
            max_bytes=max_bytes,
            max_seconds=max_seconds,
            max_memory=max_memory,
        )
    except RunRefused as refused:
        return _failed(refused)
    found = find_raw_documents(run)
    given = places(found.sources())
    outcomes = set_aside_unreadable(found, given, run) if found.set_aside else []
    for shard in shards(found.documents, given):
        outcomes += clean_shard(shard, run)
    summary = sum_up(outcomes, found, given, raw=str(raw), clean=str(clean))
    publish(summary)
    return verdict(summary, run)


class Shard:
    """The unit of work that Prefect sees: documents, each with the place of its outputs.

    `number` of `of` shards; `before` documents of `total` were in earlier ones. A plain class on purpose:
    Prefect walks item by item through the lists and dataclasses that are handed to a task.
    """

    def __init__(
        self,
        documents: Sequence[RawDocument],
        given: Mapping[str, Place],
        *,
        number: int,
        of: int,
        before: int,
        total: int,
    ) -> None:
        """Documents, and places by source."""
        self.documents = documents
        self.given = given
        self.number = number
        self.of = of
        self.before = before
        self.total = total


@task(name="find raw documents", cache_policy=NO_CACHE, persist_result=False)
def find_raw_documents(run: Run) -> Found:
    """Every file under RAW: what can be cleaned, and what cannot and why."""
    found = find_documents(run.raw, max_bytes=run.settings.max_bytes, clean=Path(run.settings.clean))
    get_run_logger().info(
        "Found %s documents in %s",
        f"{len(found.documents) + len(found.set_aside):,}",
        shown_name(str(run.raw)),
    )
    return found


@task(name="set aside unreadable", cache_policy=NO_CACHE, persist_result=False)
def set_aside_unreadable(found: Found, given: Mapping[str, Place], run: Run) -> list[Outcome]:
    """Record what could not even be opened, and warn of it."""
    outcomes = [set_aside(run.settings, given[problem.source], problem) for problem in found.set_aside]
    _warn(outcomes)
    return outcomes


def shards(documents: Sequence[RawDocument], given: Mapping[str, Place]) -> list[Shard]:
    """The documents in few, large parts."""
    starts = range(0, len(documents), SHARD)
    return [
        Shard(
            documents[start : start + SHARD],
            given,
            number=number,
            of=len(starts),
            before=start,
            total=len(documents),
        )
        for number, start in enumerate(starts, 1)
    ]


@task(
    name="clean shard",
    task_run_name="clean shard {shard.number} of {shard.of}",
    cache_policy=NO_CACHE,
    persist_result=False,
)
def clean_shard(shard: Shard, run: Run) -> list[Outcome]:
    """Clean all documents of a shard and write their articles and records."""
    remove_moved(run.settings, {each.source: shard.given[each.source] for each in shard.documents})
    chunks = [
        [Job(document, shard.given[document.source]) for document in chunk]
        for chunk in in_chunks(shard.documents, _CHUNK, _CHUNK_BYTES)
    ]
    outcomes: list[Outcome] = []
    workers = _workers(shard, run)
    for outcome in run_chunks(clean_job, run.settings, chunks, workers=workers, lost=lost, budget=run.settings.budget):
        outcomes.append(outcome)
        progress.report(shard.before + len(outcomes), shard.total)
    _warn(outcomes)
    return outcomes


@task(name="publish summary", cache_policy=NO_CACHE, persist_result=False)
def publish(summary: Summary) -> None:
    """Leave the summary in the Prefect UI: a table, and a page of what was set aside."""
    create_table_artifact(
        key="clean-articles",
        table=[{"what": what, "number": number} for what, number in rows(summary)],
        description=f"Clean articles: {in_markdown(summary.raw)} to {in_markdown(summary.clean)}",
    )
    notes = _notes(summary)
    if notes:
        create_markdown_artifact(
            key="clean-articles-not-cleaned",
            markdown=notes,
            description="Documents that were set aside or not handled, with the reason",
        )


def verdict(summary: Summary, run: Run) -> Summary:
    """The summary, as the result of a run that succeeded; a failed state when too much was set aside."""
    log = get_run_logger()
    if summary.failed_share > run.max_failed_share:
        message = (
            f"{len(summary.set_aside):,} of {summary.documents:,} documents were set aside, "
            f"{summary.failed_share:.0%}; max_failed_share allows {run.max_failed_share:.0%}"
        )
        return _failed(TooManySetAside(message, summary))
    log.info(
        "Cleaned %s of %s documents (%s words in, %s out); %s set aside, %s files not handled yet%s",
        *(f"{number:,}" for number in (summary.cleaned, summary.documents, summary.words_in, summary.words_out)),
        f"{len(summary.set_aside):,}",
        f"{len(summary.not_handled):,}",
        f" ({endings(summary.not_handled)})" if summary.not_handled else "",
    )
    return summary


def _failed(error: Exception) -> Summary:
    """A failed state with its reason. Raising the error would do the same, with a traceback in the log.

    Prefect turns a returned state into that of the run and, for a caller in the same process, raises the
    error.
    """
    return cast("Summary", Failed(message=str(error), data=error))


def _workers(shard: Shard, run: Run) -> int:
    if run.workers:
        return run.workers
    return processors() if sum(document.size for document in shard.documents) >= _WORTH_WORKERS else 1


def _warn(outcomes: list[Outcome]) -> None:
    problems = sorted(
        (outcome.set_aside for outcome in outcomes if outcome.set_aside), key=lambda problem: problem.source
    )
    lines = [f"Set aside: {shown_name(problem.source)}: {shown_name(problem.detail)}" for problem in problems]
    for line in and_more(lines, _MOST_LINES):
        get_run_logger().warning(line)


def _notes(summary: Summary) -> str:
    parts = []
    if summary.set_aside:
        lines = [
            f"| {in_markdown(problem.source)} | {problem.reason} | {in_markdown(problem.detail)} |"
            for problem in summary.set_aside
        ]
        parts += ["## Set aside", "", "| source | reason | detail |", "| --- | --- | --- |"]
        parts += [*and_more(lines, _MOST_NAMED), ""]
    if summary.not_handled:
        parts += ["## Not handled yet", ""]
        parts += [*and_more([f"- {in_markdown(name)}" for name in summary.not_handled], _MOST_NAMED), ""]
    if summary.renamed:
        lines = [f"- {in_markdown(source)}: {in_markdown(name)}" for source, name in summary.renamed.items()]
        parts += ["## Named otherwise, since the plain name was taken, unsafe or too long", ""]
        parts += [*and_more(lines, _MOST_NAMED), ""]
    return "\n".join(parts)
