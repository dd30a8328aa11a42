"""Write a text sheet: cover, imprint, contents, notes on method."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from etl.report.charts import Places, write_charts
from etl.report.layout import Kind, TextRow, TextSheet, TextStyle
from etl.report.model import ReportRequest, Sign
from etl.report.seite import HEAD_ROWS, across, head, height_of, lines_of, link, page_setup, pixels, write_value
from etl.report.style import DARK, LINE, WARNING, Formats


def write_text_sheet(
    book: Workbook, page: Worksheet, sheet: TextSheet, request: ReportRequest, formats: Formats, places: Places
) -> None:
    """Write ``sheet`` onto ``page``, row by row from top to bottom."""
    page_setup(page, sheet, sheet.widths, request)
    page.fit_to_pages(1, int(sheet.one_page))
    for index, width in enumerate(sheet.widths):
        page.set_column(index, index, width)
    row = 0
    if sheet.head:
        title, *rest = sheet.rows
        head(page, str(title.cells[0]), request, formats)
        page.freeze_panes(HEAD_ROWS - 1, 0)
        row = HEAD_ROWS
    else:
        rest = list(sheet.rows)
    for text_row in rest:
        _write_text_row(page, row, text_row, sheet.widths, formats)
        row += 1
    if sheet.charts:
        row += write_charts(book, page, sheet.charts, places, pixels(sheet.widths), (row, 0))
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
        page.set_row(row, height_of(lines_of(text, sum(widths[1:]))))
        page.write_string(row, 0, label, formats.get(**look, bold=True))
        across(page, row, last, text, formats.get(**look), first=1)
    elif len(data.cells) == 1 and not data.link:
        text = str(data.cells[0])
        page.set_row(row, height_of(lines_of(text, sum(widths) / scale)) * scale)
        across(page, row, last, text, formats.get(**look))
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
    page.set_row(row, height_of(max(lines_of(text, width) for text, width in zip(texts, widths, strict=False))))
    if data.style is TextStyle.TEXT:
        look = look | {"bottom": 4, "bottom_color": LINE}
    for index, cell in enumerate(data.cells):
        if index == 0 and data.link:
            link(page, row, 0, data.link, texts[0], formats)
        elif isinstance(cell, (Decimal, Sign)):
            write_value(page, row, index, cell, (data.kinds[index], 0), look, formats)
        else:
            right = data.style is TextStyle.COLUMN_HEADINGS and bool(data.kinds) and index > 0
            after_number = index > 0 and len(data.kinds) > index and data.kinds[index - 1] is not Kind.TEXT
            beside: dict[str, object] = {"indent": 1} if after_number and data.kinds[index] is Kind.TEXT else {}
            align = "right" if right and data.kinds[index] is not Kind.TEXT else "left"
            page.write_string(row, index, texts[index], formats.get(**look, align=align, **beside))
