"""A whole small job centre over 40 months: every cell, every indicator and every rate, also those of three years."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow.parquet as pq
import pytest

from etl.demo import DemoRequest, generate
from etl.monat import Monat
from reference import oracle
from reference.delivery import COLUMNS, Fall
from reference.kennzahlen import KENNZAHLEN, Eingaenge, Eingang, Ergebnis, oracle_kennzahlen
from reference.oracle import Cell, Month
from reference.product import (
    Product,
    cell_differences,
    expected_cells,
    product_cells,
    product_kennzahlen,
    waiting_differences,
)

pytestmark = pytest.mark.slow  # sets of days take their time

LAST: Month = (2026, 8)
POPULATION = {"BEV_U_ALTERSGRENZE": 33_000, "BEV_15_ALTERSGRENZE": 27_000, "BEV_U15": 6_001}


@dataclass(frozen=True)
class Beide:
    """One delivery and both answers to it: cells, and indicators and rates of every month made of each one's cells."""

    months: Sequence[str]
    fall: Fall
    expected: Mapping[Cell, Decimal | None]
    product: Product
    expected_kennzahlen: Mapping[tuple[Month, str, str], Ergebnis]
    product_kennzahlen: Mapping[tuple[Month, str, str], Ergebnis]


def _inputs(cells: Mapping[Cell, tuple[Decimal | None, int]]) -> Eingaenge:
    """Totals and sexes of one side's cells, and a population that both know."""
    found = {
        ((int(monat[:4]), int(monat[5:])), groesse, code): Eingang(wert, wartezeit)
        for (monat, groesse, merkmal, code), (wert, wartezeit) in cells.items()
        if merkmal in ("INSGESAMT", "GESCHLECHT")
    }
    months = {month for month, _, _ in found}
    population = {(m, name, "INSGESAMT"): Eingang(Decimal(n), 3) for m in months for name, n in POPULATION.items()}
    return found | population


@pytest.fixture(scope="module")
def beide(tmp_path_factory: pytest.TempPathFactory) -> Beide:
    folder = tmp_path_factory.mktemp("demo")
    delivery = generate(DemoRequest(Monat(*LAST), monate=40, personen=200, seed=3), folder / "lieferung")
    tables = {
        name: pq.read_table(delivery / f"{name}.parquet").to_pylist()
        for name in COLUMNS
        if (delivery / f"{name}.parquet").is_file()
    }
    manifest = json.loads((delivery / "lieferung.json").read_text(encoding="utf-8"))
    fall = Fall(tables, dt.datetime.fromisoformat(manifest["erstellt_am"]))
    waiting = oracle.waiting_times(fall.tables, fall.erstellt_am)
    months = list(waiting)
    expected = expected_cells(fall, months)
    product = product_cells(delivery, folder / "archiv", folder / "key", months)
    numbers = [(int(month[:4]), int(month[5:])) for month in months]
    theirs = _inputs({cell: (wert, waiting[cell[0]]) for cell, wert in expected.items()})
    return Beide(
        months,
        fall,
        expected,
        product,
        oracle_kennzahlen(theirs, numbers),
        product_kennzahlen(_inputs(product), numbers),
    )


def test_every_cell_agrees(beide: Beide) -> None:
    assert len(beide.months) == 40
    waiting = oracle.waiting_times(beide.fall.tables, beide.fall.erstellt_am)
    lines = [*cell_differences(beide.expected, beide.product), *waiting_differences(waiting, beide.product)]
    assert not lines, "\n".join(lines)


def test_every_indicator_and_rate_agrees(beide: Beide) -> None:
    assert beide.product_kennzahlen == beide.expected_kennzahlen


def test_every_indicator_and_rate_says_something(beide: Beide) -> None:
    """Else an agreement would prove nothing: in the last month each has a value, and one that is not zero."""
    last = {code: beide.expected_kennzahlen[LAST, code, "INSGESAMT"] for code in KENNZAHLEN}
    assert {code for code, found in last.items() if found.status != "ok"} == set()
    assert {code for code, found in last.items() if not found.zaehler} == set()


def test_nothing_has_a_value_before_its_window_is_full(beide: Beide) -> None:
    """First months of a delivery of 40 months, from rule 9: with entries and integrations + 2, LZB + 24 or + 25."""
    first = {
        code: min(
            oracle.month_text(month)
            for (month, found, sex), value in beide.expected_kennzahlen.items()
            if (found, sex) == (code, "INSGESAMT") and value.status == "ok"
        )
        for code in ("K1", "K1E3", "K2", "K2E3", "K3", "K3E1", "K3E2", "K3E3", "K3E4")
    }
    assert first == {
        "K1": "2024-05",
        "K1E3": "2024-06",
        "K2": "2024-06",
        "K2E3": "2024-12",
        "K3": "2026-05",
        "K3E1": "2026-05",
        "K3E2": "2025-05",
        "K3E3": "2026-05",
        "K3E4": "2026-05",
    }
