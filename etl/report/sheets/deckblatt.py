"""Sheet „Deckblatt“: what this is, for which month, from which data, and the main figures at a glance."""

from __future__ import annotations

from dataclasses import replace

from etl.report.layout import Kind, Sheet, TextRow, TextSheet, TextStyle
from etl.report.model import Cells, ReportRequest, change, change_percent, gebiet
from etl.report.saetze import entwicklung
from etl.report.sheets import verlauf
from etl.report.sheets.common import (
    SYNTHETISCH,
    datenstand,
    datum,
    figure,
    figure_name,
    herausgeber,
    hinweis,
)

TITLE = "Deckblatt"

_KINDS = (Kind.TEXT, Kind.NUMBER, Kind.CHANGE, Kind.PERCENT_CHANGE, Kind.CHANGE, Kind.PERCENT_CHANGE, Kind.TEXT)
_MAIN = ("BG", "PERS", "ELB", "NEF", "LZB", "ALO", "ELB_ZUGANG", "ELB_ABGANG", "INT", "ZAHLUNG")
_CHARTS = (
    ("Bedarfsgemeinschaften", ("BG",)),
    ("Erwerbsfähige Leistungsberechtigte", ("ELB",)),
    ("Integrationen", ("INT",)),
)


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet."""
    month = request.berichtsmonat
    rows = [
        TextRow(TextStyle.SUBTITLE, (herausgeber(request),)),
        TextRow(TextStyle.SPACE),
        TextRow(TextStyle.TITLE, ("Monatsbericht Grundsicherung für Arbeitsuchende (SGB II)",)),
        TextRow(TextStyle.SUBTITLE, (f"{gebiet().name}, {month.name}",)),
        TextRow(TextStyle.SPACE),
    ]
    if request.synthetic:
        rows.append(TextRow(TextStyle.WARNING, (SYNTHETISCH,)))
    rows.append(TextRow(TextStyle.WARNING, (hinweis(request),)))
    rows.append(TextRow(TextStyle.SPACE))
    rows.extend(TextRow(TextStyle.PAIR, pair) for pair in _facts(request, cells))
    rows.append(TextRow(TextStyle.SPACE))
    rows.append(TextRow(TextStyle.HEADING, ("Auf einen Blick",)))
    rows.append(
        TextRow(
            TextStyle.COLUMN_HEADINGS,
            ("Größe", month.name, "gegen Vormonat", "in %", "gegen Vorjahr", "in %", "zum Vorjahr"),
            _KINDS,
        )
    )
    rows.extend(_glance(code, request, cells) for code in _MAIN if cells.planned(code))
    rows.append(TextRow(TextStyle.SPACE))
    rows.append(TextRow(TextStyle.TEXT, ("Zeichen und Abkürzungen: Inhaltsverzeichnis",), link="Inhaltsverzeichnis"))
    charts = [chart for title, codes in _CHARTS for chart in verlauf.diagramm(title, codes, request, cells)]
    return TextSheet(
        title=TITLE,
        widths=(45, 14, 16, 8, 15, 8, 22),
        rows=tuple(rows),
        charts=tuple(replace(chart, wide=not index) for index, chart in enumerate(charts)),
        purpose="Berichtsmonat, Datenstand und die wichtigsten Größen",
        head=False,
    )


def _facts(request: ReportRequest, cells: Cells) -> tuple[tuple[str, str], ...]:
    return (
        ("Berichtsmonat", request.berichtsmonat.name),
        ("Stand der Werte", cells.mark(request.berichtsmonat)),
        ("Datenstand", datenstand(request)),
        ("Gebietsstand", datum(gebiet().gebietsstand)),
        ("Träger", request.traegernummer),
        ("Lieferung", request.lieferung_id),
        ("Auftragsnummer", request.auftragsnummer),
    )


def _glance(code: str, request: ReportRequest, cells: Cells) -> TextRow:
    month = request.berichtsmonat
    known = figure(request, code)
    name = figure_name(request, code) + (" in Euro" if known and known.einheit == "EUR" else "")
    new, old, older = (cells.value(code, m) for m in (month, month.shift(-1), month.shift(-12)))
    return TextRow(
        TextStyle.TEXT,
        (
            name,
            new,
            change(new, old),
            change_percent(new, old),
            change(new, older),
            change_percent(new, older),
            entwicklung(new, older, known.besser if known else None),
        ),
        _KINDS,
    )
