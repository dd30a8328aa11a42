"""Speed and memory, each step as a whole process in a fresh home: ``python tests/benchmarks/bench.py [PART …]``.

Parts: ``commands`` (the main commands) and ``validation`` (rules, findings, and plain Great Expectations beside them).
Nothing here passes or fails: machines differ. Compare the ratios, and the same machine before and after a change. The
targets are for two idle cores, 18,000 persons, 40 months. On a machine that does other work too the seconds say little;
``CPU`` is what the step itself used (of PostgreSQL only where the step starts it), and the load is printed.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from etl import pipeline
from etl.demo import DemoRequest, generate
from etl.extract.archive import open_archive
from etl.monat import Monat
from etl.settings import Settings
from etl.warehouse.embedded import running

sys.path.insert(0, str(Path(__file__).parents[1]))  # as pytest does
from benchmarks import pruefung

JOBCENTER = Path(sys.executable).with_name("jobcenter")
MONTHS = 40


@dataclass(frozen=True)
class Measured:
    """One step: wall time and processor time in seconds, peak memory in MB, children included."""

    seconds: float
    cpu: float
    megabytes: float


def measure(command: Sequence[str | Path], **environment: str) -> Measured:
    """Run a command and watch it."""
    start, peak, cpu = time.monotonic(), 0, 0.0
    process = psutil.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    while process.poll() is None:
        used = _usage(process)
        peak, cpu = max(peak, used[0]), max(cpu, used[1])
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command[:3]))} ended with {process.returncode}")
    return Measured(time.monotonic() - start, cpu, peak / 2**20)


def _usage(process: psutil.Popen) -> tuple[int, float]:
    """Proportional memory (shared pages counted once) and processor time; PostgreSQL of a command is a child of it."""
    memory, cpu = 0, 0.0
    try:
        for one in [process, *process.children(recursive=True)]:
            memory += one.memory_full_info().pss
            times = one.cpu_times()
            cpu += times.user + times.system
    except psutil.NoSuchProcess:
        pass
    return memory, cpu


class Report:
    """The table that is printed."""

    def __init__(self, title: str) -> None:
        """Name the table and say how busy the machine is."""
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        self.table = Table(title=f"{title}\n{os.cpu_count()} cores, load before {load}")
        for name in ("step", "seconds", "target", "CPU", "MB", "note"):
            self.table.add_column(name, justify="left" if name in ("step", "note") else "right")

    def add(self, name: str, target: int, measured: Measured, note: str = "") -> Measured:
        """Add one row."""
        self.table.add_row(
            name,
            f"{measured.seconds:.1f}",
            f"< {target}" if target else "",
            f"{measured.cpu:.1f}",
            f"{measured.megabytes:.0f}",
            note,
        )
        return measured


def commands(persons: int, folder: Path) -> Report:
    """Measure the main commands."""
    report = Report(f"Commands, {persons} persons, {MONTHS} months")
    home = folder / "home"
    delivery = str(home / "demo" / f"DEMO-2026-08-M{MONTHS}-S1-P{persons}")
    steps = (
        ("demo", 90, ("demo", "--persons", str(persons))),
        ("run, archived", 20, ("run", "--month", "2026-08", "--delivery", delivery)),
        ("backfill 36", 60, ("backfill", "--from", "2023-09", "--to", "2026-08", "--delivery", delivery)),
        ("figures 36", 0, ("figures", "--from", "2023-09", "--to", "2026-08", "--format", "csv")),
    )
    for name, target, arguments in steps:
        # A backfill into an empty warehouse: the one of the demo would be a repetition.
        place = home if name != "backfill 36" else folder / "leer"
        report.add(name, target, measure([JOBCENTER, *arguments], JOBCENTER_HOME=str(place)))
    return report


def validation(persons: int, folder: Path) -> Report:
    """Measure rules and findings, and plain Great Expectations on the rules that it can express."""
    settings = Settings(home=folder / "pruefung")
    delivery = generate(DemoRequest(Monat(2026, 8), monate=MONTHS, personen=persons), folder / "lieferung")
    clean = pipeline.extract(settings, str(delivery))
    report = Report(f"Validation, {persons} persons, {MONTHS} months")
    report.add("all rules", 15, _step("validation", settings.home, clean))
    _findings(report, delivery, folder)
    ids = ",".join(pruefung.for_pandas())
    ours = _step("own", settings.home, clean, ids)
    _compare(report, "pandas", ids, ours, _step("plain-pandas", settings.home, clean, ids))
    with running(folder / "postgres") as url:
        pruefung.fill(url, open_archive(settings.archive, clean))
        ids = ",".join(pruefung.for_postgres(url))
        ours = _step("own", settings.home, clean, ids)
        _compare(report, "PostgreSQL", ids, ours, _step("plain-postgres", settings.home, url, ids))
    return report


def _findings(report: Report, delivery: Path, folder: Path) -> None:
    home = folder / "verletzt"
    wrong = pruefung.with_violations(delivery, folder / "falsch")
    reference = pipeline.extract(Settings(home=home), str(wrong))
    _step("validation", home, reference)
    report.add(f"findings of {pruefung.VIOLATIONS:,} violations", 10, _step("findings", home, reference))


def _compare(report: Report, where: str, ids: str, ours: Measured, plain: Measured) -> None:
    rules = f"{len(ids.split(','))} rules"
    report.add(f"ours, the rules of plain GX on {where}", 0, ours, rules)
    ratio = f"{plain.seconds / ours.seconds:.1f} times as long, {plain.cpu / ours.cpu:.1f} times the CPU"
    memory = f"{plain.megabytes / ours.megabytes:.1f} times the memory"
    report.add(f"plain GX on {where}", 0, plain, f"{rules}: {ratio}, {memory}")


def _step(name: str, *arguments: str | Path) -> Measured:
    return measure([sys.executable, Path(pruefung.__file__), name, *arguments])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=["commands", "validation"], metavar="PART")
    parser.add_argument("--persons", type=int, default=18_000)
    arguments = parser.parse_args()
    for part in (commands, validation):
        if not arguments.parts or part.__name__ in arguments.parts:
            with tempfile.TemporaryDirectory() as folder:
                Console(width=140).print(part(arguments.persons, Path(folder)).table)


if __name__ == "__main__":
    main()
