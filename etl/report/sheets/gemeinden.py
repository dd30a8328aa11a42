"""Sheet „Gemeinden“: the municipalities of the district by their official names."""

from __future__ import annotations

from dataclasses import replace

from etl.report.layout import Column, Footnotes, Kind, Row, RowKind, Sheet, TableSheet
from etl.report.model import INSGESAMT, OHNE, Cells, ReportRequest, gebiet, gemeinden, share
from etl.report.sheets import diagramme
from etl.report.sheets.bestand import Bestand, veraenderungen
from etl.report.sheets.common import ROUNDING_NOTE, label_of, listed, section, source

TITLE = "Gemeinden"

_FIGURES = ("BG", "PERS", "LB", "ELB", "NEF", "AE", "LZB")
_UNKNOWN = "Der Schlüssel steht nicht im amtlichen Verzeichnis der Gemeinden des Kreises."


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet. A key that the official list does not hold is shown as the key."""
    notes = Footnotes()
    month = request.berichtsmonat
    bestand = Bestand(request, cells, _FIGURES)
    stock = bestand.columns(notes, "Bestand am Zähltag", ("Schlüssel", "Name"), (10, 27), 8.5)
    columns = (
        *stock[:3],
        Column("BG Anteil in %", Kind.SHARE, 8, "Bestand am Zähltag", stock[2].mark),
        *stock[3:],
        Column("BG absolut", Kind.CHANGE, 9.5, "gegenüber Vormonat"),
        Column("BG in %", Kind.PERCENT_CHANGE, 9, "gegenüber Vormonat"),
        Column("BG absolut", Kind.CHANGE, 9.5, "gegenüber Vorjahr"),
        Column("BG in %", Kind.PERCENT_CHANGE, 9, "gegenüber Vorjahr"),
    )
    rows = [_row(bestand, gebiet().schluessel, gebiet().name, INSGESAMT, INSGESAMT)]
    rows.append(section("Gemeinden", len(columns)))
    for code in listed(cells, _FIGURES, "GEMEINDE", gemeinden(), (month, month.shift(-1), month.shift(-12))):
        key = "" if code == OHNE else code
        name = notes.mark("unbekannter Schlüssel", _UNKNOWN) if code not in (*gemeinden(), OHNE) else ""
        rows.append(_row(bestand, key, name or label_of(code, gemeinden()), "GEMEINDE", code))
    title = f"Bedarfsgemeinschaften nach Gemeinde, {month.name}"
    return TableSheet(
        title=TITLE,
        heading=f"Gemeinden, {month.name} ({cells.mark(month)})",
        columns=columns,
        rows=tuple(rows),
        notes=(bestand.legend(), *notes.lines, ROUNDING_NOTE),
        source=source(request),
        purpose="Bestände nach Gemeinde (amtlicher Name), Anteil, Veränderung",
        charts=(replace(diagramme.balken(title, TITLE, rows[2:], [(2, "BG")], label=1), wide=True),),
        landscape=False,
    )


def _row(bestand: Bestand, key: str, name: str, merkmal: str, code: str) -> Row:
    total = merkmal == INSGESAMT
    row = bestand.row((key, name), merkmal, code, RowKind.TOTAL if total else RowKind.NORMAL)
    (of_bg, *others), whole = bestand.values(merkmal, code), bestand.values(INSGESAMT, INSGESAMT)[0]
    earlier = [bestand.values(merkmal, code, back)[0] for back in (1, 12)]
    changes = [cell for pair in veraenderungen((of_bg, of_bg), earlier) for cell in pair]
    return replace(row, cells=(key, name, of_bg, share(of_bg, whole), *others, *changes), level=0)
