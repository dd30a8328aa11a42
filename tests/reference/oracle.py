"""The figures once more, straight from the words of the source contract: slow, obvious, without SQL.

This is the second opinion on the product. It shares no code and no parameter with ``etl``; every function is one
rule of the contract (section "Counting rules") and says which. Days are Python sets. Nothing here is clever.

* ``lieferung``: the rows, ``kalender``: rule 0 and the months, ``gruppen``: rules 1 to 5,
* ``massnahmen``: rules 6 to 8, ``dauer``: how long, ``merkmale``: the features,
* ``groessen``: what each figure counts; here: its cells; ``kennzahlen``: the indicators of rule 9.

Readings chosen where the contract leaves room (the most literal one each time):

* A month in the middle of the delivery without any ``leistung`` row is counted like any other month: nobody has
  money, so nobody is LB; the status ``fehlt`` is used for months before a figure's first value and after its last
  one only (rule 9).
* "(S(t-1), S(t)]" and all other comparisons with ``erstellt_am`` use its date as the source wrote it.
* LLU and LUH sum the column ``anspruch`` (rule 9 names no column; before reduction is what rule 2 speaks of).
* A person born after a day is younger than 15 on it.
* An episode whose end lies before its beginning covers no day, but it begins (and a measure ends) like any other.
* The groups of open codes (GEMEINDE, GESCHAEFTSSTELLE) and the code OHNE have a cell only when it is not zero.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal

from reference.groessen import GROESSEN, SOURCES
from reference.kalender import month_text, months, shift, waiting_time
from reference.lieferung import Lieferung, Month, Table, read
from reference.merkmale import CLOSED

__all__ = ["Cell", "Month", "figures", "merkmale_of", "month_text", "shift", "waiting_times"]

Cell = tuple[str, str, str, str]
"""(berichtsmonat, groesse, merkmal, auspraegung)"""


def merkmale_of(groesse: str) -> tuple[str, ...]:
    return GROESSEN[groesse].merkmale


def closed_cells(groesse: str) -> list[tuple[str, str]]:
    """The total and the codes of closed lists: (merkmal, auspraegung) of the cells that are always there."""
    dense = [(merkmal, code) for merkmal in CLOSED if merkmal in merkmale_of(groesse) for code in CLOSED[merkmal]]
    return [("INSGESAMT", "INSGESAMT"), *dense]


def has_value(groesse: str, month: Month, all_months: Sequence[Month]) -> bool:
    """Rule 9: from the figure's first month to its last."""
    definition = GROESSEN[groesse]
    return shift(all_months[0], definition.ab) <= month <= shift(all_months[-1], -definition.bis)


def cells_of_month(
    lieferung: Lieferung, month: Month, all_months: Sequence[Month], two_way: Sequence[tuple[str, str]]
) -> dict[Cell, Decimal | None]:
    """Count one month: INSGESAMT and closed lists are dense, everything else holds non-zero cells only."""
    text = month_text(month)
    sums: dict[Cell, Decimal] = defaultdict(Decimal)
    for groesse, features, amount in (counted for source in SOURCES for counted in source(lieferung, month)):
        merkmale = merkmale_of(groesse)
        sums[text, groesse, "INSGESAMT", "INSGESAMT"] += amount
        for merkmal in merkmale:
            sums[text, groesse, merkmal, features[merkmal]] += amount
        for one, two in two_way:
            if one in merkmale and two in merkmale:
                sums[text, groesse, f"{one}/{two}", f"{features[one]}/{features[two]}"] += amount
    cells: dict[Cell, Decimal | None] = {}
    with_value = {groesse for groesse in GROESSEN if has_value(groesse, month, all_months)}
    for groesse in GROESSEN:
        for merkmal, code in closed_cells(groesse):
            cell = (text, groesse, merkmal, code)
            cells[cell] = sums[cell] if groesse in with_value else None
    return cells | {cell: value for cell, value in sums.items() if cell[1] in with_value and value != 0}


def figures(
    tables: Table,
    erstellt_am: dt.datetime,
    two_way: Sequence[tuple[str, str]] = (),
    only: Collection[str] | None = None,
) -> dict[Cell, Decimal | None]:
    """All cells of all months of a delivery, or of some of them (``YYYY-MM``). None means ``fehlt``."""
    lieferung = read(tables, erstellt_am)
    cells: dict[Cell, Decimal | None] = {}
    all_months = months(lieferung)
    for month in all_months:
        if only is not None and month_text(month) not in only:
            continue
        cells |= cells_of_month(lieferung, month, all_months, two_way)
    return cells


def waiting_times(tables: Table, erstellt_am: dt.datetime) -> dict[str, int]:
    """Waiting time of every month, ``YYYY-MM`` to whole months."""
    lieferung = read(tables, erstellt_am)
    return {month_text(month): waiting_time(lieferung, month) for month in months(lieferung)}
