"""The figures for machines: ``figures.csv`` (RFC 4180, UTF-8) and its description ``datapackage.json`` (Frictionless).

The CSV holds every cell of the reporting month and the totals of all months before.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path

import pandas as pd

from etl.report.model import COLUMNS, INSGESAMT, ReportRequest, gebiet
from etl.report.sheets.common import SYNTHETISCH, herausgeber, hinweis

CSV_NAME = "figures.csv"
PACKAGE_NAME = "datapackage.json"

_KEY = ["berichtsmonat", "groesse", "merkmal", "auspraegung"]
_DESCRIPTIONS: Mapping[str, tuple[str, str, str]] = {
    "berichtsmonat": ("yearmonth", "Berichtsmonat", "Monat, auf den sich der Wert bezieht (JJJJ-MM)."),
    "groesse": ("string", "Größe", "Kürzel der statistischen Größe; Bedeutung siehe enumLabels."),
    "merkmal": (
        "string",
        "Merkmal",
        "Merkmal der Gliederung; INSGESAMT = keine. Zwei Merkmale sind durch / getrennt (GEMEINDE/ALTER).",
    ),
    "auspraegung": (
        "string",
        "Ausprägung",
        "Schlüssel der Ausprägung; INSGESAMT = keine Gliederung, OHNE = nicht zuzuordnen. "
        "Bei zwei Merkmalen durch / getrennt (08317096/15-24).",
    ),
    "wert": (
        "number",
        "Wert",
        "Ungerundeter Wert in der Einheit der Größe. Leer, wenn er nicht ermittelt werden kann (status = fehlt).",
    ),
    "wartezeit": (
        "integer",
        "Wartezeit",
        "Volle Monate zwischen Zähltag und Datenstand; ab 3 endgültig (T-3), darunter vorläufig.",
    ),
    "status": ("string", "Status", "ok = Wert vorhanden; fehlt = Wert kann nicht ermittelt werden."),
}


def write(request: ReportRequest, folder: Path) -> list[Path]:
    """Write both files into ``folder`` and return their paths."""
    data = folder / CSV_NAME
    rows = _write_csv(request, data)
    package = folder / PACKAGE_NAME
    text = json.dumps(_package(request, data, rows), ensure_ascii=False, indent=2) + "\n"
    package.write_text(text, encoding="utf-8", newline="\n")
    return [data, package]


def _write_csv(request: ReportRequest, path: Path) -> int:
    frame = _selection(request)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows(_lines(request, frame))
    return len(frame)


def _selection(request: ReportRequest) -> pd.DataFrame:
    """Every cell of the month, and the totals of all months before, in the order of the key."""
    cells = request.cells
    month, last = cells["berichtsmonat"], str(request.berichtsmonat)
    chosen = cells[(month == last) | ((month < last) & (cells["merkmal"] == INSGESAMT))]
    return chosen.sort_values(_KEY, kind="stable")[list(COLUMNS)]


def _lines(request: ReportRequest, frame: pd.DataFrame) -> Iterator[tuple[str, ...]]:
    euro = {code for code, figure in request.figures.items() if figure.einheit == "EUR"}
    for month, groesse, merkmal, auspraegung, wert, wartezeit, status in frame.itertuples(index=False, name=None):
        value = "" if pd.isna(wert) else number(Decimal(wert), amount=groesse in euro)
        wait = "" if pd.isna(wartezeit) else str(int(wartezeit))
        yield month, groesse, merkmal, auspraegung, value, wait, status


def number(value: Decimal, *, amount: bool) -> str:
    """Write a stored value for machines: amounts with two decimals, counts without; never rounded."""
    whole = value == value.to_integral_value()
    return f"{value:.0f}" if whole and not amount else f"{value:.2f}"


def _fields(request: ReportRequest) -> list[dict[str, object]]:
    fields: list[dict[str, object]] = []
    for name in COLUMNS:
        kind, title, description = _DESCRIPTIONS[name]
        field: dict[str, object] = {"name": name, "type": kind, "title": title, "description": description}
        if name != "wert":
            field["constraints"] = {"required": True}
        if name == "wert":
            field |= {"decimalChar": ".", "bareNumber": True}
        if name == "groesse":
            field["enumLabels"] = {code: figure.name for code, figure in request.figures.items()}
        if name == "status":
            field["constraints"] = {"required": True, "enum": ["ok", "fehlt"]}
        fields.append(field)
    return fields


def _package(request: ReportRequest, data: Path, rows: int) -> dict[str, object]:
    content = data.read_bytes()
    notice = f"{SYNTHETISCH}. {hinweis(request)}" if request.synthetic else hinweis(request)
    return {
        "profile": "tabular-data-package",
        "name": f"sgb2-monatsbericht-{request.berichtsmonat}",
        "id": request.auftragsnummer,
        "title": f"Monatsbericht SGB II {gebiet().name}, {request.berichtsmonat.name}",
        "description": f"{notice}. Alle Größen des Berichtsmonats und die Summen aller Monate davor.",
        "version": str(request.berichtsmonat),
        "created": request.datenstand.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
        "licenses": [{"name": "other-closed", "title": "Keine offene Lizenz; nur für den Dienstgebrauch"}],
        "sources": [{"title": f"Träger {request.traegernummer}, Lieferung {request.lieferung_id} (Quellvertrag 1.0)"}],
        "contributors": [{"title": herausgeber(request), "role": "publisher"}],
        "resources": [
            {
                "profile": "tabular-data-resource",
                "name": "figures",
                "path": data.name,
                "title": "Größen",
                "description": "Eine Zeile je Berichtsmonat, Größe, Merkmal und Ausprägung.",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "header": True},
                "bytes": len(content),
                "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
                "rows": rows,
                "schema": {"fields": _fields(request), "primaryKey": _KEY, "missingValues": [""]},
            }
        ],
    }
