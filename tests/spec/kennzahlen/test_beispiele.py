from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from etl.figures import kennzahlen
from etl.figures.kennzahlen import Wert, Zeile
from etl.monat import Monat

title = "Konstruierte Beispiele"
text = (
    "Die Beispiele 9.1 bis 9.3 der Definitionssammlung SGB II: erfundene Eingänge, nachgerechnete Ergebnisse. Anteile "
    "und Raten in Prozent, gerundet wird einmal am Ende."
)

T = Monat(2025, 12)
STOCKS = (1000, 1010, 1030, 1060, 1100, 1150, 1200, 1240, 1260, 1250, 1220, 1180, 1150)
ENTRIES = (60, 70, 80, 95, 105, 110, 100, 80, 60, 50, 45, 50)
EXITS = (50, 50, 50, 55, 55, 60, 60, 60, 70, 80, 85, 80)
INTEGRATIONS = (20, 22, 25, 24, 30, 28, 18, 15, 35, 33, 21, 17)


def series(code: str, values: tuple[int, ...], last: Monat = T) -> dict[tuple[Monat, str, str], Wert]:
    """One value a month, the last one in ``last``."""
    first = last.shift(1 - len(values))
    return {(first.shift(n), code, "INSGESAMT"): Wert(Decimal(value), 3) for n, value in enumerate(values)}


def value(code: str, inputs: dict[tuple[Monat, str, str], Wert]) -> Zeile:
    rows = kennzahlen.compute(inputs, [T], [kennzahlen.load()[code]])
    return next(row for row in rows if row.geschlecht == "INSGESAMT")


def percent(row: Zeile, places: int) -> str:
    assert row.wert is not None
    return f"{kennzahlen.rounded(row.wert, places):f}"


@pytest.mark.parametrize(("code", "figure", "now", "year_before", "expected"), [
    ("K1", "LLU", "5432100.00", "5510000.00", "-1.4138"),
    ("K1E1", "LUH", "5432100.00", "5510000.00", "-1.4138"),
    ("K1E2", "ELB", "742", "748", "-0.8021"),
    ("K3", "LZB", "742", "748", "-0.8021"),
])  # fmt: skip
def test_changes_against_the_year_before(code: str, figure: str, now: str, year_before: str, expected: str) -> None:
    """Beispiel 9.1: Veränderung gegenüber demselben Monat des Vorjahres."""
    inputs = {
        (T, figure, "INSGESAMT"): Wert(Decimal(now), 3),
        (T.shift(-12), figure, "INSGESAMT"): Wert(Decimal(year_before), 3),
    }
    assert percent(value(code, inputs), 4) == expected


@pytest.mark.parametrize(("entry_rate", "exit_rate", "stock", "entries", "exits"), [
    ("K1E3", "K1E4", "ELB", "ELB_ZUGANG", "ELB_ABGANG"),
    ("K3E3", "K3E4", "LZB", "LZB_ZUGANG", "LZB_ABGANG"),
])  # fmt: skip
def test_rates_are_weighted_by_stock(entry_rate: str, exit_rate: str, stock: str, entries: str, exits: str) -> None:
    """Beispiel 9.2: Σ/Σ, nicht das einfache Mittel (6,5576 und 5,4793) und nicht derselbe Monat im Nenner (5,4513)."""
    inputs = series(stock, STOCKS) | series(entries, ENTRIES) | series(exits, EXITS)
    assert percent(value(entry_rate, inputs), 4) == "6.5343"
    assert percent(value(exit_rate, inputs), 4) == "5.5109"
    assert value(entry_rate, inputs)[3:5] == (Fraction(905), Fraction(13850))
    assert value(exit_rate, inputs)[3:5] == (Fraction(755), Fraction(13700))


@pytest.mark.parametrize(
    ("code", "figure", "stock"), [("K2", "INT", "ELB"), ("K2E4", "INT_AE", "AE"), ("K3E1", "INT_LZB", "LZB")]
)
def test_integration_rates(code: str, figure: str, stock: str) -> None:
    """Beispiel 9.3: Summe von zwölf Monaten durch das Mittel derselben Bestände (nicht der verschobenen: 25,2263)."""
    row = value(code, series(stock, STOCKS) | series(figure, INTEGRATIONS))
    assert percent(row, 4) == "24.9531"
    assert (row.zaehler, row.nenner) == (Fraction(288), Fraction(13850, 12))


@pytest.mark.parametrize(
    ("code", "figure", "total", "expected"), [("K2E1", "GERING", 96, "8.3177"), ("K2E2", "OEGB", 41, "3.5523")]
)
def test_entries_into_other_work(code: str, figure: str, total: int, expected: str) -> None:
    """Beispiel 9.3, K2E1 und K2E2."""
    values = (*[0] * 11, total)
    assert percent(value(code, series("ELB", STOCKS) | series(figure, values)), 4) == expected


def test_continuous_employment_looks_six_months_back() -> None:
    """K2E3 aus den Integrationen von t−17 bis t−6: 151 von 240."""
    last = T.shift(-6)
    inputs = series("INT_SVP", (20,) * 12, last) | series("INT_SVP_KONT", (*[12] * 11, 19), last)
    row = value("K2E3", inputs)
    assert (row.zaehler, row.nenner, percent(row, 4)) == (Fraction(151), Fraction(240), "62.9167")


def test_activation_of_one_month() -> None:
    """K3E2 ist ein Anteil am Bestand desselben Monats."""
    assert percent(value("K3E2", series("LZB", (400,)) | series("LZB_AKTIV", (61,))), 2) == "15.25"
