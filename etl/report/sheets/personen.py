"""Sheet „Personen“: the groups of persons by sex, age and nationality."""

from __future__ import annotations

from etl import parameter
from etl.report.layout import Footnotes, RowKind, Sheet, TableSheet
from etl.report.model import INSGESAMT, Cells, ReportRequest
from etl.report.sheets import diagramme
from etl.report.sheets.bestand import Bestand
from etl.report.sheets.common import MERKMALE, label_of, listed, section, source, words

TITLE = "Personen"

_GROUPS = ("PERS", "LB", "RLB", "ELB", "NEF", "SLB", "NLB", "AUS", "KOL", "AE", "LZB")


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet: a row per code of a feature, a column per group of persons."""
    notes = Footnotes()
    month = request.berichtsmonat
    bestand = Bestand(request, cells, _GROUPS)
    columns = bestand.columns(notes, "Personen am Zähltag", ("Merkmal",), (48,), 9.5)
    rows = [bestand.row(("Insgesamt",), INSGESAMT, INSGESAMT, RowKind.TOTAL)]
    for merkmal, classification in MERKMALE.items():
        titles = words(classification)
        rows.append(section(parameter.read("merkmale")[classification]["titel"], len(columns)))
        rows.extend(
            bestand.row((label_of(code, titles),), merkmal, code)
            for code in listed(cells, _GROUPS, merkmal, titles, (month,))
        )
    charts = [
        diagramme.balken(
            f"ELB und NEF nach {title}",
            TITLE,
            [row for row in rows if row.name.startswith(f"PERS_{merkmal}_")],
            [(1 + _GROUPS.index(code), code) for code in ("ELB", "NEF")],
        )
        for title, merkmal in (("Alter", "ALTER"), ("Staatsangehörigkeit", "STAATSANGEHOERIGKEIT"))
    ]
    return TableSheet(
        title=TITLE,
        heading=f"Personen in Bedarfsgemeinschaften nach Merkmalen, {month.name} ({cells.mark(month)})",
        columns=columns,
        rows=tuple(rows),
        notes=(bestand.legend(), *notes.lines),
        source=source(request),
        purpose="Personengruppen nach Geschlecht, Alter und Staatsangehörigkeit",
        charts=tuple(charts),
    )
