"""The flow `clean-articles`: raw documents in, clean articles with their records out, and what cannot be
cleaned set aside with its reason. Read `clean_articles` from top to bottom: it is the story of a run.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from prefect import flow, get_run_logger, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas import State
from prefect.events import emit_event
from prefect.runtime import flow_run
from prefect.states import Failed

from flows import progress
from flows.books import Books, keeping
from flows.budget import MAX_CHARACTERS, MAX_DEPTH, MAX_ELEMENTS, MAX_MEMORY, MAX_SECONDS
from flows.catalog import CatalogError, RunRow
from flows.cleaning import TEMPORARY, Job, Outcome, clean_job, load, lost, remove_gone, remove_moved, set_aside
from flows.naming import Place
from flows.preparing import Gone, Run, Runner, RunRefused, prepare
from flows.reading import MAX_BYTES, Found, RawDocument, find_documents, in_chunks, kind_of
from flows.review import ReportRefused
from flows.runners import RunnerError, processors, run_chunks
from flows.showing import and_more, in_markdown, shown_name
from flows.summary import Summary, endings, rows
from flows.usual import unusual

SHARD = 20_000
SHARD_BYTES = 1 << 30
"""Documents, and bytes of them, that Prefect sees as one task run. Each costs it some 50 ms, and its worker processes
1.4 s until they have loaded what they clean pages with; what a run that is killed has done of its last one is done
again, a minute or two of work."""

SHARD_ON_DASK = 1_000
"""The same on Dask, where shards are shared out among machines."""

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
    overrides: Path | None = None,
    skip: list[str] | None = None,
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
) -> Summary:
    """Clean the texts and pages in the folder `raw` and write articles and records to the folder `clean`.

    What an earlier run has cleaned, with the same cleaners and settings, and has not changed since is skipped.

    Args:
        raw: Folder of scraped text and pages, searched through all its folders. Files ending in .txt, .text, .md,
            .html, .htm, .xhtml, .mhtml or .mht, each also with .gz, are cleaned, others named as not handled yet.
            Beside a page a.html, a file a.html.json may give its url and content_type.
        clean: Folder for the clean articles (a/b.txt) and their records (a/b.json). What cannot be cleaned is
            named in its folder _failed, with the reason.
        phrases: TOML file with phrases and patterns of your own, used beside those that come with cleancopy.
        overrides: TOML file of corrections, made in the review page or by hand: what to keep that would be removed, and
            what to remove that would stay, in one document, on one site or in one language. Where it changes, the
            documents that it can concern are cleaned again.
        skip: Noise types to leave in the text, such as caption or link.
        comments: Whether the comments of readers on pages are lifted into the metadata; they leave the text in any
            case.
        full_text: Whether the records of pages hold the text of everything that was removed, so that the visible text
            can be rebuilt from them alone; most of it (menus, teasers) otherwise stands there by its place only.
        max_failed_share: The run fails when more than this share (0 to 1) of the documents was set aside.
        workers: Worker processes; 0 for as many as help.
        max_bytes: Files over this size, in bytes, are set aside, also those that are larger once unpacked.
        max_characters: Texts, and pages with their markup, that are longer than this are set aside.
        max_elements: Pages with more elements than this are set aside.
        max_depth: Pages whose elements are nested deeper than this are set aside; at most 2048.
        max_seconds: Documents that take more CPU seconds than this to clean are set aside.
        max_memory: Documents that take more bytes of memory than this to clean are set aside.
        force: Whether documents that are clean already are cleaned again.
        gone: Whether to keep or to remove the clean articles and records of raw documents that are gone.
        runner: Where shards are cleaned: here, in worker processes on this machine, or on a Dask cluster.
        dask_address: Address of the scheduler of a Dask cluster, such as tcp://10.0.0.5:8786, whose workers can reach
            both folders; without one the runner dask starts a cluster on this machine.
        report: Whether to make the review page at the end, the static site in the folder _review of `clean`.

    Returns:
        What was done, in numbers and names.

    Raises:
        RunRefused: a folder, the phrase file, the overrides or a setting is wrong; nothing was done.
        TooManySetAside: more than `max_failed_share` of the documents were set aside; the rest is clean.
    """
    try:
        run = prepare(
            raw,
            clean,
            phrases=phrases,
            overrides=overrides,
            skip=skip or (),
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
        with keeping(os.path.realpath(raw), run.settings, flow_run.get_name()) as books, _loaded_code_at_rest():
            found = find_raw_documents(run, books)
            refuse_to_remove_all(found, run, books)
            for outcomes in cleaned_shards(shards(books, run), run):
                progress.report(*books.record(outcomes))
            account_for_gone(found, run, books)
            summary, row, earlier = books.close(found, max_failed_share)
        if run.report:
            make_review_page(run)
    except (RunRefused, CatalogError, RunnerError, ReportRefused) as refused:
        return _failed(refused)
    except OSError as error:
        # A full disk, a folder that went: the documents are fine, and what was done of them is in the catalog.
        name = shown_name(str(error.filename or clean))
        return _failed(RunRefused(f"{name}: {error.strerror}; mend that and run again: what is done stays done"))
    publish(summary)
    tell_if_unusual(row, earlier, summary)
    return verdict(summary, run)


@contextmanager
def _loaded_code_at_rest() -> Iterator[None]:
    """Within this context the garbage collector leaves alone what is there already.

    That is Prefect, for the most part: to go through it takes 0.3 s, and long lists of documents have it done often.
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


