"""Formulas, markup and SQL in every text of a delivery: no file that people open makes more of them than text."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from openpyxl import load_workbook

from etl import listing, pipeline, pruefen
from etl.contract import PSEUDONYMISED, TABLES
from etl.demo import DemoRequest, generate
from etl.errors import ContractBreachError
from etl.monat import Monat
from etl.settings import Settings
from mutationen.blatt import kuendige_an, lade

MONAT = Monat(2026, 8)
FORMELN = ("=1+1|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", '=HYPERLINK("x")', "\t=1+1")


def _feindlich(folder: Path) -> Path:
    """A delivery with planted faults, so that there is something to correct, whose every free text is a formula."""
    generate(DemoRequest(bis=MONAT, monate=7, personen=60, seed=4, faults=True, format="csv"), folder)
    for table in TABLES.values():
        if not (folder / f"{table.name}.csv").exists():
            continue
        blatt = lade(folder, table.name)
        for column in table.columns:
            if (
                column.type == "string"
                and not column.codes
                and not column.pattern
                and column.name != "geschaeftsstelle"
            ):
                _spalte(blatt.spalten[blatt.kopf.index(column.name)], column.name)
        blatt.schreibe()
        kuendige_an(folder, table.name)
    return folder


def _spalte(values: list[str], name: str) -> None:
    if name in PSEUDONYMISED:
        values[:] = [f"{FORMELN[0]}{value}" for value in values]
    elif name != "einkommensart":  # part of a key: it must stay different
        values[:] = [value and FORMELN[place % len(FORMELN)] for place, value in enumerate(values)]


@pytest.mark.slow
def test_no_text_of_a_delivery_becomes_a_formula(tmp_path: Path, warehouse_url: str) -> None:
    source = _feindlich(tmp_path / "lieferung")
    settings = Settings(home=tmp_path / "home", warehouse=warehouse_url)
    reference = pipeline.extract(settings, str(source))
    pipeline.figures(settings, reference, MONAT)
    pipeline.load(settings, reference, MONAT, "=1+1")
    out = tmp_path / "heraus"
    files = [Path(file) for file in pipeline.report(settings, reference, MONAT, "=A. Eins")]
    files += pruefen.corrections(settings, reference, out, str(source))
    figures = out / "figures.csv"
    figures.write_text(listing.as_csv(pipeline.read(settings, reference, [MONAT])), encoding="utf-8")
    texts = [text for file in [*files, figures] for text in _cells(file)]
    assert any(FORMELN[0] in text for text in texts), "the hostile keys are in the lists, or this test sees nothing"
    assert [text for text in texts if text.startswith("FORMEL")] == []


def _cells(file: Path) -> list[str]:
    """Return the texts of a workbook or CSV file; what a spreadsheet would compute is marked with ``FORMEL``."""
    if file.suffix == ".xlsx":
        cells = [cell for sheet in load_workbook(file) for row in sheet.iter_rows() for cell in row]
        return [f"FORMEL {cell.value}" if cell.data_type == "f" else str(cell.value) for cell in cells]
    if file.suffix != ".csv":
        return []
    content = file.read_text(encoding="utf-8-sig")
    delimiter = ";" if file.name.startswith("korrekturen") else ","
    rows = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    return [f"FORMEL {cell}" if _is_live(cell) else cell for row in rows for cell in row]


def _is_live(cell: str) -> bool:
    if not cell.startswith(("=", "+", "-", "@", "\t", "\r")):
        return False
    try:
        float(cell)
    except ValueError:
        return True
    return False


@pytest.mark.parametrize("text", [*FORMELN, "\u202eLahr", "La\u200bhr", " Lahr"])
def test_the_name_of_an_office_is_no_formula(text: str, tmp_path: Path) -> None:
    from etl.extract import extract
    from integration.lieferungen import gueltig

    folder = gueltig(tmp_path / "lieferung")
    blatt = lade(folder, "bedarfsgemeinschaft")
    blatt.setze("geschaeftsstelle", 1, text)
    blatt.schreibe()
    kuendige_an(folder, "bedarfsgemeinschaft")
    with pytest.raises(ContractBreachError, match=r"Formel|Steuerzeichen") as caught:
        extract(folder, archive_root=tmp_path / "archiv", key_file=tmp_path / "key")
    assert (caught.value.table, caught.value.row, caught.value.column) == (
        "bedarfsgemeinschaft",
        2,
        "geschaeftsstelle",
    )
