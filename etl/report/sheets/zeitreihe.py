"""Sheet „Zeitreihe“: every figure over 13 months, and the main ones as line charts."""

from __future__ import annotations

from etl.report.layout import Column, Footnotes, Kind, Row, RowKind, Sheet, TableSheet
from etl.report.model import Cells, ReportRequest
from etl.report.sheets import diagramme
from etl.report.sheets.bloecke import SUMMEN, gruppen
from etl.report.sheets.common import figure, figure_name, month_column, section, source

TITLE = diagramme.ZEITREIHE

_CHARTS = (
    ("Bedarfsgemeinschaften", ("BG",)),
    ("Erwerbsfähige Leistungsberechtigte (ELB)", ("ELB",)),
    ("Nicht erwerbsfähige Leistungsberechtigte (NEF)", ("NEF",)),
    ("Zugang und Abgang an ELB", ("ELB_ZUGANG", "ELB_ABGANG")),
)


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet; the newest month is on the right, as the eye reads a line."""
    notes = Footnotes()
    columns = (Column("Größe", Kind.TEXT, 48), *(month_column(cells, month, width=10.5) for month in cells.months))
    rows: list[Row] = []
    for gruppe in gruppen(cells):
        rows.append(section(gruppe.titel, len(columns)))
        for code, level in gruppe.groessen:
            label = notes.label(figure_name(request, code), figure(request, code))
            values = tuple(cells.value(code, month) for month in cells.months)
            kind = RowKind.TOTAL if code in SUMMEN else RowKind.NORMAL
            rows.append(Row((label, *values), kind, level, code))
    span = f"{cells.months[0].name} bis {cells.months[-1].name}"
    return TableSheet(
        title=TITLE,
        heading=f"Zeitreihe {span}",
        columns=columns,
        rows=tuple(rows),
        notes=notes.lines,
        source=source(request),
        purpose="Alle Größen der letzten 13 Monate, die wichtigsten als Liniendiagramm",
        charts=tuple(chart for title, codes in _CHARTS for chart in diagramme.verlauf(title, codes, request, cells)),
        series=True,
    )
