"""A released report of a few small files: what delivery starts from."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import NullPool, create_engine

from etl import freigeben, nachweis, zustellen
from etl.monat import Monat
from etl.release import Bericht, entwurf
from etl.settings import Settings
from etl.warehouse import Herkunft, connect, record_report
from etl.zustellen import Ergebnis

BERICHT = Bericht("00000/L1", Monat(2026, 8))
DATEIEN = {
    "dienststelle/arbeitsmappe/2026-08_Monatsbericht.xlsx": b"intern",
    "dienststelle/zahlen/datapackage.json": b"{}",
    "dienststelle/zahlen/figures.csv": b"groesse,wert\nELB,1\n",
    "landkreis/arbeitsmappe/2026-08_Monatsbericht.xlsx": b"Umlaute \xc3\xa4, *\n" * 2000,
}
ORDNER = "00000_2026-08_Fassung-01_Datenstand-2026-09-10"
"""How every consignment of the report begins."""


def geschrieben(settings: Settings, dateien: Mapping[str, bytes] = DATEIEN, bericht: Bericht = BERICHT) -> None:
    """Write the files of a report and record them as a draft, as ``jobcenter run`` does."""
    folder = settings.reports / bericht.pfad
    for path, content in dateien.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    with connect(settings, role="etl") as connection:
        with connection.begin():
            connection.exec_driver_sql(
                "INSERT INTO jobcenter.lieferung (traegernummer, lieferung_id, erstellt_am, datenstand, archiv_sha256) "
                "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
                (
                    bericht.traegernummer,
                    bericht.lieferung_id,
                    dt.datetime(2026, 9, 10, 8, tzinfo=dt.UTC),
                    dt.date(2026, 9, 10),
                    "a" * 64,
                ),
            )
        said = nachweis.beschreibe(settings.reports, [folder / path for path in dateien], {})
        record_report(connection, said, [], [], Herkunft(), entwurf(bericht, said, "A. Eins"))


def freigegeben(settings: Settings, dateien: Mapping[str, bytes] = DATEIEN, bericht: Bericht = BERICHT) -> None:
    """Write a report and release it with four eyes."""
    geschrieben(settings, dateien, bericht)
    freigeben.approve(settings, bericht, "B. Zwei")
    freigeben.release(settings, bericht, "C. Drei")


def eingerichtet(settings: Settings, *empfaenger: Mapping[str, Any]) -> Settings:
    """Write the file of recipients and return the settings that name it."""
    path = settings.home / "empfaenger.yaml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump({"empfaenger": list(empfaenger)}), encoding="utf-8")
    return settings.model_copy(update={"empfaenger": path})


def empfaenger(name: str, weg: Mapping[str, Any], **weiteres: Any) -> dict[str, Any]:
    """Return the entry of a recipient who gets the workbook of the district."""
    return {"name": name, "kreis": "landkreis", "produkte": ["arbeitsmappe"], "weg": dict(weg), **weiteres}


def zugestellt(settings: Settings, pauses: Sequence[float] = (), bericht: Bericht = BERICHT) -> list[Ergebnis]:
    """Deliver the report; attempts follow each other without a pause."""
    return zustellen.deliver(settings, bericht, "D. Vier", pauses, lambda _: None)


def prozess(settings: Settings) -> subprocess.Popen[str]:
    """Start a delivery in a process of its own."""
    environment = {
        **os.environ,
        "JOBCENTER_HOME": str(settings.home),
        "JOBCENTER_WAREHOUSE": str(settings.warehouse),
        "JOBCENTER_EMPFAENGER": str(settings.empfaenger),
        "PYTHONPATH": str(Path(__file__).parents[1]),
    }
    script = Path(__file__).with_name("zusteller.py")
    return subprocess.Popen([sys.executable, script], env=environment, stdout=subprocess.PIPE, text=True)


@contextmanager
def ohne_quittungen(settings: Settings) -> Iterator[None]:
    """Keep every delivery from recording receipts: it has sent, and waits."""
    engine = create_engine(str(settings.warehouse), poolclass=NullPool)
    with engine.connect() as owner, owner.begin():
        owner.exec_driver_sql("LOCK TABLE jobcenter.zustellung IN EXCLUSIVE MODE")
        yield


def warte_auf(settings: Settings, was: str, wie_viele: int = 1) -> None:
    """Wait until so many connections wait for a lock of this kind: ``relation`` or ``advisory``."""
    engine = create_engine(str(settings.warehouse), poolclass=NullPool)
    with engine.connect() as owner:
        for _ in range(600):
            with owner.begin():
                found = owner.exec_driver_sql(
                    "SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = %s", (was,)
                ).scalar_one()
            if found >= wie_viele:
                return
            time.sleep(0.05)
    raise AssertionError(f"niemand wartet auf {was}")


def inhalt(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder, hidden ones too."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def ohne_zeit(ergebnisse: Sequence[Ergebnis]) -> list[tuple[str, bool, tuple[str, ...]]]:
    """Return who got which files, and whether just now."""
    return [(e.empfaenger, e.neu, tuple(q.datei for q in e.quittungen)) for e in ergebnisse]
