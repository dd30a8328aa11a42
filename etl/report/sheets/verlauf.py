"""Sheet „Verlauf“: the main figures of every month since the data begin, as charts and as a table."""

from __future__ import annotations

from etl.report.layout import Chart, ChartKind, Column, Kind, Row, Series, Sheet, TableSheet
from etl.report.model import Cells, ReportRequest
from etl.report.sheets.common import figure, figure_name, source, spaltenbreite
from etl.report.sheets.diagramme import anfang_und_ende

TITLE = "Verlauf"

_FIGURES = (
    "BG", "PERS", "ELB", "NEF", "LZB", "ALO", "ELB_ZUGANG", "ELB_ABGANG", "INT", "TN_BESTAND", "ZAHLUNG",
)  # fmt: skip
_CHARTS = (
    ("Bedarfsgemeinschaften", ("BG",)),
    ("Erwerbsfähige Leistungsberechtigte und Langzeitbezug", ("ELB", "LZB")),
    ("Arbeitslose ELB", ("ALO",)),
    ("Zugang und Abgang an ELB", ("ELB_ZUGANG", "ELB_ABGANG")),
    ("Integrationen", ("INT",)),
    ("Zahlungsansprüche in Euro", ("ZAHLUNG",)),
)


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet: a row per month, the newest at the end."""
    figures = _planned(cells)
    columns = [Column("Monat", Kind.TEXT, 11), Column("Stand", Kind.TEXT, 13.5)]
    for code in figures:
        known = figure(request, code)
        heading = known.kurz if known else code
        columns.append(Column(heading, Kind.NUMBER, spaltenbreite(heading, 8.5)))
    rows = [
        Row((month.first_day, cells.mark(month), *(cells.value(code, month) for code in figures)), name=str(month))
        for month in cells.verlauf
    ]
    names = "; ".join(f"{figure_name(request, code)} ({columns[2 + i].heading})" for i, code in enumerate(figures))
    return TableSheet(
        title=TITLE,
        heading=f"Verlauf seit {cells.verlauf[0].name}" if cells.verlauf else "Verlauf",
        columns=tuple(columns),
        rows=tuple(rows),
        notes=(f"{names}.",),
        source=source(request),
        purpose="Die wichtigsten Größen aller geladenen Monate, als Liniendiagramm und als Tabelle",
        charts=tuple(chart for title, codes in _CHARTS for chart in diagramm(title, codes, request, cells)),
        landscape=False,
    )


def _planned(cells: Cells) -> list[str]:
    return [code for code in _FIGURES if cells.planned(code)]


def diagramm(title: str, groessen: tuple[str, ...], request: ReportRequest, cells: Cells) -> list[Chart]:
    """Return a line chart of figures over all months; none of what is not planned or not loaded."""
    series, said = [], []
    figures = _planned(cells)
    codes = [code for code in groessen if code in figures]
    for code in codes if cells.verlauf else ():
        known = figure(request, code)
        names = tuple(str(month) for month in cells.verlauf)
        series.append(Series(known.kurz if known else code, TITLE, names, 2 + figures.index(code)))
        values = [cells.value(code, month) for month in cells.verlauf]
        said.append(anfang_und_ende(figure_name(request, code), cells.verlauf, values))
    alt = f"Liniendiagramm über {len(cells.verlauf)} Monate. {' '.join(said)} Alle Werte stehen in der Tabelle."
    return [Chart(title, ChartKind.LINE, tuple(series), alt)] if codes and cells.verlauf else []
