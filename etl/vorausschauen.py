"""Looking ahead: where a month stands against its targets, and which final values are to be expected of it.

The rooms ``ziele`` and ``nowcast`` do the work; this is where they meet the warehouse. ``as_of``: only from deliveries
created until then, so that a report can be written again as it was.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from etl import nowcast, warehouse, ziele
from etl.errors import UsageError
from etl.figures import katalog, kennzahlen
from etl.monat import Monat

if TYPE_CHECKING:
    from sqlalchemy import Connection


def zielstaende(
    connection: Connection, month: Monat, traegernummer: str | None = None, as_of: dt.datetime | None = None
) -> list[ziele.Zielstand]:
    """Return where a month stands against the targets of its year; nothing when there are none."""
    targets = warehouse.read_targets(connection, jahr=month.jahr, traegernummer=traegernummer)
    catalogue = [kennzahlen.load()[code] for code in sorted({target.kennzahl for target in targets})]
    if not catalogue:
        return []
    months = [month.shift(-ziele.VERGLEICHSMONATE), month]
    inputs = warehouse.read_indicator_inputs(
        connection, catalogue=catalogue, months=months, traegernummer=traegernummer, as_of=as_of
    )
    return ziele.zielstaende(targets, inputs, month)


def erwartungen(
    connection: Connection, month: Monat, traegernummer: str | None = None, as_of: dt.datetime | None = None
) -> list[nowcast.Erwartung]:
    """Return the expected final value of every figure of a month that is provisional; nothing for a final month.

    Raises ``UsageError`` when the month is not loaded.
    """
    states = warehouse.read_triangle(
        connection,
        groessen=list(katalog.load()),
        first=nowcast.first_month(month),
        last=month,
        traegernummer=traegernummer,
        as_of=as_of,
    )
    if not any(state.monat == month for state in states):
        raise UsageError(
            f"{month} ist nicht geladen.",
            hint="Zuerst „jobcenter run“ oder „jobcenter backfill“ ausführen.",
            abschnitt="nicht-geladen",
        )
    return nowcast.erwartungen(states, month)
