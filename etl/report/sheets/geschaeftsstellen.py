"""Sheet „Geschäftsstellen“: stocks and movements of the offices, and how they changed."""

from __future__ import annotations

from etl.report.layout import Footnotes, Kind, Row, RowKind, Sheet, TableSheet
from etl.report.model import INSGESAMT, Cells, ReportRequest, Value
from etl.report.sheets import diagramme
from etl.report.sheets.bestand import Bestand, geplant, veraenderungen
from etl.report.sheets.common import (
    NICHT_GELADEN,
    NICHT_VORGESEHEN,
    ROUNDING_NOTE,
    label_of,
    listed,
    remark,
    section,
    source,
)

TITLE = "Geschäftsstellen"

_FIGURES = ("BG", "PERS", "LB", "ELB", "NEF", "AE", "LZB", "ELB_ZUGANG", "ELB_ABGANG", "INT", "TN_BESTAND")
_MERKMAL = "GESCHAEFTSSTELLE"


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet: the month, then the changes on the month and on the year before."""
    notes = Footnotes()
    month = request.berichtsmonat
    figures = geplant(cells, _FIGURES, (_MERKMAL,))
    bestand = Bestand(request, cells, figures)
    columns = bestand.columns(notes, "Bestand am Zähltag und Bewegungen", ("Geschäftsstelle",), (26,), 8.5)
    codes = listed(cells, figures, _MERKMAL, {}, (month, month.shift(-1), month.shift(-12)))
    places = [("Insgesamt", INSGESAMT, INSGESAMT), *((label_of(code, {}), _MERKMAL, code) for code in codes)]
    rows = [section(month.name, len(columns))]
    rows += [
        bestand.row((label,), merkmal, code, RowKind.TOTAL if merkmal == INSGESAMT else RowKind.NORMAL)
        for label, merkmal, code in places
    ]
    shown = rows[2:]
    if not codes:
        rows.append(remark(NICHT_GELADEN if figures else NICHT_VORGESEHEN, len(columns)))
    for back, gegen in ((1, "Vormonat"), (12, "Vorjahresmonat")):
        for place, (kind, einheit) in enumerate(((Kind.CHANGE, "absolut"), (Kind.PERCENT_CHANGE, "in Prozent"))):
            rows.append(section(f"Veränderung gegenüber {gegen} ({month.shift(-back).name}), {einheit}", len(columns)))
            for label, merkmal, code in places:
                new, old = bestand.values(merkmal, code), bestand.values(merkmal, code, back)
                cells_of_row: list[Value] = [pair[place] for pair in veraenderungen(new, old)]
                role = RowKind.TOTAL if merkmal == INSGESAMT else RowKind.NORMAL
                rows.append(Row((label, *cells_of_row), role, int(role is RowKind.NORMAL), values=kind))
    series = (("Bedarfsgemeinschaften", "BG"), ("Erwerbsfähige Leistungsberechtigte", "ELB"))
    charts = [
        diagramme.balken(f"{title} nach Geschäftsstelle", TITLE, shown, [(1 + figures.index(code), code)])
        for title, code in series
        if shown and code in figures
    ]
    return TableSheet(
        title=TITLE,
        heading=f"Geschäftsstellen, {month.name} ({cells.mark(month)})",
        columns=columns,
        rows=tuple(rows),
        notes=(bestand.legend(), *notes.lines, ROUNDING_NOTE),
        source=source(request),
        purpose="Bestände und Bewegungen nach Geschäftsstelle mit Veränderung",
        charts=tuple(charts),
        landscape=False,
    )
