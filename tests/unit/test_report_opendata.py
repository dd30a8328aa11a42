"""``figures.csv`` and ``datapackage.json``: checked against the rules of the Frictionless spec."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from etl.disclosure import Empfaengerkreis
from etl.figures.katalog import Figure
from etl.monat import Monat
from etl.report import ReportRequest, opendata
from etl.report.model import COLUMNS

CELLS = pd.DataFrame(
    [
        ("2026-08", "LLU", "INSGESAMT", "INSGESAMT", Decimal("4512345.30"), 0, "ok"),
        ("2026-08", "BG", "GESCHAEFTSSTELLE", 'Lahr, "Altes" Amt', Decimal("1234.00"), 0, "ok"),
        ("2026-08", "BG", "INSGESAMT", "INSGESAMT", Decimal("8846.00"), 0, "ok"),
        ("2026-08", "LZB", "INSGESAMT", "INSGESAMT", None, 0, "fehlt"),
        ("2026-07", "BG", "INSGESAMT", "INSGESAMT", Decimal("8850.00"), 1, "ok"),
        ("2026-07", "BG", "GESCHAEFTSSTELLE", "Lahr", Decimal("1.00"), 1, "ok"),
        ("2025-08", "BG", "INSGESAMT", "INSGESAMT", Decimal("9000.00"), 12, "ok"),
        ("2025-07", "BG", "INSGESAMT", "INSGESAMT", Decimal("9001.00"), 13, "ok"),
        ("2026-09", "BG", "INSGESAMT", "INSGESAMT", Decimal("9001.00"), 0, "ok"),
    ],
    columns=list(COLUMNS),
)
EXPECTED = (
    "berichtsmonat,groesse,merkmal,auspraegung,wert,wartezeit,status\r\n"
    "2025-07,BG,INSGESAMT,INSGESAMT,9001,13,ok\r\n"
    "2025-08,BG,INSGESAMT,INSGESAMT,9000,12,ok\r\n"
    "2026-07,BG,INSGESAMT,INSGESAMT,8850,1,ok\r\n"
    '2026-08,BG,GESCHAEFTSSTELLE,"Lahr, ""Altes"" Amt",1234,0,ok\r\n'
    "2026-08,BG,INSGESAMT,INSGESAMT,8846,0,ok\r\n"
    "2026-08,LLU,INSGESAMT,INSGESAMT,4512345.30,0,ok\r\n"
    "2026-08,LZB,INSGESAMT,INSGESAMT,,0,fehlt\r\n"
)


def figure(code: str, einheit: str) -> Figure:
    since = dt.date(2005, 1, 1)
    law = "§ 7 SGB II"
    return Figure(code, f"Name {code}", code, law, "", einheit, since, "bg", "true", "anzahl", 0, None, "Quelle")


@pytest.fixture
def package(tmp_path: Path) -> dict[str, Any]:
    figures = {
        "BG": figure("BG", "Bedarfsgemeinschaften"),
        "LLU": figure("LLU", "EUR"),
        "LZB": figure("LZB", "Personen"),
    }
    datenstand = dt.datetime(2026, 8, 28, 18, 30, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    request = ReportRequest(
        Empfaengerkreis.DIENSTSTELLE,
        Monat(2026, 8),
        "08317",
        "L-1",
        datenstand,
        "08317/L-1/ab12",
        CELLS,
        figures,
        CELLS,
    )
    opendata.write(request, tmp_path)
    return {"folder": tmp_path, **json.loads((tmp_path / "datapackage.json").read_text(encoding="utf-8"))}


def test_the_csv_holds_the_month_and_the_totals_of_all_months_before(package: dict[str, Any]) -> None:
    assert (package["folder"] / "figures.csv").read_bytes().decode("utf-8") == EXPECTED


def test_the_package_has_what_the_spec_requires(package: dict[str, Any]) -> None:
    assert package["profile"] == "tabular-data-package"
    assert re.fullmatch(r"[a-z0-9._/-]+", package["name"])
    assert package["created"] == "2026-08-28T16:30:00Z"  # RFC 3339, the Datenstand
    assert all(licence.get("name") or licence.get("path") for licence in package["licenses"])
    assert all(source["title"] for source in package["sources"])
    assert all(person["title"] for person in package["contributors"])
    (resource,) = package["resources"]
    assert resource["profile"] == "tabular-data-resource"
    assert re.fullmatch(r"[a-z0-9._/-]+", resource["name"])
    assert not Path(resource["path"]).is_absolute()
    assert resource["encoding"] == "utf-8"
    assert resource["mediatype"] == "text/csv"


def test_bytes_hash_and_rows_are_those_of_the_file(package: dict[str, Any]) -> None:
    (resource,) = package["resources"]
    content = (package["folder"] / resource["path"]).read_bytes()
    assert resource["bytes"] == len(content)
    assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
    assert resource["rows"] == EXPECTED.count("\r\n") - 1


def test_every_row_holds_to_the_schema(package: dict[str, Any]) -> None:
    schema = package["resources"][0]["schema"]
    patterns = {
        "string": r".+",
        "yearmonth": r"\d{4}-(0[1-9]|1[0-2])",
        "number": r"-?\d+(\.\d+)?",
        "integer": r"-?\d+",
    }
    with (package["folder"] / "figures.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    fields = {field["name"]: field for field in schema["fields"]}
    assert tuple(fields) == COLUMNS
    assert all(field["description"] and field["title"] for field in fields.values())
    for row in rows:
        for name, text in row.items():
            constraints = fields[name].get("constraints", {})
            if text in schema["missingValues"]:
                assert not constraints.get("required")
            else:
                assert re.fullmatch(patterns[fields[name]["type"]], text)
                assert text in constraints.get("enum", [text])
    keys = [tuple(row[name] for name in schema["primaryKey"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert keys == sorted(keys)
    assert {row["groesse"] for row in rows} <= set(fields["groesse"]["enumLabels"])
