"""Cells against cells: which differ, and how a person reads the two values."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path

import pyarrow as pa

from etl.figures.merkmale import INSGESAMT
from etl.nachweis.urteil import Zelle
from etl.warehouse import CELLS

Key = tuple[str, str, str, str]
Value = Decimal | str
NO_ROW = "keine Zeile"

_KEY = CELLS.names[:4]


def values(cells: pa.Table) -> dict[Key, Value]:
    """Return the value of every cell by month, figure, table and cell; the status where there is no number."""
    columns = [cells.column(name).to_pylist() for name in (*_KEY, "wert", "status")]
    return {
        (month, groesse, merkmal, auspraegung): status if wert is None else wert
        for month, groesse, merkmal, auspraegung, wert, status in zip(*columns, strict=True)
    }


def differing(wo: str, found: Mapping[Key, Value], expected: Mapping[Key, Value]) -> Iterator[Zelle]:
    """Yield every cell whose value is not the expected one, or that only one side has: totals first, then in order."""
    for key in sorted(found.keys() | expected.keys(), key=lambda key: (key[2] != INSGESAMT, key)):
        here, there = found.get(key, NO_ROW), expected.get(key, NO_ROW)
        if here != there:
            month, groesse, merkmal, auspraegung = key
            yield Zelle(month, groesse, here, there, merkmal, auspraegung, wo)


def differing_in_csv(path: Path, loaded: Mapping[Key, Value]) -> list[Zelle]:
    """Return the cells of a released CSV that are not the loaded ones; nothing for a file that holds no cells.

    The file holds every cell of its last month and the totals of the months before.
    """
    with path.open(encoding="utf-8", errors="replace", newline="") as stream:
        reader = csv.DictReader(stream)
        if list(reader.fieldnames or ()) != CELLS.names:
            return []
        found = {
            (row["berichtsmonat"], row["groesse"], row["merkmal"], row["auspraegung"]): _value(row) for row in reader
        }
    last = max((key[0] for key in loaded), default="")
    expected = {key: value for key, value in loaded.items() if key[0] == last or key[2] == INSGESAMT}
    return list(differing(path.name, found, expected))


def _value(row: Mapping[str, str | None]) -> Value:
    try:
        return Decimal(row["wert"] or "")
    except InvalidOperation:
        return row["wert"] or row["status"] or ""
