"""Sheet „Personen“: the groups of persons by sex, age and nationality."""

from __future__ import annotations

from etl import parameter
from etl.report.layout import Footnotes, RowKind, Sheet, TableSheet
from etl.report.model import INSGESAMT, Cells, ReportRequest
from etl.report.sheets import diagramme
from etl.report.sheets.bestand import Bestand, geplant
from etl.report.sheets.common import (
    MERKMALE,
    NICHT_VORGESEHEN,
    label_of,
    listed,
    remark,
    section,
    source,
    words,
    zeilenname,
)

TITLE = "Personen"

_GROUPS = ("PERS", "LB", "RLB", "ELB", "NEF", "SLB", "NLB", "AUS", "KOL", "AE", "LZB")


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet: a row per code of a feature, a column per group of persons."""
    notes = Footnotes()
    month = request.berichtsmonat
    features = [merkmal for merkmal in MERKMALE if any(cells.planned(code, merkmal) for code in _GROUPS)]
    groups = geplant(cells, _GROUPS, features)
    shown = features if groups else []
    bestand = Bestand(request, cells, groups)
    columns = bestand.columns(notes, "Personen am Zähltag", ("Merkmal",), (48,), 9.5)
    rows = [bestand.row(("Insgesamt",), INSGESAMT, INSGESAMT, RowKind.TOTAL)]
    for merkmal, classification in MERKMALE.items():
        titles = words(classification)
        rows.append(section(parameter.read("merkmale")[classification]["titel"], len(columns)))
        if merkmal not in shown:
            rows.append(remark(NICHT_VORGESEHEN, len(columns)))
            continue
        rows.extend(
            bestand.row((label_of(code, titles),), merkmal, code)
            for code in listed(cells, groups, merkmal, titles, (month,))
        )
    drawn = [code for code in ("ELB", "NEF") if code in groups]
    charts = [
        diagramme.balken(
            f"{' und '.join(drawn)} nach {title}",
            TITLE,
            [row for row in rows if row.name.startswith(zeilenname(groups[0], merkmal))],
            [(1 + groups.index(code), code) for code in drawn],
        )
        for title, merkmal in (("Alter", "ALTER"), ("Staatsangehörigkeit", "STAATSANGEHOERIGKEIT"))
        if merkmal in shown and drawn
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
