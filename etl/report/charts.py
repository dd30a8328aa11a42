"""Native line charts below a grid. They draw the cells of the grid themselves; there is no second copy of the data."""

from __future__ import annotations

from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.chart_line import ChartLine
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from etl.report.layout import Chart, Row, TableSheet
from etl.report.style import FONT, GRID, LINES

_ROWS_PER_CHART = 15
_CHARTS_PER_LINE = 2
_ROW_PIXELS = 20


def write_charts(book: Workbook, page: Worksheet, sheet: TableSheet, first: int, heading: int, start: int) -> int:
    """Place the charts of ``sheet`` from row ``start`` on, two side by side; return the last row they cover.

    ``first`` is the first row of the grid's data, ``heading`` the row with the months.
    """
    rows = {row.name: (first + offset, row) for offset, row in enumerate(sheet.rows) if row.name}
    pixels = [int(column.width * 7 + 5) for column in sheet.columns]
    width = sum(pixels) // _CHARTS_PER_LINE - 8
    for index, chart in enumerate(sheet.charts):
        line, place = divmod(index, _CHARTS_PER_LINE)
        native = _native(book, sheet, chart, rows, heading)
        native.set_size({"width": width, "height": _ROWS_PER_CHART * _ROW_PIXELS - 12})
        page.insert_chart(
            start + line * _ROWS_PER_CHART,
            0,
            native,
            {"x_offset": place * (width + 12), "description": chart.alt, "object_position": 1},
        )
    lines = -(-len(sheet.charts) // _CHARTS_PER_LINE)
    return start + lines * _ROWS_PER_CHART


def _native(
    book: Workbook, sheet: TableSheet, chart: Chart, rows: dict[str, tuple[int, Row]], heading: int
) -> ChartLine:
    native = book.add_chart({"type": "line"})
    known = [cell for name, _ in chart.lines for cell in rows[name][1].cells if isinstance(cell, Decimal)]
    floor = _floor(known)
    for (name, label), (colour, dash, marker) in zip(chart.lines, LINES, strict=False):
        row, data = rows[name]
        native.add_series(
            {
                "name": label,
                "categories": [sheet.title, heading, 1, heading, len(sheet.columns) - 1],
                "values": _reference(sheet.title, row, data, heading - 1),
                "line": {"color": colour, "width": 2.25, "dash_type": dash},
                "marker": {"type": marker, "size": 6, "fill": {"color": colour}, "border": {"color": colour}},
            }
        )
    title = chart.title if floor is None else f"{chart.title} (Achse beginnt nicht bei null)"
    font = {"name": FONT, "size": 9}
    native.set_title({"name": title, "name_font": {"name": FONT, "size": 11, "bold": True}, "overlay": False})
    native.set_x_axis(
        {
            "num_font": font,
            "date_axis": True,
            "num_format": "[$-407]mmm\\ yy",
            "major_unit": 1,
            "major_unit_type": "months",
        }
    )
    native.set_y_axis(
        {
            "num_font": font,
            "num_format": "#,##0",
            "min": floor,
            "major_gridlines": {"visible": True, "line": {"color": GRID, "width": 0.5}},
        }
    )
    native.set_legend({"none": True} if len(chart.lines) == 1 else {"position": "bottom", "font": font})
    native.show_blanks_as("gap")
    return native


def _floor(values: list[Decimal]) -> int | None:
    """Return where the axis begins so that a small change can be seen; None = at zero, the honest default."""
    if not values or min(values) <= max(values) / 2:
        return None
    margin = max((max(values) - min(values)) / 2, max(values) / 100)
    step = Decimal(10) ** max(0, margin.adjusted())
    return int((min(values) - margin) // step * step)


def _reference(title: str, row: int, data: Row, blank_row: int) -> str:
    """Return the cells of a series. An empty cell stands in for a sign, which Excel would draw as zero."""
    parts = []
    run_start: int | None = None
    numbers = [isinstance(cell, Decimal) for cell in data.cells]
    for column in range(1, len(numbers) + 1):
        is_number = column < len(numbers) and numbers[column]
        if is_number and run_start is None:
            run_start = column
        if not is_number and run_start is not None:
            begin, end = (xl_rowcol_to_cell(row, c, True, True) for c in (run_start, column - 1))
            parts.append(f"'{title}'!{begin}" if begin == end else f"'{title}'!{begin}:{end}")
            run_start = None
        if not is_number and column < len(numbers):
            parts.append(f"'{title}'!{xl_rowcol_to_cell(blank_row, column, True, True)}")
    return f"={parts[0]}" if len(parts) == 1 else f"=({','.join(parts)})"
