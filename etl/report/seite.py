"""What table sheets and text sheets of the workbook share: the page, the head, heights of rows, values and links."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from etl.report.layout import Kind, Sheet
from etl.report.model import ReportRequest, Value
from etl.report.sheets import inhalt
from etl.report.sheets.common import SYNTHETISCH, head_line, herausgeber, hinweis
from etl.report.style import DARK, FONT, ROW_PIXELS, WARNING, Formats, number_format

HEAD_ROWS = 5
"""Rows above the grid or the text: four of the head and an empty one."""
HEAD_HEIGHT = 24 + 4 * ROW_PIXELS * 0.75
_LINE_HEIGHT = 13.5
_A4 = 9
_POINTS_PER_INCH = 72
_SAFETY = 0.94  # fonts of other renderers are a little wider and higher


def page_setup(page: Worksheet, sheet: Sheet, widths: Iterable[float], request: ReportRequest) -> int:
    """Set paper, margins, header, footer; fit to the width. Return the scale in percent that fits.

    „Fit to width“ makes Excel ignore page breaks and cut a chart in two, so a sheet with charts is set to this scale.
    """
    page.set_paper(_A4)
    if sheet.landscape:
        page.set_landscape()
    page.set_margins(left=0.4, right=0.4, top=0.9, bottom=0.7)
    scale = max(10, min(100, int((10.89 if sheet.landscape else 7.47) * _SAFETY * 96 / pixels(widths) * 100)))
    page.fit_to_pages(1, 0)
    page.hide_gridlines(2)
    small = f'&"{FONT},Regular"&8'
    name = herausgeber(request).replace("&", "&&")
    notices = [SYNTHETISCH] if request.synthetic else []
    page.set_header(f"&L{small}{name}&C{small}&B{chr(10).join([*notices, hinweis(request)])}&R{small}{sheet.title}")
    page.set_footer(f"&L{small}Monatsbericht SGB II, {request.berichtsmonat.name}&R{small}Seite &P von &N")
    return scale


def page_height(sheet: Sheet, scale: int) -> float:
    """Return the height in points of what fits on one printed page of the sheet."""
    return (6.67 if sheet.landscape else 10.09) * _SAFETY * _POINTS_PER_INCH * 100 / scale


def pixels(widths: Iterable[float]) -> int:
    """Return how wide columns are on the screen."""
    return sum(int(width * 7 + 5) for width in widths)


def lines_of(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of ``width`` (in digits, as a workbook counts)."""
    lines, used = 1, 0.0
    for word in re.findall(r"\S+", text):
        size = _size(word)
        if used and used + _size(" ") + size > width:
            lines, used = lines + 1, size
        else:
            used += size + (_size(" ") if used else 0)
        if used > width:  # a word longer than the line is broken
            lines, used = lines + int(used / width), used % width
    return lines


def _size(text: str) -> float:
    """Return the width of a text in Arial in digits, a little too large rather than too small."""
    return sum(_SIZES.get(char, 1.3 if char.isupper() else 1.0) for char in text)


_SIZES = {char: size for chars, size in ((" iljtfI.,:;|'()/-[]", 0.55), ("r", 0.65), ("mwMW%@", 1.6)) for char in chars}


def height_of(lines: int) -> float:
    """Return the height in points of a row of so many lines."""
    return lines * _LINE_HEIGHT + 3


def across(page: Worksheet, row: int, last: int, text: str, style: Format, first: int = 0) -> None:
    """Write text over several columns of one row."""
    if last > first:
        page.merge_range(row, first, row, last, "", style)
    page.write_string(row, first, text, style)


def head(page: Worksheet, heading: str, request: ReportRequest, formats: Formats) -> None:
    """Write the head of a sheet: heading, month and states, notices, the way back."""
    notices = [hinweis(request), *([SYNTHETISCH] if request.synthetic else [])]
    page.set_row(0, 24)
    page.write_string(0, 0, heading, formats.get(bold=True, font_size=14, font_color=DARK))
    page.write_string(1, 0, head_line(request), formats.get())
    page.write_string(2, 0, "  ·  ".join(notices), formats.get(bold=True, font_color=WARNING))
    if heading != inhalt.TITLE:
        link(page, 3, 0, inhalt.TITLE, "Zum Inhaltsverzeichnis", formats)


def link(page: Worksheet, row: int, column: int, target: str, text: str, formats: Formats) -> None:
    """Write a link to a sheet."""
    style = formats.get(font_color="#0B5394", underline=1, valign="top")
    page.write_url(row, column, f"internal:'{target}'!A1", style, text, f"Blatt {target}")


def write_value(
    page: Worksheet,
    row: int,
    column: int,
    value: Value,
    shown: tuple[Kind, int],
    look: dict[str, object],
    formats: Formats,
) -> None:
    """Write a number as a number, a sign as text at the right edge. ``shown``: kind and decimals of counts."""
    if isinstance(value, Decimal):
        style = formats.get(**look, align="right", num_format=number_format(*shown))
        # 15 significant digits are what a workbook can hold; figures stay far below.
        page.write_number(row, column, value, style)
    else:
        page.write_string(row, column, str(value), formats.get(**look, align="right"))
