"""The sheets of the monthly report as data, one builder per sheet or, where many have the same shape, one for all."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from etl.report.layout import Sheet
from etl.report.model import Cells, ReportRequest
from etl.report.sheets import (
    deckblatt,
    eckwerte,
    erwartung,
    gemeinden,
    geschaeftsstellen,
    impressum,
    inhalt,
    kennzahlen,
    methodik,
    personen,
    revisionen,
    vergleich,
    verlauf,
    zeitreihe,
    zielvergleich,
)
from etl.report.sheets.themen import THEMEN

_Builder = Callable[[ReportRequest, Cells], Sheet]

_FRONT: tuple[_Builder, ...] = (deckblatt.build, impressum.build)
_TABLES: tuple[_Builder, ...] = (
    eckwerte.build,
    zeitreihe.build,
    verlauf.build,
    personen.build,
    *(partial(vergleich.build, thema) for thema in THEMEN),
    kennzahlen.build,
    kennzahlen.reihe,
    gemeinden.build,
    geschaeftsstellen.build,
    zielvergleich.build,
    erwartung.build,
    revisionen.build,
)
_BACK: tuple[_Builder, ...] = (methodik.build,)


def build(request: ReportRequest) -> tuple[Sheet, ...]:
    """Return the sheets of the report in their order."""
    cells = Cells(request.cells, request.berichtsmonat, request.kreis)
    front = [builder(request, cells) for builder in _FRONT]
    others = [builder(request, cells) for builder in (*_TABLES, *_BACK)]
    return (*front, inhalt.build(request, [*front, *others]), *others)
