"""A canary: a person whose key and birth date must not turn up anywhere outside the archive, and how to look for it."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from reference.delivery import Rows, write_delivery

MONAT = "2025-06"
KENNWORT = "KANARI-kennwort"
SPUREN = ("KANARI", "1973-10-17", "17.10.1973", "1973, 10, 17", "19731017")
"""What to look for: keys, case number and password contain KANARI; the others are the birth date."""

_GEBURTSDATUM = dt.date(1973, 10, 17)
_BEGINN = dt.date(2024, 1, 1)


def kanarienlieferung(
    folder: Path,
    lieferung_id: str = "probe-1",
    *,
    geschlecht: str = "w",
    kind_geboren: dt.date = dt.date(2018, 5, 4),
    erstellt_am: dt.datetime = dt.datetime(2025, 7, 10, 6, 0, tzinfo=dt.UTC),
) -> Path:
    """Write a delivery of one household, made on a day of July or later: the canary, of the given sex, and a child.

    They get benefits from January to July of that year.
    """
    eltern, kind, bg = "KANARI0001", "KANARI0002", "KANARIBG01"
    tables: dict[str, Rows] = {
        "bedarfsgemeinschaft": [
            {
                "bg_nummer": bg,
                "gueltig_von": _BEGINN,
                "gueltig_bis": None,
                "aktenzeichen": "KANARIAZ1",
                "gemeinde_ags": "08317096",
                "geschaeftsstelle": "GS1",
                "zustaendigkeit": "T1",
            }
        ],
        "person": [
            _person(eltern, _GEBURTSDATUM, geschlecht),
            _person(kind, kind_geboren, "m"),
        ],
        "bg_mitglied": [
            _mitglied(eltern, bg, "HP", erwerbsfaehig=True),
            _mitglied(kind, bg, "KI", erwerbsfaehig=False),
        ],
        "leistung": [
            _leistung(person, bg, dt.date(erstellt_am.year, month, 1))
            for person in (eltern, kind)
            for month in range(1, 8)
        ],
    }
    return write_delivery(folder, tables, erstellt_am, lieferung_id)


def _person(kundennummer: str, geburtsdatum: dt.date, geschlecht: str) -> dict[str, object]:
    return {
        "kundennummer": kundennummer,
        "geburtsdatum": geburtsdatum,
        "geschlecht": geschlecht,
        "staatsangehoerigkeit": "000",
        "familienstand": "LED",
        "schulabschluss": None,
        "berufsabschluss": None,
        "schwerbehindert": False,
    }


def _mitglied(kundennummer: str, bg_nummer: str, rolle: str, *, erwerbsfaehig: bool) -> dict[str, object]:
    return {
        "kundennummer": kundennummer,
        "bg_nummer": bg_nummer,
        "von": _BEGINN,
        "bis": None,
        "rolle": rolle,
        "erwerbsfaehig": erwerbsfaehig,
        "ausschlussgrund": None,
    }


def _leistung(kundennummer: str, bg_nummer: str, monat: dt.date) -> dict[str, object]:
    return {
        "kundennummer": kundennummer,
        "bg_nummer": bg_nummer,
        "monat": monat,
        "leistungsart": "RB20",
        "bedarf": Decimal("390.00"),
        "anspruch": Decimal("390.00"),
        "minderung": Decimal("0.00"),
        "zahlung": Decimal("390.00"),
    }


def spuren_in_text(text: str) -> list[str]:
    """Return the traces of the canary in ``text``."""
    return [spur for spur in SPUREN if spur.lower() in text.lower()]


def spuren_in_dateien(folder: Path) -> list[str]:
    """Return ``file: trace`` for every file below ``folder``; packed files (workbooks) are looked into."""
    return [
        f"{name}: {spur}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        for name, content in _inhalte(path)
        for spur in spuren_in_text(f"{name} {content.decode('utf-8', errors='replace')}")
    ]


def _inhalte(path: Path) -> Iterator[tuple[str, bytes]]:
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as packed:
            for name in packed.namelist():
                yield f"{path.name}/{name}", packed.read(name)
    else:
        yield path.name, path.read_bytes()


def spuren_in_datenbank(url: str) -> list[str]:
    """Return ``table: trace`` for every row of every table in the database."""
    server = make_url(url)
    found = []
    with psycopg.connect(
        host=server.host, port=server.port, user=server.username, password=server.password, dbname=server.database
    ) as connection:
        tables = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in sorted(tables):
            query = sql.SQL("SELECT zeile::text FROM {} AS zeile").format(sql.Identifier(schema, table))
            for (zeile,) in connection.execute(query):
                found += [f"{schema}.{table}: {spur}" for spur in spuren_in_text(zeile)]
    return found
