"""Native charts. They draw the cells of the grids themselves; there is no second copy of the data to maintain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart as Native
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from etl.report.layout import Cell, Chart, ChartKind, Row, Series, Sheet, TableSheet
from etl.report.style import FONT, GRID, LINES, MONTH_FORMAT, ROW_PIXELS

_PER_LINE = 2
_GAP = 12
_BLANK_ROW = 4  # the line below the head of every table sheet stays empty
_LARGE = 30
_FEW_MONTHS = 18
_MONTH_STEPS = ((_FEW_MONTHS, 1), (72, 6), (100_000, 12))
_WHOLE_NUMBERS = 50  # from here on the numbers at an axis need no decimals
_EXCEL_DAY_ZERO = dt.date(1899, 12, 30)


@dataclass(frozen=True)
class _Place:
    """Where a grid stands: row of its headings, and of each named row its number and its cells."""

    sheet: TableSheet
    heading: int
    rows: dict[str, tuple[int, Row]]


class Places:
    """Where every named row of every table sheet will stand, so that a chart can show cells of another sheet."""

    def __init__(self, sheets: Iterable[Sheet], heading: int) -> None:
        """``heading``: the row of the headings of a grid without groups."""
        self._places: dict[str, _Place] = {}
        for sheet in sheets:
            if isinstance(sheet, TableSheet):
                row = heading + any(column.group for column in sheet.columns)
                named = {data.name: (row + 2 + i, data) for i, data in enumerate(sheet.rows) if data.name}
                self._places[sheet.title] = _Place(sheet, row, named)

    def values(self, series: Series) -> tuple[str, list[Cell]]:
        """Return the reference to the values of a series, and the values themselves."""
        place = self._places[series.sheet]
        return _joined(series.sheet, [(row, c, data.cells[c]) for row, data, c in _cells(place, series)])

    def categories(self, series: Series) -> tuple[str, list[Cell]]:
        """Return what the values stand for: the months in the headings, or the labels of the rows."""
        place = self._places[series.sheet]
        cells: list[tuple[int, int, Cell]] = []
        for row, data, column in _cells(place, series):
            if series.column is None:
                cells.append((place.heading, column, place.sheet.columns[column].heading))
            else:
                cells.append((row, series.names, data.cells[series.names]))
        return _joined(series.sheet, cells, keep_text=True)


def _cells(place: _Place, series: Series) -> list[tuple[int, Row, int]]:
    if series.column is not None:
        return [(*place.rows[name], series.column) for name in series.rows]
    row, data = place.rows[series.rows[0]]
    return [(row, data, column) for column in range(place.sheet.labels, len(place.sheet.columns))]


def _joined(sheet: str, cells: Sequence[tuple[int, int, Cell]], keep_text: bool = False) -> tuple[str, list[Cell]]:
    """Return a reference to cells, neighbours as one area; an empty cell stands in for a sign, which would be zero."""
    areas: list[list[tuple[int, int]]] = []
    for row, column, cell in cells:
        at = (row, column) if keep_text or isinstance(cell, Decimal) else (_BLANK_ROW, column)
        if areas and _follows(areas[-1], at):
            areas[-1].append(at)
        else:
            areas.append([at])
    parts = [f"'{sheet}'!{_address(area[0])}" + (f":{_address(area[-1])}" if area[1:] else "") for area in areas]
    return f"={parts[0]}" if len(parts) == 1 else f"=({','.join(parts)})", [cell for _, _, cell in cells]


def _follows(area: list[tuple[int, int]], at: tuple[int, int]) -> bool:
    (row, column), first = area[-1], area[0]
    beside = at == (row, column + 1) and row == first[0]
    below = at == (row + 1, column) and column == first[1]
    return (beside or below) and _BLANK_ROW not in (row, at[0])


def _address(at: tuple[int, int]) -> str:
    return str(xl_rowcol_to_cell(*at, row_abs=True, col_abs=True))


def height(charts: Sequence[Chart]) -> int:
    """Return the number of rows that charts cover."""
    return sum(max(chart.lines for chart in line) for line in _arranged(charts))


def _arranged(charts: Sequence[Chart]) -> list[list[Chart]]:
    """Put charts into lines: two side by side, a wide one alone."""
    lines: list[list[Chart]] = []
    for chart in charts:
        if lines and len(lines[-1]) < _PER_LINE and not chart.wide and not lines[-1][0].wide:
            lines[-1].append(chart)
        else:
            lines.append([chart])
    return lines


def enlarged(charts: Sequence[Chart], lines: int) -> tuple[Chart, ...]:
    """Return few charts one below the other, as large as ``lines`` rows of a page allow; many as they are."""
    each = lines // len(charts)
    if each < max(chart.lines for chart in charts):
        return tuple(charts)
    return tuple(replace(chart, wide=True, lines=max(chart.lines, min(each, _LARGE))) for chart in charts)


def write_charts(
    book: Workbook, page: Worksheet, charts: Sequence[Chart], places: Places, width: int, start: tuple[int, int]
) -> int:
    """Place charts from a cell on over ``width`` pixels; return the number of rows of the usual height they cover."""
    half = width // _PER_LINE - _GAP // 2 - 2
    lines = 0
    for line in _arranged(charts):
        for index, chart in enumerate(line):
            native = _native(book, chart, places)
            size = width - 4 if chart.wide else half
            tall = max(other.lines for other in line)
            native.set_size({"width": size, "height": tall * ROW_PIXELS - _GAP})
            offset = {"x_offset": 2 + index * (half + _GAP), "y_offset": 2 + lines * ROW_PIXELS}
            page.insert_chart(*start, native, {**offset, "description": _printable(chart.alt), "object_position": 1})
        lines += max(chart.lines for chart in line)
    return lines


def _native(book: Workbook, chart: Chart, places: Places) -> Native:
    native = book.add_chart({"type": chart.kind.value})
    known: list[Decimal] = []
    labels: list[Cell] = []
    for series, (colour, dash, marker) in zip(chart.series, LINES, strict=False):
        values, shown = places.values(series)
        categories, labels = places.categories(series)
        known += [value for value in shown if isinstance(value, Decimal)]
        native.add_series(
            {
                "name": series.label,
                "categories": categories,
                "values": values,
                "categories_data": [_cached(label) for label in labels],
                "values_data": [float(value) if isinstance(value, Decimal) else None for value in shown],
                **_look(chart.kind, len(labels), colour, dash, marker),
            }
        )
    _axes(native, chart, labels, known)
    many = len(chart.series) > 1
    native.set_legend({"position": "bottom", "font": {"name": FONT, "size": 9}} if many else {"none": True})
    native.show_blanks_as("gap")
    return native


def _cached(label: Cell) -> object:
    return (label - _EXCEL_DAY_ZERO).days if isinstance(label, dt.date) else _printable(str(label))


def _printable(text: str) -> str:
    """Return a text for a part of the file in which a control character cannot be written."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in text)


