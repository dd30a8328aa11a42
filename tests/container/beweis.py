"""The proof of the container stack, by one command: ``python tests/container/beweis.py``.

Builds the images, starts the stack, lets one person run a month and another approve it, and compares the figures with
``jobcenter run`` outside. Then three workers do two months of three providers while a worker is killed, the database
stops answering for a minute, and every container is restarted. At the end the figures, cells and files must be those of
an undisturbed computation outside, once. Needs podman and a base image (``--base``); writes ``bericht.md``,
``bericht.json`` beside itself. Everything it starts it ends, volumes too.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

from container import laeufe
from container.bericht import write
from container.stapel import DISTRIBUTED, TARGETS, BeweisError, Stapel, build, command, security_updates, wait_for
from etl.demo import DemoRequest, generate
from etl.monat import Monat
from etl.settings import Settings

MONTHS = ("2026-07", "2026-08")
PROVIDERS = {"00001": 1, "00002": 2, "00003": 3}
"""Trägernummer of an invented provider, and the seed of its job centre."""
_FIRST_MONTH = Monat(2025, 5)
_OUTAGE_SECONDS = 60
_HELD = 7
_REASON = "Kleines erfundenes Jobcenter: Sprünge sind erwartet"
_CELLS = "SELECT traegernummer, berichtsmonat, count(*), sum(zeilen) FROM jobcenter.ladung GROUP BY 1, 2 ORDER BY 1, 2"


@dataclass
class Beweis:
    """What was observed, in the order of the proof."""

    steps: list[dict[str, object]] = field(default_factory=list)

    def note(self, what: str, result: object, *, good: bool = True) -> None:
        """Keep one observation and say it."""
        self.steps.append({"schritt": what, "ergebnis": result, "gut": good})
        print(f"{'✓' if good else '✗'} {what}: {result}", flush=True)

    @property
    def good(self) -> bool:
        """Whether everything is as it must be."""
        return all(step["gut"] for step in self.steps)


def deliveries(folder: Path, persons: int) -> None:
    """Write a delivery per provider and month: of one provider, the same life recorded at two times."""
    for number, seed in PROVIDERS.items():
        for month in MONTHS:
            end = Monat.parse(month)
            request = DemoRequest(end, monate=end.months_since(_FIRST_MONTH) + 1, personen=persons, seed=seed)
            manifest = generate(request, folder / number / month) / "lieferung.json"
            told = json.loads(manifest.read_text(encoding="utf-8"))
            manifest.write_text(json.dumps(told | {"traegernummer": number}), encoding="utf-8")
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)


def sources(path: Path) -> None:
    """Write the file JOBCENTER_QUELLEN as JSON, which is YAML too."""
    told = [
        {
            "traegernummer": number,
            "name": f"Jobcenter Erfunden {number}",
            "lieferung": f"/lieferungen/{number}/{{monat}}",
        }
        for number in PROVIDERS
    ]
    path.write_text(json.dumps({"quellen": told}), encoding="utf-8")
    path.chmod(0o644)


def outside(home: Path, folder: Path) -> str:
    """Compute the same months undisturbed, with the command line and the embedded server.

    Return the first month of the first provider as it was before the next delivery stated it anew.
    """
    before = ""
    for month in MONTHS:
        for number in PROVIDERS:
            run = ("run", "--month", month, "--delivery", str(folder / number / month), "--by", "technik.beweis")
            if _jobcenter(home, *run).returncode == _HELD:
                named = json.loads((folder / number / month / "lieferung.json").read_text())["lieferung_id"]
                _said(home, "resume", "--delivery", named, "--by", "controlling.beweis", "--reason", _REASON)
                _said(home, *run)
            before = before or _said(home, *figures(number, month, month))
    return before


def _jobcenter(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("jobcenter")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("JOBCENTER_")}
    return subprocess.run(
        (str(program), *words, "--home", str(home)), check=False, capture_output=True, text=True, env=environment
    )


def _said(home: Path, *words: str) -> str:
    done = _jobcenter(home, *words)
    if done.returncode != 0:
        raise BeweisError(f"jobcenter {' '.join(words)} endete mit {done.returncode}: {done.stderr[-2000:]}")
    return done.stdout


def figures(number: str, first: str, last: str) -> tuple[str, ...]:
    """Return the command that writes every cell of a provider."""
    return ("figures", "--traeger", number, "--from", first, "--to", last, "--format", "csv")


def compare(beweis: Beweis, stapel: Stapel, home: Path, service: str, numbers: tuple[str, ...], first: str) -> None:
    """Compare every cell of ``numbers`` since ``first``, byte by byte."""
    for number in numbers:
        wanted = _said(home, *figures(number, first, MONTHS[-1]))
        found = stapel.inside(service, "jobcenter", *figures(number, first, MONTHS[-1]))
        _same(beweis, f"{number} {first} bis {MONTHS[-1]}", wanted, found)


def _same(beweis: Beweis, what: str, wanted: str, found: str) -> None:
    cells = wanted.count("\n") - 1
    text = f"{cells} Zellen, SHA-256 {_sha256(found)[:16]}, außerhalb {_sha256(wanted)[:16]}"
    beweis.note(f"Zahlen {what} wie außerhalb", text, good=wanted == found and cells > 100)


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def one_month(beweis: Beweis, stapel: Stapel, wanted: str) -> None:
    """One person runs a month under LocalExecutor, another approves it."""
    number, month = next(iter(PROVIDERS)), MONTHS[0]
    run = laeufe.start(stapel, month, f"/lieferungen/{number}/{month}")
    wait_for(lambda: any(one["task_id"].endswith("approve") for one in _answered(stapel, run)), "die Freigabe")
    refused = laeufe.refusals(stapel, run)
    beweis.note("verweigert", refused, good=set(refused.values()) == {403})
    laeufe.finish(stapel, [run])
    beweis.note("LocalExecutor: Monat von einer Person gestartet, von einer anderen freigegeben", month)
    _same(beweis, f"{number} {month}", wanted, stapel.inside("scheduler", "jobcenter", *figures(number, month, month)))


def _answered(stapel: Stapel, run: str) -> list[dict[str, Any]]:
    """Return what asks for approval; let go on what is held because of a jump."""
    asked = laeufe.waiting(stapel, run)
    for instance in asked:
        if instance["task_id"] == "traeger.decide":
            laeufe.answer(stapel, run, instance)
    return asked


def disturbed(beweis: Beweis, stapel: Stapel) -> None:
    """Three workers do two months of three providers; a worker dies, the database falls silent, the power fails."""
    first = laeufe.start(stapel, MONTHS[0])
    wait_for(lambda: bool(_killable(stapel, first)), "eine rechnende Aufgabe")
    container, task = _killable(stapel, first)[0]
    command("podman", "kill", "--signal", "KILL", container)
    beweis.note("kill -9 eines Workers, während er rechnet", f"{task} in {container.rpartition('_worker')[2]}")
    time.sleep(20)
    command("podman", "start", container)
    laeufe.finish(stapel, [first])
    # One month after the other: which delivery tells an older month follows from the order of loading.
    second = laeufe.start(stapel, MONTHS[1])
    wait_for(lambda: bool(_killable(stapel, second)), "eine rechnende Aufgabe")
    database = stapel.containers("datenbank")[0]
    command("podman", "pause", database)
    time.sleep(_OUTAGE_SECONDS)
    command("podman", "unpause", database)
    beweis.note("Datenbank antwortet nicht, während gerechnet wird", f"{_OUTAGE_SECONDS} Sekunden")
    wait_for(lambda: bool(_killable(stapel, second)), "weitere Aufgaben")
    names = [name for service in DISTRIBUTED for name in stapel.containers(service)]
    command("podman", "kill", "--signal", "KILL", *names)
    command("podman", "start", *names)
    stapel.healthy(DISTRIBUTED)
    beweis.note("kill -9 aller Container, während gerechnet wird, und neu gestartet", len(names))
    laeufe.finish(stapel, [second])
    done = [one for run in (first, second) for one in laeufe.instances(stapel, run)]
    hosts = {one["hostname"] for one in done if one["hostname"]}
    again = [one for one in done if one["try_number"] > 1]
    beweis.note("alle Läufe gelungen", f"{len(hosts)} Worker beteiligt, {len(again)} Aufgaben mehr als einmal versucht")


def _killable(stapel: Stapel, run: str) -> list[tuple[str, str]]:
    """Return workers that compute, with the task."""
    names = {command("podman", "exec", name, "hostname").strip(): name for name in stapel.containers("worker")}
    heavy = ("validate", "figures", "load", "report")
    return [
        (names[one["hostname"]], f"{one['task_id']}[{one['map_index']}]")
        for one in laeufe.working(stapel, run)
        if one["hostname"] in names and one["task_id"].endswith(heavy)
    ]


def nothing_doubled_nothing_half(beweis: Beweis, stapel: Stapel, home: Path) -> None:
    """Loads, files and proofs: as outside, once, whole."""
    doubled = stapel.sql(
        "SELECT traegernummer, lieferung_id, berichtsmonat FROM jobcenter.ladung GROUP BY 1, 2, 3 HAVING count(*) > 1"
    )
    beweis.note("doppelt geladen", doubled or "nichts", good=not doubled)
    beweis.note("Ladungen (Träger, Monat, Anzahl, Zellen)", stapel.sql(_CELLS))
    left = stapel.inside("worker", "find", "/var/lib/jobcenter/home", "-name", ".*", "-type", "f").split()
    beweis.note("halb geschriebene Dateien", left or "keine", good=not left)
    listing = "cd /var/lib/jobcenter/home && find berichte -type f -exec sha256sum {} + | sort -k2"
    inside = stapel.inside("worker", "sh", "-c", listing).splitlines()
    wanted = subprocess.run(
        ("sh", "-c", listing.replace("/var/lib/jobcenter/home", str(home))), check=True, capture_output=True, text=True
    ).stdout.splitlines()
    different = sorted({line.split("  ")[1] for line in set(inside) ^ set(wanted)})
    text = f"{len(inside)} Dateien, verschieden: {len(different)} {different[:6]}"
    beweis.note("Berichtsdateien Byte für Byte wie außerhalb", text, good=not different and bool(inside))
    verified = stapel.inside("worker", "jobcenter", "verify")
    beweis.note("jobcenter verify", verified.strip().splitlines()[-1])


def prove(beweis: Beweis, stapel: Stapel, home: Path, first_month: str) -> None:
    """Do everything in order; the stack runs only in here. ``first_month``: figures as they were after one month."""
    stapel.migrate()
    stapel.up()
    stapel.users()
    # Pseudonyms are in the hash of a delivery's content, and that in the order number of a report.
    stapel.give("scheduler", Settings(home=home).key_file, "/var/lib/jobcenter/home/schluessel/pseudonym.key")
    beweis.note("Stapel läuft (LocalExecutor), alle Gesundheitsprüfungen", "ja")
    one_month(beweis, stapel, first_month)
    stapel.down()
    stapel.up(workers=3)
    beweis.note("Stapel läuft (CeleryExecutor)", f"{len(stapel.containers('worker'))} Worker")
    disturbed(beweis, stapel)
    compare(beweis, stapel, home, "worker", tuple(PROVIDERS), MONTHS[0])
    nothing_doubled_nothing_half(beweis, stapel, home)


@contextmanager
def _folder() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="jobcenter-beweis-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def main() -> int:
    """Entry point; 0 when everything was proved."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0] if __doc__ else "")
    parser.add_argument("--base", default="docker.io/library/python:3.11-slim-bookworm", help="base image")
    parser.add_argument("--network", help="network of the build, such as host")
    parser.add_argument("--persons", type=int, default=300, help="size of each invented job centre")
    parser.add_argument("--report", type=Path, default=Path(__file__).parent, help="folder of the report")
    arguments = parser.parse_args()
    beweis = Beweis()
    with _folder() as folder:
        stapel = Stapel(folder)
        build(arguments.base, arguments.network)
        stapel.prepare()
        deliveries(stapel.deliveries, arguments.persons)
        sources(stapel.settings / "quellen.yaml")
        first_month = outside(folder / "ausserhalb", stapel.deliveries)
        beweis.note("Abbilder gebaut, dieselben Monate außerhalb gerechnet", arguments.base)
        for target in TARGETS:
            lacks, good = security_updates(target)
            beweis.note(f"Sicherheitsupdates im Abbild {target}", lacks, good=good)
        try:
            prove(beweis, stapel, folder / "ausserhalb", first_month)
        except BeweisError as error:
            beweis.note("abgebrochen", str(error), good=False)
        finally:
            stapel.down(volumes=True)
    write(beweis.steps, arguments.report, arguments.persons)
    return 0 if beweis.good else 1


if __name__ == "__main__":
    sys.exit(main())
