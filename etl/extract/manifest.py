"""The manifest ``lieferung.json``: who delivers, as of when, and which files with which hash and row count."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from etl.contract import MANIFEST, TABLES, VERSION
from etl.errors import ContractBreachError
from etl.extract.archive import Delivery

_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
"""No path, no option of a command, no formula of a spreadsheet. The contract says "text" and leaves the rest open."""
_FIRST_YEAR, _LAST_YEAR = 2005, 2199
"""The SGB II began in 2005. A Datenstand far ahead would make every provisional figure a final one."""


@dataclass(frozen=True)
class DeliveredFile:
    """One file as the manifest announces it."""

    table: str
    name: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """A manifest that has passed every check that needs no file."""

    delivery: Delivery
    files: Mapping[str, DeliveredFile]


def parse_manifest(content: bytes) -> Manifest:
    """Read and check ``lieferung.json``; every breach is a ``ContractBreachError`` naming the field."""
    try:
        data = json.loads(content.decode("utf-8-sig"), object_pairs_hook=_unambiguous)
    except (ValueError, RecursionError):  # no UTF-8, no JSON, a number of thousands of digits
        raise _breach("ist kein lesbares JSON in UTF-8.") from None
    if not isinstance(data, dict):
        raise _breach("ist kein JSON-Objekt.")
    fields = cast("dict[str, object]", data)
    entries = fields.get("dateien")
    if not isinstance(entries, list):
        raise _breach("Feld „dateien“ fehlt oder ist keine Liste.")
    files = [_file(entry, number) for number, entry in enumerate(entries, start=1)]
    _check_tables([file.table for file in files])
    return Manifest(parse_delivery(fields), {file.table: file for file in files})


def _unambiguous(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """Refuse a name that stands twice in an object: readers of JSON do not agree which one counts."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise _breach("nennt ein Feld zweimal.")
    return fields


def parse_delivery(fields: Mapping[str, object]) -> Delivery:
    """Check the scalar fields, of a manifest or of the one row of a source schema's table ``lieferung``."""
    if _text(fields, "vertrag") != VERSION:
        raise _breach(f"Feld „vertrag“: dieser Stand liest den Vertrag „{VERSION}“.")
    return Delivery(
        lieferung_id=_identifier(fields, "lieferung_id"),
        traegernummer=_identifier(fields, "traegernummer"),
        erstellt_am=_timestamp(fields.get("erstellt_am")),
    )


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not value.strip() or len(value) > 100 or not value.isprintable():
        raise _breach(f"Feld „{name}“ fehlt oder ist kein Text mit 1 bis 100 druckbaren Zeichen.")
    return value


def _identifier(fields: Mapping[str, object], name: str) -> str:
    """Return a text that names the delivery everywhere: in folders, reports, tables, addresses and commands."""
    value = fields.get(name)
    if not isinstance(value, str) or not _IDENTIFIER.fullmatch(value):
        raise _breach(
            f"Feld „{name}“ fehlt oder ist keine Kennung aus 1 bis 100 Buchstaben (ohne Umlaute), Ziffern, Punkten, "
            "Unterstrichen und Bindestrichen, die mit einem Buchstaben oder einer Ziffer beginnt."
        )
    return value


def _timestamp(value: object) -> dt.datetime:
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value)
        except ValueError:
            value = None
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        raise _breach("Feld „erstellt_am“ fehlt oder ist kein Zeitpunkt mit Zeitzone (etwa 2026-08-31T06:00:00+02:00).")
    if not _FIRST_YEAR <= value.year <= _LAST_YEAR:
        raise _breach(f"Feld „erstellt_am“ liegt nicht in den Jahren {_FIRST_YEAR} bis {_LAST_YEAR}.")
    return value


def _file(entry: object, number: int) -> DeliveredFile:
    if not isinstance(entry, dict):
        raise _breach(f"Eintrag {number} in „dateien“ ist kein Objekt.")
    table, name, rows, sha256 = (entry.get(key) for key in ("tabelle", "datei", "zeilen", "sha256"))
    if not isinstance(table, str) or table not in TABLES:
        raise _breach(f"Eintrag {number} in „dateien“ nennt eine Tabelle, die der Vertrag nicht kennt.")
    # One fixed name per table leaves no room for paths, links or devices.
    if name not in (f"{table}.csv", f"{table}.parquet"):
        raise ContractBreachError(
            f"Der Dateiname in {MANIFEST} muss {table}.csv oder {table}.parquet lauten, ohne Pfad.",
            table=table,
            abschnitt="manifest",
        )
    if not isinstance(rows, int) or isinstance(rows, bool) or rows < 0:
        raise ContractBreachError(f"„zeilen“ in {MANIFEST} ist keine Anzahl.", table=table, abschnitt="manifest")
    if not isinstance(sha256, str) or not re.fullmatch(r"[0-9a-fA-F]{64}", sha256):
        raise ContractBreachError(
            f"„sha256“ in {MANIFEST} ist keine SHA-256-Prüfsumme.", table=table, abschnitt="manifest"
        )
    return DeliveredFile(table, str(name), rows, sha256.lower())


def _check_tables(tables: list[str]) -> None:
    for table in TABLES.values():
        count = tables.count(table.name)
        if count > 1:
            raise ContractBreachError(
                f"Die Tabelle steht {count}-mal in {MANIFEST}.", table=table.name, abschnitt="manifest"
            )
        if count == 0 and not table.optional:
            raise ContractBreachError(f"Die Tabelle fehlt in {MANIFEST}.", table=table.name, abschnitt="manifest")


def _breach(what: str) -> ContractBreachError:
    return ContractBreachError(
        f"Das Manifest {MANIFEST} der Lieferung: {what}",
        hint="Die Lieferung neu exportieren lassen; das Manifest nicht von Hand ändern.",
        abschnitt="manifest",
    )
