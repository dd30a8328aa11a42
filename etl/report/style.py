"""How the workbook looks: colours with contrast (WCAG AA), number formats, formats made once per workbook.

No colour carries a meaning alone: sections and totals are set bold too, lines differ in dash and marker, changes
carry a plus or minus.
"""

from __future__ import annotations

from types import MappingProxyType

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from etl.report.layout import Kind

FONT = "Arial"
SIZE = 10
WORKBOOK_FONT = {"font_name": FONT, "font_size": SIZE, "font_scheme": False, "theme": -1}
"""The default font: the widths of columns are counted in its digits, so it must be there wherever a reader is."""
ROW_PIXELS = 17
"""Height of a row in this font."""
DARK = "#1F3864"
LIGHT = "#DCE6F1"
LINE = "#8EA9C8"
GRID = "#D0D7E1"
WARNING = "#9C0006"
LINES = ((DARK, "solid", "circle"), ("#C2701E", "dash", "square"), ("#0F766E", "round_dot", "triangle"))
"""Colour, dash and marker of the series of a chart, in order."""

# In a German Excel these show 12.345 and 1,2. Zero is shown as „-“ (nothing), but stays the number 0.
NUMBER_FORMATS = MappingProxyType(
    {
        Kind.NUMBER: '#,##0;-#,##0;"-"',
        Kind.CHANGE: "+#,##0;-#,##0;0",
        Kind.PERCENT_CHANGE: "+#,##0.0;-#,##0.0;0.0",
        Kind.SHARE: '0.0;-0.0;"-"',
        Kind.RATE: "#,##0.0;-#,##0.0;0.0",
    }
)
MONTH_FORMAT = "[$-407]mmm\\ yyyy"


def number_format(kind: Kind, decimals: int = 0) -> str:
    """Return the number format of a kind; counts and their changes with ``decimals``."""
    plain = NUMBER_FORMATS[kind]
    if not decimals or kind not in (Kind.NUMBER, Kind.CHANGE):
        return plain
    point = f".{'0' * decimals}"
    return plain.replace("#,##0", f"#,##0{point}").replace(";0", f";0{point}")


class Formats:
    """Formats of one workbook, each made once, in the order of first use."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Format] = {}

    def get(self, **properties: object) -> Format:
        """Return the format with these properties on top of the report's font."""
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            base = {"font_name": FONT, "font_size": SIZE, "valign": "vcenter"}
            self._made[key] = self._book.add_format(base | properties)
        return self._made[key]
