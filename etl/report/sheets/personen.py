"""Sheet „Personen“: the groups of persons by sex, age and nationality."""

from __future__ import annotations

from etl import parameter
from etl.report.layout import Column, Footnotes, Kind, Row, RowKind, Sheet, TableSheet
from etl.report.model import INSGESAMT, Cells, ReportRequest
from etl.report.sheets.common import MERKMALE, figure, label_of, listed, section, source, words

TITLE = "Personen"

_GROUPS = ("PERS", "LB", "RLB", "ELB", "NEF", "SLB", "NLB", "AUS", "KOL", "AE", "LZB")


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet: a row per code of a feature, a column per group of persons."""
    notes = Footnotes()
    month = request.berichtsmonat
    columns = [Column("Merkmal", Kind.TEXT, 48)]
    for code in _GROUPS:
        known = figure(request, code)
        heading = notes.label(known.kurz if known else code, known)
        columns.append(Column(heading, Kind.NUMBER, 9.5, "Personen am Zähltag", cells.mark(month).split()[0]))
    rows = [_row("Insgesamt", INSGESAMT, INSGESAMT, request, cells, RowKind.TOTAL)]
    for merkmal, classification in MERKMALE.items():
        titles = words(classification)
        rows.append(section(parameter.read("merkmale")[classification]["titel"], len(columns)))
        rows.extend(
            _row(label_of(code, titles), merkmal, code, request, cells)
            for code in listed(cells, _GROUPS, merkmal, titles, (month,))
        )
    return TableSheet(
        title=TITLE,
        heading=f"Personen in Bedarfsgemeinschaften nach Merkmalen, {month.name} ({cells.mark(month)})",
        columns=tuple(columns),
        rows=tuple(rows),
        notes=(_legend(request), *notes.lines),
        source=source(request),
        purpose="Personengruppen nach Geschlecht, Alter und Staatsangehörigkeit",
    )


def _row(
    label: str, merkmal: str, code: str, request: ReportRequest, cells: Cells, kind: RowKind = RowKind.NORMAL
) -> Row:
    values = (cells.value(group, request.berichtsmonat, merkmal, code) for group in _GROUPS)
    return Row((label, *values), kind, int(kind is RowKind.NORMAL))


def _legend(request: ReportRequest) -> str:
    known = [request.figures[code] for code in _GROUPS if code in request.figures]
    return "; ".join(f"{entry.kurz}: {entry.name}" for entry in known) + "."