class Shard:
    """The unit of work that Prefect sees: documents, each with the place of its outputs.

    `number` of `of` shards; `before` documents of `total` were in earlier ones. `lock` is the descriptor that worker
    processes on this machine hold, so that no other run begins before they have ended. A plain class on purpose:
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
        lock: int | None,
    ) -> None:
        """Documents, and places by source."""
        self.documents = documents
        self.given = given
        self.number = number
        self.of = of
        self.before = before
        self.total = total
        self.lock = lock


def _is_fault(_task: object, _run: object, state: State[object]) -> bool:
    """Whether a task failed because a file or folder could not be read or written, which may pass."""
    return isinstance(state.result(raise_on_failure=False), OSError)


_AGAIN: Final[dict[str, Any]] = {"retries": 2, "retry_delay_seconds": [1, 10], "retry_condition_fn": _is_fault}


@task(name="find raw documents", cache_policy=NO_CACHE, persist_result=False, **_AGAIN)
def find_raw_documents(run: Run, books: Books) -> Found:
    """Every file under RAW: what can be cleaned, and what cannot and why. What cannot even be opened is set aside."""
    found = find_documents(run.raw, max_bytes=run.settings.max_bytes, clean=Path(run.settings.clean))
    documents = len(found.documents) + len(found.set_aside)
    problems = books.enter(found, force=run.force)
    _warn([set_aside(run.settings, place, problem) for problem, place in problems])
    books.record_unopened(problems)
    get_run_logger().info("Found %s documents in %s", f"{documents:,}", shown_name(str(run.raw)))
    return found


def refuse_to_remove_all(found: Found, run: Run, books: Books) -> None:
    """Raise `RunRefused` where RAW holds nothing any more: a disk that is not mounted looks like that, too."""
    if run.gone == "remove" and (missing := books.all_gone(found)):
        raise RunRefused(
            f"{shown_name(str(run.raw))} holds none of its {missing:,} documents any more, so nothing is removed: see "
            "whether its disk is mounted; without gone=remove (--gone remove) the run notes them as gone"
        )


def shards(books: Books, run: Run) -> Iterator[Shard]:
    """What is left to do, in few, large parts, each read from the books when its turn comes."""
    here = run.runner == "here"
    parts = books.parts(SHARD if here else SHARD_ON_DASK, SHARD_BYTES)
    total = sum(count for _, _, count in parts)
    before = 0
    for number, (first, last, count) in enumerate(parts, 1):
        lock = books.lock if here else None
        yield Shard(*books.part(first, last), number=number, of=len(parts), before=before, total=total, lock=lock)
        before += count


def cleaned_shards(waiting: Iterable[Shard], run: Run) -> Iterator[list[Outcome]]:
    """What became of the documents of each shard, in the order in which shards are done."""
    if run.runner == "here":
        for shard in waiting:
            yield clean_shard(shard, run)
        return
    from flows.cluster import on_dask  # noqa: PLC0415 (Dask is an extra)

    # Each thread of the cluster has a shard in hand, which one process cleans.
    each = ({"shard": shard, "run": replace(run, workers=1)} for shard in waiting)
    with on_dask(run.dask_address, folders=[run.raw, run.settings.clean]) as run_on_dask:
        yield from run_on_dask(clean_shard, each)


@task(
    name="clean shard",
    task_run_name="clean shard {shard.number} of {shard.of}",
    cache_policy=NO_CACHE,
    persist_result=False,
    **_AGAIN,
)
def clean_shard(shard: Shard, run: Run) -> list[Outcome]:
    """Clean all documents of a shard and write their articles and records."""
    chunks = [
        [Job(document, shard.given[document.source]) for document in chunk]
        for chunk in in_chunks(shard.documents, _CHUNK, _CHUNK_BYTES)
    ]
    outcomes: list[Outcome] = []
    workers = _workers(shard, run)
    kinds = frozenset(kind_of(each.source) for each in shard.documents)
    cleaned = run_chunks(
        clean_job,
        run.settings,
        chunks,
        workers=workers,
        lost=lost,
        budget=run.settings.budget,
        prepare=partial(load, kinds=kinds),
        inherited=shard.lock,
    )
    for outcome in cleaned:
        outcomes.append(outcome)
        progress.report(shard.before + len(outcomes), shard.total)
    # Only now: of what cannot be read this time, the earlier article stays where it is.
    told = (each.source for each in outcomes if each.set_aside is None or each.set_aside.reason not in TEMPORARY)
    remove_moved(run.settings, {source: shard.given[source] for source in told})
    problems = sum(outcome.set_aside is not None for outcome in outcomes)
    get_run_logger().info(
        "Shard %s of %s: %s documents, %s set aside", shard.number, shard.of, f"{len(outcomes):,}", f"{problems:,}"
    )
    _warn(outcomes)
    return outcomes


@task(name="account for gone", cache_policy=NO_CACHE, persist_result=False, **_AGAIN)
def account_for_gone(found: Found, run: Run, books: Books) -> None:
    """Enter what is no longer in RAW, and remove what was made of it where that is wanted."""
    gone = books.strike_gone(found)
    if run.gone == "remove":
        for source, place in gone:
            remove_gone(run.settings, source, place)


@task(name="make review page", cache_policy=NO_CACHE, persist_result=False, **_AGAIN)
def make_review_page(run: Run) -> None:
    """Make the static site that shows what was removed, and link to it in the Prefect UI."""
    from flows.review.report import make_report  # noqa: PLC0415 (what only this task needs takes a while to load)

    made = make_report(Path(run.settings.clean), workers=run.workers)
    get_run_logger().info("Review page: %s", shown_name(made.index.as_uri()))
    create_link_artifact(
        key="clean-articles-review", link=made.index.as_uri(), description="The review page: what was removed, and why"
    )


@task(name="publish summary", cache_policy=NO_CACHE, persist_result=False)
def publish(summary: Summary) -> None:
    """Leave the summary in the Prefect UI: a table, and a page of what was set aside."""
    create_table_artifact(
        key="clean-articles",
        table=[{"what": what, "number": number} for what, number in rows(summary)],
        description=f"Clean articles: {in_markdown(summary.raw)} to {in_markdown(summary.clean)}",
    )
    create_link_artifact(
        key="clean-articles-output", link=Path(summary.clean).as_uri(), description="Clean articles and their records"
    )
    notes = _notes(summary)
    if notes:
        create_markdown_artifact(
            key="clean-articles-not-cleaned",
            markdown=notes,
            description="Documents that were set aside or not handled, with the reason",
        )


def tell_if_unusual(row: RunRow, earlier: Sequence[RunRow], summary: Summary) -> None:
    """Tell the log and, by an event, Prefect's automations when the run was not like those before it."""
    found = unusual(row, earlier)
    if found:
        get_run_logger().warning("Unusual: %s", "; ".join(found))
        emit_event(
            event="cleancopy.run.unusual",
            resource={
                "prefect.resource.id": f"cleancopy.clean.{summary.clean}",
                "prefect.resource.name": summary.clean,
            },
            payload={
                "unusual": found,
                "failure_share": row.failure_share,
                "removal_share": row.removal_share,
                "documents": row.documents,
                "cleaned": row.cleaned,
            },
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
        "Cleaned %s of %s documents (%s words in, %s out); %s unchanged, %s set aside, %s files not handled yet%s",
        *(f"{number:,}" for number in (summary.cleaned, summary.documents, summary.words_in, summary.words_out)),
        *(f"{number:,}" for number in (summary.unchanged, len(summary.set_aside))),
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
