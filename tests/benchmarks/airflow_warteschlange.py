"""200 monthly runs queued at once in the local Airflow: ``python tests/benchmarks/airflow_warteschlange.py``.

Every run is a month of one of the providers, on a tiny delivery. A person answers each approval, the memory of the
scheduler (its own process, and with the workers it has started) is sampled every half minute. At the end every run has
succeeded, every month of every provider is loaded once in one version, and its report is released. The report beside
this file is written anew (``-o`` names another one). Wall time means little on a machine with other work to do.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).parents[1]))

from e2e.airflow_lokal import LocalAirflow, started
from etl.monat import Monat
from etl.settings import Settings
from etl.warehouse import connect
from etl.warehouse.embedded import ensure_database, running
from etl.zahlen import zahl
from kanarie import kanarienlieferung

REPORT = Path(__file__).with_suffix(".md")
MONTHS = tuple(Monat.span(Monat(2025, 3), Monat(2025, 6)))
"""Months of a delivery that its run is about."""
RELEASE = "Geprüft: freigeben"
APPROVER = "freigabe"
THINKING = 15.0
"""Seconds that a person takes at least."""
EVERY = 30.0
"""Seconds between two samples."""


@dataclass
class Samples:
    """What was seen: seconds since the runs were queued, finished runs, MB of the scheduler alone and with workers."""

    rows: list[tuple[float, int, float, float]] = field(default_factory=list)

    def take(self, airflow: LocalAirflow, since: float, finished: int) -> None:
        """Look once."""
        scheduler = next(
            process
            for process in psutil.Process(airflow.process.pid).children()
            if "scheduler" in " ".join(process.cmdline())
        )
        alone = _megabytes(scheduler)
        family = alone + sum(_megabytes(child) for child in scheduler.children(recursive=True))
        self.rows.append((time.monotonic() - since, finished, alone, family))


def _megabytes(process: psutil.Process) -> float:
    """Return the memory that is a process's own: proportional set size, 0 when it has just ended."""
    with suppress(psutil.Error):
        return float(process.memory_full_info().pss) / 2**20
    return 0.0


def _queued(airflow: LocalAirflow, deliveries: Sequence[Path]) -> list[str]:
    """Queue every month of every delivery; return the ids of the runs."""
    runs = []
    for delivery in deliveries:
        for month in MONTHS:
            conf = {"monat": str(month), "lieferung": str(delivery)}
            status, run = airflow.request(
                "POST", "/api/v2/dags/monatsbericht/dagRuns", {"logical_date": None, "conf": conf}
            )
            if status != 200:
                raise RuntimeError(f"run refused: {status} {run}")
            runs.append(str(run["dag_run_id"]))
    return runs


def _answer(airflow: LocalAirflow, seen: dict[str, float]) -> None:
    """Approve what has waited for a while: a person does not answer while the process that asks still ends."""
    _, found = airflow.request(
        "GET", "/api/v2/dags/monatsbericht/dagRuns/~/hitlDetails?response_received=false&limit=100"
    )
    waiting = [
        detail["task_instance"]
        for detail in found["hitl_details"]
        if detail["task_instance"]["state"] == "awaiting_input"
    ]
    now = time.monotonic()
    for task in waiting:
        if now - seen.setdefault(str(task["id"]), now) < THINKING:
            continue
        address = (
            f"/api/v2/dags/monatsbericht/dagRuns/{task['dag_run_id']}/taskInstances/{task['task_id']}/"
            f"{task['map_index']}/hitlDetails"
        )
        answer = {"chosen_options": [RELEASE], "params_input": {"bemerkung": None}}
        airflow.request("PATCH", address, answer, APPROVER)


def _count(airflow: LocalAirflow, state: str) -> int:
    _, found = airflow.request("GET", f"/api/v2/dags/monatsbericht/dagRuns?state={state}&run_type=manual&limit=1")
    return int(found["total_entries"])


def _measured(airflow: LocalAirflow, runs: int, samples: Samples, patience: float) -> dict[str, int]:
    """Answer and sample until all runs have ended; return how many ended how."""
    since, last = time.monotonic(), 0.0
    seen: dict[str, float] = {}
    while time.monotonic() - since < patience:
        _answer(airflow, seen)
        done = {state: _count(airflow, state) for state in ("success", "failed")}
        if time.monotonic() - last > EVERY:
            last = time.monotonic()
            samples.take(airflow, since, sum(done.values()))
            print(f"{last - since:8.0f} s  {done}", flush=True)
        if sum(done.values()) >= runs:
            samples.take(airflow, since, sum(done.values()))
            return done
        time.sleep(5)
    return {**done, "unfertig": runs - sum(done.values())}


