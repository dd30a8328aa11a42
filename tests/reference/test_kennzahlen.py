"""The fifteen indicators, twice: the product's catalogue and arithmetic against a second reading of rule 9."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given

from reference import oracle
from reference.conftest import PROFIL
from reference.delivery import Fall
from reference.kennzahlen import Eingaenge, Eingang, oracle_kennzahlen
from reference.product import kennzahl_differences
from reference.strategies import lange_lieferungen
from reference.strategies_reihen import eingaenge


@PROFIL
@given(found=eingaenge())
def test_product_equals_reference_on_any_series(found: Eingaenge) -> None:
    lines = kennzahl_differences(found)
    assert not lines, "\n".join(lines)


def inputs_of(fall: Fall) -> Eingaenge:
    """The oracle's own cells as inputs of the indicators."""
    waiting = oracle.waiting_times(fall.tables, fall.erstellt_am)
    return {
        ((int(monat[:4]), int(monat[5:])), groesse, code): Eingang(value, waiting[monat])
        for (monat, groesse, merkmal, code), value in oracle.figures(fall.tables, fall.erstellt_am).items()
        if merkmal in ("INSGESAMT", "GESCHLECHT")
    }


@pytest.mark.slow
@PROFIL
@given(fall=lange_lieferungen())
def test_product_equals_reference_on_deliveries(fall: Fall) -> None:
    lines = kennzahl_differences(inputs_of(fall))
    assert not lines, "\n".join(lines)


def series(groesse: str, *values: int) -> Eingaenge:
    """Consecutive months that end with 2023-12."""
    return {
        (oracle.shift((2023, 12), n + 1 - len(values)), groesse, "INSGESAMT"): Eingang(Decimal(value), 3)
        for n, value in enumerate(values)
    }


STOCKS = (1000, 1010, 1030, 1060, 1100, 1150, 1200, 1240, 1260, 1250, 1220, 1180, 1150)


def _of_2023_12(found: Eingaenge, code: str) -> Fraction | None:
    return oracle_kennzahlen(found, [(2023, 12)])[(2023, 12), code, "INSGESAMT"].wert


def test_the_reference_reproduces_the_handbooks_examples() -> None:
    """Handbook 9.2 and 9.3, to four decimals: same-month stocks for entries, the month before's for exits."""
    found = {
        **series("ELB", *STOCKS),
        **series("ELB_ZUGANG", 60, 70, 80, 95, 105, 110, 100, 80, 60, 50, 45, 50),
        **series("ELB_ABGANG", 50, 50, 50, 55, 55, 60, 60, 60, 70, 80, 85, 80),
        **series("INT", 20, 22, 25, 24, 30, 28, 18, 15, 35, 33, 21, 17),
    }
    assert [round(float(_of_2023_12(found, code) or 0), 4) for code in ("K1E3", "K1E4", "K2")] == [
        6.5343,
        5.5109,
        24.9531,
    ]


def test_the_window_of_continuous_employment_ends_six_months_earlier() -> None:
    """K2E3(t) = 100·ΣINT_SVP_KONT/ΣINT_SVP over t-17 … t-6: what lies beside the window does not matter."""
    window = (9, *(10,) * 12, *(99,) * 6)
    found = {**series("INT_SVP", *window), **series("INT_SVP_KONT", *(n // 2 if n == 10 else 77 for n in window))}
    assert _of_2023_12(found, "K2E3") == 50


def test_the_handbooks_changes() -> None:
    """Handbook 9.1: LLU 5,432,100.00 against 5,510,000.00."""
    found = series("LLU", 5_510_000, *(1,) * 11, 5_432_100)
    assert round(float(_of_2023_12(found, "K1") or 0), 4) == -1.4138
