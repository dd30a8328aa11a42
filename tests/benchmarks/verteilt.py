"""How much faster two workers are than one: ``python tests/benchmarks/verteilt.py --base IMAGE``.

The stack of ``docker-compose.yml`` in real containers, Celery workers with one place and a fixed share of a processor
each. As many providers as ``--providers`` are one mapped run of ``monatsbericht``; measured is the time from the first
step to the last draft, first with one worker, then, for other providers of the same size, with two. What is left of it
when workers are added without end, and what more providers cost, is computed from both and is a model, not a
measurement. Needs the images (``tests/container/beweis.py`` builds them); writes ``verteilt.md`` beside itself.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from container import laeufe
from container.stapel import Stapel, build, command, wait_for
from etl.demo import DemoRequest, generate
from etl.monat import Monat

MONTH = "2026-08"
MONTHS = 16
ALL = 104
"""Job centres run by districts and cities on their own."""
WORKERS = (1, 2, 4, 8, 16)


@dataclass(frozen=True)
class Gemessen:
    """One run: workers, providers, seconds from the first step to the last draft, seconds that tasks took in all."""

    workers: int
    providers: int
    seconds: float
    work: float
    longest: float
    """Seconds of the tasks of the slowest provider: no number of workers is faster."""


@dataclass(frozen=True)
class Modell:
    """Seconds = fixed + per provider / workers, but never less than one provider takes."""

    fixed: float
    per_provider: float
    chain: float

    def seconds(self, providers: int, workers: int) -> float:
        """Return the seconds that ``providers`` take with ``workers``."""
        return max(self.fixed + providers * self.per_provider / workers, self.chain)


def fitted(one: Gemessen, two: Gemessen) -> Modell:
    """Return the model through both measurements; both have the same number of providers."""
    fixed = max(2 * two.seconds - one.seconds, 0.0)
    return Modell(fixed, (one.seconds - fixed) / one.providers, max(one.longest, two.longest))


def deliver(stapel: Stapel, numbers: list[str], persons: int) -> None:
    """Write a delivery of the same invented job centre for every provider."""
    request = DemoRequest(Monat.parse(MONTH), monate=MONTHS, personen=persons, seed=1)
    first = generate(request, stapel.deliveries / "muster")
    manifest = json.loads((first / "lieferung.json").read_text(encoding="utf-8"))
    for number in numbers:
        folder = shutil.copytree(first, stapel.deliveries / number)
        (folder / "lieferung.json").write_text(json.dumps(manifest | {"traegernummer": number}), encoding="utf-8")
    for path in (stapel.deliveries, *stapel.deliveries.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def name_sources(stapel: Stapel, numbers: list[str]) -> None:
    """Write the file JOBCENTER_QUELLEN as JSON, which is YAML too."""
    told = [
        {"traegernummer": number, "name": f"Jobcenter Erfunden {number}", "lieferung": f"/lieferungen/{number}"}
        for number in numbers
    ]
    path = stapel.settings / "quellen.yaml"
    path.write_text(json.dumps({"quellen": told}), encoding="utf-8")
    path.chmod(0o644)


def measured(stapel: Stapel, numbers: list[str], workers: int) -> Gemessen:
    """Run the month of these providers until every draft is there."""
    name_sources(stapel, numbers)
    run = laeufe.start(stapel, MONTH)

    def drafts() -> int:
        found = [one for one in laeufe.instances(stapel, run) if one["task_id"] == "traeger.draft"]
        return sum(one["state"] == "success" for one in found)

    wait_for(lambda: drafts() == len(numbers), "alle Entwürfe")
    done = [one for one in laeufe.instances(stapel, run) if one["end_date"] and one["map_index"] >= 0]
    spans = [(one["map_index"], _time(one["start_date"]), _time(one["end_date"])) for one in done]
    took = {index: sum((end - start).total_seconds() for i, start, end in spans if i == index) for index, _, _ in spans}
    drafted = [_time(one["end_date"]) for one in done if one["task_id"] == "traeger.draft"]
    whole = (max(drafted) - min(start for _, start, _ in spans)).total_seconds()
    return Gemessen(workers, len(numbers), whole, sum(took.values()), max(took.values()))


def _time(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def measure(stapel: Stapel, providers: int, persons: int) -> tuple[Gemessen, Gemessen]:
    """Measure one worker, then two, after a first provider that warms both up."""
    batches = [[f"{batch}{number:04d}" for number in range(1, providers + 1)] for batch in (1, 2)]
    warm = ["30001", "30002"]
    deliver(stapel, [*warm, *batches[0], *batches[1]], persons)
    stapel.migrate()
    stapel.up(workers=2)
    stapel.users()
    measured(stapel, warm, 2)
    second = stapel.containers("worker")[1]
    command("podman", "stop", second)
    one = measured(stapel, batches[0], 1)
    command("podman", "start", second)
    stapel.healthy(("worker",))
    return one, measured(stapel, batches[1], 2)


def told(one: Gemessen, two: Gemessen, cpus: str, persons: int) -> str:
    """Return the report in Markdown."""
    model = fitted(one, two)
    machine = f"{command('nproc').strip()} Kerne, Commit {command('git', 'rev-parse', '--short', 'HEAD').strip()}"
    share = cpus.replace(".", ",")
    rows = [f"| {g.workers} | {g.providers} | {g.seconds:.0f} | {g.work:.0f} |" for g in (one, two)]
    future = [f"| {w} | {model.seconds(ALL, w) / 60:.0f} | {_ratio(model, w)} |" for w in WORKERS]
    return "\n".join(
        [
            "# Verteilt gerechnet: ein und zwei Worker, und ein Modell für mehr",
            "",
            f"Geschrieben von `python tests/benchmarks/verteilt.py`. Maschine: {machine}. Jeder Worker: ein Platz, "
            f"{share} Kern; je Träger {persons} erfundene Personen, {MONTHS} Monate. Gemessen vom ersten Schritt bis "
            "zum letzten Entwurf.",
            "",
            "| Worker | Träger | Sekunden | Sekunden aller Aufgaben |",
            "|--:|--:|--:|--:|",
            *rows,
            "",
            f"Zwei Worker sind {one.seconds / two.seconds:.2f}-mal so schnell wie einer.".replace(".", ",", 1),
            "",
            f"Modell (gerechnet, nicht gemessen): {model.fixed:.0f} s fest, {model.per_provider:.0f} s je Träger, "
            f"geteilt durch die Zahl der Worker, nie weniger als ein Träger allein ({model.chain:.0f} s). "
            f"Für {ALL} Träger:",
            "",
            "| Worker | Minuten | Beschleunigung |",
            "|--:|--:|--:|",
            *future,
            "",
            "Nicht im Modell: der Scheduler, die Datenbanken und das gemeinsame Laufwerk, die irgendwann selbst zur "
            "Grenze werden.",
            "",
        ]
    )


def _ratio(model: Modell, workers: int) -> str:
    return f"{model.seconds(ALL, 1) / model.seconds(ALL, workers):.1f}".replace(".", ",")


def main() -> int:
    """Entry point."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else "")
    parser.add_argument("--base", default="docker.io/library/python:3.11-slim-bookworm", help="base image")
    parser.add_argument("--network", help="network of the build, such as host")
    parser.add_argument("--providers", type=int, default=6, help="providers of each measured run")
    parser.add_argument("--persons", type=int, default=300, help="size of each invented job centre")
    parser.add_argument("--cpus", default="0.5", help="share of a processor of each worker")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="jobcenter-verteilt-"))
    folder.chmod(0o755)
    shares = {"JOBCENTER_KERNE_AUFGABEN": arguments.cpus, "JOBCENTER_JE_WORKER": "1"}
    stapel = Stapel(folder, variables=shares)
    build(arguments.base, arguments.network)
    stapel.prepare()
    try:
        one, two = measure(stapel, arguments.providers, arguments.persons)
    finally:
        stapel.down(volumes=True)
        shutil.rmtree(folder)
    text = told(one, two, arguments.cpus, arguments.persons)
    Path(__file__).with_suffix(".md").write_text(text, encoding="utf-8")
    print(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
