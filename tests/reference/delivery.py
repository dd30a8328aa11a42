"""A delivery on disk: the contract's CSV files and their manifest, from rows with Python types."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: tuple(columns.split())
    for table, columns in {
        "bedarfsgemeinschaft": "bg_nummer gueltig_von gueltig_bis aktenzeichen gemeinde_ags"
        " geschaeftsstelle zustaendigkeit",
        "person": "kundennummer geburtsdatum geschlecht staatsangehoerigkeit familienstand schulabschluss"
        " berufsabschluss schwerbehindert",
        "bg_mitglied": "kundennummer bg_nummer von bis rolle erwerbsfaehig ausschlussgrund",
        "leistung": "kundennummer bg_nummer monat leistungsart bedarf anspruch minderung zahlung",
        "einkommen": "kundennummer monat einkommensart betrag_verfuegbar betrag_angerechnet",
        "unterkunft": "bg_nummer monat kosten_tatsaechlich kosten_anerkannt heizkosten_tatsaechlich"
        " heizkosten_anerkannt wohnflaeche_qm personen_haushalt",
        "erwerbstaetigkeit": "erwerb_id kundennummer art beginn ende foerderung erfasst_am",
        "massnahme": "teilnahme_id kundennummer instrument eintritt austritt kosten erfasst_am",
        "leistungsminderung": "minderung_id kundennummer bg_nummer grund betrag beginn ende",
        "arbeitsmarktstatus": "kundennummer von bis status zugangsgrund abgangsgrund",
        "verfahren": "verfahren_id art sachgebiet eingang erledigung erledigungsart",
        "stichtag": "monat stichtag",
    }.items()
}

Rows = list[dict[str, object]]


@dataclass(frozen=True, repr=False)
class Fall:
    """One delivery: rows per table, and its Datenstand."""

    tables: Mapping[str, Rows]
    erstellt_am: dt.datetime

    def __repr__(self) -> str:
        """Show a failing delivery as short CSV: runs of equal money as one line, columns nobody counts left out."""
        lines = [f"erstellt_am {self.erstellt_am.isoformat()}"]
        for table, rows in self.tables.items():
            columns = [column for column in COLUMNS[table] if column not in _NOT_COUNTED]
            header = [column for column in columns if column != "monat"]
            lines += ["", table, "  " + " | ".join([*header, "monat" if "monat" in columns else ""])]
            months: dict[tuple[str, ...], list[str]] = {}
            for row in rows:
                rest = tuple(str(_field(row[column])) for column in header)
                months.setdefault(rest, []).append(str(row.get("monat", "")))
            lines += [
                "  " + " | ".join([*rest, ", ".join(month[:7] for month in found)]) for rest, found in months.items()
            ]
        return "\n".join(lines)


_NOT_COUNTED = {
    "aktenzeichen", "zustaendigkeit", "schulabschluss", "berufsabschluss", "schwerbehindert", "bedarf",
    "wohnflaeche_qm", "personen_haushalt", "kosten", "betrag", "zugangsgrund", "abgangsgrund", "sachgebiet",
    "erledigungsart",
}  # fmt: skip


def _field(value: object) -> object:
    """NULL is empty, booleans are ``true``/``false``; dates and decimals write themselves."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


def _write_csv(path: Path, columns: Sequence[str], rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(columns)
        writer.writerows([_field(row[column]) for column in columns] for row in rows)


def write_delivery(
    folder: Path, tables: Mapping[str, Rows], erstellt_am: dt.datetime, lieferung_id: str = "lieferung-1"
) -> Path:
    """Write ``tables`` as a valid delivery into ``folder``. A table that is not given has no rows.

    ``stichtag`` is optional: it is delivered only when it has rows.
    """
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for table, columns in COLUMNS.items():
        rows = tables.get(table, [])
        if table == "stichtag" and not rows:
            continue
        path = folder / f"{table}.csv"
        _write_csv(path, columns, rows)
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        entries.append({"tabelle": table, "datei": path.name, "zeilen": len(rows), "sha256": sha256})
    manifest = {
        "lieferung_id": lieferung_id,
        "traegernummer": "00000",
        "erstellt_am": erstellt_am.isoformat(),
        "vertrag": "1.0",
        "dateien": entries,
    }
    (folder / "lieferung.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    return folder
