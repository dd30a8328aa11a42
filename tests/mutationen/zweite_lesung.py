"""The source contract read a second time: what a delivery says, or that it breaks the contract. No code of etl in it.

It decides what an accepted delivery must have meant (its rows go to the reference, and are compared with the archive),
and whether a delivery was rejected that keeps the contract. ``quellvertrag.json`` is the published contract itself.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

Zeilen = list[dict[str, object]]

_VERTRAG = json.loads(
    (Path(__file__).parents[2] / "etl" / "contract" / "quellvertrag.json").read_text(encoding="utf-8")
)["resources"]
_SPALTEN: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    tabelle["name"]: {spalte["name"]: spalte for spalte in tabelle["schema"]["fields"]} for tabelle in _VERTRAG
}
_SCHLUESSEL = {tabelle["name"]: tuple(tabelle["schema"]["primaryKey"]) for tabelle in _VERTRAG}
_ZAHL = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?")
_DATUM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_GROESSTER_BETRAG = Decimal(10) ** 10
_GROESSTE_FLAECHE = Decimal(10) ** 12


class VertragsbruchError(Exception):
    """The delivery breaks the contract; the text says where."""


@dataclass(frozen=True)
class Gelesen:
    """What a delivery says: its manifest's scalar fields and the rows of every table in contract types."""

    kennung: tuple[str, str]
    erstellt_am: dt.datetime
    tabellen: Mapping[str, Zeilen]

    @property
    def inhalt(self) -> Mapping[str, list[str]]:
        """The rows in an order of their own: equal exactly when two deliveries hold the same rows."""
        return {name: sorted(repr(sorted(zeile.items())) for zeile in zeilen) for name, zeilen in self.tabellen.items()}


def lies(lieferung: Path) -> Gelesen:
    """Read a folder or zip; ``VertragsbruchError`` when it breaks the contract."""
    try:
        dateien = _aus_zip(lieferung) if lieferung.is_file() else _aus_ordner(lieferung)
        return _geprueft(dateien)
    except VertragsbruchError:
        raise
    except Exception as fehler:
        raise VertragsbruchError(type(fehler).__name__) from fehler


def _aus_ordner(ordner: Path) -> dict[str, bytes]:
    gefunden = {}
    for pfad in sorted(ordner.iterdir()):
        if pfad.is_symlink() or (pfad.exists() and not pfad.is_file()):
            _verlange(pfad.suffix not in (".csv", ".parquet", ".json"), f"{pfad.name} ist keine Datei")
            continue
        gefunden[pfad.name] = pfad.read_bytes()
    return gefunden


