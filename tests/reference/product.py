"""The product's real path (CSV, extract, SQL), brought into the oracle's form, and the comparison of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from etl.extract import extract
from etl.extract.archive import Archive
from etl.figures import compute_figures, kennzahlen
from etl.monat import Monat
from reference import oracle
from reference.delivery import Fall
from reference.kennzahlen import Eingaenge, Ergebnis, oracle_kennzahlen
from reference.oracle import Cell, Month
from reference.tabellen import TABLES

Product = Mapping[Cell, tuple[Decimal | None, int]]
"""Cell to (wert, wartezeit)."""


def product_cells(delivery: Path, archive_root: Path, key_file: Path, months: Sequence[str]) -> Product:
    """Extract a delivery for real and compute ``months``. Checks what holds for every row of the result."""
    return archive_cells(extract(delivery, archive_root=archive_root, key_file=key_file), months)


def archive_cells(archive: Archive, months: Sequence[str]) -> Product:
    """Compute ``months`` of an archived delivery."""
    table = compute_figures(archive, [Monat.parse(month) for month in months])
    columns = ["berichtsmonat", "groesse", "merkmal", "auspraegung", "wert", "wartezeit", "status"]
    assert table.column_names == columns
    cells: dict[Cell, tuple[Decimal | None, int]] = {}
    for monat, groesse, merkmal, code, wert, wartezeit, status in zip(
        *(table.column(name).to_pylist() for name in columns), strict=True
    ):
        cell = (monat, groesse, merkmal, code)
        assert cell not in cells, f"doppelte Zelle {cell}"
        assert status == ("fehlt" if wert is None else "ok"), f"Status {status} in {cell}"
        cells[cell] = (wert, wartezeit)
    return cells


def _no_empty_ohne(cells: Mapping[Cell, Decimal | None]) -> dict[Cell, Decimal | None]:
    """OHNE says "unknown" and is on no closed list: its empty cell is not compared."""
    return {cell: value for cell, value in cells.items() if cell[3] != "OHNE" or value}


def expected_cells(fall: Fall, months: Sequence[str]) -> dict[Cell, Decimal | None]:
    """What the oracle says of every cell of ``months`` that must be published."""
    two_way = sorted({table for tables in TABLES.values() for table in tables if "/" in table})
    pairs = [(table.partition("/")[0], table.partition("/")[2]) for table in two_way]
    reference = oracle.figures(fall.tables, fall.erstellt_am, pairs, set(months))
    return _no_empty_ohne(
        {cell: value for cell, value in reference.items() if cell[0] in months and cell[2] in TABLES[cell[1]]}
    )


def cell_differences(expected: Mapping[Cell, Decimal | None], product: Product) -> list[str]:
    """One line per cell that differs; a cell that is not there is ``keine Zelle``."""
    got = _no_empty_ohne({cell: value for cell, (value, _) in product.items()})
    return [
        f"{' '.join(cell)}: Produkt {got.get(cell, 'keine Zelle')}, Referenz {expected.get(cell, 'keine Zelle')}"
        for cell in sorted(expected.keys() | got.keys())
        if cell not in got or cell not in expected or got[cell] != expected[cell]
    ]


def differences(fall: Fall, product: Product, months: Sequence[str]) -> list[str]:
    """Every difference of ``months``: cells, and waiting times."""
    waiting = oracle.waiting_times(fall.tables, fall.erstellt_am)
    return [*cell_differences(expected_cells(fall, months), product), *waiting_differences(waiting, product)]


def waiting_differences(waiting: Mapping[str, int], product: Product) -> list[str]:
    """One line per month whose cells have another waiting time than the reference says."""
    found: dict[str, set[int]] = {}
    for cell, (_, wartezeit) in product.items():
        found.setdefault(cell[0], set()).add(wartezeit)
    return [
        f"{monat} wartezeit: Produkt {sorted(found[monat])}, Referenz {waiting.get(monat)}"
        for monat in sorted(found)
        if found[monat] != {waiting.get(monat)}
    ]


def product_kennzahlen(eingaenge: Eingaenge, months: Sequence[Month]) -> dict[tuple[Month, str, str], Ergebnis]:
    """What the product makes of the same inputs, in the reference's form."""
    inputs = {
        (Monat(*month), groesse, geschlecht): kennzahlen.Wert(one.wert, one.wartezeit, one.geschaetzt)
        for (month, groesse, geschlecht), one in eingaenge.items()
    }
    rows = kennzahlen.compute(inputs, [Monat(*month) for month in months], kennzahlen.load().values())
    found = {
        ((row.berichtsmonat.jahr, row.berichtsmonat.monat), row.kennzahl, row.geschlecht): Ergebnis(
            row.zaehler, row.nenner, row.wert, row.status, row.datenstand
        )
        for row in rows
    }
    assert len(found) == len(rows), "eine Kennzahl steht zweimal da"
    return found


def kennzahl_differences(eingaenge: Eingaenge) -> list[str]:
    """One line per indicator or rate, month and sex on which both disagree; of every month with any input."""
    months = sorted({month for month, _, _ in eingaenge})
    expected, got = oracle_kennzahlen(eingaenge, months), product_kennzahlen(eingaenge, months)
    return [
        f"{oracle.month_text(key[0])} {key[1]} {key[2]}: Produkt {got.get(key)}, Referenz {expected.get(key)}"
        for key in sorted(expected.keys() | got.keys())
        if expected.get(key) != got.get(key)
    ]
