"""The run of the flow from the command line: Prefect is set up, Ctrl-C ends it, and what came of it is shown."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import gettempdir
from types import FrameType
from typing import Final

from flows.naming import REVIEW
from flows.preparing import Options
from flows.reading import HANDLED_SAID
from flows.showing import shown_name
from flows.summary import Summary, endings, rows
from flows.terminal import CommandError, new_console, progress_bar, show_list, show_table

_STOPPED: Final = "stopped: what is clean stays so, and the next run does the rest"
_ROOM: Final = 8 << 20
"""Bytes that a new database of Prefect's takes (measured: 6 MB)."""
_FILES: Final = 16
"""Files that Prefect makes in its home, and SQLite for what it sorts, at most (measured: 4)."""
_GRACE: Final = 5.0
"""Seconds that Prefect has to end after Ctrl-C."""


def run_flow(raw: Path, clean: Path, options: Options) -> int:
    """Run the flow `clean-articles` and show what came of it; gives the exit code.

    Raises `CommandError` when the run has failed.
    """
    _check_prefect_home()
    os.environ.setdefault("PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL", "WARNING")
    os.environ.setdefault("PREFECT_SERVER_ALLOW_EPHEMERAL_MODE", "true")
    # Prefect would print a notice about its telemetry into the progress bar, and send what nobody agreed to.
    os.environ.setdefault("DO_NOT_TRACK", "1")
    # Programs look for modules in the working folder first: where that is RAW, a stranger's file would be one.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    with _stoppable(), progress_bar("Starting Prefect", then="Cleaning"):
        from httpx import TransportError  # noqa: PLC0415  (which Prefect loads)

        from flows.clean_articles import TooManySetAside, clean_articles  # noqa: PLC0415

        for handler in logging.getLogger().handlers:
            handler.addFilter(_is_not_of_a_run)
        try:
            state = clean_articles(raw, clean, **options, return_state=True)
        except TransportError as error:
            where = os.environ.get("PREFECT_API_URL") or "of this run"
            logging.raiseExceptions = False  # or Prefect would have the last word: that its log reaches no server
            print(file=sys.stderr)  # what it said before does not end its line
            raise CommandError(
                f"Prefect's server {where} no longer answers ({error}): what is clean stays so; see that it runs, and "
                "run again"
            ) from None
        except RuntimeError as error:
            if not str(error).startswith("Failed to reach API"):
                raise
            raise CommandError(
                f"cannot reach Prefect's server at {os.environ.get('PREFECT_API_URL')}: start it (prefect server "
                "start), or unset PREFECT_API_URL for a temporary one"
            ) from None
    result = state.result(raise_on_failure=False)
    if isinstance(result, Summary):
        _show_summary(result)
        if options["report"]:
            print(f"\nReview page: {shown_name((clean.resolve() / REVIEW / 'index.html').as_uri())}")
        return 0
    if isinstance(result, TooManySetAside):
        _show_summary(result.summary)
    raise CommandError(str(result))


def _check_prefect_home() -> None:
    """Without a server of one's own Prefect keeps a database in its home, and says nothing useful if it cannot."""
    if os.environ.get("PREFECT_API_URL"):
        return
    home = Path(os.environ.get("PREFECT_HOME") or "~/.prefect").expanduser()
    try:
        home.mkdir(parents=True, exist_ok=True)
        writable = os.access(home, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        name = shown_name(str(home))
        raise CommandError(f"Prefect cannot write to {name}: set PREFECT_HOME to a folder that it can write to", 2)
    # SQLite puts what it sorts and rewrites into the folder for temporary files.
    temporary = os.environ.get("TMPDIR") or gettempdir()
    for folder, variable in ((str(home), "PREFECT_HOME"), (temporary, "TMPDIR")):
        if os.path.isdir(folder) and not _has_room(folder):
            raise CommandError(
                f"no room for the database of Prefect's temporary server in {shown_name(folder)}: make some, or set "
                f"{variable} to a folder on another disk"
            )


def _has_room(folder: str) -> bool:
    there = os.statvfs(folder)
    # Some file systems have no limit to the number of files, and count none.
    return there.f_bavail * there.f_frsize >= _ROOM and (there.f_files == 0 or there.f_favail >= _FILES)


@contextmanager
def _stoppable() -> Iterator[None]:
    """Lets Ctrl-C end the program within seconds, and with one line.

    A terminal sends it to Prefect's temporary server too, for which Prefect then waits in vain. Workers end with this
    process, after the document that they hold, so nothing half-written stays.
    """
    heard = threading.Event()

    def force() -> None:
        for children in Path("/proc/self/task").glob("*/children"):
            for child in children.read_text().split():
                if b"uvicorn" in Path("/proc", child, "cmdline").read_bytes():
                    os.kill(int(child), signal.SIGTERM)
        # The progress bar hides the cursor.
        bar = "\r\x1b[2K\x1b[?25h" if os.isatty(terminal) else ""
        os.write(terminal, f"{bar}cleancopy: {_STOPPED}\n".encode())
        os._exit(130)

    def stop(number: int, frame: FrameType | None) -> None:
        if not heard.is_set():
            heard.set()
            # What Prefect says of a server that went away is for nobody any more.
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
            watchdog = threading.Timer(_GRACE, force)
            watchdog.daemon = True
            watchdog.start()
        signal.default_int_handler(number, frame)

    terminal = os.dup(2)
    before = signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if heard.is_set():
            force()
        os.close(terminal)


def _is_not_of_a_run(entry: logging.LogRecord) -> bool:
    """Keeps what the run itself logs to the server: the closing table and the error line say it here."""
    return not entry.name.startswith(("prefect.flow_runs", "prefect.task_runs"))


def _show_summary(summary: Summary) -> None:
    console = new_console()
    show_table(console, rows(summary))
    problems = [f"{shown_name(each.source)}: {shown_name(each.detail)}" for each in summary.set_aside]
    show_list("Set aside", problems)
    if not summary.documents:
        print(f"\nNo documents: {shown_name(str(summary.raw))} holds no files that can be cleaned ({HANDLED_SAID})")
    kinds = f"Not handled yet ({endings(summary.not_handled)})" if summary.not_handled else ""
    show_list(kinds, [shown_name(name) for name in summary.not_handled])
    show_list("Passed over", [f"{shown_name(name)}: {why}" for name, why in summary.passed_over])
    show_list(
        "Named otherwise, since the plain name was taken, unsafe or too long",
        [f"{shown_name(source)}: {shown_name(name)}" for source, name in summary.renamed.items()],
    )
