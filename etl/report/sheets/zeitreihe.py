"""Sheet „Zeitreihe“: every figure over 13 months, and the main ones as line charts."""

from __future__ import annotations

from etl.report.layout import Chart, Column, Footnotes, Kind, Row, RowKind, Sheet, TableSheet
from etl.report.model import Cells, ReportRequest, Value
from etl.report.sheets.common import figure, figure_name, month_column, section, source
from etl.report.sheets.eckwerte import TOTALS, planned_blocks
from etl.zahlen import zahl

TITLE = "Zeitreihe"

_CHARTS = (
    ("Bedarfsgemeinschaften", ("BG",)),
    ("Erwerbsfähige Leistungsberechtigte (ELB)", ("ELB",)),
    ("Nicht erwerbsfähige Leistungsberechtigte (NEF)", ("NEF",)),
    ("Zugang und Abgang an ELB", ("ELB_ZUGANG", "ELB_ABGANG")),
)


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet; the newest month is on the right, as the eye reads a line."""
    notes = Footnotes()
    columns = (Column("Größe", Kind.TEXT, 52), *(month_column(cells, month) for month in cells.months))
    rows: list[Row] = []
    for heading, figures in planned_blocks(cells):
        rows.append(section(heading, len(columns)))
        for code, level in figures:
            label = notes.label(figure_name(request, code), figure(request, code))
            values = tuple(cells.value(code, month) for month in cells.months)
            kind = RowKind.TOTAL if code in TOTALS else RowKind.NORMAL
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
        charts=tuple(_chart(title, codes, request, cells) for title, codes in _CHARTS),
        series=True,
    )


def _chart(title: str, codes: tuple[str, ...], request: ReportRequest, cells: Cells) -> Chart:
    sentences = [_sentence(code, request, cells) for code in codes]
    known = {code: figure(request, code) for code in codes}
    lines = tuple((code, entry.kurz if entry else code) for code, entry in known.items())
    alt = f"Liniendiagramm über 13 Monate. {' '.join(sentences)} Alle Werte stehen in der Tabelle."
    return Chart(title, lines, alt)


def _sentence(code: str, request: ReportRequest, cells: Cells) -> str:
    """Say in words where a line begins and ends: the alternative text of a chart."""
    first, last = cells.months[0], cells.months[-1]
    begin, end = (_word(cells.value(code, month)) for month in (first, last))
    return f"{figure_name(request, code)}: {first.name} {begin}, {last.name} {end}."


def _word(value: Value) -> str:
    return "nicht verfügbar" if isinstance(value, str) else zahl(value, 0)
