"""Tiny archives for the tests of validation: a clean delivery as plain rows, and how to write it as an archive."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from etl import contract
from etl.extract.archive import ARCHIVE_MANIFEST, Archive, ArchivedTable, Delivery, content_sha256, open_archive

Row = dict[str, object]
Rows = dict[str, list[Row]]

MONATE = (dt.date(2026, 5, 1), dt.date(2026, 6, 1), dt.date(2026, 7, 1))
DATENSTAND = dt.datetime.fromisoformat("2026-08-20T06:00:00+02:00")
REFERENCE = "11732/probe-1"
VORLIEFERUNG = "11732/probe-0"
VORIGER_DATENSTAND = dt.datetime.fromisoformat("2026-08-19T06:00:00+02:00")
"""For the delivery before, May 2026 was final already: its counting day lay three months back."""


def euro(text: str) -> Decimal:
    return Decimal(text).quantize(Decimal("0.01"))


def tag(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def _leistung(person: str, bg: str, monat: dt.date, art: str, bedarf: str, *, minderung: str = "0") -> Row:
    return {
        "kundennummer": person,
        "bg_nummer": bg,
        "monat": monat,
        "leistungsart": art,
        "bedarf": euro(bedarf),
        "anspruch": euro(bedarf),
        "minderung": euro(minderung),
        "zahlung": euro(bedarf) - euro(minderung),
    }


def _person(key: str, geboren: str, geschlecht: str) -> Row:
    return {
        "kundennummer": key,
        "geburtsdatum": tag(geboren),
        "geschlecht": geschlecht,
        "staatsangehoerigkeit": "000",
        "familienstand": "LED",
        "schulabschluss": "Haupt",
        "berufsabschluss": "ohne",
        "schwerbehindert": False,
    }


def _mitglied(person: str, bg: str, rolle: str, erwerbsfaehig: bool, grund: str | None = None) -> Row:
    return {
        "kundennummer": person,
        "bg_nummer": bg,
        "von": tag("2025-01-01"),
        "bis": None,
        "rolle": rolle,
        "erwerbsfaehig": erwerbsfaehig,
        "ausschlussgrund": grund,
    }


def _bg(key: str, rang: int) -> Row:
    return {
        "bg_nummer": key,
        "gueltig_von": tag("2025-01-01"),
        "gueltig_bis": None,
        "aktenzeichen": f"az{rang}",
        "gemeinde_ags": "08317096",
        "geschaeftsstelle": "Mitte",
        "zustaendigkeit": "Team 1",
        "bg_rang": rang,
    }


def clean() -> Rows:
    """A delivery without any finding: two BGs over three months, and at least one row in every table.

    bg1 is a lone parent (p1) with a child (p2) and an excluded student (p4); bg2 is a single person (p3) whose
    benefit is reduced in July.
    """
    p1, p2, p3, p4 = "p1", "p2", "p3", "p4"
    leistung: list[Row] = []
    unterkunft: list[Row] = []
    for monat in MONATE:
        leistung += [_leistung(p1, "bg1", monat, "RB20", "563"), _leistung(p1, "bg1", monat, "KDU22_1", "300")]
        leistung += [_leistung(p2, "bg1", monat, "SOZ23", "390"), _leistung(p2, "bg1", monat, "KDU22_1", "300")]
        minderung = "56.30" if monat.month == 7 else "0"
        leistung += [_leistung(p3, "bg2", monat, "RB20", "563", minderung=minderung)]
        leistung += [_leistung(p3, "bg2", monat, "KDU22_1", "450")]
        unterkunft += [_unterkunft("bg1", monat, "700", 3), _unterkunft("bg2", monat, "450", 1)]
    return {
        "bedarfsgemeinschaft": [_bg("bg1", 1), _bg("bg2", 2)],
        "person": [
            _person(p1, "1990-02-03", "w"),
            _person(p2, "2016-04-05", "m"),
            _person(p3, "1980-06-07", "d"),
            _person(p4, "2004-08-09", "w"),
        ],
        "bg_mitglied": [
            _mitglied(p1, "bg1", "HP", True),
            _mitglied(p2, "bg1", "KI", False),
            _mitglied(p3, "bg2", "HP", True),
            _mitglied(p4, "bg1", "SO", True, "BAFOEG"),
        ],
        "leistung": leistung,
        "einkommen": [
            {
                "kundennummer": p2,
                "monat": MONATE[0],
                "einkommensart": "Sonstiges",
                "betrag_verfuegbar": euro("30"),
                "betrag_angerechnet": euro("0"),
            }
        ],
        "unterkunft": unterkunft,
        **_arbeit(p1, p3),
        "leistungsminderung": [
            {
                "minderung_id": "m1",
                "kundennummer": p3,
                "bg_nummer": "bg2",
                "grund": "MELDE",
                "betrag": euro("56.30"),
                "beginn": tag("2026-07-01"),
                "ende": tag("2026-07-31"),
            }
        ],
        "verfahren": [
            {
                "verfahren_id": "v1",
                "art": "W",
                "sachgebiet": "KdU",
                "eingang": tag("2026-05-04"),
                "erledigung": tag("2026-06-30"),
                "erledigungsart": "zurueckgewiesen",
            }
        ],
        "stichtag": [{"monat": MONATE[1], "stichtag": tag("2026-06-12")}],
    }


def _unterkunft(bg: str, monat: dt.date, kosten: str, personen: int) -> Row:
    return {
        "bg_nummer": bg,
        "monat": monat,
        "kosten_tatsaechlich": euro(kosten),
        "kosten_anerkannt": euro(kosten),
        "heizkosten_tatsaechlich": euro("80"),
        "heizkosten_anerkannt": euro("70"),
        "wohnflaeche_qm": Decimal("60.000000"),
        "personen_haushalt": personen,
    }


def _arbeit(p1: str, p3: str) -> Rows:
    return {
        "erwerbstaetigkeit": [
            {
                "erwerb_id": "e1",
                "kundennummer": p1,
                "art": "GERING",
                "beginn": tag("2026-01-01"),
                "ende": tag("2026-06-30"),
                "foerderung": None,
                "erfasst_am": tag("2026-01-05"),
            }
        ],
        "massnahme": [
            {
                "teilnahme_id": "t1",
                "kundennummer": p3,
                "instrument": "P16_45",
                "eintritt": tag("2026-06-01"),
                "austritt": tag("2026-07-15"),
                "kosten": euro("900"),
                "erfasst_am": tag("2026-06-01"),
            }
        ],
        "arbeitsmarktstatus": [
            {
                "kundennummer": p3,
                "von": tag("2025-01-01"),
                "bis": tag("2026-05-31"),
                "status": "ALO",
                "zugangsgrund": None,
                "abgangsgrund": None,
            },
            {
                "kundennummer": p3,
                "von": tag("2026-06-01"),
                "bis": None,
                "status": "ASU",
                "zugangsgrund": None,
                "abgangsgrund": None,
            },
        ],
    }


def write_previous(root: Path, rows: Rows) -> Archive:
    """Write ``rows`` as the delivery before the one that ``write`` writes below the same ``root``."""
    return write(root, rows, VORLIEFERUNG, VORIGER_DATENSTAND)


def write(root: Path, rows: Rows, reference: str = REFERENCE, erstellt_am: dt.datetime = DATENSTAND) -> Archive:
    """Write ``rows`` as an archived delivery below ``root``; NULL is written wherever a row holds it."""
    traeger, lieferung = reference.split("/")
    folder = root / reference
    folder.mkdir(parents=True)
    tables: dict[str, dict[str, Any]] = {}
    for name, table in contract.TABLES.items():
        fields = [pa.field(field.name, field.type) for field in table.arrow_schema]
        if name == "bedarfsgemeinschaft":
            fields.append(pa.field("bg_rang", pa.int32()))
        data = pa.Table.from_pylist(copy.deepcopy(rows[name]), schema=pa.schema(fields))
        path = folder / f"{name}.parquet"
        pq.write_table(data, path)
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        tables[name] = {"rows": data.num_rows, "file_sha256": digest, "content_sha256": digest}
    described = {name: ArchivedTable(**table) for name, table in tables.items()}
    content = content_sha256(Delivery(lieferung, traeger, erstellt_am), described)
    manifest = {
        "lieferung_id": lieferung,
        "traegernummer": traeger,
        "erstellt_am": erstellt_am.isoformat(),
        "content_sha256": content,
        "tables": tables,
    }
    (folder / ARCHIVE_MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    return open_archive(root, reference)
