"""What the commands share at the terminal: errors, lists, tables and the progress bar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from flows import progress
from flows.showing import and_more

_MOST_NAMED: Final = 20


class CommandError(Exception):
    """What ends a command: one line for people, and the exit code (1 failure, 2 wrong use)."""

    def __init__(self, message: str, code: int = 1) -> None:
        """`code` becomes the exit code of the program."""
        super().__init__(message)
        self.code = code


def show_list(heading: str, lines: list[str]) -> None:
    """Lines under a heading, at most twenty of them; nothing where there are none."""
    if lines:
        print(f"\n{heading}:")
        for line in and_more(lines, _MOST_NAMED):
            print(f"  {line}")


def show_table(console: Console, lines: list[tuple[str, str]]) -> None:
    """Two columns: as a table on a terminal, else a line each, for programs."""
    if not console.is_terminal:
        for what, number in lines:
            print(f"{what}\t{number}")
        return
    table = Table(show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for what, number in lines:
        table.add_row(Text(what), Text(number))
    console.print(table)


def new_console() -> Console:
    """A console that takes no text for markup."""
    return Console(highlight=False, markup=False, emoji=False)


def print_text(console: Console, text: Text) -> None:
    """Text in its colours, where the terminal has them."""
    # Lines of an article are long: the terminal wraps them, and they stay whole where they are piped to.
    console.print(text, soft_wrap=True, end="")


@contextmanager
def progress_bar(start: str, then: str = "") -> Iterator[None]:
    """A progress bar on standard error, if that is a terminal; `then` is its name once work is reported."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=console, transient=True) as bar:
        task = bar.add_task(start, total=None)

        def listener(done: int, total: int) -> None:
            bar.update(task, description=then or start, completed=done, total=total)

        with progress.listening(listener):
            yield
