"""Write sheets as an Excel workbook: real numbers with number formats, native charts, ready to print.

The workbook is written row by row in constant memory. Text is always written as text, so that a name that begins
with ``=`` stays a name. The same sheets give the same bytes: the only time inside is the Datenstand.
"""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from etl.report.charts import write_charts
from etl.report.layout import Column, Kind, Row, RowKind, Sheet, TableSheet, TextRow, TextSheet, TextStyle
from etl.report.model import ReportRequest, Sign, Value, gebiet
from etl.report.sheets import build, inhalt
from etl.report.sheets.common import SYNTHETISCH, head_line, herausgeber, hinweis
from etl.report.style import DARK, FONT, LIGHT, LINE, MONTH_FORMAT, NUMBER_FORMATS, WARNING, Formats

_LINE_HEIGHT = 13.5
_A4 = 9
_HEAD_ROWS = 5
_MARK_LABEL = "Stand der Werte"


def write(request: ReportRequest, folder: Path) -> list[Path]:
    """Write the workbook of ``request`` into ``folder`` and return its path; temporary files stay in the same folder.

    The name says for whom it is: a file that leaves its folder must not be taken for the one of another circle.
    """
    path = folder / f"{request.berichtsmonat}_Monatsbericht_{request.kreis.capitalize()}.xlsx"
    book = Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)})
    _properties(book, request)
    formats = Formats(book)
    for sheet in build(request):
        page = book.add_worksheet(sheet.title)
        _page_setup(page, sheet, request)
        if isinstance(sheet, TableSheet):
            _write_table_sheet(book, page, sheet, request, formats)
        else:
            _write_text_sheet(page, sheet, request, formats)
    book.close()
    return [path]


def _properties(book: Workbook, request: ReportRequest) -> None:
    datenstand = request.datenstand.astimezone(dt.UTC)
    kind = f"{SYNTHETISCH}. " if request.synthetic else ""
    book.set_properties(
        {
            "title": f"Monatsbericht SGB II {gebiet().name}, {request.berichtsmonat.name}",
            "subject": "Grundsicherung für Arbeitsuchende (SGB II)",
            "author": herausgeber(request),
            "company": herausgeber(request),
            "category": "Monatsbericht",
            "keywords": f"SGB II, {gebiet().name}, {request.berichtsmonat}",
            "comments": f"{kind}{hinweis(request)}. Auftragsnummer {request.auftragsnummer}",
            "created": datenstand.replace(tzinfo=None),
        }
    )
    for name, value in (
        ("Berichtsmonat", str(request.berichtsmonat)),
        ("Datenstand", datenstand.isoformat()),
        ("Träger", request.traegernummer),
        ("Lieferung", request.lieferung_id),
        ("Auftragsnummer", request.auftragsnummer),
    ):
        book.set_custom_property(name, value, "text")


def _page_setup(page: Worksheet, sheet: Sheet, request: ReportRequest) -> None:
    page.set_paper(_A4)
    if sheet.landscape:
        page.set_landscape()
    page.set_margins(left=0.5, right=0.5, top=0.9, bottom=0.7)
    if isinstance(sheet, TableSheet) and sheet.charts:
        # „Fit to width“ makes Excel ignore page breaks and cut a chart in two, so the scale that fits is computed.
        page.set_print_scale(_scale(sheet))
    else:
        page.fit_to_pages(1, 0)
    page.hide_gridlines(2)
    small = f'&"{FONT},Regular"&8'
    name = herausgeber(request).replace("&", "&&")
    notices = [SYNTHETISCH] if request.synthetic else []
    page.set_header(f"&L{small}{name}&C{small}&B{chr(10).join([*notices, hinweis(request)])}&R{small}{sheet.title}")
    page.set_footer(f"&L{small}Monatsbericht SGB II, {request.berichtsmonat.name}&R{small}Seite &P von &N")


