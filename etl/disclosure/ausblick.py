"""Targets and expected values as a circle of readers may see them: nothing that a hidden cell could be read from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

import pandas as pd

from etl import parameter
from etl.disclosure.geheimhaltung import GEHEIM
from etl.disclosure.plan import Empfaengerkreis, vorgesehen
from etl.figures import kennzahlen
from etl.figures.merkmale import INSGESAMT
from etl.nowcast import Erwartung
from etl.ziele import Zielstand

_KEIN_BEDARF = "Aus Gründen der Geheimhaltung nicht ausgewiesen."


def publish_targets(staende: Iterable[Zielstand], cells: pd.DataFrame, kreis: Empfaengerkreis) -> tuple[Zielstand, ...]:
    """Return the targets of indicators whose figures the plan gives to ``kreis``; hidden where one of them is (D18).

    ``cells``: what ``publish`` returned for the same circle. A figure hidden in any of their months hides the
    indicator, because what is needed is computed from the months so far.
    """
    if not kreis.geheimhaltung:
        return tuple(staende)
    planned = vorgesehen(kreis)
    secret = cells[(cells["status"] == GEHEIM) & cells["merkmal"].isin((INSGESAMT, "GESCHLECHT"))]
    hidden = set(secret[["groesse", "auspraegung"]].itertuples(index=False, name=None))
    shown = []
    for stand in staende:
        merkmal = INSGESAMT if stand.geschlecht == INSGESAMT else "GESCHLECHT"
        codes = kennzahlen.load()[stand.kennzahl].inputs
        if all((code, merkmal) in planned for code in codes):
            shown.append(_hidden(stand) if any((code, stand.geschlecht) in hidden for code in codes) else stand)
    return tuple(shown)


def publish_expectations(
    erwartungen: Iterable[Erwartung], cells: pd.DataFrame, kreis: Empfaengerkreis, datenstand: dt.date
) -> tuple[Erwartung, ...]:
    """Return the expectations of figures whose totals the plan gives to ``kreis``; hidden like the cells themselves.

    ``cells``: what ``publish`` returned for the same circle. What is expected to be a small count is hidden, too.
    """
    if not kreis.geheimhaltung:
        return tuple(erwartungen)
    limit = int(parameter.entscheidung("D17", datenstand))
    secret = cells[(cells["status"] == GEHEIM) & (cells["merkmal"] == INSGESAMT)]
    hidden = set(secret[["berichtsmonat", "groesse"]].itertuples(index=False, name=None))
    planned = vorgesehen(kreis)
    return tuple(
        _unknown(e) if (str(e.monat), e.groesse) in hidden or _small(limit, e.vorlaeufig, e.erwartet) else e
        for e in erwartungen
        if (e.groesse, INSGESAMT) in planned
    )


def _small(limit: int, *values: Decimal | None) -> bool:
    return any(value is not None and 0 < value < limit for value in values)


def _hidden(stand: Zielstand) -> Zielstand:
    return replace(
        stand,
        istwert=None,
        status=GEHEIM,
        abweichung=None,
        ampel="offen",
        bedarf=_KEIN_BEDARF,
        bedarf_gesamt=None,
        bedarf_je_monat=None,
    )


def _unknown(erwartung: Erwartung) -> Erwartung:
    return replace(
        erwartung, vorlaeufig=None, erwartet=None, unten=None, oben=None, historie=0, abdeckung=None, status=GEHEIM
    )
