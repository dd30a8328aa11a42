"""Sheet „Gemeinden“: the municipalities of the district by their official names."""

from __future__ import annotations

from dataclasses import replace

from etl.report.layout import Column, Footnotes, Kind, Row, RowKind, Sheet, TableSheet
from etl.report.model import INSGESAMT, OHNE, Cells, ReportRequest, gebiet, gemeinden, share
from etl.report.sheets import diagramme
from etl.report.sheets.bestand import Bestand, geplant, veraenderungen
from etl.report.sheets.common import NICHT_VORGESEHEN, ROUNDING_NOTE, label_of, listed, remark, section, source

TITLE = "Gemeinden"

_FIGURES = ("BG", "PERS", "LB", "ELB", "NEF", "AE", "LZB")
_UNKNOWN = "Der Schlüssel steht nicht im amtlichen Verzeichnis der Gemeinden des Kreises."


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet. A key that the official list does not hold is shown as the key."""
    notes = Footnotes()
    month = request.berichtsmonat
    bestand = Bestand(request, cells, geplant(cells, _FIGURES, ("GEMEINDE",)))
    columns = _columns(bestand, notes)
    rows = _rows(bestand, notes, len(columns)) if bestand.groessen else [remark(NICHT_VORGESEHEN, len(columns))]
    lead = str(columns[2].heading) if bestand.groessen else ""
    drawn = [row for row in rows if row.name and row.name != INSGESAMT]
    charts = (
        [diagramme.balken(f"{lead} nach Gemeinde, {month.name}", TITLE, drawn, [(2, lead)], label=1)] if lead else []
    )
    return TableSheet(
        title=TITLE,
        heading=f"Gemeinden, {month.name} ({cells.mark(month)})",
        columns=columns,
        rows=tuple(rows),
        notes=(bestand.legend(), *notes.lines, ROUNDING_NOTE),
        source=source(request),
        purpose="Bestände nach Gemeinde (amtlicher Name), Anteil, Veränderung",
        charts=tuple(replace(chart, wide=True) for chart in charts),
        landscape=False,
    )


def _columns(bestand: Bestand, notes: Footnotes) -> tuple[Column, ...]:
    """Return the columns; share and changes are those of the first figure."""
    every = bestand.columns(notes, "Bestand am Zähltag", ("Schlüssel", "Name"), (10, 27), 8.5)
    if not bestand.groessen:
        return every
    key, name, lead, *others = every
    changes = [
        Column(f"{lead.heading} {text}", kind, 9.5, group)
        for group in ("gegenüber Vormonat", "gegenüber Vorjahr")
        for text, kind in (("absolut", Kind.CHANGE), ("in %", Kind.PERCENT_CHANGE))
    ]
    anteil = Column(f"{lead.heading} Anteil in %", Kind.SHARE, 8, lead.group, lead.mark)
    return (key, name, lead, anteil, *others, *changes)


def _rows(bestand: Bestand, notes: Footnotes, width: int) -> list[Row]:
    cells, month = bestand.cells, bestand.request.berichtsmonat
    rows = [_row(bestand, gebiet().schluessel, gebiet().name, INSGESAMT, INSGESAMT)]
    rows.append(section("Gemeinden", width))
    months = (month, month.shift(-1), month.shift(-12))
    for code in listed(cells, bestand.groessen, "GEMEINDE", gemeinden(), months):
        key = "" if code == OHNE else code
        name = notes.mark("unbekannter Schlüssel", _UNKNOWN) if code not in (*gemeinden(), OHNE) else ""
        rows.append(_row(bestand, key, name or label_of(code, gemeinden()), "GEMEINDE", code))
    return rows


def _row(bestand: Bestand, key: str, name: str, merkmal: str, code: str) -> Row:
    total = merkmal == INSGESAMT
    row = bestand.row((key, name), merkmal, code, RowKind.TOTAL if total else RowKind.NORMAL)
    (lead, *others), whole = bestand.values(merkmal, code), bestand.values(INSGESAMT, INSGESAMT)[0]
    earlier = [bestand.values(merkmal, code, back)[0] for back in (1, 12)]
    changes = [cell for pair in veraenderungen((lead, lead), earlier) for cell in pair]
    return replace(row, cells=(key, name, lead, share(lead, whole), *others, *changes), level=0)
