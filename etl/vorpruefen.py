"""The daily check: today's records of the source by the rules of validation. Nothing reaches archive or warehouse.

The delivery is archived in a folder of its own that is gone at the end, also after a kill: the next check removes it.
What stays are counts, and the newest correction lists of each team (``home/vorpruefung``).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from etl import befunde, validate, warehouse
from etl.befunde import korrekturen
from etl.extract import extract
from etl.extract.archive import Archive, archived, earlier
from etl.extract.pseudonym import load_key
from etl.extract.rueckschluss import originals
from etl.files import staging, write_atomically
from etl.pruefbericht import open_findings
from etl.report.folder import replaced
from etl.settings import Settings

COLUMNS = ("tag", "datenstand", "regel_id", "befunde")
"""Columns of ``verlauf.csv``: the day of the check, the Datenstand, the rule, how many open findings it has."""


class Vorpruefung(NamedTuple):
    """What a check found: counts only. ``vorher``: open findings of the check before; None where there is none."""

    traegernummer: str
    befunde: int
    vorher: int | None
    nicht_pruefbar: int
    listen: int


def check(settings: Settings, source: str, day: dt.date, traegernummer: str | None = None) -> Vorpruefung:
    """Check what the source holds; write the correction lists of each team with their real keys, and the counts.

    Repeated for the same ``day`` it replaces what it wrote. Raises like ``extract``.
    """
    load_key(settings.key_file, create=not archived(settings.archive))
    with staging(settings.home / "vorpruefung") as work:
        archive = extract(source, archive_root=work / "archiv", key_file=settings.key_file, traegernummer=traegernummer)
        validation = validate.validate(archive, work / "pruefung")
        found = _open(settings, archive, validation)
        target = settings.home / "vorpruefung" / archive.delivery.traegernummer
        target.mkdir(parents=True, exist_ok=True, mode=0o700)
        lists = _write_lists(settings, archive, found, source, target / "korrekturen")
    counts = open_findings(found)
    before = _keep(target / "verlauf.csv", day, archive.delivery.datenstand, counts)
    unchecked = sum(result.ergebnis == "nicht_pruefbar" for result in validation.ergebnisse)
    return Vorpruefung(archive.delivery.traegernummer, sum(counts.values()), before, unchecked, lists)


def _open(settings: Settings, archive: Archive, validation: validate.Validation) -> pa.Table:
    """Return the findings that no waiver closes, with their state since the deliveries before."""
    before = earlier(settings.archive, archive)
    kept = [befunde.read(settings.findings / f"{one.delivery.reference}.parquet") for one in before]
    found = befunde.find(archive, validation, validate.load(), [table for table in kept if table is not None])
    if settings.warehouse is None and not settings.embedded_warehouse.exists():
        return found  # nothing was ever loaded, so nothing was ever waived
    with warehouse.connect(settings, role="auditor") as connection:
        waivers = warehouse.read_waivers(connection, archive.delivery.traegernummer)
    return found.filter(pc.is_null(befunde.ausgenommen(found, waivers, archive.delivery.datenstand)))


def _write_lists(settings: Settings, archive: Archive, found: pa.Table, source: str, folder: Path) -> int:
    """Replace the lists of the check before, also by none; return their number."""
    keys = originals(source, key_file=settings.key_file, work=settings.home) if found.num_rows else {}
    kopf = korrekturen.Kopf(archive.delivery.reference, archive.delivery.datenstand)
    regeln = {regel.regel_id: regel.am(archive.delivery.datenstand) for regel in validate.load().regeln}
    with replaced(folder) as new:
        new.chmod(0o700)
        return len(korrekturen.write(new, found, regeln, kopf, keys))


def _keep(path: Path, day: dt.date, datenstand: dt.date, counts: Mapping[str, int]) -> int | None:
    """Add the counts of a day to the file; return how many findings the day before it had."""
    rows = list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))) if path.is_file() else []
    others = [row for row in rows if row["tag"] != day.isoformat()]
    previous = max((row["tag"] for row in others if row["tag"] < day.isoformat()), default=None)
    # A day without findings is a day too.
    today = [(regel, number) for regel, number in counts.items()] or [("", 0)]
    said = [
        {"tag": day.isoformat(), "datenstand": datenstand.isoformat(), "regel_id": regel, "befunde": str(number)}
        for regel, number in today
    ]
    sink = io.StringIO()
    writer = csv.DictWriter(sink, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(sorted([*others, *said], key=lambda row: (row["tag"], row["regel_id"])))
    write_atomically(path, sink.getvalue().encode())
    return None if previous is None else sum(int(row["befunde"]) for row in others if row["tag"] == previous)
