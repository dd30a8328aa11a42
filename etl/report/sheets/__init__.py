"""The sheets of the monthly report as data, one builder per sheet."""

from __future__ import annotations

from etl.report.layout import Sheet
from etl.report.model import Cells, ReportRequest
from etl.report.sheets import (
    bedarfsgemeinschaften,
    deckblatt,
    eckwerte,
    gemeinden,
    impressum,
    inhalt,
    methodik,
    personen,
    zeitreihe,
)

_FRONT = (deckblatt.build, impressum.build)
_TABLES = (eckwerte.build, zeitreihe.build, bedarfsgemeinschaften.build, personen.build, gemeinden.build)
_BACK = (methodik.build,)


def build(request: ReportRequest) -> tuple[Sheet, ...]:
    """Return the sheets of the report in their order."""
    cells = Cells(request.cells, request.berichtsmonat, request.kreis)
    front = [builder(request, cells) for builder in _FRONT]
    others = [builder(request, cells) for builder in (*_TABLES, *_BACK)]
    return (*front, inhalt.build(request, [*front, *others]), *others)
