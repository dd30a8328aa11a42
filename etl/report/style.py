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
DARK = "#1F3864"
LIGHT = "#DCE6F1"
LINE = "#8EA9C8"
GRID = "#D0D7E1"
WARNING = "#9C0006"
LINES = ((DARK, "solid", "circle"), ("#B45309", "dash", "square"))
"""Colour, dash and marker of the lines of a chart, in order."""

# In a German Excel these show 12.345 and 1,2. Zero is shown as „-“ (nothing), but stays the number 0.
NUMBER_FORMATS = MappingProxyType(
    {
        Kind.NUMBER: '#,##0;-#,##0;"-"',
        Kind.CHANGE: "+#,##0;-#,##0;0",
        Kind.PERCENT_CHANGE: "+#,##0.0;-#,##0.0;0.0",
        Kind.SHARE: '0.0;-0.0;"-"',
    }
)
MONTH_FORMAT = "[$-407]mmm\\ yyyy"


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