def _look(kind: ChartKind, points: int, colour: str, dash: str, marker: str) -> dict[str, object]:
    fill = {"color": colour}
    if kind is not ChartKind.LINE:
        return {"fill": fill, "border": {"color": "#FFFFFF"}, "gap": 60}
    line: dict[str, object] = {"line": {"color": colour, "width": 2.25, "dash_type": dash}}
    if points > _FEW_MONTHS:
        return line
    return {**line, "marker": {"type": marker, "size": 6, "fill": fill, "border": fill}}


def _axes(native: Native, chart: Chart, labels: Sequence[Cell], known: Sequence[Decimal]) -> None:
    floor = _floor(known) if chart.kind is ChartKind.LINE else None
    # A column shows its value by its length, so its axis begins at zero.
    lowest = 0 if chart.kind is not ChartKind.LINE and min(known, default=Decimal(0)) >= 0 else floor
    title = chart.title if floor is None else f"{chart.title} (Achse beginnt nicht bei null)"
    font = {"name": FONT, "size": 9}
    native.set_title({"name": title, "name_font": {"name": FONT, "size": 10, "bold": True}, "overlay": False})
    category: dict[str, object] = {"num_font": font, "label_position": "low"}
    if any(isinstance(label, dt.date) for label in labels):
        step = next(step for most, step in _MONTH_STEPS if len(labels) <= most)
        category |= {
            "date_axis": True,
            "num_format": MONTH_FORMAT,
            "major_unit": step,
            "major_unit_type": "months",
        }
    value: dict[str, object] = {
        "num_font": font,
        "num_format": "#,##0" if max(map(abs, known), default=Decimal(0)) >= _WHOLE_NUMBERS else "#,##0.0",
        "min": None if lowest is None else float(lowest),
        "major_gridlines": {"visible": True, "line": {"color": GRID, "width": 0.5}},
    }
    if chart.kind is ChartKind.BAR:
        native.set_x_axis(value)
        native.set_y_axis({**category, "reverse": True, "crossing": "max", "interval_unit": 1})
    else:
        native.set_x_axis(category)
        native.set_y_axis(value)


def _floor(values: Sequence[Decimal]) -> Decimal | None:
    """Return where the axis begins so that a small change can be seen; None = at zero, the honest default."""
    if not values or min(values) <= max(values) / 2:
        return None
    margin = max((max(values) - min(values)) / 2, max(values) / 100)
    step = Decimal(10) ** margin.adjusted() * (5 if margin.as_tuple().digits[0] >= 5 else 1)
    return (min(values) - margin) // step * step
