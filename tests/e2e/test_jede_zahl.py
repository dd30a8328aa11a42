"""One number, one appearance: what the warehouse holds stands in every format of the report; what is hidden is hidden
in all of them.

A small invented job centre (so that counts of 1 and 2 occur) is reported by the real command. The expected values come
from plain SQL and the rule written out here; the found ones from the files as a reader's program opens them.
"""

from __future__ import annotations

import csv
import re
import subprocess
from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path

import docx
import lxml.html
import openpyxl
import pytest

from e2e.kommando import jobcenter
from etl import warehouse
from etl.figures import katalog
from etl.report.model import gemeinden
from etl.settings import Settings

pytestmark = pytest.mark.slow  # a job centre of 26 months, every report of one

MONTH = "2026-08"
Shown = Mapping[str, str]
"""Name of a row to the first value beside it, as it is printed."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("zahlen") / "home"
    done = jobcenter(folder, "demo", "--persons", "700", "--months", "26", "--to", MONTH)
    assert done.status == 0, done.text
    return folder


@pytest.fixture(scope="module")
def loaded(home: Path) -> dict[tuple[str, str, str], Decimal | None]:
    """What the warehouse holds of the month, read without any code of the reports."""
    with warehouse.held(Settings(home=home)), warehouse.connect(Settings(home=home), role="auditor") as connection:
        rows = connection.exec_driver_sql(
            "SELECT groesse, merkmal, auspraegung, wert FROM jobcenter.rpt_figur WHERE berichtsmonat = %s", (MONTH,)
        ).all()
    return {(str(g), str(m), str(a)): wert for g, m, a, wert in rows}


def printed(wert: Decimal | None, *, outside: bool, units: Decimal | None = None) -> str:
    """The rule, written out: zero is a dash, what is missing a point, 1 and 2 (or 1 and 2 behind it) a star."""
    if wert is None:
        return "."
    if wert == 0:
        return "-"
    if outside and (wert in (1, 2) if units is None else wert in (1, 2) or units < 3):
        return "*"
    return f"{int(wert + Decimal('0.5')):,}".replace(",", ".")


def files(home: Path, kreis: str, pattern: str) -> Path:
    (path,) = (home / "berichte").rglob(f"{MONTH}/{kreis}/*/{pattern}")
    return path


def of_workbook(sheet: str, name: int, value: int) -> Callable[[Path], Shown]:
    def read(path: Path) -> Shown:
        rows = openpyxl.load_workbook(path)[sheet].iter_rows(values_only=True)
        return {_label(str(row[name])): _number(row[value]) for row in rows if len(row) > value and row[name]}

    return read


def of_page(caption: str) -> Callable[[Path], Shown]:
    def read(path: Path) -> Shown:
        tables = lxml.html.parse(path).getroot().iter("table")
        (table,) = (t for t in tables if (c := t.find("caption")) is not None and caption in c.text_content())
        rows = [[cell.text_content().strip() for cell in row if cell.tag in ("th", "td")] for row in table.iter("tr")]
        # Beside a sign stands what a screen reader says.
        return {_label(row[0]): re.sub(r"^([-.*x])\D*$", r"\1", row[1]) for row in rows if len(row) > 1}

    return read


def of_pdf(path: Path) -> Shown:
    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
    found = re.findall(r"^ *(\S.*?)(?: \d+\))? {2,}([\d.]+|[-.*x])(?: |$)", text, flags=re.MULTILINE)
    return {_label(name): value for name, value in reversed(found)}


def of_docx(path: Path) -> Shown:
    (table,) = docx.Document(str(path)).tables
    return {row.cells[0].text: row.cells[1].text for row in table.rows}


def of_csv(merkmal: str) -> Callable[[Path], Shown]:
    def read(path: Path) -> Shown:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = [r for r in csv.DictReader(stream) if r["berichtsmonat"] == MONTH and r["merkmal"] == merkmal]
        if merkmal == "INSGESAMT":
            return {row["groesse_name"]: _of_status(row) for row in rows}
        return {row["auspraegung_name"]: _of_status(row) for row in rows if row["groesse"] == "BG"}

    return read


def _of_status(row: Mapping[str, str]) -> str:
    sign = {"geheim": "*", "fehlt": "."}.get(row["status"])
    return sign or printed(Decimal(row["wert"]), outside=False)


def _label(text: str) -> str:
    return re.sub(r"( \d+\))+$", "", text.strip())


def _number(value: object) -> str:
    return printed(Decimal(str(value)), outside=False) if isinstance(value, (int, float)) else str(value)


TOTALS: Mapping[str, tuple[str, str, Callable[[Path], Shown], int]] = {
    "Arbeitsmappe Dienststelle": ("dienststelle", "*.xlsx", of_workbook("Eckwerte", 0, 1), 36),
    "Arbeitsmappe Landkreis": ("landkreis", "*.xlsx", of_workbook("Eckwerte", 0, 1), 36),
    "Ausschussbericht": ("landkreis", "*.pdf", of_pdf, 15),
    "Webseite": ("oeffentlichkeit", f"{MONTH}.html", of_page("Eckwerte"), 40),
    "Statistikreport": ("oeffentlichkeit", "*.docx", of_docx, 8),
    "Offene Daten": ("oeffentlichkeit", "groessen.csv", of_csv("INSGESAMT"), 40),
}
"""For whom, which file, how it is read, and how many figures must at least be found in it."""


@pytest.mark.parametrize("name", TOTALS)
def test_every_total_is_the_value_of_the_warehouse(
    name: str, home: Path, loaded: Mapping[tuple[str, str, str], Decimal | None]
) -> None:
    kreis, pattern, read, least = TOTALS[name]
    shown = read(files(home, kreis, pattern))
    amounts = {f.code for f in katalog.load().values() if f.einheit == "EUR"}
    compared = 0
    for figure in katalog.load().values():
        if figure.name not in shown:
            continue
        wert = loaded[figure.code, "INSGESAMT", "INSGESAMT"]
        outside = kreis != "dienststelle" and figure.code not in amounts
        assert shown[figure.name] == printed(wert, outside=outside), f"{name}: {figure.name}"
        compared += 1
    assert compared >= least, f"{name}: nur {compared} Größen gefunden"


PLACES: Mapping[str, tuple[str, str, Callable[[Path], Shown]]] = {
    "Arbeitsmappe Landkreis": ("landkreis", "*.xlsx", of_workbook("Gemeinden", 1, 2)),
    "Ausschussbericht": ("landkreis", "*.pdf", of_pdf),
    "Webseite": ("oeffentlichkeit", f"{MONTH}.html", of_page("Bedarfsgemeinschaften nach Gemeinde")),
    "Offene Daten": ("oeffentlichkeit", "groessen.csv", of_csv("GEMEINDE")),
}


@pytest.mark.parametrize("name", PLACES)
def test_every_municipality_shows_the_same_and_hides_the_same(
    name: str, home: Path, loaded: Mapping[tuple[str, str, str], Decimal | None]
) -> None:
    kreis, pattern, read = PLACES[name]
    shown = read(files(home, kreis, pattern))
    expected = {
        title: printed(loaded.get(("BG", "GEMEINDE", ags), Decimal(0)), outside=True)
        for ags, title in gemeinden().items()
    }
    if name == "Offene Daten":  # what is zero is not listed there
        expected = {title: value for title, value in expected.items() if value != "-"}
    assert {title: shown.get(title) for title in expected} == expected
    assert "*" in expected.values(), "the job centre is too large for this test"