def _scale(sheet: TableSheet) -> int:
    """Return the percentage at which the grid fits the width of an A4 page with room to spare for other renderers."""
    inches = 9.9 if sheet.landscape else 6.7
    pixels = sum(int(column.width * 7 + 5) for column in sheet.columns)
    return max(10, min(100, int(inches * 96 / pixels * 100)))


def _lines(text: str, width: float) -> int:
    # A column's width counts digits; German text in Arial runs a little narrower.
    return max(1, len(textwrap.wrap(text, max(4, int(width * 1.1)))))


def _height(lines: int) -> float:
    return lines * _LINE_HEIGHT + 3


def _across(page: Worksheet, row: int, last: int, text: str, style: Format, first: int = 0) -> None:
    """Write text over several columns of one row."""
    if last > first:
        page.merge_range(row, first, row, last, "", style)
    page.write_string(row, first, text, style)


def _head(page: Worksheet, heading: str, request: ReportRequest, formats: Formats) -> None:
    """Write the head of a sheet: heading, month and states, notices, the way back."""
    notices = [hinweis(request), *([SYNTHETISCH] if request.synthetic else [])]
    page.set_row(0, 24)
    page.write_string(0, 0, heading, formats.get(bold=True, font_size=14, font_color=DARK))
    page.write_string(1, 0, head_line(request), formats.get())
    page.write_string(2, 0, "  ·  ".join(notices), formats.get(bold=True, font_color=WARNING))
    if heading != inhalt.TITLE:
        _link(page, 3, 0, inhalt.TITLE, "Zum Inhaltsverzeichnis", formats)


def _link(page: Worksheet, row: int, column: int, target: str, text: str, formats: Formats) -> None:
    style = formats.get(font_color="#0B5394", underline=1, valign="top")
    page.write_url(row, column, f"internal:'{target}'!A1", style, text, f"Blatt {target}")


def _write_table_sheet(
    book: Workbook, page: Worksheet, sheet: TableSheet, request: ReportRequest, formats: Formats
) -> None:
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
    _head(page, sheet.heading, request, formats)
    first = _write_headings(page, sheet.columns, formats)
    labels = sum(column.kind is Kind.TEXT for column in sheet.columns)
    page.freeze_panes(first, labels)
    page.repeat_rows(_HEAD_ROWS, first - 1)
    for offset, row in enumerate(sheet.rows):
        _write_row(page, first + offset, row, sheet.columns, formats)
    last = first + len(sheet.rows) - 1
    _define_names(book, sheet, first, labels)
    if labels > 1:
        page.ignore_errors({"number_stored_as_text": f"A{first + 1}:A{last + 1}"})
    end = last + 1
    if sheet.charts:
        page.set_h_pagebreaks([end])
        end = write_charts(book, page, sheet, first, _HEAD_ROWS + _has_groups(sheet.columns), end + 1)
    end = _write_notes(page, end + 1, sheet, formats)
    page.print_area(0, 0, end - 1, len(sheet.columns) - 1)


def _has_groups(columns: Sequence[Column]) -> bool:
    return any(column.group for column in columns)


def _write_headings(page: Worksheet, columns: Sequence[Column], formats: Formats) -> int:
    """Write the headings and return the first row below them: groups (if any), headings, marks."""
    row = _HEAD_ROWS
    look: dict[str, object] = {"bold": True, "bg_color": DARK, "font_color": "#FFFFFF", "text_wrap": True}
    if _has_groups(columns):
        _write_groups(page, row, columns, formats)
        row += 1
    lines = [_lines(c.heading, c.width - 1) for c in columns if isinstance(c.heading, str)]
    page.set_row(row, _height(max(lines, default=1)))
    for index, column in enumerate(columns):
        align = "left" if column.kind is Kind.TEXT else "right"
        if isinstance(column.heading, str):
            page.write_string(row, index, column.heading, formats.get(**look, align=align))
        else:
            page.write_datetime(row, index, column.heading, formats.get(**look, align=align, num_format=MONTH_FORMAT))
    row += 1
    page.set_row(row, _height(max(_lines(c.mark, c.width * 10 / 8) for c in columns)))
    for index, column in enumerate(columns):
        align = "left" if column.kind is Kind.TEXT else "right"
        small = formats.get(bg_color=DARK, font_color="#FFFFFF", font_size=8, text_wrap=True, align=align)
        text = column.mark if index else _MARK_LABEL
        if text:
            page.write_string(row, index, text, small)
        else:
            page.write_blank(row, index, None, small)
    return row + 1


