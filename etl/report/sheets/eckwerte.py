"""Sheet „Eckwerte“: the headline figures of the month beside the month before and the same month of the year before."""

from __future__ import annotations

from etl.report.layout import Sheet
from etl.report.model import Cells, ReportRequest
from etl.report.sheets import vergleich
from etl.report.sheets.bloecke import gruppen

TITLE = "Eckwerte"


def build(request: ReportRequest, cells: Cells) -> Sheet:
    """Build the sheet."""
    bloecke = [vergleich.Summen(gruppe.titel, gruppe.groessen) for gruppe in gruppen(cells, nur_eckwerte=True)]
    thema = vergleich.Thema(
        TITLE,
        "Eckwerte der Grundsicherung für Arbeitsuchende",
        "Die wichtigsten Größen des Berichtsmonats mit Veränderung zum Vormonat und zum Vorjahr",
        tuple(bloecke),
        anteile=False,
    )
    return vergleich.build(thema, request, cells)
