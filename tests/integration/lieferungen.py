"""A small valid delivery with a row in every table, and the means to break it."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

from reference.delivery import Rows, write_delivery

ERSTELLT_AM = dt.datetime(2024, 3, 28, 6, 0, tzinfo=dt.timezone(dt.timedelta(hours=1)))
KANARIE = "KANARIE-4711"
"""Kundennummer of a person that must never be seen outside the delivery."""
KANARIE_GEBURT = dt.date(1987, 6, 5)


def _leistung(kundennummer: str, bg: str, monat: dt.date, art: str, anspruch: str) -> dict[str, object]:
    amount = Decimal(anspruch)
    return {
        "kundennummer": kundennummer,
        "bg_nummer": bg,
        "monat": monat,
        "leistungsart": art,
        "bedarf": amount,
        "anspruch": amount,
        "minderung": Decimal("0.00"),
        "zahlung": amount,
    }


def tabellen() -> dict[str, Rows]:
    """Two persons, two Bedarfsgemeinschaften, three months; keys with a leading zero and an umlaut."""
    monate = [dt.date(2024, month, 1) for month in (1, 2, 3)]
    beginn = dt.date(2023, 11, 1)
    return {
        "bedarfsgemeinschaft": [
            {
                "bg_nummer": bg,
                "gueltig_von": beginn,
                "gueltig_bis": None,
                "aktenzeichen": f"AZ {bg}",
                "gemeinde_ags": ags,
                "geschaeftsstelle": stelle,
                "zustaendigkeit": "Team 1",
            }
            for bg, ags, stelle in (("001", "08317096", "Offenburg"), ("Ä02", "08317065", "Lahr"))
        ],
        "person": [
            {
                "kundennummer": nummer,
                "geburtsdatum": geburt,
                "geschlecht": geschlecht,
                "staatsangehoerigkeit": "000",
                "familienstand": "LED",
                "schulabschluss": None,
                "berufsabschluss": 'Text mit "Komma", und\nZeilenumbruch',
                "schwerbehindert": False,
            }
            for nummer, geburt, geschlecht in ((KANARIE, KANARIE_GEBURT, "w"), ("0002", dt.date(1990, 2, 28), "m"))
        ],
        "bg_mitglied": [
            {
                "kundennummer": nummer,
                "bg_nummer": bg,
                "von": beginn,
                "bis": None,
                "rolle": "HP",
                "erwerbsfaehig": True,
                "ausschlussgrund": None,
            }
            for nummer, bg in ((KANARIE, "001"), ("0002", "Ä02"))
        ],
        "leistung": [
            _leistung(nummer, bg, monat, art, anspruch)
            for nummer, bg in ((KANARIE, "001"), ("0002", "Ä02"))
            for monat in monate
            for art, anspruch in (("RB20", "563.00"), ("KDU22_1", "412.50"))
        ],
        "einkommen": [
            {
                "kundennummer": "0002",
                "monat": monate[0],
                "einkommensart": "Erwerbseinkommen",
                "betrag_verfuegbar": Decimal("100.00"),
                "betrag_angerechnet": Decimal("0.00"),
            }
        ],
        "unterkunft": [
            {
                "bg_nummer": "001",
                "monat": monate[0],
                "kosten_tatsaechlich": Decimal("350.00"),
                "kosten_anerkannt": Decimal("350.00"),
                "heizkosten_tatsaechlich": Decimal("62.50"),
                "heizkosten_anerkannt": Decimal("62.50"),
                "wohnflaeche_qm": Decimal("45.5"),
                "personen_haushalt": 1,
            }
        ],
        "erwerbstaetigkeit": [
            {
                "erwerb_id": "E1",
                "kundennummer": "0002",
                "art": "SVP",
                "beginn": dt.date(2024, 2, 1),
                "ende": None,
                "foerderung": None,
                "erfasst_am": dt.date(2024, 2, 5),
            }
        ],
        "massnahme": [
            {
                "teilnahme_id": "T1",
                "kundennummer": KANARIE,
                "instrument": "P16_45",
                "eintritt": dt.date(2024, 1, 10),
                "austritt": dt.date(2024, 2, 9),
                "kosten": Decimal("900.00"),
                "erfasst_am": dt.date(2024, 1, 12),
            }
        ],
        "leistungsminderung": [
            {
                "minderung_id": "M1",
                "kundennummer": "0002",
                "bg_nummer": "Ä02",
                "grund": "MELDE",
                "betrag": Decimal("56.30"),
                "beginn": dt.date(2024, 4, 1),
                "ende": dt.date(2024, 4, 30),
            }
        ],
        "arbeitsmarktstatus": [
            {
                "kundennummer": KANARIE,
                "von": beginn,
                "bis": None,
                "status": "ALO",
                "zugangsgrund": None,
                "abgangsgrund": None,
            }
        ],
        "verfahren": [
            {
                "verfahren_id": "V1",
                "art": "W",
                "sachgebiet": "Unterkunft",
                "eingang": dt.date(2024, 1, 3),
                "erledigung": None,
                "erledigungsart": None,
            }
        ],
        "stichtag": [{"monat": monate[1], "stichtag": dt.date(2024, 2, 13)}],
    }


def gueltig(folder: Path, lieferung_id: str = "lieferung-1") -> Path:
    """Write the valid delivery."""
    return write_delivery(folder, tabellen(), ERSTELLT_AM, lieferung_id)


def geaendert(folder: Path, table: str, change: Callable[[str], str], *, encoding: str = "utf-8") -> Path:
    """Write the valid delivery with the text of one CSV file changed and its hash and row count made to fit."""
    gueltig(folder)
    path = folder / f"{table}.csv"
    text = change(path.read_text(encoding="utf-8"))
    path.write_bytes(text.encode(encoding))
    manifest = json.loads((folder / "lieferung.json").read_text(encoding="utf-8"))
    for entry in manifest["dateien"]:
        if entry["tabelle"] == table:
            entry["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (folder / "lieferung.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def manifest_geaendert(folder: Path, change: Callable[[dict[str, Any]], object]) -> Path:
    """Write the valid delivery with a changed manifest."""
    gueltig(folder)
    path = folder / "lieferung.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    change(manifest)
    path.write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def gezippt(folder: Path, path: Path) -> Path:
    """Pack a delivery folder."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.iterdir()):
            archive.write(file, file.name)
    return path
