"""``datapackage.json`` (Frictionless Data Package 1): what each file is, what each column means, its checksum."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from pathlib import Path

from etl.report.model import ReportRequest, gebiet
from etl.report.opendata.dateien import sha256
from etl.report.opendata.tabelle import Feld, Lizenz, Tabelle
from etl.report.sheets.common import SYNTHETISCH, herausgeber, hinweis

NAME = "datapackage.json"
_CSV = {
    "format": "csv",
    "mediatype": "text/csv",
    "encoding": "utf-8",
    "dialect": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "header": True},
}
_PARQUET = {"format": "parquet", "mediatype": "application/vnd.apache.parquet"}


def write(
    request: ReportRequest, folder: Path, tables: Sequence[tuple[Tabelle, Sequence[Path]]], lizenz: Lizenz | None
) -> Path:
    """Write the description of ``tables`` and the files that hold them. Without a licence they are not open."""
    licence = (
        {"name": lizenz.code, "title": lizenz.titel, "path": lizenz.url}
        if lizenz
        else {"name": "other-closed", "title": "Keine offene Lizenz; nur für den Dienstgebrauch"}
    )
    notice = f"{SYNTHETISCH}. {hinweis(request)}" if request.synthetic else hinweis(request)
    package = {
        "profile": "tabular-data-package",
        "name": f"sgb2-monatsbericht-{request.berichtsmonat}",
        "id": request.auftragsnummer,
        "title": f"Monatsbericht SGB II {gebiet().name}, {request.berichtsmonat.name}",
        "description": f"{notice}. {' '.join(table.beschreibung for table, _ in tables)}",
        "version": str(request.berichtsmonat),
        "created": request.datenstand.astimezone(dt.UTC).isoformat().replace("+00:00", "Z"),
        "licenses": [licence],
        "sources": [{"title": f"Träger {request.traegernummer}, Lieferung {request.lieferung_id} (Quellvertrag 1.0)"}],
        "contributors": [{"title": herausgeber(request), "role": "publisher"}],
        "resources": [_resource(table, path) for table, paths in tables for path in paths],
    }
    path = folder / NAME
    path.write_text(json.dumps(package, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")
    return path


def _resource(table: Tabelle, path: Path) -> dict[str, object]:
    kind, suffix = (_CSV, "") if path.suffix == ".csv" else (_PARQUET, "-parquet")
    return {
        "profile": "tabular-data-resource",
        "name": f"{table.name}{suffix}",
        "path": path.name,
        "title": table.titel,
        "description": table.beschreibung,
        **kind,
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256(path)}",
        "rows": len(table.zeilen),
        "schema": {
            "fields": [_field(feld) for feld in table.felder],
            "primaryKey": list(table.schluessel),
            "missingValues": [""],
        },
    }


def _field(feld: Feld) -> dict[str, object]:
    described: dict[str, object] = {
        "name": feld.name,
        "type": feld.typ,
        "title": feld.titel,
        "description": feld.beschreibung,
    }
    constraints: dict[str, object] = {}
    if feld.pflicht:
        constraints["required"] = True
    if feld.geschlossen:
        constraints["enum"] = list(feld.codes)
    if constraints:
        described["constraints"] = constraints
    if feld.typ == "number":
        described |= {"decimalChar": ".", "bareNumber": True}
    if feld.codes:
        described["enumLabels"] = dict(feld.codes)
    return described
