"""What a command shows: results on standard output, everything said about them on standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from etl.cli.optionen import TableFormat
from etl.zahlen import zahl

out = Console(width=None if sys.stdout.isatty() else 120)


err = Console(stderr=True)


T = TypeVar("T")


ON_SCREEN = 60
"""Records of a figure that a terminal shows; files hold all."""


class Show:
    """Shows how far a step is."""

    def __init__(self, progress: Progress, title: str) -> None:
        self._progress = progress
        self._title = title
        self._task = progress.add_task(title, total=None)

    def parts(self, name: str, done: int, of: int) -> None:
        """Report parts of a countable whole."""
        self._progress.update(self._task, completed=done, total=of, description=f"{self._title}: {name}")

    def fraction(self, name: str, done: float) -> None:
        """Report a share between 0 and 1."""
        self._progress.update(self._task, completed=done, total=1.0, description=f"{self._title}: {name}")

    def finish(self) -> None:
        """Leave the title and a full bar."""
        self._progress.update(self._task, completed=1, total=1, description=self._title)


def step(title: str, work: Callable[[Show], T]) -> T:
    """Run one step under a progress bar; without a terminal one line says that it is done."""
    with Progress(
        SpinnerColumn(finished_text="[green]✓"),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=err,
        disable=not err.is_terminal,
    ) as progress:
        show = Show(progress, title)
        result = work(show)
        show.finish()
    if not err.is_terminal:
        err.print(f"✓ {title}", highlight=False)
    return result


def show_rows(
    columns: Sequence[str],
    rows: Sequence[Mapping[str, object]],
    table_format: TableFormat,
    output: Path | None,
    most: int | None = None,
) -> None:
    """Show the ``columns`` of rows as a table for people, or write them as CSV or JSON."""
    from etl import listing

    if table_format is TableFormat.table and output is None:
        out.print(listing.rows_as_table(columns, rows, most), highlight=False)
        return
    as_text = listing.rows_as_json if table_format is TableFormat.json else listing.rows_as_csv
    write(as_text(columns, rows), output)


def write(text: str, output: Path | None) -> None:
    """Write a result to a file, or to standard output."""
    from etl.files import write_atomically

    if output is None:
        sys.stdout.write(text)
    else:
        write_atomically(output, text.encode("utf-8"))
        err.print(f"Geschrieben: {output}", highlight=False, soft_wrap=True)


def show_files(files: list[str]) -> None:
    """List the files a command has written."""
    out.print("\nDateien:")
    for file in files:
        out.print(f"  {file}", highlight=False, soft_wrap=True)


count = zahl
"""Write a count the German way: ``1.234``."""


def plain(text: str) -> str:
    """Keep brackets of a message from being read as markup."""
    from rich.markup import escape

    return escape(text)