def _write_groups(page: Worksheet, row: int, columns: Sequence[Column], formats: Formats) -> None:
    """Write what stands above neighbouring headings, without merging: text runs into empty neighbours."""
    page.set_row(row, _height(1))
    before = ""
    for index, column in enumerate(columns):
        starts = column.group != before
        edge: dict[str, object] = {"left": 1, "left_color": "#FFFFFF"} if starts and column.group else {}
        style = formats.get(bold=True, bg_color=DARK, font_color="#FFFFFF", align="center_across", **edge)
        if starts and column.group:
            page.write_string(row, index, column.group, style)
        else:
            page.write_blank(row, index, None, style)
        before = column.group


def _write_row(page: Worksheet, row: int, data: Row, columns: Sequence[Column], formats: Formats) -> None:
    look: dict[str, object] = {"bottom": 4, "bottom_color": LINE}
    if data.kind is RowKind.SECTION:
        look = {"bold": True, "bg_color": LIGHT, "font_color": DARK}
    elif data.kind is RowKind.TOTAL:
        look = look | {"bold": True}
    texts = [(cell, column.width) for cell, column in zip(data.cells, columns, strict=True) if _is_text(cell)]
    lines = 1 if data.kind is RowKind.SECTION else max(_lines(str(text), width - 1) for text, width in texts)
    page.set_row(row, max(16, _height(lines)))
    if lines > 1:
        look = look | {"text_wrap": True}
    for index, (cell, column) in enumerate(zip(data.cells, columns, strict=True)):
        if not isinstance(cell, (Decimal, Sign)):
            indent: dict[str, object] = {"indent": data.level} if index == 0 and data.level else {}
            style = formats.get(**look, align="left", **indent)
            if cell:
                page.write_string(row, index, cell, style)
            else:
                page.write_blank(row, index, None, style)
        else:
            write_value(page, row, index, cell, column.kind, look, formats)


def _is_text(cell: Value | str) -> bool:
    return not isinstance(cell, (Decimal, Sign))


def write_value(
    page: Worksheet,
    row: int,
    column: int,
    value: Value,
    kind: Kind,
    look: dict[str, object],
    formats: Formats,
) -> None:
    """Write a number as a number, a sign as text at the right edge."""
    if isinstance(value, Decimal):
        style = formats.get(**look, align="right", num_format=NUMBER_FORMATS[kind])
        # 15 significant digits are what a workbook can hold; figures stay far below.
        page.write_number(row, column, value, style)
    else:
        page.write_string(row, column, str(value), formats.get(**look, align="right"))


def _write_notes(page: Worksheet, row: int, sheet: TableSheet, formats: Formats) -> int:
    width = sum(column.width for column in sheet.columns)
    style = formats.get(font_size=9, text_wrap=True, valign="top")
    for note in (*sheet.notes, sheet.source):
        page.set_row(row, _height(_lines(note, width * 10 / 9)) - 2)
        _across(page, row, len(sheet.columns) - 1, note, style)
        row += 1
    return row


