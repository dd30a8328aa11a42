"""Charts of the report, with their alternative text made from the figures they draw."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from etl.monat import Monat
from etl.report.layout import Chart, ChartKind, Row, Series
from etl.report.model import Cells, ReportRequest, Value
from etl.report.sheets.common import figure, figure_name
from etl.zahlen import zahl

ZEITREIHE = "Zeitreihe"
"""Title of the sheet whose rows the charts of 13 months draw."""
_TABELLE = "Alle Werte stehen in der Tabelle."
_MANY = 8


def verlauf(
    title: str, groessen: Sequence[str], request: ReportRequest, cells: Cells, kind: ChartKind = ChartKind.LINE
) -> list[Chart]:
    """Return a chart of figures over 13 months, drawn from the sheet of the series; none of what is not planned."""
    series = []
    codes = [code for code in groessen if cells.planned(code)]
    for code in codes:
        known = figure(request, code)
        series.append(Series(known.kurz if known else code, ZEITREIHE, (code,)))
    sentences = [
        anfang_und_ende(figure_name(request, code), cells.months, [cells.value(code, m) for m in cells.months])
        for code in codes
    ]
    alt = f"{_ART[kind]} über 13 Monate. {' '.join(sentences)} {_TABELLE}"
    return [Chart(title, kind, tuple(series), alt)] if codes else []


_ART = {ChartKind.LINE: "Liniendiagramm", ChartKind.COLUMN: "Säulendiagramm", ChartKind.BAR: "Balkendiagramm"}


def anfang_und_ende(name: str, months: Sequence[Monat], values: Sequence[Value], places: int = 0) -> str:
    """Say in words where a line begins and ends: the alternative text of a chart."""
    begin, end = wort(values[0], places), wort(values[-1], places)
    return f"{name}: {months[0].name} {begin}, {months[-1].name} {end}."


def balken(
    title: str,
    sheet: str,
    rows: Sequence[Row],
    series: Sequence[tuple[int, str]],
    kind: ChartKind = ChartKind.BAR,
    label: int = 0,
) -> Chart:
    """Return a chart of one or more columns (number, legend) over the named ``rows`` of a sheet.

    ``label``: the column that says what a row is. A long list is told by its ends only.
    """
    parts = []
    for column, name in series:
        said = [(str(row.cells[label]), row.cells[column]) for row in rows]
        if len(said) > _MANY:
            known = sorted((cell, text) for text, cell in said if isinstance(cell, Decimal))
            ends = [(text, cell) for cell, text in (*known[-3:][::-1], *known[:1])]
            listed = f"die drei größten und der kleinste von {len(said)} Werten: "
            listed += "; ".join(f"{text} {wort(cell)}" for text, cell in ends)
        else:
            listed = "; ".join(f"{text} {_cell(cell)}" for text, cell in said)
        parts.append(f"{name}: {listed}.")
    every = tuple(Series(name, sheet, tuple(row.name for row in rows), column, label) for column, name in series)
    lines = max(17, 6 + len(rows)) if kind is ChartKind.BAR else 17
    return Chart(title, kind, every, f"{_ART[kind]}. {' '.join(parts)} {_TABELLE}", lines)


def _cell(cell: object) -> str:
    return wort(cell) if isinstance(cell, Decimal | str) else ""


def wort(value: Value | str, places: int = 0) -> str:
    """Write a value for a sentence: ``12.345``; a sign as the words it stands for."""
    if isinstance(value, Decimal):
        return zahl(value, places)
    return _WORTE.get(value, "nicht verfügbar")


_WORTE = {"*": "geheim", "x": "nicht sinnvoll"}
