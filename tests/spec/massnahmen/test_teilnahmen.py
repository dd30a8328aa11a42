from __future__ import annotations

import pytest

from spec.conftest import SpecTest

pytestmark = pytest.mark.slow  # many cases of one kind
title = "Eintritte, Bestand und Austritte"
text = (
    "Gezählt werden Teilnahmen, nicht Personen. Eintritt: eintritt in (S(t-1), S(t)]. Bestand: eintritt ≤ S(t) ≤ "
    "austritt, ohne Austritt läuft die Teilnahme noch. Austritt: austritt, also der letzte Tag, in [S(t-1), S(t))."
)


@pytest.mark.parametrize(("eintritt", "entered", "stock"), [
    ("2024-02-14", 0, 1),
    ("2024-02-15", 0, 1),
    ("2024-02-16", 1, 1),
    ("2024-03-14", 1, 1),
    ("2024-03-15", 1, 1),
    ("2024-03-16", 0, 0),
])  # fmt: skip
def test_entry(spec_test: SpecTest, eintritt: str, entered: int, stock: int) -> None:
    """Eintritte um die beiden Zähltage."""
    spec_test(
        "2024-03",
        {"TN_EINTRITT": entered, "TN_BESTAND": stock, "TN_AUSTRITT": 0, "TN_EINTRITT GESCHLECHT w": entered},
        massnahme=f"""
            kundennummer | eintritt
            -------------+-----------
            P1           | {eintritt}
        """,
    )


@pytest.mark.parametrize(("austritt", "left", "stock"), [
    ("2024-02-14", 0, 0),
    ("2024-02-15", 1, 0),  # der letzte Tag im Bestand des Vormonats
    ("2024-03-14", 1, 0),
    ("2024-03-15", 0, 1),  # noch im Bestand
    ("2024-03-16", 0, 1),
])  # fmt: skip
def test_exit(spec_test: SpecTest, austritt: str, left: int, stock: int) -> None:
    """Austritte um die beiden Zähltage."""
    spec_test(
        "2024-03",
        {"TN_AUSTRITT": left, "TN_BESTAND": stock, "TN_EINTRITT": 0, "TN_AUSTRITT INSTRUMENT P16_45": left},
        massnahme=f"""
            kundennummer | eintritt   | austritt
            -------------+------------+-----------
            P1           | 2024-01-08 | {austritt}
        """,
    )


def test_between_two_counting_days(spec_test: SpecTest) -> None:
    """Zwischen zwei Zähltagen begonnen und beendet: ein Eintritt, ein Austritt, kein Bestand."""
    spec_test(
        "2024-03",
        {"TN_EINTRITT": 1, "TN_BESTAND": 0, "TN_AUSTRITT": 1},
        massnahme="""
            kundennummer | eintritt   | austritt
            -------------+------------+-----------
            P1           | 2024-02-20 | 2024-03-01
        """,
    )


@pytest.mark.parametrize(("month", "entered", "left", "stock"), [
    ("2024-02", 2, 0, 2),
    ("2024-03", 1, 1, 2),
    ("2024-04", 0, 2, 0),
])  # fmt: skip
def test_stock_goes_on_from_month_to_month(
    spec_test: SpecTest, month: str, entered: int, left: int, stock: int
) -> None:
    """Bestand = Bestand des Vormonats + Eintritte - Austritte."""
    spec_test(
        month,
        {"TN_EINTRITT": entered, "TN_AUSTRITT": left, "TN_BESTAND": stock},
        massnahme="""
            kundennummer | eintritt   | austritt
            -------------+------------+-----------
            P1           | 2024-01-16 | 2024-02-15
            P1           | 2024-02-15 | 2024-04-14
            P2           | 2024-03-15 | 2024-03-15
        """,
    )


def test_participations_not_persons(spec_test: SpecTest) -> None:
    """Eine Person in zwei Maßnahmen sind zwei Teilnahmen; auch dieselbe Maßnahme zweimal."""
    spec_test(
        "2024-03",
        {"TN_EINTRITT": 3, "TN_BESTAND": 3, "TN_BESTAND INSTRUMENT P16_45": 2, "TN_BESTAND INSTRUMENT P16d": 1},
        massnahme="""
            kundennummer | eintritt   | instrument
            -------------+------------+-----------
            P1           | 2024-03-01 | P16_45
            P1           | 2024-03-01 | P16_45
            P1           | 2024-03-04 | P16d
        """,
    )


def test_any_person(spec_test: SpecTest) -> None:
    """Auch Teilnahmen von Personen, die an S(t) NEF sind oder keiner BG angehören."""
    spec_test(
        "2024-03",
        {"TN_EINTRITT": 2, "TN_BESTAND": 2, "ELB": 0, "NEF": 1, "TN_BESTAND GESCHLECHT x": 1},
        person="""
            kundennummer | geschlecht
            -------------+-----------
            P1           | m
            P2           | x
        """,
        bg_mitglied="""
            kundennummer | erwerbsfaehig
            -------------+--------------
            P1           | F
        """,
        massnahme="""
            kundennummer | eintritt
            -------------+-----------
            P1           | 2024-03-01
            P2           | 2024-03-01
        """,
    )


@pytest.mark.parametrize(("recorded", "counted"), [("2024-06-14", 1), ("2024-06-15", 1), ("2024-06-16", 0)])
def test_recorded_in_time(spec_test: SpecTest, recorded: str, counted: int) -> None:
    """Nur, was bis S(t) + 3 Monate erfasst ist: hier der 15. Juni."""
    spec_test(
        "2024-03",
        {"TN_EINTRITT": counted, "TN_BESTAND": counted, "TN_AUSTRITT": counted},
        massnahme=f"""
            kundennummer | eintritt   | austritt   | erfasst_am
            -------------+------------+------------+-----------
            P1           | 2024-03-01 |            | {recorded}
            P2           | 2023-03-01 | 2024-03-01 | {recorded}
        """,
    )


def test_recorded_late_for_one_month_in_time_for_the_next(spec_test: SpecTest) -> None:
    """Was für den März zu spät erfasst ist, steht im April im Bestand; ein Eintritt wird es nicht mehr."""
    spec_test(
        "2024-04",
        {"TN_EINTRITT": 0, "TN_BESTAND": 1},
        massnahme="""
            kundennummer | eintritt   | erfasst_am
            -------------+------------+-----------
            P1           | 2024-03-01 | 2024-06-16
        """,
    )


@pytest.mark.parametrize(("first", "flow"), [("2024-03", None), ("2024-02", 1)])
def test_first_values(spec_test: SpecTest, first: str, flow: int | None) -> None:
    """Der Bestand hat vom ersten Monat mit leistung an einen Wert, Ein- und Austritte einen Monat später."""
    spec_test(
        "2024-03",
        {"TN_BESTAND": 1, "TN_EINTRITT": flow, "TN_AUSTRITT": flow, "TN_EINTRITT INSTRUMENT P16_45": flow},
        leistung=f"""
            kundennummer | monat
            -------------+-----------------
            P1           | {first}..2024-04
        """,
        massnahme="""
            kundennummer | eintritt   | austritt
            -------------+------------+-----------
            P1           | 2024-03-01 |
            P1           | 2023-03-01 | 2024-03-01
        """,
    )
