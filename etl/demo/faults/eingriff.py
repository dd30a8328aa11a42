"""What planting a defect needs: the tables, chance, persons that are still undamaged, and who they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.contract import TABLES
from etl.demo.arrays import OFFEN, Bools, Ints
from etl.demo.codes import Leistungsart, Rolle
from etl.demo.tabellen import Tabelle, Tabellen

ANZAHL = 5
"""Each defect is planted this often: enough to be seen, too few to move a figure by much."""
YEAR = 365
ENDE = "coalesce({}, DATE '2999-12-31')"
"""SQL of an end that may be open."""
DATENSTAND = "(SELECT last_day(max(monat)) FROM leistung)"
"""SQL of the last day of the delivery."""


class Eingriff:
    """The tables being damaged in place, and the persons already damaged: each gets one defect only."""

    def __init__(self, tables: Tabellen, rng: np.random.Generator) -> None:
        """Work on ``tables`` in place."""
        self.tables, self.rng = tables, rng
        self._used: dict[str, NDArray[np.bool_]] = {}

    def __getitem__(self, table: str) -> Tabelle:
        return self.tables[table]

    def pick(self, table: str, mask: Bools, n: int = ANZAHL) -> Ints:
        """Draw up to ``n`` rows from those in ``mask`` whose owner is still undamaged, one row per owner."""
        column = "kundennummer" if "kundennummer" in self[table] else "bg_nummer"
        if column not in self[table]:
            column = TABLES[table].primary_key[0]
        owner = self[table][column].astype(np.int64)
        used = self._used.setdefault(column, np.zeros(0, dtype=bool))
        if len(used) <= owner.max(initial=0):
            used = np.concatenate([used, np.zeros(int(owner.max(initial=0)) + 1 - len(used), dtype=bool)])
            self._used[column] = used
        rows = np.flatnonzero(mask & ~used[owner])
        rows = self.rng.permutation(rows)
        _, first = np.unique(owner[rows], return_index=True)
        chosen = np.sort(rows[np.sort(first)[:n]])
        used[owner[chosen]] = True
        return chosen

    def append(self, table: str, rows: Ints, **changes: Ints) -> Ints:
        """Append copies of rows with changed columns; return the new positions."""
        data = self[table]
        first = len(next(iter(data.values())))
        for name, column in data.items():
            copies = changes.get(name, column[rows])
            data[name] = np.concatenate([column, copies.astype(column.dtype)])
        return np.arange(first, first + len(rows))

    def next_ids(self, table: str, column: str, n: int) -> Ints:
        """Return ``n`` fresh running numbers."""
        result: Ints = self[table][column].max(initial=0) + 1 + np.arange(n)
        return result

    @property
    def first_month(self) -> int:
        """The first month with money."""
        return int(self["leistung"]["monat"].min())

    @property
    def datenstand(self) -> int:
        """The last day of the last month with money: when the delivery is made."""
        last = np.datetime64(int(self["leistung"]["monat"].max()), "D").astype("datetime64[M]") + 1
        return int(last.astype("datetime64[D]").astype(np.int64)) - 1


@dataclass(frozen=True)
class Fehler:
    """One defect of the catalogue. ``plant`` returns the damaged rows of ``table``.

    ``regel``: the rule of ``expectations/`` that names it. ``nachweis``: SQL over the delivery that proves it; the rows
    it finds begin with the primary key of the table.
    """

    id: str
    regel: str
    table: str
    titel: str
    geplant: str
    plant: Callable[[Eingriff], Ints]
    nachweis: str


def day(text: str) -> int:
    """Return an ISO date as days since 1970-01-01."""
    return int(np.datetime64(text, "D").astype(np.int64))


def whole(data: Tabelle) -> Bools:
    """Return a mask of every row."""
    return np.ones(len(next(iter(data.values()))), dtype=bool)


def numbers(data: Tabelle, name: str) -> Ints:
    """Return a column that holds numbers."""
    return data[name].astype(np.int64)


def shift(w: Eingriff, table: str, mask: Bools, column: str, change: Callable[[Ints], Ints]) -> Ints:
    """Overwrite one column of some rows with a function of the rows."""
    rows = w.pick(table, mask)
    w[table][column][rows] = change(rows)
    return rows


def constant(value: int) -> Callable[[Ints], Ints]:
    """Return a function of rows that gives each the same number."""
    return lambda rows: np.full(len(rows), value, dtype=np.int64)


def unchanged_members(w: Eingriff) -> Bools:
    """Memberships that run since long: the only one of the person, open, begun a year before the last begin."""
    m = w["bg_mitglied"]
    once = np.bincount(m["kundennummer"])[m["kundennummer"]] == 1
    mask: Bools = (m["bis"] == OFFEN) & once & (m["von"] < m["von"].max(initial=0) - YEAR)
    return mask


def members(w: Eingriff, *rollen: Rolle) -> Bools:
    """Memberships that run since long, of some roles."""
    return unchanged_members(w) & np.isin(w["bg_mitglied"]["rolle"], rollen)


def births(w: Eingriff) -> Ints:
    """Return the day of birth by the number of the person."""
    p = w["person"]
    born = np.zeros(int(p["kundennummer"].max(initial=0)) + 1, dtype=np.int64)
    born[p["kundennummer"].astype(np.int64)] = p["geburtsdatum"]
    return born


def member_ages(w: Eingriff) -> Ints:
    """Return the age in days of the person of each membership on the last day."""
    ages: Ints = w.datenstand - births(w)[numbers(w["bg_mitglied"], "kundennummer")]
    return ages


def person_rows(w: Eingriff, mask: Bools) -> Ints:
    """Draw persons through their membership row and return their rows in ``person``."""
    chosen = w.pick("bg_mitglied", mask)
    known = numbers(w["person"], "kundennummer")
    return np.searchsorted(known, w["bg_mitglied"]["kundennummer"][chosen])


def plain(w: Eingriff, *arten: Leistungsart) -> Bools:
    """Benefits of some kinds that are more than 50 EUR and not reduced."""
    data = w["leistung"]
    mask: Bools = np.isin(data["leistungsart"], arten) & (data["minderung"] == 0) & (data["anspruch"] > 5000)
    return mask


def steady(w: Eingriff, table: str, mask: Bools) -> Bools:
    """Rows of ``table`` (it has ``monat``) of the last ten months whose owner is in a membership of ``mask``."""
    data = w[table]
    owner = "kundennummer" if "kundennummer" in data else "bg_nummer"
    known = np.isin(data[owner], w["bg_mitglied"][owner][mask])
    rows: Bools = known & (data["monat"] > w.datenstand - 300)
    return rows
