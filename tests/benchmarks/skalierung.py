"""How the cost of a delivery grows with its persons: ``python tests/benchmarks/skalierung.py [PERSONS ...]``.

Three steps per size, each in a fresh process: inventing the delivery (40 months, Parquet), archiving it, and all
figures of the last 36 months (the SQL part: no warehouse, no report). Wall seconds mean little on a machine that has
other work to do, CPU seconds mean more; the last column stays the same where the cost is linear. The target of the
figures is 5 s of wall time for 18,000 persons on two quiet cores.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from etl.demo import DemoRequest, generate
from etl.extract import extract
from etl.extract.archive import open_archive
from etl.figures import available_months, compute_figures
from etl.monat import Monat

SIZES = (18_000, 180_000, 1_300_000)
DELIVERED, COUNTED = 40, 36
"""Months of a delivery, and those of it whose figures are computed."""


@dataclass(frozen=True)
class Measured:
    """One step: seconds of wall time and of CPU, peak memory of its process in MB, and what it made (rows, cells)."""

    seconds: float
    cpu: float
    megabytes: float
    made: int


def measured(step: str, folder: Path, persons: int) -> Measured:
    """Run a step in a process of its own."""
    command = [sys.executable, __file__, "--step", step, "--folder", str(folder), str(persons)]
    return Measured(**json.loads(subprocess.run(command, check=True, capture_output=True).stdout))


def watched(step: Callable[[Path, int], int], folder: Path, persons: int) -> Measured:
    """Run a step in this process."""
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    made = step(folder, persons)
    after = resource.getrusage(resource.RUSAGE_SELF)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Measured(time.monotonic() - start, cpu, after.ru_maxrss / 1024, made)


def deliver(folder: Path, persons: int) -> int:
    """Invent the delivery; return the bytes of its files."""
    path = generate(DemoRequest(Monat(2026, 8), monate=DELIVERED, personen=persons), folder / "lieferung")
    return sum(file.stat().st_size for file in path.iterdir())


def archive(folder: Path, _persons: int) -> int:
    """Archive it; return its rows."""
    archived = extract(folder / "lieferung", archive_root=folder / "archiv", key_file=folder / "key")
    return sum(table.rows for table in archived.tables.values())


def count(folder: Path, _persons: int) -> int:
    """Compute all figures of the last 36 months; return the number of cells."""
    (reference,) = (path.relative_to(folder / "archiv") for path in (folder / "archiv").glob("*/*"))
    archived = open_archive(folder / "archiv", str(reference))
    return int(compute_figures(archived, available_months(archived)[-COUNTED:]).num_rows)


STEPS: Mapping[str, tuple[Callable[[Path, int], int], int, str]] = {
    "deliver": (deliver, DELIVERED, "bytes"),
    "archive": (archive, DELIVERED, "rows"),
    "figures": (count, COUNTED, "cells"),
}
"""The steps in order: what is done, for how many months, and what of it is counted."""


def scaling(persons: int, folder: Path) -> Table:
    """Measure every step for one number of persons."""
    table = Table(title=f"{persons:,} persons; {os.cpu_count()} cores, load before {os.getloadavg()[0]:.1f}")
    for title in ("step", "seconds", "CPU s", "MB", "made", "CPU µs per person and month"):
        table.add_column(title, justify="right")
    for name, (_, months, unit) in STEPS.items():
        found = measured(name, folder, persons)
        share = found.cpu / persons / months * 1e6
        numbers = (f"{found.seconds:.1f}", f"{found.cpu:.1f}", f"{found.megabytes:.0f}", f"{found.made:,} {unit}")
        table.add_row(name, *numbers, f"{share:.2f}")
    return table


def main() -> None:
    """Measure each size and print it at once: the largest takes long."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("persons", type=int, nargs="*", default=SIZES)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="needs 3 KB per person")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        print(json.dumps(asdict(watched(STEPS[arguments.step][0], arguments.folder, arguments.persons[0]))))
        return
    for persons in arguments.persons:
        folder = Path(tempfile.mkdtemp(prefix="skalierung-", dir=arguments.folder))
        try:
            Console().print(scaling(persons, folder))
        finally:
            shutil.rmtree(folder)


if __name__ == "__main__":
    main()