def _figures(home: Path) -> dict[str, int]:
    """Return what is in the warehouse: months loaded, the most versions of one of them, released reports."""
    with running(home / "warehouse") as server:
        settings = Settings(home=home, warehouse=ensure_database(server, "jobcenter"))
        with connect(settings, role="auditor") as warehouse, warehouse.begin():
            loads = warehouse.exec_driver_sql(
                "SELECT count(*), max(n) FROM (SELECT count(*) AS n FROM jobcenter.ladung "
                "GROUP BY traegernummer, berichtsmonat) months"
            ).one()
            released = warehouse.exec_driver_sql(
                "SELECT count(*) FROM jobcenter.freigabeschritt WHERE schritt = 'freigegeben'"
            ).scalar_one()
    return {"monate": int(loads[0]), "fassungen": int(loads[1]), "freigegeben": int(released)}


def _report(runs: int, done: dict[str, int], found: dict[str, int], samples: Samples) -> str:
    half = samples.rows[len(samples.rows) // 4 :]
    alone = [row[2] for row in half]
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    step = max(1, len(samples.rows) // 20)
    lines = [
        f"# {runs} Monatsläufe auf einmal",
        "",
        f"Stand {commit.stdout.strip()}; {platform.machine()}, {os.cpu_count()} Kerne, "
        f"{zahl(round(psutil.virtual_memory().total / 2**30))} GB, Python {platform.python_version()}. "
        "Geschrieben von `python tests/benchmarks/airflow_warteschlange.py`.",
        "",
        f"* Läufe: {', '.join(f'{state} {number}' for state, number in done.items())}",
        f"* Geladene Monate: {found['monate']}, höchstens {found['fassungen']} Fassung(en) je Monat; "
        f"freigegebene Berichte: {found['freigegeben']}",
        f"* Dauer: {zahl(round(samples.rows[-1][0] / 60))} Minuten",
        f"* Speicher des Schedulers (PSS) nach dem ersten Viertel: {zahl(round(min(alone)))} bis "
        f"{zahl(round(max(alone)))} MB",
        "",
        "| Minute | fertige Läufe | Scheduler, MB | mit Arbeitern, MB |",
        "|--:|--:|--:|--:|",
        *(
            f"| {zahl(round(seconds / 60))} | {finished} | {zahl(round(own))} | {zahl(round(family))} |"
            for seconds, finished, own, family in [*samples.rows[::step], samples.rows[-1]]
        ),
    ]
    return "\n".join(lines) + "\n"


def _deliveries(folder: Path, number: int) -> list[Path]:
    """Write tiny deliveries, each of another provider."""
    made = []
    for place in range(1, number + 1):
        delivery = kanarienlieferung(folder / f"{place:05d}", f"probe-{place:05d}")
        manifest = delivery / "lieferung.json"
        manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"traegernummer": f"{place:05d}"}))
        made.append(delivery)
    return made


def main() -> int:
    """Measure, write the report, and fail unless every run succeeded and every figure is there once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--laeufe", type=int, default=200)
    parser.add_argument("--minuten", type=float, default=240, help="wie lange höchstens gewartet wird")
    parser.add_argument("-o", "--output", type=Path, default=REPORT)
    arguments = parser.parse_args()
    samples = Samples()
    with tempfile.TemporaryDirectory(prefix="jobcenter-") as name:
        folder = Path(name)
        deliveries = _deliveries(folder / "lieferungen", arguments.laeufe // len(MONTHS))
        with started(folder) as airflow:
            airflow.wait_for(lambda: "Airflow ist bereit" in airflow.said(), "ready")
            airflow.wait_for(lambda: airflow.request("GET", "/api/v2/dags/monatsbericht")[0] == 200, "the DAG")
            runs = _queued(airflow, deliveries)
            done = _measured(airflow, len(runs), samples, arguments.minuten * 60)
        found = _figures(folder / "home")
    text = _report(len(runs), done, found, samples)
    arguments.output.write_text(text, encoding="utf-8")
    print(text)
    complete = done.get("success") == len(runs) == found["freigegeben"] and found["fassungen"] == 1
    return 0 if complete else 1


if __name__ == "__main__":
    sys.exit(main())