def _define_names(book: Workbook, sheet: TableSheet, first: int, labels: int) -> None:
    """Name the grid, and of each named row its value of the month (or its series)."""
    last_column = len(sheet.columns) - 1

    def refer(name: str, row: int, column: int, to_row: int, to_column: int) -> None:
        begin = xl_rowcol_to_cell(row, column, True, True)
        end = xl_rowcol_to_cell(to_row, to_column, True, True)
        area = begin if begin == end else f"{begin}:{end}"
        book.define_name(f"{sheet.title}_{name}", f"='{sheet.title}'!{area}")

    refer("Tabelle", first - 2, 0, first + len(sheet.rows) - 1, last_column)
    for offset, row in enumerate(sheet.rows):
        if row.name:
            refer(row.name, first + offset, labels, first + offset, last_column if sheet.series else labels)


def _write_text_sheet(page: Worksheet, sheet: TextSheet, request: ReportRequest, formats: Formats) -> None:
    for index, width in enumerate(sheet.widths):
        page.set_column(index, index, width)
    row = 0
    if sheet.head:
        title, *rest = sheet.rows
        _head(page, str(title.cells[0]), request, formats)
        page.freeze_panes(_HEAD_ROWS - 1, 0)
        row = _HEAD_ROWS
    else:
        rest = list(sheet.rows)
    for text_row in rest:
        _write_text_row(page, row, text_row, sheet.widths, formats)
        row += 1
    page.print_area(0, 0, row - 1, len(sheet.widths) - 1)


_TEXT_LOOKS: dict[TextStyle, dict[str, object]] = {
    TextStyle.TITLE: {"bold": True, "font_size": 18, "font_color": DARK},
    TextStyle.SUBTITLE: {"font_size": 13, "font_color": DARK},
    TextStyle.HEADING: {"bold": True, "font_size": 12, "font_color": DARK, "bottom": 1, "bottom_color": DARK},
    TextStyle.COLUMN_HEADINGS: {"bold": True, "bg_color": DARK, "font_color": "#FFFFFF"},
    TextStyle.WARNING: {"bold": True, "font_size": 12, "font_color": WARNING, "bg_color": "#FDE9E7", "indent": 1},
    TextStyle.PAIR: {},
    TextStyle.TEXT: {},
    TextStyle.SPACE: {},
}


def _write_text_row(page: Worksheet, row: int, data: TextRow, widths: Sequence[float], formats: Formats) -> None:
    look = _TEXT_LOOKS[data.style] | {"text_wrap": True, "valign": "top"}
    last = len(widths) - 1
    size = look.get("font_size", 10)
    scale = (size if isinstance(size, int) else 10) / 10
    if not data.cells:
        page.set_row(row, 10)
    elif data.style is TextStyle.PAIR:
        label, text = (str(cell) for cell in data.cells)
        page.set_row(row, _height(_lines(text, sum(widths[1:]))))
        page.write_string(row, 0, label, formats.get(**look, bold=True))
        _across(page, row, last, text, formats.get(**look), first=1)
    elif len(data.cells) == 1 and not data.link:
        text = str(data.cells[0])
        page.set_row(row, _height(_lines(text, sum(widths) / scale)) * scale)
        _across(page, row, last, text, formats.get(**look))
    else:
        _write_text_cells(page, row, data, widths, formats, look)


def _write_text_cells(
    page: Worksheet,
    row: int,
    data: TextRow,
    widths: Sequence[float],
    formats: Formats,
    look: dict[str, object],
) -> None:
    texts = [str(cell) if isinstance(cell, str) else "" for cell in data.cells]
    page.set_row(row, _height(max(_lines(text, width) for text, width in zip(texts, widths, strict=False))))
    if data.style is TextStyle.TEXT:
        look = look | {"bottom": 4, "bottom_color": LINE}
    for index, cell in enumerate(data.cells):
        if index == 0 and data.link:
            _link(page, row, 0, data.link, texts[0], formats)
        elif isinstance(cell, (Decimal, Sign)):
            write_value(page, row, index, cell, data.kinds[index], look, formats)
        else:
            right = data.style is TextStyle.COLUMN_HEADINGS and bool(data.kinds) and index > 0
            page.write_string(row, index, texts[index], formats.get(**look, align="right" if right else "left"))
