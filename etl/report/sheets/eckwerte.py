"""Sheet „Eckwerte“: every figure of the month beside the month before and the same month of the year before."""

from __future__ import annotations

from etl.report.layout import Column, Footnotes, Kind, Row, RowKind, Sheet, TableSheet
from etl.report.model import Cells, ReportRequest, change, change_percent
from etl.report.sheets.common import ROUNDING_NOTE, figure, figure_name, month_column, section, source

TITLE = "Eckwerte"

# (code, level): the level shows „darunter“. Order and indents follow the identities PERS = LB + NLB, LB = RLB + SLB …
BLOCKS: tuple[tuple[str, tuple[tuple[str, int], ...]], ...] = (
    (
        "Bedarfsgemeinschaften am Zähltag",
        (
            ("BG", 0),
            ("BG_SINGLE", 1),
            ("BG_ALLEINERZIEHEND", 1),
            ("BG_PARTNER_OHNE_KINDER", 1),
            ("BG_PARTNER_MIT_KINDERN", 1),
            ("BG_SONSTIGE", 1),
        ),
    ),
    (
        "Personen in Bedarfsgemeinschaften am Zähltag",
        (
            ("PERS", 0),
            ("LB", 1),
            ("RLB", 2),
            ("ELB", 3),
            ("NEF", 3),
            ("SLB", 2),
            ("NLB", 1),
            ("AUS", 2),
            ("KOL", 2),
        ),
    ),
    ("Darunter: erwerbsfähige Leistungsberechtigte am Zähltag", (("AE", 0), ("LZB", 0))),
    (
        "Bewegungen vom Zähltag des Vormonats bis zum Zähltag",
        (("ELB_ZUGANG", 0), ("ELB_ABGANG", 0), ("LZB_ZUGANG", 0), ("LZB_ABGANG", 0)),
    ),
    ("Leistungsansprüche im Kalendermonat in Euro", (("LLU", 0), ("LUH", 0))),
    ("Nachrichtlich", (("ABGELEHNT", 0),)),
)
"""The blocks of figures and their order, here and in the series."""

TOTALS = frozenset({"BG", "PERS"})


def planned_blocks(cells: Cells) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return the blocks with the figures that the readers may see; a block without any is left out."""
    planned = [(heading, [row for row in figures if cells.planned(row[0])]) for heading, figures in BLOCKS]
    return [(heading, figures) for heading, figures in planned if figures]


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet."""
    notes = Footnotes()
    month = request.berichtsmonat
    before, year_before = month.shift(-1), month.shift(-12)
    columns = (
        Column("Größe", Kind.TEXT, 52),
        month_column(cells, month, "Berichtsmonat", 13.5),
        month_column(cells, before, "Vormonat", 12),
        month_column(cells, year_before, "Vorjahresmonat", 14.5),
        Column("absolut", Kind.CHANGE, 9.5, "gegenüber Vormonat"),
        Column("in %", Kind.PERCENT_CHANGE, 9.5, "gegenüber Vormonat"),
        Column("absolut", Kind.CHANGE, 12.5, "gegenüber Vorjahresmonat"),
        Column("in %", Kind.PERCENT_CHANGE, 12.5, "gegenüber Vorjahresmonat"),
    )
    rows: list[Row] = []
    for heading, figures in planned_blocks(cells):
        rows.append(section(heading, len(columns)))
        for code, level in figures:
            new, old, older = (cells.value(code, m) for m in (month, before, year_before))
            label = notes.label(figure_name(request, code), figure(request, code))
            changes = (change(new, old), change_percent(new, old), change(new, older), change_percent(new, older))
            kind = RowKind.TOTAL if code in TOTALS else RowKind.NORMAL
            rows.append(Row((label, new, old, older, *changes), kind, level, code))
    return TableSheet(
        title=TITLE,
        heading=f"Eckwerte der Grundsicherung für Arbeitsuchende, {month.name}",
        columns=columns,
        rows=tuple(rows),
        notes=(*notes.lines, ROUNDING_NOTE),
        source=source(request),
        purpose="Alle Größen des Berichtsmonats mit Veränderung zum Vormonat und zum Vorjahresmonat",
        landscape=False,
    )
