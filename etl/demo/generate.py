"""Generate a delivery: the request, the cohorts, the folder."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from etl.contract import MANIFEST, TABLES
from etl.demo import faults, flow
from etl.demo.arrays import last_day
from etl.demo.bescheide import hold_back
from etl.demo.kalibrierung import load
from etl.demo.money import settle
from etl.demo.tabellen import Nummern, Tabellen, deliver
from etl.demo.world import Welt
from etl.demo.write import Format, Lieferung, write_json
from etl.errors import UsageError
from etl.files import staging
from etl.monat import Monat

FEHLERLISTE = "fehler.json"
MINDESTGROESSE = 20  # about ten BG: fewer would not live through a month without dying out
FRUEHESTER_MONAT = Monat(2016, 1)
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class DemoRequest:
    """What to generate: the last month, how many months, the size, the seed.

    ``personen`` = persons in receipt at the level of the Ortenaukreis, see ``calibration.yaml``. ``late``: benefits
    that are not decided yet are not delivered. Requests that begin with the same month and differ in ``bis`` are
    deliveries of one job centre: they tell the same life, each as it was recorded at its end.
    """

    bis: Monat
    monate: int = 40
    personen: int = 18_000
    seed: int = 1
    faults: bool = False
    late: bool = False
    format: Format = "parquet"

    def __post_init__(self) -> None:
        """Refuse what cannot be lived."""
        if self.monate < 1:
            raise UsageError("Die Zahl der Monate muss mindestens 1 sein.")
        if self.personen < MINDESTGROESSE:
            raise UsageError(f"Die Zahl der Personen muss mindestens {MINDESTGROESSE} sein.")
        if self.seed < 0:
            raise UsageError("Der Startwert (seed) darf nicht negativ sein.")
        if self.months[0] < FRUEHESTER_MONAT:
            raise UsageError(
                f"Der erste Monat wäre {self.months[0].name}; vor {FRUEHESTER_MONAT.name} gibt es keine Beträge.",
                hint="Weniger Monate oder einen späteren letzten Monat wählen.",
            )

    @property
    def months(self) -> list[Monat]:
        """The months of the delivery, in order."""
        return list(Monat.span(self.bis.shift(1 - self.monate), self.bis))

    @property
    def lieferung_id(self) -> str:
        """A name of its own for every different content (the file format is none)."""
        name = f"DEMO-{self.bis}-M{self.monate}-S{self.seed}-P{self.personen}"
        return name + ("-L" if self.late else "") + ("-F" if self.faults else "")


def generate(request: DemoRequest, out: Path, progress: Progress | None = None) -> Path:
    """Write the delivery into the folder ``out`` and return it. Same request, same bytes.

    ``progress`` is told what is being done and how much of all is done (0 … 1). ``out`` may be missing, empty, or hold
    this very delivery; anything else there is a usage error. The folder appears complete or not at all.
    """
    _check_target(request, out)
    tell = progress or (lambda _text, _share: None)
    with staging(out.absolute().parent) as folder:
        _write(request, folder, tell)
        if out.exists():
            shutil.rmtree(out)
        folder.rename(out)
    tell("Fertig", 1.0)
    return out


def _check_target(request: DemoRequest, out: Path) -> None:
    if not out.exists():
        return
    hint = "Einen anderen Ordner angeben oder diesen leeren."
    if not out.is_dir():
        raise UsageError(f"„{out}“ ist kein Ordner.", hint=hint)
    content = {path.name for path in out.iterdir()}
    if not content:
        return
    ours = {f"{table}.{request.format}" for table in TABLES} | {MANIFEST, FEHLERLISTE}
    if content <= ours and MANIFEST in content and _id_of(out / MANIFEST) == request.lieferung_id:
        return
    raise UsageError(f"Der Ordner „{out}“ enthält schon etwas anderes.", hint=hint)


def _id_of(manifest: Path) -> object:
    try:
        document = json.loads(manifest.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return document.get("lieferung_id") if isinstance(document, dict) else None


def _write(request: DemoRequest, folder: Path, tell: Progress) -> None:
    cohorts = max(1, -(-request.personen // load().groesse.block))
    factor = request.personen / cohorts / load().groesse.bezugsgroesse
    nummern, planted = Nummern(), []
    with Lieferung(folder, request.format) as delivery:
        for block in range(cohorts):
            tables = live(request, block, factor, nummern, _within(tell, block, cohorts))
            if request.faults and block == 0:
                planted = faults.plant(tables, request.seed)
            delivery.append(tables)
        delivery.manifest(request.lieferung_id, request.bis)
    if request.faults:
        write_json(folder / FEHLERLISTE, planted)


def _within(tell: Progress, block: int, cohorts: int) -> Progress:
    """Turn the progress of one cohort into the progress of all."""
    return lambda text, share: tell(text, (block + share) / cohorts)


def live(request: DemoRequest, block: int, factor: float, nummern: Nummern, tell: Progress) -> Tabellen:
    """Let one cohort live through the months and return its tables."""
    w, months = Welt.new(load(), request.seed, block), request.months
    # One more month than delivered: what happens after the last counting day up to the end of that month.
    for index, monat in enumerate([*months, request.bis.shift(1)]):
        flow.step(w, index, monat, factor)
        tell(f"{monat.name} wird gelebt", 0.6 * index / len(months))
    tell("Leistungen werden berechnet", 0.6)
    geld, stand = settle(w, months), last_day(request.bis)
    if request.late:
        geld = hold_back(w, geld, stand)
    tell("Tabellen werden geschrieben", 0.9)
    return deliver(w, geld, stand, nummern)