def _aus_zip(pfad: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(pfad) as gepackt:
        namen = [name for name in gepackt.namelist() if not name.endswith("/")]
        _verlange(len(set(namen)) == len(namen), "ein Name steht zweimal in der Zip-Datei")
        _verlange(all("/" not in name and "\\" not in name for name in namen), "ein Name mit Pfad")
        verknuepft = any((eintrag.external_attr >> 16) & 0o170000 == 0o120000 for eintrag in gepackt.infolist())
        _verlange(not verknuepft, "eine Verknüpfung")
        return {name: gepackt.read(name) for name in namen}


def _geprueft(dateien: Mapping[str, bytes]) -> Gelesen:
    manifest = json.loads(dateien["lieferung.json"].decode("utf-8-sig"), object_pairs_hook=_eindeutig)
    _verlange(manifest["vertrag"] == "1.0", "vertrag")
    for feld in ("lieferung_id", "traegernummer"):
        _verlange(isinstance(manifest[feld], str) and bool(manifest[feld].strip()), feld)
    moment = dt.datetime.fromisoformat(manifest["erstellt_am"])
    _verlange(moment.tzinfo is not None, "erstellt_am ohne Zeitzone")
    angekuendigt = {}
    for eintrag in manifest["dateien"]:
        name = eintrag["tabelle"]
        _verlange(name in _SPALTEN and name not in angekuendigt, "dateien")
        _verlange(eintrag["datei"] in (f"{name}.csv", f"{name}.parquet"), f"{name}: datei")
        inhalt = dateien[eintrag["datei"]]
        _verlange(hashlib.sha256(inhalt).hexdigest() == eintrag["sha256"].lower(), f"{name}: sha256")
        angekuendigt[name] = _tabelle(name, eintrag["datei"], inhalt)
        _verlange(len(angekuendigt[name]) == eintrag["zeilen"] and eintrag["zeilen"] is not True, f"{name}: zeilen")
    fehlend = set(_SPALTEN) - set(angekuendigt) - {"stichtag"}
    _verlange(not fehlend, f"es fehlt {sorted(fehlend)}")
    uebrig = {name for name in dateien if Path(name).suffix.lower() in (".csv", ".parquet")}
    _verlange(uebrig == {eintrag["datei"] for eintrag in manifest["dateien"]}, "eine Datei zu viel")
    _pruefe_schluessel(angekuendigt)
    tabellen = {name: angekuendigt.get(name, []) for name in _SPALTEN}
    return Gelesen((manifest["traegernummer"], manifest["lieferung_id"]), moment, tabellen)


def _eindeutig(paare: list[tuple[str, object]]) -> dict[str, object]:
    _verlange(len({name for name, _ in paare}) == len(paare), "ein Feld des Manifests steht zweimal da")
    return dict(paare)


def _tabelle(name: str, datei: str, inhalt: bytes) -> Zeilen:
    kopf, zeilen = _csv(inhalt) if datei.endswith(".csv") else _parquet(inhalt)
    spalten = _SPALTEN[name]
    fremd = [spalte for spalte in kopf if spalte not in spalten and not spalte.startswith("x_")]
    _verlange(not fremd and all(kopf.count(spalte) == 1 for spalte in spalten), f"{name}: Spalten")
    stellen = {spalte: kopf.index(spalte) for spalte in spalten}
    return [
        {spalte: _wert(name, nummer, spalten[spalte], zeile[stelle]) for spalte, stelle in stellen.items()}
        for nummer, zeile in enumerate(zeilen, start=1)
    ]


def _csv(inhalt: bytes) -> tuple[list[str], Sequence[Sequence[object]]]:
    csv.field_size_limit(2**31 - 1)
    # Lines end with LF or CR LF (RFC 4180); a CR alone is no end of a line.
    physisch = io.StringIO(inhalt.decode("utf-8-sig"), newline="\n")
    zeilen = list(csv.reader(physisch, strict=True))
    _verlange(bool(zeilen), "leere Datei")
    gefuellt = [zeile for zeile in zeilen[1:] if zeile]  # empty lines are no rows; the manifest's count guards them
    _verlange(all(len(zeile) == len(zeilen[0]) for zeile in gefuellt), "Zahl der Felder")
    return zeilen[0], gefuellt


def _parquet(inhalt: bytes) -> tuple[list[str], Sequence[Sequence[object]]]:
    tabelle = pq.ParquetFile(pa.BufferReader(inhalt)).read()
    tabelle.validate(full=True)
    spalten = [spalte.to_pylist() for spalte in tabelle.columns]
    return list(tabelle.schema.names), list(zip(*spalten, strict=True))


def _wert(tabelle: str, zeile: int, spalte: Mapping[str, Any], wert: object) -> object:
    ort = f"{tabelle}, Zeile {zeile}, Spalte {spalte['name']}"
    grenzen = spalte.get("constraints", {})
    if isinstance(wert, bytes):
        wert = wert.decode("utf-8")
    if wert in (None, ""):
        _verlange(not grenzen.get("required"), f"{ort}: leer")
        return None
    typ = spalte["type"]
    gelesen = _AUS_TEXT[typ](wert) if isinstance(wert, str) else _AUS_TYP[typ](wert)
    _verlange(gelesen is not None, f"{ort}: Typ")
    if isinstance(gelesen, Decimal):
        flaeche = spalte["name"] == "wohnflaeche_qm"
        groesster, stellen = (_GROESSTE_FLAECHE, 6) if flaeche else (_GROESSTER_BETRAG, 2)
        _verlange(gelesen == round(gelesen, stellen) and abs(gelesen) < groesster, f"{ort}: Betrag")
        gelesen = round(gelesen, stellen)
    if "enum" in grenzen:
        _verlange(gelesen in grenzen["enum"], f"{ort}: Code")
    if "pattern" in grenzen:
        _verlange(re.fullmatch(grenzen["pattern"], str(gelesen), re.ASCII) is not None, f"{ort}: Form")
    if spalte["name"] == "monat":
        _verlange(isinstance(gelesen, dt.date) and gelesen.day == 1, f"{ort}: Monatserster")
    return gelesen


def _datum(text: str) -> dt.date | None:
    return dt.date.fromisoformat(text) if _DATUM.fullmatch(text) else None


_AUS_TEXT: Mapping[str, Any] = {
    "string": lambda text: text,
    "date": _datum,
    "number": lambda text: Decimal(text) if _ZAHL.fullmatch(text) else None,
    "integer": lambda text: int(text) if re.fullmatch(r"-?[0-9]{1,9}", text) else None,
    "boolean": {"true": True, "false": False}.get,
}


def _tag(wert: object) -> dt.date | None:
    if isinstance(wert, dt.datetime):
        return wert.date() if wert.tzinfo is None and wert.time() == dt.time() else None
    return wert if isinstance(wert, dt.date) else None


def _betrag(wert: object) -> Decimal | None:
    if isinstance(wert, bool) or not isinstance(wert, (int, float, Decimal)):
        return None
    if not isinstance(wert, float):
        return Decimal(wert)
    genau = Decimal(repr(wert))
    # A binary number means the cent it is nearest to.
    return round(genau, 2) if genau.is_finite() and abs(genau - round(genau, 2)) < Decimal("0.000001") else genau


def _ganz(wert: object) -> int | None:
    zahl = Decimal(wert) if isinstance(wert, float) else _betrag(wert)
    return int(zahl) if zahl is not None and zahl == int(zahl) and abs(zahl) < 2**31 else None


_AUS_TYP: Mapping[str, Any] = {
    "string": lambda _: None,
    "date": _tag,
    "number": _betrag,
    "integer": _ganz,
    "boolean": lambda wert: wert if isinstance(wert, bool) else None,
}


def _pruefe_schluessel(tabellen: Mapping[str, Zeilen]) -> None:
    for name, zeilen in tabellen.items():
        schluessel = [tuple(zeile[spalte] for spalte in _SCHLUESSEL[name]) for zeile in zeilen]
        _verlange(len(set(schluessel)) == len(schluessel), f"{name}: Schlüssel doppelt")
    for spalte, stamm in (("kundennummer", "person"), ("bg_nummer", "bedarfsgemeinschaft")):
        bekannt = {zeile[spalte] for zeile in tabellen[stamm]}
        for name, zeilen in tabellen.items():
            if spalte in _SPALTEN[name]:
                _verlange(all(zeile[spalte] in bekannt for zeile in zeilen), f"{name}: {spalte} ohne Stammsatz")


def _verlange(erfuellt: bool, sonst: str) -> None:
    if not erfuellt:
        raise VertragsbruchError(sonst)
