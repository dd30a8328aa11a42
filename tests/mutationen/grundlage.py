"""What every mutation starts from: sound deliveries, a home that knows the month before, a warehouse to copy."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

import psycopg
import pyarrow.parquet as pq
from psycopg import sql
from sqlalchemy import make_url

from etl import pipeline
from etl.demo import DemoRequest, generate
from etl.monat import Monat
from etl.settings import Settings
from etl.warehouse.embedded import ensure_database
from mutationen.operatoren import FORMEN, Form
from mutationen.zweite_lesung import Gelesen, lies

MONAT = Monat(2026, 8)
_MONATE, _PERSONEN, _SEED = 5, 50, 4
VORLAGE = "vorlage"
Zelle = tuple[str, str, str, str]
Zellen = Mapping[Zelle, tuple[Decimal | None, int]]
"""(berichtsmonat, groesse, merkmal, auspraegung) to (wert, wartezeit)."""


@dataclass(frozen=True)
class Grundlage:
    """Where the sound deliveries and the template of a home lie, and what they give."""

    ordner: Path
    server: str
    gelesen: Gelesen
    zellen: Zellen
    inhalte: Mapping[str, str]
    """Table to hash of the archived rows."""
    warehouse: Mapping[str, str]
    """Table of the warehouse to a hash of its rows, before the delivery comes."""
    geheim: frozenset[str]
    """Keys and birth dates: what no message may hold."""

    def lieferung(self, form: Form) -> Path:
        """The sound delivery in one form."""
        return self.ordner / ("gesund.zip" if form == "zip" else form)

    @property
    def home(self) -> Path:
        """The home in which the delivery of the month before is archived."""
        return self.ordner / "home"


def bereite(ordner: Path, server: str) -> Grundlage:
    """Invent the job centre, load the month before, count the sound delivery in every form."""
    vormonat = _erfinde(ordner / "vormonat", MONAT.shift(-1), "csv")
    _erfinde(ordner / "csv", MONAT, "csv")
    _erfinde(ordner / "parquet", MONAT, "parquet")
    with zipfile.ZipFile(ordner / "gesund.zip", "w", zipfile.ZIP_DEFLATED) as gepackt:
        for pfad in sorted((ordner / "csv").iterdir()):
            gepackt.write(pfad, pfad.name)
    settings = Settings(home=ordner / "home", warehouse=ensure_database(server, VORLAGE))
    _lade(settings, vormonat, MONAT.shift(-1))
    warehouse = abdruck(server, VORLAGE)
    zellen, inhalte = _gezaehlt(ordner, server)
    gelesen = lies(ordner / "csv")
    return Grundlage(ordner, server, gelesen, zellen, inhalte, warehouse, frozenset(_geheim(gelesen)))


def _erfinde(ordner: Path, bis: Monat, art: Literal["csv", "parquet"]) -> Path:
    monate = _MONATE + bis.months_since(MONAT)
    return generate(DemoRequest(bis=bis, monate=monate, personen=_PERSONEN, seed=_SEED, format=art), ordner)


def _lade(settings: Settings, lieferung: Path, monat: Monat) -> str:
    reference = pipeline.extract(settings, str(lieferung))
    pipeline.validate(settings, reference)
    pipeline.figures(settings, reference, monat)
    pipeline.load(settings, reference, monat)
    return reference


def _gezaehlt(ordner: Path, server: str) -> tuple[Zellen, Mapping[str, str]]:
    """Run the sound delivery in every form: all give the same, and the gate is open."""
    gefunden = []
    for form in FORMEN:
        home = ordner / f"probe-{form}"
        shutil.copytree(ordner / "home", home)
        with kopie(server, f"probe_{form}") as url:
            settings = Settings(home=home, warehouse=url)
            quelle = ordner / ("gesund.zip" if form == "zip" else form)
            reference = _lade(settings, quelle, MONAT)
        gefunden.append((zellen(settings, reference), inhalte(settings, reference)))
        # What was judged once is judged: an outcome of the same content is taken as it is, and costs no time again.
        for kept in ("pruefung", "befunde"):
            shutil.copytree(home / kept, ordner / "home" / kept, dirs_exist_ok=True)
        shutil.rmtree(home)
    if any(eine != gefunden[0] for eine in gefunden):
        raise SystemExit("Die gesunden Lieferungen ergeben nicht dasselbe.")
    return gefunden[0]


def zellen(settings: Settings, reference: str) -> Zellen:
    """Read the computed cells of a delivery."""
    tabelle = pq.read_table(settings.cells / reference / f"{MONAT}.parquet")
    spalten = ("berichtsmonat", "groesse", "merkmal", "auspraegung", "wert", "wartezeit")
    return {
        (monat, groesse, merkmal, code): (wert, wartezeit)
        for monat, groesse, merkmal, code, wert, wartezeit in zip(
            *(tabelle.column(name).to_pylist() for name in spalten), strict=True
        )
    }


def inhalte(settings: Settings, reference: str) -> dict[str, str]:
    """Return the hash of the archived rows per table."""
    from etl.extract.archive import open_archive

    return {name: table.content_sha256 for name, table in open_archive(settings.archive, reference).tables.items()}


def _geheim(gelesen: Gelesen) -> Iterator[str]:
    schluessel = (
        "kundennummer",
        "bg_nummer",
        "aktenzeichen",
        "erwerb_id",
        "teilnahme_id",
        "minderung_id",
        "verfahren_id",
    )
    for zeilen in gelesen.tabellen.values():
        for zeile in zeilen:
            yield from (str(zeile[name]) for name in schluessel if name in zeile)
    for person in gelesen.tabellen["person"]:
        geboren = person["geburtsdatum"]
        assert isinstance(geboren, dt.date)
        yield from (f"{geboren:%Y-%m-%d}", f"{geboren:%d.%m.%Y}")


def verbunden(server: str, datenbank: str) -> psycopg.Connection[tuple[object, ...]]:
    """Connect to a database of the server."""
    url = make_url(server)
    return psycopg.connect(
        host=url.host, port=url.port, user=url.username, password=url.password, dbname=datenbank, autocommit=True
    )


@contextmanager
def kopie(server: str, name: str) -> Iterator[str]:
    """Yield the URL of a fresh copy of the template database, gone afterwards."""
    with verbunden(server, "postgres") as verbindung:
        verbindung.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        verbindung.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(VORLAGE))
        )
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            verbindung.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def abdruck(server: str, datenbank: str) -> dict[str, str]:
    """Return a hash of the rows of every table of the warehouse."""
    with verbunden(server, datenbank) as verbindung:
        namen = verbindung.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'jobcenter' ORDER BY 1"
        ).fetchall()
        frage = sql.SQL(
            "SELECT count(*) || ' ' || coalesce(md5(string_agg(z::text, E'\\n' ORDER BY z::text)), '') FROM {} z"
        )
        return {
            str(name): str(verbindung.execute(frage.format(sql.Identifier("jobcenter", str(name)))).fetchall()[0][0])
            for (name,) in namen
        }
