"""The monthly workbook, read back by a second reader (openpyxl) and compared with the cells it was made from."""

from __future__ import annotations

import datetime as dt
import os
import time
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from berichtsdaten import (
    DATENSTAND,
    LEVELS,
    MONTH,
    OFFICES,
    SHARES,
    cells_frame,
    request_of,
    requests_of,
)
from etl.monat import Monat
from etl.report import Findings, ReportRequest, render, workbook
from etl.report.model import COLUMNS, gemeinden


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
def book(cells: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    return book_of(request_of(cells), tmp_path_factory.mktemp("report") / "2026-08")


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
    "Deckblatt", "Impressum", "Inhaltsverzeichnis", "Eckwerte", "Zeitreihe", "Bedarfsgemeinschaften", "Personen",
    "Gemeinden", "Methodische Hinweise",
]  # fmt: skip
TABLES = TITLES[3:8]


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
    for code in LEVELS:
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


def test_all_51_municipalities_by_official_name(book: Workbook, cells: pd.DataFrame) -> None:
    values = stored(cells)
    sheet = book["Gemeinden"]
    rows = rows_by_label(sheet)
    assert len(gemeinden()) == 51
    for ags, name in gemeinden().items():
        assert sheet.cell(rows[ags], 2).value == name
        for column, code in enumerate(("BG", "PERS", "LB", "ELB", "NEF", "AE", "LZB"), 3):
            shown = exact(sheet.cell(rows[ags], column).value)
            assert shown == values.get((str(MONTH), code, "GEMEINDE", ags), Decimal(0))
    offices = rows_by_label(sheet, 2)
    for office in OFFICES:
        assert exact(sheet.cell(offices[office], 3).value) == values[str(MONTH), "BG", "GESCHAEFTSSTELLE", office]


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
    }


@pytest.mark.parametrize("title", TABLES)
def test_a_table_sheet_is_ready_to_read_and_to_print(book: Workbook, title: str) -> None:
    sheet = book[title]
    assert sheet.freeze_panes is not None
    assert sheet.print_area
    assert sheet.print_title_rows
    assert str(sheet.page_setup.paperSize) == "9"
    if title == "Zeitreihe":
        assert sheet.page_setup.scale
        assert sheet.page_setup.scale < 100
        assert [brk.id for brk in sheet.row_breaks.brk]
    else:
        assert sheet.sheet_properties.pageSetUpPr
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
    assert sheet.oddFooter
    assert str(sheet.oddFooter.right.text) == "Seite &P von &N"
    assert sheet["A2"].value == (
        "Ortenaukreis  ·  Berichtsmonat August 2026  ·  Datenstand 28.08.2026, 18:30 Uhr  ·  Gebietsstand 25.01.2021"
    )
    texts = [row[0] for row in sheet.iter_rows(values_only=True) if isinstance(row[0], str)]
    assert texts[-1].startswith("Quelle: Synthetische Falldaten des Trägers DEMO-08317")
    assert f"{title}_Tabelle" in book.defined_names


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
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    assert len(charts) == 4
    assert drawing.count('descr="Liniendiagramm über 13 Monate.') == 4
    assert "Bedarfsgemeinschaften: August 2025 8.946, August 2026 8.806." in drawing


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
        chart = parts.read("xl/charts/chart1.xml").decode()
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
    assert book["Gemeinden"].cell(rows_by_label(book["Gemeinden"])["08317001"], 9).value == "."


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
    assert len(links) == 8 + 7 + 1  # contents, the way back from seven sheets, the cover
    assert {link.rsplit("!", 1)[0].strip("'") for link in links} == {*TITLES}


Variant = Callable[[pd.DataFrame], pd.DataFrame]


@pytest.mark.parametrize(
    "variant",
    [lambda frame: frame, lambda frame: frame.sample(frac=1, random_state=7), lambda frame: frame.iloc[::-1]],
    ids=["again", "shuffled", "reversed"],
)
def test_the_same_cells_give_the_same_bytes(
    cells: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variant: Variant
) -> None:
    first = contents(tmp_path / "a", render(requests_of(cells), tmp_path / "a"))
    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    mask = os.umask(0o077)
    try:
        in_berlin = DATENSTAND.astimezone(dt.timezone(dt.timedelta(hours=2)))
        second = render(requests_of(variant(cells), datenstand=in_berlin), tmp_path / "b")
    finally:
        os.umask(mask)
        monkeypatch.undo()
        time.tzset()
    assert contents(tmp_path / "b", second) == first


def contents(folder: Path, files: list[Path]) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
