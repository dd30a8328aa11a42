"""Sheet „Gemeinden“: the municipalities of the district by their official names, and the offices."""

from __future__ import annotations

from etl.monat import Monat
from etl.report.layout import Column, Footnotes, Kind, Row, RowKind, Sheet, TableSheet
from etl.report.model import (
    INSGESAMT,
    OHNE,
    Cells,
    ReportRequest,
    change,
    change_percent,
    gebiet,
    gemeinden,
)
from etl.report.sheets.common import ROUNDING_NOTE, figure, label_of, listed, section, source

TITLE = "Gemeinden"

_FIGURES = ("BG", "PERS", "LB", "ELB", "NEF", "AE", "LZB")


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet. A key that the official list does not hold is shown as the key."""
    notes = Footnotes()
    month = request.berichtsmonat
    months = (month, month.shift(-1), month.shift(-12))
    columns = _columns(request, cells, notes)
    rows = [_row(gebiet().schluessel, gebiet().name, INSGESAMT, INSGESAMT, cells, month, RowKind.TOTAL)]
    rows.append(section("Gemeinden", len(columns)))
    for code in listed(cells, _FIGURES, "GEMEINDE", gemeinden(), months):
        key = "" if code == OHNE else code
        name = notes.mark("unbekannter Schlüssel", _UNKNOWN) if code not in (*gemeinden(), OHNE) else ""
        rows.append(_row(key, name or label_of(code, gemeinden()), "GEMEINDE", code, cells, month))
    rows.append(section("Geschäftsstellen", len(columns)))
    rows.extend(
        _row("", label_of(code, {}), "GESCHAEFTSSTELLE", code, cells, month)
        for code in listed(cells, _FIGURES, "GESCHAEFTSSTELLE", {}, months)
    )
    return TableSheet(
        title=TITLE,
        heading=f"Gemeinden und Geschäftsstellen, {month.name} ({cells.mark(month)})",
        columns=columns,
        rows=tuple(rows),
        notes=(*notes.lines, ROUNDING_NOTE),
        source=source(request),
        purpose="Bestände nach Gemeinde (amtlicher Name) und nach Geschäftsstelle",
        landscape=False,
    )


_UNKNOWN = "Der Schlüssel steht nicht im amtlichen Verzeichnis der Gemeinden des Kreises."


def _columns(request: ReportRequest, cells: Cells, notes: Footnotes) -> tuple[Column, ...]:
    month = request.berichtsmonat
    mark = cells.mark(month).split()[0]
    stock = []
    for code in _FIGURES:
        known = figure(request, code)
        heading = notes.label(known.kurz if known else code, known)
        stock.append(Column(heading, Kind.NUMBER, 9, "Bestand am Zähltag", mark))
    return (
        Column("Schlüssel", Kind.TEXT, 11),
        Column("Name", Kind.TEXT, 30),
        *stock,
        Column("absolut", Kind.CHANGE, 9, "BG gegen Vormonat"),
        Column("in %", Kind.PERCENT_CHANGE, 9, "BG gegen Vormonat"),
        Column("absolut", Kind.CHANGE, 9, "BG gegen Vorjahr"),
        Column("in %", Kind.PERCENT_CHANGE, 9, "BG gegen Vorjahr"),
    )


def _row(
    key: str,
    name: str,
    merkmal: str,
    code: str,
    cells: Cells,
    month: Monat,
    kind: RowKind = RowKind.NORMAL,
) -> Row:
    values = tuple(cells.value(figure_code, month, merkmal, code) for figure_code in _FIGURES)
    before, year_before = (cells.value("BG", m, merkmal, code) for m in (month.shift(-1), month.shift(-12)))
    changes = [compare(values[0], old) for old in (before, year_before) for compare in (change, change_percent)]
    return Row((key, name, *values, *changes), kind)
