"""Write a table sheet: headings that stay in view and repeat on every page, the grid, its footnotes, its charts."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from etl.report.charts import Places, enlarged, height, write_charts
from etl.report.layout import Cell, Column, Kind, Row, RowKind, TableSheet
from etl.report.model import ReportRequest, Sign
from etl.report.seite import (
    HEAD_HEIGHT,
    HEAD_ROWS,
    across,
    head,
    height_of,
    lines_of,
    page_height,
    page_setup,
    pixels,
    write_value,
)
from etl.report.style import DARK, LIGHT, LINE, MONTH_FORMAT, ROW_PIXELS, Formats

_MARK_LABEL = "Stand der Werte"
_POINTS_PER_PIXEL = 0.75
_SMALLEST = 0.86  # what is a little too long for a page is printed so much smaller at most
_COLUMN_PIXELS = 64  # a column without a width of its own
_NAME = re.compile(r"\w+")


def write_table_sheet(
    book: Workbook, page: Worksheet, sheet: TableSheet, request: ReportRequest, formats: Formats, places: Places
) -> None:
    """Write ``sheet`` onto ``page``, row by row from top to bottom."""
    widths = [column.width for column in sheet.columns]
    scale = page_setup(page, sheet, widths, request)
    for index, width in enumerate(widths):
        page.set_column(index, index, width)
    head(page, sheet.heading, request, formats)
    first, used = _write_headings(page, sheet.columns, formats)
    page.freeze_panes(first, sheet.labels)
    page.repeat_rows(HEAD_ROWS, first - 1)
    for offset, row in enumerate(sheet.rows):
        used += _write_row(page, first + offset, row, sheet.columns, formats)
    last = first + len(sheet.rows) - 1
    _define_names(book, sheet, first)
    if sheet.labels > 1:
        page.ignore_errors({"number_stored_as_text": f"A{first + 1}:A{last + 1}"})
    end, notes = _write_notes(page, last + 2, sheet, formats)
    right = len(widths)
    available = page_height(sheet, scale)
    smaller, below = _fitted(HEAD_HEIGHT + used + notes, sheet, available)
    if not sheet.charts:
        page.fit_to_pages(1, int(below))
    else:
        page.set_print_scale(int(scale * smaller))
        if below:
            end += 1 + write_charts(book, page, sheet.charts, places, pixels(widths), (end + 1, 0))
        else:
            # Beside the grid they are on a printed page of their own, without the headings that repeat above the grid.
            page.set_v_pagebreaks([right])
            large = enlarged(sheet.charts, int((available - HEAD_HEIGHT) / (ROW_PIXELS * _POINTS_PER_PIXEL)))
            write_charts(book, page, large, places, pixels(widths), (HEAD_ROWS, right))
            right += -(-pixels(widths) // _COLUMN_PIXELS)
    page.print_area(0, 0, end - 1, right - 1)


def _fitted(grid: float, sheet: TableSheet, available: float) -> tuple[float, bool]:
    """Return how much smaller a sheet is printed so that it fits on one page, and whether the charts then do, too."""
    charts = (height(sheet.charts) + 2) * ROW_PIXELS * _POINTS_PER_PIXEL if sheet.charts else 0
    for needed, with_charts in ((grid + charts, True), (grid, False)):
        if needed <= available / _SMALLEST:
            return min(1.0, available / needed), with_charts
    return 1.0, False


def _write_headings(page: Worksheet, columns: Sequence[Column], formats: Formats) -> tuple[int, float]:
    """Write groups (if any), headings and marks; return the first row below them and their height in points."""
    row, used = HEAD_ROWS, 0.0
    look: dict[str, object] = {"bold": True, "bg_color": DARK, "font_color": "#FFFFFF", "text_wrap": True}
    if any(column.group for column in columns):
        used += _write_groups(page, row, columns, formats)
        row += 1
    lines = [lines_of(c.heading, c.width - 1) for c in columns if isinstance(c.heading, str)]
    used += _set_height(page, row, height_of(max(lines, default=1)))
    for index, column in enumerate(columns):
        align = "left" if column.kind is Kind.TEXT else "right"
        if isinstance(column.heading, str):
            page.write_string(row, index, column.heading, formats.get(**look, align=align, **_gap(columns, index)))
        else:
            page.write_datetime(row, index, column.heading, formats.get(**look, align=align, num_format=MONTH_FORMAT))
    row += 1
    used += _set_height(page, row, height_of(max(lines_of(c.mark, c.width * 10 / 8) for c in columns)))
    for index, column in enumerate(columns):
        align = "left" if column.kind is Kind.TEXT else "right"
        small = formats.get(bg_color=DARK, font_color="#FFFFFF", font_size=8, text_wrap=True, align=align)
        text = column.mark if index else _MARK_LABEL
        if text:
            page.write_string(row, index, text, small)
        else:
            page.write_blank(row, index, None, small)
    return row + 1, used


def _gap(columns: Sequence[Column], index: int) -> dict[str, object]:
    """Return the indent that keeps words apart from a number in the column before."""
    beside = index > 0 and columns[index].kind is Kind.TEXT and columns[index - 1].kind is not Kind.TEXT
    return {"indent": 1} if beside else {}


def _set_height(page: Worksheet, row: int, points: float) -> float:
    page.set_row(row, points)
    return points


def _write_groups(page: Worksheet, row: int, columns: Sequence[Column], formats: Formats) -> float:
    """Write what stands above neighbouring headings, without merging: text runs into empty neighbours."""
    before = ""
    used = _set_height(page, row, height_of(1))
    for index, column in enumerate(columns):
        starts = column.group != before
        edge: dict[str, object] = {"left": 1, "left_color": "#FFFFFF"} if starts and column.group else {}
        align = "center_across" if column.group else "left"  # it ends where the next column has another look
        style = formats.get(bold=True, bg_color=DARK, font_color="#FFFFFF", align=align, **edge)
        if starts and column.group:
            page.write_string(row, index, column.group, style)
        else:
            page.write_blank(row, index, None, style)
        before = column.group
    return used


_LOOKS: dict[RowKind, dict[str, object]] = {
    RowKind.SECTION: {"bold": True, "bg_color": LIGHT, "font_color": DARK},
    RowKind.TOTAL: {"bottom": 4, "bottom_color": LINE, "bold": True},
    RowKind.NORMAL: {"bottom": 4, "bottom_color": LINE},
    RowKind.REMARK: {"italic": True},
}


def _write_row(page: Worksheet, row: int, data: Row, columns: Sequence[Column], formats: Formats) -> float:
    look = _LOOKS[data.kind]
    if data.kind is RowKind.REMARK:
        page.write_string(row, 0, str(data.cells[0]), formats.get(**look, indent=1))
        return _set_height(page, row, 16)
    texts = [(cell, column.width) for cell, column in zip(data.cells, columns, strict=True) if _is_text(cell)]
    lines = 1 if data.kind is RowKind.SECTION else max(lines_of(str(text), width - 1) for text, width in texts)
    used = _set_height(page, row, max(16, height_of(lines)))
    if lines > 1:
        look = look | {"text_wrap": True}
    for index, (cell, column) in enumerate(zip(data.cells, columns, strict=True)):
        indent: dict[str, object] = {"indent": data.level} if index == 0 and data.level else _gap(columns, index)
        if isinstance(cell, (Decimal, Sign)):
            write_value(page, row, index, cell, (data.values or column.kind, data.decimals), look, formats)
        elif isinstance(cell, dt.date):
            page.write_datetime(row, index, cell, formats.get(**look, align="left", num_format=MONTH_FORMAT, **indent))
        elif cell:
            page.write_string(row, index, cell, formats.get(**look, align="left", **indent))
        else:
            page.write_blank(row, index, None, formats.get(**look))
    return used


def _is_text(cell: Cell) -> bool:
    return not isinstance(cell, (Decimal, Sign, dt.date))


def _write_notes(page: Worksheet, row: int, sheet: TableSheet, formats: Formats) -> tuple[int, float]:
    """Write footnotes and source; return the first row below them and their height in points."""
    width, used = sum(column.width for column in sheet.columns), 0.0
    style = formats.get(font_size=9, text_wrap=True, valign="top")
    for note in (*sheet.notes, sheet.source):
        used += _set_height(page, row, height_of(lines_of(note, width * 10 / 9)) - 2)
        across(page, row, len(sheet.columns) - 1, note, style)
        row += 1
    return row, used


def _define_names(book: Workbook, sheet: TableSheet, first: int) -> None:
    """Name the grid, and of each named row its value of the month (or its series)."""
    last_column = len(sheet.columns) - 1

    def refer(name: str, row: int, column: int, to_row: int, to_column: int) -> None:
        begin = xl_rowcol_to_cell(row, column, True, True)
        end = xl_rowcol_to_cell(to_row, to_column, True, True)
        area = begin if begin == end else f"{begin}:{end}"
        book.define_name(f"{sheet.title}_{name}", f"='{sheet.title}'!{area}")

    refer("Tabelle", first - 2, 0, first + len(sheet.rows) - 1, last_column)
    for offset, row in enumerate(sheet.rows):
        if _NAME.fullmatch(row.name):
            row_of = first + offset
            refer(row.name, row_of, sheet.labels, row_of, last_column if sheet.series else sheet.labels)
