"""Speed and memory of the main commands, each as a whole process in a fresh home: ``python tests/benchmarks/bench.py``.

Nothing here passes or fails: machines differ. Compare the ratios, and the same machine before and after a change. The
targets are those of the foundation: two cores, 18,000 persons, 40 months.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

JOBCENTER = Path(sys.executable).with_name("jobcenter")


@dataclass(frozen=True)
class Measured:
    """One command: wall time in seconds, peak memory of the process and its children together in MB."""

    seconds: float
    megabytes: float


def measure(home: Path, *arguments: str) -> Measured:
    """Run a command and watch it."""
    start, peak = time.monotonic(), 0
    process = psutil.Popen(
        [JOBCENTER, *arguments], env={**os.environ, "JOBCENTER_HOME": str(home)}, stdout=subprocess.DEVNULL
    )
    while process.poll() is None:
        peak = max(peak, _memory(process))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"jobcenter {' '.join(arguments)} ended with {process.returncode}")
    return Measured(time.monotonic() - start, peak / 2**20)


def _memory(process: psutil.Popen) -> int:
    """Proportional memory (shared pages counted once) of a process and its children; PostgreSQL is one of them."""
    total = 0
    try:
        for one in [process, *process.children(recursive=True)]:
            total += one.memory_full_info().pss
    except psutil.NoSuchProcess:
        pass
    return total


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--persons", type=int, default=18_000)
    persons = parser.parse_args().persons
    table = Table("command", "seconds", "target", "MB", title=f"{persons} persons, 40 months")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        delivery = str(home / "demo" / f"DEMO-2026-08-M40-S1-P{persons}")
        commands = (
            ("demo", 90, ("demo", "--persons", str(persons))),
            ("run, archived", 20, ("run", "--month", "2026-08", "--delivery", delivery)),
            ("backfill 36", 60, ("backfill", "--from", "2023-09", "--to", "2026-08", "--delivery", delivery)),
            ("figures 36", 0, ("figures", "--from", "2023-09", "--to", "2026-08", "--format", "csv")),
        )
        for name, target, arguments in commands:
            # A backfill into an empty warehouse: the one of the demo would be a repetition.
            place = home if name != "backfill 36" else Path(folder) / "leer"
            measured = measure(place, *arguments)
            table.add_row(name, f"{measured.seconds:.1f}", f"< {target}" if target else "", f"{measured.megabytes:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
