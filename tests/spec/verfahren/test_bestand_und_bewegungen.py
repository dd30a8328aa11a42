from __future__ import annotations

import pytest

from spec.conftest import SpecTest

pytestmark = pytest.mark.slow  # many cases of one kind
title = "Eingang, Erledigung und Bestand"
text = (
    "Gezählt werden Verfahren: Widersprüche (W) und Klagen (K), nur insgesamt. Eingang und Erledigung zählen im "
    "Zeitraum (S(t-1), S(t)]. Bestand sind die bis S(t) eingegangenen, an S(t) noch nicht erledigten. Eine Erledigung "
    "vor dem Eingang gilt am Tag des Eingangs. So ist Bestand = Bestand des Vormonats + Eingang - Erledigung."
)

ONE = """
    kundennummer
    ------------
    P1
"""


def _procedure(spec_test: SpecTest, month: str, row: str, counted: tuple[int, int, int], kind: str = "W") -> None:
    """Count one procedure. ``row``: eingang | erledigung; ``counted``: filed, closed, stock."""
    other = "K" if kind == "W" else "W"
    filed, closed, stock = counted
    spec_test(
        month,
        {
            f"{kind}_EINGANG": filed, f"{kind}_ERLEDIGUNG": closed, f"{kind}_BESTAND": stock,
            f"{other}_EINGANG": 0, f"{other}_ERLEDIGUNG": 0, f"{other}_BESTAND": 0,
        },
        person=ONE,
        verfahren=f"""
            art    | eingang | erledigung
            -------+---------+-----------
            {kind} | {row}
        """,
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["W", "K"])
@pytest.mark.parametrize(("eingang", "counted"), [
    ("2024-02-14", (0, 0, 1)),
    ("2024-02-15", (0, 0, 1)),
    ("2024-02-16", (1, 0, 1)),
    ("2024-03-15", (1, 0, 1)),
    ("2024-03-16", (0, 0, 0)),
])  # fmt: skip
def test_filed(spec_test: SpecTest, kind: str, eingang: str, counted: tuple[int, int, int]) -> None:
    """Eingang um die beiden Zähltage, noch offen."""
    _procedure(spec_test, "2024-03", f"{eingang} |", counted, kind)


@pytest.mark.parametrize("kind", ["W", "K"])
@pytest.mark.parametrize(("erledigung", "counted"), [
    ("2024-02-15", (0, 0, 0)),
    ("2024-02-16", (0, 1, 0)),
    ("2024-03-14", (0, 1, 0)),
    ("2024-03-15", (0, 1, 0)),  # an S(t) erledigt: nicht mehr im Bestand
    ("2024-03-16", (0, 0, 1)),
])  # fmt: skip
def test_closed(spec_test: SpecTest, kind: str, erledigung: str, counted: tuple[int, int, int]) -> None:
    """Erledigung um die beiden Zähltage, eingegangen im Januar."""
    _procedure(spec_test, "2024-03", f"2024-01-02 | {erledigung}", counted, kind)


@pytest.mark.parametrize(("row", "counted"), [
    ("2024-03-01 | 2024-03-01", (1, 1, 0)),  # am selben Tag
    ("2024-02-20 | 2024-03-10", (1, 1, 0)),  # zwischen zwei Zähltagen
    ("2024-03-15 | 2024-03-15", (1, 1, 0)),
    ("2024-03-10 | 2024-03-01", (1, 1, 0)),  # vor dem Eingang erledigt: gilt am 10. März
    ("2024-03-10 | 2024-02-01", (1, 1, 0)),
    ("2024-03-16 | 2024-03-01", (0, 0, 0)),  # erst im April eingegangen
])  # fmt: skip
def test_both_in_one_month(spec_test: SpecTest, row: str, counted: tuple[int, int, int]) -> None:
    """Eingegangen und erledigt, auch in verkehrter Reihenfolge: Der Bestand bleibt nie negativ."""
    _procedure(spec_test, "2024-03", row, counted)


@pytest.mark.parametrize(("month", "counted"), [
    ("2024-01", (2, 0, 2)),
    ("2024-02", (1, 1, 2)),
    ("2024-03", (2, 3, 1)),
    ("2024-04", (0, 1, 0)),
])  # fmt: skip
def test_stock_goes_on_from_month_to_month(spec_test: SpecTest, month: str, counted: tuple[int, int, int]) -> None:
    """Der Bestand schreibt sich fort, auch mit einer Erledigung, die vor ihrem Eingang erfasst ist."""
    filed, closed, stock = counted
    spec_test(
        month,
        {"W_EINGANG": filed, "W_ERLEDIGUNG": closed, "W_BESTAND": stock, "K_BESTAND": 1},
        person=ONE,
        verfahren="""
            art | eingang    | erledigung
            ----+------------+-----------
            W   | 2023-12-20 | 2024-02-15
            W   | 2024-01-15 | 2024-03-15
            W   | 2024-01-16 | 2024-02-16
            W   | 2024-02-20 | 2024-03-16
            W   | 2024-03-10 | 2024-02-10
            K   | 2023-01-10 |
        """,
    )


@pytest.mark.parametrize(("first", "flow"), [("2024-03", None), ("2024-02", 1)])
def test_first_values(spec_test: SpecTest, first: str, flow: int | None) -> None:
    """Der Bestand hat vom ersten Monat mit leistung an einen Wert, die Bewegungen einen Monat später."""
    spec_test(
        "2024-03",
        {
            "W_BESTAND": 1, "W_EINGANG": flow, "W_ERLEDIGUNG": flow,
            "K_BESTAND": 1, "K_EINGANG": flow, "K_ERLEDIGUNG": flow,
        },
        leistung=f"""
            kundennummer | monat
            -------------+-----------------
            P1           | {first}..2024-04
        """,
        verfahren="""
            art | eingang    | erledigung
            ----+------------+-----------
            W   | 2024-03-01 |
            W   | 2023-03-01 | 2024-03-01
            K   | 2024-03-01 |
            K   | 2023-03-01 | 2024-03-01
        """,
    )  # fmt: skip
