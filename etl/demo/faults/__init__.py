"""Catalogue of defects that the contract lets pass and the validation must find.

One entry = one defect: where, what a reader calls it, how it is planted, the rule that names it, and the SQL that
proves it. Every entry damages its own records, so the defects do not hide each other. Some need the law of a time: the
catalogue is whole for deliveries that reach July 2026.
"""

from __future__ import annotations

from etl.contract import TABLES
from etl.demo.arrays import stream
from etl.demo.faults import arbeit, geld, minderungen, personen
from etl.demo.faults.eingriff import Eingriff, Fehler
from etl.demo.tabellen import Tabellen
from etl.demo.write import encode

KATALOG: tuple[Fehler, ...] = (*personen.FEHLER, *geld.FEHLER, *arbeit.FEHLER, *minderungen.FEHLER)

__all__ = ["KATALOG", "Fehler", "plant"]


def plant(tables: Tabellen, seed: int) -> list[dict[str, object]]:
    """Plant every defect of the catalogue into ``tables`` and return the list for ``fehler.json``."""
    work = Eingriff(tables, stream(seed, 0, "fehler"))
    planted = [(fault, fault.plant(work)) for fault in KATALOG]
    result: list[dict[str, object]] = []
    for fault, rows in planted:
        table = TABLES[fault.table]
        chosen = {name: column[rows] for name, column in tables[fault.table].items()}
        data = encode(table, chosen).select(list(table.primary_key)).to_pylist()
        keys = [{name: str(value) for name, value in row.items()} for row in data]
        result.append(
            {
                "id": fault.id,
                "regel": fault.regel,
                "tabelle": fault.table,
                "titel": fault.titel,
                "geplant": fault.geplant,
                "anzahl": len(keys),
                "schluessel": keys,
            }
        )
    return result
