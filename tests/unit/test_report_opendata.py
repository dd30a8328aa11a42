"""The figures for machines: read back by the libraries that others use, and compared with the cells they came from."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import json
import math
import re
from decimal import Decimal
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pysdmx.io
import pytest
import rdflib
import sdmx

from etl.disclosure import Empfaengerkreis, publish, publish_indicators
from etl.figures import katalog
from etl.figures.katalog import Figure
from etl.figures.kennzahlen import Zeile
from etl.monat import Monat
from etl.report import ReportRequest, opendata
from etl.report.model import COLUMNS
from etl.report.opendata.sdmx import identifier

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
    opendata.write_cells(request, tmp_path)
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


# --- open data ------------------------------------------------------------------------------------------------------

PUBLIC = pd.DataFrame(
    [
        ("2026-08", "BG", "INSGESAMT", "INSGESAMT", Decimal(8846), 0, "ok"),
        ("2026-08", "BG", "GESCHAEFTSSTELLE", "St. Georgen / Süd", Decimal(12), 0, "ok"),
        ("2026-08", "LLU", "INSGESAMT", "INSGESAMT", Decimal("4512345.30"), 0, "ok"),
        ("2026-08", "LB", "INSGESAMT", "INSGESAMT", Decimal(9000), 0, "ok"),
        ("2026-08", "PERS", "ALTER", "55+", Decimal(2), 0, "ok"),
        ("2026-08", "ABGELEHNT", "INSGESAMT", "INSGESAMT", Decimal(7), 0, "ok"),
        ("2026-07", "BG", "INSGESAMT", "INSGESAMT", Decimal(8850), 1, "ok"),
        ("2023-07", "LZB", "INSGESAMT", "INSGESAMT", None, 37, "fehlt"),
    ],
    columns=list(COLUMNS),
)
RATES = (
    Zeile(Monat(2026, 8), "K2", "w", Fraction(100), Fraction(1000, 3), Fraction(30), "ok", "T-0"),
    Zeile(Monat(2026, 8), "K2", "m", Fraction(2), Fraction(900), Fraction(2, 9), "ok", "T-0"),
)
BERLIN = dt.timezone(dt.timedelta(hours=2))


def public(**changes: object) -> ReportRequest:
    kreis, day = Empfaengerkreis.OEFFENTLICHKEIT, dt.date(2026, 8, 28)
    cells = publish(PUBLIC, kreis, day)
    fields: dict[str, object] = {
        "kreis": kreis,
        "berichtsmonat": Monat(2026, 8),
        "traegernummer": "DEMO-08317",
        "lieferung_id": "L-1",
        "datenstand": dt.datetime(2026, 8, 28, 18, 30, tzinfo=BERLIN),
        "auftragsnummer": "L-1/2026-08/ab12",
        "cells": cells,
        "figures": katalog.load(),
        "vorher": cells,
        "kennzahlen": publish_indicators(RATES, cells, kreis, day),
    }
    return ReportRequest(**(fields | changes))  # type: ignore[arg-type]  # one builder for many variants


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("offen")
    opendata.write(public(), made)
    return made


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_open_figures_are_those_of_the_plan_and_small_ones_are_hidden(folder: Path) -> None:
    rows = rows_of(folder / "groessen.csv")
    shown = {(r["berichtsmonat"], r["groesse"], r["auspraegung"]): (r["wert"], r["status"], r["stand"]) for r in rows}
    assert shown == {
        ("2023-07", "LZB", "INSGESAMT"): ("", "fehlt", "T-3"),
        ("2026-07", "BG", "INSGESAMT"): ("8850", "ok", "T-1"),
        ("2026-08", "BG", "INSGESAMT"): ("8846", "ok", "T-0"),
        ("2026-08", "BG", "St. Georgen / Süd"): ("12", "ok", "T-0"),
        ("2026-08", "LB", "INSGESAMT"): ("9000", "ok", "T-0"),
        ("2026-08", "LLU", "INSGESAMT"): ("4512345.30", "ok", "T-0"),
        ("2026-08", "PERS", "55+"): ("", "geheim", "T-0"),
    }
    (hidden,) = (row for row in rows if row["status"] == "geheim")
    assert (hidden["groesse_name"], hidden["merkmal_name"], hidden["auspraegung_name"], hidden["einheit"]) == (
        "Personen in Bedarfsgemeinschaften",
        "Alter",
        "55 Jahre und älter",
        "Personen",
    )


def test_a_rate_of_few_people_is_hidden_with_its_numerator(folder: Path) -> None:
    men, women = rows_of(folder / "kennzahlen.csv")
    assert (men["zaehler"], men["nenner"], men["wert"], men["status"]) == ("", "", "", "geheim")
    assert (women["zaehler"], women["nenner"], women["wert"]) == ("100", "333.333333", "30.000000")


@pytest.mark.parametrize("name", ["groessen", "kennzahlen"])
def test_parquet_holds_what_the_csv_holds(folder: Path, name: str) -> None:
    table = pq.read_table(folder / f"{name}.parquet")
    rows = rows_of(folder / f"{name}.csv")
    assert table.column_names == list(rows[0])
    for found, expected in zip(table.to_pylist(), rows, strict=True):
        for column, text in expected.items():
            value = found[column]
            assert (value is None and not text) or (
                value == Decimal(text) if isinstance(value, Decimal) else value == text
            )


def test_every_file_is_described_with_licence_and_checksum(folder: Path) -> None:
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"][0]["path"] == "https://www.govdata.de/dl-de/by-2-0"
    assert "Werte von 1 und 2 sind durch * ersetzt" in package["description"]
    for resource in package["resources"]:
        content = (folder / resource["path"]).read_bytes()
        assert resource["hash"] == f"sha256:{hashlib.sha256(content).hexdigest()}"
        assert all(field["title"] and field["description"] for field in resource["schema"]["fields"])
    lines = (folder / "pruefsummen.sha256").read_text(encoding="utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ") for line in lines)}
    files = {path.name for path in folder.iterdir()}
    assert set(listed) == files - {"pruefsummen.sha256"}
    assert all(hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest for name, digest in listed.items())


def test_a_standard_library_reads_the_sdmx_data_with_its_structure(folder: Path) -> None:
    structure: Any = sdmx.read_sdmx(BytesIO((folder / "groessen_struktur.xml").read_bytes()))
    flow = structure.dataflow["SGB2_GROESSEN"]
    assert [dimension.id for dimension in flow.structure.dimensions] == [
        "FREQ",
        "GROESSE",
        "GLIEDERUNG",
        "TIME_PERIOD",
    ]
    data = BytesIO((folder / "groessen_sdmx.csv").read_bytes())
    message: Any = sdmx.read_sdmx(data, format="csv", structure=flow)
    found: Any = sdmx.to_pandas(message.data[0])
    assert found["M", "LLU", "INSGESAMT", "2026-08"] == 4512345.30
    assert math.isnan(found["M", "PERS", "ALTER-55$2B$", "2026-08"])
    names = {code.id: str(code.name) for code in structure.codelist["CL_GLIEDERUNG"]}
    assert names["ALTER-55$2B$"] == "Alter: 55 Jahre und älter"
    assert len(found) == len(rows_of(folder / "groessen.csv"))


def test_a_second_library_agrees_and_checks_the_structure_against_its_schema(folder: Path) -> None:
    (dataset,) = pysdmx.io.get_datasets(folder / "groessen_sdmx.csv", folder / "groessen_struktur.xml")
    hidden = dataset.data[dataset.data["CONF_STATUS"] == "C"]
    assert hidden["GLIEDERUNG"].tolist() == ["ALTER-55$2B$"]
    assert hidden["OBS_VALUE"].astype(float).isna().all()
    text = (folder / "groessen_struktur.xml").read_text(encoding="utf-8")
    assert 'xml:lang="en"' not in text
    assert "2026-08-28T16:30:00" in text


@pytest.mark.parametrize("text", ["55+", "St. Georgen / Süd", "A$B", "4J+", "ÄÖ"])
def test_an_sdmx_identifier_is_one_and_can_be_read_back(text: str) -> None:
    made = identifier(text)
    assert re.fullmatch(r"[A-Za-z0-9_@$\-]+", made)
    assert re.sub(r"\$([0-9A-F]+)\$", lambda found: chr(int(found.group(1), 16)), made) == text


DCAT = rdflib.Namespace("http://www.w3.org/ns/dcat#")
DCT = rdflib.Namespace("http://purl.org/dc/terms/")
DCATDE = rdflib.Namespace("http://dcat-ap.de/def/dcatde/")
BASE = "https://example.org/offene-daten/2026-08/"


def graph_of(folder: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(folder / "dcat-ap-de.jsonld", format="json-ld", publicID=f"{BASE}dcat-ap-de.jsonld")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib warns of itself
def test_the_metadata_has_what_dcat_ap_de_asks_for(folder: Path) -> None:
    graph = graph_of(folder)
    (dataset,) = graph.subjects(rdflib.RDF.type, DCAT.Dataset)
    for asked in (DCT.title, DCT.description, DCT.publisher, DCAT.theme, DCT.temporal, DCT.issued):
        assert (dataset, asked, None) in graph
    assert str(next(graph.objects(dataset, DCATDE.politicalGeocodingURI))).endswith("/districtKey/08317")
    distributions = list(graph.objects(dataset, DCAT.distribution))
    assert len(distributions) == 4
    for one in distributions:
        (url,) = graph.objects(one, DCAT.accessURL)
        assert (folder / str(url).removeprefix(BASE)).is_file()
        assert str(next(graph.objects(one, DCT.license))) == "http://dcat-ap.de/def/licenses/dl-by-de/2.0"


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib warns of itself
def test_what_only_the_publisher_knows_is_not_invented(folder: Path, tmp_path: Path) -> None:
    assert not list(graph_of(folder).objects(None, DCATDE.contributorID))
    known = {"contributor_id": "http://dcat-ap.de/def/contributors/beispiel", "email": "statistik@example.org"}
    opendata.write(public(impressum=known), tmp_path)
    graph = graph_of(tmp_path)
    assert [str(one) for one in graph.objects(None, DCATDE.contributorID)] == [known["contributor_id"]]
    assert list(graph.objects(None, DCAT.contactPoint))


def test_the_same_request_gives_the_same_files(folder: Path, tmp_path: Path) -> None:
    utc = dt.datetime(2026, 8, 28, 16, 30, tzinfo=dt.UTC)
    files = opendata.write(public(datenstand=utc), tmp_path)
    assert {path.name: path.read_bytes() for path in files} == {p.name: p.read_bytes() for p in folder.iterdir()}
