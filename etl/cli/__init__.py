"""The command line: the steps of the pipeline for a person at a terminal.

Messages go to standard error, results to standard output, so that ``jobcenter figures --format csv > zahlen.csv``
holds figures and nothing else. Exit statuses are documented in the README and in ``etl/errors.py``.
"""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer

from etl import rechner
from etl.betriebshandbuch import reference
from etl.cli import aufbewahrung, ausblick, betrieb, freigabe, lauf, nachweis, pruefung, reihen, zahlen, zustellung
from etl.cli.ausgabe import err, plain
from etl.errors import JobcenterError

INTERRUPTED = 130
"""Exit status after Ctrl-C."""
TERMINATED = 143
"""Exit status after SIGTERM."""

app = typer.Typer(
    name="jobcenter",
    help="Statistik und Berichte eines Jobcenters nach dem SGB II: von den Falldaten zum geprüften Bericht.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)
for room in (lauf, zahlen, ausblick, pruefung, freigabe, zustellung, nachweis, aufbewahrung, reihen, betrieb):
    app.add_typer(room.commands)


@contextmanager
def explained() -> Iterator[None]:
    """Turn every failure into an exit status; nobody meets a stack trace for a mistake of theirs."""
    try:
        yield
    except JobcenterError as error:
        raise _said(error) from None
    except KeyboardInterrupt:
        err.print("Abgebrochen. Es wurde nichts halb geschrieben.")
        raise SystemExit(INTERRUPTED) from None
    except Exception as error:
        raise _unforeseen(error) from None


def _said(error: JobcenterError) -> SystemExit:
    """Print what happened, where, and what to do; return the end with its exit status."""
    try:
        err.print(f"[bold red]Fehler:[/] {plain(error.message)}", highlight=False, soft_wrap=True)
        if error.hint:
            err.print(f"[dim]→[/] {plain(error.hint)}", highlight=False, soft_wrap=True)
        err.print(f"[dim]{reference(error.abschnitt)}[/]", highlight=False, soft_wrap=True)
    except MemoryError:  # colours need memory; a stack trace instead would show what no message may hold
        sys.stderr.write(f"Fehler: {error.message}\n→ {error.hint}\n")
    return SystemExit(error.exit_status)


def _unforeseen(error: Exception) -> SystemExit:
    """Print what the machine lacks, or where in the program the error is; return the end with its exit status."""
    try:
        if lacking := rechner.explained(error):
            traceback.clear_frames(error.__traceback__)  # what the steps held is free again, enough to print a message
            return _said(lacking)
        # A library's message may quote a row, so only the kind of error and the lines of code are shown.
        frames = traceback.extract_tb(error.__traceback__)
        err.print(f"[bold red]Unerwarteter Fehler[/] ({type(error).__name__}). Bitte mit diesen Zeilen melden:")
        for frame in frames[-6:]:
            err.print(f"  {Path(frame.filename).name}:{frame.lineno} in {frame.name}", highlight=False, markup=False)
        err.print(f"[dim]{reference(JobcenterError.abschnitt)}[/]", highlight=False, soft_wrap=True)
        return SystemExit(JobcenterError.exit_status)
    except MemoryError:
        traceback.clear_frames(error.__traceback__)
        return _said(rechner.no_memory())


def main() -> None:
    """Entry point of the console script ``jobcenter``."""
    # A polite end is an end like any other: files are put away and the embedded server stops.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    with explained():
        app(standalone_mode=True)
