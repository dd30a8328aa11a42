"""Primary suppression: cells that would show single people get the status ``geheim`` and no value.

Source: Regeln der statistischen Geheimhaltung der Statistik der BA (least number of cases 3, also of the units behind a
cell); decisions D17 and D18; Definitionssammlung SGB II, section 6.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Final

import pandas as pd

from etl import parameter
from etl.disclosure.plan import Empfaengerkreis, plan_sha256, tabellen, vorgesehen
from etl.figures import katalog, kennzahlen

GEHEIM: Final = "geheim"
"""Status of a cell that is hidden: its value is empty, a report shows ``*``."""

_CELL = ["berichtsmonat", "merkmal", "auspraegung"]


def publish(cells: pd.DataFrame, kreis: Empfaengerkreis, datenstand: dt.date) -> pd.DataFrame:
    """Return the cells that ``kreis`` may see, small counts hidden.

    ``cells``: the warehouse's cells (columns of ``warehouse.CELLS``, ``wert`` Decimal or None). A count below the limit
    that held on ``datenstand`` is hidden; so is any cell, amounts included, behind which the table's ``einheiten``
    count too few, or nobody knows how many. Zero is shown.
    """
    shown = _chosen(cells, vorgesehen(kreis))
    if not kreis.geheimhaltung:
        return shown
    limit = int(parameter.entscheidung("D17", datenstand))
    wert = shown["wert"].astype("object").where(shown["wert"].notna(), 0)
    amounts = {code for code, figure in katalog.load().items() if figure.einheit == "EUR"}
    hidden = (wert != 0) & (wert < limit) & ~shown["groesse"].isin(amounts)
    hidden |= (wert != 0) & _too_few_behind(shown, cells, kreis, limit)
    published = shown.copy()
    published.loc[hidden, "wert"] = None
    published.loc[hidden, "status"] = GEHEIM
    return published


def publish_indicators(
    zeilen: Iterable[kennzahlen.Zeile], cells: pd.DataFrame, kreis: Empfaengerkreis, datenstand: dt.date
) -> tuple[kennzahlen.Zeile, ...]:
    """Return the indicators as ``kreis`` may see them: none whose numerator, denominator or inputs are hidden (D18).

    ``cells``: what ``publish`` returned for the same circle.
    """
    if not kreis.geheimhaltung:
        return tuple(zeilen)
    limit = int(parameter.entscheidung("D17", datenstand))
    secret = cells[cells["status"] == GEHEIM]
    hidden = set(secret[["berichtsmonat", "groesse", "auspraegung"]].itertuples(index=False, name=None))
    return tuple(_hidden(zeile) if _is_secret(zeile, hidden, limit) else zeile for zeile in zeilen)


def entscheidung(kreis: Empfaengerkreis) -> dict[str, object]:
    """Return what the passport of a file says of suppression: the rule, and the hash of the plan it follows."""
    rule = "Fallzahlen unter der Grenze der Entscheidung D17 ersetzt, keine Sekundärunterdrückung"
    return {"regel": rule if kreis.geheimhaltung else "keine, interner Stand", "plan_sha256": plan_sha256()}


def _chosen(cells: pd.DataFrame, pairs: frozenset[tuple[str, str]]) -> pd.DataFrame:
    """Return the cells of the tables of ``pairs``; figures the catalogue does not know are in no plan."""
    known = pd.MultiIndex.from_tuples(sorted(pairs), names=["groesse", "merkmal"])
    return cells[pd.MultiIndex.from_frame(cells[["groesse", "merkmal"]]).isin(known)]


def _too_few_behind(shown: pd.DataFrame, cells: pd.DataFrame, kreis: Empfaengerkreis, limit: int) -> pd.Series[bool]:
    """Return for each cell whether its table names units to count and fewer than ``limit`` stand behind it."""
    few = pd.Series(data=False, index=shown.index)
    for table in tabellen():
        if table.einheiten is None or kreis not in table.kreise:
            continue
        mine = shown["groesse"].isin(table.groessen) & shown["merkmal"].isin(table.merkmale)
        units = cells.loc[(cells["groesse"] == table.einheiten) & cells["wert"].notna(), [*_CELL, "wert"]]
        enough = units.loc[units["wert"] >= limit, _CELL]
        known = pd.MultiIndex.from_frame(enough)
        few |= mine & ~pd.MultiIndex.from_frame(shown[_CELL]).isin(known)
    return few


def _is_secret(zeile: kennzahlen.Zeile, hidden: set[tuple[str, str, str]], limit: int) -> bool:
    kennzahl = kennzahlen.load()[zeile.kennzahl]
    if any((str(zeile.berichtsmonat), code, zeile.geschlecht) in hidden for code in kennzahl.inputs):
        return True
    return any(value is not None and 0 < value < limit for value in (zeile.zaehler, zeile.nenner))


def _hidden(zeile: kennzahlen.Zeile) -> kennzahlen.Zeile:
    return zeile._replace(zaehler=None, nenner=None, wert=None, status=GEHEIM)
