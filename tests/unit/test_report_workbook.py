"""The monthly workbook, read back by a second reader (openpyxl) and compared with the cells it was made from."""

from __future__ import annotations

import datetime as dt
import os
import re
import time
import zipfile
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from berichtsdaten import (
    DATENSTAND,
    LEVELS,
    MONTH,
    OFFICES,
    SHARES,
    cells_frame,
    indicators,
    request_of,
    requests_of,
)
from etl.disclosure import Empfaengerkreis, vorgesehen
from etl.figures import kennzahlen
from etl.monat import Monat
from etl.report import Findings, ReportRequest, render, workbook
from etl.report.charts import Places
from etl.report.layout import Column, Kind, Row, TableSheet
from etl.report.model import COLUMNS, Sign, gemeinden
from etl.report.sheets import build, diagramme
from etl.report.sheets.common import KLASSIFIKATIONEN, zeilenname
from etl.report.sheets.themen import THEMEN


@pytest.fixture(scope="module")
def cells() -> pd.DataFrame:
    return cells_frame()


def written(request: ReportRequest, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    (path,) = workbook.write(request, folder)
    return path


def book_of(request: ReportRequest, folder: Path) -> Workbook:
    return openpyxl.load_workbook(written(request, folder))


@pytest.fixture(scope="module")
def requests(cells: pd.DataFrame) -> dict[Empfaengerkreis, ReportRequest]:
    return {request.kreis: request for request in requests_of(cells)}


@pytest.fixture(scope="module")
def book(requests: dict[Empfaengerkreis, ReportRequest], tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return book_of(requests[Empfaengerkreis.DIENSTSTELLE], tmp_path_factory.mktemp("dienststelle"))


@pytest.fixture(scope="module")
def landkreis(requests: dict[Empfaengerkreis, ReportRequest], tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return book_of(requests[Empfaengerkreis.LANDKREIS], tmp_path_factory.mktemp("landkreis"))


def stored(frame: pd.DataFrame) -> dict[tuple[str, str, str, str], Decimal]:
    return {
        (month, groesse, merkmal, auspraegung): wert
        for month, groesse, merkmal, auspraegung, wert, _, _ in frame.itertuples(index=False, name=None)
    }


def named(book: Workbook, name: str) -> list[object]:
    """Return the values of a named range of one row."""
    (title, area), *_ = book.defined_names[name].destinations
    found = book[title][area.replace("$", "")]
    return [cell.value for cell in found[0]] if isinstance(found, tuple) else [found.value]


def rows_by_label(sheet: Worksheet, column: int = 1) -> dict[object, int]:
    return {sheet.cell(row, column).value: row for row in range(1, sheet.max_row + 1)}


def sheet_of(book: Workbook, title: str) -> Worksheet:
    sheet = book[title]
    assert isinstance(sheet, Worksheet)
    return sheet


def header_of(book: Workbook, title: str) -> str:
    header = sheet_of(book, title).oddHeader
    assert header
    return str(header.center.text)


def exact(value: object) -> Decimal:
    assert isinstance(value, int | float)
    return Decimal(str(value))


TITLES = [
    "Deckblatt", "Impressum", "Inhaltsverzeichnis", "Eckwerte", "Zeitreihe", "Verlauf", "Personen",
    "Bedarfsgemeinschaften", "Bewegungen", "Langzeitbezug", "Verweildauer", "Arbeitsmarkt", "Integrationen",
    "Maßnahmen", "Zahlungen", "Unterkunft", "Minderungen", "Rechtsbehelfe", "Kennzahlen", "Kennzahlenreihe",
    "Gemeinden", "Geschäftsstellen", "Zielvergleich", "Erwartung", "Revisionen", "Methodische Hinweise",
]  # fmt: skip
TABLES = TITLES[3:-1]


def test_sheets_in_their_order(book: Workbook) -> None:
    assert book.sheetnames == TITLES


def test_every_figure_of_the_series_is_the_stored_value(book: Workbook, cells: pd.DataFrame) -> None:
    values = stored(cells)
    for code in LEVELS:
        series = [values[str(MONTH.shift(-back)), code, "INSGESAMT", "INSGESAMT"] for back in range(12, -1, -1)]
        assert [exact(value) for value in named(book, f"Zeitreihe_{code}")] == series


def test_eckwerte_and_their_changes(book: Workbook, cells: pd.DataFrame) -> None:
    values = stored(cells)
    sheet = book["Eckwerte"]
    shown_here = [code for code in LEVELS if f"Eckwerte_{code}" in book.defined_names]
    assert {"BG", "ELB", "NEF", "LZB", "ALO", "INT", "TN_BESTAND", "LLU", "LUH", "ZAHLUNG"} <= set(shown_here)
    for code in shown_here:
        destination = next(iter(book.defined_names[f"Eckwerte_{code}"].destinations))[1]
        row = sheet[destination.replace("$", "")].row
        shown = [sheet.cell(row, column).value for column in range(2, 9)]
        new, old, older = (values[str(MONTH.shift(-back)), code, "INSGESAMT", "INSGESAMT"] for back in (0, 1, 12))
        assert [exact(value) for value in shown[:3]] == [new, old, older]
        assert exact(shown[3]) == new - old
        assert exact(shown[5]) == new - older
        if old:
            assert abs(exact(shown[4]) - (new - old) * 100 / old) <= Decimal("0.05")


def test_persons_by_feature_are_the_stored_values(book: Workbook, cells: pd.DataFrame) -> None:
    values = stored(cells)
    sheet = book["Personen"]
    first = rows_by_label(sheet)["Insgesamt"]
    expected: list[tuple[str, str]] = [("INSGESAMT", "INSGESAMT")]
    for merkmal, shares in SHARES.items():
        expected += [(merkmal, key) for key in shares]
    rows = [row for row in range(first, first + 17) if sheet.cell(row, 2).value is not None]
    assert len(rows) == len(expected)
    for row, key in zip(rows, expected, strict=True):
        for column, code in enumerate(("PERS", "LB", "RLB", "ELB", "NEF", "SLB", "NLB", "AUS", "KOL", "AE", "LZB"), 2):
            shown = sheet.cell(row, column).value
            if key[1] == "U15" and code in {"ELB", "AE", "LZB"}:
                assert shown == "x"  # an ELB is at least 15: ruled out by definition, not zero by chance
            else:
                assert exact(shown) == values[str(MONTH), code, *key]


@pytest.mark.parametrize("sheet", [thema.titel for thema in THEMEN])
def test_every_cell_of_a_subject_is_the_stored_value(sheet: str, book: Workbook, cells: pd.DataFrame) -> None:
    values = stored(cells)
    by_name = {
        f"{sheet}_{code}" if merkmal == code_of else f"{sheet}_{zeilenname(code, merkmal, code_of)}": (
            code,
            merkmal,
            code_of,
        )
        for _, code, merkmal, code_of in values
    }
    found = {name: by_name[name] for name in book.defined_names if name in by_name}
    for name, (code, merkmal, code_of) in found.items():
        (shown,) = named(book, name)
        if (code, code_of) == ("LZB", "U15"):
            assert shown == "x"  # ruled out by definition
        else:
            assert exact(shown) == values[str(MONTH), code, merkmal, code_of], name
    assert len(found) > 5


def test_indicators_are_the_computed_values_rounded_once(book: Workbook, cells: pd.DataFrame) -> None:
    for zeile in indicators(cells, tuple(kennzahlen.load().values())):
        sex = "" if zeile.geschlecht == "INSGESAMT" else f"_{zeile.geschlecht}"
        name = f"Kennzahlenreihe_{zeile.kennzahl}{sex}"
        if name not in book.defined_names:
            assert sex
            assert kennzahlen.load()[zeile.kennzahl].familie == "quote"
            continue
        shown = named(book, name)[zeile.berichtsmonat.months_since(MONTH.shift(-12))]
        if zeile.wert is None:
            assert shown == "."
        else:
            places = 2 if zeile.kennzahl == "PERS_JE_BG" else 1
            assert exact(shown) == kennzahlen.rounded(zeile.wert, places)


def test_what_changed_since_the_last_report(book: Workbook) -> None:
    sheet = book["Revisionen"]
    rows = rows_by_label(sheet)
    assert "Juli 2026: vorher T-0 vorläufig, jetzt T-1 vorläufig" in rows
    assert "Juni 2026: vorher T-1 vorläufig, jetzt T-2 vorläufig" in rows
    found = {name for name in book.defined_names if name.startswith("Revisionen_BG_")}
    assert found == {"Revisionen_BG_2026_05", "Revisionen_BG_2026_06", "Revisionen_BG_2026_07"}
    row = rows["Juli 2026: vorher T-0 vorläufig, jetzt T-1 vorläufig"] + 1
    assert [sheet.cell(row, column).value for column in range(1, 6)] == ["Bedarfsgemeinschaften", 8883, 8886, 3, 0]


def test_what_a_circle_may_not_see_is_said_and_not_shown(landkreis: Workbook) -> None:
    texts = {cell.value for row in sheet_of(landkreis, "Zahlungen").iter_rows() for cell in row}
    assert "Für diesen Empfängerkreis im Veröffentlichungsplan nicht vorgesehen." in texts
    assert "Regelbedarf" not in texts
    numbers = {
        (sheet.title, cell.coordinate)
        for sheet in landkreis
        if sheet.title in [thema.titel for thema in THEMEN] + ["Personen", "Zeitreihe", "Verlauf", "Gemeinden"]
        for row in sheet.iter_rows()
        for cell in row[:14]
        if cell.value in (1, 2) and cell.number_format == '#,##0;-#,##0;"-"'
    }
    assert numbers == set()
    assert named(landkreis, "Arbeitsmarkt_ALO_GESCHLECHT_d") == ["*"]
    assert "ABGELEHNT" not in str(sorted(landkreis.defined_names))


@pytest.mark.parametrize("gone", ["LZB", "BG", "ELB", "ZAHLUNG", "GEMEINDE", "GESCHAEFTSSTELLE", "ALTER", "INSGESAMT"])
def test_the_plan_decides_what_the_sheets_show(
    gone: str, requests: dict[Empfaengerkreis, ReportRequest], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever figure or feature the plan takes away from the readers, the workbook goes without it."""
    seen = {pair for pair in vorgesehen(Empfaengerkreis.LANDKREIS) if gone not in pair}
    monkeypatch.setattr("etl.disclosure.vorgesehen", lambda _: frozenset(seen))
    request = requests[Empfaengerkreis.LANDKREIS]
    sheets = build(replace(request, ziele=(), erwartungen=()))
    places = Places(sheets, 5)
    for sheet in sheets:
        for chart in sheet.charts:
            assert all(places.values(series)[1] for series in chart.series)
    tables = [sheet for sheet in sheets if isinstance(sheet, TableSheet) and not sheet.title.startswith("Kennzahl")]
    mine = tuple(zeilenname(gone, merkmal) for merkmal in KLASSIFIKATIONEN)
    names = {row.name for sheet in tables for row in sheet.rows}
    assert not [name for name in names if name.startswith(mine)]
    assert gone not in names or gone == "INSGESAMT"


def test_targets_and_expectations(book: Workbook, requests: dict[Empfaengerkreis, ReportRequest]) -> None:
    sheet = book["Zielvergleich"]
    row = rows_by_label(sheet)["K2: Integrationsquote"]  # the last one: women
    target = next(z for z in requests[Empfaengerkreis.DIENSTSTELLE].ziele if (z.kennzahl, z.geschlecht) == ("K2", "w"))
    assert sheet.cell(row, 4).value == 20.5
    assert exact(sheet.cell(row, 5).value) == target.istwert
    assert exact(sheet.cell(row, 6).value) == target.abweichung
    assert sheet.cell(row, 7).value == "grün: erreicht"
    assert sheet.cell(row, 8).value == target.regel
    assert sheet.cell(row, 9).value == target.bedarf
    assert named(book, "Erwartung_BG_2026_08") == [8806]
    expected = book["Erwartung"]
    texts = [[cell.value for cell in row[:10]] for row in expected.iter_rows(min_row=10, max_row=10)]
    assert texts == [["Bedarfsgemeinschaften", 8806, 8894, 8806, 8982, 22, 24, 91.7, 24, "Meldedreieck"]]


def test_without_targets_expectations_and_earlier_reports_the_sheets_say_so(
    cells: pd.DataFrame, tmp_path: Path
) -> None:
    book = book_of(request_of(cells, vorher=cells.iloc[:0]), tmp_path / "out")
    assert "Für 2026 sind keine Zielwerte hinterlegt (Befehl „jobcenter targets import“)." in rows_by_label(
        sheet_of(book, "Zielvergleich")
    )
    assert any("keine Erwartungen" in str(text) for text in rows_by_label(sheet_of(book, "Erwartung")))
    assert any("keine frühere Lieferung" in str(text) for text in rows_by_label(sheet_of(book, "Revisionen")))


def test_all_51_municipalities_by_official_name(book: Workbook, cells: pd.DataFrame) -> None:
    values = stored(cells)
    sheet = book["Gemeinden"]
    rows = rows_by_label(sheet)
    assert len(gemeinden()) == 51
    for ags, name in gemeinden().items():
        assert sheet.cell(rows[ags], 2).value == name
        for column, code in zip((3, 5, 6, 7, 8, 9, 10), ("BG", "PERS", "LB", "ELB", "NEF", "AE", "LZB"), strict=True):
            shown = exact(sheet.cell(rows[ags], column).value)
            assert shown == values.get((str(MONTH), code, "GEMEINDE", ags), Decimal(0))
    sheet = book["Geschäftsstellen"]
    offices = {sheet.cell(row, 1).value: row for row in range(15, 8, -1)}
    for office in OFFICES:
        assert exact(sheet.cell(offices[office], 2).value) == values[str(MONTH), "BG", "GESCHAEFTSSTELLE", office]


def test_numbers_are_numbers_with_formats_that_german_excel_understands(book: Workbook) -> None:
    seen = set()
    for title in TABLES:
        sheet = book[title]
        for row in sheet.iter_rows(min_row=8):
            for cell in row:
                if isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
                    assert cell.alignment.horizontal == "right"
                    seen.add(cell.number_format)
                elif isinstance(cell.value, str) and title != "Gemeinden":
                    assert not cell.value.replace(".", "").replace(",", "").isdigit()
    assert seen == {
        '#,##0;-#,##0;"-"',
        "+#,##0;-#,##0;0",
        "+#,##0.0;-#,##0.0;0.0",
        '0.0;-0.0;"-"',
        # what is no count: rates and means, with their changes
        "#,##0.0;-#,##0.0;0.0",
        '#,##0.0;-#,##0.0;"-"',
        '#,##0.00;-#,##0.00;"-"',
        "+#,##0.00;-#,##0.00;0.00",
    }


@pytest.mark.parametrize("title", TABLES)
def test_a_table_sheet_is_ready_to_read_and_to_print(book: Workbook, title: str) -> None:
    sheet = book[title]
    assert sheet.freeze_panes is not None
    assert sheet.print_area
    assert sheet.print_title_rows
    assert str(sheet.page_setup.paperSize) == "9"
    if sheet._charts:  # type: ignore[attr-defined]  # charts are cut by „fit to pages“: their scale is computed
        assert sheet.page_setup.scale
        assert sheet.page_setup.scale <= 100
        assert sheet.sheet_properties.pageSetUpPr
        assert not sheet.sheet_properties.pageSetUpPr.fitToPage
    else:
        assert sheet.sheet_properties.pageSetUpPr
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.oddFooter
    assert str(sheet.oddFooter.right.text) == "Seite &P von &N"
    assert sheet["A2"].value == (
        "Ortenaukreis  ·  Berichtsmonat August 2026  ·  Datenstand 28.08.2026, 18:30 Uhr  ·  Gebietsstand 25.01.2021"
    )
    texts = [row[0] for row in sheet.iter_rows(values_only=True) if isinstance(row[0], str)]
    assert texts[-1].startswith("Quelle: Synthetische Falldaten des Trägers DEMO-08317")
    assert f"{title}_Tabelle" in book.defined_names


def test_a_second_reader_finds_the_same_cells(
    book: Workbook, requests: dict[Empfaengerkreis, ReportRequest], tmp_path: Path
) -> None:
    second = CalamineWorkbook.from_path(written(requests[Empfaengerkreis.DIENSTSTELLE], tmp_path))
    assert second.sheet_names == book.sheetnames
    for sheet in book:
        rows = second.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        found = {(r, c): cell for r, row in enumerate(rows, 1) for c, cell in enumerate(row, 1) if cell != ""}
        expected = {
            (cell.row, cell.column): cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None
        }
        days = {at: dt.datetime(d.year, d.month, d.day) for at, d in found.items() if isinstance(d, dt.date)}  # noqa: DTZ001
        assert found | days == expected, sheet.title


def test_the_marks_stand_under_the_months(book: Workbook) -> None:
    sheet = book["Zeitreihe"]
    marks = [cell.value for cell in sheet[7]][1:]
    assert marks == ["T-3 endgültig"] * 10 + ["T-2 vorläufig", "T-1 vorläufig", "T-0 vorläufig"]
    months = [cell.value for cell in sheet[6]][1:]
    assert months[0] == dt.datetime(2025, 8, 1)  # noqa: DTZ001  (a day in Excel has no zone)
    assert months[-1] == dt.datetime(2026, 8, 1)  # noqa: DTZ001


def test_demo_data_are_marked_on_every_page_and_real_data_are_not(
    book: Workbook, cells: pd.DataFrame, tmp_path: Path
) -> None:
    synthetic, internal = "Synthetische Daten – keine amtlichen Zahlen", "Nur für den Dienstgebrauch"
    for title in TITLES:
        assert synthetic in header_of(book, title)
        assert internal in header_of(book, title)
    assert synthetic in rows_by_label(book["Deckblatt"])
    real = book_of(request_of(cells, traegernummer="08317"), tmp_path / "out")
    for title in TITLES:
        assert synthetic not in header_of(real, title)
        assert internal in header_of(real, title)
        assert synthetic not in rows_by_label(real[title])


def test_charts_are_native_with_alternative_text(cells: pd.DataFrame, tmp_path: Path) -> None:
    path = written(request_of(cells), tmp_path / "out")
    with zipfile.ZipFile(path) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
        drawings = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/drawings/drawing")]
    described = re.findall('<xdr:cNvPr id="[^"]*" name="[^"]*" descr="([^"]*)"/>', "".join(drawings))
    assert len(charts) == len(described) == "".join(drawings).count("<xdr:graphicFrame") > 35
    assert all(re.match("(Linien|Säulen|Balken)diagramm", text) for text in described)
    assert any("Bedarfsgemeinschaften: August 2025 8.946, August 2026 8.806." in text for text in described)
    assert any("Single-Bedarfsgemeinschaften 4.403;" in text for text in described)
    assert all("<c:pt idx" in chart for chart in charts)  # also a reader that does not compute has something to draw


def test_a_hidden_value_is_a_gap_in_a_chart_and_a_word_in_its_description() -> None:
    chart = diagramme.balken(
        "Grund", "Minderungen", [Row(("Pflichtverletzung", Sign.HIDDEN), name="a")], [(1, "August 2026")]
    )
    assert "Pflichtverletzung geheim" in chart.alt
    sheet = TableSheet(
        "Minderungen", "", _TWO_COLUMNS, (Row(("Pflichtverletzung", Sign.HIDDEN), name="a"),), (), "", ""
    )
    reference, _ = Places([sheet], 5).values(chart.series[0])
    assert reference == "='Minderungen'!$B$5"  # the empty row above the headings


_TWO_COLUMNS = (Column("Grund", Kind.TEXT, 20), Column("August 2026", Kind.NUMBER, 10))


def test_temporary_files_stay_in_the_folder_that_is_cleared(
    cells: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gibt-es-nicht"))
    files = render(requests_of(cells), tmp_path / "2026-08")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2026-08"]
    assert sorted(files) == sorted(path for path in tmp_path.rglob("*") if path.is_file())


def test_document_properties_hold_the_datenstand_and_no_clock(book: Workbook) -> None:
    assert book.properties.created == DATENSTAND.replace(tzinfo=None)
    assert book.properties.modified == DATENSTAND.replace(tzinfo=None)
    assert book.properties.creator == "Ortenau Jobcenter"
    assert "Auftragsnummer DEMO-08317/demo-2026-08/3f9a0c21b7de" in str(book.properties.description)


def test_the_impressum_invents_nothing(cells: pd.DataFrame, tmp_path: Path) -> None:
    sheet = book_of(request_of(cells, impressum={"email": "statistik@example.org"}), tmp_path / "out")["Impressum"]
    rows = rows_by_label(sheet)
    assert sheet.cell(rows["E-Mail"], 2).value == "statistik@example.org"
    assert sheet.cell(rows["Telefon"], 2).value == "(nicht hinterlegt)"
    assert sheet.cell(rows["Nächster Veröffentlichungstermin"], 2).value == "(nicht hinterlegt)"


def test_months_that_are_not_loaded_are_unknown_and_leave_a_gap_in_the_chart(
    cells: pd.DataFrame, tmp_path: Path
) -> None:
    gone = cells[~cells["berichtsmonat"].isin(["2026-07", "2026-02"])]
    path = written(request_of(gone), tmp_path / "out")
    book = openpyxl.load_workbook(path)
    series = named(book, "Zeitreihe_ELB")
    assert series[6] == series[11] == "."
    sheet = book["Zeitreihe"]
    assert sheet["H7"].value == sheet["M7"].value == "keine Daten"
    row = rows_by_label(book["Eckwerte"])["Bedarfsgemeinschaften"]
    shown = [book["Eckwerte"].cell(row, column).value for column in range(2, 9)]
    assert shown[1] == shown[3] == shown[4] == "."
    assert isinstance(shown[5], int)
    with zipfile.ZipFile(path) as parts:
        chart = next(
            text
            for name in parts.namelist()
            if name.startswith("xl/charts/chart") and "'Zeitreihe'!" in (text := parts.read(name).decode())
        )
    assert "(Zeitreihe!$B$9:$G$9,Zeitreihe!$H$5,Zeitreihe!$I$9:$L$9,Zeitreihe!$M$5,Zeitreihe!$N$9)" in chart.replace(
        "'", ""
    )
    assert sheet["H5"].value is None
    assert "dispBlanksAs" not in chart  # Excel writes this element only for zero and span: none means a gap


def test_a_value_that_cannot_be_determined_is_unknown_everywhere(cells: pd.DataFrame, tmp_path: Path) -> None:
    early = cells.copy()
    lzb = early["groesse"] == "LZB"
    early.loc[lzb, "wert"] = None
    early.loc[lzb, "status"] = "fehlt"
    book = book_of(request_of(early), tmp_path / "out")
    assert named(book, "Zeitreihe_LZB") == ["."] * 13
    assert book["Gemeinden"].cell(rows_by_label(book["Gemeinden"])["08317001"], 10).value == "."


def test_only_the_reporting_month_is_loaded(tmp_path: Path) -> None:
    book = book_of(request_of(cells_frame(months=1)), tmp_path / "out")
    assert named(book, "Zeitreihe_BG")[:12] == ["."] * 12
    assert exact(named(book, "Zeitreihe_BG")[12]) == exact(named(book, "Eckwerte_BG")[0])


def test_zero_before_makes_a_percentage_impossible_and_zero_itself_stays_a_number(
    cells: pd.DataFrame, tmp_path: Path
) -> None:
    frame = cells.copy()
    july = (frame["berichtsmonat"] == "2026-07") & (frame["groesse"] == "BG")
    frame["wert"] = frame["wert"].mask(july, Decimal(0))
    book = book_of(request_of(frame), tmp_path / "out")
    sheet = book["Eckwerte"]
    row = rows_by_label(sheet)["Bedarfsgemeinschaften"]
    assert sheet.cell(row, 3).value == 0
    assert sheet.cell(row, 6).value == "x"
    assert sheet.cell(row, 5).value == sheet.cell(row, 2).value


HOSTILE = ('=HYPERLINK("https://example.org";"x")', "+1+1", "@SUMME(A1)", "-2", "Kehl & <b>", "\x01\x1b", "7" * 90)


def test_hostile_names_stay_text(cells: pd.DataFrame, tmp_path: Path) -> None:
    extra = [("2026-08", "BG", "GESCHAEFTSSTELLE", name, Decimal(3), 0, "ok") for name in HOSTILE]
    frame = pd.concat([cells, pd.DataFrame(extra, columns=list(COLUMNS)).astype({"wert": object})])
    reason = "=cmd|' /C calc'!A0"
    book = book_of(request_of(frame, findings=Findings({"critical": 1}, reason)), tmp_path / "out")
    found = {cell.value for title in TITLES for row in book[title].iter_rows() for cell in row if cell.value}
    assert {HOSTILE[0], "+1+1", "@SUMME(A1)", "-2", "Kehl & <b>"} <= found
    assert any(str(text).endswith(reason) for text in found)
    for title in TITLES:
        assert all(cell.data_type != "f" for row in book[title].iter_rows() for cell in row)


def test_more_than_51_municipalities(cells: pd.DataFrame, tmp_path: Path) -> None:
    extra = [("2026-08", "BG", "GEMEINDE", key, Decimal(2), 0, "ok") for key in ("08317971", "08115003", "OHNE")]
    frame = pd.concat([cells, pd.DataFrame(extra, columns=list(COLUMNS)).astype({"wert": object})])
    sheet = book_of(request_of(frame), tmp_path / "out")["Gemeinden"]
    # a figure that the sheet does not show brings no row of zeros
    frame = frame.assign(groesse=frame["groesse"].mask(frame["auspraegung"] == "OHNE", "LLU"))
    without = book_of(request_of(frame), tmp_path / "out")
    assert "ohne Zuordnung" not in rows_by_label(sheet_of(without, "Gemeinden"), 2)
    keys = [cell.value for cell in sheet["A"] if isinstance(cell.value, str) and cell.value[:2] == "08"]
    assert keys == ["08317", *gemeinden(), "08115003", "08317971"]
    assert sheet.cell(rows_by_label(sheet)["08115003"], 2).value == "unbekannter Schlüssel 4)"
    names = rows_by_label(sheet, 2)
    assert sheet.cell(names["ohne Zuordnung"], 3).value == 2
    assert sheet.cell(names["Rheinau, Stadt"], 1).value == "08317153"


def test_the_name_of_the_job_centre_follows_the_datenstand(tmp_path: Path) -> None:
    last = Monat(2023, 12)
    old = request_of(cells_frame(last), berichtsmonat=last, datenstand=dt.datetime(2023, 12, 29, 9, 0, tzinfo=dt.UTC))
    assert "Kommunale Arbeitsförderung Ortenaukreis – Jobcenter" in rows_by_label(book_of(old, tmp_path)["Deckblatt"])
    later = request_of(cells_frame(last), berichtsmonat=last)
    notes = rows_by_label(book_of(later, tmp_path)["Methodische Hinweise"])
    assert (
        "Name der Organisation im Berichtsmonat: Kommunale Arbeitsförderung Ortenaukreis – Jobcenter "
        "(zum Datenstand: Ortenau Jobcenter)."
    ) in notes


def test_every_link_leads_to_a_sheet(book: Workbook) -> None:
    links = [
        str(cell.hyperlink.location)
        for title in TITLES
        for row in sheet_of(book, title).iter_rows()
        for cell in row
        if cell.hyperlink
    ]
    # contents (all but itself), the way back (all but the contents and the cover), the cover
    assert len(links) == len(TITLES) - 1 + len(TITLES) - 2 + 1
    assert {link.rsplit("!", 1)[0].strip("'") for link in links} == {*TITLES}


def test_the_same_cells_in_another_order_place_and_zone_give_the_same_bytes(
    cells: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = contents(tmp_path / "a", render(requests_of(cells), tmp_path / "a"))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    mask = os.umask(0o077)
    try:
        in_berlin = DATENSTAND.astimezone(dt.timezone(dt.timedelta(hours=2)))
        second = render(requests_of(cells.sample(frac=1, random_state=7), datenstand=in_berlin), tmp_path / "b")
    finally:
        os.umask(mask)
        monkeypatch.undo()
        time.tzset()
    assert contents(tmp_path / "b", second) == first


def contents(folder: Path, files: list[Path]) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
