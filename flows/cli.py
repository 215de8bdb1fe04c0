"""The command `cleancopy`, whose commands are in `flows/commands/`. Only `run` loads Prefect."""

from __future__ import annotations

import os
import sys
from typing import Annotated, cast

import typer

from flows.commands import document, folder, overrides
from flows.commands.run import run
from flows.record import VERSION
from flows.showing import shown_name
from flows.terminal import CommandError

app = typer.Typer(
    add_completion=False,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)


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


app.command()(run)
app.command()(folder.status)
app.command()(document.clean)
app.command()(document.explain)
app.command()(folder.verify)
app.command()(folder.report)
app.command()(folder.rebuild)
corrections = typer.Typer(callback=overrides.overrides, invoke_without_command=True)
corrections.command()(overrides.check)
app.add_typer(corrections, name="overrides")


if __name__ == "__main__":
    main()
